"""최적화: 손으로 적은 식, 알려진 수열, 자료형, 제자리 고치기, 오류."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, snapshot

from bplib import SGD, Adam, AdamW, Linear, Param, Params, Sequential, Tanh, clip_gradients

MAKERS = {
    "sgd": lambda params: SGD(params, 0.1),
    "momentum": lambda params: SGD(params, 0.1, momentum=0.9),
    "nesterov": lambda params: SGD(params, 0.1, momentum=0.9, nesterov=True),
    "adam": lambda params: Adam(params, 0.1),
    "adamw": lambda params: AdamW(params, 0.1, weight_decay=0.3),
}
every = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def reference(name, w, grads):
    """논문의 식을 수 하나에 대해 그대로 적은 것."""
    v = m = 0.0
    for t, g in enumerate(grads, start=1):
        if name.startswith("adam"):
            m = 0.9 * m + (1 - 0.9) * g
            v = 0.999 * v + (1 - 0.999) * g**2
            m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
            decay = 0.3 * w if name == "adamw" else 0.0
            w = w - 0.1 * (m_hat / (math.sqrt(v_hat) + 1e-8) + decay)
        else:
            mu = 0.0 if name == "sgd" else 0.9
            v = mu * v + g
            w = w - 0.1 * (g + mu * v if name == "nesterov" else v)
    return w


@pytest.mark.parametrize("name", MAKERS)
@given(data=st.data())
def test_follows_the_papers_formula(name, data):
    numbers = st.floats(-3, 3, allow_subnormal=False)
    start = data.draw(numbers)
    grads = data.draw(st.lists(numbers, min_size=1, max_size=8))
    param = Param(np.array([start]), "w")
    opt = MAKERS[name]([param])
    for g in grads:
        param.grad = [g]
        opt.step()
    assert param.value[0] == pytest.approx(reference(name, start, grads), rel=1e-12, abs=1e-12)


def test_known_sequences_on_a_bowl():
    """E = ½ w²이면 g = w. η = 0.5의 경사 하강법은 w를 절반씩 줄여요."""
    param = Param(np.array([1.0]), "w")
    opt = SGD([param], 0.5)
    path = []
    for _ in range(4):
        param.grad = param.value
        opt.step()
        path.append(float(param.value[0]))
    assert path == [0.5, 0.25, 0.125, 0.0625]

    param.value = [1.0]
    opt = SGD([param], 0.5, momentum=0.5)  # v = 1, 1, 0.5 → w = 0.5, 0, −0.25
    path = []
    for _ in range(3):
        param.grad = param.value
        opt.step()
        path.append(float(param.value[0]))
    assert path == [0.5, 0.0, -0.25]

    param.value = [1.0]
    opt = SGD([param], 0.5, momentum=0.5, nesterov=True)  # v = 1 → 걸음 1.5; v = 0.75 → 걸음 0.625
    path = []
    for _ in range(2):
        param.grad = param.value
        opt.step()
        path.append(float(param.value[0]))
    assert path == [0.25, 0.25 - 0.5 * (0.25 + 0.5 * 0.75)]


@pytest.mark.parametrize("g", [1e-3, 1.0, -1e3])
def test_the_first_adam_step_is_the_learning_rate(g):
    """m̂ / √v̂ = ±1이라 첫 걸음은 기울기의 크기와 상관없이 η예요."""
    param = Param(np.array([0.0]), "w")
    opt = Adam([param], 0.01)
    param.grad = [g]
    opt.step()
    assert param.value[0] == pytest.approx(-math.copysign(0.01, g), rel=1e-4)


def test_adam_without_memory_steps_by_the_sign():
    """β = 0이면 지난 기울기를 잊어서, 걸음마다 기울기의 크기와 상관없이 η만큼 움직여요."""
    param = Param(np.array([0.0, 0.0]), "w")
    opt = Adam([param], 0.5, betas=(0.0, 0.0), eps=1e-300)
    for g in ([2.0, -3.0], [4.0, 5.0]):
        param.grad = g
        opt.step()
    assert param.value.tolist() == [-1.0, 0.0]


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_adamw_decays_apart_from_the_gradient(size):
    """첫 걸음: 감쇠는 기울기의 크기와 상관없이 ηλw예요. 손실에 ½λw²을 더한 Adam은 λ가 무엇이든 η만 움직여요."""
    w, lam = np.array([2.0, -4.0]), 0.1
    apart, mixed = Param(w, "w"), Param(w, "w")
    apart.grad, mixed.grad = [size, -size], [size + lam * 2, -size - lam * 4]
    AdamW([apart], 0.01, weight_decay=lam).step()
    Adam([mixed], 0.01).step()
    assert_close(mixed.value, w - 0.01 * np.sign(w), 1e-6)
    assert_close(apart.value, w - 0.01 * np.sign(w) - 0.01 * lam * w, 1e-6)


def test_adamw_without_decay_is_adam(rng):
    params = [Param(np.ones(3), "w") for _ in range(2)]
    opts = [Adam([params[0]], 0.1), AdamW([params[1]], 0.1, weight_decay=0)]
    for _ in range(4):
        g = rng.standard_normal(3)
        for param, opt in zip(params, opts, strict=True):
            param.grad = g
            opt.step()
    assert (params[0].value == params[1].value).all()


@every
@pytest.mark.parametrize("dtype", DTYPES)
def test_keeps_dtype_and_place(make, dtype, rng):
    net = Sequential(Linear(2, 3, rng=rng, dtype=dtype), Tanh(), Linear(3, 1, rng=rng, dtype=dtype))
    line, W, grad = net.params().value, net[0].W.value, net.params().grad
    grad[...] = 1
    before, opt = line.copy(), make(net.params())
    opt.lr = np.float64(0.05)  # numpy 스칼라가 와도 float32가 커지지 않아요
    for _ in range(3):
        opt.step()
    assert net.params().value is line
    assert net[0].W.value is W
    assert line.dtype == W.dtype == dtype
    state = [array for value in vars(opt).values() if isinstance(value, list) for array in value]
    assert {array.dtype for array in state} == {np.dtype(dtype)}
    assert (line < before).all()
    assert (grad == 1).all()


@every
def test_one_line_equals_param_by_param(make, rng):
    """net.params()로 한 번에 고친 것과 Param의 목록으로 하나씩 고친 것이 같아요."""
    nets = [Sequential(Linear(3, 4, rng=np.random.default_rng(1)), Tanh()) for _ in range(2)]
    opts = [make(nets[0].params()), make(param for param in nets[1].params())]
    for _ in range(5):
        g = rng.standard_normal(16)
        for net, opt in zip(nets, opts, strict=True):
            net.params().grad = g
            opt.step()
    assert_close(nets[0].params().value, nets[1].params().value, 1e-15)
    assert len(opts[0].blocks) == 1  # 한 줄로 다뤄야 빨라요
    assert opts[0].blocks[0] is nets[0].params()
    assert len(opts[1].blocks) == 2
    assert [p.name for p in opts[0].params] == [p.name for p in opts[1].params] == ["0.W", "0.b"]


@every
def test_a_frozen_layer_stays(make, rng):
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    net.params().grad = np.ones(13)
    frozen = net[0].params().value.copy()
    make(net[2].params()).step()
    assert (net[0].params().value == frozen).all()


@every
def test_an_optimizer_made_before_the_network_still_works(make, rng):
    """층의 Param이 나중에 신경망의 한 줄로 옮겨 가도 최적화는 따라가요."""
    layer = Linear(2, 1, rng=rng)
    opt = make(layer.params())
    net = Sequential(layer)
    net.params().grad = np.ones(3)
    before = net.params().value.copy()
    opt.step()
    assert (net.params().value < before).all()


@every
@pytest.mark.parametrize(
    ("lr", "error"),
    [
        *((lr, ValueError) for lr in (-0.1, math.nan, math.inf)),
        *((lr, TypeError) for lr in ("0.1", True, np.ones(2), None)),
    ],
)
def test_bad_learning_rate_changes_nothing(make, lr, error):
    opt = make([Param(np.ones(2), "w")])
    before = snapshot(opt)
    with pytest.raises(error, match="η"):
        opt.lr = lr
    assert snapshot(opt) == before
    assert opt.lr == 0.1


@every
def test_a_rate_of_zero_does_not_move(make):
    """스케줄의 끝에서만 0이 돼요. 처음부터 0이면 아무것도 배우지 않을 테니 test_bad_params처럼 거절해요."""
    w = Param(np.ones(2), "w")
    opt, w.grad = make([w]), np.ones(2)
    opt.lr = 0
    opt.step()
    assert w.value.tolist() == [1, 1]


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
def test_bad_params(kind, rng):
    net = Sequential(Linear(2, 1, rng=rng))
    with pytest.raises(TypeError, match=f"^{kind.__name__}: params"):
        kind(net, lr=0.1)
    with pytest.raises(TypeError, match="params"):
        kind([np.ones(2)], lr=0.1)
    with pytest.raises(ValueError, match="params"):
        kind([], lr=0.1)
    with pytest.raises(ValueError, match="params"):
        kind(Sequential(Tanh()).params(), lr=0.1)
    with pytest.raises(ValueError, match="params"):
        kind([*net.params(), *net.params()], lr=0.1)
    with pytest.raises(ValueError, match=f"^{kind.__name__}: 학습률 η"):
        kind(net.params(), lr=0)


@pytest.mark.parametrize(
    ("kind", "kwargs", "words"),
    [
        (SGD, {"momentum": 1.0}, "모멘텀"),
        (SGD, {"momentum": -0.1}, "모멘텀"),
        (SGD, {"nesterov": True}, "nesterov"),
        (Adam, {"betas": (1.0, 0.999)}, "β₁"),
        (Adam, {"betas": (0.9, -0.1)}, "β₂"),
        (Adam, {"betas": (0.9, 1.0)}, "β₂"),
        (Adam, {"eps": 0.0}, "ε"),
        (AdamW, {"betas": (1.0, 0.999)}, "^AdamW: β₁"),
        (AdamW, {"weight_decay": -0.1}, "^AdamW: 가중치 감쇠 λ"),
        (AdamW, {"weight_decay": math.inf}, "λ"),
    ],
)
def test_bad_settings(kind, kwargs, words):
    with pytest.raises(ValueError, match=words):
        kind([Param(np.ones(1), "w")], lr=0.1, **kwargs)


@pytest.mark.parametrize("betas", [0.9, (0.9,), (0.9, 0.99, 0.999), np.array([0.9, 0.999])])
def test_betas_are_a_pair(betas):
    with pytest.raises(TypeError, match=r"^Adam: betas의 형"):
        Adam([Param(np.ones(1), "w")], lr=0.1, betas=betas)


def test_repr():
    params = [Param(np.ones(1), "w")]
    assert repr(SGD(params, 0.1)) == "SGD(η=0.1, μ=0)"
    assert repr(SGD(params, 0.1, 0.9, nesterov=True)) == "SGD(η=0.1, μ=0.9, nesterov)"
    assert repr(Adam(params)) == "Adam(η=0.001, β=(0.9, 0.999), ε=1e-08)"
    assert repr(AdamW(params)) == "AdamW(η=0.001, β=(0.9, 0.999), ε=1e-08, λ=0.01)"


@given(size=st.floats(0.01, 100), max_norm=st.floats(0.01, 100), dtype=st.sampled_from(DTYPES))
def test_clipping_keeps_the_direction_and_bounds_the_length(size, max_norm, dtype):
    """모든 기울기를 한 벡터로 봐요: Param마다 따로 자르면 방향이 바뀌어요."""
    rng = np.random.default_rng(0)
    net = Sequential(Linear(2, 3, rng=rng, dtype=dtype), Tanh(), Linear(3, 1, rng=rng, dtype=dtype))
    g = rng.standard_normal(13).astype(dtype)
    net.params().grad = g = (g * (size / np.linalg.norm(g))).astype(dtype)
    place = net[0].W.grad
    assert clip_gradients(net.params(), max_norm) == pytest.approx(size, rel=1e-5)
    clipped = net.params().grad
    assert net[0].W.grad is place
    assert clipped.dtype == dtype
    assert_close(clipped, g * min(1, max_norm / size), 1e-5)
    if size < 0.99 * max_norm:
        assert (clipped == g).all()


def test_clipping_a_list_of_params_is_the_same(rng):
    g = rng.standard_normal(13)
    results = []
    for pick in (
        lambda net: net.params(),
        lambda net: list(net.params()),
        lambda net: SGD(net.params(), 1).blocks,
    ):
        net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
        net.params().grad = g
        results.append((clip_gradients(pick(net), 0.5), net.params().grad.copy()))
    for norm, clipped in results:
        assert norm == pytest.approx(np.linalg.norm(g), rel=1e-12)
        assert_close(clipped, results[0][1], 1e-12)


@pytest.mark.parametrize(("dtype", "huge"), [(np.float32, 1e30), (np.float64, 1e200)])
def test_clipping_an_exploded_gradient_whose_square_overflows(dtype, huge):
    param = Param(np.array([3, -4], dtype), "w")
    param.grad = np.array([3 * huge, -4 * huge])
    assert clip_gradients([param], 1.0) == pytest.approx(5 * huge, rel=1e-5)
    np.testing.assert_allclose(param.grad, [0.6, -0.8], rtol=1e-5)


def test_clipping_zero_and_bad_gradients():
    params = Params([Param(np.ones(2), "w"), Param(np.ones(1), "b")])
    assert clip_gradients(params, 1.0) == 0.0
    params.grad = [3.0, 4.0, 0.0]
    for max_norm, error in [(0, ValueError), (-1.0, ValueError), (math.nan, ValueError), ("1", TypeError)]:
        with pytest.raises(error, match="max_norm"):
            clip_gradients(params, max_norm)
    with pytest.raises(TypeError, match=r"^clip_gradients: params"):
        clip_gradients(np.ones(2), 1.0)
    params.grad[2] = math.inf
    before = snapshot(params)
    with pytest.raises(ValueError, match="유한"):
        clip_gradients(params, 1.0)
    assert snapshot(params) == before
    assert params.grad[:2].tolist() == [3.0, 4.0]
