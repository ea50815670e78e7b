"""손실: 정의의 값과 1/n, autograd와 같은 기울기, |z| = 10⁴에서의 안정성, 오류."""

import math

import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES, LOSSES, ORACLE_LOSS, assert_close, read_only, snapshot, target

from bplib import BinaryCrossEntropy, HalfSquaredError, MeanSquaredError, SoftmaxCrossEntropy

every = pytest.mark.parametrize("kind", LOSSES)


@every
@given(
    n=st.integers(1, 6),
    k=st.integers(1, 5),
    dtype=st.sampled_from(DTYPES),
    labels=st.booleans(),
    seed=st.integers(0, 999),
)
def test_value_and_gradient_agree_with_autograd(kind, n, k, dtype, labels, seed):
    rng = np.random.default_rng(seed)
    loss = kind()
    pred = read_only(2 * rng.standard_normal((n, k)).astype(dtype))
    y = read_only(target(loss, n, k, rng, dtype, labels))
    E = loss.forward(pred, y)
    got = loss.backward()
    assert type(E) is float
    assert got.dtype == dtype
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    exact, answer = pred.astype(np.float64), y if y.dtype.kind == "i" else y.astype(np.float64)
    assert pytest.approx(ORACLE_LOSS[kind](exact, answer), rel=tolerance, abs=tolerance * 1e-2) == E
    expected = grad(ORACLE_LOSS[kind])(exact, answer)
    assert np.linalg.norm(got - expected) <= tolerance * max(1e-2, np.linalg.norm(expected))


@every
def test_the_mean_over_the_batch_stands_here(kind, rng):
    """같은 배치를 두 번 이어 붙이면 손실은 같고, 표본마다의 기울기는 절반이에요."""
    loss = kind()
    pred = rng.standard_normal((3, 2))
    y = target(loss, 3, 2, rng, np.float64, labels=False)
    once, grad_once = loss.forward(pred, y), loss.backward()
    twice = loss.forward(np.vstack([pred, pred]), np.vstack([y, y]))
    assert twice == pytest.approx(once, rel=1e-14)
    assert_close(loss.backward(), np.vstack([grad_once, grad_once]) / 2, 1e-14)


def test_values_known_by_hand():
    pred, y = np.array([[1.0, 2.0], [0.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])
    half, mean = HalfSquaredError(), MeanSquaredError()
    assert half.forward(pred, y) == (0.5 * (1 + 4) + 0.5 * 9) / 2
    assert half.backward().tolist() == [[0.5, 1.0], [0.0, 1.5]]
    assert mean.forward(pred, y) == (1 + 4 + 9) / 4
    assert mean.backward().tolist() == [[0.5, 1.0], [0.0, 1.5]]  # k = 2이면 두 기울기가 같아요
    binary = BinaryCrossEntropy()
    assert binary.forward(np.array([[math.log(3)]]), np.array([[1.0]])) == pytest.approx(-math.log(0.75))
    assert binary.backward()[0, 0] == pytest.approx(-0.25)
    soft = SoftmaxCrossEntropy()
    z = np.log([[1.0, 2.0, 5.0]])
    assert soft.forward(z, np.array([1])) == pytest.approx(-math.log(0.25))
    assert_close(soft.backward(), np.array([[0.125, -0.75, 0.625]]), 1e-14)


def test_labels_equal_one_hot(rng):
    loss, z, labels = SoftmaxCrossEntropy(), rng.standard_normal((4, 3)), np.array([2, 0, 1, 1], np.uint8)
    E, delta = loss.forward(z, labels), loss.backward()
    assert loss.forward(z, np.eye(3)[labels]) == E
    assert (loss.backward() == delta).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_far_ends(dtype):
    """|z| = 10⁴에서 맞으면 0, 틀리면 |z|만큼의 손실. 넘침 경고도 없어요(경고는 시험에서 오류예요)."""
    z = np.array([[1e4], [-1e4]], dtype)
    loss = BinaryCrossEntropy()
    assert loss.forward(z, np.array([[1], [0]], dtype)) == 0
    assert np.abs(loss.backward()).max() <= np.finfo(dtype).tiny
    assert loss.forward(z, np.array([[0], [1]], dtype)) == 1e4
    assert loss.backward().tolist() == [[0.5], [-0.5]]

    z = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype)
    soft = SoftmaxCrossEntropy()
    assert soft.forward(z, np.array([0, 1])) == 0
    assert not soft.backward().any()
    assert soft.forward(z, np.array([1, 0])) == 2e4
    assert soft.backward().tolist() == [[0.5, -0.5], [-0.5, 0.5]]


def test_every_row_of_softmax_is_shifted_by_its_own_largest():
    """배치에 아주 큰 표본과 아주 작은 표본이 섞여도 서로를 망치지 않아요."""
    soft = SoftmaxCrossEntropy()
    z = np.array([[1e4, 1e4 + 1], [-1e4, 1 - 1e4]])
    assert soft.forward(z, np.array([0, 0])) == pytest.approx(math.log(1 + math.e))
    assert_close(soft.backward()[:, 0], np.full(2, -math.e / (1 + math.e) / 2))


def test_overflowing_squares_give_infinity_without_a_warning():
    assert HalfSquaredError().forward(np.array([[1e200]]), np.array([[0.0]])) == math.inf


@every
def test_backward_does_not_consume_the_cache(kind, rng):
    loss = kind()
    loss.forward(rng.standard_normal((3, 2)), target(loss, 3, 2, rng, np.float64, labels=False))
    first = loss.backward()
    first_copy = first.copy()
    first *= 0
    assert (loss.backward() == first_copy).all()


