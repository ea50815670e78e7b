"""어텐션: 열의 토큰마다 다른 토큰을 모두 보고, 필요한 것을 골라 섞어요. 시간을 따라 도는 반복이 없어요."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_count, check_dtype, check_flag, check_rng
from bplib.init import Init, _draw, xavier
from bplib.layers import Layer
from bplib.params import Param, Params


class SelfAttention(Layer):
    """셀프 어텐션 머리 하나: 토큰마다 질의·키·값을 만들고, 질의와 키가 닮은 만큼 값을 섞어요.

    q = W_q x, k = W_k x, v = W_v x, P = softmax(q kᵀ / √d), a = P v. d는 n_out이에요.
    W: (3 n_out, n_in)는 W_q, W_k, W_v의 차례로 쌓은 것. 입력 (n, t, n_in), 출력 (n, t, n_out).
    forward 다음의 shares (n, t, t)는 P예요: [i, j]가 i번째 토큰이 j번째의 값을 섞은 비율이고, 한 줄을 더하면 1이에요.
    padding=True면 모두 0인 입력 벡터는 없는 토큰이에요: 섞이지 않고, 출력도 0이에요.
    자리를 모르니, 토큰의 차례를 바꾸면 출력도 그대로 차례만 바뀌어요.
    개수·모양이 틀리면 ValueError, 자료형이 틀리면 TypeError, forward 전의 backward는 RuntimeError.
    출처: Vaswani et al. 2017.
    """

    formula = "a = softmax(q kᵀ / √d) v"
    takes_steps = True
    input_name = "입력 x"
    shares: Array  # (n, t, t): 지난 forward에서 섞은 비율 P

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Init = xavier,
        padding: bool = False,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        self.n_in = check_count("SelfAttention", "n_in", n_in)
        self.n_out = check_count("SelfAttention", "n_out", n_out)
        check_rng("SelfAttention", rng)
        self.padding = check_flag("SelfAttention", "padding", padding)
        self.dtype = dtype = check_dtype("SelfAttention", dtype)
        parts = [_draw(self, init, self.n_out, self.n_in, rng, dtype) for _ in range(3)]
        self.W = Param(np.concatenate(parts), "W")
        self._params = Params([self.W])
        self._scale = float(1 / np.sqrt(self.n_out))

    def _forward(self, x: Array) -> Array:
        """x (n, t, n_in) → a (n, t, n_out)."""
        real = np.asarray(x.any(axis=2)) if self.padding else np.ones(x.shape[:2], dtype=bool)
        self._x, self._real = x, real[:, :, None]
        q, k, v = self._split(np.dot(x, self.W.value.T))
        scores = np.matmul(q, k.transpose(0, 2, 1)) * self._scale
        scores[np.broadcast_to(~real[:, None], scores.shape)] = -np.inf
        top = scores.max(axis=2, keepdims=True)
        powers = np.exp(scores - np.where(np.isfinite(top), top, 0))  # 가장 큰 것을 빼면 넘치지 않아요
        self.shares = powers / np.maximum(powers.sum(axis=2, keepdims=True), 1)  # 합이 0이면 토큰이 없는 문장
        self._qkv = q, k, v
        return np.matmul(self.shares, v) * self._real

    def _backward(self, delta: Array) -> Array:
        """δ = ∂E/∂a (n, t, n_out)를 받아 W.grad를 적고 ∂E/∂x를 돌려줘요.

        ∂E/∂v = Pᵀ δ, ∂E/∂P = δ vᵀ, ∂E/∂s = P ⊙ (∂E/∂P − Σⱼ P ∂E/∂P), ∂E/∂q = ∂E/∂s k / √d.
        """
        grad_z = self._grad_qkv(delta)
        return np.dot(grad_z, self.W.value)

    def _param_grads(self, delta: Array) -> None:
        self._grad_qkv(delta)

    def _grad_qkv(self, delta: Array) -> Array:
        q, k, v = self._qkv
        delta = delta * self._real
        grad_p = np.matmul(delta, v.transpose(0, 2, 1))
        pull = grad_p - np.sum(self.shares * grad_p, axis=2, keepdims=True)
        grad_s = self.shares * pull * self._scale
        grad_q = np.matmul(grad_s, k)
        grad_k = np.matmul(grad_s.transpose(0, 2, 1), q)
        grad_v = np.matmul(self.shares.transpose(0, 2, 1), delta)
        grad_z = np.concatenate([grad_q, grad_k, grad_v], axis=2)
        width = self._x.shape[2]
        np.dot(grad_z.reshape(-1, len(self.W.value)).T, self._x.reshape(-1, width), out=self.W.grad)
        return grad_z

    def _split(self, z: Array) -> list[Array]:
        return np.split(z, 3, axis=2)

    def __repr__(self) -> str:
        return f"SelfAttention({self.n_in} → {self.n_out})"
