"""입력 검사: 받아들이는 것과 거절하는 것의 경계, 그리고 누가 무엇을 기대했고 무엇을 받았는지 말하는 오류 문장."""

import decimal
import math
import re

import numpy as np
import pytest

from bplib import _checks as c

F32, F64 = np.dtype(np.float32), np.dtype(np.float64)


def refused(call, kind, message):
    """꼭 이 오류가 꼭 이 문장으로 나요."""
    with pytest.raises(kind, match=f"^{re.escape(message)}$"):
        call()


def says(what, expected, got):
    return f"누가: {what} 맞지 않아요. 기대: {expected}, 받음: {got}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.zeros((2, 3), np.float32), "(2, 3) float32 배열"), ([1.0], "list"), (np.float64(1), "float64")],
)
def test_describe(value, text):
    assert c.describe(value) == text


def test_all_finite():
    assert c.all_finite(np.array([[1.0, -2.0]]))
    assert c.all_finite(np.array([1e300, 1e300]))  # 제곱합은 넘쳐도 값은 유한해요
    assert c.all_finite(np.array([3, 4]))
    for bad in (math.nan, math.inf, -math.inf):
        assert not c.all_finite(np.array([1.0, bad]))
    assert type(c.all_finite(np.array([1e300, 1e300]))) is bool


def test_floats():
    for a in (np.zeros(2, np.float32), np.zeros(2)):
        c.check_floats("누가", "a", a)
        c.check_floats("누가", "a", a, a.dtype)
    for bad, got in ((np.zeros(2, int), "(2,) int64 배열"), ([0.0], "list")):
        refused(
            lambda bad=bad: c.check_floats("누가", "a", bad),
            TypeError,
            says("a의 자료형이", "float32 또는 float64 배열", got),
        )
    hint = ". a.astype(np.float32)처럼 직접 바꿔서 주세요"
    refused(
        lambda: c.check_floats("누가", "a", np.zeros(2), F32),
        TypeError,
        says("a의 자료형이", "float32 배열", "(2,) float64 배열" + hint),
    )
    with pytest.raises(TypeError, match="MaskedArray"):
        c.check_floats("누가", "a", np.ma.zeros(2), F64)


def test_integers():
    for dtype in (np.int8, np.uint64):
        c.check_integers("누가", "a", np.zeros(2, dtype))
    for bad, got in ((np.zeros(2), "(2,) float64 배열"), (np.zeros(2, bool), "(2,) bool 배열"), (3, "int")):
        refused(
            lambda bad=bad: c.check_integers("누가", "a", bad),
            TypeError,
            says("a의 자료형이", "정수 배열", got),
        )


def test_matrix():
    c.check_matrix("누가", "a", np.zeros((0, 3)), 3, F64)
    c.check_matrix("누가", "a", np.zeros((2, 3), np.float32), None, None)
    refused(
        lambda: c.check_matrix("누가", "a", np.zeros((2, 3)), 2, F64),
        ValueError,
        says("a의 모양이", "(n, 2)", "(2, 3)"),
    )
    refused(
        lambda: c.check_matrix("누가", "a", np.zeros(3), None, None),
        ValueError,
        says("a의 모양이", "(n, k)", "(3,)"),
    )
    with pytest.raises(ValueError, match=r"\(2, 2, 2\)"):
        c.check_matrix("누가", "a", np.zeros((2, 2, 2)), 2, F64)
    with pytest.raises(TypeError, match=r"^누가: a의 자료형.*float32"):
        c.check_matrix("누가", "a", np.zeros((2, 3)), 3, F32)


def test_steps():
    c.check_steps("누가", "a", np.zeros((2, 1, 3)), 3, F64)
    c.check_steps("누가", "a", np.zeros((2, 1, 3), np.float32), None, None)
    for shape, width, wanted in (((2, 1, 3), 2, "2"), ((2, 3), 3, "3"), ((2, 0, 3), None, "k")):
        refused(
            lambda shape=shape, width=width: c.check_steps("누가", "a", np.zeros(shape), width, F64),
            ValueError,
            says("a의 모양이", f"(n, t, {wanted})", str(shape)),
        )
    with pytest.raises(TypeError, match=r"^누가: a의 자료형.*float32"):
        c.check_steps("누가", "a", np.zeros((2, 1, 3)), 3, F32)


def test_like():
    c.check_like("누가", "a", np.ones((2, 3)), (2, 3), F64)
    refused(
        lambda: c.check_like("누가", "a", np.ones((1, 3)), (2, 3), F64),
        ValueError,
        says("a의 모양이", "(2, 3)", "(1, 3)"),
    )
    with pytest.raises(TypeError, match=r"^누가: a의 자료형.*float64"):
        c.check_like("누가", "a", np.ones((2, 3), np.float32), (2, 3), F64)


def test_finite():
    c.check_finite("누가", "a", np.ones((2, 1)))
    refused(
        lambda: c.check_finite("누가", "a", np.ones((0, 2))),
        ValueError,
        says("a의 크기가", "하나 이상의 값", "빈 배열 (0, 2)"),
    )
    refused(
        lambda: c.check_finite("누가", "a", np.array([[1.0, 2.0], [3.0, -math.inf]])),
        ValueError,
        says("a의 값이", "유한한 수", "(1, 1) 자리에 -inf"),
    )


