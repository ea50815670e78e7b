"""장면 하나: 독자의 함수가 돌려준 (그림, 설명)을 SVG 나무와 글로."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from matplotlib.figure import Figure

from bplib._checks import check_callable, check_type
from bplib.lab import frames
from bplib.lab.controls import ExperimentError, Position
from bplib.lab.display import on_page

Drawn = tuple[Figure | Sequence[Figure], str]


@dataclass(frozen=True)
class Frame:
    """장면 하나: SVG 나무와 설명, 그리고 웹 페이지에서 끌 수 있는 자리."""

    tree: ET.Element
    text: str
    handles: tuple[frames.Handle, ...] = ()

    @property
    def drawing(self) -> str:
        """설명을 이름으로 단 그림."""
        return f'<div class="bp-frame" role="img" aria-label="{escape(self.text)}">{frames.markup(self.tree)}</div>'

    @property
    def html(self) -> str:
        """그림과, 화면 낭독기도 읽는 설명. 쪽과 커널이 같은 글을 써요."""
        return f'{self.drawing}<p class="bp-text" role="status">{escape(self.text)}</p>'


@contextmanager
def tidy_after() -> Iterator[None]:
    """그리는 동안에는 쓰레기 모으기를 멈추고, 다 그린 뒤 방금 버린 그림만 치워요.

    matplotlib의 그림은 서로를 가리켜서 쓰레기 모으기만 치울 수 있어요. 그리는 도중에 모으면 산 그림이 오래된 것으로
    옮겨 가고, 그것이 쌓이면 파이썬이 메모리 전체를 훑느라 몇 번에 한 번은 0.2초 넘게 멈춰요.
    """
    if not gc.isenabled():  # 독자가 이미 꺼 두었으면 그대로 둬요
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(1)


Scene = Callable[[Position], Frame]  # 조작판의 자리마다의 장면


def draw_frame(name: str, function: Callable[..., Drawn], /, *args: Any, **values: Any) -> Frame:
    """함수를 불러 장면을 그려요. 그림 속 id는 ``name``에서 와요.

    Raises:
        ExperimentError: 함수가 (그림, 설명 글)을 돌려주지 않으면.
    """
    check_type("draw_frame", "name", name, str, "글")
    check_callable(name, "function", function)
    with warnings.catch_warnings():
        if on_page():  # 책에 실릴 그림 위에 경고가 찍히지 않게, 경고를 오류로 바꿔요.
            warnings.simplefilter("error")
        figures, text = drawn(name, function(*args, **values))
        tree = frames.draw(figures, frames.prefix(name))
    return Frame(tree, text, frames.handles(figures))


def drawn(name: str, result: Any) -> tuple[list[Figure], str]:
    """함수가 돌려준 것이 (그림, 설명)인지 확인하고, 그림을 늘 목록으로 만들어요."""
    figures, text = result if isinstance(result, tuple) and len(result) == 2 else (None, None)
    given = list(figures) if isinstance(figures, list | tuple) else [figures]
    listed = [figure for figure in given if isinstance(figure, Figure)]
    if not listed or len(listed) < len(given) or not isinstance(text, str) or not text:
        raise ExperimentError(f"'{name}'은 (그림, 설명 글)을 돌려줘야 해요. 받은 값: {result!r}")
    return listed, frames.readable(text)
