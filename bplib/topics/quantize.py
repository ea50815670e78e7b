"""양자화: 수를 몇 비트로 반올림하기, 그리고 반올림을 지나 기울기를 보내는 곧바로 보내기 추정량."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_count, check_finite, check_flag, check_matrix, report
from bplib.init import Init, he
from bplib.layers import Linear

MAX_BITS = 16


def quantize(a: Array, bits: int) -> Array:
    """행마다 bits비트로 반올림해요: q = s · round(a / s), s = max|a| / (2^(bits−1) − 1).

    한 행에 남는 값은 많아야 2^bits − 1가지(…, −s, 0, s, …)예요. 1비트는 부호만 남겨 q = ±평균|a|이고,
    그때 0은 +로 봐요. 모두 0인 행은 그대로예요. (n, k) → (n, k), dtype도 그대로.
    실수 행렬이 아니거나 bits가 정수가 아니면 TypeError, 비었거나 유한하지 않거나 bits가 1 … 16을 벗어나면
    ValueError. 출처: 1비트는 Rastegari et al. 2016.
    """
    check_matrix("quantize", "a", a, None, None)
    check_finite("quantize", "a", a)
    bits = _check_bits("quantize", "bits", bits)
    size = np.abs(a)
    if bits == 1:
        return np.where(a >= 0, 1, -1).astype(a.dtype) * size.mean(axis=1, keepdims=True)
    largest = size.max(axis=1, keepdims=True)
    step = np.where(largest > 0, largest, 1) / a.dtype.type(2 ** (bits - 1) - 1)
    return np.round(a / step) * step


class QuantizedLinear(Linear):
    """양자화한 선형층: z = q(W) q(a) + b. W는 bits비트, 입력 a는 input_bits비트로 반올림해서 써요.

    W 자체는 반올림하지 않은 채 간직하고, 고치는 것도 그쪽이에요. 반올림의 도함수는 거의 어디서나 0이라,
    역전파에서는 q를 항등 함수로 보고 기울기를 곧바로 보내요: W.grad = Σ δ q(a)ᵀ, ∂E/∂a = q(W)ᵀδ.
    straight_through=False면 0인 도함수를 그대로 써서 W.grad = 0, ∂E/∂a = 0이에요.
    오류는 Linear, quantize와 같아요. 출처: Bengio, Léonard & Courville 2013; Courbariaux et al. 2015.
    """

    formula = "z = q(W) q(a) + b"

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        bits: int,
        input_bits: int = 8,
        straight_through: bool = True,
        rng: np.random.Generator,
        init: Init = he,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        self.bits = _check_bits("QuantizedLinear", "bits", bits)
        self.input_bits = _check_bits("QuantizedLinear", "input_bits", input_bits)
        self.straight_through = check_flag("QuantizedLinear", "straight_through", straight_through)
        super().__init__(n_in, n_out, rng=rng, init=init, dtype=dtype)

    def _forward(self, a: Array) -> Array:
        """z = q(W) q(a) + b. a: (n, n_in) → (n, n_out)."""
        q_a, q_W = quantize(a, self.input_bits), quantize(self.W.value, self.bits)
        z = np.dot(q_a, q_W.T)
        z += self.b.value
        self._a, self._q_W = q_a, q_W
        return z

    def _backward(self, delta: Array) -> Array:
        """δ를 받아 W.grad, b.grad를 적고 q(W)ᵀδ를 돌려줘요. (n, n_out) → (n, n_in)."""
        self._param_grads(delta)
        return np.dot(delta, self._q_W) * delta.dtype.type(self.straight_through)

    def _param_grads(self, delta: Array) -> None:
        """W.grad = Σ δ q(a)ᵀ(곧바로 보내지 않으면 0), b.grad = Σ δ."""
        super()._param_grads(delta)
        self.W.grad *= self.straight_through

    def __repr__(self) -> str:
        return f"QuantizedLinear({self.n_in} → {self.n_out}, {self.bits}비트)"


def _check_bits(who: object, what: str, bits: int) -> int:
    if check_count(who, what, bits) > MAX_BITS:
        raise ValueError(report(who, f"{what}의 값이", f"1 … {MAX_BITS}", bits))
    return int(bits)
