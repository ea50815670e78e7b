"""쪽의 계산기(book/engine.js)가 bplib의 거울인지: 실제 브라우저에서 같은 신경망을 배우게 하고 수를 견줘요."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page
from scripts import ROOT

import bplib

CLOSE = 1e-12  # 손실과 배우는 수의 차이. 수가 1보다 크면 그만큼 곱해요
ACTIVATIONS = ["Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Identity"]
LOSSES = ["HalfSquaredError", "MeanSquaredError", "BinaryCrossEntropy", "SoftmaxCrossEntropy"]
OPTIMIZERS: list[dict[str, Any]] = [
    {"name": "SGD", "lr": 0.05},
    {"name": "SGD", "lr": 0.02, "momentum": 0.9},
    {"name": "SGD", "lr": 0.02, "momentum": 0.8, "nesterov": True},
    {"name": "Adam", "lr": 0.01, "betas": [0.9, 0.99]},
]
COUNT, SHORT, LONG = 200, 40, 1000  # 신경망의 수, 걸음의 수, 열에 하나의 걸음의 수
# 신경망마다 걸음마다의 손실과 마지막 수, 그리고 처음 걸음의 기울기
RUN = """cases => cases.map(({spec, start, x, y, n, steps}) => {
    const net = new Engine.Network(spec);
    const [inputs, targets] = [Float64Array.from(x), Float64Array.from(y)];
    net.layers.forEach((layer, l) => { layer.W.set(start[l][0]); layer.b.set(start[l][1]); });
    const losses = [net.step(inputs, targets, n)];
    const first = net.layers.flatMap(layer => [...layer.gradW, ...layer.gradB]);
    while (losses.length < steps) losses.push(net.step(inputs, targets, n));
    return {losses, first, last: net.layers.flatMap(layer => [...layer.W, ...layer.b])};
})"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """계산기만 실은 빈 쪽."""
    page = browser.new_page()
    page.add_script_tag(path=ROOT / "book" / "engine.js")
    yield page
    page.close()


def draw(number: int) -> dict[str, Any]:
    """number번 신경망과 자료. 층, 활성화, 손실, 최적화, L2를 아무렇게나 골라요."""
    rng = np.random.default_rng(number)
    sizes = [int(k) for k in rng.integers(1, 9, rng.integers(2, 6))]
    loss = LOSSES[number % 4]
    if loss == "SoftmaxCrossEntropy":
        sizes[-1] += 1
    n = int(rng.integers(1, 25))
    y = rng.uniform(0, 1, (n, sizes[-1]))
    if loss == "SoftmaxCrossEntropy":
        y /= y.sum(axis=1, keepdims=True)
    spec = {
        "sizes": sizes,
        "activation": ACTIVATIONS[number % 5],
        "output": "Identity" if number % 4 >= 2 else str(rng.choice(ACTIVATIONS)),
        "leak": 0.1,
        "loss": loss,
        "optimizer": OPTIMIZERS[number // 5 % 4],
        "l2": float(rng.choice([0.0, 0.01])),
    }
    steps = LONG if number % 10 == 0 else SHORT
    return {"spec": spec, "x": rng.normal(size=(n, sizes[0])), "y": y, "n": n, "steps": steps, "rng": rng}


def activation(spec: dict[str, Any], name: str) -> bplib.Layer:
    return bplib.LeakyReLU(spec["leak"]) if name == "LeakyReLU" else getattr(bplib, name)()


def twin(case: dict[str, Any]) -> bplib.Sequential:
    """같은 모양의 bplib 신경망. 처음 수는 여기에서 정해 두 쪽에 똑같이 넣어요."""
    spec, layers = case["spec"], []
    for l, (n_in, n_out) in enumerate(zip(spec["sizes"], spec["sizes"][1:], strict=False), 1):
        name = spec["output"] if l == len(spec["sizes"]) - 1 else spec["activation"]
        layers += [bplib.Linear(n_in, n_out, rng=case["rng"], init=bplib.xavier), activation(spec, name)]
    return bplib.Sequential(*layers)


def optimizer(net: bplib.Sequential, spec: dict[str, Any]) -> bplib.optim.Optimizer:
    options = {**spec["optimizer"]}
    return getattr(bplib, options.pop("name"))(net.params(), **options)


def one_step(net: bplib.Sequential, loss: Any, opt: Any, x: Any, y: Any, l2: float) -> float:
    """bplib의 한 걸음. L2는 손실에 ½ λ ΣW², 기울기에 λ W예요."""
    weights = [net[k].W for k in range(0, len(net), 2)]
    E = loss.forward(net.forward(x), y) + 0.5 * l2 * sum(float((W.value**2).sum()) for W in weights)
    net.backward(loss.backward())
    for W in weights:
        W.grad += l2 * W.value
    opt.step()
    return E


def far(ours: Any, theirs: Any) -> float:
    """가장 크게 다른 만큼."""
    a, b = np.asarray(ours), np.asarray(theirs)
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(a))))


def shipped(case: dict[str, Any], net: bplib.Sequential) -> dict[str, Any]:
    """쪽에 보내는 것."""
    pairs = [[net[k].W.value.ravel().tolist(), net[k].b.value.tolist()] for k in range(0, len(net), 2)]
    sent = {key: case[key] for key in ("spec", "n", "steps")}
    return {**sent, "start": pairs, "x": case["x"].ravel().tolist(), "y": case["y"].ravel().tolist()}


def test_the_page_is_the_mirror_of_bplib(page: Page) -> None:
    cases = [draw(number) for number in range(COUNT)]
    nets = [twin(case) for case in cases]
    answers = page.evaluate(RUN, [shipped(case, net) for case, net in zip(cases, nets, strict=True)])
    for number, (case, net, answer) in enumerate(zip(cases, nets, answers, strict=True)):
        spec = case["spec"]
        loss, opt = getattr(bplib, spec["loss"])(), optimizer(net, spec)
        losses = [one_step(net, loss, opt, case["x"], case["y"], spec["l2"])]
        grads = np.concatenate([param.grad.ravel() for param in net.params()])
        losses += [
            one_step(net, loss, opt, case["x"], case["y"], spec["l2"]) for _ in range(case["steps"] - 1)
        ]
        assert far(grads, answer["first"]) <= CLOSE, f"{number}번 {spec}: 첫 기울기"
        assert far(losses, answer["losses"]) <= CLOSE, f"{number}번 {spec}: 손실"
        assert far(net.params().value, answer["last"]) <= CLOSE, f"{number}번 {spec}: 마지막 수"


def test_minibatches(page: Page) -> None:
    """한 에폭의 차례를 쪽에서 받아 bplib도 같은 미니배치로 걸어요. 마지막 미니배치는 작아요."""
    case = draw(1)
    case["n"], epochs, batch = 23, 5, 5
    case["x"], case["y"] = case["rng"].normal(size=(23, case["spec"]["sizes"][0])), np.zeros((23, 1))
    case["spec"]["sizes"][-1], case["spec"]["l2"] = 1, 0.0
    net = twin(case)
    script = """({spec, start, x, y, n, epochs, batch}) => {
        const net = new Engine.Network(spec);
        net.layers.forEach((layer, l) => { layer.W.set(start[l][0]); layer.b.set(start[l][1]); });
        const again = Engine.generator(7), [inputs, targets] = [Float64Array.from(x), Float64Array.from(y)];
        net.rng = Engine.generator(7);
        const run = [];
        for (let e = 0; e < epochs; e++)
            run.push([Engine.shuffled(n, again), net.epoch(inputs, targets, n, batch)]);
        return run;
    }"""
    answer = page.evaluate(script, {**shipped(case, net), "epochs": epochs, "batch": batch})
    loss, opt = getattr(bplib, case["spec"]["loss"])(), optimizer(net, case["spec"])
    for order, theirs in answer:
        assert sorted(order) == list(range(23))
        rows = [order[start : start + batch] for start in range(0, 23, batch)]
        total = sum(one_step(net, loss, opt, case["x"][r], case["y"][r], 0.0) * len(r) for r in rows)
        assert far(total / 23, theirs) <= CLOSE
    assert len({tuple(order) for order, _ in answer}) == epochs, "에폭마다 차례가 달라야 해요"


def test_nudged_gradients_agree(page: Page) -> None:
    """쪽에서 움직여 잰 기울기가 쪽의 역전파와 같아요. 재고 나면 수는 그대로예요."""
    script = """({spec, start, x, y, n}) => {
        const net = new Engine.Network({...spec, activation: "Tanh", output: "Sigmoid"});
        const [inputs, targets] = [Float64Array.from(x), Float64Array.from(y)];
        net.layers.forEach((layer, l) => { layer.W.set(start[l][0]); layer.b.set(start[l][1]); });
        net.forward(inputs, n); net.loss(targets, n); net.backward(n);
        const before = JSON.stringify(net.layers.map(({W, b}) => [...W, ...b]));
        let worst = 0;
        for (const {W, b, gradW, gradB} of net.layers)
            for (const [numbers, grads] of [[W, gradW], [b, gradB]])
                numbers.forEach((_, i) => {
                    const nudged = net.nudge(numbers, i, inputs, targets, n);
                    worst = Math.max(worst, Math.abs(nudged - grads[i]) / Math.max(1e-3, Math.abs(grads[i])));
                });
        return [worst, before === JSON.stringify(net.layers.map(({W, b}) => [...W, ...b]))];
    }"""
    for number in (0, 4, 8, 12):
        case = draw(number)
        worst, same = page.evaluate(script, shipped(case, twin(case)))
        assert worst <= 1e-6
        assert same


def test_seeded_starts(page: Page) -> None:
    """같은 씨앗은 같은 수, 다른 씨앗은 다른 수. 퍼진 정도는 bplib의 초기화와 같아요."""
    script = """([init, seed, std]) => {
        const spec = {sizes: [50, 40, 3], init, seed, std, loss: "MeanSquaredError", optimizer: {name: "SGD", lr: 1}};
        const {W, b} = new Engine.Network(spec).layers[0];
        return [[...W], [...b]];
    }"""
    spread = {"zeros": 0.0, "normal": 0.3, "xavier": np.sqrt(2 / 90), "he": np.sqrt(2 / 50)}
    for init, std in spread.items():
        W, b = page.evaluate(script, [init, 3, 0.3])
        assert not any(b)
        assert page.evaluate(script, [init, 3, 0.3]) == [W, b]
        assert (page.evaluate(script, [init, 4, 0.3])[0] != W) == (init != "zeros")
        assert abs(np.std(W) - std) <= 0.05 * std  # 2,000개의 표준편차는 1.6 %쯤 흔들려요
        assert abs(np.mean(W)) <= 3 * std / np.sqrt(2000)


GOOD = {"sizes": [2, 3, 1], "loss": "MeanSquaredError", "optimizer": {"name": "SGD", "lr": 0.1}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sizes": [2]}, "층의 크기가 맞지 않아요. 기대: 1 이상의 정수 둘 이상, 받음: [2]"),
        ({"sizes": [2, 0, 1]}, "층의 크기가"),
        ({"sizes": "2,3"}, "층의 크기가"),
        ({"activation": "Relu"}, "활성화 함수가 맞지 않아요. 기대: Sigmoid, Tanh, ReLU, LeakyReLU, Identity"),
        ({"output": "toString"}, "출력층의 활성화 함수가"),
        ({"loss": "L1"}, "손실이"),
        ({"init": "best"}, "초기화가"),
        ({"std": -1}, "초기화의 표준편차가"),
        ({"leak": 1}, "LeakyReLU의 기울기가"),
        ({"l2": -0.1}, "L2의 λ가"),
        ({"seed": 0.5}, "씨앗이"),
        ({"optimizer": {"name": "Adagrad", "lr": 0.1}}, "최적화가"),
        ({"optimizer": {"name": "SGD"}}, "학습률 η가"),
        ({"optimizer": {"name": "SGD", "lr": 0}}, "학습률 η가 맞지 않아요. 기대: 0보다 크고"),
        ({"optimizer": {"name": "SGD", "lr": 0.1, "momentum": 1}}, "모멘텀 μ가"),
        ({"optimizer": {"name": "SGD", "lr": 0.1, "nesterov": True}}, "모멘텀 μ가"),
        ({"optimizer": {"name": "Adam", "lr": 0.1, "betas": [0.9, 1]}}, "β가"),
        ({"optimizer": {"name": "Adam", "lr": 0.1, "eps": 0}}, "ε이"),
    ],
)
def test_a_broken_network_is_told_in_korean(page: Page, change: dict[str, Any], said: str) -> None:
    with pytest.raises(Error, match="신경망: ") as caught:
        page.evaluate("spec => { new Engine.Network(spec); }", {**GOOD, **change})
    assert said in str(caught.value)


def test_divergence_stops_the_step(page: Page) -> None:
    """손실이 유한하지 않으면 그 값을 알리고 수를 고치지 않아요."""
    script = """spec => {
        const net = new Engine.Network(spec);
        net.layers[0].W.fill(1e200);
        const before = [...net.layers[1].W];
        const E = net.step(new Float64Array([1, 2]), new Float64Array([0]), 1);
        return [Number.isFinite(E), JSON.stringify(before) === JSON.stringify([...net.layers[1].W])];
    }"""
    assert page.evaluate(script, {**GOOD, "activation": "Identity"}) == [False, True]
