"""실제 JupyterLab에서 장을 열고, 모두 실행하고, 실험을 ipywidgets의 조작으로 움직여요.

시험(test_lab.py)과 속도 재기(benchmarks/lab.py)가 함께 써요. 서버는 Binder나 교실의 서버처럼 주소 앞에 /user/x/가
붙은 채로 열려요. 노트북은 새 폴더에 옮겨 놓고 열어서 저장소의 것은 그대로예요.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from browsing import Watch
from scripts import load_script

if TYPE_CHECKING:  # 서버만 쓸 때는 없어도 돼요(benchmarks/memory.py)
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/user/x/"
START_TIMEOUT = 60  # 초
RUN_TIMEOUT = 120_000  # ms
MOVE_TIMEOUT = 5_000
# 처음 열 때 뜨는 소식 알림은 다른 서버에 묻는 것이라 꺼요.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
WIDGET = ".jp-OutputArea-output .widget-vbox:has(> .widget-html .bp-experiment .bp-text)"

# 위젯을 그릴 확장이 켜졌고 커널이 이어져 쉬고 있는지. 그 전에 실행하면 글만 나오거나 커널을 고르라고 물어요.
READY = """() => {
    const app = window.jupyterapp;
    const kernel = app?.shell.currentWidget?.sessionContext?.session?.kernel;
    return app?.isPluginActivated('@jupyter-widgets/jupyterlab-manager:plugin')
        && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""

# 마지막 코드 셀까지 차례대로 번호가 붙었는지(처음에는 모두 1). 접힌 칸의 번호는 화면에 없어 셀에 물어요.
DONE = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells].filter(cell => cell.type === 'code');
    return cells.length > 0 && cells.every((cell, i) => cell.executionCount === i + 1);
}"""

# 조작한 때부터 그림과 설명이 바뀌고 그 화면이 그려질 때까지의 시간(ms). 바뀌지 않으면 null이에요.
WATCH = """(root, limit) => {
    const look = () => [root.querySelector('.bp-frame').innerHTML, root.querySelector('.bp-text').textContent];
    const before = look();
    let start = null;
    const begin = () => start ??= performance.now();
    for (const kind of ['keydown', 'change']) root.addEventListener(kind, begin, {capture: true, once: true});
    root.moved = new Promise(done => {
        const observer = new MutationObserver(() => {
            const now = look();
            if (now[0] === before[0] || now[1] === before[1]) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
        });
        observer.observe(root, {childList: true, subtree: true, characterData: true});
        setTimeout(() => { observer.disconnect(); done(null); }, limit);
    });
}"""


def environment(home: Path) -> dict[str, str]:
    """이 컴퓨터의 Jupyter 설정과 섞이지 않는 환경."""
    settings = home / "settings"
    for name, values in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {
        **os.environ,
        **load_script("run.py").LAB,
        **{name: str(home / name.lower()) for name in places},
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
    }


def wait_until_answers(home: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """서버가 스스로 고른 포트에서 대답할 때까지 기다려 주소를 돌려줘요. 먼저 끝났으면 서버가 남긴 말을 보여 줘요."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_TIMEOUT
    while server.poll() is None and time.monotonic() < deadline:
        for info in (home / "jupyter_runtime_dir").glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError):  # 아직 열리지 않았거나, 다 적지 않은 파일
                url = f"http://127.0.0.1:{json.loads(info.read_text())['port']}{PREFIX.rstrip('/')}"
                with opener.open(f"{url}/api", timeout=5):
                    return url
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab이 열리지 않았어요.\n{log.read_text(encoding='utf-8', errors='replace')}")


