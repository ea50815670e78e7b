"""함수로 답하는 6장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def step(x, y, W1, b1, W2, b2, eta, share=True, on_the_way=False):
    a1 = 1 / (1 + np.exp(-(x @ W1.T + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ W2.T + b2)))
    delta2 = (a2 - y) * a2 * (1 - a2) / (len(x) if share else 1)
    new_W2 = W2 - eta * delta2.T @ a1
    delta1 = (delta2 @ (new_W2 if on_the_way else W2)) * a1 * (1 - a1)
    return W1 - eta * delta1.T @ x, b1 - eta * delta1.sum(axis=0), new_W2, b2 - eta * delta2.sum(axis=0)


def summed(*values):
    return step(*values, share=False)


def updated_on_the_way(*values):
    return step(*values, on_the_way=True)


def uphill(*values):
    return step(*values[:-1], -values[-1])


RIGHT = {"6.7": step}
WRONG = {"6.7": [summed, updated_on_the_way, uphill]}
