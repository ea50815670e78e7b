"""책의 쪽에 씌우는 Content-Security-Policy. 정책은 여기 한 곳에서 정해요. ``python3 book/csp.py``가 한 줄로 적어 줘요.

쪽에는 실행되는 스크립트가 하나도 적혀 있지 않아요. 모두 사이트의 파일이고, 다른 곳에서 부르는 것도, eval도 없어요.
그래서 누가 어떤 길로든 쪽에 스크립트를 끼워 넣어도 실행되지 않아요. 서버가 머리글로 보내는 법은 README에 있고,
``tests/browser/test_csp.py``가 이 정책 아래에서 책을 움직여 봐요.
"""

import base64
import hashlib
from pathlib import Path

WORKSHEET_CSS = Path(__file__).resolve().parent.parent / "bplib" / "lab" / "worksheet.css"


def source(content: bytes) -> str:
    """이 내용 그대로인 것만 허락하는 말."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"


DIRECTIVES = {
    "default-src": "'none'",
    # WebAssembly(쪽의 파이썬)만 더 허락해요. 글을 자바스크립트로 바꾸는 eval은 여전히 막혀요.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    # 독자가 이 기기에 담은 책(sw.js)이 제 사이트의 파일을 받고, 홈 화면에 놓일 이름을 읽는 데만 써요.
    "connect-src": "'self'",
    "manifest-src": "'self'",
    # 활동지는 파일 하나로도 열리게 제 모양(<style>)을 담고 있어요. 그 글 그대로인 것만 허락해요.
    "style-src-elem": f"'self' {source(WORKSHEET_CSS.read_bytes())}",
    # 그림(SVG)과 수식(KaTeX)의 조각마다 style 속성이 있어요. 스크립트는 실행하지 못해요.
    "style-src-attr": "'unsafe-inline'",
    # 위의 둘을 모르는 옛 브라우저(Safari 15.3, Firefox 107까지)만 이것을 봐요.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",  # 수식 글꼴 둘은 CSS에 담겨 있어요(labbundle.py)
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {value}" for name, value in DIRECTIVES.items())

if __name__ == "__main__":
    print(POLICY)
