"""마무리: 책의 모든 장과 흔한 오해 모음에 닿아요."""

import ast
import re
from collections import Counter

import nbformat
import pytest

from chapters import ROOT

FOLDER = ROOT / "chapters"


def cells(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


CHAPTERS = sorted(path.stem for path in FOLDER.glob("[01]*.ipynb") if path.stem != "14-summary")
SUMMARY = "\n".join(cells("14-summary"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_reached(chapter):
    assert f"({chapter}.ipynb" in SUMMARY


def test_the_collected_misconceptions_are_linked():
    assert "(misconceptions.ipynb)" in SUMMARY


def kind(title):
    """몇 장인가, 덧붙임인가."""
    return re.match(r"(\d+장|들어가며)( 덧붙임)?", title).groups()


def test_the_map_has_every_chapter():
    """개념 지도의 장: 장과 덧붙임이 책과 같은 수만큼 있어요."""
    code = [cell.source for cell in nbformat.read(FOLDER / "14-summary.ipynb", as_version=4).cells]
    drawn = next(source for source in code if source.startswith("BOXES = "))
    roles = next(
        [key.value for key in node.value.keys]
        for node in ast.parse(drawn).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ROLES"
    )
    titles = [cells(chapter)[0].removeprefix("# ") for chapter in CHAPTERS]
    assert Counter(map(kind, roles)) == Counter(map(kind, titles))
