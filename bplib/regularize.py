"""뉴런을 무작위로 끄는 Dropout, 배치로 눈금을 맞추는 BatchNorm, 표본마다 눈금을 맞추는 RMSNorm."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    check_count,
    check_dtype,
    check_number,
    check_rng,
    check_room,
    report,
)
from bplib.layers import Layer
from bplib.params import Param, Params


class Dropout(Layer):
    """드롭아웃: 학습 상태에서 값마다 확률 p로 0을, 아니면 1/(1−p)을 곱해요. 평가 상태에서는 그대로 내보내요.

    a ← a · m, m = 0 또는 1/(1−p). 평균이 그대로라 평가할 때 눈금을 바꿀 일이 없어요. δ에도 같은 m을 곱해요.
    입력은 어떤 모양이든 돼요. 0 ≤ p < 1이 아니면 ValueError, rng가 Generator가 아니면 TypeError.
    출처: Srivastava et al. 2014.
    """

    formula = "a = a · m, m = 0 또는 1/(1−p)"
    keeps_shape = True

    def __init__(self, p: float, *, rng: np.random.Generator) -> None:
        self.p = check_number("Dropout", "p", p, 0.0, 1.0, open_low=False)
        check_rng("Dropout", rng)
        self.rng = rng

    def _forward(self, a: Array) -> Array:
        """a · m. 부를 때마다 m을 새로 뽑아요."""
        if self.training:
            kept = self.rng.random(a.shape, dtype=a.dtype.type) >= self.p
            self._factor = kept * a.dtype.type(1 / (1 - self.p))
        else:
            self._factor = np.ones_like(a)
        return a * self._factor

    def _backward(self, delta: Array) -> Array:
        """δ · m."""
        return delta * self._factor

    def __repr__(self) -> str:
        return f"Dropout(p={self.p:g})"


class BatchNorm(Layer):
    """배치 정규화: 뉴런마다 x̂ = (a − μ) / √(σ² + ε), 출력 γ x̂ + β.

    학습 상태: μ, σ²은 이 배치의 평균과 분산(n으로 나눈 것)이에요. 배치의 표본이 서로의 기울기에 들어와요:
    ∂E/∂a = γ / √(σ² + ε) · (δ − mean(δ) − x̂ · mean(δ x̂)), ∂E/∂γ = Σ δ x̂, ∂E/∂β = Σ δ.
    그리고 running_mean ← (1 − m) running_mean + m μ, running_var도 n − 1로 나눈 분산으로 그렇게 고쳐요.
    평가 상태: μ, σ² 자리에 running_mean, running_var를 쓰고 고치지 않아요. 이 둘은 params()에 들어 있지 않아요.

    입력 (n, k) → 출력 (n, k), γ, β: (k,). γ = 1, β = 0에서 시작해요. 학습 상태에서 표본이 하나뿐이면 분산을
    잴 수 없어 ValueError. 0 < m < 1, ε > 0이 아니면 ValueError, 자료형이 다르면 TypeError. 그림 (n, c, h, w)의
    채널마다 하는 것은 없어요: 책의 합성곱 신경망은 얕아서 쓰지 않아요.
    출처: Ioffe & Szegedy 2015.
    """

    formula = "a = γ (z − μ) / √(σ² + ε) + β"
    keeps_shape = True

    def __init__(
        self, n: int, *, momentum: float = 0.1, eps: float = 1e-5, dtype: npt.DTypeLike = np.float64
    ) -> None:
        self.n_in = self.n_out = check_count("BatchNorm", "n", n)
        check_room("BatchNorm", n)
        self.momentum = check_number("BatchNorm", "momentum", momentum, 0.0, 1.0, open_low=True)
        self.eps = check_number("BatchNorm", "ε", eps, 0.0, math.inf, open_low=True)
        self.dtype = dtype = check_dtype("BatchNorm", dtype)
        self.gamma = Param(np.ones(n, dtype), "gamma")
        self.beta = Param(np.zeros(n, dtype), "beta")
        self._params = Params([self.gamma, self.beta])
        self.running_mean = np.zeros(n, dtype)
        self.running_var = np.ones(n, dtype)

    def _forward(self, a: Array) -> Array:
        """γ x̂ + β. a: (n, k) → (n, k)."""
        if self.training:
            centred, var = self._centre(a)
        else:
            centred, var = a - self.running_mean, self.running_var
        std = np.sqrt(var + self.eps)
        x_hat = centred / std
        self._cache = x_hat, self.gamma.value / std, self.training  # 셋째는 배치의 μ와 σ²을 썼는지
        return self.gamma.value * x_hat + self.beta.value

    def _centre(self, a: Array) -> tuple[Array, Array]:
        """이 배치의 a − μ와 σ². running_mean과 running_var를 μ와 σ² 쪽으로 조금 옮겨요."""
        n, m = len(a), self.momentum
        if n < 2:
            raise ValueError(report(self, "학습 상태에서 배치의 표본 수가", "2개 이상", f"{n}개"))
        mean = np.add.reduce(a, axis=0) / n
        centred = a - mean
        var = np.add.reduce(centred * centred, axis=0) / n
        self.running_mean = (1 - m) * self.running_mean + m * mean
        self.running_var = (1 - m) * self.running_var + m * n / (n - 1) * var
        return centred, var

    def _backward(self, delta: Array) -> Array:
        """∂E/∂γ = Σ δ x̂, ∂E/∂β = Σ δ를 적고 ∂E/∂a를 돌려줘요."""
        x_hat, scale, batch = self._cache
        n = len(delta)
        np.add.reduce(delta * x_hat, axis=0, out=self.gamma.grad)
        np.add.reduce(delta, axis=0, out=self.beta.grad)
        if not batch:
            return scale * delta
        return scale * (delta - self.beta.grad / n - x_hat * (self.gamma.grad / n))

    def __repr__(self) -> str:
        return f"BatchNorm({self.n_in})"


class RMSNorm(Layer):
    """RMS 정규화: 표본마다 â = a / √(mean(a²) + ε), 출력 g â. 평균은 표본 하나의 k개 값에 대해서예요.

    다른 표본을 보지 않아 배치가 하나여도 되고, 학습 상태와 평가 상태가 같아요.
    ∂E/∂g = Σ δ â, ∂E/∂a = (gδ − â · mean(gδ â)) / √(mean(a²) + ε).

    입력 (n, k) → 출력 (n, k), g: (k,). g = 1에서 시작해요. ε > 0이 아니면 ValueError, 자료형이 다르면 TypeError.
    출처: Zhang & Sennrich 2019. ε은 그 논문의 공개 코드처럼 제곱근 안에 더해요.
    """

    formula = "a = g a / √(mean(a²) + ε)"
    keeps_shape = True

    def __init__(self, n: int, *, eps: float = 1e-5, dtype: npt.DTypeLike = np.float64) -> None:
        self.n_in = self.n_out = check_count("RMSNorm", "n", n)
        check_room("RMSNorm", n)
        self.eps = check_number("RMSNorm", "ε", eps, 0.0, math.inf, open_low=True)
        self.dtype = dtype = check_dtype("RMSNorm", dtype)
        self.g = Param(np.ones(n, dtype), "g")
        self._params = Params([self.g])

    def _forward(self, a: Array) -> Array:
        """g â. a: (n, k) → (n, k)."""
        self._rms = np.sqrt(self._mean(a * a) + self.eps)
        self._a_hat = a / self._rms
        return self.g.value * self._a_hat

    def _backward(self, delta: Array) -> Array:
        """∂E/∂g = Σ δ â를 적고 ∂E/∂a를 돌려줘요."""
        np.add.reduce(delta * self._a_hat, axis=0, out=self.g.grad)
        delta = self.g.value * delta
        return (delta - self._a_hat * self._mean(delta * self._a_hat)) / self._rms

    def _mean(self, a: Array) -> Array:
        """표본마다의 평균 (n, 1)."""
        return np.add.reduce(a, axis=1, keepdims=True) / self.n_in

    def __repr__(self) -> str:
        return f"RMSNorm({self.n_in})"
