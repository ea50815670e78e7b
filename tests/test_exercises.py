"""연습문제: 정답, 진단, 모양, 함수, 나쁜 입력, 그리고 웹 페이지의 판정."""

import json
import re

import numpy as np
import pytest

from bplib.lab.exercises import (
    CLOSE,
    NOT_A_NUMBER,
    SEVERAL,
    UNKNOWN,
    Exercise,
    ExerciseError,
    Mistake,
    Verdict,
    _exercise_step,
    entry,
    ledger_exercise,
    step_exercise,
    worked,
)
from bplib.lab.mistakes import SLIPS

TRIPLED = Mistake("세 배 했어요.", "두 배예요.", 3.0)


def double(**more):
    return Exercise("9.1", "1의 두 배는?", 2.0, why="1 + 1이에요.", mistakes=[TRIPLED], **more)


def test_right_answer_says_why():
    assert double().check(2) == Verdict(True, "맞았어요. 1 + 1이에요.")
    assert repr(double().check(2)).startswith("✓")


def test_known_mistake_is_named():
    assert double().check(3.0) == Verdict(False, "세 배 했어요. 두 배예요.")
    assert repr(double().check(3)).startswith("✗")


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("0.248", True),
        ("0.25", True),
        ("0.2", False),
        ("0.246", False),
        ("0.2477", False),
        ("0.3", False),
        ("1/4", False),
    ],
)
def test_a_rounded_answer_is_near(given, near):
    """정답 0.2475를 덜 자세히 적으면 거의 맞은 것이고, 잘못 반올림했거나 한 자리뿐이면 아니에요."""
    verdict = Exercise("9.1", "?", 0.2475, why="까닭").check_text(given)
    assert (verdict.near, verdict.right) == (near, False)
    assert ("넷째 자리까지" in verdict.message) == near
    assert repr(verdict)[0] == ("≈" if near else "✗")


def test_a_rounded_number_in_a_kernel_is_near_too():
    exercise = Exercise("9.1", "?", 53.1347, why="까닭")
    assert exercise.check(53.13).near
    assert exercise.check(53).near
    assert not exercise.check(54).near
    assert not exercise.check([53.13]).near


def test_a_named_slip_comes_before_near():
    exercise = Exercise("9.1", "?", 0.2475, why="까닭", mistakes=[Mistake("잘못.", "봐요.", 0.248)])
    assert exercise.check_text("0.248").message == "잘못. 봐요."


def test_slips_with_one_value_are_all_named():
    values = (("가", 3.0), ("나", 3.0), ("다", 4.0))
    twice, again, other = (Mistake(f"{name}.", "봐요.", value) for name, value in values)
    exercise = Exercise("9.1", "?", 2.0, why="까닭", mistakes=[twice, again, twice, other])
    assert exercise.check(3).message == f"{SEVERAL} ① 가. 봐요. ② 나. 봐요."
    assert exercise.check(4).message == "다. 봐요."
    assert [m.diagnosis for m in exercise.mistakes] == ["가.", "다."]


def test_what_was_read_is_said_back():
    assert (
        Exercise("9.1", "?", 0.145, why="까닭", digits=3)
        .check_text("0,145")
        .message.startswith("‘0,145’는 0.145로 읽었어요. 맞았어요.")
    )


def test_unknown_mistake():
    assert double().check(7) == Verdict(False, UNKNOWN)


def test_a_close_answer_is_told_so():
    assert double().check(2.05) == Verdict(False, CLOSE)
    assert double().check(2.07) == Verdict(False, UNKNOWN)


def test_last_digit_may_be_off_by_one_and_no_more():
    assert double().check(2.0001).right
    assert double().check(1.9999).right
    assert not double().check(2.0002).right
    assert not double(digits=6).check(2.0001).right


@pytest.mark.parametrize("given", ["2", "두울", None, {}, [1, "a"], float("nan"), float("inf"), object()])
def test_what_is_not_a_number(given):
    verdict = double().check(given)
    assert verdict.right is (given == "2")
    assert verdict.right or verdict.message in (NOT_A_NUMBER, UNKNOWN)


def test_indistinct_mistakes_are_dropped():
    same = Mistake("정답과 같아요.", "", 2.00005)
    again = Mistake("앞의 실수와 같아요.", "", 3.0001)
    near = Mistake("가깝지만 달라요.", "", 2.00025)
    exercise = Exercise("9.4", "?", 2.0, why="그래요.", mistakes=[same, TRIPLED, again, near])
    assert [m.diagnosis for m in exercise.mistakes] == ["세 배 했어요.", "가깝지만 달라요."]


