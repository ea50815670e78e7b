"""책의 모든 연습문제: 정답은 맞고, 실수는 저마다 제 진단을 받고, 쪽에는 답이 보이지 않아요."""

import json
import re

import nbformat
import numpy as np
import pytest

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise
from bplib.lab.problems import HOMES, problem
from chapters import NUMBERS, ROOT, run_chapter

ZOO = [f"6.{place}" for place in range(21, 29)]  # 버그 동물원은 그 쪽에서 잰 것을 물어요
LEAST = {"0": (2, 0), "1": (4, 1)}  # 앞의 두 장에는 낱말과 그림으로 답하는 연습이 더 있어요
EVERY = [*NUMBERS, *(pytest.param(number, id=f"06-bug-zoo-{number}") for number in ZOO)]


def exercise(number):
    if number not in ZOO:
        return problem(number)
    return run_chapter(ROOT / "chapters/06-bug-zoo.ipynb").exercises[ZOO.index(number)]


@pytest.mark.parametrize("number", EVERY)
def test_right_answers_are_right(number):
    found = exercise(number)
    assert found.number == number
    code = isinstance(found, CodeExercise)
    verdict = found.check_source(found.solution) if code else found.check(found.answer)
    assert verdict.right, verdict


@pytest.mark.parametrize("number", EVERY)
def test_every_mistake_gets_its_diagnosis(number):
    """실수를 실제로 저질러 얻은 값을 넣어 봐요."""
    found = exercise(number)
    code = isinstance(found, CodeExercise)
    assert len(found.mistakes) >= (3 if code else 2)
    for mistake in found.mistakes:
        verdict = found.check_source(found.edited(mistake)) if code else found.check(mistake.value)
        assert f"{mistake.diagnosis} {mistake.hint}" in verdict.message
        assert not verdict.right


@pytest.mark.parametrize("chapter", HOMES)
def test_every_chapter_has_five_numbers_and_a_function(chapter):
    found = [problem(number) for number in NUMBERS if number.startswith(f"{chapter}.")]
    numbers, functions = LEAST.get(chapter, (5, 1))
    asked = [isinstance(e, CodeExercise) for e in found]
    assert asked.count(False) >= numbers, "수로 답하는 문제가 모자라요"
    assert asked.count(True) >= functions, "함수를 쓰는 문제가 하나는 있어야 해요"


@pytest.mark.parametrize("number", EVERY)
def test_page_does_not_show_the_answer(number):
    found = exercise(number)
    html = found.page_html()
    if isinstance(found, Exercise):
        shown = re.sub(r"<script.*?</script>|<details.*?</details>", "", html, flags=re.S)
        answer = float(np.asarray(found.answer))
        if answer != round(answer):  # 정수는 물음에도 나올 수 있어요
            assert f"{answer:.{found.digits}f}" not in shown, "답이 보여요"
        data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html, re.S)[1])
        for value, message in data["known"]:
            assert found.check(value).message == message


def test_every_problem_is_asked_once_in_its_chapter():
    asked = []
    for name in re.findall(
        r"chapters/([01]\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8")
    ):  # 책의 차례
        cells = nbformat.read(ROOT / f"chapters/{name}.ipynb", as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        here = re.findall(r'^problem\("(.*)"\)$', code, re.M)
        assert {number.split(".")[0] for number in here} <= {str(int(name[:2]))}, name
        asked += here
    assert asked == NUMBERS
