"""책이 놓이는 곳들: 종이, 스크립트가 없는 전화기, 글을 두 배로 키운 전화기, 고대비 화면, 저장소가 막힌 틀.

무엇을 보고 만들었는지는 QUALITY.md에 있어요. 장마다의 시험은 이미 열려 있는 쪽에서 해요.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsing import BLOCKED, DESKTOP, PHONE, light_or_dark, serve, watched
from playwright.sync_api import Browser, FrameLocator, Page, expect
from scripts import load_script
from test_looks import FILLS, SETTLED, TOO_WIDE

PAPER = {"width": 718, "height": 1046}  # A4에서 둘레를 10 mm씩 뺀 것
FIVE = "chapters/05-backprop"
# 차례에 없는 쪽과, 제 조작판이 있는 쪽
OTHERS = [
    "search",
    "404",
    "worksheets/1-1",
    "worksheets/ring",
    "worksheets/observation",
    "slides/05-backprop",
]

# 종이에 남은 것: 닫힌 글, 보이지 않는 풀이, 움직일 수 없는 것, 갈라질 실험, 한 쪽보다 높은 실험, 높고 빈 상자.
ON_PAPER = """height => {
    const seen = one => [...document.querySelectorAll(`.bd-article ${one}`)].filter(e => e.checkVisibility());
    const name = e => e.outerHTML.slice(0, 90), whole = '.bp-experiment:not(.bp-sounds, .bp-playground, .bp-code)';
    const empty = e => !e.innerText.trim() && !e.querySelector('svg, canvas, img, textarea');
    return {
        theme: document.documentElement.dataset.theme,
        title: seen('h1').length,
        closed: seen('details:not([open], .lab-fold)').map(name),
        unanswered: seen('.bp-exercise').filter(e => !e.querySelector('details')?.checkVisibility()).map(name),
        alive: seen(':is(.bp-controls, .bp-handle, .lab-copy, .bp-experiment:not(.bp-bet) button, form)').map(name),
        split: seen(`:is(${whole}, .bp-code > *, .cell_input)`)
            .filter(e => getComputedStyle(e).breakInside !== 'avoid').map(name),
        tall: seen(whole).filter(e => e.offsetHeight > height).map(name),
        hollow: seen(':is(.bp-experiment, .bp-text, .cell_input, .highlight)')
            .filter(e => e.offsetHeight > 40 && empty(e)).map(name),
    };
}"""
AS_IT_WAS = """() => {
    const {mode, theme} = document.documentElement.dataset;
    return [mode, theme, [...document.querySelectorAll('details')].map(e => e.open)];
}"""
# 제 상자보다 넓은 조작과, 제목을 덮은 머리글.
OVERFULL = """() => [...document.querySelectorAll(
        '.bp-controls, .bp-control, .bp-exercise, .pg-bar, .pg-select, .ow-bar, nav, .bd-header-article')]
    .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && !e.closest('.bd-sidebar'))
    .map(e => `${e.className} ${e.scrollWidth - e.clientWidth}px: ${e.textContent.trim().slice(0, 40)}`)"""
COVERED = """() => {
    const header = document.querySelector('.bd-header-article');
    const words = header ? [...header.querySelectorAll('*')].filter(e => e.checkVisibility()) : [];
    return words.filter(e => e.getBoundingClientRect().bottom > header.getBoundingClientRect().bottom + 1
        && getComputedStyle(e).clipPath === 'none' && e.getClientRects().length && !e.closest('ul'))
        .map(e => e.outerHTML.slice(0, 90));
}"""
ICONS = """() => [...document.querySelectorAll('.bd-header-article [class*=fa-]')].filter(e => e.checkVisibility())
    .map(e => [getComputedStyle(e, '::before').backgroundColor, getComputedStyle(document.body).backgroundColor])"""


@contextmanager
def font_size(page: Page, size: int) -> Iterator[None]:
    """브라우저의 설정에서 글자 크기를 바꾼 것과 같아요. 보통은 16이에요."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    try:
        page.evaluate(SETTLED)
        yield
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
        session.detach()


