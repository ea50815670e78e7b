"""행렬 곱만: 신경망의 한 걸음에서 피할 수 없는 곱셈을, 미리 마련한 자리에 적어요. 이보다 빠를 수는 없어요."""

import numpy as np

from peers.work import Op, Work


def products(op: Op, shape: tuple[int, ...], first: bool) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """왼쪽과 오른쪽 행렬의 모양: 앞으로, δaᵀ, 그리고 첫 층이 아니면 Wᵀδ. shape는 층의 입력."""
    match op.kind:
        case "linear":
            n, j, i = shape[0], op.n_out, op.n_in
        case "conv":  # 창을 펴면 모든 자리가 표본이에요
            n, j, i = shape[0] * shape[2] * shape[3], op.n_out, 9 * op.n_in
        case "gru":
            n, t, i = shape
            h, j = op.n_out, 3 * op.n_out
            inputs = [((n * t, i), (i, j)), ((j, n * t), (n * t, i))]  # W x와 δ xᵀ는 모든 걸음을 한 번에
            states = [((n, h), (h, j))] * t + [((n, j), (j, h))] * t + [((j, n * t), (n * t, h))]
            return inputs + states + ([] if first else [((n * t, j), (j, i))])
        case _:
            return []
    return [((n, i), (i, j)), ((j, n), (n, i))] + ([] if first else [((n, j), (j, i))])


def after(op: Op, shape: tuple[int, ...]) -> tuple[int, ...]:
    """층을 지난 모양."""
    match op.kind:
        case "linear" | "gru":
            return (shape[0], op.n_out)
        case "conv":
            return (shape[0], op.n_out, *shape[2:])
        case "pool":
            return (*shape[:2], shape[2] // 2, shape[3] // 2)
        case "flatten":
            return (shape[0], int(np.prod(shape[1:])))
    return shape


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        shape: tuple[int, ...] = (work.batch, *work.sample)
        rng = np.random.default_rng(0)
        self.triples = []
        for index, op in enumerate(work.ops):
            for left, right in products(op, shape, first=index == 0):
                a, b = rng.standard_normal(left).astype(dtype), rng.standard_normal(right).astype(dtype)
                self.triples.append((a, b, np.empty((left[0], right[1]), dtype)))
            shape = after(op, shape)

    def step(self) -> float:
        for a, b, out in self.triples:
            np.dot(a, b, out=out)
        return 0.0

    def params(self) -> None:
        return None


start = Runner
