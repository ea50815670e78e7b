"""Conv2d, MaxPool2d, Flatten: 정의를 번호로만 적은 식, autograd, 유한 차분과 대조하고, 오류와 성질을 봐요."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    DTYPES,
    ORACLE_ACTIVATION,
    ORACLE_LOSS,
    Case,
    assert_backward_overwrites,
    assert_close,
    assert_finite_differences_agree,
    assert_float32_stays,
    convolutions,
    image_cases,
    read_only,
    snapshot,
)

from bplib import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, Tanh, zeros

# 정의에서 바로 적은 식: 자리마다 창을 오려 내 가중치와 곱해 더하거나, 가장 큰 값을 골라요.


def oracle_conv(a: Any, W: Any, b: Any, padding: int, stride: int) -> Any:
    p, size = padding, W.shape[2]
    a = anp.pad(a, ((0, 0), (0, 0), (p, p), (p, p)), "constant")
    rows, cols = ((length - size) // stride + 1 for length in a.shape[2:])
    places = [
        [anp.tensordot(a[:, :, i : i + size, j : j + size], W, axes=((1, 2, 3), (1, 2, 3))) + b for j in js]
        for i, js in ((stride * r, [stride * s for s in range(cols)]) for r in range(rows))
    ]
    return anp.transpose(anp.array(places), (2, 3, 0, 1))


def oracle_pool(a: Any, size: int) -> Any:
    rows, cols = (length // size for length in a.shape[2:])
    blocks = a[:, :, : rows * size, : cols * size]
    blocks = anp.reshape(blocks, (*a.shape[:2], rows, size, cols, size))
    return anp.max(anp.max(blocks, axis=5), axis=3)


def oracle(case: Case) -> tuple[float, list[np.ndarray], np.ndarray]:
    """autograd가 낸 (손실, Param마다의 기울기, 입력의 기울기)."""

    def error(values: Any, x: Any) -> Any:
        numbers = iter(values)
        for layer in case.net:
            if isinstance(layer, Conv2d):
                x = oracle_conv(x, next(numbers), next(numbers), layer.padding, layer.stride)
            elif isinstance(layer, Linear):
                x = anp.dot(x, anp.transpose(next(numbers))) + next(numbers)
            elif isinstance(layer, MaxPool2d):
                x = oracle_pool(x, layer.size)
            elif isinstance(layer, Flatten):
                x = anp.reshape(x, (len(x), -1))
            else:
                x = ORACLE_ACTIVATION[type(layer)](x)
        return ORACLE_LOSS[type(case.loss)](x, case.y)

    values = [param.value.copy() for param in case.net.params()]
    return float(error(values, case.x)), grad(error, 0)(values, case.x), grad(error, 1)(values, case.x)


# ── 값과 기울기 ──


@given(convolutions(dtype=None))
def test_convolution_is_the_formula_place_by_place(case):
    """z와 W.grad, b.grad, ∂E/∂a를 번호로만 적은 식과 견줘요."""
    layer, a = case
    z = layer.forward(read_only(a))
    delta = np.random.default_rng(1).standard_normal(z.shape).astype(a.dtype)
    grad_a = layer.backward(read_only(delta))
    p, t, k, W = layer.padding, layer.stride, layer.size, layer.W.value
    padded = np.pad(a, ((0, 0), (0, 0), (p, p), (p, p)))
    want_z, want_W, want_a = np.zeros(z.shape), np.zeros(W.shape), np.zeros(padded.shape)
    for n, o, r, s in np.ndindex(*z.shape):
        want_z[n, o, r, s] = layer.b.value[o]
        for c, i, j in np.ndindex(layer.c_in, k, k):
            want_z[n, o, r, s] += W[o, c, i, j] * padded[n, c, t * r + i, t * s + j]
            want_W[o, c, i, j] += delta[n, o, r, s] * padded[n, c, t * r + i, t * s + j]
            want_a[n, c, t * r + i, t * s + j] += delta[n, o, r, s] * W[o, c, i, j]
    tolerance = 1e-12 if a.dtype == np.float64 else 1e-5
    h, w = a.shape[2:]
    assert_close(z, want_z, tolerance)
    assert_close(layer.W.grad, want_W, tolerance)
    assert_close(layer.b.grad, delta.sum(axis=(0, 2, 3)), tolerance)
    assert_close(grad_a, want_a[:, :, p : p + h, p : p + w], tolerance)
    assert {z.dtype, grad_a.dtype, layer.W.grad.dtype, layer.b.grad.dtype} == {a.dtype}


@settings(max_examples=60)
@given(image_cases())
def test_any_image_network_agrees_with_autograd(case):
    case.x = read_only(case.x)
    E, grads, grad_x = oracle(case)
    assert case.loss.forward(case.net.forward(case.x), case.y) == pytest.approx(E, rel=1e-10, abs=1e-14)
    got = case.net.backward(read_only(case.loss.backward()), input_grad=True)
    assert_close(got, grad_x)
    for param, expected in zip(case.net.params(), grads, strict=True):
        assert_close(param.grad, expected)


@settings(max_examples=40)
@given(image_cases())
def test_any_image_network_agrees_with_finite_differences(case):
    assert_finite_differences_agree(case)


@settings(max_examples=40)
@given(image_cases(dtype=np.float32))
def test_float32_stays_float32(case):
    assert_float32_stays(case)


@settings(max_examples=40)
@given(image_cases())
def test_backward_overwrites_and_skipping_the_input_changes_no_gradient(case):
    assert_backward_overwrites(case)


# ── 성질 ──


@given(convolutions(), st.integers(0, 2**32 - 1))
def test_backward_is_linear_and_the_transpose_of_forward(case, seed):
    """δ의 1차식이 그대로 나오고, ⟨δ, W⋆a⟩ = ⟨Wᵀδ, a⟩ = ⟨∂E/∂W, W⟩예요."""
    layer, a = case
    rng = np.random.default_rng(seed)
    z = layer.forward(a) - layer.b.value[:, None, None]
    deltas = rng.standard_normal((2, *z.shape))
    results = []
    for delta in (*deltas, 2 * deltas[0] - 3 * deltas[1]):
        results.append((layer.backward(delta), layer.W.grad.copy(), layer.b.grad.copy()))
    for first, second, mixed in zip(*results, strict=True):
        np.testing.assert_allclose(mixed, 2 * first - 3 * second, rtol=1e-10, atol=1e-12)
    grad_a, grad_W, _ = results[0]
    assert np.vdot(deltas[0], z) == pytest.approx(np.vdot(grad_a, a), rel=1e-10, abs=1e-12)
    assert np.vdot(deltas[0], z) == pytest.approx(np.vdot(grad_W, layer.W.value), rel=1e-10, abs=1e-12)


def test_convolution_does_not_flip_the_filter(rng):
    """상호상관: 창의 왼쪽 위 가중치가 왼쪽 위 화소에 곱해져요."""
    layer = Conv2d(1, 1, 2, rng=rng, init=lambda n_out, n_in, rng: np.array([[1.0, 10.0, 100.0, 1000.0]]))
    a = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    assert layer.forward(a).tolist() == [[[[5421.0, 6532.0]]]]


def test_shifting_the_image_shifts_the_map(rng):
    """가중치를 나누어 쓰니, 그림을 옮기면 특징 지도도 그만큼 옮겨져요."""
    layer = Conv2d(2, 3, 3, rng=rng)
    image = np.zeros((1, 2, 10, 10))
    image[:, :, 3:6, 3:6] = rng.standard_normal((1, 2, 3, 3))
    z = layer.forward(image)
    assert_close(layer.forward(np.roll(image, (1, 2), axis=(2, 3))), np.roll(z, (1, 2), axis=(2, 3)))


def test_a_window_over_the_whole_image_is_a_linear_layer(rng):
    conv, linear = Conv2d(2, 3, 4, rng=rng), Linear(32, 3, rng=rng)
    linear.W.value, linear.b.value = conv.W.value.reshape(3, 32), rng.standard_normal(3)
    conv.b.value = linear.b.value
    a, delta = rng.standard_normal((5, 2, 4, 4)), rng.standard_normal((5, 3))
    assert_close(conv.forward(a)[:, :, 0, 0], linear.forward(a.reshape(5, 32)))
    assert_close(conv.backward(delta[:, :, None, None]).reshape(5, 32), linear.backward(delta))
    assert_close(conv.W.grad.reshape(3, 32), linear.W.grad)


def test_outputs_are_not_overwritten_by_the_next_call(rng):
    a = rng.standard_normal((2, 1, 6, 6))
    for layer in (Conv2d(1, 2, 3, rng=rng), MaxPool2d(2), Flatten()):
        out = layer.forward(a)
        back = layer.backward(np.ones(out.shape))
        kept = out.copy(), back.copy()
        layer.forward(a + 1)
        layer.backward(np.full(out.shape, 2.0))
        assert (out == kept[0]).all()
        assert (back == kept[1]).all()


def test_non_contiguous_input(rng):
    """뒤집히고, 건너뛰고, 축이 바뀐 입력과 δ도 베낀 것과 같아요."""
    net = Sequential(Conv2d(2, 3, 2, rng=rng), Tanh(), MaxPool2d(2), Flatten(), Linear(12, 2, rng=rng))
    base = rng.standard_normal((10, 5, 2, 3))
    for x in (base.transpose(3, 2, 1, 0)[..., ::2], base[::-2, :, :, :2].swapaxes(1, 3)):
        layer = Conv2d(2, 1, 2, rng=rng)
        z = layer.forward(x)
        delta = rng.standard_normal(z.shape[::-1]).T
        assert_close(z, layer.forward(x.copy(order="C")))
        assert_close(layer.backward(delta), layer.backward(delta.copy(order="C")))
        pool = MaxPool2d(2)
        assert (pool.forward(x) == pool.forward(x.copy(order="C"))).all()
    square = base.transpose(0, 2, 1, 3)[:, :, :, [0, 1, 2, 1, 0]]
    assert_close(net.forward(square), net.forward(np.ascontiguousarray(square)))


# ── 풀링과 펴기 ──


def test_pooling_by_hand():
    pool = MaxPool2d(2)
    a = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 7.0, 6.0]]]])
    assert pool.forward(read_only(a)).tolist() == [[[[5.0, 7.0]]]]
    grad_a = pool.backward(read_only(np.array([[[[10.0, 20.0]]]])))
    assert grad_a.tolist() == [[[[0.0, 10.0, 0.0, 0.0], [0.0, 0.0, 20.0, 0.0]]]]


@pytest.mark.parametrize(
    ("block", "winner"),
    [
        ([[2, 2], [2, 2]], (0, 0)),
        ([[1, 2], [2, 2]], (0, 1)),
        ([[0, 1], [2, 2]], (1, 0)),
        ([[-3, -3], [-3, -1]], (1, 1)),
    ],
)
def test_a_tie_sends_the_whole_gradient_to_the_first(block, winner):
    pool = MaxPool2d(2)
    pool.forward(np.array([[block]], float))
    want = np.zeros((1, 1, 2, 2))
    want[0, 0][winner] = 3.0
    assert (pool.backward(np.full((1, 1, 1, 1), 3.0)) == want).all()


@given(st.integers(1, 3), st.integers(0, 2), st.integers(0, 2), st.sampled_from(DTYPES), st.booleans())
def test_pooling_of_any_shape(size, extra_h, extra_w, dtype, ties):
    """칸마다 최댓값 하나이고, 칸을 채우지 못한 나머지는 값도 기울기도 쓰지 않아요."""
    rng = np.random.default_rng(size)
    shape = (2, 3, 2 * size + extra_h % size, size + extra_w % size)
    a = (rng.integers(0, 2, shape) if ties else rng.standard_normal(shape)).astype(dtype)
    pool = MaxPool2d(size)
    out = pool.forward(read_only(a))
    grad_out = rng.standard_normal(out.shape).astype(dtype)
    grad_a = pool.backward(read_only(grad_out))
    assert out.shape == (2, 3, 2, 1)
    assert out.dtype == grad_a.dtype == dtype
    assert grad_a.shape == a.shape
    for n, c, r, s in np.ndindex(*out.shape):
        block = (n, c, slice(r * size, (r + 1) * size), slice(s * size, (s + 1) * size))
        assert out[n, c, r, s] == a[block].max()
        want = np.zeros(size * size, dtype)
        want[a[block].argmax()] = grad_out[n, c, r, s]
        assert (grad_a[block].ravel() == want).all()
    assert not grad_a[:, :, 2 * size :].any()
    assert not grad_a[:, :, :, size:].any()


def test_flatten_there_and_back(rng):
    a = rng.standard_normal((2, 3, 4, 5))
    flatten = Flatten()
    flat = flatten.forward(read_only(a))
    assert (flat == a.reshape(2, 60)).all()
    assert (flatten.backward(read_only(flat)) == a).all()
    assert (flatten.forward(flat) == flat).all()  # 이미 한 줄이면 그대로


def test_a_network_of_images_learns_its_sizes_from_the_input(rng):
    net = Sequential(Conv2d(1, 2, 3, rng=rng), ReLU(), Flatten(), Linear(8, 3, rng=rng))
    assert (net.n_in, net.n_out) == (None, 3)
    assert net.forward(np.ones((5, 1, 4, 4))).shape == (5, 3)
    with pytest.raises(ValueError, match=r"Linear\(8 → 3\)"):
        net.forward(np.ones((5, 1, 5, 5)))


# ── 오류 ──


@pytest.mark.parametrize(
    ("kwargs", "error", "words"),
    [
        ({"c_in": 0}, ValueError, "c_in"),
        ({"c_out": 1.5}, TypeError, "c_out"),
        ({"size": 0}, ValueError, "size"),
        ({"size": (3, 3)}, TypeError, "size"),
        ({"stride": 0}, ValueError, "stride"),
        ({"padding": -1}, ValueError, "padding"),
        ({"padding": 1.0}, TypeError, "padding"),
        ({"padding": True}, TypeError, "padding"),
        ({"rng": 0}, TypeError, "rng"),
        ({"dtype": np.int64}, TypeError, "dtype"),
        ({"init": lambda n_out, n_in, rng: np.zeros((n_in, n_out))}, ValueError, "init"),
        ({"init": "he"}, TypeError, r"^Conv2d.*init의 형"),
        ({"init": lambda n_out, n_in, rng: np.full((n_out, n_in), np.nan)}, ValueError, "W"),
    ],
)
def test_bad_convolution(kwargs, error, words, rng):
    with pytest.raises(error, match=words):
        Conv2d(**{"c_in": 2, "c_out": 3, "size": 3, "rng": rng, **kwargs})


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (2.0, TypeError), (True, TypeError)])
def test_bad_pooling(size, error):
    with pytest.raises(error, match="MaxPool2d: size"):
        MaxPool2d(size)


@pytest.mark.parametrize(
    ("x", "error"),
    [
        (np.ones((4, 3, 5, 5)), ValueError),  # 채널
        (np.ones((4, 2, 5, 1)), ValueError),  # 창보다 작은 그림
        (np.ones((4, 50)), ValueError),
        (np.ones((2, 5, 5)), ValueError),
        (np.ones((4, 2, 5, 5), np.float32), TypeError),
        (np.ones((4, 2, 5, 5), int), TypeError),
        ([[[[1.0]]]], TypeError),
    ],
)
def test_bad_images_name_the_layer_and_change_nothing(x, error, rng):
    layer = Conv2d(2, 1, 3, rng=rng)
    layer.forward(np.ones((1, 2, 4, 4)))
    before = snapshot(layer)
    with pytest.raises(error, match=r"Conv2d\(2 → 1, 3×3\): 입력 a의 .* 기대: "):
        layer.forward(x)
    assert snapshot(layer) == before


def test_padding_makes_room_for_smaller_images(rng):
    layer = Conv2d(1, 1, 5, rng=rng, padding=1)
    assert layer.forward(np.ones((1, 1, 3, 3))).shape == (1, 1, 1, 1)
    with pytest.raises(ValueError, match=r"기대: 3 이상, 받음: \(2, 3\)"):
        layer.forward(np.ones((1, 1, 2, 3)))


@pytest.mark.parametrize(
    "x", [np.ones((2, 1, 1, 4)), np.ones((2, 4)), np.ones((1, 1, 4, 4), int), [[[[1.0]]]]]
)
@pytest.mark.parametrize("layer", [MaxPool2d(2), Flatten()])
def test_bad_images_for_the_others(layer, x):
    if isinstance(layer, Flatten):
        x = np.ones(3) if type(x) is np.ndarray and x.dtype == float else x
    layer.forward(np.ones((1, 1, 4, 4)))
    before = snapshot(layer)
    with pytest.raises((ValueError, TypeError), match=r"(MaxPool2d\(2×2\)|Flatten\(\)): 입력 a의"):
        layer.forward(x)
    assert snapshot(layer) == before


@pytest.mark.parametrize(
    "layer", [Conv2d(1, 1, 2, rng=np.random.default_rng(0), init=zeros), MaxPool2d(2), Flatten()]
)
def test_bad_delta_changes_nothing(layer):
    out = layer.forward(np.ones((2, 1, 4, 4)))
    layer.backward(np.ones(out.shape))
    before = snapshot(layer)
    for delta in (np.ones((3, *out.shape[1:])), np.ones(out.shape[:-1]), np.ones((*out.shape, 1))):
        with pytest.raises(ValueError, match=f"{type(layer).__name__}.*모양이 맞지 않아요"):
            layer.backward(delta)
    for delta in (np.ones(out.shape, np.float32), np.ones(out.shape).tolist()):
        with pytest.raises(TypeError, match=type(layer).__name__):
            layer.backward(delta)
    assert snapshot(layer) == before


@pytest.mark.parametrize("layer", [Conv2d(1, 1, 2, rng=np.random.default_rng(0)), MaxPool2d(2), Flatten()])
def test_backward_before_forward(layer):
    with pytest.raises(RuntimeError, match=f"{type(layer).__name__}.*forward를 먼저"):
        layer.backward(np.ones((1, 1, 1, 1)))


def test_repr(rng):
    net = Sequential(
        Conv2d(1, 8, 3, rng=rng, padding=1),
        ReLU(),
        MaxPool2d(2),
        Conv2d(8, 16, 3, rng=rng, stride=2),
        Flatten(),
    )
    assert [param.name for param in net[0].params()] == ["0.W", "0.b"]
    assert repr(net).splitlines() == [
        "Sequential: 층 5개, 매개변수 1248개",
        "  0  Conv2d(1 → 8, 3×3, padding=1) z = W ⋆ a + b",
        "  1  ReLU()               a = max(z, 0)",
        "  2  MaxPool2d(2×2)       a = 칸의 최댓값",
        "  3  Conv2d(8 → 16, 3×3, stride=2) z = W ⋆ a + b",
        "  4  Flatten()            한 줄로 펴요",
    ]


def test_flatten_of_an_empty_batch():
    layer = Flatten()
    assert layer.forward(np.empty((0, 1, 2, 2))).shape == (0, 4)
    assert layer.backward(np.empty((0, 4))).shape == (0, 1, 2, 2)
