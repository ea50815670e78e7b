"""함수로 답하는 2장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import math

import numpy as np


def squash(z):
    """σ(z) = (1 + tanh(z/2)) / 2."""
    return (1 + np.tanh(np.asarray(z) / 2)) / 2


def one(z):
    return float(squash(z))


def flipped(z):
    return 1 / (1 + math.exp(z))


def unbracketed(z):
    return 1 / 1 + math.exp(-z)


def neuron(x, w, b):
    return float(squash(np.dot(w, x) + b))


def no_bias(x, w, b):
    return float(squash(np.dot(w, x)))


def no_squash(x, w, b):
    return np.dot(w, x) + b


def bias_each_time(x, w, b):
    return float(squash(sum(p * q + b for p, q in zip(x, w, strict=True))))


def layer(W, b, a):
    return squash(np.asarray(W) @ np.asarray(a) + np.asarray(b))


def layer_without_bias(W, b, a):
    return squash(np.asarray(W) @ np.asarray(a))


def layer_of_sums(W, b, a):
    return np.asarray(W) @ np.asarray(a) + np.asarray(b)


def piling(W, b, a):
    """z를 뉴런마다 새로 시작하지 않아요."""
    return squash(np.cumsum(layer_of_sums(W, b, a)))


def forward(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = layer(W, b, x)
    return x


def straight(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = layer_of_sums(W, b, x)
    return x


def one_layer(x, weights, biases):
    return layer(weights[0], biases[0], x)


def unbiased(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = layer_without_bias(W, b, x)
    return x


RIGHT = {"2.6": one, "2.7": neuron, "2.8": layer, "2.9": forward}
WRONG = {
    "2.6": [flipped, unbracketed],
    "2.7": [no_bias, no_squash, bias_each_time],
    "2.8": [layer_without_bias, layer_of_sums, piling],
    "2.9": [straight, one_layer, unbiased],
}