def test_bad_exercises_are_refused():
    with pytest.raises(ExerciseError, match="정답이"):
        Exercise("9.5", "?", lambda: 1, why="")
    with pytest.raises(ExerciseError, match="실수의 값이"):
        Exercise("9.5", "?", 1.0, why="", mistakes=[Mistake("가.", "나.", [1.0])])
    with pytest.raises(ExerciseError, match="유한"):
        Exercise("9.6", "?", float("nan"), why="")


def test_page_hides_the_answer_and_escapes():
    exercise = Exercise("9.7", "<b>물음</b> & '따옴표'", 0.123456, why="</script><b>까닭", mistakes=[TRIPLED])
    html = exercise.page_html()
    visible = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert "0.123456" not in visible
    assert "<b>물음" not in html
    assert html.count("</script>") == 1
    assert "<details hidden>" in html
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html, re.S)[1])
    assert data["known"][0] == [0.123456, "맞았어요. </script><b>까닭"]


def test_page_and_kernel_know_the_same():
    exercise = ledger_exercise("9.8", "grad_W1[2,1]", "?", why="δ¹₂ x₁이에요.")
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", exercise.page_html(), re.S)[1])
    for value, message in data["known"]:
        assert exercise.check(value).message == message


@pytest.mark.parametrize(
    "name",
    ["z1[1]", "a1[2]", "z2[1]", "E", "delta2[1]", "delta1[2]", "grad_W2[1,2]", "new_W1[2,2]", "new_b2[1]"],
)
def test_ledger_exercises_diagnose_every_slip(name):
    exercise = ledger_exercise("9.9", name, "?", why="장부예요.")
    assert exercise.check(entry(_exercise_step(), name)).right
    assert not exercise.check(worked(name)).right  # 책의 장부와는 수가 달라요
    told = {m.diagnosis for m in exercise.mistakes}
    for slip in SLIPS.values():
        verdict = exercise.check(entry(_exercise_step(slip), name))
        # 정답과 구별되지 않는 실수는 맞은 것이고, 나머지는 그 실수나 값이 같은 다른 실수로 진단해요.
        assert verdict.right or verdict.message != UNKNOWN or slip.diagnosis not in told
    assert told


def test_widget_judges(monkeypatch):
    widget = double().widget()
    answer, button = widget.children[1].children
    verdict = widget.children[2]
    answer.value = "3"
    assert "세 배" in verdict.value
    answer.value = "<b>2</b>"
    assert "<b>2</b>" not in verdict.value
    assert "✗ 수로 답해" in verdict.value
    answer.value = "2"
    verdict.value = ""
    answer.placeholder = "다른 글"
    assert verdict.value == ""  # 답이 바뀔 때만 판정해요
    assert answer.continuous_update is False
    button.click()
    assert "맞았어요" in verdict.value
    assert "풀이 보기" in verdict.value


def test_repr_does_not_tell():
    assert repr(double()) == "[연습 9.1] 1의 두 배는?"
    bundle = double()._repr_mimebundle_()
    assert bundle["text/plain"] == repr(double())
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_page_tag_by_tag():
    """book/exercise.js와 CSS가 찾는 이름이 모두 제자리에 있어요."""
    exercise = Exercise(
        "9.7",
        "물음",
        2.0,
        why="까닭이에요.",
        solution="풀이예요.",
        mistakes=[TRIPLED],
    )
    data = {
        "tolerance": exercise.tolerance,
        "digits": 4,
        "known": [[2.0, "맞았어요. 까닭이에요."], [3.0, "세 배 했어요. 두 배예요."]],
        "near": "거의 맞았어요. 소수 넷째 자리까지 적어 주세요.",
        "close": CLOSE,
        "closeBy": 0.06,
        "unknown": UNKNOWN,
        "notNumber": NOT_A_NUMBER,
    }
    assert exercise.page_html() == (
        '<div class="bp-experiment bp-exercise" id="bpxfb4af3f3" data-number="9.7">'
        "<p><strong>연습 9.7</strong> 물음</p>"
        '<form class="bp-control"><label for="bpxfb4af3f3-a">답</label>'
        '<input type="text" inputmode="decimal" id="bpxfb4af3f3-a" autocomplete="off" disabled>'
        '<button type="button" class="bp-play" aria-label="부호 바꾸기" disabled>±</button>'
        '<button type="submit" class="bp-play" disabled>확인</button></form>'
        '<p class="bp-text" role="status"></p>'
        "<details hidden><summary>풀이 보기</summary><p>풀이예요.</p></details>"
        f'<script type="application/json">{json.dumps(data, ensure_ascii=False)}</script></div>'
    )


