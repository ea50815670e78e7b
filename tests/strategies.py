"""시험의 공통 도구: 임의의 신경망과 자료를 만드는 Hypothesis 전략, 그리고 HIPS autograd로 따로 적은 정답."""

import copyreg
import io
import pickle
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from hypothesis import strategies as st

from bplib import (
    GRU,
    RNN,
    BinaryCrossEntropy,
    Conv2d,
    Embedding,
    EveryStep,
    Flatten,
    HalfSquaredError,
    Identity,
    LastStep,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    MeanOverTime,
    MeanSquaredError,
    ReLU,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradients,
    he,
    xavier,
)

ACTIVATIONS = (Sigmoid, Tanh, ReLU, LeakyReLU, Identity)
IMAGE_ACTIVATIONS = (ReLU, Tanh, Sigmoid)
LOSSES = (HalfSquaredError, MeanSquaredError, BinaryCrossEntropy, SoftmaxCrossEntropy)
DTYPES = (np.float32, np.float64)

# bplib을 보지 않고 정의에서 바로 적은 식. 역전파는 autograd가 해요.
ORACLE_ACTIVATION = {
    Sigmoid: lambda z: 1 / (1 + anp.exp(-z)),
    Tanh: anp.tanh,
    ReLU: lambda z: anp.where(z > 0, z, 0.0),
    LeakyReLU: lambda z: anp.where(z > 0, z, 0.01 * z),
    Identity: lambda z: z,
}


def _oracle_bce(z: Any, y: Any) -> Any:
    log_p, log_q = -anp.log(1 + anp.exp(-z)), -anp.log(1 + anp.exp(z))  # q = 1 − p
    return -anp.sum(y * log_p + (1 - y) * log_q) / z.shape[0]


def _oracle_softmax(z: Any, y: Any) -> Any:
    p = anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True)
    if y.ndim == 1:
        y = np.eye(z.shape[1])[y]
    return -anp.sum(y * anp.log(p)) / z.shape[0]


ORACLE_LOSS = {
    HalfSquaredError: lambda a, y: anp.sum(0.5 * (y - a) ** 2) / a.shape[0],
    MeanSquaredError: lambda a, y: anp.sum((y - a) ** 2) / (a.shape[0] * a.shape[1]),
    BinaryCrossEntropy: _oracle_bce,
    SoftmaxCrossEntropy: _oracle_softmax,
}


@dataclass
class Case:
    """신경망 하나와 그 자료."""

    net: Sequential
    loss: Any
    x: np.ndarray
    y: np.ndarray


def random_params(net: Sequential, rng: np.random.Generator) -> None:
    """편향까지 0이 아닌 값으로 채워요. 그래야 ReLU의 꺾인 점에 딱 걸리지 않아요."""
    params = net.params()
    params.value = 0.5 * rng.standard_normal(params.size)


def target(loss: Any, n: int, k: int, rng: np.random.Generator, dtype: Any, labels: bool) -> np.ndarray:
    """손실에 맞는 정답: 실수, 0과 1 사이, 번호, 또는 확률."""
    if isinstance(loss, SoftmaxCrossEntropy):
        if labels:
            return rng.integers(0, k, n)
        weights = rng.uniform(0.1, 1.0, (n, k))
        return (weights / weights.sum(axis=1, keepdims=True)).astype(dtype)
    if isinstance(loss, BinaryCrossEntropy):
        return rng.uniform(0, 1, (n, k)).astype(dtype)
    return rng.standard_normal((n, k)).astype(dtype)


