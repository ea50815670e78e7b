"""책의 그림: 색, 글꼴, 그리고 여러 장에서 함께 쓰는 그림 조각이에요.

이 모듈을 불러오면 matplotlib에 책의 글꼴(나눔스퀘어)과 모양이 적용돼요.
색은 이름으로 써요. 웹 페이지에서는 같은 이름의 CSS 변수로 바뀌어 밝은 화면과 어두운 화면을 따라가요.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from typing import Any

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch
from numpy.typing import ArrayLike

from bplib import ledger
from bplib._checks import check_list, report

# 색각이 달라도 구별되는 Okabe–Ito 색을 바탕으로 했어요 (Okabe & Ito 2008).
INK = "#1f2430"  # 글자와 축
MUTED = "#667085"  # 보조 글자
GRID = "#d5d9e0"  # 눈금선, 테두리
PAPER = "#fdfdfc"  # 바탕
BLUE = "#0b6cb0"  # 순전파, 양수
ORANGE = "#c4510a"  # 역전파, 오차, 음수
GREEN = "#0a8060"  # 목표, 최소
PURPLE = "#9a4a86"  # 그 밖의 것

COLORS = {
    "ink": INK,
    "muted": MUTED,
    "grid": GRID,
    "paper": PAPER,
    "blue": BLUE,
    "orange": ORANGE,
    "green": GREEN,
    "purple": PURPLE,
}
COLOR_NAMES = {value: name for name, value in COLORS.items()}

_STYLE: Any = {
    "font.family": ["NanumSquare", "DejaVu Sans"],
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PURPLE]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "axes.titley": 1.0,  # 제목의 자리를 계산하느라 장면마다 눈금을 한 번 더 재지 않아요
    "axes.unicode_minus": False,  # 나눔스퀘어에는 U+2212가 없어요
    "figure.facecolor": PAPER,
    "figure.dpi": 100,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "mathtext.fontset": "dejavusans",
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
}


def _use_book_style() -> None:
    with as_file(files("bplib.lab") / "fonts" / "NanumSquareR.ttf") as font:
        font_manager.fontManager.addfont(font)
    # 굵은 글씨의 폭도 이 파일로 재요. 굵은 판을 찾다가 경고하거나, 컴퓨터에 깔린 다른 판을 쓰지 않게 맨 앞에 둬요.
    fonts = font_manager.fontManager.ttflist
    regular = fonts.pop()
    fonts[:0] = [regular, replace(regular, weight=700)]
    matplotlib.rcParams.update(_STYLE)


_use_book_style()


def axes(
    width: float = 4.4,
    height: float = 3.3,
    *,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    left: float = 0.62,
) -> tuple[Figure, Axes]:
    """축 하나짜리 그림을 만들어요. 크기와 여백은 인치예요.

    여백이 고정이라 장면이 바뀌어도 축이 움직이지 않고, 자동 배치보다 빨라요.
    폭 4.4인치면 휴대전화에서도 글자를 읽을 수 있어요.
    """
    figure = Figure(figsize=(width, height))
    bottom, top, right = (0.55 if xlabel else 0.32), (0.36 if title else 0.12), 0.14
    box = (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    ax = figure.add_axes(box)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    for axis, label in ((ax.xaxis, xlabel), (ax.yaxis, ylabel)):
        if not label:  # 없는 이름의 자리를 계산하느라 장면마다 눈금의 글을 한 번 더 재지 않아요
            axis.set_label_coords(0, 0)
    if xlim:
        ax.set_xlim(*xlim)
    if ylim:
        ax.set_ylim(*ylim)
    return figure, ax


def log_ticks(
    ax: Axes,
    *,
    x: Iterable[float] | Mapping[str, float] | None = None,
    y: Iterable[float] | Mapping[str, float] | None = None,
    **text: Any,
) -> None:
    """축을 로그 눈금으로 바꾸고, 적어 준 자리에만 눈금을 둬요. 눈금은 수의 목록이나 {글: 수} 사전이에요."""
    for set_scale, set_ticks, ticks in (
        (ax.set_xscale, ax.set_xticks, x),
        (ax.set_yscale, ax.set_yticks, y),
    ):
        if ticks is not None:
            named = ticks if isinstance(ticks, Mapping) else {f"{tick:g}": tick for tick in ticks}
            set_scale("log")
            set_ticks(list(named.values()), list(named), **text)
    ax.minorticks_off()


def canvas(width: float = 4.4, height: float = 3.0) -> tuple[Figure, Axes]:
    """축 없이 인치 좌표로 그리는 빈 종이를 만들어요."""
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return figure, ax


def pick(artist: Artist, name: str) -> None:
    """웹 페이지에서 이 그림 조각을 누르면, 이름이 ``name``으로 시작하는 것을 조작판에서 골라요."""
    artist.set_gid(f"pick:{name}" if name else None)


def drag(ax: Axes, at: tuple[float, float], *controls: str, along: str = "xy") -> None:
    """웹 페이지에서 ``at``(자료의 좌표)에 손잡이를 두어, 끌면 함수의 인자 ``controls``의 값을 골라요.

    손잡이가 손가락에 가장 가까워지는 장면을 골라요. 가까움은 ``along``이 "x"면 가로, "y"면 세로, "xy"면 거리로 재요.
    자리에 nan이 있으면 그 장면에는 손잡이가 없어요. 손잡이를 두는 차례는 모든 장면에서 같아야 해요.
    """
    names = check_list("plots.drag", "controls", controls, str)
    if not names or along not in ("x", "y", "xy"):
        given = f"{names}, {along!r}"
        raise ValueError(
            report("plots.drag", "controls와 along은", "인자의 이름 하나 이상과 'x', 'y', 'xy'", given)
        )
    gid = f"drag:{along}:{' '.join(names)}"
    ax.add_artist(Line2D([at[0]], [at[1]], visible=False, gid=gid))


def node(
    ax: Axes,
    x: float,
    y: float,
    label: str = "",
    *,
    radius: float = 0.26,
    color: str = INK,
    on: bool = False,
    ink: str = "",
    picks: str = "",
) -> None:
    """뉴런 하나를 동그라미로 그려요. ``on``이면 굵은 테두리로 눈에 띄게 해요.

    글이 두 줄이면 조금 작게 적어요. ``ink``는 글의 색이고, 비우면 ``color``예요.
    """
    circle = Circle((x, y), radius, facecolor=PAPER, edgecolor=color, linewidth=3 if on else 1.5, zorder=3)
    pick(ax.add_patch(circle), picks)
    if label:
        fit = {"va": "center", "fontsize": 10} if "\n" in label else {"va": "center_baseline"}
        pick(ax.text(x, y, label, ha="center", color=ink or color, zorder=4, **fit), picks)


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str = MUTED,
    width: float = 1.2,
    shrink: float = 0.28,
    alpha: float = 1.0,
    picks: str = "",
) -> None:
    """두 점을 화살표로 이어요. ``shrink`` 인치만큼 양 끝을 비워 동그라미를 덮지 않아요."""
    patch = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>,head_length=5,head_width=2.5",
        shrinkA=shrink * 72,
        shrinkB=shrink * 72,
        color=color,
        linewidth=width,
        alpha=alpha,
        zorder=2,
    )
    pick(ax.add_patch(patch), picks)


def layer_positions(
    sizes: Sequence[int], width: float, height: float, *, margin: float = 0.5
) -> list[list[tuple[float, float]]]:
    """층마다 뉴런의 자리를 왼쪽에서 오른쪽으로, 위에서 아래로 고르게 나눠요."""
    xs = np.linspace(margin, width - margin, len(sizes))
    gap = (height - 2 * margin) / max(max(sizes) - 1, 1)
    return [
        [(float(x), height / 2 + gap * ((n - 1) / 2 - i)) for i in range(n)]
        for x, n in zip(xs, sizes, strict=True)
    ]


# 장부 신경망의 자리(인치)와 이름. 화살표 이름은 가중치의 이름과 같아요: 받는 뉴런이 앞, 보내는 뉴런이 뒤.
LEDGER_NODES = {
    "x1": (0.55, 2.15, "x₁"),
    "x2": (0.55, 0.75, "x₂"),
    "h1": (2.3, 2.15, "은닉 1"),
    "h2": (2.3, 0.75, "은닉 2"),
    "o1": (4.05, 2.15, "출력 1"),
    "o2": (4.05, 0.75, "출력 2"),
}
LEDGER_EDGES = {
    "W1[1,1]": ("x1", "h1"),
    "W1[1,2]": ("x2", "h1"),
    "W1[2,1]": ("x1", "h2"),
    "W1[2,2]": ("x2", "h2"),
    "W2[1,1]": ("h1", "o1"),
    "W2[1,2]": ("h2", "o1"),
    "W2[2,1]": ("h1", "o2"),
    "W2[2,2]": ("h2", "o2"),
}
LEDGER_BIASES = {"b1[1]": "h1", "b1[2]": "h2", "b2[1]": "o1", "b2[2]": "o2"}


def ledger_value(name: str) -> float:
    """``"W1[2,1]"``이나 ``"b2[1]"`` 같은 이름으로 장부의 수를 찾아요. 번호는 글에서처럼 1부터 세요."""
    array, _, index = name.rstrip("]").partition("[")
    return float(getattr(ledger.LEDGER, array)[tuple(int(i) - 1 for i in index.split(","))])


def ledger_label(name: str) -> str:
    """``"W1[2,1]"``을 글에서 쓰는 ``"w¹₂₁"``로 적어요: 위 번호는 층, 아래 번호는 받는 뉴런과 보내는 뉴런."""
    array, _, index = name.rstrip("]").partition("[")
    subscript = "".join("₁₂"[int(i) - 1] for i in index.split(","))
    return f"{array[0].lower()}{'¹²'[int(array[1]) - 1]}{subscript}"


def ledger_diagram(
    inside: Mapping[str, str] | None = None,
    *,
    active: Iterable[str] | Mapping[str, str] = (),
    weights: bool = True,
    color: str = BLUE,
    ink: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    reverse: Collection[str] = (),
) -> Figure:
    """장부 신경망을 그려요.

    ``inside``는 뉴런 이름(x1, x2, h1, h2, o1, o2)마다 동그라미 안에 적을 글, ``ink``는 그 글의 색이에요.
    ``active``에 든 뉴런·가중치·편향은 ``color``로, {이름: 색} 사전이면 저마다의 색으로 굵게 그려요.
    ``values``에 든 가중치·편향은 장부의 수 대신 그 글을 적어요. ``weights``가 거짓이면 수를 적지 않아요.
    ``reverse``에 든 가중치의 화살표는 거꾸로 그려요.
    """
    colors = active if isinstance(active, Mapping) else dict.fromkeys(active, color)
    inside, ink = inside or {}, ink or {}
    shown = {name: f"{ledger_value(name):g}" for name in (*LEDGER_EDGES, *LEDGER_BIASES)} | dict(values or {})
    figure, ax = canvas(4.6, 2.85)
    for name in LEDGER_EDGES:
        text = shown[name] if weights else ""
        _ledger_edge(ax, name, text, color=colors.get(name, ""), reverse=name in reverse)
    for name, (x, y, title) in LEDGER_NODES.items():
        options: Any = {"on": name in colors, "ink": ink.get(name, ""), "picks": title}
        node(ax, x, y, inside.get(name, ""), radius=0.31, color=colors.get(name, INK), **options)
        pick(ax.text(x, y + 0.4, title, ha="center", va="bottom", fontsize=10, color=MUTED), title)
    for name, target in LEDGER_BIASES.items() if weights else ():
        x, y, _ = LEDGER_NODES[target]
        bias = ax.text(x, y - 0.4, f"b = {shown[name]}", ha="center", va="top", fontsize=10)
        bias.set_color(colors.get(name, MUTED))
        pick(bias, ledger_label(name))
    return figure


def _ledger_edge(ax: Axes, name: str, text: str, *, color: str, reverse: bool) -> None:
    """장부의 화살표 하나와 그 위의 글. ``color``가 비어 있으면 눈에 띄지 않게 그려요."""
    (x0, y0, _), (x1, y1, _) = (LEDGER_NODES[end] for end in LEDGER_EDGES[name])
    ends = ((x1, y1), (x0, y0)) if reverse else ((x0, y0), (x1, y1))
    picks = ledger_label(name)
    arrow(ax, *ends, color=color or MUTED, width=2.6 if color else 1.1, shrink=0.33, picks=picks)
    if text:  # 엇갈린 두 화살표의 수가 겹치지 않게 출발점 가까이에 적어요
        part = 0.5 if y0 == y1 else 0.3
        box = {"boxstyle": "square,pad=0.12", "facecolor": PAPER, "edgecolor": "none"}
        at = (x0 + part * (x1 - x0), y0 + part * (y1 - y0))
        label = ax.text(*at, text, ha="center", va="center_baseline", fontsize=10, bbox=box)
        label.set(color=color or INK, zorder=3)
        pick(label, picks)


def field(ax: Axes, values: ArrayLike, extent: tuple[float, float, float, float]) -> None:
    """0~1 값의 평면을 색의 진하기로 칠해요: 0.5보다 크면 파랑, 작으면 주황, 0.5는 바탕색이에요."""
    values = np.asarray(values, dtype=float)
    blue, orange = (np.array(matplotlib.colors.to_rgb(color)) for color in (BLUE, ORANGE))
    rgba = np.empty((*values.shape, 4))
    rgba[..., :3] = np.where((values > 0.5)[..., None], blue, orange)
    strength = np.clip(np.abs(values - 0.5) * 1.3, 0, 0.65)
    rgba[..., 3] = np.round(strength * 24) / 24  # 단계를 줄이면 그림 파일이 작아져요
    # 'none'이면 SVG에 화소를 그대로 담고, 매끄럽게 늘리는 일은 브라우저가 해요.
    ax.imshow(rgba, extent=extent, origin="lower", interpolation="none", aspect="auto", zorder=0)