def test_a_ledger_exercise_keeps_what_it_is_given():
    exercise = ledger_exercise("9.8", "z1[1]", "물음", why="까닭.", solution="풀이.", digits=2)
    assert (exercise.number, exercise.question, exercise.why) == ("9.8", "물음", "까닭.")
    assert (exercise.solution, exercise.digits) == ("풀이.", 2)
    plain = ledger_exercise("9.8", "z1[1]", "물음", why="까닭.")
    bare = step_exercise("9.8", "z1[1]", "물음", lambda slip: {"z1": np.array([[1.0, 2.0]])}, why="까닭.")
    assert (plain.solution, plain.digits) == (bare.solution, bare.digits) == ("까닭.", 4)
    known = {(slip.diagnosis, slip.hint) for slip in SLIPS.values()}
    assert {(mistake.diagnosis, mistake.hint) for mistake in plain.mistakes} <= known
    assert exercise.tolerance == pytest.approx(0.01, rel=1e-5)


def test_mistakes_come_in_the_order_asked():
    own = Mistake("이 문제에만 있는 실수예요.", "다시 보세요.", 7.0)
    options = {"why": "까닭.", "first": ["missing_rate", "uphill"], "extra": [own]}
    exercise = ledger_exercise("9.8", "new_W2[2,2]", "물음", **options)
    told = [mistake.diagnosis for mistake in exercise.mistakes]
    assert told[:3] == [own.diagnosis, SLIPS["missing_rate"].diagnosis, SLIPS["uphill"].diagnosis]
    with pytest.raises(TypeError, match=r"^step_exercise: extra의 0번"):
        ledger_exercise("9.8", "z1[1]", "물음", why="까닭.", extra=["실수"])


def test_numbers_are_called_from_one():
    values = {"z": np.array([[10.0, 20.0, 30.0]]), "W": np.arange(6.0).reshape(2, 3), "E": np.array(7.0)}
    assert [entry(values, name) for name in ("z[1]", "z[3]", "W[2,1]", "E")] == [10, 30, 3, 7]


def test_worked_makes_the_slip_it_is_told():
    assert worked("z1[1]", "missing_bias") != worked("z1[1]")


@pytest.mark.parametrize(
    "name", ["z1[0]", "z1[3]", "z1[-1]", "z1[x]", "z1", "z1[1,1]", "grad_W1[2]", "E[1]", "W1[1,]"]
)
def test_places_that_are_not_there(name):
    values = {"z1": np.ones((1, 2)), "grad_W1": np.ones((2, 2)), "E": np.array(0.5), "W1": np.eye(2)}
    with pytest.raises(ValueError, match=r"^entry: 자리가"):
        entry(values, name)


def test_entry_names_what_is_no_number():
    with pytest.raises(TypeError, match=r"^entry: z1의 형이"):
        entry({"z1": "글"}, "z1")


def test_unknown_slips_are_told_before_anything_is_worked_out():
    def never(slip):
        pytest.fail("실수의 이름을 보기 전에 계산했어요")

    with pytest.raises(ValueError, match=r"^step_exercise: 실수의 이름"):
        step_exercise("1.1", "z1[1]", "물음", never, why="까닭", first=["없는 실수"])
    with pytest.raises(ValueError, match=r"^worked: 실수의 이름"):
        worked("z1[1]", "없는 실수")


@pytest.mark.parametrize("what", ["number", "question", "why", "solution"])
def test_every_text_is_a_text(what):
    texts = {"number": "1.1", "question": "물음", "why": "까닭", "solution": "풀이", what: 3}
    with pytest.raises(TypeError, match=f"^Exercise: {what}의 형이"):
        Exercise(texts.pop("number"), texts.pop("question"), 1.0, **texts)


def test_twelve_digits_and_no_more():
    assert Exercise("1.1", "물음", 1.0, why="까닭", digits=12).check(1 + 3e-12).right is False
    with pytest.raises(ExerciseError, match="digits"):
        Exercise("1.1", "물음", 1.0, why="까닭", digits=13)
