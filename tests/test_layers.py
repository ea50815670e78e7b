"""Linear와 Sequential: autograd와 같은 기울기, 모양·자료형·차례의 오류, 아무것도 바꾸지 않기."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, cases, oracle, read_only, snapshot

from bplib import HalfSquaredError, Layer, Linear, ReLU, Sequential, Sigmoid, Tanh, check_gradients


@given(n=st.integers(1, 5), n_in=st.integers(1, 5), n_out=st.integers(1, 5), dtype=st.sampled_from(DTYPES))
def test_linear_is_the_formula_sample_by_sample(n, n_in, n_out, dtype):
    """z = W a + b와 그 역전파를, 행렬 곱 없이 번호로만 적은 식과 견줘요."""
    rng = np.random.default_rng(n * 100 + n_in * 10 + n_out)
    layer = Linear(n_in, n_out, rng=rng, dtype=dtype)
    layer.b.value = rng.standard_normal(n_out)
    a = read_only(rng.standard_normal((n, n_in)).astype(dtype))
    delta = read_only(rng.standard_normal((n, n_out)).astype(dtype))
    z = layer.forward(a)
    grad_a = layer.backward(delta)
    W, b = layer.W, layer.b
    for s in range(n):
        for j in range(n_out):
            expected = b.value[j] + sum(W.value[j, i] * a[s, i] for i in range(n_in))
            assert z[s, j] == pytest.approx(expected, rel=1e-4, abs=1e-5)
        for i in range(n_in):
            expected = sum(W.value[j, i] * delta[s, j] for j in range(n_out))
            assert grad_a[s, i] == pytest.approx(expected, rel=1e-4, abs=1e-5)
    for j in range(n_out):
        assert b.grad[j] == pytest.approx(sum(delta[s, j] for s in range(n)), rel=1e-4, abs=1e-5)
        for i in range(n_in):
            expected = sum(delta[s, j] * a[s, i] for s in range(n))
            assert W.grad[j, i] == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert {z.dtype, grad_a.dtype, W.grad.dtype, b.grad.dtype} == {np.dtype(dtype)}


@given(cases())
def test_any_network_agrees_with_autograd(case):
    case.x, case.y = read_only(case.x), read_only(case.y)
    E, grads, grad_x = oracle(case)
    assert case.loss.forward(case.net.forward(case.x), case.y) == pytest.approx(E, rel=1e-10, abs=1e-14)
    delta = case.loss.backward()
    got = case.net.backward(read_only(delta), input_grad=True)
    assert_close(got, grad_x)
    for param, expected in zip(case.net.params(), grads, strict=True):
        assert_close(param.grad, expected)


@given(cases())
def test_any_network_agrees_with_finite_differences(case):
    errors = check_gradients(case.net, case.loss, case.x, case.y, include_input=True)
    assert set(errors) == {"x"} | {param.name for param in case.net.params()}
    assert max(errors.values()) <= 1e-6


@given(cases(dtypes=(np.float32,)))
def test_float32_stays_float32(case):
    pred = case.net.forward(case.x)
    assert isinstance(case.loss.forward(pred, case.y), float)
    delta = case.loss.backward()
    arrays = [pred, delta, case.net.backward(delta, input_grad=True)]
    for param in case.net.params():
        arrays += [param.value, param.grad]
    for layer in case.net:
        arrays += [value for value in vars(layer).values() if isinstance(value, np.ndarray)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@given(cases())
def test_backward_overwrites_and_skipping_the_input_changes_no_gradient(case):
    case.loss.forward(case.net.forward(case.x), case.y)
    delta = case.loss.backward()
    case.net.params().grad = np.full(case.net.params().size, 99.0)
    assert case.net.backward(delta) is None
    once = case.net.params().grad.copy()
    case.net.backward(delta, input_grad=True)
    assert (case.net.params().grad == once).all()


@given(cases())
def test_outputs_are_not_overwritten_by_the_next_call(case):
    pred = case.net.forward(case.x)
    kept = pred.copy()
    case.net.forward(case.x + 1)
    assert (pred == kept).all()


def test_non_contiguous_input(rng):
    net = Sequential(Linear(3, 2, rng=rng), Tanh())
    x = rng.standard_normal((3, 4)).T
    assert (net.forward(x) == net.forward(x.copy(order="C"))).all()
    wide = rng.standard_normal((4, 6))[:, ::2]
    assert_close(net.forward(wide), net.forward(np.ascontiguousarray(wide)))
    net.backward(np.ones((2, 4)).T)


def test_layers_by_hand_equal_the_network(rng):
    """신경망을 층의 목록처럼 앞뒤로 돌 수 있어요."""
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    x = rng.standard_normal((4, 2))
    a = x
    for layer in net:
        a = layer.forward(a)
    delta = np.ones((4, 1))
    for layer in reversed(net):
        delta = layer.backward(delta)
    by_hand = net.params().grad.copy()
    assert (net.forward(x) == a).all()
    assert (net.backward(np.ones((4, 1)), input_grad=True) == delta).all()
    assert (net.params().grad == by_hand).all()
    assert len(net) == 3
    assert net[-1] is net[2]


@pytest.mark.parametrize(
    ("kwargs", "error", "words"),
    [
        ({"n_in": 0}, ValueError, "n_in"),
        ({"n_out": -1}, ValueError, "n_out"),
        ({"n_in": 2.5}, TypeError, "n_in"),
        ({"n_in": True}, TypeError, "n_in"),
        ({"rng": 0}, TypeError, "rng"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng"),
        ({"dtype": np.int64}, TypeError, "dtype"),
        ({"dtype": np.float16}, TypeError, "dtype"),
        ({"dtype": None}, TypeError, "dtype"),
        ({"init": lambda n_out, n_in, rng: np.zeros((n_in, n_out))}, ValueError, "init"),
        ({"init": lambda n_out, n_in, rng: np.full((n_out, n_in), np.nan)}, ValueError, "W"),
    ],
)
def test_bad_linear(kwargs, error, words, rng):
    with pytest.raises(error, match=words):
        Linear(**{"n_in": 2, "n_out": 3, "rng": rng, **kwargs})


def test_linear_starts_with_a_copy_of_what_init_returns(rng):
    W = np.ones((3, 2))
    layer = Linear(2, 3, rng=rng, init=lambda n_out, n_in, rng: W)
    assert (layer.W.value == 1).all()
    assert not layer.b.value.any()
    layer.W.value *= 5
    assert (W == 1).all()


@pytest.mark.parametrize(
    ("x", "error"),
    [
        (np.ones((4, 3)), ValueError),
        (np.ones(2), ValueError),
        (np.ones((1, 4, 2)), ValueError),
        (np.ones((4, 2), np.float32), TypeError),
        (np.ones((4, 2), int), TypeError),
        ([[1.0, 2.0]], TypeError),
    ],
)
def test_bad_input_names_the_layer_and_changes_nothing(x, error, rng):
    layer, net = Linear(2, 3, rng=rng), Sequential(Tanh(), Linear(2, 3, rng=rng))
    layer.forward(np.ones((1, 2)))
    net.forward(np.ones((1, 2)))
    before = snapshot(layer, net)
    with pytest.raises(error, match=r"Linear\(2 → 3\)"):
        layer.forward(x)
    with pytest.raises(error, match="Sequential"):
        net.forward(x)
    assert snapshot(layer, net) == before


@pytest.mark.parametrize(
    "x", [np.array([[1.0, np.nan]]), np.array([[np.inf, 1.0]]), np.array([[-np.inf, np.inf]])]
)
def test_network_refuses_non_finite_input(x, rng):
    net = Sequential(Linear(2, 3, rng=rng))
    net.forward(np.ones((1, 2)))
    before = snapshot(net)
    with pytest.raises(ValueError, match="유한"):
        net.forward(x)
    with pytest.raises(ValueError, match="빈 배열"):
        net.forward(np.empty((0, 2)))
    assert snapshot(net) == before


def test_huge_but_finite_input_is_accepted(rng):
    """제곱합은 넘치지만 값은 유한해요."""
    net = Sequential(Linear(2, 3, rng=rng))
    assert np.isfinite(net.forward(np.full((1, 2), 1e200))).all()


@pytest.mark.parametrize(
    ("delta", "error"),
    [
        (np.ones((4, 2)), ValueError),
        (np.ones((3, 1)), ValueError),
        (np.ones(4), ValueError),
        (np.ones((4, 1), np.float32), TypeError),
        ([[1.0]] * 4, TypeError),
    ],
)
def test_bad_delta_changes_nothing(delta, error, rng):
    layer, net = Linear(2, 1, rng=rng), Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    for thing in (layer, net):
        thing.forward(np.ones((4, 2)))
        thing.backward(np.ones((4, 1)))
    before = snapshot(layer, net)
    with pytest.raises(error, match="Linear"):
        layer.backward(delta)
    with pytest.raises(error, match="맞지 않아요"):
        net.backward(delta)
    assert snapshot(layer, net) == before


def test_network_refuses_non_finite_delta(rng):
    net = Sequential(Linear(2, 1, rng=rng))
    net.forward(np.ones((1, 2)))
    before = snapshot(net)
    with pytest.raises(ValueError, match="유한"):
        net.backward(np.array([[np.nan]]))
    assert snapshot(net) == before


@pytest.mark.parametrize("last", [None, Sigmoid])
def test_backward_before_forward(last, rng):
    net = Sequential(Linear(2, 1, rng=rng), *([last()] if last else []))
    before = snapshot(net)
    with pytest.raises(RuntimeError, match="forward"):
        net.backward(np.ones((1, 1)))
    assert snapshot(net) == before


def test_sequential_refuses_bad_layers_and_changes_nothing(rng):
    used, free = Linear(2, 3, rng=rng), Linear(3, 1, rng=rng)
    Sequential(used)
    shared = Tanh()
    narrow, single = Linear(2, 1, rng=rng), Linear(1, 1, rng=rng, dtype=np.float32)
    before = snapshot(used, free, narrow, single)
    with pytest.raises(ValueError, match="이미"):
        Sequential(used, free)
    with pytest.raises(ValueError, match="이미"):
        Sequential(shared, free, shared)
    with pytest.raises(ValueError, match=r"Linear\(2 → 1\)"):
        Sequential(free, Tanh(), narrow)
    with pytest.raises(TypeError, match="dtype"):
        Sequential(narrow, single)
    with pytest.raises(TypeError, match="Layer"):
        Sequential(free, np.tanh)
    with pytest.raises(TypeError, match="Layer"):
        Sequential(Sequential(free, Tanh()))
    with pytest.raises(ValueError, match="1개 이상"):
        Sequential()
    assert snapshot(used, narrow, single) == [before[0], *before[2:]]
    assert narrow.W.name == "W"


def test_an_own_layer_needs_only_forward_and_backward(rng):
    class Square(Layer):
        formula = "a = z²"

        def forward(self, a):
            self.z = a
            return a * a

        def backward(self, delta):
            return 2 * self.z * delta

    net = Sequential(Linear(2, 3, rng=rng), Square(), Linear(3, 1, rng=rng))
    x, y = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    assert max(check_gradients(net, HalfSquaredError(), x, y).values()) <= 1e-6


def test_layer_itself_is_abstract():
    with pytest.raises(NotImplementedError):
        Layer().forward(np.ones((1, 1)))
    with pytest.raises(NotImplementedError):
        Layer().backward(np.ones((1, 1)))


def test_a_network_of_activations_only():
    net = Sequential(Tanh(), Sigmoid())
    assert net.dtype is None
    assert len(net.params()) == 0
    assert net.forward(np.zeros((1, 2), np.float32)).dtype == np.float32
    assert net.backward(np.ones((1, 2), np.float32), input_grad=True).tolist() == [[0.25, 0.25]]


def test_repr(rng):
    net = Sequential(Linear(2, 8, rng=rng), ReLU(), Linear(8, 1, rng=rng))
    assert repr(net).splitlines() == [
        "Sequential: 층 3개, 매개변수 33개",
        "  0  Linear(2 → 8)        z = W a + b",
        "  1  ReLU()               a = max(z, 0)",
        "  2  Linear(8 → 1)        z = W a + b",
    ]
