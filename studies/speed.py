#!/usr/bin/env python3
"""10장의 표: 무엇이 얼마나 빠른가. 결과를 bplib/data/speed.json에 적어요.

    python studies/speed.py                  모두 (2코어에서 5분쯤)
    python studies/speed.py batches parts    고른 것만 다시 재고, 나머지는 적힌 그대로 둬요

시간은 컴퓨터마다 다르니 비율로만 적어요. 견줄 것들을 번갈아 재고, 차례마다의 비율에서 가운데 값을 골라요.
선형대수 라이브러리는 실 하나만 쓰게 해요. 그래야 코어의 수와 상관없이 한 코어끼리 견줄 수 있어요.
혼자 하는 일은 그 실이 CPU를 쓴 시간으로 재서, 다른 일로 바쁜 컴퓨터에서도 거의 같아요. 일꾼과 주고받는 일은
흐른 시간으로 재니 workers는 컴퓨터가 한가할 때 재세요.
걸음을 센 표(batches)는 시간이 아니라서 어디에서 돌려도 거의 같아요(반올림 때문에 한두 걸음 다를 수 있어요).
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bplib import SGD, BinaryCrossEntropy, Linear, Sequential, SoftmaxCrossEntropy, Tanh, datasets
from bplib.losses import Loss
from bplib.topics.parallel import Part, average, cluster, part_gradient, shard

TABLE = Path(__file__).resolve().parent.parent / "bplib" / "data" / "speed.json"


def clock(call: Callable[[], Any], now: Callable[[], float] = time.thread_time) -> float:
    """call 한 번에 걸리는 시간(초): 0.02초를 넘길 때까지 되풀이한 평균."""
    call()
    count, start = 0, now()
    while now() - start < 0.02:
        call()
        count += 1
    return (now() - start) / count


def medians(
    calls: Sequence[Callable[[], Any]], rounds: int = 9, now: Callable[[], float] = time.thread_time
) -> list[float]:
    """첫 call의 시간을 1로 놓은 나머지의 시간: 번갈아 잰 비율의 가운데 값."""
    ratios: list[list[float]] = [[] for _ in calls[1:]]
    for _ in range(rounds):
        base, *others = (clock(call, now) for call in calls)
        for kept, other in zip(ratios, others, strict=True):
            kept.append(other / base)
    return [statistics.median(kept) for kept in ratios]


def significant(value: float, digits: int = 3) -> float:
    """유효 숫자 digits개로 반올림해요."""
    return float(f"{value:.{digits}g}")


def network(sizes: Sequence[int], rng: np.random.Generator | None = None) -> tuple[Sequential, Loss]:
    """완전히 이어진 tanh 신경망과 손실. 출력이 하나면 이진 교차 엔트로피, 아니면 소프트맥스."""
    rng = rng or np.random.default_rng(0)
    layers: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Linear(n_in, n_out, rng=rng), Tanh()]
    return Sequential(*layers[:-1]), BinaryCrossEntropy() if sizes[-1] == 1 else SoftmaxCrossEntropy()


def data(n: int, sizes: Sequence[int]) -> tuple[Any, Any]:
    """무작위 자료: 값은 시간과 상관없어요."""
    rng = np.random.default_rng(1)
    x, labels = rng.standard_normal((n, sizes[0])), rng.integers(0, max(2, sizes[-1]), n)
    return x, labels[:, None].astype(float) if sizes[-1] == 1 else labels


# ── 하나씩 재기와 역전파 ─────────────────────────────────────────────────────


def finite_differences(net: Sequential, loss: Loss, x: Any, y: Any, h: float = 1e-5) -> Any:
    """가중치를 하나씩 위아래로 움직여 잰 기울기: 순전파를 2P번 해요."""
    value = net.params().value
    grad = np.empty_like(value)
    for i, kept in enumerate(value.copy()):
        value[i] = kept + h
        up = loss.forward(net.forward(x), y)
        value[i] = kept - h
        grad[i] = (up - loss.forward(net.forward(x), y)) / (2 * h)
        value[i] = kept
    return grad


def passes(
    sizes: Sequence[tuple[int, int, int]] = tuple(
        (2 * k, 4 * k, 2 * k) for k in (2, 4, 8, 16, 32, 64, 128, 256)
    ),
) -> list[dict[str, Any]]:
    """배우는 수 P가 늘 때: 역전파까지 한 시간 ÷ 순전파, 하나씩 재기 ÷ 순전파, 순전파의 시간이 나뉘는 몫. 표본 16개.

    하나씩 재기는 순전파를 2P번 하니, 재는 데 몇 분이 넘는 큰 신경망에서는 재지 않아요(None).
    """
    rows = []
    for shape in ((2, 2, 2), *sizes):
        net, loss = network(shape)
        x, y = data(16, shape)
        hidden = net[0].forward(x)
        bent = net[1].forward(hidden)
        out = net[2].forward(bent)

        def forward(net=net, loss=loss, x=x, y=y) -> None:
            loss.forward(net.forward(x), y)

        def both(net=net, loss=loss, x=x, y=y) -> None:
            loss.forward(net.forward(x), y)
            net.backward(loss.backward())

        def products(net=net, x=x, bent=bent) -> None:
            np.dot(x, net[0].W.value.T)
            np.dot(bent, net[2].W.value.T)

        kinds = [both, products, partial(net[1].forward, hidden), partial(loss.forward, out, y)]
        names = ("backprop_over_forward", "products", "activations", "loss")
        row: dict[str, Any] = {"weights": net.params().size, "differences_over_forward": None}
        row |= zip(names, map(significant, medians([forward, *kinds])), strict=True)
        if row["weights"] < 20_000:
            start = time.thread_time()
            finite_differences(net, loss, x, y)
            row["differences_over_forward"] = significant((time.thread_time() - start) / clock(forward))
        rows.append(row)
    return rows


# ── 표본 하나씩과 한꺼번에 ───────────────────────────────────────────────────

NETWORKS = {"작은": (2, 32, 32, 1), "가운데": (64, 128, 64, 10), "큰": (784, 512, 256, 10)}
SIZES = [2**k for k in range(11)]


def vectorised() -> dict[str, Any]:
    """배치 크기 B마다: 표본 하나에 드는 시간이 B = 1의 몇 분의 1인가(몇 배 빠른가)."""
    table = {}
    for name, sizes in NETWORKS.items():
        net, loss = network(sizes)
        calls = [partial(part_gradient, net, loss, *data(size, sizes)) for size in SIZES]
        times = [1.0, *medians(calls)]
        table[name] = [significant(size / t) for size, t in zip(SIZES, times, strict=True)]
    return {"batch": SIZES, "faster": table}


# ── 한 걸음의 시간은 어디로 가나 ─────────────────────────────────────────────

WIDTHS = [4, 8, 16, 32, 64, 128, 256, 512, 1024]


def parts(widths: Sequence[int] = WIDTHS) -> list[dict[str, float]]:
    """폭 w인 w-w-w-10 신경망, 배치 64의 한 걸음: 시간의 몫(합이 1)."""
    rows = []
    for width in widths:
        sizes = (width, width, width, 10)
        net, loss = network(sizes)
        opt = SGD(net.params(), 1e-3, momentum=0.9)
        x, y = data(64, sizes)
        a = [x]
        for layer in net:
            a.append(layer.forward(a[-1]))
        loss.forward(a[-1], y)
        delta = [loss.backward()]  # 뒤에서부터의 δ
        for layer in list(net)[:0:-1]:
            delta.append(layer.backward(delta[-1]))
        delta = delta[::-1]
        linear = [(i, layer) for i, layer in enumerate(net) if isinstance(layer, Linear)]
        bent = [(i, layer) for i, layer in enumerate(net) if isinstance(layer, Tanh)]

        def whole(net=net, loss=loss, opt=opt, x=x, y=y) -> None:
            loss.forward(net.forward(x), y)
            net.backward(loss.backward())
            opt.step()

        def products(linear=linear, a=a, delta=delta) -> None:
            for i, layer in linear:
                np.dot(a[i], layer.W.value.T)
                np.dot(delta[i].T, a[i], out=layer.W.grad)
                if i:
                    np.dot(delta[i], layer.W.value)

        def activations(bent=bent, a=a, delta=delta) -> None:
            for i, layer in bent:
                layer.forward(a[i])
                layer.backward(delta[i])

        def losses(loss=loss, a=a, y=y) -> None:
            loss.forward(a[-1], y)
            loss.backward()

        shares = medians([whole, products, activations, losses, opt.step])
        total = max(1.0, sum(shares))  # 따로 잰 조각의 합이 전체를 조금 넘기도 해요
        names = ("products", "activations", "loss", "update")
        row = {name: round(share / total, 3) for name, share in zip(names, shares, strict=True)}
        rows.append({"width": width, **row, "rest": round(1 - sum(row.values()), 3)})
    return rows


# ── 배치 크기, 걸음, 본 표본 ─────────────────────────────────────────────────

N, TARGET = 1024, 0.1
RATES = [0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.57, 0.8, 1.1, 1.6, 2.3, 3.2, 4.5, 6.4]
SEEDS = 20


def steps_to_target(batch: int, rate: float, seed: int, limit: int) -> int | None:
    """전체 오차가 TARGET 아래로 내려갈 때까지의 걸음. limit걸음 안에 닿지 못하면 None."""
    x, labels = datasets.spirals(N, rng=np.random.default_rng(100), turns=1.0)
    y = labels[:, None].astype(float)
    rng = np.random.default_rng(seed)
    net = Sequential(Linear(2, 32, rng=rng), Tanh(), Linear(32, 32, rng=rng), Tanh(), Linear(32, 1, rng=rng))
    loss, opt = BinaryCrossEntropy(), SGD(net.params(), rate)
    every, step = max(1, limit // 200), 0
    while True:
        order = rng.permutation(N)
        for start in range(0, N, batch):
            rows = order[start : start + batch]
            loss.forward(net.forward(x[rows]), y[rows])
            net.backward(loss.backward())
            opt.step()
            step += 1
            if step % every == 0 and loss.forward(net.forward(x), y) < TARGET:
                return step
            if step >= limit:
                return None


def counts(batch: int, rate: float) -> list[int] | None:
    """씨앗마다의 걸음을 작은 것부터. 한 씨앗이라도 닿지 못하면 그만두고 None."""
    found: list[int] = []
    for seed in range(SEEDS):
        steps = steps_to_target(batch, rate, seed, max(1000, 8000 // batch))
        if steps is None:
            return None
        found.append(steps)
    return sorted(found)


def batch_row(batch: int) -> dict[str, Any]:
    """배치 크기 하나: 가장 빨리 닿는 학습률과, 오차 TARGET까지의 걸음의 가운데 값과 그 95% 구간.

    구간은 차례대로 놓은 여섯째와 열다섯째예요(가운데 값의 이항 구간 95.9%).
    """
    found = {rate: steps for rate in RATES if (steps := counts(batch, rate))}
    middle = {str(rate): statistics.median(steps) for rate, steps in found.items()}
    best = min(found, key=lambda rate: middle[str(rate)])
    low, high = found[best][5], found[best][14]
    row = {"batch": batch, "rate": best, "steps": middle[str(best)], "low": low, "high": high}
    return {**row, "all": middle}


def batches(sizes: Sequence[int] = tuple(2**k for k in range(11))) -> dict[str, Any]:
    """배치 크기마다의 걸음. 세는 것이라 코어마다 하나씩 맡겨도 같아요."""
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(batch_row, sizes))
    return {"samples": N, "target": TARGET, "rates": RATES, "rows": rows}


# ── 일꾼 둘 ──────────────────────────────────────────────────────────────────

TEAM_WIDTHS, TEAM_BATCHES = [16, 64, 256, 1024], [64, 512, 4096]


def piece(net: Sequential, loss: Loss, x: Any, y: Any) -> tuple[Sequential, Loss, Any, Any]:
    """일꾼이 들고 있을 조각."""
    return net, loss, x, y


def ask(held: tuple[Sequential, Loss, Any, Any], value: Any) -> Part:
    """일꾼이 하는 일: 받은 수로 제 조각의 기울기를 구해요."""
    held[0].params().value = value
    return part_gradient(*held)


def workers() -> dict[str, Any]:
    """64-w-w-10 신경망의 기울기: 혼자 한 시간 ÷ 일꾼 둘이 나눠 한 시간. 1보다 작으면 나눠서 더 느려졌어요."""
    rows = []
    with cluster(workers=2) as client:
        for width in TEAM_WIDTHS:
            sizes = (64, width, width, 10)
            net, loss = network(sizes)
            for batch in TEAM_BATCHES:
                x, y = data(batch, sizes)
                held = [client.submit(piece, net, loss, *half, pure=False) for half in shard(x, y, 2)]

                def together(net=net, held=held) -> None:
                    value = net.params().value.copy()
                    tasks = [client.submit(ask, half, value, pure=False) for half in held]
                    net.params().grad = average(client.gather(tasks)).grad

                alone = partial(part_gradient, net, loss, x, y)
                (faster,) = medians([together, alone], now=time.perf_counter)
                rows.append(
                    {
                        "width": width,
                        "batch": batch,
                        "weights": net.params().size,
                        "faster": significant(faster, 2),  # 잴 때마다 흔들려서 두 자리만
                    }
                )
    return {"rows": rows}


STUDIES = {
    "passes": passes,
    "vectorised": vectorised,
    "parts": parts,
    "batches": batches,
    "workers": workers,
}


def main(chosen: list[str]) -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.is_file() else {}
    table["machine"] = f"{os.cpu_count()}코어, NumPy {np.__version__}, 실 하나"
    for name in chosen or STUDIES:
        start = time.perf_counter()
        table[name] = STUDIES[name]()
        print(f"{name}: {time.perf_counter() - start:.0f}초", flush=True)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # numpy를 불러오기 전에 정해져 있어야 해요
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        sys.exit(subprocess.run([sys.executable, *sys.argv], env={**os.environ, **threads}).returncode)
    main(sys.argv[1:])
