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


RIGHT = {"9.7": bptt}
WRONG = {"9.7": [last_step_only]}
