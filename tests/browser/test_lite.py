"""브라우저 안의 JupyterLite: 쪽의 단추가 그 장을 열고, 사이트에 있는 것만으로 커널이 떠서 대답해요.

C로 된 꾸러미(numpy, matplotlib과 그것이 쓰는 것)는 Pyodide의 배포처에서 받는데, 시험하는 곳에는 그 길이 없을 수 있어요.
그래서 여기서는 그것을 부르는 것까지만 봐요. 책의 코드가 그 판에서 같은 값을 내는지는 README의 기록에 있어요.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import serve
from lab_app import expected_experiments
from playwright.sync_api import Browser, Page, Route
from scripts import load_script

from chapters import CHAPTERS

run = load_script("run.py")
lite = load_script("book/lite.py")
START_TIMEOUT = 120_000  # ms. 브라우저가 파이썬을 켜는 시간
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ASK = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code});
    const said = [];
    future.onIOPub = message => said.push(message.content.text ?? message.content.ename ?? '');
    await future.done;
    return said.join('');
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve(run.LITE) as address:
        yield address


@pytest.fixture(scope="module")
def lab(browser: Browser, site: str) -> Iterator[tuple[Page, list[str]]]:
    """1장의 쪽에서 단추를 눌러 연 JupyterLite와, 사이트 밖으로 나간 요청들. 밖으로 나가면 막혀요."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    outside: list[str] = []

    def stop(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(site), stop)
    page = context.new_page()
    page.goto(f"{site}/chapters/01-structure.html")
    page.locator(".lab-menu", has_text="실행하기").first.locator("summary").click()
    with context.expect_page() as opened:
        page.get_by_role("link", name="이 브라우저에서 열기").click()
    lab = opened.value
    lab.set_default_timeout(START_TIMEOUT)
    yield lab, outside
    context.close()


def test_every_chapter_has_its_button(site: str) -> None:
    for path in CHAPTERS:
        html = (run.LITE / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert html.count(f'href="../lite/lab/index.html?path=chapters/{path.stem}.ipynb"') == 1
        carried = run.LITE / "lite" / "files" / "chapters" / path.name
        assert carried.read_bytes() == path.read_bytes()
        plain = (run.SITE / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert "lite/lab" not in plain


def test_what_the_lock_asks_from_elsewhere() -> None:
    """켜는 데와 bplib이 쓰는 것 가운데, C로 된 것만 배포처에서 와요."""
    folder = run.LITE / "lite" / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    needed = {key for key in packages if lite.plain(key) in lite.closure(packages, [*lite.KERNEL, "bplib"])}
    away = {key for key in needed if urlsplit(packages[key]["file_name"]).scheme}
    assert away == {"numpy", "matplotlib", "contourpy", "kiwisolver", "pillow"}
    assert all(packages[key]["file_name"].startswith(lite.CDN) for key in away)
    assert all((folder / packages[key]["file_name"]).is_file() for key in needed - away)
    assert packages["numpy"]["version"].startswith("2.4.")
    assert packages["matplotlib"]["version"].startswith("3.10.")


def test_pictures_are_kept_for_the_next_time() -> None:
    config = json.loads((run.LITE / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))
    kept = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
    assert config["jupyter-config-data"]["settingsOverrides"].items() >= kept.items()


def test_button_opens_the_chapter_and_the_kernel_answers(lab: tuple[Page, list[str]]) -> None:
    page, outside = lab
    page.locator(".lm-TabBar-tab.lm-mod-current:has-text('01-structure.ipynb')").wait_for()
    page.get_by_role("heading", name="1장 신경망의 구조").wait_for()
    listed = page.locator(".jp-DirListing-itemText").all_inner_texts()
    assert {path.name for path in CHAPTERS} <= {name.strip() for name in listed}
    assert expected_experiments("01-structure") > 0
    page.wait_for_function(IDLE, timeout=START_TIMEOUT)
    answer = page.evaluate(ASK, "import ipywidgets, tqdm; print(6 * 7, ipywidgets.__version__)")
    assert answer.startswith("42 8.")
    assert outside == []


def test_bplib_comes_by_itself_and_asks_only_for_compiled_wheels(lab: tuple[Page, list[str]]) -> None:
    page, outside = lab
    page.wait_for_function(IDLE, timeout=START_TIMEOUT)
    page.evaluate(ASK, "import bplib")
    found = "import importlib.util; print(importlib.util.find_spec('bplib') is not None)"
    assert page.evaluate(ASK, found).strip() == "True"
    names = {Path(urlsplit(url).path).name.split("-")[0] for url in outside}
    assert names == {"numpy", "matplotlib", "contourpy", "kiwisolver", "pillow"}
    assert all(url.startswith(lite.CDN) for url in outside)
