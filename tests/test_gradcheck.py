"""기울기 검사: 심어 둔 버그를 찾아 자리를 대는지, 옳은 것을 틀렸다고 하지 않는지, 아무것도 바꾸지 않는지."""

import pickle

import numpy as np
import pytest
from strategies import random_params, snapshot

from bplib import (
    BatchNorm,
    BinaryCrossEntropy,
    Conv2d,
    Dropout,
    Flatten,
    GradientError,
    HalfSquaredError,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradients,
    datasets,
    gradcheck,
)


class WrongSign(Linear):
    def _backward(self, delta):
        return -super()._backward(delta)


class TransposedW(Linear):
    def _backward(self, delta):
        self._param_grads(delta)
        return delta @ self.W.value.T


class NoSumOverSamples(Linear):
    def _param_grads(self, delta):
        super()._param_grads(delta)
        self.b.grad = delta[0]


class OneWrongNumber(Linear):
    def _param_grads(self, delta):
        super()._param_grads(delta)
        self.W.grad[1, 2] *= 1.001


class WrongBias(Linear):
    def _param_grads(self, delta):
        super()._param_grads(delta)
        self.b.grad *= 2


class MissingSlope(Tanh):
    def _backward(self, grad_a):
        return grad_a


class SlopeAtA(Sigmoid):
    """f′를 z가 아니라 a에서 재는 실수."""

    def derivative(self, a):
        s = 1 / (1 + np.exp(-a))
        return s * (1 - s)


class NoMean(HalfSquaredError):
    def backward(self):
        return self._residual.copy()


class WrongDirection(HalfSquaredError):
    def backward(self):
        return -super().backward()


BUGS = {
    "sign": (WrongSign, Tanh, HalfSquaredError),
    "transposed": (TransposedW, Tanh, HalfSquaredError),
    "no sum": (NoSumOverSamples, Tanh, HalfSquaredError),
    "one number": (OneWrongNumber, Tanh, HalfSquaredError),
    "bias": (WrongBias, Tanh, HalfSquaredError),
    "missing f′": (Linear, MissingSlope, HalfSquaredError),
    "f′ at a": (Linear, SlopeAtA, HalfSquaredError),
    "no 1/n": (Linear, Tanh, NoMean),
    "a − y reversed": (Linear, Tanh, WrongDirection),
}


def build(linear, activation, loss, rng):
    net = Sequential(
        Linear(3, 3, rng=rng), activation(), linear(3, 3, rng=rng), Tanh(), Linear(3, 2, rng=rng)
    )
    random_params(net, rng)
    return net, loss(), rng.standard_normal((4, 3)), rng.standard_normal((4, 2))


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS.keys())
@pytest.mark.parametrize("max_exact", [2000, 1], ids=["every coordinate", "random directions"])
def test_planted_bugs_are_caught_at_a_wrong_place(bug, max_exact, rng):
    """오류가 대는 자리의 두 값이, 따로 잰 값과 같아야 해요."""
    net, loss, x, y = build(*bug, rng)
    with pytest.raises(GradientError) as caught:
        check_gradients(net, loss, x, y, max_exact=max_exact)
    error = caught.value
    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    param = net.params()[error.parameter]
    assert error.got == pytest.approx(param.grad[error.index], rel=1e-12)
    E = []
    for h in (1e-6, -1e-6):
        start = param.value.copy()
        param.value[error.index] += h
        E.append(loss.forward(net.forward(x), y))
        param.value = start
    assert error.expected == pytest.approx((E[0] - E[1]) / 2e-6, rel=1e-5, abs=1e-8)
    assert abs(error.got - error.expected) > 1e-7


@pytest.mark.parametrize("max_exact", [2000, 1])
def test_the_message_says_parameter_index_got_expected(max_exact, rng):
    net, loss, x, y = build(OneWrongNumber, Tanh, HalfSquaredError, rng)
    with pytest.raises(AssertionError, match=r"2\.W\[1, 2\]: 역전파 \S+, 유한 차분 \S+") as caught:
        check_gradients(net, loss, x, y, max_exact=max_exact)
    assert (caught.value.parameter, caught.value.index) == ("2.W", (1, 2))
    assert caught.value.got == pytest.approx(1.001 * caught.value.expected, rel=1e-6)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.args == ("2.W", (1, 2), caught.value.got, caught.value.expected)


