"""살아 있는 실험: 함수 하나가 노트북에서는 위젯으로, 웹 페이지에서는 서버 없이 움직여요.

>>> from bplib.lab import plots
>>> from bplib.lab.experiment import Slider, experiment
>>> @experiment(w=Slider("가중치 w", [-1, 0, 1], start=1))
... def 직선(w):
...     fig, ax = plots.axes(xlim=(-1, 1), ylim=(-1, 1))
...     ax.plot([-1, 1], [-w, w])
...     return fig, f"기울기가 {w}인 직선이에요."

함수는 그림과, 그림을 볼 수 없는 독자에게 들려줄 설명을 함께 돌려줘요. 그림이 여럿이면 목록으로 돌려줘요.
넓은 화면에서는 나란히, 휴대전화에서는 위아래로 놓여요. :func:`bplib.lab.plots.drag`를 달면 쪽에서 그림을 끌 수 있어요.

- 커널에서: ipywidgets. 조작할 때마다 함수를 불러요.
- 책을 지을 때(환경 변수 ``BPLIB_PAGE=1``): 조작판의 모든 자리에서 함수를 불러 첫 장면의 SVG와
  나머지 장면의 차이를 HTML에 담아요. ``book/player.js``가 그 차이를 입혀요.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from bplib._checks import check_list, check_type
from bplib.lab import frames
from bplib.lab.controls import Control, Dropdown, ExperimentError, Position, Slider, positions, start
from bplib.lab.display import on_page, widget_bundle
from bplib.lab.kernel import experiment_widget
from bplib.lab.page import experiment_html
from bplib.lab.picture import show
from bplib.lab.scene import Drawn, Frame, draw_frame

# 노트북에서는 실험을 적는 데 쓰는 것을 모두 여기서 불러요.
__all__ = ["Dropdown", "Experiment", "Slider", "experiment", "show"]

DIGESTS = (
    "bplib-frames"  # 쪽에는 실리지 않는 출력의 정보: 장면마다의 해시. 시험이 쪽에서 되살린 장면과 견줘요.
)


class Experiment:
    """조작에 따라 장면이 바뀌는 실험이에요. :func:`experiment`로 만들어요."""

    def __init__(self, function: Callable[..., Drawn], controls: Mapping[str, Control]) -> None:
        check_type("Experiment", "function", function, FunctionType, "이름 있는 함수")
        check_type("Experiment", "controls", controls, Mapping, "{인자: 조작}")
        self.function = function
        self.name = function.__name__
        self.controls = dict(controls)
        self.digests: dict[Position, str] = {}  # 책을 지을 때 그린 장면마다
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
    def start(self) -> Position:
        """모든 조작의 처음 자리."""
        return start(self.controls.values())

    @property
    def positions(self) -> list[Position]:
        """조작판의 모든 자리. 마지막 조작이 가장 빨리 바뀌어요."""
        return positions(self.controls.values())

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
        if unknown := {n for handle in frame.handles for n in handle.controls} - set(self.controls):
            raise ExperimentError(
                f"실험 '{self.name}': plots.drag의 이름은 {list(self.controls)} 가운데 하나여야 해요. "
                f"받은 값: {sorted(unknown)}"
            )
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

    def _scene(self, position: Position) -> Frame:
        """그 자리의 장면. 첫 장면은 다시 그리지 않아요."""
        return self.first if position == self.start else self.frame(position)

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
        return experiment_html(self.name, self.controls, self._scene)

    def widget(self) -> Any:
        """커널에서 쓰는 ipywidgets 조작판과 그림을 만들어요."""
        return experiment_widget(list(self.controls.values()), self._scene)


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
