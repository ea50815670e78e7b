"""활동지: 진짜 브라우저로 인쇄하면 문제도 답도 A4 한 쪽이고, 문제의 쪽에서는 답으로 갈 수 없어요."""

import re

import pytest
from browsing import PHONE
from playwright.sync_api import Browser, Page

from bplib.lab.handouts import Ring, observation
from bplib.lab.worksheets import PREPARED, TITLES, worksheet


def pages(page: Page, html: str) -> int:
    """인쇄한 A4 쪽의 수."""
    page.set_content(html)
    pdf = page.pdf(prefer_css_page_size=True)
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
    assert (round(width), round(height)) == (595, 842)
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.parametrize("chapter", TITLES)
def test_prints_on_one_a4_page(browser: Browser, chapter: int) -> None:
    page = browser.new_page()
    for seed in (*PREPARED, 40, 41, 42):
        for key in (False, True):
            assert pages(page, worksheet(chapter, seed).html(key)) == 1, f"씨앗 {seed}, 답 {key}"
    page.close()


def test_handouts_fit_their_pages(browser: Browser) -> None:
    page = browser.new_page()
    assert pages(page, Ring(1).html()) == 2
    assert pages(page, Ring(1).html(key=True)) == 1
    assert pages(page, observation()) == 1
    page.close()


def test_labels_do_not_cut_the_circles(browser: Browser) -> None:
    """글의 흰 테두리가 동그라미를 지우지 않아요. 동그라미 속의 수만 예외예요."""
    page = browser.new_page()
    page.set_content(worksheet(5, 1).html())
    cut = page.evaluate("""() => {
        const svg = document.querySelector('.bp-sheet-net');
        const circles = [...svg.querySelectorAll('circle')].map(c => [c.cx.baseVal.value, c.cy.baseVal.value]);
        return [...svg.querySelectorAll('text')].filter(text => {
            const {x, y, width, height} = text.getBBox(), pad = 2.5;
            return circles.some(([cx, cy]) => {
                const dx = Math.max(x - pad - cx, cx - x - width - pad, 0);
                const dy = Math.max(y - pad - cy, cy - y - height - pad, 0);
                return Math.hypot(dx, dy) < 20 && Math.hypot(cx - x - width / 2, cy - y - height / 2) > 3;
            });
        }).map(text => text.textContent);
    }""")
    assert cut == []
    page.close()


def test_screen_only_navigation_is_not_printed(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/worksheets/2-3.html")
    assert watched_page.locator("nav").is_visible()
    assert watched_page.locator("a[href*=key]").count() == 0
    watched_page.emulate_media(media="print")
    assert not watched_page.locator("nav").is_visible()
    watched_page.emulate_media(media="screen")
    watched_page.get_by_role("link", name="씨앗 4").click()
    assert "씨앗 4" in watched_page.title()
    watched_page.get_by_role("link", name="가르치는 분께").click()
    assert watched_page.url.endswith("/chapters/teaching.html")
    watched_page.get_by_role("link", name="2장 씨앗 3 답", exact=True).click()
    assert watched_page.url.endswith("/worksheets/2-3-key.html")
    assert "답과 풀이" in watched_page.title()


def test_teaching_page_on_paper_and_on_a_phone(watched_page: Page, site_url: str) -> None:
    """종이에서도 제목이 있고, 휴대전화에서는 여덟 차시의 표와 7차시의 답, 활동지의 목록을 옆으로 밀지 않아요."""
    watched_page.goto(f"{site_url}/chapters/teaching.html")
    watched_page.emulate_media(media="print")
    assert watched_page.locator("h1").is_visible()
    watched_page.emulate_media(media="screen")
    watched_page.set_viewport_size(PHONE)
    watched_page.evaluate("document.querySelectorAll('.bd-article details').forEach(e => e.open = true)")
    boxes = "[...document.querySelectorAll('.lab-cards, .pst-scrollable-table-container, .output:has(a[href*=-key])')]"
    assert max(watched_page.evaluate(f"{boxes}.map(e => e.scrollWidth - e.clientWidth)")) <= 0
    cell = watched_page.locator(".lab-cards td").nth(1)
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"목표"'
