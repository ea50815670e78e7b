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


@pytest.mark.parametrize(("depth", "method"), [(2, "backprop"), (2, "feedback"), (2, "direct"), (4, "last")])
def test_alignment_can_be_made_again(depth, method):
    """표에는 에폭마다의 평균이 있으니 첫 짝의 길은 대강, 마지막 정확도는 그 짝의 것과 견줘요."""
    module = study("alignment")
    row = find("alignment", activation="tanh", depth=depth, method=method)
    train, _, test = module.split(0)
    runs = [
        module.follow("tanh", depth, method, row["rates"][0], seed, train, test)
        for seed in module.seeds(0)[1]
    ]
    curve = np.median([run[0] for run in runs], axis=0)
    assert curve[-1] == pytest.approx(row["accuracy"][0], abs=0.02)
    assert len(curve) == len(row["curve"]) == len(module.SHOWN)
    assert abs(np.mean(row["accuracy"]) - row["curve"][-1]) < 1e-3
    if method in ("feedback", "direct"):
        angles = np.median([run[1] for run in runs], axis=0)
        assert angles.shape == np.shape(row["angles"]) == (len(module.SHOWN), depth + 1)
        assert np.abs(angles - row["angles"])[:, :-1].mean() < 10
        assert (angles[:, -1] == 0).all()
    else:
        assert "angles" not in row


@pytest.mark.parametrize(("bits", "method"), [(32, "float"), (1, "straight"), (2, "after"), (1, "flat")])
def test_quantize_can_be_made_again(bits, method):
    module = study("quantize")
    row = find("quantize", width=32, bits=bits, method=method)
    train, _, test = module.split(0)
    how = {} if method in ("float", "after") else {"bits": bits, "straight_through": method == "straight"}
    nets = [module.learn(32, row["rates"][0], seed, train, **how) for seed in module.seeds(0)[1]]
    if method == "after":
        nets = [module.rounded_after(net, 32, bits) for net in nets]
    again = np.median([module.score(net, test) for net in nets])
    assert again == pytest.approx(row["accuracy"][0], abs=0.02)


def test_a_writer_is_never_on_both_sides():
    """배우는 묶음 열, 고르는 묶음 둘, 시험하는 묶음 둘이 모든 그림을 한 번씩 나눠 가져요."""
    module = study("left_out_digits")
    x, y = datasets.digits()
    for fold in module.FOLDS:
        parts = module.split(fold)
        rows = [{(picture.tobytes(), label) for picture, label in zip(*part, strict=True)} for part in parts]
        assert len(set.union(*rows)) == sum(map(len, rows))
        assert sum(len(part[1]) for part in parts) == len(y)
        test = datasets.digits_groups() // 2 == fold
        assert (parts[2][0] == x[test]).all()


def test_the_tested_writers_have_no_say_in_the_rate():
    """짝 하나에서만 아주 좋은 학습률은, 그 짝을 시험할 때만 뽑히지 않아요."""
    module = study("left_out_digits")
    for spoiled in module.FOLDS:
        scores = {(rate, fold): 0.5 for rate in (1.0, 2.0) for fold in module.FOLDS}
        seen = [
            fold
            for fold in module.FOLDS
            if (module.split(fold)[1][0] == module.split(spoiled)[2][0][:1]).all(1).any()
        ]
        for fold in seen:
            scores[2.0, fold] = 1.0
        rates = module.best_rates((1.0, 2.0), scores)
        assert len(seen) == 1
        assert rates == [1.0 if fold == spoiled else 2.0 for fold in module.FOLDS]


def test_tables_are_whole_and_compare_fairly():
    """빠진 줄이 없고, 방법마다 학습률을 고를 때 본 씨앗과 시험한 씨앗이 겹치지 않아요."""
    alignment, quantized = study("alignment"), study("quantize")
    chosen, tested = zip(*map(alignment.seeds, alignment.FOLDS), strict=True)
    assert len({*chosen, *(seed for three in tested for seed in three)}) == 4 * len(alignment.FOLDS)
    rows = datasets.table("alignment")["rows"]
    assert len(rows) == len(alignment.ACTIVATIONS) * len(alignment.DEPTHS) * len(alignment.METHODS)
    assert len(datasets.table("quantize")["rows"]) == 1 + 3 * len(quantized.BITS) + 3 * (
        len(quantized.WIDTHS) - 1
    )
    for module, name in ((alignment, "alignment"), (quantized, "quantize")):
        table = datasets.table(name)
        assert table["setup"]["rates"] == list(module.RATES)
        assert {len(row["accuracy"]) for row in table["rows"]} == {len(module.FOLDS)}
        assert {rate for row in table["rows"] for rate in row["rates"]} <= set(module.RATES)
