"""입력 검사: 잘못된 모양·자료형·값을 계산하기 전에 찾아, 무엇이 와야 했는지 한국어로 알려요."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
T = TypeVar("T")
MAX_NUMBERS = 2**37  # 배열 하나에 담을 수 있다고 보는 수의 개수. float64로 1 TB예요
FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def report(who: object, what: str, expected: object, got: object) -> str:
    """오류 문장: 누가, 무엇이, 무엇을 기대했고, 무엇을 받았는지."""
    return f"{who}: {what} 맞지 않아요. 기대: {expected}, 받음: {got}"


def describe(value: object) -> str:
    """배열이면 모양과 dtype을, 아니면 형의 이름을 적어요."""
    if type(value) is np.ndarray:
        return f"{value.shape} {value.dtype} 배열"
    return type(value).__name__


def all_finite(a: npt.NDArray[Any]) -> bool:
    """모든 값이 유한한가? 제곱합이 유한하면 값도 모두 유한하니, 빠른 제곱합부터 봐요."""
    return math.isfinite(np.vdot(a, a)) or bool(np.isfinite(a).all())


def check_floats(who: object, what: str, a: npt.NDArray[Any], dtype: np.dtype[Any] | None = None) -> None:
    """float32·float64 배열인지, dtype을 주면 바로 그 dtype인지 봐요. 아니면 TypeError."""
    if type(a) is np.ndarray and (a.dtype is dtype or a.dtype in (FLOATS if dtype is None else (dtype,))):
        return
    wanted = "float32 또는 float64" if dtype is None else dtype
    hint = "" if dtype is None else f". a.astype(np.{dtype})처럼 직접 바꿔서 주세요"
    raise TypeError(report(who, f"{what}의 자료형이", f"{wanted} 배열", describe(a) + hint))


def check_integers(who: object, what: str, a: npt.NDArray[Any]) -> None:
    """정수 배열인지 봐요. 아니면 TypeError."""
    if type(a) is not np.ndarray or a.dtype.kind not in "iu":
        raise TypeError(report(who, f"{what}의 자료형이", "정수 배열", describe(a)))


def check_matrix(who: object, what: str, a: Array, width: int | None, dtype: np.dtype[Any] | None) -> None:
    """모양이 (n, width)인 실수 배열인지 봐요. 자료형이 다르면 TypeError, 모양이 다르면 ValueError."""
    check_floats(who, what, a, dtype)
    if a.ndim != 2 or (width is not None and a.shape[1] != width):
        raise ValueError(report(who, f"{what}의 모양이", f"(n, {width or 'k'})", a.shape))


def check_steps(who: object, what: str, a: Array, width: int | None, dtype: np.dtype[Any] | None) -> None:
    """모양이 (n, t, width)인, 비지 않은 실수 배열인지 봐요. 자료형이 다르면 TypeError, 모양이 다르면 ValueError."""
    check_floats(who, what, a, dtype)
    if a.ndim != 3 or 0 in a.shape or (width is not None and a.shape[2] != width):
        raise ValueError(report(who, f"{what}의 모양이", f"(n, t, {width or 'k'})", a.shape))


def check_like(
    who: object, what: str, a: npt.NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    """dtype도 모양도 바로 그것인지 봐요. 퍼뜨리기(broadcasting)는 하지 않아요."""
    check_floats(who, what, a, dtype)
    if a.shape != shape:
        same = [k for k in a.shape if k != 1] == [k for k in shape if k != 1]  # 길이 1인 축만 달라요
        hint = f". reshape{shape}로 바꿔 주세요" if same else ""
        raise ValueError(report(who, f"{what}의 모양이", shape, f"{a.shape}{hint}"))


def check_finite(who: object, what: str, a: npt.NDArray[Any]) -> None:
    """빈 배열이거나 NaN·무한대가 있으면 ValueError."""
    if a.size and math.isfinite(np.vdot(a, a)):  # all_finite의 빠른 길. 걸음마다 네 번 지나가요
        return
    if a.size == 0:
        raise ValueError(report(who, f"{what}의 크기가", "하나 이상의 값", f"빈 배열 {a.shape}"))
    if not np.isfinite(a).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(a))[0])
        raise ValueError(report(who, f"{what}의 값이", "유한한 수", f"{where} 자리에 {a[where]}"))


def check_cache(who: object, cache: T | None) -> T:
    """forward가 남긴 것이 없으면 RuntimeError."""
    if cache is None:
        raise RuntimeError(f"{who}: backward보다 forward를 먼저 불러야 해요.")
    return cache


def check_count(who: object, what: str, value: int) -> int:
    """1 이상의 정수인지 봐요. 정수가 아니면 TypeError, 작으면 ValueError."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(report(who, f"{what}의 형이", "1 이상의 정수", repr(value)))
    if value < 1:
        raise ValueError(report(who, f"{what}의 값이", "1 이상의 정수", value))
    return int(value)


