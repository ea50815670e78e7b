"""살아 있는 실험: 함수 하나가 노트북에서는 위젯으로, 웹 페이지에서는 서버 없이 움직여요.

>>> from bplib.lab import plots
>>> from bplib.lab.experiment import Slider, experiment
>>> @experiment(w=Slider("가중치 w", [-1, 0, 1], start=1))
... def 직선(w):
...     fig, ax = plots.axes(xlim=(-1, 1), ylim=(-1, 1))
...     ax.plot([-1, 1], [-w, w])
...     return fig, f"기울기가 {w}인 직선이에요."

함수는 그림과, 그림을 볼 수 없는 독자에게 들려줄 설명을 함께 돌려줘요. 그림이 여럿이면 목록으로 돌려줘요.
넓은 화면에서는 나란히, 휴대전화에서는 위아래로 놓여요.

- 커널에서: ipywidgets. 조작할 때마다 함수를 불러요.
- 책을 지을 때(환경 변수 ``BPLIB_PAGE=1``): 조작판의 모든 자리에서 함수를 불러 첫 장면의 SVG와
  나머지 장면의 차이를 HTML에 담아요. ``book/player.js``가 그 차이를 입혀요.
"""

from __future__ import annotations

import base64
import gc
import gzip
import inspect
import io
import itertools
import json
import os
import traceback
import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from importlib.resources import files
from math import prod
from types import FunctionType
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from matplotlib.figure import Figure

from bplib._checks import check_callable, check_flag, check_list, check_type
from bplib.lab import frames

MAX_FRAMES = 400  # 한 실험의 장면 수
MAX_BYTES = 45_000  # 한 실험이 페이지에서 차지하는 크기 (gzip, 바이트)
PLAY_INTERVAL = 350  # 재생할 때 한 칸에 머무는 시간 (ms)

DIGESTS = (
    "bplib-frames"  # 쪽에는 실리지 않는 출력의 정보: 장면마다의 해시. 시험이 쪽에서 되살린 장면과 견줘요.
)

Drawn = tuple[Figure | Sequence[Figure], str]


class ExperimentError(ValueError):
    """실험을 잘못 적었거나, 실험이 페이지에 싣기에 너무 커요."""


def on_page() -> bool:
    """책을 짓는 중이면 참이에요."""
    return os.environ.get("BPLIB_PAGE") == "1"


# ── 조작판 ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Control:
    """조작 하나: 이름표, 고를 수 있는 값, 값마다의 글자, 처음 자리."""

    label: str
    values: tuple[Any, ...]
    names: tuple[str, ...]
    start: int = 0
    play: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        for what, given in (("values", self.values), ("names", self.names)):
            check_type("조작", what, given, tuple)
        check_flag("조작", "play", self.play)
        if not isinstance(self.label, str) or not self.label:
            raise ExperimentError(f"조작의 이름표는 비어 있지 않은 글이어야 해요. 받은 값: {self.label!r}")
        if not self.values:
            raise ExperimentError(f"조작 '{self.label}'에 고를 값이 하나도 없어요.")
        if not all(isinstance(name, str) for name in self.names):
            raise ExperimentError(f"조작 '{self.label}'의 이름은 모두 글이어야 해요. 받은 값: {self.names!r}")
        if len(self.names) != len(self.values):
            raise ExperimentError(
                f"조작 '{self.label}'의 이름은 값과 같은 {len(self.values)}개여야 해요. 받은 값: {self.names!r}"
            )
        if type(self.start) is not int or not 0 <= self.start < len(self.values):
            raise ExperimentError(
                f"조작 '{self.label}'의 start는 0 이상 {len(self.values) - 1} 이하여야 해요. 받은 값: {self.start!r}"
            )


class Slider(Control):
    """차례가 있는 값을 미는 막대예요. ``play=True``면 재생 단추가 붙어요.

    ``start``는 처음 자리의 번호(0부터), ``format``은 값을 적는 방법이에요.
    """

    def __init__(
        self,
        label: str,
        values: Iterable[Any],
        start: int = 0,
        *,
        format: str | Callable[[Any], str] = "{:g}",
        play: bool = False,
    ) -> None:
        # NumPy 값은 파이썬 값으로 바꿔, 함수가 받는 값이 어디서나 같게 해요.
        plain = tuple(_plain(v) for v in check_list("Slider", "values", values, object))
        if not callable(format):
            check_type("Slider", "format", format, str, "글이나 함수")
            format = format.format
        try:
            names = tuple(format(v) for v in plain)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise ExperimentError(f"조작 '{label}'의 값을 format으로 적을 수 없어요. {error}") from error
        super().__init__(label, plain, names, start, play=play)


