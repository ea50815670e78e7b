"""글: 자모와 유니코드, 토큰, 번호표, 주머니와 번호의 열, 오류."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES

from bplib.topics.text import (
    LEADS,
    PADDING,
    TAILS,
    UNKNOWN,
    VOWELS,
    Vocabulary,
    jamo,
    join_syllable,
    ngrams,
    split_syllable,
    syllables,
    words,
)

SENTENCES = [["날씨가", "정말", "정말", "좋아"], ["날씨가", "안", "좋아"], ["싫어"]]
hangul = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))


def test_all_syllables_agree_with_unicode():
    """파이썬의 NFD가 푼 자모의 번호와 하나하나 견줘요."""
    for code in range(ord("가"), ord("힣") + 1):
        lead, vowel, tail = split_syllable(chr(code))
        numbers = [ord(part) for part in unicodedata.normalize("NFD", chr(code))]
        assert LEADS.index(lead) == numbers[0] - 0x1100
        assert VOWELS.index(vowel) == numbers[1] - 0x1161
        assert TAILS.index(tail) == (numbers[2] - 0x11A7 if len(numbers) == 3 else 0)
        assert join_syllable(lead, vowel, tail) == chr(code)


def test_letters_are_the_ones_on_the_keyboard():
    """풀어 쓴 글자가 화면에 보이는 자모(호환용)인지: 이름으로 견줘요."""
    for place, letters in (("CHOSEONG", LEADS), ("JUNGSEONG", VOWELS), ("JONGSEONG", TAILS[1:])):
        base = {"CHOSEONG": 0x1100, "JUNGSEONG": 0x1161, "JONGSEONG": 0x11A8}[place]
        for index, letter in enumerate(letters):
            assert unicodedata.normalize("NFKC", letter) in (letter, *map(chr, range(0x1100, 0x1200)))
            conjoining = unicodedata.name(chr(base + index)).removeprefix(f"HANGUL {place} ")
            # NFKC는 호환용 자모를 초성·중성으로 바꿔요. 종성은 이름의 끝이 서로 같아요
            compatible = unicodedata.name(letter).removeprefix("HANGUL LETTER ")
            assert conjoining.replace("-", "") == compatible.replace("-", ""), (letter, conjoining)


@pytest.mark.parametrize("char", ["", "ㄱ", "a", "가나", "!", 3, None])
def test_not_a_syllable(char):
    with pytest.raises(ValueError, match="split_syllable"):
        split_syllable(char)


@pytest.mark.parametrize("parts", [("ㅏ", "ㄱ"), ("ㄱ", "ㅏ", "ㄸ"), ("ㄱㄲ", "ㅏ"), ("", "ㅏ"), ("ㄱ", "")])
def test_not_letters(parts):
    with pytest.raises(ValueError, match="join_syllable"):
        join_syllable(*parts)


@pytest.mark.parametrize("what", ["lead", "vowel", "tail"])
def test_letters_are_texts(what):
    with pytest.raises(TypeError, match=f"^join_syllable: {what}의 형"):
        join_syllable(**{"lead": "ㄱ", "vowel": "ㅏ", "tail": "ㄴ", what: 3})


def test_without_a_tail():
    assert join_syllable("ㄱ", "ㅏ") == "가"


def test_words_drop_marks_and_keep_the_rest():
    assert words("와, 이렇게 맛있는 만두는 처음이야!") == ["와", "이렇게", "맛있는", "만두는", "처음이야"]
    assert words("A반은 3층이에요…") == ["A반은", "3층이에요"]
    assert words(" ?! ") == []


def test_syllables_keep_the_gap():
    """‘안’이라는 낱말과 ‘편안’의 ‘안’은 앞뒤의 빈칸으로 구별돼요."""
    assert syllables("안 편해요!") == ["안", " ", "편", "해", "요"]
    assert jamo("안 값") == ["ㅇ", "ㅏ", "ㄴ", " ", "ㄱ", "ㅏ", "ㅄ"]
    assert jamo("A반") == ["A", "ㅂ", "ㅏ", "ㄴ"]
    assert jamo("가힣") == ["ㄱ", "ㅏ", "ㅎ", "ㅣ", "ㅎ"]


@given(st.text(hangul | st.just(" "), max_size=12))
def test_decomposed_text_reads_the_same(text):
    """맥에서 온 글(NFD)도 같은 토큰이 돼요."""
    for cut in (words, syllables, jamo):
        assert cut(unicodedata.normalize("NFD", text)) == cut(text)


@pytest.mark.parametrize("cut", [words, syllables, jamo])
@pytest.mark.parametrize("text", [None, 3, b"\xea\xb0\x80", ["가"]], ids=repr)
def test_text_must_be_text(cut, text):
    with pytest.raises(TypeError, match="글"):
        cut(text)


def test_ngrams():
    assert ngrams(["안", " ", "좋"], 1, 3) == ["안", " ", "좋", "안 ", " 좋", "안 좋"]
    assert ngrams(["안", "좋아"], 2, 2, glue="_") == ["안_좋아"]
    assert ngrams(["안"], 2, 3) == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((["가"], 0, 1), ValueError),
        ((["가"], 2, 1), ValueError),
        ((["가"], 1.0, 2), TypeError),
        (("가나", 1, 2), TypeError),
    ],
)
def test_bad_ngrams(args, error):
    with pytest.raises(error, match="ngrams"):
        ngrams(*args)


def test_numbers_go_by_frequency():
    vocabulary = Vocabulary(SENTENCES)
    assert vocabulary.pieces == ("<채움>", "<모름>", "날씨가", "정말", "좋아", "싫어", "안")
    assert [vocabulary.number(piece) for piece in ("날씨가", "안", "처음")] == [2, 6, UNKNOWN]
    assert "안" in vocabulary
    assert "처음" not in vocabulary
    assert "<모름>" not in vocabulary
    assert len(vocabulary) == 7
    assert repr(vocabulary) == "Vocabulary(토큰 5개)"


def test_rare_pieces_are_unknown():
    vocabulary = Vocabulary(SENTENCES, min_count=2)
    assert vocabulary.pieces[2:] == ("날씨가", "정말", "좋아")
    assert vocabulary.number("안") == UNKNOWN


def test_encode_pads_on_the_left():
    numbers = Vocabulary(SENTENCES).encode([*SENTENCES, ["처음", "안"]])
    assert numbers.dtype == np.int64
    assert numbers.tolist() == [[2, 3, 3, 4], [0, 2, 6, 4], [0, 0, 0, 5], [0, 0, UNKNOWN, 6]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_bag_counts(dtype):
    vocabulary = Vocabulary(SENTENCES)
    bag = vocabulary.bag([*SENTENCES, ["처음", "처음"]], dtype)
    assert bag.dtype == dtype
    assert bag.tolist() == [
        [0, 0, 1, 2, 1, 0, 0],
        [0, 0, 1, 0, 1, 0, 1],
        [0, 0, 0, 0, 0, 1, 0],
        [0, 2, 0, 0, 0, 0, 0],
    ]


@given(st.lists(st.lists(st.sampled_from("가나다라마"), min_size=1, max_size=6), min_size=1, max_size=5))
def test_bag_is_the_histogram_of_encode(sentences):
    """두 표현은 같은 번호를 써요: 열에서 채움을 빼고 세면 주머니예요."""
    vocabulary = Vocabulary([["가", "나"], ["다"]])
    for numbers, bag in zip(vocabulary.encode(sentences), vocabulary.bag(sentences), strict=True):
        counts = np.bincount(numbers, minlength=len(vocabulary))
        counts[PADDING] = 0
        assert counts.tolist() == bag.tolist()


def test_generators_are_read_once():
    vocabulary = Vocabulary(words(text) for text in ("비가 와요", "눈이 와요"))
    assert vocabulary.encode(words(text) for text in ("비가 와요",)).tolist() == [[4, 2]]


@pytest.mark.parametrize("use", [Vocabulary, Vocabulary(SENTENCES).bag, Vocabulary(SENTENCES).encode])
@pytest.mark.parametrize(
    ("sentences", "error", "message"),
    [
        ("날씨가 좋아", TypeError, r"^Vocabulary\(.*토큰의 목록의 목록"),
        (["날씨가 좋아"], TypeError, r"^Vocabulary\(.*words\(문장\)처럼 먼저 나눠 주세요$"),
        ([["날씨가", 3]], TypeError, r"^Vocabulary\(.*받음: \['날씨가', 3\]$"),
        ([], ValueError, r"^Vocabulary\(.*1개 이상"),
    ],
)
def test_bad_sentences(use, sentences, error, message):
    with pytest.raises(error, match=message):
        use(sentences)


@pytest.mark.parametrize("name", ["bag", "encode"])
def test_empty_sentence_is_named(name):
    with pytest.raises(ValueError, match="1번 문장"):
        getattr(Vocabulary(SENTENCES), name)([["안"], []])


def test_bad_options():
    with pytest.raises(ValueError, match="min_count"):
        Vocabulary(SENTENCES, min_count=0)
    with pytest.raises(TypeError, match=r"^Vocabulary\(\): sentences"):  # 아직 번호표가 없어요
        Vocabulary(3)
    with pytest.raises(TypeError, match=r"^Vocabulary\(토큰 5개\): dtype"):
        Vocabulary(SENTENCES).bag(SENTENCES, np.int64)
    with pytest.raises(TypeError, match=r"^Vocabulary\(토큰 5개\): piece"):
        Vocabulary(SENTENCES).number(3)
