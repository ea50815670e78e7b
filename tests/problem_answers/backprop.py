"""함수로 답하는 5장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def backward(delta, a, W):
    grad_W, grad_b, grad_a = np.zeros(W.shape), np.zeros(len(W)), np.zeros(a.shape)
    for s, row in enumerate(delta):
        for k, d in enumerate(row):
            grad_W[k] += d * a[s]
            grad_b[k] += d
            grad_a[s] += d * W[k]
    return grad_W, grad_b, grad_a


def transposed(delta, a, W):
    grad_W, grad_b, grad_a = backward(delta, a, W)
    return grad_W.T, grad_b, grad_a


def averaged_bias(delta, a, W):
    grad_W, grad_b, grad_a = backward(delta, a, W)
    return grad_W, grad_b / len(a), grad_a


def laid_down(delta, a, W):
    return *backward(delta, a, W)[:2], delta @ W.T


RIGHT = {"5.9": backward}
WRONG = {"5.9": [transposed, averaged_bias, laid_down]}
