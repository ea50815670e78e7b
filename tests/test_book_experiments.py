"""책의 모든 실험: 노트북을 실행해 얻은 실험의 장면을, 쪽에 담긴 것에서 하나하나 되살려 바로 그린 장면과 견줘요.

모든 장면은 책을 지을 때 그려 봐요. 여기서는 조작마다 처음 자리와 양 끝의 장면만 봐요. ``BPLIB_DEEP=1``이면 모두 봐요.
"""

import copy
import io
import os
import pickle
import re
from functools import cache
from typing import Any

import matplotlib
import numpy as np
import pytest

from bplib import Layer, Sequential
from bplib.lab import frames
from bplib.lab.experiment import Experiment
from bplib.losses import Loss
from chapters import CHAPTERS, PageData, canonical, drawn, per_chapter, run_chapter, sample

KOREAN = re.compile("[가-힣]")
NEED_TWO = {f"{n:02}" for n in range(15)}
each_chapter = pytest.mark.parametrize("path", **per_chapter())


def test_there_are_chapters():
    assert CHAPTERS


@cache
def thinned(exp: Experiment) -> Experiment:
    """조작마다 처음 자리와 양 끝만 남긴 같은 실험. 같은 자리는 한 번만 그려요."""
    if os.environ.get("BPLIB_DEEP") == "1":
        return exp
    controls = {}
    for name, control in exp.controls.items():
        kept = sorted({0, control.start, len(control.values) - 1})
        controls[name] = copy.copy(control)
        vars(controls[name]).update(
            values=tuple(control.values[i] for i in kept),
            names=tuple(control.names[i] for i in kept),
            start=kept.index(control.start),
        )
    thin = Experiment(exp.function, controls)
    thin.frame = cache(thin.frame)  # type: ignore[method-assign]
    return thin


def experiments(path):
    return [thinned(exp) for exp in run_chapter(path).experiments]


def direct(exp: Experiment) -> list[str]:
    """모든 장면을 함수에서 바로 그려, 견줄 수 있는 글로 적어요."""
    return [canonical(drawn(exp, position).tree) for position in exp.positions]


@each_chapter
def test_every_frame_is_rebuilt_from_the_page(path):
    """쪽이 담은 첫 장면의 SVG와 차이만으로 되살린 장면이, 바로 그린 장면과 XML로 같아요."""
    wrong = []
    for exp in experiments(path):
        page = PageData.parse(exp.page_html)
        assert len(page.data["deltas"]) == len(page.data["texts"]) == len(exp.positions), exp.name
        assert page.text == page.label == drawn(exp, exp.start).text, exp.name
        for number, (position, want) in enumerate(zip(exp.positions, direct(exp), strict=True)):
            if canonical(frames.rebuild(page.base, page.changes(number))) != want:
                wrong.append(f"{path.stem} · {exp.name} · {position}: 그림이 달라요")
            if page.data["texts"][number] != drawn(exp, position).text:
                wrong.append(f"{path.stem} · {exp.name} · {position}: 설명이 달라요")
    assert not wrong, "\n".join(wrong)


@each_chapter
def test_chapter_has_enough_experiments(path):
    names = [exp.name for exp in run_chapter(path).experiments]
    if path.stem[:2] in NEED_TWO:
        assert len(names) >= 2, f"{path.stem}: 실험이 둘은 있어야 해요. 지금: {names}"


@each_chapter
def test_ids_do_not_clash_in_a_chapter(path):
    """id의 앞말은 실험의 이름과 그림의 설명에서 와요. 같은 것이 둘이면 그림의 조각이 뒤섞여요."""
    chapter = run_chapter(path)
    drawings = [picture.first for picture in chapter.pictures]
    names = [exp.name for exp in chapter.experiments] + [frame.text for frame in drawings]
    prefixes = [exp.prefix for exp in chapter.experiments]
    prefixes += [found[1] for frame in drawings if (found := PREFIX.search(frame.drawing))]
    assert len(names) == len(set(names)), names
    assert len(prefixes) == len(set(prefixes)), names


PREFIX = re.compile(r'id="(bp[0-9a-f]{8})')


