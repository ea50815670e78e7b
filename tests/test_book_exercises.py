"""책의 모든 연습문제: 정답은 맞고, 실수는 저마다 제 진단을 받고, 쪽에는 답이 보이지 않아요."""

import json
import re

import numpy as np
import pytest

from chapters import CHAPTERS, per_chapter, run_chapter

PLAIN = {"00-intro", "01-structure", "02-forward", "06-bug-zoo", "14-summary"}  # 풀이만 있거나 꼴이 다른 장
DIAGNOSING = {p.stem for p in CHAPTERS if p.stem[:2].isdigit()} - PLAIN


def exercises(path):
    return run_chapter(path).exercises


@pytest.mark.parametrize("path", **per_chapter())
def test_right_answers_are_right(path):
    for exercise in exercises(path):
        verdict = exercise.check(exercise.answer)
        assert verdict.right, f"{path.stem} {exercise}: {verdict}"


@pytest.mark.parametrize("path", **per_chapter())
def test_every_mistake_gets_its_diagnosis(path):
    """실수를 실제로 저질러 얻은 값을 넣어 봐요."""
    for exercise in exercises(path):
        for mistake, _ in exercise.mistakes:
            verdict = exercise.check(mistake.value)
            assert verdict.message == f"{mistake.diagnosis} {mistake.hint}", f"{path.stem} {exercise}"
            assert not verdict.right


@pytest.mark.parametrize("path", [p for p in CHAPTERS if p.stem in DIAGNOSING], ids=lambda p: p.stem)
def test_core_chapters_have_five_diagnosing_exercises(path):
    found = exercises(path)
    assert len([e for e in found if len(e.mistakes) >= 2]) >= 5
    assert any(callable(e.answer) for e in found), "함수를 쓰는 문제가 하나는 있어야 해요"


@pytest.mark.parametrize("path", **per_chapter())
def test_page_does_not_show_the_answer(path):
    for exercise in exercises(path):
        html = exercise.page_html()
        assert exercise.number.split(".")[0] == str(int(path.stem[:2])), f"{exercise}의 번호가 장과 달라요"
        if exercise.is_number:
            shown = re.sub(r"<script.*?</script>|<details.*?</details>", "", html, flags=re.S)
            answer = float(np.asarray(exercise.answer))
            if answer != round(answer):  # 정수는 물음에도 나올 수 있어요
                assert f"{answer:.{exercise.digits}f}" not in shown, f"{exercise}: 답이 보여요"
            data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html, re.S)[1])
            for value, message in data["known"]:
                assert exercise.check(value).message == message


def test_numbers_are_unique():
    numbers = [exercise.number for path in CHAPTERS for exercise in exercises(path)]
    assert len(numbers) == len(set(numbers))
