"""함수로 답하는 7장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def filter_grad(a, delta):
    h, w = np.array(a.shape) - delta.shape + 1
    return np.array(
        [
            [np.sum(delta * a[i : i + delta.shape[0], j : j + delta.shape[1]]) for j in range(w)]
            for i in range(h)
        ]
    )


def overwriting(a, delta):
    h, w = np.array(a.shape) - delta.shape + 1
    for r in range(delta.shape[0]):
        for s in range(delta.shape[1]):
            grad = delta[r, s] * a[r : r + h, s : s + w]
    return grad


def averaged(a, delta):
    return filter_grad(a, delta) / delta.size


def upside_down(a, delta):
    return filter_grad(a, delta)[::-1, ::-1]


def pool_backward(a, delta):
    """칸을 한 줄로 펴고 argmax가 찾은 자리에만 δ를 놓아요. argmax도 먼저 나온 것을 골라요."""
    a, delta = np.asarray(a), np.asarray(delta)
    h, w = delta.shape
    blocks = a.reshape(h, 2, w, 2).transpose(0, 2, 1, 3).reshape(h * w, 4)
    chosen = np.zeros_like(blocks)
    chosen[np.arange(h * w), blocks.argmax(axis=1)] = delta.ravel()
    return chosen.reshape(h, w, 2, 2).transpose(0, 2, 1, 3).reshape(a.shape)


def spread_evenly(a, delta):
    return np.kron(np.asarray(delta), np.ones((2, 2))) / 4


def the_last_one(a, delta):
    """뒤집어서 먼저 나온 것은 본래 차례의 마지막 것이에요."""
    return pool_backward(np.asarray(a)[::-1, ::-1], np.asarray(delta)[::-1, ::-1])[::-1, ::-1]


def times_the_largest(a, delta):
    return pool_backward(a, delta) * np.asarray(a)


RIGHT = {"7.9": filter_grad, "7.10": pool_backward}
WRONG = {
    "7.9": [overwriting, averaged, upside_down],
    "7.10": [spread_evenly, the_last_one, times_the_largest],
}
