"""씨앗 하나로 종류마다 작은 신경망을 배우고, 배운 수와 기록의 sha256을 JSON으로 찍어요. test_properties.py가 불러요."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from bplib import (
    GRU,
    SGD,
    Adam,
    BatchNorm,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    LastStep,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    SoftmaxCrossEntropy,
    fit,
)

Parts = tuple[Sequential, np.ndarray]


def dense(rng: np.random.Generator) -> Parts:
    """드롭아웃과 배치 정규화가 있는 완전연결 신경망."""
    layers = [Linear(4, 8, rng=rng), BatchNorm(8), ReLU(), Dropout(0.3, rng=rng), Linear(8, 3, rng=rng)]
    return Sequential(*layers), rng.standard_normal((20, 4))


def conv(rng: np.random.Generator) -> Parts:
    """합성곱과 풀링, float32."""
    first = Conv2d(1, 3, 3, rng=rng, padding=1, dtype=np.float32)
    layers = [first, ReLU(), MaxPool2d(2), Flatten(), Linear(27, 3, rng=rng, dtype=np.float32)]
    return Sequential(*layers), rng.standard_normal((20, 1, 6, 6)).astype(np.float32)


def gru(rng: np.random.Generator) -> Parts:
    """단어 벡터와 GRU."""
    layers = [Embedding(6, 3, rng=rng, padding=True), GRU(3, 5, rng=rng, padding=True), LastStep()]
    return Sequential(*layers, Linear(5, 3, rng=rng)), rng.integers(0, 6, (20, 4))


NETWORKS: dict[str, tuple[Callable[[np.random.Generator], Parts], Any]] = {
    "dense": (dense, Adam),
    "conv": (conv, lambda params: SGD(params, 0.05, momentum=0.9)),
    "gru": (gru, Adam),
}


def train(name: str) -> dict[str, str]:
    """세 에폭을 배우고, 배운 수의 바이트와 기록의 해시."""
    make, optimizer = NETWORKS[name]
    rng = np.random.default_rng(7)
    net, x = make(rng)
    y = rng.integers(0, 3, len(x))
    more = {"epochs": 3, "batch_size": 6, "rng": rng, "validation": (x[:5], y[:5]), "progress": False}
    history = fit(net, SoftmaxCrossEntropy(), optimizer(net.params()), x, y, **more)
    digest = lambda data: hashlib.sha256(data).hexdigest()  # noqa: E731
    return {"수": digest(net.params().value.tobytes()), "기록": digest(repr(history.records).encode())}


if __name__ == "__main__":
    print(json.dumps({name: train(name) for name in NETWORKS}))