@every
def test_backward_before_forward(kind):
    with pytest.raises(RuntimeError, match=kind.__name__):
        kind().backward()


@every
def test_bad_arguments_change_nothing(kind, rng):
    loss = kind()
    good = np.array([[0.2, 0.8], [0.5, 0.5], [1.0, 0.0]])
    pred = rng.standard_normal((3, 2))
    loss.forward(pred, good)
    before = snapshot(loss)
    nan_pred, nan_y = pred.copy(), good.copy()
    nan_pred[1, 1], nan_y[2, 0] = np.nan, np.nan
    cases = [
        (pred[0], good[0], ValueError),
        (pred, good[:, :1], ValueError),
        (pred, good[:1], ValueError),
        (pred, good[:, 0], ValueError),
        (pred[:0], good[:0], ValueError),
        (nan_pred, good, ValueError),
        (np.where(np.isnan(nan_pred), np.inf, pred), good, ValueError),
        (pred, nan_y, ValueError),
        (pred.astype(np.float32), good, TypeError),
        (pred, good.astype(np.float32), TypeError),
        (pred.astype(int), good, TypeError),
        (pred.tolist(), good, TypeError),
        (pred, good.tolist(), TypeError),
        (pred, good > 0.5, TypeError),
    ]
    for bad_pred, bad_y, error in cases:
        with pytest.raises(error, match=kind.__name__):
            loss.forward(bad_pred, bad_y)
    assert snapshot(loss) == before


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("margin", [1, 10, 14, 17, 30, 80])
@pytest.mark.parametrize("label", [0, 1])
def test_confident_samples_keep_their_digits(margin, label, dtype):
    """아주 자신 있게 맞힌 표본의 손실 ln(1 + e^(−m))과 기울기 e^(−m)/(1 + e^(−m))도 y가 0이든 1이든 정확해요.

    기울기 p − y와 소프트맥스의 ln(1 + …)은 float64의 반올림까지예요. float32의 한계보다 한참 아래예요.
    """
    z, tail = (2 * label - 1) * margin, math.exp(-margin)
    binary, softmax = BinaryCrossEntropy(), SoftmaxCrossEntropy()
    losses = [
        binary.forward(np.array([[z]], dtype), np.array([[label]], dtype)),
        softmax.forward(np.array([[0, z]], dtype), np.array([label])),
    ]
    grads = [binary.backward()[0, 0], softmax.backward()[0, 1]]
    exact, rounded = {"rel": 16 * float(np.finfo(dtype).eps), "abs": 0}, 16 * float(np.finfo(float).eps)
    assert losses[0] == pytest.approx(math.log1p(tail), **exact)
    assert losses[1] == pytest.approx(math.log1p(tail), **exact | {"abs": rounded})
    assert grads == pytest.approx([(1 - 2 * label) * tail / (1 + tail)] * 2, **exact | {"abs": rounded})


@pytest.mark.parametrize("kind", [HalfSquaredError, MeanSquaredError])
def test_a_long_float32_sum_keeps_its_digits(kind):
    """내적 하나로 더하면 200만 개에서 5e-4만큼 틀려요."""
    a = np.random.default_rng(0).random((2**21, 1), np.float32)
    found = kind().forward(a, np.zeros_like(a))
    assert found == pytest.approx(kind().forward(a.astype(float), np.zeros_like(a, float)), rel=1e-6)


@pytest.mark.parametrize("kind", LOSSES)
def test_a_wrong_axis_of_one_is_told_how_to_mend(kind):
    labels = kind is SoftmaxCrossEntropy
    pred, y = (np.zeros((4, 3)), np.zeros((4, 1), int)) if labels else (np.zeros((4, 1)), np.zeros(4))
    with pytest.raises(ValueError, match=r"reshape\("):
        kind().forward(pred, y)
    with pytest.raises(ValueError, match="정답") as caught:  # 옮겨 적은 것은 reshape로 고치면 조용히 틀려요
        kind().forward(np.zeros((4, 3)), np.zeros((3, 4)))
    assert "reshape" not in str(caught.value)


@pytest.mark.parametrize("bad", [-0.1, 1.1])
def test_binary_targets_are_probabilities(bad):
    loss = BinaryCrossEntropy()
    with pytest.raises(ValueError, match="0 이상 1 이하"):
        loss.forward(np.zeros((1, 2)), np.array([[0.5, bad]]))
    with pytest.raises(RuntimeError):
        loss.backward()


@pytest.mark.parametrize(
    "bad",
    [
        np.array([0, 3]),
        np.array([-1, 0]),
        np.array([0]),
        np.array([[0], [1]]),
        np.array([[0.5, 0.6, 0.0], [1.0, 0.0, 0.0]]),
        np.array([[0.5, 0.5 + 1e-6, 0.0], [1.0, 0.0, 0.0]]),
        np.array([[1.5, -0.5, 0.0], [1.0, 0.0, 0.0]]),
    ],
)
def test_softmax_targets_are_labels_or_probabilities(bad):
    loss = SoftmaxCrossEntropy()
    with pytest.raises(ValueError, match="정답"):
        loss.forward(np.zeros((2, 3)), bad)
    with pytest.raises(RuntimeError):
        loss.backward()


def test_softmax_tells_how_far_from_a_probability():
    with pytest.raises(ValueError, match=r"가장 작은 값 -0\.5, 합과 1의 차이 0\.25"):
        SoftmaxCrossEntropy().forward(np.zeros((1, 2)), np.array([[1.75, -0.5]]))


def test_repr():
    assert [repr(kind()) for kind in LOSSES] == [f"{kind.__name__}()" for kind in LOSSES]
