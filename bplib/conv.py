"""그림을 위한 층: 합성곱 Conv2d, 최댓값 풀링 MaxPool2d, 그림을 한 줄로 펴는 Flatten.

그림 묶음의 모양은 (n, c, h, w)예요: 표본, 채널, 세로, 가로.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_count, check_dtype, check_floats, check_rng, report
from bplib.init import Init, _draw, he
from bplib.layers import Layer, Shape
from bplib.params import Param, Params


class Conv2d(Layer):
    """합성곱: 작은 가중치 W 하나를 그림의 모든 자리에 대고, 자리마다 z = Σ W a + b.

    z[n, o, r, s] = Σ_{c,i,j} W[o, c, i, j] · a[n, c, stride·r + i, stride·s + j] + b[o]
    (a는 네 가장자리에 0을 padding줄씩 두른 입력). W를 뒤집지 않으니 수학의 말로는 상호상관(cross-correlation)이지만,
    다른 라이브러리처럼 합성곱이라고 불러요.
    W: (c_out, c_in, size, size), b: (c_out,), 입력 (n, c_in, h, w), 출력 (n, c_out, h′, w′),
    h′ = ⌊(h + 2 padding − size) / stride⌋ + 1. init은 (c_out, c_in·size², rng)로 부르고, b는 0에서 시작해요.
    개수·모양·값이 틀리면 ValueError, 자료형이나 rng가 틀리면 TypeError, forward 전의 backward는 RuntimeError.
    출처: LeCun et al. 1989; 창을 행렬의 열로 펴는 계산은 Chellapilla et al. 2006.
    """

    formula = "z = W ⋆ a + b"

    def __init__(
        self,
        c_in: int,
        c_out: int,
        size: int,
        *,
        rng: np.random.Generator,
        padding: int = 0,
        stride: int = 1,
        init: Init = he,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        self.c_in = check_count("Conv2d", "c_in", c_in)
        self.c_out = check_count("Conv2d", "c_out", c_out)
        self.size = check_count("Conv2d", "size", size)
        self.stride = check_count("Conv2d", "stride", stride)
        self.padding = _check_padding(padding)
        check_rng("Conv2d", rng)
        self.dtype = dtype = check_dtype("Conv2d", dtype)
        wanted = (self.c_out, self.c_in * self.size**2)
        weights = _draw(self, init, *wanted, rng, dtype)
        self.W = Param(weights.reshape(self.c_out, self.c_in, self.size, self.size), "W")
        self.b = Param(np.zeros(self.c_out, dtype), "b")
        self._params = Params([self.W, self.b])

    def _check_input(self, a: Array) -> None:
        _check_images(self, a, self.c_in, self.W.dtype, self.size - 2 * self.padding)

    def _forward(self, a: Array) -> Array:
        """자리마다 z = Σ W a + b. a: (n, c_in, h, w) → (n, c_out, h′, w′)."""
        n, _, h, w = self._in_shape = a.shape
        rows, cols = self._places(h), self._places(w)
        padded = np.zeros(self._padded_shape(a.shape), self.W.dtype)
        self._inside(padded)[...] = _batch_last(a)
        # 창마다 보이는 수를 열 하나에 세워요. 그러면 모든 자리의 Σ W a가 행렬 곱 한 번이에요
        columns = np.empty((self.c_in, self.size**2, rows, cols, n), self.W.dtype)
        for k, shifted in enumerate(_shifts(padded, self.size, self.stride, rows, cols)):
            columns[:, k] = shifted
        self._columns = columns.reshape(self.c_in * self.size**2, -1)
        z = np.dot(self._matrix(self.W.value), self._columns)
        z += self.b.value[:, None]
        return _batch_first(z.reshape(self.c_out, rows, cols, n))

    def _backward(self, delta: Array) -> Array:
        """δ = ∂E/∂z를 받아 W.grad, b.grad를 적고, 자리마다 Wᵀδ를 왔던 창에 더해 ∂E/∂a를 돌려줘요."""
        self._param_grads(delta)
        n, _, rows, cols = delta.shape
        columns = np.dot(self._matrix(self.W.value).T, self._matrix(_batch_last(delta)))
        columns = columns.reshape(self.c_in, self.size**2, rows, cols, n)
        padded = np.zeros(self._padded_shape(self._in_shape), self.W.dtype)
        for k, shifted in enumerate(_shifts(padded, self.size, self.stride, rows, cols)):
            shifted += columns[:, k]  # 한 화소는 여러 창에 들어가니 더해요
        return _batch_first(self._inside(padded))

    def _param_grads(self, delta: Array) -> None:
        """∂E/∂W = Σ δ aᵀ, ∂E/∂b = Σ δ. 합은 배치의 표본과 그림의 모든 자리에 대해."""
        flat = self._matrix(_batch_last(delta))
        self._matrix(self.W.grad)[...] = np.dot(self._columns, flat.T).T  # δ aᵀ보다 (a δᵀ)ᵀ가 빨라요
        np.add.reduce(flat, axis=1, out=self.b.grad)

    def _places(self, length: int) -> int:
        """한 방향으로 창을 놓을 수 있는 자리의 수."""
        return (length + 2 * self.padding - self.size) // self.stride + 1

    def _padded_shape(self, shape: Shape) -> Shape:
        """0을 두른 입력을 표본이 맨 뒤로 가게 놓은 모양."""
        n, c, h, w = shape
        return c, h + 2 * self.padding, w + 2 * self.padding, n

    def _inside(self, padded: Array) -> Array:
        """두른 0을 뺀 가운데."""
        inside = slice(self.padding, -self.padding or None)
        return padded[:, inside, inside]

    def _matrix(self, a: Array) -> Array:
        """출력 채널이 행인 행렬로 펴요."""
        return a.reshape(self.c_out, -1)

    def __repr__(self) -> str:
        extra = f", padding={self.padding}" if self.padding else ""
        extra += f", stride={self.stride}" if self.stride > 1 else ""
        return f"Conv2d({self.c_in} → {self.c_out}, {self.size}×{self.size}{extra})"


class MaxPool2d(Layer):
    """최댓값 풀링: 그림을 size×size 칸으로 나눠 칸마다 가장 큰 값만 남겨요. (n, c, h, w) → (n, c, ⌊h/size⌋, ⌊w/size⌋).

    칸을 채우지 못한 오른쪽과 아래의 나머지는 버려요. 역전파는 뽑힌 하나에만 기울기를 보내고, 가장 큰 값이
    여럿이면 읽는 차례(왼쪽 위부터)로 첫 번째 하나가 모두 받아요.
    칸이 겹치거나(stride) 0을 두르는 풀링과 평균 풀링은 없어요: 책의 신경망이 쓰지 않고, stride를 준 Conv2d가 대신해요.
    모양·값이 틀리면 ValueError, 자료형이 틀리면 TypeError, forward 전의 backward는 RuntimeError.
    """

    formula = "a = 칸의 최댓값"

    def __init__(self, size: int) -> None:
        self.size = check_count("MaxPool2d", "size", size)

    def _check_input(self, a: Array) -> None:
        _check_images(self, a, None, None, self.size)

    def _forward(self, a: Array) -> Array:
        """칸마다의 최댓값."""
        self._a, self._best = a, reduce(np.maximum, self._corners(a))
        return self._best

    def _backward(self, grad_a: Array) -> Array:
        """∂E/∂a를 칸마다 뽑힌 자리로. 나머지 자리는 0."""
        grad, best = np.zeros_like(self._a), self._best
        waiting = np.ones_like(best, dtype=bool)  # 아직 뽑힌 자리를 만나지 못한 칸
        for value, target in zip(self._corners(self._a), self._corners(grad), strict=True):
            won = (value == best) & waiting
            np.multiply(grad_a, won, out=target)
            waiting ^= won
        return grad

    def _corners(self, a: Array) -> Iterator[Array]:
        """칸의 첫째 화소만 모은 것, 둘째 화소만 모은 것, … 모두 a의 view."""
        rows, cols = (length // self.size for length in a.shape[2:])
        return map(_batch_first, _shifts(_batch_last(a), self.size, self.size, rows, cols))

    def __repr__(self) -> str:
        return f"MaxPool2d({self.size}×{self.size})"


class Flatten(Layer):
    """펴기: 표본마다 (c, h, w)를 한 줄로. (n, c, h, w) → (n, c·h·w). 값은 그대로예요.

    자료형이 틀리면 TypeError, 모양이 틀리면 ValueError, forward 전의 backward는 RuntimeError.
    """

    formula = "한 줄로 펴요"

    def _check_input(self, a: Array) -> None:
        super()._check_input(a)
        if a.ndim < 2:
            raise ValueError(report(self, "입력 a의 모양이", "(n, …)", a.shape))

    def _forward(self, a: Array) -> Array:
        """(n, c, h, w) → (n, c·h·w)."""
        self._a = a
        return a.reshape(len(a), math.prod(a.shape[1:]))

    def _backward(self, grad_a: Array) -> Array:
        """기울기를 다시 (n, c, h, w)로."""
        grad = np.empty_like(self._a)  # a와 같은 차례로 놓아야 앞 층의 계산이 느려지지 않아요
        grad[...] = grad_a.reshape(grad.shape)
        return grad


def _batch_last(a: Array) -> Array:
    """(n, c, h, w) → (c, h, w, n). 표본을 맨 뒤에 두면 창을 한 칸 옮겨도 이웃한 수가 길게 이어져, 베끼기가 빨라요."""
    return a.transpose(1, 2, 3, 0)


def _batch_first(a: Array) -> Array:
    """(c, h, w, n) → (n, c, h, w)."""
    return a.transpose(3, 0, 1, 2)


def _shifts(a: Array, size: int, stride: int, rows: int, cols: int) -> Iterator[Array]:
    """a (c, h, w, n)에서 창의 (0, 0)번 칸에 오는 화소들, (0, 1)번 칸에 오는 화소들, …: (c, rows, cols, n)인 view."""
    for i in range(size):
        for j in range(size):
            yield a[:, i : i + stride * rows : stride, j : j + stride * cols : stride]


def _check_images(
    who: Layer, a: Array, channels: int | None, dtype: np.dtype[Any] | None, least: int
) -> None:
    """모양이 (n, channels, h, w)이고 h와 w가 least 이상인 실수 배열인지 봐요."""
    check_floats(who, "입력 a", a, dtype)
    if a.ndim != 4 or (channels is not None and a.shape[1] != channels):
        raise ValueError(report(who, "입력 a의 모양이", f"(n, {channels or 'c'}, h, w)", a.shape))
    if min(a.shape[2:]) < least:
        raise ValueError(report(who, "입력 a의 세로와 가로가", f"{least} 이상", a.shape[2:]))


def _check_padding(padding: int) -> int:
    """0 이상의 정수인지 봐요."""
    if not isinstance(padding, numbers.Integral) or isinstance(padding, bool):
        raise TypeError(report("Conv2d", "padding의 형이", "0 이상의 정수", repr(padding)))
    if padding < 0:
        raise ValueError(report("Conv2d", "padding의 값이", "0 이상의 정수", padding))
    return int(padding)