def test_a_wrong_input_gradient_is_only_seen_when_asked(rng):
    net = Sequential(WrongSign(2, 1, rng=rng))
    x, y = rng.standard_normal((3, 2)), rng.standard_normal((3, 1))
    check_gradients(net, HalfSquaredError(), x, y)
    with pytest.raises(GradientError, match=r"x\[0, 0\]"):
        check_gradients(net, HalfSquaredError(), x, y, include_input=True)


def test_large_network_by_random_directions(rng):
    net = Sequential(Linear(40, 60, rng=rng), Tanh(), Linear(60, 10, rng=rng))
    x, y = rng.standard_normal((8, 40)), rng.integers(0, 10, 8)
    errors = check_gradients(net, SoftmaxCrossEntropy(), x, y)
    assert list(errors) == ["0.W", "0.b", "2.W", "2.b"]
    assert 0 < max(errors.values()) <= 1e-6
    assert errors == check_gradients(net, SoftmaxCrossEntropy(), x, y)  # rng가 없어도 늘 같은 방향
    assert errors == check_gradients(net, SoftmaxCrossEntropy(), x, y, directions=10)
    other = check_gradients(net, SoftmaxCrossEntropy(), x, y, rng=np.random.default_rng(1))
    assert errors != other


def test_every_coordinate_up_to_max_exact(rng):
    """수가 max_exact개까지면 모든 자리를, 하나라도 많으면 임의의 방향을 봐요."""
    net, loss = Sequential(Linear(2000, 1, rng=rng)), HalfSquaredError()
    x, y = rng.standard_normal((2, 2000)), rng.standard_normal((2, 1))
    assert check_gradients(net, loss, x, y) == check_gradients(net, loss, x, y, max_exact=2000)
    net, x = Sequential(Linear(5, 2, rng=rng)), rng.standard_normal((3, 5))
    every, same, other = (check_gradients(net, loss, x, x[:, :2], max_exact=n) for n in (2000, 12, 11))
    assert every == same != other


def test_directions():
    np.testing.assert_array_equal(list(gradcheck._every_coordinate(3)), np.eye(3))
    directions = np.array(list(gradcheck._random_directions(np.random.default_rng(0), 50, 9)))
    np.testing.assert_allclose(np.abs(directions), 1 / 3)  # 길이 1, 모든 성분의 크기가 같아요
    assert set(np.sign(directions[:, 0])) == {-1, 1}


class Scaled(Linear):
    """W의 기울기를 곱하고 더해 틀리게 해요."""

    by, plus = 1.0, 0.0

    def _param_grads(self, delta):
        super()._param_grads(delta)
        self.W.grad = self.W.grad * self.by + self.plus


@pytest.mark.parametrize(
    ("x", "residual", "by", "plus", "error"),
    [
        (1.0, 3.0, 2.0, 0.0, 1 / 2),  # 역전파가 두 배여도 절반이어도, 큰 쪽으로 나눠요
        (1.0, 3.0, 0.5, 0.0, 1 / 2),
        (1.0, 1e-6, 2.0, 0.0, 1e-6 / 1e-4),  # 기울기가 작으면 바닥으로. 손실이 1보다 작으면 바닥은 10⁻⁴
        (0.0, 1e4, 1.0, 0.01, 0.01 / (1e-4 * 0.5e8)),  # 손실이 크면 바닥도 그만큼 커요
    ],
)
def test_relative_error_by_hand(x, residual, by, plus, error, rng):
    layer = Scaled(1, 1, rng=rng)
    layer.by, layer.plus = by, plus
    layer.W.value, layer.b.value = [[0.0]], [residual]
    errors = check_gradients(
        Sequential(layer), HalfSquaredError(), np.array([[x]]), np.zeros((1, 1)), tolerance=2.0
    )
    assert errors["0.W"] == pytest.approx(error, rel=1e-3)


