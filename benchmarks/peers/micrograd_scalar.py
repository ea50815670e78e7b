"""micrograd: 수 하나하나를 Value로 이어요. tanh와 손실은 micrograd의 방법대로 마디를 더했어요."""

import math

import numpy as np
from micrograd.engine import Value

from peers.update import UPDATES
from peers.work import CannotDo, Work

MOST = 1000  # 배우는 수가 이보다 많으면 한 걸음이 몇 초예요


def tanh(z: Value) -> Value:
    a = Value(math.tanh(z.data), (z,), "tanh")

    def backward() -> None:
        z.grad += (1 - a.data**2) * a.grad

    a._backward = backward
    return a


def cross_entropy(z: Value, y: float) -> Value:
    """ln(1 + eᶻ) − y z."""
    loss = Value(max(z.data, 0) + math.log1p(math.exp(-abs(z.data))) - y * z.data, (z,), "bce")

    def backward() -> None:
        z.grad += (1 / (1 + math.exp(-z.data)) - y) * loss.grad

    loss._backward = backward
    return loss


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        if dtype != "float64":
            raise CannotDo("파이썬의 수는 float64뿐이에요")
        self.weights = work.params(dtype)
        if work.n_out != 1 or sum(weight.size for weight in self.weights) > MOST:
            raise CannotDo("작은 신경망만 재요")
        self.ops = work.ops
        x, y = work.data(dtype)
        self.x, self.y = x.tolist(), y.reshape(-1).tolist()
        self.values = [[Value(float(w)) for w in weight.reshape(-1)] for weight in self.weights]
        self.update = UPDATES[optimizer](self.weights)

    def output(self, a: list) -> Value:
        weights = iter(self.values)
        for op in self.ops:
            if op.kind == "tanh":
                a = [tanh(z) for z in a]
                continue
            W, b = next(weights), next(weights)
            rows = [W[i * op.n_in : (i + 1) * op.n_in] for i in range(op.n_out)]
            a = [
                sum((w * v for w, v in zip(row, a, strict=True)), bias)
                for row, bias in zip(rows, b, strict=True)
            ]
        return a[0]

    def step(self) -> float:
        losses = [cross_entropy(self.output(x), y) for x, y in zip(self.x, self.y, strict=True)]
        loss = sum(losses) * (1 / len(losses))
        for value in self._flat():
            value.grad = 0
        loss.backward()
        self.update(
            [
                np.reshape([value.grad for value in mine], weight.shape)
                for mine, weight in zip(self.values, self.weights, strict=True)
            ]
        )
        for value, new in zip(
            self._flat(), np.concatenate([w.reshape(-1) for w in self.weights]), strict=True
        ):
            value.data = float(new)
        return loss.data

    def _flat(self) -> list[Value]:
        return [value for mine in self.values for value in mine]

    def params(self) -> list[np.ndarray]:
        return self.weights


start = Runner
