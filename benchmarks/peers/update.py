"""손으로 쓰는 고치기: 배열마다 교과서의 식 그대로."""

import numpy as np

from peers.work import LR


class Descent:
    def __init__(self, weights: list[np.ndarray]) -> None:
        self.weights = weights

    def __call__(self, grads: list[np.ndarray]) -> None:
        for w, g in zip(self.weights, grads, strict=True):
            w -= LR["SGD"] * g


class Adam:
    def __init__(self, weights: list[np.ndarray]) -> None:
        self.weights, self.t = weights, 0
        self.m = [np.zeros_like(w) for w in weights]
        self.v = [np.zeros_like(w) for w in weights]

    def __call__(self, grads: list[np.ndarray]) -> None:
        self.t += 1
        for w, g, m, v in zip(self.weights, grads, self.m, self.v, strict=True):
            m[...] = 0.9 * m + 0.1 * g
            v[...] = 0.999 * v + 0.001 * g**2
            unbiased_m, unbiased_v = m / (1 - 0.9**self.t), v / (1 - 0.999**self.t)
            w -= LR["Adam"] * unbiased_m / (np.sqrt(unbiased_v) + 1e-8)


UPDATES = {"SGD": Descent, "Adam": Adam}
