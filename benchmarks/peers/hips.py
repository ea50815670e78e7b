"""HIPS autograd: NumPy 코드를 따라가며 자동으로 미분해요. 고치기는 NumPy로 손수 해요."""

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

from peers.update import UPDATES
from peers.work import Op, Work


def apply(op: Op, a, weights):
    match op.kind:
        case "linear":
            return anp.dot(a, weights[0].T) + weights[1]
        case "tanh":
            return anp.tanh(a)
        case "relu":
            return anp.maximum(a, 0)
        case "conv":
            return conv(a, *weights)
        case "pool":
            n, c, h, w = a.shape
            return anp.max(anp.reshape(a, (n, c, h // 2, 2, w // 2, 2)), axis=(3, 5))
        case "flatten":
            return anp.reshape(a, (len(a), -1))
    return gru(a, *weights)


def conv(a, W, b):
    """창의 칸마다 그림을 옮겨 가며 곱해 더해요."""
    n, _, h, w = a.shape
    padded = anp.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)), "constant")
    shifted = [padded[:, :, i : i + h, j : j + w] for i in range(3) for j in range(3)]
    columns = anp.reshape(anp.stack(shifted, axis=2), (n, -1, h * w))  # (n, c_in·9, h·w)
    z = anp.matmul(anp.reshape(W, (len(W), -1)), columns) + b[:, None]
    return anp.reshape(z, (n, len(W), h, w))


def sigmoid(z):
    return 1 / (1 + anp.exp(-z))


def gru(x, W, U, b, c):
    h = U.shape[1]
    drive = anp.dot(x, W.T) + b
    a = np.zeros((len(x), h), x.dtype)
    for t in range(x.shape[1]):
        recur = anp.dot(a, U.T)
        gates = sigmoid(drive[:, t, : 2 * h] + recur[:, : 2 * h])
        r, u = gates[:, :h], gates[:, h:]
        new = anp.tanh(drive[:, t, 2 * h :] + r * (recur[:, 2 * h :] + c))
        a = new + u * (a - new)
    return a


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        x, y = work.data(dtype)
        self.weights = work.params(dtype)
        self.update = UPDATES[optimizer](self.weights)

        def loss(weights):
            a = x
            for op, mine in zip(work.ops, work.split(weights), strict=True):
                a = apply(op, a, mine)
            if work.n_out == 1:
                return anp.mean(anp.logaddexp(0, a) - y * a)
            a = a - anp.max(a, axis=1, keepdims=True)
            log_p = a - anp.log(anp.sum(anp.exp(a), axis=1, keepdims=True))
            return -anp.mean(log_p[np.arange(len(y)), y])

        self.value_and_grad = value_and_grad(loss)

    def step(self) -> float:
        value, grads = self.value_and_grad(self.weights)
        self.update(grads)
        return float(value)

    def params(self) -> list[np.ndarray]:
        return self.weights


start = Runner
