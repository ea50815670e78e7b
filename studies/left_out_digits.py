"""13장의 두 표가 함께 쓰는 것: 글씨 묶음 둘씩 남긴 손글씨 숫자와 점수, 그리고 코어마다 나눠 계산하기.

7장에서 본 것처럼 같은 사람의 글씨가 양쪽에 들어가면 점수가 부풀어요. 그래서 묶음 둘로 시험하고, 다음 둘로 학습률을
견주고, 나머지 열로 배워요. 이렇게 일곱 번 하면 묶음 열넷이 한 번씩 시험이 돼요.
"""

from concurrent.futures import ProcessPoolExecutor

import numpy as np

from bplib import accuracy, datasets

FOLDS = range(7)
X, Y = datasets.digits()
PAIR = datasets.digits_groups() // 2


def split(fold):
    """(학습, 검증, 시험). 시험하는 짝의 다음 짝이 검증이에요."""
    place = (PAIR - fold) % len(FOLDS)
    return [(X[rows], Y[rows]) for rows in (place > 1, place == 1, place == 0)]


def seeds(fold):
    """학습률을 고를 때의 씨앗과 시험할 때의 씨앗 셋. 짝마다 달라서 처음 값도 모두 달라요."""
    return 100 + fold, range(3 * fold, 3 * fold + 3)


def score(net, data):
    """정확도. 발산했으면 0."""
    return accuracy(net.forward(data[0]), data[1]) if net else 0.0


def best_rates(rates, scores):
    """짝마다 고른 학습률: 검증 점수의 평균이 가장 높은 것. 그 짝으로 매긴 점수는 빼고 평균해요.

    scores는 {(학습률, 짝): split(짝)의 검증 정확도}예요.
    """
    return [
        max(rates, key=lambda r: np.mean([scores[r, f] for f in FOLDS if (f + 1) % len(FOLDS) != test]))
        for test in FOLDS
    ]


def in_parallel(work, jobs):
    """work(*job)을 코어마다 나눠서, 차례는 그대로."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(work, *zip(*jobs, strict=True))


def rounded(values):
    """소수 넷째 자리까지의 목록."""
    return np.round(values, 4).tolist()
