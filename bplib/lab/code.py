"""함수로 답하는 연습문제: 정의 하나로 커널과 웹 페이지가 같은 판정을 해요.

정답은 보통의 파이썬 코드(목록과 ``math``)이고, 알려진 실수는 그 코드에서 바꿔 쓸 조각이에요. 그래서 조각을 고르는 ‘빈칸
코드’도 같은 정의에서 나와요.

>>> from bplib.lab.code import CodeExercise
>>> from bplib.lab.exercises import Mistake
>>> 두배 = CodeExercise("0.8", "두 배를 돌려주는 함수 twice(x)를 쓰세요.", "def twice(x):\\n    return 2 * x\\n",
...     cases=["3", "-1.5"], why="더한 것과 같아요.",
...     mistakes=[Mistake("제곱했어요.", "x를 두 번 더한 것과 견줘 보세요.", {"2 * x": "x * x"})])
>>> 두배.check(lambda x: x * x)
✗ 제곱했어요. x를 두 번 더한 것과 견줘 보세요.

- 커널에서: ``check``에 함수를 넣어요. 목록을 받는 함수도, 배열을 받는 함수도 돼요.
- 웹 페이지에서: 적은 코드를 MicroPython이 실행하고, 같은 :mod:`bplib.lab.judge`가 판정해요(``book/code.js``).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from textwrap import dedent
from typing import Any, NamedTuple

import numpy as np

from bplib._checks import check_list, check_type, report
from bplib.lab import judge
from bplib.lab.display import on_page
from bplib.lab.exercises import ORDINALS, ExerciseError, Mistake, Verdict, several

NEEDED_BLANKS = 2  # 빈칸 코드에 있어야 할 빈칸의 수


class Blank(NamedTuple):
    """빈칸 하나: 정답 코드의 글자 자리, 옳은 조각, 골라 볼 조각들(옳은 것도 들어 있어요)."""

    start: int
    right: str
    options: list[str]


class CodeExercise:
    """함수를 써서 답하는 연습문제 하나예요.

    - ``number``, ``question``, ``why``: :class:`~bplib.lab.exercises.Exercise`와 같아요.
    - ``solution``: 정답 코드. 마지막 ``def``가 물은 함수예요.
    - ``cases``: 인자를 적은 글들. ``"0.5, [1.0, 2.0]"``이면 ``f(0.5, [1.0, 2.0])``을 불러요.
    - ``mistakes``: 알려진 실수들. ``value``는 ``{정답의 조각: 바꿔 쓴 조각}``이에요.
    - ``given``: 미리 실행해 줄 코드. 독자에게도 보여요. ``start``: 편집기에 적어 둘 코드(비우면 ``def`` 줄).

    Raises:
        ExerciseError: 정답이나 실수의 코드가 실행되지 않거나, 조각이 정답에 꼭 한 번 있지 않거나, 실수가 정답과
            같은 값을 내거나, 빈칸이 둘보다 적으면.
    """

    def __init__(
        self,
        number: str,
        question: str,
        solution: str,
        *,
        cases: Sequence[str],
        why: str,
        mistakes: Iterable[Mistake],
        given: str = "",
        start: str = "",
    ) -> None:
        texts = {"number": number, "question": question, "solution": solution, "why": why}
        for what, text in (texts | {"given": given, "start": start}).items():
            check_type("CodeExercise", what, text, str, "글")
        self.number, self.question, self.why = number, question, why
        self.cases = check_list(f"연습 {number}", "cases", cases, str)
        self.solution, self.given = _tidy(solution), _tidy(given)
        heads = re.findall(r"^def (\w+)\(.*:$", self.solution, re.M)
        if not (heads and self.cases):
            raise ExerciseError(f"연습 {number}: 정답에 def 줄이, cases에 경우가 하나는 있어야 해요.")
        self.name = heads[-1]
        self.mistakes = check_list(f"연습 {number}", "mistakes", mistakes, Mistake)
        self.start = _tidy(start) or self._head() + "    # 여기에 쓰세요\n    return\n"
        self.exam: dict[str, Any] = {
            "name": self.name,
            "given": self.given,
            "cases": self.cases,
            "why": why,
            "parts": 0,
            "names": [],
            "right": [],
            "slips": [],
        }
        returned = self._returned(self.solution)
        self.exam["parts"] = len(returned[0]) if isinstance(returned[0], tuple) else 0
        self.exam["names"] = self._part_names()
        self.exam["right"] = [judge.plain(value, self.exam["parts"]) for value in returned]
        self.exam["slips"] = self._slips()
        self.blanks = self._blanks()
        if len(self.blanks) < NEEDED_BLANKS:
            raise ExerciseError(
                report(
                    f"연습 {number}", "빈칸이", f"{NEEDED_BLANKS}개보다 적지 않은 것", f"{len(self.blanks)}개"
                )
            )

    # ── 채점 ──

    def check(self, given: Any) -> Verdict:
        """독자의 함수를 판정해요. 목록을 넣어 보고, 맞지 않으면 배열을 넣어 봐요."""
        if not callable(given):
            return Verdict(False, f"함수로 답해 주세요. 받은 값의 종류: {type(given).__name__}")
        names = judge.namespace(self.exam)
        tried = [judge.check_function(given, self.exam, names, adapt) for adapt in (None, _arrays)]
        return _verdict(min(tried, key=self._distance))

    def check_source(self, source: str) -> Verdict:
        """적은 코드를 판정해요. 웹 페이지의 판정이 이것이에요."""
        check_type("check_source", "source", source, str, "글")
        return _verdict(judge.check_source(source, self.exam))

    def _distance(self, told: tuple[str, str]) -> int:
        """정답에서 먼 차례: 정답, 알려진 실수, 다른 값, 오류."""
        mark, message = told
        if mark == "✓":
            return 0
        if any(message == said for _, said in self.exam["slips"]):
            return 1
        return 2 if "달라요." in message else 3

    def edited(self, mistake: Mistake) -> str:
        """그 실수를 하며 쓴 코드."""
        code = self.solution
        for right, wrong in mistake.value.items():
            if code.count(right) != 1:
                raise ExerciseError(
                    report(f"연습 {self.number}", f"{right!r}이 정답에", "한 번", f"{code.count(right)}번")
                )
            code = code.replace(right, wrong)
        return code

    def _returned(self, code: str) -> list[Any]:
        """코드의 함수가 경우마다 돌려주는 것."""
        try:
            function, names = judge.load(code, self.exam), judge.namespace(self.exam)
            return [judge.call(function, judge.arguments(case, names)) for case in self.cases]
        except Exception as error:
            raise ExerciseError(
                f"연습 {self.number}: 실행되지 않는 코드가 있어요. {error}\n{code}"
            ) from error

    def _part_names(self) -> list[str]:
        """돌려줄 것들의 이름. 정답의 return에 이름만 늘어놓았으면 그 이름, 아니면 차례예요."""
        written = re.findall(r"^ +return (.*)$", self.solution, re.M)[-1]
        names, parts = [name.strip() for name in written.strip("()").split(",")], self.exam["parts"]
        if len(names) == parts and all(map(str.isidentifier, names)):
            return names
        return [f"{ORDINALS[k]}로 돌려준 것" for k in range(parts)]

    def _slips(self) -> list[list[Any]]:
        """실수마다의 값과 들려줄 말. 값이 같은 실수들은 한데 모아요."""
        groups: list[tuple[list[Any], list[str]]] = []
        for mistake in self.mistakes:
            try:
                values = [
                    judge.plain(value, self.exam["parts"]) for value in self._returned(self.edited(mistake))
                ]
            except judge.Told as told:
                raise ExerciseError(f"연습 {self.number}, {mistake.diagnosis} {told}") from told
            if judge.same(values, self.exam["right"]):
                raise ExerciseError(
                    f"연습 {self.number}: 정답과 같은 값을 내는 실수예요. {mistake.diagnosis}"
                )
            said = f"{mistake.diagnosis} {mistake.hint}"
            alike = next((told for seen, told in groups if judge.same(values, seen)), None)
            if alike is None:
                groups.append((values, [said]))
            else:
                alike.append(said)
        return [[values, several(said)] for values, said in groups]

    # ── 빈칸 코드 ──

    def _blanks(self) -> list[Blank]:
        """한 조각만 바꾸는 실수들의 자리. 겹치는 자리는 먼저 적은 실수의 것만 남겨요."""
        choices: dict[str, list[str]] = {}
        for mistake in self.mistakes:
            ((right, wrong), *more) = mistake.value.items()
            if not more and "\n" not in right + wrong:
                choices.setdefault(right, []).append(wrong)
        blanks: list[Blank] = []
        for right, wrongs in choices.items():
            start = self.solution.index(right)
            if all(start + len(right) <= b.start or b.start + len(b.right) <= start for b in blanks):
                options = sorted({right, *wrongs}, key=lambda text: zlib.crc32(text.encode()))
                blanks.append(Blank(start, right, options))
        return sorted(blanks)

    # ── 어디에서 보이나 ──

    def __repr__(self) -> str:
        return f"[연습 {self.number}] {self.question}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self)} | ({"text/html": self.page_html()} if on_page() else {})

    def _head(self) -> str:
        """물은 함수의 ``def`` 줄."""
        return re.findall(rf"^def {self.name}\(.*\n", self.solution, re.M)[-1]

    def page_html(self) -> str:
        """웹 페이지에 실을 HTML. 움직이게 하는 것은 ``book/code.js``예요."""
        id_ = f"bpc{self.number.replace('.', '-')}"
        title = f"<p><strong>연습 {escape(self.number)}</strong> {escape(self.question)}</p>"
        given = f'<pre class="bp-given">{escape(self.given)}</pre>' if self.given else ""
        page = {"number": self.number, "start": self.start, "blanks": self._blank_data()}
        data = json.dumps(self.exam | page, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<div class="bp-experiment bp-exercise bp-code" id="{id_}" data-number="{self.number}">{title}{given}'
            f'<div class="bp-editor"><label for="{id_}-a">코드</label>'
            f'<textarea id="{id_}-a" rows="{self.start.count(chr(10)) + 2}" spellcheck="false" '
            f'autocapitalize="off" autocorrect="off" autocomplete="off" aria-describedby="{id_}-h" disabled>'
            f'{escape(self.start)}</textarea><small id="{id_}-h">NumPy 없이, 목록과 for로 써요. '
            '<span class="bp-keys">Tab은 들여 쓰기, Esc 다음의 Tab은 다음 칸으로.</span></small></div>'
            f'<pre class="bp-cloze" hidden>{self._cloze_html()}</pre>'
            '<p class="bp-control">'
            '<button type="button" class="bp-play" data-do="show" disabled>실행</button>'
            '<button type="button" class="bp-play" data-do="check" disabled>확인</button>'
            '<button type="button" class="bp-play" data-do="reset" disabled>처음으로</button>'
            '<button type="button" class="bp-play" data-do="cloze" disabled>빈칸 코드</button>'
            '<button type="button" class="bp-play" data-do="copy" disabled>노트북으로 복사</button></p>'
            '<p class="bp-text" role="status"></p><pre class="bp-printed" hidden></pre>'
            f"<details hidden><summary>풀이 코드 보기</summary><pre>{escape(self.solution)}</pre></details>"
            f'<script type="application/json">{data}</script></div>'
        )

    def _blank_data(self) -> list[dict[str, Any]]:
        """빈칸마다의 옳은 조각과, 다른 조각을 골랐을 때 들려줄 말."""
        told: dict[tuple[str, str], str] = {}
        for mistake in self.mistakes:
            for piece in mistake.value.items():
                told.setdefault(piece, f"{mistake.diagnosis} {mistake.hint}")
        return [
            {"right": b.right, "told": {text: told.get((b.right, text), "") for text in b.options}}
            for b in self.blanks
        ]

    def _cloze_html(self) -> str:
        """빈칸마다 고르는 칸이 있는 정답 코드. 줄마다 한 조각이라, 좁은 화면에서도 이어진 줄이 들여 보여요."""
        parts, at = [], 0
        for place, blank in enumerate(self.blanks, 1):
            pieces = ["", *blank.options]  # value가 없으면 앞뒤의 빈칸이 사라져요
            options = "".join(f'<option value="{escape(text)}">{escape(text)}</option>' for text in pieces)
            # 고른 조각은 글로 보여요: 고르는 칸(select)은 긴 조각을 잘라 보여서, 그 위에 투명하게 얹어요.
            select = f'<select aria-label="빈칸 {place}" disabled>{options}</select>'
            parts += [
                escape(self.solution[at : blank.start]),
                f'<span class="bp-blank"><span aria-hidden="true">빈칸 {place}</span>{select}</span>',
            ]
            at = blank.start + len(blank.right)
        lines = ("".join(parts) + escape(self.solution[at:])).rstrip("\n").split("\n")
        return "".join(f'<span style="--in:{judge.indent(line)}ch">{line}</span>' for line in lines)


def _tidy(code: str) -> str:
    """들여 쓴 채로 적은 코드를 왼쪽으로 붙이고, 끝의 빈 줄을 하나로."""
    code = dedent(code).strip("\n")
    return f"{code}\n" if code else ""


def _arrays(args: Sequence[Any]) -> list[Any]:
    """목록인 인자를 배열로. 줄마다 길이가 다르거나 배열들의 목록이면 한 겹씩 들어가며 바꿔요."""
    return [_array(value) for value in args]


def _array(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if judge.shape(value) is not None and not any(map(callable, value)):
        return np.asarray(value)
    return [_array(part) for part in value]


def _verdict(told: tuple[str, str]) -> Verdict:
    return Verdict(told[0] == "✓", told[1])


__all__: Sequence[str] = ["Blank", "CodeExercise"]
