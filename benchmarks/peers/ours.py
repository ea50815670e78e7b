"""bplib."""

import numpy as np

import bplib
from peers.work import LR, Op, Work


def layers(op: Op, dtype: str) -> list[bplib.Layer]:
    rng = np.random.default_rng(0)
    match op.kind:
        case "linear":
            return [bplib.Linear(op.n_in, op.n_out, rng=rng, dtype=dtype)]
        case "conv":
            return [bplib.Conv2d(op.n_in, op.n_out, 3, padding=1, rng=rng, dtype=dtype)]
        case "gru":
            return [bplib.GRU(op.n_in, op.n_out, rng=rng, dtype=dtype), bplib.LastStep()]
        case "pool":
            return [bplib.MaxPool2d(2)]
    return [{"tanh": bplib.Tanh, "relu": bplib.ReLU, "flatten": bplib.Flatten}[op.kind]()]


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        self.x, self.y = work.data(dtype)
        self.net = bplib.Sequential(*(layer for op in work.ops for layer in layers(op, dtype)))
        for param, value in zip(self.net.params(), work.params(dtype), strict=True):
            param.value = value
        self.loss = bplib.BinaryCrossEntropy() if work.n_out == 1 else bplib.SoftmaxCrossEntropy()
        self.opt = getattr(bplib, optimizer)(self.net.params(), lr=LR[optimizer])

    def step(self) -> float:
        value = self.loss.forward(self.net.forward(self.x), self.y)
        self.net.backward(self.loss.backward())
        self.opt.step()
        return value

    def params(self) -> list[np.ndarray]:
        return [param.value for param in self.net.params()]


start = Runner