def check_number(who: object, what: str, value: float, low: float, high: float, *, open_low: bool) -> float:
    """low 이상(open_low면 초과), high 미만의 실수인지 보고, 파이썬 float으로 바꿔 줘요.

    np.float64 스칼라를 그대로 두면 float32 배열과 곱할 때 float64가 되므로 바꿔요.
    """
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(report(who, f"{what}의 형이", "실수 하나", repr(value)))
    try:
        number = float(value)
    except OverflowError:  # float에 담기지 않게 큰 정수
        number = math.inf if value > 0 else -math.inf
    if not (low < number if open_low else low <= number) or not number < high:
        interval = f"{'(' if open_low else '['}{low:g}, {'∞' if math.isinf(high) else f'{high:g}'})"
        raise ValueError(report(who, f"{what}의 값이", f"구간 {interval}의 수", f"{number:g}"))
    return number


def check_rng(who: object, rng: np.random.Generator | None) -> None:
    """numpy의 Generator인지 봐요. 아니면 TypeError."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(report(who, "rng의 형이", "np.random.default_rng(씨앗)", repr(rng)))


def check_dtype(who: object, dtype: npt.DTypeLike) -> np.dtype[Any]:
    """float32나 float64인지 보고 np.dtype으로 바꿔 줘요. 아니면 TypeError."""
    try:
        found = None if dtype is None else np.dtype(dtype)
    except (TypeError, ValueError):  # dtype으로 읽을 수 없는 것
        found = None
    if found is None or found not in FLOATS:  # np.dtype은 None을 float64와 같다고 해요
        raise TypeError(report(who, "dtype이", "np.float32 또는 np.float64", repr(dtype)))
    return found


def check_type(
    who: object, what: str, value: object, kind: type | tuple[type, ...], expected: str | None = None
) -> None:
    """value가 kind인지 봐요. 아니면 TypeError."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        names = expected or " 또는 ".join(one.__name__ for one in kinds)
        raise TypeError(report(who, f"{what}의 형이", names, describe(value)))


def check_callable(who: object, what: str, value: object) -> None:
    """부를 수 있는 함수인지 봐요. 아니면 TypeError."""
    if not callable(value):
        raise TypeError(report(who, f"{what}의 형이", "함수", describe(value)))


def check_flag(who: object, what: str, value: object) -> bool:
    """True나 False인지 봐요. 아니면 TypeError: "False"라는 글은 참이니까요."""
    check_type(who, what, value, (bool, np.bool_), "True 또는 False")
    return bool(value)


def check_list(who: object, what: str, values: Iterable[T], kind: type | tuple[type, ...]) -> list[T]:
    """kind만 든 목록인지 보고 list로 바꿔 줘요. 아니면 TypeError."""
    names = " 또는 ".join(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,)))
    try:
        listed = None if isinstance(values, str | bytes | bytearray) else list(values)
    except TypeError:  # 하나씩 꺼낼 수 없는 것
        listed = None
    if listed is None:
        raise TypeError(report(who, f"{what}의 형이", f"{names}의 목록", describe(values)))
    for index, value in enumerate(listed):
        check_type(who, f"{what}의 {index}번", value, kind)
    return listed


def check_room(who: object, *shape: int) -> None:
    """이 모양의 배열이 컴퓨터에 담길 만한지 봐요. 아니면 ValueError."""
    if math.prod(shape) > MAX_NUMBERS:
        raise ValueError(report(who, "크기가", f"모두 {MAX_NUMBERS:,}개까지의 수", f"{shape}"))


def as_numbers(who: object, what: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """수 하나나 배열을 실수·정수 배열로 바꿔 줘요. 수가 아니면 TypeError."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # 길이가 들쭉날쭉한 목록
        array = np.empty(0, object)
    if array.dtype.kind not in "fiub":
        raise TypeError(report(who, f"{what}의 형이", "수나 수의 배열", describe(value)))
    return array
