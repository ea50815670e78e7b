"""활동지: 장마다 문제 대여섯 개, 수는 씨앗이 정해요. 문제 한 쪽과 답 한 쪽이 A4에 들어가요.

>>> from bplib.lab.worksheets import worksheet
>>> sheet = worksheet(2, seed=7)
>>> sheet
[활동지 2장 순전파 · 씨앗 7 · 문제 5개]
>>> sheet.save("2장-7.html")  # doctest: +SKIP

씨앗이 같으면 언제나 같은 활동지예요. 문제는 모두 :class:`bplib.lab.exercises.Exercise`라서 정답과 흔한 오답을 셈해서
알고, ``sheet.problems[0].check(답)``으로 진단할 수 있어요. 수가 나쁘게 뽑히면(답이 0에 가깝거나 오답과 구별되지
않으면) 다시 뽑아요.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from bplib._checks import Array, check_count, report
from bplib.lab.display import on_page, widget_bundle
from bplib.lab.exercises import Exercise
from bplib.lab.questions import ask, spelled

TITLES = {
    1: "신경망의 구조",
    2: "순전파",
    3: "오차와 경사 하강법",
    4: "연쇄 법칙",
    5: "역전파의 수학",
    6: "실제 학습 과정",
}
PREPARED = range(1, 6)  # 웹 페이지에 미리 만들어 두는 씨앗
SHOWN_MISTAKES = 2  # 답 쪽에 적는 흔한 오답의 수
SMALLEST = 0.005  # 답의 크기가 이보다 작으면 네 자리로 적을 때 남는 자리가 너무 적어요


@dataclass(frozen=True)
class Worksheet:
    """활동지 한 장: 머리글, (있으면) 신경망의 수, 문제들. :func:`worksheet`로 만들어요."""

    chapter: int
    seed: int
    intro: str
    problems: tuple[Exercise, ...]
    given: Mapping[str, Any] = field(default_factory=dict)  # 문제에 나온 수들
    drawing: str = ""  # 신경망 그림(SVG)

    @property
    def title(self) -> str:
        """ "2장 순전파"처럼 장의 번호와 이름."""
        return f"{self.chapter}장 {TITLES[self.chapter]}"

    def html(self) -> str:
        """인쇄할 수 있는 온전한 HTML 쪽: 첫 쪽은 문제, 다음 쪽은 답."""
        head = f"<title>활동지 {self.title} · 씨앗 {self.seed}</title><style>{css()}</style>"
        return (
            '<!DOCTYPE html>\n<html lang="ko"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>\n'
            f"<body><main>{self._sheets('h1', 'h2')}</main></body></html>\n"
        )

    def save(self, path: str | Path) -> None:
        """HTML 파일로 저장해요. 브라우저로 열어 인쇄하면 A4 두 쪽이에요."""
        Path(path).write_text(self.html(), encoding="utf-8")

    def _sheets(self, *headings: str) -> str:
        questions, answers = headings
        seed = f"씨앗 {self.seed}"
        return (
            f'<section class="bp-sheet"><{questions}>활동지 · {self.title}</{questions}>'
            f'<p class="bp-sheet-name"><span>{seed}</span><span>학년 · 반 · 번호</span><span>이름</span></p>'
            f"<p>{escape(self.intro)}</p>{self.drawing}<ol>{''.join(map(_question, self.problems))}</ol></section>"
            f'<section class="bp-sheet"><{answers}>답과 풀이 · {self.title}</{answers}>'
            f'<p class="bp-sheet-name"><span>{seed}</span><span>가르치는 분께</span></p>'
            "<p>반올림하지 않고 셈한 답이에요. 소수 넷째 자리의 1 차이는 맞은 것으로 쳐 주세요. "
            "작은 글씨는 흔한 오답과 그 까닭이에요.</p>"
            f"<ol>{''.join(map(_answer, self.problems))}</ol></section>"
        )

    def __repr__(self) -> str:
        return f"[활동지 {self.title} · 씨앗 {self.seed} · 문제 {len(self.problems)}개]"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        html = f"<style>{css()}</style>{self._sheets('h3', 'h3')}"
        return {"text/plain": repr(self), "text/html": html}


def worksheet(chapter: int, seed: int) -> Worksheet:
    """``chapter``장(1~6)의 활동지를 만들어요. ``seed``는 0 이상의 정수이고, 같으면 같은 활동지예요.

    정수가 아니면 TypeError, 없는 장이거나 음수이면 ValueError.
    """
    check_count("worksheet", "chapter", chapter)
    if chapter not in TITLES:
        raise ValueError(report("worksheet", "chapter의 값이", f"1 … {max(TITLES)}", chapter))
    if not isinstance(seed, numbers.Integral) or isinstance(seed, bool):
        raise TypeError(report("worksheet", "seed의 형이", "0 이상의 정수", repr(seed)))
    if seed < 0:
        raise ValueError(report("worksheet", "seed의 값이", "0 이상의 정수", seed))
    rng = np.random.default_rng([chapter, seed])
    while True:
        asked = ask(chapter, rng)
        if all(map(_fair, asked.problems)):
            drawing = _diagram(asked.given) if "W1" in asked.given else ""
            return Worksheet(chapter, seed, asked.intro, asked.problems, asked.given, drawing)


class Shelf:
    """활동지 고르기: 웹 페이지에서는 준비된 씨앗으로 가는 표, 커널에서는 장과 씨앗을 고르는 조작판이에요."""

    def __repr__(self) -> str:
        return f"[활동지 {min(TITLES)}~{max(TITLES)}장 · 웹 페이지에는 씨앗 {PREPARED[0]}~{PREPARED[-1]}]"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if on_page():
            return {"text/plain": repr(self), "text/html": _shelf_html()}
        return widget_bundle(self.widget(), repr(self))

    def widget(self) -> Any:
        """커널에서 쓰는 조작판: 장, 씨앗, 미리 보기, 저장."""
        import ipywidgets

        options = [(f"{chapter}장 {title}", chapter) for chapter, title in TITLES.items()]
        chapter = ipywidgets.Dropdown(options=options, description="장")
        seed = ipywidgets.BoundedIntText(value=1, min=0, max=999_999, description="씨앗")
        button = ipywidgets.Button(description="HTML로 저장")
        saved, view = ipywidgets.HTML(), ipywidgets.HTML()

        def show(_: Any = None) -> None:
            view.value = worksheet(chapter.value, seed.value)._repr_mimebundle_()["text/html"]
            saved.value = ""

        def save(_: Any) -> None:
            name = f"활동지-{chapter.value}-{seed.value}.html"
            worksheet(chapter.value, seed.value).save(name)
            saved.value = f"{name}에 저장했어요. 브라우저로 열어 인쇄하세요."

        chapter.observe(show, names="value")
        seed.observe(show, names="value")
        button.on_click(save)
        show()
        return ipywidgets.VBox([ipywidgets.HBox([chapter, seed, button]), saved, view])


def _shelf_html() -> str:
    head = "".join(f"<th>씨앗 {seed}</th>" for seed in PREPARED)
    rows = "".join(
        f'<tr><th scope="row">{chapter}장 {title}</th>'
        + "".join(
            f'<td style="white-space:nowrap"><a href="../worksheets/{chapter}-{s}.html">활동지 {chapter}-{s}</a></td>'
            for s in PREPARED
        )
        + "</tr>"
        for chapter, title in TITLES.items()
    )
    table = f'<table class="table"><thead><tr><th>장</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="bp-shelf">{table}</div>'


def css() -> str:
    """활동지의 모양."""
    return (files("bplib.lab") / "worksheet.css").read_text(encoding="utf-8")


# ── 쪽에 적기 ─────────────────────────────────────────────────────────────


def _question(problem: Exercise) -> str:
    return f'<li>{escape(problem.question)}<span class="bp-sheet-blank">답</span></li>'


def _answer(problem: Exercise) -> str:
    wrong = [
        f"<li>{spelled(mistake.value)}: {escape(mistake.diagnosis)}</li>"
        for mistake in problem.mistakes[:SHOWN_MISTAKES]
    ]
    return (
        f"<li><strong>{spelled(problem.answer)}</strong> · {escape(problem.solution)}"
        f'<ul class="bp-sheet-wrong">{"".join(wrong)}</ul></li>'
    )


def _diagram(net: Mapping[str, Array]) -> str:
    """2-2-2 신경망의 그림. 화살표 옆에 가중치, 뉴런 아래에 편향을 적어요."""
    xs, ys = (60, 240, 420), (52, 142)
    lines, marks = [], []
    for layer, (W, b) in enumerate([(net["W1"], net["b1"]), (net["W2"], net["b2"])]):
        for i in range(2):
            for j in range(2):
                x0, y0, x1, y1 = xs[layer], ys[i], xs[layer + 1], ys[j]
                part = 0.5 if i == j else 0.3  # 엇갈린 두 화살표의 수가 겹치지 않게 출발점 가까이에 적어요
                at = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
                lines.append(f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>')
                marks.append(_mark(*at, spelled(W[j, i])))
        marks += [_mark(xs[layer + 1], ys[j] + 36, f"b = {spelled(b[j])}") for j in range(2)]
    inside = [(spelled(net["x"][0, i]), "", "")[layer] for layer in range(3) for i in range(2)]
    names = ("x₁", "x₂", "은닉 1", "은닉 2", "출력 1", "출력 2")
    places = [(x, y) for x in xs for y in ys]
    for (x, y), name, value in zip(places, names, inside, strict=True):
        lines.append(f'<circle cx="{x}" cy="{y}" r="20"/>')
        marks += [_mark(x, y, value), _mark(x, y - 28, name)]
    label = "입력 둘, 은닉 뉴런 둘, 출력 둘인 신경망. 화살표 옆은 가중치, 뉴런 아래는 편향이에요."
    return (
        f'<svg class="bp-sheet-net" viewBox="0 0 480 190" role="img" aria-label="{label}">'
        f"{''.join(lines)}{''.join(marks)}</svg>"
    )


def _mark(x: float, y: float, text: str) -> str:
    return f'<text x="{x:g}" y="{y + 5:g}">{text}</text>'


def _fair(problem: Exercise) -> bool:
    """풀 만한 문제인가: 답이 0에 가깝지 않고, 구별되는 오답이 둘은 있어요."""
    return abs(problem.answer) >= SMALLEST and len(problem.mistakes) >= SHOWN_MISTAKES
