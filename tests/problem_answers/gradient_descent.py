"""함수로 답하는 3장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def descent(k, c, w, eta, steps):
    return c + (1 - eta * k) ** steps * (w - c)


def climb(k, c, w, eta, steps):
    for _ in range(steps):
        w = w + eta * k * (w - c)
    return w


def frozen(k, c, w, eta, steps):
    gradient = k * (w - c)
    for _ in range(steps):
        w = w - eta * gradient
    return w


def mean_error(A, Y):
    """제곱 오차의 절반은 차이의 길이의 제곱의 절반이에요."""
    gaps = np.asarray(A, dtype=float) - np.asarray(Y)
    return float(np.mean(np.linalg.norm(gaps, axis=1) ** 2 / 2))


def no_half(A, Y):
    return 2 * mean_error(A, Y)


def summed(A, Y):
    return len(A) * mean_error(A, Y)


def mean_of_all(A, Y):
    return float(np.mean((np.asarray(A) - np.asarray(Y)) ** 2))


def measured(f, w, h):
    """오른쪽과 왼쪽에서 한쪽씩 잰 기울기의 평균."""
    return ((f(w + h) - f(w)) / h + (f(w) - f(w - h)) / h) / 2


def one_sided(f, w, h):
    return (f(w + h) - f(w)) / h


def half_the_way(f, w, h):
    return (f(w + h) - f(w - h)) / h


def unbracketed(f, w, h):
    return (f(w + h) - f(w - h)) / 2 * h


def moved(params, grads, eta):
    return np.asarray(params) - eta * np.asarray(grads)


def moved_up(params, grads, eta):
    return np.asarray(params) + eta * np.asarray(grads)


def moved_too_far(params, grads, eta):
    return [p - g for p, g in zip(params, grads, strict=True)]


def only_the_move(params, grads, eta):
    return [-eta * g for g in grads]


RIGHT = {"3.7": descent, "3.8": measured, "3.9": moved, "3.12": mean_error}
WRONG = {
    "3.7": [climb, frozen],
    "3.8": [one_sided, half_the_way, unbracketed],
    "3.9": [moved_up, moved_too_far, only_the_move],
    "3.12": [no_half, summed, mean_of_all],
}
