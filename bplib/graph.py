"""스칼라 계산 그래프: 노드마다 값을, 화살표마다 국소 도함수를 적어 두고 앞뒤로 걸어요 (4장)."""

from __future__ import annotations

import itertools
import math
import numbers
from collections.abc import Iterable, Mapping

from bplib import activations
from bplib._checks import check_number, check_type, report

_serials = itertools.count()


class Node:
    """수 하나: 값 value, 이름 name, 이 수를 계산할 때 쓴 (노드, 국소 도함수 ∂이 노드/∂쓴 노드)의 묶음 edges.

    a + b, a - b, a * b, -a와 아래 함수로 새 노드를 만들면, 그 자리에서 값과 국소 도함수를 계산해요(순전파).
    같은 노드를 두 번 쓰면 화살표도 둘이에요. 수나 노드가 아니면 TypeError, 유한하지 않으면 ValueError.
    나눗셈, 거듭제곱, ReLU는 없어요: 책이 쓰지 않아요. half_square처럼 값과 국소 도함수로 Node를 만들면 돼요.
    """

    def __init__(self, value: float, name: str = "", edges: Iterable[tuple[Node, float]] = ()) -> None:
        if not isinstance(value, numbers.Real) or isinstance(value, bool):
            raise TypeError(report(f"Node {name}", "값의 형이", "실수 하나", type(value).__name__))
        try:
            self.value: float = float(value)
        except OverflowError:  # float에 담기지 않게 큰 정수
            self.value = math.inf
        if not math.isfinite(self.value):
            raise ValueError(report(f"Node {name}", "값이", "유한한 수", value))
        self.name: str = name
        self.edges: tuple[tuple[Node, float], ...] = tuple(edges)
        self.serial: int = next(_serials)  # 쓰인 노드가 늘 먼저 태어나니, 앞에서 뒤로 가는 차례예요

    def __add__(self, other: Node | float) -> Node:
        return total(self, _node(other))

    def __sub__(self, other: Node | float) -> Node:
        other = _node(other)
        return Node(self.value - other.value, edges=[(self, 1.0), (other, -1.0)])

    def __mul__(self, other: Node | float) -> Node:
        other = _node(other)
        return Node(self.value * other.value, edges=[(self, other.value), (other, self.value)])

    def __rsub__(self, other: float) -> Node:
        return _node(other) - self

    def __neg__(self) -> Node:
        return 0.0 - self

    __radd__, __rmul__ = __add__, __mul__

    def __repr__(self) -> str:
        return f"Node({self.name} = {self.value:.4g})"


def _node(number: Node | float) -> Node:
    return number if isinstance(number, Node) else Node(number)


def total(*nodes: Node) -> Node:
    """모두 더한 노드. 국소 도함수는 모두 1."""
    nodes = tuple(map(_node, nodes))
    return Node(sum(node.value for node in nodes), edges=[(node, 1.0) for node in nodes])


def sigmoid(z: Node) -> Node:
    """a = σ(z). 국소 도함수는 a(1 − a)."""
    z = _node(z)
    a = float(activations.sigmoid(z.value))
    return Node(a, edges=[(z, a * (1 - a))])


def half_square(r: Node) -> Node:
    """½r². 국소 도함수는 r."""
    r = _node(r)
    return Node(0.5 * r.value * r.value, edges=[(r, r.value)])


def order(out: Node) -> list[Node]:
    """out을 계산하는 데 쓴 노드를 앞에서 뒤로 늘어놓아요. 마지막이 out이에요."""
    check_type("order", "out", out, Node)
    found, waiting = {out}, [out]
    while waiting:
        new = {node for node, _ in waiting.pop().edges} - found
        found |= new
        waiting += new
    return sorted(found, key=lambda node: node.serial)


def forward_mode(out: Node, start: Mapping[Node, float]) -> float:
    """앞으로 걷기: start에 적은 노드들이 그만큼의 빠르기로 변할 때 out이 변하는 빠르기."""
    check_type("forward_mode", "start", start, Mapping, "{노드: 빠르기}")
    rate: dict[Node, float] = {}
    for node in order(out):
        rate[node] = start.get(node, 0.0) + sum(rate[used] * local for used, local in node.edges)
    return rate[out]


def reverse_mode(out: Node, seed: float = 1.0) -> dict[Node, float]:
    """뒤로 걷기: 모든 노드의 ∂out/∂노드를 한 번에. 여러 화살표로 돌아온 것은 더해요. out에는 seed를 놓아요.

    출처: Goodfellow, Bengio & Courville 2016, §6.5.6.
    """
    seed = check_number("reverse_mode", "seed", seed, -math.inf, math.inf, open_low=True)
    grad = dict.fromkeys(order(out), 0.0) | {out: seed}
    for node in reversed(grad):
        for used, local in node.edges:
            grad[used] += grad[node] * local
    return grad
