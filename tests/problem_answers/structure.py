"""함수로 답하는 1장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def count_params(sizes):
    """가중치는 이웃한 크기의 곱, 편향은 입력층을 뺀 뉴런의 수."""
    sizes = np.asarray(sizes)
    return int(sizes[:-1] @ sizes[1:] + sizes[1:].sum())


def weights_only(sizes):
    return sum(sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1))


def input_biases_too(sizes):
    """편향을 받는 층이 아니라 보내는 층에서 세요."""
    return weights_only(sizes) + sum(sizes[:-1])


def last_pair(sizes):
    return (sizes[-2] + 1) * sizes[-1]


RIGHT = {"1.5": count_params}
WRONG = {"1.5": [weights_only, input_biases_too, last_pair]}
