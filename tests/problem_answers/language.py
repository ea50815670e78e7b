"""함수로 답하는 8장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def table_gradient(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    np.add.at(grad, ids, delta)
    grad[0] = 0
    return grad


def fancy(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    grad[ids] += delta  # 겹친 번호는 한 번만 더해져요
    grad[0] = 0
    return grad


def with_padding(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    np.add.at(grad, ids, delta)
    return grad


def attend(q, keys, values):
    """행렬의 곱으로 한 번에. 가장 큰 점수를 빼고 exp를 해도 비율은 그대로예요."""
    scores = np.asarray(keys) @ np.asarray(q) / len(q) ** 0.5
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return shares, shares @ np.asarray(values)


def unscaled(q, keys, values):
    return attend(np.asarray(q) * len(q) ** 0.5, keys, values)


def over_scaled(q, keys, values):
    return attend(np.asarray(q) / len(q) ** 0.5, keys, values)


def mixing_keys(q, keys, values):
    return attend(q, keys, np.asarray(keys)[:, : len(values[0])])


def plain_mean(q, keys, values):
    return attend(q, keys, values)[0], np.mean(values, axis=0)


RIGHT = {"8.7": table_gradient, "8.8": attend}
WRONG = {"8.7": [fancy, with_padding], "8.8": [unscaled, over_scaled, mixing_keys, plain_mean]}