@st.composite
def cases(draw: Any, dtypes: tuple[Any, ...] = (np.float64,)) -> Case:
    """층의 수, 폭, 활성화 함수, 손실, 배치 크기, dtype이 모두 임의인 신경망."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from(dtypes))
    widths = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    layers: list[Any] = []
    if draw(st.booleans()):  # 활성화 함수로 시작하는 신경망도
        layers.append(draw(st.sampled_from(ACTIVATIONS))())
    for n_in, n_out in pairwise(widths):
        layers.append(Linear(n_in, n_out, rng=rng, init=draw(st.sampled_from((he, xavier))), dtype=dtype))
        for activation in draw(st.lists(st.sampled_from(ACTIVATIONS), max_size=2)):
            layers.append(activation())
    net = Sequential(*layers)
    random_params(net, rng)
    loss = draw(st.sampled_from(LOSSES))()
    n = draw(st.integers(1, 6))
    x = rng.standard_normal((n, widths[0])).astype(dtype)
    return Case(net, loss, x, target(loss, n, widths[-1], rng, dtype, draw(st.booleans())))


@st.composite
def convolutions(draw: Any, dtype: Any = np.float64) -> tuple[Conv2d, np.ndarray]:
    """채널, 창의 크기, 두른 0, 걸음이 모두 임의인 합성곱과 그 입력. 세로와 가로도 서로 달라요."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    c_in, c_out, size = (draw(st.integers(1, 3)) for _ in range(3))
    layer = Conv2d(
        c_in,
        c_out,
        size,
        rng=rng,
        padding=draw(st.integers(0, 2)),
        stride=draw(st.integers(1, 3)),
        dtype=draw(st.sampled_from(DTYPES)) if dtype is None else dtype,
    )
    layer.b.value = rng.standard_normal(c_out)
    n, h, w = draw(st.integers(1, 3)), size + draw(st.integers(0, 4)), size + draw(st.integers(0, 4))
    return layer, rng.standard_normal((n, c_in, h, w)).astype(layer.W.dtype)


@st.composite
def image_cases(draw: Any, dtype: Any = np.float64) -> Case:
    """합성곱, 활성화 함수, 풀링을 임의로 쌓고 선형층으로 끝나는 신경망."""
    layer, x = draw(convolutions(dtype))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    layers: list[Any] = [layer, draw(st.sampled_from(IMAGE_ACTIVATIONS))()]
    if min(layer.forward(x).shape[2:]) >= 2 and draw(st.booleans()):
        layers.append(MaxPool2d(2))
    if draw(st.booleans()):
        layers.append(
            Conv2d(layer.c_out, draw(st.integers(1, 3)), 3, rng=rng, padding=1, dtype=layer.W.dtype)
        )
        layers.append(draw(st.sampled_from(IMAGE_ACTIVATIONS))())
    layers.append(Flatten())
    a = x
    for part in layers:
        a = part.forward(a)
    k = draw(st.integers(1, 3))
    net = Sequential(*layers, Linear(a.shape[1], k, rng=rng, dtype=layer.W.dtype))
    random_params(net, rng)
    loss = draw(st.sampled_from(LOSSES))()
    return Case(net, loss, x, target(loss, len(x), k, rng, layer.W.dtype, draw(st.booleans())))


