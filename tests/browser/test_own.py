"""내 입력: 배운 신경망의 거울(book/forward.js)이 bplib과 같은지, 그리고 쪽과 커널에서 정말 움직이는지."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page
from scripts import ROOT, load_script

import bplib
from bplib.lab import nets

CLOSE = 1e-9
DRAWS = 20  # 층마다 아무렇게나 지어 볼 신경망의 수
RUN = """({layers, weights, x, shape, delta}) => {
    const net = new Forward.Network({layers, weights});
    const y = net.forward(x, shape);
    return [[...y], delta && [...net.backward(delta)]];
}"""

LOADED = """async ({name, x, shape, delta}) => {
    const net = await Forward.load(name);
    const y = net.forward(x, shape);
    return [[...y], delta && [...net.backward(delta)]];
}"""
# 배운 신경망마다 아무 입력 하나(표본 하나). 새 신경망은 여기에 한 줄을 더해요
INPUTS: dict[str, Callable[[np.random.Generator], Any]] = {
    **dict.fromkeys(["digits", "digits_plain"], lambda rng: np.maximum(rng.normal(size=(1, 1, 8, 8)), 0)),
    "sentence": lambda rng: rng.integers(1, nets.trained("sentence")[0].n_words, (1, 25)),
    **dict.fromkeys(("tune", "tune-1", "tune-60"), lambda rng: rng.integers(0, 22, (1, 30))),
}
WITH_GRADIENT = {"digits", "digits_plain"}  # 쪽이 입력의 기울기도 보이는 신경망


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """거울만 실은 빈 쪽."""
    page = browser.new_page()
    for name in ("engine", "forward"):
        page.add_script_tag(path=ROOT / "book" / f"{name}.js")
    yield page
    page.close()


def count(rng: np.random.Generator, most: int) -> int:
    return int(rng.integers(1, most + 1))


def image_net(rng: np.random.Generator) -> tuple[list[bplib.Layer], tuple[int, ...]]:
    """합성곱, 풀링, 펴기, 선형층. 크기와 걸음과 둘레의 0을 아무렇게나 골라요."""
    c, o, size, h, w = (count(rng, most) for most in (3, 4, 3, 5, 5))
    conv = bplib.Conv2d(
        c, o, size, rng=rng, padding=int(rng.integers(0, 3)), stride=count(rng, 2), init=bplib.normal(1.0)
    )
    shape = (c, h + 5, w + 5)
    layers = [conv, *some_activation(rng), bplib.MaxPool2d(count(rng, 2)), bplib.Flatten()]
    return [*layers, bplib.Linear(outputs(layers, np.zeros((1, *shape))), 4, rng=rng)], shape


def outputs(layers: list[bplib.Layer], x: Any) -> int:
    for layer in layers:
        x = layer.forward(x)
    return int(x.shape[1])


def some_activation(rng: np.random.Generator) -> list[bplib.Layer]:
    kinds = [bplib.ReLU(), bplib.Tanh(), bplib.Sigmoid(), bplib.LeakyReLU(0.1), bplib.Identity()]
    return [kinds[int(rng.integers(len(kinds)))]]


def word_net(rng: np.random.Generator, end: str) -> tuple[list[bplib.Layer], tuple[int, ...]]:
    """번호를 받아 임베딩, (GRU), 모으기, 선형층. padding이면 0번이 섞여 있어요."""
    words, k, h, padding = count(rng, 9) + 1, count(rng, 5), count(rng, 5), bool(rng.integers(2))
    layers: list[bplib.Layer] = [bplib.Embedding(words, k, rng=rng, padding=padding)]
    if end != "mean":
        layers.append(bplib.GRU(k, h, rng=rng, padding=padding))
    last = {"mean": bplib.MeanOverTime(padding), "last": bplib.LastStep(), "every": bplib.EveryStep()}[end]
    return [*layers, last, bplib.Linear(k if end == "mean" else h, 3, rng=rng)], (words,)


def filled(layers: list[bplib.Layer], rng: np.random.Generator) -> bplib.Sequential:
    """편향까지 모두 아무 수로 채운 신경망. 0번 단어는 0 벡터로 남겨요."""
    net = bplib.Sequential(*layers)
    net.params().value = rng.normal(size=net.params().size)
    if isinstance(net[0], bplib.Embedding) and net[0].padding:
        net[0].W.value[0] = 0
    return net


def sent(net: bplib.Sequential, **more: Any) -> dict[str, Any]:
    return {"layers": nets.spec(net), "weights": net.params().value.tolist(), **more}


def far(ours: Any, theirs: Any) -> float:
    a = np.ravel(ours)
    assert len(a) == len(theirs)
    return float(np.max(np.abs(a - theirs) / np.maximum(1, np.abs(a))))


def check_images(page: Page, net: bplib.Sequential, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    """출력과, 아무 δ의 입력에 대한 기울기. 풀링의 칸이 비기도 하게 0이 섞인 그림을 넣어요."""
    x = np.maximum(rng.normal(size=(1, *shape)), 0)
    y = net.forward(x)
    delta = rng.normal(size=y.shape)
    grad = net.backward(delta, input_grad=True)
    answer = page.evaluate(RUN, sent(net, x=x.ravel().tolist(), shape=[*shape], delta=delta.ravel().tolist()))
    assert far(y, answer[0]) <= CLOSE, "출력"
    assert far(grad, answer[1]) <= CLOSE, "기울기"


def check_words(page: Page, net: bplib.Sequential, words: int, rng: np.random.Generator) -> None:
    ids = rng.integers(0, words, (1, count(rng, 12)))
    ids[0, : int(rng.integers(0, 3))] = 0
    answer = page.evaluate(RUN, sent(net, x=ids[0].tolist(), shape=[ids.shape[1]]))
    assert far(net.forward(ids), answer[0]) <= CLOSE


@pytest.mark.parametrize("number", range(DRAWS))
def test_image_layers(page: Page, number: int) -> None:
    rng = np.random.default_rng(number)
    layers, shape = image_net(rng)
    check_images(page, filled(layers, rng), shape, rng)


@pytest.mark.parametrize("end", ["mean", "last", "every"])
@pytest.mark.parametrize("number", range(DRAWS))
def test_word_layers(page: Page, number: int, end: str) -> None:
    rng = np.random.default_rng(number)
    layers, (words,) = word_net(rng, end)
    check_words(page, filled(layers, rng), words, rng)


@pytest.mark.parametrize("name", list(nets.NETS))
def test_the_trained_nets(page: Page, name: str) -> None:
    """쪽에 실리는 파일 그대로를 읽은 신경망이 bplib의 것과 같은 답을 내는지."""
    page.evaluate(load_script("book/labnets.py").net_js(name) + "0")
    rng, net = np.random.default_rng(0), nets.trained(name)
    for _ in range(DRAWS):
        x = INPUTS[name](rng)
        y = net.forward(x)
        delta = rng.normal(size=y.shape) if name in WITH_GRADIENT else None
        given = {"x": x.ravel().tolist(), "shape": [*x.shape[1:]]}
        answer = page.evaluate(
            LOADED, {"name": name, **given, "delta": None if delta is None else delta.ravel().tolist()}
        )
        assert far(y, answer[0]) <= CLOSE, "출력"
        if delta is not None:
            assert far(net.backward(delta, input_grad=True), answer[1]) <= CLOSE, "기울기"


def test_softmax(page: Page) -> None:
    z = np.array([800.0, 799.0, -5.0])
    p = page.evaluate("z => [...Forward.softmax(z, 2)]", z.tolist())
    wanted = np.exp((z - z.max()) / 2)
    assert far(wanted / wanted.sum(), p) <= CLOSE


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "new Forward.Network({layers: [{type: 'toString'}], weights: []})",
            "층이 맞지 않아요. 기대: Linear",
        ),
        (
            "new Forward.Network({layers: [], weights: [1]})",
            "배우는 수의 개수가 맞지 않아요. 기대: 0, 받음: 1",
        ),
        (
            "new Forward.Network({layers: [{type: 'Linear', n_in: 1, n_out: 1}], weights: [1]})",
            "배우는 수의 개수가",
        ),
        ("new Forward.Network({layers: [], weights: []}).forward([1, 2], [3])", "입력의 개수가 맞지 않아요"),
        (
            "new Forward.Network({layers: [{type: 'Embedding', n_words: 2, n_out: 1}], weights: [1, 2]})"
            ".forward([2])",
            "번호가 맞지 않아요. 기대: 0 … 1, 받음: 2",
        ),
    ],
)
def test_a_wrong_network_is_told_in_korean(page: Page, script: str, said: str) -> None:
    with pytest.raises(Error, match="배운 신경망: ") as caught:
        page.evaluate(f"() => {{ {script}; }}")
    assert said in str(caught.value)
