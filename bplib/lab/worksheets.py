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
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
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
        sheet = _BUILD[chapter](rng)
        if all(map(_fair, sheet.problems)):
            return Worksheet(chapter, seed, sheet.intro, sheet.problems, sheet.given, sheet.drawing)


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


def _sheet(intro: str, problems: list[Exercise], given: Mapping[str, Any], drawing: str = "") -> Worksheet:
    return Worksheet(0, 0, intro, tuple(problems), given, drawing)


# ── 1장 ───────────────────────────────────────────────────────────────────


def _count(*sizes: int) -> int:
    """층마다 이어진 신경망의 배우는 수의 개수. 신경망을 정말 만들어 세요."""
    rng = np.random.default_rng(0)
    return Sequential(*(Linear(n, m, rng=rng) for n, m in pairwise(sizes))).params().size


def _counting(number: str, sizes: tuple[int, ...]) -> Exercise:
    shape = "-".join(map(str, sizes))
    products = [n * m for n, m in pairwise(sizes)]
    sums = " + ".join(f"{n}×{m}" for n, m in pairwise(sizes))
    biases = " + ".join(map(str, sizes[1:]))
    return Exercise(
        number,
        f"층의 크기가 {shape}인 신경망(맨 앞이 입력)에서 배우는 수는 모두 몇 개인가요?",
        _count(*sizes),
        why="가중치와 편향을 더했어요.",
        solution=f"가중치 {sums} = {sum(products)}, 편향 {biases} = {sum(sizes[1:])}",
        mistakes=[
            Mistake("편향을 세지 않았어요.", "셈하는 뉴런마다 편향이 하나씩 있어요.", sum(products)),
            Mistake("입력에도 편향을 붙였어요.", "입력은 아무 셈도 하지 않아요.", _count(*sizes) + sizes[0]),
            Mistake("뉴런의 수를 셌어요.", "화살표와 편향을 세요.", sum(sizes)),
            Mistake("층의 크기를 모두 곱했어요.", "이웃한 두 층끼리만 곱해서 더하세요.", int(np.prod(sizes))),
        ],
    )


