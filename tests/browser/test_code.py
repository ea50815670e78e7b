"""쪽에서 쓰는 코드: 브라우저의 MicroPython이 커널과 같은 판정을 하고, 적은 코드는 쪽 밖의 아무것에도 닿지 못해요."""

import re
from contextlib import contextmanager

import pytest
from browsing import BLOCKED, PAGES, watched
from coding import ERRORS, exercise
from playwright.sync_api import Page, expect
from scripts import load_script

from bplib.lab.code import CodeExercise
from bplib.lab.problems import problem
from chapters import NUMBERS

CODE_NUMBERS = [number for number in NUMBERS if isinstance(problem(number), CodeExercise)]
# 코드마다 편집기에 적고 ‘확인’을 눌러 들은 말
CHECK = """async (root, sources) => {
    if (!root.querySelector('.bp-cloze').hidden) root.querySelector('[data-do=cloze]').click();
    const area = root.querySelector('textarea'), check = root.querySelector('[data-do=check]'), said = [];
    for (const source of sources) {
        area.value = source;
        area.dispatchEvent(new Event('input'));
        check.click();
        while (check.disabled) await new Promise(done => setTimeout(done, 2));
        said.push(root.querySelector('.bp-text').textContent);
    }
    return said;
}"""
# 빈칸마다 조각을 골라 확인한 말. picks는 [[빈칸의 조각, …], …]
CHOOSE = """async (root, picks) => {
    const check = root.querySelector('[data-do=check]'), said = [];
    if (root.querySelector('.bp-cloze').hidden) root.querySelector('[data-do=cloze]').click();
    const blanks = [...root.querySelectorAll('.bp-cloze select')];
    for (const pick of picks) {
        blanks.forEach((blank, i) => { blank.value = pick[i]; });
        check.click();
        while (check.disabled) await new Promise(done => setTimeout(done, 2));
        said.push(root.querySelector('.bp-text').textContent);
    }
    root.querySelector('[data-do=cloze]').click();
    return said;
}"""


@contextmanager
def tried(page: Page, site_url: str, monkeypatch: pytest.MonkeyPatch, found=None):
    """연습 하나만 있는 쪽을 책과 같은 정책 아래에 열어요."""
    monkeypatch.setenv("BPLIB_PAGE", "1")
    html = (found or exercise()).page_html()
    scripts = "".join(
        f'<script defer src="../_static/{name}"></script>' for name in ("site.js", "progress.js", "code.js")
    )
    body = f'<!doctype html><html lang="ko" data-content_root="../"><body>{html}{scripts}'
    headers = {"Content-Security-Policy": load_script("book/csp.py").POLICY}
    page.route(
        "**/chapters/tried.html",
        lambda route: route.fulfill(body=body, headers=headers, content_type="text/html; charset=utf-8"),
    )
    page.goto(f"{site_url}/chapters/tried.html")
    yield page.locator(".bp-code")


@pytest.fixture
def root(watched_page: Page, site_url: str, monkeypatch: pytest.MonkeyPatch):
    with tried(watched_page, site_url, monkeypatch) as locator:
        yield locator


def write(root, source: str, action: str = "check") -> None:
    root.locator("textarea").fill(source)
    root.locator(f"[data-do={action}]").click()


def said(root) -> str:
    """실행이 끝난 뒤의 말."""
    expect(root.locator("[data-do=check]")).to_be_enabled()
    return root.locator(".bp-text").text_content()


# ── 책의 연습 모두 ──


