"""순환층: 정의에서 바로 적은 식과 autograd, 유한 차분, PyTorch에 대조하고, 자르기·채움·오류를 봐요."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DTYPES, assert_close, random_params, read_only, snapshot

from bplib import (
    GRU,
    RNN,
    Adam,
    Embedding,
    EveryStep,
    HalfSquaredError,
    LastStep,
    Linear,
    MeanOverTime,
    Sequential,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradients,
    fit,
)

RECURRENT = (RNN, GRU)
FLOAT_LAYERS = (RNN, GRU, LastStep, EveryStep, MeanOverTime)
shapes = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 3), st.integers(1, 4))


def make(kind, rng, n_in=3, n_out=4, **kwargs):
    """종류에 맞는 층. 편향까지 0이 아닌 값으로 채워요."""
    if kind in (LastStep, EveryStep, MeanOverTime):
        return kind()
    layer = kind(n_in, n_out, rng=rng, **kwargs)
    random_params(layer, rng)
    if kind is Embedding and layer.padding:
        layer.W.value[0] = 0
    return layer


# bplib을 보지 않고 정의에서 적은 식. cut(t)가 참이면 t걸음은 앞 상태를 상수로 봐요.
def oracle_states(kind, values, x, cut=lambda t: False):
    W, U, b = values[:3]
    h = U.shape[1]
    a = anp.zeros((x.shape[0], h))
    states = []
    for t in range(x.shape[1]):
        if cut(t):
            a = constant(a)
        drive = anp.dot(x[:, t], W.T) + b
        if kind is RNN:
            a = anp.tanh(drive + anp.dot(a, U.T))
        else:
            r = 1 / (1 + anp.exp(-(drive[:, :h] + anp.dot(a, U[:h].T))))
            u = 1 / (1 + anp.exp(-(drive[:, h : 2 * h] + anp.dot(a, U[h : 2 * h].T))))
            new = anp.tanh(drive[:, 2 * h :] + r * (anp.dot(a, U[2 * h :].T) + values[3]))
            a = u * a + (1 - u) * new
        states.append(a)
    return anp.stack(states, axis=1)


def constant(a):
    """autograd가 지나가지 못하는 같은 값."""
    while hasattr(a, "_value"):
        a = a._value
    return a


@settings(max_examples=40)
@given(shape=shapes, kind=st.sampled_from(RECURRENT), truncate=st.sampled_from([None, 1, 2, 3]))
def test_recurrent_layers_agree_with_autograd(shape, kind, truncate):
    """잘린 기울기도: 토막의 첫 상태를 상수로 보고 적은 식의 기울기와 같아요."""
    n, t, n_in, n_out = shape
    rng = np.random.default_rng(sum(shape))
    layer = make(kind, rng, n_in, n_out, truncate=truncate)
    x, delta = read_only(rng.standard_normal((n, t, n_in))), read_only(rng.standard_normal((n, t, n_out)))

    def total(values, x):
        cut = (lambda t: False) if truncate is None else (lambda t: t % truncate == 0)
        return anp.sum(delta * oracle_states(kind, values, x, cut))

    values = [param.value.copy() for param in layer.params()]
    assert_close(layer.forward(x), oracle_states(kind, values, x))
    assert_close(layer.backward(delta), grad(total, 1)(values, x))
    for param, expected in zip(layer.params(), grad(total, 0)(values, x), strict=True):
        assert_close(param.grad, expected)


@pytest.mark.parametrize("kind", RECURRENT)
def test_truncation_is_backpropagation_in_detached_blocks(kind, rng):
    """토막마다 따로, 앞 토막의 마지막 상태를 상수로 받은 신경망의 기울기를 더한 것과 같아요."""
    layer = make(kind, rng, truncate=3)
    x, delta = rng.standard_normal((2, 8, 3)), rng.standard_normal((2, 8, 4))
    states = layer.forward(x)
    layer.backward(delta)
    values = [param.value.copy() for param in layer.params()]
    sums = [np.zeros_like(value) for value in values]
    for start in (0, 3, 6):
        block = slice(start, start + 3)
        a0 = states[:, start - 1] if start else np.zeros((2, 4))

        def total(values, a0=a0, block=block):
            W, U = values[0], values[1]
            if kind is RNN:  # 앞 상태에서 오는 몫을 첫 걸음에만 더해요
                a, loss = a0, 0.0
                for t in range(*block.indices(8)):
                    a = anp.tanh(anp.dot(x[:, t], W.T) + values[2] + anp.dot(a, U.T))
                    loss = loss + anp.sum(delta[:, t] * a)
                return loss
            return anp.sum(delta[:, block] * gru_from(values, x[:, block], a0))

        sums = [s + g for s, g in zip(sums, grad(total)(values), strict=True)]
    for param, expected in zip(layer.params(), sums, strict=True):
        assert_close(param.grad, expected)


def gru_from(values, x, a):
    """상태 a에서 시작하는 GRU."""
    W, U, b, c = values
    h, states = U.shape[1], []
    for t in range(x.shape[1]):
        drive, recur = anp.dot(x[:, t], W.T) + b, anp.dot(a, U.T)
        r, u = (1 / (1 + anp.exp(-(drive + recur)[:, k * h : (k + 1) * h])) for k in (0, 1))
        new = anp.tanh(drive[:, 2 * h :] + r * (recur[:, 2 * h :] + c))
        a = u * a + (1 - u) * new
        states.append(a)
    return anp.stack(states, axis=1)


@pytest.mark.parametrize("kind", RECURRENT)
def test_long_truncation_is_no_truncation(kind, rng):
    layer, x, delta = make(kind, rng), rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 5, 4))
    layer.forward(x)
    layer.backward(delta)
    full = layer.params().grad.copy()
    for truncate, same in ((5, True), (4, False)):
        layer.truncate = truncate
        layer.forward(x)
        layer.backward(delta)
        assert np.allclose(layer.params().grad, full, rtol=1e-12) is same


@settings(max_examples=20)
@given(shape=shapes, kind=st.sampled_from(FLOAT_LAYERS))
def test_layers_in_a_network_agree_with_finite_differences(shape, kind):
    n, t, n_in, n_out = shape
    rng = np.random.default_rng(sum(shape))
    layer = make(kind, rng, n_in, n_out)
    width = n_in if layer.n_out is None else n_out
    last = [] if kind in (LastStep, EveryStep, MeanOverTime) else [LastStep()]
    net = Sequential(layer, *last, Linear(width, 2, rng=rng))
    rows = n * t if kind is EveryStep else n
    x, y = rng.standard_normal((n, t, n_in)), rng.standard_normal((rows, 2))
    errors = check_gradients(net, HalfSquaredError(), x, y, include_input=True)
    assert max(errors.values()) <= 1e-6


def test_two_recurrent_layers_and_every_step_agree_with_finite_differences(rng):
    net = Sequential(RNN(2, 3, rng=rng), GRU(3, 3, rng=rng), EveryStep(), Tanh(), Linear(3, 5, rng=rng))
    x, y = rng.standard_normal((3, 4, 2)), rng.integers(0, 5, 12)
    assert max(check_gradients(net, SoftmaxCrossEntropy(), x, y, include_input=True).values()) <= 1e-6


@pytest.mark.parametrize("kind", RECURRENT)
def test_pytorch_agrees(kind, rng):
    """같은 수를 넣으면 torch.nn.RNN, torch.nn.GRU와 출력도 기울기도 같아요."""
    import torch  # 이 시험에만 써요. 없는 파이썬에서도 나머지는 할 수 있게 여기서 불러요(quality/drift.py)

    layer = make(kind, rng)
    other = {RNN: torch.nn.RNN, GRU: torch.nn.GRU}[kind](3, 4, batch_first=True, dtype=torch.float64)
    bias = np.zeros(len(layer.b.value))
    if kind is GRU:
        bias[8:] = layer.c.value
    for name, value in zip(
        ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"),
        (layer.W.value, layer.U.value, layer.b.value, bias),
        strict=True,
    ):
        getattr(other, name).data = torch.tensor(value)
    x, delta = rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 5, 4))
    their_x = torch.tensor(x, requires_grad=True)
    their_states, _ = other(their_x)
    their_states.backward(torch.tensor(delta))
    assert_close(layer.forward(x), their_states.detach().numpy())
    assert_close(layer.backward(delta), their_x.grad.numpy())
    assert_close(layer.W.grad, other.weight_ih_l0.grad.numpy())
    assert_close(layer.U.grad, other.weight_hh_l0.grad.numpy())
    assert_close(layer.b.grad, other.bias_ih_l0.grad.numpy())
    if kind is GRU:
        assert_close(layer.c.grad, other.bias_hh_l0.grad.numpy()[8:])


@pytest.mark.parametrize("kind", RECURRENT)
@pytest.mark.parametrize("padding", [False, True])
def test_step_by_step_is_forward(kind, padding, rng):
    layer = make(kind, rng, padding=padding)
    x = rng.standard_normal((2, 5, 3))
    x[0, :2] = 0
    states = layer.forward(x)
    before = snapshot(layer)
    state = layer.start(2)
    for t in range(5):
        state = layer.step(read_only(x[:, t]), read_only(state))
        assert_close(state, states[:, t])
    assert snapshot(layer) == before


@pytest.mark.parametrize("n_out", [1, 2, 3])
def test_narrow_states_of_any_length_are_step_by_step(n_out, rng):
    """NumPy 2.4의 np.negative(g, out=g)는 64바이트마다 놓인 수에서 틀려요. 폭 1, 8걸음이면 게이트가 그렇게 놓여요."""
    for steps in range(1, 20):
        layer, x = GRU(3, n_out, rng=rng), rng.standard_normal((1, steps, 3))
        state = layer.start(1)
        for t in range(steps):
            state = layer.step(x[:, t], state)
        assert_close(layer.forward(x)[:, -1], state)


@settings(max_examples=30)
@given(
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    extra=st.integers(0, 3),
    kind=st.sampled_from((RNN, GRU, MeanOverTime)),
)
def test_left_padding_changes_nothing(lengths, extra, kind):
    """왼쪽을 0으로 채운 배치의 출력과 기울기는, 채우지 않은 문장을 하나씩 넣은 것과 같아요."""
    rng = np.random.default_rng(sum(lengths) * 10 + extra)
    embedding = make(Embedding, rng, 6, 3, padding=True)
    layers = [MeanOverTime(padding=True)]
    if kind is not MeanOverTime:
        layers = [make(kind, rng, 3, 3, padding=True), LastStep()]
    net = Sequential(embedding, *layers, Linear(3, 2, rng=rng))
    sentences = [rng.integers(1, 6, length) for length in lengths]
    delta = rng.standard_normal((len(lengths), 2))
    sums, outputs = 0.0, []
    for sentence, row in zip(sentences, delta, strict=True):
        outputs.append(net.forward(sentence[None]))
        net.backward(row[None])
        sums = sums + net.params().grad
    width = max(lengths) + extra
    padded = np.array([np.pad(sentence, (width - len(sentence), 0)) for sentence in sentences])
    assert_close(net.forward(padded), np.concatenate(outputs))
    net.backward(delta)
    assert_close(net.params().grad, sums)
    assert not embedding.W.grad[0].any()
    assert not embedding.W.value[0].any()


@pytest.mark.parametrize("kind", [RNN, GRU, MeanOverTime])
def test_padding_anywhere_is_as_if_the_step_were_not_there(kind, rng):
    """가운데와 오른쪽의 0번도: 상태가 그대로 지나가고, 기울기도 그대로 지나가요."""
    layers = [MeanOverTime(padding=True)]
    if kind is not MeanOverTime:
        layers = [make(kind, rng, 3, 3, padding=True), LastStep()]
    net = Sequential(make(Embedding, rng, 6, 3, padding=True), *layers, Linear(3, 2, rng=rng))
    delta = rng.standard_normal((1, 2))
    out = net.forward(np.array([[1, 4, 2]]))
    net.backward(delta)
    grad_all = net.params().grad.copy()
    assert_close(net.forward(np.array([[1, 0, 0, 4, 2, 0]])), out)
    net.backward(delta)
    assert_close(net.params().grad, grad_all)


@pytest.mark.parametrize("kind", RECURRENT)
def test_without_padding_a_zero_vector_is_an_ordinary_step(kind, rng):
    layer, x = make(kind, rng), np.zeros((1, 2, 3))
    states = layer.forward(x)
    assert states[0, 0].any()
    assert (states[0, 0] != states[0, 1]).any()
    assert MeanOverTime().forward(np.array([[[0.0], [3.0]]])).item() == 1.5
    assert MeanOverTime(padding=True).forward(np.array([[[0.0], [3.0]]])).item() == 3.0
    assert MeanOverTime(padding=True).forward(np.zeros((1, 2, 1))).item() == 0.0


@given(n=st.integers(1, 4), t=st.integers(1, 5), padding=st.booleans(), dtype=st.sampled_from(DTYPES))
@settings(max_examples=30)
def test_embedding_is_a_one_hot_product(n, t, padding, dtype):
    rng = np.random.default_rng(n * 10 + t)
    layer = make(Embedding, rng, 4, 3, padding=padding, dtype=dtype)
    words = read_only(rng.integers(0, 4, (n, t)))
    delta = read_only(rng.standard_normal((n, t, 3)).astype(dtype))
    one_hot = np.eye(4, dtype=dtype)[words]
    vectors = layer.forward(words)
    layer.W.grad[...] = 99
    layer.param_grads(delta)
    expected = np.einsum("ntw,nth->wh", one_hot, delta)
    if padding:
        expected[0] = 0
    assert (vectors == one_hot @ layer.W.value).all()
    assert_close(layer.W.grad, expected, 1e-10 if dtype is np.float64 else 1e-5)
    assert vectors.dtype == layer.W.grad.dtype == dtype


@pytest.mark.parametrize("kind", [RNN, GRU, MeanOverTime])
def test_from_words_to_loss_agrees_with_finite_differences(kind, rng):
    layers = (
        [MeanOverTime(padding=True)]
        if kind is MeanOverTime
        else [kind(3, 3, rng=rng, padding=True), LastStep()]
    )
    net = Sequential(Embedding(6, 3, rng=rng), *layers, Linear(3, 2, rng=rng))
    words = read_only(np.array([[1, 2, 2, 5], [3, 1, 4, 4]]))
    errors = check_gradients(net, SoftmaxCrossEntropy(), words, np.array([0, 1]))
    assert max(errors.values()) <= 1e-6


def test_embedding_starts_from_the_standard_normal_and_learns_every_word(rng):
    layer = Embedding(3000, 4, rng=rng)
    assert layer.W.value.std() == pytest.approx(1, abs=0.02)
    layer.forward(np.zeros((1, 1), int))
    layer.param_grads(np.ones((1, 1, 4)))
    assert layer.W.grad[0].tolist() == [1, 1, 1, 1]  # padding을 켜지 않으면 0번도 배워요


def test_names_of_the_parameters(rng):
    names = {kind: [param.name for param in make(kind, rng).params()] for kind in (Embedding, RNN, GRU)}
    assert names == {Embedding: ["W"], RNN: ["W", "U", "b"], GRU: ["W", "U", "b", "c"]}


def test_embedding_has_no_input_gradient(rng):
    layer = Embedding(4, 2, rng=rng)
    layer.forward(np.zeros((1, 1), int))
    with pytest.raises(TypeError, match="첫 층"):
        layer.backward(np.ones((1, 1, 2)))


def test_padding_word_stays_zero_while_the_rest_learns(rng):
    net = Sequential(
        Embedding(5, 4, rng=rng, padding=True), MeanOverTime(padding=True), Linear(4, 2, rng=rng)
    )
    words = np.array([[0, 1, 2], [0, 0, 3], [4, 1, 3], [0, 2, 2]])
    history = fit(
        net,
        SoftmaxCrossEntropy(),
        Adam(net.params(), 0.05),
        words,
        np.array([0, 1, 1, 0]),
        epochs=60,
        progress=False,
    )
    assert history.train_loss[-1] < 0.1 * history.train_loss[0]
    assert not net[0].W.value[0].any()


@pytest.mark.parametrize("kind", RECURRENT)
def test_a_recurrent_network_remembers_its_first_word(kind):
    """첫 단어만 정답을 정해요. 기울기가 시간을 거슬러 가지 못하면 배울 수 없어요."""
    rng = np.random.default_rng(3)
    words = rng.integers(0, 4, (64, 6))
    net = Sequential(Embedding(4, 8, rng=rng), kind(8, 16, rng=rng), LastStep(), Linear(16, 4, rng=rng))
    opt, loss = Adam(net.params(), 0.01), SoftmaxCrossEntropy()
    history = fit(net, loss, opt, words, words[:, 0], epochs=150, progress=False)
    assert history.train_loss[-1] < 0.05


@pytest.mark.parametrize("kind", [Embedding, *FLOAT_LAYERS])
@pytest.mark.parametrize("padding", [False, True])
def test_float32_stays_float32(kind, padding, rng):
    kwargs = {"padding": padding} if kind in (Embedding, RNN, GRU) else {}
    if kind in (Embedding, RNN, GRU):
        kwargs["dtype"] = np.float32
    layer = MeanOverTime(padding) if kind is MeanOverTime else make(kind, rng, **kwargs)
    x = read_only(rng.standard_normal((2, 5, 3)).astype(np.float32))
    out = layer.forward(rng.integers(0, 3, (2, 5)) if kind is Embedding else x)
    delta = read_only(np.ones_like(out))
    arrays = [out]
    if kind is Embedding:
        layer.param_grads(delta)
    else:
        arrays.append(layer.backward(delta))
    for param in layer.params():
        arrays += [param.value, param.grad]
    arrays += [v for v in vars(layer).values() if isinstance(v, np.ndarray) and v.dtype.kind == "f"]
    if kind in RECURRENT:
        arrays += [layer.start(1), layer.step(x[:, 0], layer.start(2))]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", FLOAT_LAYERS)
def test_outputs_are_kept_and_gradients_overwritten(kind, rng):
    layer, x = make(kind, rng), rng.standard_normal((2, 5, 3))
    out = layer.forward(x)
    kept = out.copy()
    layer.backward(np.ones_like(out))
    once = layer.params().grad.copy()
    layer.params().grad = np.full(layer.params().size, 99.0)
    layer.param_grads(np.ones_like(out))
    assert (layer.params().grad == once).all()
    layer.forward(x + 1)
    assert (out == kept).all()


@pytest.mark.parametrize("kind", [Embedding, RNN, GRU])
@pytest.mark.parametrize(
    ("kwargs", "error", "words"),
    [
        ({"n_out": 0}, ValueError, "n_out"),
        ({"n_out": 2.5}, TypeError, "n_out"),
        ({"rng": 0}, TypeError, "rng"),
        ({"dtype": int}, TypeError, "dtype"),
    ],
)
def test_bad_arguments(kind, kwargs, error, words, rng):
    first = "n_words" if kind is Embedding else "n_in"
    with pytest.raises(error, match=f"{kind.__name__}: .*{words}"):
        kind(**{first: 2, "n_out": 3, "rng": rng, **kwargs})
    with pytest.raises(ValueError, match=f"^{kind.__name__}: {first}"):
        kind(**{first: 0, "n_out": 3, "rng": rng})


def test_bad_arguments_of_one_kind(rng):
    for kind in RECURRENT:
        with pytest.raises(ValueError, match=f"^{kind.__name__}: truncate"):
            kind(2, 3, rng=rng, truncate=0)
        with pytest.raises(TypeError, match=f"^{kind.__name__}: truncate"):
            kind(2, 3, rng=rng, truncate=1.5)
        with pytest.raises(TypeError, match=f"^{kind.__name__}: padding"):
            kind(2, 3, rng=rng, padding="False")
    with pytest.raises(TypeError, match=r"^Embedding.*init의 형"):
        Embedding(2, 3, rng=rng, init="normal")
    with pytest.raises(ValueError, match="init"):
        Embedding(4, 2, rng=rng, init=lambda n_out, n_in, rng: np.zeros((n_in, n_out)))


@pytest.mark.parametrize(
    ("words", "error", "text"),
    [
        (np.array([[0, 4]]), ValueError, r"0 … 3, 받음: 0 … 4"),
        (np.array([[-1, 2]]), ValueError, "번호의 값"),
        (np.array([0, 1]), ValueError, r"\(n, t\)"),
        (np.zeros((2, 0), int), ValueError, "모양"),
        (np.zeros((2, 2)), TypeError, "정수"),
        (np.zeros((2, 2), bool), TypeError, "정수"),
        ([[0, 1]], TypeError, "정수"),
    ],
)
def test_bad_words_change_nothing(words, error, text, rng):
    layer = Embedding(4, 2, rng=rng)
    layer.forward(np.array([[0, 3]]))
    before = snapshot(layer)
    with pytest.raises(error, match=text) as caught:
        layer.forward(words)
    assert "Embedding(4 → 2)" in str(caught.value)
    assert snapshot(layer) == before


@pytest.mark.parametrize("kind", FLOAT_LAYERS)
@pytest.mark.parametrize(
    ("x", "error"),
    [
        (np.ones((4, 3)), ValueError),
        (np.ones((4, 0, 3)), ValueError),
        (np.ones((4, 2, 3), int), TypeError),
        ([[[1.0, 2.0, 3.0]]], TypeError),
    ],
)
def test_bad_input_names_the_layer_and_changes_nothing(kind, x, error, rng):
    layer = make(kind, rng)
    layer.forward(np.ones((2, 2, 3)))
    before = snapshot(layer)
    with pytest.raises(error, match=kind.__name__):
        layer.forward(x)
    assert snapshot(layer) == before


@pytest.mark.parametrize("kind", RECURRENT)
@pytest.mark.parametrize(
    ("x", "error"),
    [
        (np.ones((2, 3)), ValueError),
        (np.ones((2, 5, 4)), ValueError),
        (np.ones((2, 5, 3), np.float32), TypeError),
        (np.full((2, 5, 3), np.nan), ValueError),
    ],
)
def test_a_network_that_starts_with_steps_checks_them(kind, x, error, rng):
    net = Sequential(make(kind, rng), LastStep())
    net.forward(np.ones((2, 5, 3)))
    before = snapshot(net)
    with pytest.raises(error, match="입력 x"):
        net.forward(x)
    assert snapshot(net) == before


@pytest.mark.parametrize("kind", RECURRENT)
def test_bad_width_and_dtype_and_state(kind, rng):
    layer = make(kind, rng)
    before = snapshot(layer)
    for x, error in ((np.ones((2, 2, 4)), ValueError), (np.ones((2, 2, 3), np.float32), TypeError)):
        with pytest.raises(error, match=f"{kind.__name__}.*입력 x"):
            layer.forward(x)
        with pytest.raises(error, match=f"{kind.__name__}.*입력 x"):
            layer.step(x[:, 0], layer.start(2))
    with pytest.raises(ValueError, match=f"{kind.__name__}.*상태"):
        layer.step(np.ones((2, 3)), np.zeros((1, 4)))
    with pytest.raises(TypeError, match=f"{kind.__name__}.*상태"):
        layer.step(np.ones((2, 3)), np.zeros((2, 4), np.float32))
    with pytest.raises(ValueError, match=f"{kind.__name__}.*n의"):
        layer.start(0)
    for n in (2**36, 2**40):  # 2³⁶ × 4는 한 배열에 담지 않아요
        with pytest.raises(ValueError, match=f"^{kind.__name__}.*크기가"):
            layer.start(n)
    assert snapshot(layer) == before


@pytest.mark.parametrize("kind", [Embedding, *FLOAT_LAYERS])
def test_bad_delta_and_backward_before_forward_change_nothing(kind, rng):
    layer = make(kind, rng)
    before = snapshot(layer)
    with pytest.raises(RuntimeError, match=f"{kind.__name__}.*forward"):
        layer.param_grads(np.ones((2, 5, 4)))
    assert snapshot(layer) == before
    out = layer.forward(np.ones((2, 5), int) if kind is Embedding else rng.standard_normal((2, 5, 3)))
    before = snapshot(layer)
    bad = [(np.concatenate([out, out]), ValueError), (out.astype(np.float32), TypeError)]
    bad += [(out[..., :-1], ValueError), (out[None], ValueError)]
    for delta, error in bad:
        with pytest.raises(error, match=kind.__name__):
            layer.param_grads(delta)
    assert snapshot(layer) == before


def test_repr(rng):
    assert repr(Embedding(4, 2, rng=rng)) == "Embedding(4 → 2)"
    assert repr(RNN(4, 2, rng=rng)) == "RNN(4 → 2)"
    assert repr(GRU(4, 2, rng=rng, truncate=8)) == "GRU(4 → 2, 8걸음씩)"
    assert repr(LastStep()) == "LastStep()"
