"""책을 만들며 노트북을 실행하는 커널에서, 모든 실험이 순수하고 커널에서는 위젯이 되는지 봐요.

순수하다: 같은 자리는 언제 몇 번을 그려도 같은 장면이고, 그리는 일은 함수 밖의 아무것도 바꾸지 않아요.
``execute.py``가 노트북의 첫 칸보다 먼저 :func:`watch`를, 마지막 칸 다음에 :func:`check`를 불러요.
"""

import copy
import io
import os
import pickle
from functools import lru_cache
from typing import Any

import ipywidgets
import matplotlib
import numpy as np
from matplotlib.axis import Axis, Tick
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.mathtext import MathTextParser
from matplotlib.textpath import TextToPath

import bplib.lab.experiment as live
from bplib import Layer, Sequential
from bplib.lab import frames
from bplib.losses import Loss
from bplib.params import Param


class Remembered(pickle.Pickler):
    """forward와 backward가 늘 새로 적는 것만 빼고 담아요: 층과 손실이 기억해 둔 값(밑줄로 시작해요)과 기울기.

    그림은 담을 때마다 속의 번호가 달라져서, 같은 것인지만 봐요.
    """

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Sequential):
            return list, (list(thing),)
        if isinstance(thing, Param):
            return np.array, (thing.value,)
        if isinstance(thing, Layer | Loss):
            return dict, ({name: value for name, value in vars(thing).items() if name[0] != "_"},)
        if isinstance(thing, Figure):
            return int, (id(thing),)
        return NotImplemented


def remembered(value: Any) -> bytes | int:
    """값을 바이트로. 모듈이나 노트북에서 만든 클래스처럼 담을 수 없는 것은 같은 것인지만 봐요."""
    file = io.BytesIO()
    try:
        Remembered(file).dump(value)
    except Exception:
        return id(value)
    return file.getvalue()


def world(names: dict[str, Any]) -> dict[str, Any]:
    """실험의 함수 밖에 있는 것: 노트북의 모든 이름과 그 값, 그림의 설정, NumPy의 전역 난수와 설정."""
    seen = {name: value for name, value in names.items() if name[0] != "_" and name not in ("In", "Out")}
    seen |= {"rcParams": dict(matplotlib.rcParams), "errstate": np.geterr()}
    seen["random"] = np.random.get_state()
    return {name: remembered(value) for name, value in seen.items()}


def measure_once() -> None:
    """같은 글의 크기와 글꼴과 수식을 그림마다 다시 찾지 않아요. 그림은 그대로이고, 장을 실행하는 CPU 시간이 줄어요."""
    text = TextToPath()
    size = lru_cache(maxsize=None)(text.get_text_width_height_descent)
    RendererSVG.get_text_width_height_descent = lambda _, text, font, math: size(text, font.copy(), math)
    find = lru_cache(maxsize=None)(fontManager._find_fonts_by_props)
    fontManager._find_fonts_by_props = lambda font, **options: find(font.copy(), **options)
    parse = lru_cache(maxsize=None)(MathTextParser._parse_cached.__wrapped__)
    MathTextParser._parse_cached = lambda _, *formula: parse(text.mathtext_parser, *formula)


def copy_ticks() -> None:
    """둘째 눈금부터는 첫 눈금의 사본이에요. 새로 만들어 첫 눈금의 모습을 입히는 것과 그림은 같고, 더 빨라요."""

    def twin(tick: Tick) -> Tick:
        new = copy.copy(tick)
        for name in ("tick1line", "tick2line", "gridline", "label1", "label2"):
            setattr(new, name, copy.copy(getattr(tick, name)))
        for label in (new.label1, new.label2):  # 글의 크기는 그 자리에서 바뀌어요
            label.set_fontproperties(label.get_fontproperties().copy())
        return new

    def get_major_ticks(axis: Axis, numticks: int | None = None) -> list[Tick]:
        wanted = len(axis.get_majorticklocs()) if numticks is None else numticks
        while len(axis.majorTicks) < wanted:
            axis.majorTicks.append(twin(axis.majorTicks[0]))
        return axis.majorTicks[:wanted]

    Axis.get_major_ticks = get_major_ticks


def watch() -> None:
    """이제부터 쪽에 그리는 실험이 함수 밖의 것을 바꾸면 멈춰요."""
    measure_once()
    copy_ticks()
    draw = live.experiment_html

    def watched(name: str, controls: Any, scene: Any) -> str:
        names = scene.__self__.function.__globals__
        before = world(names)
        html = draw(name, controls, scene)
        after = world(names)
        changed = sorted(one for one in before | after if before.get(one) != after.get(one))
        assert not changed, f"실험 '{name}': 함수 밖의 {changed}이 바뀌었어요."
        return html

    live.experiment_html = watched


def check(names: dict[str, Any]) -> None:
    """다시 그려도 같은지, 커널의 위젯에 오류가 없는지 봐요. ``names``는 노트북의 이름과 값이에요."""
    os.environ.pop("BPLIB_PAGE")
    shown = [*names.values(), *names["Out"].values()]
    for thing in {id(thing): thing for thing in shown if hasattr(type(thing), "widget")}.values():
        if isinstance(thing, live.Experiment):
            redraw(thing)
        html = [child.value for child in thing.widget().children if isinstance(child, ipywidgets.HTML)]
        assert html, f"{thing!r}: 커널에 보이는 것이 없어요."
        assert not [one for one in html if 'class="bp-error"' in one], html


def redraw(exp: live.Experiment) -> None:
    """처음과 가운데와 마지막 자리를 거꾸로 다시 그려, 책에 실은 장면과 견줘요."""
    for position in exp.positions[:: max(1, (len(exp.positions) - 1) // 2)][::-1]:
        frame = exp.frame(position)
        again = frames.digest(frame.tree, frame.text) == exp.digests[position]
        assert again, f"실험 '{exp.name}': {position} 자리를 다시 그리면 달라요."