class Dropdown(Control):
    """이름으로 고르는 목록이에요. ``options``는 글의 목록이나 {글: 값} 사전이에요."""

    def __init__(self, label: str, options: Iterable[str] | Mapping[str, Any], start: int = 0) -> None:
        if isinstance(options, Mapping):
            pairs = dict(options)
        else:
            pairs = {name: name for name in check_list("Dropdown", "options", options, Hashable)}
        super().__init__(label, tuple(pairs.values()), tuple(pairs), start)


def _plain(value: Any) -> Any:
    """NumPy의 수 하나는 파이썬의 수로. 나머지는 그대로예요."""
    return (
        value.item()
        if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)
        else value
    )


# ── 장면과 실험 ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Frame:
    """장면 하나: SVG 나무와 설명."""

    tree: ET.Element
    text: str

    @property
    def drawing(self) -> str:
        """설명을 이름으로 단 그림."""
        return f'<div class="bp-frame" role="img" aria-label="{escape(self.text)}">{frames.markup(self.tree)}</div>'

    @property
    def html(self) -> str:
        """그림과, 화면 낭독기도 읽는 설명. 쪽과 커널이 같은 글을 써요."""
        return f'{self.drawing}<p class="bp-text" role="status">{escape(self.text)}</p>'


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
        figures, text = _drawn(name, function(*args, **values))
    return Frame(frames.draw(figures, frames.prefix(name)), text)


class Experiment:
    """조작에 따라 장면이 바뀌는 실험이에요. :func:`experiment`로 만들어요."""

    def __init__(self, function: Callable[..., Drawn], controls: Mapping[str, Control]) -> None:
        check_type("Experiment", "function", function, FunctionType, "이름 있는 함수")
        check_type("Experiment", "controls", controls, Mapping, "{인자: 조작}")
        self.function = function
        self.name = function.__name__
        self.controls = dict(controls)
        self.digests: dict[tuple[int, ...], str] = {}  # 책을 지을 때 그린 장면마다
        self._check()

    def _check(self) -> None:
        wanted = list(inspect.signature(self.function).parameters)
        if sorted(wanted) != sorted(self.controls):
            raise ExperimentError(
                f"실험 '{self.name}': 함수의 인자 {wanted}와 조작의 이름 {list(self.controls)}가 같아야 해요."
            )
        for name, control in self.controls.items():
            if not isinstance(control, Control):
                raise ExperimentError(
                    f"실험 '{self.name}': '{name}'에는 Slider나 Dropdown이 와야 해요. 받은 값: {control!r}"
                )

    def __call__(self, *args: Any, **values: Any) -> Drawn:
        """장식하기 전의 함수처럼 불러요."""
        return self.function(*args, **values)

    @property
    def start(self) -> tuple[int, ...]:
        """모든 조작의 처음 자리."""
        return tuple(control.start for control in self.controls.values())

    @property
    def positions(self) -> list[tuple[int, ...]]:
        """조작판의 모든 자리. 마지막 조작이 가장 빨리 바뀌어요."""
        return list(itertools.product(*(range(len(c.values)) for c in self.controls.values())))

    def frame(self, position: Sequence[int] | None = None) -> Frame:
        """조작을 ``position`` 자리에 놓았을 때의 장면을 그려요."""
        position = self.start if position is None else position
        position = tuple(check_list(f"실험 '{self.name}'", "position", position, (int, np.integer)))
        if position not in self.positions:
            raise ExperimentError(
                f"실험 '{self.name}'의 자리는 조작마다 0 이상 {[len(c.values) for c in self.controls.values()]} "
                f"미만인 번호여야 해요. 받은 값: {position!r}"
            )
        values = {n: c.values[i] for (n, c), i in zip(self.controls.items(), position, strict=True)}
        frame = draw_frame(self.name, self.function, **values)
        if on_page():
            self.digests[position] = frames.digest(frame.tree, frame.text)
        return frame

    @cached_property
    def prefix(self) -> str:
        """쪽에서 이 실험의 id. 그림 속 id도 이것으로 시작해요."""
        return frames.prefix(self.name)

    @cached_property
    def first(self) -> Frame:
        return self.frame()

    # ── 어디에서 보이나 ──

    def __repr__(self) -> str:
        labels = ", ".join(f"{c.label} {len(c.values)}칸" for c in self.controls.values())
        try:
            text = self.first.text
        except Exception as error:  # 커널에서는 그림 자리에 오류를 자세히 보여 줘요
            text = f"오류: {type(error).__name__}: {error}"
        return f"[실험 {self.name} · {labels}] {text}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if on_page():
            data = {"text/plain": repr(self), "text/html": self.page_html}
            return data, {DIGESTS: [self.digests[position] for position in self.positions]}
        return widget_bundle(self.widget(), repr(self))

    @cached_property
    def page_html(self) -> str:
        """웹 페이지에 실을 HTML: 조작판, 첫 장면, 설명, 그리고 나머지 장면의 차이."""
        html = _page(self)
        size = len(gzip.compress(html.encode()))
        if size > MAX_BYTES:
            raise ExperimentError(
                f"실험 '{self.name}'이 너무 무거워요: gzip {size:,}바이트 (한도 {MAX_BYTES:,}). "
                "조작의 칸 수를 줄이거나 그림의 점을 줄여 주세요."
            )
        return html

    def widget(self) -> Any:
        """커널에서 쓰는 ipywidgets 조작판과 그림을 만들어요."""
        return _widget(self)


