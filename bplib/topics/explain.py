"""설명: 어느 입력이 답을 움직이는지. 대부분 입력까지 내려가는 역전파이고, 그래서 점검할 수 있어요.

여기 있는 함수는 net.forward와 net.backward를 부르므로 배우는 수의 grad를 덮어써요. 배우는 수는 그대로예요.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    as_numbers,
    check_count,
    check_finite,
    check_floats,
    check_like,
    check_matrix,
    check_number,
    check_rng,
    check_type,
    describe,
    report,
)
from bplib.layers import Sequential

Labels = npt.NDArray[np.integer]


def input_gradient(net: Sequential, x: Array, target: int | Labels = 0) -> Array:
    """입력에 대한 기울기 ∂z/∂x: 출력 z의 target번째 칸을 입력마다 미분해요. x: (n, k) → (n, k).

    target은 칸의 번호 하나, 또는 표본마다의 번호 (n,). 손실 없이 ∂z/∂z = 1에서 역전파를 시작해요.
    정수가 아니면 TypeError, 모양이 다르거나 칸을 벗어나면 ValueError. 나머지 오류는 Sequential.forward와 같아요.
    크기 |∂z/∂x|가 현저성(saliency)이에요. 출처: Simonyan, Vedaldi & Zisserman 2013.
    """
    check_type("input_gradient", "net", net, Sequential)
    z = net.forward(x)
    delta = np.zeros_like(z)
    delta[np.arange(len(z)), _columns(z, target)] = 1
    return net.backward(delta, input_grad=True)


def gradient_times_input(net: Sequential, x: Array, target: int | Labels = 0) -> Array:
    """기울기 × 입력: x · ∂z/∂x. 오류는 input_gradient와 같아요."""
    return x * input_gradient(net, x, target)


def integrated_gradients(
    net: Sequential, x: Array, target: int | Labels = 0, *, baseline: Array | None = None, steps: int = 50
) -> Array:
    """적분 기울기: (x − x′) · ∫₀¹ ∂z/∂x(x′ + α(x − x′)) dα. 기준 x′에서 x까지 곧은 길의 기울기를 평균해요.

    적분은 가운데 점 α = (k + ½)/steps에서 재어 평균해요. 더하면 Σ = z(x) − z(x′)에 다가가요(완전성).
    baseline: x와 같은 모양, 없으면 0. steps가 1 이상의 정수가 아니면 TypeError나 ValueError이고,
    나머지 오류는 input_gradient와 같아요. 출처: Sundararajan, Taly & Yan 2017.
    """
    check_type("integrated_gradients", "net", net, Sequential)
    check_count("integrated_gradients", "steps", steps)
    check_floats("integrated_gradients", "입력 x", x)
    start = np.zeros_like(x) if baseline is None else baseline
    check_like("integrated_gradients", "baseline", start, x.shape, x.dtype)
    path = x - start
    total = np.zeros_like(x)
    for k in range(steps):
        total += input_gradient(net, start + path * x.dtype.type((k + 0.5) / steps), target)
    return path * (total / steps)


def occlusion(
    net: Sequential,
    x: Array,
    target: int | Labels = 0,
    *,
    shape: tuple[int, int],
    size: int = 2,
    fill: float = 0.0,
) -> Array:
    """가리기: size × size 창을 fill로 덮으면 출력이 얼마나 떨어지나. 화소마다, 자기를 덮은 창들의 평균이에요.

    x: (n, 높이·너비), shape = (높이, 너비) → (n, 높이·너비). 역전파를 쓰지 않고 순전파만 창의 수만큼 해요.
    x의 길이가 shape와 맞지 않거나 창이 그림보다 크면 ValueError. 나머지 오류는 input_gradient와 같아요.
    출처: Zeiler & Fergus 2014, §4.2.
    """
    check_type("occlusion", "net", net, Sequential)
    check_floats("occlusion", "입력 x", x)
    fill = check_number("occlusion", "fill", fill, -math.inf, math.inf, open_low=True)
    if not isinstance(shape, tuple | list) or len(shape) != 2:
        raise TypeError(report("occlusion", "shape의 형이", "(높이, 너비)", repr(shape)))
    height, width = (check_count("occlusion", "shape", length) for length in shape)
    if check_count("occlusion", "size", size) > min(height, width):
        raise ValueError(report("occlusion", "size가", f"{min(height, width)} 이하", size))
    if x.ndim != 2 or x.shape[1] != height * width:
        raise ValueError(report("occlusion", "입력 x의 모양이", f"(n, {height * width})", x.shape))
    z = net.forward(x)
    places = np.arange(len(x)), _columns(z, target)
    drops, covered = np.zeros_like(x), np.zeros_like(x[0])
    for window in _windows(height, width, size):
        hidden = np.where(window, x.dtype.type(fill), x)
        drops += np.outer(z[places] - net.forward(hidden)[places], window).astype(x.dtype)
        covered += window
    return drops / covered


def hit_rate(attribution: Array, truth: npt.NDArray[np.bool_]) -> float:
    """정답 자리를 맞힌 비율: 표본마다 크기 |설명|이 가장 큰 칸을 정답의 수만큼 골라, 정답인 것의 비율을 평균해요.

    attribution, truth: (n, k). 크기가 같아 하나를 고를 수 없는 칸들은 똑같이 나눠 가진 것으로 세요.
    truth가 bool 배열이 아니면 TypeError, 모양이 다르거나 참이 없는 행이 있으면 ValueError.
    """
    size = _sizes("hit_rate", attribution)
    if type(truth) is not np.ndarray or truth.dtype != bool:
        raise TypeError(report("hit_rate", "truth의 자료형이", "bool 배열", describe(truth)))
    if truth.shape != size.shape or not truth.any(axis=1).all():
        raise ValueError(
            report("hit_rate", "truth가", f"행마다 참이 있는 {size.shape} bool 배열", describe(truth))
        )
    rates = []
    for row, right in zip(size, truth, strict=True):
        wanted = int(right.sum())
        edge = np.sort(row)[-wanted]
        above, tied = row > edge, row == edge
        shared = (wanted - above.sum()) * right[tied].mean()
        rates.append((right[above].sum() + shared) / wanted)
    return float(np.mean(rates))


def rank_correlation(a: Array, b: Array) -> float:
    """두 설명이 얼마나 닮았나: 표본마다 크기 |a|, |b|의 순위로 잰 상관(스피어만)의 평균. −1 … 1.

    a, b: (n, k). 같은 값은 순위의 평균을 나눠 가져요. 모양이 다르거나, 크기가 모두 같은 행이 있으면 ValueError.
    """
    check_floats("rank_correlation", "a", a)
    check_like("rank_correlation", "b", b, a.shape, a.dtype)
    pairs = zip(_sizes("rank_correlation", a), _sizes("rank_correlation", b), strict=True)
    return float(np.mean([np.corrcoef(_ranks(u), _ranks(v))[0, 1] for u, v in pairs]))


def randomized(net: Sequential, rng: np.random.Generator) -> Sequential:
    """배운 수를 자리만 뒤섞은 복사본. 배운 것은 사라지고 값의 분포는 그대로예요. net은 바뀌지 않아요.

    설명이 신경망을 설명하는지 보는 점검에 써요: 이 신경망의 설명도 그대로라면, 신경망을 보지 않은 설명이에요.
    rng가 Generator가 아니면 TypeError. 출처: Adebayo et al. 2018의 가중치 무작위화.
    """
    check_type("randomized", "net", net, Sequential)
    check_rng("randomized", rng)
    other = copy.deepcopy(net)
    for param in other.params():
        param.value = rng.permutation(param.value.reshape(-1)).reshape(param.shape)
    return other


def _columns(z: Array, target: int | Labels) -> Labels:
    """target을 표본마다의 칸 번호로. 칸을 벗어나면 ValueError."""
    columns = as_numbers("설명", "target", target)
    if not np.issubdtype(columns.dtype, np.integer):
        raise TypeError(report("설명", "target이", "칸의 번호(정수)", repr(target)))
    if z.ndim != 2 or columns.shape not in ((), z.shape[:1]):
        raise ValueError(report("설명", "target의 모양이", f"번호 하나나 {z.shape[:1]}", columns.shape))
    if columns.min() < 0 or columns.max() >= z.shape[1]:
        raise ValueError(
            report("설명", "target의 값이", f"0 … {z.shape[1] - 1}", f"{columns.min()} … {columns.max()}")
        )
    return columns


def _windows(height: int, width: int, size: int) -> Iterator[npt.NDArray[np.bool_]]:
    """size × size 창이 덮는 칸을 참으로, 왼쪽 위부터 차례로."""
    for top in range(height - size + 1):
        for left in range(width - size + 1):
            window = np.zeros((height, width), bool)
            window[top : top + size, left : left + size] = True
            yield window.reshape(-1)


def _sizes(who: str, attribution: Array) -> Array:
    """설명의 크기 |a|. 실수 행렬이 아니면 오류."""
    check_matrix(who, "설명", attribution, None, None)
    check_finite(who, "설명", attribution)
    return np.abs(attribution)


def _ranks(row: Array) -> Array:
    """0부터 센 순위. 같은 값끼리는 평균. 모두 같으면 순위가 없어 ValueError."""
    _, place, count = np.unique(row, return_inverse=True, return_counts=True)
    if len(count) == 1:
        raise ValueError(report("rank_correlation", "설명의 한 행이", "크기가 다른 값들", "모두 같은 크기"))
    return (np.cumsum(count) - (count + 1) / 2)[place]
