"""Linear, Sequential, Residual: autograd와 같은 기울기, 모양·자료형·차례의 오류, 아무것도 바꾸지 않기."""

import copy
import pickle

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    DTYPES,
    assert_backward_overwrites,
    assert_close,
    assert_finite_differences_agree,
    assert_float32_stays,
    cases,
    oracle,
    random_params,
    read_only,
    snapshot,
)

from bplib import (
    RNN,
    BatchNorm,
    Dropout,
    Embedding,
    HalfSquaredError,
    LastStep,
    Layer,
    Linear,
    Param,
    Params,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
    check_gradients,
)
from bplib.layers import every_layer


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
    assert_finite_differences_agree(case)


@given(cases(dtypes=(np.float32,)))
def test_float32_stays_float32(case):
    assert_float32_stays(case)


@given(cases())
def test_backward_overwrites_and_skipping_the_input_changes_no_gradient(case):
    assert_backward_overwrites(case)


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
    with pytest.raises(error, match="Sequential" if error is TypeError else "Linear"):
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
    with pytest.raises(RuntimeError, match=f"{last.__name__ if last else 'Linear'}.*forward"):
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


def test_an_own_layer_needs_only_its_two_formulas(rng):
    class Square(Layer):
        formula = "a = z²"

        def _forward(self, a):
            self.z = a
            return a * a

        def _backward(self, delta):
            return 2 * self.z * delta

    net = Sequential(Linear(2, 3, rng=rng), Square(), Linear(3, 1, rng=rng))
    x, y = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    assert max(check_gradients(net, HalfSquaredError(), x, y).values()) <= 1e-6


def test_the_checking_doors_cannot_be_overridden():
    """Sequential은 _forward를 부르니, forward를 다시 정한 층은 조용히 무시될 거예요."""
    for name in ("forward", "backward", "param_grads"):
        with pytest.raises(TypeError, match=rf"^Mine: {name}은 .*_{name}에"):
            type("Mine", (Linear,), {name: lambda self, a: a})


def test_a_layer_that_sends_a_wrong_shape_back_is_told_once_per_new_shape(rng):
    class Narrow(Layer):
        def _forward(self, a):
            return a * 2

        def _backward(self, delta):
            return delta[:, :1]  # Tanh의 기울기에 퍼뜨려질(broadcasting) 모양

    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Narrow())
    net.forward(np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"^Tanh\(\): δ의 모양.*기대: \(4, 3\), 받음: \(4, 1\)"):
        net.backward(np.ones((4, 3)))


def test_a_shape_seen_before_is_still_checked_at_the_door(rng):
    net = Sequential(Linear(2, 3, rng=rng), BatchNorm(3), Linear(3, 1, rng=rng))
    for _ in range(2):
        net.forward(np.ones((4, 2)))
        net.backward(np.ones((4, 1)))
    before = snapshot(net)
    with pytest.raises(TypeError, match=r"^Sequential.*float64"):
        net.forward(np.ones((4, 2), np.float32))
    with pytest.raises(ValueError, match="유한"):
        net.forward(np.full((4, 2), np.nan))
    with pytest.raises(ValueError, match=r"^Linear\(3 → 1\): δ의 모양"):
        net.backward(np.ones((4, 2)))
    assert snapshot(net) == before
    net.eval().forward(np.ones((1, 2)))
    net.forward(np.ones((1, 2)))
    with pytest.raises(ValueError, match="2개 이상"):
        net.train().forward(np.ones((1, 2)))


def test_numbers_are_checked_each_time(rng):
    net = Sequential(Embedding(4, 2, rng=rng), LastStep())
    net.forward(np.array([[0, 3]]))
    with pytest.raises(ValueError, match="번호의 값"):
        net.forward(np.array([[0, 4]]))


def test_a_layer_called_by_hand_does_not_confuse_its_network(rng):
    net, x = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng)), np.ones((4, 2))
    for _ in range(2):
        net.forward(x)
        net[2].forward(np.ones((1, 3)))
        net.forward(x)
        net.backward(np.ones((4, 1)))


def test_layer_itself_is_abstract():
    with pytest.raises(NotImplementedError):
        Layer()._forward(np.ones((1, 1)))
    with pytest.raises(NotImplementedError):
        Layer()._backward(np.ones((1, 1)))


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


@given(
    seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5), k=st.integers(1, 4), dtype=st.sampled_from(DTYPES)
)
def test_residual_adds_its_input_forwards_and_delta_backwards(seed, n, k, dtype):
    """a + F(a)를, 잔차 연결 안의 잔차 연결까지 autograd와 견줘요."""
    rng = np.random.default_rng(seed)
    net = Sequential(
        Residual(
            Linear(k, k + 1, rng=rng, dtype=dtype),
            Tanh(),
            Residual(Sigmoid()),
            Linear(k + 1, k, rng=rng, dtype=dtype),
        ),
        Tanh(),
    )
    random_params(net, rng)
    x, delta = (read_only(rng.standard_normal((n, k)).astype(dtype)) for _ in range(2))

    def output(V, c, U, d, x):
        h = anp.tanh(x @ V.T + c)
        return anp.tanh(x + (h + 1 / (1 + anp.exp(-h))) @ U.T + d)

    values = [*(param.value.astype(np.float64) for param in net.params()), x.astype(np.float64)]
    pred = net.forward(x)
    grads = [net.backward(delta, input_grad=True), *(param.grad for param in net.params())]
    assert {array.dtype for array in (pred, *grads)} == {np.dtype(dtype)}
    if dtype == np.float32:
        return
    assert_close(pred, output(*values))
    for index, got in zip((4, 0, 1, 2, 3), grads, strict=True):
        assert_close(got, grad(lambda *v: anp.sum(delta * output(*v)), index)(*values))


