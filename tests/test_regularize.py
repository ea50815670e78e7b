"""Dropout, BatchNorm, RMSNorm: 두 상태의 식, autograd와 같은 기울기, 기억하는 통계, 오류."""

import math
import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, random_params, read_only, snapshot

from bplib import (
    BatchNorm,
    Dropout,
    HalfSquaredError,
    Linear,
    Residual,
    RMSNorm,
    Sequential,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradients,
)

layers = pytest.mark.parametrize(
    "make", [lambda rng: Dropout(0.4, rng=rng), lambda rng: BatchNorm(3), lambda rng: RMSNorm(3)]
)


@pytest.mark.parametrize("p", [0.0, 0.25, 0.9])
@pytest.mark.parametrize("dtype", DTYPES)
def test_dropout_zeroes_a_share_and_keeps_the_mean(p, dtype, rng):
    layer = Dropout(p, rng=rng)
    a = read_only(np.ones((300, 200), dtype))
    out = layer.forward(a)
    assert out.dtype == dtype
    assert set(np.unique(out)) <= {dtype(0), dtype(1 / (1 - p))}
    assert np.mean(out == 0) == pytest.approx(p, abs=0.01)
    assert out.mean() == pytest.approx(1, abs=0.03)
    assert (layer.backward(a) == out).all()  # 같은 m을 δ에도
    assert p == 0 or (layer.forward(a) != out).any()  # 부를 때마다 새 m


def test_dropout_in_evaluation_mode_is_the_identity(rng):
    layer = Dropout(0.5, rng=rng)
    layer.training = False
    a = rng.standard_normal((2, 3, 4))
    state = rng.bit_generator.state
    assert (layer.forward(a) == a).all()
    assert (layer.backward(a) == a).all()
    assert rng.bit_generator.state == state


def test_dropout_backward_uses_the_mode_of_its_forward(rng):
    layer = Dropout(0.5, rng=rng)
    out = layer.forward(np.ones((4, 5)))
    layer.training = False
    assert (layer.backward(np.ones((4, 5))) == out).all()


def oracle(a, gamma, beta, stats, eps):
    """배치 정규화를 정의에서 바로. stats가 None이면 배치의 통계를 써요."""
    mean = anp.mean(a, axis=0) if stats is None else stats[0]
    var = anp.mean((a - mean) ** 2, axis=0) if stats is None else stats[1]
    return gamma * (a - mean) / anp.sqrt(var + eps) + beta


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(2, 7),
    k=st.integers(1, 4),
    training=st.booleans(),
    eps=st.sampled_from([1e-5, 0.1]),
)
def test_batch_norm_agrees_with_autograd(seed, n, k, training, eps):
    rng = np.random.default_rng(seed)
    layer = BatchNorm(k, eps=eps)
    layer.gamma.value, layer.beta.value = rng.standard_normal((2, k))
    layer.running_mean, layer.running_var = rng.standard_normal(k), rng.uniform(0.5, 2, k)
    layer.training = training
    a, delta = (read_only(3 * rng.standard_normal((n, k)) + 1) for _ in range(2))
    stats = None if training else (layer.running_mean.copy(), layer.running_var.copy())
    gamma, beta = layer.gamma.value.copy(), layer.beta.value.copy()

    assert_close(layer.forward(a), oracle(a, gamma, beta, stats, eps))
    got = layer.backward(delta)
    for index, value in enumerate((got, layer.gamma.grad, layer.beta.grad)):
        wanted = grad(lambda *args: anp.sum(delta * oracle(*args, stats, eps)), index)(a, gamma, beta)
        # 표본 둘과 작은 ε에서는 기울기가 큰 수들의 뺄셈이라 0에 가까워요
        assert np.abs(value - wanted).max() <= 1e-10 * max(1, np.abs(wanted).max())


@pytest.mark.parametrize("dtype", DTYPES)
def test_batch_norm_output_has_mean_beta_and_deviation_gamma(dtype, rng):
    layer = BatchNorm(3, dtype=dtype)
    layer.gamma.value, layer.beta.value = [2, -1, 0.5], [1, 0, -3]
    out = layer.forward((5 * rng.standard_normal((50, 3)) + 7).astype(dtype))
    np.testing.assert_allclose(out.mean(axis=0), [1, 0, -3], atol=1e-5)
    np.testing.assert_allclose(out.std(axis=0), [2, 1, 0.5], rtol=1e-4)
    grad_a = layer.backward(np.ones_like(out))
    arrays = [out, grad_a, layer.gamma.grad, layer.running_mean, layer.running_var]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    np.testing.assert_allclose(grad_a, 0, atol=1e-4)  # 모두 똑같이 밀면 평균이 빼 버려요


