"""함수로 답하는 14장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def gradients(x, y, weights, sign=1, share=True):
    a = [x]
    for W, b in weights:
        a.append(1 / (1 + np.exp(-(a[-1] @ W.T + b))))
    delta = sign * (a[-1] - y) / (len(x) if share else 1) * a[-1] * (1 - a[-1])
    result = []
    for k in reversed(range(len(weights))):
        result.insert(0, (delta.T @ a[k], delta.sum(axis=0)))
        delta = (delta @ weights[k][0]) * a[k] * (1 - a[k])
    return result


def flipped(x, y, weights):
    return gradients(x, y, weights, sign=-1)


def summed(x, y, weights):
    return gradients(x, y, weights, share=False)


def backwards(x, y, weights):
    return gradients(x, y, weights)[::-1]


RIGHT = {"14.14": gradients}
WRONG = {"14.14": [flipped, summed, backwards]}
