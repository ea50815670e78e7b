"""한 신경망 장부: 책을 끝까지 따라가는 신경망 하나와, 손으로 확인할 수 있는 그 모든 수."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bplib._checks import Array
from bplib.activations import Sigmoid, sigmoid
from bplib.init import zeros
from bplib.layers import Linear, Sequential


@dataclass(frozen=True, eq=False)
class Ledger:
    """입력 둘, 은닉 뉴런 둘, 출력 둘. 두 층 모두 시그모이드, 손실은 제곱 오차의 절반, 표본 하나.

    z¹ = W¹x + b¹, a¹ = σ(z¹), z² = W²a¹ + b², a² = σ(z²), E = ½ Σ (y − a²)²,
    δ² = (a² − y) σ′(z²), δ¹ = (W²ᵀδ²) σ′(z¹), ∂E/∂Wˡ = δˡ aˡ⁻¹ᵀ, ∂E/∂bˡ = δˡ,
    new는 한 걸음 w − η ∂E/∂w 뒤의 값. 벡터는 (2,), 행렬은 (2, 2), 배열은 모두 읽기 전용이에요.
    """

    x: Array
    y: Array
    eta: float
    W1: Array
    b1: Array
    W2: Array
    b2: Array
    z1: Array
    a1: Array
    z2: Array
    a2: Array
    E: float
    delta2: Array
    delta1: Array
    grad_W1: Array
    grad_b1: Array
    grad_W2: Array
    grad_b2: Array
    new_W1: Array
    new_b1: Array
    new_W2: Array
    new_b2: Array
    new_E: float


def _read_only(number: float | list[float]) -> Any:
    if not isinstance(number, list):
        return number
    array = np.array(number, dtype=np.float64)
    array.setflags(write=False)
    return array


def golden() -> Ledger:
    """ledger.json에 적힌 장부. 시험이 따로 만든 자동 미분 라이브러리와 견줘요."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    return Ledger(**{name: _read_only(number) for name, number in json.loads(text).items()})


def _worked_out(x: Array, y: Array, eta: float, W1: Array, b1: Array, W2: Array, b2: Array) -> Ledger:
    """주어진 수에서 나머지를 모두 계산한 장부."""

    def forward(W1: Array, b1: Array, W2: Array, b2: Array) -> dict[str, Any]:
        z1 = W1 @ x + b1
        z2 = W2 @ (a1 := sigmoid(z1)) + b2
        a2 = sigmoid(z2)
        return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "E": 0.5 * np.sum((y - a2) ** 2)}

    weights = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    v = forward(**weights)
    delta2 = (v["a2"] - y) * v["a2"] * (1 - v["a2"])
    delta1 = W2.T @ delta2 * v["a1"] * (1 - v["a1"])
    grads = {"W1": np.outer(delta1, x), "b1": delta1, "W2": np.outer(delta2, v["a1"]), "b2": delta2}
    new = {name: weights[name] - eta * grad for name, grad in grads.items()}
    numbers = {"x": x, "y": y, "eta": eta, **weights, **v, "delta2": delta2, "delta1": delta1}
    numbers |= {f"grad_{name}": grad for name, grad in grads.items()}
    numbers |= {f"new_{name}": value for name, value in new.items()} | {"new_E": forward(**new)["E"]}
    return Ledger(**{name: _read_only(np.asarray(number).tolist()) for name, number in numbers.items()})


LEDGER = golden()

# 연습문제의 장부: 모양은 같고 수만 달라요. 1과 ½이 없어서, 서로 다른 실수가 같은 답을 내는 일이 드물어요.
EXERCISE_LEDGER = _worked_out(
    x=np.array([0.7, 0.3]),
    y=np.array([0.9, 0.1]),
    eta=0.4,
    W1=np.array([[0.8, 0.9], [-0.2, 0.3]]),
    b1=np.array([-0.3, -0.2]),
    W2=np.array([[-0.8, 0.7], [0.6, -0.9]]),
    b2=np.array([0.6, 0.3]),
)


def network() -> Sequential:
    """장부의 가중치를 넣은 새 신경망: Linear(2 → 2), Sigmoid, Linear(2 → 2), Sigmoid."""
    rng = np.random.default_rng(0)  # zeros는 rng를 쓰지 않아요
    hidden, output = Linear(2, 2, rng=rng, init=zeros), Linear(2, 2, rng=rng, init=zeros)
    hidden.W.value, hidden.b.value = LEDGER.W1, LEDGER.b1
    output.W.value, output.b.value = LEDGER.W2, LEDGER.b2
    return Sequential(hidden, Sigmoid(), output, Sigmoid())


def sample() -> tuple[Array, Array]:
    """장부의 표본 하나를 배치로: x (1, 2), y (1, 2). 새 배열이에요."""
    return LEDGER.x[None].copy(), LEDGER.y[None].copy()
