"""한 신경망 장부: 책을 끝까지 따라가는 신경망 하나와, 손으로 확인할 수 있는 그 모든 수."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bplib._checks import Array
from bplib.activations import Sigmoid
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


LEDGER = golden()


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
