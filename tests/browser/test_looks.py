"""누구나 읽을 수 있나: 차례에 있는 모든 쪽을 서버와 폴더에서, 넓고 좁은 화면과 밝고 어두운 화면에서 봐요.

조용히 열리고, 옆으로 넘치지 않고, axe-core가 지적하지 않고, 그림 속 글이 바탕과 구별돼야 해요.
"""

import unicodedata
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import DESKTOP, PAGES
from playwright.sync_api import Page

from chapters import CHAPTERS

Look = tuple[dict[str, int], str]
ZOOMED = {"width": 320, "height": 640}  # 1280px을 400%로 키운 것과 같아요
FOUR_LOOKS: list[Look] = [(DESKTOP, "light"), (ZOOMED, "dark"), (DESKTOP, "dark"), (ZOOMED, "light")]
# 밝기나 폭에 따라 달라지는 규칙. 나머지는 한 번만 보면 돼요.
LOOKS_RULES = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
# 점과 조각이 쪽마다 수만 개라 axe에게는 오래 걸려요. 그림 속 글의 명암은 FILLS가 봐요.
PIECES = ".bp-frame svg, .highlight pre, .katex-html, .katex-mathml"

SETTLED = """() => document.fonts.ready.then(() => new Promise(
    done => requestAnimationFrame(() => requestAnimationFrame(() => done()))))"""
MOVE = """() => {
    for (const input of document.querySelectorAll('.bp-controls input, .bp-controls select')) {
        if (input.tagName === 'SELECT') input.selectedIndex = input.options.length - 1;
        else input.value = input.max;
        input.dispatchEvent(new Event('input', {bubbles: true}));
    }
}"""
# 글자를 하나씩 종이에 찍어 아무것도 찍히지 않는 것. 두부(□)는 찍히지만, 글꼴에 자리만 있는 글자는 빈칸이 돼요.
BLANK = """signs => ['body', '.bp-text', 'pre'].flatMap(place => {
    const pen = new OffscreenCanvas(40, 40).getContext('2d', {willReadFrequently: true});
    pen.font = `20px ${getComputedStyle(document.querySelector(place)).fontFamily}`;
    return signs.filter(sign => {
        pen.clearRect(0, 0, 40, 40);
        pen.fillText(sign, 10, 28);
        return !pen.getImageData(0, 0, 40, 40).data.some(ink => ink);
    }).map(sign => `${place}: ${sign}`);
})"""
# 색이 천천히 바뀌는 도중에 재면 대비가 틀리게 나와요. <style>을 끼워 넣는 것은 쪽의 정책(book/csp.py)이 막아요.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets = [sheet];
}"""
# 자리와 글은 두고 조각을 들어내요. 코드의 조각은 종류마다 하나씩, 수식은 하나를 남겨요. refill()이 되돌려요.
EMPTY = """pieces => {
    const all = [...document.querySelectorAll(pieces)], boxes = all.map(e => e.getBoundingClientRect());
    const seen = new Set(), first = kind => !seen.has(kind) && seen.add(kind);
    const kept = all.map((e, i) => {
        const inside = [...e.childNodes], {width, height} = boxes[i];
        if (e.matches('pre')) e.replaceChildren(...inside.map(c => first(c.className) ? c : c.textContent));
        else if (!e.matches('.katex-html')) e.replaceChildren(e.matches('svg') ? '' : e.textContent);
        else if (!first('수식')) {
            e.style.cssText = `display:inline-block;width:${width}px;height:${height}px`;
            e.replaceChildren();
        }
        return [e, inside];
    });
    window.refill = () => kept.forEach(([e, inside]) => {
        e.replaceChildren(...inside);
        if (e.matches('.katex-html')) e.removeAttribute('style');
    });
}"""
# axe의 지적: 규칙, 까닭, 처음 몇 자리. 자리마다 바탕이 된 요소의 HTML까지 모두 적는 것은 꺼요.
AXE = """options => {
    axe.configure({noHtml: true});
    return axe.run(document, options).then(({violations}) => violations.map(v => `${v.id} (${v.impact}): ${v.help}: ${
        v.nodes.slice(0, 3).map(n => n.element.outerHTML.slice(0, 120)).join(' ')}`));
}"""
TOO_WIDE = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const out = [...document.body.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 5);
    return [`옆으로 ${root.scrollWidth}px까지 넘쳤어요: ${out.map(e => `${e.tagName}.${e.className}`)}`];
}"""
# 수식의 끝과 바로 뒤의 한글이 다른 줄에 있는 곳.
TORN = """() => [...document.querySelectorAll('article .math-inline')].filter(math => {
    const after = math.nextSibling, last = [...math.querySelectorAll('.katex-base')].at(-1);
    if (!/^[가-힣]/.test(after?.data ?? '') || !math.checkVisibility()) return false;
    const letter = document.createRange();
    letter.setStart(after, 0);
    letter.setEnd(after, 1);
    return letter.getBoundingClientRect().left < last.getBoundingClientRect().left;
}).map(math => math.closest('p, li, td, h2, h3').textContent.slice(0, 60))"""
# 그림 속 글마다 (글, 색, 바탕과의 명암비). 반투명한 글은 빼요.
FILLS = """() => {
    const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const light = color => rgb(color).map(c => c / 255)
        .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
    return [...document.querySelectorAll('.bp-experiment:not(.bp-exercise) svg text')]
        .filter(e => e.textContent.trim()).map(e => {
            const paper = light(getComputedStyle(e.closest('.bp-experiment')).backgroundColor);
            const {fill} = getComputedStyle(e.querySelector('tspan') ?? e);
            const [low, high] = [light(fill), paper].sort((a, b) => a - b);
            return [e.textContent, fill, (high + .05) / (low + .05)];
        });
}"""


