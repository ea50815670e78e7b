"""링크: 가리키는 절이 정말 있고, ‘내기 12.4’나 ‘연습 3.7’이라고 적은 링크는 바로 그 내기와 연습으로 가요."""

import re

import pytest

from bplib.lab.bets import all_bets
from chapters import CHAPTERS, anchor, prose, sections

LINK = re.compile(r"\[([^\]]*)\]\(([\w-]*?)(?:\.ipynb)?(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("page", [path.stem for path in CHAPTERS])
def test_links_reach_what_they_name(page: str) -> None:
    wrong = []
    for text, there, name in LINK.findall(prose(page)):
        there = there or page
        named = re.match(r"(내기|연습) (\d+\.\d+)", text)
        if named and named[1] == "내기":
            one = all_bets()[named[2]]
            fits = (there, name) == (
                "misconceptions" if one.collected else one.chapter,
                anchor(f"내기 · {one.title}"),
            )
        elif named:
            fits = name in sections(there) and name.startswith(anchor(f"연습 {named[2]} · "))
        else:
            fits = not name or name in sections(there)
        if not fits:
            wrong.append(f"[{text}] {there}#{name}")
    assert not wrong