def test_page_and_kernel_give_one_verdict(chapter: Page, place: str):
    """정답과 알려진 실수를 하나하나 저질러 봐요. 쪽의 파이썬이 커널과 같은 말을 해요."""
    here = [number for number in CODE_NUMBERS if f"/{int(number.split('.')[0]):02}-" in place]
    shown = chapter.locator(".bp-code")
    asked = shown.evaluate_all(
        "all => all.map(one => JSON.parse(one.querySelector('script').textContent).number)"
    )
    assert asked == [number for number in here if number in asked]
    for number in asked:
        found, one = problem(number), chapter.locator(f"#bpc{number.replace('.', '-')}")
        sources = [found.solution, *map(found.edited, found.mistakes)]
        told = one.evaluate(CHECK, sources)
        assert told == [repr(found.check_source(source)) for source in sources], number
        assert told[0].startswith("✓")
        right = [blank.right for blank in found.blanks]
        picks = [right] + [
            [*right[:k], option, *right[k + 1 :]]
            for k, blank in enumerate(found.blanks)
            for option in blank.options
        ]
        assert [line[0] for line in one.evaluate(CHOOSE, picks)] == [
            "✓" if pick == right else "✗" for pick in picks
        ], number


def test_every_code_exercise_stands_in_a_page(site_dir):
    pages = "".join((site_dir / f"{page}.html").read_text("utf-8") for page in PAGES)
    found = [number.replace("-", ".") for number in re.findall(r'bp-code" id="bpc([\d-]+)"', pages)]
    assert found == CODE_NUMBERS
    assert len(CODE_NUMBERS) >= 20


# ── 실행과 오류 ──


def test_errors_come_in_korean_with_the_line(root):
    for source, told in zip(ERRORS, root.evaluate(CHECK, list(ERRORS)), strict=True):
        assert told.removeprefix("✗ ").startswith(ERRORS[source]), (source, told)


def test_an_endless_loop_is_stopped_and_the_next_run_works(root):
    write(root, "while True:\n    pass")
    assert said(root).startswith("✗ 2초가 지나도 끝나지 않아 멈췄어요.")
    write(root, exercise().solution)
    assert said(root).startswith("✓")
    write(root, "def scale(W, c):\n    while True:\n        print(1)")
    assert said(root).startswith("✗ 2초가 지나도")


def test_two_exercises_at_once_get_their_own_verdicts(watched_page: Page, site_url: str):
    """일꾼은 하나예요. 앞의 연습이 답을 듣기 전에 눌러도, 남의 답을 듣거나 시간이 지났다고 하지 않아요."""
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    right, wrong = (watched_page.locator(f"#bpc5-{k}") for k in (9, 10))
    right.locator("textarea").fill(problem("5.9").solution)
    wrong.locator("textarea").fill(f"def {problem('5.10').name}(*given):\n    return 1")
    watched_page.evaluate(
        "() => document.querySelectorAll('#bpc5-9 [data-do=check], #bpc5-10 [data-do=check]').forEach(b => b.click())"
    )
    assert (said(right)[0], said(wrong)[0]) == ("✓", "✗")
    expect(right).to_have_attribute("data-solved", "")
    expect(wrong).not_to_have_attribute("data-solved", "")


def test_a_verdict_belongs_to_the_code_it_judged(root, watched_page: Page):
    """실행하는 동안 고친 코드에는 옛 코드의 판정을 적지 않고, 초점은 누른 단추에 남아요."""
    write(root, "while True:\n    pass")
    root.locator("textarea").fill(exercise().solution)
    assert said(root).startswith("실행하는 동안 코드가 바뀌었어요.")
    root.locator("[data-do=check]").press("Enter")
    assert said(root).startswith("✓")
    expect(root.locator("[data-do=check]")).to_be_focused()


def test_invisible_blanks_of_pasted_code_are_blanks(root):
    write(root, exercise().solution.replace("    ", "\u00a0" * 4).replace("return ", "return\u3000"))
    assert said(root).startswith("✓")


def test_running_shows_prints_and_the_first_case(root):
    write(root, "print('안녕', 1 / 4)\n" + exercise().solution, "show")
    assert said(root) == "scale([[1.0, 2.0], [3.0, 5.0]], 3.0)\nrows = [[3, 6], [9, 15]]\ntotal = 11"
    expect(root.locator(".bp-printed")).to_have_text("안녕 0.25")
    expect(root.locator("details")).to_be_hidden()


