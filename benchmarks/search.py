#!/usr/bin/env python3
"""한국어 찾기를 견줘요: 이 책의 찾기, Pagefind, 형태소로 나눈 Sphinx의 찾기.

    python benchmarks/search.py     먼저 `python3 run.py book --no-serve`. 더 쓰는 것은 requirements/bench.txt에 있어요.

물음은 시험이 쓰는 것(tests/browser/search_queries.json)과 같고, 물음마다 알맞은 장을 먼저 적어 둔 거예요.
이 책의 찾기를 고치는 동안 보지 않은 물음(fresh)의 점수는 따로 적어요.
글은 셋 모두 만들어진 책의 글이에요. Pagefind는 쪽을 그대로 읽고, Sphinx에는 같은 글을 장마다 한 쪽으로 줘요.
Sphinx에는 한국어가 없어서 kiwipiepy로 어절과 형태소를 함께 색인하게 했어요. 물음은 셋 모두 실제 브라우저에서 물어요.

첫째  알맞은 장이 맨 앞       셋째 안  셋째 안에 있음
KB    찾을 때 받는 것(gzip). Pagefind는 물음 하나에 받는 것의 가운뎃값
"""

import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import launch, serve  # noqa: E402
from scripts import load_script  # noqa: E402

RUN = load_script("run.py")
BLOCKS = json.loads((ROOT / "tests" / "browser" / "search_queries.json").read_text(encoding="utf-8"))
QUERIES = BLOCKS["queries"] + BLOCKS["fresh"]
CONF = """
import kiwipiepy, re
from sphinx.search import SearchLanguage, languages

class Korean(SearchLanguage):
    lang, language_name = "ko", "Korean"
    kiwi = kiwipiepy.Kiwi()

    def split(self, text):
        words = re.findall(r"\\w+", text)
        return words + [t.form for t in self.kiwi.tokenize(text) if t.tag[0] in "NVMSX"]

    def word_filter(self, word):
        return True

languages["ko"] = Korean
html_search_language = "ko"
html_theme = "basic"
"""
FIND_PAGEFIND = """async (query) => {
    const engine = await import('/pagefind/pagefind.js');
    const {results} = await engine.search(query);
    return Promise.all(results.slice(0, 10).map(async (result) => (await result.data()).url));
}"""
RECEIVED = """() => performance.getEntriesByType('resource').filter(({name}) => name.includes('/pagefind/'))
    .reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0)"""


def names(addresses: list[str]) -> list[str]:
    """주소에서 장의 이름만."""
    return [address.split("#")[0].rpartition("/")[2].removesuffix(".html") for address in addresses]


def ask_book(page: Page, origin: str, query: str) -> list[str]:
    page.goto(f"{origin}/search.html?q={query}")
    links = page.locator(".lab-search-results > li > ul > li:first-child > a")
    return names(links.evaluate_all("all => all.map(a => a.href)"))


def ask_sphinx(page: Page, origin: str, query: str) -> list[str]:
    page.goto(f"{origin}/search.html?q={query}")
    page.wait_for_function(
        "!/^(Searching|Preparing)/.test(document.querySelector('#search-results h2')?.textContent ?? 'Searching')"
    )
    page.wait_for_function(
        "document.querySelector('#search-progress')?.textContent !== 'Preparing search...'"
    )
    page.wait_for_timeout(300)  # 결과를 한 줄씩 늦춰서 적어요
    return names(
        page.locator("#search-results ul.search > li > a").evaluate_all("all => all.map(a => a.href)")
    )


def ask_all(page: Page, site: Path, ask: Callable[[Page, str, str], list[str]]) -> list[list[str]]:
    """사이트를 열어 두고 물음마다 물어요."""
    with serve(site) as origin:
        return [ask(page, origin, query) for query, _ in QUERIES]


def report(title: str, found: list[list[str]], size: float) -> None:
    """맞힌 수와, 셋째 안에 없던 물음. 새 물음은 목록의 끝에 있어요."""
    places = [
        next((i for i, name in enumerate(some) if name in wanted), 99)
        for some, (_, wanted) in zip(found, QUERIES, strict=True)
    ]
    for name, some in ((title, places), ("   새 물음만", places[-len(BLOCKS["fresh"]) :])):
        first, third = (sum(place < n for place in some) / len(some) for n in (1, 3))
        print(f"{name:<28}첫째 {first:6.1%}  셋째 안 {third:6.1%}  {size:7.0f} KB")
    print(
        "   셋째 안에 없음:",
        ", ".join(q for (q, _), place in zip(QUERIES, places, strict=True) if place > 2) or "없음",
    )


def zipped(file: Path) -> float:
    return len(gzip.compress(file.read_bytes())) / 1000


def book(page: Page) -> None:
    size = sum(zipped(RUN.SITE / "_static" / name) for name in ("search-sections.js", "search.js"))
    report("이 책 (두 글자씩)", ask_all(page, RUN.SITE, ask_book), size)


def pagefind(page: Page, folder: Path) -> None:
    site = folder / "site"
    shutil.copytree(RUN.SITE, site)
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(site),
        "--root-selector",
        ".bd-article",
        "--force-language",
        "ko",
    ]
    subprocess.run(command, check=True, capture_output=True)
    received: list[float] = []
    found = []
    with serve(site) as origin:
        for query, _ in QUERIES:
            context = page.context.browser.new_context()  # type: ignore[union-attr]
            fresh = context.new_page()
            fresh.goto(f"{origin}/search.html")
            found.append(list(dict.fromkeys(names(fresh.evaluate(FIND_PAGEFIND, query)))))
            received.append(fresh.evaluate(RECEIVED) / 1000)
            context.close()
    report("Pagefind", found, statistics.median(received))


def sphinx(page: Page, folder: Path) -> None:
    source, built = folder / "source", folder / "built"
    source.mkdir()
    script = (RUN.SITE / "_static" / "search-sections.js").read_text(encoding="utf-8")
    pages = json.loads(script.removeprefix("window.LAB_BOOK=").rstrip().removesuffix(";"))["pages"]
    docs = []
    for chapter in pages:
        name = names([chapter["sections"][0]["url"]])[0]
        docs.append(name)
        (source / f"{name}.rst").write_text("\n".join(rst(chapter["sections"])), encoding="utf-8")
    (source / "contents.rst").write_text(
        "차례\n====\n\n.. toctree::\n\n" + "".join(f"   {d}\n" for d in docs), encoding="utf-8"
    )
    (source / "conf.py").write_text("root_doc = 'contents'\n" + CONF, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", str(source), str(built)], check=True, capture_output=True
    )
    report("Sphinx + kiwipiepy", ask_all(page, built, ask_sphinx), zipped(built / "searchindex.js"))


def rst(sections: list[dict[str, str]]) -> list[str]:
    """절들을 Sphinx가 읽을 글로. 표시로 읽힐 기호는 그대로의 글로 바꿔요."""
    lines = []
    for i, section in enumerate(sections):
        title = plain(section["title"]) or "절"
        lines += [title, ("-" if i else "=") * (4 * len(title)), "", plain(section["text"]), ""]
    return lines


def plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\*`_|:[]<>" else c for c in text).strip()


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = launch(playwright)
        page = browser.new_page()
        print(f"물음 {len(QUERIES)}개")
        book(page)
        pagefind(page, Path(name))
        sphinx(page, Path(name))
        browser.close()


if __name__ == "__main__":
    main()
