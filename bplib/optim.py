"""최적화: 역전파가 구한 기울기로 배우는 수를 고쳐요. 모두 제자리에서 고쳐요."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from bplib._checks import Array, check_finite, check_flag, check_list, check_number, report
from bplib.params import Param, Params


class Optimizer:
    """최적화의 공통 뼈대. params는 net.params()나 Param의 목록이에요.

    net.params()를 주면 신경망 전체를 한 줄로 다뤄 빨라요. lr(학습률 η)은 언제든 바꿀 수 있고, 스케줄이 끝에서
    0으로 만들어도 돼요(그 걸음은 움직이지 않아요).
    처음 η ≤ 0이거나 유한하지 않으면, 목록이 비었거나 겹치면 ValueError. 형이 다르면 TypeError.
    """

    def __init__(self, params: Params | Iterable[Param], lr: float) -> None:
        check_number(type(self).__name__, "학습률 η", lr, 0.0, math.inf, open_low=True)
        self.lr = lr
        blocks = _blocks(type(self).__name__, params)
        if sum(block.size for block in blocks) == 0 or len({id(block) for block in blocks}) < len(blocks):
            raise ValueError(report(type(self).__name__, "params가", "서로 다른 Param 하나 이상", blocks))
        self.blocks = blocks
        self.params = [
            param for block in blocks for param in ([block] if isinstance(block, Param) else block)
        ]
        self._work = [np.empty_like(block.value) for block in blocks]  # 중간 계산을 적는 자리

    @property
    def lr(self) -> float:
        """학습률 η ≥ 0."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = check_number(type(self).__name__, "학습률 η", lr, 0.0, math.inf, open_low=False)

    def step(self) -> None:
        """지금의 grad로 한 걸음."""
        raise NotImplementedError

    def state(self) -> dict[str, Array]:
        """걸음 사이에 기억하는 배열들: 모멘텀의 v, Adam의 m, v, t. save와 load가 써요."""
        return {}

    def _restore(self, state: dict[str, Array]) -> None:
        """state()의 배열들에 state의 수를 적어요."""
        for name, array in self.state().items():
            array[...] = state[name]


def _blocks(who: str, params: Params | Iterable[Param | Params]) -> list[Param | Params]:
    """params를 한꺼번에 다룰 덩어리의 목록으로. 다른 것이 섞였으면 TypeError."""
    return [params] if isinstance(params, Params) else check_list(who, "params", params, (Param, Params))


class SGD(Optimizer):
    """경사 하강법: w ← w − η g (g = ∂E/∂w). 모멘텀 μ가 있으면 v ← μ v + g, w ← w − η v.

    nesterov=True면 w ← w − η (g + μ v). v(velocity, 묶음마다 하나)는 0에서 시작해요. 0 ≤ μ < 1.
    μ가 벗어나거나 μ = 0인데 nesterov=True면 ValueError. 나머지 오류는 Optimizer와 같아요.
    출처: Polyak 1964; Sutskever et al. 2013, 식 (1)–(4)와 v의 부호와 눈금만 달라요.
    """

    def __init__(
        self, params: Params | Iterable[Param], lr: float, momentum: float = 0.0, nesterov: bool = False
    ) -> None:
        self.momentum = check_number("SGD", "모멘텀 μ", momentum, 0.0, 1.0, open_low=False)
        if check_flag("SGD", "nesterov", nesterov) and not momentum:
            raise ValueError(report("SGD", "모멘텀 μ의 값이", "nesterov=True면 0보다 큰 수", "0"))
        self.nesterov = bool(nesterov)
        super().__init__(params, lr)
        self.velocity = [np.zeros_like(block.value) for block in self.blocks] if momentum else self._work

    def state(self) -> dict[str, Array]:
        """{"v.0": …}, 묶음마다 하나. 모멘텀이 없으면 빈 것."""
        return {f"v.{i}": v for i, v in enumerate(self.velocity)} if self.momentum else {}

    def step(self) -> None:
        """w ← w − η g, 또는 모멘텀의 식."""
        for block, v, work in zip(self.blocks, self.velocity, self._work, strict=True):
            value, direction = block.value, block.grad
            if self.momentum:
                v *= self.momentum
                v += block.grad
                direction = v
            if self.nesterov:
                np.multiply(v, self.momentum, out=work)
                work += block.grad
                direction = work
            np.multiply(direction, self.lr, out=work)
            value -= work

    def __repr__(self) -> str:
        kind = ", nesterov" if self.nesterov else ""
        return f"SGD(η={self.lr:g}, μ={self.momentum:g}{kind})"


