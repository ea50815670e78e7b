"""모든 시험이 함께 쓰는 설정: Hypothesis는 늘 같은 예를, 시간 제한 없이 만들어요."""

import re
import signal
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from scripts import ROOT

# 시험의 이름에 적힌 장: test_mouse[01-structure]
STEM = re.compile(
    rf"\[(?:.*[-/])?({'|'.join(path.stem for path in (ROOT / 'chapters').glob('*.ipynb'))})[-.\]]"
)

settings.register_profile("book", deadline=None, derandomize=True, max_examples=100, database=None)
settings.load_profile("book")
# 셸이 뒤에서(&) 띄운 프로세스는 Ctrl-C를 무시해요. 그때도 Ctrl-C 시험이 뜻대로 되게 해요.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """부른 사람의 환경에 기대지 않아요: 책을 짓던 셸에서도, 홈에 적을 수 없어도, 곁에서 다른 시험이 돌아도 같아요."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BPLIB_PAGE", raising=False)
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """시험마다 새로 만든, 씨앗이 같은 생성기."""
    return np.random.default_rng(0)


@pytest.fixture
def on_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """책을 짓는 중. 경고는 시험이 아니라 실험이 스스로 오류로 바꿔야 하니, 시험의 설정은 꺼 둬요."""
    monkeypatch.setenv("BPLIB_PAGE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.hookimpl(optionalhook=True)  # pytest-xdist가 없으면 부르지 않아요
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """나란히 시험할 때의 묶음: 같은 장을 쓰는 시험은 한 곳에서 해야 그 장을 한 번만 실행하고 그려요."""
    from xdist.scheduler import LoadScopeScheduling

    class ByChapter(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            found = STEM.search(nodeid)
            return found[1] if found else nodeid.partition("::")[0]

    return ByChapter(config, log)
