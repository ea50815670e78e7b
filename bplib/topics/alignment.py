"""피드백 정렬: 역전파의 Wᵀ 자리에 고정된 무작위 Bᵀ를 쓰는 층, 그리고 그 걸음이 진짜 기울기와 이루는 각."""

from __future__ import annotations

import copy
import math

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_finite, check_floats, check_like, check_type, report
from bplib.init import Init, _draw, he
from bplib.layers import Linear, Sequential, every_layer
from bplib.losses import Loss, Target


class FeedbackLinear(Linear):
    """피드백 정렬 층: 앞으로는 z = W a + b, 뒤로는 Wᵀδ 대신 고정된 무작위 Bᵀδ를 보내요.

    top을 주면 이 층의 δ가 아니라 출력층 top의 δ를 곧장 보내요(직접 피드백 정렬): Bᵀδᴸ.
    B: (δ의 길이, n_in). W를 뽑은 뒤에 같은 init으로 따로 뽑고, 배우는 수가 아니라서 바뀌지 않아요.
    W.grad와 b.grad의 식은 Linear와 같아요. 달라지는 것은 앞 층으로 가는 신호뿐이고, B = W이면 역전파예요.
    top이 FeedbackLinear가 아니면 TypeError, 이번 배치에서 top이 먼저 backward하지 않았으면 RuntimeError나
    ValueError. 나머지 오류는 Linear와 같아요. 출처: Lillicrap et al. 2016; top은 Nøkland 2016.
    """

    formula = "z = W a + b, 뒤로는 Bᵀδ"
    _delta: Array  # 지난 역전파에서 받은 δ

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        top: FeedbackLinear | None = None,
        init: Init = he,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        if top is not None:
            check_type("FeedbackLinear", "top", top, FeedbackLinear)
        super().__init__(n_in, n_out, rng=rng, init=init, dtype=dtype)
        self.top = top
        self.B = _draw(self, init, (top or self).W.shape[0], n_in, rng, dtype)

    def _backward(self, delta: Array) -> Array:
        """δ를 받아 W.grad, b.grad를 적고 Bᵀδ(top이 있으면 Bᵀδᴸ)를 돌려줘요. (n, n_out) → (n, n_in)."""
        self._delta = delta
        self._param_grads(delta)
        return np.dot((self.top or self)._delta, self.B)

    def _check_delta(self, delta: Array) -> None:
        super()._check_delta(delta)
        if self.top is not None:
            if not hasattr(self.top, "_delta"):
                raise RuntimeError(f"{self}: 출력층 top이 backward를 먼저 해야 해요.")
            check_like(self, "출력층의 δ", self.top._delta, (len(delta), self.B.shape[0]), delta.dtype)

    def __repr__(self) -> str:
        return f"FeedbackLinear({self.n_in} → {self.n_out})"


def angle(u: Array, v: Array) -> float:
    """두 배열을 한 줄로 펴서 잰 사이의 각: cos θ = u·v / (‖u‖ ‖v‖), 단위는 도(0 … 180).

    0°면 같은 방향, 90°면 아무 상관이 없고, 180°면 반대예요. 90°보다 작으면 u로 가도 v 쪽으로 내려가요.
    모양이 다르거나 비었거나 유한하지 않거나, 모두 0이라 방향이 없으면 ValueError, 자료형이 다르면 TypeError.
    """
    check_floats("angle", "u", u)
    check_like("angle", "v", v, u.shape, u.dtype)
    for name, array in (("u", u), ("v", v)):
        check_finite("angle", name, array)
        if not array.any():
            raise ValueError(report("angle", f"{name}의 값이", "0이 아닌 배열", "모두 0"))
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    # arccos(u·v)는 0° 가까이에서 반올림에 약해요. 마름모의 두 대각선으로 재면 같은 방향이 정확히 0°예요.
    return math.degrees(2 * math.atan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))


def update_angles(net: Sequential, loss: Loss, x: Array, y: Target) -> dict[str, float]:
    """가중치마다, net이 가려는 방향과 진짜 기울기 ∂E/∂W 사이의 각. {이름: 도}를 돌려줘요.

    진짜 기울기는 복사본의 B를 모두 W로 바꿔서 구해요. net과 loss는 그대로예요.
    x와 y의 오류는 Sequential.forward, Loss.forward와 같고, 어느 기울기가 모두 0이면 ValueError.
    """
    check_type("update_angles", "net", net, Sequential)
    check_type("update_angles", "loss", loss, Loss)
    net, loss = copy.deepcopy((net, loss))
    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    taken = {param.name: param.grad.copy() for param in net.params()}
    for layer in every_layer(net):
        if isinstance(layer, FeedbackLinear):
            layer.B, layer.top = layer.W.value, None
    net.backward(loss.backward())
    return {p.name: angle(taken[p.name], p.grad) for p in net.params() if p.name.endswith("W")}
