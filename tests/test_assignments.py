"""숙제: 원본은 만점이고, 나눠 줄 것에는 정답이 없고, 진짜 nbgrader가 맞은 답과 실수와 멈춘 답을 갈라 채점해요."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from scripts import ROOT, load_script

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import NOT_A_NUMBER
from bplib.lab.problems import problem

assignments: ModuleType = load_script("book/assignments.py")
CHAPTER = "01-structure"
NUMBERS = assignments.chapters()[CHAPTER][1]
CODE = next(number for number in NUMBERS if isinstance(problem(number), CodeExercise))
CODE_SLIP = problem(CODE).edited(problem(CODE).mistakes[0])
NUMBER_SLIP = str(problem(NUMBERS[0]).mistakes[0].value)
ANSWERS = {  # 학생 → {연습: 만점인 답 대신 적은 것}
    "right": {},
    "slip": {CODE: CODE_SLIP, NUMBERS[0]: f'answer_1_1 = "{NUMBER_SLIP}"'},
    "crash": {
        CODE: f"{problem(CODE)._head()}    return nothing",
        NUMBERS[0]: "answer_1_1 = 1 / 0",
        NUMBERS[1]: "answer_1_2 = (",
    },
}


def command(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """`.venv`를 켠 셸에서처럼 명령을 실행해요. 실패하면 한 말이 보여요."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PATH": path, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """두 장의 숙제가 있는 폴더."""
    folder = tmp_path_factory.mktemp("course")
    said = command(ROOT / "book/assignments.py", folder, "1", "14-summary").stdout
    assert re.findall(r"^(\S+): \d+문제 \d+점$", said, re.M) == [CHAPTER, "14-summary"]
    return folder


def read(folder: Path, name: str) -> nbformat.NotebookNode:
    return nbformat.read(folder / name / f"{name}.ipynb", as_version=4)


def fill(cell: nbformat.NotebookNode, answers: dict[str, str]) -> None:
    """답 칸이면 적은 것으로, 적지 않았으면 원본의 정답으로 채워요."""
    if cell.id.endswith("-answer"):
        number = ".".join(cell.id.split("-")[1:3])
        original = assignments.cells(problem(number))[-2].source
        cell.source = answers.get(number, original)


@pytest.fixture(scope="module")
def graded(course: Path) -> dict[str, tuple[float, float, str]]:
    """학생 → (점수, 만점, 돌려줄 쪽의 글). 나눠 준 것에 답을 적어 내고, nbgrader의 두 명령으로 채점해요."""
    for student, answers in ANSWERS.items():
        book = read(course / "release", CHAPTER)
        for cell in book.cells:
            fill(cell, answers)
        place = course / "submitted" / student / CHAPTER
        place.mkdir(parents=True)
        nbformat.write(book, place / f"{CHAPTER}.ipynb")
    for step in ("autograde", "generate_feedback"):
        command("-m", "nbgrader", step, CHAPTER, cwd=course)
    told = {}
    for student in ANSWERS:
        page = (course / "feedback" / student / CHAPTER / f"{CHAPTER}.html").read_text(encoding="utf-8")
        text = html.unescape(re.sub("<[^>]*>", "", page))
        score, most = re.search(r"Score: (\S+) / (\S+)\)", text).groups()
        told[student] = float(score), float(most), text
    return told


def test_three_answers_are_graded(graded: dict[str, tuple[float, float, str]]) -> None:
    full = assignments.CODE_POINTS + assignments.NUMBER_POINTS * (len(NUMBERS) - 1)
    lost = assignments.CODE_POINTS + assignments.NUMBER_POINTS
    points = {student: (score, most) for student, (score, most, _) in graded.items()}
    assert points == {
        "right": (full, full),
        "slip": (full - lost, full),
        "crash": (full - lost - assignments.NUMBER_POINTS, full),
    }


def test_the_feedback_names_the_slip(graded: dict[str, tuple[float, float, str]]) -> None:
    pages = {student: page for student, (_, _, page) in graded.items()}
    assert "AssertionError" not in pages["right"]
    assert pages["right"].count("✓ 맞았어요.") == len(NUMBERS)
    for verdict in (problem(CODE).check_source(CODE_SLIP), problem(NUMBERS[0]).check_text(NUMBER_SLIP)):
        assert f"AssertionError: {verdict.message}" in pages["slip"]
        assert verdict.message not in pages["right"] + pages["crash"]
    assert "‘nothing’(이)라는 이름이 없어요." in pages["crash"]
    assert pages["crash"].count(f"AssertionError: {NOT_A_NUMBER}") == 2


@pytest.mark.parametrize("name", [CHAPTER, "14-summary"])
def test_the_release_has_no_solution(course: Path, name: str) -> None:
    release, source = read(course / "release", name), read(course / "source", name)
    nbformat.validate(release)
    assert [cell.id for cell in release.cells] == [cell.id for cell in source.cells]
    assert "SOLUTION" not in nbformat.writes(release)
    assert str(ROOT) not in nbformat.writes(release)
    left = {cell.id: cell.source for cell in release.cells}
    for number in assignments.chapters()[name][1]:
        exercise, answer = problem(number), left[f"ex-{number.replace('.', '-')}-answer"]
        if isinstance(exercise, CodeExercise):
            assert answer.rstrip() == exercise.start.rstrip()
            assert exercise.solution.strip() not in nbformat.writes(release)
        else:
            assert re.fullmatch(r'answer_\d+_\d+ = ""  # .*\n?', answer)


def test_the_cells_are_those_of_nbgrader(course: Path) -> None:
    """nbgrader가 원본을 읽고 적은 것: 채점 칸은 잠겨 있고 점수가 있고, 답 칸만 고칠 수 있어요."""
    for cell in read(course / "release", CHAPTER).cells[1:]:
        role, about = cell.id.rsplit("-", 1)[1], cell.metadata.nbgrader
        assert (about.grade, about.solution, about.locked) == (
            role == "test",
            role == "answer",
            role != "answer",
        )
        assert about.checksum
        assert ("points" in about) == (role == "test")
        assert cell.metadata.get("editable", True) == (role == "answer")


@pytest.mark.parametrize("name", assignments.chapters())
def test_every_original_is_right(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """모든 장의 모든 연습에서, 원본의 칸을 차례로 실행하면 채점 칸이 맞았다고 해요."""
    numbers = assignments.chapters()[name][1]
    for number in numbers:
        names: dict[str, object] = {}
        for cell in assignments.cells(problem(number)):
            if cell.cell_type == "code":
                exec(cell.source, names)
    assert capsys.readouterr().out.count("✓ 맞았어요.") == len(numbers)


def test_chapters_are_chosen_by_number_or_name() -> None:
    assert assignments.choose(["5", "05", "05-backprop", "01"]) == ["05-backprop", CHAPTER]
    assert assignments.choose([]) == list(assignments.chapters())
    with pytest.raises(
        assignments.AssignmentError, match=r"기대: 00-intro, .*14-summary 가운데 하나, 받음: '99'"
    ):
        assignments.choose(["99"])


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PATH", os.environ["PATH"])
    with pytest.raises(assignments.AssignmentError, match=r"기대: 쓸 수 있는 폴더, 받음: .*file"):
        assignments.write(tmp_path / "file", ["01"])


def test_a_missing_grader_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader.apps", None)
    with pytest.raises(assignments.AssignmentError, match=r"requirements/teach\.txt"):
        assignments.write(tmp_path, ["01"])
    assert list(tmp_path.iterdir()) == []
