"""쪽의 파이썬을 만들어요: MicroPython과 판정(bplib/lab/judge.py)을 담은 일꾼 파일 하나, ``_static/python.js``.

웹에서는 그 파일이 일꾼(worker)이고, USB에서 연 사이트에서는 그 파일의 함수로 일꾼을 만들어요. 그래서
MicroPython의 모듈을 보통의 스크립트로 고치고, WebAssembly도 글로 담아요.
"""

import base64
import re
from pathlib import Path

BOOK = Path(__file__).resolve().parent
VENDOR = BOOK / "vendor" / "micropython"
JUDGE = BOOK.parent / "bplib" / "lab" / "judge.py"
# MicroPython의 모듈에서 바꿀 것: 모듈에만 있는 말을 빼고, 담아 온 WebAssembly를 쓰게 해요.
CHANGES = {
    "export default _createMicroPythonModule;": "",
    "export async function": "async function",
    "import.meta.url": '""',
    ',FS.mkdir("/home/web_user")': "",  # 만든 컴퓨터의 경로처럼 보여요. 쓰는 곳은 없어요
    "let Module={locateFile": "let Module={wasmBinary:options.wasmBinary,locateFile",
}
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})


def python_js() -> str:
    """일꾼 파일의 글.

    Raises:
        ValueError: MicroPython의 판이 바뀌어 고칠 곳을 찾지 못하면.
    """
    module = (VENDOR / "micropython.mjs").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        if old not in module:
            raise ValueError(
                f"micropython.mjs에 {old!r}이 없어요. book/labpython.py의 CHANGES를 고쳐 주세요."
            )
        module = module.replace(old, new)
    text = (BOOK / "python.js").read_text(encoding="utf-8").replace("{{ micropython }}", module)
    text = text.replace("{{ wasm }}", letters((VENDOR / "micropython.wasm").read_bytes()))
    return text.replace("{{ judge }}", base64.b64encode(JUDGE.read_bytes()).decode())


def letters(data: bytes) -> str:
    """바이트마다 한 글자(U+0000–U+00FF)인, JS의 따옴표 속에 적을 글. base64보다 압축이 잘돼요(gzip 208 KB와 243 KB)."""
    text = data.decode("latin-1").translate(ESCAPES)
    return re.sub("\0(?![0-9])", r"\\0", text).replace("\0", r"\x00")  # \0 다음의 숫자는 8진수로 읽혀요


def write_python(site: Path) -> None:
    """사이트에 일꾼 파일을 적어요."""
    (site / "_static" / "python.js").write_text(python_js(), encoding="utf-8")
