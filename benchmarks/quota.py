#!/usr/bin/env python3
"""코어를 나눠 쓸 때, 작은 신경망의 한 걸음이 제 몫만큼만 걸리는지 봐요. Linux에서 root로 실행하고, 2분쯤 걸려요.

    python benchmarks/quota.py

64-128-64-10(배치 64)을 행렬 곱의 실(thread) 하나와 둘로, 혼자, 코어 반 개의 한도(cgroup) 안에서, 쉬지 않는 프로세스
둘의 곁에서 걸려요. Binder와 교실의 서버가 코어를 이렇게 나눠 주면서 모두 보여 줘요. 어디서나 코어 둘에 묶어요.

제 몫은 짐작하지 않고 재요: 같은 자리에서 쉬지 않고 도는 프로세스 하나가 1초에 얻는 CPU의 초예요. 제 몫으로 걷는 한
걸음은 실 하나로 혼자 걸을 때 쓴 CPU의 시간을 그 몫으로 나눈 것이에요. 그래서 다른 일로 바쁜 컴퓨터에서도 뜻이 있어요.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from load import cgroup

ROUNDS, SECONDS = 5, 2.0
BOUND = 1.5  # 실 하나의 한 걸음은 제 몫의 몇 배까지
HALF = {
    Path("/sys/fs/cgroup"): ("cpu.max", "50000 100000"),
    Path("/sys/fs/cgroup/cpu"): ("cpu.cfs_quota_us", 50_000),  # 100 ms마다
}


def spin() -> tuple[float, float]:
    """쉬지 않고 돌 때 1초에 얻는 CPU의 초. 둘째는 쓰지 않아요."""
    begin, cpu = time.perf_counter(), time.process_time()
    while (wall := time.perf_counter() - begin) < SECONDS:
        pass
    return (time.process_time() - cpu) / wall, 0.0


def walk() -> tuple[float, float]:
    """한 걸음에 흐른 초와 쓴 CPU의 초."""
    from peers.bench import PEERS, start

    runner = start(PEERS[0], "small", "float32", "SGD")
    for _ in range(100):
        runner.step()
    count, begin, cpu = 0, time.perf_counter(), time.process_time()
    while (wall := time.perf_counter() - begin) < SECONDS:
        runner.step()
        count += 1
    return wall / count, (time.process_time() - cpu) / count


def measure(job: str, threads: int = 1) -> tuple[float, float]:
    """새 프로세스에서 재요. 물려받은 실의 수는 잊어요."""
    env = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    env["OMP_NUM_THREADS"] = str(threads)
    first, second = json.loads(subprocess.check_output([sys.executable, __file__, job], env=env))
    return first, second


@contextlib.contextmanager
def half_a_core() -> Iterator[None]:
    with cgroup(HALF) as made:
        if not made:
            sys.exit("코어 반 개의 한도를 걸 cgroup을 만들 수 없어요. root로 실행해 주세요.")
        yield


@contextlib.contextmanager
def busy_neighbours() -> Iterator[None]:
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


PLACES = {
    "혼자": contextlib.nullcontext,
    "코어 반 개의 한도": half_a_core,
    "바쁜 프로세스 둘 곁": busy_neighbours,
}


def rows() -> Iterator[tuple[str, float, list[float], list[float]]]:
    """자리마다 (이름, 몫, 실 하나와 둘의 한 걸음 초, 그것이 제 몫의 몇 배인지). 번갈아 잰 것의 중앙값이에요."""
    seen: dict[str, list[tuple[float, ...]]] = {name: [] for name in PLACES}
    for _ in range(ROUNDS):
        alone = 0.0
        for name, place in PLACES.items():
            with place():
                share, (one, cpu), (two, _) = measure("spin")[0], measure("walk"), measure("walk", threads=2)
            alone = alone or cpu  # 첫째 자리가 혼자예요
            seen[name].append((share, one, two, one * share / alone, two * share / alone))
    for name, found in seen.items():
        share, *rest = (statistics.median(column) for column in zip(*found, strict=True))
        yield name, share, rest[:2], rest[2:]


def main() -> int:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    print("CPU의 몫, 실 하나와 둘의 한 걸음 µs (괄호는 제 몫의 몇 배)", flush=True)
    good = True
    for name, share, steps, ratios in rows():
        good &= ratios[0] <= BOUND
        cells = [f"{step * 1e6:>9,.0f} ({ratio:.2f}배)" for step, ratio in zip(steps, ratios, strict=True)]
        print(f"{share:>6.2f}{''.join(cells)}  {name}")
    print(f"실 하나는 제 몫의 {BOUND}배까지: {'지켰어요' if good else '지키지 못했어요'}")
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps({"spin": spin, "walk": walk}[sys.argv[1]]()))
    else:
        sys.exit(main())
