"""XOR 씨앗 1,000개의 지도(11장): 2-2-1 시그모이드 신경망을 씨앗만 바꿔 한꺼번에 배우게 해요.

    python studies/xor_seeds.py     # bplib/data/xor_seeds.json을 다시 만들어요. 코어 둘에서 5분 안

걸음마다 네 표본을 모두 보는 경사 하강법이고 손실은 제곱 오차의 절반이에요. 손실이 DONE 아래로 처음 내려간
걸음을 적어요. 그때 네 출력은 모두 정답에서 0.29 안에 있어요.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bplib import SGD, Linear, Sequential, Sigmoid, datasets, normal
from bplib.topics.ensemble import StackedHalfSquaredError, curvatures, stack

TABLE = Path(__file__).parents[1] / "bplib" / "data" / "xor_seeds.json"
SEEDS = 1000
DONE = 0.01  # 손실이 이보다 작으면 배운 것
FAST, LAST = 2_000, 20_000  # FAST걸음 안에 배우면 '수렴', LAST걸음 안이면 '느림', 아니면 '갇힘'
LONG = 200_000  # 갇힌 씨앗을 더 걸려 보는 데까지
RATES = (0.3, 1.0, 3.0, 10.0, 30.0)
MOMENTA = (0.0, 0.9)
CLOSE_UP = ((1.0, 0.0), (1.0, 0.9))  # 갇힌 곳까지 들여다볼 (η, μ)
WIDTHS = (1, 2, 3, 4, 8)
MARKS = [*range(5), *np.unique(np.geomspace(5, LAST, 36).round().astype(int)).tolist()]  # 손실을 적어 둘 걸음

X, Y = datasets.xor()


def network(seed: int, hidden: int = 2) -> Sequential:
    """씨앗 하나의 2-hidden-1 신경망. 가중치는 N(0, 1), 편향은 0."""
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(2, hidden, rng=rng, init=normal(1.0)),
        Sigmoid(),
        Linear(hidden, 1, rng=rng, init=normal(1.0)),
        Sigmoid(),
    )


class Run:
    """나란히 배우는 씨앗들. 배운 씨앗은 이따금 덜어 내어 남은 것만 걸어요."""

    def __init__(self, seeds: Iterable[int], lr: float, momentum: float, hidden: int = 2) -> None:
        self.seeds = np.array(list(seeds))
        self.net = stack([network(seed, hidden) for seed in self.seeds])
        self.opt = SGD(list(self.net.params()), lr=lr, momentum=momentum)
        self.loss = StackedHalfSquaredError()
        self.done = {int(seed): -1 for seed in self.seeds}  # 처음 배운 걸음. -1이면 아직
        self.step = 0

    def losses(self) -> np.ndarray:
        """남은 씨앗마다의 손실."""
        return self.loss.forward(self.net.forward(X), Y)

    def walk(self, last: int) -> Run:
        """last걸음까지 걸어요."""
        while self.step < last and self.seeds.size:
            for seed in self.seeds[self.losses() < DONE]:
                if self.done[int(seed)] < 0:
                    self.done[int(seed)] = self.step
            self.net.backward(self.loss.backward())
            self.opt.step()
            self.step += 1
            if self.step % 500 == 0:
                self._keep(np.array([self.done[int(seed)] < 0 for seed in self.seeds]))
        return self

    def _keep(self, chosen: np.ndarray) -> None:
        """고른 씨앗만 남겨요. 모멘텀의 v까지 옮기니 이어서 걸어도 같은 길이에요."""
        self.seeds = self.seeds[chosen]
        if not self.seeds.size:
            return
        old, old_opt, hidden = self.net, self.opt, self.net[0].W.shape[1]
        self.net = stack([network(0, hidden)] * len(self.seeds))
        for small, large in zip(self.net.params(), old.params(), strict=True):
            small.value = large.value[chosen]
        self.opt = SGD(list(self.net.params()), lr=old_opt.lr, momentum=old_opt.momentum)
        for v, old_v in zip(self.opt.velocity, old_opt.velocity, strict=True):
            v[...] = old_v[chosen]

    def measure(self) -> dict[str, Any]:
        """남은 씨앗마다 손실, 기울기의 크기, 가장 큰 가중치, 가장 작은 곡률, 곡률이 음수인 방향의 수."""
        eigenvalues = curvatures(self.net, self.loss, X, Y)
        E = self.losses()
        self.net.backward(self.loss.backward())
        rows = [param.grad.reshape(len(E), -1) for param in self.net.params()]
        weights = [np.abs(param.value.reshape(len(E), -1)).max(axis=1) for param in self.net.params()]
        return {
            "loss": E.round(6).tolist(),
            "gradient": three_digits(np.linalg.norm(np.hstack(rows), axis=1)),
            "weight": np.max(weights, axis=0).round(2).tolist(),
            "lowest_curvature": three_digits(eigenvalues[:, 0]),
            "negative": (eigenvalues < -1e-9).sum(axis=1).tolist(),
        }


def three_digits(values: np.ndarray) -> list[float]:
    """유효 숫자 셋."""
    return [float(f"{value:.3g}") for value in values]


def kind(done: int) -> int:
    """0 수렴, 1 느림, 2 갇힘."""
    return 2 if done < 0 else int(done > FAST)


def example(run: Run, wanted: int) -> dict[str, Any] | None:
    """그 갈래에서 가운데쯤 되는 씨앗 하나를 처음부터 다시 걸려, 손실 곡선과 마지막 출력을 적어요."""
    seeds = [seed for seed, done in run.done.items() if kind(done) == wanted]
    if not seeds:
        return None
    seed = sorted(seeds, key=run.done.__getitem__)[len(seeds) // 2]
    again = Run([seed], run.opt.lr, run.opt.momentum)
    curve = []
    for step in range(LAST + 1):
        E = again.losses()
        if step in MARKS:
            curve.append(round(float(E[0]), 4))
        again.net.backward(again.loss.backward())
        again.opt.step()
    outputs = again.net.forward(X)[0, :, 0].round(3).tolist()
    return {"seed": seed, "losses": curve, "outputs": outputs}


def stuck(run: Run) -> dict[str, Any]:
    """갇힌 씨앗들을 재고, LONG걸음까지 더 걸려 다시 재요."""
    seeds, before = run.seeds.tolist(), run.measure()
    run.walk(LONG)
    rest = {"seeds": run.seeds.tolist(), **run.measure()}
    return {"seeds": seeds, "before": before, "done": [run.done[seed] for seed in seeds], "after": rest}


def main() -> None:
    """표를 만들어 적어요."""
    table: dict[str, Any] = {"fast": FAST, "last": LAST, "long": LONG, "done_below": DONE, "marks": MARKS}
    table["runs"] = []
    for momentum in MOMENTA:
        for lr in RATES:
            run = Run(range(SEEDS), lr, momentum).walk(LAST)
            entry = {"lr": lr, "momentum": momentum, "done": list(run.done.values())}
            entry["examples"] = [example(run, wanted) for wanted in range(3)]
            if (lr, momentum) in CLOSE_UP:
                entry["stuck"] = stuck(run)
            table["runs"].append(entry)
            counts = np.bincount([kind(done) for done in entry["done"]], minlength=3)
            print(
                f"η = {lr:g}, μ = {momentum:g}: 수렴 {counts[0]}, 느림 {counts[1]}, 갇힘 {counts[2]}",
                flush=True,
            )
    table["widths"] = {}
    for hidden in WIDTHS:
        done = Run(range(SEEDS), 1.0, 0.9, hidden).walk(LAST).done
        table["widths"][str(hidden)] = sum(step >= 0 for step in done.values())
        print(f"은닉 {hidden}개: {table['widths'][str(hidden)]}개가 배웠어요", flush=True)
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
