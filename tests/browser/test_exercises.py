"""쪽의 연습문제: 실제 브라우저의 판정이 커널의 판정과 같고, 답 칸에서는 아무것도 실행되지 않아요."""

import json
import random

import pytest
from browsing import ask
from playwright.sync_api import Page
from scripts import ROOT

from bplib.lab.exercises import NOT_A_NUMBER, Exercise, Mistake, Verdict, read_number
from chapters import CHAPTERS, run_chapter

STRANGE = [
    "",
    "정답",
    "1/2",
    "1_000",
    "nan",
    "Infinity",
    "<img src=x onerror=alert(1)>",
    "1);alert(1",
    "٣",
    "１２",
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
ALPHABET = "0123456789.,+-−eE 	 ٣１∞xX_/<>&'\"()[]가"
# 적은 글마다 판정의 글을. 폼을 진짜로 제출해요.
JUDGE = """(form, texts) => texts.map(text => {
    form.querySelector('input').value = text;
    form.requestSubmit();
    return form.parentElement.querySelector('.bp-text').textContent;
})"""


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_page_and_kernel_give_the_same_verdict(watched_page: Page, site_url: str, path):
    kernel = {
        e.page_html().split('id="')[1].split('"')[0]: e for e in run_chapter(path).exercises if e.is_number
    }
    watched_page.goto(f"{site_url}/chapters/{path.stem}.html")
    forms = watched_page.locator(".bp-exercise form")
    assert forms.count() == len(kernel)
    for n in range(forms.count()):
        form = forms.nth(n)
        root = form.locator("xpath=..")
        exercise = kernel[root.get_attribute("id")]
        assert not root.locator("details").is_visible(), "답하기 전에는 풀이가 닫혀 있어야 해요"
        known = json.loads(root.locator("script").text_content())["known"]
        answers = [repr(value) for value, _ in known] + ["123456.789"]
        for text in answers:
            assert ask(form, text) == repr(exercise.check(float(text))), f"{exercise}: {text}"
        assert root.locator("details").is_visible()


def test_strange_answers_run_nothing(watched_page: Page, site_url: str):
    dialogs = []
    watched_page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tried = 0
    for path in CHAPTERS:
        watched_page.goto(f"{site_url}/chapters/{path.stem}.html")
        form = watched_page.locator(".bp-exercise form").first
        if not form.count():
            continue
        for text in STRANGE:
            assert "수로 답해 주세요" in ask(form, text)
            assert not form.locator("xpath=..").locator("details").is_visible()
        assert form.locator("xpath=..").locator(":is(img, svg)").count() == 0
        assert not watched_page.evaluate("'ran' in window")
        tried += 1
    assert tried, "연습문제가 있는 쪽이 하나도 없어요"
    assert not dialogs


def test_page_and_kernel_read_the_same_numbers(watched_page: Page, monkeypatch):
    """수처럼 생긴 글을 아무렇게나 지어, 쪽과 커널이 같은 것만 수로 읽고 같은 판정을 하는지 봐요."""
    rng = random.Random(0)
    texts = ["".join(rng.choices(ALPHABET, k=rng.randint(1, 6))) for _ in range(3000)]
    texts += [f"{rng.uniform(-3, 3):.{rng.randint(0, 6)}{rng.choice('eEfg')}}" for _ in range(300)]
    numbers = [read_number(text) for text in texts]
    assert numbers.count(None) > 1000
    assert len(numbers) - numbers.count(None) > 500
    exercise = Exercise("1.1", "물음", 1.0, why="까닭", mistakes=[Mistake("진단", "길잡이", 2.0)], digits=1)
    monkeypatch.setenv("BPLIB_PAGE", "1")
    watched_page.set_content(exercise.page_html())
    watched_page.add_script_tag(path=ROOT / "book" / "exercise.js")
    told = watched_page.locator("form").evaluate(JUDGE, texts)
    for text, number, said in zip(texts, numbers, told, strict=True):
        verdict = Verdict(False, NOT_A_NUMBER) if number is None else exercise.check(number)
        assert said == repr(verdict), repr(text)


def test_answer_by_keyboard(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    box = watched_page.locator(".bp-exercise form input").first
    box.focus()
    watched_page.keyboard.type("0")
    watched_page.keyboard.press("Enter")
    status = box.locator("xpath=../..").locator(".bp-text")
    assert status.get_attribute("role") == "status"
    assert status.inner_text()[0] in "✓✗"
