"""활동지의 문제: 수를 뽑고, 답과 흔한 오답을 계산하고, ``sheets/장.txt``의 글에 수를 넣어요."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from string import Formatter
from typing import Any

import numpy as np

from bplib import SGD, HalfSquaredError, Linear, Sequential
from bplib._checks import Array
from bplib.graph import Node, half_square, reverse_mode, sigmoid
from bplib.lab.exercises import Exercise, Mistake, step_exercise
from bplib.lab.mistakes import Slip, one_step


@dataclass(frozen=True)
class Questions:
    """한 장의 문제들: 머리글, 문제, 거기에 나온 수."""

    intro: str
    problems: tuple[Exercise, ...]
    given: Mapping[str, Any]


def ask(chapter: int, rng: np.random.Generator) -> Questions:
    """``chapter``장의 문제들. 수는 ``rng``가 정해요."""
    return _CHAPTERS[chapter](rng)


# ── 글에 수를 넣기 ────────────────────────────────────────────────────────


def spelled(number: float) -> str:
    """빼기 기호를 쓴 수. 소수 둘째 자리에서 끝나면 짧게, 아니면 넷째 자리까지 적어요."""
    short = round(number, 2)
    return (f"{short:.10g}" if abs(number - short) < 1e-9 else f"{number:.4f}").replace("-", "−")


def _factor(number: float) -> str:
    """식의 가운데에 적을 수. 음수이면 괄호로 싸요."""
    return spelled(number) if number >= 0 else f"({spelled(number)})"


class _Spelling(Formatter):
    """수를 쪽에 적는 대로 적어요. ``{w:()}``라고 쓰면 음수를 괄호로 싸요."""

    def format_field(self, value: Any, spec: str) -> str:
        return value if isinstance(value, str) else (_factor if spec == "()" else spelled)(value)


def _questions(
    chapter: int,
    given: Mapping[str, Any],
    answers: Sequence[Sequence[float] | str],
    words: Mapping[str, Any],
    step: Callable[[Slip | None], Mapping[str, Array]] | None = None,
) -> Questions:
    """``sheets/장.txt``의 글에 수를 넣어 문제를 만들어요. 글은 빈 줄로 나뉘어요: 머리글, 그리고 문제마다 하나씩.

    ``answers``는 문제마다 [답, 오답들]이나, 한 걸음(``step``)에서 답이 되는 수의 이름이에요.
    ``words``는 ``given``에 더해 글에 넣을 것이에요.
    """
    template = (files("bplib.lab") / "sheets" / f"{chapter}.txt").read_text(encoding="utf-8")
    intro, *blocks = _Spelling().vformat(template, (), {**given, **words}).rstrip().split("\n\n")
    problems = tuple(
        _problem(f"{chapter}.{number}", block.splitlines(), answer, step)
        for number, (block, answer) in enumerate(zip(blocks, answers, strict=True), 1)
    )
    return Questions(intro, problems, given)


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


# ── 수 뽑기 ───────────────────────────────────────────────────────────────


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
    """이 신경망의 한 걸음. 실수를 주면 그 실수를 하며 계산해요."""
    weights = {name: net[name] for name in ("W1", "b1", "W2", "b2")}
    return lambda slip: one_step(net["x"], net["y"], weights, net["eta"], slip)


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


def _chapter_1(rng: np.random.Generator) -> Questions:
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
    return _questions(1, {**net, "sizes": (n, h, m), "deep": deep, "budget": budget}, answers, words)


# ── 2장 ───────────────────────────────────────────────────────────────────


def _chapter_2(rng: np.random.Generator) -> Questions:
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
    return _questions(2, net, answers, words, step)


# ── 3장 ───────────────────────────────────────────────────────────────────


def _line_gradient(w: float, b: float, x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """직선 a = wx + b와 제곱 오차의 절반에서 (∂E/∂w, ∂E/∂b). bplib의 층과 손실로 계산해요."""
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


def _chapter_3(rng: np.random.Generator) -> Questions:
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
        "targets": ", ".join(map(spelled, y)),
        "outputs": ", ".join(map(spelled, a)),
        "squares": " + ".join(f"{_factor(gap)}²" for gap in np.round(y - a, 1)),
        "out": w * x + b,
        "dw": dw,
        "low": 2 * alpha,
        "high": 2 * beta,
        "shrink": 1 - 0.1 * k,
        "away": start - c,
    }
    return _questions(3, given, answers, words)


# ── 4장 ───────────────────────────────────────────────────────────────────


def _chapter_4(rng: np.random.Generator) -> Questions:
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
    return _questions(4, given, answers, words)


# ── 5장 ───────────────────────────────────────────────────────────────────


def _survives_rounding(net: Mapping[str, Any], v: Mapping[str, Array]) -> bool:
    """적어 준 네 자리 활성값에서 출발해 걸음마다 넷째 자리로 반올림해도 끝자리 1 안에서 맞나."""
    a1, a2 = np.round(v["a1"][0], 4), np.round(v["a2"][0], 4)
    d2 = np.round((a2 - net["y"][0]) * a2 * (1 - a2), 4)
    d1 = np.round((d2 @ net["W2"]) * a1 * (1 - a1), 4)
    slope = np.round(np.outer(d1, net["x"][0]), 4)
    gaps = [d2 - v["delta2"][0], np.outer(d2, a1) - v["grad_W2"], d1 - v["delta1"][0], slope - v["grad_W1"]]
    return max(np.abs(gap).max() for gap in gaps) <= 0.9e-4


def _chapter_5(rng: np.random.Generator) -> Questions:
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
    return _questions(5, net, answers, words, step)


# ── 6장 ───────────────────────────────────────────────────────────────────


def _updates(samples: int, batch: int, epochs: int) -> int:
    """가중치를 고치는 횟수. 마지막의 작은 배치도 한 번이에요."""
    return -(-samples // batch) * epochs


def _chapter_6(rng: np.random.Generator) -> Questions:
    n, batch = int(rng.integers(11, 60)) * 10, int(rng.choice([16, 32, 64]))
    epochs = int(rng.integers(2, 9)) * 5
    per_epoch = _updates(n, batch, 1)
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
        "samples": ", ".join(f"({spelled(xi)}, {spelled(yi)})" for xi, yi in zip(x, y, strict=True)),
        "terms": " + ".join(f"{_factor(g)} × {_factor(xi)}" for g, xi in zip(gaps, x, strict=True)),
        "dw": dw,
        "gaps": " + ".join(map(_factor, gaps)),
        "train": ", ".join(f"{0.85 * 0.8**k:.2f}" for k in range(7)),
        "held_out": ", ".join(f"{value:.2f}" for value in losses),
        "least": f"{min(losses):.2f}",
    }
    return _questions(6, given, answers, words)


# ── 10장 ──────────────────────────────────────────────────────────────────


def _chapter_10(rng: np.random.Generator) -> Questions:
    n, h, m = (int(k) for k in rng.integers(2, 9, 3))
    samples, batch, grow = (
        int(rng.integers(21, 90)) * 10,
        int(rng.choice([8, 16, 20])),
        int(rng.choice([2, 4])),
    )
    epochs, big = int(rng.integers(2, 9)) * 5, batch * grow
    part, faster = int(rng.integers(4, 10)) * 10, int(rng.choice([2, 4, 5, 10, 20]))
    rows = [int(k) for k in rng.choice([10, 20, 30, 40, 50], 3, replace=False)]
    slopes = _tenths(rng, 3)
    team, size = int(rng.choice([4, 5, 8, 10])), int(rng.integers(2, 13)) * 10

    params, weights = _count(n, h, m), n * h + h * m
    small, few = _updates(samples, batch, epochs), _updates(samples, big, epochs)
    rest = 1 - part / 100
    mean = float(np.dot(rows, slopes) / sum(rows))
    given = {"sizes": (n, h, m), "samples": samples, "batch": batch, "grow": grow, "epochs": epochs}
    given |= {"part": part, "faster": faster, "rows": rows, "slopes": slopes, "team": team, "size": size}
    answers: list[list[float]] = [
        [weights, params, n + h + m, n * h * m],
        [2 * params, params, 2 * weights, params + 1],
        [small - few, few, small - small // grow, (small - few) // epochs],
        [1 / (rest + part / 100 / faster), faster, part / 100 * faster, 1 / rest],
        [mean, slopes.mean(), float(np.dot(rows, slopes)), slopes.sum()],
        [2 * (team - 1) / team * size, (team - 1) / team * size, (team - 1) * size, 2 * (team - 1) * size],
    ]
    words = {
        "n": n, "h": h, "m": m, "params": params, "big": big, "small": small, "few": few, "rest": rest,
        "kept": part / 100, "counts": ", ".join(map(spelled, rows)), "grads": ", ".join(map(spelled, slopes)),
        "terms": " + ".join(f"{a} × {_factor(g)}" for a, g in zip(rows, slopes, strict=True)), "all": sum(rows),
        "hops": team - 1, "piece": size / team,
    }  # fmt: skip
    return _questions(10, given, answers, words)


# ── 11장 ──────────────────────────────────────────────────────────────────


def _chapter_11(rng: np.random.Generator) -> Questions:
    p, tries = int(rng.integers(2, 9)) / 10, int(rng.integers(2, 5))
    q, sure = int(rng.integers(2, 8)) / 10, int(rng.choice([90, 95, 99]))
    k, w = int(rng.integers(1, 4)), float(_tenths(rng)) * 2
    b, eta, steps = int(rng.integers(1, 4)), float(rng.choice([0.1, 0.2])), int(rng.integers(3, 6))
    start, z = float(rng.integers(1, 6)) / 10, -int(rng.integers(2, 5))

    luck = (1 - p) ** tries
    need = np.log(1 - sure / 100) / np.log(1 - q)
    node_z = Node(z)
    a_node = sigmoid(node_z)
    flat, a = reverse_mode(half_square(a_node - 1.0))[node_z], a_node.value
    away = _descend(start, lambda w: -b * w, eta, steps)
    given = {"p": p, "tries": tries, "q": q, "sure": sure, "k": k, "w": w}
    given |= {"b": b, "eta": eta, "steps": steps, "start": start, "z": z}
    answers: list[list[float]] = [
        [1 - luck, tries * p, p**tries, luck],
        [int(np.ceil(need)), int(np.floor(need)), int(np.ceil(sure / 100 / q)), int(np.ceil(1 / q))],
        [3 * w**2 - k, w**3 - k * w, 3 * w**2, w**2 - k],
        [away, start * (1 - eta * b) ** steps, start * (1 + eta * b), start * (1 + steps * eta * b)],
        [flat, -flat, a - 1, a * (1 - a)],
    ]
    words = {"lose": 1 - p, "miss": 1 - q, "goal": 1 - sure / 100, "need": need, "grow": 1 + eta * b}
    words |= {"square": w**2, "a": a, "short": a - 1, "rest": 1 - a}
    return _questions(11, given, answers, words)


# ── 12장 ──────────────────────────────────────────────────────────────────


def _chapter_12(rng: np.random.Generator) -> Questions:
    w, part = float(rng.choice([1.2, 1.6, 2.0, 2.4, 2.8])), int(rng.choice([100, 1000]))
    ws = [int(k) for k in rng.choice([-4, -3, -2, 2, 3, 4, 5], 3, replace=False)]
    outs = rng.choice([0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], 3, replace=False)
    rate, deep = float(rng.choice([1.2, 1.3, 1.4, 1.5])), int(rng.integers(5, 13))
    n, m = int(rng.integers(2, 21)) * 10, int(rng.integers(2, 21)) * 10
    g, limit = (
        rng.permutation([3, 4]) * int(rng.integers(1, 4)) * rng.choice([-1, 1], 2),
        int(rng.integers(1, 5)),
    )
    small, layers = int(rng.integers(1, 5)) / 10, int(rng.integers(5, 13))

    need = np.log(1 / part) / np.log(w / 4)
    slopes = outs * (1 - outs)
    product = float(np.prod(ws * slopes))
    norm = float(np.linalg.norm(g))
    given = {"w": w, "part": part, "ws": ws, "outs": outs, "rate": rate, "deep": deep, "n": n, "m": m}
    given |= {"g": g, "limit": limit, "small": small, "layers": layers}
    alone = int(np.ceil(np.log(1 / part) / np.log(1 / 4)))
    answers: list[list[float]] = [
        [int(np.ceil(need)), alone, int(np.floor(need)), int(np.ceil(part * w / 4))],
        [product, float(np.prod(slopes)), float(np.prod(ws * outs)), float(np.sum(ws * slopes))],
        [rate**deep, rate * deep, rate ** (deep - 1), float(deep**rate)],
        [np.sqrt(2 / n), 2 / n, np.sqrt(1 / n), np.sqrt(2 / (n + m))],
        [g[0] * limit / norm, float(np.clip(g[0], -limit, limit)), g[0] / norm, limit / norm],
        [(1 + small) ** layers, small**layers, 1 + small * layers, (1 + small) * layers],
    ]
    words = {"each": w / 4, "need": need, "norm": norm, "weights": ", ".join(map(spelled, ws))}
    words |= {
        "acts": ", ".join(map(spelled, outs)),
        "one": 1 + small,
        "pair": ", ".join(map(spelled, g)),
        "first": g[0],
    }
    words["terms"] = " × ".join(f"{_factor(w)} × {spelled(s)}" for w, s in zip(ws, slopes, strict=True))
    return _questions(12, given, answers, words)


_CHAPTERS: Mapping[int, Callable[[np.random.Generator], Questions]] = {
    1: _chapter_1,
    2: _chapter_2,
    3: _chapter_3,
    4: _chapter_4,
    5: _chapter_5,
    6: _chapter_6,
    10: _chapter_10,
    11: _chapter_11,
    12: _chapter_12,
}
