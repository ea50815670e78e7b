"""함수로 답하는 연습: 정의 하나에서 나온 판정, 오류의 말, 빈칸 코드."""

import re

import numpy as np
import pytest
from coding import CASES, DIVIDED, ERRORS, LAST, SOLUTION, exercise

from bplib.lab import judge
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import SEVERAL, ExerciseError, Mistake


def said(source):
    verdict = exercise().check_source(source)
    assert not verdict.right
    return verdict.message


def test_the_solution_is_right_and_each_mistake_is_named():
    found = exercise()
    assert repr(found.check_source(found.solution)) == "✓ 맞았어요. 줄마다 곱했어요."
    for mistake in found.mistakes:
        assert found.check_source(found.edited(mistake)).message == f"{mistake.diagnosis} {mistake.hint}"


@pytest.mark.parametrize(
    "function",
    [
        lambda W, c: ([[c * w for w in row] for row in W], sum(map(sum, W))),
        lambda W, c: (c * W, W.sum()),
        lambda W, c: [c * np.asarray(W), np.sum(W)],
    ],
    ids=["lists", "arrays", "both"],
)
def test_a_function_of_lists_or_of_arrays_is_judged(function):
    assert exercise().check(function).right


def test_a_mistake_made_with_arrays_is_named():
    assert "나눴어요." in exercise().check(lambda W, c: (W / c, W.sum())).message
    assert exercise().check(3).message == "함수로 답해 주세요. 받은 값의 종류: int"


def test_mistakes_with_one_value_are_told_together():
    twin = Mistake("한 번 더 나눴어요.", "한 번만요.", {"c * w": "w * (1 / c)"})
    message = exercise([DIVIDED, twin, LAST]).check_source(SOLUTION.replace("c * w", "w / c")).message
    assert message == f"{SEVERAL} ① 나눴어요. c를 곱하세요. ② 한 번 더 나눴어요. 한 번만요."


def test_the_first_difference_is_told_part_by_part():
    first = "넣은 것: scale([[1.0, 2.0], [3.0, 5.0]], 3.0)"
    assert said("def scale(W, c):\n    return [3.0], 11") == (
        f"rows의 모양이 달라요.\n{first}\n나와야 할 것: (2, 2)\n받은 것: (1,)"
    )
    assert said("def scale(W, c):\n    return [[3, 6], [9, 15]], 12") == (
        f"total의 값이 달라요.\n{first}\n나와야 할 것: 11\n받은 것: 12"
    )
    assert said("def scale(W, c):\n    return [[3, 6], [9]], 11").endswith("줄마다 길이가 다른 목록")
    assert said("def scale(W, c):\n    return 1") == "2가지를 돌려줘야 하는데 하나만 돌려줬어요."
    assert said("def scale(W, c):\n    return 1, 2, 3") == "2가지를 돌려줘야 하는데 3가지를 돌려줬어요."
    later = [[3.0, 6.0], [9.0, 15.0]]
    assert "넣은 것: scale([[0.5], [-2.0], [4.0]], -1.5)" in said(f"def scale(W, c):\n    return {later}, 11")


def test_a_slip_in_one_part_is_named_whatever_the_other_is():
    """둘을 한꺼번에 틀려도, 돌려준 것마다 알려진 실수를 찾아요."""
    assert (
        said("def scale(W, c):\n    return [[w / c for w in row] for row in W], 99")
        == "나눴어요. c를 곱하세요."
    )
    assert said("def scale(W, c):\n    return [[7.0]], sum(W[-1])").startswith("마지막 줄만 더했어요.")


def test_parts_without_a_name_are_counted():
    found = exercise(solution=SOLUTION.replace("return rows, total", "return rows, 1 * total"))
    assert (
        "둘째로 돌려준 것의 값이 달라요."
        in found.check_source("def scale(W, c):\n    return [[3, 6], [9, 15]], 12").message
    )


@pytest.mark.parametrize("source", ERRORS, ids=range(len(ERRORS)))
def test_errors_are_told_in_korean_with_the_line(source):
    assert said(source).startswith(ERRORS[source])


def test_an_error_of_a_function_from_a_notebook_is_told_too():
    message = exercise().check(lambda W, c: W.nothing).message
    assert "목록과 수에는 그런 것이 없어요" in message


