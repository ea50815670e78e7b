#!/usr/bin/env python3
"""코드 연습의 ‘확인’을 누르고 답이 나오기까지를 재요: 캐시가 있는 첫 실행(파이썬을 켜는 시간까지)과 그다음 실행.

    python benchmarks/exercises.py     먼저 `python3 run.py book --no-serve`

한도는 첫 실행 300 ms, XOR을 배우는 연습 2초예요. 옮기는 크기(gzip)도 적어요. 한도는 250 KB예요.
"""

import gzip
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import DESKTOP, launch, serve  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from scripts import load_script  # noqa: E402

from bplib.lab.problems import problem  # noqa: E402

FIRST, LONGEST, TIMES = 300, 2000, 10  # ms, ms, 번
TASKS = {"5.9": ("05-backprop", FIRST), "6.5": ("06-training", LONGEST)}  # 층 하나의 역전파, XOR
CHECK = """async (root, source) => {
    const check = root.querySelector('[data-do=check]');
    root.querySelector('textarea').value = source;
    const start = performance.now();
    check.click();
    while (check.disabled) await new Promise(done => setTimeout(done, 1));
    return [performance.now() - start, root.querySelector('.bp-text').textContent];
}"""


def main() -> bool:
    kept = True
    site = load_script("run.py").SITE
    size = len(gzip.compress((site / "_static" / "python.js").read_bytes(), 9)) / 1e3
    print(f"python.js: gzip {size:.0f} KB")
    with serve(site) as origin, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=DESKTOP)
        for number, (chapter, bound) in TASKS.items():
            firsts, laters = [], []
            for _ in range(TIMES + 1):
                page.goto(f"{origin}/chapters/{chapter}.html")
                root = page.locator(f"#bpc{number.replace('.', '-')}")
                for times in (firsts, laters):
                    spent, said = root.evaluate(CHECK, problem(number).solution)
                    assert said.startswith("✓"), said
                    times.append(spent)
            first, later = statistics.median(firsts[1:]), statistics.median(laters[1:])
            kept &= first <= bound
            print(f"연습 {number}: 첫 실행 {first:.0f} ms(한도 {bound}), 그다음 {later:.0f} ms")
        browser.close()
    return kept


if __name__ == "__main__":
    sys.exit(not main())
