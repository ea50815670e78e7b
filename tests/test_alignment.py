"""피드백 정렬: B = W이면 역전파, B가 무작위여도 앞으로는 그대로, 각도의 값과 오류."""

import copy
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, read_only, snapshot

from bplib import Linear, Residual, Sequential, SoftmaxCrossEntropy, Tanh, check_gradients, xavier
from bplib.topics.alignment import FeedbackLinear, angle, update_angles


def networks(widths, seed, dtype=np.float64):
    """같은 W를 가진 피드백 정렬 신경망과 보통 신경망."""
    rng = np.random.default_rng(seed)
    pairs = []
    for kind in (FeedbackLinear, Linear):
        layers = []
        for n_in, n_out in pairwise(widths):
            layers += [kind(n_in, n_out, rng=rng, init=xavier, dtype=dtype), Tanh()]
        pairs.append(Sequential(*layers[:-1]))
    pairs[1].params().value = pairs[0].params().value
    return pairs


def batch(n, n_in, n_out, dtype=np.float64):
    rng = np.random.default_rng(7)
    return read_only(rng.standard_normal((n, n_in)).astype(dtype)), rng.integers(0, n_out, n)


def backward(net, x, y):
    loss = SoftmaxCrossEntropy()
    loss.forward(net.forward(x), y)
    return net.backward(read_only(loss.backward()), input_grad=True)


@given(
    widths=st.lists(st.integers(2, 6), min_size=2, max_size=5), n=st.integers(1, 5), seed=st.integers(0, 99)
)
def test_with_b_equal_to_w_it_is_backpropagation(widths, n, seed):
    feedback, plain = networks(widths, seed)
    x, y = batch(n, widths[0], widths[-1])
    for layer in feedback:
        if isinstance(layer, FeedbackLinear):
            layer.B = layer.W.value
    got, expected = backward(feedback, x, y), backward(plain, x, y)
    assert_close(got, expected, 1e-12)
    assert_close(feedback.params().grad, plain.params().grad, 1e-12)
    assert max(check_gradients(feedback, SoftmaxCrossEntropy(), x, y).values()) <= 1e-6


def test_the_signal_goes_through_b_and_nothing_else_changes(rng):
    """∂E/∂W는 δ aᵀ 그대로이고, 앞 층으로만 Bᵀδ가 가요. 번호로 적은 식과 견줘요."""
    feedback, plain = networks((3, 4, 2), 1)
    x, y = batch(5, 3, 2)
    assert (feedback.forward(x) == plain.forward(x)).all()
    delta = rng.standard_normal((5, 2))
    sent = feedback[2].backward(delta)
    plain[2].backward(delta)
    for s in range(5):
        for i in range(4):
            expected = sum(feedback[2].B[j, i] * delta[s, j] for j in range(2))
            assert sent[s, i] == pytest.approx(expected, rel=1e-12)
    assert (feedback[2].W.grad == plain[2].W.grad).all()
    assert (feedback[2].b.grad == plain[2].b.grad).all()
    assert y.shape == (5,)


def direct(rng, dtype=np.float64):
    """3 → 4 → 5 → 2: 두 은닉층 모두 출력층의 δ를 곧장 받아요."""
    top = FeedbackLinear(5, 2, rng=rng, dtype=dtype)
    middle = FeedbackLinear(4, 5, rng=rng, top=top, dtype=dtype)
    return Sequential(Linear(3, 4, rng=rng, dtype=dtype), Tanh(), middle, Tanh(), top)


