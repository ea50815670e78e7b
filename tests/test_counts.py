"""글에 적는 수: 읽기 좋은 배율과 윌슨 구간."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplib.lab.counts import times, wilson


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0배"),
        (0.01, "0.01배"),
        (0.375, "0.38배"),
        (25.0, "25배"),
        (999.9, "999.90배"),
        (14464.7, "14,465배"),
        (9.766e6, "9.8 × 10⁶배"),
        (1.593e-13, "1.6 × 10⁻¹³배"),
        (0.0099, "9.9 × 10⁻³배"),
        (1.6e37, "1.6 × 10³⁷배"),
    ],
)
def test_times_reads_well(x, text):
    assert times(x) == text


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [(0, 20, (0, 0.1611)), (7, 20, (0.1812, 0.5671)), (20, 20, (0.8389, 1)), (1, 1, (0.2065, 1))],
)
def test_wilson_by_hand(hits, n, expected):
    assert wilson(hits, n) == pytest.approx(expected, abs=5e-5)


@given(n=st.integers(1, 1000), z=st.floats(0.1, 4), data=st.data())
def test_wilson_ends_solve_its_equation(n, z, data):
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits, n, z)
    assert -1e-12 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1 + 1e-12
    for end in (low, high):
        assert (hits / n - end) ** 2 == pytest.approx(z**2 * end * (1 - end) / n, abs=1e-9)
    assert wilson(n - hits, n, z) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("bad", [(-1, 5), (6, 5), (1, 0), (1, 5, 0.0), (1, 5, math.inf)])
def test_wrong_numbers_are_told(bad):
    with pytest.raises(ValueError, match="wilson"):
        wilson(*bad)
