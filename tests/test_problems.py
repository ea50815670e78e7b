"""장의 연습문제: 손으로 푼 답은 맞고, 흔한 오답은 저마다 알려진 진단을 받아요.

손으로 푼 것은 `problem_answers/`에 모듈마다 있어요. 수는 JSON에, 함수는 RIGHT와 WRONG에 적어요.
"""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import nbformat
import numpy as np
import pytest

from bplib import ledger
from bplib.lab.problems import HOMES, diagnoses, problem, training
from chapters import NUMBERS, ROOT

ANSWERS = Path(__file__).parent / "problem_answers"
RIGHT, WRONG = {}, {}
for module in HOMES.values():
    values = json.loads((ANSWERS / f"{module}.json").read_text("utf-8"))
    functions = import_module(f"problem_answers.{module}")
    RIGHT |= {number: answer["right"] for number, answer in values.items()} | functions.RIGHT
    WRONG |= {number: answer["wrong"] for number, answer in values.items()} | functions.WRONG


def test_every_problem_was_solved_by_hand():
    assert sorted(RIGHT) == sorted(WRONG) == sorted(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_solved_by_hand_is_right(number):
    verdict = problem(number).check(RIGHT[number])
    assert verdict.right, verdict


@pytest.mark.parametrize("number", NUMBERS)
def test_common_slips_are_recognized(number):
    exercise = problem(number)
    known = {f"{mistake.diagnosis} {mistake.hint}" for mistake in exercise.mistakes}
    assert WRONG[number], "흔한 오답이 하나는 있어야 해요"
    for wrong in WRONG[number]:
        verdict = exercise.check(wrong)
        assert not verdict.right
        assert any(said in verdict.message for said in known), f"{wrong}: {verdict}"


def test_the_slips_can_be_listed():
    told = subprocess.run(
        [sys.executable, "-m", "bplib.lab.problems"], capture_output=True, text=True, check=True
    ).stdout
    assert told.splitlines()[-1] == f"서로 다른 실수 {len(diagnoses())}가지"
    assert len(diagnoses()) >= 60


def test_the_same_number_is_the_same_problem():
    assert problem("5.3") is problem("5.3")


@pytest.mark.parametrize("number", ["5.99", "0.3", "5", "", "5.3.1", "6.21"])
def test_an_unknown_number_is_refused(number):
    with pytest.raises(ValueError, match=r"^problem: number가"):
        problem(number)
    with pytest.raises(TypeError, match=r"^problem: number"):
        problem(5.3)


def test_the_numbers_shown_are_the_numbers_asked():
    """6장의 글이 보여 주는 표와, 문제 6.1, 6.2, 6.8이 아는 표."""
    names = ("06-training", "06-generalisation")
    books = [nbformat.read(ROOT / f"chapters/{name}.ipynb", as_version=4) for name in names]
    cells = [cell for book in books for cell in book.cells if cell.cell_type == "code"]
    outputs = [out for cell in cells for out in cell.outputs]
    shown = "".join(out.text for out in outputs if out.output_type == "stream")
    table = zip(training.CORRECT, training.DELTAS, training.ACTIVATIONS, strict=True)
    for correct, delta, activation in table:
        assert (
            f"{'맞음' if correct else '틀림'}, δ = {delta:+.4f}, 은닉 2의 활성값 {activation:+.4f}" in shown
        )
    assert f"옛 값 w²₁₂ = {training.OLD:.4f}, 학습률 η = {training.ETA}" in shown
    assert f"학습 {training.TRAIN_LOSS}\n검증 {training.VAL_LOSS}" in shown


def test_a_step_by_hand_is_the_step_of_the_ledger():
    L = ledger.LEDGER
    step = RIGHT["6.4"](L.x, L.y, L.W1, L.b1, L.W2, L.b2, L.eta)
    for got, want in zip(step, (L.new_W1, L.new_b1, L.new_W2, L.new_b2), strict=True):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


def test_answers_of_the_exercise_ledger_are_not_printed_in_the_chapters():
    """연습 장부의 수를 묻는 문제의 답이 연습문제의 앞에서 글에도 출력에도 적혀 있지 않아요."""
    asked = {
        "04-chain-rule": ["4.2", "4.3", "4.6"],
        "05-backprop": ["5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.8"],
    }
    for chapter, numbers in asked.items():
        cells = nbformat.read(ROOT / f"chapters/{chapter}.ipynb", as_version=4).cells
        end = next(place for place, cell in enumerate(cells) if cell.source.startswith("## 연습문제"))
        printed = json.dumps(cells[:end], ensure_ascii=False)
        answers = {number: f"{abs(problem(number).answer):.4f}" for number in numbers}
        assert {number for number, answer in answers.items() if answer in printed} == set()