def _chapter_1(rng: np.random.Generator) -> Worksheet:
    n, h, m = (int(k) for k in rng.integers(2, 7, 3))
    deep = tuple(int(k) for k in rng.integers(2, 7, 4))
    budget = int(rng.integers(5, 20)) * 10
    net = _network(rng)
    W1, W2 = net["W1"], net["W2"]
    wide, tall = _count(n, 2 * h, m), _count(n, h, h, m)
    room = (budget - m) // (n + m + 1)
    problems = [
        _counting("1.1", (n, h, m)),
        _counting("1.2", deep),
        Exercise(
            "1.3",
            "그림의 신경망에서 w¹₂₁은 얼마인가요?",
            W1[1, 0],
            why="받는 뉴런이 2, 보내는 입력이 1이에요.",
            solution="위의 1은 첫째 층, 아래는 받는 쪽(은닉 2)이 먼저, 보내는 쪽(x₁)이 나중이에요.",
            mistakes=[
                Mistake("번호의 차례를 바꿔 읽었어요.", "받는 쪽이 먼저예요.", W1[0, 1]),
                Mistake("둘째 층의 가중치를 읽었어요.", "위의 번호가 층이에요.", W2[1, 0]),
            ],
        ),
        Exercise(
            "1.4",
            f"층의 크기가 {n}-{h}-{m}인 신경망에서, 은닉층에서 출력층으로 가는 가중치 행렬 W²의 열은 몇 개인가요?",
            h,
            why="열이 보내는 쪽이에요.",
            solution=f"행은 받는 뉴런 {m}개, 열은 보내는 뉴런 {h}개예요.",
            mistakes=[
                Mistake("행의 수를 적었어요.", "행이 받는 쪽, 열이 보내는 쪽이에요.", m),
                Mistake("W¹의 열을 적었어요.", "W²는 은닉층에서 출발해요.", n),
            ],
        ),
        Exercise(
            "1.5",
            f"은닉 뉴런 {2 * h}개를 한 층에 세운 (가) {n}-{2 * h}-{m}, 두 층에 나눈 (나) {n}-{h}-{h}-{m}. "
            "배우는 수는 (가)가 (나)보다 몇 개 많나요? (적으면 음수로 적어요.)",
            wide - tall,
            why="각각 세어서 빼요.",
            solution=f"(가) {wide} − (나) {tall}",
            mistakes=[
                Mistake("(나)에서 (가)를 뺐어요.", "(가)에서 빼세요.", tall - wide),
                Mistake(
                    "편향을 세지 않았어요.",
                    "뉴런의 수는 같으니 편향의 수도 같아요. 다시 세어 보세요.",
                    (n + m) * 2 * h - (n * h + h * m),
                ),
                Mistake("은닉층 사이의 화살표를 빼먹었어요.", f"{h}×{h}개가 더 있어요.", wide - tall + h * h),
            ],
        ),
        Exercise(
            "1.6",
            f"입력 {n}개, 출력 {m}개, 은닉층 하나인 신경망의 배우는 수가 {budget}개를 넘지 않게 하려면, "
            "은닉 뉴런은 많아야 몇 개인가요?",
            room,
            why="은닉 뉴런 하나에 딸린 수를 세어 나눠요.",
            solution=f"은닉 뉴런 하나마다 {n} + {m} + 1, 출력의 편향 {m}. "
            f"({budget} − {m}) ÷ {n + m + 1}의 몫",
            mistakes=[
                Mistake("나머지를 올렸어요. 한도를 넘어요.", "버리세요.", room + 1),
                Mistake("편향을 세지 않았어요.", "뉴런마다 편향이 있어요.", budget // (n + m)),
                Mistake("나눗셈을 버림하지 않았어요.", "뉴런은 정수 개예요.", (budget - m) / (n + m + 1)),
            ],
        ),
    ]
    intro = "셈하는 뉴런마다 편향이 하나씩 있어요. 3번은 아래 그림을 보고 답하세요."
    return _sheet(intro, problems, {**net, "sizes": (n, h, m), "deep": deep, "budget": budget}, _diagram(net))


# ── 2장 ───────────────────────────────────────────────────────────────────


def _chapter_2(rng: np.random.Generator) -> Worksheet:
    net = _network(rng)
    step, (w1, w2), b, x2 = _step(net), net["W1"][0], net["b1"][0], net["x"][0, 1]
    v = step(None)
    boundary = -(w2 * x2 + b) / w1

    def ask(number: str, name: str, question: str, solution: str, *first: str) -> Exercise:
        return step_exercise(number, name, question, step, why=solution, first=first)

    z1, a1 = v["z1"][0], v["a1"][0]
    sum1 = f"{_text(w1)} × {_text(net['x'][0, 0])} + {_factor(w2)} × {_text(x2)} + {_factor(b)}"
    sum2 = f"{_text(net['W2'][0, 0])} × {_text(a1[0])} + {_factor(net['W2'][0, 1])} × {_text(a1[1])}"
    problems = [
        ask(
            "2.1",
            "z1[1]",
            "은닉 뉴런 1의 가중합 z¹₁을 구하세요.",
            f"z = {sum1}",
            "missing_bias",
            "transposed_forward",
        ),
        ask(
            "2.2",
            "a1[1]",
            "은닉 뉴런 1의 활성값 a¹₁을 구하세요.",
            f"σ({_text(z1[0])})",
            "missing_activation",
            "missing_bias",
        ),
        ask(
            "2.3",
            "a1[2]",
            "은닉 뉴런 2의 활성값 a¹₂를 구하세요.",
            f"z¹₂ = {_text(z1[1])}, a¹₂ = σ({_text(z1[1])})",
            "missing_activation",
            "missing_bias",
        ),
        ask(
            "2.4",
            "a2[1]",
            "출력 1의 활성값 a²₁을 구하세요.",
            f"z²₁ = {sum2} + {_factor(net['b2'][0])} = {_text(v['z2'][0, 0])}, a²₁ = σ(z²₁)",
            "missing_activation",
            "missing_bias",
        ),
        Exercise(
            "2.5",
            f"x₂는 {_text(x2)} 그대로 두고 x₁만 바꿔서 은닉 뉴런 1의 활성값이 0.5가 되게 하려면 x₁은 얼마여야 하나요?",
            boundary,
            why="σ(0) = 0.5이니 z¹₁ = 0이면 돼요.",
            solution=f"{_text(w1)} × x₁ + {_factor(w2)} × {_text(x2)} + {_factor(b)} = 0",
            mistakes=[
                Mistake("편향을 빼먹었어요.", "z에는 b도 들어 있어요.", -w2 * x2 / w1),
                Mistake("부호를 바꾸지 않고 옮겼어요.", "건너편으로 옮기면 부호가 바뀌어요.", -boundary),
                Mistake("z가 0이 아니라 0.5가 되게 했어요.", "σ(0) = 0.5예요.", (0.5 - w2 * x2 - b) / w1),
            ],
        ),
    ]
    intro = (
        "그림의 신경망은 두 층 모두 시그모이드 σ(z) = 1 / (1 + e^(−z))를 써요. 입력은 동그라미 안에, 가중치는 "
        "화살표에, 편향은 뉴런 아래에 적었어요. 계산기를 쓰고, 답은 소수 넷째 자리까지 적으세요."
    )
    return _sheet(intro, problems, net, _diagram(net))


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
    out = w * x + b
    new_w = _descend(w, lambda _: dw, eta, 1)
    two = _descend(start, lambda w: k * (w - c), 0.1, 2)
    given = {"a": a, "y": y, "w": w, "b": b, "x": x, "target": target, "eta": eta}
    given |= {"alpha": alpha, "beta": beta, "k": k, "c": c, "start": start}
    squares = " + ".join(f"{_factor(gap)}²" for gap in np.round(y - a, 1))
    problems = [
        Exercise(
            "3.1",
            f"정답은 ({', '.join(map(_text, y))}), 출력은 ({', '.join(map(_text, a))}). 제곱 오차의 절반 E는?",
            E,
            why="½ Σ (y − a)²이에요.",
            solution=f"½ × ({squares})",
            mistakes=[
                Mistake("절반 ½을 곱하지 않았어요.", "마지막에 2로 나누세요.", 2 * E),
                Mistake("평균을 냈어요.", "출력의 수가 아니라 2로 나눠요.", 2 * E / 3),
                Mistake("제곱하지 않고 더했어요.", "차이를 하나씩 제곱하세요.", 0.5 * np.abs(y - a).sum()),
            ],
        ),
        Exercise(
            "3.2",
            f"a = wx + b, E = ½(y − a)²이에요. w = {_text(w)}, b = {_text(b)}, x = {x}, y = {target}일 때 ∂E/∂w는?",
            dw,
            why="(a − y)x예요.",
            solution=f"a = {_text(out)}, (a − y)x = ({_text(out)} − {target}) × {x}",
            mistakes=[
                Mistake("부호가 반대예요. (y − a)에서 출발했어요.", "미분하면 a − y예요.", -dw),
                Mistake("입력 x를 곱하지 않았어요.", "w를 조금 키우면 a는 x배만큼 커져요.", db),
                Mistake("절반 ½을 잊어 두 배가 됐어요.", "½이 2를 지워요.", 2 * dw),
                Mistake("편향을 더하지 않았어요.", "a = wx + b예요.", (w * x - target) * x),
            ],
        ),
        Exercise(
            "3.3",
            f"2번의 자리에서 학습률 η = {_text(eta)}로 한 걸음 걸으면 w의 새 값은?",
            new_w,
            why="w − η ∂E/∂w예요.",
            solution=f"{_text(w)} − {_text(eta)} × {_factor(dw)}",
            mistakes=[
                Mistake("기울기를 빼지 않고 더했어요.", "반대쪽으로 가세요.", w + eta * dw),
                Mistake("학습률을 곱하지 않았어요.", "η를 곱한 만큼만 가요.", w - dw),
                Mistake("옛 값에서 빼지 않았어요.", "w에서 시작하세요.", -eta * dw),
            ],
        ),
        Exercise(
            "3.4",
            f"오차가 E = {alpha}w₁² + {beta}w₂²이에요. 경사 하강법이 바닥에 다가가려면 η는 얼마보다 작아야 하나요?",
            1 / beta,
            why="가장 큰 곡률이 한계를 정해요.",
            solution=f"곡률 {2 * alpha}, {2 * beta} 가운데 큰 쪽으로 2/{2 * beta}",
            mistakes=[
                Mistake("앞의 계수를 곡률로 썼어요.", "두 번 미분하면 계수의 두 배예요.", 2 / beta),
                Mistake("작은 쪽 곡률로 구했어요.", "더 가파른 쪽이 먼저 튀어요.", 1 / alpha),
                Mistake("한 걸음에 닿는 1/k을 구했어요.", "한계는 2/k예요.", 1 / (2 * beta)),
            ],
        ),
        Exercise(
            "3.5",
            f"E = ½ · {k}(w − {_factor(c)})²이에요. w = {_text(start)}에서 η = 0.1로 두 걸음 걸으면 w는?",
            two,
            why="걸음마다 기울기를 다시 구해요.",
            solution=f"바닥까지의 거리에 걸음마다 1 − 0.1 × {k}: "
            f"{_text(c)} + {_text(1 - 0.1 * k)}² × {_text(start - c)}",
            mistakes=[
                Mistake(
                    "한 걸음만 걸었어요.", "두 걸음이에요.", _descend(start, lambda w: k * (w - c), 0.1, 1)
                ),
                Mistake(
                    "기울기를 처음에 한 번만 구했어요.",
                    "걸음마다 다시 구하세요.",
                    _descend(start, lambda _: k * (start - c), 0.1, 2),
                ),
                Mistake("바닥이 0인 줄 알았어요.", "바닥의 자리를 빼세요.", start * (1 - 0.1 * k) ** 2),
            ],
        ),
    ]
    return _sheet("답은 소수 넷째 자리까지 적으세요. 계산기를 써도 좋아요.", problems, given)


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
    problems = [
        Exercise(
            "4.1",
            f"x가 1 커지면 u는 {_text(r[0])}, u가 1 커지면 v는 {_text(r[1])}, v가 1 커지면 y는 {_text(r[2])}만큼 "
            "변해요. x가 1 커지면 y는 얼마나 변하나요?",
            float(np.prod(r)),
            why="이어진 비율은 곱해요.",
            solution=f"{_factor(r[0])} × {_factor(r[1])} × {_factor(r[2])}",
            mistakes=[
                Mistake("비율을 더했어요.", "이어진 비율은 곱해요.", float(np.sum(r))),
                Mistake(
                    "부호를 빠뜨렸어요.",
                    "마이너스의 개수를 세어 보세요.",
                    abs(float(np.prod(r))) * -np.sign(np.prod(r)),
                ),
                Mistake("마지막 비율을 빼먹었어요.", "y까지 가야 해요.", float(r[0] * r[1])),
            ],
        ),
        Exercise(
            "4.2",
            f"a = σ(z)예요. z = {_text(z)}, a = {_text(at_z)}일 때 ∂a/∂z는?",
            at_z * (1 - at_z),
            why="a(1 − a)예요.",
            solution=f"a(1 − a) = {_text(at_z)} × {_text(1 - at_z)}",
            mistakes=[
                Mistake("1 − a²을 썼어요. tanh의 기울기예요.", "시그모이드는 a(1 − a)예요.", 1 - at_z**2),
                Mistake("a 대신 z를 넣었어요.", "식에 들어가는 것은 a예요.", z * (1 - z)),
                Mistake("1 − a만 구했어요.", "a도 곱하세요.", 1 - at_z),
            ],
        ),
        Exercise(
            "4.3",
            f"z = wx + b, a = σ(z), E = ½(1 − a)²이에요. x = {x}, w = {_text(w)}, b = {_text(b)}일 때 ∂E/∂w는?",
            one,
            why="세 조각을 곱해요.",
            solution=f"a = {_text(a)}, (a − 1) × a(1 − a) × x = {_factor(a - 1)} × {_text(a * (1 - a))} × {x}",
            mistakes=[
                Mistake(
                    "활성화 함수의 기울기를 곱하지 않았어요.", "∂a/∂z = a(1 − a)도 곱하세요.", (a - 1) * x
                ),
                Mistake("부호가 반대예요.", "½(1 − a)²을 a로 미분하면 a − 1이에요.", -one),
                Mistake("입력 x를 곱하지 않았어요.", "∂z/∂w = x예요.", one / x),
                Mistake("가중치 w를 곱했어요.", "∂z/∂w는 w가 아니라 x예요.", one / x * w),
            ],
        ),
        Exercise(
            "4.4",
            f"w가 두 길로 갈라져요: u = {p}w, v = {q}w, E = ½(u + v − {y})². w = {_text(v)}일 때 ∂E/∂w는?",
            two,
            why="길마다 곱하고, 길끼리는 더해요.",
            solution=f"(u + v − {y}) × ({p} + {q}) = {_factor(gap)} × {p + q}",
            mistakes=[
                Mistake("길 하나만 셌어요.", "두 길을 더하세요.", gap * p),
                Mistake("길끼리 곱했어요.", "길마다 곱한 것을 더해요.", gap * p * q),
                Mistake("둘째 길만 셌어요.", "두 길을 더하세요.", gap * q),
            ],
        ),
        Exercise(
            "4.5",
            f"f = (s + {_factor(t)})² × {_factor(u)}. s = {_text(s)}일 때 ∂f/∂s는?",
            product,
            why="제곱은 같은 수로 가는 두 길이에요.",
            solution=f"두 길을 더해 2 × {_factor(s + t)} × {_factor(u)}",
            mistakes=[
                Mistake(
                    "제곱에서 나오는 2를 잊었어요.", "같은 수를 두 번 썼으니 길이 둘이에요.", (s + t) * u
                ),
                Mistake("f의 값을 구했어요.", "s를 조금 움직일 때 변하는 비율을 구하세요.", (s + t) ** 2 * u),
                Mistake("뒤에 곱한 수를 빼먹었어요.", "곱하기는 상대편을 곱해 전해요.", 2 * (s + t)),
            ],
        ),
    ]
    intro = "σ(z) = 1 / (1 + e^(−z))예요. 답은 소수 넷째 자리까지 적으세요. 계산기를 써도 좋아요."
    return _sheet(intro, problems, given)


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
    a1, a2, d1, d2 = v["a1"][0], v["a2"][0], v["delta1"][0], v["delta2"][0]
    y, W1, W2 = net["y"][0], net["W1"], net["W2"]

    def ask(number: str, name: str, question: str, solution: str, *first: str) -> Exercise:
        return step_exercise(number, name, question, step, why=solution, first=first)

    slope = f"{_text(a1[0])} × {_text(1 - a1[0])}"
    paths = f"{_factor(d2[0])} × {_factor(W2[0, 0])} + {_factor(d2[1])} × {_factor(W2[1, 0])}"
    problems = [
        ask(
            "5.1",
            "delta2[1]",
            "출력 1의 델타 δ²₁을 구하세요.",
            f"(a − y) a(1 − a) = ({_text(a2[0])} − {_text(y[0])}) × {_text(a2[0])} × {_text(1 - a2[0])}",
            "missing_slope",
            "wrong_sign",
        ),
        ask(
            "5.2",
            "delta2[2]",
            "출력 2의 델타 δ²₂를 구하세요.",
            f"(a − y) a(1 − a) = ({_text(a2[1])} − {_text(y[1])}) × {_text(a2[1])} × {_text(1 - a2[1])}",
            "missing_slope",
            "wrong_sign",
        ),
        ask(
            "5.3",
            "grad_W2[1,2]",
            "∂E/∂w²₁₂를 구하세요.",
            f"δ²₁ a¹₂ = {_factor(d2[0])} × {_text(a1[1])}",
            "swapped_indices",
            "missing_input",
        ),
        ask(
            "5.4",
            "delta1[1]",
            "은닉 뉴런 1의 델타 δ¹₁을 구하세요.",
            f"두 길의 합 × a(1 − a) = ({paths}) × {slope}",
            "first_path_only",
            "missing_slope",
            "transposed_backward",
        ),
        ask(
            "5.5",
            "grad_W1[1,2]",
            "∂E/∂w¹₁₂를 구하세요.",
            f"δ¹₁ x₂ = {_factor(d1[0])} × {_text(net['x'][0, 1])}",
            "swapped_indices",
            "missing_input",
        ),
        ask(
            "5.6",
            "new_W1[1,2]",
            "학습률 η = 0.5로 한 걸음 고친 w¹₁₂의 새 값을 구하세요.",
            f"{_text(W1[0, 1])} − 0.5 × {_factor(v['grad_W1'][0, 1])}",
            "uphill",
            "missing_rate",
        ),
    ]
    intro = (
        "그림의 신경망은 시그모이드를 쓰고, E = ½Σ(y − a)²이에요. "
        f"목표: y = ({_text(y[0])}, {_text(y[1])}). "
        f"순전파의 결과: a¹ = ({_text(a1[0])}, {_text(a1[1])}), a² = ({_text(a2[0])}, {_text(a2[1])}). "
        "답은 소수 넷째 자리까지 적으세요."
    )
    return _sheet(intro, problems, net, _diagram(net))


# ── 6장 ───────────────────────────────────────────────────────────────────


def _chapter_6(rng: np.random.Generator) -> Worksheet:
    n, batch, epochs = (
        int(rng.integers(11, 60)) * 10,
        int(rng.choice([16, 32, 64])),
        int(rng.integers(2, 9)) * 5,
    )
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
    table = ", ".join(f"{value:.2f}" for value in losses)
    train = ", ".join(f"{0.85 * 0.8**k:.2f}" for k in range(7))
    samples = ", ".join(f"({_text(xi)}, {_text(yi)})" for xi, yi in zip(x, y, strict=True))
    terms = " + ".join(f"{_factor(g)} × {_factor(xi)}" for g, xi in zip(gaps, x, strict=True))
    given = {
        "n": n,
        "batch": batch,
        "epochs": epochs,
        "w": w,
        "b": b,
        "x": x,
        "y": y,
        "eta": eta,
        "losses": losses,
    }
    problems = [
        Exercise(
            "6.1",
            f"표본 {n}개를 미니배치 {batch}개씩 나눠 {epochs}에폭 배우면, 가중치를 모두 몇 번 고치나요?",
            per_epoch * epochs,
            why="에폭마다 배치의 수만큼 고쳐요.",
            solution=f"한 에폭에 {per_epoch}번({n} ÷ {batch}의 올림), 모두 {per_epoch} × {epochs}",
            mistakes=[
                Mistake("마지막의 작은 배치를 버렸어요.", "남은 표본도 한 배치예요.", n // batch * epochs),
                Mistake("표본마다 고쳤어요.", "배치마다 한 번 고쳐요.", n * epochs),
                Mistake("에폭마다 한 번만 고쳤어요.", "배치의 수를 곱하세요.", epochs),
                Mistake("한 에폭만 셌어요.", "에폭의 수를 곱하세요.", per_epoch),
            ],
        ),
        Exercise(
            "6.2",
            f"a = wx + b, w = {_text(w)}, b = {_text(b)}. 표본 셋 (x, y) = {samples}의 한 배치에서 ∂E/∂w는?",
            dw,
            why="표본마다 (a − y)x를 구해 평균해요.",
            solution=f"(a − y)x의 평균: ({terms}) ÷ 3",
            mistakes=[
                Mistake("더하기만 하고 평균하지 않았어요.", "표본 수 3으로 나누세요.", 3 * dw),
                Mistake("입력 x를 곱하지 않았어요.", "표본마다 제 x를 곱하세요.", db),
                Mistake("부호가 반대예요.", "a − y에서 출발하세요.", -dw),
                Mistake("첫 표본만 썼어요.", "셋을 평균하세요.", gaps[0] * x[0]),
            ],
        ),
        Exercise(
            "6.3",
            f"2번의 배치로 η = {_text(eta)}의 한 걸음을 걸으면 w의 새 값은?",
            _descend(w, lambda _: dw, eta, 1),
            why="w − η ∂E/∂w예요.",
            solution=f"{_text(w)} − {_text(eta)} × {_factor(dw)}",
            mistakes=[
                Mistake("기울기를 더했어요.", "빼세요.", w + eta * dw),
                Mistake("평균하지 않은 기울기를 썼어요.", "배치의 평균을 쓰세요.", w - 3 * eta * dw),
                Mistake("학습률을 곱하지 않았어요.", "η를 곱하세요.", w - dw),
            ],
        ),
        Exercise(
            "6.4",
            "2번의 배치에서 ∂E/∂b는?",
            db,
            why="∂a/∂b = 1이라 차이의 평균이에요.",
            solution=f"a − y의 평균: ({' + '.join(map(_factor, gaps))}) ÷ 3",
            mistakes=[
                Mistake("입력 x를 곱했어요.", "편향에는 1을 곱해요.", dw),
                Mistake("평균하지 않았어요.", "3으로 나누세요.", 3 * db),
                Mistake("부호가 반대예요.", "a − y에서 출발하세요.", -db),
            ],
        ),
        Exercise(
            "6.5",
            f"1에폭부터 7에폭까지 잰 손실이에요. 학습: {train}. 검증: {table}. 몇 에폭의 가중치로 돌아가야 하나요?",
            stop,
            why="검증 손실이 가장 작은 때예요.",
            solution=f"검증 손실이 가장 작은({min(losses):.2f}) 때",
            mistakes=[
                Mistake("학습 손실이 가장 작은 때를 골랐어요.", "검증 손실을 보세요.", 7),
                Mistake("검증 손실이 다시 커진 에폭을 골랐어요.", "커지기 바로 앞이에요.", stop + 1),
                Mistake("0부터 세었어요.", "에폭은 1부터 세요.", stop - 1),
            ],
        ),
    ]
    intro = "E는 제곱 오차의 절반을 배치의 표본 수로 평균한 것이에요. 답은 소수 넷째 자리까지 적으세요."
    return _sheet(intro, problems, given)


_BUILD: dict[int, Callable[[np.random.Generator], Worksheet]] = {
    1: _chapter_1,
    2: _chapter_2,
    3: _chapter_3,
    4: _chapter_4,
    5: _chapter_5,
    6: _chapter_6,
}
