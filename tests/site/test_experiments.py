"""쪽에 실린 모든 실험: 첫 장면과 차이만으로 되살린 장면이 책을 만들며 그린 것과 같고, 조작과 설명이 제 일을 해요."""

import copy
import gzip
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import nbformat
import pytest
from compare import CACHE
from execute import executed
from jupyter_cache import get_cache

from bplib.lab import frames
from bplib.lab.experiment import DIGESTS
from chapters import PageData, per_chapter

START = '<div class="bp-experiment" id="'
EXPERIMENT = re.compile(
    START + r'(\w+)" role="group" aria-label="실험 ([^"]*)"><fieldset.*?</script></div>', re.S
)
LABEL = re.compile(r"<label [^>]*>(.*?)</label>")
DRAWING = re.compile(r'class="bp-frame" role="img" aria-label="([^"]*)"')
KOREAN = re.compile("[가-힣]")
MACHINE = re.compile(r"(?<![\w.])\d+(\.\d+)?e[-+]\d|(?<![\w)−-])[-−]0(\.0+)?(?!\.?\d)|\b(nan|inf)\b")
WORDS = re.compile("<(?:text|tspan)[^>]*>([^<]+)<")
NEED_TWO = {f"{n:02}" for n in range(15)}
each_chapter = pytest.mark.parametrize("path", **per_chapter())


@dataclass(frozen=True)
class Shipped:
    """쪽에 실린 실험 하나."""

    id: str
    name: str
    html: str
    page: PageData

    @property
    def labels(self) -> list[str]:
        return [unescape(label) for label in LABEL.findall(self.html.partition("</fieldset>")[0])]

    @property
    def positions(self) -> list[tuple[int, ...]]:
        """조작판의 모든 자리. 마지막 조작이 가장 빨리 바뀌어요."""
        return list(itertools.product(*(range(len(names)) for names in self.page.data["controls"])))


@cache
def shipped(site, path: Path) -> list[Shipped]:
    found = EXPERIMENT.finditer(site.read(f"chapters/{path.stem}.html"))
    return [Shipped(m[1], unescape(m[2]), m[0], PageData.parse(m[0])) for m in found]


def drawn_digests(path: Path) -> dict[str, list[str]]:
    """책을 만들며 그린 장면의 해시, 실험의 id마다. 빌드가 담아 둔 출력에 있어요."""
    notebook = executed(get_cache(CACHE), nbformat.read(path, as_version=4))
    assert notebook, (
        f"{path.name}이 책을 만든 뒤에 바뀌었어요. `python3 run.py book --no-serve`를 실행해 주세요."
    )
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return {
        EXPERIMENT.match(output.data["text/html"])[1]: output.metadata[DIGESTS]
        for output in outputs
        if DIGESTS in output.get("metadata", {})
    }


def wrong_frames(page: PageData, digests: list[str]) -> list[int]:
    """되살린 것이 그린 것과 다른 장면의 번호."""
    texts = page.data["texts"]
    assert len(page.data["deltas"]) == len(texts) == len(digests)
    rebuilt = [
        frames.digest(frames.rebuild(page.base, page.changes(n)), text) for n, text in enumerate(texts)
    ]
    return [number for number, (made, want) in enumerate(zip(rebuilt, digests, strict=True)) if made != want]


@each_chapter
def test_every_frame_is_rebuilt_from_the_page(site, path, capsys):
    """쪽이 담은 첫 장면의 SVG와 차이만으로 되살린 장면이, 책을 만들며 그린 장면과 해시로 같아요."""
    digests, rows, wrong = drawn_digests(path), [], []
    assert [exp.id for exp in shipped(site, path)] == list(digests)
    for exp in shipped(site, path):
        assert len(exp.positions) == len(digests[exp.id]), exp.name
        assert exp.page.text == exp.page.label, exp.name
        found = wrong_frames(exp.page, digests[exp.id])
        wrong += [f"{path.stem} · {exp.name} · {exp.positions[number]}" for number in found]
        size, packed = len(exp.html.encode()), len(gzip.compress(exp.html.encode()))
        rows.append(
            f"{path.stem:<14}{len(exp.positions):>6}{size / 1000:>9.1f}{packed / 1000:>9.1f}  {exp.name}"
        )
    with capsys.disabled():
        print("", f"{'장':<14}{'장면':>5}{'KB':>9}{'gzip KB':>9}  실험", *rows, sep="\n")
    assert not wrong, "되살린 장면이 달라요:\n" + "\n".join(wrong)


@pytest.fixture(scope="module")
def one(site):
    """쪽에 실린 실험 하나와 그 해시."""
    path = next(path for path in per_chapter()["argvalues"] if path.stem == "01-structure")
    exp = shipped(site, path)[0]
    return exp.page, drawn_digests(path)[exp.id]


@pytest.mark.parametrize("spoil", ["node", "value", "lost", "text", "base"])
def test_a_corrupted_frame_is_found(one, spoil):
    page, digests = copy.deepcopy(one[0]), one[1]
    delta = page.data["deltas"][-1]
    if spoil == "node":
        delta[0] += 1
    elif spoil == "value":
        page.data["values"].append("0.01")
        delta[2] = len(page.data["values"]) - 1
    elif spoil == "lost":
        del delta[-3:]
    elif spoil == "text":
        page.data["texts"][-1] += "."
    else:
        list(page.base.iter())[-1].set("x", "-1")
        assert len(wrong_frames(page, digests)) > 1
        return
    assert wrong_frames(page, digests) == [len(digests) - 1]