@contextlib.contextmanager
def lab_server(home: Path, python: str = sys.executable) -> Iterator[str]:
    """JupyterLab을 열고 그 주소를 내놓아요(끝에 /가 없어요). ``home`` 아래에만 써요."""
    shutil.copytree(ROOT / "chapters", home / "book" / "chapters")
    options = ["--ServerApp.port=0", f"--ServerApp.base_url={PREFIX}"]  # 0: 빈 포트를 골라요
    options += ["--IdentityProvider.token=", f"--ServerApp.root_dir={home / 'book'}", "--allow-root"]
    options += ["--LabApp.expose_app_in_browser=True"]  # 확장이 켜지기를 기다리려고요
    log = home / "server.log"
    with log.open("wb") as out:
        command = [python, "-m", "jupyterlab", "--no-browser", *options]
        server = subprocess.Popen(
            command, env=environment(home), cwd=home, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        yield wait_until_answers(home, server, log)
    finally:
        server.terminate()
        server.wait(timeout=START_TIMEOUT)


class LabPage:
    """JupyterLab의 화면 하나. 콘솔 오류와 다른 곳으로 가는 요청을 problems에 모아요."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.problems = Watch(page, url.removesuffix(PREFIX.rstrip("/"))).problems

    def open(self, name: str) -> None:
        """장을 열어요. Binder의 단추가 여는 것과 같은 자리(lab/tree/…)예요. 지난 화면은 잊어요."""
        self.page.goto(f"{self.url}/lab/tree/chapters/{name}.ipynb?reset")
        self.page.locator(f".lm-TabBar-tab.lm-mod-current:has-text('{name}.ipynb')").wait_for()
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        self.page.wait_for_function(READY)

    def run_all(self) -> None:
        """메뉴에서 모두 실행해요."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.page.wait_for_function(DONE, timeout=RUN_TIMEOUT)

    def save(self) -> None:
        """저장하고, 다 쓸 때까지 기다려요."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")

    def close(self) -> None:
        """커널을 끄고 다음 장에 자리를 내줘요."""
        for kernel in self.page.request.get(f"{self.url}/api/kernels").json():
            self.page.evaluate(
                "url => fetch(url, {method: 'DELETE', headers: {'X-XSRFToken': "
                "document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? ''}})",
                f"{self.url}/api/kernels/{kernel['id']}",
            )

    def errors(self) -> list[str]:
        """출력에 남은 오류와 경고. 다시 열린 노트북은 위젯을 찾는 동안 오류를 잠깐 적어 두어서, 사라지기를 기다려요."""
        from playwright.sync_api import TimeoutError

        bad = self.page.locator(
            "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr'],"
            " .bp-error, .jp-OutputArea-output:has-text('Error displaying widget')"
        )
        with contextlib.suppress(TimeoutError):
            bad.first.wait_for(state="detached")
        return [text.strip()[:300] for text in bad.all_inner_texts()]

    def experiments(self, count: int) -> list[LabExperiment]:
        """실험이 ``count``개 그려지기를 기다려 돌려줘요."""
        self.page.locator(WIDGET).nth(count - 1).wait_for(state="attached")
        return [LabExperiment(root) for root in self.page.locator(WIDGET).all()]


class LabExperiment:
    """ipywidgets로 그려진 실험 하나."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    def controls(self) -> list[Locator]:
        """조작들: 목록(select)이나 막대의 손잡이."""
        return self.root.locator("select, .noUi-handle").all()

    def move(self, control: Locator) -> float:
        """그림과 설명이 모두 바뀔 때까지 한 칸씩 옮기고, 바뀐 그 한 칸에 걸린 시간(ms)을 돌려줘요."""
        control.scroll_into_view_if_needed()
        for step in self._steps(control):
            self.root.evaluate(WATCH, MOVE_TIMEOUT)
            if isinstance(step, int):
                control.select_option(index=step)
            else:
                control.press(step)
            took = self.root.evaluate("root => root.moved")
            if took is not None:
                return float(took)
        raise AssertionError(f"아무리 옮겨도 그림과 설명이 바뀌지 않아요: {self.root.inner_text()[:80]}")

    def _steps(self, control: Locator) -> list[int | str]:
        if control.evaluate("e => e.tagName") == "SELECT":
            now, count = control.evaluate("e => [e.selectedIndex, e.length]")
            return [(now + step) % count for step in range(1, count)]
        now, last = (float(control.get_attribute(f"aria-value{kind}") or 0) for kind in ("now", "max"))
        right, left = int(last - now), int(now)
        return ["ArrowRight"] * right + ["ArrowLeft"] * (right + left)


def expected_experiments(name: str) -> int:
    """저장된 출력에 적힌, 그 장이 보여 주는 실험의 수."""
    notebook = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return sum(o.get("data", {}).get("text/plain", "").startswith("[실험 ") for o in outputs)
