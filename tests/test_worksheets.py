"""활동지: 씨앗이 수를 정하고, 답은 따로 적은 식과 autograd가 낸 것과 같고, 나쁜 문제가 없어요."""

import math
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from bplib.lab import worksheets
from bplib.lab.handouts import PUPILS, TEAM, Ring, beats, observation
from bplib.lab.questions import spelled
from bplib.lab.worksheets import FOLLOWS, POINTS, SHOWN_MISTAKES, SMALLEST, TITLES

worksheet = cache(worksheets.worksheet)
SEEDS = range(40)
CHAPTERS = sorted(TITLES)


def sigmoid(z):
    return 1 / (1 + anp.exp(-z))


def answers(sheet):
    return [float(problem.answer) for problem in sheet.problems]


# ── 답: bplib을 보지 않고 문제의 뜻에서 바로 적은 것 ──


def oracle_1(given):
    n, h, m = given["sizes"]

    def count(*sizes):
        return sum((before + 1) * after for before, after in pairwise(sizes))

    most = max(k for k in range(200) if count(n, k, m) <= given["budget"])
    wider = count(n, 2 * h, m) - count(n, h, h, m)
    return [count(n, h, m), count(*given["deep"]), given["W1"][1][0], h, wider, most]


def network(given, z1_shift=0.0, z2_shift=0.0, W1=None, W2=None):
    """z에 조금 더한 것으로 미분하면 δ예요."""
    W1, W2 = given["W1"] if W1 is None else W1, given["W2"] if W2 is None else W2
    z1 = anp.dot(W1, given["x"][0]) + given["b1"] + z1_shift
    z2 = anp.dot(W2, sigmoid(z1)) + given["b2"] + z2_shift
    return z1, z2, 0.5 * anp.sum((given["y"][0] - sigmoid(z2)) ** 2)


def oracle_2(given):
    z1, z2, _ = network(given)
    (w1, w2), b, x2 = given["W1"][0], given["b1"][0], given["x"][0, 1]
    low, high = -1e4, 1e4  # 0이 되는 자리를 반씩 좁혀 찾아요
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (w1 * middle + w2 * x2 + b) * w1 < 0 else (low, middle)
    return [z1[0], sigmoid(z1)[0], sigmoid(z1)[1], sigmoid(z2)[0], middle]


def oracle_3(given):
    w, b, x, y = (given[name] for name in ("w", "b", "x", "target"))
    slope = grad(lambda w: 0.5 * (w * x + b - y) ** 2)(w)

    def settles(eta):
        return max(abs(1 - 2 * k * eta) for k in (given["alpha"], given["beta"])) < 1

    limit, too_big = 0.0, 10.0  # 바닥에 다가가는 학습률과 튀는 학습률 사이를 반씩 좁혀요
    for _ in range(100):
        middle = (limit + too_big) / 2
        limit, too_big = (middle, too_big) if settles(middle) else (limit, middle)
    walk = given["start"]
    for _ in range(2):
        walk = walk - 0.1 * grad(lambda w: 0.5 * given["k"] * (w - given["c"]) ** 2)(walk)
    E = 0.5 * sum((t - a) ** 2 for t, a in zip(given["y"], given["a"], strict=True))
    return [E, slope, w - given["eta"] * slope, limit, walk]


def oracle_4(given):
    g = given
    return [
        math.prod(g["r"]),
        grad(sigmoid)(g["z"]),
        grad(lambda w: 0.5 * (1 - sigmoid(w * g["x"] + g["b"])) ** 2)(g["w"]),
        grad(lambda v: 0.5 * (g["p"] * v + g["q"] * v - g["y"]) ** 2)(g["v"]),
        grad(lambda s: (s + g["t"]) ** 2 * g["u"])(float(g["s"])),
    ]


def oracle_5(given):
    zero = np.zeros(2)
    delta2 = grad(lambda s: network(given, z2_shift=s)[2])(zero)
    delta1 = grad(lambda s: network(given, z1_shift=s)[2])(zero)
    grad_W2 = grad(lambda W: network(given, W2=W)[2])(given["W2"])
    grad_W1 = grad(lambda W: network(given, W1=W)[2])(given["W1"])
    return [*delta2, grad_W2[0, 1], delta1[0], grad_W1[0, 1], given["W1"][0, 1] - 0.5 * grad_W1[0, 1]]


