"""출력 대조: 책의 모습으로 실행한 것과 같으면 지나가고, 저장된 것에 심은 잘못은 장과 셀을 대며 빨개져요."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from scripts import load_script

compare = load_script("book/compare.py")
record = load_script("book/record.py")

COUNT = "for n in range(3):\n    print(n, n / 7)"
TABLE = """\
class Table:
    def __repr__(self):
        return "표"
    def _repr_html_(self):
        return "<table><td>0.25</td></table>"

Table()"""
EXPERIMENT = """\
from bplib.lab import plots
from bplib.lab.experiment import Slider, experiment

@experiment(n=Slider("수", range(2)))
def 작은_실험(n):
    return plots.axes()[0], f"수는 {n}이에요."

작은_실험"""
CODES = {"count": COUNT, "table": TABLE, "experiment": EXPERIMENT}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """진짜 커널에서 실행해 저장한 노트북과, 쪽의 모습으로 한 번 더 실행해 담은 곳."""
    folder = tmp_path_factory.mktemp("notebook")
    path, cache = folder / "small.ipynb", folder / "cache"
    cells = [nbformat.v4.new_code_cell(code, id=name) for name, code in CODES.items()]
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 글", id="a"), *cells]), path
    )
    assert record.record(path) == "저장했어요"
    assert compare.fill(cache, [path]) == {}
    return path, cache


def say(made: tuple[Path, Path], path: Path, patch: pytest.MonkeyPatch, capsys: Any) -> tuple[int, str]:
    """명령의 끝난 상태와 말."""
    patch.setattr(compare, "CACHE", made[1])
    return compare.main([str(path)]), capsys.readouterr().out


def test_what_was_recorded_is_what_the_book_shows(made, monkeypatch, capsys):
    """실험은 저장된 것이 글뿐이고 쪽에는 HTML이 실리지만, 견줄 것은 같아요."""
    page = compare.executed(compare.open_cache(made[1]), nbformat.read(made[0], as_version=4))
    assert page.cells[-1].outputs[0].data["text/html"].startswith(compare.PAGE_HTML)
    assert say(made, made[0], monkeypatch, capsys) == (0, "small.ipynb: 4칸이 같아요\n")


def test_another_cpu_is_another_run(made, monkeypatch, tmp_path):
    """다른 명령으로 셈한 것을 이 컴퓨터의 것으로 알지 않아요."""
    cache, notebook = shutil.copytree(made[1], tmp_path / "cache"), nbformat.read(made[0], as_version=4)
    assert compare.executed(compare.open_cache(cache), notebook) is not None
    monkeypatch.setenv("OPENBLAS_CORETYPE", "다른 CPU")
    assert compare.executed(compare.open_cache(cache), notebook) is None


def change(name: str, old: str, new: str) -> Callable[[Any], None]:
    """셀의 출력에서 글을 바꿔요."""

    def plant(notebook: Any) -> None:
        (output,) = cell_of(notebook, name).outputs
        holder = output if output.output_type == "stream" else output.data
        for kind in ("text", "text/plain", "text/html"):
            if old in holder.get(kind, ""):
                holder[kind] = holder[kind].replace(old, new)
                return
        raise AssertionError(f"{old!r}가 없어요")

    return plant


def cell_of(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


# 심은 잘못: (바꾸는 일, 셀, 말해야 하는 것)
PLANTED: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "digit": (change("count", "0.142857", "0.142858"), "count", "-1 0.142858"),
    "line": (change("count", "2 0.2857142857142857\n", ""), "count", "+2 0.2857142857142857"),
    "last-newline": (change("count", "57\n", "57"), "count", "출력이 달라요"),
    "html": (change("table", "0.25", "0.26"), "table", "-<table><td>0.26</td></table>"),
    "plain": (change("experiment", "수는 0", "수는 1"), "experiment", "수는 0이에요"),
    "lost-html": (
        lambda nb: cell_of(nb, "table").outputs[0].data.pop("text/html"),
        "table",
        "+[출력 1: text/html]",
    ),
    "extra-html": (
        lambda nb: cell_of(nb, "experiment").outputs[0].data.update({"text/html": "<b>가</b>"}),
        "experiment",
        "-<b>가</b>",
    ),
    "lost-output": (lambda nb: cell_of(nb, "count").outputs.clear(), "count", "+[출력 1: stdout]"),
    "extra-output": (
        lambda nb: cell_of(nb, "count").outputs.append(
            nbformat.v4.new_output("display_data", {"text/plain": "가"})
        ),
        "count",
        "-가",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_named_by_chapter_and_cell(fault, made, tmp_path, monkeypatch, capsys):
    plant, cell, words = PLANTED[fault]
    notebook = nbformat.read(made[0], as_version=4)
    plant(notebook)
    path = tmp_path / "small.ipynb"
    path.write_text(record.normal_text(notebook), encoding="utf-8")
    code, said = say(made, path, monkeypatch, capsys)
    assert code == 1
    assert said.startswith("small.ipynb: 안 돼요. ")
    assert f"번째 셀({cell}): " in said
    assert [name for name in CODES if f"({name})" in said] == [cell]
    assert words in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cell: cell.update(execution_count=None),
        lambda cell: cell.update(execution_count=7),
        lambda cell: cell.metadata.update(execution={"iopub.status.busy": "2026-11-28"}),
        lambda cell: cell.outputs[0].data.update({"image/png": "AAAA"}),
    ],
    ids=["never-run", "run-number", "run-time", "image"],
)
def test_a_notebook_that_was_not_recorded_is_told(spoil, made, tmp_path, monkeypatch, capsys):
    notebook = nbformat.read(made[0], as_version=4)
    spoil(cell_of(notebook, "table"))
    path = tmp_path / "small.ipynb"
    nbformat.write(notebook, path)
    code, said = say(made, path, monkeypatch, capsys)
    assert code == 1
    assert said.startswith("small.ipynb: 안 돼요. 저장된 모양이 아니에요.")


def test_a_cell_never_run_differs_by_itself():
    """모양을 보지 않더라도, 실행한 적이 없는 셀은 같다고 하지 않아요."""
    cell = nbformat.v4.new_code_cell("1")
    assert compare.difference(cell, nbformat.v4.new_code_cell("1", execution_count=1))


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (nbformat.v4.new_output("stream", name="stderr", text="경고"), "stderr"),
        (nbformat.v4.new_output("error", ename="ValueError", evalue="나쁜 값", traceback=[]), "나쁜 값"),
        (nbformat.v4.new_output("display_data", {"application/json": {}}), "application/json"),
        (
            nbformat.v4.new_output("display_data", {"text/html": '<div class="bp-x">', "text/plain": "가"}),
            "가",
        ),
    ],
)
def test_what_the_book_shows_more_is_told(output, words):
    stored = nbformat.v4.new_code_cell("1", execution_count=1)
    assert words in compare.difference(stored, nbformat.v4.new_code_cell("1", outputs=[output]))


def test_a_failing_notebook_is_told_with_its_error(tmp_path, monkeypatch, capsys):
    path = tmp_path / "bad.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0", id="a")]), path)
    code, said = say((path, tmp_path / "cache"), path, monkeypatch, capsys)
    assert code == 1
    assert said.startswith("bad.ipynb: 안 돼요. ")
    assert "ZeroDivisionError" in said