def test_the_solution_opens_after_an_attempt(root):
    root.locator("[data-do=check]").click()
    assert "돌려준 것이 없어요" in said(root)
    expect(root.locator("details")).to_be_hidden()  # 아직 아무것도 쓰지 않았어요
    write(root, "def scale(W, c):\n    return W, c")
    said(root)
    expect(root.locator("details")).to_be_visible()
    expect(root.locator("details pre")).to_have_text(exercise().solution)


# ── 편집기 ──


def test_the_editor_indents_and_undoes_and_lets_go(root, watched_page: Page):
    area, keyboard = root.locator("textarea"), watched_page.keyboard
    area.fill("")
    area.focus()
    keyboard.type("for row in W:")
    keyboard.press("Enter")
    keyboard.type("total += 1")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("x")
    expect(area).to_have_value("for row in W:\n    total += 1\n        x")
    expect(root.locator(".bp-lines")).to_have_text("1\n2\n3")
    keyboard.press("Shift+Tab")
    expect(area).to_have_value("for row in W:\n    total += 1\n    x")
    keyboard.press("Control+z")
    expect(area).to_have_value("for row in W:\n    total += 1\n        x")
    keyboard.press("End")
    keyboard.press("Enter")
    keyboard.press("Backspace")
    keyboard.type("y")
    expect(area).to_have_value("for row in W:\n    total += 1\n        x\n    y")
    area.fill("for row in W:\n    total += 1\n        x")
    keyboard.press("Control+a")
    keyboard.press("Tab")
    expect(area).to_have_value("    for row in W:\n        total += 1\n            x")
    keyboard.press("Escape")
    keyboard.press("Tab")
    expect(root.locator("[data-do=show]")).to_be_focused()
    area.fill(exercise().solution)
    area.press("Control+Enter")
    assert said(root).startswith("✓")


def test_a_blank_left_empty_is_asked_for(root):
    root.locator("[data-do=cloze]").click()
    root.locator("select").nth(0).select_option(index=1)
    root.locator("[data-do=check]").click()
    assert said(root) == "✗ 빈칸 2에 넣을 조각을 골라 주세요."
    expect(root.locator("select").nth(1)).to_be_focused()


def test_two_wrong_blanks_are_counted_and_the_first_is_told(root):
    root.locator("[data-do=cloze]").click()
    root.locator("select").nth(0).select_option("w")
    root.locator("select").nth(1).select_option("total = sum(row)")
    root.locator("[data-do=check]").click()
    assert said(root) == "✗ 빈칸 2개 가운데 0개가 맞아요. 빈칸 1: 곱하지 않았어요. c를 곱하세요."
    root.locator("select").nth(0).select_option("c * w")
    expect(root.locator(".bp-text")).to_have_text("")
    root.locator("[data-do=check]").click()
    assert said(root) == "✗ 마지막 줄만 더했어요. 더해 나가세요."


def test_what_was_written_stays_and_can_be_reset(root, watched_page: Page):
    root.locator("textarea").fill("def scale(W, c):\n    return 7")
    watched_page.reload()
    expect(root.locator("textarea")).to_have_value("def scale(W, c):\n    return 7")
    root.locator("[data-do=reset]").click()
    expect(root.locator("textarea")).to_have_value(exercise().start)
    root.locator("[data-do=cloze]").click()
    root.locator("select").nth(1).select_option(index=2)
    chosen = root.locator("select").nth(1).input_value()
    watched_page.reload()
    expect(root.locator("select").nth(1)).to_have_value(chosen)
    expect(root.locator("textarea")).to_be_hidden()


def test_what_was_written_can_be_taken_to_a_notebook(root, watched_page: Page):
    watched_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    root.locator("textarea").fill("def scale(W, c):\n    return W, c\n")
    root.locator("[data-do=copy]").click()
    expect(root.locator(".bp-text")).to_have_text(re.compile("^복사했어요"))
    text = watched_page.evaluate("navigator.clipboard.readText()")
    assert text == 'def scale(W, c):\n    return W, c\n\n\nproblem("9.1").check(scale)\n'