class Adam(Optimizer):
    """Adam: 기울기의 평균 m과 제곱의 평균 v로 걸음의 크기를 수마다 맞춰요.

    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ),
    w ← w − η m̂ / (√v̂ + ε). ε은 논문의 알고리즘 1처럼 v̂을 바로잡은 √ 다음에 더해요(논문의 끝에 적힌 빠른 꼴은
    ε의 눈금이 달라요). 0 ≤ β < 1, ε > 0이 아니면 ValueError. 나머지 오류는 Optimizer와 같아요.
    출처: Kingma & Ba 2015, 알고리즘 1.
    """

    def __init__(
        self,
        params: Params | Iterable[Param],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        who = type(self).__name__
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise TypeError(report(who, "betas의 형이", "(β₁, β₂)", repr(betas)))
        self.beta1, self.beta2 = (
            check_number(who, name, beta, 0.0, 1.0, open_low=False)
            for name, beta in zip(("β₁", "β₂"), betas, strict=True)
        )
        self.eps = check_number(who, "ε", eps, 0.0, math.inf, open_low=True)
        super().__init__(params, lr)
        self.t = 0
        self.m = [np.zeros_like(block.value) for block in self.blocks]
        self.v = [np.zeros_like(block.value) for block in self.blocks]

    def state(self) -> dict[str, Array]:
        """{"t": (1,), "m.0": …, "v.0": …}, m과 v는 묶음마다 하나씩."""
        moments = {f"m.{i}": m for i, m in enumerate(self.m)} | {f"v.{i}": v for i, v in enumerate(self.v)}
        return {"t": np.array([self.t], float), **moments}

    def _restore(self, state: dict[str, Array]) -> None:
        super()._restore(state)
        self.t = int(state["t"][0])

    def step(self) -> None:
        """w ← w − η m̂ / (√v̂ + ε)."""
        self.t += 1
        scale_m = 1 - self.beta1**self.t
        scale_v = math.sqrt(1 - self.beta2**self.t)
        # m̂ / (√v̂ + ε)의 위아래에 scale_v = √(1 − β₂ᵗ)를 곱해 두면 배열 나눗셈이 한 번으로 줄어요
        for block, m, v, work in zip(self.blocks, self.m, self.v, self._work, strict=True):
            value, g = block.value, block.grad
            m *= self.beta1
            np.multiply(g, 1 - self.beta1, out=work)
            m += work
            v *= self.beta2
            np.multiply(g, g, out=work)
            work *= 1 - self.beta2
            v += work
            np.sqrt(v, out=work)
            work += self.eps * scale_v
            np.divide(m, work, out=work)
            work *= self.lr * scale_v / scale_m  # η m̂ / (√v̂ + ε)
            value -= work

    def __repr__(self) -> str:
        return f"{type(self).__name__}(η={self.lr:g}, β=({self.beta1:g}, {self.beta2:g}), ε={self.eps:g})"


class AdamW(Adam):
    """AdamW: 기울기와 따로, 걸음마다 가중치를 조금씩 줄이는(가중치 감쇠) Adam.

    w ← (1 − η λ) w − η m̂ / (√v̂ + ε). 손실에 ½ λ Σ w²을 더하면 λ w도 √v̂으로 나뉘어서, 기울기가 큰 수는 덜 줄어요.
    여기서는 m과 v가 손실의 기울기만 모으고, 모든 수가 같은 비율로 줄어요. λ = 0이면 Adam이에요.
    λ < 0이거나 유한하지 않으면 ValueError. 나머지 오류는 Adam과 같아요.
    출처: Loshchilov & Hutter 2019. 논문의 스케줄 배율 자리에 η를 곱한 것으로, PyTorch의 AdamW와 같은 꼴이에요.
    """

    def __init__(
        self,
        params: Params | Iterable[Param],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        self.weight_decay = check_number(
            "AdamW", "가중치 감쇠 λ", weight_decay, 0.0, math.inf, open_low=False
        )
        super().__init__(params, lr, betas, eps)

    def step(self) -> None:
        """w ← (1 − η λ) w, 그다음 Adam의 한 걸음."""
        for block in self.blocks:
            value = block.value
            value *= 1 - self.lr * self.weight_decay
        super().step()

    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]}, λ={self.weight_decay:g})"


def clip_gradients(params: Params | Iterable[Param | Params], max_norm: float) -> float:
    """기울기 자르기: ‖g‖ > max_norm이면 g ← g · max_norm / ‖g‖. 자르기 전의 ‖g‖를 돌려줘요.

    g는 모든 기울기를 이어 붙인 한 벡터라, 방향은 그대로고 길이만 줄어요. grad를 제자리에서 고쳐요.
    max_norm이 양수가 아니거나 기울기에 NaN·무한대가 있으면 ValueError이고, 아무것도 바뀌지 않아요.
    출처: Pascanu et al. 2013, 알고리즘 1.
    """
    max_norm = check_number("clip_gradients", "max_norm", max_norm, 0.0, math.inf, open_low=True)
    grads = [block.grad for block in _blocks("clip_gradients", params)]
    for grad in grads:
        check_finite("clip_gradients", "기울기", grad)
    norm = math.hypot(*map(_norm, grads))
    if norm > max_norm:
        for grad in grads:
            grad *= max_norm / norm
    return norm


def _norm(g: Array) -> float:
    """‖g‖. 폭발한 기울기는 제곱이 넘칠 수 있어서, 그때는 가장 큰 값으로 먼저 나눠요."""
    with np.errstate(over="ignore"):
        norm = float(np.linalg.norm(g))
    if math.isfinite(norm):
        return norm
    largest = float(np.abs(g).max())
    return largest * float(np.linalg.norm(g / g.dtype.type(largest)))
