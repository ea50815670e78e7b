"""한 신경망 장부: JSON의 모든 수를 세 가지 다른 길(bplib, autograd, 손으로 적은 스칼라)로 다시 구해요."""

import dataclasses
import json
import math
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import bplib
from bplib import SGD, HalfSquaredError, check_gradients, ledger
from bplib.ledger import EXERCISE_LEDGER, LEDGER, Ledger, _worked_out

CLOSE = {"rtol": 1e-12, "atol": 0}
NAMES = ("W1", "b1", "W2", "b2")


def test_the_starting_numbers_are_the_agreed_ones():
    assert LEDGER.x.tolist() == [1, 0.5]
    assert LEDGER.y.tolist() == [1, 0]
    assert LEDGER.eta == 0.5
    assert LEDGER.W1.tolist() == [[0.4, -0.6], [0.2, 0.8]]
    assert LEDGER.b1.tolist() == [0.1, -0.2]
    assert LEDGER.W2.tolist() == [[0.5, -0.4], [-0.3, 0.6]]
    assert LEDGER.b2.tolist() == [0.2, -0.1]


def test_every_number_by_bplib():
    net, loss = ledger.network(), HalfSquaredError()
    x, y = ledger.sample()
    a = x
    for layer, name in zip(net, ("z1", "a1", "z2", "a2"), strict=True):
        a = layer.forward(a)
        np.testing.assert_allclose(a[0], getattr(LEDGER, name), **CLOSE)
    assert loss.forward(a, y) == pytest.approx(LEDGER.E, rel=1e-12)
    delta = loss.backward()
    for layer, name in zip(reversed(net), ("delta2", None, "delta1", None), strict=True):
        delta = layer.backward(delta)
        if name is not None:  # 활성화 함수의 backward가 δ를 내요
            np.testing.assert_allclose(delta[0], getattr(LEDGER, name), **CLOSE)
    for param, name in zip(net.params(), NAMES, strict=True):
        np.testing.assert_allclose(param.grad, getattr(LEDGER, f"grad_{name}"), **CLOSE)
    SGD(net.params(), LEDGER.eta).step()
    for param, name in zip(net.params(), NAMES, strict=True):
        np.testing.assert_allclose(param.value, getattr(LEDGER, f"new_{name}"), **CLOSE)
    assert loss.forward(net.forward(x), y) == pytest.approx(LEDGER.new_E, rel=1e-12)


def test_every_number_by_autograd():
    def sigma(z):
        return 1 / (1 + anp.exp(-z))

    def error_from(z1, z2, weights):
        """z1이나 z2를 주면 거기서부터, 아니면 처음부터 앞으로 가요. δ = ∂E/∂z를 재려고요."""
        W1, b1, W2, b2 = weights
        z1 = anp.dot(W1, LEDGER.x) + b1 if z1 is None else z1
        z2 = anp.dot(W2, sigma(z1)) + b2 if z2 is None else z2
        return 0.5 * anp.sum((LEDGER.y - sigma(z2)) ** 2)

    weights = [np.array(getattr(LEDGER, name)) for name in NAMES]
    W1, b1, W2, b2 = weights
    np.testing.assert_allclose(W1 @ LEDGER.x + b1, LEDGER.z1, **CLOSE)
    np.testing.assert_allclose(sigma(LEDGER.z1), LEDGER.a1, **CLOSE)
    np.testing.assert_allclose(W2 @ LEDGER.a1 + b2, LEDGER.z2, **CLOSE)
    np.testing.assert_allclose(sigma(LEDGER.z2), LEDGER.a2, **CLOSE)
    assert error_from(None, None, weights) == pytest.approx(LEDGER.E, rel=1e-12)
    np.testing.assert_allclose(
        grad(error_from, 0)(np.array(LEDGER.z1), None, weights), LEDGER.delta1, **CLOSE
    )
    np.testing.assert_allclose(
        grad(error_from, 1)(None, np.array(LEDGER.z2), weights), LEDGER.delta2, **CLOSE
    )
    grads = grad(error_from, 2)(None, None, weights)
    for name, weight, g in zip(NAMES, weights, grads, strict=True):
        np.testing.assert_allclose(g, getattr(LEDGER, f"grad_{name}"), **CLOSE)
        np.testing.assert_allclose(weight - 0.5 * g, getattr(LEDGER, f"new_{name}"), **CLOSE)
    new = [getattr(LEDGER, f"new_{name}") for name in NAMES]
    assert error_from(None, None, new) == pytest.approx(LEDGER.new_E, rel=1e-12)


