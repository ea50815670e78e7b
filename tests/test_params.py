"""Param과 Params: 제자리에 적기, 한 줄로 이어 붙이기, 복사."""

import copy
import pickle

import numpy as np
import pytest
from strategies import DTYPES, read_only, snapshot

from bplib import Linear, Param, Params, Sequential, Tanh


@pytest.mark.parametrize("dtype", DTYPES)
def test_param_copies_its_value_and_starts_with_zero_grad(dtype):
    source = read_only(np.arange(6, dtype=dtype).reshape(2, 3))
    param = Param(source, "W")
    param.value += 1
    assert source[0, 0] == 0
    assert param.dtype == param.grad.dtype == dtype
    assert param.shape == param.grad.shape == (2, 3)
    assert param.size == 6
    assert not param.grad.any()


def test_param_lies_row_by_row_whatever_it_was_made_from():
    """층은 np.dot(…, out=grad)로 기울기를 적어요. 그러려면 행이 이어져 있어야 해요."""
    param = Param(np.asfortranarray(np.arange(6.0).reshape(2, 3)), "W")
    assert param.value.flags.c_contiguous
    assert param.grad.flags.c_contiguous


def test_assignment_writes_in_place():
    param = Param(np.zeros((2, 2)), "W")
    value, grad = param.value, param.grad
    new = np.array([[1.0, 2.0], [3.0, 4.0]])
    param.value = new
    param.grad = 2 * new
    assert param.value is value
    assert param.grad is grad
    assert (value == new).all()
    assert (grad == 2 * new).all()
    param.value -= 0.5 * param.grad
    assert param.value is value
    assert not value.any()


def test_assignment_keeps_float32():
    param = Param(np.zeros(2, np.float32), "b")
    param.value = [0.1, 0.2]
    assert param.dtype == np.float32


def test_a_number_too_big_for_float32_is_refused():
    param = Param(np.ones(2, np.float32), "b")
    before = snapshot(param)
    with np.errstate(over="ignore"), pytest.raises(ValueError, match="유한"):
        param.value = np.array([1.0, 1e300])
    assert snapshot(param) == before


@pytest.mark.parametrize(
    "bad", [np.zeros((2, 1)), np.zeros(4), [[1.0, np.nan], [0, 0]], [[np.inf, 0], [0, 0]]]
)
def test_bad_assignment_changes_nothing(bad):
    param = Param(np.ones((2, 2)), "W")
    before = snapshot(param)
    with pytest.raises(ValueError, match="W"):
        param.value = bad
    with pytest.raises(ValueError, match="W"):
        param.grad = bad
    assert snapshot(param) == before


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (np.array([1, 2]), TypeError),
        ([1.0, 2.0], TypeError),
        (np.ones(2, np.float16), TypeError),
        (np.array([1.0, np.nan]), ValueError),
        (np.empty(0), ValueError),
    ],
)
def test_bad_param(value, error):
    with pytest.raises(error, match="W"):
        Param(value, "W")


def test_misspelled_attribute_is_an_error():
    param = Param(np.ones(1), "b")
    with pytest.raises(AttributeError):
        param.garde = np.ones(1)


def test_repr_is_mathematical():
    param = Param(np.array([[3.0, 4.0]]), "0.W")
    assert repr(param) == "0.W ∈ R^(1×2): ‖0.W‖ = 5, ‖∂E/∂0.W‖ = 0"


def test_params_are_one_line_of_views():
    W, b = Param(np.array([[1.0, 2.0], [3.0, 4.0]]), "W"), Param(np.array([5.0, 6.0]), "b")
    params = Params([W, b])
    assert params.value.tolist() == [1, 2, 3, 4, 5, 6]
    params.value *= 10
    params.grad[4] = 7
    assert W.value.tolist() == [[10, 20], [30, 40]]
    assert b.grad.tolist() == [7, 0]
    b.value = [-1, -2]
    assert params.value[4:].tolist() == [-1, -2]
    assert np.shares_memory(W.value, params.value)