@pytest.mark.parametrize("max_exact", [2000, 1])
def test_nothing_is_changed(max_exact, rng):
    net, loss, x, y = build(Linear, Tanh, HalfSquaredError, rng)
    loss.forward(net.forward(x + 1), y)
    net.backward(2 * loss.backward())
    before = snapshot(net, loss, x, y)
    check_gradients(net, loss, x, y, max_exact=max_exact, include_input=True)
    assert snapshot(net, loss, x, y) == before

    net, loss, x, y = build(*BUGS["sign"], rng)
    before = snapshot(net, loss, x, y)
    with pytest.raises(GradientError):
        check_gradients(net, loss, x, y, max_exact=max_exact)
    assert snapshot(net, loss, x, y) == before


@pytest.mark.parametrize("kind", [ReLU, LeakyReLU])
def test_kinks_of_xor_are_not_reported(kind, rng):
    """편향이 0이고 입력이 (0, 0)이면 z가 꺾인 점 0에 딱 놓여요. 책에서 가장 흔한 경우예요."""
    net = Sequential(Linear(2, 8, rng=rng), kind(), Linear(8, 1, rng=rng))
    x, y = datasets.xor()
    assert (net[0].forward(x)[0] == 0).all()
    assert max(check_gradients(net, BinaryCrossEntropy(), x, y).values()) <= 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_a_fresh_convolution_is_not_accused(seed):
    """빈 화소와 b = 0이면 z 여럿이 꺾인 점에 놓이고, 자리마다는 맞는데 여럿을 함께 움직이면 어긋나요."""
    rng = np.random.default_rng(seed)
    net = Sequential(Conv2d(1, 32, 3, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Linear(288, 10, rng=rng))
    x, y = datasets.digits()
    x = x[:6].reshape(-1, 1, 8, 8)
    assert max(check_gradients(net, SoftmaxCrossEntropy(), x, y[:6], directions=3).values()) <= 1e-6


def test_one_wrong_number_among_kinks_is_still_found():
    """꺾인 점 때문에 어긋난 방향에서도, 정말 틀린 한 자리는 찾아요."""

    class OneWrong(Conv2d):
        def _param_grads(self, delta):
            super()._param_grads(delta)
            self.b.grad[20] *= 1.001

    rng = np.random.default_rng(0)
    net = Sequential(OneWrong(1, 32, 3, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Linear(288, 10, rng=rng))
    x, y = datasets.digits()
    with pytest.raises(GradientError) as caught:
        check_gradients(net, SoftmaxCrossEntropy(), x[:6].reshape(-1, 1, 8, 8), y[:6])
    assert (caught.value.parameter, caught.value.index) == ("0.b", (20,))


def test_steep_networks_use_narrower_steps(rng):
    """입력이 크면 h = 10⁻³에서 z가 크게 움직여요. 넓은 걸음 하나로는 옳은 기울기도 틀렸다고 하게 돼요."""
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    net.params().value = 0.01 * rng.standard_normal(13)
    x, y = 100 * rng.standard_normal((3, 2)), rng.standard_normal((3, 1))
    assert max(check_gradients(net, HalfSquaredError(), x, y).values()) <= 1e-6


def test_near_kinks_use_narrower_steps(rng):
    net = Sequential(Linear(1, 1, rng=rng), ReLU())
    net.params().value = [1.0, 0.0]
    x, y = np.array([[5e-4], [1.0]]), np.zeros((2, 1))
    assert max(check_gradients(net, HalfSquaredError(), x, y).values()) <= 1e-6


def test_a_bug_at_a_kink_is_still_caught(rng):
    class Doubled(ReLU):
        def _backward(self, grad_a):
            return 2 * super()._backward(grad_a)

    net = Sequential(Linear(2, 8, rng=rng), Doubled(), Linear(8, 1, rng=rng))
    with pytest.raises(GradientError):
        check_gradients(net, BinaryCrossEntropy(), *datasets.xor())


def test_saturated_and_huge_losses(rng):
    net = Sequential(Linear(2, 1, rng=rng))
    net.params().value = [1e4, -1e4, 3.0]
    x, y = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0], [1.0]])
    assert max(check_gradients(net, BinaryCrossEntropy(), x, y).values()) <= 1e-6


