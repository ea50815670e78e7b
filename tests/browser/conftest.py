"""실제 브라우저 테스트의 바탕: 브라우저, 책을 보여 주는 서버, 지켜보는 쪽.

`watched_page`로 연 쪽은 콘솔 오류, 쪽의 오류, 다른 곳으로 가는 요청이 하나라도 있으면 끝날 때 실패해요.
화면 크기와 밝기는 `viewport`와 `color_scheme`을 parametrize해서 바꿔요.
"""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright
from scripts import load_script

ROOT = Path(__file__).resolve().parents[2]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# 닫힌 망에서도 브라우저가 스스로 바깥을 찾지 않게 해요.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """크롬 계열 브라우저 하나. run.py가 BPLIB_BROWSER로 알려 주고, 빈 글이면 Playwright의 것을 써요."""
    executable = os.environ.get("BPLIB_BROWSER")
    if executable is None:
        executable = load_script("run.py").find_browser()
    sandbox = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable or None, args=QUIET + sandbox)
        except Error as error:
            pytest.fail(
                "브라우저를 열지 못했어요. `python3 run.py test --only browser`로 실행하면 브라우저까지 설치해요."
                f"\n{error.message.splitlines()[0]}",
                pytrace=False,
            )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_dir() -> Path:
    """만들어진 책의 폴더."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail(
            "만들어진 책이 없어요. `python3 run.py book --no-serve`를 먼저 실행해 주세요.", pytrace=False
        )
    return folder


@pytest.fixture(scope="session")
def site_url(site_dir: Path) -> Iterator[str]:
    """책을 이 컴퓨터에서만 보여 주는 주소. 끝에 /가 없어요."""
    with load_script("run.py").make_server(site_dir) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Watch:
    """쪽에서 일어나서는 안 되는 일을 모아요."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"쪽의 오류: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "") if message.location else ""
            self.problems.append(f"콘솔 오류: {message.text} ({place})")

    def _request(self, url: str) -> None:
        self.requests.append(url)
        if not is_local(url, self.origin):
            self.problems.append(f"다른 곳으로 간 요청: {url}")


def is_local(url: str, origin: str) -> bool:
    """책 안의 주소인지 봐요."""
    parts = urlsplit(url)
    return parts.scheme in {"file", "data", "blob", "about"} or f"{parts.scheme}://{parts.netloc}" == origin


@pytest.fixture
def viewport() -> dict[str, int]:
    """화면 크기. 기본은 넓은 화면이에요."""
    return DESKTOP


@pytest.fixture
def color_scheme() -> str:
    """밝은 화면(light) 또는 어두운 화면(dark)."""
    return "light"


@pytest.fixture
def watched_page(
    browser: Browser, site_url: str, viewport: dict[str, int], color_scheme: str
) -> Iterator[Page]:
    """지켜보는 쪽. 모은 문제는 page.watch.problems에 있고, 끝날 때 하나라도 있으면 실패해요."""
    context = browser.new_context(viewport=viewport, color_scheme=color_scheme, locale="ko-KR")
    page = context.new_page()
    page.set_default_timeout(15_000)
    watch = page.watch = Watch(page, site_url)
    yield page
    context.close()
    if watch.problems:
        pytest.fail("\n".join(dict.fromkeys(watch.problems)), pytrace=False)