def test_running_shows_what_is_returned():
    assert judge.show_source("def scale(W, c):\n    return W, c", exercise().exam) == (
        "→",
        "scale([[1.0, 2.0], [3.0, 5.0]], 3.0)\nrows = [[1, 2], [3, 5]]\ntotal = 3",
    )
    mark, message = judge.show_source("def scale(W, c):\n    return V", exercise().exam)
    assert mark == "✗"
    assert message.startswith("2번째 줄: ‘V’(이)라는 이름이 없어요.")


def test_numbers_are_the_same_within_a_millionth():
    assert judge.same([1.0, 2e6], [1.0 + 9e-7, 2e6 + 1])
    assert not judge.same(1.0, 1.0 + 2e-6)
    assert not judge.same(float("nan"), 1.0)
    assert judge.same(float("inf"), float("inf"))
    assert not judge.same([1.0], 1.0)
    assert not judge.same([1.0], [1.0, 2.0])


def test_what_is_given_can_be_used_and_is_not_shared():
    found = CodeExercise(
        "9.2",
        "두 배의 제곱",
        "def f(x):\n    return square(2 * x) + 1\n",
        given="def square(x):\n    return x * x",
        cases=["3.0", "square(2.0)"],
        why="까닭",
        mistakes=[
            Mistake("하나.", "길.", {"2 * x": "x"}),
            Mistake("둘.", "길.", {"square": "abs"}),
        ],
    )
    assert found.check_source(found.solution).right
    assert found.check(lambda x: 4 * x * x + 1).right
    assert not found.check_source("square = abs\n" + found.solution).right
    assert found.check_source(found.solution).right
    assert '<pre class="bp-given">def square' in found.page_html()


def test_blanks_come_from_the_mistakes():
    found = exercise()
    blanks = {blank.right: set(blank.options) for blank in found.blanks}
    assert blanks == {
        "c * w": {"c * w", "w / c", "w"},
        "total += sum(row)": {"total += sum(row)", "total = sum(row)"},
    }
    html = found.page_html()
    cloze = re.search(r'<pre class="bp-cloze" hidden>(.*?)</pre>', html)[1]
    assert cloze.count("<select") == 2
    assert "c * w" not in re.sub(r"<select.*?</select>", "", cloze)
    first_option = re.findall(
        r'<select[^>]*><option value=""></option><option value="[^"]*">(.*?)</option>', cloze
    )
    assert len(first_option) == 2


def test_the_page_shows_the_solution_only_behind_a_closed_fold():
    html = exercise().page_html()
    folded = r'<script.*?</script>|<details hidden>.*?</details>|<pre class="bp-cloze".*?</pre>'
    shown = re.sub(folded, "", html, flags=re.S)
    assert "c * w" not in shown


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"solution": "x = 1"}, "정답에 def 줄이"),
        ({"cases": []}, "cases에 경우가"),
        ({"solution": "def f(:\n    return 1"}, "연습 9.1"),
        ({"mistakes": [DIVIDED, LAST, Mistake("가", "나", {"nothing": "w"})]}, "'nothing'이 정답에"),
        ({"mistakes": [DIVIDED, LAST, Mistake("가", "나", {"row": "w"})]}, "'row'이 정답에"),
        ({"mistakes": [DIVIDED, LAST, Mistake("가", "나", {"c * w": "w * c"})]}, "정답과 같은 값"),
        ({"mistakes": [DIVIDED, LAST, Mistake("가", "나", {"c * w": "None"})]}, "연습 9.1"),
        ({"mistakes": [DIVIDED, LAST, Mistake("가", "나", {"c * w": "v"})]}, "연습 9.1"),
        ({"mistakes": [DIVIDED]}, "빈칸이"),
    ],
)
def test_a_careless_definition_is_refused(change, told):
    with pytest.raises(ExerciseError, match=re.escape(told)):
        exercise(**change)


@pytest.mark.parametrize("what", ["number", "question", "why", "given", "start", "solution"])
def test_texts_must_be_texts(what):
    arguments = {"number": "9.1", "question": "?", "solution": SOLUTION, "cases": CASES, "why": "."}
    with pytest.raises(TypeError, match=f"^CodeExercise: {what}"):
        CodeExercise(**arguments | {what: 3}, mistakes=[DIVIDED, LAST])
