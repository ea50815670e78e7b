"""실제 브라우저 테스트의 바탕: 브라우저, 책을 보여 주는 서버, 지켜보는 쪽.

`watched_page`로 연 쪽은 콘솔 오류, 쪽의 오류, 다른 곳으로 가는 요청이 하나라도 있으면 끝날 때 실패해요.
화면 크기와 밝기는 `viewport`와 `color_scheme`을 parametrize해서 바꿔요.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watch, launch, serve, strict_handler
from playwright.sync_api import Browser, Error, Page, sync_playwright

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
    """크롬 계열 브라우저 하나. 열지 못하면 설치하는 길을 알려 줘요."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright, *QUIET)
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
    """책을 엄격한 Content-Security-Policy 아래에서 보여 주는 주소. 끝에 /가 없어요."""
    with serve(site_dir, kind=strict_handler()) as address:
        yield address


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
    page.on("websocket", lambda socket: watch.request(socket.url))
    yield page
    context.close()
    if watch.problems:
        pytest.fail("\n".join(dict.fromkeys(watch.problems)), pytrace=False)
