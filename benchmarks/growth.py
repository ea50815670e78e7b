"""커질 때 얼마나 느려지고 얼마나 기억하나: 깊이, 폭, 걸음의 수. 실 하나, float32, SGD."""

import gc
import tracemalloc
from typing import Any

import numpy as np
from peers import ours, products
from peers.bench import step_seconds
from peers.work import WORKS, Runner, Work, dense

DEPTHS = (5, 10, 20, 50, 100)
WIDTHS = (32, 64, 128, 256, 512, 1024)
BLOCK = 0.03  # 한 번에 재는 초
MANY = 100_000  # 새는 기억을 찾으며 걷는 걸음


def deep(depth: int) -> Work:
    """폭이 64인 tanh 층 depth개, 배치 64."""
    return dense((*[64] * depth, 10), "tanh", 64)


def wide(width: int) -> Work:
    """w-w-w-w-10 ReLU, 배치 64."""
    return dense((*[width] * 4, 10), "relu", 64)


def memory(runner: Runner) -> tuple[int, int]:
    """(걸음 사이에 쥐고 있는 것, 한 걸음 동안 잠깐 더 쓰는 것)의 바이트."""
    runner.step()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    runner.step()
    return held, tracemalloc.get_traced_memory()[1] - held


def slope(sizes: Any, values: Any) -> float:
    """log–log 직선의 기울기: 값이 크기의 몇 제곱으로 커지나."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def curve(make: Any, sizes: tuple[int, ...], rounds: int) -> dict[str, Any]:
    """크기마다 bplib과 행렬 곱만의 시간, bplib의 기억."""
    held, extra = [], []
    ours.start(make(sizes[0]), "float32", "SGD").step()  # 처음 부를 때만 만들어지는 것은 빼고 재요
    for size in sizes:
        tracemalloc.start()  # 신경망을 만들 때부터 세요
        both = memory(ours.start(make(size), "float32", "SGD"))
        tracemalloc.stop()
        held.append(both[0])
        extra.append(both[1])
    pairs = [[peer.start(make(size), "float32", "SGD") for peer in (ours, products)] for size in sizes]
    times = [[[step_seconds(runner, BLOCK) for runner in pair] for pair in pairs] for _ in range(rounds)]
    middle = np.median(times, axis=0)
    made = {"bplib": middle[:, 0], "products": middle[:, 1], "held": held, "extra": extra}
    return {
        "size": list(sizes),
        **{name: [float(value) for value in values] for name, values in made.items()},
        "slope": {name: slope(sizes, values) for name, values in made.items()},
    }


def leak(steps: int) -> dict[str, Any]:
    """걸음을 많이 해도 쥐고 있는 것과 한 걸음에 잠깐 쓰는 것이 늘지 않는지: 걸음의 수마다의 바이트."""
    stops = (steps // 100, steps // 10, steps)
    seen = np.zeros((len(stops), 2), dtype=int)  # 재는 동안 새로 만드는 것이 없게 적을 자리를 먼저 마련해요
    tracemalloc.start()
    runner = ours.start(WORKS["tiny"], "float32", "Adam")
    done = 0
    for row, stop in enumerate(stops):
        for _ in range(stop - done):
            runner.step()
        done = stop
        seen[row] = memory(runner)
    tracemalloc.stop()
    rows = zip(stops, seen.tolist(), strict=True)
    return {"rows": [{"steps": stop, "held": held, "extra": extra} for stop, (held, extra) in rows]}


def measure(quick: bool) -> dict[str, Any]:
    """모두 재요."""
    rounds = 3 if quick else 11
    return {
        "depth": curve(deep, DEPTHS, rounds),
        "width": curve(wide, WIDTHS, rounds),
        "leak": leak(MANY // 50 if quick else MANY),
    }
