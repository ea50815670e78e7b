#!/usr/bin/env python3
"""실제 브라우저의 JupyterLab에서 장을 모두 실행하고 실험을 모두 움직이며, 걸린 시간을 재요.

    python benchmarks/lab.py                       1장부터 6장까지
    python benchmarks/lab.py 03-gradient-descent   적은 장만
    python benchmarks/lab.py --python 자리 …       다른 환경의 JupyterLab과 커널로 (예: install.py --keep이 남긴 것)

'열기'는 주소로 간 때부터 커널이 쉴 때까지, '실행'은 메뉴에서 모두 실행을 누른 때부터 마지막 칸까지예요.
'한 칸'은 조작한 때부터 커널이 그린 그림과 설명이 화면에 그려진 뒤까지예요. 브라우저와 커널을 오가는 시간도 들어 있어요.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from browsing import launch  # noqa: E402
from lab_app import LabPage, expected_experiments, lab_server  # noqa: E402
from latency import percentile  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("0[1-6]-*.ipynb"))]
BOUND = 150.0  # ms, 커널에서 한 칸의 한도
MOVES = 5  # 조작마다 옮겨 볼 칸의 수


def chapter(lab: LabPage, name: str) -> list[float]:
    """장 하나를 열고, 실행하고, 움직여요. 옮긴 시간들을 돌려줘요."""
    start = time.perf_counter()
    lab.open(name)
    opened = time.perf_counter()
    lab.run_all()
    ran = time.perf_counter()
    count = expected_experiments(name)
    experiments = lab.experiments(count)
    assert len(experiments) == count, (len(experiments), count)
    controls = [(one, control) for one in experiments for control in one.controls()]
    times = [one.move(control) for one, control in controls for _ in range(MOVES)]
    assert lab.errors() == [], lab.errors()
    late = percentile(times, 0.95)
    print(
        f"{name:<22}{opened - start:>6.1f}{ran - opened:>7.1f}{count:>5}{len(controls):>5}{len(times):>5}"
        f"{statistics.median(times):>8.0f}{late:>7.0f}{max(times):>7.0f}",
        flush=True,
    )
    lab.close()
    return times


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chapters", nargs="*", default=CHAPTERS)
    parser.add_argument("--python", default=sys.executable, help="JupyterLab과 커널의 파이썬")
    args = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory() as home,
        lab_server(Path(home), args.python) as url,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ko-KR")
        lab = LabPage(page, url)
        print(
            f"{'':<22}{'열기':>5}{'실행 초':>5}{'실험':>4}{'조작':>4}{'옮김':>4}{'가운데':>6}{'95 %':>7}{'최대 ms':>6}"
        )
        times = [took for name in args.chapters for took in chapter(lab, name)]
        browser.close()
    late = percentile(times, 0.95)
    print(f"95 %의 한 칸 {late:.0f} ms, 한도 {BOUND:g} ms: {'지켰어요' if late <= BOUND else '넘었어요'}")
    for problem in dict.fromkeys(lab.problems):
        print(problem)
    return 0 if late <= BOUND and not lab.problems else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
