"""깊이의 표(12장): 모양이 맞는지, 표를 만든 스크립트로 다시 배우면 같은지."""

import numpy as np
import pytest
from scripts import load_script

from bplib import BatchNorm, Linear, Residual, RMSNorm, datasets
from bplib.layers import every_layer


@pytest.fixture(scope="module")
def study():
    return load_script("studies/depth_grid.py")


def test_the_table_has_every_cell(study):
    table = datasets.table("depth_grid")
    assert table["depths"] == list(study.DEPTHS)
    assert table["rates"] == list(study.RATES)
    assert list(table["remedies"]) == list(study.REMEDIES)
    for key, row in table["remedies"].items():
        assert row["label"] == study.REMEDIES[key].label
        for part, shape in (
            ("accuracy", (len(study.DEPTHS), len(study.SEEDS))),
            ("tuning", (len(study.DEPTHS), len(study.RATES), len(study.TUNING))),
        ):
            cells = np.array(row[part], dtype=float)  # null은 NaN이 돼요
            assert cells.shape == shape
            assert ((cells >= 0) & (cells <= 1) | np.isnan(cells)).all()
        assert row["rate"] == [study.best_rate(by_rate) for by_rate in row["tuning"]]
    assert {key: len(scores) for key, scores in table["fast"].items()} == dict.fromkeys(study.FAST_KEYS, 20)
    assert table["seeds"] == len(study.SEEDS) == 20


def test_the_rate_is_chosen_by_other_seeds_and_ties_go_to_the_smaller(study):
    assert not set(study.TUNING) & set(study.SEEDS)
    assert study.best_rate([[0.99, 0.99, None], [1.0, 1.0, 1.0], [0.5, 1.0, 1.0]]) == study.RATES[1]
    assert study.best_rate([[0.99, 0.99, 0.99], [1.0, 1.0, 1.0], [None] * 3]) == study.RATES[0]
    assert study.best_rate([[0.5, 0.5, 0.5], [None] * 3, [0.6, 0.5, 0.7]]) == study.RATES[2]


@pytest.mark.parametrize(
    "key",
    ["relu_he", "relu_small_norm", "relu_shrunk_residual", "relu_he_norm_residual", "relu_he_rms_residual"],
)
def test_the_networks_are_what_their_labels_say(study, key):
    remedy, depth = study.REMEDIES[key], 6
    layers = list(every_layer(study.network(remedy, depth, np.random.default_rng(0))))
    linears = [layer for layer in layers if isinstance(layer, Linear)]
    assert len(linears) == depth
    assert sum(isinstance(layer, BatchNorm) for layer in layers) == (depth - 1 if remedy.norm else 0)
    assert sum(isinstance(layer, RMSNorm) for layer in layers) == (depth - 1 if remedy.before else 0)
    assert sum(isinstance(layer, Residual) for layer in layers) == (depth - 2 if remedy.residual else 0)
    inside = np.concatenate([layer.W.value.ravel() for layer in linears[1:-1]])
    expected = {"relu_small_norm": 0.1, "relu_shrunk_residual": np.sqrt(2 / 32 / depth)}
    assert inside.std() == pytest.approx(expected.get(key, np.sqrt(2 / 32)), rel=0.05)


@pytest.mark.parametrize(
    ("key", "depth"),
    [
        ("relu_he_norm_residual", 10),  # 배워요
        ("relu_he_rms_residual", 10),
        ("relu_small", 10),  # 반반 찍기에 머물러요
        ("relu_he_residual", 30),  # 발산해요
    ],
)
def test_the_table_can_be_made_again(study, key, depth):
    """씨앗 둘을 다시. 커널이 다르면 마지막 자리가 달라 배운 걸음이 조금 달라질 수 있어요."""
    row, place = datasets.table("depth_grid")["remedies"][key], study.DEPTHS.index(depth)
    for seed, expected in list(zip(study.SEEDS, row["accuracy"][place], strict=True))[:2]:
        got = study.one_run(key, depth, row["rate"][place], seed)
        assert (got is None) == (expected is None)
        if expected is not None:
            assert got == pytest.approx(expected, abs=0.02)
