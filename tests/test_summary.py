"""마무리: 책의 모든 장과 흔한 오해 모음에 닿아요."""

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