def test_running_statistics_by_hand():
    """μ = 3, 0 … 분산은 n − 1로: (2, 4)의 분산은 2, 배치 안에서 쓰는 것은 1."""
    layer = BatchNorm(1, momentum=0.25)
    layer.forward(np.array([[2.0], [4.0]]))
    assert layer.running_mean.tolist() == [0.75 * 0 + 0.25 * 3]
    assert layer.running_var.tolist() == [0.75 * 1 + 0.25 * 2]
    layer.forward(np.array([[1.0], [-1.0]]))
    assert layer.running_mean.tolist() == [0.75 * 0.75]
    assert layer.running_var.tolist() == [0.75 * 1.25 + 0.25 * 2]
    layer = BatchNorm(1, momentum=0.5)
    layer.forward(np.array([[0.0], [0.0], [0.0], [4.0]]))  # 평균에서 벗어난 것의 제곱합 12를 4 − 1로 나눠요
    assert layer.running_var.tolist() == [0.5 * 1 + 0.5 * 12 / 3]


def test_evaluation_mode_reads_the_running_statistics_and_leaves_them():
    layer = BatchNorm(2)
    layer.running_mean, layer.running_var = np.array([1.0, 2.0]), np.array([4.0, 9.0])
    layer.training = False
    out = layer.forward(np.array([[3.0, 5.0]]))  # 표본 하나도 괜찮아요
    np.testing.assert_allclose(out, [[1, 1]], rtol=1e-5)
    assert layer.running_mean.tolist() == [1, 2]
    assert layer.running_var.tolist() == [4, 9]


def test_batch_norm_backward_uses_the_mode_of_its_forward(rng):
    layer = BatchNorm(2)
    a, delta = rng.standard_normal((2, 4, 2))
    layer.forward(a)
    expected = layer.backward(delta)
    layer.training = False
    assert (layer.backward(delta) == expected).all()


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 7),
    k=st.integers(1, 5),
    training=st.booleans(),
    eps=st.sampled_from([1e-5, 0.1]),
)
def test_rms_norm_agrees_with_autograd(seed, n, k, training, eps):
    rng = np.random.default_rng(seed)
    layer = RMSNorm(k, eps=eps)
    layer.g.value, layer.training = rng.standard_normal(k), training
    a, delta = (read_only(3 * rng.standard_normal((n, k)) + 1) for _ in range(2))
    g = layer.g.value.copy()

    def expected(a, g):
        return g * a / anp.sqrt(anp.mean(a**2, axis=1, keepdims=True) + eps)

    assert_close(layer.forward(a), expected(a, g))
    got = layer.backward(delta)
    for index, value in enumerate((got, layer.g.grad)):
        wanted = grad(lambda *args: anp.sum(delta * expected(*args)), index)(a, g)
        assert np.abs(value - wanted).max() <= 1e-10 * max(1, np.abs(wanted).max())


@pytest.mark.parametrize("dtype", DTYPES)
def test_rms_norm_looks_at_one_sample_and_not_at_its_size(dtype, rng):
    layer = RMSNorm(4, eps=1e-12, dtype=dtype)
    a = rng.standard_normal((5, 4)).astype(dtype)
    out, grad_a = layer.forward(a), layer.backward(np.ones((5, 4), dtype))
    np.testing.assert_allclose(np.mean(out**2, axis=1), 1, rtol=1e-3)
    np.testing.assert_allclose(np.sum(a * grad_a, axis=1), 0, atol=1e-5)  # 크기만 바꾸는 쪽의 기울기는 0
    assert {array.dtype for array in (out, grad_a, layer.g.grad)} == {np.dtype(dtype)}
    np.testing.assert_allclose(layer.forward(100 * a[2:3]), out[2:3], rtol=1e-3)
    assert not layer.forward(np.zeros((1, 4), dtype)).any()  # ε이 있어 0으로 나누지 않아요


