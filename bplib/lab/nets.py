"""배워 둔 신경망: ``studies/``가 배워 ``bplib/data/net_이름.npz``에 적은 수를, 커널과 쪽이 함께 써요."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np

from bplib import (
    GRU,
    Conv2d,
    Embedding,
    EveryStep,
    Flatten,
    LastStep,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    normal,
    xavier,
)
from bplib._checks import check_type, report
from bplib.layers import Layer

Build = Callable[[np.random.Generator], Sequential]


def _digits(rng: np.random.Generator) -> Sequential:
    """7장의 합성곱 신경망: (n, 1, 8, 8) → 숫자마다의 z (n, 10)."""
    return Sequential(
        Conv2d(1, 8, 3, rng=rng, padding=1),
        ReLU(),
        Conv2d(8, 16, 3, rng=rng, padding=1),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(256, 10, rng=rng),
    )


def _tune(rng: np.random.Generator) -> Sequential:
    """9장의 GRU: 토큰 번호 (n, t) → 걸음마다, 다음 토큰 22개의 z (n·t, 22)."""
    return Sequential(
        Embedding(22, 12, rng=rng, init=normal(0.3)),
        GRU(12, 48, rng=rng),
        EveryStep(),
        Linear(48, 22, rng=rng, init=xavier),
    )


def _sentence(rng: np.random.Generator) -> Sequential:
    """8장의 GRU: 음절의 번호 (n, t) → 긍정의 z (n, 1). 너비는 studies/language.py가 고른 것이에요."""
    return Sequential(
        Embedding(475, 16, rng=rng, padding=True),
        GRU(16, 16, rng=rng, padding=True),
        LastStep(),
        Linear(16, 1, rng=rng),
    )


NETS: dict[str, Build] = {
    "digits": _digits,
    "digits_plain": _digits,  # 옮긴 사본 없이 배운 것(studies/shifts.py)
    "sentence": _sentence,
    "tune": _tune,
    "tune-1": _tune,
    "tune-60": _tune,
}  # 이름마다, 배우기 전의 신경망을 짓는 함수
# 층의 이름마다, 쪽의 거울(book/forward.js)이 같은 층을 짓는 데 쓰는 것
OPTIONS: dict[str, tuple[str, ...]] = {
    "Linear": ("n_in", "n_out"),
    "Conv2d": ("c_in", "c_out", "size", "padding", "stride"),
    "MaxPool2d": ("size",),
    "LeakyReLU": ("slope",),
    "Embedding": ("n_words", "n_out"),
    "GRU": ("n_in", "n_out", "padding"),
    "MeanOverTime": ("padding",),
}


def trained(name: str) -> Sequential:
    """배워 둔 신경망 하나. 수는 float32로 적혀 있고, 계산은 float64로 해요.

    NETS에 없는 이름이면 ValueError, 글이 아니면 TypeError.
    """
    check_type("trained", "name", name, str, "글")
    if name not in NETS:
        raise ValueError(report("trained", "name이", f"{', '.join(NETS)} 가운데 하나", repr(name)))
    net = NETS[name](np.random.default_rng(0))
    with (files("bplib") / "data" / f"net_{name}.npz").open("rb") as file, np.load(file) as saved:
        net.params().value = saved["weights"].astype(float)
    return net.eval()


def pack(net: Sequential, path: Any) -> None:
    """배운 수를 한 줄의 float32로 path(npz)에 적어요. 층의 모양은 NETS가 알아요."""
    check_type("pack", "net", net, Sequential)
    np.savez_compressed(path, weights=net.params().value.astype(np.float32))


def spec(net: Sequential) -> list[dict[str, Any]]:
    """층마다의 이름과 크기: 쪽의 거울이 같은 신경망을 짓게 해요. Sequential이 아니면 TypeError."""
    check_type("spec", "net", net, Sequential)
    return [_layer_spec(layer) for layer in net]


def _layer_spec(layer: Layer) -> dict[str, Any]:
    kind = type(layer).__name__
    return {"type": kind} | {name: getattr(layer, name) for name in OPTIONS.get(kind, ())}