def experiment(**controls: Control) -> Callable[[Callable[..., Drawn]], Experiment]:
    """함수를 살아 있는 실험으로 만드는 장식자예요.

    함수는 ``(그림, 설명)``을 돌려줘야 하고, 같은 값에는 늘 같은 그림을 그려야 해요.

    Raises:
        ExperimentError: 함수의 인자와 조작의 이름이 다르거나, 책을 지을 때 장면이 한도를 넘으면.
    """

    def decorate(function: Callable[..., Drawn]) -> Experiment:
        made = Experiment(function, controls)
        if on_page():
            _ = made.page_html  # 지금 그려 보아야, 잘못된 실험이 책 짓기를 멈춰요.
        return made

    return decorate


def _drawn(name: str, result: Any) -> tuple[list[Figure], str]:
    """함수가 돌려준 것이 (그림, 설명)인지 확인하고, 그림을 늘 목록으로 만들어요."""
    figures, text = result if isinstance(result, tuple) and len(result) == 2 else (None, None)
    given = list(figures) if isinstance(figures, list | tuple) else [figures]
    listed = [figure for figure in given if isinstance(figure, Figure)]
    if not listed or len(listed) < len(given) or not isinstance(text, str) or not text:
        raise ExperimentError(f"'{name}'은 (그림, 설명 글)을 돌려줘야 해요. 받은 값: {result!r}")
    return listed, text


# ── 웹 페이지 ─────────────────────────────────────────────────────────────


def _page(exp: Experiment) -> str:
    count = prod(len(c.values) for c in exp.controls.values())
    if count > MAX_FRAMES:
        raise ExperimentError(
            f"실험 '{exp.name}'의 장면이 {count}개예요 (한도 {MAX_FRAMES}). 조작의 칸 수를 줄여 주세요."
        )
    controls = "".join(_control_html(exp, n, c) for n, c in enumerate(exp.controls.values()))
    data = json.dumps(_frame_data(exp), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="bp-experiment" id="{exp.prefix}" role="group" aria-label="실험 {escape(exp.name)}">'
        f'<fieldset class="bp-controls" disabled>{controls}</fieldset>'
        f"{exp.first.html}"
        f'<script type="application/json">{data}</script>'
        "</div>"
    )


def _control_html(exp: Experiment, number: int, control: Control) -> str:
    """브라우저가 원래 가진 입력 요소로 조작 하나를 적어요."""
    id_ = f"{exp.prefix}-c{number}"
    label = f'<label for="{id_}">{escape(control.label)}</label>'
    if isinstance(control, Dropdown):
        options = "".join(
            f"<option{' selected' if i == control.start else ''}>{escape(name)}</option>"
            for i, name in enumerate(control.names)
        )
        return (
            f'<div class="bp-control">{label}<select id="{id_}" autocomplete="off">{options}</select></div>'
        )
    shown = escape(control.names[control.start])
    # 가장 긴 값의 자리를 비워 둬야, 밀 때 막대의 길이가 바뀌지 않아요
    room = max(map(_columns, control.names))
    play = '<button type="button" class="bp-play" aria-label="재생">▶</button>' if control.play else ""
    return (
        f'<div class="bp-control">{label}{play}<input type="range" id="{id_}" min="0" max="{len(control.values) - 1}" '
        f'value="{control.start}" aria-valuetext="{shown}" autocomplete="off">'
        f'<output for="{id_}" style="min-width:{room}ch">{shown}</output></div>'
    )


def _columns(text: str) -> int:
    """글의 폭: 한글은 두 칸, 나머지는 한 칸."""
    return sum(2 if "가" <= char <= "힣" else 1 for char in text)


def _frame_data(exp: Experiment) -> dict[str, Any]:
    """나머지 장면을 첫 장면과의 차이로 적어요. 되풀이되는 값은 표 하나에 모으고 번호로 가리켜요."""
    table: dict[str | None, int] = {}
    names: dict[str, int] = {}
    texts, deltas = [], []
    for position in exp.positions:
        frame = exp.first if position == exp.start else exp.frame(position)
        delta: list[int] = []
        for node, name, value in frames.diff(exp.first.tree, frame.tree):
            delta += [node, names.setdefault(name, len(names)), table.setdefault(value, len(table))]
        texts.append(frame.text)
        deltas.append(delta)
    return {
        "controls": [list(c.names) for c in exp.controls.values()],
        "interval": PLAY_INTERVAL,
        "attributes": list(names),
        "values": list(table),
        "texts": texts,
        "deltas": deltas,
    }


