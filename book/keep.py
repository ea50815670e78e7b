"""이 기기에 담는 책: 사이트의 뿌리에 서비스 워커(sw.js)를 쓰고, 쪽마다의 “이 기기에 담기”에 크기를 적어요.

담는 것은 장과 찾기와 그것이 쓰는 파일이에요. 수업 슬라이드와 활동지, 노트북은 담지 않아요. 쪽을 다 고친 뒤에 불러요:
파일 하나라도 달라지면 sw.js도 달라져서, 담아 둔 기기가 새 판을 받아요.
"""

import base64
import hashlib
import json
import zlib
from pathlib import Path

WORKER, CODE = "sw.js", Path(__file__).with_name("sw.js")
SKIP = ("_static/screenshot.png",)
BUTTON = '<li hidden><button type="button" data-keep="{up}sw.js">이 기기에 담기({size:.1f} MB)</button></li>'


def kept(site):
    """담을 파일들. CSS는 한 장에 묶여 있어요(labbundle.py)."""
    files = [*site.glob("chapters/*.html"), *site.glob("*.html"), *site.glob("_static/**/*.*")]
    names = sorted(file.relative_to(site).as_posix() for file in files if file.is_file())
    return [
        name
        for name in names
        if name not in SKIP and (not name.endswith(".css") or name == "_static/lab.css")
    ]


def size(site):
    """담을 때 주고받는 크기(MB). 서버는 줄여서 보내요."""
    return sum(len(zlib.compress((site / name).read_bytes())) for name in kept(site)) / 1e6


def write_worker(site):
    """sw.js에 담을 파일의 목록을 적어요."""
    files = {
        name: f"sha256-{base64.b64encode(hashlib.sha256((site / name).read_bytes()).digest()).decode()}"
        for name in kept(site)
    }
    listed = json.dumps(files, ensure_ascii=False, separators=(",", ":"))
    code = CODE.read_text(encoding="utf-8").replace("FILES = {}", f"FILES = {listed}")
    digest = hashlib.sha256(listed.encode()).hexdigest()[:12]
    (site / WORKER).write_text(code.replace("DIGEST", digest), encoding="utf-8")
