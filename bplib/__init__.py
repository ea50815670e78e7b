"""bplib: 읽는 것이 곧 공부가 되는 역전파 라이브러리. `import bplib`은 numpy만 불러와요."""

from __future__ import annotations

import importlib
from typing import Any

from bplib.activations import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from bplib.gradcheck import GradientError, check_gradients
from bplib.init import he, normal, xavier, zeros
from bplib.layers import Layer, Linear, Sequential
from bplib.losses import BinaryCrossEntropy, HalfSquaredError, MeanSquaredError, SoftmaxCrossEntropy
from bplib.optim import SGD, Adam
from bplib.params import Param, Params
from bplib.train import DivergenceError, History, accuracy, fit

__version__ = "0.1.0"

# 필요할 때 불러오는 모듈이에요(PEP 562). plots와 experiment는 matplotlib을 쓰니 처음부터 불러오지 않아요.
_LAZY = ("datasets", "experiment", "ledger", "plots")

__all__ = [
    "SGD",
    "Adam",
    "BinaryCrossEntropy",
    "DivergenceError",
    "GradientError",
    "HalfSquaredError",
    "History",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MeanSquaredError",
    "Param",
    "Params",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "accuracy",
    "check_gradients",
    "datasets",
    "fit",
    "he",
    "ledger",
    "normal",
    "sigmoid",
    "xavier",
    "zeros",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'bplib' has no attribute {name!r}")
    return importlib.import_module(f"bplib.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