def test_cache():
    kept = object()
    assert c.check_cache("누가", kept) is kept
    refused(
        lambda: c.check_cache("누가", None),
        RuntimeError,
        "누가: backward보다 forward를 먼저 불러야 해요.",
    )


def test_count():
    for good in (1, np.int8(3)):
        assert c.check_count("누가", "n", good) == good
        assert type(c.check_count("누가", "n", good)) is int
    for bad in (True, 2.0, "2", None):
        refused(
            lambda bad=bad: c.check_count("누가", "n", bad),
            TypeError,
            says("n의 형이", "1 이상의 정수", repr(bad)),
        )
    for bad in (0, -1):
        refused(
            lambda bad=bad: c.check_count("누가", "n", bad),
            ValueError,
            says("n의 값이", "1 이상의 정수", bad),
        )


def number(value, low=0.0, high=1.0, *, open_low=False):
    return c.check_number("누가", "p", value, low, high, open_low=open_low)


def test_number():
    for good in (0.5, np.float32(0.5), np.float64(0.5)):
        assert number(good) == 0.5
        assert type(number(good)) is float
    assert number(0) == 0.0
    for bad in (True, "0.5", None, 1j, decimal.Decimal("0.5")):
        refused(lambda bad=bad: number(bad), TypeError, says("p의 형이", "실수 하나", repr(bad)))
    closed, opened = "구간 [0, 1)의 수", "구간 (0, 1)의 수"
    for bad, text in ((1.0, "1"), (-0.1, "-0.1"), (math.nan, "nan")):
        refused(lambda bad=bad: number(bad), ValueError, says("p의 값이", closed, text))
    refused(lambda: number(0.0, open_low=True), ValueError, says("p의 값이", opened, "0"))
    for bad, text in ((10**400, "inf"), (-(10**400), "-inf")):  # float에 담기지 않게 큰 정수
        refused(
            lambda bad=bad: number(bad, -math.inf, math.inf, open_low=True),
            ValueError,
            says("p의 값이", "구간 (-inf, ∞)의 수", text),
        )


def test_rng():
    c.check_rng("누가", np.random.default_rng(0))
    refused(lambda: c.check_rng("누가", 0), TypeError, says("rng의 형이", "np.random.default_rng(씨앗)", "0"))


def test_dtype():
    for good in (np.float32, "f8", F64):
        assert c.check_dtype("누가", good) == np.dtype(good)
    for bad in (None, int, "x", np.float16, [("a", 1, 2, 3)], object()):
        refused(
            lambda bad=bad: c.check_dtype("누가", bad),
            TypeError,
            says("dtype이", "np.float32 또는 np.float64", repr(bad)),
        )


def test_type_and_callable():
    c.check_type("누가", "a", 3, int)
    c.check_type("누가", "a", 3, (str, int))
    c.check_callable("누가", "a", len)
    for kind, expected, names in (
        (str, None, "str"),
        ((str, list), None, "str 또는 list"),
        (str, "글", "글"),
    ):
        refused(
            lambda kind=kind, expected=expected: c.check_type("누가", "a", 3, kind, expected),
            TypeError,
            says("a의 형이", names, "int"),
        )
    refused(lambda: c.check_callable("누가", "a", 3), TypeError, says("a의 형이", "함수", "int"))


def test_flag():
    assert c.check_flag("누가", "a", np.bool_(True)) is True
    assert c.check_flag("누가", "a", False) is False
    refused(lambda: c.check_flag("누가", "a", "False"), TypeError, says("a의 형이", "True 또는 False", "str"))


def test_list():
    assert c.check_list("누가", "a", iter([1, 2]), int) == [1, 2]
    for bad, got in (("가나", "str"), (b"ab", "bytes"), (bytearray(b"ab"), "bytearray"), (3, "int")):
        refused(
            lambda bad=bad: c.check_list("누가", "a", bad, str),
            TypeError,
            says("a의 형이", "str의 목록", got),
        )
    refused(
        lambda: c.check_list("누가", "a", 3, (int, str)),
        TypeError,
        says("a의 형이", "int 또는 str의 목록", "int"),
    )
    refused(lambda: c.check_list("누가", "a", [1, "2"], int), TypeError, says("a의 1번의 형이", "int", "str"))


def test_room():
    c.check_room("누가", 2**20, 2**17)
    c.check_room("누가")
    refused(
        lambda: c.check_room("누가", 2**20, 2**17 + 1),
        ValueError,
        says("크기가", "모두 137,438,953,472개까지의 수", "(1048576, 131073)"),
    )


def test_numbers():
    assert c.as_numbers("누가", "a", 3).shape == ()
    assert c.as_numbers("누가", "a", [True, False]).dtype == bool
    for bad in ("3", [[1], [1, 2]], [None], 1j):
        refused(
            lambda bad=bad: c.as_numbers("누가", "a", bad),
            TypeError,
            says("a의 형이", "수나 수의 배열", type(bad).__name__),
        )
