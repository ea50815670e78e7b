"""bplib: 읽는 것이 곧 공부가 되는 역전파 라이브러리. `import bplib`은 numpy만 불러와요."""

from __future__ import annotations

import importlib
import sys
import types
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

# 이름: (모듈, 그 안의 이름 또는 모듈 전체면 None). 처음 쓸 때 불러와요(PEP 562).
_LAZY = {
    "datasets": ("bplib.datasets", None),
    "ledger": ("bplib.ledger", None),
    "experiment": ("bplib.experiment", "experiment"),
    "Slider": ("bplib.experiment", "Slider"),
    "Dropdown": ("bplib.experiment", "Dropdown"),
    "show": ("bplib.experiment", "show"),
    "plots": ("bplib.plots", None),
}

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
    module_name, attribute = _LAZY[name]
    module = importlib.import_module(module_name)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value  # 다음부터는 여기서 바로 찾아요
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_LAZY})


class _Package(types.ModuleType):
    """`import bplib.experiment`가 모듈을 붙이려 해도 bplib.experiment는 언제나 그 안의 함수예요."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "experiment" and isinstance(value, types.ModuleType):
            value = value.experiment
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