@pytest.mark.parametrize("dtype", DTYPES)
def test_direct_feedback_sends_the_output_delta_to_every_layer(dtype, rng):
    """은닉층의 δ를 식으로 적어 견줘요: δˡ = Bᵀδᴸ ⊙ f′(zˡ). 두 번째 배치에서는 새 δᴸ을 써요."""
    net = direct(rng, dtype)
    for n in (5, 7, 7):
        x, y = batch(n, 3, 2, dtype)
        loss = SoftmaxCrossEntropy()
        loss.forward(net.forward(x), y)
        delta = loss.backward()
        net.backward(delta)
        a1 = np.tanh(net[0].forward(x))
        a2 = np.tanh(net[2].forward(a1))
        d2 = delta @ net[4].B * (1 - a2**2)
        d1 = delta @ net[2].B * (1 - a1**2)
        assert net[2].B.shape == (2, 4)
        tolerance = 1e-12 if dtype == np.float64 else 1e-4
        np.testing.assert_allclose(net[4].W.grad, delta.T @ a2, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(net[2].W.grad, d2.T @ a1, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(net[0].W.grad, d1.T @ x, rtol=tolerance, atol=tolerance)
        assert net.params().grad.dtype == dtype


def test_direct_feedback_is_compared_with_the_true_gradient(rng):
    net = direct(rng)
    x, y = batch(8, 3, 2)
    before = snapshot(net)
    angles = update_angles(net, SoftmaxCrossEntropy(), x, y)
    assert snapshot(net) == before
    backward(net, x, y)
    taken = net[0].W.grad.copy()
    for layer in (net[2], net[4]):
        layer.B, layer.top = layer.W.value, None
    backward(net, x, y)
    assert max(check_gradients(net, SoftmaxCrossEntropy(), x, y).values()) <= 1e-6
    assert angles["0.W"] == pytest.approx(angle(taken, net[0].W.grad), abs=1e-6)
    assert angles["4.W"] == 0


def test_direct_feedback_needs_the_output_delta_first(rng):
    with pytest.raises(TypeError, match="top"):
        FeedbackLinear(2, 3, rng=rng, top=Linear(3, 2, rng=rng))
    top = FeedbackLinear(3, 2, rng=rng)
    layer = FeedbackLinear(4, 3, rng=rng, top=top)
    layer.forward(np.ones((5, 4)))
    with pytest.raises(RuntimeError, match="top이 backward"):
        layer.backward(np.ones((5, 3)))
    top.forward(np.ones((2, 3)))
    top.backward(np.ones((2, 2)))
    with pytest.raises(ValueError, match="출력층의 δ"):
        layer.backward(np.ones((5, 3)))


def test_b_is_another_draw_and_is_not_learned(rng):
    layer = FeedbackLinear(30, 40, rng=rng)
    assert layer.B.shape == layer.W.shape == (40, 30)
    assert 80 < angle(layer.B, layer.W.value) < 100
    assert layer.B.std() == pytest.approx(layer.W.value.std(), rel=0.1)
    assert [param.name for param in layer.params()] == ["W", "b"]
    kept = layer.B.copy()
    net = Sequential(layer)
    backward(net, *batch(4, 30, 40))
    net.params().value -= net.params().grad
    assert np.array_equal(layer.B, kept)


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_stays(dtype):
    feedback, _ = networks((3, 4, 2), 2, dtype)
    x, y = batch(5, 3, 2, dtype)
    arrays = [backward(feedback, x, y), feedback.forward(x), feedback[0].B, feedback.params().grad]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("v", "degrees"),
    [((2.0, 0.0), 0), ((0.0, 3.0), 90), ((-1.0, 0.0), 180), ((1.0, 1.0), 45), ((-1.0, math.sqrt(3)), 120)],
)
def test_angles_known_by_hand(v, degrees):
    assert angle(np.array([1.0, 0.0]), np.array(v)) == pytest.approx(degrees, abs=1e-12)


@given(st.integers(0, 99), st.sampled_from(DTYPES))
def test_angle_is_the_cosine_formula_and_ignores_size(seed, dtype):
    u, v = np.random.default_rng(seed).standard_normal((2, 3, 4)).astype(dtype)
    cosine = np.vdot(u, v) / np.linalg.norm(u) / np.linalg.norm(v)
    assert angle(u, v) == pytest.approx(math.degrees(math.acos(cosine)), rel=1e-5)
    assert angle(u, v) == pytest.approx(angle(v * dtype(3), u), rel=1e-5)
    assert angle(u, u * dtype(2)) == 0


@pytest.mark.parametrize(
    ("u", "v", "error", "words"),
    [
        (np.ones(2), np.ones(3), ValueError, "모양"),
        (np.ones(2), np.zeros(2), ValueError, "^angle: v의 값.*모두 0"),
        (np.zeros(2), np.ones(2), ValueError, "^angle: u의 값.*모두 0"),
        (np.array([1.0, np.nan]), np.ones(2), ValueError, "^angle: u의 값.*유한"),
        (np.ones(2), np.array([1.0, np.nan]), ValueError, "^angle: v의 값.*유한"),
        (np.ones(2), np.ones(2, np.float32), TypeError, "자료형"),
        ([1.0], np.ones(1), TypeError, "자료형"),
    ],
)
def test_bad_angles(u, v, error, words):
    with pytest.raises(error, match=words):
        angle(u, v)


def test_update_angles_compare_with_the_true_gradient():
    """진짜 기울기는 같은 W를 가진 보통 신경망의 것이에요. 마지막 층은 언제나 0도예요."""
    feedback, plain = networks((4, 6, 5, 3), 3)
    x, y = batch(8, 4, 3)
    before = snapshot(feedback)
    angles = update_angles(feedback, SoftmaxCrossEntropy(), x, y)
    assert snapshot(feedback) == before
    backward(feedback, x, y)
    backward(plain, x, y)
    for param, true in zip(feedback.params(), plain.params(), strict=True):
        if param.name.endswith("W"):
            assert angles[param.name] == pytest.approx(angle(param.grad, true.grad), abs=1e-9)
    assert list(angles) == ["0.W", "2.W", "4.W"]
    assert angles["4.W"] == 0
    assert angles["0.W"] > 10


def test_backpropagation_makes_no_angle():
    _, plain = networks((4, 6, 3), 4)
    assert set(update_angles(plain, SoftmaxCrossEntropy(), *batch(8, 4, 3)).values()) == {0.0}


def test_update_angles_look_inside_residual(rng):
    net = Sequential(
        Linear(4, 4, rng=rng), Residual(Tanh(), FeedbackLinear(4, 4, rng=rng)), Linear(4, 3, rng=rng)
    )
    angles = update_angles(net, SoftmaxCrossEntropy(), *batch(8, 4, 3))
    assert max(angles.values()) > 5


def test_bad_layers_and_unchanged_state(rng):
    with pytest.raises(ValueError, match="n_in"):
        FeedbackLinear(0, 2, rng=rng)
    with pytest.raises(TypeError, match="rng"):
        FeedbackLinear(2, 2, rng=None)
    with pytest.raises(TypeError, match=r"^FeedbackLinear.*init의 형"):
        FeedbackLinear(2, 2, rng=rng, init="he")
    layer = FeedbackLinear(2, 3, rng=rng, init=lambda n_out, n_in, rng: np.full((n_out, n_in), 0.5))
    assert set(layer.W.value.flat) == set(layer.B.flat) == {0.5}
    layer = FeedbackLinear(2, 3, rng=rng)
    with pytest.raises(RuntimeError, match=r"FeedbackLinear.*forward"):
        layer.backward(np.ones((1, 3)))
    layer.forward(np.ones((2, 2)))
    before = snapshot(layer)
    for delta in (np.ones((2, 2)), np.ones((1, 3)), np.ones((2, 3), np.float32)):
        with pytest.raises((ValueError, TypeError)):
            layer.backward(delta)
    assert snapshot(layer) == before


def test_copies_keep_b(rng):
    layer = FeedbackLinear(2, 3, rng=rng)
    assert (copy.deepcopy(layer).B == layer.B).all()
