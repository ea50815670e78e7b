"""꾸러미가 아닌 파일(run.py, studies/의 스크립트)을 모듈로 읽어요. 시험과 속도 재기가 함께 써요."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def load_script(name: str) -> ModuleType:
    """저장소의 뿌리에서 본 자리로 파일을 새로 읽어요. 같은 폴더의 파일은 직접 실행할 때처럼 불러올 수 있어요."""
    path = ROOT / name
    spec = importlib.util.spec_from_file_location(f"script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclass가 자기 모듈을 찾아요
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module