def test_every_number_by_hand_with_scalars():
    """공책에 적듯이, 배열 없이 수 하나씩."""

    def sigma(z):
        return 1 / (1 + math.exp(-z))

    z11, z12 = 0.4 * 1 - 0.6 * 0.5 + 0.1, 0.2 * 1 + 0.8 * 0.5 - 0.2
    a11, a12 = sigma(z11), sigma(z12)
    z21, z22 = 0.5 * a11 - 0.4 * a12 + 0.2, -0.3 * a11 + 0.6 * a12 - 0.1
    a21, a22 = sigma(z21), sigma(z22)
    E = ((1 - a21) ** 2 + (0 - a22) ** 2) / 2
    d21, d22 = (a21 - 1) * a21 * (1 - a21), (a22 - 0) * a22 * (1 - a22)
    d11 = (0.5 * d21 - 0.3 * d22) * a11 * (1 - a11)
    d12 = (-0.4 * d21 + 0.6 * d22) * a12 * (1 - a12)
    by_hand = {
        "z1": [z11, z12],
        "a1": [a11, a12],
        "z2": [z21, z22],
        "a2": [a21, a22],
        "E": E,
        "delta2": [d21, d22],
        "delta1": [d11, d12],
        "grad_W2": [[d21 * a11, d21 * a12], [d22 * a11, d22 * a12]],
        "grad_b2": [d21, d22],
        "grad_W1": [[d11 * 1, d11 * 0.5], [d12 * 1, d12 * 0.5]],
        "grad_b1": [d11, d12],
        "new_W2": [[0.5 - d21 * a11 / 2, -0.4 - d21 * a12 / 2], [-0.3 - d22 * a11 / 2, 0.6 - d22 * a12 / 2]],
        "new_b2": [0.2 - d21 / 2, -0.1 - d22 / 2],
        "new_W1": [[0.4 - d11 / 2, -0.6 - d11 / 4], [0.2 - d12 / 2, 0.8 - d12 / 4]],
        "new_b1": [0.1 - d11 / 2, -0.2 - d12 / 2],
    }
    (u11, u12), (u21, u22) = by_hand["new_W1"]
    (v11, v12), (v21, v22) = by_hand["new_W2"]
    h1 = sigma(u11 * 1 + u12 * 0.5 + by_hand["new_b1"][0])
    h2 = sigma(u21 * 1 + u22 * 0.5 + by_hand["new_b1"][1])
    o1 = sigma(v11 * h1 + v12 * h2 + by_hand["new_b2"][0])
    o2 = sigma(v21 * h1 + v22 * h2 + by_hand["new_b2"][1])
    by_hand["new_E"] = ((1 - o1) ** 2 + o2**2) / 2
    for name, number in by_hand.items():
        np.testing.assert_allclose(getattr(LEDGER, name), number, err_msg=name, **CLOSE)
    given = {"x", "y", "eta", *NAMES}
    assert set(by_hand) | given == {field.name for field in dataclasses.fields(LEDGER)}


def test_the_exercise_ledger_is_worked_out_by_what_makes_the_ledger():
    """장부의 주어진 수를 넣으면 장부의 모든 수가 나와요."""
    given = {name: getattr(LEDGER, name) for name in ("x", "y", "eta", *NAMES)}
    again = _worked_out(**given)
    for field in dataclasses.fields(Ledger):
        number, wanted = getattr(again, field.name), getattr(LEDGER, field.name)
        np.testing.assert_allclose(number, wanted, err_msg=field.name, **CLOSE)
        assert type(getattr(EXERCISE_LEDGER, field.name)) is type(wanted)
        assert np.shape(getattr(EXERCISE_LEDGER, field.name)) == np.shape(wanted)
    with pytest.raises(ValueError, match="read-only"):
        EXERCISE_LEDGER.grad_W1[...] = 0


def test_the_exercise_ledger_has_its_own_numbers():
    """1과 ½이 없고 장부와 다른 수라서, 답이 장에 적혀 있지 않고 서로 다른 실수가 다른 답을 내요."""
    given = {name: np.ravel(getattr(EXERCISE_LEDGER, name)) for name in ("x", "y", "eta", *NAMES)}
    assert not {0.0, 0.5, 1.0} & set(np.abs(np.concatenate(list(given.values()))).tolist())
    assert EXERCISE_LEDGER.x.tolist() == [0.7, 0.3]
    assert EXERCISE_LEDGER.y.tolist() == [0.9, 0.1]
    assert EXERCISE_LEDGER.eta == 0.4
    assert EXERCISE_LEDGER.W1.tolist() == [[0.8, 0.9], [-0.2, 0.3]]
    assert EXERCISE_LEDGER.b1.tolist() == [-0.3, -0.2]
    assert EXERCISE_LEDGER.W2.tolist() == [[-0.8, 0.7], [0.6, -0.9]]
    assert EXERCISE_LEDGER.b2.tolist() == [0.6, 0.3]


@pytest.mark.parametrize("made", [LEDGER, EXERCISE_LEDGER], ids=["book", "exercises"])
def test_one_step_makes_the_error_smaller(made):
    assert made.new_E < made.E


def test_finite_differences():
    errors = check_gradients(ledger.network(), HalfSquaredError(), *ledger.sample(), include_input=True)
    assert max(errors.values()) <= 1e-9


def test_numbers_are_full_precision_and_read_only():
    text = (Path(bplib.__file__).parent / "ledger.json").read_text(encoding="utf-8")
    assert json.loads(text)["E"] == LEDGER.E
    assert len(repr(LEDGER.E)) >= 16
    for name in ("x", "W1", "grad_W2"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(LEDGER, name)[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        LEDGER.eta = 1.0


def test_every_call_gives_a_fresh_network_and_sample():
    net = ledger.network()
    net.params().value = np.zeros(12)
    x, _ = ledger.sample()
    x[...] = 0
    assert (ledger.network()[0].W.value == LEDGER.W1).all()
    assert (ledger.sample()[0] == LEDGER.x).all()
    assert LEDGER.W1[0, 0] == 0.4
    assert (ledger.golden().W2 == LEDGER.W2).all()
