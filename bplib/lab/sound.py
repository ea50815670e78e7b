"""들어 보기: 음의 목록 하나를, 커널에서는 WAV로, 웹 페이지에서는 브라우저가 바로 내는 소리로 들려줘요.

>>> from bplib.lab.sound import listen
>>> listen({"도레미": [(60, 1), (62, 1), (64, 2)]})
[소리 도레미] 도 1박, 레 1박, 미 2박

음은 (높이, 길이)예요. 높이는 MIDI 번호(가운데 도 = 60, 반음에 1씩), 길이는 박이에요.
소리 옆에는 피아노 롤(가로는 시간, 세로는 높이)을 그리고, 자바스크립트가 없어도 음의 이름을 읽을 수 있어요.

웹 페이지는 소리 파일을 담지 않아요. 음마다 (주파수, 시작, 길이)만 적어 두면 ``book/notes.js``가 :func:`wave`와
같은 식으로 소리를 내요.
"""

from __future__ import annotations

import io
import json
import math
import wave as wave_file
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bplib._checks import Array, check_count, check_list, check_number, check_type, report
from bplib.lab import frames, plots
from bplib.lab.display import css, on_page, widget_bundle

Note = tuple[int, float]

RATE = 11025  # WAV의 1초에 담는 값의 수
PEAK, ATTACK, FLOOR = (
    0.3,
    0.012,
    0.003,
)  # 소리의 크기, 커지는 시간(초), 음이 끝날 때의 크기. notes.js와 같아요
NAMES = ("도", "도♯", "레", "레♯", "미", "파", "파♯", "솔", "솔♯", "라", "라♯", "시")
LOW, HIGH = "₁₂₃₄₅", "¹²³⁴⁵"
MAX_SECONDS = 600  # 소리 하나의 길이. 더 길면 배열이 커져서 느려져요


def _check_pitch(who: str, pitch: float) -> int:
    """높이가 0–127의 정수인지 봐요. 수가 아니면 TypeError, 벗어나면 ValueError."""
    number = check_number(who, "높이", pitch, 0, 128, open_low=False)
    if number != int(number):
        raise ValueError(report(who, "높이의 값이", "정수", f"{number:g}"))
    return int(number)


def _check_notes(who: str, notes: Iterable[Note]) -> list[Note]:
    """음 (높이, 길이)의 목록인지 보고 파이썬 수로 바꿔 줘요. 형이 다르면 TypeError, 값이 벗어나면 ValueError."""
    checked = []
    for note in check_list(who, "notes", notes, (tuple, list)):
        if len(note) != 2:
            raise ValueError(report(who, "음이", "(높이, 길이)", repr(note)))
        pitch, beats = note
        length = check_number(who, "길이", beats, 0.0, math.inf, open_low=True)
        checked.append((_check_pitch(who, pitch), length))
    return checked


def frequency(pitch: int) -> float:
    """높이의 주파수(Hz): 440 · 2^((p − 69) / 12). 12가 늘면 두 배, 곧 한 옥타브예요. 오류는 name과 같아요."""
    pitch = _check_pitch("frequency", pitch)
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def name(pitch: int) -> str:
    """높이의 계이름. 한 옥타브 낮으면 솔₁, 높으면 도¹처럼 적어요.

    높이가 0–127의 정수가 아니면 ValueError, 수가 아니면 TypeError.
    """
    pitch = _check_pitch("name", pitch)
    octave, step = divmod(pitch - 60, 12)
    marks = LOW if octave < 0 else HIGH
    return NAMES[step] + (marks[abs(octave) - 1] if octave else "")


def spell(notes: Iterable[Note]) -> str:
    """음의 목록을 "솔₁ 1.5박, 라₁ 0.5박"처럼 이름과 길이로 적어요."""
    return ", ".join(f"{name(pitch)} {beats:g}박" for pitch, beats in _check_notes("spell", notes))


