"""글을 수로: 문장을 토큰(어절·음절·자모)으로 나누고, 토큰마다 번호를 매겨 주머니나 번호의 열로 바꿔요.

>>> from bplib.topics.text import Vocabulary, words
>>> vocabulary = Vocabulary([words("날씨가 정말 좋아!")])
>>> vocabulary.encode([words("날씨가 안 좋아.")])   # 안은 처음 보는 토큰이라 1번
array([[2, 1, 4]])
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_count, check_dtype, check_list, check_type, report

# 유니코드는 초성 19, 중성 21, 종성 28(없음 포함)을 이 차례로 늘어놓아 한글 글자 11,172개에 번호를 매겨요.
LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
FIRST = ord("가")  # U+AC00

PADDING, UNKNOWN = 0, 1  # 모든 Vocabulary에서 비워 두는 번호
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """어절: 빈칸으로 나뉜 덩어리. 문장 부호는 떼어요.

    맥에서 온 파일처럼 자모로 풀린 한글은 먼저 한 글자로 모아요(NFC). 글이 아니면 TypeError.
    """
    if not isinstance(text, str):
        raise TypeError(report("words", "문장의 형이", "글(str) 하나", repr(text)))
    return _WORD.findall(unicodedata.normalize("NFC", text))


def syllables(text: str) -> list[str]:
    """음절: 글자 하나씩. 어절 사이의 빈칸도 글자 하나예요: ‘안’이라는 낱말과 ‘편안’의 ‘안’을 구별해 줘요."""
    return list(" ".join(words(text)))


def jamo(text: str) -> list[str]:
    """자모: 글자를 초성·중성·종성으로 풀어 쓴 것. 한글 글자가 아니면 그대로 둬요."""
    return [
        part
        for char in syllables(text)
        for part in (split_syllable(char) if "가" <= char <= "힣" else (char,))
        if part
    ]


def split_syllable(char: str) -> tuple[str, str, str]:
    """한글 글자 하나를 (초성, 중성, 종성)으로. 종성이 없으면 빈 글.

    글자의 번호는 0xAC00 + (초성 · 21 + 중성) · 28 + 종성이에요(번호는 모두 0부터).
    '가'부터 '힣'까지의 글자 하나가 아니면 ValueError. 출처: The Unicode Standard, §3.12.
    """
    if not isinstance(char, str) or len(char) != 1 or not "가" <= char <= "힣":
        raise ValueError(report("split_syllable", "글자가", "'가'부터 '힣'까지의 글자 하나", repr(char)))
    rest, tail = divmod(ord(char) - FIRST, len(TAILS))
    lead, vowel = divmod(rest, len(VOWELS))
    return LEADS[lead], VOWELS[vowel], TAILS[tail]


def join_syllable(lead: str, vowel: str, tail: str = "") -> str:
    """초성, 중성, 종성을 모아 한글 글자 하나로. split_syllable의 거꾸로예요.

    자모가 아니면 ValueError, 글이 아니면 TypeError.
    """
    for what, part in (("lead", lead), ("vowel", vowel), ("tail", tail)):
        check_type("join_syllable", what, part, str, "글")
    if lead not in tuple(LEADS) or vowel not in tuple(VOWELS) or tail not in TAILS:
        raise ValueError(report("join_syllable", "자모가", "초성, 중성, 종성", repr((lead, vowel, tail))))
    number = (LEADS.index(lead) * len(VOWELS) + VOWELS.index(vowel)) * len(TAILS) + TAILS.index(tail)
    return chr(FIRST + number)


def ngrams(pieces: Sequence[str], low: int, high: int, *, glue: str = "") -> list[str]:
    """이웃한 토큰 low개부터 high개까지를 glue로 이어 붙인 것을 모두. 차례는 짧은 것부터, 앞에서부터.

    1 ≤ low ≤ high가 아니면 ValueError, 토큰의 목록이 아니면 TypeError.
    """
    check_count("ngrams", "low", low)
    if check_count("ngrams", "high", high) < low:
        raise ValueError(report("ngrams", "high의 값이", f"low = {low} 이상", high))
    _check_pieces("ngrams", pieces)
    check_type("ngrams", "glue", glue, str, "글")
    return [
        glue.join(pieces[start : start + n])
        for n in range(low, min(high, len(pieces)) + 1)
        for start in range(len(pieces) - n + 1)
    ]


class Vocabulary:
    """토큰의 번호표. 0은 채움, 1은 모르는 토큰이고, 2부터는 자주 나온 차례예요(같으면 가나다순).

    sentences: 토큰의 목록의 목록. min_count번보다 적게 나온 토큰은 모르는 토큰으로 쳐요.
    sentences가 비었으면 ValueError, 토큰의 목록이 아니면 TypeError.
    """

    def __init__(self, sentences: Iterable[Sequence[str]], *, min_count: int = 1) -> None:
        check_count("Vocabulary", "min_count", min_count)
        counts = Counter(piece for pieces in _check_sentences(self, sentences) for piece in pieces)
        kept = sorted((p for p in counts if counts[p] >= min_count), key=lambda p: (-counts[p], p))
        self.pieces = ("<채움>", "<모름>", *kept)
        self._numbers = {piece: number for number, piece in enumerate(self.pieces[2:], start=2)}

    def number(self, piece: str) -> int:
        """토큰의 번호. 모르는 토큰이면 1."""
        check_type(self, "piece", piece, str, "글(str) 하나")
        return self._numbers.get(piece, UNKNOWN)

    def bag(self, sentences: Iterable[Sequence[str]], dtype: npt.DTypeLike = np.float64) -> Array:
        """주머니: 문장마다 토큰의 개수를 센 것 (n, len(self)). 순서는 잊어요."""
        numbers = self._number_rows(sentences)
        counts = np.zeros((len(numbers), len(self)), check_dtype(self, dtype))
        for row, numbers_of_one in zip(counts, numbers, strict=True):
            np.add.at(row, numbers_of_one, 1)
        return counts

    def encode(self, sentences: Iterable[Sequence[str]]) -> npt.NDArray[np.int64]:
        """번호의 열: 가장 긴 문장에 맞춰 왼쪽을 0으로 채운 것 (n, t).

        왼쪽을 채우는 까닭: 마지막 걸음이 언제나 문장의 끝이에요.
        """
        numbers = self._number_rows(sentences)
        longest = max(map(len, numbers))
        return np.array([[PADDING] * (longest - len(row)) + row for row in numbers], dtype=np.int64)

    def _number_rows(self, sentences: Iterable[Sequence[str]]) -> list[list[int]]:
        checked = _check_sentences(self, sentences)
        empty = [index for index, pieces in enumerate(checked) if len(pieces) == 0]
        if empty:
            raise ValueError(report(self, f"{empty[0]}번 문장이", "토큰 하나 이상", "빈 문장"))
        return [[self.number(piece) for piece in pieces] for pieces in checked]

    def __len__(self) -> int:
        return len(self.pieces)

    def __contains__(self, piece: object) -> bool:
        return piece in self._numbers

    def __repr__(self) -> str:
        size = f"토큰 {len(self) - 2}개" if hasattr(self, "pieces") else ""
        return f"Vocabulary({size})"


def _check_sentences(who: object, sentences: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """토큰의 목록이 하나 이상 있는지 봐요. 글을 그대로 주면 글자로 쪼개지므로 여기서 막아요."""
    if isinstance(sentences, str):
        raise TypeError(report(who, "sentences의 형이", "토큰의 목록의 목록", repr(sentences)))
    checked = check_list(who, "sentences", sentences, object)
    if not checked:
        raise ValueError(report(who, "문장의 개수가", "1개 이상", "0개"))
    for pieces in checked:
        _check_pieces(who, pieces)
    return checked


def _check_pieces(who: object, pieces: Sequence[str]) -> None:
    if not isinstance(pieces, list | tuple) or not all(isinstance(piece, str) for piece in pieces):
        hint = ". words(문장)처럼 먼저 나눠 주세요" if isinstance(pieces, str) else ""
        raise TypeError(report(who, "토큰의 형이", "글(str)의 목록", repr(pieces) + hint))
