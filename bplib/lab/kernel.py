"""커널의 실험: ipywidgets 조작판과 그림."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from html import escape
from typing import Any

from bplib.lab.controls import PLAY_INTERVAL, Control, Dropdown, Position
from bplib.lab.display import css
from bplib.lab.scene import Scene, tidy_after


def _body(scene: Scene, position: Position) -> str:
    """그 자리의 그림과 설명. 독자가 고친 함수의 오류는 그림 자리에 보여 줘요."""
    try:
        return scene(position).html
    except Exception:
        return f'<pre class="bp-error" role="alert">{escape(traceback.format_exc(limit=-2))}</pre>'


def experiment_widget(controls: Sequence[Control], scene: Scene) -> Any:
    """ipywidgets 조작판과 그 아래의 그림. 조작할 때마다 ``scene``을 불러요."""
    import ipywidgets

    inputs = [_input(control) for control in controls]
    view = ipywidgets.HTML()

    def redraw(_: Any = None) -> None:
        position = tuple(control.index for control in inputs)
        with tidy_after():
            body = _body(scene, position)
        view.value = f'<style>{css()}</style><div class="bp-experiment">{body}</div>'

    for control in inputs:
        control.observe(redraw, names="index")
    redraw()
    rows = [_row(c, i) for c, i in zip(controls, inputs, strict=True)]
    return ipywidgets.VBox([*rows, view])


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
