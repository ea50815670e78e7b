"""모든 시험이 함께 쓰는 설정: Hypothesis는 늘 같은 예를, 시간 제한 없이 만들어요."""

import signal

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("book", deadline=None, derandomize=True, max_examples=100, database=None)
settings.load_profile("book")
# 셸이 뒤에서(&) 띄운 프로세스는 Ctrl-C를 무시해요. 그때도 Ctrl-C 시험이 뜻대로 되게 해요.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def rng() -> np.random.Generator:
    """시험마다 새로 만든, 씨앗이 같은 생성기."""
    return np.random.default_rng(0)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """나란히 시험할 때의 묶음: 같은 장을 쓰는 시험은 한 곳에서 해야 그 장을 한 번만 실행해요."""
    for item in items:
        path = getattr(item, "callspec", None) and item.callspec.params.get("path")
        item.add_marker(pytest.mark.xdist_group(path.stem if path else item.path.stem))
