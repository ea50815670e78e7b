#!/usr/bin/env python3
"""독자 한 사람이 장을 실행하는 동안 쓰는 메모리와 시간을 재요. 교실 서버의 크기를 정할 때 봐요.

    python benchmarks/memory.py            모든 장
    python benchmarks/memory.py 07-images  적은 장만

requirements.txt만 설치한 환경의 파이썬으로 실행하세요. 시험 환경에서는 10장이 PyTorch까지 불러와 170 MB쯤 더 써요.

장마다 커널을 새로 켜 처음부터 끝까지 실행하고, 커널과 그것이 띄운 프로세스가 쓰는 메모리(RSS)를 짧은 간격으로 재서
가장 컸던 값을 적어요. 사람마다 하나씩 뜨는 JupyterLab 서버도 재요. 한 컴퓨터를 여럿이 쓰면 파일에서 읽은 코드는
나눠 쓰므로 이보다 조금 덜 들어요.
"""

import argparse
import os
import platform
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from lab_app import lab_server  # noqa: E402

CHAPTERS = ROOT / "chapters"
BOUND = 300.0  # MB, 한 사람이 한 장을 실행할 때의 한도
EVERY = 0.05  # 초


class Peak:
    """프로세스와 그 자식들의 메모리를 지켜보고 가장 큰 값을 기억해요."""

    def __init__(self, pid: int) -> None:
        self.process, self.most, self.alone, self.done = psutil.Process(pid), 0.0, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.done.wait(EVERY):
            sizes = []
            try:
                for process in [self.process, *self.process.children(recursive=True)]:
                    sizes.append(process.memory_info().rss / 1e6)
            except psutil.NoSuchProcess:  # 세는 사이에 끝난 일꾼
                continue
            self.most, self.alone = max(self.most, sum(sizes)), max(self.alone, sizes[0])

    def stop(self) -> None:
        self.done.set()
        self.thread.join()


def measure(path: Path) -> tuple[float, float, float]:
    """(커널의 최대, 일꾼까지의 최대, 걸린 초)."""
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(nbformat.read(path, as_version=4), timeout=300, resources=resources)
    start = time.perf_counter()
    with client.setup_kernel():
        peak = Peak(client.km.provisioner.pid)
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index)
        peak.stop()
    return peak.alone, peak.most, time.perf_counter() - start


def server() -> float:
    """막 뜬 JupyterLab 서버 하나."""
    with tempfile.TemporaryDirectory() as home, lab_server(Path(home)):
        return max(child.memory_info().rss for child in psutil.Process().children()) / 1e6


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chapters", nargs="*")
    args = parser.parse_args(argv)
    paths = [p for p in sorted(CHAPTERS.glob("*.ipynb")) if not args.chapters or p.stem in args.chapters]
    print(
        f"{platform.system()} {platform.machine()}, CPU {os.cpu_count()}개, 파이썬 {platform.python_version()}"
    )
    print(f"JupyterLab 서버 {server():.0f} MB", flush=True)
    print(f"{'':<24}{'커널 MB':>8}{'일꾼까지':>7}{'초':>7}")
    worst = 0.0
    for path in paths:
        alone, most, seconds = measure(path)
        worst = max(worst, most)
        print(f"{path.stem:<24}{alone:>9.0f}{most:>10.0f}{seconds:>8.1f}", flush=True)
    print(f"가장 큰 장 {worst:.0f} MB, 한도 {BOUND:g} MB: {'지켰어요' if worst <= BOUND else '넘었어요'}")
    return 0 if worst <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
