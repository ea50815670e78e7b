#!/usr/bin/env python3
"""실험을 한 칸 움직일 때 걸리는 시간을 재요.

    python benchmarks/latency.py            쪽(실제 브라우저)과 커널
    python benchmarks/latency.py page       쪽만 (먼저 `python3 run.py book --no-serve`)
    python benchmarks/latency.py kernel     커널만
    python benchmarks/latency.py page 05-backprop 12-vanishing    고른 장만

쪽: 장면마다 두 가지를 재요. '입히기'는 input 이벤트를 보내고 플레이어가 DOM을 다 바꿀 때까지,
'그려짐'은 같은 때부터 그 화면이 배치되고 칠해진 뒤까지예요. 브라우저가 진짜 입력을 화면 한 장의 첫머리에
모아 보내는 것처럼, 이벤트는 화면 한 장의 첫머리에 보내요. '다음 화면'은 아무 때나 보냈을 때라, 모니터의
다음 차례(60 Hz면 최대 16.7 ms)를 기다린 시간이 들어 있어요.
CPU를 4배 느리게 한 값은 값싼 휴대전화의 어림이에요.

커널: ipywidgets의 조작을 옮긴 때부터 view.value가 바뀐 때까지. 노트북까지 오가는 시간은 들어 있지 않아요.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import launch, serve  # noqa: E402
from scripts import load_script  # noqa: E402

from chapters import CHAPTERS, run_chapter  # noqa: E402

PAGE_BOUND, KERNEL_BOUND = 16.0, 150.0  # ms, 설계의 한도
SLOW = 4  # CPU를 느리게 하는 배수

MEASURE = """async root => {
    const inputs = [...root.querySelectorAll('input, select')];
    const sizes = inputs.map(i => i.tagName === 'SELECT' ? i.length : Number(i.max) + 1);
    const count = sizes.reduce((a, b) => a * b, 1);
    const frame = () => new Promise(requestAnimationFrame);
    const task = () => new Promise(done => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
    });
    const rest = ms => new Promise(done => setTimeout(done, ms));
    const put = number => {
        for (let i = inputs.length - 1; i >= 0; i--) {
            const index = number % sizes[i];
            number = Math.floor(number / sizes[i]);
            if (inputs[i].tagName === 'SELECT') inputs[i].selectedIndex = index;
            else inputs[i].value = index;
        }
        inputs[0].dispatchEvent(new Event('input', {bubbles: true}));
    };
    root.scrollIntoView({block: 'center', behavior: 'instant'});
    put(count - 1); await frame(); await frame();
    const apply = [], drawn = [], next = [];
    for (let n = 0; n < count; n++) {
        await frame();
        const start = performance.now();
        put(n);
        apply.push(performance.now() - start);
        await task();
        drawn.push(performance.now() - start);
    }
    for (let n = 0; n < count; n++) {
        await rest(n * 7 % 17);
        const start = performance.now();
        put(n);
        await frame(); await task();
        next.push(performance.now() - start);
    }
    return {apply, drawn, next};
}"""


def percentile(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, round(part * (len(times) - 1)))]


def verdict(worst: float, bound: float) -> str:
    return f"가장 느린 실험 {worst:.1f} ms, 한도 {bound:g} ms: {'지켰어요' if worst <= bound else '넘었어요'}"


def page_times(url: str, chapters: list[Path]) -> Iterator[tuple[str, str, int, dict[str, list[float]]]]:
    """(장, 실험, CPU 배수, 잰 시간)을 차례로 내놓아요."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        session = page.context.new_cdp_session(page)
        for path in chapters:
            page.goto(f"{url}/chapters/{path.stem}.html")
            for live in page.locator(".bp-experiment:not(.bp-exercise):has(script)").all():
                name = (live.get_attribute("aria-label") or "").removeprefix("실험 ")
                for rate in (1, SLOW):
                    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
                    yield path.stem, name, rate, live.evaluate(MEASURE)
                session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        browser.close()


def pages(chapters: list[Path]) -> bool:
    run = load_script("run.py")
    if not (run.SITE / "index.html").is_file():
        sys.exit("만들어진 책이 없어요. `python3 run.py book --no-serve`를 먼저 실행해 주세요.")
    print("쪽에서 한 칸 움직이기 (ms)")
    print(f"{'':<14}{'CPU':>4}{'장면':>5}", end="")
    print(
        "".join(f"{title:>{9 - len(title) // 2}}{'95 %':>8}" for title in ("입히기", "그려짐", "다음 화면")),
        f" {PAGE_BOUND:g} ms 안",
        " 실험",
    )
    worst = {1: 0.0, SLOW: 0.0}
    with serve(run.SITE) as origin:
        for chapter, name, rate, times in page_times(origin, chapters):
            cells = [(statistics.fmean(v), percentile(v, 0.95)) for v in times.values()]
            worst[rate] = max(worst[rate], cells[1][1])
            row = "".join(f"{mean:>11.2f}{late:>8.2f}" for mean, late in cells)
            row += f"{100 * statistics.fmean(ms <= PAGE_BOUND for ms in times['drawn']):>9.1f}%"
            print(f"{chapter:<14}{f'1/{rate}':>4}{len(times['apply']):>7}{row}  {name}", flush=True)
    print(f"그려짐의 95 %: {verdict(worst[1], PAGE_BOUND)}")
    print(f"CPU를 {SLOW}배 느리게 하면: {verdict(worst[SLOW], PAGE_BOUND)} (참고)\n")
    return worst[1] <= PAGE_BOUND


def kernel(chapters: list[Path]) -> bool:
    print("커널에서 한 칸 움직이기 (ms)")
    print(f"{'':<14}{'장면':>4}{'가운뎃값':>7}{'95 %':>8}{'최대':>8}  실험")
    worst = 0.0
    for path in chapters:
        for exp in run_chapter(path).experiments:
            *rows, view = exp.widget().children
            inputs = [row.children[0] if hasattr(row, "children") else row for row in rows]
            times: list[float] = []
            view.observe(lambda _, times=times: times.append(time.perf_counter()), names="value")
            took: list[float] = []
            for position in [*exp.positions[-1:], *exp.positions]:
                for control, index in zip(inputs, position, strict=True):
                    start, seen = time.perf_counter(), len(times)
                    control.index = index
                    if len(times) > seen:
                        took.append(1000 * (times[-1] - start))
            took = took[1:] or took  # 첫 번째는 글꼴과 모듈을 불러와요
            worst = max(worst, percentile(took, 0.95))
            middle, late = statistics.median(took), percentile(took, 0.95)
            print(
                f"{path.stem:<14}{len(took):>6}{middle:>11.1f}{late:>8.1f}{max(took):>10.1f}  {exp.name}",
                flush=True,
            )
    print(f"95 %: {verdict(worst, KERNEL_BOUND)}\n")
    return worst <= KERNEL_BOUND


def main(argv: list[str]) -> int:
    parts = [part for part in ("page", "kernel") if part in argv] or ["page", "kernel"]
    names = set(argv) - {"page", "kernel"}
    chapters = [path for path in CHAPTERS if path.stem in names or not names]
    if names - {path.stem for path in chapters}:
        sys.exit(__doc__)
    print(f"CPU {os.cpu_count()}개, 파이썬 {sys.version.split()[0]}")
    results = [{"page": pages, "kernel": kernel}[part](chapters) for part in parts]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
