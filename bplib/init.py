"""가중치 초기화: (n_out, n_in, rng)를 받아 W를 만드는 함수들. dtype은 Linear가 맞춰요."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    as_numbers,
    check_callable,
    check_count,
    check_number,
    check_rng,
    check_room,
    report,
)

Init = Callable[[int, int, "np.random.Generator"], Array]


def _check(who: str, n_out: int, n_in: int, rng: np.random.Generator) -> None:
    check_room(who, check_count(who, "n_out", n_out), check_count(who, "n_in", n_in))
    check_rng(who, rng)


def _draw(
    who: object, init: Init, n_out: int, n_in: int, rng: np.random.Generator, dtype: npt.DTypeLike
) -> Array:
    """init으로 W (n_out, n_in)을 뽑아 dtype의 새 배열로 줘요. 층들이 써요.

    init이 함수가 아니거나 수의 배열을 내지 않으면 TypeError, 모양이 다르면 ValueError.
    """
    check_callable(who, "init", init)
    weights = as_numbers(who, "init이 만든 W", init(n_out, n_in, rng))
    if weights.shape != (n_out, n_in):
        raise ValueError(report(who, "init이 만든 W의 모양이", (n_out, n_in), weights.shape))
    return np.array(weights, dtype)


def zeros(n_out: int, n_in: int, rng: np.random.Generator) -> Array:
    """모두 0: W = 0. 은닉층의 뉴런이 모두 똑같아져 배우지 못한다는 것을 보일 때 써요.

    모양 (n_out, n_in). 개수가 1보다 작으면 ValueError, rng가 Generator가 아니면 TypeError.
    """
    _check("zeros", n_out, n_in, rng)
    return np.zeros((n_out, n_in))


def normal(std: float) -> Init:
    """표준편차를 정한 정규분포: W ~ N(0, std²)인 초기화 함수를 만들어요.

    std가 음수이거나 유한하지 않으면 ValueError, 수가 아니면 TypeError.
    """
    std = check_number("normal", "std", std, 0.0, math.inf, open_low=False)

    def normal_init(n_out: int, n_in: int, rng: np.random.Generator) -> Array:
        _check("normal", n_out, n_in, rng)
        return std * rng.standard_normal((n_out, n_in))

    return normal_init


def xavier(n_out: int, n_in: int, rng: np.random.Generator) -> Array:
    """Xavier: W ~ U(−r, r), r = √(6 / (n_in + n_out)). 분산은 2 / (n_in + n_out).

    sigmoid·tanh처럼 0 둘레에서 곧은 활성화 함수에 맞아요. 오류는 zeros와 같아요.
    출처: Glorot & Bengio 2010, 식 (16).
    """
    _check("xavier", n_out, n_in, rng)
    r = math.sqrt(6 / (n_in + n_out))
    return rng.uniform(-r, r, (n_out, n_in))


def he(n_out: int, n_in: int, rng: np.random.Generator) -> Array:
    """He: W ~ N(0, 2 / n_in). ReLU가 신호의 절반을 0으로 만드는 것을 2로 되갚아요.

    오류는 zeros와 같아요. 출처: He et al. 2015, 식 (10).
    """
    _check("he", n_out, n_in, rng)
    return math.sqrt(2 / n_in) * rng.standard_normal((n_out, n_in))


def orthogonal(gain: float = 1.0) -> Init:
    """직교: WᵀW = gain² I(행이 모자라면 WWᵀ = gain² I)인 초기화 함수를 만들어요.

    정사각이면 어떤 벡터든 길이가 꼭 gain배가 돼요. 정규분포 행렬의 QR 분해에서 Q를 쓰고, R의 대각선이 양수가
    되게 부호를 맞춰야 모든 직교행렬이 고르게 뽑혀요. gain이 음수이거나 유한하지 않으면 ValueError.
    나머지 오류는 zeros와 같아요. 출처: Saxe et al. 2013.
    """
    gain = check_number("orthogonal", "gain", gain, 0.0, math.inf, open_low=False)

    def orthogonal_init(n_out: int, n_in: int, rng: np.random.Generator) -> Array:
        _check("orthogonal", n_out, n_in, rng)
        q, r = np.linalg.qr(rng.standard_normal((max(n_out, n_in), min(n_out, n_in))))
        q *= np.where(np.diag(r) < 0, -gain, gain)
        return q if n_out >= n_in else q.T

    return orthogonal_init
