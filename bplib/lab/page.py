"""웹 페이지의 실험: 첫 장면의 SVG와 나머지 장면의 차이를 HTML에 담아요. ``book/player.js``가 그 차이를 입혀요."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from html import escape
from math import prod
from typing import Any

from bplib.lab import frames
from bplib.lab.controls import PLAY_INTERVAL, Control, Dropdown, ExperimentError, positions, start
from bplib.lab.scene import Scene, tidy_after

MAX_FRAMES = 400  # 한 실험의 장면 수
MAX_BYTES = 45_000  # 한 실험이 페이지에서 차지하는 크기 (gzip, 바이트)
PLAY_BUTTONS = (
    '<span class="bp-player">'
    '<button type="button" class="bp-step" value="-1">이전</button>'
    '<button type="button" class="bp-play" aria-label="재생">▶</button>'
    '<button type="button" class="bp-step" value="1">다음</button>'
    '<button type="button" class="bp-speed" aria-label="빠르기 1배">1×</button></span>'
)


def experiment_html(name: str, controls: Mapping[str, Control], scene: Scene) -> str:
    """조작판, 첫 장면, 설명, 그리고 나머지 장면의 차이.

    Raises:
        ExperimentError: 장면의 수나 크기가 한도를 넘으면.
    """
    count = prod(len(control.values) for control in controls.values())
    if count > MAX_FRAMES:
        raise ExperimentError(
            f"실험 '{name}'의 장면이 {count}개예요 (한도 {MAX_FRAMES}). 조작의 칸 수를 줄여 주세요."
        )
    html = _html(name, controls, scene)
    size = len(gzip.compress(html.encode()))
    if size > MAX_BYTES:
        raise ExperimentError(
            f"실험 '{name}'이 너무 무거워요: gzip {size:,}바이트 (한도 {MAX_BYTES:,}). "
            "조작의 칸 수를 줄이거나 그림의 점을 줄여 주세요."
        )
    return html


def _html(name: str, controls: Mapping[str, Control], scene: Scene) -> str:
    id_ = frames.prefix(name)
    panel = "".join(_control_html(f"{id_}-c{n}", control) for n, control in enumerate(controls.values()))
    data = json.dumps(_frame_data(name, controls, scene), ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c")
    return (
        f'<div class="bp-experiment" id="{id_}" role="group" aria-label="실험 {escape(name)}">'
        f'<fieldset class="bp-controls" disabled>{panel}</fieldset>'
        f"{scene(start(controls.values())).html}"
        f'<script type="application/json">{data}</script>'
        "</div>"
    )


def _control_html(id_: str, control: Control) -> str:
    """브라우저가 원래 가진 입력 요소로 조작 하나를 적어요."""
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
    room, steps = max(map(_columns, control.names)), len(control.values) - 1
    # 칸이 많아 한 칸이 8px도 안 될 만큼 좁으면, 막대가 이름표 옆에서 다음 줄로 내려가요
    basis = f' style="flex-basis:calc({8 * steps + 26}px + {room}ch)"' if steps > 22 else ""
    return (
        f'<div class="bp-control">{label}{PLAY_BUTTONS if control.play else ""}'
        f'<span class="bp-slide"{basis}><input type="range" id="{id_}" min="0" max="{steps}" '
        f'value="{control.start}" aria-valuetext="{shown}" autocomplete="off">'
        f'<output for="{id_}" style="min-width:{room}ch">{shown}</output></span></div>'
    )


def _columns(text: str) -> int:
    """글의 폭: 한글은 두 칸, 나머지는 한 칸."""
    return sum(2 if "가" <= char <= "힣" else 1 for char in text)


def _frame_data(name: str, controls: Mapping[str, Control], scene: Scene) -> dict[str, Any]:
    """나머지 장면을 첫 장면과의 차이로 적어요. 되풀이되는 값은 표 하나에 모으고 번호로 가리켜요."""
    table: dict[str | None, int] = {}
    names: dict[str, int] = {}
    texts, deltas, handles = [], [], []
    first = scene(start(controls.values()))
    for position in positions(controls.values()):
        with tidy_after():
            frame = scene(position)
        delta: list[int] = []
        for node, attribute, value in frames.diff(first.tree, frame.tree):
            delta += [node, names.setdefault(attribute, len(names)), table.setdefault(value, len(table))]
        texts.append(frame.text)
        deltas.append(delta)
        handles.append(frame.handles)
    return {
        "controls": [list(c.names) for c in controls.values()],
        "interval": PLAY_INTERVAL,
        "attributes": list(names),
        "values": list(table),
        "texts": texts,
        "deltas": deltas,
        "handles": _handle_data(name, list(controls), handles),
    }


def _handle_data(
    name: str, controls: list[str], scenes: Sequence[tuple[frames.Handle, ...]]
) -> list[dict[str, Any]]:
    """손잡이마다 무엇을 바꾸는지와, 장면마다 놓이는 자리."""
    kinds = {tuple(handle[:3] for handle in scene) for scene in scenes}
    if len(kinds) > 1:
        raise ExperimentError(
            f"실험 '{name}': plots.drag는 모든 장면에서 같은 차례로 불러야 해요. "
            f"손잡이가 없는 장면에는 자리에 nan을 주세요. 받은 값: {sorted(kinds)}"
        )
    return [
        {
            "figure": figure,
            "controls": [controls.index(one) for one in changed],
            "along": along,
            "at": [handle.at for handle in places],
        }
        for (figure, changed, along), places in zip(kinds.pop(), zip(*scenes, strict=True), strict=True)
    ]
