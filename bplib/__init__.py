"""bplib: 읽는 것이 곧 공부가 되는 역전파 라이브러리. `import bplib`은 numpy만 불러와요."""

from __future__ import annotations

import importlib
from typing import Any

from bplib.activations import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from bplib.attention import SelfAttention
from bplib.conv import Conv2d, Flatten, MaxPool2d
from bplib.gradcheck import GradientError, check_gradients
from bplib.init import he, normal, orthogonal, xavier, zeros
from bplib.layers import Layer, Linear, Residual, Sequential
from bplib.losses import BinaryCrossEntropy, HalfSquaredError, MeanSquaredError, SoftmaxCrossEntropy
from bplib.optim import SGD, Adam, AdamW, clip_gradients
from bplib.params import Param, Params
from bplib.recurrent import GRU, RNN, Embedding, EveryStep, LastStep, MeanOverTime
from bplib.regularize import BatchNorm, Dropout, RMSNorm
from bplib.schedules import cosine, step_decay, warm_restarts, warmup
from bplib.train import DivergenceError, History, accuracy, fit

__version__ = "0.1.0"

# 필요할 때 불러오는 모듈이에요(PEP 562).
_LAZY = ("datasets", "ledger", "saving")
_LAZY_NAMES = {"SavingError": "saving", "load": "saving", "save": "saving"}  # 이름 → 그 이름이 있는 모듈

__all__ = [
    "GRU",
    "RNN",
    "SGD",
    "Adam",
    "AdamW",
    "BatchNorm",
    "BinaryCrossEntropy",
    "Conv2d",
    "DivergenceError",
    "Dropout",
    "Embedding",
    "EveryStep",
    "Flatten",
    "GradientError",
    "HalfSquaredError",
    "History",
    "Identity",
    "LastStep",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "MeanOverTime",
    "MeanSquaredError",
    "Param",
    "Params",
    "RMSNorm",
    "ReLU",
    "Residual",
    "SavingError",
    "SelfAttention",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "accuracy",
    "check_gradients",
    "clip_gradients",
    "cosine",
    "datasets",
    "fit",
    "he",
    "ledger",
    "load",
    "normal",
    "orthogonal",
    "save",
    "sigmoid",
    "step_decay",
    "warm_restarts",
    "warmup",
    "xavier",
    "zeros",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"bplib.{name}")
    if name in _LAZY_NAMES:
        return getattr(importlib.import_module(f"bplib.{_LAZY_NAMES[name]}"), name)
    raise AttributeError(f"module 'bplib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_LAZY_NAMES})
