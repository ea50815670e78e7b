"""책을 보여 주고, 브라우저를 열고, 쪽에서 일어나서는 안 되는 일을 지켜봐요. 시험과 속도 재기가 함께 써요."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts import ROOT, load_script

if TYPE_CHECKING:  # 서버만 쓸 때는 Playwright가 없어도 돼요(benchmarks/memory.py)
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Playwright

PAGES = re.findall(r"(?:root|file): (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))  # 차례에 있는 쪽
PATIENCE = 30_000  # ms. 바쁜 컴퓨터에서도, 잘못이 없으면 기다려요
# 저장소를 막은 브라우저. 쪽의 스크립트보다 먼저 실행해요(add_init_script)
BLOCKED = """for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {
    configurable: true, get() { throw new DOMException('막힘'); },
})"""
OWN = {"digits": "chapters/07-images.html", "sentence": "chapters/08-language.html"}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def launch(playwright: Playwright, *flags: str) -> Browser:
    """크롬 계열 브라우저 하나. run.py가 BPLIB_BROWSER로 알려 주고, 빈 글이면 Playwright의 것을 써요."""
    executable = os.environ.get("BPLIB_BROWSER")
    if executable is None:
        executable = load_script("run.py").find_browser()
    sandbox = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=executable or None, args=[*flags, *sandbox])


@contextmanager
def serve(folder: Path, **options: Any) -> Iterator[str]:
    """폴더를 이 컴퓨터에서만 보여 주는 주소. 끝에 /가 없어요. options는 run.py의 make_server에 넘겨요."""
    with load_script("run.py").make_server(folder, **options) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def strict_handler() -> type[SimpleHTTPRequestHandler]:
    """README에 적힌 정책(book/csp.py)을 머리글로 보내는 서버. 정책이 막은 것은 콘솔 오류가 돼요."""
    policy = load_script("book/csp.py").POLICY

    class Strict(load_script("run.py").Handler):  # type: ignore[misc]
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    return Strict


class Watch:
    """쪽에서 일어나서는 안 되는 일을 모아요."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"쪽의 오류: {error}"))
        page.on("request", lambda request: self.request(request.url))
        page.on("websocket", lambda socket: self.request(socket.url))
        page.on("dialog", self._dialog)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "") if message.location else ""
            self.problems.append(f"콘솔 오류: {message.text} ({place})")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # 고친 노트북을 떠날 때 JupyterLab이 묻는 것
            return dialog.accept()
        self.problems.append(f"쪽이 창을 띄웠어요: {dialog.message}")
        return dialog.dismiss()

    def request(self, url: str) -> None:
        """쪽이 부른 주소 하나."""
        self.requests.append(url)
        if not is_local(url, self.origin):
            self.problems.append(f"다른 곳으로 간 요청: {url}")


@contextmanager
def watched(browser: Browser, origin: str, **look: Any) -> Iterator[Page]:
    """지켜보는 쪽. 모은 문제는 page.watch.problems에 있어요."""
    context = browser.new_context(**{"viewport": DESKTOP, "color_scheme": "light", "locale": "ko-KR"} | look)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.watch = Watch(page, origin)
    try:
        yield page
    finally:
        context.close()


def light_or_dark(page: Page, scheme: str) -> None:
    """기기의 밝기를 고르고, 테마가 따라올 때까지 기다려요. 테마는 그 소식을 조금 뒤에 들어요."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)


def own_input(page: Page, address: str, name: str) -> Locator:
    """그 장의 쪽을 열고, 내 입력의 칸을 화면에 놓아요."""
    page.goto(f"{address}/{OWN[name]}")
    root = page.locator(f'[data-own="{name}"]')
    root.scroll_into_view_if_needed()
    return root


def is_local(url: str, origin: str) -> bool:
    """책 안의 주소인지 봐요. 같은 서버의 웹소켓도 책 안이에요."""
    parts = urlsplit(url)
    home = parts.netloc == urlsplit(origin).netloc and parts.scheme in {"http", "https", "ws"}
    return home or parts.scheme in {"file", "data", "blob", "about"}