def test_paper_shows_everything_and_is_put_back(chapter: Page) -> None:
    """어두운 화면에서 인쇄해도 밝고, 풀이와 접은 글이 모두 있고, 실험이 갈라지지 않아요. 인쇄한 뒤에는 그대로예요."""
    light_or_dark(chapter, "dark")
    before = chapter.evaluate(AS_IT_WAS)
    chapter.set_viewport_size(PAPER)
    chapter.emulate_media(media="print")
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    found = chapter.evaluate(ON_PAPER, PAPER["height"])
    chapter.evaluate("dispatchEvent(new Event('afterprint'))")
    chapter.emulate_media(media="screen")
    after = chapter.evaluate(AS_IT_WAS)
    light_or_dark(chapter, "light")
    assert found.pop("theme") == "light"
    assert found.pop("title") == 1
    assert not (left := {what: places for what, places in found.items() if places}), left
    assert after == before


def test_real_printing_does_the_same(watched_page: Page, site_url: str) -> None:
    """브라우저가 정말 인쇄할 때 그 일을 하고 되돌려요. 장과 슬라이드에서 봐요."""
    watched_page.emulate_media(color_scheme="dark")
    for name in (FIVE, "slides/05-backprop"):
        watched_page.goto(f"{site_url}/{name}.html")
        watched_page.evaluate("""addEventListener('beforeprint', () => {
            const closed = document.querySelectorAll('details:not([open], .lab-fold, .lab-menu)');
            window.printed = [document.documentElement.dataset.theme, closed.length];
        })""")
        before = watched_page.evaluate(AS_IT_WAS)
        watched_page.pdf(format="A4")
        assert watched_page.evaluate("printed") == ["light", 0], name
        assert watched_page.evaluate(AS_IT_WAS) == before, name


def test_twice_the_text_on_a_phone(folder_chapter: Page) -> None:
    folder_chapter.evaluate("scrollTo(0, 0)")
    for size in (20, 24, 32):
        with font_size(folder_chapter, size):
            wrong = [folder_chapter.evaluate(look) for look in (TOO_WIDE, OVERFULL, COVERED)]
        assert not any(wrong), (size, wrong)


def test_twice_the_text_on_other_pages(thumb: Page, site_url: str) -> None:
    for name in OTHERS:
        thumb.goto(f"{site_url}/{name}.html")
        with font_size(thumb, 32):
            assert thumb.evaluate("getComputedStyle(document.body).fontSize") in (
                "32px",
                "35.2px",
                "28.8px",
            ), name
            assert not (thumb.evaluate(TOO_WIDE) + thumb.evaluate(OVERFULL)), name


def test_forced_colours_follow_the_background(chapter: Page) -> None:
    """고른 밝기와 고대비의 바탕이 어긋나도, 그림 속 글이 바탕과 구별되고 머리글의 아이콘이 보여요."""
    wrong: list[Any] = []
    for chosen, scheme in (("dark", "light"), ("light", "dark")):
        light_or_dark(chapter, scheme)
        chapter.emulate_media(forced_colors="active")
        chapter.evaluate("theme => { document.documentElement.dataset.theme = theme }", chosen)
        wrong += [(scheme, *text) for text in chapter.evaluate(FILLS) if text[-1] < 4.5]
        wrong += [(scheme, "아이콘", *icon) for icon in chapter.evaluate(ICONS) if icon[0] == icon[1]]
    chapter.emulate_media(forced_colors="none")
    assert not wrong, wrong[:8]


def test_without_script_on_a_phone(plain: Page, site_url: str, site_dir: Path) -> None:
    """장으로 가는 길과 알리는 말이 있고, 풀이가 모두 있고, 움직이지 않는 것은 움직일 것처럼 보이지 않아요."""
    chapters = len(list((site_dir / "chapters").glob("*.html")))
    plain.set_viewport_size(PHONE)
    for name in (
        FIVE,
        "chapters/07-images",
        "chapters/playground",
        "chapters/misconceptions",
        "chapters/record",
        "search",
    ):
        plain.goto(f"{site_url}/{name}.html")
        expect(plain.locator("noscript p").first).to_contain_text("자바스크립트")
        links = plain.locator(".bd-docs-nav a")
        assert links.count() == chapters, name
        plain.locator("noscript p a").first.click()
        expect(links.last).to_be_visible()
        answers = plain.locator(".bp-exercise > details")
        assert (
            answers.count()
            == plain.locator(".bp-exercise").count()
            == plain.locator(".bp-exercise > details:visible").count()
        )
        alive = ".bp-experiment:not(.bp-bet) button, .bp-controls, .bp-exercise form, .pst-js-only"
        assert not plain.locator(alive).locator("visible=true").count(), name
        assert plain.locator(".bp-bet button:visible").count() == plain.locator(".bp-bet button").count()
        for button in plain.locator(".bp-bet button").all():
            assert button.evaluate("e => getComputedStyle(e).borderStyle") == "none"
        assert plain.evaluate(TOO_WIDE) == [], name
    plain.set_viewport_size(DESKTOP)


