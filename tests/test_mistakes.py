"""알려진 실수: 올바른 한 걸음은 장부와 같고, 실수는 저마다 딱 제 자리만 틀려요."""

import numpy as np
import pytest

from bplib import ledger
from bplib.lab.mistakes import SLIPS, STEPS, one_step

L = ledger.LEDGER
WEIGHTS = {name: getattr(L, name) for name in ("W1", "b1", "W2", "b2")}
GOLDEN = ("z1", "a1", "z2", "a2", "E", "delta2", "delta1")
GOLDEN += tuple(f"{kind}_{name}" for kind in ("grad", "new") for name in WEIGHTS)


def step(slip=None, x=L.x[None, :], y=L.y[None, :]):
    return one_step(x, y, WEIGHTS, L.eta, SLIPS[slip] if slip else None)


def batch():
    rng = np.random.default_rng(5)
    return rng.normal(size=(3, 2)), rng.uniform(size=(3, 2))


def test_right_step_is_the_golden_ledger():
    values = step()
    for name in GOLDEN:
        np.testing.assert_allclose(np.squeeze(values[name]), getattr(L, name), rtol=0, atol=1e-12)


def test_right_step_on_a_batch_is_bplib():
    from bplib import HalfSquaredError

    x, y = batch()
    net, loss = ledger.network(), HalfSquaredError()
    value = loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    values = step(x=x, y=y)
    assert abs(values["E"] - value) < 1e-12
    for layer, at in (("1", 0), ("2", 2)):
        np.testing.assert_allclose(values[f"grad_W{layer}"], net[at].W.grad, atol=1e-12)
        np.testing.assert_allclose(values[f"grad_b{layer}"], net[at].b.grad, atol=1e-12)


@pytest.mark.parametrize("name", SLIPS)
def test_every_slip_changes_something_and_nothing_before_it(name):
    """실수의 조각이 쓰이기 전의 수는 올바르고, 그 뒤에는 틀린 수가 있어요."""
    x, y = batch()
    right, wrong = step(x=x, y=y), step(name, x, y)
    changed = {key for key in right if not np.allclose(right[key], wrong[key], atol=1e-9)}
    first = next(iter(SLIPS[name].steps))
    untouched = {
        "weighted_sum": (),
        "activation": ("z1",),
        "error": ("z1", "a1", "z2", "a2", "E"),
        "slope": ("z1", "a1", "z2", "a2", "E"),
        "spread": ("z1", "a1", "z2", "a2", "E", "delta2", "grad_W2", "grad_b2"),
        "weight_grad": ("z1", "a1", "z2", "a2", "E", "delta2", "grad_b2"),
        "bias_grad": ("z1", "a1", "z2", "a2", "E", "delta2", "grad_W2"),
        "update": ("z1", "a1", "z2", "a2", "E", "delta2", "grad_W2", "grad_b2"),
    }[first]
    assert changed, "아무것도 달라지지 않는 실수예요"
    assert not changed & set(untouched)
    assert set(SLIPS[name].steps) <= set(STEPS)


def test_slips_by_hand():
    """손으로 적은 식과 견줘요: 다른 길로 계산한 값이라, 조각이 틀리면 드러나요."""
    a2, a1, y = L.a2, L.a1, L.y
    d2 = L.delta2
    assert step("missing_slope")["delta2"][0] == pytest.approx(a2 - y)
    assert step("wrong_sign")["delta2"][0] == pytest.approx(-d2)
    assert step("missing_half")["delta2"][0] == pytest.approx(2 * d2)
    assert step("missing_input")["grad_W2"][:, 0] == pytest.approx(d2)
    assert step("swapped_indices")["grad_W2"] == pytest.approx(L.grad_W2.T)
    assert step("first_path_only")["delta1"][0, 1] == pytest.approx(d2[0] * -0.4 * a1[1] * (1 - a1[1]))
    assert step("last_path_only")["delta1"][0, 1] == pytest.approx(d2[1] * 0.6 * a1[1] * (1 - a1[1]))
    assert step("transposed_backward")["delta1"][0, 0] == pytest.approx(
        (d2[0] * 0.5 + d2[1] * -0.4) * a1[0] * (1 - a1[0])
    )
    assert step("updated_on_the_way")["delta1"][0] == pytest.approx((d2 @ L.new_W2) * a1 * (1 - a1))
    assert step("uphill")["new_W1"] == pytest.approx(2 * L.W1 - L.new_W1)
    assert step("missing_bias")["z1"][0] == pytest.approx(L.z1 - L.b1)
    assert step("missing_mean", *batch())["grad_b2"] == pytest.approx(3 * step(None, *batch())["grad_b2"])
    assert step("mean_twice", *batch())["grad_b2"] == pytest.approx(step(None, *batch())["grad_b2"] / 3)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"x": np.zeros((0, 2))}, ValueError, "표본 수"),
        ({"x": np.zeros((0, 2)), "y": np.zeros((0, 2))}, ValueError, "표본 수"),
        ({"x": np.zeros((3, 2))}, ValueError, "표본 수"),
        ({"x": np.zeros((1, 2), int)}, TypeError, "^one_step: x의 자료형"),
        ({"slip": "uphill"}, TypeError, "^one_step: slip의 형"),
        ({"weights": [1.0]}, TypeError, "^one_step: weights의 형"),
        ({"weights": {"W1": L.W1}}, ValueError, "weights의 이름"),
        ({"weights": {**WEIGHTS, "b2": [0.0, 0.0]}}, TypeError, "^one_step: b2의 자료형"),
        ({"weights": {**WEIGHTS, "b1": np.zeros((2, 2))}}, ValueError, r"'W1': \(2, 2\), 'b1': \(2,\)"),
        ({"weights": {**WEIGHTS, "W2": np.zeros((3, 2))}}, ValueError, "weights의 모양"),
        ({"eta": 0.0}, ValueError, "^one_step: eta의 값"),
    ],
)
def test_errors(changed, error, words):
    with pytest.raises(error, match=words):
        one_step(**{"x": L.x[None, :], "y": L.y[None, :], "weights": WEIGHTS, "eta": L.eta, **changed})
