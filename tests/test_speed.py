"""10장: 노트북의 한 걸음이 다른 배열 라이브러리에서도 같은지, 시간과 걸음의 표가 studies/speed.py에서 온 것인지."""

import ast
import importlib
import importlib.util
import statistics
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
import pytest
from array_api_compat import array_namespace
from scripts import ROOT, load_script
from strategies import assert_close

from bplib import BinaryCrossEntropy, Linear, Sequential, Tanh, datasets
from bplib.lab.handouts import Ring, beats

TABLE = datasets.table("speed")


def library(name: str) -> ModuleType:
    """배열 라이브러리. 없으면 무엇을 설치할지 한 문장으로 알려요."""
    if importlib.util.find_spec(name) is None:
        pytest.fail(
            f"{name}이(가) 없어요. pip install -r requirements/dev.txt로 설치해 주세요.", pytrace=False
        )
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def portable_step() -> Any:
    """노트북에 적힌 바로 그 함수."""
    notebook = nbformat.read(ROOT / "chapters" / "10-speed.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if "def portable_step" in cell.source]
    (function,) = [
        node
        for node in ast.parse(sources[0]).body
        if isinstance(node, ast.FunctionDef) and node.name == "portable_step"
    ]
    names: dict[str, Any] = {"array_namespace": array_namespace}
    exec(compile(ast.Module([function], []), "10-speed.ipynb", "exec"), names)
    return names["portable_step"]


@pytest.fixture(scope="module")
def speed() -> ModuleType:
    return load_script("studies/speed.py")


def bplib_step(x: Any, y: Any, eta: float) -> tuple[list[Any], list[Any], list[Any]]:
    """(출발점, 새 값, 기울기): bplib으로 한 걸음."""
    rng = np.random.default_rng(4)
    net = Sequential(Linear(2, 9, rng=rng, dtype=x.dtype), Tanh(), Linear(9, 1, rng=rng, dtype=x.dtype))
    for param in net.params():  # 편향도 0이 아니게
        param.value = rng.normal(size=param.shape).astype(x.dtype)
    start = [param.value.copy() for param in net.params()]
    loss = BinaryCrossEntropy()
    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    grads = [param.grad.copy() for param in net.params()]
    return start, [w - eta * g for w, g in zip(start, grads, strict=True)], grads


@pytest.mark.parametrize("name", ["numpy", "array_api_strict", "torch"])
def test_the_same_step_on_another_library(name, portable_step):
    xp = library(name)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(37, 2)), rng.integers(0, 2, (37, 1)).astype(float)
    start, new, grads = bplib_step(x, y, 0.3)
    moved = [xp.asarray(a) for a in (*start, x, y)]
    got_new, got_grads = portable_step(moved[:4], *moved[4:], eta=0.3)
    for ours, theirs in zip(new + grads, got_new + got_grads, strict=True):
        assert theirs.dtype == xp.float64
        assert type(theirs) is type(moved[0])
        assert_close(np.asarray(theirs), ours, 1e-12)
    for kept, was in zip(moved, (*start, x, y), strict=True):  # 받은 배열은 그대로예요
        assert (np.asarray(kept) == was).all()


@pytest.mark.parametrize("name", ["numpy", "array_api_strict", "torch"])
def test_the_step_keeps_float32(name, portable_step):
    xp = library(name)
    x, y = np.ones((3, 2), np.float32), np.ones((3, 1), np.float32)
    moved = [xp.asarray(a) for a in (*bplib_step(x, y, 0.3)[0], x, y)]
    for results in portable_step(moved[:4], *moved[4:], eta=0.3):
        assert all(array.dtype == xp.float32 for array in results)


def test_finite_differences_of_the_study_are_the_gradient(speed):
    net, loss = speed.network((3, 5, 4))
    x, y = speed.data(6, (3, 5, 4))
    before = net.params().value.copy()
    slopes = speed.finite_differences(net, loss, x, y)
    assert (net.params().value == before).all()
    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    assert_close(slopes, net.params().grad, 1e-8)


@pytest.mark.parametrize(("batch", "rate"), [(4, 0.4), (64, 0.8), (1024, 0.8)])
def test_steps_in_the_table_can_be_counted_again(speed, batch, rate):
    """다른 CPU에서는 반올림이 달라 조금 어긋날 수 있어요."""
    (row,) = [row for row in TABLE["batches"]["rows"] if row["batch"] == batch]
    assert statistics.median(speed.counts(batch, rate)) == pytest.approx(row["all"][str(rate)], rel=0.1)


def test_best_rate_is_the_one_with_fewest_steps():
    for row in TABLE["batches"]["rows"]:
        assert row["steps"] == min(row["all"].values()) == row["all"][str(row["rate"])]


def test_half_of_the_seeds_lie_between_the_ends():
    for row in TABLE["batches"]["rows"]:
        assert row["low"] <= row["steps"] <= row["high"]


def test_time_of_the_passes_is_shared(speed):
    """곱셈과 손실의 몫은 1을 넘지 않고, 하나씩 재기는 작은 신경망에서만 재요."""
    rows = [*TABLE["passes"], *speed.passes([(8, 16, 8)])]
    for row in rows:
        assert 0 < row["products"] + row["activations"] + row["loss"] < 1.1
        assert (row["differences_over_forward"] is None) == (row["weights"] > 20_000)
    assert TABLE["passes"][-1]["weights"] > 1e6


def test_the_ring_of_the_chapter_moves_like_the_paper_one():
    """10장의 고리와 교실의 종이 고리는 박자마다 같은 조각을 보내요."""
    notebook = nbformat.read(ROOT / "chapters" / "10-speed.ipynb", as_version=4)
    (source,) = [cell.source for cell in notebook.cells if "def ring(" in cell.source]
    (function,) = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    names: dict[str, Any] = {}
    exec(compile(ast.Module([function], []), "10-speed.ipynb", "exec"), names)
    cards = Ring(5).cards.tolist()
    moves = list(names["ring"](cards))
    assert [sent for _, sent in moves[1:]] == beats()
    assert moves[-1][0] == [Ring(5).cards.sum(axis=0).tolist()] * 4


def test_shares_of_a_step_add_up_to_one(speed):
    rows = [*TABLE["parts"], *speed.parts([8])]
    assert [row["width"] for row in rows] == [*speed.WIDTHS, 8]
    for row in rows:
        shares = [value for key, value in row.items() if key != "width"]
        assert min(shares) >= 0
        assert sum(shares) == pytest.approx(1, abs=5e-3)


def test_table_has_every_study(speed):
    assert set(TABLE) == {"machine", *speed.STUDIES}
    assert TABLE["batches"]["rates"] == speed.RATES
    assert [row["batch"] for row in TABLE["batches"]["rows"]] == TABLE["vectorised"]["batch"] == speed.SIZES
    for faster in TABLE["vectorised"]["faster"].values():
        assert faster[0] == 1
        assert len(faster) == len(speed.SIZES)
