"""옮긴 절의 옛 주소: 스크립트가 있으면 새 자리에 닿고, 없으면 그리로 가는 링크가 보여요."""

from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Page, expect
from scripts import load_script

MOVED = load_script("book/labmoved.py").MOVED
AWAY = {
    page: next(((old, to) for old, to in moved.items() if to[0] != "#"), None)
    for page, moved in MOVED.items()
}
RENAMED = {
    page: next(((old, to) for old, to in moved.items() if to[0] == "#"), None)
    for page, moved in MOVED.items()
}


def address(site_url: str, page: str, old: str) -> str:
    return f"{site_url}/chapters/{page}.html#{quote(old)}"


@pytest.mark.parametrize("page", [page for page, case in AWAY.items() if case])
def test_old_address_arrives(watched_page: Page, site_url: str, page: str) -> None:
    old, place = AWAY[page]
    there, _, anchor = place.partition("#")
    watched_page.goto(address(site_url, page, old))
    watched_page.wait_for_url(lambda url: unquote(url).endswith(f"/chapters/{there}.html#{anchor}"))
    expect(watched_page.locator(f"[id='{anchor}'] > :is(h2, h3)").first).to_be_in_viewport()


def test_renamed_section_is_shown(watched_page: Page, site_url: str) -> None:
    old, place = RENAMED["05-backprop"]
    watched_page.goto(address(site_url, "05-backprop", old))
    expect(watched_page.locator(f"[id='{place[1:]}'] > :is(h2, h3)").first).to_be_in_viewport()


def test_a_sign_without_script(plain: Page, site_url: str) -> None:
    old, place = AWAY["06-training"]
    plain.goto(address(site_url, "06-training", old))
    sign = plain.locator(".lab-moved:visible")
    expect(sign).to_have_count(1)
    sign.click()
    assert unquote(plain.url).endswith(place.replace("#", ".html#"))
