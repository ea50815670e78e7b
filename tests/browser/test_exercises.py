"""쪽의 연습문제: 실제 브라우저의 판정이 커널의 판정과 같고, 답 칸에서는 아무것도 실행되지 않아요."""

import json

import pytest
from playwright.sync_api import Page

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
    "1e999",
]


def ask(form, text: str) -> str:
    """답을 적고 확인을 눌러, 판정의 글을 돌려줘요."""
    form.locator("input").fill(text)
    form.locator("button").click()
    return form.locator("xpath=..").locator(".bp-text").inner_text()


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
        assert form.locator("xpath=..").locator("img").count() == 0
        tried += 1
    assert tried, "연습문제가 있는 쪽이 하나도 없어요"
    assert not dialogs


def test_answer_by_keyboard(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    box = watched_page.locator(".bp-exercise form input").first
    box.focus()
    watched_page.keyboard.type("0")
    watched_page.keyboard.press("Enter")
    status = box.locator("xpath=../..").locator(".bp-text")
    assert status.get_attribute("role") == "status"
    assert status.inner_text()[0] in "✓✗"