def test_residual_names_widths_and_line(rng):
    net = Sequential(Linear(2, 3, rng=rng), Residual(Tanh(), Linear(3, 3, rng=rng)), Linear(3, 1, rng=rng))
    assert [param.name for param in net.params()] == ["0.W", "0.b", "1.1.W", "1.1.b", "2.W", "2.b"]
    assert np.shares_memory(net.params().value, net[1].inner[1].W.value)
    assert repr(net[1]) == "Residual(Tanh(), Linear(3 → 3))"
    assert (net[1].n_in, net[1].n_out) == (3, 3)
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        twin.params().value = np.zeros(net.params().size)
        assert not twin[1].inner[1].W.value.any()
        assert net[1].inner[1].W.value.any()


def test_residual_refuses_what_changes_the_shape_and_changes_nothing(rng):
    down, free = Linear(3, 2, rng=rng), Linear(2, 3, rng=rng)
    before = snapshot(down, free)
    with pytest.raises(ValueError, match="n_in과 같은 3"):
        Residual(down)
    with pytest.raises(ValueError, match="1개 이상"):
        Residual()
    with pytest.raises(TypeError, match="Residual: 1번 층의 형이"):
        Residual(down, np.tanh)
    assert snapshot(down, free) == before
    block = Residual(down, free)
    with pytest.raises(ValueError, match="이미"):
        Sequential(down)
    with pytest.raises(ValueError, match="n_in"):
        Sequential(Linear(1, 2, rng=rng), block)
    net = Sequential(block)
    with pytest.raises(ValueError, match="이미"):
        Residual(block)
    assert (net.n_in, net.n_out) == (3, 3)

    class Halve(Layer):
        def _forward(self, a):
            return a[:, ::2]

    with pytest.raises(ValueError, match=r"Residual.*F\(a\)의 모양이"):
        Residual(Halve()).forward(np.ones((1, 4)))


def test_modes_reach_every_layer(rng):
    inner = [Dropout(0.5, rng=rng), BatchNorm(2)]
    layers = [Tanh(), Residual(Residual(inner[0]), inner[1])]
    net = Sequential(*layers)
    everything = [net, *layers, *inner]
    assert all(thing.training for thing in everything)
    assert net.eval() is net
    assert [thing.training for thing in everything] == [False] * len(everything)
    assert not copy.deepcopy(net)[1].inner[1].training
    assert net.train() is net
    assert all(thing.training for thing in everything)


class Rows(Layer):
    """번호를 받아 표의 줄을 꺼내는, 정수를 받는 층."""

    takes_integers = True

    def _forward(self, a):
        return np.eye(3)[a]

    def _backward(self, delta):
        return np.zeros_like(delta)


def test_a_first_layer_may_take_integers(rng):
    net = Sequential(Rows(), Linear(3, 2, rng=rng))
    assert (net.n_in, net.takes_integers, net.takes_steps) == (None, True, False)
    x = read_only(np.array([2, 0, 2]))
    out = net.forward(x)
    assert_close(out, net[1].W.value.T[x])
    net.backward(np.ones((3, 2)))
    before = snapshot(net)
    for bad in (np.ones(3), np.array([True]), [2, 0]):
        with pytest.raises(TypeError, match="정수 배열"):
            net.forward(bad)
    with pytest.raises(ValueError, match="빈 배열"):
        net.forward(np.array([], int))
    assert snapshot(net) == before


def test_a_layer_that_changes_the_shape_hides_the_widths_behind_it(rng):
    """그림 (n, 채널, 높이, 폭)을 펴는 층이 앞에 있으면, 뒤의 Linear가 입력 x의 모양을 정하지 못해요."""

    class Flat(Layer):
        def _forward(self, a):
            self.shape = a.shape
            return a.reshape(len(a), -1)

        def _backward(self, delta):
            return delta.reshape(self.shape)

    net = Sequential(Tanh(), Flat(), Linear(12, 2, rng=rng), Tanh())
    assert (net.n_in, net.n_out) == (None, 2)
    x = rng.standard_normal((5, 3, 2, 2))
    assert net.forward(x).shape == (5, 2)
    assert net.backward(np.ones((5, 2)), input_grad=True).shape == x.shape
    with pytest.raises(TypeError, match="Sequential"):
        net.forward(x.astype(np.float32))
    assert Residual(Flat(), Linear(4, 4, rng=rng)).n_in == 4
    assert Residual(Linear(4, 4, rng=rng), Flat()).n_in == 4
    assert Sequential(Linear(2, 12, rng=rng), Flat()).n_out is None
    assert Sequential(Linear(2, 4, rng=rng), Flat(), Linear(12, 2, rng=rng)).n_in == 2
    y = rng.standard_normal((5, 2))
    assert max(check_gradients(net, HalfSquaredError(), x, y, include_input=True).values()) <= 1e-6