def oracle_6(given):
    x, y = np.array(given["x"]), np.array(given["y"])

    def error(w, b):
        return anp.mean(0.5 * (w * x + b - y) ** 2)

    dw, db = grad(error, 0)(given["w"], given["b"]), grad(error, 1)(given["w"], given["b"])
    steps, left = 0, given["n"]
    while left > 0:
        steps, left = steps + 1, left - given["batch"]
    best = min(range(7), key=lambda k: given["losses"][k]) + 1
    return [steps * given["epochs"], dw, given["w"] - given["eta"] * dw, db, best]


def oracle_10(given):
    g, (n, h, m) = given, given["sizes"]
    forward = sum(before * after for before, after in pairwise((n, h, m)))

    def updates(batch):
        per_epoch, left = 0, g["samples"]
        while left > 0:
            per_epoch, left = per_epoch + 1, left - batch
        return per_epoch * g["epochs"]

    time = (100 - g["part"]) + g["part"] / g["faster"]  # 100이던 시간
    every = np.repeat(g["slopes"], g["rows"])  # 기계가 낸 평균은 제 표본 모두가 그 기울기인 것과 같아요
    sent = sum(g["size"] / g["team"] for _ in ("더하기", "돌리기") for _ in range(g["team"] - 1))
    saved = updates(g["batch"]) - updates(g["batch"] * g["grow"])
    return [
        forward,
        2 * sum((a + 1) * b for a, b in pairwise((n, h, m))),
        saved,
        100 / time,
        every.mean(),
        sent,
    ]


def oracle_11(given):
    g, nothing, tries = given, 1.0, 0
    for _ in range(g["tries"]):
        nothing *= 1 - g["p"]
    missed = 1.0
    while missed >= 1 - g["sure"] / 100:
        missed, tries = missed * (1 - g["q"]), tries + 1
    bend = grad(grad(lambda w: w**4 / 4 - g["k"] * w**2 / 2))(g["w"])
    w2 = g["start"]
    for _ in range(g["steps"]):
        w2 = w2 - g["eta"] * grad(lambda w: -0.5 * g["b"] * w**2)(w2)
    return [1 - nothing, tries, bend, w2, grad(lambda z: 0.5 * (1 - sigmoid(z)) ** 2)(float(g["z"]))]


def oracle_12(given):
    g, ratio, layers = given, 1.0, 0
    while ratio >= 1 / g["part"]:
        ratio, layers = ratio * g["w"] * 0.25, layers + 1
    w1, w2, w3 = g["ws"]
    b1, b2, b3 = (math.log(a / (1 - a)) for a in g["outs"])  # 활성값이 꼭 그렇게 되는 가중합

    def line(x):
        """한 줄의 뉴런 셋. x = 0에서 가중합이 b1, b2, b3이에요."""
        a1 = sigmoid(b1 + w1 * x)
        a2 = sigmoid(b2 + w2 * (a1 - sigmoid(b1)))
        return sigmoid(b3 + w3 * (a2 - sigmoid(b2)))

    clipped = np.array(g["g"], float) * g["limit"] / math.hypot(*g["g"])
    spread = math.sqrt(1 / (g["n"] * 0.5))  # 절반이 0이 되는 ReLU를 지나도 제곱의 평균이 남게
    exploded = math.prod([g["rate"]] * g["deep"])
    return [layers, grad(line)(0.0), exploded, spread, clipped[0], math.prod([1 + g["small"]] * g["layers"])]


ORACLES = {1: oracle_1, 2: oracle_2, 3: oracle_3, 4: oracle_4, 5: oracle_5, 6: oracle_6}
ORACLES |= {10: oracle_10, 11: oracle_11, 12: oracle_12}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_agree_with_the_oracle(chapter):
    for seed in SEEDS:
        sheet = worksheet(chapter, seed)
        np.testing.assert_allclose(answers(sheet), ORACLES[chapter](sheet.given), rtol=0, atol=1e-10)


