"""엄격한 Content-Security-Policy(book/csp.py) 아래에서 책이 온전히 움직이고, 끼워 넣은 것은 하나도 실행되지 않아요."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watch, ask, serve
from playwright.sync_api import Browser, Page, expect
from scripts import ROOT, load_script
from test_experiments import live_experiments
from test_pages import PAGES
from test_search import search

POLICY = load_script("book/csp.py").POLICY
run = load_script("run.py")
OTHERS = ["index.html", "search.html", "404.html", "worksheets/1-1.html", "worksheets/6-5.html"]
LISTEN = (
    "addEventListener('securitypolicyviolation', e => blocked(`${e.effectiveDirective} ${e.blockedURI}`))"
)


class Strict(run.Handler):
    """정책을 머리글로 보내는 서버."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def strict_url(site_dir: Path) -> Iterator[str]:
    with serve(site_dir, kind=Strict) as address:
        yield address


@pytest.fixture
def strict(browser: Browser, strict_url: str) -> Iterator[Page]:
    """정책이 막은 것을 page.blocked에 모으는 쪽."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.watch, page.blocked = Watch(page, strict_url), []
    page.expose_function("blocked", lambda what: page.blocked.append(what))
    page.add_init_script(LISTEN)
    yield page
    context.close()


def quiet(page: Page) -> None:
    """막은 것도, 콘솔 오류도 없어요."""
    page.wait_for_load_state("load")
    assert not page.blocked
    assert not page.watch.problems


def test_policy_is_the_one_in_the_readme() -> None:
    assert POLICY in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_page_opens(strict: Page, strict_url: str) -> None:
    for name in [*PAGES, *OTHERS]:
        response = strict.goto(f"{strict_url}/{name}")
        assert response.headers["content-security-policy"] == POLICY
        expect(strict.locator("h1").first).to_be_visible()
        quiet(strict)
        strict.goto("about:blank")  # index.html처럼 스스로 옮겨 가는 쪽 다음에도 처음부터


def test_experiments_exercises_and_sounds_work(strict: Page, strict_url: str) -> None:
    strict.goto(f"{strict_url}/chapters/05-backprop.html")
    for live in live_experiments(strict)[:3]:
        before = live.check()
        live.put([len(names) - 1 for names in live.data["controls"]])
        live.check(before)
    assert "수로 답해" in ask(strict.locator(".bp-exercise form").first, "<img src=x onerror=alert(1)>")
    assert ask(strict.locator(".bp-exercise form").first, "0")[0] in "✓✗"
    quiet(strict)
    strict.goto(f"{strict_url}/chapters/09-music.html")
    button = strict.locator("button[data-sound]").first
    button.click()
    expect(button).to_have_attribute("aria-label", (button.get_attribute("aria-label") or ""))
    assert (button.get_attribute("aria-label") or "").startswith("멈추기: ")
    quiet(strict)


def test_theme_menus_print_and_search_work(strict: Page, strict_url: str) -> None:
    strict.add_init_script("window.print = () => { window.printed = true; }")
    strict.goto(f"{strict_url}/chapters/02-forward.html")
    looks = set()
    for _ in range(3):
        strict.locator("button.theme-switch-button").first.click()
        looks.add(strict.evaluate("document.documentElement.dataset.mode"))
    assert looks == {"auto", "light", "dark"}
    strict.get_by_text("내려받기", exact=True).click()
    strict.get_by_role("button", name="인쇄하기").click()
    assert strict.evaluate("window.printed")
    assert search_from_chapter(strict)[0] == "02-forward"
    quiet(strict)
    strict.goto(f"{strict_url}/worksheets/2-3.html")
    strict.get_by_role("button", name="인쇄").click()
    assert strict.evaluate("window.printed")
    assert strict.locator(".bp-sheet").first.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    quiet(strict)


def search_from_chapter(page: Page) -> list[str]:
    """글쇠로 찾기 쪽까지 가서 찾아요."""
    page.keyboard.press("Control+k")
    page.keyboard.type("편향")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    return search(page, "편향")


INJECTED = {
    "script-src-elem inline": """document.body.append(Object.assign(document.createElement('script'),
        {textContent: 'window.ran = true'}))""",
    "script-src-attr inline": "document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"ran=true\">')",
    "script-src eval": "setTimeout('window.ran = true', 0)",
    "script-src-elem data": """document.body.append(Object.assign(document.createElement('script'),
        {src: 'data:text/javascript,window.ran=true'}))""",
    "script-src-elem http://127.0.0.1:9/x.js": """document.body.append(Object.assign(
        document.createElement('script'), {src: 'http://127.0.0.1:9/x.js'}))""",
    "style-src-elem inline": """document.body.append(Object.assign(document.createElement('style'),
        {textContent: 'h1 { display: none }'}))""",
    "img-src http://127.0.0.1:9/x.png": "new Image().src = 'http://127.0.0.1:9/x.png'",
    "connect-src http://127.0.0.1:9/x": "fetch('http://127.0.0.1:9/x').catch(() => {})",
    "frame-src": """document.body.append(Object.assign(document.createElement('iframe'),
        {src: 'data:text/html,<script>parent.ran=true</script>'}))""",
    "object-src data": """document.body.append(Object.assign(document.createElement('object'),
        {data: 'data:text/html,x'}))""",
    "base-uri http://127.0.0.1:9/": """document.head.append(Object.assign(document.createElement('base'),
        {href: 'http://127.0.0.1:9/'}))""",
    "form-action http://127.0.0.1:9/": """document.body.append(Object.assign(document.createElement('form'),
        {action: 'http://127.0.0.1:9/', method: 'post'})); document.forms[document.forms.length - 1].submit()""",
}


def test_what_is_put_in_does_not_run(strict: Page, strict_url: str) -> None:
    """누가 쪽에 스크립트, 모양, 다른 곳의 것을 끼워 넣었다고 해 봐요. 모두 막히고, 무엇을 막았는지 알려져요."""
    strict.goto(f"{strict_url}/chapters/05-backprop.html")
    for expected, code in INJECTED.items():
        strict.blocked.clear()
        strict.evaluate(f"() => {{ {code} }}")
        for _ in range(500):  # 바쁜 컴퓨터에서는 늦게 알려 와요
            if any(what.startswith(expected) for what in strict.blocked):
                break
            strict.wait_for_timeout(20)
        assert any(what.startswith(expected) for what in strict.blocked), f"{expected}: {strict.blocked}"
    assert not strict.evaluate("'ran' in window")
    assert strict.evaluate("getComputedStyle(document.querySelector('h1')).display") != "none"


def test_no_other_site_can_frame_the_book(strict: Page, strict_url: str, site_url: str) -> None:
    """다른 주소의 쪽이 책을 제 안에 담아 누르게 하지 못해요."""
    strict.goto(f"{site_url}/404.html")
    strict.evaluate(
        "url => document.body.append(Object.assign(document.createElement('iframe'), {src: url}))", strict_url
    )
    strict.wait_for_timeout(300)
    assert any("frame-ancestors" in problem for problem in strict.watch.problems)
