"""나란한 신경망: 하나씩 배운 것과 같은 길, autograd와 같은 기울기와 곡률, 그리고 한국어 오류."""

from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import hessian, jacobian
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    ACTIVATIONS,
    DTYPES,
    ORACLE_ACTIVATION,
    assert_close,
    random_params,
    read_only,
    snapshot,
)

from bplib import (
    SGD,
    BatchNorm,
    HalfSquaredError,
    LeakyReLU,
    Linear,
    Sequential,
    Sigmoid,
    Tanh,
    datasets,
    fit,
)
from bplib.topics.ensemble import StackedHalfSquaredError, StackedLinear, curvatures, stack


def make_nets(m, rng, widths=(2, 3, 1), activation=Tanh, dtype=np.float64):
    """편향까지 저마다 다른 신경망 m개."""
    nets = []
    for _ in range(m):
        layers = []
        for n_in, n_out in pairwise(widths):
            layers += [Linear(n_in, n_out, rng=rng, dtype=dtype), activation()]
        nets.append(Sequential(*layers))
        random_params(nets[-1], rng)
    return nets


# ── 하나씩 계산한 것과 같은가 ──


@given(
    m=st.integers(1, 5),
    n=st.integers(1, 5),
    widths=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    activation=st.sampled_from(ACTIVATIONS),
    dtype=st.sampled_from(DTYPES),
    shared=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_stack_computes_what_each_network_computes(m, n, widths, activation, dtype, shared, seed):
    rng = np.random.default_rng(seed)
    nets = make_nets(m, rng, widths, activation, dtype)
    many, loss = stack(nets), StackedHalfSquaredError()
    x = read_only(rng.standard_normal((n, widths[0]) if shared else (m, n, widths[0])).astype(dtype))
    y = read_only(rng.standard_normal((n, widths[-1]) if shared else (m, n, widths[-1])).astype(dtype))
    E = loss.forward(many.forward(x), y)
    grad_x = many.backward(read_only(loss.backward()), input_grad=True)
    tolerance = 1e-12 if dtype == np.float64 else 1e-4
    for s, net in enumerate(nets):
        one, each = HalfSquaredError(), (x, y) if shared else (x[s], y[s])
        assert one.forward(net.forward(each[0]), each[1]) == pytest.approx(E[s], rel=tolerance, abs=1e-12)
        assert_close(grad_x[s], net.backward(one.backward(), input_grad=True), tolerance)
        for param, stacked in zip(net.params(), many.params(), strict=True):
            assert_close(stacked.grad[s], param.grad, tolerance)
            assert stacked.name == param.name
    arrays = [E, grad_x, *(param.grad for param in many.params())]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_stack_learns_what_fit_learns(momentum):
    """한 걸음만 어긋나도(예: 신경망끼리 섞이거나 1/n이 다르면) 300걸음 뒤에는 크게 벌어져요."""
    x, y = datasets.xor()
    nets = make_nets(6, np.random.default_rng(4), (2, 2, 1), Sigmoid)
    many, loss = stack(nets), StackedHalfSquaredError()
    opt = SGD(many.params(), lr=1.0, momentum=momentum)
    losses = []
    for _ in range(300):
        losses.append(loss.forward(many.forward(x), y))
        many.backward(loss.backward())
        opt.step()
    for s, net in enumerate(nets):
        one = SGD(net.params(), lr=1.0, momentum=momentum)
        history = fit(net, HalfSquaredError(), one, x, y, epochs=300, progress=False)
        np.testing.assert_allclose([E[s] for E in losses], history.train_loss, rtol=0, atol=1e-12)
        for param, stacked in zip(net.params(), many.params(), strict=True):
            np.testing.assert_allclose(stacked.value[s], param.value, rtol=0, atol=1e-12)


def test_a_stack_takes_copies():
    nets = make_nets(3, np.random.default_rng(0))
    x = np.ones((4, 2))
    for net in nets:
        net.forward(x)
    before = snapshot(*nets)
    many = stack(nets)
    many.params().value = np.zeros(many.params().size)
    assert snapshot(*nets) == before
    with pytest.raises(RuntimeError, match="forward"):  # 앞 신경망의 기억을 가져오지 않아요
        many[1].backward(np.ones((3, 4, 3)))
    again = stack(nets)  # 한 번 쌓은 신경망도 다시 쌓을 수 있어요
    assert repr(again[0]) == "StackedLinear(3 × (2 → 3))"


def test_slope_of_leaky_relu_survives():
    nets = [Sequential(LeakyReLU(0.3)) for _ in range(2)]
    np.testing.assert_array_equal(stack(nets).forward(np.array([[-1.0]])), [[-0.3]])


# ── 곡률 ──


def oracle_curvatures(nets, x, y):
    """autograd의 헤세 행렬에서 구한 고윳값."""

    def error(w):
        a, at = x, 0
        for layer in nets[0]:
            if isinstance(layer, Linear):
                n_out, n_in = layer.W.shape
                W = w[at : at + n_out * n_in].reshape(n_out, n_in)
                b = w[at + n_out * n_in : at + n_out * n_in + n_out]
                at += n_out * (n_in + 1)
                a = anp.dot(a, W.T) + b
            else:
                a = ORACLE_ACTIVATION[type(layer)](a)
        return anp.sum(0.5 * (y - a) ** 2) / len(x)

    return np.stack([np.linalg.eigvalsh(hessian(error)(net.params().value.copy())) for net in nets])


@pytest.mark.parametrize("activation", [Sigmoid, Tanh])
def test_curvatures_agree_with_autograd(activation, rng):
    nets = make_nets(4, rng, (2, 3, 2), activation)
    x, y = read_only(rng.standard_normal((5, 2))), read_only(rng.standard_normal((5, 2)))
    many = stack(nets)
    before = many.params().value.copy()
    got = curvatures(many, StackedHalfSquaredError(), x, y)
    assert got.shape == (4, 17)
    np.testing.assert_array_equal(many.params().value, before)  # 옮긴 손잡이는 제자리로
    np.testing.assert_allclose(got, oracle_curvatures(nets, x, y), rtol=0, atol=1e-7)


def test_curvatures_tell_a_saddle_from_a_bowl():
    """선형층 하나의 E = ½(w x − y)²는 그릇이고, 둘을 이은 것은 원점이 안장점이에요."""
    x = np.ones((1, 1))
    bowl = Sequential(Linear(1, 1, rng=np.random.default_rng(0)))
    deep = Sequential(*[Linear(1, 1, rng=np.random.default_rng(0)) for _ in range(2)])
    deep.params().value = np.zeros(4)
    assert curvatures(stack([bowl]), StackedHalfSquaredError(), x, x).min() > -1e-9
    assert curvatures(stack([deep]), StackedHalfSquaredError(), x, x).min() < -0.1


# ── 손실 ──


@given(m=st.integers(1, 4), n=st.integers(1, 4), k=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_stacked_loss_agrees_with_autograd(m, n, k, seed):
    rng = np.random.default_rng(seed)
    pred, y = read_only(rng.standard_normal((m, n, k))), read_only(rng.standard_normal((n, k)))

    def errors(a):
        return anp.sum(anp.sum(0.5 * (y - a) ** 2, axis=2), axis=1) / n

    loss = StackedHalfSquaredError()
    assert_close(loss.forward(pred, y), errors(pred))
    assert_close(loss.backward(), jacobian(errors)(pred).sum(axis=0))


# ── 오류 ──


@pytest.mark.parametrize(
    ("shape", "error", "words"),
    [
        ((2, 4, 2), ValueError, r"\(3, n, 2\) 또는 \(n, 2\)"),
        ((3, 4, 5), ValueError, r"받음: \(3, 4, 5\)"),
        ((4, 5), ValueError, r"받음: \(4, 5\)"),
        ((2,), ValueError, r"받음: \(2,\)"),
    ],
)
def test_bad_input(shape, error, words, rng):
    layer = stack(make_nets(3, rng))[0]
    before = snapshot(layer)
    with pytest.raises(error, match=words):
        layer.forward(np.ones(shape))
    with pytest.raises(TypeError, match=r"^StackedLinear.*: 입력 a의 자료형.*float64"):
        layer.forward(np.ones((4, 2), np.float32))
    assert snapshot(layer) == before


def test_bad_delta(rng):
    layer = stack(make_nets(3, rng))[0]
    with pytest.raises(RuntimeError, match=r"^StackedLinear.*forward"):
        layer.backward(np.ones((3, 4, 3)))
    layer.forward(np.ones((4, 2)))
    before = snapshot(layer)
    for shape in [(2, 4, 3), (3, 4, 2), (4, 3)]:
        with pytest.raises(ValueError, match=r"^StackedLinear.*: δ의 모양.*기대: \(3, 4, 3\), 받음"):
            layer.backward(np.ones(shape))
    with pytest.raises(ValueError, match=r"기대: \(3, 4, 3\), 받음: \(3, 5, 3\)"):
        layer.backward(np.ones((3, 5, 3)))
    with pytest.raises(TypeError, match=r"^StackedLinear.*: δ의 자료형.*float64"):
        layer.backward(np.ones((3, 4, 3), np.float32))
    assert snapshot(layer) == before


def test_bad_stacks(rng):
    with pytest.raises(ValueError, match="1개 이상"):
        stack([])
    with pytest.raises(TypeError, match="1번의 형"):
        stack([*make_nets(1, rng), "신경망"])
    with pytest.raises(ValueError, match="1번 신경망의 층"):
        stack([*make_nets(1, rng), *make_nets(1, rng, (2, 4, 1))])
    with pytest.raises(ValueError, match="1번 신경망의 층"):
        stack([Sequential(LeakyReLU(0.1)), Sequential(LeakyReLU(0.2))])
    with pytest.raises(ValueError, match="1번 신경망의 층"):
        stack([*make_nets(1, rng), *make_nets(1, rng, dtype=np.float32)])
    for layers in ([], [Linear(2, 3, rng=rng), Linear(2, 3, rng=rng, dtype=np.float32)]):
        with pytest.raises(ValueError, match="모양과 dtype이 같은 Linear 하나 이상"):
            StackedLinear(layers)
    with pytest.raises(TypeError, match="Linear나 활성화 함수"):
        stack([Sequential(Linear(2, 2, rng=rng), BatchNorm(2))])


def test_bad_losses(rng):
    loss = StackedHalfSquaredError()
    with pytest.raises(RuntimeError, match=r"^StackedHalfSquaredError.*forward"):
        loss.backward()
    stacked, one = np.ones((3, 4, 1)), np.ones((4, 1))
    for pred, y, error, words in (
        (one, one, ValueError, r"pred와 y의 모양.*받음: \(4, 1\), \(4, 1\)"),
        (stacked, np.ones((3, 1)), ValueError, r"pred와 y의 모양.*받음: \(3, 4, 1\), \(3, 1\)"),
        (stacked, one.astype(np.float32), TypeError, "정답 y의 자료형.*float64"),
        (stacked.astype(int), one, TypeError, "출력 pred의 자료형"),
        (stacked * np.nan, one, ValueError, "출력 pred의 값.*유한"),
        (stacked, one * np.nan, ValueError, "정답 y의 값.*유한"),
    ):
        with pytest.raises(error, match=rf"^StackedHalfSquaredError\(\): {words}"):
            loss.forward(pred, y)
    # 실패한 forward는 아무것도 기억하지 않아요
    with pytest.raises(RuntimeError, match=r"^StackedHalfSquaredError.*forward"):
        loss.backward()


def test_bad_curvatures(rng):
    loss, x, y = StackedHalfSquaredError(), np.ones((4, 2)), np.ones((4, 1))
    nets = make_nets(2, rng)
    with pytest.raises(TypeError, match="stack"):
        curvatures(nets[0], loss, x, y)
    with pytest.raises(TypeError, match="float64"):
        curvatures(stack(make_nets(2, rng, dtype=np.float32)), loss, x.astype(np.float32), y)
    many = stack(nets)
    before = many.params().value.copy()
    with pytest.raises(ValueError, match="h"):
        curvatures(many, loss, x, y, h=0.0)
    with pytest.raises(ValueError, match="h"):
        curvatures(many, loss, x, y, h=1.0)
    with pytest.raises(ValueError, match="모양"):
        curvatures(many, loss, x, np.ones((3, 1)))
    np.testing.assert_array_equal(many.params().value, before)


def test_repr(rng):
    many = stack(make_nets(3, rng))
    assert isinstance(many[0], StackedLinear)
    assert "StackedLinear(3 × (2 → 3))" in repr(many)
    assert repr(StackedHalfSquaredError()) == "StackedHalfSquaredError()"
