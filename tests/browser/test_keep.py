"""이 기기에 담은 책(book/sw.js)과 이상한 문장을 알리는 링크: 누르기 전에는 아무것도 남기거나 보내지 않아요."""

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import yaml
from browsing import BLOCKED, serve, strict_handler, watched
from playwright.sync_api import Browser, Page, expect
from scripts import ROOT

sys.path.insert(0, str(ROOT / "book"))

import keep

CHAPTERS = ("00-intro", "01-structure")
KEEP, FORGET = "[data-keep]:has-text('담기')", "[data-keep]:has-text('지우기')"
COUNT = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
# 새 판을 물어보고, 그것이 담기거나 버려질 때까지 기다려요.
UPDATE = """navigator.serviceWorker.getRegistration().then(kept => kept.update()).then(kept => new Promise(done => {
    const one = kept.installing ?? kept.waiting ?? kept.active;
    const see = () => /activated|redundant/.test(one.state) && done(one.state);
    one.addEventListener("statechange", see);
    see();
}))"""


def small_site(source: Path, folder: Path) -> None:
    """두 장과 찾기 쪽만 있는 책."""
    shutil.copytree(source / "_static", folder / "_static")
    for page in (*(f"chapters/{name}.html" for name in CHAPTERS), "search.html", "index.html"):
        (folder / page).parent.mkdir(exist_ok=True)
        shutil.copy(source / page, folder / page)
    keep.write_worker(folder)


def rewrite(folder: Path, old: str, new: str) -> None:
    for page in folder.glob("chapters/*.html"):
        html = page.read_text(encoding="utf-8")
        assert old in html
        page.write_text(html.replace(old, new), encoding="utf-8")


def caches(page: Page) -> list[str]:
    return page.evaluate("caches.keys()")


def test_a_kept_book_reads_without_a_network(browser: Browser, site_dir: Path, tmp_path: Path) -> None:
    small_site(site_dir, tmp_path)
    with serve(tmp_path, kind=strict_handler()) as address, watched(browser, address) as page:
        page.goto(f"{address}/chapters/00-intro.html")
        page.get_by_text("내려받기", exact=True).click()
        expect(page.locator(KEEP)).to_be_visible()
        assert page.evaluate(COUNT) == 0
        assert page.locator("link[rel=manifest]").count() == 0
        page.evaluate("caches.open('다른 사이트의 것')")
        page.locator(KEEP).click()
        expect(page.locator(FORGET)).to_be_visible()
        first = caches(page)
        assert len(first) == 2

        page.context.set_offline(True)
        page.reload()
        assert page.evaluate("getComputedStyle(document.querySelector('.bp-experiment')).contain") != "none"
        page.locator('nav.bd-links a[href="01-structure.html"]').first.click()
        page.wait_for_url("**/01-structure.html")
        expect(page.locator("h1").first).to_contain_text("1장")
        page.goto(f"{address}/search.html?q=뉴런")
        expect(page.locator(".lab-search-results li").first).to_be_visible()
        page.goto(f"{address}/")
        page.wait_for_url("**/chapters/00-intro.html")

        page.context.set_offline(False)
        rewrite(tmp_path, "<h1>", "<h1>둘째 판 ")
        page.reload()  # 새 판을 다 받을 때까지는 옛 판만 보여요
        expect(page.locator("h1").first).not_to_contain_text("둘째 판")
        keep.write_worker(tmp_path)
        assert page.evaluate(UPDATE) == "activated"
        second = caches(page)
        assert len(second) == 2
        assert second != first
        page.context.set_offline(True)
        for name in CHAPTERS:
            page.goto(f"{address}/chapters/{name}.html")
            expect(page.locator("h1").first).to_contain_text("둘째 판")

        page.context.set_offline(False)
        rewrite(tmp_path, "둘째 판", "셋째 판")
        keep.write_worker(tmp_path)
        rewrite(tmp_path, "셋째 판", "아직 오지 않은 판")  # 서버가 두 판을 섞어 보내면 담지 않아요
        assert page.evaluate(UPDATE) == "redundant"
        assert caches(page) == second

        page.reload()
        page.get_by_text("내려받기", exact=True).click()
        page.locator(FORGET).click()
        expect(page.locator(KEEP)).to_be_visible()
        assert page.evaluate(COUNT) == 0
        assert caches(page) == ["다른 사이트의 것"]
        assert not page.watch.problems


def test_nothing_is_kept_where_nothing_can_be(browser: Browser, site_dir: Path, site_url: str) -> None:
    place = "chapters/00-intro.html"
    with watched(browser, site_url) as page:
        page.goto((site_dir / place).as_uri())
        page.get_by_text("내려받기", exact=True).click()
        expect(page.locator("[data-print]")).to_be_visible()
        expect(page.locator("[data-keep]")).to_be_hidden()
        assert not page.watch.problems
    with watched(browser, site_url) as page:
        # 저장소를 막은 브라우저는 서비스 워커와 캐시에도 오류를 내요
        page.add_init_script(BLOCKED)
        page.add_init_script(BLOCKED.replace("localStorage", "caches"))
        page.goto(f"{site_url}/{place}")
        page.get_by_text("내려받기", exact=True).click()
        expect(page.locator("[data-print]")).to_be_visible()
        expect(page.locator("[data-keep]")).to_be_hidden()
        assert page.evaluate(COUNT) == 0
        assert not page.watch.problems


def report(href: str) -> tuple[str, str]:
    parts = urlsplit(href)
    query = parse_qs(parts.query)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", query["body"][0].replace("\r\n", "\n")


def test_a_strange_sentence_is_told_with_its_place(watched_page: Page, plain: Page, site_url: str) -> None:
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    plain.goto(f"{site_url}/chapters/02-forward.html")
    bare = plain.locator("a[data-report]").get_attribute("href")
    address, body = report(bare)
    assert address == f"{repository}/issues/new"
    assert body.startswith("- 쪽: 2장 순전파 (chapters/02-forward.ipynb)\n- 판: 책 ")
    assert "무엇이 이상한가요?" in body

    page = watched_page
    page.goto(f"{site_url}/chapters/02-forward.html")
    bubble = page.locator("a.lab-report")
    expect(bubble).to_be_hidden()
    sentence = page.locator("section section > p").filter(has=page.locator(".katex")).first
    sentence.scroll_into_view_if_needed()
    sentence.evaluate("p => getSelection().selectAllChildren(p)")
    expect(bubble).to_be_visible()
    section = sentence.evaluate("p => p.closest('section').id")
    tex = sentence.locator("annotation").first.text_content()
    for href in (
        bubble.get_attribute("href"),
        page.locator(".lab-footer a[data-report]").get_attribute("href"),
    ):
        _, body = report(href)
        assert f"\n- 절: #{section}\n\n> " in body
        assert f"${tex}$" in body
        assert body.endswith("(몰라도 괜찮아요)\n\n")
    box, view = bubble.bounding_box(), page.viewport_size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= view["width"]
    page.locator(".bd-article").evaluate("all => getSelection().selectAllChildren(all)")
    expect(bubble).to_have_attribute("href", re.compile(quote("#2장-순전파")))
    page.locator("pre:visible").first.evaluate("pre => getSelection().selectAllChildren(pre)")
    expect(bubble).to_be_hidden()
    assert not any("github.com" in url for url in page.watch.requests)
