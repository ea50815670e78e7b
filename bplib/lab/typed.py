"""독자가 적은 답을 수로 읽어요. 수와 분수만 읽고, 아무것도 실행하지 않아요.

쪽에서는 ``book/exercise.js``가 똑같이 읽어요.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple

from bplib._checks import check_type

_DASHES = re.compile("[−–—‒―]")  # 자판과 문서 편집기가 빼기표 대신 적는 것들
_UNIT = re.compile("[ \t]*(%|°|[가-힣]+)$")  # 3배, 53.13°, 12개
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
_MIXED = re.compile("[0-9０-９][⁰¹²³⁴-⁹₀-₉¼-¾⅐-⅞]")  # 1½과 5²은 NFKC로 11/2와 52가 돼요
_COMMA = re.compile("[-+]?[0-9]+,[0-9]+")


class Reading(NamedTuple):
    """읽은 것: 값, 적은 소수 자리의 수(분수와 지수는 None), 다르게 읽을 수도 있던 것을 말해 주는 글."""

    value: float
    decimals: int | None
    note: str = ""


def read_number(text: str) -> Reading | None:
    """글을 수로 읽어요: -1.5, １．２５, −0.1, 5/4, 1,185, 0,145, 3배. 수가 아니면 None, 글이 아니면 TypeError.

    쉼표는 천의 자리에 있으면 무시하고, 아니면 소수점으로 읽고 그렇게 말해 줘요. 끝의 단위는 무시해요.
    """
    check_type("read_number", "text", text, str, "글")
    if _MIXED.search(text):
        return None
    shown = unicodedata.normalize("NFKC", text).strip(" \t\r\n")
    plain = re.sub(" */ *", "/", _UNIT.sub("", _DASHES.sub("-", shown).replace("⁄", "/")))
    note = ""
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
        note = f"‘{shown}’는 {plain}로 읽었어요. "
    parts = plain.split("/")
    if len(parts) > 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    top, bottom = float(parts[0]), float(parts[-1]) if len(parts) == 2 else 1.0
    value = top / bottom if bottom else math.nan
    if not math.isfinite(value):
        return None
    exact = len(parts) == 1 and "e" not in plain.lower()
    return Reading(value, len(plain.partition(".")[2]) if exact else None, note)
