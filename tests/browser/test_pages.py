"""차례에 있는 모든 쪽이 넓은 화면과 휴대 전화, 밝고 어두운 화면, file://에서 조용히 열리는지 봐요.

콘솔 오류와 다른 곳으로 가는 요청은 watched_page가 끝날 때 봐요.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def toc_pages(node: Any) -> list[str]:
    """차례에 적힌 문서 이름을 나오는 순서대로 모아요."""
    if isinstance(node, list):
        return [name for child in node for name in toc_pages(child)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("root", "file") if key in node]
    return own + [name for child in node.values() for name in toc_pages(child)]


def load_toc() -> list[str]:
    """차례의 쪽 주소. 차례가 없으면 모으는 단계에서 바로 실패해요."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [str(Path(name).with_suffix("").as_posix()) + ".html" for name in toc_pages(toc)]


PAGES = load_toc()


def settle(page: Page) -> None:
    """글꼴을 읽고 두 번 그릴 때까지 기다려요."""
    page.evaluate(
        "() => document.fonts.ready.then(() => new Promise("
        "done => requestAnimationFrame(() => requestAnimationFrame(() => done()))))"
    )


def check(page: Page) -> None:
    """어느 화면에서나 지켜야 할 것."""
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert page.locator("h1").count() == 1
    wide = page.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return [];
            return [...document.body.querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1)
                .slice(0, 5).map(e => `${e.tagName}.${e.className}`);
        }"""
    )
    assert wide == [], f"옆으로 넘친 것이 있어요: {wide}"


def test_toc_is_not_empty() -> None:
    assert PAGES


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page_opens(watched_page: Page, site_url: str, name: str) -> None:
    response = watched_page.goto(f"{site_url}/{name}")
    assert response is not None
    assert response.status == 200
    check(watched_page)


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_a_folder(watched_page: Page, site_dir: Path, name: str) -> None:
    watched_page.goto((site_dir / name).as_uri())
    check(watched_page)
    assert all(url.startswith(("file:", "data:", "blob:")) for url in watched_page.watch.requests)
