"""얼마나 깊이 배울 수 있나(12장): 처방 × 깊이마다 씨앗 스무 개로 소용돌이를 배우게 해요.

    python studies/depth_grid.py     # bplib/data/depth_grid.json을 다시 만들어요. 코어 둘에서 5분 안

신경망은 2 → 32 → … → 32 → 1이고 깊이는 Linear의 수예요. 모멘텀 0.9인 경사 하강법으로 미니배치 50개씩 300걸음을
걸어요. 에폭이 끝날 때(4걸음마다) 평가 상태의 학습 정확도가 DONE에 닿으면 '배운' 것이고 거기서 멈춰요.
씨앗이 자료, 처음 가중치, 미니배치의 순서를 모두 정해요. 발산하면 null을 적어요.

학습률은 칸마다 씨앗 TUNING으로 셋 가운데 하나를 고르고, 표의 수는 **다른** 씨앗 SEEDS로 세요. 고를 때 쓴 씨앗으로
세면 우연히 잘된 학습률이 뽑혀 수가 부풀어요. FAST는 학습률을 고르지 않고 처방 FAST_KEYS를 한 깊이와 큰 학습률
하나에서 견준 것이에요.
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
    RMSNorm,
    Sequential,
    Tanh,
    accuracy,
    datasets,
    fit,
    he,
    normal,
    xavier,
)

TABLE = Path(__file__).parents[1] / "bplib" / "data" / "depth_grid.json"
WIDTH, POINTS, BATCH, EPOCHS = 32, 200, 50, 75
Cell = list[float | None]
DONE = 0.99
DEPTHS = (5, 10, 20, 30, 50)
RATES = (0.01, 0.03, 0.1)
TUNING, SEEDS = range(3), range(100, 120)
FAST = (20, 0.1)  # 고르지 않은 깊이와 학습률


@dataclass(frozen=True)
class Remedy:
    """처방 하나: 활성화 함수, 초기화, 그리고 보태는 것."""

    label: str
    activation: Any
    init: Any
    norm: bool = False  # 활성화 함수 앞의 배치 정규화
    before: bool = False  # 가지의 맨 앞과 마지막 층 앞의 RMS 정규화
    residual: bool = False  # 잔차 연결
    shrink: bool = False  # 잔차 가지의 처음 가중치를 1/√깊이로
    max_norm: float | None = None  # 기울기 자르기


REMEDIES = {
    "tanh": Remedy("tanh + Xavier", Tanh, xavier),
    "relu_small": Remedy("ReLU + N(0, 0.1²)", ReLU, normal(0.1)),
    "relu_xavier": Remedy("ReLU + Xavier", ReLU, xavier),
    "relu_he": Remedy("ReLU + He", ReLU, he),
    "relu_he_clip": Remedy("ReLU + He + 자르기", ReLU, he, max_norm=1.0),
    "relu_small_norm": Remedy("ReLU + N(0, 0.1²) + 배치 정규화", ReLU, normal(0.1), norm=True),
    "relu_he_norm": Remedy("ReLU + He + 배치 정규화", ReLU, he, norm=True),
    "relu_he_residual": Remedy("ReLU + He + 잔차", ReLU, he, residual=True),
    "relu_shrunk_residual": Remedy("ReLU + He/√깊이 + 잔차", ReLU, he, residual=True, shrink=True),
    "relu_he_norm_residual": Remedy("ReLU + He + 배치 정규화 + 잔차", ReLU, he, norm=True, residual=True),
    "relu_he_rms_residual": Remedy("ReLU + He + 앞 RMS 정규화 + 잔차", ReLU, he, before=True, residual=True),
}


FAST_KEYS = ("relu_he", "relu_he_norm", "relu_he_norm_residual", "relu_he_rms_residual")


def block(remedy: Remedy, n_in: int, rng: np.random.Generator) -> list[Any]:
    """Linear, (배치 정규화,) 활성화 함수."""
    norm = [BatchNorm(WIDTH)] if remedy.norm else []
    return [Linear(n_in, WIDTH, rng=rng, init=remedy.init), *norm, remedy.activation()]


def rms(remedy: Remedy) -> list[Any]:
    """앞에 두는 RMS 정규화. 쓰지 않는 처방이면 빈 목록."""
    return [RMSNorm(WIDTH)] if remedy.before else []


def network(remedy: Remedy, depth: int, rng: np.random.Generator) -> Sequential:
    """Linear가 depth개인 신경망."""
    layers = block(remedy, 2, rng)
    for _ in range(depth - 2):
        inside = block(remedy, WIDTH, rng)
        if remedy.shrink:
            inside[0].W.value /= math.sqrt(depth)
        inside = rms(remedy) + inside
        layers += [Residual(*inside)] if remedy.residual else inside
    return Sequential(*layers, *rms(remedy), Linear(WIDTH, 1, rng=rng, init=xavier))


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


def learned(scores: Cell) -> int:
    """배운 씨앗의 수."""
    return sum((score or 0) >= DONE for score in scores)


def cell(key: str, depth: int, lr: float, seeds: range) -> Cell:
    """한 칸: 씨앗마다의 정확도."""
    return [one_run(key, depth, lr, seed) for seed in seeds]


def best_rate(by_rate: list[Cell]) -> float:
    """배운 씨앗이 가장 많은 학습률. 같으면 DONE까지 더 다가간 것, 그래도 같으면 작은 것(덜 흔들려요)."""

    def merit(place: int) -> tuple[int, float, int]:
        cell = by_rate[place]
        return learned(cell), sum(min(score or 0, DONE) for score in cell), -place

    return RATES[max(range(len(RATES)), key=merit)]


def main() -> None:
    """표를 만들어 적어요."""
    with Pool(2) as pool:

        def run(tasks: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Cell]:
            return dict(zip(tasks, pool.starmap(cell, tasks, chunksize=1), strict=True))

        deep_first = [(key, depth) for depth in reversed(DEPTHS) for key in REMEDIES]
        tuning = run([(*place, lr, TUNING) for place in deep_first for lr in RATES])
        rate = {place: best_rate([tuning[*place, lr, TUNING] for lr in RATES]) for place in deep_first}
        tasks = {(*place, rate[place], SEEDS) for place in deep_first} | {
            (key, *FAST, SEEDS) for key in FAST_KEYS
        }
        tested = run(sorted(tasks, key=lambda task: -task[1]))
    remedies = {
        key: {
            "label": remedy.label,
            "rate": [rate[key, depth] for depth in DEPTHS],
            "tuning": [[tuning[key, depth, lr, TUNING] for lr in RATES] for depth in DEPTHS],
            "accuracy": [tested[key, depth, rate[key, depth], SEEDS] for depth in DEPTHS],
        }
        for key, remedy in REMEDIES.items()
    }
    table = {"depths": DEPTHS, "rates": RATES, "seeds": len(SEEDS), "done": DONE, "remedies": remedies}
    table["fast"] = {key: tested[key, *FAST, SEEDS] for key in FAST_KEYS}
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for row in remedies.values():
        counts = zip(DEPTHS, map(learned, row["accuracy"]), strict=True)
        print(f"{row['label']}: " + ", ".join(f"깊이 {depth} {count}개" for depth, count in counts))


if __name__ == "__main__":
    main()
