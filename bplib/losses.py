"""손실 E: 출력이 정답에서 얼마나 먼지. 배치 평균의 1/n은 이 책에서 여기에만 있어요."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_cache, check_finite, check_like, check_matrix, report

_ZERO = np.zeros(())  # 0을 배열로 바꾸는 일을 걸음마다 하지 않게
BLOCK = 4096  # 한 번에 내적하는 수의 개수. 더 길면 float32의 자릿수가 모자라요

Labels = npt.NDArray[np.integer[Any]]
Target = Array | Labels


class Loss:
    """손실의 공통 뼈대: forward(pred, y) → E, backward() → ∂E/∂pred.

    pred: (n, k). 자료형이 다르면 TypeError, 모양·값이 틀리면 ValueError,
    forward 전의 backward는 RuntimeError. 받은 배열은 바꾸지 않아요.
    돌려주는 기울기의 모양과 dtype은 pred와 같아요.
    """

    formula = ""
    _residual: Array | None = None  # 기울기에서 상수를 뺀 것: a − y, 또는 p − y

    def forward(self, pred: Array, y: Target) -> float:
        """E."""
        self._check(pred, y)
        return self._forward(pred, y)

    def backward(self) -> Array:
        """배치 평균의 기울기 ∂E/∂pred."""
        return self._backward(check_cache(self, self._residual))

    def _forward(self, pred: Array, y: Target) -> float:
        raise NotImplementedError

    def _backward(self, residual: Array) -> Array:
        """(출력 − 정답) / n."""
        return residual / len(residual)

    def _check(self, pred: Array, y: Target) -> None:
        check_matrix(self, "출력 pred", pred, None, None)
        check_like(self, "정답 y", y, pred.shape, pred.dtype)
        check_finite(self, "출력 pred", pred)
        check_finite(self, "정답 y", y)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class HalfSquaredError(Loss):
    """제곱 오차의 절반: E = (1/n) Σₙ ½ Σₖ (y − a)², ∂E/∂a = (a − y) / n.

    합은 출력 k개에 대해, 평균은 표본 n개에 대해. pred = a와 y는 (n, k). 출처: Bishop 2006, 식 (5.14).
    """

    formula = "E = ½ Σ (y − a)²"

    def _forward(self, pred: Array, y: Target) -> float:
        """(1/n) Σₙ ½ Σₖ (y − a)²."""
        self._residual = pred - y
        return 0.5 * _square_sum(self._residual) / len(pred)


class MeanSquaredError(Loss):
    """평균 제곱 오차: E = (1/(n k)) Σₙ Σₖ (y − a)², ∂E/∂a = 2 (a − y) / (n k).

    표본 n개와 출력 k개 모두에 대한 평균이라 HalfSquaredError의 2/k배예요. pred = a와 y는 (n, k).
    """

    formula = "E = (1/nk) ΣΣ (y − a)²"

    def _forward(self, pred: Array, y: Target) -> float:
        """(1/(n k)) Σₙ Σₖ (y − a)²."""
        self._residual = pred - y
        return _square_sum(self._residual) / pred.size

    def _backward(self, residual: Array) -> Array:
        """2 (a − y) / (n k)."""
        return residual * (2 / residual.size)


class BinaryCrossEntropy(Loss):
    """이진 교차 엔트로피, z에서 바로: E = −(1/n) Σₙ Σₖ [y ln σ(z) + (1 − y) ln(1 − σ(z))].

    ∂E/∂z = (σ(z) − y) / n. pred = z(시그모이드 앞의 값)와 y는 (n, k), 0 ≤ y ≤ 1(벗어나면 ValueError).
    s = ln(1 + eᶻ)로 적으면 E의 한 칸은 s − y z이고 p = σ(z) = e^(z − s)예요. s = max(z, 0) + ln(1 + e^(−|z|))로 나눠서,
    |z| = 10⁴에서도 안전하고 아주 자신 있게 맞힌 표본의 작은 손실도 정확해요(float32도 float64로 계산해요).
    출력 k개는 더해요(표본만 평균). 평균 내는 라이브러리와 견주려면 k로 나누세요.
    출처: Nielsen, 3장, 식 (57).
    """

    formula = "E = −Σ [y ln σ(z) + (1 − y) ln(1 − σ(z))]"

    def _forward(self, pred: Array, y: Target) -> float:
        """(1/n) Σₙ Σₖ (s − y z), s = ln(1 + eᶻ)."""
        z, y = pred.astype(np.float64, copy=False), y.astype(np.float64, copy=False)
        large, tail = np.maximum(z, _ZERO), np.logaddexp(_ZERO, -np.abs(z))  # s = large + tail
        p: Array = np.exp(z - (large + tail))
        self._residual = (p - y).astype(pred.dtype, copy=False)
        large -= y * z
        large += tail
        return float(np.add.reduce(large, axis=None)) / len(pred)

    def _check(self, pred: Array, y: Target) -> None:
        check_matrix(self, "출력 pred", pred, None, None)
        check_like(self, "정답 y", y, pred.shape, pred.dtype)
        check_finite(self, "출력 pred", pred)
        if not (
            np.minimum.reduce(y, axis=None) >= 0 and np.maximum.reduce(y, axis=None) <= 1
        ):  # NaN도 여기로
            check_finite(self, "정답 y", y)
            raise ValueError(report(self, "정답 y의 값이", "0 이상 1 이하", f"{y.min():g} … {y.max():g}"))


class SoftmaxCrossEntropy(Loss):
    """소프트맥스와 교차 엔트로피를 하나로: p = softmax(z), E = −(1/n) Σₙ Σₖ y ln p, ∂E/∂z = (p − y) / n.

    pred = z: (n, k). y는 정수 번호 (n,), 0 ≤ y < k, 또는 확률 (n, k), 0 이상이고 행의 합이 1.
    벗어나면 ValueError. z에서 가장 큰 값을 빼도 p는 같아서 |z| = 10⁴에서도 안전해요.
    부류마다의 무게와 건너뛸 번호는 없어요: 무엇으로 나눈 평균인지가 하나로 남게요. 건너뛸 표본은 미리 빼고 주세요.
    출처: Bishop 2006, 식 (4.108), (4.109).
    """

    formula = "E = −Σ y ln softmax(z)"

    def _forward(self, pred: Array, y: Target) -> float:
        """−(1/n) Σₙ Σₖ y ln p."""
        target = y if y.ndim == 2 else _one_hot(cast(Labels, y), pred)
        z = pred.astype(np.float64, copy=False)
        z = z - z.max(axis=1, keepdims=True)
        exps = np.exp(z)
        total = exps.sum(axis=1, keepdims=True)
        self._residual = (exps / total - target).astype(pred.dtype, copy=False)
        return float(np.log(total).sum() - np.vdot(target, z)) / len(pred)  # ln p = z − ln Σ eᶻ, Σ y = 1

    def _check(self, pred: Array, y: Target) -> None:
        check_matrix(self, "출력 pred", pred, None, None)
        check_finite(self, "출력 pred", pred)
        if type(y) is np.ndarray and y.dtype.kind in "iu":
            n, k = pred.shape
            if y.shape != (n,):
                hint = ". y.reshape(-1)로 바꿔 주세요" if y.shape == (n, 1) else ""
                raise ValueError(report(self, "정답 번호 y의 모양이", (n,), f"{y.shape}{hint}"))
            if y.min() < 0 or y.max() >= k:
                raise ValueError(report(self, "정답 번호 y의 값이", f"0 … {k - 1}", f"{y.min()} … {y.max()}"))
            return
        check_like(self, "정답 y", y, pred.shape, pred.dtype)
        gap = np.abs(y.sum(axis=1) - 1).max()
        if not (y.min() >= 0 and gap <= math.sqrt(np.finfo(pred.dtype).eps)):
            got = f"가장 작은 값 {y.min():g}, 합과 1의 차이 {gap:g}"
            raise ValueError(report(self, "정답 y의 값이", "0 이상이고 행의 합이 1인 확률", got))


def _square_sum(a: Array) -> float:
    """Σ a². 내적은 float32에서 수가 많으면 자릿수를 잃으니(200만 개에 5e-4), 그때는 나눠 더해요."""
    if a.size <= BLOCK:
        return float(np.vdot(a, a))
    pieces = np.split(a.reshape(-1), range(BLOCK, a.size, BLOCK))
    return sum(float(np.vdot(piece, piece)) for piece in pieces)


def _one_hot(y: Labels, pred: Array) -> Array:
    """번호를 한 칸만 1인 행으로. (n,) → (n, k)."""
    target = np.zeros_like(pred)
    target[np.arange(len(y)), y] = 1
    return target
