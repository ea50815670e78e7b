"""설명: 유한 차분·autograd와 같은 기울기, 더하면 맞는 적분 기울기, 손으로 센 가리기와 점수."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from strategies import DTYPES, assert_close, cases, read_only, snapshot

from bplib import Identity, Linear, ReLU, Sequential, Tanh
from bplib.topics.explain import (
    gradient_times_input,
    hit_rate,
    input_gradient,
    integrated_gradients,
    occlusion,
    randomized,
    rank_correlation,
)


def small_net(rng, dtype=np.float64):
    return Sequential(Linear(6, 5, rng=rng, dtype=dtype), Tanh(), Linear(5, 3, rng=rng, dtype=dtype))


def step_net():
    """f(x) = 1 − max(1 − x, 0)."""
    rng = np.random.default_rng(0)
    net = Sequential(Linear(1, 1, rng=rng), ReLU(), Linear(1, 1, rng=rng))
    net.params().value = np.array([-1.0, 1.0, -1.0, 1.0])
    return net


@given(cases(), st.integers(0, 10))
def test_input_gradient_is_the_slope_of_one_output(case, pick):
    """어떤 신경망이든, 고른 출력의 유한 차분과 같아요. 꺾인 점은 넓은 걸음과 좁은 걸음 가운데 하나가 피해 가요."""
    x = read_only(case.x)
    target = pick % case.net.n_out
    got = input_gradient(case.net, x, target)
    assert got.shape == x.shape
    for s in range(len(x)):
        for i in range(x.shape[1]):
            tries = []
            for h in (1e-3, 1e-4, 1e-5):
                move = np.zeros_like(x)
                move[s, i] = h
                z = [case.net.forward(x + k * move)[s, target] for k in (-2, -1, 1, 2)]
                tries.append((8 * (z[2] - z[1]) - (z[3] - z[0])) / (12 * h))
            gap = min(abs(got[s, i] - slope) for slope in tries)
            assert gap <= 1e-6 * max(1.0, abs(got[s, i]))


def test_every_sample_may_ask_for_its_own_output(rng):
    net = small_net(rng)
    x, labels = rng.standard_normal((4, 6)), np.array([2, 0, 1, 1])
    W1, b1, W2, b2 = (param.value for param in net.params())

    def asked(x):
        z = anp.dot(anp.tanh(anp.dot(x, W1.T) + b1), W2.T) + b2
        return anp.sum(z * np.eye(3)[labels])

    together = input_gradient(net, x, labels)
    assert_close(together, grad(asked)(x))
    alone = np.vstack([input_gradient(net, x[[s]], int(labels[s])) for s in range(4)])
    assert_close(together, alone)
    assert_close(gradient_times_input(net, x, labels), x * together, 1e-14)


@given(st.integers(0, 50), st.booleans())
def test_integrated_gradients_are_complete(seed, with_baseline):
    """Σ = z(x) − z(x′). 매끄러운 신경망에서 가운데 점의 오차는 1/steps²로 줄어요."""
    rng = np.random.default_rng(seed)
    net = small_net(rng)
    x = read_only(rng.standard_normal((3, 6)))
    baseline = read_only(rng.standard_normal((3, 6))) if with_baseline else None
    labels = rng.integers(0, 3, 3)
    start = np.zeros_like(x) if baseline is None else baseline
    rows = np.arange(3), labels
    wanted = net.forward(x)[rows] - net.forward(start)[rows]
    gaps = []
    for steps in (100, 200):
        total = integrated_gradients(net, x, labels, baseline=baseline, steps=steps).sum(axis=1)
        gaps.append(np.abs(total - wanted).max())
    assert gaps[1] <= 2e-4
    assert gaps[1] <= gaps[0] / 3 + 1e-12


def test_a_flat_place_has_no_gradient_but_an_integral():
    """1 − max(1 − x, 0)는 x = 2에서 평평하지만, 0에서 2까지 가는 동안 1이 올랐어요."""
    net, x = step_net(), np.array([[2.0]])
    assert net.forward(x) - net.forward(0 * x) == 1
    assert input_gradient(net, x) == 0
    assert integrated_gradients(net, x, steps=50) == pytest.approx(1, abs=0.03)


def test_for_a_linear_net_all_agree(rng):
    """곧은 신경망에서는 기울기 × 입력, 적분 기울기, 화소 하나씩 가리기가 모두 wᵢxᵢ예요."""
    net = Sequential(Linear(6, 1, rng=rng), Identity())
    x = rng.standard_normal((4, 6))
    expected = x * net[0].W.value
    for got in (
        gradient_times_input(net, x),
        integrated_gradients(net, x, steps=1),
        occlusion(net, x, shape=(2, 3), size=1),
    ):
        assert_close(got, expected, 1e-12)


def test_occlusion_by_hand(rng):
    """3 × 3 그림에 2 × 2 창 네 개: 가운데 화소는 넷, 귀퉁이는 하나가 덮어요."""
    net = Sequential(Linear(9, 2, rng=rng), Tanh(), Linear(2, 1, rng=rng))
    x = read_only(rng.uniform(0, 1, (1, 9)))
    drops = {}
    for top in (0, 1):
        for left in (0, 1):
            hidden = x.reshape(3, 3).copy()
            hidden[top : top + 2, left : left + 2] = 0.3
            drops[top, left] = (net.forward(x) - net.forward(hidden.reshape(1, 9)))[0, 0]
    got = occlusion(net, x, shape=(3, 3), size=2, fill=0.3).reshape(3, 3)
    for row in range(3):
        for col in range(3):
            over = [drops[top, left] for top, left in drops if 0 <= row - top < 2 and 0 <= col - left < 2]
            assert got[row, col] == pytest.approx(np.mean(over))


def test_occlusion_counts_only_the_hidden_place(rng):
    """한 화소만 보는 신경망: 그 화소를 덮은 창만 값을 떨어뜨려요."""
    net = Sequential(Linear(20, 1, rng=rng))
    net.params().value = np.eye(21)[7]
    drop = occlusion(net, np.ones((1, 20)), shape=(4, 5), size=1)
    assert drop.tolist() == [np.eye(20)[7].tolist()]


def test_hits_by_hand():
    truth = np.array([[True, True, False, False], [False, False, False, True]])
    assert hit_rate(np.array([[0.9, -0.8, 0.1, 0], [0.0, 0, 0, 3]]), truth) == 1
    assert hit_rate(np.array([[0.9, 0.1, -0.8, 0], [0.0, 0, 5, 3]]), truth) == 0.25
    assert hit_rate(np.zeros((2, 4)), truth) == (0.5 + 0.25) / 2  # 모두 같으면 어림짐작
    assert hit_rate(np.array([[2.0, 1, 1, 1], [1.0, 1, 0, 1]]), truth) == pytest.approx(
        ((1 + 1 / 3) / 2 + 1 / 3) / 2
    )


@given(st.integers(0, 200))
def test_ranks_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-3, 4, (2, 4, 9)).astype(float)
    expected = np.mean([spearmanr(np.abs(u), np.abs(v)).statistic for u, v in zip(a, b, strict=True)])
    assert rank_correlation(a, b) == pytest.approx(expected, abs=1e-12)
    assert rank_correlation(a, -7 * a) == pytest.approx(1)


def test_randomized_keeps_the_values_but_not_their_places(rng):
    net = small_net(rng)
    before = snapshot(net)
    other = randomized(net, np.random.default_rng(1))
    assert snapshot(net) == before
    for old, new in zip(net.params(), other.params(), strict=True):
        assert sorted(old.value.ravel()) == sorted(new.value.ravel())
        if old.name.endswith("W"):
            assert (old.value != new.value).mean() > 0.5
            rows = {tuple(sorted(row)) for row in old.value}
            assert not any(tuple(sorted(row)) in rows for row in new.value)  # 행째로 옮긴 것이 아니에요
            assert new.value.base is not old.value.base


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_stays_and_input_is_unchanged(dtype, rng):
    net, x = small_net(rng, dtype), read_only(rng.standard_normal((4, 6)).astype(dtype))
    values = net.params().value.copy()
    arrays = [
        input_gradient(net, x, 1),
        gradient_times_input(net, x, 1),
        integrated_gradients(net, x, 1, baseline=read_only(x), steps=3),
        integrated_gradients(net, x, 1, steps=3),
        occlusion(net, x, 1, shape=(2, 3)),
    ]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert {array.shape for array in arrays} == {x.shape}
    assert (net.params().value == values).all()


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        (3, ValueError, "0 … 2"),
        (-1, ValueError, "0 … 2"),
        (0.0, TypeError, "정수"),
        (np.array([0, 1]), ValueError, "모양"),
        (np.zeros((4, 3), int), ValueError, "모양"),
        (True, TypeError, "정수"),
    ],
)
def test_bad_targets(target, error, words, rng):
    net, x = small_net(rng), rng.standard_normal((4, 6))
    for explain in (input_gradient, gradient_times_input, integrated_gradients):
        with pytest.raises(error, match=words):
            explain(net, x, target)
    with pytest.raises(error, match=words):
        occlusion(net, x, target, shape=(2, 3))


def test_bad_options(rng):
    net, x = small_net(rng), rng.standard_normal((4, 6))
    assert (integrated_gradients(net, x) == integrated_gradients(net, x, steps=50)).all()
    for shape in ((2, 3, 1), 6, "23"):
        with pytest.raises(TypeError, match="shape"):
            occlusion(net, x, shape=shape)
    with pytest.raises(ValueError, match="fill"):
        occlusion(net, x, shape=(2, 3), fill=-np.inf)
    with pytest.raises(ValueError, match="steps"):
        integrated_gradients(net, x, steps=0)
    with pytest.raises(ValueError, match="baseline"):
        integrated_gradients(net, x, baseline=x[:1])
    with pytest.raises(TypeError, match="입력 x"):
        integrated_gradients(net, x.astype(int))
    with pytest.raises(ValueError, match="size"):
        occlusion(net, x, shape=(2, 3), size=3)
    with pytest.raises(ValueError, match="입력 x"):
        occlusion(net, x, shape=(3, 3))
    with pytest.raises(TypeError, match="rng"):
        randomized(net, 0)
    with pytest.raises(TypeError, match="bool"):
        hit_rate(x, np.ones((4, 6)))
    with pytest.raises(ValueError, match="truth"):
        hit_rate(x, np.zeros((4, 6), bool))
    with pytest.raises(ValueError, match="truth"):
        hit_rate(x, np.eye(4, 6, 1, bool) & (np.arange(4) < 3)[:, None])  # 마지막 행에만 참이 없어요
    with pytest.raises(ValueError, match=r"^hit_rate: 설명의 값"):
        hit_rate(x * np.nan, np.ones((4, 6), bool))
    for a, b in ((x * np.nan, x), (x, x * np.nan)):
        with pytest.raises(ValueError, match=r"^rank_correlation: 설명의 값"):
            rank_correlation(a, b)
    with pytest.raises(ValueError, match="truth"):
        hit_rate(x, np.ones((4, 5), bool))
    with pytest.raises(ValueError, match="모양"):
        rank_correlation(x, x[:2])
    with pytest.raises(ValueError, match="모두 같은"):
        rank_correlation(x, np.ones_like(x))