# ── 좋은 문제 ──


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_degenerate_problem(chapter):
    """답이 0에 가깝지 않고, 적힌 오답은 정답과도 서로와도 네 자리에서 달라요."""
    for seed in SEEDS:
        for problem in worksheet(chapter, seed).problems:
            assert abs(problem.answer) >= SMALLEST
            values = [problem.answer, *(slip.value for slip in problem.mistakes[:SHOWN_MISTAKES])]
            assert len({f"{float(v):.4f}" for v in values}) == 1 + SHOWN_MISTAKES
            assert problem.check(problem.answer).right


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_numbers_in_questions_are_round(chapter):
    """문제의 수는 소수 둘째 자리까지예요. 계산해서 알려 주는 활성값만 네 자리예요."""
    for seed in SEEDS:
        sheet = worksheet(chapter, seed)
        text = " ".join([sheet.drawing, *(problem.question for problem in sheet.problems)])
        for number in re.findall(r"\d+\.\d+", text):
            known = chapter == 4 and len(number) == 6
            assert len(number.partition(".")[2]) <= 2 or known, f"씨앗 {seed}: {number}"


def test_four_digits_by_hand_are_enough():
    """적힌 네 자리 활성값에서 출발해 걸음마다 넷째 자리로 반올림해도, 맞은 것으로 쳐요."""

    def short(number):
        return np.round(number, 4)

    for seed in SEEDS:
        sheet = worksheet(5, seed)
        g = sheet.given
        z1, z2, _ = network(g)
        a1, a2, y = short(sigmoid(z1)), short(sigmoid(z2)), g["y"][0]
        d2 = short((a2 - y) * a2 * (1 - a2))
        d1 = short((d2 @ g["W2"])[0] * a1[0] * (1 - a1[0]))
        slope = short(d1 * g["x"][0, 1])
        by_hand = [d2[0], d2[1], short(d2[0] * a1[1]), d1, slope, short(g["W1"][0, 1] - 0.5 * slope)]
        for problem, number in zip(sheet.problems, by_hand, strict=True):
            assert problem.check(number).right, f"씨앗 {seed}, {problem}: {number}"


def test_seed_decides_everything():
    for chapter in CHAPTERS:
        for key in (False, True):
            assert worksheet(chapter, 3).html(key) == worksheets.worksheet(chapter, 3).html(key)
            assert len({worksheet(chapter, seed).html(key) for seed in range(10)}) == 10


def test_mistakes_are_diagnosed():
    sheet = worksheet(5, 0)
    delta = sheet.problems[0]
    assert "부호가 반대" in delta.check(-delta.answer).message


