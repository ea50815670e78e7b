"""옮긴 그림도 배우기(7장): 한 칸씩 옮긴 사본으로 배우면 옮긴 그림과 마우스로 그린 숫자를 얼마나 더 읽나.

    python studies/shifts.py     # bplib/data/shifts.json과 net_digits*.npz를 다시 만들어요. 코어 둘에서 1~2분

네 가지를 견줘요: 펴는 신경망(mlp)과 합성곱 신경망(cnn)을 그대로(plain) 또는 아홉 자리로 옮긴 사본까지(copies) 배우게
해요. 고치는 걸음의 수는 모두 같아요(그대로 열여덟 에폭, 사본 아홉 배로 두 에폭). 학습률은 넷이 저마다, 배울 묶음 가운데
8·9번을 떼어 두고 씨앗 셋의 평균으로 골라요. 적는 것은 맞힌 개수예요.
- seeds: 글씨 묶음 0~9로 배우고 10~13으로 시험. 씨앗마다 [그대로, 네 방향으로 한 칸 옮긴 것, 오른쪽으로만].
- groups: 묶음 하나를 남기고 나머지로. 묶음마다 [그대로, 네 방향].
- drawn: 씨앗 열의 [마우스로 그린 듯한 백 개(strokes.py), 손으로 적은 서른 개].
- shipped: 쪽에 싣는 합성곱 신경망 하나의 [seeds의 한 줄, drawn의 한 줄]. 사본으로 여덟 에폭, 씨앗 0. 두 에폭보다
  오래 배우면 8·9번 묶음의 옮긴 그림을 95.0%에서 96.8%로 더 읽어서(씨앗 셋의 평균) 그렇게 정했어요.
"""

from __future__ import annotations

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # 작은 행렬이라 코어마다 신경망 하나씩이 빨라요

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from digits import GROUP, MOMENTUM, ORDER, SEEN, UNSEEN, X, Y, cnn, left_out, mlp
from left_out_digits import in_parallel
from strokes import hand_set, made_set

from bplib import SGD, Sequential, SoftmaxCrossEntropy, fit
from bplib.lab import nets
from bplib.lab.drawing import cells

DATA = Path(__file__).parents[1] / "bplib" / "data"
MODELS = {"mlp": mlp, "cnn": cnn}
RATES = (0.02, 0.05, 0.1, 0.2)
SEEDS, DRAWN_SEEDS = range(20), range(10)
EPOCHS = {"plain": 18, "copies": 2}
SHIPPED_EPOCHS = 8
AROUND = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
FOUR = [(0, 1), (0, -1), (1, 0), (-1, 0)]


def shift(x: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """그림 (n, 64)를 아래로 dy, 오른쪽으로 dx칸 옮겨요. 빈 곳은 0, 밖으로 나간 것은 버려요."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 - dy : 9 - dy, 1 - dx : 9 - dx].reshape(-1, 64)


def shaped(model: str, x: np.ndarray) -> np.ndarray:
    return x if model == "mlp" else x.reshape(-1, 1, 8, 8)


def learn(
    model: str, way: str, seed: int, train: np.ndarray, rate: float, epochs: int | None = None
) -> Sequential:
    """씨앗 하나로 배운 신경망."""
    rng = np.random.default_rng(seed)
    net, _ = MODELS[model](rng)
    steps = [(0, 0)] if way == "plain" else AROUND
    x, y = np.concatenate([shift(X[train], *step) for step in steps]), np.tile(Y[train], len(steps))
    opt = SGD(net.params(), lr=rate, momentum=MOMENTUM)
    options: dict[str, Any] = {
        "epochs": epochs or EPOCHS[way],
        "batch_size": 32,
        "rng": rng,
        "progress": False,
    }
    fit(net, SoftmaxCrossEntropy(), opt, shaped(model, x), y, **options)
    return net


def hits(model: str, net: Sequential, x: np.ndarray, y: np.ndarray) -> int:
    return int(np.sum(net.forward(shaped(model, x)).argmax(axis=1) == y))


def scores(model: str, net: Sequential, test: np.ndarray) -> list[int]:
    """[그대로, 네 방향으로 한 칸씩 옮긴 것의 합, 오른쪽으로만]."""
    moved = [hits(model, net, shift(X[test], *step), Y[test]) for step in FOUR]
    return [hits(model, net, X[test], Y[test]), sum(moved), moved[0]]


def validate(model: str, way: str, rate: float, seed: int) -> int:
    """떼어 둔 8·9번 묶음에서 맞힌 개수. 시험 묶음은 보지 않아요."""
    held, rest = ORDER[(GROUP == 8) | (GROUP == 9)], ORDER[GROUP < 8]
    return hits(model, learn(model, way, seed, rest, rate), X[held], Y[held])


def drawings(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """그린 숫자의 (n, 64)와 정답."""
    drawn = made_set() if kind == "made" else hand_set()
    x = np.array([cells(strokes, pen).ravel() for _, strokes, pen in drawn]) / 16
    return x, np.array([digit for digit, *_ in drawn])


def drawn_hits(model: str, net: Sequential) -> list[int]:
    return [hits(model, net, *drawings(kind)) for kind in ("made", "hand")]


def shipped(rate: float) -> Sequential:
    """쪽에 싣는 신경망."""
    return learn("cnn", "copies", 0, SEEN, rate, SHIPPED_EPOCHS)


def one_seed(model: str, way: str, rate: float, seed: int) -> tuple[list[int], list[int]]:
    """씨앗 하나의 점수와, 그린 숫자 가운데 읽은 것. 곁에서 견줄 신경망은 실어 둬요."""
    net = learn(model, way, seed, SEEN, rate)
    if (model, way, seed) == ("cnn", "plain", 0):
        nets.pack(net, DATA / "net_digits_plain.npz")
    return scores(model, net, UNSEEN), drawn_hits(model, net)


def one_group(model: str, way: str, rate: float, group: int) -> list[int]:
    """묶음 하나를 남기고 배운 것의 점수."""
    train, test = left_out(group)
    return scores(model, learn(model, way, 0, train, rate), test)[:2]


def shared(work: Any, jobs: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
    """일마다의 결과, 코어마다 나눠서."""
    return dict(zip(jobs, in_parallel(work, jobs), strict=True))


def main() -> None:
    kinds = list(product(MODELS, EPOCHS))
    held = shared(validate, [(*kind, rate, seed) for kind in kinds for rate in RATES for seed in range(3)])
    best = {kind: max(RATES, key=lambda rate: sum(held[*kind, rate, s] for s in range(3))) for kind in kinds}
    made = shared(one_seed, [(*kind, best[kind], seed) for kind in kinds for seed in SEEDS])
    groups = shared(one_group, [(*kind, best[kind], g) for kind in kinds for g in range(14)])
    table: dict[str, Any] = {
        "test": len(UNSEEN),
        "drawn": [len(made_set()), len(hand_set())],
        "group_sizes": np.bincount(GROUP).tolist(),
    }
    for kind in kinds:
        table[" ".join(kind)] = {
            "rate": best[kind],
            "seeds": [made[*kind, best[kind], seed][0] for seed in SEEDS],
            "groups": [groups[*kind, best[kind], g] for g in range(14)],
            "drawn": [made[*kind, best[kind], seed][1] for seed in DRAWN_SEEDS],
        }
    net = shipped(best["cnn", "copies"])
    nets.pack(net, DATA / "net_digits.npz")
    table["shipped"] = [scores("cnn", net, UNSEEN), drawn_hits("cnn", net)]
    (DATA / "shifts.json").write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
