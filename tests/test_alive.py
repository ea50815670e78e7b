"""책을 만드는 커널이 그림을 빨리 그려도(book/alive.py), 그림은 그대로예요."""

from collections.abc import Callable

import pytest
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.mathtext import MathTextParser
from scripts import load_script

from bplib.lab import frames, plots

alive = load_script("book/alive.py")
REPLACED = (
    (Axis, "get_major_ticks"),
    (RendererSVG, "get_text_width_height_descent"),
    (fontManager, "_find_fonts_by_props"),
    (MathTextParser, "_parse_cached"),
)


def usual() -> Figure:
    figure, ax = plots.axes(title="제목", xlabel="가중치", xlim=(0, 1))
    ax.plot([0, 0.3, 1], [2e-6, 5e-6, 3e-6])
    return figure


def logarithmic() -> Figure:
    figure, ax = plots.axes(ylabel="손실 E", ylim=(1e-9, 1))
    plots.log_ticks(ax, y={"$10^{-8}$": 1e-8, "1": 1}, x=(1, 10, 100), rotation=30, fontsize=7)
    return figure


def named() -> Figure:
    figure, ax = plots.axes()
    ax.set_xticks(range(4), list("가나다라"))
    ax.tick_params(axis="x", length=0, labelcolor="#123456")
    ax.grid(axis="y")
    ax.invert_yaxis()
    return figure


def one_by_one() -> Figure:
    """눈금 하나의 글만 고쳐도 다른 눈금은 그대로여야 해요."""
    figure, ax = plots.axes(xlim=(0, 4))
    ax.set_xticks(range(5))
    first, second, third, *_ = ax.xaxis.get_major_ticks()
    first.label1.set_size(20)
    second.label1.set_color("#abcdef")
    third.gridline.set_visible(False)
    return figure


@pytest.mark.parametrize("paint", [usual, logarithmic, named, one_by_one])
def test_the_quick_way_draws_the_same(monkeypatch: pytest.MonkeyPatch, paint: Callable[[], Figure]) -> None:
    slowly = frames.markup(frames.draw([paint()], "그림"))
    for place, name in REPLACED:
        monkeypatch.setattr(place, name, getattr(place, name))  # 시험이 끝나면 되돌려요
    alive.measure_once()
    alive.copy_ticks()
    for _ in range(2):
        assert frames.markup(frames.draw([paint()], "그림")) == slowly
