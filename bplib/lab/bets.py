"""내기: 결과를 보기 전에 고르고, 그다음에 재 봐요. 흔한 오해를 저마다 질 수 있는 내기로 적었어요.

내기는 ``bplib/data/bets.toml``에 장의 차례로 있어요. 노트북에서는 ``bet("5.2")``의 다음 칸을 실행하면 결과가 나오고,
웹 페이지에서는 하나를 골라야 그 아래의 결과가 열려요(``book/bets.js``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from bplib._checks import check_type, report
from bplib.lab.display import on_page

MARKS = "①②③④"


@dataclass(frozen=True)
class Bet:
    """내기 하나: 장과 차례, 제목, 오해 한 문장, 물음, 고를 것들, 옳은 것의 번호(1부터), 판정 한두 문장.

    ``collected``이면 장이 아니라 흔한 오해 모음에서 물어요. 장에는 내기를 셋까지만 둬요.
    """

    number: str
    chapter: str
    title: str
    claim: str
    question: str
    choices: Sequence[str]
    right: int
    why: str
    collected: bool = False

    def __repr__(self) -> str:
        choices = "  ".join(f"{mark} {choice}" for mark, choice in zip(MARKS, self.choices, strict=False))
        return f"[내기 {self.number}] {self.question}\n{choices}\n하나를 고른 다음에 아래 칸을 실행하세요."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self)} | ({"text/html": self.page_html()} if on_page() else {})

    def page_html(self) -> str:
        """웹 페이지에 실을 HTML. 고르기 전에는 옳은 것이 보이지 않아요."""
        buttons = "".join(
            f'<button type="button" class="bp-play" value="{k}" aria-pressed="false" disabled>{escape(choice)}</button>'
            for k, choice in enumerate(self.choices, 1)
        )
        return (
            f'<div class="bp-experiment bp-bet" data-number="{self.number}" data-right="{self.right}">'
            f'<p id="bet-{self.number}"><strong>내기 {self.number}</strong> {escape(self.question)}</p>'
            f'<div class="bp-control" role="group" aria-labelledby="bet-{self.number}">{buttons}</div>'
            '<p class="bp-text" role="status">하나를 고르면 아래에 결과가 열려요.</p></div>'
        )


def bet(number: str) -> Bet:
    """``"5.2"``처럼 장과 차례로 부른 내기.

    글이 아니면 TypeError, 그런 번호가 없으면 ValueError.
    """
    check_type("bet", "number", number, str, "글")
    if number not in all_bets():
        raise ValueError(report("bet", "number가", f"{', '.join(all_bets())} 가운데 하나", repr(number)))
    return all_bets()[number]


@cache
def all_bets() -> dict[str, Bet]:
    """책의 모든 내기를 장의 차례로."""
    text = (files("bplib.data") / "bets.toml").read_text(encoding="utf-8")
    return {number: Bet(number, **entry) for number, entry in tomllib.loads(text).items()}


class Misconceptions:
    """흔한 오해를 장마다 모은 표. 웹 페이지에서는 독자가 고른 것도 함께 보여 줘요."""

    def __init__(self, chapter: str) -> None:
        check_type("Misconceptions", "chapter", chapter, str, "글")
        self.bets = [one for one in all_bets().values() if one.chapter == chapter]
        if not self.bets:
            known = ", ".join(dict.fromkeys(one.chapter for one in all_bets().values()))
            raise ValueError(report("Misconceptions", "chapter가", f"{known} 가운데 하나", repr(chapter)))

    def __repr__(self) -> str:
        return "\n".join(f"{one.number} “{one.claim}” → {self._verdict(one)}" for one in self.bets)

    def _verdict(self, one: Bet) -> str:
        """바로 아래에서 물을 내기의 판정은 미리 말하지 않아요."""
        return "아래에서 내기를 걸어 보세요." if one.collected else one.why

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self)} | ({"text/html": self.page_html()} if on_page() else {})

    def _fold(self, one: Bet) -> str:
        verdict = escape(self._verdict(one))
        return (
            f"<br>{verdict}" if one.collected else f"<details><summary>판정 보기</summary>{verdict}</details>"
        )

    def page_html(self) -> str:
        """웹 페이지에 실을 목록. ``data-bet``이 있는 자리에 ``book/bets.js``가 독자의 내기를 적어요."""
        items = "".join(
            f'<li><a href="{"" if one.collected else f"{one.chapter}.html"}#bet-{one.number}">내기 {one.number}</a> '
            f'“{escape(one.claim)}” <span data-bet="{one.number}"></span>{self._fold(one)}</li>'
            for one in self.bets
        )
        return f'<div class="bp-misconceptions"><ul>{items}</ul></div>'
