"""내 문장(bplib/topics/sentence.py): 읽을 수 없는 글을 친절히 거절하고, 어절의 몫을 재고, 커널에서 움직여요."""

from typing import Any

import numpy as np
import pytest

from bplib import datasets
from bplib.lab.own import own_input
from bplib.topics import sentence
from bplib.topics.text import syllables, words

REFUSED = {
    "": sentence.EMPTY,
    "   ": sentence.EMPTY,
    "😀😀": sentence.FOREIGN,
    "Good morning!": sentence.FOREIGN,
    "!?": sentence.FOREIGN,
    "ㅋㅋㅋ": sentence.JAMO,
    "ㅋㅋ good": sentence.JAMO,
    "가" * 500: sentence.LONG,
    "가 " * 21: sentence.MANY,
    "슬퍼": sentence.STRANGE,
    "뷁뷁 쀍쀍": sentence.STRANGE,
}


@pytest.fixture(scope="module")
def own() -> sentence.Own:
    made = own_input("sentence")
    assert isinstance(made, sentence.Own)
    return made


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_told_kindly(own: sentence.Own, text: str) -> None:
    assert sentence.refusal(text) in (REFUSED[text], "")
    with pytest.raises(ValueError, match=r"요\.$") as caught:
        own.read(text)
    assert str(caught.value) == REFUSED[text]


def test_not_a_text() -> None:
    with pytest.raises(TypeError, match="글"):
        sentence.refusal(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        sentence.START,
        "좋아",
        "안 😀 ok 좋아",
        "\u110b\u1161\u11ab \u110c\u1169\u11c2\u110b\u1161",
    ],
)
def test_what_can_be_read(own: sentence.Own, text: str) -> None:
    _, told = own.read(text)
    assert told.startswith(("긍정이라고", "부정이라고"))
    assert [word for word, _ in own._pulls(text)] == words(text)


def test_unknown_letters_are_named(own: sentence.Own) -> None:
    assert "배운 적이 없는 글자: 뷁." in own.read("뷁이 좋아요")[1]
    assert own.read("짜증이 나요")[1].endswith(f"배운 적이 없는 글자: 증. {sentence.LEARNED}")
    assert own.read("공기가 좋아요")[1].endswith("모두 배운 글자예요.")


def test_the_topics_named_are_the_commonest() -> None:
    """답에서 권하는 이야기는 문장 자료에 많은 주제예요."""
    topics, counts = np.unique(datasets.sentences().topics, return_counts=True)
    commonest = topics[np.argsort(-counts)][:6]
    assert sum(topic in sentence.LEARNED for topic in commonest) == 5


def test_a_pull_is_what_erasing_takes_away(own: sentence.Own) -> None:
    whole, rest = own._score(syllables("국이 안 짜요")), own._score(syllables("국이 짜요"))
    assert own._pulls("국이 안 짜요")[1] == ("안", pytest.approx(whole - rest))


def test_widget_reads_and_refuses(own: sentence.Own) -> None:
    box, view = own.widget().children
    assert "답했어요" in view.value
    box.value = "hello"
    assert sentence.FOREIGN in view.value


def test_repr_is_the_measured_figures(own: sentence.Own) -> None:
    facts: Any = own.facts()
    assert facts in repr(own)
    assert "50문장" in facts
