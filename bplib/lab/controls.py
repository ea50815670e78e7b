"""조작판: 미는 막대와 고르는 목록, 그리고 조작판의 모든 자리."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bplib._checks import check_flag, check_list, check_type

PLAY_INTERVAL = 600  # 재생할 때 한 칸에 적어도 머무는 시간 (ms). 쪽에서는 읽을 글이 길면 더 머물러요

Position = tuple[int, ...]  # 조작마다 고른 값의 번호


class ExperimentError(ValueError):
    """실험을 잘못 적었거나, 실험이 페이지에 싣기에 너무 커요."""


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


def start(controls: Iterable[Control]) -> Position:
    """모든 조작의 처음 자리."""
    return tuple(control.start for control in controls)


def positions(controls: Iterable[Control]) -> list[Position]:
    """조작판의 모든 자리. 마지막 조작이 가장 빨리 바뀌어요."""
    return list(itertools.product(*(range(len(control.values)) for control in controls)))
