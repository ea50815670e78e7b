"""책의 연습문제를 nbgrader의 숙제로 써요.

    python book/assignments.py assignments 05 07     05장과 07장의 것만 (적지 않으면 모든 장)

- ``source/05-backprop/``: 정답이 든 원본. 그대로 채점하면 만점이에요.
- ``release/05-backprop/``: 정답을 지운, 나눠 줄 것. nbgrader가 원본에서 만들어요.
- ``gradebook.db``: nbgrader의 성적부. 채점하려면 있어야 해요.

채점 칸은 :func:`bplib.lab.problems.problem`에 답을 넣고, 틀리면 그 판정의 문장으로 멈춰요. 그래서 돌려줄 쪽에도 어떤
실수인지가 적혀요. 정답은 노트북이 아니라 bplib에 있어요.

otter-grader가 아니라 nbgrader인 까닭: 둘 다 돌보고 있지만(2026년 11월의 새 판: nbgrader 0.9.6은 9월, otter 7.0.0은
7월, 더 자주 내는 쪽은 otter) 나눠 준 것이 보통 노트북이라 학생이 더 설치할 것이 없고(otter의 것은 ``import otter``로
시작해요), 여럿의 채점에 Docker가 필요하지 않고, 더 설치하는 꾸러미가 적어요(5개와 12개).
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from bplib._checks import report
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise
from bplib.lab.problems import problem

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
NUMBER_POINTS, CODE_POINTS = 1, 3
INTRO = """# {title}: 연습문제

- bplib이 설치된 곳에서 여세요. 책의 같은 장을 곁에 펴 두면 좋아요.
- 답 칸에만 쓰세요. 그 아래의 채점 칸을 실행하면 맞았는지, 어떤 실수인지 알려 줘요.
- 내기 전에 커널을 다시 시작하고 모든 칸을 차례로 실행해 보세요.
"""
TEST = """\
# 채점 칸 ({points}점). 고치지 마세요. 채점할 때 처음의 것으로 되돌려요.
from bplib.lab.problems import problem

verdict = problem("{number}").{check}
assert verdict.right, verdict.message
print(verdict)"""
# 시작 코드 다음에 정답이 있는 칸. nbgrader가 두 표시와 그 사이를 지워 시작 코드만 남겨요.
ANSWER = "{start}### BEGIN SOLUTION\n{solution}\n### END SOLUTION"


class AssignmentError(ValueError):
    """숙제를 쓸 수 없어요."""


def chapters() -> dict[str, tuple[str, list[str]]]:
    """연습이 있는 장마다: 노트북의 이름 → (제목, 연습의 번호들). 차례도 책과 같아요."""
    found = {}
    for path in sorted(CHAPTERS.glob("[0-9][0-9]-*.ipynb")):
        cells = ["".join(c["source"]) for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        numbers = [m[1] for cell in cells if (m := re.fullmatch(r'problem\("([\d.]+)"\)', cell.strip()))]
        if numbers:
            found[path.stem] = cells[0].partition("\n")[0].lstrip("# "), list(dict.fromkeys(numbers))
    return found


def choose(wanted: Sequence[str]) -> list[str]:
    """ "05", "5", "05-backprop" 가운데 어느 모양으로든 적은 장들. 비우면 모두예요."""
    names = list(chapters())
    chosen = []
    for one in wanted:
        fits = [name for name in names if name == one or name.partition("-")[0] == one.zfill(2)]
        if not fits:
            raise AssignmentError(report("숙제", "장이", f"{', '.join(names)} 가운데 하나", repr(one)))
        chosen += fits
    return list(dict.fromkeys(chosen)) or names


def cell(kind: str, exercise: Exercise | CodeExercise, role: str, source: str, **roles: Any) -> Any:
    """nbgrader의 칸 하나. 적지 않은 것은 고칠 수 없는(locked) 보통의 칸이에요."""
    name = f"ex-{exercise.number.replace('.', '-')}-{role}"
    about = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": True}
    make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    return make(source.rstrip("\n"), id=name, metadata={"nbgrader": about | {"task": False} | roles})


def cells(exercise: Exercise | CodeExercise) -> list[Any]:
    """연습 하나의 칸들: 물음, 미리 주는 코드, 답, 채점."""
    if isinstance(exercise, CodeExercise):
        points, name = CODE_POINTS, exercise.name
        given, start, solution = exercise.given, exercise.start, exercise.solution
        check = f'check(globals().get("{name}"))'
    else:
        points, name = NUMBER_POINTS, f"answer_{exercise.number.replace('.', '_')}"
        right = f"{exercise.answer:.{exercise.digits}f}".rstrip("0").rstrip(".")
        given, start, solution = "", f'{name} = ""  # 따옴표 안에 답을 적으세요\n', f'{name} = "{right}"'
        check = f'check_text(str(globals().get("{name}", "")))'
    question = re.sub(r"([\\`*_<>$])", r"\\\1", exercise.question)  # 물음은 보통 글이에요
    test = TEST.format(points=points, number=exercise.number, check=check)
    answer = ANSWER.format(start=start, solution=solution.rstrip("\n"))
    found = [cell("markdown", exercise, "question", f"## 연습 {exercise.number} ({points}점)\n\n{question}")]
    if given:
        found.append(cell("code", exercise, "given", given))
    found.append(cell("code", exercise, "answer", answer, solution=True, locked=False))
    found.append(cell("code", exercise, "test", test, grade=True, points=points))
    return found


def notebook(title: str, exercises: Sequence[Exercise | CodeExercise]) -> Any:
    """정답이 든 원본."""
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    about["language_info"] = {"name": "python"}
    intro = nbformat.v4.new_markdown_cell(INTRO.format(title=title).rstrip("\n"), id="intro")
    return nbformat.v4.new_notebook(
        cells=[intro, *(part for exercise in exercises for part in cells(exercise))], metadata=about
    )


def write(folder: Path, wanted: Sequence[str] = ()) -> list[str]:
    """장마다 원본을 쓰고, nbgrader로 나눠 줄 것을 만들어요. 만든 것을 한 줄씩 돌려줘요."""
    try:
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config
    except ImportError as error:
        raise AssignmentError(
            f"nbgrader를 부를 수 없어요({error}). `.venv`의 pip로 requirements/teach.txt를 설치해 주세요."
        ) from error
    beside = str(Path(sys.executable).parent)  # nbgrader가 alembic을 이름으로만 불러요
    os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
    config = Config()
    config.CourseDirectory.root = str(folder.resolve())
    config.ClearSolutions.code_stub = {"python": ""}
    grader, said = NbGraderAPI(CourseDirectory(config=config), config=config), []
    for name in choose(wanted):
        title, numbers = chapters()[name]
        made = notebook(title, [problem(number) for number in numbers])
        try:
            (folder / "source" / name).mkdir(parents=True, exist_ok=True)
            nbformat.write(made, folder / "source" / name / f"{name}.ipynb")
        except OSError as error:
            got = f"{folder} ({error.strerror})"
            raise AssignmentError(report("숙제", "폴더가", "쓸 수 있는 폴더", got)) from error
        result = grader.generate_assignment(name)
        if not result["success"]:
            raise AssignmentError(f"nbgrader가 {name}의 정답을 지우지 못했어요.\n{result['log']}")
        tests = [c.metadata.nbgrader.points for c in made.cells if c.id.endswith("-test")]
        said.append(f"{name}: {len(tests)}문제 {sum(tests)}점")
    return said


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("chapters", nargs="*")
    args = parser.parse_args()
    try:
        print("\n".join(write(args.folder, args.chapters)))
    except AssignmentError as trouble:
        sys.exit(str(trouble))
