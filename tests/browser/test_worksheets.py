"""활동지: 진짜 브라우저로 인쇄하면 문제 한 쪽, 답 한 쪽, 모두 A4 두 쪽이에요."""

import re

import pytest
from playwright.sync_api import Browser, Page

from bplib.lab.worksheets import PREPARED, TITLES, worksheet


@pytest.mark.parametrize("chapter", TITLES)
def test_prints_on_two_a4_pages(browser: Browser, chapter: int) -> None:
    page = browser.new_page()
    for seed in (*PREPARED, 40, 41, 42):
        page.set_content(worksheet(chapter, seed).html())
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 2, f"씨앗 {seed}"
        width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
        assert (round(width), round(height)) == (595, 842)
    page.close()


def test_screen_only_navigation_is_not_printed(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/worksheets/2-3.html")
    assert watched_page.locator("nav").is_visible()
    watched_page.emulate_media(media="print")
    assert not watched_page.locator("nav").is_visible()
    watched_page.emulate_media(media="screen")
    watched_page.get_by_role("link", name="씨앗 4").click()
    assert "씨앗 4" in watched_page.title()
    watched_page.get_by_role("link", name="가르치는 분께").click()
    assert watched_page.url.endswith("/chapters/teaching.html")
