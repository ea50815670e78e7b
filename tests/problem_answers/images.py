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


RIGHT = {"7.9": filter_grad}
WRONG = {"7.9": [overwriting, averaged]}
