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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np

from bplib import SGD, HalfSquaredError, Linear, Sequential
from bplib._checks import Array, check_count, report
from bplib.graph import Node, half_square, reverse_mode, sigmoid
from bplib.lab.display import on_page, widget_bundle
from bplib.lab.exercises import Exercise, Mistake, step_exercise
from bplib.lab.mistakes import Slip, one_step

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
        sheet = _BUILD[chapter - 1](rng)
        if all(map(_fair, sheet.problems)):
            return replace(sheet, seed=seed)


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
    return f'<table class="table"><thead><tr><th>장</th>{head}</tr></thead><tbody>{rows}</tbody></table>'


def css() -> str:
    """활동지의 모양."""
    return (files("bplib.lab") / "worksheet.css").read_text(encoding="utf-8")


# ── 쪽에 적기 ─────────────────────────────────────────────────────────────


def _text(number: float) -> str:
    """빼기 기호를 쓴 수. 소수 둘째 자리에서 끝나면 짧게, 아니면 넷째 자리까지 적어요."""
    short = round(number, 2)
    return (f"{short:.10g}" if abs(number - short) < 1e-9 else f"{number:.4f}").replace("-", "−")


def _factor(number: float) -> str:
    """식의 가운데에 적을 수. 음수이면 괄호로 싸요."""
    return _text(number) if number >= 0 else f"({_text(number)})"


def _question(problem: Exercise) -> str:
    return f'<li>{escape(problem.question)}<span class="bp-sheet-blank">답</span></li>'


