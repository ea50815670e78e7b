"""7장의 표: 몇 칸을 다시 계산해 적힌 수와 견주고, 나눈 것이 약속대로인지 봐요."""

import numpy as np
import pytest
from scripts import load_script

from bplib import datasets


@pytest.fixture(scope="module")
def study():
    return load_script("studies/digits.py")


@pytest.mark.parametrize(("model", "seeds"), [("mlp", (0, 1, 29)), ("cnn", (0,))])
def test_a_part_of_the_table_again(study, model, seeds):
    table = datasets.table("digits_seeds")[model]
    for seed in seeds:
        assert study.hits(model, seed, study.SEEN, study.UNSEEN) == table["unseen"][seed]
        assert study.hits(model, seed, *study.shuffled(seed)) == table["shuffled"][seed]
    if model == "mlp":
        assert study.hits(model, 2, *study.left_out(13)) == table["groups"][13][2]


def test_training_and_test_data_do_not_meet(study):
    splits = [(study.SEEN, study.UNSEEN), study.shuffled(3), *(study.left_out(g) for g in range(14))]
    for train, test in splits:
        assert sorted([*train, *test]) == list(range(1797))
    for train, test in (splits[0], *splits[2:]):
        assert not set(study.GROUP[train]) & set(study.GROUP[test])
    assert [len(part) for part in splits[0]] == [len(part) for part in splits[1]] == [1287, 510]


def test_the_table_is_whole():
    table = datasets.table("digits_seeds")
    assert (table["train"], table["test"]) == (1287, 510)
    for model in ("mlp", "cnn"):
        for split in ("unseen", "shuffled"):
            assert len(table[model][split]) == 30
            assert all(0 <= hits <= 510 for hits in table[model][split])
        groups = np.array(table[model]["groups"])
        assert groups.shape == (14, 3)
        assert (table["group_sizes"] >= groups.T).all()