@each_chapter
def test_chapter_has_enough_experiments(site, path):
    names = [exp.name for exp in shipped(site, path)]
    assert site.read(f"chapters/{path.stem}.html").count(START) >= len(names)
    if path.stem[:2] in NEED_TWO and path.stem != "05-notation":  # 표기 사전은 한 실험이 쪽의 전부예요
        assert len(names) >= 2, f"{path.stem}: 실험이 둘은 있어야 해요. 지금: {names}"


@each_chapter
def test_ids_do_not_clash_in_a_page(site, path):
    """id의 앞말은 실험의 이름과 그림의 설명에서 와요. 같은 것이 둘이면 그림의 조각이 뒤섞여요."""
    ids = Counter(re.findall(r'\sid="([^"]+)"', site.read(f"chapters/{path.stem}.html")))
    assert not [name for name, count in ids.items() if count > 1]


@each_chapter
def test_descriptions_are_korean_and_move(site, path):
    told = [unescape(text) for text in DRAWING.findall(site.read(f"chapters/{path.stem}.html"))]
    for exp in shipped(site, path):
        texts = set(exp.page.data["texts"])
        assert len(texts) > 1, f"{exp.name}: 설명이 바뀌지 않아요: {texts}"
        told += [*texts, *exp.labels]
    assert not [text for text in told if not KOREAN.search(text)]


@each_chapter
def test_numbers_are_written_for_people(site, path):
    """4.2e-08이나 -0.0000처럼 프로그램이 적은 수가 설명에도 그림에도 없어요."""
    wrong = {
        text
        for exp in shipped(site, path)
        for text in [
            *exp.page.data["texts"],
            *exp.labels,
            *itertools.chain(*exp.page.data["controls"]),
            *drawn_words(exp),
        ]
        if MACHINE.search(text)
    }
    assert not wrong


def drawn_words(exp: Shipped) -> list[str]:
    """그림 속의 글: 첫 장면에 적힌 것과, 장면마다 바뀌는 것."""
    data = exp.page.data
    changed = {
        (data["attributes"][delta[i + 1]], data["values"][delta[i + 2]])
        for delta in data["deltas"]
        for i in range(0, len(delta), 3)
    }
    inner = " ".join(value for name, value in changed if name == frames.INNER)
    words = [value for name, value in changed if name == frames.TEXT]
    return words + WORDS.findall(exp.html.partition("<script")[0] + inner)


@each_chapter
def test_a_step_that_changes_nothing_says_so(site, path):
    """조작 하나를 한 칸 옮기면, 나머지가 어느 자리에 있든 그림이나 설명이 달라지거나 설명이 “그대로예요”라고 말해요.

    나머지가 어느 자리에 있어도 아무것도 바꾸지 않는 칸은 없어요.
    """
    dead = []
    for exp in shipped(site, path):
        data = exp.page.data
        seen = dict(zip(exp.positions, zip(data["deltas"], data["texts"], strict=True), strict=True))
        for axis, names in enumerate(data["controls"]):
            for index, (name, after) in enumerate(itertools.pairwise(names)):
                here = [place for place in exp.positions if place[axis] == index]
                same = [p for p in here if seen[p] == seen[*p[:axis], index + 1, *p[axis + 1 :]]]
                if same == here or not all("그대로예요" in seen[place][1] for place in same):
                    dead.append(f"{exp.name} · {exp.labels[axis]} {name} → {after}: {same}")
    assert not dead, "\n".join(dead)


@each_chapter
def test_every_control_moves_the_drawing(site, path):
    """조작마다, 그것만 움직였을 때 그림이 달라지는 자리와 설명이 달라지는 자리가 있어요."""
    wrong = []
    for exp in shipped(site, path):
        pictures = dict(zip(exp.positions, exp.page.data["deltas"], strict=True))
        texts = dict(zip(exp.positions, exp.page.data["texts"], strict=True))
        for axis, names in enumerate(exp.page.data["controls"]):
            label = f"{path.stem} · {exp.name}: '{exp.labels[axis]}'"
            moved = [
                (position, (*position[:axis], index, *position[axis + 1 :]))
                for position in exp.positions
                for index in range(position[axis] + 1, len(names))
            ]
            if not any(pictures[a] != pictures[b] for a, b in moved):
                wrong.append(f"{label}을 움직여도 그림이 그대로예요")
            if not any(texts[a] != texts[b] for a, b in moved):
                wrong.append(f"{label}을 움직여도 설명이 그대로예요")
            if len(set(names)) < len(names):
                wrong.append(f"{label}의 값 이름이 겹쳐요: {names}")
    assert not wrong, "\n".join(wrong)


@each_chapter
def test_experiments_fit_the_page(site, path):
    sizes = {exp.name: len(gzip.compress(exp.html.encode())) for exp in shipped(site, path)}
    assert sum(sizes.values()) <= 120_000, f"한 쪽에 150 KB(본문 포함)까지예요: {sizes}"
