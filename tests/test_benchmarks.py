"""나란히 재기: 모든 도구가 같은 일을 하는지(같은 손실과 값), 다르면 재지 않고 멈추는지, 없는 것은 이름을 알리는지."""

import sys
from types import ModuleType

import numpy as np
import pytest
from scripts import ROOT, load_script

speed = load_script("benchmarks/speed.py")
bench: ModuleType = sys.modules["peers.bench"]
work: ModuleType = sys.modules["peers.work"]
INSTALLED = [
    peer for peer in bench.PEERS if peer.needs not in ("jax", "micrograd")
]  # 둘은 재는 사람만 설치해요


def walked(peer, key, optimizer):
    try:
        return bench.walk(bench.start(peer, key, "float64", optimizer), steps=3)
    except work.CannotDo as reason:
        return str(reason)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("key", work.WORKS)
def test_every_peer_does_the_same_work(key, optimizer):
    ours, *others = [walked(peer, key, optimizer) for peer in INSTALLED]
    assert len(ours[0]) == 3
    start = work.WORKS[key].params("float64")
    assert any(np.abs(a - b).max() > 0 for a, b in zip(start, ours[1], strict=True))  # 정말 배웠나
    compared = 0
    for theirs in others:
        if isinstance(theirs, tuple) and theirs[1] is not None:
            assert bench.difference(ours, theirs) <= bench.ALLOWED["float64"]
            compared += 1
    assert compared >= 5  # 손으로 쓴 NumPy, PyTorch 셋, autograd


def test_a_wrong_peer_is_not_timed():
    ours = walked(INSTALLED[0], "tiny", "SGD")
    moved = ours[0], [param + 1e-6 for param in ours[1]]
    assert bench.difference(ours, moved) > bench.ALLOWED["float64"]
    wrong = dict(zip(INSTALLED, (ours, moved), strict=False))
    with pytest.raises(AssertionError, match="손으로 쓴 NumPy"):
        bench.Bench()._check(wrong, bench.ALLOWED["float64"])


def test_what_a_peer_cannot_do_is_said():
    by_name = {peer.name: peer for peer in INSTALLED}
    assert "완전히 이어진 층" in walked(by_name["scikit-learn"], "cnn", "SGD")


def test_a_missing_package_is_named():
    absent = bench.Peer("없는 도구", "absent", "없는-꾸러미")
    assert "없는-꾸러미" in bench._enter(absent)


def test_the_page_reads_what_was_measured():
    """적힌 표에 모든 일감과 도구가 있고, 재지 못한 것은 까닭이 있어요."""
    from bplib import datasets

    table = datasets.table("benchmarks")
    rows = table["steps"]["rows"]
    keys = {(r["work"], r["dtype"], r["optimizer"]) for r in rows}
    assert len(keys) == len(rows) == len(work.WORKS) * 2 * 2
    assert [row["work"] for row in table["two"]["rows"]] == list(work.WORKS)
    for row in [*rows, *table["two"]["rows"]]:
        said = {*row["times"], *row["cannot"], *table["steps"]["missing"]}
        assert said == {peer.name for peer in bench.PEERS}
        assert row["ratios"][bench.OURS] == 1
        assert all(low <= row["ratios"][name] <= high for name, (low, high) in row["spread"].items())
    assert str(ROOT) not in str(table)
    assert {"cpu", "cores", "python", "versions"} <= set(table["machine"])


def test_a_busy_machine_is_not_measured(monkeypatch, capsys):
    """바쁘면 재지도, 표를 고치지도 않아요."""
    before = speed.TABLE.read_bytes()
    monkeypatch.setattr(sys, "argv", ["speed.py", "startup"])
    monkeypatch.setattr(speed, "neighbours", lambda: 0.7)
    assert speed.main() == 1
    assert "코어 0.70개" in capsys.readouterr().out
    assert speed.TABLE.read_bytes() == before


def test_what_others_use_is_all_but_ours(monkeypatch):
    """2초 동안 컴퓨터가 3초어치 일했고 그 가운데 우리 것이 2.5초면, 남이 코어 0.25개를 쓴 거예요."""
    readings = iter([(10.0, 100.0, 7.0), (12.0, 103.0, 9.5)])
    monkeypatch.setattr(bench.Others, "_read", staticmethod(lambda: next(readings)))
    with bench.Others() as others:
        pass
    assert others.cores == 0.25


@pytest.mark.parametrize(
    ("seen", "kept", "tries"), [([0.0], 0.0, 1), ([0.8, 0.02], 0.02, 2), ([0.8, 0.5, 0.9], 0.5, 3)]
)
def test_a_disturbed_row_is_measured_again(seen, kept, tries):
    left = list(seen)
    assert bench.quietest(lambda: {"others": left.pop(0)}) == {"others": kept}
    assert len(seen) - len(left) == tries


def test_passes_are_joined_by_their_median():
    passes = [
        {"times": {"bplib": t}, "ratios": {"bplib": r}, "others": o, "differences": {}, "cannot": {}}
        for t, r, o in ((3.0, 1.0, 0.0), (1.0, 0.8, 0.3), (2.0, 0.9, 0.1))
    ]
    row = bench.together(passes)
    assert (row["times"]["bplib"], row["ratios"]["bplib"], row["spread"]["bplib"]) == (2.0, 0.9, [0.8, 1.0])
    assert row["others"] == 0.3
