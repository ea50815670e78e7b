"""쪽의 연습문제: 실제 브라우저의 판정이 커널의 판정과 같고, 답 칸에서는 아무것도 실행되지 않아요."""

import random
import re

from playwright.sync_api import Page, expect
from scripts import ROOT

from bplib.lab.exercises import NOT_A_NUMBER, Exercise, Mistake
from bplib.lab.typed import read_number

STRANGE = [
    "",
    "정답",
    "1/0",
    "1_000",
    "nan",
    "Infinity",
    "<img src=x onerror=alert(1)>",
    "1);alert(1",
    "٣",
    "１２a",
    "1e999",
    "0x10",
    "1 2",
    "--1",
    "</script><script>ran = true</script>",
    "<svg onload=ran=true>",
    "javascript:ran=true",
    "${ran = true}",
    "{{ran = true}}",
    "__proto__",
    "constructor",
    "%s%n",
    "'; ran = true; '",
]
ALPHABET = "0123456789.,+-−–eE 	 ٣１．½∞xX_/<>&'\"()[]가%°"
# 적은 글마다 판정의 글을. 폼을 진짜로 제출해요.
JUDGE = """(form, texts) => texts.map(text => {
    form.querySelector('input').value = text;
    form.requestSubmit();
    return form.parentElement.querySelector('.bp-text').textContent;
})"""
# 폼마다: 담긴 자료, 이상한 답(첫 폼에만 모두)과 담긴 답의 판정, 끼어든 그림의 수, 그리고 풀이가 보이는지를 답하기 전과
# 이상한 답 뒤와 답한 뒤에
EXAM = f"""([strange, other]) => [...document.querySelectorAll('.bp-exercise form')].map((form, i) => {{
    const judge = {JUDGE}, root = form.parentElement, details = root.querySelector('details');
    const data = JSON.parse(root.querySelector('script').textContent), seen = [details.checkVisibility()];
    const odd = judge(form, strange.slice(0, i ? 1 : strange.length));
    seen.push(details.checkVisibility());
    const said = judge(form, [...data.known.map(([value]) => `${{value}}`), other]);
    seen.push(details.checkVisibility());
    return {{data, odd, said, seen, drawings: root.querySelectorAll('img, svg').length}};
}})"""


def test_every_form_gives_its_verdicts(chapter: Page):
    """쪽에 담긴 정답과 실수마다 제 말을 듣고, 이상한 답은 아무것도 실행하지 않아요.

    담긴 것이 커널의 판정과 같은지는 tests/test_book_exercises.py가 봐요.
    """
    for found in chapter.evaluate(EXAM, [STRANGE, "-987654.321"]):
        (_, praise), *mistakes = found["data"]["known"]
        assert set(found["odd"]) == {f"✗ {found['data']['notNumber']}"}
        wrong = [*(said for _, said in mistakes), found["data"]["unknown"]]
        assert found["said"] == [f"✓ {praise}", *(f"✗ {said}" for said in wrong)]
        assert found["seen"] == [False, False, True], "풀이는 수로 답한 뒤에만 보여요"
        assert not found["drawings"]
    assert not chapter.evaluate("'ran' in window")


def test_answer_by_mouse_and_keyboard(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    form = watched_page.locator(".bp-exercise form").first
    status = form.locator("xpath=..").locator("[role=status]")
    form.locator("input").focus()
    watched_page.keyboard.type("0")
    watched_page.keyboard.press("Enter")
    expect(status).to_have_text(re.compile("^[✓✗]"))
    form.locator("input").fill("가")
    form.get_by_role("button", name="확인").click()
    expect(status).to_have_text(f"✗ {NOT_A_NUMBER}")
    colors = (
        "e => ['✓', '≈', '✗'].map(mark => (e.dataset.verdict = mark, getComputedStyle(e).borderLeftColor))"
    )
    assert len(set(status.evaluate(colors))) == 3, "맞은 답과 틀린 답의 색이 같아요"


def test_page_and_kernel_read_the_same_numbers(watched_page: Page, monkeypatch):
    """수처럼 생긴 글을 아무렇게나 지어, 쪽과 커널이 같은 것만 수로 읽고 같은 판정을 하는지 봐요."""
    rng = random.Random(0)
    texts = ["".join(rng.choices(ALPHABET, k=rng.randint(1, 6))) for _ in range(3000)]
    texts += ["1.2345", "1.235", "1.23", "1.2", "1.24", "1,2345", "2", "2/1", "１．２３", "1.23도"]
    texts += [f"{rng.uniform(-3, 3):.{rng.randint(0, 6)}{rng.choice('eEfg')}}" for _ in range(300)]
    numbers = [read_number(text) for text in texts]
    assert numbers.count(None) > 1000
    assert len(numbers) - numbers.count(None) > 500
    slips = [Mistake("진단", "길잡이", 2.0), Mistake("다른 진단", "길잡이", 2.0)]
    exercise = Exercise("1.1", "물음", 1.2345, why="까닭", mistakes=slips)
    monkeypatch.setenv("BPLIB_PAGE", "1")
    watched_page.set_content(exercise.page_html())
    watched_page.add_script_tag(path=ROOT / "book" / "progress.js")
    watched_page.add_script_tag(path=ROOT / "book" / "exercise.js")
    told = watched_page.locator("form").evaluate(JUDGE, texts)
    for text, said in zip(texts, told, strict=True):
        assert said == repr(exercise.check_text(text)), repr(text)
    assert {"✓", "✗", "≈"} == {said[0] for said in told}


def test_sign_button_for_phones(watched_page: Page, site_url: str):
    """전화기의 숫자판에는 빼기표가 없어서, 단추가 부호를 바꿔요."""
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    form = watched_page.locator(".bp-exercise form").first
    answer, sign = form.locator("input"), form.get_by_role("button", name="부호 바꾸기")
    answer.fill("0.5")
    sign.click()
    expect(answer).to_have_value("-0.5")
    sign.click()
    expect(answer).to_have_value("0.5")
    expect(answer).to_be_focused()
