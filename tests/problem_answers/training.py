"""함수로 답하는 6장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import math

import numpy as np


def step(x, y, W1, b1, W2, b2, eta, lost=1, on_the_way=False):
    x, y, W1, W2 = (np.asarray(value, dtype=float) for value in (x, y, W1, W2))
    a1 = 1 / (1 + np.exp(-(W1 @ x + b1)))
    a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
    delta2 = lost * (a2 - y) * a2 * (1 - a2)
    new_W2 = W2 - eta * np.outer(delta2, a1)
    delta1 = delta2 @ (new_W2 if on_the_way else W2) * a1 * (1 - a1)
    return W1 - eta * np.outer(delta1, x), b1 - eta * delta1, new_W2, b2 - eta * delta2


def without_half(*values):
    return step(*values, lost=2)


def updated_on_the_way(*values):
    return step(*values, on_the_way=True)


def uphill(*values):
    return step(*values[:-1], -values[-1])


def train(p, X, Y, eta, epochs, share=None):
    """표본을 행으로, 은닉 뉴런마다 w₁, w₂, b, v인 행으로."""
    X, Y, share = np.asarray(X, dtype=float), np.asarray(Y), share or len(X)
    units, last = np.reshape(p[:-1], (-1, 4)).copy(), p[-1]
    for epoch in range(epochs + 1):
        a = np.tanh(X @ units[:, :2].T + units[:, 2])
        out = 1 / (1 + np.exp(-(a @ units[:, 3] + last)))
        if epoch == epochs:
            return out.tolist()
        delta = (out - Y) / share
        inner = np.outer(delta, units[:, 3]) * (1 - a**2)
        last = last - eta * delta.sum()
        units = units - eta * np.column_stack([inner.T @ X, inner.sum(axis=0), a.T @ delta])


def summed(*values):
    return train(*values, share=1)


def one_less(p, X, Y, eta, epochs):
    return train(p, X, Y, eta, epochs - 1)


def climbing(p, X, Y, eta, epochs):
    return train(p, X, Y, -eta, epochs)


def early_stop(val, patience):
    """가장 작은 값에 처음 닿은 자리에서 patience만큼 지난 첫 에폭."""
    places = [int(np.argmin(val[:epoch])) + 1 for epoch in range(1, len(val) + 1)]
    stops = [epoch for epoch, best in enumerate(places, 1) if epoch - best >= patience]
    end = stops[0] if stops else len(val)
    return end, places[end - 1]


def no_return(val, patience):
    end = early_stop(val, patience)[0]
    return end, end


def impatient(val, patience):
    return early_stop(val, patience - 1)


def last_best(val, patience):
    """멈추지 않고 끝까지 배운 뒤에 고르기."""
    return len(val), int(np.argmin(val)) + 1


def grad_check(E, w, grads, h, both=True):
    w, grads = np.asarray(w, dtype=float), np.asarray(grads)
    slopes = []
    for nudge in h * np.eye(len(w)):
        ends = (w + nudge, w - nudge) if both else (w + nudge, w)
        slopes.append((E(ends[0]) - E(ends[1])) / (2 * h if both else h))
    off = np.abs(slopes - grads) / np.maximum(np.abs(slopes), np.abs(grads))
    return slopes, off.max()


def one_sided(*values):
    return grad_check(*values, both=False)


def never_put_back(E, w, grads, h):
    """움직인 수를 되돌리지 않아요."""
    slopes, worst, right, left = [], 0, list(w), list(w)
    for i, grad in enumerate(grads):
        right[i] += h
        left[i] -= h
        slopes.append((E(right) - E(left)) / (2 * h))
        worst = max(worst, math.fabs(slopes[-1] - grad) / max(abs(slopes[-1]), abs(grad)))
    return slopes, worst


RIGHT = {"6.4": step, "6.5": train, "6.9": early_stop, "6.10": grad_check}
WRONG = {
    "6.4": [without_half, updated_on_the_way, uphill],
    "6.5": [summed, one_less, climbing],
    "6.9": [no_return, impatient, last_best],
    "6.10": [one_sided, never_put_back],
}