def schedule(notes: Sequence[Note], tempo: float = 120) -> list[tuple[float, float, float]]:
    """음마다 (주파수 Hz, 시작 초, 길이 초). 한 박은 60 / tempo초예요.

    음이 없거나, 값이 벗어나거나, 모두 10분이 넘으면 ValueError. 형이 다르면 TypeError.
    """
    notes = _check_notes("schedule", notes)
    if not notes:
        raise ValueError(report("schedule", "음의 수가", "하나 이상", 0))
    beat = 60 / check_number("schedule", "tempo", tempo, 0.0, math.inf, open_low=True)
    total = beat * sum(beats for _, beats in notes)
    if not total <= MAX_SECONDS:
        raise ValueError(report("schedule", "소리의 길이가", f"{MAX_SECONDS}초 이하", f"{total:g}초"))
    ends = np.cumsum([beats for _, beats in notes])
    return [
        (round(frequency(pitch), 2), round(float(end - beats) * beat, 4), round(beats * beat, 4))
        for (pitch, beats), end in zip(notes, ends, strict=True)
    ]


def wave(notes: Sequence[Note], tempo: float = 120) -> Array:
    """음의 목록을 소리의 물결로: (RATE · 초,) float64, −1과 1 사이.

    음 하나는 삼각파 (2/π) arcsin(sin 2πft)에 크기를 곱한 것이에요. 크기는 ATTACK초 동안 0에서 PEAK까지 곧게
    커지고, 음의 끝까지 FLOOR로 지수로 작아져요.
    """
    events = schedule(notes, tempo)
    total = events[-1][1] + events[-1][2]
    sound = np.zeros(math.ceil(total * RATE))
    for hertz, start, seconds in events:
        t = np.arange(int(seconds * RATE)) / RATE
        attack = np.minimum(t / ATTACK, 1.0)
        decay = (FLOOR / PEAK) ** np.maximum((t - ATTACK) / max(seconds - ATTACK, ATTACK), 0.0)
        triangle = 2 / np.pi * np.arcsin(np.sin(2 * np.pi * hertz * t))
        first = round(start * RATE)
        sound[first : first + len(t)] += (PEAK * attack * decay * triangle)[: len(sound) - first]
    return sound


