"""얼마나 깊이 배울 수 있나(12장): 처방 × 깊이 × 학습률 × 씨앗마다 소용돌이를 배우게 해요.

    python studies/depth_grid.py     # bplib/data/depth_grid.json을 다시 만들어요. 코어 둘에서 5분 안

신경망은 2 → 32 → … → 32 → 1이고 깊이는 Linear의 수예요. 모멘텀 0.9인 경사 하강법으로 미니배치 50개씩 300걸음을
걸어요. 에폭이 끝날 때(4걸음마다) 평가 상태의 학습 정확도가 DONE에 닿으면 '배운' 것이고 거기서 멈춰요.
씨앗이 자료, 처음 가중치, 미니배치의 순서를 모두 정해요. 발산하면 null을 적어요.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # 작은 행렬이라 여러 일꾼이 한 가닥씩 쓰는 쪽이 빨라요

import numpy as np

from bplib import (
    SGD,
    BatchNorm,
    BinaryCrossEntropy,
    DivergenceError,
    Linear,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
    accuracy,
    datasets,
    fit,
    he,
    normal,
    orthogonal,
    xavier,
)

TABLE = Path(__file__).parents[1] / "bplib" / "data" / "depth_grid.json"
WIDTH, POINTS, BATCH, EPOCHS = 32, 200, 50, 75
DONE = 0.99
DEPTHS = (3, 5, 10, 20, 30, 40, 50)
RATES = (0.01, 0.03, 0.1)
SEEDS = 5


@dataclass(frozen=True)
class Remedy:
    """처방 하나: 활성화 함수, 초기화, 그리고 보태는 것."""

    label: str
    activation: Any
    init: Any
    norm: bool = False  # 활성화 함수 앞의 배치 정규화
    residual: bool = False  # 잔차 연결
    shrink: bool = False  # 잔차 가지의 처음 가중치를 1/√깊이로
    max_norm: float | None = None  # 기울기 자르기


REMEDIES = {
    "sigmoid": Remedy("시그모이드 + Xavier", Sigmoid, xavier),
    "tanh": Remedy("tanh + Xavier", Tanh, xavier),
    "tanh_orthogonal": Remedy("tanh + 직교", Tanh, orthogonal()),
    "relu_small": Remedy("ReLU + N(0, 0.1²)", ReLU, normal(0.1)),
    "relu_small_clip": Remedy("ReLU + N(0, 0.1²) + 자르기", ReLU, normal(0.1), max_norm=1.0),
    "relu_xavier": Remedy("ReLU + Xavier", ReLU, xavier),
    "relu_he": Remedy("ReLU + He", ReLU, he),
    "relu_he_clip": Remedy("ReLU + He + 자르기", ReLU, he, max_norm=1.0),
    "relu_small_norm": Remedy("ReLU + N(0, 0.1²) + 배치 정규화", ReLU, normal(0.1), norm=True),
    "relu_he_norm": Remedy("ReLU + He + 배치 정규화", ReLU, he, norm=True),
    "relu_he_residual": Remedy("ReLU + He + 잔차", ReLU, he, residual=True),
    "relu_shrunk_residual": Remedy("ReLU + He/√깊이 + 잔차", ReLU, he, residual=True, shrink=True),
    "relu_he_norm_residual": Remedy("ReLU + He + 배치 정규화 + 잔차", ReLU, he, norm=True, residual=True),
}


def block(remedy: Remedy, n_in: int, rng: np.random.Generator) -> list[Any]:
    """Linear, (배치 정규화,) 활성화 함수."""
    norm = [BatchNorm(WIDTH)] if remedy.norm else []
    return [Linear(n_in, WIDTH, rng=rng, init=remedy.init), *norm, remedy.activation()]


def network(remedy: Remedy, depth: int, rng: np.random.Generator) -> Sequential:
    """Linear가 depth개인 신경망."""
    layers = block(remedy, 2, rng)
    for _ in range(depth - 2):
        inside = block(remedy, WIDTH, rng)
        if remedy.shrink:
            inside[0].W.value /= math.sqrt(depth)
        layers += [Residual(*inside)] if remedy.residual else inside
    return Sequential(*layers, Linear(WIDTH, 1, rng=rng, init=xavier))


def one_run(key: str, depth: int, lr: float, seed: int) -> float | None:
    """마지막(배웠으면 배운 때의) 학습 정확도. 발산하면 None."""
    remedy, rng = REMEDIES[key], np.random.default_rng([seed, depth])
    x, y = datasets.spirals(POINTS, rng=rng, turns=0.75)
    y = y[:, None].astype(float)
    net = network(remedy, depth, rng)
    try:
        history = fit(
            net,
            BinaryCrossEntropy(),
            SGD(net.params(), lr, momentum=0.9),
            x,
            y,
            epochs=EPOCHS,
            batch_size=BATCH,
            rng=rng,
            metric=lambda pred, target: accuracy(pred, target, 0),
            callback=lambda epoch, history: history.train_metric[-1] >= DONE,
            max_norm=remedy.max_norm,
            progress=False,
        )
    except DivergenceError:
        return None
    return round(history.train_metric[-1], 3)


def row(task: tuple[str, int, float]) -> list[float | None]:
    """한 칸: 씨앗마다의 정확도."""
    return [one_run(*task, seed) for seed in range(SEEDS)]


def main() -> None:
    """표를 만들어 적어요."""
    tasks = [(key, depth, lr) for depth in reversed(DEPTHS) for key in REMEDIES for lr in RATES]
    with Pool(2) as pool:
        rows = dict(zip(tasks, pool.map(row, tasks, chunksize=1), strict=True))
    remedies = {
        key: {
            "label": remedy.label,
            "accuracy": [[rows[key, depth, lr] for lr in RATES] for depth in DEPTHS],
        }
        for key, remedy in REMEDIES.items()
    }
    table = {"depths": DEPTHS, "rates": RATES, "seeds": SEEDS, "done": DONE, "remedies": remedies}
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for remedy in remedies.values():
        solved = [
            max(sum((a or 0) >= DONE for a in cell) for cell in by_rate) for by_rate in remedy["accuracy"]
        ]
        print(
            f"{remedy['label']}: " + ", ".join(f"깊이 {d} {s}개" for d, s in zip(DEPTHS, solved, strict=True))
        )


if __name__ == "__main__":
    main()
