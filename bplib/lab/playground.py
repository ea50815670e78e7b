"""자유 실험실: 작은 신경망을 지어 배우게 해요. 커널에서는 bplib이, 쪽에서는 그 거울(book/engine.js)이 계산해요."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bplib import SGD, Adam, BinaryCrossEntropy, DivergenceError, Linear, Sequential, datasets, fit, sigmoid
from bplib._checks import Array, check_count, check_list, check_number, check_type, report
from bplib.activations import Activation, LeakyReLU, ReLU, Sigmoid, Tanh
from bplib.lab import plots
from bplib.lab.display import css, on_page, widget_bundle
from bplib.lab.scene import Drawn, draw_frame
from bplib.optim import Optimizer

ACTIVATIONS: dict[str, type[Activation]] = {
    "tanh": Tanh,
    "시그모이드": Sigmoid,
    "ReLU": ReLU,
    "LeakyReLU": LeakyReLU,
}
OPTIMIZERS = ("경사 하강법", "모멘텀 0.9", "Adam")
DATA = ("원판과 고리", "XOR", "두 나선")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
MAX_LAYERS, MAX_NEURONS = 4, 8
SPAN = 1.4  # 평면의 반쪽
NOTE = "자유 실험실은 브라우저의 스크립트가 켜져 있어야 움직여요. 노트북에서는 파이썬으로 같은 실험을 할 수 있어요."


class Playground:
    """신경망 하나를 짓고, 배우게 하고, 평면과 손실과 층마다의 기울기를 봐요.

    data는 DATA의 이름이나 (x (n, 2), y (n, 1)), hidden은 은닉층마다의 뉴런 수(층 0–4개, 뉴런 1–8개)예요.
    모르는 이름이나 벗어난 수는 ValueError, 형이 다르면 TypeError.
    """

    def __init__(
        self,
        data: str | tuple[Array, Array] = "원판과 고리",
        hidden: Sequence[int] = (4,),
        *,
        activation: str = "tanh",
        optimizer: str = "경사 하강법",
        lr: float = 0.3,
        seed: int = 0,
    ) -> None:
        check_number("Playground", "학습률 η", lr, 0.0, math.inf, open_low=True)
        hidden = tuple(
            check_count("Playground", "뉴런의 수", n) for n in check_list("Playground", "hidden", hidden, int)
        )
        if len(hidden) > MAX_LAYERS or max(hidden, default=1) > MAX_NEURONS:
            expected = f"층 {MAX_LAYERS}개, 층마다 뉴런 {MAX_NEURONS}개까지"
            raise ValueError(report("Playground", "hidden이", expected, hidden))
        for what, name, known in (
            ("activation", activation, tuple(ACTIVATIONS)),
            ("optimizer", optimizer, OPTIMIZERS),
        ):
            if name not in known:
                raise ValueError(
                    report("Playground", f"{what}이", f"{', '.join(known)} 가운데 하나", repr(name))
                )
        check_type("Playground", "seed", seed, (int, np.integer), "0 이상의 정수")
        check_number("Playground", "seed", seed, 0.0, math.inf, open_low=False)
        if not isinstance(data, str) and not (isinstance(data, tuple) and len(data) == 2):
            raise TypeError(
                report("Playground", "data의 형이", "자료의 이름이나 (x, y)", type(data).__name__)
            )
        self.rng = np.random.default_rng(int(seed))
        self.x, self.y = _points(data, self.rng) if isinstance(data, str) else data
        self.net = _network(hidden, ACTIVATIONS[activation], self.rng)
        self.loss = BinaryCrossEntropy()
        self.opt = _optimizer(optimizer, self.net, lr)
        self.E: list[float] = []
        self.norms: list[list[float]] = []
        self.message = ""
        self.loss.forward(self.net.forward(self.x), self.y)  # 자료가 맞지 않으면 여기에서 알려요

    def learn(self, epochs: int) -> None:
        """배치 전체로 epochs번 배우고, 에폭마다의 E와 층마다의 ‖∂E/∂W‖를 적어요. 발산하면 message에 적어요."""
        check_count("Playground", "epochs", epochs)

        def note(epoch: int, history: Any) -> None:
            self.norms.append(
                [float(np.linalg.norm(layer.W.grad)) for layer in self.net if hasattr(layer, "W")]
            )
            self.E.append(history.train_loss[-1])

        try:
            fit(self.net, self.loss, self.opt, self.x, self.y, epochs=epochs, callback=note, progress=False)
            self.message = ""
        except DivergenceError as error:
            self.message = str(error)

    def draw(self) -> Drawn:
        """지금의 평면, 손실, 층마다의 기울기. 그리고 무슨 일이 일어났는지의 글."""
        figures = [
            self._plane(),
            self._line("손실 E", [self.E]),
            self._line("층마다의 ‖∂E/∂W‖", self._by_layer()),
        ]
        right = float(np.mean((self.net.forward(self.x) > 0) == (self.y > 0.5)))
        text = f"에폭 {len(self.E)}: 맞힌 점 {right:.0%}"
        if self.E:
            layers = ", ".join(f"{l}층 {norm:.3g}" for l, norm in enumerate(self.norms[-1], 1))
            text += f", 오차 {self.E[-1]:.4g}. ‖∂E/∂W‖: {layers}"
        return figures, f"{text}. {self.message}".strip()

    def _by_layer(self) -> list[list[float]]:
        return [list(column) for column in zip(*self.norms, strict=True)]

    def _plane(self) -> Any:
        figure, ax = plots.axes(
            3.4, 3.2, title="신경망의 대답", xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), left=0.42
        )
        side = np.linspace(-SPAN, SPAN, 41)
        grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        plots.field(ax, sigmoid(self.net.forward(grid)).reshape(41, 41), (-SPAN, SPAN, -SPAN, SPAN))
        for kind, mark, color in ((1, "o", plots.BLUE), (0, "s", plots.ORANGE)):
            chosen = self.x[self.y[:, 0] == kind]
            ax.plot(*chosen.T, mark, color=color, markersize=5, markeredgecolor=plots.PAPER)
        return figure

    def _line(self, title: str, series: list[list[float]]) -> Any:
        figure, ax = plots.axes(3.4, 2.4, title=title, xlabel="에폭")
        for values in series:
            ax.plot(range(1, len(values) + 1), values, linewidth=1.5)
        seen = [value for values in series for value in values if 0 < value < math.inf]
        if seen:
            low, high = math.floor(math.log10(min(seen))), math.ceil(math.log10(max(seen)))
            plots.log_ticks(ax, y=[10.0**power for power in sorted({low, (low + high) // 2, high})])
        return figure

    # ── 어디에서 보이나 ──

    def __repr__(self) -> str:
        return f"[자유 실험실] {self.draw()[1]}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if on_page():
            html = f'<div class="bp-experiment bp-playground"><p class="bp-text">{NOTE}</p></div>'
            return {"text/plain": repr(self), "text/html": html}
        return widget_bundle(self.widget(), repr(self))

    def widget(self) -> Any:
        """커널에서 쓰는 조작판: 자료와 신경망을 고르고, 배우게 하고, 처음부터 다시 해요."""
        import ipywidgets as w

        pick = {
            "data": w.Dropdown(description="자료", options=DATA),
            "layers": w.Dropdown(description="은닉층", options=range(MAX_LAYERS + 1), value=1),
            "neurons": w.Dropdown(description="층마다 뉴런", options=range(1, MAX_NEURONS + 1), value=4),
            "activation": w.Dropdown(description="활성화", options=list(ACTIVATIONS)),
            "optimizer": w.Dropdown(description="최적화", options=OPTIMIZERS),
            "lr": w.Dropdown(description="학습률 η", options=RATES, value=0.3),
            "seed": w.Dropdown(description="씨앗", options=range(10)),
        }
        view = w.HTML()
        lab = self

        def redraw() -> None:
            body = draw_frame("자유 실험실", lab.draw).html
            view.value = f'<style>{css()}</style><div class="bp-experiment">{body}</div>'

        def again(_: Any = None) -> None:
            nonlocal lab
            v = {name: control.value for name, control in pick.items()}
            hidden = (v.pop("neurons"),) * v.pop("layers")
            lab = Playground(v.pop("data"), hidden, **v)
            redraw()

        def learn(epochs: int) -> Any:
            def pressed(_: Any) -> None:
                lab.learn(epochs)
                redraw()

            button = w.Button(description=f"{epochs}에폭 배우기")
            button.on_click(pressed)
            return button

        for control in pick.values():
            control.observe(again, names="value")
        fresh = w.Button(description="처음부터")
        fresh.on_click(again)
        redraw()
        wrap = {"flex_flow": "row wrap"}
        return w.VBox(
            [
                w.HBox(list(pick.values()), layout=wrap),
                w.HBox([learn(1), learn(10), learn(100), fresh], layout=wrap),
                view,
            ]
        )


def _points(name: str, rng: np.random.Generator) -> tuple[Array, Array]:
    """DATA의 이름으로 부른 자료: x (n, 2), y (n, 1). 모르는 이름이면 ValueError."""
    if name == "원판과 고리":
        return datasets.rings(80, rng=rng)
    if name == "XOR":
        x, y = datasets.xor()
        return 1.4 * x - 0.7, y
    if name == "두 나선":
        x, labels = datasets.spirals(120, rng=rng, turns=1.0)
        return x, labels[:, None].astype(float)
    raise ValueError(report("Playground", "data가", f"{', '.join(DATA)} 가운데 하나", repr(name)))


def _network(hidden: Sequence[int], activation: type[Activation], rng: np.random.Generator) -> Sequential:
    """입력 2개, 은닉층 hidden, 출력 z 하나(시그모이드 앞)."""
    sizes = (2, *hidden)
    layers: list[Any] = []
    for n_in, n_out in zip(sizes, hidden, strict=False):
        layers += [Linear(n_in, n_out, rng=rng), activation()]
    return Sequential(*layers, Linear(sizes[-1], 1, rng=rng))


def _optimizer(name: str, net: Sequential, lr: float) -> Optimizer:
    """OPTIMIZERS의 이름으로 부른 최적화."""
    if name == "Adam":
        return Adam(net.params(), lr=lr)
    return SGD(net.params(), lr=lr, momentum=0.9 if name.startswith("모멘텀") else 0.0)
