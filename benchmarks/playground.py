#!/usr/bin/env python3
"""자유 실험실이 배우는 동안 화면이 1초에 몇 장 나오는지 재요: 2-8-8-1, 점 200개, 진짜 브라우저.

    python benchmarks/playground.py     먼저 `python3 run.py book --no-serve`

CPU를 4배 느리게 한 값은 값싼 휴대전화의 어림이에요. 한도는 60장과 30장이에요(화면이 60 Hz라 59장부터 지킨 것으로 봐요).
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import DESKTOP, launch, serve  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from scripts import load_script  # noqa: E402

BOUNDS = {1: 59, 4: 30}  # CPU의 배수: 1초의 장면 수
SECONDS = 5
START = """() => {
    const {lab} = document.querySelector('.bp-playground');
    lab.load({hidden: [8, 8], count: 200, holdout: 0, batch: 0, lr: 0.01});
    lab.play();
}"""
FRAMES = """seconds => new Promise(done => {
    const {lab} = document.querySelector('.bp-playground'), from = lab.epochs, gaps = [];
    let first, before;
    const frame = now => {
        first ??= now;
        if (before) gaps.push(now - before);
        before = now;
        if (now - first < 1000 * seconds) requestAnimationFrame(frame);
        else done([gaps.length / (now - first) * 1000, gaps.sort((a, b) => a - b)[Math.floor(0.95 * gaps.length)],
                   lab.epochs - from]);
    };
    requestAnimationFrame(frame);
})"""


def main() -> bool:
    kept = True
    with serve(load_script("run.py").SITE) as origin, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=DESKTOP)
        page.goto(f"{origin}/chapters/playground.html")
        session = page.context.new_cdp_session(page)
        page.evaluate(START)
        for rate, bound in BOUNDS.items():
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            page.evaluate(FRAMES, 1)  # 데우기
            speed, gap, epochs = page.evaluate(FRAMES, SECONDS)
            kept &= speed >= bound
            print(
                f"CPU 1/{rate}: 1초에 {speed:.1f}장(한도 {bound}), 95 %의 간격 {gap:.1f} ms, {epochs / SECONDS:.0f}에폭"
            )
        browser.close()
    return kept


if __name__ == "__main__":
    sys.exit(not main())
