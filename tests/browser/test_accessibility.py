"""누구나 읽을 수 있나: 쪽마다 axe-core를 밝은·어두운 화면, 넓은·좁은 화면에서, 실험을 움직인 채로 돌려요."""

from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from chapters import CHAPTERS

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OTHER_LOOKS = [(DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]  # 쪽은 넓고 밝은 화면에서 열려요
MOVE = """() => {
    for (const input of document.querySelectorAll('.bp-controls input, .bp-controls select')) {
        if (input.tagName === 'SELECT') input.selectedIndex = input.options.length - 1;
        else input.value = input.max;
        input.dispatchEvent(new Event('input', {bubbles: true}));
    }
}"""
# 색이 천천히 바뀌는 도중에 재면 대비가 틀리게 나와요. <style>을 끼워 넣는 것은 쪽의 정책(book/csp.py)이 막아요.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets.push(sheet);
}"""

# 그림 속 글의 명암은 test_drawings_follow_the_theme가 봐요. 점이 수천 개라 axe에게는 오래 걸려요.
DRAWINGS = [[".bp-frame"]]
# 밝기나 폭에 따라 달라지는 규칙. 나머지는 한 번만 보면 돼요.
LOOKS_RULES = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
# 조각이 쪽마다 수천 개지만 색은 어느 쪽이든 같아서, CODE_AND_MATH의 쪽에서만 봐요.
PIECES = [["div.highlight"], [".katex-html"]]
CODE_AND_MATH = "02-forward"


def violations(page: Page, exclude: list[list[str]], rules: list[str] | None = None) -> list[str]:
    """axe의 지적: 규칙, 까닭, 처음 몇 자리."""
    options: dict[str, object] = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, context={"exclude": exclude}, options=options).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found
    ]


@pytest.mark.parametrize("path", [*CHAPTERS, Path("search"), Path("404")], ids=lambda path: path.stem)
def test_axe(watched_page: Page, site_url: str, path: Path) -> None:
    place = f"chapters/{path.stem}" if path.suffix else path.stem
    watched_page.goto(f"{site_url}/{place}.html{'?q=기울기' if path.stem == 'search' else ''}")
    watched_page.evaluate(STILL)
    watched_page.evaluate(MOVE)
    exclude = DRAWINGS + ([] if path.stem == CODE_AND_MATH else PIECES)
    wrong = violations(watched_page, exclude)
    for size, scheme in OTHER_LOOKS:
        watched_page.set_viewport_size(size)
        watched_page.emulate_media(color_scheme=scheme)
        found = violations(watched_page, exclude, LOOKS_RULES)
        wrong += [f"{size['width']} {scheme}: {problem}" for problem in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewport", [{"width": 320, "height": 640}])
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_sideways_scrolling(watched_page: Page, site_url: str, path: Path) -> None:
    """폭 320px은 1280px을 400%로 키운 것과 같아요. 쪽이 옆으로 밀리면 안 돼요."""
    watched_page.goto(f"{site_url}/chapters/{path.stem}.html")
    watched_page.evaluate(MOVE)
    assert watched_page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_headings_landmarks_and_skip_link(watched_page: Page, site_url: str, path: Path) -> None:
    watched_page.goto(f"{site_url}/chapters/{path.stem}.html")
    levels = watched_page.locator("main :is(h1, h2, h3, h4)").evaluate_all(
        "all => all.map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert watched_page.locator("main").count() == 1
    watched_page.keyboard.press("Tab")
    assert "건너뛰기" in watched_page.evaluate("document.activeElement.textContent")
    watched_page.keyboard.press("Enter")
    assert watched_page.evaluate("location.hash") == "#main-content"
