"""책에서 찾기: 미리 적어 둔 물음(search_queries.json)마다 알맞은 장이 먼저 나오는지 실제 브라우저에서 봐요."""

import gzip
import json
from pathlib import Path

from playwright.sync_api import Page

from chapters import CHAPTERS

QUERIES = json.loads((Path(__file__).parent / "search_queries.json").read_text(encoding="utf-8"))
NAMES = {path.stem for path in CHAPTERS}
FIRST, TOP = 0.95, 3  # 첫째로 나와야 하는 비율, 늘 이 안에는 나와야 하는 자리
MAX_INDEX = 300_000  # 찾을 때만 받는 글 전체 (gzip, 바이트)


def chapters_found(page: Page) -> list[str]:
    """결과의 차례대로, 장의 이름."""
    links = page.locator(".lab-search-results > li > ul > li:first-child > a")
    return links.evaluate_all("all => all.map(a => a.href.replace(/.*\\/|\\.html.*/g, ''))")


def search(page: Page, query: str) -> list[str]:
    page.locator(".lab-search input").fill(query)
    page.keyboard.press("Enter")
    return chapters_found(page)


def test_right_chapter_comes_first(watched_page: Page, site_url: str, capsys) -> None:
    watched_page.goto(f"{site_url}/search.html")
    assert {name for _, wanted in QUERIES for name in wanted} <= NAMES
    misses, lost = [], []
    for query, wanted in QUERIES:
        found = search(watched_page, query)
        place = next((i for i, name in enumerate(found) if name in wanted), None)
        if place != 0:
            misses.append(f"{query!r}: {wanted[0]} 대신 {found[:TOP]}")
        if place is None or place >= TOP:
            lost.append(query)
    with capsys.disabled():
        print(f"\n찾기: {len(QUERIES)}개 가운데 첫째 {len(QUERIES) - len(misses)}개", *misses, sep="\n  ")
    assert not lost
    assert len(misses) <= (1 - FIRST) * len(QUERIES), misses


def test_snippet_shows_where(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/search.html?q=학습률을")
    hit = watched_page.locator(".lab-search-results li li").first
    assert "학습률" in hit.locator("p").inner_text()
    assert hit.locator("mark").count()
    assert "개에서 찾았어요" in watched_page.locator(".lab-search-status").inner_text()
    address = hit.locator("a").get_attribute("href")
    hit.locator("a").click()
    watched_page.wait_for_url(f"**/{address.split('#')[0]}*")


def test_strange_queries(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/search.html")
    for query in ["<img src=x onerror=alert(1)>", "없는낱말뷁뷁", "(((", "\\d+", "ㅋㅋㅋ", " "]:
        search(watched_page, query)
        assert watched_page.locator(".lab-search-status").inner_text(), query
        assert not watched_page.locator(".lab-search-results img").count(), query


def test_from_a_chapter_by_keyboard(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/chapters/03-gradient-descent.html")
    watched_page.keyboard.press("Control+k")
    watched_page.keyboard.type("편향")
    watched_page.keyboard.press("Enter")
    watched_page.wait_for_url("**/search.html?q=*")
    assert chapters_found(watched_page)[0] == "02-forward"


def test_works_from_a_folder(watched_page: Page, site_dir: Path) -> None:
    watched_page.goto(f"{site_dir.as_uri()}/search.html?q=손실")
    assert chapters_found(watched_page)[0] == "03-gradient-descent"


def test_texts_are_light_and_read_only_here(watched_page: Page, site_url: str, site_dir: Path) -> None:
    size = len(gzip.compress((site_dir / "_static" / "search-sections.js").read_bytes()))
    assert size <= MAX_INDEX
    watched_page.goto(f"{site_url}/chapters/00-intro.html")
    assert not [url for url in watched_page.watch.requests if "search" in url or "minisearch" in url]
    watched_page.goto(f"{site_url}/search.html")
    assert [url for url in watched_page.watch.requests if "search-sections.js" in url]
