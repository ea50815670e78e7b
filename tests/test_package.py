"""꾸러미: numpy만 불러오는지, 약속한 이름이 다 있는지, 공개된 것마다 한국어 설명이 있는지."""

import inspect
import re
import subprocess
import sys
import tomllib

import pytest
from scripts import ROOT

import bplib

CORE = [
    "Param",
    "Params",
    "Layer",
    "Linear",
    "Conv2d",
    "MaxPool2d",
    "Flatten",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "ReLU",
    "LeakyReLU",
    "SelfAttention",
    "Identity",
    "HalfSquaredError",
    "MeanSquaredError",
    "BinaryCrossEntropy",
    "SoftmaxCrossEntropy",
    "Residual",
    "Dropout",
    "BatchNorm",
    "RMSNorm",
    "Embedding",
    "RNN",
    "GRU",
    "LastStep",
    "EveryStep",
    "MeanOverTime",
    "zeros",
    "normal",
    "orthogonal",
    "xavier",
    "he",
    "SGD",
    "Adam",
    "AdamW",
    "clip_gradients",
    "step_decay",
    "cosine",
    "warmup",
    "warm_restarts",
    "check_gradients",
    "GradientError",
    "fit",
    "History",
    "DivergenceError",
    "accuracy",
    "save",
    "load",
    "SavingError",
    "ledger",
    "datasets",
    "sigmoid",
]


def run(code: str) -> str:
    """새 파이썬에서 코드를 돌리고 출력을 돌려줘요."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_takes_numpy_only():
    """시간 대신, 무엇이 딸려 오는지를 봐요. 표준 라이브러리의 json·dataclasses도 장부를 열 때에야 와요."""
    loaded = run(
        "import numpy, sys; before = set(sys.modules); import bplib;print(*sorted(set(sys.modules) - before))"
    ).split()
    outside = {name.partition(".")[0] for name in loaded} - {"bplib", "numpy", "copy", "org"}
    assert not outside, outside
    heavy = run(
        "import bplib, sys; bplib.ledger.network();"
        "print(*[m for m in ('matplotlib', 'ipywidgets', 'tqdm', 'IPython') if m in sys.modules])"
    )
    assert heavy.strip() == ""


def test_star_import_stays_light():
    out = run(
        "from bplib import *; import sys; ledger.LEDGER; datasets.xor; print('matplotlib' in sys.modules)"
    )
    assert out.strip() == "False"


def test_names():
    assert set(bplib.__all__) == set(CORE)
    for name in CORE:
        assert getattr(bplib, name) is not None
    assert set(CORE) <= set(dir(bplib))
    assert bplib.__version__ == "0.1.0"
    with pytest.raises(AttributeError, match="no_such_name"):
        bplib.no_such_name  # noqa: B018


def test_everything_public_is_described_in_korean():
    missing = []
    for name in CORE:
        thing = getattr(bplib, name)
        parts = {name: thing}
        if inspect.isclass(thing):
            methods = {
                f"{name}.{key}": value for key, value in vars(thing).items() if not key.startswith("_")
            }
            parts |= {
                key: value for key, value in methods.items() if callable(value) or isinstance(value, property)
            }
        missing += [key for key, part in parts.items() if not inspect.getdoc(part)]
        missing += [] if re.search("[가-힣]", inspect.getdoc(thing) or "") else [name]
    assert not missing


def test_every_file_the_library_reads_is_packed():
    """글꼴, 모양, 표가 빠지면 pip으로 설치한 곳(Colab)에서 그림이 서지 않아요."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["bplib"]
    packed = {path for pattern in patterns for path in (ROOT / "bplib").glob(pattern)}
    files = {path for path in (ROOT / "bplib").rglob("*.*") if path.is_file()}
    assert {path for path in files - packed if path.suffix not in {".py", ".pyc"}} == set()
