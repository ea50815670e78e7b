"""수업 슬라이드: 장마다 조용히 열리고, 실험과 내기가 거기서도 살아 있고, 인쇄하면 한 장이 한 쪽이에요."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESKTOP, PHONE, watched
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from scripts import load_script
from test_looks import AXE_SCRIPT, FOUR_LOOKS, LOOKS_RULES, SETTLED, STILL, TOO_WIDE, violations

DECKS = load_script("book/labslides.py").DECKS
PAPER = (842, 595)  # A4를 눕힌 것, pt


@pytest.fixture(scope="module", params=DECKS)
def deck(browser: Browser, site_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """엄격한 정책 아래에서 연 슬라이드. 콘솔 오류나 다른 곳으로 간 요청이 있으면 실패해요."""
    with watched(browser, site_url) as page:
        page.goto(f"{site_url}/slides/{request.param}.html")
        page.chapter = request.param
        yield page
        assert not page.watch.problems, page.watch.problems


def living(html: str) -> list[str]:
    """내기의 결과 밖에 있는 실험과 내기의 이름을 차례대로."""
    found = BeautifulSoup(html, "html.parser").select(".bp-experiment[id]:has(> .bp-controls), .bp-bet")
    return [one.get("id") or one["data-number"] for one in found if not one.find_parent(class_="bp-after")]


def test_every_experiment_and_bet_of_the_chapter_is_here(deck: Page, site_dir: Path) -> None:
    """장의 실험과 내기가 하나도 빠지지 않고 차례대로, 한 장에 하나씩, 과제와 함께 있어요."""
    slides, chapter = (
        (site_dir / folder / f"{deck.chapter}.html").read_text() for folder in ("slides", "chapters")
    )
    assert living(slides) == living(chapter)
    assert len(living(slides)) + 2 == deck.locator(".lab-slide").count()
    empty = """[...document.querySelectorAll('.lab-words')].filter(e => !e.querySelector('p, ul, ol'))
        .map(e => e.textContent)"""
    assert deck.evaluate(empty) == [], "과제가 없어요"


def test_experiment_moves_and_bet_opens(deck: Page) -> None:
    slider = deck.locator(".lab-living > .bp-experiment .bp-slide input").first
    if slider.count():
        text = slider.locator("xpath=ancestor::*[contains(@class, 'bp-experiment')]").locator(".bp-text")
        before = text.text_content()
        slider.focus()
        deck.keyboard.press("ArrowRight" if slider.get_attribute("value") == "0" else "ArrowLeft")
        expect(text).not_to_have_text(before or "")
    for bet in deck.locator(".lab-bet").all():
        after = bet.locator(".bp-after")
        expect(after).to_be_hidden()
        bet.get_by_role("group").get_by_role("button").first.click()
        expect(after).to_be_visible()
        expect(after).to_contain_text("판정.")
    deck.reload()
    assert deck.locator(".bp-open").count() == 0, "다음 반에서는 닫혀 있어야 해요"


def test_keys_buttons_and_remote(deck: Page) -> None:
    deck.set_viewport_size(DESKTOP)
    count = deck.locator(".lab-slide").count()
    place = deck.locator("nav output")
    deck.keyboard.press("Home")
    expect(place).to_have_text(f"1 / {count}")
    deck.keyboard.press("PageDown")
    expect(place).to_have_text(f"2 / {count}")
    deck.keyboard.press("ArrowRight")
    expect(place).to_have_text(f"3 / {count}")
    deck.get_by_role("button", name="앞 슬라이드").click()
    expect(place).to_have_text(f"2 / {count}")
    deck.keyboard.press("PageUp")
    deck.keyboard.press("PageUp")
    expect(place).to_have_text(f"1 / {count}")


def test_looks(deck: Page) -> None:
    deck.evaluate(STILL)
    deck.evaluate(AXE_SCRIPT)
    rules = None
    for size, scheme in [*FOUR_LOOKS[:2], (PHONE, "light")]:
        deck.set_viewport_size(size)
        deck.emulate_media(color_scheme=scheme)
        deck.evaluate(SETTLED)
        assert not deck.evaluate(TOO_WIDE) + violations(deck, rules), f"{size} {scheme}"
        rules = LOOKS_RULES


def test_prints_one_slide_a_page(deck: Page) -> None:
    pdf = deck.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == deck.locator(".lab-slide").count()
    sizes = {
        tuple(round(float(n)) for n in box)
        for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    }
    assert sizes == {PAPER}


def test_chapter_links_to_its_deck(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/chapters/04-chain-rule.html")
    watched_page.get_by_role("link", name="수업 슬라이드").click()
    expect(watched_page.locator("h1")).to_have_text("4장 연쇄 법칙")
    watched_page.get_by_role("link", name="장으로", exact=True).click()
    assert watched_page.url.endswith("/chapters/04-chain-rule.html")
