"""만들어진 사이트를 읽어요."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book"))

import check


@pytest.fixture(scope="session")
def site():
    html = check.ROOT / "_build" / "html"
    if not (html / "index.html").exists():
        pytest.fail(
            "사이트가 아직 없어요. `python3 run.py book --no-serve`를 먼저 실행하세요.", pytrace=False
        )
    return check.Site(html)
