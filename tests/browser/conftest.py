"""실제 브라우저 테스트의 바탕: 브라우저, 책을 보여 주는 서버, 지켜보는 쪽.

장의 쪽은 저마다 두 번만 열어 여러 시험이 차례로 써요(쪽 하나를 여는 데 2초쯤 들어요). `chapter`는 서버에서 넓고
밝은 화면에, `folder_chapter`는 폴더에서 바로 어두운 휴대 전화에 열려 있어요. 앞 시험이 움직여 둔 채로 오니, 처음 모습을
바라는 시험은 그 모습부터 놓아요. 다른 쪽으로 가거나 쪽을 고치는 시험은 저만의 `watched_page`를 써요.

어느 쪽이든 콘솔 오류, 쪽의 오류, 뜬 창, 다른 곳으로 가는 요청이 하나라도 있으면 시험이 끝날 때 실패해요.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESKTOP, PAGES, PATIENCE, PHONE, launch, light_or_dark, serve, strict_handler, watched
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from scripts import ROOT

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

expect.set_options(timeout=PATIENCE)


# 내기의 결과 속에도 실험이 있어서, 장을 두루 보는 시험은 모두 열어 두고 시작해요.
OPEN_BETS = "document.querySelectorAll('.bp-after').forEach(after => after.classList.add('bp-open'))"


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


def fail_on_problems(page: Page) -> None:
    """시험하는 동안 쪽에서 일어난 문제를 모두 알리고, 다음 시험을 위해 비워요."""
    found = list(dict.fromkeys(page.watch.problems))
    page.watch.problems.clear()
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.fixture
def watched_page(browser: Browser, site_url: str) -> Iterator[Page]:
    """이 시험만 쓰는 빈 쪽."""
    with watched(browser, site_url) as page:
        yield page
        fail_on_problems(page)


@pytest.fixture
def thumb(browser: Browser, site_url: str) -> Iterator[Page]:
    """이 시험만 쓰는, 손가락으로 만지는 휴대 전화의 빈 쪽."""
    with watched(browser, site_url, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        yield page
        fail_on_problems(page)


@pytest.fixture(scope="session", params=PAGES, ids=lambda page: Path(page).name)
def place(request: pytest.FixtureRequest) -> str:
    """차례에 있는 쪽의 자리: chapters/01-structure.html."""
    return f"{request.param}.html"


@pytest.fixture(scope="session")
def desk(browser: Browser, site_url: str) -> Iterator[Page]:
    with watched(browser, site_url) as page:
        yield page


@pytest.fixture(scope="session")
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    """시계를 시험이 돌리는 휴대 전화(page.clock). 그냥 두면 제 빠르기로 가요."""
    with watched(browser, site_url, viewport=PHONE, color_scheme="dark") as page:
        page.clock.install()
        yield page


@pytest.fixture(scope="session")
def plain(browser: Browser, site_url: str) -> Iterator[Page]:
    """자바스크립트를 끈 쪽."""
    with watched(browser, site_url, java_script_enabled=False) as page:
        yield page
        fail_on_problems(page)


@pytest.fixture(scope="session")
def from_server(desk: Page, site_url: str, place: str) -> None:
    response = desk.goto(f"{site_url}/{place}")
    assert response.status == 200
    desk.evaluate(OPEN_BETS)


@pytest.fixture(scope="session")
def from_folder(phone: Page, site_dir: Path, place: str) -> None:
    phone.goto((site_dir / place).as_uri())
    phone.evaluate(OPEN_BETS)


@pytest.fixture
def chapter(desk: Page, from_server: None) -> Iterator[Page]:
    """서버에서 넓고 밝은 화면에 열린 장."""
    desk.set_viewport_size(DESKTOP)
    light_or_dark(desk, "light")
    yield desk
    fail_on_problems(desk)


@pytest.fixture
def folder_chapter(phone: Page, from_folder: None) -> Iterator[Page]:
    """폴더에서 바로 어두운 휴대 전화에 열린 장."""
    yield phone
    fail_on_problems(phone)