# ── 커널 ──────────────────────────────────────────────────────────────────


def css() -> str:
    """실험과 그림의 모양. 웹 페이지와 커널이 같은 파일을 써요."""
    return (files("bplib.lab") / "experiment.css").read_text(encoding="utf-8")


@contextmanager
def _tidy_after() -> Iterator[None]:
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


def _body(exp: Experiment, position: tuple[int, ...]) -> str:
    """그 자리의 그림과 설명. 독자가 고친 함수의 오류는 그림 자리에 보여 줘요."""
    try:
        return (exp.first if position == exp.start else exp.frame(position)).html
    except Exception:
        return f'<pre class="bp-error" role="alert">{escape(traceback.format_exc(limit=-2))}</pre>'


def _widget(exp: Experiment) -> Any:
    import ipywidgets

    inputs = [_input(control) for control in exp.controls.values()]
    view = ipywidgets.HTML()

    def redraw(_: Any = None) -> None:
        position = [control.index for control in inputs]
        with _tidy_after():
            body = _body(exp, tuple(position))
        view.value = f'<style>{css()}</style><div class="bp-experiment">{body}</div>'

    for control in inputs:
        control.observe(redraw, names="index")
    redraw()
    rows = [_row(c, i) for c, i in zip(exp.controls.values(), inputs, strict=True)]
    return ipywidgets.VBox([*rows, view])


def widget_bundle(widget: Any, text: str) -> dict[str, Any]:
    """위젯과, 위젯을 보일 수 없는 곳의 글을 함께 담아요. ipywidgets 7(Colab)과 8에서 같아요."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"application/vnd.jupyter.widget-view+json": view, "text/plain": text}


def _input(control: Control) -> Any:
    """조작 하나를 ipywidgets로 만들어요. 둘 다 ``index``로 자리를 알려 줘요."""
    import ipywidgets

    kind = ipywidgets.Dropdown if isinstance(control, Dropdown) else ipywidgets.SelectionSlider
    return kind(
        options=[(name, i) for i, name in enumerate(control.names)],
        index=control.start,
        description=control.label,
        style={"description_width": "initial"},
        layout={"width": "26em", "max_width": "100%"},
    )


def _row(control: Control, slider: Any) -> Any:
    """재생 단추가 있으면 조작 옆에 붙여요."""
    import ipywidgets

    if not control.play:
        return slider
    play = ipywidgets.Play(max=len(control.values) - 1, value=control.start, interval=PLAY_INTERVAL)
    ipywidgets.jslink((play, "value"), (slider, "index"))
    return ipywidgets.HBox([slider, play], layout={"flex_flow": "row wrap"})


# ── 움직이지 않는 그림 ────────────────────────────────────────────────────


class Picture:
    """움직이지 않는 그림과 그 설명이에요. :func:`show`로 만들어요."""

    def __init__(self, figures: list[Figure], text: str) -> None:
        self.figures = figures
        self.text = text

    def __repr__(self) -> str:
        return f"[그림] {self.text}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if on_page():
            return {"text/plain": repr(self), "text/html": self.page_html}
        return (
            {"text/plain": repr(self), "image/png": base64.b64encode(self._png()).decode()},
            {"image/png": {"alt": self.text}},
        )

    @cached_property
    def first(self) -> Frame:
        """웹 페이지에 싣는 장면."""
        return Frame(frames.draw(self.figures, frames.prefix(self.text)), self.text)

    @property
    def page_html(self) -> str:
        """웹 페이지에 싣는 글."""
        return f'<div class="bp-experiment bp-picture">{self.first.drawing}</div>'

    def _png(self) -> bytes:
        """그림이 여럿이면 위아래로 이어 붙여요."""
        import numpy as np
        from matplotlib import image

        pixels = []
        for figure in self.figures:
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=144)
            pixels.append(image.imread(io.BytesIO(buffer.getvalue())))
        width = max(p.shape[1] for p in pixels)
        padded = [np.pad(p, ((0, 0), (0, width - p.shape[1]), (0, 0)), constant_values=1.0) for p in pixels]
        out = io.BytesIO()
        image.imsave(out, np.vstack(padded), format="png")
        return out.getvalue()


def show(figures: Figure | Sequence[Figure], text: str) -> Picture:
    """움직이지 않는 그림을 설명과 함께 보여 줘요. 설명은 그림을 볼 수 없는 독자가 들어요.

    Raises:
        ExperimentError: 그림이 아니거나 설명이 비어 있으면.
    """
    picture = Picture(*_drawn("show", (figures, text)))
    if on_page():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _ = picture.first
    return picture
