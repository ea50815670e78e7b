"""내기: 자료가 온전하고, 저마다 제 장에서 한 번, 결과보다 먼저 물어요."""

import re

import nbformat
import pytest

from bplib.lab.bets import Misconceptions, all_bets, bet
from chapters import ROOT

FOLDER = ROOT / "chapters"
NUMBERS = list(all_bets())


def cells(chapter):
    return nbformat.read(FOLDER / f"{chapter}.ipynb", as_version=4).cells


def order(number):
    return [int(part) for part in number.split(".")]


def test_bets_stand_in_the_order_of_the_book():
    assert sorted(NUMBERS, key=order) == NUMBERS
    assert len(NUMBERS) >= 40


@pytest.mark.parametrize("number", NUMBERS)
def test_a_bet_can_be_lost(number):
    one = bet(number)
    assert 2 <= len(one.choices) == len(set(one.choices)) <= 3
    assert 1 <= one.right <= len(one.choices)
    assert int(one.chapter[:2]) == order(number)[0]
    assert all(text and "$" not in text and "**" not in text for text in (one.claim, one.question, one.why))
    assert one.claim not in one.title
    assert "오해" not in one.title + one.question


def test_the_place_of_the_right_choice_tells_nothing():
    places = [bet(number).right for number in NUMBERS]
    assert all(places.count(place) >= len(NUMBERS) / 6 for place in (1, 2, 3))


def place(one):
    """내기를 묻는 노트북."""
    return "misconceptions" if one.collected else one.chapter


@pytest.mark.parametrize("chapter", sorted({place(one) for one in all_bets().values()}))
def test_each_is_asked_once_before_its_result(chapter):
    here = cells(chapter)
    asked = {
        found[1]: i for i, cell in enumerate(here) if (found := re.match(r'bet\("([\d.]+)"\)$', cell.source))
    }
    assert list(asked) == [one.number for one in all_bets().values() if place(one) == chapter]
    for number, at in asked.items():
        headings = re.findall(r"^##+ (.+)$", here[at - 1].source, re.M)
        assert headings, number
        assert headings[-1] == f"내기 · {bet(number).title}"
        after = here[at + 1 :]
        verdict = next(i for i, cell in enumerate(after) if cell.source.startswith("> **판정.**"))
        closed = after[:verdict]
        assert not any(re.search(r"^#", cell.source, re.M) for cell in closed if cell.cell_type == "markdown")
        assert not any(cell.source.startswith("bet(") for cell in closed)


def test_no_verdict_stands_without_a_bet():
    for path in [*FOLDER.glob("[01]*.ipynb"), FOLDER / "misconceptions.ipynb"]:
        sources = [cell.source for cell in cells(path.stem)]
        verdicts = sum(source.startswith("> **판정.**") for source in sources)
        assert verdicts == sum(source.startswith("bet(") for source in sources), path.stem


def test_the_page_keeps_the_verdict_back(monkeypatch):
    monkeypatch.setenv("BPLIB_PAGE", "1")
    for number in NUMBERS:
        one = bet(number)
        html = one._repr_mimebundle_()["text/html"]
        assert one.why not in html
        assert html.count("<button") == len(one.choices)
    assert bet(NUMBERS[0])._repr_mimebundle_()["text/plain"].startswith(f"[내기 {NUMBERS[0]}]")


def test_the_appendix_collects_every_bet():
    code = [cell.source for cell in cells("misconceptions") if cell.cell_type == "code"]
    chapters = re.findall(r'Misconceptions\("(.+?)"\)', "\n".join(code))
    shown = "\n".join(repr(Misconceptions(chapter)) for chapter in chapters)
    assert chapters == list(dict.fromkeys(one.chapter for one in all_bets().values()))
    for one in all_bets().values():
        assert f"{one.number} “{one.claim}” →" in shown
        assert (one.why in shown) != one.collected  # 아래에서 물을 것은 미리 말하지 않아요


@pytest.mark.parametrize("chapter", [f"{n:02}" for n in range(7)])
def test_a_core_chapter_has_at_most_three_bets(chapter):
    for path in FOLDER.glob(f"{chapter}-*.ipynb"):
        assert sum(cell.source.startswith("bet(") for cell in cells(path.stem)) <= 3, path.stem


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"^bet: number가"):
        bet("5.99")
    with pytest.raises(TypeError, match=r"^bet: number"):
        bet(5.1)
    with pytest.raises(ValueError, match=r"^Misconceptions: chapter가"):
        Misconceptions("05")
    with pytest.raises(TypeError, match=r"^Misconceptions: chapter"):
        Misconceptions(5)