def test_tolerance_is_honoured(rng):
    net, loss, x, y = build(OneWrongNumber, Tanh, HalfSquaredError, rng)
    assert max(check_gradients(net, loss, x, y, tolerance=0.01).values()) == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize(
    ("kwargs", "error", "words"),
    [
        ({"x": np.ones((1, 2), np.float32)}, TypeError, "^check_gradients: 입력 x의 자료형.*float64"),
        ({"x": np.ones((1, 3))}, ValueError, "Sequential"),
        ({"y": np.ones((2, 1))}, ValueError, "HalfSquaredError"),
        ({"rng": 0}, TypeError, "rng"),
        ({"tolerance": 0.0}, ValueError, "tolerance"),
        ({"directions": 0}, ValueError, "directions"),
    ],
)
def test_bad_arguments_change_nothing(kwargs, error, words, rng):
    net, loss = Sequential(Linear(2, 1, rng=rng)), HalfSquaredError()
    before = snapshot(net, loss)
    arguments = {"x": np.ones((1, 2)), "y": np.ones((1, 1)), **kwargs}
    with pytest.raises(error, match=words):
        check_gradients(net, loss, **arguments)
    assert snapshot(net, loss) == before


def test_float32_network_is_refused(rng):
    net = Sequential(Linear(2, 1, rng=rng, dtype=np.float32))
    with pytest.raises(TypeError, match="float32"):
        check_gradients(net, HalfSquaredError(), np.ones((1, 2)), np.ones((1, 1)))


def test_dropout_keeps_one_mask_and_leaves_the_generator(rng):
    """두 층이 한 생성기를 나눠 써도, 잔차 연결 안에 있어도, 모든 손실을 같은 m으로 재요."""
    shared = np.random.default_rng(5)
    net = Sequential(
        Linear(3, 8, rng=rng),
        Dropout(0.5, rng=shared),
        Residual(Tanh(), Dropout(0.5, rng=shared)),
        Linear(8, 2, rng=rng),
    )
    x, y = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    before = snapshot(net, shared)
    assert max(check_gradients(net, HalfSquaredError(), x, y, include_input=True).values()) <= 1e-6
    assert snapshot(net, shared) == before


class NewMaskBackwards(Dropout):
    """순전파의 m이 아니라 새 m을 쓰는 실수."""

    def _backward(self, delta):
        return delta * (self.rng.random(delta.shape) >= self.p) / (1 - self.p)


class StatisticsAreConstants(BatchNorm):
    """μ와 σ²도 a의 함수라는 것을 잊는 실수."""

    def _backward(self, delta):
        super()._backward(delta)
        return self._cache[1] * delta


class ForgottenSkip(Residual):
    """가지 하나의 기울기를 잊는 실수."""

    def _backward(self, delta):
        return super()._backward(delta) - delta


@pytest.mark.parametrize(
    "bug",
    [
        lambda rng: NewMaskBackwards(0.5, rng=rng),
        lambda rng: StatisticsAreConstants(3),
        lambda rng: ForgottenSkip(Tanh()),
    ],
    ids=["mask", "statistics", "skip"],
)
def test_planted_bugs_of_the_newer_layers_are_caught(bug, rng):
    net = Sequential(Linear(3, 3, rng=rng), bug(rng), Linear(3, 2, rng=rng))
    x, y = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    with pytest.raises(GradientError, match=r"0\.W"):
        check_gradients(net, HalfSquaredError(), x, y)


def test_constant_statistics_are_right_in_evaluation_mode(rng):
    net = Sequential(Linear(3, 3, rng=rng), StatisticsAreConstants(3), Linear(3, 2, rng=rng)).eval()
    x, y = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    assert max(check_gradients(net, HalfSquaredError(), x, y).values()) <= 1e-6


def test_integer_input(rng):
    class Rows(Layer):
        takes_integers = True

        def _forward(self, a):
            return np.eye(3)[a]

        def _backward(self, delta):
            return delta

    net = Sequential(Rows(), Linear(3, 2, rng=rng))
    x, y = np.array([2, 0, 2, 1]), rng.standard_normal((4, 2))
    errors = check_gradients(net, HalfSquaredError(), x, y)
    assert list(errors) == ["1.W", "1.b"]
    assert max(errors.values()) <= 1e-6
    with pytest.raises(TypeError, match="정수"):
        check_gradients(net, HalfSquaredError(), x * 1.0, y)
    with pytest.raises(TypeError, match="include_input"):
        check_gradients(net, HalfSquaredError(), x, y, include_input=True)
