"""스칼라 계산 그래프: 앞뒤 걷기를 autograd, 유한 차분, 장부와 견줘요."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st

from bplib.graph import Node, forward_mode, half_square, order, reverse_mode, sigmoid, total
from bplib.ledger import LEDGER

# 같은 설계도를 그래프와 autograd 양쪽에서 실행해요. 설계도는 (셈, 앞의 수 번호, 앞의 수 번호)의 목록이에요.
GRAPH = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "sum": lambda a, b: total(a, b, a),
    "scale": lambda a, b: 0.5 * a,
    "shift": lambda a, b: 1.5 + a,
    "minus": lambda a, b: 1.5 - a,
    "negative": lambda a, b: -a,
    "sigmoid": lambda a, b: sigmoid(a),
    "half_square": lambda a, b: half_square(a),
}
ORACLE = {
    **GRAPH,
    "sum": lambda a, b: a + b + a,
    "sigmoid": lambda a, b: 1 / (1 + anp.exp(-a)),
    "half_square": lambda a, b: 0.5 * a**2,
}
STEP = st.tuples(st.sampled_from(sorted(GRAPH)), st.integers(0, 99), st.integers(0, 99))
PLAN = st.lists(STEP, min_size=1, max_size=8)
LEAVES = st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=4)


def run(plan, leaves, table):
    values = list(leaves)
    for name, i, j in plan:
        values.append(table[name](values[i % len(values)], values[j % len(values)]))
    # 모든 수를 시그모이드로 눌러 더해, 값이 너무 커지지 않고 모든 갈래가 쓰이게 해요.
    small = [table["sigmoid"](value, None) for value in values]
    out = small[0]
    for value in small[1:]:
        out = out + value
    return out


@given(plan=PLAN, numbers=LEAVES)
def test_both_walks_agree_with_autograd(plan, numbers):
    leaves = [Node(number) for number in numbers]
    out = run(plan, leaves, GRAPH)
    exact = np.array(
        grad(lambda v: run(plan, [v[i] for i in range(len(numbers))], ORACLE))(np.array(numbers))
    )
    back = reverse_mode(out)
    np.testing.assert_allclose([back[leaf] for leaf in leaves], exact, rtol=1e-10, atol=1e-12)
    ahead = [forward_mode(out, {leaf: 1.0}) for leaf in leaves]
    np.testing.assert_allclose(ahead, exact, rtol=1e-10, atol=1e-12)


@given(plan=PLAN, numbers=LEAVES, seed=st.floats(-3, 3))
def test_walking_back_is_linear_in_its_seed(plan, numbers, seed):
    out = run(plan, [Node(number) for number in numbers], GRAPH)
    once, scaled = reverse_mode(out), reverse_mode(out, seed)
    for node, value in once.items():
        assert scaled[node] == pytest.approx(seed * value, rel=1e-12, abs=1e-12)


def test_forward_walk_in_a_direction():
    a, b = Node(2.0), Node(5.0)
    assert forward_mode(a * b, {a: 1.0, b: 10.0}) == 5 + 20


def test_one_node_used_twice_has_two_arrows():
    w = Node(3.0)
    assert len((w * w).edges) == 2
    assert reverse_mode(w * w)[w] == 6


def test_every_gradient_of_the_ledger():
    x = [Node(v) for v in LEDGER.x]
    names = ("W1", "b1", "W2", "b2")
    p = {n: np.vectorize(Node, otypes=[object])(getattr(LEDGER, n)) for n in names}
    a1 = [sigmoid(total(p["W1"][j, 0] * x[0], p["W1"][j, 1] * x[1], p["b1"][j])) for j in (0, 1)]
    a2 = [sigmoid(total(p["W2"][k, 0] * a1[0], p["W2"][k, 1] * a1[1], p["b2"][k])) for k in (0, 1)]
    E = half_square(a2[0] - 1) + half_square(a2[1])
    assert E.value == pytest.approx(LEDGER.E, rel=1e-14)
    back = reverse_mode(E)
    for name in names:
        mine = np.vectorize(back.get, otypes=[float])(p[name])
        np.testing.assert_allclose(mine, getattr(LEDGER, f"grad_{name}"), rtol=1e-12)


def test_order_puts_every_node_after_what_it_uses_and_a_long_chain_is_fine():
    out = x = Node(1.0)
    for _ in range(5000):
        out = out + 0.0
    nodes = order(out)
    place = {node: k for k, node in enumerate(nodes)}
    assert nodes[-1] is out
    assert all(place[used] < place[node] for node in nodes for used, _ in node.edges)
    assert reverse_mode(out)[x] == 1


def test_shared_nodes_are_visited_once():
    """길은 2⁶⁰개지만 화살표는 수백 개예요. 길마다 걷는 코드라면 여기서 끝나지 않아요."""
    out = x = Node(1.0)
    for _ in range(60):
        out = 0.5 * out + 0.5 * out
    assert reverse_mode(out)[x] == forward_mode(out, {x: 1.0}) == 1


@pytest.mark.parametrize("bad", ["1", None, True, np.ones(2), 1j])
def test_not_a_number(bad):
    with pytest.raises(TypeError, match="Node w"):
        Node(bad, "w")
    for make in (lambda: Node(1.0) * bad, lambda: Node(1.0) + bad, lambda: Node(1.0) - bad):
        with pytest.raises(TypeError, match="Node"):
            make()


@pytest.mark.parametrize("bad", [math.nan, math.inf, 10**400])
def test_not_finite(bad):
    with pytest.raises(ValueError, match="유한"):
        Node(bad)
    with pytest.raises(ValueError, match="유한"):
        Node(1e200) * Node(1e200)


def test_seed_must_be_finite():
    with pytest.raises(ValueError, match="reverse_mode: seed"):
        reverse_mode(Node(1.0), -math.inf)


def test_repr():
    assert repr(Node(0.25, "w")) == "Node(w = 0.25)"
    assert repr(Node(0.25) + 1) == "Node( = 1.25)"
