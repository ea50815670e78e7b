"""내 가락(bplib/topics/tune.py)의 커널 조작판: 건반을 누르고, 지우고, 이어 써요."""

from collections.abc import Callable
from typing import Any

import ipywidgets as w
import numpy as np
import pytest

from bplib.lab import nets
from bplib.lab.own import own_input
from bplib.topics import tune
from bplib.topics.melody import compose, longest_copy


@pytest.fixture
def own() -> tune.Own:
    made = own_input("tune")
    assert isinstance(made, tune.Own)
    return made


@pytest.fixture
def panel(own: tune.Own) -> w.VBox:
    return own.widget()


def press(panel: w.VBox) -> Callable[[str], None]:
    def found(box: Any, label: str) -> Any:
        for child in getattr(box, "children", ()):
            if isinstance(child, w.Button) and child.description == label:
                return child
            if inside := found(child, label):
                return inside
        return None

    return lambda label: found(panel, label).click()


def told(panel: w.VBox) -> str:
    return str(panel.children[-2].value)


def test_notes_are_given_one_by_one(panel: w.VBox) -> None:
    key = press(panel)
    assert "준 음이 없어요" in told(panel)
    key("도")
    panel.children[0].value = 1.5
    key("솔₁")
    assert told(panel) == "준 음: 도 1박, 솔₁ 1.5박"
    key("하나 지우기")
    assert told(panel) == "준 음: 도 1박"
    key("모두 지우기")
    key("하나 지우기")
    assert "준 음이 없어요" in told(panel)
    assert panel.children[-1].children == ()


def test_too_many_notes_are_declined_kindly(panel: w.VBox) -> None:
    for _ in range(tune.GIVEN + 1):
        press(panel)("미")
    assert told(panel) == "24음까지 줄 수 있어요. 이어 쓰기를 눌러 보세요."
    press(panel)("하나 지우기")
    assert told(panel).count("미 1박") == tune.GIVEN - 1


def test_the_tune_is_what_compose_writes(own: tune.Own, panel: w.VBox) -> None:
    key = press(panel)
    for label in ("도", "레", "미"):
        key(label)
    key("이어 쓰기")
    given = [(60, 1.0), (62, 1.0), (64, 1.0)]
    rng = np.random.default_rng(0)
    wanted = compose(nets.trained("tune"), own.words, given, notes=tune.LENGTH, rng=rng)
    made, text = own.continued(given, "tune", 1.0, 0)
    assert made == wanted
    assert told(panel) == text
    assert text.startswith(f"씨앗 0: 3음 다음에 {len(made) - 3}음을 썼어요.")
    assert len(panel.children[-1].children) == 1
    panel.children[3].children[1].value = 0.3
    assert told(panel) == tune.OLD, "바꾸기 전에 쓴 가락이라고 말해요"


def test_only_what_was_written_is_counted_as_copied(own: tune.Own) -> None:
    """준 음이 배운 노래 그대로여도, 베꼈다고 세는 것은 이어 쓴 음뿐이에요."""
    given = own.tunes["꼬마 한스"][:24]
    made, text = own.continued(given, "tune-1", 1.5, 0)
    songs = own.page_data()["songs"]
    assert longest_copy(made[24:], songs.values()) < longest_copy(made, songs.values())
    assert f"같은 토막은 {longest_copy(made[24:], songs.values())}음: " in text


def test_songs_are_named_as_they_are_known(own: tune.Own) -> None:
    assert {"꼬마 한스(나비야)", "메리의 어린 양(떴다 떴다 비행기)", "작은 별"} <= set(
        own.page_data()["songs"]
    )


def test_what_the_page_is_told(own: tune.Own) -> None:
    """쪽이 토큰의 번호를 사전과 같게 세고, 아리랑은 배운 노래에 없어요."""
    data = own.page_data()
    tokens = own.words.encode(data["example"])
    first = 2 + len(data["pitches"])
    assert tokens[1:-1].tolist() == [
        token
        for pitch, beats in data["example"]
        for token in (2 + data["pitches"].index(pitch), first + data["beats"].index(beats))
    ]
    assert set(own.tunes) - {title.split("(")[0] for title in data["songs"]} == {"아리랑"}
    assert set(data["learned"].values()) <= set(nets.NETS)