# ── 신경망의 한 줄과 끊어지지 않아요 ──


class Own(Layer):
    """배우는 수 하나를 곱하는 층. 시험마다 조금씩 틀리게 만들어요."""

    def __init__(self, *params, line=True):
        self.W = params[0]
        self._params = Params(params) if line else None

    def _forward(self, a):
        return a * self.W.value

    def _backward(self, delta):
        return delta * self.W.value


class Anew(Own):
    def params(self):
        return Params([self.W])


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: Own(Param(np.ones(2), "W"), Param(np.ones(2), "W")), "서로 다른 이름"),
        (lambda: Own(Param(np.ones(2), "W"), line=False), r"W가 params\(\)에 없어요"),
        (lambda: Anew(Param(np.ones(2), "W"), line=False), "한 번 만든 것을 늘"),
    ],
    ids=["two of one name", "not in the line", "a new line each time"],
)
@pytest.mark.parametrize("kind", [Sequential, Residual])
def test_params_that_would_not_learn_or_not_be_saved_are_refused(layer, words, kind):
    with pytest.raises(ValueError, match=words):
        kind(layer())


@pytest.mark.parametrize(
    "new", [np.ones((3, 3)), None, Param(np.ones((3, 3)), "W")], ids=["array", "None", "Param"]
)
def test_a_weight_cannot_be_replaced_in_a_network(new, rng):
    for layer in (Linear(3, 3, rng=rng), RNN(3, 3, rng=rng), Own(Param(np.ones((3, 3)), "W"))):
        net = Sequential(layer)
        for unit in (net, copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
            with pytest.raises(TypeError, match=r"W\.value = …"):
                unit[0].W = new
            unit[0].W = unit[0].W
            unit.params().value = np.zeros(unit.params().size)
            assert not unit[0].W.value.any()


def test_weights_tied_before_the_network_are_refused(rng):
    """한 가중치를 두 번 쓰면 기울기가 한쪽 것만 남아요."""
    first, second = Linear(2, 2, rng=rng), Linear(2, 2, rng=rng)
    second.W = first.W
    with pytest.raises(ValueError, match=r"1번 Linear\(2 → 2\): W가 params\(\)에 없어요"):
        Sequential(first, second)
    Sequential(first)  # 아무것도 바뀌지 않았어요


# ── predict ──


def test_predict_is_the_output_in_evaluation_mode(rng):
    net = Sequential(
        Linear(2, 8, rng=rng), BatchNorm(8), Residual(Dropout(0.5, rng=rng)), Linear(8, 3, rng=rng)
    )
    x = rng.standard_normal((300, 2))
    net.forward(x)
    net[1].training = False  # 한 층만 손으로 바꿔 둔 것도 되돌려요
    before = [layer.training for layer in every_layer(net)]
    for n in (1, 127, 128, 129, 300):
        assert_close(net.predict(x[:n]), copy.deepcopy(net).eval().forward(x[:n]), 1e-14)
        assert [layer.training for layer in every_layer(net)] == before
    with pytest.raises(ValueError, match="유한"):
        net.predict(np.full((2, 2), np.inf))
    assert [layer.training for layer in every_layer(net)] == before


def test_predict_leaves_nothing_for_backward(rng):
    """forward와 backward 사이에 predict를 부르면, 조용히 다른 표본의 기울기를 내는 대신 오류가 나요."""
    net = Sequential(Linear(2, 3, rng=rng), Tanh())
    net[0].forward(np.ones((4, 2)))
    net.forward(np.ones((4, 2)))
    net.predict(np.zeros((4, 2)))
    with pytest.raises(RuntimeError, match="forward를 먼저"):
        net.backward(np.ones((4, 3)))


def test_a_network_forgets_what_its_layers_did_before_joining(rng):
    layer = Linear(2, 3, rng=rng)
    layer.forward(np.ones((4, 2)))
    net = Sequential(layer)
    with pytest.raises(RuntimeError, match="forward를 먼저"):
        net.backward(np.ones((4, 3)))


def test_copies_and_pickles_carry_numbers_not_memories(rng):
    net = Sequential(Linear(2, 3, rng=rng), Residual(Linear(3, 3, rng=rng)), Tanh())
    size = len(pickle.dumps(net))
    net.forward(rng.standard_normal((5000, 2)))
    assert len(pickle.dumps(net)) <= size + 200
    twin = copy.deepcopy(net)
    with pytest.raises(RuntimeError, match="forward를 먼저"):
        twin.backward(np.ones((5000, 3)))
    net.backward(np.ones((5000, 3)))  # 복사해도 앞의 것은 그대로 기억해요