def try_everything(page: Page | FrameLocator) -> None:
    """5장에서: 밝기, 차례, 실험, 연습, 내기, 찾기가 모두 대답해요."""
    page.locator("button.theme-switch-button").first.click()
    expect(page.locator("html")).to_have_attribute("data-mode", re.compile("light|dark"))
    bars = page.locator(".primary-toggle").first
    bars.click()
    expect(page.locator(".bd-docs-nav")).not_to_be_visible()
    bars.click()
    expect(page.locator(".bd-docs-nav")).to_be_visible()
    live = page.locator(".bp-experiment:has(.bp-controls select)").first
    words = live.locator(".bp-text")
    before = words.text_content()
    live.locator("select").first.select_option(index=0)
    expect(words).not_to_have_text(before or "")
    exercise = page.locator('.bp-exercise[data-number="5.1"]')
    exercise.locator("input").fill("1")
    exercise.locator("[type=submit]").click()
    expect(exercise.locator(".bp-text")).to_contain_text("✗")
    page.locator(".bp-bet button").first.click()
    expect(page.locator(".bp-after").first).to_be_visible()
    page.locator(".search-button__button").first.click()
    page.locator("#pst-search-dialog input").fill("편향")
    page.locator("#pst-search-dialog input").press("Enter")
    expect(page.locator(".lab-search-results a").first).to_be_visible()


def test_blocked_storage(browser: Browser, site_url: str) -> None:
    with watched(browser, site_url) as page:
        page.add_init_script(BLOCKED)
        page.goto(f"{site_url}/{FIVE}.html")
        try_everything(page)
        for name in ("chapters/playground", "chapters/07-images", "chapters/record", *OTHERS):
            page.goto(f"{site_url}/{name}.html")
            page.wait_for_load_state("load")
        assert not page.watch.problems


def test_a_theme_that_another_book_kept(watched_page: Page, site_url: str) -> None:
    """같은 주소에 있는 다른 책이 저장소에 적어 둔 모르는 테마는 못 본 체해요."""
    watched_page.add_init_script("localStorage.setItem('mode', 'rust')")
    watched_page.goto(f"{site_url}/404.html")
    watched_page.goto(f"{site_url}/chapters/05-notation.html")
    expect(watched_page.locator("html")).to_have_attribute("data-mode", "auto")
    expect(watched_page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_sandboxed_frame_of_another_site(browser: Browser, site_dir: Path) -> None:
    """학습 관리 시스템이 책을 가둬 두고 보여 줄 때(allow-same-origin 없이)."""

    class Open(load_script("run.py").Handler):  # type: ignore[misc]
        """GitHub Pages처럼, 갇힌 쪽도 글꼴을 읽게 해요."""

        def end_headers(self) -> None:
            self.send_header("Access-Control-Allow-Origin", "*")
            super().end_headers()

    with serve(site_dir, kind=Open) as url, watched(browser, url) as page:
        page.goto(f"{url}/404.html")
        page.evaluate(
            """src => document.body.replaceChildren(Object.assign(document.createElement('iframe'),
                {src, sandbox: 'allow-scripts allow-forms', width: 1270, height: 800}))""",
            f"{url}/{FIVE}.html",
        )
        page.evaluate("document.body.style = 'margin: 0'")
        frame = page.frame_locator("iframe")
        try_everything(frame)
        for name in ("chapters/playground", "chapters/record", *OTHERS):
            page.locator("iframe").evaluate(
                "(e, src) => new Promise(done => { e.onload = done; e.src = src; })", f"{url}/{name}.html"
            )
        assert not page.watch.problems