# ── 쪽 ──


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.names = [], []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        if tag not in {"meta", "line", "circle", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_page_is_whole_and_asks_nothing_of_the_network(chapter):
    for key in (False, True):
        check_page(worksheet(chapter, 1).html(key))


def check_page(html, sheets=1):
    reader = Tags()
    reader.feed(html)
    assert reader.open == []
    assert '<html lang="ko">' in html
    assert not {"script", "link", "img", "iframe"} & set(reader.names)
    assert "http" not in html
    assert reader.names.count("h1") == 1
    assert html.count('class="bp-sheet"') == sheets


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_are_never_with_the_problems(chapter):
    for seed in range(10):
        sheet = worksheet(chapter, seed)
        first, second = (sheet.html(key).partition("<main>")[2] for key in (False, True))
        assert first.count("<li>") == len(sheet.problems)
        assert "풀이" not in first
        for problem in sheet.problems:
            shown = f"{problem.answer:.4f}".replace("-", "−")
            if abs(problem.answer - round(problem.answer, 2)) > 1e-9:
                assert shown not in first
                assert shown in second


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_points_add_up_and_the_chain_is_true(chapter):
    """배점은 모두 20점이고, 이어진다고 적은 문제의 풀이에는 앞의 답이 정말 들어 있어요."""
    for seed in range(10):
        sheet = worksheet(chapter, seed)
        for key in (False, True):
            points = re.findall(r"\[(\d)점\]", sheet.html(key))
            assert sum(map(int, points)) == 20
            assert len(points) == len(sheet.problems)
        for number, used in FOLLOWS.get(chapter, {}).items():
            solution = sheet.problems[number - 1].solution
            assert all(spelled(sheet.problems[k - 1].answer) in solution for k in used), solution
    assert ("이어지는 문제" in sheet.html(key=True)) == (chapter in FOLLOWS)
    assert {sum(points) for points in POINTS.values()} == {20}


def test_save_and_show(tmp_path):
    sheet = worksheet(2, 7)
    for key in (False, True):
        sheet.save(tmp_path / "sheet.html", key=key)
        assert (tmp_path / "sheet.html").read_text(encoding="utf-8") == sheet.html(key)
    bundle = sheet._repr_mimebundle_()
    assert bundle["text/plain"] == "[활동지 2장 순전파 · 씨앗 7 · 문제 5개]"
    assert "<html" not in bundle["text/html"]


@pytest.mark.parametrize(
    ("chapter", "seed", "error", "message"),
    [
        (0, 1, ValueError, "chapter의 값이"),
        (7, 1, ValueError, "기대: 1, 2, 3, 4, 5, 6, 10, 11, 12 가운데 하나, 받음: 7"),
        (1.0, 1, TypeError, "chapter의 형이"),
        (1, -1, ValueError, "seed의 값이 맞지 않아요. 기대: 0 이상의 정수, 받음: -1"),
        (1, "2", TypeError, "seed의 형이"),
    ],
)
def test_bad_input(chapter, seed, error, message):
    with pytest.raises(error, match=message):
        worksheets.worksheet(chapter, seed)


# ── 고르기 ──


def test_shelf_on_the_page_links_every_prepared_sheet(monkeypatch):
    monkeypatch.setenv("BPLIB_PAGE", "1")
    html = worksheets.Shelf()._repr_mimebundle_()["text/html"]
    links = re.findall(r'href="../worksheets/(\d+)-(\d)(-key)?\.html"', html)
    places = [(str(c), str(s)) for c in CHAPTERS for s in worksheets.PREPARED]
    assert links == [(*place, key) for place in places for key in ("", "-key")]


def test_shelf_in_a_kernel_shows_and_saves(monkeypatch, tmp_path):
    monkeypatch.delenv("BPLIB_PAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    box = worksheets.Shelf().widget()
    (chapter, seed, button), saved, view = box.children[0].children, box.children[1], box.children[2]
    chapter.value, seed.value = 5, 12
    assert view.value == worksheet(5, 12)._repr_mimebundle_()["text/html"]
    button.click()
    for name, key in (("활동지-5-12.html", False), ("활동지-5-12-답.html", True)):
        assert (tmp_path / name).read_text(encoding="utf-8") == worksheet(5, 12).html(key)
        assert name in saved.value


# ── 종이 고리와 관찰표 ──


def test_the_ring_gives_everyone_every_sum():
    """종이의 규칙대로 카드를 정말 돌려요. 박자마다 받은 것만 알고, 오른쪽에만 보내요."""
    for seed in SEEDS:
        ring = Ring(seed)
        mine = [list(map(int, row)) for row in ring.cards]
        for n, sent in enumerate(beats(), 1):
            mail = [(c, mine[k][c]) for k, c in enumerate(sent)]  # 넷이 한꺼번에 적어요
            for k in range(TEAM):
                c, number = mail[k - 1]
                mine[k][c] = mine[k][c] + number if n < TEAM else number
            if n == TEAM - 1:
                done = [[c for c in range(TEAM) if mine[k][c] == sum(ring.cards[:, c])] for k in range(TEAM)]
                assert all((k + 1) % TEAM in done[k] for k in range(TEAM))
        assert mine == [list(ring.cards.sum(axis=0))] * TEAM
        key = ring.html(key=True)
        assert all(f"<b>{spelled(total)}</b>" in key for total in ring.cards.sum(axis=0))


def test_the_ring_sheet_says_what_beats_say():
    html = Ring(1).html()
    rows = re.findall(r"<tr><td>(\d)</td><td>(더하기|바꿔 적기)</td>(.*?)</tr>", html)
    assert [[int(c) - 1 for c in re.findall(r"조각 (\d)", row)] for *_, row in rows] == beats()
    assert [kind for _, kind, _ in rows] == ["더하기"] * 3 + ["바꿔 적기"] * 3
    cards = html.partition('class="bp-cards"')[2]
    assert cards.count("→ 오른쪽") == TEAM * len(beats())
    assert all(cards.count(f"<div>{who} · 조각") == TEAM for who in PUPILS)


def test_handouts_are_whole_pages(tmp_path):
    check_page(Ring(1).html(), sheets=2)
    check_page(Ring(1).html(key=True))
    check_page(observation())
    Ring(3).save(tmp_path / "ring.html", key=True)
    assert (tmp_path / "ring.html").read_text(encoding="utf-8") == Ring(3).html(key=True)
    with pytest.raises(ValueError, match="seed의 값이 맞지 않아요"):
        Ring(-1)
