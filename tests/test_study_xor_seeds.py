"""XOR 씨앗의 표: 몇 개를 다시 돌려 같은지, 표 안의 수들이 서로 맞는지."""

import numpy as np
import pytest
from scripts import load_script

from bplib import datasets

TABLE = datasets.table("xor_seeds")
RUNS = {(run["lr"], run["momentum"]): run for run in TABLE["runs"]}


@pytest.fixture(scope="module")
def study():
    return load_script("studies/xor_seeds.py")


@pytest.mark.parametrize(("lr", "momentum"), [(1.0, 0.9), (10.0, 0.0), (3.0, 0.9)])
def test_first_learned_steps_are_reproduced(study, lr, momentum):
    """씨앗 60개를 2,500걸음. 덜어 내는 일(500걸음마다)이 길을 바꾸면 여기서 어긋나요."""
    done = study.Run(range(60), lr, momentum).walk(2500).done
    for seed, step in done.items():
        expected = RUNS[lr, momentum]["done"][seed]
        if step < 0:
            assert not 0 <= expected < 2450, f"씨앗 {seed}"
        else:
            assert abs(step - expected) <= 20, f"씨앗 {seed}"


def test_dropping_learned_seeds_keeps_the_path(study):
    """모멘텀의 v까지 옮겨야, 남은 씨앗이 따로 배운 것과 같은 길을 가요."""
    together = study.Run(range(40), 1.0, 0.9).walk(1200)
    alone = study.Run(together.seeds, 1.0, 0.9)
    for _ in range(1200):  # 덜어 내지 않고
        alone.losses()
        alone.net.backward(alone.loss.backward())
        alone.opt.step()
    assert 0 < len(together.seeds) < 40
    np.testing.assert_allclose(together.losses(), alone.losses(), rtol=0, atol=1e-12)


def test_widths_are_reproduced(study):
    learned = [step >= 0 for step in study.Run(range(50), 1.0, 0.9, hidden=8).walk(1500).done.values()]
    assert all(learned)
    assert TABLE["widths"]["8"] == 1000
    assert TABLE["widths"]["2"] == sum(step >= 0 for step in RUNS[1.0, 0.9]["done"])


def test_the_table_is_whole(study):
    assert (TABLE["fast"], TABLE["last"], TABLE["long"]) == (study.FAST, study.LAST, study.LONG)
    assert TABLE["marks"] == study.MARKS
    assert set(RUNS) == {(lr, momentum) for lr in study.RATES for momentum in study.MOMENTA}
    for run in RUNS.values():
        done = np.array(run["done"])
        assert len(done) == study.SEEDS
        assert done.max() < study.LAST
        kinds = [study.kind(int(step)) for step in done]
        for wanted, example in enumerate(run["examples"]):
            assert (example is not None) == (wanted in kinds)
            if example is not None:
                assert kinds[example["seed"]] == wanted
                assert len(example["losses"]) == len(study.MARKS)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_stuck_seeds_are_the_ones_that_did_not_learn(momentum):
    run = RUNS[1.0, momentum]
    stuck = run["stuck"]
    assert stuck["seeds"] == np.flatnonzero(np.array(run["done"]) < 0).tolist()
    left = [seed for seed, done in zip(stuck["seeds"], stuck["done"], strict=True) if done < 0]
    assert stuck["after"]["seeds"] == left
    assert all(len(values) == len(stuck["seeds"]) for values in stuck["before"].values())
    assert min(stuck["after"]["loss"]) > TABLE["done_below"]


def test_an_example_is_reproduced(study):
    """보기로 든 씨앗의 손실 곡선을 처음 300걸음까지 다시 그려 봐요."""
    example = RUNS[1.0, 0.9]["examples"][2]
    run = study.Run([example["seed"]], 1.0, 0.9)
    again = {}
    for step in range(300):
        again[step] = run.losses()[0]
        run.net.backward(run.loss.backward())
        run.opt.step()
    for mark, loss in zip(TABLE["marks"], example["losses"], strict=True):
        if mark < 300:
            assert again[mark] == pytest.approx(loss, abs=1e-4)
