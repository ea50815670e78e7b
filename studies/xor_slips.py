"""사람의 실수 스물일곱 가지로 XOR 배우기(14장): 실수마다 씨앗 서른 개에서 몇 번 배우는지, 실수 없는 코드와 나란히 세요.

    python studies/xor_slips.py     # bplib/data/xor_slips.json을 다시 만들어요. 코어 하나로 5분 안

14장의 train_with와 같은 학습이에요. 은닉 뉴런이 둘뿐이라 실수 없는 코드도 씨앗에 따라 못 배워요.
그래서 견줄 바탕으로 함께 세요.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bplib import datasets
from bplib.lab.mistakes import SLIPS, Slip, one_step

TABLE = Path(__file__).parents[1] / "bplib" / "data" / "xor_slips.json"
CHOICES: dict[str, Slip | None] = {"실수 없음": None, **SLIPS}
SEEDS, STEPS, ETA = 30, 1500, 2.0
X, DIFFERENT = datasets.xor()
Y = np.hstack([DIFFERENT, 1 - DIFFERENT])  # 1번 출력은 “다르다”, 2번은 “같다”


def learns(name: str, seed: int) -> bool:
    """그 실수를 저지르며 STEPS걸음을 배운 뒤, 네 문제의 맞는 출력이 모두 0.5 넘게 앞서는가."""
    rng = np.random.default_rng(seed)
    v = {
        "W1": 1.5 * rng.normal(size=(2, 2)),
        "b1": 0.5 * rng.normal(size=2),
        "W2": 1.5 * rng.normal(size=(2, 2)),
        "b2": np.zeros(2),
    }
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(STEPS):
            done = one_step(X, Y, v, ETA, CHOICES[name])
            v = {key: done[f"new_{key}"] for key in v}
        a = one_step(X, Y, v, ETA)["a2"]
    lead = (a[:, 0] - a[:, 1]) * np.sign(DIFFERENT[:, 0] - 0.5)
    return bool((lead > 0.5).all())


def main() -> None:
    """표를 만들어 적어요."""
    learned = {name: [seed for seed in range(SEEDS) if learns(name, seed)] for name in CHOICES}
    table = {"seeds": SEEDS, "steps": STEPS, "learned": learned}
    TABLE.write_text(json.dumps(table, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
