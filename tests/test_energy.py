"""에너지 미터: 손으로 센 것, 실제로 한 곱셈의 수, 기억 장소의 경계, 표의 값."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplib import GRU, Linear, ReLU, Residual, Sequential
from bplib.topics.energy import MEMORIES, OPERATIONS, PRECISIONS, Work, count, energy, memory


def net_of(*sizes):
    rng = np.random.default_rng(0)
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [Linear(n_in, n_out, rng=rng), ReLU()]
    return Sequential(*layers[:-1])


def test_counted_by_hand():
    """2 → 3 → 1, 표본 4개. 매개변수는 9개와 4개예요."""
    assert count(net_of(2, 3, 1), 4) == {
        "순전파": Work(4 * 9 + 4 * 4, 9 + 4, 4 * (2 + 3) + 4 * (3 + 1)),
        "역전파": Work(4 * 9 + 4 * 4 + 4 * 3, 9 + 4 + 3, 4 * (2 + 3) + 4 * (3 + 1) + 4 * 3),
        "고치기": Work(13, 3 * 13, 0),
    }


@given(st.lists(st.integers(1, 7), min_size=2, max_size=5), st.integers(1, 9))
def test_counts_are_the_multiplications_of_the_matrix_products(sizes, n):
    """순전파 A Wᵀ, 역전파 δᵀA와 δW(첫 층에는 없어요)의 행렬 곱을 하나하나 세요. 편향은 입력 1인 가중치예요."""
    work = count(net_of(*sizes), n)
    shapes = list(pairwise(sizes))
    ones = [np.ones((n, n_in + 1)) @ np.ones((n_in + 1, n_out)) for n_in, n_out in shapes]
    assert work["순전파"].macs == sum(int(z.sum()) for z in ones)
    grads = [np.ones((n_out, n)) @ np.ones((n, n_in + 1)) for n_in, n_out in shapes]
    inputs = [np.ones((n, n_out)) @ np.ones((n_out, n_in)) for n_in, n_out in shapes[1:]]
    assert work["역전파"].macs == sum(int(g.sum()) for g in grads + inputs)
    assert work["고치기"].macs == net_of(*sizes).params().size


def test_backward_costs_about_twice_the_forward():
    work = count(net_of(500, 500, 500, 500), 10)
    assert 1.6 < work["역전파"].macs / work["순전파"].macs < 2


def test_residual_branches_are_counted_and_other_layers_refused(rng):
    net = Sequential(Linear(3, 3, rng=rng), Residual(ReLU(), Linear(3, 3, rng=rng)))
    assert count(net, 1)["순전파"].macs == 24
    with pytest.raises(TypeError, match="GRU"):
        count(Sequential(GRU(3, 3, rng=rng)), 1)


def test_the_cited_table():
    """Horowitz 2014와 Han et al. 2015의 그림 1에 적힌 값."""
    assert OPERATIONS == {
        "float32 곱셈": 3.7,
        "float32 덧셈": 0.9,
        "int8 곱셈": 0.2,
        "int8 덧셈": 0.03,
        "int32 덧셈": 0.1,
    }
    assert MEMORIES["8 KB"][1] == 5.0
    assert MEMORIES["DRAM"][1] == 640.0
    assert [round(mac, 3) for _, _, mac in PRECISIONS.values()] == [4.6, 0.3, 0.1]


def test_energy_by_hand():
    net = net_of(2, 3, 1)  # 모두 칩 안 8 KB에 들어가요
    used = energy(net, 4)
    assert list(used) == ["순전파"]
    assert used["순전파"].compute == pytest.approx(52 * 4.6 / 4)
    assert used["순전파"].memory == pytest.approx((13 + 36) * 5 / 4)
    eight = energy(net, 4, 8)["순전파"]
    assert eight.compute == pytest.approx(52 * 0.3 / 4)
    assert eight.memory == pytest.approx((13 + 36) / 4 * 5 / 4)
    one = energy(net, 4, 1)["순전파"]
    assert one.compute == pytest.approx(52 * 0.1 / 4)
    assert one.memory == pytest.approx((13 / 32 + 36 / 4) * 5 / 4)


def test_rounding_only_the_weights_saves_only_in_the_forward_pass():
    """가중치만 반올림하며 배우면 순전파의 셈과 활성값만 줄어요. 역전파도 8비트면 그쪽도 줄고, 고치기는 그대로예요."""
    net = net_of(2, 3, 1)
    full, one = (energy(net, 4, bits, training=True) for bits in (32, 1))
    assert full["역전파"] == one["역전파"]
    assert full["고치기"] == one["고치기"]
    assert one["순전파"].compute == pytest.approx(52 * 0.1 / 4)
    assert one["순전파"].memory == pytest.approx((13 + 36 / 4) * 5 / 4)
    assert full["고치기"].memory == pytest.approx(39 * 5 / 4)
    short = energy(net, 4, 8, training=True, backward_bits=8)
    assert short["역전파"].compute == pytest.approx(64 * 0.3 / 4)  # 52 + 4 × 3번
    assert short["역전파"].memory == pytest.approx((16 + 48) / 4 * 5 / 4)
    assert short["고치기"] == full["고치기"]


def test_backward_bits_must_be_known():
    with pytest.raises(ValueError, match="backward_bits"):
        energy(net_of(2, 1), 4, training=True, backward_bits=16)


def test_memory_is_the_smallest_that_fits():
    """2047 → 1, 표본 1개: 수 2048개와 활성값 2048개."""
    net = net_of(2047, 1)
    assert memory(net, 1) == "32 KB"  # 16 KB
    assert memory(net, 1, 8) == "8 KB"  # 4 KB
    assert memory(net_of(1023, 1), 1) == "8 KB"  # 딱 8 KB
    assert memory(net_of(1024, 1), 1) == "32 KB"
    assert memory(net_of(1023, 1), 1, training=True) == "32 KB"  # 기울기도 담아요
    assert memory(net_of(512, 512), 1, training=True) == "DRAM"
    assert memory(net_of(512, 512), 1, 8) == "1 MB"


@given(st.integers(1, 6))
def test_bigger_batches_share_the_weights(power):
    net = net_of(64, 32, 10)
    small, large = (energy(net, 2**p)["순전파"] for p in (power - 1, power))
    assert large.compute == pytest.approx(small.compute)
    words = {n: 2410 / n + 138 for n in (2 ** (power - 1), 2**power)}
    if memory(net, 2**power) == memory(net, 2 ** (power - 1)):
        assert large.memory / small.memory == pytest.approx(words[2**power] / words[2 ** (power - 1)])


@pytest.mark.parametrize(
    ("batch", "bits", "error", "words"),
    [
        (0, 32, ValueError, "batch"),
        (1.5, 32, TypeError, "batch"),
        (4, 16, ValueError, "bits"),
        (4, "8", ValueError, "bits"),
    ],
)
def test_bad_input(batch, bits, error, words):
    for meter in (energy, memory):
        with pytest.raises(error, match=words):
            meter(net_of(2, 1), batch, bits)
