"""초기화: 논문의 분산과 범위, 재현, 오류."""

import math

import numpy as np
import pytest

from bplib import Linear, he, normal, orthogonal, xavier, zeros

ALL = [zeros, normal(0.3), xavier, he, orthogonal(1.5)]


def test_zeros(rng):
    assert not zeros(3, 2, rng).any()


@pytest.mark.parametrize(
    ("init", "std"),
    [(normal(0.3), 0.3), (he, math.sqrt(2 / 400)), (xavier, math.sqrt(2 / (400 + 200)))],
    ids=["normal", "he", "xavier"],
)
def test_standard_deviation(init, std, rng):
    W = init(200, 400, rng)
    assert W.shape == (200, 400)
    assert abs(W.mean()) < 4 * std / math.sqrt(W.size)
    assert W.std() == pytest.approx(std, rel=0.01)  # 8만 개의 표본 표준편차는 0.25 %쯤 흔들려요


def test_xavier_is_uniform_up_to_its_bound(rng):
    W = xavier(200, 400, rng)
    bound = math.sqrt(6 / 600)
    assert np.abs(W).max() <= bound
    assert np.abs(W).max() > 0.999 * bound


def test_he_is_normal(rng):
    W = he(200, 400, rng) / math.sqrt(2 / 400)
    assert np.mean(np.abs(W) < 1) == pytest.approx(0.6827, abs=0.01)


@pytest.mark.parametrize("init", ALL)
def test_same_seed_same_weights(init):
    one, two = (init(3, 4, np.random.default_rng(7)) for _ in range(2))
    assert (one == two).all()


@pytest.mark.parametrize("init", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_linear_sets_the_dtype(init, dtype, rng):
    assert Linear(4, 3, rng=rng, init=init, dtype=dtype).W.dtype == dtype


@pytest.mark.parametrize(
    ("name", "init"), list(zip(["zeros", "normal", "xavier", "he", "orthogonal"], ALL, strict=True))
)
def test_errors(name, init, rng):
    with pytest.raises(ValueError, match=f"^{name}: n_out"):
        init(0, 2, rng)
    with pytest.raises(ValueError, match=f"^{name}: n_in"):
        init(2, -1, rng)
    with pytest.raises(TypeError, match=f"^{name}: n_in"):
        init(2, 2.0, rng)
    with pytest.raises(TypeError, match=f"^{name}: rng"):
        init(2, 2, np.random)
    with pytest.raises(ValueError, match=f"^{name}: 크기가"):
        init(2**20, 2**20, rng)


def test_layers_name_a_wrong_init(rng):
    with pytest.raises(TypeError, match=r"^Linear.*init의 형이"):
        Linear(2, 3, rng=rng, init="he")
    with pytest.raises(TypeError, match=r"^Linear.*init이 만든 W의 형이"):
        Linear(2, 3, rng=rng, init=lambda n_out, n_in, rng: "W")
    with pytest.raises(ValueError, match=r"^Linear.*init이 만든 W의 모양이"):
        Linear(2, 3, rng=rng, init=lambda n_out, n_in, rng: np.zeros((n_in, n_out)))


def test_zero_scale_gives_zeros(rng):
    assert not normal(0.0)(3, 2, rng).any()
    assert not orthogonal(0.0)(3, 2, rng).any()
    assert np.abs(orthogonal(0.5)(2, 2, rng)).max() <= 0.5


@pytest.mark.parametrize("std", [-0.1, math.nan, math.inf])
def test_bad_std(std):
    with pytest.raises(ValueError, match="std"):
        normal(std)


def test_std_must_be_a_number():
    with pytest.raises(TypeError, match="std"):
        normal("0.1")


@pytest.mark.parametrize(("n_out", "n_in"), [(5, 5), (7, 3), (3, 7), (1, 4), (1, 1)])
def test_orthogonal_keeps_lengths_up_to_its_gain(n_out, n_in, rng):
    W = orthogonal(1.5)(n_out, n_in, rng)
    small = W.T @ W if n_in <= n_out else W @ W.T
    np.testing.assert_allclose(small, 1.5**2 * np.eye(min(n_out, n_in)), atol=1e-12)


def test_orthogonal_has_no_preferred_sign(rng):
    """부호를 맞추지 않으면 QR이 늘 같은 부호의 대각선을 내서, 1×1 행렬이 한쪽 부호로만 나와요."""
    draws = np.array([orthogonal()(1, 1, rng)[0, 0] for _ in range(400)])
    assert set(draws) == {-1.0, 1.0}
    assert abs(draws.mean()) < 0.2
    traces = [np.trace(orthogonal()(3, 3, rng)) for _ in range(2000)]
    assert abs(np.mean(traces)) < 0.1  # 고르게 뽑은 직교행렬의 대각합은 평균 0, 분산 1
    assert np.var(traces) == pytest.approx(1, abs=0.15)


def test_bad_gain():
    for gain in (-1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="gain"):
            orthogonal(gain)
    with pytest.raises(TypeError, match="gain"):
        orthogonal("1")
