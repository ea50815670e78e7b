"""노트북의 모양: 접는 칸은 어디서나 접히고, 보이는 칸은 보이는 것만 쓰고, 접은 코드는 가벼워요."""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from scripts import ROOT, load_script

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
MAX_FOLDED_LINES = 6000  # 독자에게 접어 두는 코드의 줄, 모든 노트북에서
ASKING = {"problem"}  # 독자가 함수를 쓰는 칸의 마지막 줄에 쓰는 이름. 접은 칸에서 불러와요
cells = load_script("book/cells.py")
record = load_script("book/record.py")


def code(notebook: Any) -> Iterator[tuple[str, bool]]:
    """코드 칸의 (글, 접혔나)를 차례로. `%`로 시작하는 줄은 파이썬이 아니에요."""
    for cell in cells.code_cells(notebook):
        yield cell.source, cells.is_folded(cell)


def globals_of(source: str) -> tuple[set[str], set[str]]:
    """칸이 (밖에서 읽는 이름, 밖에 만드는 이름). 함수의 지역 변수와 컴프리헨션의 변수는 세지 않아요."""
    made: set[str] = set()
    used: set[str] = set()
    tables = [symtable.symtable(source, "칸", "exec")]
    while tables:
        table = tables.pop()
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if top and (symbol.is_assigned() or symbol.is_imported()):
                made.add(symbol.get_name())
            if symbol.is_referenced() and (top or symbol.is_global()):
                used.add(symbol.get_name())
        tables += table.get_children()
    return used, made


def names_from_folds(notebook: Any) -> list[str]:
    """보이는 칸이 쓰는데, 그때까지 접힌 칸만 만든 이름."""
    shown, hidden, found = set(dir(builtins)), set(), []
    for number, (source, folded) in enumerate(code(notebook), 1):
        used, made = globals_of(source)
        if folded:
            hidden |= made
            continue
        shown |= made
        found += [f"{number}번째 코드 칸: {name}" for name in sorted(used & (hidden - shown - ASKING))]
    return found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_visible_cells_use_what_is_visible(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not names_from_folds(notebook)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_what_is_imported_is_used(path: Path) -> None:
    """독자가 쓸 칸만은, 독자가 쓸 것을 미리 가져와 둬요."""
    imported, used = set(), set()
    for cell in cells.code_cells(nbformat.read(path, as_version=4)):
        used |= globals_of(cell.source)[0]
        if cells.YOURS not in cell.metadata.get("tags", []):
            top = symtable.symtable(cell.source, "칸", "exec").get_symbols()
            imported |= {symbol.get_name() for symbol in top if symbol.is_imported()}
    assert not imported - used


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_lab_comes_before_matplotlib(path: Path) -> None:
    """bplib.lab은 matplotlib이 글꼴을 훑거나 설정 폴더에 쓰지 못할 때 하는 말을 막아요. 먼저 불러야 막을 수 있어요."""
    source = "\n".join(source for source, _ in code(nbformat.read(path, as_version=4)))
    places = [source.find(f"from {name}") for name in ("bplib.lab", "matplotlib")]
    assert places[1] < 0 or 0 <= places[0] < places[1]


def test_a_name_from_a_fold_is_found() -> None:
    new = nbformat.v4
    cell = [
        new.new_code_cell("a = 1\ndef f(): return a", metadata={"tags": ["hide-input"]}),
        new.new_code_cell("b = [a for a in range(3)]\ndef g(a): return a"),
        new.new_code_cell("def h(): return f()\nprint(a)"),
    ]
    assert names_from_folds(new.new_notebook(cells=cell)) == ["3번째 코드 칸: a", "3번째 코드 칸: f"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_jupyter_folds_what_the_page_folds(path: Path) -> None:
    for cell in cells.code_cells(nbformat.read(path, as_version=4)):
        assert bool(cell.metadata.get("jupyter", {}).get("source_hidden")) == cells.is_folded(cell), cell.id


def test_a_lost_tag_unfolds() -> None:
    cell = nbformat.v4.new_code_cell("1", metadata={"tags": ["hide-input"]})
    record.fold(cell)
    assert cell.metadata.jupyter == {"source_hidden": True}
    cell.metadata.tags = []
    record.fold(cell)
    assert "jupyter" not in cell.metadata


def test_folded_code_stays_light(capsys: pytest.CaptureFixture[str]) -> None:
    lines = {True: 0, False: 0}
    for path in CHAPTERS:
        for source, folded in code(nbformat.read(path, as_version=4)):
            lines[folded] += len(source.splitlines())
    with capsys.disabled():
        print(
            f"\n노트북의 코드: 보이는 {lines[False]:,}줄, 접은 {lines[True]:,}줄 (한도 {MAX_FOLDED_LINES:,}줄)"
        )
    assert lines[True] <= MAX_FOLDED_LINES


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_exercises_are_one_line(path: Path) -> None:
    for source, _ in code(nbformat.read(path, as_version=4)):
        if "problem(" not in source or "import problem" in source:
            continue
        *before, last = ast.parse(source).body
        assert isinstance(last, ast.Expr), source
        if ".check(" in source:  # 노트북에서 함수를 써 보는 칸: 함수들 다음에 확인하는 한 줄
            assert all(isinstance(part, ast.Import | ast.FunctionDef) for part in before), source
            assert ast.unparse(last.value).endswith(f".check({before[-1].name})"), source
        else:
            assert len(source.splitlines()) == 1, source


# “왼쪽은 손실이에요”, “오른쪽 그림에서”. 그림 속의 왼쪽(“왼쪽 끝”, “왼쪽으로”)은 괜찮아요.
SIDE = re.compile(r"(?<!맨 )(왼쪽|오른쪽)((은|이|의) | (그림|곡선))")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_two_figures_are_first_and_second(path: Path) -> None:
    """그림이 둘인 실험은 휴대 전화에서 위아래로 놓여요. 그 앞의 글이 왼쪽과 오른쪽으로 부르면 찾지 못해요."""
    words = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            words = cell.source
        elif "return [left, right]" in cell.source:
            assert not SIDE.search(words), words


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_exercise_to_go_to_is_the_one(path: Path) -> None:
    """“연습 5.11의 칸에 쓰고”라고 하는 칸은, 정말 그 연습의 함수를 써요."""
    sources = [source for source, _ in code(nbformat.read(path, as_version=4))]
    checks = [re.findall(r'problem\("(.+?)"\)\.check\((\w+)\)', source) for source in sources]
    asked = {name: number for found in checks for number, name in found}
    for source in sources:
        for number in re.findall(r"연습 (\d+\.\d+)의 칸", source):
            assert number in {asked.get(name) for name in globals_of(source)[0]}, number
