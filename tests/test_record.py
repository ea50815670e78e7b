"""노트북을 저장하는 규칙: 첫 코드 셀은 어느 장에나 같은 자리에 같은 글로 있고, Colab에서만 설치해요."""

import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from scripts import load_script

from chapters import CHAPTERS, ROOT

record = load_script("book/record.py")


def code_cells(path: Path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


WITH_CODE = [path for path in CHAPTERS if code_cells(path)]


def test_almost_every_notebook_has_code():
    assert len(CHAPTERS) - len(WITH_CODE) <= 2  # 용어집과 ‘내 기록’에는 실행할 것이 없어요


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.stem)
def test_first_code_cell_installs_on_colab_only(path):
    first, *rest = code_cells(path)
    assert first.id == record.COLAB
    assert first.source == record.colab_code()
    assert first.metadata.tags == ["remove-cell"]
    assert not any("google.colab" in cell.source or "sys.path" in cell.source for cell in rest)


@pytest.fixture
def shell():
    """진짜 IPython. %pip만 무엇을 부탁받았는지 적어 두는 것으로 바꿔요. 인터넷 너머의 일이라서요."""
    shell = InteractiveShell()
    asked = []
    shell.register_magic_function(asked.append, magic_name="pip")
    return shell, asked


def test_colab_cell_installs_the_repository_of_the_settings(shell, monkeypatch):
    shell, asked = shell
    shell.run_cell(record.colab_code()).raise_error()
    assert asked == []
    assert "archive" not in shell.user_ns
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    shell.run_cell(record.colab_code()).raise_error()
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    assert asked == [f"install -q {repository['url']}/archive/{repository['branch']}.zip"]


def notebook(*cells):
    new = nbformat.v4.new_notebook()
    new.cells = list(cells)
    return new


def test_colab_cell_is_put_once_before_the_first_code():
    text = nbformat.v4.new_markdown_cell("# 제목", id="title")
    code = nbformat.v4.new_code_cell("1", id="one")
    old = nbformat.v4.new_code_cell("옛 글", id=record.COLAB)
    made = notebook(text, code, old)
    record.add_colab_cell(made)
    record.add_colab_cell(made)
    assert [cell.id for cell in made.cells] == ["title", record.COLAB, "one"]
    assert made.cells[1].source == record.colab_code()
    words = notebook(text, old)
    record.add_colab_cell(words)
    assert [cell.id for cell in words.cells] == ["title"]
