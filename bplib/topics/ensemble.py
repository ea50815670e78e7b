"""나란한 신경망: 모양이 같은 작은 신경망 m개를 배열의 첫 축에 쌓아 한꺼번에 계산해요. 결과는 하나씩 한 것과 같아요."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from bplib._checks import (
    Array,
    check_cache,
    check_finite,
    check_floats,
    check_list,
    check_number,
    check_type,
    report,
)
from bplib.activations import Activation
from bplib.layers import Layer, Linear, Sequential
from bplib.params import Param, Params


class StackedLinear(Layer):
    """나란한 선형층 m개: 신경망 s마다 z_s = W_s a_s + b_s. W: (m, n_out, n_in), b: (m, n_out).

    입력은 신경망마다 다른 (m, n, n_in)이거나 모두가 함께 쓰는 (n, n_in), 출력은 (m, n, n_out)이에요.
    한 신경망의 손실에는 제 W와 b만 들어가므로, 손실을 모두 더해 미분해도 기울기는 저마다의 것이에요.
    모양이 틀리면 ValueError, 자료형이 다르면 TypeError, forward 전의 backward는 RuntimeError.
    """

    formula = "z = W a + b"

    def __init__(self, layers: Sequence[Linear]) -> None:
        layers = check_list("StackedLinear", "layers", layers, Linear)
        if not layers or len({(layer.W.shape, layer.W.dtype) for layer in layers}) > 1:
            raise ValueError(
                report("StackedLinear", "layers가", "모양과 dtype이 같은 Linear 하나 이상", layers)
            )
        self._m, self._n_out, self._n_in = len(layers), layers[0].W.shape[0], layers[0].W.shape[1]
        self.W = Param(np.stack([layer.W.value for layer in layers]), "W")
        self.dtype = self.W.dtype
        self.b = Param(np.stack([layer.b.value for layer in layers]), "b")
        self._params = Params([self.W, self.b])

    def _check_input(self, a: Array) -> None:
        super()._check_input(a)
        stacked = a.ndim == 3 and a.shape[0] == self._m
        if a.shape[-1:] != (self._n_in,) or not (stacked or a.ndim == 2):
            wanted = f"({self._m}, n, {self._n_in}) 또는 (n, {self._n_in})"
            raise ValueError(report(self, "입력 a의 모양이", wanted, a.shape))

    def _forward(self, a: Array) -> Array:
        """z = W a + b. a: (m, n, n_in) 또는 (n, n_in) → (m, n, n_out)."""
        z: Array = a @ self.W.value.swapaxes(1, 2)
        z += self.b.value[:, None, :]
        self._a = a
        return z

    def _backward(self, delta: Array) -> Array:
        """δ (m, n, n_out)를 받아 W.grad, b.grad를 적고 ∂E/∂a = Wᵀδ (m, n, n_in)를 돌려줘요."""
        self._param_grads(delta)
        grad_a: Array = delta @ self.W.value
        return grad_a

    def _param_grads(self, delta: Array) -> None:
        """∂E/∂W = Σ δ aᵀ, ∂E/∂b = Σ δ. 합은 신경망마다 제 표본 n개에 대해서예요."""
        np.matmul(delta.swapaxes(1, 2), self._a, out=self.W.grad)
        np.einsum("snj->sj", delta, out=self.b.grad)

    def __repr__(self) -> str:
        return f"StackedLinear({self._m} × ({self._n_in} → {self._n_out}))"


def stack(nets: Sequence[Sequential]) -> Sequential:
    """모양이 같은 신경망 m개를 쌓은 신경망 하나. 지금의 가중치를 베껴 가고, 받은 신경망은 그대로예요.

    층은 Linear와 활성화 함수만 쓸 수 있어요(아니면 TypeError). 비었거나 층·크기가 서로 다르면 ValueError.
    """
    nets = check_list("stack", "nets", nets, Sequential)
    if not nets:
        raise ValueError(report("stack", "신경망의 개수가", "1개 이상", "0개"))
    for index, net in enumerate(nets):
        if net.dtype != nets[0].dtype or [repr(layer) for layer in net] != [repr(layer) for layer in nets[0]]:
            raise ValueError(report("stack", f"{index}번 신경망의 층이", list(nets[0]), list(net)))
    return Sequential(*[_stack_layer(layers) for layers in zip(*nets, strict=True)])


def _stack_layer(layers: tuple[Layer, ...]) -> Layer:
    """같은 자리의 층 m개를 하나로. 활성화 함수는 수마다 따로 계산하니 하나면 돼요."""
    first = layers[0]
    if isinstance(first, Linear):
        return StackedLinear([layer for layer in layers if isinstance(layer, Linear)])
    if isinstance(first, Activation):
        fresh = copy.copy(first)
        del fresh._made  # 앞 신경망에 들어 있던 것은 잊어요
        return fresh
    raise TypeError(report("stack", "층의 형이", "Linear나 활성화 함수", repr(first)))


class StackedHalfSquaredError:
    """신경망마다의 제곱 오차의 절반: E_s = (1/n) Σₙ ½ Σₖ (y − a_s)². HalfSquaredError를 m번 부른 것과 같아요.

    pred: (m, n, k), y: 모두가 함께 쓰는 (n, k) 또는 (m, n, k). 모양·값이 틀리면 ValueError,
    자료형이 다르면 TypeError, forward 전의 backward는 RuntimeError.
    """

    _residual: Array | None = None

    def forward(self, pred: Array, y: Array) -> Array:
        """E_s를 모은 (m,)."""
        check_floats(self, "출력 pred", pred)
        check_floats(self, "정답 y", y, pred.dtype)
        if pred.ndim != 3 or y.shape not in (pred.shape, pred.shape[1:]):
            got = f"{pred.shape}, {y.shape}"
            raise ValueError(report(self, "pred와 y의 모양이", "(m, n, k)와 (n, k) 또는 (m, n, k)", got))
        check_finite(self, "출력 pred", pred)
        check_finite(self, "정답 y", y)
        self._residual = r = pred - y
        E: Array = 0.5 * np.einsum("snk,snk->s", r, r) / pred.shape[1]
        return E

    def backward(self) -> Array:
        """∂E_s/∂a_s = (a_s − y) / n, (m, n, k)."""
        residual = check_cache(self, self._residual)
        return residual / residual.shape[1]

    def __repr__(self) -> str:
        return "StackedHalfSquaredError()"


def curvatures(net: Sequential, loss: StackedHalfSquaredError, x: Array, y: Array, h: float = 1e-4) -> Array:
    """신경망마다 헤세 행렬 H = ∂²E/∂w∂w의 고윳값 P개를 작은 것부터: (m, P). P는 신경망 하나의 매개변수 수.

    고윳값은 서로 수직인 방향들의 곡률이에요. H의 한 줄은 역전파로 구한 기울기의 중앙 차분
    (∇E(w + h) − ∇E(w − h)) / 2h로 재요. 값은 그대로 두고 grad만 새로 적혀요.
    net은 stack이 만든 float64 신경망이에요. 아니면 TypeError, h ≤ 0이면 ValueError.
    """
    h = check_number("curvatures", "h", h, 0.0, 1.0, open_low=True)
    check_type("curvatures", "net", net, Sequential)
    check_type("curvatures", "loss", loss, StackedHalfSquaredError)
    if net.dtype != np.float64 or not any(isinstance(layer, StackedLinear) for layer in net):
        raise TypeError(report("curvatures", "net의 형이", "stack이 만든 float64 Sequential", repr(net)))
    _gradients(net, loss, x, y)  # 입력이 틀렸다면 아무것도 움직이기 전에 여기서 걸려요
    rows = []
    for param in net.params():
        for index in np.ndindex(param.shape[1:]):
            at = (slice(None), *index)  # 신경망마다 같은 자리에 있는 수 m개
            center = param.value[at].copy()
            slopes = []
            for shift in (h, -h):
                param.value[at] = center + shift
                slopes.append(_gradients(net, loss, x, y))
            param.value[at] = center
            rows.append((slopes[0] - slopes[1]) / (2 * h))
    H = np.stack(rows, axis=1)
    eigenvalues: Array = np.linalg.eigvalsh((H + H.swapaxes(1, 2)) / 2)
    return eigenvalues


def _gradients(net: Sequential, loss: StackedHalfSquaredError, x: Array, y: Array) -> Array:
    """신경망마다의 기울기를 한 줄로: (m, P)."""
    E = loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    return np.concatenate([param.grad.reshape(len(E), -1) for param in net.params()], axis=1)
