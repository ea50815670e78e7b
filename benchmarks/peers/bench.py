"""도구마다 제 프로세스에 앉혀 놓고 차례로 시켜요. 한 도구의 실(thread)이 다른 도구를 방해하지 않아요."""

import importlib
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil

from peers.work import WORKS, CannotDo, Runner

CHECKED = 5  # 재기 전에 나란히 걸어 견주는 걸음
DISTURBED = 0.1  # 재는 동안 남이 코어를 이만큼 넘게 썼으면 다시 재요
AGAIN = 2  # 다시 재는 횟수


@dataclass(frozen=True)
class Peer:
    """도구 하나: 보일 이름, peers의 모듈, 필요한 꾸러미(설치할 이름), start에 더 줄 것."""

    name: str
    module: str
    needs: str = ""
    options: tuple[str, ...] = ()


OURS, HAND, PRODUCTS, JAX = "bplib", "손으로 쓴 NumPy", "행렬 곱만", "JAX jit"
TORCH = ("PyTorch loop", "PyTorch foreach", "PyTorch fused")  # 즉시 실행, 고치기의 세 구현
COMPILED = "PyTorch compile"
PEERS = (
    Peer(OURS, "ours"),
    Peer(HAND, "handwritten"),
    Peer(PRODUCTS, "products"),
    *(Peer(name, "pytorch", "torch", (name.split()[1],)) for name in (*TORCH, COMPILED)),
    Peer(JAX, "jax_jit", "jax"),
    Peer("scikit-learn", "sklearn_mlp", "scikit-learn"),
    Peer("HIPS autograd", "hips", "autograd"),
    Peer("micrograd", "micrograd_scalar", "micrograd"),
)


def start(peer: Peer, key: str, dtype: str, optimizer: str) -> Runner:
    """일감을 맡은 도구."""
    module = importlib.import_module(f"peers.{peer.module}")
    runner: Runner = module.start(WORKS[key], dtype, optimizer, *peer.options)
    return runner


def walk(runner: Runner, steps: int = CHECKED) -> tuple[list[float], list[np.ndarray] | None]:
    """steps걸음의 손실과 그 뒤의 값."""
    return [runner.step() for _ in range(steps)], runner.params()


def step_seconds(runner: Runner, seconds: float, now: Callable[[], float] = time.perf_counter) -> float:
    """한 걸음의 초: seconds쯤 걷고 나눠요. 첫 걸음은 캐시와 실을 깨우는 데 쓰고, 혼자 그보다 길면 그대로 써요."""
    begin = now()
    runner.step()
    first = now() - begin
    if first > seconds:
        return first
    count = int(seconds / first)
    begin = now()
    for _ in range(count):
        runner.step()
    return (now() - begin) / count


def difference(ours: Any, theirs: Any) -> float:
    """두 walk의 손실과 값이 얼마나 다른가: 차이의 제곱평균제곱근을 값의 것으로 나눈 것 가운데 가장 큰 것."""
    (losses, params), (other_losses, other_params) = ours, theirs
    pairs = [(np.array(losses), np.array(other_losses)), *zip(params, other_params, strict=True)]
    return max(float(np.linalg.norm(a - b) / np.linalg.norm(a)) for a, b in pairs)


# 이만큼까지는 반올림의 차이예요. float32의 Adam은 아주 작은 기울기의 반올림도 한 걸음으로 키워요
ALLOWED = {"float64": 1e-10, "float32": 1e-2}


# ── 도구의 프로세스 안에서 ───────────────────────────────────────────────────

_runner: Runner | None = None


def _enter(peer: Peer) -> str | None:
    """도구를 불러와요. 없으면 무엇이 없는지."""
    try:
        importlib.import_module(f"peers.{peer.module}")
    except ImportError as error:
        return f"{peer.needs} 없음({error.name})"
    return None


def _begin(peer: Peer, key: str, dtype: str, optimizer: str) -> Any:
    global _runner
    _runner = None
    try:
        _runner = start(peer, key, dtype, optimizer)
    except CannotDo as reason:
        return str(reason)
    return walk(_runner)


def _block(seconds: float, cpu: bool) -> float:
    assert _runner is not None
    return step_seconds(_runner, seconds, time.process_time if cpu else time.perf_counter)


# ── 시키는 쪽 ────────────────────────────────────────────────────────────────


