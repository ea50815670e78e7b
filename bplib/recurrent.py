"""순환 신경망: 단어·음표의 번호를 벡터로(Embedding), 벡터의 열을 시간을 따라 읽고(RNN, GRU), 모아요.

열의 모양은 늘 (n, t, k): 표본 n개, 걸음 t개, 한 걸음의 벡터 길이 k. 파이썬 반복은 시간에만 있어요.

길이가 다른 문장은 0으로 왼쪽을 채워요. 이 모듈의 padding=True는 어디서나 같은 뜻이에요: 0번 단어, 곧 **모두 0인
벡터**는 없는 것으로 쳐요. Embedding은 0번을 늘 0 벡터로 두고, RNN·GRU는 그 걸음에 상태를 그대로 두고,
MeanOverTime은 그 걸음을 빼고 평균 내요. 그래서 몇 칸을 채웠든 출력도 기울기도 채우지 않은 것과 같아요.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    check_count,
    check_dtype,
    check_flag,
    check_floats,
    check_matrix,
    check_rng,
    check_room,
    report,
)
from bplib.activations import _sigmoid
from bplib.init import Init, _draw, normal, xavier
from bplib.layers import Layer
from bplib.params import Param, Params

Integers = npt.NDArray[np.integer[Any]]


class Embedding(Layer):
    """임베딩: 번호 i를 배우는 벡터 W[i]로 바꿔요. 한 칸만 1인 벡터에 행렬을 곱한 것과 같아요.

    W: (n_words, n_out), 입력 (n, t) 정수 번호 0 … n_words − 1, 출력 (n, t, n_out).
    init을 주지 않으면 W ~ N(0, 1)이에요.
    ∂E/∂W[i]는 번호 i가 나온 자리의 기울기를 모두 더한 것이에요.
    padding=True면 0번은 늘 0 벡터이고 기울기도 0이라 배우지 않아요.
    번호에는 기울기가 없어요: 신경망의 첫 층이어야 하고, backward 대신 param_grads만 있어요.
    번호가 벗어나거나 모양이 틀리면 ValueError, 정수 배열이 아니면 TypeError.
    출처: Bengio et al. 2003.
    """

    formula = "a = W[번호]"
    takes_integers = True
    input_name = "번호"

    def __init__(
        self,
        n_words: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Init | None = None,
        dtype: npt.DTypeLike = np.float64,
        padding: bool = False,
    ) -> None:
        self.n_words = check_count("Embedding", "n_words", n_words)
        self.n_out = check_count("Embedding", "n_out", n_out)
        check_rng("Embedding", rng)
        init = normal(1.0) if init is None else init
        dtype = check_dtype("Embedding", dtype)
        self.padding = check_flag("Embedding", "padding", padding)
        vectors = _draw(self, init, self.n_words, self.n_out, rng, dtype)
        if padding:
            vectors[0] = 0
        self.W = Param(vectors, "W")
        self._params = Params([self.W])

    def _check_input(self, words: Integers) -> None:  # type: ignore[override]
        super()._check_input(words)  # type: ignore[arg-type]
        if words.ndim != 2 or words.size == 0:
            raise ValueError(report(self, "번호의 모양이", "(n, t)", words.shape))
        if words.min() < 0 or words.max() >= self.n_words:
            got = f"{words.min()} … {words.max()}"
            raise ValueError(report(self, "번호의 값이", f"0 … {self.n_words - 1}", got))

    def _forward(self, words: Integers) -> Array:  # type: ignore[override]
        """번호 (n, t) → 벡터 (n, t, n_out)."""
        self._words = words
        return self.W.value[words]

    def _backward(self, delta: Array) -> Array:
        """번호에 대한 기울기는 없어요: 언제나 TypeError. 첫 층에 두면 Sequential이 param_grads를 불러요."""
        raise TypeError(f"{self}: 번호에는 기울기가 없어요. 첫 층에 두고 param_grads를 쓰세요.")

    def _param_grads(self, delta: Array) -> None:
        """∂E/∂W[i] = Σ δ (번호가 i인 모든 자리). δ: (n, t, n_out)."""
        # W를 한 줄로 편 자리마다 δ를 더해요. 같은 단어가 겹치면 W.grad[words] += δ는 하나만 남겨요
        places = np.arange(self.W.size).reshape(self.W.shape)[self._words]
        sums = np.bincount(places.reshape(-1), weights=delta.reshape(-1), minlength=self.W.size)
        self.W.grad[...] = sums.reshape(self.W.shape)
        if self.padding:
            self.W.grad[0] = 0

    def __repr__(self) -> str:
        return f"Embedding({self.n_words} → {self.n_out})"


class Recurrent(Layer):
    """상태 하나를 시간을 따라 나르는 층의 공통 뼈대: RNN과 GRU.

    W: (g·n_out, n_in), U: (g·n_out, n_out), b: (g·n_out,). g는 한 걸음에 함께 계산하는 게이트의 수예요.
    입력 (n, t, n_in), 출력 (n, t, n_out): 걸음마다의 상태 a₁ … a_t. 처음 상태 a₀은 0이에요.
    W와 U는 게이트마다 Xavier로, b는 0에서 시작해요.

    truncate=k면 시간을 k걸음씩 토막 내요: 1–k, k+1–2k, … 상태는 토막 사이로 이어지지만 기울기는 건너지
    않아요. 곧 토막의 첫 걸음은 앞 상태를 상수로 보고, 그 상태를 만든 걸음에는 아무것도 보내지 않아요.
    padding=True면 모두 0인 입력 벡터는 없는 걸음이에요: 상태를 그대로 둬요.
    개수·모양이 틀리면 ValueError, 자료형이 틀리면 TypeError, forward 전의 backward는 RuntimeError.
    """

    takes_steps = True
    input_name = "입력 x"
    _gates = 1
    # 시간이 첫 축이면 한 걸음의 (n, k)가 이어진 자리에 있어 빨라요
    _x: Array  # (t, n, n_in)
    _a: Array  # (t + 1, n, n_out), a[0]은 처음 상태 0
    _z: Array  # (g, t, n, n_out), 게이트가 첫 축이면 게이트 하나하나가 이어진 자리에 있어요
    _real: Array | None  # (t, n, 1), 채움이면 0, 아니면 1. padding일 때만

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        truncate: int | None = None,
        padding: bool = False,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        name = type(self).__name__
        self.n_in = n_in = check_count(name, "n_in", n_in)
        self.n_out = n_out = check_count(name, "n_out", n_out)
        check_rng(name, rng)
        self.truncate = None if truncate is None else check_count(name, "truncate", truncate)
        self.padding = check_flag(name, "padding", padding)
        self.dtype = dtype = check_dtype(name, dtype)
        W = np.concatenate([xavier(n_out, n_in, rng) for _ in range(self._gates)])
        U = np.concatenate([xavier(n_out, n_out, rng) for _ in range(self._gates)])
        self.W = Param(W.astype(dtype), "W")
        self.U = Param(U.astype(dtype), "U")
        self.b = Param(np.zeros(self._gates * n_out, dtype), "b")
        self._params = Params([self.W, self.U, self.b, *self._more(n_out, dtype)])

    def _more(self, n_out: int, dtype: np.dtype[Any]) -> list[Param]:
        """W, U, b 말고 더 배우는 것."""
        return []

    def start(self, n: int) -> Array:
        """표본 n개의 처음 상태 a₀ = 0. (n, n_out)."""
        check_room(self, check_count(self, "n", n), self._width)
        return np.zeros((n, self._width), self.W.dtype)

    def step(self, x: Array, state: Array) -> Array:
        """한 걸음: x (n, n_in)와 앞 상태 (n, n_out) → 새 상태 (n, n_out).

        음표를 하나씩 뽑을 때 써요. forward를 한 걸음씩 하는 것과 같지만 backward에 쓸 것을 기억하지 않아요.
        """
        check_matrix(self, "입력 x", x, self.n_in, self.W.dtype)
        check_floats(self, "상태", state, self.W.dtype)
        if state.shape != (len(x), self.n_out):
            raise ValueError(report(self, "상태의 모양이", (len(x), self.n_out), state.shape))
        new = np.empty_like(state)
        self._next(self._drive(x), state, self._by_gate(self.U).transpose(0, 2, 1), new)
        return np.where(x.any(axis=1, keepdims=True), new, state) if self.padding else new

    def _forward(self, x: Array) -> Array:
        """시간을 따라: x (n, t, n_in) → 상태 a₁ … a_t (n, t, n_out)."""
        x = np.ascontiguousarray(x.transpose(1, 0, 2))
        steps, n, _ = x.shape
        z = self._drive(x.reshape(steps * n, -1))  # 앞 상태를 쓰지 않으니 모든 걸음을 한 번에
        z = z.reshape(self._gates, steps, n, self._width)
        U = np.ascontiguousarray(self._by_gate(self.U).transpose(0, 2, 1))
        real = (x != 0).any(axis=2, keepdims=True) if self.padding else None
        a = np.zeros((steps + 1, n, self._width), self.W.dtype)
        memory = []
        for t in range(steps):
            memory.append(self._next(z[:, t], a[t], U, a[t + 1]))
            if real is not None:
                np.copyto(a[t + 1], a[t], where=~real[t])
        self._x, self._a, self._z = x, a, z
        self._real = None if real is None else real.astype(a.dtype)
        self._remember(memory)
        return a[1:].transpose(1, 0, 2)

    def _backward(self, delta: Array) -> Array:
        """시간을 거슬러: ∂E/∂a₁ … ∂E/∂a_t (n, t, n_out)를 받아 grad를 적고 ∂E/∂x (n, t, n_in)를 돌려줘요."""
        grad_z = self._through_time(delta)
        return np.matmul(grad_z, self._by_gate(self.W)[:, None]).sum(axis=0).transpose(1, 0, 2)

    def _param_grads(self, delta: Array) -> None:
        """grad만 적어요. 모든 걸음이 W, U, b를 함께 쓰니 기울기는 걸음마다의 것을 더한 거예요."""
        self._through_time(delta)

    @property
    def _width(self) -> int:
        assert self.n_out is not None
        return self.n_out

    def _by_gate(self, param: Param) -> Array:
        """게이트를 첫 축으로: (g·n_out, k) → (g, n_out, k)."""
        return param.value.reshape(self._gates, self._width, -1)

    def _drive(self, x: Array) -> Array:
        """입력에서 오는 몫 W x + b: (n, n_in) → (g, n, n_out)."""
        z: Array = np.matmul(x, np.ascontiguousarray(self._by_gate(self.W).transpose(0, 2, 1)))
        z += self._by_gate(self.b).transpose(0, 2, 1)
        return z

    def _next(self, z: Array, a: Array, U: Array, new: Array) -> Array | None:
        """한 걸음: 앞 상태 a에서 새 상태를 new에 적어요. z (g, n, n_out)는 W x + b로 와서 게이트의 값이 돼요.

        U: (g, n_out, n_out)의 전치. backward에 더 쓸 것이 있으면 돌려줘요.
        """
        raise NotImplementedError

    def _remember(self, memory: list[Any]) -> None:
        """걸음마다 _next가 돌려준 것을 시간이 첫 축인 배열로 쌓아요."""

    def _through_time(self, delta: Array) -> Array:
        """grad를 적고, W x + b에 대한 기울기 (g, t, n, n_out)를 돌려줘요."""
        raise NotImplementedError

    def _starts_block(self, t: int) -> bool:
        """t(0부터)가 토막의 첫 걸음인가? 그렇다면 기울기는 여기서 더 과거로 가지 않아요."""
        return t == 0 or (self.truncate is not None and t % self.truncate == 0)

    def __repr__(self) -> str:
        blocks = "" if self.truncate is None else f", {self.truncate}걸음씩"
        return f"{type(self).__name__}({self.n_in} → {self.n_out}{blocks})"


class RNN(Recurrent):
    """순환층: aₜ = tanh(W xₜ + U aₜ₋₁ + b). 시간을 펼치면 W, U, b를 함께 쓰는 t층 신경망이에요.

    역전파(backpropagation through time): δₜ = (∂E/∂aₜ + Uᵀ δₜ₊₁) (1 − aₜ²),
    ∂E/∂W = Σₜ δₜ xₜᵀ, ∂E/∂U = Σₜ δₜ aₜ₋₁ᵀ, ∂E/∂b = Σₜ δₜ.
    W: (n_out, n_in), U: (n_out, n_out), b: (n_out,). 나머지는 Recurrent와 같아요.
    출처: Elman 1990; Werbos 1990.
    """

    formula = "aₜ = tanh(W xₜ + U aₜ₋₁ + b)"

    def _next(self, z: Array, a: Array, U: Array, new: Array) -> None:
        np.dot(a, U[0], out=new)
        new += z[0]
        np.tanh(new, out=new)

    def _through_time(self, delta: Array) -> Array:
        x, a = self._x, self._a
        grad_a = delta.transpose(1, 0, 2).copy()  # 미래에서 aₜ로 온 기울기를 여기에 더해 가요
        grad_z = 1 - a[1:] * a[1:]  # tanh′
        if self._real is not None:
            grad_z *= self._real
        for t in reversed(range(len(x))):
            grad_z[t] *= grad_a[t]
            if self._starts_block(t):
                continue
            grad_a[t - 1] += np.dot(grad_z[t], self.U.value)  # 표본이 행이라 Uᵀδ가 δU로 적혀요
            if self._real is not None:
                grad_a[t - 1] += grad_a[t] * (1 - self._real[t])  # 없는 걸음에서는 aₜ = aₜ₋₁
        _sum_over_steps(grad_z[None], x, self.W.grad)
        _sum_over_steps(grad_z[None], a[:-1], self.U.grad)
        np.add.reduce(grad_z, axis=(0, 1), out=self.b.grad)
        return grad_z[None]


class GRU(Recurrent):
    """게이트가 있는 순환층: 두 게이트가 옛 상태를 얼마나 쓰고(r) 얼마나 남길지(u)를 배워요.

    r = σ(Wʳ x + Uʳ a + bʳ), u = σ(Wᵘ x + Uᵘ a + bᵘ), ã = tanh(Wᵃ x + bᵃ + r ⊙ (Uᵃ a + c)),
    aₜ = u ⊙ aₜ₋₁ + (1 − u) ⊙ ã. (x = xₜ, a = aₜ₋₁)
    W: (3 n_out, n_in)는 r, u, ã의 차례로 쌓은 것이고 U, b도 그래요. c: (n_out,). 나머지는 Recurrent와 같아요.

    논문의 마지막 판은 r을 U를 곱하기 **앞에** 곱해요: U (r ⊙ a). 여기서는 PyTorch처럼 **뒤에** 곱해요: 한 걸음에
    행렬 곱이 한 번이면 돼요. 논문의 z를 이 책의 가중합 z와 헷갈리지 않게 u로 적어요.
    출처: Cho et al. 2014; PyTorch의 torch.nn.GRU 문서의 식.
    """

    formula = "aₜ = u aₜ₋₁ + (1 − u) ã"
    _gates = 3

    def _more(self, n_out: int, dtype: np.dtype[Any]) -> list[Param]:
        self.c = Param(np.zeros(n_out, dtype), "c")
        return [self.c]

    def _next(self, z: Array, a: Array, U: Array, new: Array) -> Array:
        recur = np.matmul(a, U)  # (3, n, n_out)
        gates, inside, inner = z[:2], z[2], recur[2]
        gates += recur[:2]
        _sigmoid(gates, out=gates)
        r, u = gates
        inner += self.c.value
        inside += r * inner
        np.tanh(inside, out=inside)  # ã
        np.subtract(a, inside, out=new)
        new *= u
        new += inside  # ã + u (a − ã)
        return inner

    def _remember(self, memory: list[Array]) -> None:
        self._inner = np.stack(memory)  # (t, n, n_out): Uᵃ a + c

    def _through_time(self, delta: Array) -> Array:
        x, a, inner, U = self._x, self._a, self._inner, self._by_gate(self.U)
        r, u, new = self._z
        grad_a = delta.transpose(1, 0, 2).copy()  # 미래에서 aₜ로 온 기울기를 여기에 더해 가요
        # 걸음마다 ∂E/∂aₜ에 곱하기만 하면 되도록, 국소 기울기는 모든 걸음을 한 번에 계산해요
        to_new = (1 - u) * (1 - new * new)  # ∂aₜ/∂(tanh의 안)
        grad = np.stack([to_new * inner * r * (1 - r), (a[:-1] - new) * u * (1 - u), to_new * r])
        keep = u
        if self._real is not None:
            grad *= self._real
            to_new *= self._real
            keep = u * self._real + (1 - self._real)  # 없는 걸음에서는 aₜ = aₜ₋₁
        for t in reversed(range(len(x))):
            grad[:, t] *= grad_a[t]  # U a에 대한 기울기 (3, n, n_out)
            if self._starts_block(t):
                continue
            grad_a[t - 1] += grad_a[t] * keep[t]
            grad_a[t - 1] += np.matmul(grad[:, t], U).sum(axis=0)
        _sum_over_steps(grad, a[:-1], self.U.grad)
        np.add.reduce(grad[2], axis=(0, 1), out=self.c.grad)
        np.multiply(grad_a, to_new, out=grad[2])  # ã의 W x + b에는 r이 곱해지지 않아요
        _sum_over_steps(grad, x, self.W.grad)
        np.add.reduce(grad, axis=(1, 2), out=self.b.grad.reshape(3, -1))
        return grad


def _sum_over_steps(delta: Array, a: Array, out: Array) -> None:
    """Σ δ aᵀ: 모든 걸음과 모든 표본에 대한 합. δ (g, t, n, j), a (t, n, i) → (g·j, i)."""
    gates, _, _, j = delta.shape
    rows = delta.reshape(gates, -1, j).transpose(0, 2, 1)
    np.matmul(rows, a.reshape(-1, a.shape[2]), out=out.reshape(gates, j, -1))


class LastStep(Layer):
    """마지막 걸음만: (n, t, h) → (n, h). 열 하나를 다 읽고 답 하나를 낼 때 써요.

    다른 걸음의 기울기는 0이에요. 모양이 틀리면 ValueError, 자료형이 틀리면 TypeError,
    forward 전의 backward는 RuntimeError. EveryStep과 MeanOverTime도 그래요.
    """

    formula = "a = a_t"
    takes_steps = True

    def _forward(self, a: Array) -> Array:
        """a[:, −1]."""
        self._a = a
        return a[:, -1].copy()

    def _backward(self, delta: Array) -> Array:
        """마지막 걸음에만 δ. (n, h) → (n, t, h)."""
        grad = np.zeros_like(self._a)
        grad[:, -1] = delta
        return grad


class EveryStep(Layer):
    """모든 걸음을 표본처럼: (n, t, h) → (n·t, h). 걸음마다 답을 낼 때, 뒤에 Linear와 손실을 붙여요.

    행의 차례는 표본 0의 걸음 0, 1, …, 표본 1의 걸음 0, 1, … 이라서 정답도 y.reshape(−1)이면 돼요.
    출력의 행이 표본보다 많아 fit에는 쓸 수 없어요. 9장처럼 고리를 손으로 써요.
    """

    formula = "(n, t, h) → (n·t, h)"
    takes_steps = True

    def _forward(self, a: Array) -> Array:
        """한 걸음이 한 행."""
        self._in_shape = a.shape
        return a.reshape(-1, a.shape[2])

    def _backward(self, delta: Array) -> Array:
        """모양만 되돌려요. (n·t, h) → (n, t, h)."""
        return delta.reshape(self._in_shape)


class MeanOverTime(Layer):
    """걸음의 평균: (n, t, h) → (n, h), a = (1/t) Σₜ aₜ. 순서를 잊는 단어 주머니예요.

    padding=True면 모두 0인 벡터를 빼고 남은 걸음으로 나눠요. 남은 걸음이 없으면 0 벡터예요.
    """

    formula = "a = (1/t) Σₜ aₜ"
    takes_steps = True

    def __init__(self, padding: bool = False) -> None:
        self.padding = check_flag("MeanOverTime", "padding", padding)

    def _forward(self, a: Array) -> Array:
        """(1/t) Σₜ aₜ."""
        real = a.any(axis=2) if self.padding else np.ones(a.shape[:2], dtype=bool)
        count = np.maximum(real.sum(axis=1, keepdims=True), 1)
        self._share = (real / count).astype(a.dtype)  # (n, t): 걸음마다 곱하는 몫. 1/t, 채움이면 0
        return np.matmul(self._share[:, None], a)[:, 0]

    def _backward(self, delta: Array) -> Array:
        """δ를 걸음마다 1/t씩 나눠 줘요. (n, h) → (n, t, h)."""
        return self._share[:, :, None] * delta[:, None]
