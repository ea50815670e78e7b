"""쪽의 파이썬을 만들어요: MicroPython과 판정(bplib/lab/judge.py)을 담은 일꾼 파일 하나, ``_static/python.js``.

웹에서는 그 파일이 일꾼(worker)이고, USB에서 연 사이트에서는 그 파일의 함수로 일꾼을 만들어요. 그래서
MicroPython의 모듈을 보통의 스크립트로 고치고, WebAssembly를 글(base64)로 담아요.
"""

import base64
import json
from pathlib import Path

BOOK = Path(__file__).resolve().parent
VENDOR = BOOK / "vendor" / "micropython"
JUDGE = BOOK.parent / "bplib" / "lab" / "judge.py"
# MicroPython의 모듈에서 바꿀 것: 모듈에만 있는 말을 빼고, 담아 온 WebAssembly를 쓰게 해요.
CHANGES = {
    "export default _createMicroPythonModule;": "",
    "export async function": "async function",
    "import.meta.url": '""',
    "let Module={locateFile": "let Module={wasmBinary:options.wasmBinary,locateFile",
}


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
    wasm = base64.b64encode((VENDOR / "micropython.wasm").read_bytes()).decode()
    judge = json.dumps(JUDGE.read_text(encoding="utf-8"), ensure_ascii=False)
    text = (BOOK / "python.js").read_text(encoding="utf-8")
    for place, value in (("{{ micropython }}", module), ("{{ wasm }}", wasm), ('"{{ judge }}"', judge)):
        text = text.replace(place, value)
    return text


def write_python(site: Path) -> None:
    """사이트에 일꾼 파일을 적어요."""
    (site / "_static" / "python.js").write_text(python_js(), encoding="utf-8")
