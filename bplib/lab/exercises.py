"""연습문제: 답이 틀리면 어떤 실수를 했는지 알려 줘요.

연습문제는 정답과 함께, 알려진 실수를 했을 때 나올 답을 스스로 계산해서 알고 있어요.

>>> from bplib.lab.exercises import Exercise, Mistake
>>> 넓이 = Exercise("0.9", "밑변 3, 높이 4인 삼각형의 넓이는?", 6.0, why="밑변과 높이의 곱을 반으로 나눠요.",
...               mistakes=[Mistake("반으로 나누지 않았어요.", "삼각형은 직사각형의 절반이에요.", 12.0)])
>>> print(넓이.check(12))
✗ 반으로 나누지 않았어요. 삼각형은 직사각형의 절반이에요.

- 커널에서: ``check``에 수나 배열을 넣어요. 연습문제를 그대로 보이면 답을 적는 칸이 나와요.
- 웹 페이지에서: 수로 답하는 문제는 같은 정의에서 만든 칸으로 답해요. 서버가 필요 없어요(``book/exercise.js``).
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from bplib import ledger
from bplib._checks import as_numbers, check_callable, check_count, check_list, check_type, report
from bplib.lab.display import css, on_page, widget_bundle
from bplib.lab.mistakes import SLIPS, Slip, one_step
from bplib.lab.typed import read_number


class ExerciseError(ValueError):
    """연습문제를 잘못 적었어요."""


@dataclass(frozen=True)
class Mistake:
    """알려진 실수 하나: 진단 한 문장, 길잡이 한 문장, 그 실수를 하면 나오는 답."""

    diagnosis: str
    hint: str
    value: Any


@dataclass(frozen=True)
class Verdict:
    """판정: 맞았는지, 그리고 독자에게 들려줄 말."""

    right: bool
    message: str
    near: bool = False  # 정답을 덜 자세히 적었어요

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '≈' if self.near else '✗'} {self.message}"


MAX_DIGITS = 12  # float64로 계산한 답이 믿을 만한 소수 자리
UNKNOWN = "아직 아니에요. 알려진 실수와도 다르니, 한 단계씩 다시 계산해 보세요."
CLOSE = "아주 가까워요. 중간에 반올림하지 말고 한 번 더 계산해 보세요."
CLOSE_BY = 0.03  # 정답의 이만큼 안이면 가까워요
NOT_A_NUMBER = "수로 답해 주세요. 예: -1.5, 3/4"
ORDINALS = [
    "첫째",
    "둘째",
    "셋째",
    "넷째",
    "다섯째",
    "여섯째",
    "일곱째",
    "여덟째",
    "아홉째",
    "열째",
    "열한째",
    "열두째",
]
SEVERAL = "이 값이 나오는 실수가 여럿이에요."


class Exercise:
    """수로 답하는 연습문제 하나예요. 함수로 답하는 것은 :class:`bplib.lab.code.CodeExercise`예요.

    - ``number``: "5.2"처럼 장과 차례, ``question``: 물음(보통 글), ``answer``: 정답.
    - ``why``: 맞았을 때 들려줄 까닭, ``solution``: 풀이(비우면 까닭과 같아요).
    - ``mistakes``: 알려진 실수들. 정답과 구별되지 않는 것은 저절로 빠지고, 값이 같은 것들은 함께 알려 줘요.
    - ``digits``: 소수 몇째 자리까지 적게 할지. 그 자리의 1까지 어긋나도 맞은 것으로 쳐요.

    Raises:
        ExerciseError: 정답이나 실수의 값이 유한한 수가 아니면.
    """

    def __init__(
        self,
        number: str,
        question: str,
        answer: Any,
        *,
        why: str,
        solution: str = "",
        mistakes: Iterable[Mistake] = (),
        digits: int = 4,
    ) -> None:
        for what, text in (("number", number), ("question", question), ("why", why), ("solution", solution)):
            check_type("Exercise", what, text, str, "글")
        if check_count(f"연습 {number}", "digits", digits) > MAX_DIGITS:
            raise ExerciseError(report(f"연습 {number}", "digits의 값이", f"1 … {MAX_DIGITS}", digits))
        self.number, self.question, self.why, self.digits = number, question, why, digits
        self.solution = solution or why
        self.answer = self._finite("정답이", answer)
        self.tolerance = 10.0**-digits * 1.000001
        self.near = f"거의 맞았어요. 소수 {ORDINALS[digits - 1]} 자리까지 적어 주세요."
        self.mistakes: list[Mistake] = []  # 값이 서로 다른 것만
        self._told: list[str] = []  # 그 값을 답했을 때 들려줄 말
        self._collect(check_list(f"연습 {number}", "mistakes", mistakes, Mistake))

    # ── 채점 ──

    def check(self, given: Any) -> Verdict:
        """답을 보고 판정해요. 파이썬이 적는 대로의 소수 자리까지 적은 것으로 봐요."""
        try:
            number = float(given)
        except (TypeError, ValueError, OverflowError):
            return Verdict(False, NOT_A_NUMBER)
        return self._judge(number, _decimals(number))

    def check_text(self, text: str) -> Verdict:
        """답 칸에 적은 글을 보고 판정해요. 읽는 법은 :func:`bplib.lab.typed.read_number`."""
        reading = read_number(text)
        if reading is None:
            return Verdict(False, NOT_A_NUMBER)
        verdict = self._judge(reading.value, reading.decimals)
        return replace(verdict, message=reading.note + verdict.message)

    def _judge(self, number: float, decimals: int | None) -> Verdict:
        if not math.isfinite(number):
            return Verdict(False, NOT_A_NUMBER)
        if abs(number - self.answer) <= self.tolerance:
            return Verdict(True, f"맞았어요. {self.why}")
        for mistake, told in zip(self.mistakes, self._told, strict=True):
            if abs(number - mistake.value) <= self.tolerance:
                return Verdict(False, told)
        if decimals is not None and self._rounded(number, decimals):
            return Verdict(False, self.near, near=True)
        close = abs(number - self.answer) <= CLOSE_BY * abs(self.answer)
        return Verdict(False, CLOSE if close else UNKNOWN)

    def _rounded(self, number: float, decimals: int) -> bool:
        """정답을 소수 ``decimals``자리까지만 적은 것인지. 유효 숫자가 둘은 있어야 해요."""
        unit = 10.0**-decimals
        enough = math.floor(abs(number) / unit + 0.5) >= 10
        return decimals < self.digits and enough and abs(number - self.answer) <= 0.5000001 * unit

    def _collect(self, mistakes: Iterable[Mistake]) -> None:
        """정답과 구별되는 실수를 값마다 모아요. 구별의 기준은 허용 오차의 두 배예요."""
        groups: list[list[str]] = []
        for mistake in mistakes:
            value, said = self._finite("실수의 값이", mistake.value), f"{mistake.diagnosis} {mistake.hint}"
            if self._alike(value, self.answer):
                continue
            place = next((k for k, seen in enumerate(self.mistakes) if self._alike(value, seen.value)), None)
            if place is None:
                self.mistakes.append(replace(mistake, value=value))
                groups.append([said])
            elif said not in groups[place]:
                groups[place].append(said)
        self._told = [several(group) for group in groups]

    def _alike(self, a: float, b: float) -> bool:
        return abs(a - b) <= 2 * self.tolerance

    def _finite(self, what: str, value: Any) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise ExerciseError(report(f"연습 {self.number}", what, "수", repr(value))) from error
        if not math.isfinite(number):
            raise ExerciseError(report(f"연습 {self.number}", what, "유한한 수", repr(value)))
        return number

    # ── 어디에서 보이나 ──

    def __repr__(self) -> str:
        return f"[연습 {self.number}] {self.question}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if on_page():
            return {"text/plain": repr(self), "text/html": self.page_html()}
        return widget_bundle(self.widget(), repr(self))

    def page_html(self) -> str:
        """웹 페이지에 실을 HTML. 정답은 눈에 보이는 글에 없고, 풀이는 한 번 답한 뒤에 열려요."""
        id_ = f"bpx{zlib.crc32((self.number + self.question).encode()):08x}"
        title = f"<p><strong>연습 {escape(self.number)}</strong> {escape(self.question)}</p>"
        solution = f"<details hidden><summary>풀이 보기</summary><p>{escape(self.solution)}</p></details>"
        data = json.dumps(self._page_data(), ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<div class="bp-experiment bp-exercise" id="{id_}" data-number="{escape(self.number)}">'
            f"{title}"
            f'<form class="bp-control"><label for="{id_}-a">답</label>'
            f'<input type="text" inputmode="decimal" id="{id_}-a" autocomplete="off" disabled>'
            '<button type="button" class="bp-play" aria-label="부호 바꾸기" disabled>±</button>'
            '<button type="submit" class="bp-play" disabled>확인</button></form>'
            f'<p class="bp-text" role="status"></p>{solution}'
            f'<script type="application/json">{data}</script></div>'
        )

    def _page_data(self) -> dict[str, Any]:
        """판정에 쓰는 값들. 첫 번째가 정답이고, 나머지는 실수예요."""
        known = [(self.answer, f"맞았어요. {self.why}")]
        known += [(slip.value, told) for slip, told in zip(self.mistakes, self._told, strict=True)]
        return {
            "tolerance": self.tolerance,
            "digits": self.digits,
            "known": known,
            "near": self.near,
            "close": CLOSE,
            "closeBy": CLOSE_BY * abs(self.answer),
            "unknown": UNKNOWN,
            "notNumber": NOT_A_NUMBER,
        }

    def widget(self) -> Any:
        """커널에서 쓰는 답 칸을 만들어요."""
        import ipywidgets

        answer = ipywidgets.Text(placeholder="답", description="답", continuous_update=False)
        button = ipywidgets.Button(description="확인")
        verdict = ipywidgets.HTML()

        def judge(_: Any) -> None:
            result = self.check_text(answer.value)
            shown = escape(repr(result))
            if result.message != NOT_A_NUMBER:
                shown += f"<details><summary>풀이 보기</summary>{escape(self.solution)}</details>"
            verdict.value = f'<style>{css()}</style><div role="status">{shown}</div>'

        button.on_click(judge)
        answer.observe(judge, names="value")
        title = ipywidgets.HTML(f"<b>연습 {escape(self.number)}</b> {escape(self.question)}")
        return ipywidgets.VBox([title, ipywidgets.HBox([answer, button]), verdict])


def _decimals(number: float) -> int | None:
    """파이썬이 적는 대로의 소수 자리의 수. 지수로 적는 수면 None."""
    text = repr(number)
    return None if "e" in text else len(text.partition(".")[2].rstrip("0"))


def several(said: list[str]) -> str:
    """값이 같은 실수들을 한 번에. 많으면 앞의 넷만 말해요."""
    if len(said) == 1:
        return said[0]
    return " ".join([SEVERAL, *(f"{mark} {one}" for mark, one in zip("①②③④", said, strict=False))])


# ── 한 걸음의 수를 묻는 문제 ──────────────────────────────────────────────

StepValues = Callable[[Slip | None], Mapping[str, np.ndarray]]  # 실수 → one_step이 계산한 모든 수


def entry(values: Mapping[str, np.ndarray], name: str) -> float:
    """``"z1[1]"``, ``"grad_W1[2,1]"``처럼 부른 수 하나를 꺼내요. 번호는 글에서처럼 1부터 세요.

    values가 사전이 아니거나 name이 글이 아니면 TypeError, 그런 이름이나 자리가 없으면 ValueError.
    """
    check_type("entry", "values", values, Mapping, "{이름: 배열}")
    check_type("entry", "name", name, str, "글")
    array, _, index = name.rstrip("]").partition("[")
    if array not in values:
        raise ValueError(report("entry", "name이", f"{', '.join(values)} 가운데 하나", repr(name)))
    found = np.squeeze(as_numbers("entry", array, values[array]))
    places = index.split(",") if index else []
    fits = len(places) == found.ndim and all(
        place.isdecimal() and 1 <= int(place) <= length
        for place, length in zip(places, found.shape, strict=True)
    )
    if not fits:
        raise ValueError(report("entry", "자리가", f"{array}의 모양 {found.shape}에 맞는 번호", repr(name)))
    return float(found[tuple(int(place) - 1 for place in places)])


def step_exercise(
    number: str,
    name: str,
    question: str,
    step: StepValues,
    *,
    why: str,
    solution: str = "",
    digits: int = 4,
    first: Sequence[str] = (),
    extra: Sequence[Mistake] = (),
) -> Exercise:
    """두 층 신경망의 한 걸음에서 수 하나를 묻는 문제를 만들어요. 모든 알려진 실수가 낳는 값을 계산해서 진단에 써요.

    ``step(slip)``은 그 실수를 하며 계산한 수들이에요. ``first``에 적은 실수는 진단의 앞자리에 와요.
    ``extra``는 이 문제에만 있는 실수이고, 그보다도 앞에 와요.
    """
    check_callable("step_exercise", "step", step)
    first = check_list("step_exercise", "first", first, str)
    for key in first:
        _slip("step_exercise", key)
    mistakes = [
        Mistake(SLIPS[key].diagnosis, SLIPS[key].hint, entry(step(SLIPS[key]), name))
        for key in dict.fromkeys([*first, *SLIPS])
    ]
    return Exercise(
        number,
        question,
        entry(step(None), name),
        why=why,
        solution=solution,
        mistakes=[*check_list("step_exercise", "extra", extra, Mistake), *mistakes],
        digits=digits,
    )


def _ledger_step(slip: Slip | None = None, L: ledger.Ledger = ledger.LEDGER) -> dict[str, np.ndarray]:
    weights = {key: getattr(L, key) for key in ("W1", "b1", "W2", "b2")}
    return one_step(L.x[None, :], L.y[None, :], weights, L.eta, slip)


def worked(name: str, slip: str | None = None) -> float:
    """장부 신경망의 한 걸음에서 ``"grad_W1[2,1]"`` 같은 수를 계산해요. ``slip``은 SLIPS에 있는 실수의 이름이에요."""
    return entry(_ledger_step(None if slip is None else _slip("worked", slip)), name)


def _slip(who: str, name: str) -> Slip:
    """이름으로 찾은 실수. 없으면 ValueError."""
    check_type(who, "실수의 이름", name, str, "글")
    if name not in SLIPS:
        raise ValueError(report(who, "실수의 이름이", f"{', '.join(SLIPS)} 가운데 하나", repr(name)))
    return SLIPS[name]


def _exercise_step(slip: Slip | None = None) -> dict[str, np.ndarray]:
    return _ledger_step(slip, ledger.EXERCISE_LEDGER)


def ledger_exercise(number: str, name: str, question: str, **notes: Any) -> Exercise:
    """연습 장부의 수 하나를 묻는 문제를 만들어요. ``notes``는 :func:`step_exercise`와 같아요.

    ``name``은 ``"z1[1]"``, ``"delta1[2]"``, ``"grad_W1[2,1]"``, ``"new_b2[1]"``처럼 적어요(번호는 1부터).
    """
    return step_exercise(number, name, question, _exercise_step, **notes)


__all__: Sequence[str] = [
    "Exercise",
    "ExerciseError",
    "Mistake",
    "Verdict",
    "entry",
    "ledger_exercise",
    "step_exercise",
    "worked",
]
