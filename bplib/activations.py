"""활성화 함수 a = f(z). 역전파에 쓸 f′(z)는 기억해 둔 a에서 바로 구해요."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, as_numbers, check_number
from bplib.layers import Layer


def sigmoid(z: npt.ArrayLike) -> Array:
    """시그모이드 σ(z) = 1 / (1 + e^(−z)). z는 수 하나나 배열이고, float32·float64면 그 dtype을 지켜요.

    e^(−z)가 넘치지 않게 z를 아래에서 막아요. 그 아래의 σ는 dtype의 가장 작은 수만 해서 0이나 다름없어요.
    """
    return _sigmoid(as_numbers("sigmoid", "z", z))


def _sigmoid(z: Array, out: Array | None = None) -> Array:
    floor = -87.0 if z.dtype == np.float32 else -708.0
    e = np.exp(-np.maximum(z, floor), out=out)
    return np.divide(1, 1 + e, out=out)


class Activation(Layer):
    """활성화 함수의 공통 뼈대: 새 함수는 function과 derivative만 채우면 돼요.

    z와 a의 모양은 같아요(어떤 모양이든). float32·float64 배열이 아니면 TypeError,
    backward의 모양이 forward와 다르면 ValueError, forward 전의 backward는 RuntimeError.
    """

    keeps_shape = True
    input_name = "입력 z"
    _a: Array

    def function(self, z: Array) -> Array:
        """f(z)."""
        raise NotImplementedError

    def derivative(self, a: Array) -> Array:
        """f′(z)를 a = f(z)로 적은 것."""
        raise NotImplementedError

    def _forward(self, z: Array) -> Array:
        """a = f(z)."""
        self._a = self.function(z)
        return self._a

    def _backward(self, grad_a: Array) -> Array:
        """δ = ∂E/∂z = ∂E/∂a · f′(z)."""
        return grad_a * self.derivative(self._a)


class Sigmoid(Activation):
    """시그모이드: a = 1 / (1 + e^(−z)), f′(z) = a (1 − a). 0과 1 사이, |z| = 10⁴에서도 안전해요."""

    formula = "a = 1 / (1 + e^(−z))"

    def function(self, z: Array) -> Array:
        """1 / (1 + e^(−z))."""
        return _sigmoid(z)

    def derivative(self, a: Array) -> Array:
        """a (1 − a)."""
        return a * (1 - a)


class Tanh(Activation):
    """쌍곡탄젠트: a = tanh(z), f′(z) = 1 − a². −1과 1 사이."""

    formula = "a = tanh(z)"

    def function(self, z: Array) -> Array:
        """tanh(z)."""
        return np.tanh(z)

    def derivative(self, a: Array) -> Array:
        """1 − a²."""
        return 1 - a * a


class ReLU(Activation):
    """ReLU: a = max(z, 0), f′(z) = 1 (z > 0) 또는 0 (z ≤ 0). f′(0) = 0은 약속이에요.

    출처: Goodfellow, Bengio & Courville 2016, §6.3.
    """

    formula = "a = max(z, 0)"

    def function(self, z: Array) -> Array:
        """max(z, 0)."""
        return np.maximum(z, 0)

    def derivative(self, a: Array) -> Array:
        """a > 0. 참·거짓을 곱하면 1·0을 곱한 것과 같고, 더 빨라요."""
        return a > 0  # type: ignore[return-value]


class LeakyReLU(Activation):
    """LeakyReLU: a = max(z, s z), f′(z) = 1 (z > 0) 또는 s (z ≤ 0).

    기울기 slope = s는 0 이상 1 미만이에요. 벗어나면 ValueError, 수가 아니면 TypeError.
    출처: Maas et al. 2013.
    """

    formula = "a = max(z, s z)"

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = check_number("LeakyReLU", "slope", slope, 0.0, 1.0, open_low=False)

    def function(self, z: Array) -> Array:
        """max(z, s z)."""
        return np.maximum(z, self.slope * z)

    def derivative(self, a: Array) -> Array:
        """a > 0이면 1, 아니면 s. a의 dtype으로 적어야 float32가 float64로 커지지 않아요."""
        return np.where(a > 0, a.dtype.type(1), a.dtype.type(self.slope))

    def __repr__(self) -> str:
        return f"LeakyReLU(slope={self.slope:g})"


class Identity(Activation):
    """항등 함수: a = z, f′(z) = 1. 값을 그대로 내는 출력층에 써요."""

    formula = "a = z"

    def function(self, z: Array) -> Array:
        """z."""
        return z

    def derivative(self, a: Array) -> Array:
        """1."""
        return np.ones_like(a)