@each_chapter
def test_descriptions_are_korean_and_move(path):
    wrong = []
    for exp in experiments(path):
        texts = {drawn(exp, position).text for position in exp.positions}
        wrong += [f"{exp.name}: 한국어가 아니에요: {text!r}" for text in texts if not KOREAN.search(text)]
        wrong += [f"{exp.name}: 설명이 바뀌지 않아요: {texts}"] if len(texts) < 2 else []
        labels = [control.label for control in exp.controls.values()]
        wrong += [
            f"{exp.name}: 이름표가 한국어가 아니에요: {label}" for label in labels if not KOREAN.search(label)
        ]
    texts = [picture.first.text for picture in run_chapter(path).pictures]
    wrong += [f"그림: {text!r}" for text in texts if not KOREAN.search(text)]
    assert not wrong, "\n".join(wrong)


@each_chapter
def test_every_control_moves_the_drawing(path):
    """조작마다, 그것만 움직였을 때 그림이 달라지는 자리와 설명이 달라지는 자리가 있어요."""
    wrong = []
    for exp in experiments(path):
        pictures = dict(zip(exp.positions, direct(exp), strict=True))
        for axis, (name, control) in enumerate(exp.controls.items()):
            moved = [
                (position, (*position[:axis], index, *position[axis + 1 :]))
                for position in exp.positions
                for index in range(position[axis] + 1, len(control.values))
            ]
            if not any(pictures[a] != pictures[b] for a, b in moved):
                wrong.append(f"{path.stem} · {exp.name}: '{name}'을 움직여도 그림이 그대로예요")
            if not any(drawn(exp, a).text != drawn(exp, b).text for a, b in moved):
                wrong.append(f"{path.stem} · {exp.name}: '{name}'을 움직여도 설명이 그대로예요")
            if len(set(control.names)) < len(control.names):
                wrong.append(f"{path.stem} · {exp.name}: '{name}'의 값 이름이 겹쳐요: {control.names}")
    assert not wrong, "\n".join(wrong)


class Remembered(pickle.Pickler):
    """층과 손실이 다음 backward를 위해 기억해 둔 값(밑줄로 시작하는 것)만 빼고 담아요. 그것은 forward가 바꿔도 돼요."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Sequential):
            return list, (list(thing),)
        if isinstance(thing, Layer | Loss):
            return dict, ({name: value for name, value in vars(thing).items() if name[0] != "_"},)
        return NotImplemented


def remembered(value: Any) -> bytes | int:
    """값을 바이트로. 모듈이나 노트북에서 만든 클래스처럼 담을 수 없는 것은 같은 것인지만 봐요."""
    file = io.BytesIO()
    try:
        Remembered(file).dump(value)
    except Exception:
        return id(value)
    return file.getvalue()


def world(exp: Experiment) -> dict[str, Any]:
    """실험의 함수 밖에 있는 것: 노트북의 모든 이름과 그 값, 그림의 설정, NumPy의 전역 난수와 설정."""
    seen: dict[str, Any] = {"rcParams": dict(matplotlib.rcParams), "errstate": np.geterr()}
    seen["random"] = np.random.get_state()
    seen |= exp.function.__globals__
    return {name: remembered(value) for name, value in seen.items()}


@each_chapter
def test_experiments_are_pure(path):
    """같은 자리는 언제 몇 번을 그려도 같은 장면이고, 그리는 일은 함수 밖의 아무것도 바꾸지 않아요."""
    wrong = []
    for exp in run_chapter(path).experiments:
        fresh = exp.frame.__wrapped__  # 장마다 한 번만 그리게 기억하는 것을 지나쳐, 정말로 다시 그려요
        before, few = world(exp), sample(exp.positions, 3)
        forwards = [(position, drawn(exp, position)) for position in few]
        for position, first in reversed(forwards):
            again = fresh(position)
            if (again.drawing, again.text) != (first.drawing, first.text):
                wrong.append(f"{path.stem} · {exp.name} · {position}: 다시 그리면 달라요")
        after = world(exp)
        changed = sorted(name for name in before | after if before.get(name) != after.get(name))
        wrong += [f"{path.stem} · {exp.name}: 함수 밖의 {changed}이 바뀌었어요"] if changed else []
    assert not wrong, "\n".join(wrong)
