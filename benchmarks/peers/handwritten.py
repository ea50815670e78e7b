"""손으로 쓴 NumPy: 검사도 버퍼도 없이, 층마다 앞으로 가는 함수와 뒤로 가는 함수를 식 그대로 써요."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from peers.update import UPDATES
from peers.work import Work

Arrays = list[np.ndarray]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def linear(a: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Any]:
    return a @ W.T + b, a


def linear_back(delta: np.ndarray, a: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Arrays]:
    return delta @ W, [delta.T @ a, delta.sum(axis=0)]


def tanh(z: np.ndarray) -> tuple[np.ndarray, Any]:
    a = np.tanh(z)
    return a, a


def tanh_back(delta: np.ndarray, a: np.ndarray) -> tuple[np.ndarray, Arrays]:
    return delta * (1 - a**2), []


def relu(z: np.ndarray) -> tuple[np.ndarray, Any]:
    return np.maximum(z, 0), z > 0


def relu_back(delta: np.ndarray, on: np.ndarray) -> tuple[np.ndarray, Arrays]:
    return delta * on, []


def windows(a: np.ndarray) -> np.ndarray:
    """자리마다의 3×3 창을 행으로: (n·h·w, c·9)."""
    padded = np.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)))
    seen = sliding_window_view(padded, (3, 3), axis=(2, 3))  # (n, c, h, w, 3, 3)
    return seen.transpose(0, 2, 3, 1, 4, 5).reshape(-1, a.shape[1] * 9)


def conv(a: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Any]:
    n, _, h, w = a.shape
    rows = windows(a)
    z = rows @ W.reshape(len(W), -1).T + b
    return z.reshape(n, h, w, -1).transpose(0, 3, 1, 2), rows


def conv_back(delta: np.ndarray, rows: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Arrays]:
    """∂E/∂a는 뒤집은 W로 한 번 더 하는 합성곱이에요."""
    flat = delta.transpose(0, 2, 3, 1).reshape(-1, len(W))
    flipped = W[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    grad, _ = conv(delta, flipped, np.zeros(W.shape[1], W.dtype))
    return grad, [(flat.T @ rows).reshape(W.shape), flat.sum(axis=0)]


def pool(a: np.ndarray) -> tuple[np.ndarray, Any]:
    n, c, h, w = a.shape
    cells = a.reshape(n, c, h // 2, 2, w // 2, 2)
    best = cells.max(axis=(3, 5))
    return best, cells == best[:, :, :, None, :, None]


def pool_back(delta: np.ndarray, won: np.ndarray) -> tuple[np.ndarray, Arrays]:
    """가장 큰 값이 둘이면(ReLU 뒤의 0) 나눠 받지만, 0의 기울기는 ReLU가 막으니 배우는 것은 같아요."""
    n, c, h, _, w, _ = won.shape
    return (won * delta[:, :, :, None, :, None]).reshape(n, c, 2 * h, 2 * w), []


def flatten(a: np.ndarray) -> tuple[np.ndarray, Any]:
    return a.reshape(len(a), -1), a.shape


def flatten_back(delta: np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, Arrays]:
    return delta.reshape(shape), []


def gru(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, Any]:
    h = U.shape[1]
    a, memory = np.zeros((len(x), h), x.dtype), []
    for t in range(x.shape[1]):
        drive, recur = x[:, t] @ W.T + b, a @ U.T
        r = sigmoid(drive[:, :h] + recur[:, :h])
        u = sigmoid(drive[:, h : 2 * h] + recur[:, h : 2 * h])
        inner = recur[:, 2 * h :] + c
        new = np.tanh(drive[:, 2 * h :] + r * inner)
        memory.append((x[:, t], a, r, u, inner, new))
        a = u * a + (1 - u) * new
    return a, memory


def gru_back(
    delta: np.ndarray, memory: Any, W: np.ndarray, U: np.ndarray, b: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, Arrays]:
    dW, dU, db, dc = map(np.zeros_like, (W, U, b, c))
    dx = []
    for x, a, r, u, inner, new in reversed(memory):
        d_new = delta * (1 - u) * (1 - new**2)
        d_u = delta * (a - new) * u * (1 - u)
        d_r = d_new * inner * r * (1 - r)
        d_drive, d_recur = np.hstack([d_r, d_u, d_new]), np.hstack([d_r, d_u, d_new * r])
        dW += d_drive.T @ x
        dU += d_recur.T @ a
        db += d_drive.sum(axis=0)
        dc += (d_new * r).sum(axis=0)
        dx.append(d_drive @ W)
        delta = delta * u + d_recur @ U
    return np.stack(dx[::-1], axis=1), [dW, dU, db, dc]


PAIRS = {
    "linear": (linear, linear_back),
    "tanh": (tanh, tanh_back),
    "relu": (relu, relu_back),
    "conv": (conv, conv_back),
    "pool": (pool, pool_back),
    "flatten": (flatten, flatten_back),
    "gru": (gru, gru_back),
}


def loss(z: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """손실과 ∂E/∂z."""
    if z.shape[1] == 1:
        return float(np.mean(np.logaddexp(0, z) - y * z)), (sigmoid(z) - y) / len(z)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(z))
    value = -float(np.mean(np.log(p[rows, y])))
    p[rows, y] -= 1
    return value, p / len(z)


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        self.x, self.y = work.data(dtype)
        self.weights = work.params(dtype)
        self.layers = list(zip((PAIRS[op.kind] for op in work.ops), work.split(self.weights), strict=True))
        self.update = UPDATES[optimizer](self.weights)

    def step(self) -> float:
        a, memory = self.x, []
        for (forward, _), weights in self.layers:
            a, kept = forward(a, *weights)
            memory.append(kept)
        value, delta = loss(a, self.y)
        grads: Arrays = []
        for ((_, backward), weights), kept in zip(self.layers[::-1], memory[::-1], strict=True):
            delta, mine = backward(delta, kept, *weights)
            grads = mine + grads
        self.update(grads)
        return value

    def params(self) -> Arrays:
        return self.weights


start = Runner