def violations(page: Page, rules: list[str] | None) -> list[str]:
    options: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False, "elementRef": True}
    page.evaluate(EMPTY, PIECES)
    found = page.evaluate(AXE, options | ({"runOnly": rules} if rules else {}))
    page.evaluate("refill()")
    return found


def check_looks(page: Page, looks: list[Look]) -> dict[str, list[Any]]:
    """모든 실험을 끝까지 민 모습을 보고, 밝기마다 그림 속 글의 색을 돌려줘요."""
    page.evaluate(STILL)
    page.evaluate(AXE_SCRIPT)
    page.evaluate(MOVE)
    wrong, fills, rules = [], {}, None
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        fills[scheme] = page.evaluate(FILLS)
        problems = page.evaluate(TOO_WIDE) + violations(page, rules)
        wrong += [f"{size['width']} {scheme}: {problem}" for problem in problems]
        rules = LOOKS_RULES
    assert not wrong, "\n".join(wrong)
    return fills


def test_every_chapter_is_in_the_toc() -> None:
    assert sorted(PAGES) == [f"chapters/{path.stem}" for path in CHAPTERS]


def test_headings_landmarks_and_skip_link(chapter: Page) -> None:
    assert chapter.evaluate("document.documentElement.lang") == "ko"
    levels = chapter.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert chapter.locator("main").count() == 1
    chapter.evaluate("document.body.tabIndex = -1, document.body.focus()")  # 쪽의 맨 앞에서 시작해요
    chapter.keyboard.press("Tab")
    assert "건너뛰기" in chapter.evaluate("document.activeElement.textContent")
    chapter.keyboard.press("Enter")
    assert chapter.evaluate("location.hash") == "#main-content"


def test_every_look(chapter: Page) -> None:
    """그림 속 글의 색은 밝은 화면과 어두운 화면에서 다르고, 둘 다 바탕과 4.5배 넘게 달라 읽을 수 있어요."""
    fills = check_looks(chapter, FOUR_LOOKS[:2])  # 쪽의 틀은 같아서, 네 모습은 다른 쪽에서 봐요
    for light, dark in zip(fills["light"], fills["dark"], strict=True):
        assert light[0] == dark[0]
        assert light[1] != dark[1], f"{light[0]!r}의 색이 밝기를 따라가지 않아요: {light[1]}"
        assert min(light[2], dark[2]) >= 4.5, f"{light[0]!r}을 읽기 어려워요: {light}, {dark}"


@pytest.mark.parametrize("other", ["search.html?q=기울기", "404.html"])
def test_every_look_of_other_pages(watched_page: Page, site_url: str, other: str) -> None:
    watched_page.goto(f"{site_url}/{other}")
    check_looks(watched_page, FOUR_LOOKS)


def test_no_sign_is_blank(watched_page: Page, site_url: str, site_dir: Path) -> None:
    """모든 장의 글자가, 이 컴퓨터의 글꼴 가운데 쪽이 고른 것으로 정말 그려져요."""
    text = "".join(unescape((site_dir / f"{name}.html").read_text(encoding="utf-8")) for name in PAGES)
    signs = sorted({sign for sign in text if unicodedata.category(sign)[0] not in "ZCM"})
    watched_page.goto(f"{site_url}/{PAGES[2]}.html")
    assert watched_page.evaluate(BLANK, signs) == []


def test_page_opens_from_a_folder(folder_chapter: Page) -> None:
    """폴더에서, 어두운 휴대 전화에서 처음 열린 모습."""
    folder_chapter.evaluate(SETTLED)
    assert folder_chapter.evaluate(TOO_WIDE) == []
    assert folder_chapter.evaluate(TORN) == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in folder_chapter.watch.requests)