def _answer(problem: Exercise) -> str:
    wrong = [
        f"<li>{_text(float(value))}: {escape(mistake.diagnosis)}</li>"
        for mistake, value in problem.mistakes[:SHOWN_MISTAKES]
    ]
    return (
        f"<li><strong>{_text(float(problem.answer))}</strong> · {escape(problem.solution)}"
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
                marks.append(_mark(*at, _text(W[j, i])))
        marks += [_mark(xs[layer + 1], ys[j] + 36, f"b = {_text(b[j])}") for j in range(2)]
    inside = [(_text(net["x"][0, i]), "", "")[layer] for layer in range(3) for i in range(2)]
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


# ── 수 뽑기 ───────────────────────────────────────────────────────────────


def _fair(problem: Exercise) -> bool:
    """풀 만한 문제인가: 답이 0에 가깝지 않고, 구별되는 오답이 둘은 있어요."""
    return abs(float(problem.answer)) >= SMALLEST and len(problem.mistakes) >= SHOWN_MISTAKES


def _tenths(rng: np.random.Generator, *shape: int) -> Array:
    """±0.1 … ±0.9."""
    return np.asarray(rng.integers(1, 10, shape) * rng.choice([-1, 1], shape) / 10)


def _network(rng: np.random.Generator) -> dict[str, Any]:
    """장부처럼 수가 간단한 2-2-2 시그모이드 신경망과 표본 하나. 시그모이드가 눕지 않게 |z| ≤ 2인 것만."""
    while True:
        weights = {
            "W1": _tenths(rng, 2, 2),
            "b1": _tenths(rng, 2),
            "W2": _tenths(rng, 2, 2),
            "b2": _tenths(rng, 2),
        }
        x = rng.permutation([0.5, 1.0, 1.5, 2.0])[None, :2]
        y = rng.permutation([0.0, 1.0])[None, :]
        values = one_step(x, y, weights, eta=0.5)
        z = np.abs([values["z1"], values["z2"]])
        if z.min() >= 0.05 and z.max() <= 2:
            return {"x": x, "y": y, "eta": 0.5, **weights}


def _step(net: Mapping[str, Any]) -> Callable[[Slip | None], dict[str, Array]]:
    """이 신경망의 한 걸음. 실수를 주면 그 실수를 하며 셈해요."""
    weights = {name: net[name] for name in ("W1", "b1", "W2", "b2")}
    return lambda slip: one_step(net["x"], net["y"], weights, net["eta"], slip)


# ── 글에 수를 넣기 ────────────────────────────────────────────────────────


class _Spelling(Formatter):
    """수를 쪽에 적는 대로 적어요. ``{w:()}``라고 쓰면 음수를 괄호로 싸요."""

    def format_field(self, value: Any, spec: str) -> str:
        return value if isinstance(value, str) else (_factor if spec == "()" else _text)(value)


def _sheet(
    chapter: int,
    given: Mapping[str, Any],
    answers: Sequence[Sequence[float] | str],
    words: Mapping[str, Any],
    step: Callable[[Slip | None], Mapping[str, Array]] | None = None,
) -> Worksheet:
    """``sheets/장.txt``의 글에 수를 넣어 활동지를 만들어요. 글은 빈 줄로 나뉘어요: 머리글, 그리고 문제마다 하나씩.

    ``answers``는 문제마다 [답, 오답들]이나, 한 걸음(``step``)에서 답이 되는 수의 이름이에요.
    ``words``는 ``given``에 더해 글에 넣을 것이에요.
    """
    template = (files("bplib.lab") / "sheets" / f"{chapter}.txt").read_text(encoding="utf-8")
    intro, *blocks = _Spelling().vformat(template, (), {**given, **words}).rstrip().split("\n\n")
    problems = tuple(
        _problem(f"{chapter}.{number}", block.splitlines(), answer, step)
        for number, (block, answer) in enumerate(zip(blocks, answers, strict=True), 1)
    )
    return Worksheet(chapter, 0, intro, problems, given, _diagram(given) if "W1" in given else "")


def _problem(number: str, lines: list[str], answer: Sequence[float] | str, step: Any) -> Exercise:
    """글의 줄은 물음, 까닭, 풀이, 오답마다의 “진단 | 길잡이”. 한 걸음의 문제이면 물음, 풀이, 앞세울 실수의 이름들."""
    if isinstance(answer, str):
        question, solution, first = lines
        return step_exercise(number, answer, question, step, why=solution, first=first.split())
    question, why, solution, *wrong = lines
    told = [line.split(" | ") for line in wrong]
    mistakes = [
        Mistake(diagnosis, hint, value) for (diagnosis, hint), value in zip(told, answer[1:], strict=True)
    ]
    return Exercise(number, question, answer[0], why=why, solution=solution, mistakes=mistakes)


# ── 1장 ───────────────────────────────────────────────────────────────────


def _count(*sizes: int) -> int:
    """층마다 이어진 신경망의 배우는 수의 개수. 신경망을 정말 만들어 세요."""
    rng = np.random.default_rng(0)
    return Sequential(*(Linear(n, m, rng=rng) for n, m in pairwise(sizes))).params().size


def _counting(sizes: tuple[int, ...]) -> tuple[list[float], dict[str, Any]]:
    """(답과 오답들, 글에 넣을 것): 배우는 수를 세는 문제."""
    weights, biases = sum(n * m for n, m in pairwise(sizes)), sum(sizes[1:])
    total = _count(*sizes)
    words = {
        "shape": "-".join(map(str, sizes)),
        "sums": " + ".join(f"{n}×{m}" for n, m in pairwise(sizes)),
        "weights": weights,
        "terms": " + ".join(map(str, sizes[1:])),
        "biases": biases,
    }
    return [total, weights, total + sizes[0], sum(sizes), int(np.prod(sizes))], words


def _chapter_1(rng: np.random.Generator) -> Worksheet:
    n, h, m = (int(k) for k in rng.integers(2, 7, 3))
    deep = tuple(int(k) for k in rng.integers(2, 7, 4))
    budget = int(rng.integers(5, 20)) * 10
    net = _network(rng)
    W1, W2 = net["W1"], net["W2"]
    wide, tall = _count(n, 2 * h, m), _count(n, h, h, m)
    each = n + m + 1
    room = (budget - m) // each
    shallow, steep = _counting((n, h, m)), _counting(deep)
    answers = [
        shallow[0],
        steep[0],
        [W1[1, 0], W1[0, 1], W2[1, 0]],
        [h, m, n],
        [wide - tall, tall - wide, (n + m) * 2 * h - (n * h + h * m), wide - tall + h * h],
        [room, room + 1, budget // (n + m), (budget - m) / each],
    ]
    words: dict[str, Any] = {"n": n, "h": h, "m": m, "hh": 2 * h, "wide": wide, "tall": tall, "each": each}
    words |= {"shallow": shallow[1], "steep": steep[1]}
    return _sheet(1, {**net, "sizes": (n, h, m), "deep": deep, "budget": budget}, answers, words)


# ── 2장 ───────────────────────────────────────────────────────────────────


def _chapter_2(rng: np.random.Generator) -> Worksheet:
    net = _network(rng)
    step, (w1, w2), b, (x1, x2) = _step(net), net["W1"][0], net["b1"][0], net["x"][0]
    boundary = -(w2 * x2 + b) / w1
    answers = [
        "z1[1]",
        "a1[1]",
        "a1[2]",
        "a2[1]",
        [boundary, -w2 * x2 / w1, -boundary, (0.5 - w2 * x2 - b) / w1],
    ]
    words = {"w1": w1, "w2": w2, "b": b, "x1": x1, "x2": x2}
    words |= {name: step(None)[name][0] for name in ("z1", "a1", "z2")}
    return _sheet(2, net, answers, words, step)


# ── 3장 ───────────────────────────────────────────────────────────────────


def _line_gradient(w: float, b: float, x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """직선 a = wx + b와 제곱 오차의 절반에서 (∂E/∂w, ∂E/∂b). bplib의 층과 손실로 셈해요."""
    net, loss = Sequential(Linear(1, 1, rng=np.random.default_rng(0))), HalfSquaredError()
    net.params().value = np.array([w, b])
    loss.forward(net.forward(np.array(x, float)[:, None]), np.array(y, float)[:, None])
    net.backward(loss.backward())
    return float(net.params().grad[0]), float(net.params().grad[1])


def _descend(w: float, gradient: Callable[[float], float], eta: float, steps: int) -> float:
    """경사 하강법을 steps걸음. bplib의 SGD가 걸어요."""
    param = Sequential(Linear(1, 1, rng=np.random.default_rng(0))).params()
    rule = SGD(param, lr=eta)
    param.value = np.array([w, 0.0])
    for _ in range(steps):
        param.grad = np.array([gradient(float(param.value[0])), 0.0])
        rule.step()
    return float(param.value[0])


def _chapter_3(rng: np.random.Generator) -> Worksheet:
    a = rng.choice(np.arange(1, 10) / 10, 3, replace=False)
    y = np.eye(3)[rng.integers(3)]
    w, b, x, target = (
        float(_tenths(rng)),
        float(_tenths(rng)),
        int(rng.integers(2, 5)),
        int(rng.integers(1, 4)),
    )
    eta = float(rng.choice([0.01, 0.02, 0.05]))
    alpha, beta = (int(k) for k in np.sort(rng.choice([1, 2, 3, 4, 5, 8, 10], 2, replace=False)))
    k, c, start = int(rng.integers(2, 6)), float(_tenths(rng)), float(rng.integers(2, 6))

    E = HalfSquaredError().forward(a[None], y[None])
    dw, db = _line_gradient(w, b, [x], [target])
    new_w = _descend(w, lambda _: dw, eta, 1)
    two = _descend(start, lambda w: k * (w - c), 0.1, 2)
    given = {"a": a, "y": y, "w": w, "b": b, "x": x, "target": target, "eta": eta}
    given |= {"alpha": alpha, "beta": beta, "k": k, "c": c, "start": start}
    answers = [
        [E, 2 * E, 2 * E / 3, 0.5 * np.abs(y - a).sum()],
        [dw, -dw, db, 2 * dw, (w * x - target) * x],
        [new_w, w + eta * dw, w - dw, -eta * dw],
        [1 / beta, 2 / beta, 1 / alpha, 1 / (2 * beta)],
        [
            two,
            _descend(start, lambda w: k * (w - c), 0.1, 1),
            _descend(start, lambda _: k * (start - c), 0.1, 2),
            start * (1 - 0.1 * k) ** 2,
        ],
    ]
    words = {
        "targets": ", ".join(map(_text, y)),
        "outputs": ", ".join(map(_text, a)),
        "squares": " + ".join(f"{_factor(gap)}²" for gap in np.round(y - a, 1)),
        "out": w * x + b,
        "dw": dw,
        "low": 2 * alpha,
        "high": 2 * beta,
        "shrink": 1 - 0.1 * k,
        "away": start - c,
    }
    return _sheet(3, given, answers, words)


# ── 4장 ───────────────────────────────────────────────────────────────────


def _chapter_4(rng: np.random.Generator) -> Worksheet:
    r = rng.choice([-3, -2, 2, 3, 4, 5], 3, replace=False) / np.array([1, 1, 2])
    w, x, b, z = float(_tenths(rng)), int(rng.integers(2, 5)), float(_tenths(rng)), float(_tenths(rng))
    v, p, q, y = (
        float(_tenths(rng)),
        *(int(k) for k in rng.choice([2, 3, 4, 5], 2, replace=False)),
        int(rng.integers(1, 4)),
    )
    s, t, u = (int(k) for k in rng.choice([-4, -3, -2, 2, 3, 4, 5], 3, replace=False))

    node_w = Node(w)
    node_a = sigmoid(node_w * float(x) + b)
    one = reverse_mode(half_square(node_a - 1.0))[node_w]
    a, at_z = node_a.value, sigmoid(Node(z)).value
    node_v = Node(v)
    two = reverse_mode(half_square(node_v * float(p) + node_v * float(q) - float(y)))[node_v]
    gap = v * p + v * q - y
    node_s = Node(s)
    product = reverse_mode((node_s + t) * Node(u) * (node_s + t))[node_s]
    given = {"r": r, "w": w, "x": x, "b": b, "z": z, "v": v, "p": p, "q": q, "y": y, "s": s, "t": t, "u": u}
    ratio = float(np.prod(r))
    answers = [
        [ratio, float(np.sum(r)), abs(ratio) * -np.sign(ratio), float(r[0] * r[1])],
        [at_z * (1 - at_z), 1 - at_z**2, z * (1 - z), 1 - at_z],
        [one, (a - 1) * x, -one, one / x, one / x * w],
        [two, gap * p, gap * p * q, gap * q],
        [product, (s + t) * u, (s + t) ** 2 * u, 2 * (s + t)],
    ]
    words = {"at_z": at_z, "rest": 1 - at_z, "a": a, "short": a - 1, "slope": a * (1 - a)}
    words |= {"gap": gap, "both": p + q, "sum": s + t}
    return _sheet(4, given, answers, words)


# ── 5장 ───────────────────────────────────────────────────────────────────


def _survives_rounding(net: Mapping[str, Any], v: Mapping[str, Array]) -> bool:
    """적어 준 네 자리 활성값에서 출발해 걸음마다 넷째 자리로 반올림해도 끝자리 1 안에서 맞나."""
    a1, a2 = np.round(v["a1"][0], 4), np.round(v["a2"][0], 4)
    d2 = np.round((a2 - net["y"][0]) * a2 * (1 - a2), 4)
    d1 = np.round((d2 @ net["W2"]) * a1 * (1 - a1), 4)
    slope = np.round(np.outer(d1, net["x"][0]), 4)
    gaps = [d2 - v["delta2"][0], np.outer(d2, a1) - v["grad_W2"], d1 - v["delta1"][0], slope - v["grad_W1"]]
    return max(np.abs(gap).max() for gap in gaps) <= 0.9e-4


def _chapter_5(rng: np.random.Generator) -> Worksheet:
    while True:
        net = _network(rng)
        step = _step(net)
        v = step(None)
        if _survives_rounding(net, v):
            break
    answers = ["delta2[1]", "delta2[2]", "grad_W2[1,2]", "delta1[1]", "grad_W1[1,2]", "new_W1[1,2]"]
    words = {"a1": v["a1"][0], "a2": v["a2"][0], "d1": v["delta1"][0], "d2": v["delta2"][0]}
    words |= {"rest1": 1 - v["a1"][0], "rest2": 1 - v["a2"][0], "slope": v["grad_W1"][0, 1]}
    words |= {"t1": net["y"][0, 0], "t2": net["y"][0, 1]}
    return _sheet(5, net, answers, words, step)


# ── 6장 ───────────────────────────────────────────────────────────────────


def _chapter_6(rng: np.random.Generator) -> Worksheet:
    n, batch = int(rng.integers(11, 60)) * 10, int(rng.choice([16, 32, 64]))
    epochs = int(rng.integers(2, 9)) * 5
    per_epoch = -(-n // batch)
    w, b = float(_tenths(rng)), float(_tenths(rng))
    x = [int(k) for k in rng.permutation([-2, -1, 1, 2, 3])[:3]]
    y = [int(k) for k in rng.integers(-2, 4, 3)]
    eta = float(rng.choice([0.1, 0.2]))
    dw, db = _line_gradient(w, b, x, y)
    gaps = [w * xi + b - yi for xi, yi in zip(x, y, strict=True)]
    best = int(rng.integers(3, 6))
    losses = [0.9 - 0.1 * k for k in range(best)] + [
        0.9 - 0.1 * (best - 1) + 0.04 * k for k in range(1, 8 - best)
    ]
    losses = [
        round(value + float(jitter), 2)
        for value, jitter in zip(losses, rng.integers(-1, 2, 7) / 100, strict=True)
    ]
    stop = int(np.argmin(losses)) + 1
    given = {"n": n, "batch": batch, "epochs": epochs, "w": w, "b": b, "x": x, "y": y, "eta": eta}
    given |= {"losses": losses}
    answers: list[list[float]] = [
        [per_epoch * epochs, n // batch * epochs, n * epochs, epochs, per_epoch],
        [dw, 3 * dw, db, -dw, gaps[0] * x[0]],
        [_descend(w, lambda _: dw, eta, 1), w + eta * dw, w - 3 * eta * dw, w - dw],
        [db, dw, 3 * db, -db],
        [stop, 7, stop + 1, stop - 1],
    ]
    words = {
        "per_epoch": per_epoch,
        "samples": ", ".join(f"({_text(xi)}, {_text(yi)})" for xi, yi in zip(x, y, strict=True)),
        "terms": " + ".join(f"{_factor(g)} × {_factor(xi)}" for g, xi in zip(gaps, x, strict=True)),
        "dw": dw,
        "gaps": " + ".join(map(_factor, gaps)),
        "train": ", ".join(f"{0.85 * 0.8**k:.2f}" for k in range(7)),
        "held_out": ", ".join(f"{value:.2f}" for value in losses),
        "least": f"{min(losses):.2f}",
    }
    return _sheet(6, given, answers, words)


_BUILD: tuple[Callable[[np.random.Generator], Worksheet], ...] = (
    _chapter_1,
    _chapter_2,
    _chapter_3,
    _chapter_4,
    _chapter_5,
    _chapter_6,
)
