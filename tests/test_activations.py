"""활성화 함수: 정의의 값, 도함수, 끝에서의 안정성, 오류."""

import math

import numpy as np
import pytest
from autograd import elementwise_grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from strategies import ACTIVATIONS, DTYPES, ORACLE_ACTIVATION, assert_close, read_only, snapshot

from bplib import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid

every = pytest.mark.parametrize("kind", ACTIVATIONS)


@every
@given(shape=array_shapes(max_dims=4, max_side=4), dtype=st.sampled_from(DTYPES), seed=st.integers(0, 999))
def test_forward_and_backward_agree_with_autograd(kind, shape, dtype, seed):
    rng = np.random.default_rng(seed)
    z, grad_a = (read_only(rng.standard_normal(shape).astype(dtype)) for _ in range(2))
    layer = kind()
    a = layer.forward(z)
    delta = layer.backward(grad_a)
    assert a.dtype == delta.dtype == dtype
    tolerance = 1e-10 if dtype == np.float64 else 1e-5
    exact = z.astype(np.float64)
    assert_close(a, ORACLE_ACTIVATION[kind](exact), tolerance)
    assert_close(delta, grad_a * elementwise_grad(ORACLE_ACTIVATION[kind])(exact), tolerance)


@pytest.mark.parametrize(
    ("layer", "z", "a", "slope"),
    [
        (Sigmoid(), math.log(3), 0.75, 0.1875),
        (Tanh(), math.log(2), 0.6, 0.64),
        (ReLU(), 2.0, 2.0, 1.0),
        (ReLU(), -2.0, 0.0, 0.0),
        (ReLU(), 0.0, 0.0, 0.0),
        (LeakyReLU(0.25), -2.0, -0.5, 0.25),
        (LeakyReLU(0.25), 2.0, 2.0, 1.0),
        (LeakyReLU(0.0), -2.0, 0.0, 0.0),
        (Identity(), -3.0, -3.0, 1.0),
    ],
)
def test_values_known_by_hand(layer, z, a, slope):
    assert layer.forward(np.array([[z]]))[0, 0] == pytest.approx(a, rel=1e-14, abs=1e-300)
    assert layer.backward(np.array([[2.0]]))[0, 0] == pytest.approx(2 * slope, rel=1e-14, abs=1e-300)


@every
@pytest.mark.parametrize("dtype", DTYPES)
def test_far_ends_are_finite_and_silent(kind, dtype):
    layer = kind()
    a = layer.forward(np.array([[-1e4, -800, -100, 100, 800, 1e4]], dtype))
    delta = layer.backward(np.ones_like(a))
    assert np.isfinite(a).all()
    assert np.isfinite(delta).all()
    assert (np.diff(a[0]) >= 0).all()


def test_sigmoid_of_a_number():
    assert sigmoid(math.log(3)) == pytest.approx(0.75, rel=1e-15)
    assert sigmoid(0) == 0.5
    assert sigmoid(np.zeros(2, np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("dtype", "z", "rel"),
    [(np.float32, -20, 1e-5), (np.float32, -86, 1e-5), (np.float64, -20, 1e-13), (np.float64, -700, 1e-12)],
)
def test_sigmoid_keeps_its_small_values(dtype, z, rel):
    """σ(−20) ≈ e^(−20)의 자릿수도 살아 있어야 해요. ½(1 + tanh(z/2))로 계산하면 잃어요."""
    a = Sigmoid().forward(np.array([[z]], dtype))
    assert float(a[0, 0]) == pytest.approx(math.exp(z) / (1 + math.exp(z)), rel=rel, abs=0)


@every
def test_backward_uses_the_last_forward(kind, rng):
    layer = kind()
    first, second = rng.standard_normal((2, 3, 2))
    layer.forward(first)
    layer.forward(second)
    fresh = kind()
    fresh.forward(second)
    assert (layer.backward(np.ones((3, 2))) == fresh.backward(np.ones((3, 2)))).all()


@every
@pytest.mark.parametrize(
    "bad", [[[1.0]], np.array([[1]]), np.ones((1, 1), np.float16), np.ma.ones((1, 1)), 1.0]
)
def test_bad_input_changes_nothing(kind, bad):
    layer = kind()
    layer.forward(np.array([[0.5]]))
    before = snapshot(layer)
    with pytest.raises(TypeError, match=kind.__name__):
        layer.forward(bad)
    assert snapshot(layer) == before


@every
def test_bad_delta(kind):
    layer = kind()
    with pytest.raises(RuntimeError, match=f"{kind.__name__}.*forward"):
        layer.backward(np.ones((1, 2)))
    layer.forward(np.ones((3, 2)))
    before = snapshot(layer)
    for shape in [(3, 1), (1, 2), (2,), (3, 2, 1)]:  # 퍼뜨리면 맞을 모양도 받지 않아요
        with pytest.raises(ValueError, match=rf"{kind.__name__}.*\(3, 2\)"):
            layer.backward(np.ones(shape))
    with pytest.raises(TypeError, match="float64"):
        layer.backward(np.ones((3, 2), np.float32))
    assert snapshot(layer) == before


@pytest.mark.parametrize("slope", [-0.1, 1.0, math.nan])
def test_bad_leaky_slope(slope):
    with pytest.raises(ValueError, match="slope"):
        LeakyReLU(slope)


def test_leaky_slope_must_be_a_number():
    with pytest.raises(TypeError, match="slope"):
        LeakyReLU("0.1")


def test_repr():
    assert [repr(kind()) for kind in ACTIVATIONS] == [
        "Sigmoid()",
        "Tanh()",
        "ReLU()",
        "LeakyReLU(slope=0.01)",
        "Identity()",
    ]
