"""13장의 표: 표를 만든 스크립트로 한 줄을 다시 배워, 표에 적힌 것과 견줘요."""

import numpy as np
import pytest
from scripts import load_script

from bplib import datasets


def study(name):
    return load_script(f"studies/{name}.py")


def find(name, **wanted):
    """표에서 한 줄."""
    rows = datasets.table(name)["rows"]
    (row,) = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return row


@pytest.mark.parametrize(("depth", "method"), [(2, "backprop"), (2, "feedback"), (4, "last")])
def test_alignment_can_be_made_again(depth, method):
    """표에는 에폭마다의 평균이 있으니 씨앗 하나의 길은 대강, 마지막 정확도는 그 씨앗의 것과 견줘요."""
    module = study("alignment")
    row = find("alignment", activation="tanh", depth=depth, method=method)
    train, _, test = module.split()
    curve, angles = module.follow("tanh", depth, method, row["rate"], 0, train, test)
    assert curve[-1] == pytest.approx(row["accuracy"][0], abs=0.01)
    assert np.abs(np.array(curve) - row["curve"])[15:].max() < 0.05
    if method == "feedback":
        assert np.shape(angles) == np.shape(row["angles"]) == (21, depth + 1)
        assert np.abs(np.array(angles) - row["angles"])[:, :-1].max() < 30
    else:
        assert "angles" not in row


@pytest.mark.parametrize(("bits", "method"), [(32, "float"), (1, "straight"), (2, "after"), (1, "flat")])
def test_quantize_can_be_made_again(bits, method):
    module = study("quantize")
    row = find("quantize", width=16, bits=bits, method=method)
    train, _, test = module.split()
    how = {} if method in ("float", "after") else {"bits": bits, "straight_through": method == "straight"}
    net = module.learn(16, row["rate"], 0, train, **how)
    if method == "after":
        net = module.rounded_after(net, 16, bits)
    assert module.score(net, test) == pytest.approx(row["accuracy"][0], abs=0.01)


def test_tables_are_whole_and_compare_fairly():
    """빠진 줄이 없고, 방법마다 학습률을 고를 때 본 씨앗과 시험한 씨앗이 겹치지 않아요."""
    alignment, quantized = study("alignment"), study("quantize")
    rows = datasets.table("alignment")["rows"]
    assert len(rows) == len(alignment.ACTIVATIONS) * len(alignment.DEPTHS) * len(alignment.METHODS)
    assert len(datasets.table("quantize")["rows"]) == len(quantized.WIDTHS) * (1 + 3 * len(quantized.BITS))
    for module, name in ((alignment, "alignment"), (quantized, "quantize")):
        assert not set(module.CHOOSING) & set(module.SEEDS)
        table = datasets.table(name)
        assert table["setup"]["rates"] == list(module.RATES)
        assert {len(row["accuracy"]) for row in table["rows"]} == {len(module.SEEDS)}
