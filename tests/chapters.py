"""장의 노트북을 그대로 실행해 실험과 그림을 모아요. 단위 시험, 브라우저 시험, 속도 재기가 함께 써요."""

import ast
import contextlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib
import nbformat
import numpy as np
from IPython.display import display
from myst_parser.mdit_to_docutils.base import default_slugify

from bplib.lab.exercises import Exercise
from bplib.lab.experiment import Experiment
from bplib.lab.picture import Picture
from bplib.lab.problems import numbers
from bplib.lab.scene import Frame

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
NUMBERS = numbers()  # 장의 연습문제의 번호, 모듈에 적힌 차례대로
_FRAME = re.compile(
    r'<div class="bp-frame" role="img" aria-label="([^"]*)">(.*?)</div><p class="bp-text"', re.S
)
_TEXT = re.compile(r'<p class="bp-text" role="status">(.*?)</p>', re.S)
_DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


@dataclass
class Chapter:
    """장 하나: 이름(파일 이름에서 확장자를 뺀 것), 실험과 그림과 연습문제."""

    name: str
    experiments: list[Experiment] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)

    def collect(self, value: Any) -> None:
        """실험이나 그림이나 연습문제이면 한 번만 담아요."""
        kinds = (
            (Experiment, self.experiments),
            (Picture, self.pictures),
            (Exercise, self.exercises),
        )
        for kind, kept in kinds:
            if isinstance(value, kind) and not any(value is old for old in kept):
                kept.append(value)
                if isinstance(value, Experiment):
                    value.frame = cache(value.frame)  # type: ignore[method-assign]  # 같은 자리는 한 번만 그려요


@cache
def run_chapter(path: Path) -> Chapter:
    """노트북의 코드 셀을 이름 공간 하나에서 차례로 실행해요. 셀의 마지막 식은 노트북처럼 값을 돌려줘요."""
    chapter = Chapter(path.stem)
    names: dict[str, Any] = {"__name__": "__main__", "display": display}
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    notebook = nbformat.read(path, as_version=4)
    with quiet[0], quiet[1], contextlib.chdir(path.parent), np.printoptions(), matplotlib.rc_context():
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            where = f"{path.name} 셀 {number}"
            body = ast.parse(cell.source, filename=where).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), where, "exec"), names)
            if last:
                chapter.collect(eval(compile(ast.Expression(last.value), where, "eval"), names))
            for value in list(names.values()):
                chapter.collect(value)
    return chapter


@cache
def drawn(exp: Experiment, position: tuple[int, ...]) -> Frame:
    """함수를 불러 바로 그린 장면."""
    return exp.frame(position)


@dataclass(frozen=True)
class PageData:
    """쪽의 HTML에 실제로 담긴 것: 첫 장면의 SVG, 설명, 장면마다의 차이."""

    base: ET.Element
    label: str
    text: str
    data: dict[str, Any]

    @classmethod
    def parse(cls, html: str) -> "PageData":
        """실험의 ``page_html``이나 만들어진 쪽에서 실험 하나만큼 떼어 낸 글을 읽어요."""
        frame, text, data = (_found(pattern, html) for pattern in (_FRAME, _TEXT, _DATA))
        base = ET.fromstring(f"<div>{frame[2]}</div>")
        return cls(base, unescape(frame[1]), unescape(text[1]), json.loads(data[1]))

    def changes(self, number: int) -> list[tuple[int, str, str | None]]:
        """``number``번 장면에서 달라진 값을 번호 대신 이름과 값으로 되돌려요."""
        delta, names, values = self.data["deltas"][number], self.data["attributes"], self.data["values"]
        triples = zip(delta[::3], delta[1::3], delta[2::3], strict=True)
        return [(node, names[name], values[value]) for node, name, value in triples]


def _found(pattern: re.Pattern[str], html: str) -> re.Match[str]:
    found = pattern.findall(html)
    assert len(found) == 1, f"{pattern.pattern!r}에 맞는 것이 하나여야 해요: {len(found)}개"
    match = pattern.search(html)
    assert match
    return match


@cache
def prose(page: str) -> str:
    """쪽의 글 칸을 모두 이은 것."""
    cells = nbformat.read(ROOT / "chapters" / f"{page}.ipynb", as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@cache
def shown(page: str) -> str:
    """쪽의 코드 칸과, 칸이 낸 것을 모두 이은 것. 연습문제의 수는 문제에서 나와요."""
    parts = [path.read_text(encoding="utf-8") for path in (ROOT / "bplib/lab/problems").glob("*.py")]
    for cell in nbformat.read(ROOT / "chapters" / f"{page}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            parts += [cell.source, json.dumps(cell.outputs, ensure_ascii=False)]
    return "\n".join(parts)


def anchor(title: str) -> str:
    """절의 제목이 되는 이름(주소의 # 다음). 제목의 수식은 이름에 들어가지 않아요."""
    return default_slugify(re.sub(r"\$.*?\$|[`*]", "", title).strip())


@cache
def sections(page: str) -> set[str]:
    """쪽에 있는 절의 이름."""
    return {anchor(title) for title in re.findall(r"^#{1,6} (.+)$", prose(page), re.M)}


def canonical(tree: ET.Element) -> str:
    """속성의 차례와 빈 글의 적는 방법에 흔들리지 않는 글로 적어요."""
    return ET.canonicalize(ET.tostring(tree, encoding="unicode"))


def sample(positions: list[tuple[int, ...]], count: int) -> list[tuple[int, ...]]:
    """양 끝을 넣어 고르게 ``count``개 이하로 골라요."""
    if len(positions) <= count:
        return positions
    return [positions[i] for i in np.linspace(0, len(positions) - 1, count).round().astype(int)]


def per_chapter() -> dict[str, Any]:
    """``pytest.mark.parametrize("path", **per_chapter())``: 실패에 장의 이름이 보여요."""
    label: Callable[[Path], str] = lambda path: path.stem  # noqa: E731
    return {"argvalues": CHAPTERS, "ids": label}