def environment(threads: int) -> dict[str, str]:
    """도구마다 실을 threads개만 쓰게 하는 환경."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    many = "true" if threads > 1 else "false"
    flags = f"--xla_cpu_multi_thread_eigen={many} intra_op_parallelism_threads={threads}"
    return {**dict.fromkeys(names, str(threads)), "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}


class Others:
    """`with` 안에서 남이 쓴 CPU가 코어 몇 개만큼인지. 컴퓨터 전체가 일한 시간에서 우리 프로세스들의 것을 빼요."""

    def __enter__(self) -> "Others":
        self._begin = self._read()
        return self

    def __exit__(self, *error: object) -> None:
        wall, busy, mine = (now - then for now, then in zip(self._read(), self._begin, strict=True))
        self.cores = max(0.0, (busy - mine) / wall)

    @staticmethod
    def _read() -> tuple[float, float, float]:
        whole = psutil.cpu_times()
        # steal은 가상 컴퓨터가 이웃에게 빼앗긴 것
        names = ("user", "nice", "system", "irq", "softirq", "steal")
        busy = sum(getattr(whole, name, 0.0) for name in names)
        me = psutil.Process()
        each = [process.cpu_times() for process in (me, *me.children(recursive=True))]
        return time.perf_counter(), busy, sum(one.user + one.system for one in each)


@contextmanager
def settings(threads: int) -> Iterator[None]:
    """새 프로세스가 물려받을 환경. OPENBLAS_CORETYPE은 지워요: 다른 CPU의 코드를 쓰게 해서 NumPy가 느려져요."""
    before = dict(os.environ)
    os.environ.update(environment(threads))
    os.environ.pop("OPENBLAS_CORETYPE", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class Bench:
    """도구를 모두 앉힌 자리. missing은 설치되지 않은 도구와 그 까닭이에요.

    rest는 도구를 바꿀 때 쉬는 초예요: 실이 여럿이면 앞 도구의 실이 한동안 헛돌며 기다리거든요.
    cpu=True면 흐른 시간 대신 CPU가 쓴 시간을 재요. 컴퓨터가 바쁠 때, 실 하나일 때만 뜻이 있어요.
    """

    def __init__(self, peers: tuple[Peer, ...] = PEERS, rest: float = 0.0, cpu: bool = False) -> None:
        self.peers, self.rest, self.cpu = peers, rest, cpu

    def __enter__(self) -> "Bench":
        self._stack = ExitStack()
        spawn = multiprocessing.get_context("spawn")
        pools = {
            peer: self._stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn)) for peer in self.peers
        }
        problems = {peer: pool.submit(_enter, peer) for peer, pool in pools.items()}
        self.missing = {peer.name: why.result() for peer, why in problems.items() if why.result()}
        self._pools = {peer: pool for peer, pool in pools.items() if peer.name not in self.missing}
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def compare(self, key: str, dtype: str, optimizer: str, rounds: int, seconds: float) -> dict[str, Any]:
        """같은 것을 계산하는지 보고, 번갈아 rounds번 재요.

        times는 도구마다의 가운데 값(초), ratios는 차례마다의 bplib ÷ 도구에서 고른 가운데 값이에요. others는 재는 동안
        남이 쓴 코어예요.
        """
        walks = {p: pool.submit(_begin, p, key, dtype, optimizer).result() for p, pool in self._pools.items()}
        cannot = {peer.name: reason for peer, reason in walks.items() if isinstance(reason, str)}
        able = [peer for peer in self._pools if peer.name not in cannot]
        differences = self._check({peer: walks[peer] for peer in able}, ALLOWED[dtype])
        measured = quietest(lambda: self._measure(able, rounds, seconds))
        return {**measured, "differences": differences, "cannot": cannot}

    def _measure(self, able: list[Peer], rounds: int, seconds: float) -> dict[str, Any]:
        times: dict[str, list[float]] = {peer.name: [] for peer in able}
        with Others() as others:
            for _ in range(rounds):
                for peer in able:
                    time.sleep(self.rest)
                    times[peer.name].append(self._pools[peer].submit(_block, seconds, self.cpu).result())
        return {
            "times": {name: statistics.median(each) for name, each in times.items()},
            "ratios": {
                name: statistics.median(o / t for o, t in zip(times[OURS], each, strict=True))
                for name, each in times.items()
            },
            "others": others.cores,
        }

    def _check(self, walks: dict[Peer, Any], limit: float) -> dict[str, float]:
        ours = next(walk for peer, walk in walks.items() if peer.name == OURS)
        found = {peer.name: difference(ours, walk) for peer, walk in walks.items() if walk[1] is not None}
        wrong = {name: f"{value:.1e}" for name, value in found.items() if not value <= limit}
        if wrong:
            raise AssertionError(f"같은 걸음 뒤의 손실이나 값이 달라요(한도 {limit:.0e}): {wrong}")
        return found


def quietest(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """재는 동안 남이 DISTURBED보다 많이 끼어들었으면 AGAIN번까지 다시 재고, 가장 조용했던 것을 골라요."""
    tries = [measure()]
    while tries[-1]["others"] > DISTURBED and len(tries) <= AGAIN:
        tries.append(measure())
    return min(tries, key=lambda one: one["others"])


def together(passes: list[dict[str, Any]]) -> dict[str, Any]:
    """도구를 새 프로세스에 앉혀 가며 잰 것을 모아요: 가운데 값과, 비가 흔들린 폭 [가장 작은 것, 가장 큰 것]."""

    def each(part: str, name: str) -> list[float]:
        return [one[part][name] for one in passes]

    names = passes[0]["times"]
    return {
        "times": {name: statistics.median(each("times", name)) for name in names},
        "ratios": {name: statistics.median(each("ratios", name)) for name in names},
        "spread": {name: [min(each("ratios", name)), max(each("ratios", name))] for name in names},
        "others": max(one["others"] for one in passes),
        "differences": passes[0]["differences"],
        "cannot": passes[0]["cannot"],
    }