def wav(notes: Sequence[Note], tempo: float = 120) -> bytes:
    """음의 목록을 WAV 파일의 내용으로. 16비트, 한 채널이에요."""
    buffer = io.BytesIO()
    with wave_file.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((wave(notes, tempo) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def roll(notes: Sequence[Note], *, given: int = 0, span: tuple[int, int], beats: float) -> Figure:
    """피아노 롤: 가로는 박, 세로는 높이. 처음 given개(주어진 음)는 속을 비워 그려요."""
    low, high = span
    figure, ax = plots.axes(4.6, 1.7, xlim=(0, beats), ylim=(low - 1, high + 1), left=0.5)
    naturals = [p for p in range(low, high + 1) if (p - 60) % 12 in (0, 4, 7)]
    ax.set_yticks(naturals, [name(p) for p in naturals], fontsize=9)
    ax.set_xticks(range(0, int(beats) + 1, 4 if beats <= 32 else 8))
    ax.tick_params(axis="y", length=0)
    for pitch in naturals:
        ax.axhline(pitch, color=plots.GRID, linewidth=0.6, zorder=0)
    start = 0.0
    for index, (pitch, length) in enumerate(notes):
        fill = plots.PAPER if index < given else plots.BLUE
        ax.add_patch(
            Rectangle((start + 0.06, pitch - 0.55), length - 0.12, 1.1, fc=fill, ec=plots.BLUE, lw=1.2)
        )
        start += length
    return figure


class Sounds:
    """이름 붙은 소리들. :func:`listen`으로 만들어요."""

    def __init__(self, sounds: Mapping[str, Sequence[Note]], tempo: float, given: int) -> None:
        self.tempo = check_number("listen", "tempo", tempo, 0.0, math.inf, open_low=True)
        zero = type(given) is int and given == 0
        self.given = 0 if zero else check_count("listen", "given", given)
        check_type("listen", "sounds", sounds, Mapping, "{이름: 음의 목록}")
        if not sounds:
            raise ValueError(report("listen", "소리의 수가", "하나 이상", 0))
        self.sounds = {title: _checked(title, notes) for title, notes in sounds.items()}

    def __repr__(self) -> str:
        return "\n".join(f"[소리 {title}] {spell(notes)}" for title, notes in self.sounds.items())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if on_page():
            return {"text/plain": repr(self), "text/html": self.page_html}
        return widget_bundle(self.widget(), repr(self))

    @cached_property
    def page_html(self) -> str:
        """웹 페이지에 실을 HTML. 단추는 자바스크립트가 켜요."""
        titles = escape(", ".join(self.sounds))
        return (
            f'<div class="bp-experiment bp-sounds" role="group" aria-label="들어 보기: {titles}">'
            + "".join(self._row(title) for title in self.sounds)
            + "</div>"
        )

    def _row(self, title: str) -> str:
        """소리 하나: 단추와 이름, 피아노 롤, 음의 이름."""
        notes = self.sounds[title]
        data = escape(json.dumps(schedule(notes, self.tempo), separators=(",", ":")))
        button = (
            f'<button type="button" class="bp-play" data-sound="{data}" '
            f'aria-label="듣기: {escape(title)}" hidden>▶ 듣기</button>'
        )
        return (
            f'<div><div class="bp-control">{button}<strong>{escape(title)}</strong></div>{self._picture(title)}'
            f"<details><summary>음 읽기</summary><p>{escape(spell(notes))}</p></details></div>"
        )

    def _picture(self, title: str) -> str:
        notes = self.sounds[title]
        pitches = [pitch for sound in self.sounds.values() for pitch, _ in sound]
        total = sum(beats for _, beats in notes)  # 제 길이만큼 그려서, 짧은 가락의 오른쪽이 비지 않아요
        figure = roll(notes, given=self.given, span=(min(pitches), max(pitches)), beats=total)
        prefix = frames.prefix(title + spell(notes))
        label = f"{title}의 피아노 롤: 음 {len(notes)}개, {total:g}박"
        if self.given:
            label += f". 처음 {self.given}개는 주어진 음이라 속이 비었어요"
        svg = frames.markup(frames.draw([figure], prefix))
        return f'<div class="bp-frame" role="img" aria-label="{escape(label)}">{svg}</div>'

    def widget(self) -> Any:
        """커널에서 쓰는 소리 상자. 소리마다 WAV 하나예요."""
        import ipywidgets

        style = f"<style>{css()}</style>"
        rows: list[Any] = []
        for title, notes in self.sounds.items():
            body = f'<div class="bp-experiment"><strong>{escape(title)}</strong>{self._picture(title)}</div>'
            rows.append(ipywidgets.HTML(style + body))
            rows.append(
                ipywidgets.Audio(value=wav(notes, self.tempo), format="wav", autoplay=False, loop=False)
            )
        return ipywidgets.VBox(rows)


def listen(sounds: Mapping[str, Sequence[Note]], *, tempo: float = 120, given: int = 0) -> Sounds:
    """이름 붙은 소리들을 듣고, 피아노 롤로 보고, 음의 이름으로 읽어요.

    sounds: {이름: [(높이, 박), …]}. tempo는 1분의 박 수, 처음 given개는 주어진 음이라고 표시해요.
    소리가 없거나, 음이 없거나, 높이가 0–127의 정수가 아니거나, 길이가 0보다 크지 않으면 ValueError·TypeError.
    """
    made = Sounds(sounds, tempo, given)
    if on_page():
        _ = made.page_html  # 지금 그려 보아야, 잘못된 소리가 책 짓기를 멈춰요
    return made


def _checked(title: str, notes: Sequence[Note]) -> list[Note]:
    """음의 목록을 확인하고 파이썬 수로 바꿔요."""
    check_type("listen", "소리의 이름", title, str, "글")
    checked = _check_notes(f"소리 '{title}'", notes)
    if not checked:
        raise ValueError(report(f"소리 '{title}'", "음의 수가", "하나 이상", 0))
    return checked
