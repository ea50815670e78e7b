"""함수로 답하는 9장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def bptt(w, u, x, y):
    a = [0.0]
    for value in x:
        a.append(np.tanh(w * value + u * a[-1]))
    delta, grad_w, grad_u = a[-1] - y, 0.0, 0.0
    for t in range(len(x), 0, -1):
        delta = delta * (1 - a[t] ** 2)
        grad_w += delta * x[t - 1]
        grad_u += delta * a[t - 1]
        delta = delta * u
    return grad_w, grad_u


def last_step_only(w, u, x, y):
    a = [0.0]
    for value in x:
        a.append(np.tanh(w * value + u * a[-1]))
    delta = (a[-1] - y) * (1 - a[-1] ** 2)
    return delta * x[-1], delta * a[-2]


def keep_gate(x, a, W, U, b, new):
    u = 1 / (1 + np.exp(-(np.asarray(W) @ x + np.asarray(U) @ a + b)))
    return u, np.asarray(new) + u * (np.asarray(a) - new)


def swapped(x, a, W, U, b, new):
    u, _ = keep_gate(x, a, W, U, b, new)
    return u, (1 - u) * a + u * new


def lying_down(x, a, W, U, b, new):
    return keep_gate(x, a, W, np.transpose(U), b, new)


def without_bias(x, a, W, U, b, new):
    return keep_gate(x, a, W, U, np.zeros(len(b)), new)


def forgetting(x, a, W, U, b, new):
    u, _ = keep_gate(x, np.zeros(len(a)), W, U, b, new)
    return u, u * a + (1 - u) * new


RIGHT = {"9.7": bptt, "9.8": keep_gate}
WRONG = {"9.7": [last_step_only], "9.8": [swapped, lying_down, without_bias, forgetting]}
