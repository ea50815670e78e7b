"""학습률 스케줄: 손으로 적은 값, 주기, 끝에서의 값, 오류."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplib import cosine, step_decay, warm_restarts, warmup


def test_step_decay_drops_at_every_multiple():
    schedule = step_decay(0.8, 0.5, 3)
    assert [schedule(t) for t in range(8)] == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2]


def test_cosine_by_hand():
    schedule = cosine(1.0, 4, lr_min=0.2)
    expected = [1.0, 0.6 + 0.4 * math.sqrt(0.5), 0.6, 0.6 - 0.4 * math.sqrt(0.5), 0.2, 0.2, 0.2]
    assert [schedule(t) for t in range(7)] == pytest.approx(expected, rel=1e-12)


@given(lr=st.floats(1e-4, 10), total=st.integers(1, 50), share=st.floats(0, 1))
def test_cosine_only_falls_and_stays_positive_until_the_end(lr, total, share):
    values = [cosine(lr, total, share * lr)(t) for t in range(total)]
    assert values[0] == pytest.approx(lr)
    assert all(a >= b > 0 for a, b in pairwise(values))
    assert values[-1] > 0


def test_warm_restarts_by_hand():
    """2걸음, 4걸음, 8걸음의 코사인이 이어져요."""
    schedule = warm_restarts(1.0, 2, mult=2)
    values = [schedule(t) for t in range(14)]
    for start, length in ((0, 2), (2, 4), (6, 8)):
        wave = cosine(1.0, length)
        assert values[start : start + length] == pytest.approx([wave(t) for t in range(length)], rel=1e-12)


@given(period=st.integers(1, 9), t=st.integers(0, 200))
def test_warm_restarts_repeat_when_mult_is_one(period, t):
    schedule = warm_restarts(0.5, period, lr_min=0.1)
    assert schedule(t) == schedule(t + period) == cosine(0.5, period, 0.1)(t % period)
    assert schedule(period * t) == 0.5


def test_warmup_by_hand():
    """0.2씩 커져 다섯째 걸음에 처음 학습률 1이 되고, 거기서 계단이 시작돼요."""
    schedule = warmup(4, step_decay(1.0, 0.5, 2))
    expected = [0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 0.5, 0.5, 0.25]
    assert [schedule(t) for t in range(9)] == pytest.approx(expected, rel=1e-12)


@given(steps=st.integers(1, 20), total=st.integers(1, 20), t=st.integers(0, 60))
def test_warmup_climbs_and_then_follows(steps, total, t):
    then = cosine(0.3, total)
    schedule = warmup(steps, then)
    assert schedule(steps + t) == then(t)
    climb = [schedule(i) for i in range(steps + 1)]
    assert np.diff(climb) == pytest.approx(0.3 / (steps + 1), rel=1e-9)
    assert 0 < climb[0] < climb[-1] == 0.3


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: step_decay(0, 0.5, 3), ValueError, "step_decay: lr"),
        (lambda: step_decay(0.1, 1.0, 3), ValueError, "drop"),
        (lambda: step_decay(0.1, 0.0, 3), ValueError, "drop"),
        (lambda: step_decay(0.1, 0.5, 0), ValueError, "every"),
        (lambda: step_decay(0.1, 0.5, 1.5), TypeError, "every"),
        (lambda: cosine(-1, 10), ValueError, "cosine: lr"),
        (lambda: cosine(0, 10), ValueError, "cosine: lr"),
        (lambda: cosine(math.nan, 10), ValueError, "lr"),
        (lambda: cosine(0.1, 0), ValueError, "total"),
        (lambda: cosine(0.1, 10, 0.2), ValueError, "lr_min"),
        (lambda: cosine(0.1, 10, -0.1), ValueError, "lr_min"),
        (lambda: cosine("0.1", 10), TypeError, "lr"),
        (lambda: warm_restarts(0.1, 0), ValueError, "period"),
        (lambda: warm_restarts(0.1, 5, mult=0), ValueError, "mult"),
        (lambda: warm_restarts(0.1, 5, mult=1.5), TypeError, "mult"),
        (lambda: warm_restarts(0.1, 5, lr_min=1), ValueError, "warm_restarts: lr_min"),
        (lambda: step_decay(0.1, 0.5, 3)(-1), ValueError, "걸음 번호"),
        (lambda: step_decay(0.1, 0.5, 3)(1.5), TypeError, "걸음 번호"),
        (lambda: step_decay(0.1, 0.5, 3)(True), TypeError, "걸음 번호"),
        (lambda: warmup(0, cosine(1, 3)), ValueError, "warmup: steps"),
        (lambda: warmup(1.5, cosine(1, 3)), TypeError, "steps"),
        (lambda: warmup(3, 0.1), TypeError, "warmup: then"),
        (lambda: warmup(3, lambda t: -1.0), ValueError, r"then\(0\)"),
        (lambda: warmup(3, lambda t: "0.1"), TypeError, r"then\(0\)"),
        (lambda: warmup(3, cosine(1, 3))(-1), ValueError, "warmup: 걸음 번호"),
        (lambda: cosine(0.1, 3)(-1), ValueError, "걸음 번호"),
        (lambda: warm_restarts(0.1, 3)(-1), ValueError, "걸음 번호"),
    ],
)
def test_errors(make, error, words):
    with pytest.raises(error, match=words):
        make()
