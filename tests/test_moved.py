"""옮긴 절: 옛 이름마다 지금 있는 절로 이어지고, 그 이름의 절은 이제 그 쪽에 없어요."""

import pytest
from scripts import load_script

from chapters import sections

labmoved = load_script("book/labmoved.py")
ENTRIES = [(page, old, place) for page, moved in labmoved.MOVED.items() for old, place in moved.items()]


@pytest.mark.parametrize(("page", "old", "place"), ENTRIES, ids=lambda part: part)
def test_old_names_lead_to_sections(page: str, old: str, place: str) -> None:
    there, _, anchor = place.partition("#")
    assert anchor in sections(there or page)
    assert old not in sections(page)


def test_a_renamed_section_keeps_its_old_name_and_a_moved_one_gets_a_sign() -> None:
    body = '<h1>장</h1><section id="새"><h2>새</h2></section>'
    assert labmoved.with_old_names(body, {"옛": "#새", "간 곳": "05-notation#표기"}) == (
        '<h1>장</h1><a class="lab-moved" id="간 곳" href="05-notation.html#표기">옮긴 절로 가기</a>'
        '<span id="옛"></span><section id="새"><h2>새</h2></section>'
    )


def test_the_table_is_light() -> None:
    """한 쪽에 더해지는 것은 압축하지 않아도 4 KB보다 작아요."""
    for moved in labmoved.MOVED.values():
        assert len(labmoved.with_old_names("</h1>", moved).encode()) < 4096
