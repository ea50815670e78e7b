"""교실에서 인쇄해 쓰는 것: 넷이 하는 종이 고리와, 가르치는 분의 관찰표. 글은 ``sheets``에 있어요.

>>> from bplib.lab.handouts import Ring
>>> Ring(seed=1)
[종이 고리 · 씨앗 1 · 넷이서 카드 16장]
>>> Ring(seed=1).save("고리.html")  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from bplib._checks import Array
from bplib.lab.questions import spelled
from bplib.lab.worksheets import check_seed, paper

PUPILS = "가나다라"
TEAM = len(PUPILS)
ASPECTS = ("순전파", "기울기", "연쇄 법칙", "역전파", "확인")
PLACES = 18  # 관찰표 한 장에 적는 학생의 수


def beats() -> list[list[int]]:
    """박자마다, 사람(0~3)이 오른쪽으로 보내는 조각의 번호(0~3). 앞의 셋은 더하는 박자, 뒤의 셋은 돌리는 박자예요."""
    gather = [[(k - t) % TEAM for k in range(TEAM)] for t in range(TEAM - 1)]
    share = [[(k + 1 - t) % TEAM for k in range(TEAM)] for t in range(TEAM - 1)]
    return gather + share


@dataclass(frozen=True)
class Ring:
    """종이 고리: 네 사람이 기울기의 네 조각을 더해 나눠 가져요. 카드의 수는 ``seed``가 정해요.

    ``cards[k, c]``는 k째 사람의 c째 조각이에요. 박자마다 한 조각을 오른쪽 사람에게만 보내며, 사람마다 2(N − 1)번
    보내면 모두가 같은 합을 가져요. ``seed``가 정수가 아니면 TypeError, 음수이면 ValueError.

    출처: Patarasuk & Yuan (2009), J. Parallel Distrib. Comput. 69(2), 117–124.
    """

    seed: int
    cards: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_seed("Ring", self.seed)
        rng = np.random.default_rng(self.seed)
        cards = rng.integers(1, 10, (TEAM, TEAM)) * rng.choice([-1, 1], (TEAM, TEAM))
        object.__setattr__(self, "cards", cards)

    def __repr__(self) -> str:
        return f"[종이 고리 · 씨앗 {self.seed} · 넷이서 카드 {TEAM * TEAM}장]"

    def html(self, key: bool = False) -> str:
        """인쇄할 HTML 쪽: 규칙과 카드 두 쪽, 또는 ``key``이면 답 한 쪽."""
        return paper(f"종이 고리 · 씨앗 {self.seed}", self._key() if key else self._rules())

    def save(self, path: str | Path, key: bool = False) -> None:
        """규칙과 카드를(``key``이면 답을) HTML 파일로 저장해요."""
        Path(path).write_text(self.html(key), encoding="utf-8")

    def _rules(self) -> str:
        rows = [
            [str(n), "더하기" if n < TEAM else "바꿔 적기", *(f"조각 {c + 1}" for c in sent)]
            for n, sent in enumerate(beats(), 1)
        ]
        board = [[f"조각 {c + 1}", "", "", ""] for c in range(TEAM)]
        own = [
            _card(f"{PUPILS[k]} · 조각 {c + 1}", self.cards[k, c]) for k in range(TEAM) for c in range(TEAM)
        ]
        sent = [_card(f"{who} → 오른쪽 · 조각 (&emsp;)") for who in PUPILS for _ in beats()]
        return _filled(
            "ring",
            seed=self.seed,
            beats=_table(["박자", "받은 수를", *(f"{who}가 보내요" for who in PUPILS)], rows),
            board=_table(["", "처음", "더한 뒤", "바꿔 적은 뒤"], board, "bp-sheet-tall"),
            cards="".join(own + sent),
        )

    def _key(self) -> str:
        sums = self.cards.sum(axis=0)
        rows = [
            [f"조각 {c + 1}", *map(spelled, self.cards[:, c]), f"<b>{spelled(sums[c])}</b>"]
            for c in range(TEAM)
        ]
        return _filled(
            "ring-key",
            seed=self.seed,
            sums=_table(["", *PUPILS, "합"], rows),
            owners=", ".join(f"{PUPILS[k]}는 조각 {(k + 1) % TEAM + 1}" for k in range(TEAM)),
            sent=2 * (TEAM - 1),
            half=TEAM - 1,
            part=2 * (TEAM - 1) / TEAM,
            all=(TEAM - 1) * TEAM,
        )


def observation() -> str:
    """관찰표 한 장의 HTML 쪽: 학생마다 다섯 가지를 보고 ○ △ ✕로 적어요."""
    head = ["이름", *ASPECTS, "들은 말, 한 일"]
    table = _table(head, [[""] * len(head)] * PLACES, "bp-sheet-tall")
    return paper("관찰표", _filled("observation", table=table))


def _filled(name: str, **words: Any) -> str:
    return (files("bplib.lab") / "sheets" / f"{name}.html").read_text(encoding="utf-8").format(**words)


def _card(label: str, number: Any = None) -> str:
    return f"<div>{label}<b>{'&nbsp;' if number is None else spelled(number)}</b></div>"


def _table(head: list[str], rows: list[list[str]], kind: str = "") -> str:
    cells = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="{kind}"><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'
