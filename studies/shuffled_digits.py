"""13장의 두 표가 함께 쓰는 것: 섞어서 나눈 손글씨 숫자와 점수."""

import numpy as np

from bplib import accuracy, datasets


def split():
    """섞어서 학습 1,000장, 검증 400장, 시험 397장으로 나눠요."""
    x, y = datasets.digits()
    order = np.random.default_rng(0).permutation(len(x))
    return [(x[rows], y[rows]) for rows in (order[:1000], order[1000:1400], order[1400:])]


def score(net, data):
    """정확도. 발산했으면 0."""
    return accuracy(net.forward(data[0]), data[1]) if net else 0.0
