"""함수로 답하는 4장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import math


def chain(x, f, df, g, dg, dh):
    rate = df(x)
    x = f(x)
    rate *= dg(x)
    return rate * dh(g(x))


def all_at_x(x, f, df, g, dg, dh):
    return dh(x) * dg(x) * df(x)


def nested(x, f, df, g, dg, dh):
    return dh(dg(df(x)))


def neuron_backward(x, w, b, y, sign=1):
    a = 1 / (1 + math.exp(-(w * x + b)))
    d = sign * (a - y) * a * (1 - a)
    return d * x, d


def flipped(x, w, b, y):
    return neuron_backward(x, w, b, y, sign=-1)


def bias_like_weight(x, w, b, y):
    grad_w, _ = neuron_backward(x, w, b, y)
    return grad_w, grad_w


def sigma_slope(z):
    return math.exp(-z) / (1 + math.exp(-z)) ** 2


def tanh_slope(z):
    return 1 - (1 / (1 + math.exp(-z))) ** 2


def of_z(z):
    return z * (1 - z)


def backward_mul(a, b, grad_out, grad_a, grad_b):
    grad_a += grad_out * b
    grad_b += grad_out * a
    return [grad_a, grad_b]


def overwritten(a, b, grad_out, grad_a, grad_b):
    return backward_mul(a, b, grad_out, 0, 0)


def own_value(a, b, grad_out, grad_a, grad_b):
    return backward_mul(b, a, grad_out, grad_a, grad_b)


def unscaled(a, b, grad_out, grad_a, grad_b):
    return backward_mul(a, b, 1, grad_a, grad_b)


RIGHT = {"4.7": chain, "4.8": neuron_backward, "4.9": sigma_slope, "4.10": backward_mul}
WRONG = {
    "4.7": [all_at_x, nested],
    "4.8": [flipped, bias_like_weight],
    "4.9": [tanh_slope, of_z],
    "4.10": [overwritten, own_value, unscaled],
}