def test_a_phone_begins_with_blanks(browser, site_url: str, monkeypatch: pytest.MonkeyPatch):
    with (
        watched(browser, site_url, viewport={"width": 390, "height": 844}, has_touch=True) as page,
        tried(page, site_url, monkeypatch) as root,
    ):
        expect(root.locator("textarea")).to_be_hidden()
        for blank, found in zip(root.locator("select").all(), exercise().blanks, strict=True):
            blank.select_option(found.right)
        root.locator("[data-do=check]").tap()
        assert said(root).startswith("✓")
        assert not page.watch.problems


# ── 갇혀 있기 ──

HOSTILE = [
    "import js\njs.fetch('http://127.0.0.1:9/')",
    "import js\njs.localStorage.setItem('stolen', '1')",
    "import js\njs.postMessage('{}')",
    "import js\njs.self.postMessage('{}')",
    "import js\njs.eval('fetch(1)')",
    "import js\njs.Object.constructor('return globalThis')().fetch('http://127.0.0.1:9/')",
    "import js\njs.importScripts('http://127.0.0.1:9/')",
    "import js\njs.indexedDB.open('stolen')",
    "import js\nfor name in dir(js):\n    getattr(js, name)",
    "import jsffi\njsffi.to_js([1]).constructor.constructor('return fetch')()('http://127.0.0.1:9/')",
    "import jsffi\njsffi.create_proxy(print).constructor.constructor('postMessage(1)')()",
    "open('/etc/passwd').read()",
    "import socket\nsocket.socket()",
    "import os\nos.system('ls')",
    "__import__('js').document.cookie",
    "</script><script>window.ran = true</script>",
    "`${window.ran = true}`",
]


def test_typed_code_reaches_nothing(root, watched_page: Page):
    """네트워크도, 저장소도, 쪽도, 다른 쪽도 건드리지 못하고, 그 뒤에도 연습은 그대로 돌아가요."""
    watched_page.evaluate("window.heard = 0; addEventListener('message', () => heard++)")
    before = len(watched_page.watch.requests)
    for source in HOSTILE:
        write(root, source)
        assert said(root).startswith("✗"), source
    write(root, exercise().solution)
    assert said(root).startswith("✓")
    asked = {url.rpartition("/")[2] for url in watched_page.watch.requests[before:]}
    assert asked <= {"python.js"}
    assert not watched_page.evaluate("'ran' in window || heard || localStorage.getItem('stolen')")
    watched_page.watch.problems.clear()  # 일꾼 속의 오류


def test_without_storage_it_works(watched_page: Page, site_url: str, monkeypatch: pytest.MonkeyPatch):
    watched_page.add_init_script(BLOCKED)
    with tried(watched_page, site_url, monkeypatch) as root:
        write(root, exercise().solution)
        assert said(root).startswith("✓")


def test_it_works_from_a_folder(browser, site_dir):
    """USB의 폴더에서 연 쪽."""
    number = CODE_NUMBERS[0]
    page_file = next((site_dir / "chapters").glob(f"{int(number.split('.')[0]):02}-*.html"))
    with watched(browser, "file://") as page:
        page.goto(page_file.as_uri())
        root = page.locator(f"#bpc{number.replace('.', '-')}")
        write(root, problem(number).solution)
        assert said(root).startswith("✓")
        assert not page.watch.problems


def test_a_missing_engine_is_told(root, watched_page: Page):
    watched_page.route("**/python.js", lambda route: route.abort())
    write(root, exercise().solution)
    assert said(root) == "✗ 파이썬을 불러오지 못했어요. 연결을 살피고 다시 눌러 주세요."
    watched_page.unroute("**/python.js")
    write(root, exercise().solution)
    assert said(root).startswith("✓")
    watched_page.watch.problems.clear()
