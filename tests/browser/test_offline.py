"""내려받은 압축 파일: 빈 폴더에 풀어 파일로 바로 열면, 찾기와 수식과 실험이 모두 움직여요."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page
from test_experiments import live_experiments
from test_search import chapters_found


def test_unzipped_book_works_without_a_network(watched_page: Page, site_dir: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(site_dir / "backprop-lab.zip") as archive:
        archive.extractall(tmp_path)
    watched_page.context.set_offline(True)
    watched_page.goto((tmp_path / "backprop-lab" / "index.html").as_uri())
    watched_page.wait_for_url("**/chapters/00-intro.html")
    live = live_experiments(watched_page)[0]
    before = live.check()
    live.put([0] * len(before["position"]))
    live.check(before)
    assert watched_page.locator(".katex math").count()
    assert watched_page.evaluate("document.fonts.check('1em KaTeX_Math')")
    watched_page.keyboard.press("Control+k")
    watched_page.keyboard.type("손실")
    watched_page.keyboard.press("Enter")
    watched_page.wait_for_url("**/search.html?q=*")
    assert chapters_found(watched_page)[0] == "03-gradient-descent"
