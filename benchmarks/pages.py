#!/usr/bin/env python3
"""느린 회선의 휴대전화로 쪽을 처음 열 때의 빠르기를 재요.

    python benchmarks/pages.py                      모든 장 (먼저 `python3 run.py book --no-serve`)
    python benchmarks/pages.py 02-forward …         고른 장만
    python benchmarks/pages.py --default 02-forward … 같은 장을 Jupyter Book의 기본 설정으로도 만들어 나란히

실제 브라우저를 390px 화면, 빠른 3G(내려받기 1.6 Mbps, 왕복 150 ms의 3.75배까지 — Chrome 개발자 도구의 값),
4배 느린 CPU로 놓고, 쪽마다 빈 캐시로 열어요. 서버는 GitHub Pages처럼 글을 gzip으로 줄여 보내요.

KB      그 쪽을 여는 동안 내려받은 전부    첫 글  처음 글자가 보일 때까지
LCP     가장 큰 것이 보일 때까지           TBT    첫 글 뒤에 50 ms가 넘는 일들이 입력을 막은 시간의 합
CLS     글이 밀린 정도                     밖     다른 곳으로 간 요청의 수(여기서는 모두 막아요)
"""

import functools
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import launch, serve  # noqa: E402
from scripts import load_script  # noqa: E402

RUN = load_script("run.py")
FAST_3G = {
    "offline": False,
    "downloadThroughput": 1.6e6 / 8 * 0.9,
    "uploadThroughput": 750e3 / 8 * 0.9,
    "latency": 150 * 3.75,
}
SLOW = 4  # CPU를 느리게 하는 배수
VISITS = 3  # 쪽마다 여는 횟수. 가운뎃값을 적어요.
BOUNDS = {"KB": 600, "LCP": 2500, "TBT": 200, "CLS": 0.02}
GZIPPED = {".html", ".css", ".js", ".json", ".svg"}
DEFAULT_CONFIG = "title: 기본\nonly_build_toc_files: true\nexecute: {execute_notebooks: force}\n"

# 쪽이 열리는 동안의 기록을 모아요. 쪽의 스크립트보다 먼저 실행돼요.
WATCH = """
window.seen = {lcp: 0, cls: 0, tasks: []};
const watch = (type, use) => new PerformanceObserver(list => list.getEntries().forEach(use)).observe(
    {type, buffered: true});
watch('largest-contentful-paint', entry => { seen.lcp = entry.startTime; });
watch('layout-shift', entry => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch('longtask', entry => { seen.tasks.push([entry.startTime, entry.startTime + entry.duration]); });
"""
READ = """() => {
    const FCP = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
    const blocked = seen.tasks.map(([start, end]) => Math.max(0, end - Math.max(start, FCP) - 50));
    return {FCP, LCP: seen.lcp, CLS: seen.cls, TBT: blocked.reduce((sum, ms) => sum + ms, 0)};
}"""


@functools.cache
def packed(file: Path) -> bytes:
    """줄인 글. 한 번 줄인 것은 다시 줄이지 않아요."""
    return gzip.compress(file.read_bytes(), 6)


class GzipHandler(RUN.Handler):  # type: ignore[misc, name-defined]
    """글은 줄여서 보내는 서버."""

    def do_GET(self) -> None:  # noqa: N802
        file = Path(self.translate_path(self.path))
        if file.suffix not in GZIPPED or not file.is_file():
            super().do_GET()
            return
        body = packed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def visit(browser: Browser, address: str) -> dict[str, float]:
    """빈 캐시로 한 번 열어, 조용해질 때까지의 기록을 읽어요."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    outside: list[str] = []

    def turn_away(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    origin = address.split("/chapters/")[0]
    page.route(lambda url: not url.startswith(origin), turn_away)
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", FAST_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    received = [0.0]
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_timeout(2000)
    seen: dict[str, float] = page.evaluate(READ)
    context.close()
    return {"KB": sum(received) / 1000, **seen, "밖": len(outside)}


def measure(browser: Browser, site: Path, chapters: list[str]) -> dict[str, dict[str, float]]:
    """장마다의 가운뎃값."""
    rows: dict[str, dict[str, float]] = {}
    with serve(site, kind=GzipHandler) as origin:
        for name in chapters:
            visits = [visit(browser, f"{origin}/chapters/{name}.html") for _ in range(VISITS)]
            rows[name] = {key: statistics.median(v[key] for v in visits) for key in visits[0]}
            print(row(name, rows[name]), flush=True)
    return rows


def row(name: str, seen: dict[str, float]) -> str:
    numbers = (f"{seen['KB']:8.0f}", *(f"{seen[key]:9.0f}" for key in ("FCP", "LCP", "TBT")))
    return f"{name:<22}{''.join(numbers)}{seen['CLS']:9.3f}{seen['밖']:5.0f}"


def default_book(folder: Path, chapters: list[str]) -> Path:
    """고른 장을 Jupyter Book의 기본 설정으로 만들어요."""
    (folder / "chapters").mkdir(parents=True)
    for name in chapters:
        text = (ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8")
        (folder / "chapters" / f"{name}.ipynb").write_text(text, encoding="utf-8")
    first, *rest = chapters
    toc = f"format: jb-book\nroot: chapters/{first}\n"
    if rest:
        toc += "chapters:\n" + "".join(f"- file: chapters/{name}\n" for name in rest)
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    (folder / "_config.yml").write_text(DEFAULT_CONFIG, encoding="utf-8")
    start = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", start, "build", str(folder)], check=True, capture_output=True)
    return folder / "_build" / "html"


def verdicts(rows: dict[str, dict[str, float]]) -> bool:
    """한도마다 가장 나쁜 장을 적어요."""
    good = True
    for key, bound in BOUNDS.items():
        worst = max(rows, key=lambda name: rows[name][key])
        value = rows[worst][key]
        good &= value <= bound
        print(
            f"{key}: 가장 나쁜 장 {worst} {value:.4g}, 한도 {bound}: {'지켰어요' if value <= bound else '넘었어요'}"
        )
    return good


def main(argv: list[str]) -> int:
    both, chosen = "--default" in argv, [name for name in argv if name != "--default"]
    chapters = chosen or sorted(path.stem for path in (RUN.SITE / "chapters").glob("*.html"))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        print(f"CPU {os.cpu_count()}개, Chromium {browser.version}")
        print(f"{'':<22}{'KB':>8}{'첫 글 ms':>7}{'LCP ms':>9}{'TBT ms':>9}{'CLS':>9}{'밖':>4}")
        rows = measure(browser, RUN.SITE, chapters)
        if both:
            print("같은 장을 Jupyter Book의 기본 설정으로")
            measure(browser, default_book(Path(folder) / "book", chapters), chapters)
        browser.close()
    return 0 if verdicts(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
