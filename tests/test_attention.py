"""어텐션: 정의에서 바로 적은 식과 autograd, 유한 차분에 대조하고, 채움·차례·오류를 봐요."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, random_params, read_only

from bplib import (
    BinaryCrossEntropy,
    Embedding,
    Linear,
    MeanOverTime,
    SelfAttention,
    Sequential,
    check_gradients,
)

shapes = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 3), st.integers(1, 4))


def oracle(W, x):
    """표본마다 q, k, v를 만들고 한 줄씩 섞어요."""
    d = len(W) // 3
    made = []
    for one in x:
        q, k, v = (anp.dot(one, W[i * d : (i + 1) * d].T) for i in range(3))
        powers = anp.exp(anp.dot(q, k.T) / anp.sqrt(d))
        made.append(anp.dot(powers / anp.sum(powers, axis=1, keepdims=True), v))
    return anp.stack(made)


@settings(max_examples=40)
@given(shape=shapes)
def test_agrees_with_autograd(shape):
    n, t, n_in, n_out = shape
    rng = np.random.default_rng(sum(shape))
    layer = SelfAttention(n_in, n_out, rng=rng)
    x, delta = read_only(rng.standard_normal((n, t, n_in))), read_only(rng.standard_normal((n, t, n_out)))
    W = layer.W.value.copy()
    assert_close(layer.forward(x), oracle(W, x))
    assert_close(layer.backward(delta), grad(lambda x: anp.sum(oracle(W, x) * delta))(x))
    assert_close(layer.W.grad, grad(lambda W: anp.sum(oracle(W, x) * delta))(W))


@pytest.mark.parametrize("padding", [False, True])
def test_gradients_by_finite_differences(padding):
    rng = np.random.default_rng(3)
    net = Sequential(
        Embedding(6, 3, rng=rng, padding=padding),
        SelfAttention(3, 4, rng=rng, padding=padding),
        MeanOverTime(padding=padding),
        Linear(4, 1, rng=rng),
    )
    random_params(net, rng)
    if padding:
        net[0].W.value[0] = 0
    words, y = np.array([[0, 0, 2, 5], [1, 4, 2, 2], [0, 3, 3, 1]]), np.array([[1.0], [0.0], [1.0]])
    assert max(check_gradients(net, BinaryCrossEntropy(), words, y).values()) < 1e-6


def test_padding_changes_nothing():
    """몇 칸을 채웠든 출력도, 비율도, 기울기도 채우지 않은 것과 같아요."""
    rng = np.random.default_rng(1)
    layer = SelfAttention(3, 4, rng=rng, padding=True)
    x, delta = rng.standard_normal((2, 3, 3)), rng.standard_normal((2, 3, 4))
    out, shares = layer.forward(x), layer.shares
    back, grad_W = layer.backward(delta), layer.W.grad.copy()
    longer, noise = np.pad(x, ((0, 0), (2, 0), (0, 0))), rng.standard_normal((2, 5, 4))
    noise[:, 2:] = delta
    assert_close(layer.forward(longer), np.pad(out, ((0, 0), (2, 0), (0, 0))))
    assert_close(layer.shares[:, 2:, 2:], shares)
    assert not layer.shares[:, 2:, :2].any()
    assert_close(layer.backward(noise), np.pad(back, ((0, 0), (2, 0), (0, 0))))
    assert_close(layer.W.grad, grad_W)


def test_sentence_of_padding_only_is_zero():
    layer = SelfAttention(2, 3, rng=np.random.default_rng(0), padding=True)
    x = np.zeros((2, 3, 2))
    x[1, 2] = 1
    assert not layer.forward(x)[0].any()
    assert not layer.backward(np.ones((2, 3, 3)))[0].any()
    assert np.isfinite(layer.W.grad).all()


def test_shares_are_shares_and_survive_large_scores():
    layer = SelfAttention(2, 2, rng=np.random.default_rng(0))
    layer.W.value *= 1e3
    layer.forward(np.random.default_rng(1).standard_normal((3, 5, 2)))
    assert_close(layer.shares.sum(axis=2), np.ones((3, 5)))
    assert (layer.shares >= 0).all()


def test_does_not_know_the_order():
    """토큰의 차례를 바꾸면 출력도 차례만 바뀌어요: 자리를 따로 알려 주지 않으면 순서를 몰라요."""
    rng = np.random.default_rng(2)
    layer, x, order = SelfAttention(3, 2, rng=rng), rng.standard_normal((1, 4, 3)), [2, 0, 3, 1]
    assert_close(layer.forward(x)[:, order], layer.forward(x[:, order]))


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_stays(dtype):
    layer = SelfAttention(2, 3, rng=np.random.default_rng(0), padding=True, dtype=dtype)
    out = layer.forward(np.ones((2, 4, 2), dtype))
    assert out.dtype == layer.shares.dtype == layer.backward(np.ones_like(out)).dtype == dtype


def test_param_grads_is_backward_without_the_input():
    rng = np.random.default_rng(5)
    layer, x, delta = (
        SelfAttention(2, 3, rng=rng),
        rng.standard_normal((2, 4, 2)),
        rng.standard_normal((2, 4, 3)),
    )
    layer.forward(x)
    layer.backward(delta)
    whole = layer.W.grad.copy()
    layer.W.grad[...] = np.nan
    layer.param_grads(delta)
    assert_close(layer.W.grad, whole)


def test_names_itself():
    assert repr(SelfAttention(2, 3, rng=np.random.default_rng(0))) == "SelfAttention(2 → 3)"
