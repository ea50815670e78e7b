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


def output_delta(a, y):
    a, y = np.asarray(a), np.asarray(y)
    return -(y - a) * (a - a**2)


def without_slope(a, y):
    return np.asarray(a) - y


def other_way(a, y):
    return -output_delta(a, y)


def hidden_delta(delta_next, W_next, a):
    a = np.asarray(a)
    return np.transpose(W_next) @ delta_next * (a - a**2)


def untransposed(delta_next, W_next, a):
    return hidden_delta(delta_next, np.transpose(W_next), a)


def only_paths(delta_next, W_next, a):
    return np.transpose(W_next) @ delta_next


def backprop(x, y, weights, biases, into=lambda a, layer: a[layer], slope=lambda a: a - a**2):
    """층의 식을 행렬로, 뒤에서부터 담아 뒤집어요."""
    a = [np.asarray(x)]
    for W, b in zip(weights, biases, strict=True):
        a.append(1 / (1 + np.exp(-(np.asarray(W) @ a[-1] + b))))
    found = []
    delta = (a[-1] - y) * (a[-1] - a[-1] ** 2)
    for layer in reversed(range(len(weights))):
        found.append((np.outer(delta, into(a, layer)), delta))
        delta = np.transpose(weights[layer]) @ delta * slope(a[layer])
    grad_weights, grad_biases = zip(*found[::-1], strict=True)
    return list(grad_weights), list(grad_biases)


def always_the_input(*values):
    return backprop(*values, into=lambda a, layer: a[0])


def receiving(*values):
    return backprop(*values, into=lambda a, layer: a[layer + 1])


def hidden_without_slope(*values):
    return backprop(*values, slope=lambda a: 1)


RIGHT = {"5.9": output_delta, "5.10": hidden_delta, "5.11": backward, "5.12": backprop}
WRONG = {
    "5.9": [without_slope, other_way],
    "5.10": [untransposed, only_paths],
    "5.11": [transposed, averaged_bias, laid_down],
    "5.12": [always_the_input, receiving, hidden_without_slope],
}
