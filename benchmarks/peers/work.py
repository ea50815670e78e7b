"""일감: 어느 도구로 하든 같은 신경망, 같은 자료, 같은 출발점, 같은 고치기."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

LR = {"SGD": 0.01, "Adam": 0.001}  # Adam의 나머지 값은 모두 β = (0.9, 0.999), ε = 1e-8


class CannotDo(Exception):
    """이 도구로는 할 수 없는 일감이에요. 까닭을 한 마디로 담아요."""


class Runner(Protocol):
    """한 도구가 한 일감을 하는 것."""

    def step(self) -> float:
        """한 걸음 하고, 고치기 전의 손실을 돌려줘요."""

    def params(self) -> list[np.ndarray] | None:
        """지금의 값, work.params의 차례와 모양으로. 배우지 않는 도구(행렬 곱만)는 None."""


@dataclass(frozen=True)
class Op:
    """층 하나. kind는 linear, tanh, relu, conv(3×3, 둘레에 0 한 줄), pool(2×2), flatten, gru(마지막 상태만)."""

    kind: str
    n_in: int = 0
    n_out: int = 0

    def shapes(self) -> list[tuple[int, ...]]:
        """배우는 수의 모양. GRU는 W, U, b와, 새 상태 안에서만 더하는 c예요(bplib.GRU와 같아요)."""
        match self.kind:
            case "linear":
                return [(self.n_out, self.n_in), (self.n_out,)]
            case "conv":
                return [(self.n_out, self.n_in, 3, 3), (self.n_out,)]
            case "gru":
                gates = 3 * self.n_out
                return [(gates, self.n_in), (gates, self.n_out), (gates,), (self.n_out,)]
        return []


@dataclass(frozen=True)
class Work:
    """신경망과 배치. 출력이 하나면 이진 교차 엔트로피, 아니면 소프트맥스 교차 엔트로피."""

    name: str
    ops: tuple[Op, ...]
    sample: tuple[int, ...]  # 표본 하나의 모양
    batch: int

    @property
    def n_out(self) -> int:
        return self.ops[-1].n_out

    def data(self, dtype: str) -> tuple[np.ndarray, np.ndarray]:
        """x와 정답. 이진이면 (n, 1)의 0과 1, 아니면 번호 (n,)."""
        rng = np.random.default_rng(1)
        x = rng.standard_normal((self.batch, *self.sample)).astype(dtype)
        labels = rng.integers(0, max(2, self.n_out), self.batch)
        return x, labels[:, None].astype(dtype) if self.n_out == 1 else labels

    def params(self, dtype: str) -> list[np.ndarray]:
        """출발점. 편향도 0이 아니라서, 편향을 잘못 다루면 값이 달라져요."""
        rng = np.random.default_rng(2)
        made = []
        for op in self.ops:
            for shape in op.shapes():
                scale = 1 / np.sqrt(np.prod(shape[1:])) if len(shape) > 1 else 0.1
                made.append((scale * rng.standard_normal(shape)).astype(dtype))
        return made

    def split(self, params: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
        """배우는 수를 층마다 나눠요."""
        rest = iter(params)
        return [[next(rest) for _ in op.shapes()] for op in self.ops]


def dense(sizes: Sequence[int], bend: str, batch: int, name: str | None = None) -> Work:
    """완전히 이어진 신경망."""
    ops: list[Op] = []
    for n_in, n_out in pairwise(sizes):
        ops += [Op("linear", n_in, n_out), Op(bend)]
    return Work(name or "-".join(map(str, sizes)), tuple(ops[:-1]), (sizes[0],), batch)


CNN = Work(
    "CNN 1×28×28",
    (
        *(Op("conv", 1, 16), Op("relu"), Op("pool")),
        *(Op("conv", 16, 32), Op("relu"), Op("pool")),
        *(Op("flatten"), Op("linear", 32 * 7 * 7, 10)),
    ),
    (1, 28, 28),
    32,
)
GRU = Work("GRU 64, 32걸음", (Op("gru", 64, 64), Op("linear", 64, 10)), (32, 64), 32)
WORKS = {
    "tiny": dense((2, 16, 16, 1), "tanh", 32),
    "small": dense((64, 128, 64, 10), "relu", 64),
    "wide": dense((784, 512, 256, 10), "relu", 128),
    "deep": dense((*[64] * 50, 10), "tanh", 64, "50층 × 64"),
    "cnn": CNN,
    "gru": GRU,
}
