"""책의 모든 실험: 노트북을 실행해 얻은 실험을 그리는 일은 아무것도 바꾸지 않고, 커널에서는 위젯이 돼요.

쪽에 실린 것은 만들어진 책의 시험(tests/site/test_experiments.py)이 봐요.
"""

import io
import pickle
from typing import Any

import ipywidgets
import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from bplib import Layer, Sequential
from bplib.lab.experiment import Experiment
from bplib.losses import Loss
from chapters import CHAPTERS, drawn, per_chapter, run_chapter, sample

each_chapter = pytest.mark.parametrize("path", **per_chapter())


def test_there_are_chapters():
    assert CHAPTERS


@each_chapter
def test_everything_alive_becomes_a_widget(path):
    """커널에서 보이는 모습이에요. 책을 만들며 보는 출력 대조는 쪽의 모습만 실행해서, 이것은 모르고 지나가요."""
    chapter = run_chapter(path)
    for thing in (*chapter.experiments, *chapter.exercises):
        shown = [child.value for child in thing.widget().children if isinstance(child, ipywidgets.HTML)]
        assert shown, thing
        assert not [html for html in shown if 'class="bp-error"' in html], thing


class Remembered(pickle.Pickler):
    """층과 손실이 다음 backward를 위해 기억해 둔 값(밑줄로 시작하는 것)만 빼고 담아요. 그것은 forward가 바꿔도 돼요.

    그림은 담을 때마다 속의 번호가 달라져서, 같은 것인지만 봐요.
    """

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Sequential):
            return list, (list(thing),)
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
