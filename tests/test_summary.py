"""마무리: 모든 “흔한 오해” 상자가 표에 이어져 있고, 책의 모든 장에 닿아요."""

import re

import nbformat
import pytest

from chapters import ROOT

FOLDER = ROOT / "chapters"


def cells(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def slug(heading):
    """MyST가 제목으로 짓는 주소. 수식은 빠져요."""
    plain = re.sub(r"\$[^$]*\$|`", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


CHAPTERS = sorted(path.stem for path in FOLDER.glob("[01]*.ipynb") if path.stem != "14-summary")
SUMMARY = "\n".join(cells("14-summary"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_misconception_box_is_linked(chapter):
    text = "\n".join(cells(chapter))
    boxes = re.findall(r"^##+ (흔한 오해 · .+)$", text, re.M)
    missing = [box for box in boxes if f"({chapter}.ipynb#{slug(box)})" not in SUMMARY]
    assert not missing
    assert f"({chapter}.ipynb" in SUMMARY
