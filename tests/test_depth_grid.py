"""깊이의 표(12장): 모양이 맞는지, 표를 만든 스크립트로 다시 배우면 같은지."""

import numpy as np
import pytest
from scripts import load_script

from bplib import BatchNorm, Linear, Residual, datasets
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
        cells = np.array(row["accuracy"], dtype=float)  # null은 NaN이 돼요
        assert cells.shape == (len(study.DEPTHS), len(study.RATES), study.SEEDS)
        assert ((cells >= 0) & (cells <= 1) | np.isnan(cells)).all()


@pytest.mark.parametrize(
    "key", ["relu_he", "relu_small_norm", "relu_shrunk_residual", "relu_he_norm_residual"]
)
def test_the_networks_are_what_their_labels_say(study, key):
    remedy, depth = study.REMEDIES[key], 6
    layers = list(every_layer(study.network(remedy, depth, np.random.default_rng(0))))
    linears = [layer for layer in layers if isinstance(layer, Linear)]
    assert len(linears) == depth
    assert sum(isinstance(layer, BatchNorm) for layer in layers) == (depth - 1 if remedy.norm else 0)
    assert sum(isinstance(layer, Residual) for layer in layers) == (depth - 2 if remedy.residual else 0)
    inside = np.concatenate([layer.W.value.ravel() for layer in linears[1:-1]])
    expected = {"relu_small_norm": 0.1, "relu_shrunk_residual": np.sqrt(2 / 32 / depth)}
    assert inside.std() == pytest.approx(expected.get(key, np.sqrt(2 / 32)), rel=0.05)


@pytest.mark.parametrize(
    ("key", "depth", "lr", "seed"),
    [
        ("relu_he_norm_residual", 5, 0.03, 0),  # 배워요
        ("relu_he_clip", 5, 0.1, 2),
        ("relu_small", 10, 0.03, 1),  # 반반 찍기에 머물러요
        ("sigmoid", 5, 0.1, 3),
        ("relu_he_residual", 20, 0.1, 0),  # 발산해요
    ],
)
def test_the_table_can_be_made_again(study, key, depth, lr, seed):
    row = datasets.table("depth_grid")["remedies"][key]["accuracy"]
    expected = row[study.DEPTHS.index(depth)][study.RATES.index(lr)][seed]
    got = study.one_run(key, depth, lr, seed)
    assert (got is None) == (expected is None)
    if expected is not None:
        assert got == pytest.approx(expected, abs=0.02)
