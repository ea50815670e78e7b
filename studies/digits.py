"""손글씨 숫자의 정확도(7장): 씨앗, 나누는 법, 글씨 묶음을 바꾸면 얼마나 달라지나.

    python studies/digits.py     # bplib/data/digits_seeds.json을 다시 만들어요. 코어 둘에서 3분쯤

적는 것은 시험 자료에서 맞힌 개수예요. 7장의 노트북은 씨앗 0을 직접 배우게 하고 이 표의 첫 수와 견줘요.
- unseen: 글씨 묶음 0~9로 배우고 10~13으로 시험해요. 씨앗은 처음 값과 미니배치의 순서를 정해요.
- shuffled: 1,797장을 씨앗마다 새로 섞어, 같은 크기로 나눠요. 같은 사람의 글씨가 양쪽에 들어가요.
- groups: 묶음 하나를 통째로 남기고 나머지 열셋으로 배워요.
- mistakes: 펴는 신경망을 모든 그림에서(all), 틀린 그림에서만(only) 배우게 한 [학습률, 씨앗마다 [맞힌 개수, 시험 오차]].
  학습률은 둘이 저마다, 배울 묶음 가운데 8·9번을 떼어 두고 씨앗 셋으로 골라요.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bplib import (
    SGD,
    Linear,
    ReLU,
    Sequential,
    SoftmaxCrossEntropy,
    datasets,
    fit,
)
from bplib.lab.nets import NETS

TABLE = Path(__file__).parents[1] / "bplib" / "data" / "digits_seeds.json"
SEEDS = range(30)
GROUP_SEEDS = range(3)
RATES = (0.02, 0.05, 0.1, 0.2, 0.4)
TRAIN_GROUPS = 10  # 앞의 열 묶음으로 배워요
EPOCHS, BATCH, RATE, MOMENTUM = 15, 32, 0.05, 0.9

X, Y = datasets.digits()
GROUP = datasets.digits_groups()
ORDER = np.arange(len(Y))
SEEN, UNSEEN = ORDER[GROUP < TRAIN_GROUPS], ORDER[GROUP >= TRAIN_GROUPS]


def mlp(rng: np.random.Generator) -> tuple[Sequential, np.ndarray]:
    """64 → 64 → 10. 그림을 한 줄로 펴서 받아요."""
    return Sequential(Linear(64, 64, rng=rng), ReLU(), Linear(64, 10, rng=rng)), X


def cnn(rng: np.random.Generator) -> tuple[Sequential, np.ndarray]:
    """합성곱 필터 8개, 16개, 풀링, 선형층. 그림을 그대로 받아요."""
    return NETS["digits"](rng), X.reshape(-1, 1, 8, 8)


MODELS = {"mlp": mlp, "cnn": cnn}


class OnlyMistakes(SoftmaxCrossEntropy):
    """맞힌 표본의 δ를 0으로 지우는 손실. 틀린 것에서만 배워요."""

    def forward(self, pred: np.ndarray, y: np.ndarray) -> float:
        self.wrong = pred.argmax(axis=1) != y
        return super().forward(pred, y)

    def backward(self) -> np.ndarray:
        return super().backward() * self.wrong[:, None]


def outputs(
    model: str,
    seed: int,
    train: np.ndarray,
    test: np.ndarray,
    loss: Any = SoftmaxCrossEntropy,
    rate: float = RATE,
) -> np.ndarray:
    """씨앗 하나로 배운 신경망이 시험 자료에 낸 z (n, 10)."""
    rng = np.random.default_rng(seed)
    net, x = MODELS[model](rng)
    opt = SGD(net.params(), lr=rate, momentum=MOMENTUM)
    options: dict[str, Any] = {"epochs": EPOCHS, "batch_size": BATCH, "rng": rng, "progress": False}
    fit(net, loss(), opt, x[train], Y[train], **options)
    return net.forward(x[test])


def right(z: np.ndarray, test: np.ndarray) -> int:
    return int(np.sum(z.argmax(axis=1) == Y[test]))


def hits(model: str, seed: int, train: np.ndarray, test: np.ndarray) -> int:
    """씨앗 하나로 배워서 시험 자료 가운데 맞힌 개수."""
    return right(outputs(model, seed, train, test), test)


def mistakes(loss: Any) -> list[Any]:
    """[배울 묶음 안에서 고른 학습률, 씨앗마다 [맞힌 개수, 시험 오차]]."""
    rest, held = ORDER[GROUP < TRAIN_GROUPS - 2], ORDER[(GROUP >= TRAIN_GROUPS - 2) & (GROUP < TRAIN_GROUPS)]
    tried = [sum(right(outputs("mlp", s, rest, held, loss, rate), held) for s in range(3)) for rate in RATES]
    rate = RATES[int(np.argmax(tried))]
    scores = []
    for seed in range(20):
        z = outputs("mlp", seed, SEEN, UNSEEN, loss, rate)
        scores.append([right(z, UNSEEN), round(SoftmaxCrossEntropy().forward(z, Y[UNSEEN]), 4)])
    return [rate, scores]


def shuffled(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """모두 섞어 unseen과 같은 크기로 나눈 (배울 것, 시험할 것)."""
    order = np.random.default_rng(1000 + seed).permutation(len(Y))
    return order[: len(SEEN)], order[len(SEEN) :]


def left_out(group: int) -> tuple[np.ndarray, np.ndarray]:
    """묶음 하나를 남기고 나눈 (배울 것, 시험할 것)."""
    return ORDER[group != GROUP], ORDER[group == GROUP]


def main() -> None:
    table: dict[str, Any] = {"train": len(SEEN), "test": len(UNSEEN)}
    for model in MODELS:
        table[model] = {
            "unseen": [hits(model, seed, SEEN, UNSEEN) for seed in SEEDS],
            "shuffled": [hits(model, seed, *shuffled(seed)) for seed in SEEDS],
            "groups": [[hits(model, seed, *left_out(g)) for seed in GROUP_SEEDS] for g in range(14)],
        }
    table["group_sizes"] = np.bincount(GROUP).tolist()
    table["mistakes"] = {"all": mistakes(SoftmaxCrossEntropy), "only": mistakes(OnlyMistakes)}
    TABLE.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