@st.composite
def word_cases(draw: Any) -> Case:
    """단어 벡터, 순환층 한두 개, 시간을 줄이는 층, 선형층. 채움(0번)이 섞인 문장을 읽어요."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, t, k = (draw(st.integers(1, 4)) for _ in range(3))
    width, padding = draw(st.integers(1, 3)), draw(st.booleans())
    layers: list[Any] = [Embedding(5, width, rng=rng, padding=padding)]
    for kind in draw(st.lists(st.sampled_from((RNN, GRU)), max_size=2)):
        n_out, truncate = draw(st.integers(1, 4)), draw(st.sampled_from((None, 1, 2)))
        layers.append(kind(width, n_out, rng=rng, truncate=truncate, padding=padding))
        width = n_out
    last = draw(st.sampled_from((LastStep, EveryStep, MeanOverTime)))
    net = Sequential(*layers, last(), Linear(width, k, rng=rng))
    random_params(net, rng)
    if padding:
        layers[0].W.value[0] = 0
    loss = draw(st.sampled_from(LOSSES))()
    rows = n * t if last is EveryStep else n
    y = target(loss, rows, k, rng, np.float64, draw(st.booleans()))
    return Case(net, loss, rng.integers(0, 5, (n, t)), y)


def oracle(case: Case) -> tuple[float, list[np.ndarray], np.ndarray]:
    """autograd가 낸 (손실, Param마다의 기울기, 입력의 기울기)."""
    kinds = [type(layer) for layer in case.net]

    def error(values: Any, x: Any) -> Any:
        numbers = iter(values)
        for kind in kinds:
            if kind is Linear:
                W, b = next(numbers), next(numbers)
                x = anp.dot(x, anp.transpose(W)) + b
            else:
                x = ORACLE_ACTIVATION[kind](x)
        return ORACLE_LOSS[type(case.loss)](x, case.y)

    values = [param.value.copy() for param in case.net.params()]
    return float(error(values, case.x)), grad(error, 0)(values, case.x), grad(error, 1)(values, case.x)


def assert_close(got: np.ndarray, expected: np.ndarray, tolerance: float = 1e-10) -> None:
    """배열 전체의 상대 오차 ‖got − expected‖ / ‖expected‖. 0에 가까우면 반올림 몇 번만큼만 봐줘요."""
    assert got.shape == np.shape(expected)
    gap, size = np.linalg.norm(got - expected), np.linalg.norm(expected)
    assert gap <= tolerance * size + 1e-15, f"상대 오차 {gap / size if size else gap:.3g}\n{got}\n{expected}"


def read_only(array: np.ndarray) -> np.ndarray:
    """같은 값의, 쓰려고 하면 오류가 나는 배열."""
    array = array.copy()
    array.setflags(write=False)
    return array


class _Whole(pickle.Pickler):
    """층이 기억한 forward의 값까지 담아요. 보통의 복사와 pickle은 빼고 담아요."""

    def reducer_override(self, thing: Any) -> Any:
        return (
            (copyreg.__newobj__, (type(thing),), vars(thing)) if isinstance(thing, Layer) else NotImplemented
        )


def snapshot(*things: Any) -> list[bytes]:
    """Param, grad, 기억해 둔 값까지 모든 상태를 바이트로. 두 번 찍어 같으면 아무것도 바뀌지 않은 거예요."""
    files = [io.BytesIO() for _ in things]
    for file, thing in zip(files, things, strict=True):
        _Whole(file).dump(thing)
    return [file.getvalue() for file in files]


# ── 어떤 신경망이든 지키는 약속 ──


def assert_finite_differences_agree(case: Any) -> None:
    """배우는 수와 입력의 기울기가 모두 유한 차분과 맞아요."""
    errors = check_gradients(case.net, case.loss, case.x, case.y, include_input=True)
    assert set(errors) == {"x"} | {param.name for param in case.net.params()}
    assert max(errors.values()) <= 1e-6


def assert_float32_stays(case: Any) -> None:
    """float32로 만든 신경망에서는 출력도, 기울기도, 층이 기억한 것도 모두 float32예요."""
    pred = case.net.forward(case.x)
    assert isinstance(case.loss.forward(pred, case.y), float)
    delta = case.loss.backward()
    arrays = [pred, delta, case.net.backward(delta, input_grad=True)]
    for param in case.net.params():
        arrays += [param.value, param.grad]
    for layer in case.net:
        arrays += [value for value in vars(layer).values() if isinstance(value, np.ndarray)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def assert_backward_overwrites(case: Any) -> None:
    """기울기는 더해지지 않고 새로 적히고, 입력의 기울기를 계산하든 말든 같아요."""
    case.loss.forward(case.net.forward(case.x), case.y)
    delta = case.loss.backward()
    case.net.params().grad = np.full(case.net.params().size, 99.0)
    assert case.net.backward(delta) is None
    once = case.net.params().grad.copy()
    case.net.backward(delta, input_grad=True)
    assert (case.net.params().grad == once).all()
