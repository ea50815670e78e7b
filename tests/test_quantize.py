"""양자화: 값의 가짓수와 오차, 곧바로 보내는 기울기, 비트마다의 오류."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, read_only, snapshot

from bplib import Linear, ReLU, Sequential, SoftmaxCrossEntropy, check_gradients
from bplib.topics.quantize import QuantizedLinear, quantize

MATRICES = st.builds(
    lambda n, k, seed, scale: scale * np.random.default_rng(seed).standard_normal((n, k)),
    st.integers(1, 5),
    st.integers(1, 8),
    st.integers(0, 99),
    st.sampled_from((1e-6, 1.0, 1e6)),
)


@given(MATRICES, st.integers(2, 10))
def test_rounding_is_to_the_nearest_of_few_even_steps(a, bits):
    q = quantize(read_only(a), bits)
    step = np.abs(a).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 1)
    assert (np.abs(q - a) <= step / 2 * (1 + 1e-9)).all()
    np.testing.assert_allclose(q / step, np.round(q / step), atol=1e-9)
    assert all(len(np.unique(np.round(row / size))) <= 2**bits - 1 for row, size in zip(q, step, strict=True))
    np.testing.assert_allclose(np.abs(q).max(axis=1), np.abs(a).max(axis=1), rtol=1e-12)


@given(MATRICES)
def test_one_bit_is_the_sign_times_the_mean_size(a):
    q = quantize(a, 1)
    assert ((q > 0) == (a >= 0)).all()
    np.testing.assert_allclose(np.abs(q), np.broadcast_to(np.abs(a).mean(axis=1)[:, None], a.shape))


@given(MATRICES, st.sampled_from((1, 2, 8)))
def test_a_row_does_not_depend_on_the_others(a, bits):
    rows = np.vstack([quantize(row[None], bits) for row in a])
    assert (quantize(a, bits) == rows).all()


def test_a_bit_more_halves_the_error(rng):
    """칸의 너비가 max|a| / (2^(bits−1) − 1)이라서, 비트가 하나 늘면 오차가 거의 절반이 돼요."""
    a = rng.standard_normal((50, 50))
    errors = [np.sqrt(np.mean((quantize(a, bits) - a) ** 2)) for bits in range(3, 13)]
    steps = [1 / (2 ** (bits - 1) - 1) for bits in range(3, 13)]
    np.testing.assert_allclose(np.array(errors) / steps, errors[-1] / steps[-1], rtol=0.1)


def test_values_known_by_hand():
    a = np.array([[1.0, -0.4, 0.2, 0.0], [-3.0, 1.6, 0.4, -1.0]])
    assert quantize(a, 2).tolist() == [[1, 0, 0, 0], [-3, 3, 0, 0]]
    assert quantize(a, 3).round(12).tolist() == [[1, -0.333333333333, 0.333333333333, 0], [-3, 2, 0, -1]]
    assert quantize(a, 1).round(12).tolist() == [[0.4, -0.4, 0.4, 0.4], [-1.5, 1.5, 1.5, -1.5]]
    assert (quantize(np.zeros((2, 3)), 8) == 0).all()
    assert (quantize(np.zeros((2, 3)), 1) == 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bits", [1, 2, 8, 16])
def test_dtype_stays(dtype, bits, rng):
    assert quantize(rng.standard_normal((2, 3)).astype(dtype), bits).dtype == dtype
    net = quantized(rng, bits, dtype=dtype)
    z = net.forward(rng.standard_normal((4, 5)).astype(dtype))
    arrays = [z, net.backward(z, input_grad=True), net.params().grad]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("a", "bits", "error", "words"),
    [
        (np.ones((2, 2)), 0, ValueError, "bits"),
        (np.ones((2, 2)), 17, ValueError, "bits"),
        (np.ones((2, 2)), 1.0, TypeError, "bits"),
        (np.ones((2, 2)), True, TypeError, "bits"),
        (np.ones(2), 8, ValueError, "모양"),
        (np.ones((2, 2), int), 8, TypeError, "자료형"),
        (np.array([[np.inf]]), 8, ValueError, "유한"),
        (np.ones((0, 2)), 8, ValueError, "크기"),
    ],
)
def test_bad_input(a, bits, error, words):
    with pytest.raises(error, match=words):
        quantize(a, bits)


def quantized(rng, bits, **options):
    return Sequential(
        QuantizedLinear(5, 6, bits=bits, rng=rng, **options),
        ReLU(),
        QuantizedLinear(6, 3, bits=bits, rng=rng, **options),
    )


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_gradient_is_that_of_the_net_with_rounding_held_fixed(bits, rng):
    """곧바로 보내기: 반올림한 값을 상수만큼 옮긴 것으로 보면, autograd의 기울기와 같아요."""
    net = quantized(rng, bits)
    net.params().value = rng.standard_normal(net.params().size)
    x, y = read_only(rng.standard_normal((7, 5))), rng.integers(0, 3, 7)
    loss = SoftmaxCrossEntropy()
    E = loss.forward(net.forward(x), y)
    grad_x = net.backward(loss.backward(), input_grad=True)

    W1, b1, W2, b2 = (param.value.copy() for param in net.params())
    hidden = np.maximum(quantize(x, 8) @ quantize(W1, bits).T + b1, 0)
    shifts = [
        quantize(x, 8) - x,
        quantize(W1, bits) - W1,
        quantize(hidden, 8) - hidden,
        quantize(W2, bits) - W2,
    ]

    def error(values, x):
        a, z1 = x + shifts[0], None
        z1 = anp.dot(a, anp.transpose(values[0] + shifts[1])) + values[1]
        a = anp.where(z1 > 0, z1, 0.0) + shifts[2]
        z2 = anp.dot(a, anp.transpose(values[2] + shifts[3])) + values[3]
        top = z2 - anp.max(z2, axis=1, keepdims=True)
        log_p = top - anp.log(anp.sum(anp.exp(top), axis=1, keepdims=True))
        return -anp.sum(np.eye(3)[y] * log_p) / len(y)

    values = [W1, b1, W2, b2]
    assert pytest.approx(error(values, x), rel=1e-10) == E
    assert_close(grad_x, grad(error, 1)(values, x))
    for param, expected in zip(net.params(), grad(error, 0)(values, x), strict=True):
        assert_close(param.grad, expected)


def test_sixteen_bits_are_almost_the_plain_layer(rng):
    layer = QuantizedLinear(5, 3, bits=16, input_bits=16, rng=rng)
    plain = Linear(5, 3, rng=rng)
    plain.W.value = layer.W.value
    a, delta = rng.standard_normal((4, 5)), rng.standard_normal((4, 3))
    np.testing.assert_allclose(layer.forward(a), plain.forward(a), atol=1e-3)
    np.testing.assert_allclose(layer.backward(delta), plain.backward(delta), atol=1e-3)
    np.testing.assert_allclose(layer.W.grad, plain.W.grad, atol=1e-3)


def test_rounding_is_used_but_not_stored(rng):
    layer = QuantizedLinear(5, 3, bits=1, rng=rng)
    before = layer.W.value.copy()
    a = rng.standard_normal((4, 5))
    z = layer.forward(read_only(a))
    np.testing.assert_allclose(z, quantize(a, 8) @ quantize(before, 1).T, rtol=1e-12)
    assert (layer.W.value == before).all()
    layer.W.value[...] = 7.0  # backward는 forward 때의 반올림을 써요
    delta = np.ones((4, 3))
    np.testing.assert_allclose(layer.backward(delta), delta @ quantize(before, 1), rtol=1e-12)


def test_without_straight_through_only_the_bias_learns(rng):
    net = quantized(rng, 8, straight_through=False)
    x, y = rng.standard_normal((7, 5)), rng.integers(0, 3, 7)
    loss = SoftmaxCrossEntropy()
    loss.forward(net.forward(x), y)
    delta = loss.backward()
    assert (net.backward(delta, input_grad=True) == 0).all()
    names = [param.name for param in net.params() if param.grad.any()]
    assert names == ["2.b"]
    np.testing.assert_allclose(net[2].b.grad, delta.sum(axis=0))


def test_the_bias_has_an_exact_gradient(rng):
    """반올림하지 않는 마지막 편향의 기울기는 유한 차분과 맞아요."""
    net = quantized(rng, 4)
    x, y = rng.standard_normal((7, 5)), rng.integers(0, 3, 7)
    errors = check_gradients(net, SoftmaxCrossEntropy(), x, y, tolerance=1e9)
    assert errors["2.b"] <= 1e-6
    assert errors["2.W"] > 1e-3  # 반올림한 쪽은 추정일 뿐이에요


def test_bad_layers_and_unchanged_state(rng):
    for options, error in (
        ({"bits": 0}, ValueError),
        ({"bits": 2.0}, TypeError),
        ({"bits": 8, "input_bits": 99}, ValueError),
    ):
        with pytest.raises(error, match="bits"):
            QuantizedLinear(2, 2, rng=rng, **options)
    with pytest.raises(ValueError, match="n_out"):
        QuantizedLinear(2, 0, bits=8, rng=rng)
    half = QuantizedLinear(2, 3, bits=8, rng=rng, init=lambda n_out, n_in, rng: np.full((n_out, n_in), 0.5))
    assert set(half.W.value.flat) == {0.5}
    layer = QuantizedLinear(2, 3, bits=8, rng=rng)
    with pytest.raises(RuntimeError, match=r"^QuantizedLinear.*forward"):
        layer.backward(np.ones((1, 3)))
    layer.forward(np.ones((2, 2)))
    before = snapshot(layer)
    for bad in (np.ones((2, 3)), np.ones((2, 2), np.float32), np.full((2, 2), np.nan)):
        with pytest.raises((ValueError, TypeError)):
            layer.forward(bad)
    with pytest.raises(ValueError, match=r"^QuantizedLinear.*: 입력 a의 모양.*\(n, 2\)"):
        layer.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match="δ"):
        layer.backward(np.ones((3, 3)))
    assert snapshot(layer) == before
    assert repr(layer) == "QuantizedLinear(2 → 3, 8비트)"
