"""XOR과 실수의 표: 몇 개를 다시 배워 같은지, 실수가 빠짐없는지, 실수 없는 코드가 함께 있는지."""

import pytest
from scripts import load_script

from bplib import datasets
from bplib.lab.mistakes import SLIPS

TABLE = datasets.table("xor_slips")


@pytest.mark.parametrize(
    ("name", "seed"),
    [("실수 없음", 8), ("실수 없음", 3), ("last_path_only", 3), ("mean_twice", 0), ("missing_slope", 1)],
)
def test_runs_are_reproduced(name: str, seed: int) -> None:
    assert load_script("studies/xor_slips.py").learns(name, seed) == (seed in TABLE["learned"][name])


def test_the_table_is_whole() -> None:
    study = load_script("studies/xor_slips.py")
    assert (TABLE["seeds"], TABLE["steps"]) == (study.SEEDS, study.STEPS)
    assert list(TABLE["learned"]) == ["실수 없음", *SLIPS]
    for seeds in TABLE["learned"].values():
        assert seeds == sorted(set(seeds) & set(range(study.SEEDS)))
