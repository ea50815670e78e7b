"""활동지: 장마다 문제 대여섯 개, 수는 씨앗이 정해요. 문제도 답도 A4 한 쪽이고, 서로 다른 파일이에요.

>>> from bplib.lab.worksheets import worksheet
>>> sheet = worksheet(2, seed=7)
>>> sheet
[활동지 2장 순전파 · 씨앗 7 · 문제 5개]
>>> sheet.save("2장-7.html")  # doctest: +SKIP
>>> sheet.save("2장-7-답.html", key=True)  # doctest: +SKIP

씨앗이 같으면 언제나 같은 활동지예요. 문제는 모두 :class:`bplib.lab.exercises.Exercise`라서 정답과 흔한 오답을 계산해서
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
    10: "느린 학습",
    11: "지역 최솟값",
    12: "기울기 소실과 폭발",
}
POINTS = {5: (4, 4, 4, 4, 4), 6: (3, 3, 3, 3, 4, 4)}  # 문제의 수마다 배점. 모두 20점
# 장마다, 앞의 답을 써서 푸는 문제: {문제: 쓰는 답들}
FOLLOWS: Mapping[int, Mapping[int, tuple[int, ...]]] = {
    2: {2: (1,), 4: (2, 3)},
    3: {3: (2,)},
    5: {3: (1,), 4: (1, 2), 5: (4,), 6: (5,)},
    6: {3: (2,)},
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

    def html(self, key: bool = False) -> str:
        """인쇄할 수 있는 온전한 HTML 쪽: 문제, 또는 ``key``이면 답과 풀이."""
        kind = "답과 풀이" if key else "활동지"
        return paper(f"{kind} {self.title} · 씨앗 {self.seed}", self._key("h1") if key else self._sheet("h1"))

    def save(self, path: str | Path, key: bool = False) -> None:
        """문제를(``key``이면 답과 풀이를) HTML 파일로 저장해요. 브라우저로 열어 인쇄하면 A4 한 쪽이에요."""
        Path(path).write_text(self.html(key), encoding="utf-8")

    def _sheet(self, heading: str) -> str:
        points = POINTS[len(self.problems)]
        asked = "".join(map(_question, self.problems, points))
        follow = (
            " 앞의 답이 틀려도, 그 답으로 바르게 이어 계산하면 점수를 다 받아요." if self._follows() else ""
        )
        return (
            f'<section class="bp-sheet"><{heading}>활동지 · {self.title}</{heading}>'
            f'<p class="bp-sheet-name"><span>씨앗 {self.seed}</span><span>학년 · 반 · 번호</span><span>이름</span>'
            f"<span>점수 &emsp;/ {sum(points)}</span></p>"
            f"<p>{escape(self.intro)}{follow}</p>{self.drawing}<ol>{asked}</ol></section>"
        )

    def _key(self, heading: str) -> str:
        follows = self._follows()
        chain = f"<p><strong>이어지는 문제.</strong> {follows}</p>" if follows else ""
        return (
            f'<section class="bp-sheet"><{heading}>답과 풀이 · {self.title}</{heading}>'
            f'<p class="bp-sheet-name"><span>씨앗 {self.seed}</span><span>가르치는 분께</span></p>'
            "<p>반올림하지 않고 계산한 답이에요. 소수 넷째 자리의 1 차이는 맞은 것으로 쳐 주세요. "
            f"식이 맞고 계산만 틀리면 1점을 빼요. 작은 글씨는 흔한 오답과 그 까닭이에요.</p>{chain}"
            f"<ol>{''.join(map(_answer, self.problems, POINTS[len(self.problems)]))}</ol></section>"
        )

    def _follows(self) -> str:
        """앞의 답을 쓰는 문제와 그 채점. 없으면 빈 글."""
        chains = FOLLOWS.get(self.chapter, {})
        told = ", ".join(f"{k}번은 {'·'.join(map(str, used))}번" for k, used in chains.items())
        return told and (
            f"{told}의 답을 써요. 앞의 답이 틀렸어도 풀이의 식에 학생의 앞 답을 넣은 수가 나오면 만점을 주세요. "
            "같은 실수로 두 번 깎지 않아요."
        )

    def __repr__(self) -> str:
        return f"[활동지 {self.title} · 씨앗 {self.seed} · 문제 {len(self.problems)}개]"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        key = f"<details><summary>답과 풀이</summary>{self._key('h3')}</details>"
        return {"text/plain": repr(self), "text/html": f"<style>{css()}</style>{self._sheet('h3')}{key}"}


def worksheet(chapter: int, seed: int) -> Worksheet:
    """``chapter``장(1~6, 10~12)의 활동지를 만들어요. ``seed``는 0 이상의 정수이고, 같으면 같은 활동지예요.

    정수가 아니면 TypeError, 없는 장이거나 음수이면 ValueError.
    """
    check_count("worksheet", "chapter", chapter)
    if chapter not in TITLES:
        raise ValueError(
            report("worksheet", "chapter의 값이", f"{', '.join(map(str, TITLES))} 가운데 하나", chapter)
        )
    check_seed("worksheet", seed)
    rng = np.random.default_rng([chapter, seed])
    while True:
        asked = ask(chapter, rng)
        if all(map(_fair, asked.problems)):
            drawing = _diagram(asked.given) if "W1" in asked.given else ""
            return Worksheet(chapter, seed, asked.intro, asked.problems, asked.given, drawing)


def check_seed(who: str, seed: Any) -> None:
    """씨앗이 0 이상의 정수인지 봐요. 정수가 아니면 TypeError, 음수이면 ValueError."""
    if not isinstance(seed, numbers.Integral) or isinstance(seed, bool):
        raise TypeError(report(who, "seed의 형이", "0 이상의 정수", repr(seed)))
    if seed < 0:
        raise ValueError(report(who, "seed의 값이", "0 이상의 정수", seed))


class Shelf:
    """활동지 고르기: 웹 페이지에서는 준비된 씨앗으로 가는 목록, 커널에서는 장과 씨앗을 고르는 조작판이에요."""

    def __repr__(self) -> str:
        return f"[활동지 {', '.join(map(str, TITLES))}장 · 웹 페이지에는 씨앗 {PREPARED[0]}~{PREPARED[-1]}]"

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
            sheet, name = worksheet(chapter.value, seed.value), f"활동지-{chapter.value}-{seed.value}"
            sheet.save(f"{name}.html")
            sheet.save(f"{name}-답.html", key=True)
            saved.value = f"{name}.html과 {name}-답.html에 저장했어요. 브라우저로 열어 따로 인쇄하세요."

        chapter.observe(show, names="value")
        seed.observe(show, names="value")
        button.on_click(save)
        show()
        return ipywidgets.VBox([ipywidgets.HBox([chapter, seed, button]), saved, view])


def _shelf_html() -> str:
    items = "".join(
        f"<li><strong>{chapter}장 {title}</strong><br>{' · '.join(_links(chapter, seed) for seed in PREPARED)}</li>"
        for chapter, title in TITLES.items()
    )
    return f'<div class="bp-shelf"><ul>{items}</ul></div>'


def _links(chapter: int, seed: int) -> str:
    place, name = f"../worksheets/{chapter}-{seed}", f"{chapter}장 씨앗 {seed}"
    sheet = f'<a href="{place}.html" aria-label="{name}">씨앗&nbsp;{seed}</a>'
    return f'{sheet}&nbsp;<a href="{place}-key.html" aria-label="{name} 답">답</a>'


def paper(title: str, body: str) -> str:
    """인쇄할 온전한 HTML 쪽. 모양을 제 안에 담아, 파일 하나로도 열려요."""
    return (
        '<!DOCTYPE html>\n<html lang="ko"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{css()}</style></head>\n<body><main>{body}</main></body></html>\n"
    )


def css() -> str:
    """활동지의 모양."""
    return (files("bplib.lab") / "worksheet.css").read_text(encoding="utf-8")


# ── 쪽에 적기 ─────────────────────────────────────────────────────────────


def _question(problem: Exercise, points: int) -> str:
    return f'<li>{escape(problem.question)} [{points}점]<span class="bp-sheet-blank">답</span></li>'


def _answer(problem: Exercise, points: int) -> str:
    wrong = [
        f"<li>{spelled(mistake.value)}: {escape(mistake.diagnosis)}</li>"
        for mistake in problem.mistakes[:SHOWN_MISTAKES]
    ]
    return (
        f"<li><strong>{spelled(problem.answer)}</strong> [{points}점] · {escape(problem.solution)}"
        f'<ul class="bp-sheet-wrong">{"".join(wrong)}</ul></li>'
    )


def _diagram(net: Mapping[str, Array]) -> str:
    """2-2-2 신경망의 그림. 화살표 옆에 가중치, 뉴런 아래에 편향을 적어요."""
    xs, ys = (60, 240, 420), (56, 154)
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
        marks += [_mark(x, y, value), _mark(x, y - 34, name)]  # 흰 테두리가 동그라미를 끊지 않게 띄워요
    label = "입력 둘, 은닉 뉴런 둘, 출력 둘인 신경망. 화살표 옆은 가중치, 뉴런 아래는 편향이에요."
    return (
        f'<svg class="bp-sheet-net" viewBox="0 0 480 200" role="img" aria-label="{label}">'
        f"{''.join(lines)}{''.join(marks)}</svg>"
    )


def _mark(x: float, y: float, text: str) -> str:
    return f'<text x="{x:g}" y="{y + 5:g}">{text}</text>'


def _fair(problem: Exercise) -> bool:
    """풀 만한 문제인가: 답이 0에 가깝지 않고, 구별되는 오답이 둘은 있어요."""
    return abs(problem.answer) >= SMALLEST and len(problem.mistakes) >= SHOWN_MISTAKES
