"""나눠서 배우기(data parallel): 자료를 조각으로 나눠 여러 일꾼이 기울기를 구하고, 그 평균으로 한 걸음을 고쳐요.

일꾼(worker)은 dask.distributed가 다루는 프로세스예요. 이 컴퓨터에 띄워도, 다른 컴퓨터 여러 대에 있어도 코드는 같아요.
``pip install "bplib[distributed]"``로 설치해요. 이 모듈을 불러오는 것만으로는 dask가 필요하지 않아요.

>>> from bplib.topics.parallel import cluster, fit_distributed
>>> with cluster(workers=2) as client:  # 다른 컴퓨터라면 cluster("tcp://주소:8786")  # doctest: +SKIP
...     fit_distributed(client, net, loss, opt, x, y, epochs=10, parts=2)

배우는 수와 최적화의 상태는 부르는 쪽에만 있고, 일꾼은 받은 값으로 제 조각의 기울기만 계산해요. 그래서 일꾼이 도중에
죽어도 그 조각을 다른 일꾼이 다시 계산하면 그만이고, 결과는 같아요.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bplib._checks import Array, all_finite, check_count, check_list, check_type, describe, report
from bplib.layers import Sequential
from bplib.losses import Loss, Target
from bplib.optim import Optimizer
from bplib.train import (
    Callback,
    Epoch,
    History,
    Rows,
    _Batches,
    _check_run,
    _train,
)

if TYPE_CHECKING:
    from distributed import Client, Future

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

    손실이 표본의 평균이면 자료 전체로 구한 것과 같아요. 더하는 차례는 조각의 차례라서, 답이 온 차례와 상관없어요.
    조각이 하나도 없으면 ValueError.
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


class Team:
    """조각을 하나씩 맡은 일꾼들. 자료는 처음 한 번만 보내고, 걸음마다 배우는 수와 기울기만 오가요.

    조각은 dask의 작업(task)으로 만들어요. 그래서 조각을 든 일꾼이 죽으면 스케줄러가 다른 일꾼에 다시 만들어 줘요.
    parts는 조각의 수예요. 일꾼의 수와 같지 않아도 돼요. 오류는 shard, net.forward, loss.forward와 같아요.
    """

    def __init__(
        self, client: Client, net: Sequential, loss: Loss, x: Array, y: Target, *, parts: int
    ) -> None:
        if not hasattr(client, "submit"):
            raise TypeError(report("Team", "client의 형이", "distributed.Client", type(client).__name__))
        pieces = shard(x, y, parts)
        twin, loss = copy.deepcopy((net, loss))
        _rehearse(twin.train(), loss, x, y)
        part_gradient(twin, loss, x[:1], y[:1])  # 층이 기억한 값을 표본 하나만큼으로 줄여, 가볍게 보내요
        self.client, self.net = client, net
        self.edges = np.cumsum([0, *(len(piece) for piece, _ in pieces)])
        self._held = [client.submit(_hold, twin, loss, *piece, pure=False) for piece in pieces]

    def gradient(self, rows: Rows = None) -> float:
        """표본 rows(없으면 모두)의 손실 E를 돌려주고, 신경망의 grad에 기울기를 적어요.

        조각마다 제 표본만 계산하고, 표본의 수로 무게를 달아 평균해요.
        """
        value = self.net.params().value.copy()  # 보내는 동안 바뀌지 않게
        tasks: list[Future] = [
            self.client.submit(_part_of, held, value, mine, pure=False)
            for held, mine in zip(self._held, self._split(rows), strict=True)
            if mine is None or len(mine)
        ]
        whole = average(self.client.gather(tasks))
        if math.isfinite(whole.E):
            self.net.params().grad = whole.grad
        return whole.E

    def _split(self, rows: Rows) -> list[Rows]:
        """전체의 표본 번호를 조각마다의 번호로 나눠요. None은 조각 전체예요."""
        if rows is None:
            return [None] * len(self._held)
        return [rows[(start <= rows) & (rows < stop)] - start for start, stop in pairwise(self.edges)]


def _hold(net: Sequential, loss: Loss, x: Array, y: Target) -> tuple[Sequential, Loss, Array, Target]:
    """일꾼이 들고 있을 조각."""
    return net, loss, x, y


def _part_of(held: tuple[Sequential, Loss, Array, Target], value: Array, rows: Rows) -> Part:
    """배우는 수를 value로 놓고, 맡은 조각에서 rows번 표본의 답을 구해요."""
    net, loss = copy.deepcopy(held[:2])  # 같은 조각의 다른 작업과 섞이지 않게 복사본에서 계산해요
    x, y = held[2:] if rows is None else (held[2][rows], held[3][rows])
    net.params().value = value
    return part_gradient(net, loss, x, y)


def fit_distributed(
    client: Client,
    net: Sequential,
    loss: Loss,
    opt: Optimizer,
    x: Array,
    y: Target,
    *,
    epochs: int,
    parts: int,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    callback: Callback | None = None,
) -> History:
    """여러 일꾼에 나눠 에폭 epochs번을 학습해요. 같은 rng로 부른 fit과 반올림만 다른 같은 길을 가요.

    한 걸음: 배우는 수를 보내고, 조각마다의 기울기를 받아, nᵢ/n으로 무게를 달아 평균하고, 여기에서 고쳐요.
    걸음마다 모든 조각을 기다리므로(동기) 가장 느린 일꾼이 빠르기를 정해요. 일꾼이 죽으면 그 조각만 다시 계산해요.
    인자와 오류, Ctrl-C, 발산은 fit과 같아요. 표본끼리 얽히거나 난수를 쓰는 층(배치 정규화, 드롭아웃)은 조각의 평균이
    전체와 달라서 ValueError. 출처: Li et al. 2014; Goyal et al. 2017.
    """
    batch_size = _check_run("fit_distributed", net, loss, opt, epochs, batch_size, callback)
    batches = _Batches("fit_distributed", len(x), batch_size, rng)
    team = Team(client, net, loss, x, y, parts=parts)

    def step(rows: Rows) -> float:
        E = team.gradient(rows)
        if math.isfinite(E):
            opt.step()
        return E

    def record(train_loss: float) -> Epoch:
        return Epoch(train_loss, None, None, None)

    return _train("fit_distributed", net, opt, step, batches, epochs, record, callback, progress=False)


def _rehearse(net: Sequential, loss: Loss, x: Array, y: Target) -> None:
    """복사본으로 먼저 해 봐요: 자료의 모양과 번호가 맞는지, 표본 몇 개의 기울기가 조각의 평균과 같은지."""

    def alone(x: Array, y: Target) -> Part:
        return part_gradient(*copy.deepcopy((net, loss)), x, y)

    alone(x, y)
    x, y = x[:4], y[:4]
    whole, apart = alone(x, y), average([alone(*piece) for piece in shard(x, y, min(2, len(x)))])
    gap, scale = float(np.abs(whole.grad - apart.grad).max()), 1 + float(np.abs(whole.grad).max())
    if gap > scale * math.sqrt(np.finfo(whole.grad.dtype).eps):
        raise ValueError(
            f"{report('Team', '조각의 평균이', '전체의 기울기', f'{gap:.2g}만큼 다른 기울기')}. 배치 정규화처럼 "
            "표본끼리 얽히거나 드롭아웃처럼 난수를 쓰는 층은 나눠 배울 수 없어요."
        )
