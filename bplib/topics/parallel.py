"""나눠서 배우기(data parallel): 자료를 조각으로 나눠 여러 일꾼이 기울기를 구하고, 그 평균으로 한 걸음을 고쳐요.

일꾼(worker)은 dask.distributed가 다루는 프로세스예요. 이 컴퓨터에 띄워도, 다른 컴퓨터 여러 대에 있어도 코드는 같아요.
``pip install "bplib[distributed]"``로 설치해요. 이 모듈을 불러오는 것만으로는 dask가 필요하지 않아요.

>>> from bplib.topics.parallel import average, cluster, part_gradient, shard
>>> with cluster(workers=2) as client:  # 다른 컴퓨터라면 cluster("tcp://주소:8786")  # doctest: +SKIP
...     tasks = [client.submit(part_gradient, net, loss, *piece) for piece in shard(x, y, 2)]
...     net.params().grad = average(client.gather(tasks)).grad

표본끼리 얽히거나 난수를 쓰는 층(배치 정규화, 드롭아웃)이 있으면 조각의 평균이 전체의 기울기와 달라요.
"""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bplib._checks import Array, all_finite, check_count, check_list, check_type, describe, report
from bplib.layers import Sequential
from bplib.losses import Loss, Target

if TYPE_CHECKING:
    from distributed import Client

INSTALL = 'parallel: distributed가 없어요. 터미널에서 pip install "bplib[distributed]"로 설치해 주세요.'


class Part(NamedTuple):
    """조각 하나의 답: 표본의 수 n, 손실 E(표본 평균), 기울기 ∂E/∂w(한 줄)."""

    n: int
    E: float
    grad: Array


# ── 조각과 평균: dask 없이도 쓸 수 있어요 ────────────────────────────────────


def shard(x: Array, y: Target, parts: int) -> list[tuple[Array, Target]]:
    """자료를 앞에서부터 parts개의 이어진 조각으로 나눠요. 나누어떨어지지 않으면 앞 조각이 하나씩 더 가져요.

    x: (n, …), y: (n, …), 1 ≤ parts ≤ n. 수가 벗어나거나 x와 y의 표본 수가 다르면 ValueError.
    """
    for what, array in (("x", x), ("y", y)):
        if not isinstance(array, np.ndarray) or array.ndim == 0:
            raise TypeError(report("shard", f"{what}의 형이", "표본을 쌓은 배열", describe(array)))
    if len(x) != len(y):
        raise ValueError(report("shard", "y의 표본 수가", len(x), len(y)))
    if check_count("shard", "parts", parts) > len(x):
        raise ValueError(report("shard", "parts의 값이", f"표본 수 {len(x)} 이하", parts))
    edges = [part[0] for part in np.array_split(np.arange(len(x)), parts)] + [len(x)]
    return [(x[start:stop], y[start:stop]) for start, stop in pairwise(edges)]


@np.errstate(over="ignore", invalid="ignore")  # 발산은 경고 대신 유한하지 않은 E로 알려요
def part_gradient(net: Sequential, loss: Loss, x: Array, y: Target) -> Part:
    """조각 하나의 손실과 기울기: 순전파, 손실, 역전파. 일꾼이 하는 일이에요.

    출력이나 E가 유한하지 않으면 기울기를 구하지 않고, E만 그대로 알려요. 오류는 net.forward, loss.forward와 같아요.
    """
    check_type("part_gradient", "net", net, Sequential)
    check_type("part_gradient", "loss", loss, Loss)
    pred = net.forward(x)
    E = loss.forward(pred, y) if all_finite(pred) else math.nan
    if not math.isfinite(E):
        return Part(len(x), E, np.zeros_like(net.params().grad))
    net.backward(loss.backward())
    return Part(len(x), E, net.params().grad.copy())


def average(parts: Sequence[Part]) -> Part:
    """조각들의 답을 표본의 수로 무게를 달아 평균해요: E = Σᵢ (nᵢ/n) Eᵢ, ∂E/∂w = Σᵢ (nᵢ/n) ∂Eᵢ/∂w.

    손실이 표본의 평균이고 층이 표본을 따로따로 다루면 자료 전체로 구한 것과 같아요. 더하는 차례는
    조각의 차례라서, 답이 온 차례와 상관없어요. 조각이 하나도 없으면 ValueError.
    출처: Li et al. 2014; Goyal et al. 2017.
    """
    parts = check_list("average", "parts", parts, Part)
    n = sum(part.n for part in parts)
    if n == 0:
        raise ValueError(report("average", "조각이", "표본 하나 이상", f"조각 {len(parts)}개"))
    grad = np.zeros_like(parts[0].grad)
    for part in parts:
        grad += part.grad * (part.n / n)
    return Part(n, sum(part.E * (part.n / n) for part in parts), grad)


# ── 일꾼들 ───────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def cluster(address: str | None = None, *, workers: int = 2, timeout: float = 30) -> Iterator[Client]:
    """일꾼들에 닿는 ``distributed.Client``. with 문이 끝나면 닫고, 스스로 띄운 일꾼은 모두 끝내요.

    address가 없으면 이 컴퓨터에 일꾼 프로세스 workers개를 띄우고, "tcp://주소:포트"면 그 스케줄러에 붙어요
    (그때 workers는 쓰지 않아요). 다른 컴퓨터의 일꾼에도 bplib과 같은 판의 dask가 있어야 해요.
    파이썬 파일에서 부를 때는 ``if __name__ == "__main__":`` 안에 두세요. 일꾼이 그 파일을 다시 읽어요.
    distributed가 없으면 ImportError, 일꾼을 띄우지 못하면 RuntimeError, timeout초 안에 닿지 못하거나 일꾼이
    없으면 ConnectionError.
    """
    try:
        import distributed
    except ImportError as error:
        raise ImportError(INSTALL) from error
    check_count("cluster", "workers", workers)
    with contextlib.ExitStack() as stack:
        place: Any = address
        if address is None:
            place = stack.enter_context(_local_cluster(workers))
        try:
            client = stack.enter_context(distributed.Client(place, timeout=timeout))
            client.wait_for_workers(1, timeout=timeout)
        except OSError as error:  # TimeoutError도 OSError예요
            raise ConnectionError(
                f"cluster: {address}의 스케줄러나 일꾼에 닿지 못했어요. 주소를 확인하고, 일꾼을 켜 두었는지 봐 주세요."
            ) from error
        yield client


def _local_cluster(workers: int) -> Any:
    """이 컴퓨터에 띄운 일꾼 프로세스들. 조용히 일하고, 정해진 포트를 쓰지 않아요."""
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,  # 진짜 다른 프로세스라야 정말로 죽어도 노트북이 살아 있어요
            dashboard_address="127.0.0.1:0",  # 정해진 8787번이면 다른 노트북과 부딪혀요
            silence_logs=logging.CRITICAL,
        )
    except RuntimeError as error:
        raise RuntimeError(
            "cluster: 일꾼 프로세스를 띄우지 못했어요. 파이썬 파일에서 불렀다면 "
            'if __name__ == "__main__": 안에 두세요. 일꾼이 그 파일을 다시 읽어요.'
        ) from error