def test_nested_params_stay_connected_after_repacking(rng):
    """작은 묶음을 큰 묶음에 넣어도 작은 묶음의 한 줄이 낡은 복사본이 되지 않아요."""
    layer = Linear(2, 3, rng=rng)
    inner = layer.params()
    net = Sequential(layer, Tanh(), Linear(3, 1, rng=rng))
    net.params().value = np.arange(13.0)
    assert inner.value.tolist() == list(range(9))
    assert layer.W.value.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert layer.b.value.tolist() == [6, 7, 8]


def test_params_is_a_sequence_with_names(rng):
    params = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng)).params()
    assert len(params) == 4
    assert [p.name for p in params] == ["0.W", "0.b", "2.W", "2.b"]
    assert params[1] is params["0.b"]
    assert params[-1] is params["2.b"]
    assert repr(params) == "Params(0.W, 0.b, 2.W, 2.b): 수 13개"
    with pytest.raises(KeyError):
        params["1.W"]


def test_saving_and_restoring_the_whole_line(rng):
    net = Sequential(Linear(2, 2, rng=rng))
    saved = net.params().value.copy()
    net[0].W.value = np.zeros((2, 2))
    net.params().value = saved
    assert (net.params().value == saved).all()
    assert net[0].W.value.any()


def test_mixed_dtypes_and_duplicates_are_refused():
    a, b = Param(np.ones(2), "a"), Param(np.ones(2, np.float32), "b")
    with pytest.raises(TypeError, match="dtype"):
        Params([a, b])
    with pytest.raises(ValueError, match="서로 다른"):
        Params([a, a])
    assert a.value.base is None  # 실패한 묶음은 a를 옮기지 않았어요


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies_are_connected_inside_and_apart_from_the_original(clone, rng):
    """그냥 복사하면 층의 W와 한 줄이 끊어져, 최적화가 아무것도 고치지 못하게 돼요."""
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    twin = clone(net)
    twin.params().value = np.zeros(13)
    assert not twin[0].W.value.any()
    assert not twin[2].params().value.any()
    assert net[0].W.value.any()
    assert not np.shares_memory(net.params().value, twin.params().value)


def test_a_part_of_a_line_cannot_be_put_in_another_line(rng):
    """두 줄에 이어 붙이면 앞의 줄이 조용히 끊어져, 그다음 학습이 아무것도 바꾸지 않아요."""
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    for blocks in ([net[0].W], [net[0].params()], [net[0].W, Param(np.ones(1), "새것")]):
        with pytest.raises(ValueError, match=r"벌써 다른 한 줄.*SGD\(\[net"):
            Params(blocks)
    with pytest.raises(ValueError, match="벌써 다른 한 줄"):
        copy.copy(net.params())
    net.params().value = np.zeros(13)
    assert not net[0].W.value.any()
    fresh = Params([copy.copy(net[0].W), copy.deepcopy(net[2].W)])  # 복사본은 제 한 줄을 가질 수 있어요
    fresh.value = np.ones(9)
    assert not net.params().value.any()


def test_what_was_taken_out_before_joining_cannot_be_written(rng):
    """옮기기 전의 배열에 적으면 아무 데도 닿지 않으니, 조용히 사라지지 않고 오류가 나요."""
    layer = Linear(2, 3, rng=rng)
    stale = [layer.W.value, layer.b.grad, layer.params().value]
    net = Sequential(layer)
    for array in stale:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    layer.W.value[...] = 7
    assert (net.params().value[:6] == 7).all()


def test_names_that_hide_each_other_are_refused():
    params = Params([Param(np.ones(1), "w"), Param(np.zeros(1), "w")])
    with pytest.raises(ValueError, match="서로 다른 이름"):
        params["w"]
    assert params[1].value == 0