@pytest.mark.parametrize("training", [True, False])
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(3, 6))
def test_networks_agree_with_finite_differences(training, seed, n):
    rng = np.random.default_rng(seed)
    net = Sequential(
        Linear(3, 4, rng=rng),
        BatchNorm(4),
        Tanh(),
        Dropout(0.3, rng=rng),
        Residual(BatchNorm(4), Linear(4, 4, rng=rng), Dropout(0.3, rng=rng), Tanh()),
        Residual(RMSNorm(4), Linear(4, 4, rng=rng), Tanh()),
        Linear(4, 3, rng=rng),
        BatchNorm(3),
    )
    random_params(net, rng)
    net.forward(rng.standard_normal((9, 3)))  # running_mean과 running_var를 0과 1에서 옮겨 놔요
    net._set_training(training)
    x, y = read_only(rng.standard_normal((n, 3))), rng.integers(0, 3, n)
    before = snapshot(net)
    errors = check_gradients(net, SoftmaxCrossEntropy(), x, y, include_input=True)
    assert max(errors.values()) <= 1e-6
    assert snapshot(net) == before


@layers
def test_backward_before_forward(make, rng):
    layer = make(rng)
    with pytest.raises(RuntimeError, match=f"^{re.escape(repr(layer))}: .*forward"):
        layer.backward(np.ones((2, 3)))


@layers
@pytest.mark.parametrize(
    ("delta", "error"),
    [(np.ones((3, 3)), ValueError), (np.ones((4, 1)), ValueError), (np.ones((4, 3), np.float32), TypeError)],
)
def test_bad_delta_changes_nothing(make, delta, error, rng):
    layer = make(rng)
    layer.forward(rng.standard_normal((4, 3)))
    layer.backward(np.ones((4, 3)))
    before = snapshot(layer)
    with pytest.raises(error, match=type(layer).__name__):
        layer.backward(delta)
    assert snapshot(layer) == before


@pytest.mark.parametrize(
    ("layer", "a", "error", "words"),
    [
        (BatchNorm(3), np.ones((1, 3)), ValueError, "2개 이상"),
        *(
            (layer, *case)
            for layer in (BatchNorm(3), RMSNorm(3))
            for case in (
                (np.ones((4, 2)), ValueError, rf"^{type(layer).__name__}\(3\): .*\(n, 3\)"),
                (np.ones((2, 4, 3)), ValueError, r"\(n, 3\)"),
                (np.ones((4, 3), np.float32), TypeError, "float64"),
            )
        ),
    ],
)
def test_bad_input_changes_nothing(layer, a, error, words, rng):
    layer.forward(rng.standard_normal((4, 3)))
    before = snapshot(layer)
    with pytest.raises(error, match=words):
        layer.forward(a)
    assert snapshot(layer) == before


def test_dropout_refuses_integers_and_draws_nothing(rng):
    layer = Dropout(0.5, rng=rng)
    before = snapshot(layer)
    with pytest.raises(TypeError, match="Dropout"):
        layer.forward(np.ones((2, 2), int))
    assert snapshot(layer) == before


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Dropout(1.0, rng=np.random.default_rng()), ValueError, "p의"),
        (lambda: Dropout(-0.1, rng=np.random.default_rng()), ValueError, "p의"),
        (lambda: Dropout("0.5", rng=np.random.default_rng()), TypeError, "p의"),
        (lambda: Dropout(0.5, rng=0), TypeError, "rng"),
        (lambda: BatchNorm(0), ValueError, "n의"),
        (lambda: BatchNorm(2.0), TypeError, "n의"),
        (lambda: BatchNorm(2**40), ValueError, "크기가"),
        (lambda: BatchNorm(2, momentum=0.0), ValueError, "momentum"),
        (lambda: BatchNorm(2, momentum=1.0), ValueError, "momentum"),
        (lambda: BatchNorm(2, eps=0.0), ValueError, "ε"),
        (lambda: BatchNorm(2, eps=math.inf), ValueError, "ε"),
        (lambda: BatchNorm(2, dtype=int), TypeError, "dtype"),
    ],
)
def test_bad_settings(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_repr_and_shapes(rng):
    assert repr(Dropout(0.25, rng=rng)) == "Dropout(p=0.25)"
    assert repr(BatchNorm(3)) == "BatchNorm(3)"
    assert [param.name for param in BatchNorm(3).params()] == ["gamma", "beta"]
    net = Sequential(Dropout(0.25, rng=rng), BatchNorm(3), Linear(3, 2, rng=rng))
    assert (net.n_in, net.n_out) == (3, 2)
    with pytest.raises(ValueError, match="n_in"):
        Sequential(Linear(2, 4, rng=rng), Dropout(0.1, rng=rng), BatchNorm(3))
    with pytest.raises(TypeError, match="dtype"):
        Sequential(BatchNorm(3, dtype=np.float32), Linear(3, 2, rng=rng))
    assert HalfSquaredError().forward(net.forward(np.eye(3)), np.zeros((3, 2))) > 0
