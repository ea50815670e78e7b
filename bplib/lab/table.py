"""결과를 표로: 쪽과 노트북에서는 진짜 표, 글로는 줄을 맞춘 글. 좁은 화면에서도 잘리지 않아요."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from bplib._checks import check_list, report


class Table:
    """머리 header와 줄 rows의 표. 칸은 글이나 정수예요. 실수는 f"{x:.1f}"처럼 다듬어 넣어요.

    >>> print(Table(["신경망", "맞힘"], [["합성곱", 489]]))
    신경망  맞힘
    합성곱   489

    줄의 칸 수가 header와 다르면 ValueError, 목록이 아니면 TypeError.
    """

    def __init__(self, header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
        self.header = _cells("header", header)
        self.rows = [_cells("줄", row) for row in check_list("Table", "rows", rows, (list, tuple))]
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(report("Table", "줄의 칸 수가", len(self.header), len(row)))

    def __repr__(self) -> str:
        lines = [self.header, *self.rows]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(map(_fit, line, widths, range(len(line)))).rstrip() for line in lines)

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in self.header
        )
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(c)}</td>" for c in rest)}</tr>'
            for first, *rest in self.rows
        )
        return f'<table class="table bp-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cells(what: str, cells: Sequence[Any]) -> list[str]:
    return [str(cell) for cell in check_list("Table", what, cells, (str, int, np.integer))]


def _width(text: str) -> int:
    """글이 차지하는 칸. 한글은 두 칸이에요."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fit(text: str, width: int, column: int) -> str:
    """첫 열은 왼쪽, 나머지는 오른쪽에 맞춰요."""
    space = " " * (width - _width(text))
    return text + space if column == 0 else space + text
