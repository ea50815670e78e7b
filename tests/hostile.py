"""나쁜 입력의 표: bplib의 공개된 것마다 바른 인자 한 벌, 그리고 그 하나하나를 바꿔 넣을 나쁜 값들.

시험(test_hostile.py)과 퍼징(quality/fuzz.py)이 함께 써요. 약속은 하나예요: 무엇을 넣든 잘 되거나, 한국어로 까닭을
말하는 오류를 내고, 그때 받은 것도 부른 것도 바뀌지 않아요. 새로 공개한 것은 TABLE에 한 줄을 더해요.
"""

import copy
import decimal
import fractions
import inspect
import io
import math
import pickle
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import coding
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.figure import Figure

from bplib import (
    GRU,
    RNN,
    SGD,
    Adam,
    AdamW,
    BatchNorm,
    BinaryCrossEntropy,
    Conv2d,
    Dropout,
    Embedding,
    EveryStep,
    Flatten,
    HalfSquaredError,
    Identity,
    LastStep,
    LeakyReLU,
    Linear,
    MaxPool2d,
    MeanOverTime,
    MeanSquaredError,
    Param,
    Params,
    ReLU,
    Residual,
    RMSNorm,
    SelfAttention,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    activations,
    datasets,
    gradcheck,
    graph,
    init,
    layers,
    ledger,
    optim,
    saving,
    schedules,
    train,
)
from bplib.lab import (
    bets,
    code,
    controls,
    counts,
    drawing,
    exercises,
    experiment,
    handouts,
    mistakes,
    nets,
    own,
    picture,
    playground,
    plots,
    problems,
    scene,
    sound,
    table,
    textbox,
    typed,
    worksheets,
)
from bplib.topics import alignment, energy, ensemble, explain, melody, parallel, quantize, sentence, text

HANGUL = re.compile("[가-힣]")
TOLD = (ValueError, TypeError, RuntimeError, train.DivergenceError, gradcheck.GradientError)


@dataclass
class Call:
    """부를 것 하나: 함수, 바른 인자, 그리고 잘 되었을 때 바뀌어도 되는 인자의 이름."""

    function: Callable[..., Any]
    arguments: dict[str, Any]
    changes: tuple[str, ...] = ()

    @property
    def receiver(self) -> Any:
        """메서드라면 그 주인."""
        return getattr(self.function, "__self__", None)


Make = Callable[[], Call]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def numbers(*shape: int) -> np.ndarray:
    """0이 아닌 실수로 채운 배열."""
    return 0.5 + np.arange(math.prod(shape), dtype=float).reshape(shape) % 5 / 4


# ── 바른 것들 ──


def net() -> Sequential:
    made = Sequential(Linear(2, 3, rng=rng()), Tanh(), Linear(3, 2, rng=rng()))
    made.forward(numbers(4, 2))
    made.backward(numbers(4, 2))
    return made


def song_net(words: melody.Words) -> Sequential:
    k = len(words)
    return Sequential(Embedding(k, 3, rng=rng()), GRU(3, 4, rng=rng()), EveryStep(), Linear(4, k, rng=rng()))


def word_net() -> Sequential:
    return Sequential(Embedding(5, 3, rng=rng()), MeanOverTime(), Linear(3, 2, rng=rng()))


def stacked() -> Sequential:
    return ensemble.stack(
        [Sequential(Linear(2, 2, rng=rng()), Tanh()), Sequential(Linear(2, 2, rng=rng()), Tanh())]
    )


NOTES = [(60, 1.0), (62, 0.5), (64, 2.0), (60, 1.0)]


@cache
def paper() -> Figure:
    """빈 종이 한 장. 그림은 느리니 다시 써요."""
    return plots.canvas(1, 1)[0]


def drawn(*_: Any, **__: Any) -> tuple[Figure, str]:
    """실험이 그리는 장면."""
    return paper(), "설명"


def moved(w: Any) -> tuple[Any, str]:
    return drawn()


def forwarded(layer: Any, *inputs: Any) -> Any:
    """순전파를 한 번 한 층이나 손실."""
    layer.forward(*inputs)
    return layer


LAYERS: dict[str, tuple[Callable[[], Any], tuple[int, ...], tuple[int, ...]]] = {
    # 이름: (만들기, 입력의 모양, 출력의 모양)
    "layers.Linear": (lambda: Linear(2, 3, rng=rng()), (4, 2), (4, 3)),
    "layers.Residual": (lambda: Residual(Linear(2, 2, rng=rng()), Tanh()), (4, 2), (4, 2)),
    "layers.Sequential": (lambda: Sequential(Linear(2, 3, rng=rng()), Tanh()), (4, 2), (4, 3)),
    "activations.Sigmoid": (Sigmoid, (4, 2), (4, 2)),
    "activations.Tanh": (Tanh, (4, 2), (4, 2)),
    "activations.ReLU": (ReLU, (4, 2), (4, 2)),
    "activations.LeakyReLU": (LeakyReLU, (4, 2), (4, 2)),
    "activations.Identity": (Identity, (4, 2), (4, 2)),
    "regularize.Dropout": (lambda: Dropout(0.3, rng=rng()), (4, 2), (4, 2)),
    "regularize.BatchNorm": (lambda: BatchNorm(2), (4, 2), (4, 2)),
    "regularize.RMSNorm": (lambda: RMSNorm(2), (4, 2), (4, 2)),
    "conv.Conv2d": (lambda: Conv2d(1, 2, 2, rng=rng()), (2, 1, 3, 3), (2, 2, 2, 2)),
    "conv.MaxPool2d": (lambda: MaxPool2d(2), (2, 1, 4, 4), (2, 1, 2, 2)),
    "conv.Flatten": (Flatten, (2, 1, 2, 2), (2, 4)),
    "recurrent.RNN": (lambda: RNN(2, 3, rng=rng()), (2, 4, 2), (2, 4, 3)),
    "recurrent.GRU": (lambda: GRU(2, 3, rng=rng(), padding=True), (2, 4, 2), (2, 4, 3)),
    "recurrent.LastStep": (LastStep, (2, 3, 2), (2, 2)),
    "recurrent.EveryStep": (EveryStep, (2, 3, 2), (6, 2)),
    "recurrent.MeanOverTime": (MeanOverTime, (2, 3, 2), (2, 2)),
    "attention.SelfAttention": (lambda: SelfAttention(2, 3, rng=rng(), padding=True), (2, 4, 2), (2, 4, 3)),
    "alignment.FeedbackLinear": (lambda: alignment.FeedbackLinear(2, 3, rng=rng()), (4, 2), (4, 3)),
    "quantize.QuantizedLinear": (
        lambda: quantize.QuantizedLinear(2, 3, bits=4, rng=rng()),
        (4, 2),
        (4, 3),
    ),
    "ensemble.StackedLinear": (
        lambda: ensemble.StackedLinear([Linear(2, 3, rng=rng()), Linear(2, 3, rng=rng())]),
        (2, 4, 2),
        (2, 4, 3),
    ),
}
LOSSES: dict[str, tuple[Callable[[], Any], tuple[int, ...], tuple[int, ...]]] = {
    "losses.HalfSquaredError": (HalfSquaredError, (4, 2), (4, 2)),
    "losses.MeanSquaredError": (MeanSquaredError, (4, 2), (4, 2)),
    "losses.BinaryCrossEntropy": (BinaryCrossEntropy, (4, 2), (4, 2)),
    "losses.SoftmaxCrossEntropy": (SoftmaxCrossEntropy, (4, 2), (4, 2)),
    "ensemble.StackedHalfSquaredError": (ensemble.StackedHalfSquaredError, (2, 4, 2), (4, 2)),
}


def _of_layers() -> Iterator[tuple[str, Make]]:
    """층마다 forward, backward, param_grads."""
    for name, (make, x, out) in LAYERS.items():
        kind = type(make())
        first, *_ = _parameters(kind.forward)
        yield f"{name}.forward", lambda m=make, x=x, f=first: Call(m().forward, {f: numbers(*x)})
        second, *_ = _parameters(kind.backward)
        yield (
            f"{name}.backward",
            lambda m=make, x=x, o=out, s=second: Call(forwarded(m(), numbers(*x)).backward, {s: numbers(*o)}),
        )
        if "param_grads" in vars(kind) or hasattr(kind, "param_grads"):
            yield (
                f"{name}.param_grads",
                lambda m=make, x=x, o=out: Call(
                    forwarded(m(), numbers(*x)).param_grads, {"delta": numbers(*o)}
                ),
            )


def _of_losses() -> Iterator[tuple[str, Make]]:
    for name, (make, pred, y) in LOSSES.items():
        target = numbers(*y) / numbers(*y).sum(axis=-1, keepdims=True)
        yield (
            f"{name}.forward",
            lambda m=make, p=pred, t=target: Call(m().forward, {"pred": numbers(*p), "y": t.copy()}),
        )


def _parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def songs() -> list[np.ndarray]:
    return [melody.Words([NOTES]).encode(NOTES)]


def fit_arguments() -> dict[str, Any]:
    made = net()
    return {
        "net": made,
        "loss": HalfSquaredError(),
        "opt": SGD(made.params(), 0.1, momentum=0.5),
        "x": numbers(4, 2),
        "y": numbers(4, 2),
        "epochs": 1,
        "batch_size": 2,
        "rng": rng(),
        "validation": (numbers(3, 2), numbers(3, 2)),
        "metric": lambda pred, y: 1.0,
        "callback": lambda epoch, history: None,
        "schedule": lambda t: 0.1,
        "max_norm": 1.0,
        "progress": False,
    }


def _exercise(**more: Any) -> exercises.Exercise:
    return exercises.Exercise("1.1", "물음", 2.0, why="까닭", **more)


def _with(make: Callable[[], Any], method: str, /, *changes: str, **arguments: Callable[[], Any]) -> Make:
    return lambda: Call(getattr(make(), method), {k: v() for k, v in arguments.items()}, changes)


def _call(function: Callable[..., Any], /, *changes: str, **arguments: Any) -> Make:
    """값이 함수면 부를 때마다 새로 만들고, 아니면 복사해요."""
    return lambda: Call(
        function,
        {k: v() if isinstance(v, Fresh) else copy.deepcopy(v) for k, v in arguments.items()},
        changes,
    )


@dataclass
class Fresh:
    """부를 때마다 새로 만들 인자."""

    make: Callable[[], Any]

    def __call__(self) -> Any:
        return self.make()


def _params() -> Params:
    return net().params()


def _graph_out() -> graph.Node:
    return graph.half_square(graph.sigmoid(graph.Node(0.5, "x") * graph.Node(2.0, "w") + 1))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="bplib-hostile-")


@cache
def _saved() -> str:
    """저장해 둔 파일."""
    path = f"{_folder().name}/net.npz"
    saving.save(net(), path, Adam(net().params()))
    return path


def saved_arguments() -> dict[str, Any]:
    made = net()
    return {"net": made, "path": _saved(), "opt": Adam(made.params())}


F = Fresh
#: 공개된 것의 이름 → 부를 준비. 이름 끝의 ()는 그것이 돌려준 함수예요.
TABLE: dict[str, Make] = {
    **dict(_of_layers()),
    **dict(_of_losses()),
    "params.Param": _call(Param, value=numbers(2, 3), name="W"),
    "params.Params": _call(Params, blocks=F(lambda: [Param(numbers(2), "a"), Param(numbers(3), "b")])),
    "init.zeros": _call(init.zeros, n_out=2, n_in=3, rng=F(rng)),
    "init.xavier": _call(init.xavier, n_out=2, n_in=3, rng=F(rng)),
    "init.he": _call(init.he, n_out=2, n_in=3, rng=F(rng)),
    "init.normal": _call(init.normal, std=1.0),
    "init.orthogonal": _call(init.orthogonal, gain=1.0),
    "init.normal()": _call(init.normal(1.0), n_out=2, n_in=3, rng=F(rng)),
    "init.orthogonal()": _call(init.orthogonal(), n_out=2, n_in=3, rng=F(rng)),
    "activations.sigmoid": _call(activations.sigmoid, z=numbers(3)),
    "activations.LeakyReLU": _call(LeakyReLU, slope=0.1),
    "layers.Linear": _call(Linear, n_in=2, n_out=3, rng=F(rng), init=init.he, dtype=np.float64),
    "layers.Sequential": lambda: Call(
        lambda a, b: Sequential(a, b), {"a": Linear(2, 3, rng=rng()), "b": Tanh()}, ("a", "b")
    ),
    "layers.Residual": lambda: Call(
        lambda a, b: Residual(a, b), {"a": Linear(2, 2, rng=rng()), "b": Tanh()}, ("a", "b")
    ),
    "layers.Sequential.predict": _with(net, "predict", x=lambda: numbers(4, 2)),
    "layers.every_layer": _call(lambda layers_: list(layers.every_layer(layers_)), layers_=F(net)),
    "regularize.Dropout": _call(Dropout, p=0.5, rng=F(rng)),
    "regularize.BatchNorm": _call(BatchNorm, n=3, momentum=0.1, eps=1e-5, dtype=np.float64),
    "regularize.RMSNorm": _call(RMSNorm, n=3, eps=1e-5, dtype=np.float64),
    "counts.times": _call(counts.times, x=0.5),
    "counts.wilson": _call(counts.wilson, hits=3, n=20, z=1.96),
    "conv.Conv2d": _call(
        Conv2d, c_in=1, c_out=2, size=2, rng=F(rng), padding=1, stride=1, init=init.he, dtype=np.float64
    ),
    "conv.MaxPool2d": _call(MaxPool2d, size=2),
    "recurrent.Embedding": _call(
        Embedding, n_words=4, n_out=3, rng=F(rng), init=init.normal(1.0), dtype=np.float64, padding=False
    ),
    "recurrent.Embedding.forward": _with(
        lambda: Embedding(5, 3, rng=rng()), "forward", a=lambda: np.array([[0, 1], [2, 4]])
    ),
    "recurrent.Embedding.param_grads": _with(
        lambda: forwarded(Embedding(5, 3, rng=rng()), np.array([[0, 1], [2, 4]])),
        "param_grads",
        delta=lambda: numbers(2, 2, 3),
    ),
    "recurrent.RNN": _call(RNN, n_in=2, n_out=3, rng=F(rng), truncate=2, padding=False, dtype=np.float64),
    "recurrent.GRU": _call(GRU, n_in=2, n_out=3, rng=F(rng), truncate=2, padding=False, dtype=np.float64),
    "recurrent.Recurrent.start": _with(lambda: RNN(2, 3, rng=rng()), "start", n=lambda: 2),
    "recurrent.Recurrent.step": _with(
        lambda: GRU(2, 3, rng=rng()), "step", x=lambda: numbers(2, 2), state=lambda: numbers(2, 3)
    ),
    "recurrent.MeanOverTime": _call(MeanOverTime, padding=True),
    "attention.SelfAttention": _call(
        SelfAttention, n_in=2, n_out=3, rng=F(rng), init=init.xavier, padding=False, dtype=np.float64
    ),
    "optim.SGD": _call(SGD, params=F(_params), lr=0.1, momentum=0.5, nesterov=True),
    "optim.Adam": _call(Adam, params=F(_params), lr=0.1, betas=(0.9, 0.99), eps=1e-8),
    "optim.AdamW": _call(AdamW, params=F(_params), lr=0.1, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01),
    "optim.clip_gradients": _call(optim.clip_gradients, "params", params=F(_params), max_norm=0.1),
    "schedules.step_decay": _call(schedules.step_decay, lr=1.0, drop=0.5, every=2),
    "schedules.cosine": _call(schedules.cosine, lr=1.0, total=5, lr_min=0.1),
    "schedules.warm_restarts": _call(schedules.warm_restarts, lr=1.0, period=2, mult=2, lr_min=0.1),
    "schedules.warmup": _call(schedules.warmup, steps=2, then=F(lambda: schedules.cosine(1.0, 5))),
    "schedules.step_decay()": _call(schedules.step_decay(1.0, 0.5, 2), t=3),
    "schedules.cosine()": _call(schedules.cosine(1.0, 5), t=3),
    "schedules.warm_restarts()": _call(schedules.warm_restarts(1.0, 2, 2), t=3),
    "schedules.warmup()": _call(schedules.warmup(2, schedules.cosine(1.0, 5)), t=3),
    "train.accuracy": _call(train.accuracy, pred=numbers(4, 2), y=np.array([0, 1, 1, 0]), threshold=0.5),
    "train.fit": lambda: Call(train.fit, fit_arguments(), ("net", "loss", "opt", "rng")),
    "gradcheck.check_gradients": _call(
        gradcheck.check_gradients,
        net=F(net),
        loss=F(HalfSquaredError),
        x=numbers(2, 2),
        y=numbers(2, 2),
        tolerance=1e-3,
        max_exact=1,
        directions=1,
        include_input=True,
        rng=F(rng),
    ),
    "saving.save": lambda: Call(saving.save, saved_arguments()),
    "saving.load": lambda: Call(saving.load, saved_arguments(), ("net", "opt")),
    "datasets.xor": _call(datasets.xor, dtype=np.float64),
    "datasets.rings": _call(datasets.rings, n=4, rng=F(rng), dtype=np.float64),
    "datasets.spirals": _call(datasets.spirals, n=4, rng=F(rng), turns=1.0, noise=0.1, dtype=np.float64),
    "datasets.digits": _call(datasets.digits, dtype=np.float32),
    "datasets.sentences": _call(datasets.sentences, dtype=np.float32),
    "datasets.table": _call(datasets.table, name="tunes"),
    "graph.Node": _call(graph.Node, value=1.0, name="x"),
    "graph.total": lambda: Call(lambda a, b: graph.total(a, b), {"a": graph.Node(1.0), "b": graph.Node(2.0)}),
    "graph.sigmoid": _call(graph.sigmoid, z=F(lambda: graph.Node(0.5))),
    "graph.half_square": _call(graph.half_square, r=F(lambda: graph.Node(0.5))),
    "graph.order": _call(graph.order, out=F(_graph_out)),
    "graph.forward_mode": _call(graph.forward_mode, out=F(_graph_out), start={}),
    "graph.reverse_mode": _call(graph.reverse_mode, out=F(_graph_out), seed=1.0),
    "alignment.FeedbackLinear": _call(
        alignment.FeedbackLinear,
        n_in=2,
        n_out=3,
        rng=F(rng),
        top=F(lambda: alignment.FeedbackLinear(3, 2, rng=rng())),
        init=init.he,
        dtype=np.float64,
    ),
    "alignment.angle": _call(alignment.angle, u=numbers(3), v=numbers(3)),
    "alignment.update_angles": _call(
        alignment.update_angles, net=F(net), loss=F(HalfSquaredError), x=numbers(2, 2), y=numbers(2, 2)
    ),
    "energy.count": _call(energy.count, net=F(net), batch=2),
    "energy.memory": _call(energy.memory, net=F(net), batch=2, bits=8, training=True),
    "energy.energy": _call(energy.energy, net=F(net), batch=2, bits=8, training=True, backward_bits=8),
    "ensemble.StackedLinear": _call(
        ensemble.StackedLinear, layers=F(lambda: [Linear(2, 3, rng=rng()), Linear(2, 3, rng=rng())])
    ),
    "ensemble.stack": _call(ensemble.stack, nets=F(lambda: [net(), net()])),
    "ensemble.curvatures": _call(
        ensemble.curvatures,
        "net",
        "loss",
        net=F(stacked),
        loss=F(ensemble.StackedHalfSquaredError),
        x=numbers(2, 2),
        y=numbers(2, 2),
        h=1e-4,
    ),
    "exercises.Exercise": _call(
        exercises.Exercise,
        number="1.1",
        question="물음",
        answer=2.0,
        why="까닭",
        solution="풀이",
        mistakes=F(lambda: [exercises.Mistake("진단", "길잡이", 3.0)]),
        digits=4,
    ),
    "exercises.Exercise.check": _with(_exercise, "check", given=lambda: 2.0),
    "exercises.Exercise.check_text": _with(_exercise, "check_text", text=lambda: "0.5"),
    "code.CodeExercise": _call(
        code.CodeExercise,
        number="9.1",
        question="물음",
        solution=coding.SOLUTION,
        cases=F(lambda: list(coding.CASES)),
        why="까닭",
        mistakes=F(lambda: [coding.DIVIDED, coding.KEPT, coding.LAST]),
        given="",
        start="",
    ),
    "code.CodeExercise.check": _with(coding.exercise, "check", given=lambda: lambda W, c: (W, c)),
    "code.CodeExercise.check_source": _with(coding.exercise, "check_source", source=lambda: coding.SOLUTION),
    "bets.bet": _call(bets.bet, number="1.1"),
    "bets.Misconceptions": _call(bets.Misconceptions, chapter="01-structure"),
    "typed.read_number": _call(typed.read_number, text="-0.5"),
    "exercises.entry": _call(exercises.entry, values={"W1": numbers(2, 2)}, name="W1[1,2]"),
    "exercises.worked": _call(exercises.worked, name="z1[1]", slip="missing_bias"),
    "exercises.ledger_exercise": _call(
        exercises.ledger_exercise, number="1.1", name="z1[1]", question="물음", why="까닭", digits=4
    ),
    "exercises.step_exercise": _call(
        exercises.step_exercise,
        number="1.1",
        name="z1[1]",
        question="물음",
        step=exercises._ledger_step,
        why="까닭",
        first=("missing_bias",),
        extra=F(lambda: [exercises.Mistake("진단", "길잡이", 3.0)]),
        digits=4,
    ),
    "controls.Control": _call(
        controls.Control, label="이름", values=(1, 2), names=("1", "2"), start=0, play=False
    ),
    "controls.Slider": _call(
        controls.Slider, label="이름", values=[1, 2], start=0, format="{:g}", play=False
    ),
    "controls.Dropdown": _call(controls.Dropdown, label="이름", options={"가": 1, "나": 2}, start=0),
    "experiment.experiment": lambda: Call(
        lambda w: experiment.experiment(w=w)(moved), {"w": controls.Slider("w", [1, 2])}
    ),
    "experiment.Experiment": _call(
        experiment.Experiment, function=moved, controls=F(lambda: {"w": controls.Slider("w", [1, 2])})
    ),
    "experiment.Experiment.frame": _with(
        lambda: experiment.Experiment(moved, {"w": controls.Slider("w", [1, 2])}),
        "frame",
        position=lambda: (1,),
    ),
    "scene.draw_frame": lambda: Call(
        lambda name, function: scene.draw_frame(name, function), {"name": "그림", "function": drawn}
    ),
    "picture.show": _call(picture.show, figures=F(lambda: drawn()[0]), text="설명"),
    "explain.input_gradient": _call(explain.input_gradient, "net", net=F(net), x=numbers(3, 2), target=1),
    "explain.gradient_times_input": _call(
        explain.gradient_times_input, "net", net=F(net), x=numbers(3, 2), target=np.array([0, 1, 0])
    ),
    "explain.integrated_gradients": _call(
        explain.integrated_gradients,
        "net",
        net=F(net),
        x=numbers(3, 2),
        target=1,
        baseline=numbers(3, 2),
        steps=2,
    ),
    "explain.occlusion": _call(
        explain.occlusion, "net", net=F(net), x=numbers(3, 2), target=1, shape=(1, 2), size=1, fill=0.0
    ),
    "explain.hit_rate": _call(
        explain.hit_rate, attribution=numbers(2, 3), truth=np.array([[True, False, False]] * 2)
    ),
    "explain.rank_correlation": _call(explain.rank_correlation, a=numbers(2, 3), b=numbers(2, 3)),
    "explain.randomized": _call(explain.randomized, net=F(net), rng=F(rng)),
    "melody.Words": _call(melody.Words, songs=[NOTES]),
    "melody.Words.encode": _with(lambda: melody.Words([NOTES]), "encode", notes=lambda: list(NOTES)),
    "melody.Words.decode": _with(lambda: melody.Words([NOTES]), "decode", words=lambda: [0, 2, 5, 1]),
    "melody.Words.allowed": _with(lambda: melody.Words([NOTES]), "allowed", position=lambda: 1),
    "melody.windows": _call(melody.windows, songs=F(songs), length=3, step=1),
    "melody.note_bits": lambda: Call(
        melody.note_bits,
        {"net": song_net(w := melody.Words([NOTES])), "song": w.encode(NOTES), "words": w},
        ("net",),
    ),
    "melody.uniform_bits": _call(melody.uniform_bits, words=F(lambda: melody.Words([NOTES]))),
    "melody.bigram_bits": _call(
        melody.bigram_bits,
        songs=F(songs),
        song=F(lambda: songs()[0]),
        words=F(lambda: melody.Words([NOTES])),
        prior=8.0,
    ),
    "melody.compose": lambda: Call(
        melody.compose,
        {
            "net": song_net(w := melody.Words([NOTES])),
            "words": w,
            "given": NOTES[:2],
            "notes": 4,
            "rng": rng(),
            "temperature": 1.0,
        },
        ("net", "rng"),
    ),
    "melody.longest_copy": _call(melody.longest_copy, notes=NOTES, songs=[NOTES]),
    "mistakes.one_step": lambda: Call(
        mistakes.one_step,
        {
            "x": ledger.LEDGER.x[None],
            "y": ledger.LEDGER.y[None],
            "weights": {name: getattr(ledger.LEDGER, name) for name in ("W1", "b1", "W2", "b2")},
            "eta": 0.5,
            "slip": mistakes.SLIPS["uphill"],
        },
    ),
    "parallel.shard": _call(parallel.shard, x=numbers(4, 2), y=numbers(4, 2), parts=2),
    "parallel.part_gradient": _call(
        parallel.part_gradient,
        "net",
        "loss",
        net=F(net),
        loss=F(HalfSquaredError),
        x=numbers(2, 2),
        y=numbers(2, 2),
    ),
    "parallel.average": _call(
        parallel.average,
        parts=F(lambda: [parallel.Part(1, 0.5, numbers(3)), parallel.Part(2, 0.5, numbers(3))]),
    ),
    "quantize.quantize": _call(quantize.quantize, a=numbers(2, 3), bits=4),
    "quantize.QuantizedLinear": _call(
        quantize.QuantizedLinear,
        n_in=2,
        n_out=3,
        bits=4,
        input_bits=8,
        straight_through=True,
        rng=F(rng),
        init=init.he,
        dtype=np.float64,
    ),
    "sound.frequency": _call(sound.frequency, pitch=60),
    "sound.name": _call(sound.name, pitch=60),
    "sound.spell": _call(sound.spell, notes=NOTES),
    "sound.schedule": _call(sound.schedule, notes=NOTES, tempo=600.0),
    "sound.wave": _call(sound.wave, notes=NOTES, tempo=600.0),
    "sound.wav": _call(sound.wav, notes=NOTES, tempo=600.0),
    "sound.listen": _call(sound.listen, sounds={"도레미": NOTES}, tempo=120.0, given=1),
    "sound.Sounds": _call(sound.Sounds, sounds={"도레미": NOTES}, tempo=120.0, given=1),
    "text.words": _call(text.words, text="날씨가 좋아요"),
    "text.syllables": _call(text.syllables, text="날씨가 좋아요"),
    "text.jamo": _call(text.jamo, text="날씨가 좋아요"),
    "text.split_syllable": _call(text.split_syllable, char="값"),
    "text.join_syllable": _call(text.join_syllable, lead="ㄱ", vowel="ㅏ", tail="ㅄ"),
    "text.ngrams": _call(text.ngrams, pieces=["가", "나", "다"], low=1, high=2, glue=" "),
    "text.Vocabulary": _call(text.Vocabulary, sentences=[["가", "나"], ["가"]], min_count=1),
    "text.Vocabulary.number": _with(lambda: text.Vocabulary([["가"]]), "number", piece=lambda: "가"),
    "text.Vocabulary.bag": _with(
        lambda: text.Vocabulary([["가"]]), "bag", sentences=lambda: [["가"], ["나"]], dtype=lambda: np.float64
    ),
    "text.Vocabulary.encode": _with(
        lambda: text.Vocabulary([["가"]]), "encode", sentences=lambda: [["가"], ["나", "가"]]
    ),
    "sentence.refusal": _call(sentence.refusal, text="공기가 좋아요"),
    "sentence.Own.read": _with(sentence.Own, "read", text=lambda: "공기가 좋아요"),
    "textbox.TextBox": _call(textbox.TextBox, function=drawn, label="문장", start="처음"),
    "textbox.TextBox.frame": _with(
        lambda: textbox.TextBox(drawn, label="문장", start="처음"), "frame", text=lambda: "글"
    ),
    "drawing.cells": _call(drawing.cells, strokes=[[(0.2, 0.1), (0.5, 0.9)]], pen=0.1),
    "drawing.Own.read": _with(drawing.Own, "read", picture=lambda: numbers(8, 8)),
    "nets.trained": _call(nets.trained, name="digits"),
    "nets.spec": _call(nets.spec, net=F(net)),
    "own.own_input": _call(own.own_input, name="digits"),
    "table.Table": _call(table.Table, header=["가", "나"], rows=[["다", 1], ["라", 2]]),
    "playground.Playground": _call(
        playground.Playground,
        data="XOR",
        hidden=(2, 1),
        activation="tanh",
        optimizer="Adam",
        lr=0.1,
        seed=0,
    ),
    "playground.Playground.learn": _with(
        lambda: playground.Playground("XOR", (2,)), "learn", epochs=lambda: 2
    ),
    "problems.problem": _call(problems.problem, number="10.1"),
    "worksheets.worksheet": _call(worksheets.worksheet, chapter=2, seed=7),
    "handouts.Ring": _call(handouts.Ring, seed=7),
}


# ── 나쁜 값들 ──


class Liar:
    """길이는 셋이라면서 아무것도 내놓지 않아요."""

    def __len__(self) -> int:
        return 3


class Sub(np.ndarray):
    """ndarray의 아류."""


def garbage(*_: Any, **__: Any) -> Any:
    """무엇을 부탁하든 글을 돌려주는 함수."""
    return "쓰레기"


HUGE = (2**63 - 1, 2**63, 2**70, -(2**70), 10**400)
SCALARS = (
    0, -1, -3, 1, 2, 7, 1.5, 0.0, -0.5, 1e-300, 5e-324, 1e300, -1e300, math.nan, math.inf, -math.inf, 1j,
    True, False, None, np.float32("nan"), np.float64(2.0), np.int8(-1), np.uint8(255), np.bool_(True),
    decimal.Decimal("0.5"), decimal.Decimal("NaN"), fractions.Fraction(1, 3), np.datetime64("2026-01-01"),
)  # fmt: skip
TEXTS = (
    "", " ", "1", "nan", "1e999", "__import__('os').abort()", "<img src=x onerror=alert(1)>", "\0", "\ud800",
    "가" * 3000, "각", "👩‍👩‍👧", "٣", "{:d}", "{0.__class__}", "%s%n", "../../etc/passwd", "W1[", "W1[9,9]", "b[a]",
)  # fmt: skip
OBJECTS: tuple[Callable[[], Any], ...] = (
    object, list, dict, set, tuple, bytearray, lambda: b"\x80\x04.", lambda: garbage, lambda: math,
    lambda: ..., Liar, lambda: iter([1, 2]), lambda: range(3), lambda: [math.nan], lambda: [None],
    lambda: [[1.0], [2.0, 3.0]],
    lambda: ["가", 1], lambda: {"가": None}, lambda: np.random.RandomState(0), lambda: io.BytesIO(b"x"),
    lambda: slice(1),
    lambda: "f4", lambda: np.dtype("O"), lambda: np.zeros(()), lambda: np.ones((2, 2)),
    lambda: np.array([1, 2]), lambda: np.array(["가"]), lambda: np.array([None]), lambda: [(60, 1.0), (61, "길이")],
    lambda: [(60,)], lambda: [("도", 1.0)], lambda: [(math.nan, 1.0)], lambda: [(60, math.inf)], lambda: [(60, -1.0)],
    lambda: Sigmoid(), lambda: HalfSquaredError(), lambda: Linear(5, 5, rng=rng()), net, lambda: Sequential(ReLU()),
)  # fmt: skip


def array_variants(a: np.ndarray) -> Iterator[np.ndarray]:
    """배열 하나의 나쁜, 또는 낯선 모습들: 모양, 자료형, 값, 놓인 모양."""
    for dtype in ("f2", "f4", "f8", ">f8", "i1", "i8", "u8", "?", "c16", "O", "U3", "M8[s]"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield a.astype(dtype)
            except (TypeError, ValueError):
                continue
    yield np.zeros(a.shape, "f8,i4")
    yield from (a[None], a[..., None], a[:0], a.reshape(-1), a.T, np.empty((0,) * a.ndim), a[:1])
    yield from (
        np.concatenate([a, a]),
        np.concatenate([a, a], axis=-1),
        a[..., :1],
        np.zeros((0, 3, 0), a.dtype),
    )
    if a.dtype.kind == "f":
        for bad in (math.nan, math.inf, -math.inf, 1e300, -1e300, 5e-324, -0.0):
            spoiled = a.copy()
            spoiled[(-1,) * a.ndim] = bad
            yield spoiled
        yield from (np.full_like(a, 1e300), np.zeros_like(a), -a)
    else:
        for bad in (-1, 1, 5, 100, np.iinfo(np.int64).max, np.iinfo(np.int64).min):
            if a.dtype.kind == "i":
                yield np.full_like(a, bad)
    frozen = a.copy()
    frozen.setflags(write=False)
    yield frozen
    yield from (
        np.asfortranarray(a),
        np.repeat(a, 2, axis=-1)[..., ::2],
        a[::-1],
        np.broadcast_to(a[:1], a.shape),
    )
    yield from (a.view(Sub), np.ma.masked_array(a), np.ma.masked_all(a.shape))


def replacements(name: str, argument: str, valid: Any) -> Iterator[Any]:
    """이 인자의 자리에 넣어 볼 값들. 부를 때마다 새것이에요."""
    yield from SCALARS
    yield from TEXTS
    yield from (make() for make in OBJECTS)
    if (name, argument) not in ENDLESS:
        yield from HUGE
    if argument == "dtype":
        yield from (int, str, np.float16, np.int64, np.generic, [("a", "f8")], ">f8")
    if isinstance(valid, np.ndarray):
        yield from array_variants(valid)
    if isinstance(valid, list | tuple):
        kind = type(valid)
        yield from (kind(), kind([*valid, *valid]), kind(valid[:1]), iter(valid), "".join(map(str, valid)))
        yield from (kind([*valid[:-1], bad]) for bad in (None, "x", math.nan, -1, object(), (), 2**70))
    if isinstance(valid, dict):
        yield {**valid, "새것": 1}
        for key in valid:
            yield from (
                {**valid, key: bad} for bad in (None, "x", math.nan, np.array([math.nan]), [], object())
            )
            yield {k: v for k, v in valid.items() if k != key}


#: 아주 큰 수를 주면 정말로 그만큼 되풀이하는 인자. 틀린 값이 아니라 오래 걸릴 뿐이라, 큰 수는 넣지 않아요.
ENDLESS = {
    ("train.fit", "epochs"),
    ("gradcheck.check_gradients", "directions"),
    ("explain.integrated_gradients", "steps"),
    ("melody.compose", "notes"),
}


# ── 판정 ──


def state(thing: Any) -> Any:
    """바뀌었는지 볼 수 있게 찍어 둔 것. 찍을 수 없는 것(함수, 그림)과 꺼내면 줄어드는 것(iterator)은 None.

    신경망은 배우는 수와 통계와 상태만 봐요. 층이 기억한 forward의 값은 다음 forward가 덮어쓰는 것이에요.
    """
    if isinstance(thing, Sequential):
        kept = [
            (layer.training, *(v for k, v in vars(layer).items() if k.startswith("running_")))
            for layer in layers.every_layer(thing)
        ]
        thing = (thing.params().value, thing.params().grad, thing.training, kept)
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        return (
            thing.tobytes(),
            thing.dtype.str,
            thing.shape,
            thing.flags.writeable,
            np.ma.getmaskarray(thing).tobytes(),
        )
    if isinstance(thing, Iterator | Figure):
        return None
    try:
        return pickle.dumps(thing)
    except Exception:
        return None


def promise_broken(call: Call) -> str | None:
    """불러 보고, 약속을 어겼으면 무엇을 어겼는지 말해요. 지켰으면 None."""
    watched: Mapping[str, Any] = {"(주인)": call.receiver, **call.arguments}
    before = {name: state(thing) for name, thing in watched.items()}
    may_change: set[str] = set()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            call.function(**call.arguments)
            may_change = {"(주인)", "rng", *call.changes}
        except TOLD as error:
            if isinstance(error, train.DivergenceError | gradcheck.GradientError):
                # 이 둘은 틀린 입력이 아니라, 해 보고 나서 알리는 일이에요
                may_change = {"rng", *call.changes}
            if str(error).startswith("None:"):
                return f"누가 말하는지 몰라요: {str(error)[:200]}"
            if not HANGUL.search(str(error)):
                return f"한국어로 말하지 않아요: {type(error).__name__}: {str(error)[:200]}"
        except Exception as error:
            return f"약속하지 않은 오류예요: {type(error).__name__}: {str(error)[:200]}"
    for name, thing in watched.items():
        if name not in may_change and state(thing) != before[name]:
            return f"{name}이(가) 바뀌었어요"
    return None


def shown(value: Any) -> str:
    """알릴 때 쓸 짧은 글."""
    if isinstance(value, np.ndarray):
        return (
            f"{type(value).__name__}{value.shape} {value.dtype} {value.reshape(-1)[:4] if value.size else ''}"
        )
    return re.sub(r"\s+", " ", repr(value))[:80]


# ── 무작위로 ──

SMALL, ENORMOUS = st.integers(-5, 20), st.integers(2**62, 2**80) | st.integers(-(2**80), -(2**62))
KINDS = st.sampled_from(("f2", "f4", "f8", "i1", "i8", "u8", "?", "c16", "U2"))


@cache
def how_many(name: str, argument: str) -> int:
    """이 인자의 자리에 넣어 볼 정해진 값의 수."""
    return sum(1 for _ in replacements(name, argument, TABLE[name]().arguments[argument]))


def fixed(name: str, argument: str, index: int) -> Any:
    """정해진 값 가운데 index번째. 부를 때마다 새것이에요."""
    values = replacements(name, argument, TABLE[name]().arguments[argument])
    return next(value for at, value in enumerate(values) if at == index)


@st.composite
def arrays(draw: st.DrawFn, like: Any = None) -> np.ndarray:
    """아무 모양, 아무 자료형, 아무 값. like를 주면 그 모양에서 한 군데쯤 달라요."""
    if isinstance(like, np.ndarray) and draw(st.booleans()):
        shape = list(like.shape)
        if shape and draw(st.booleans()):
            shape[draw(st.integers(0, len(shape) - 1))] = draw(st.integers(0, 5))
        return draw(
            hnp.arrays(draw(st.sampled_from((like.dtype, np.dtype("f4"), np.dtype("f8")))), tuple(shape))
        )
    return draw(hnp.arrays(draw(KINDS), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))


@st.composite
def calls(draw: st.DrawFn, name: str) -> Call:
    """인자 하나나 둘을 나쁜 값으로 바꾼 부름."""
    call = TABLE[name]()
    chosen = draw(st.lists(st.sampled_from(list(call.arguments)), min_size=1, max_size=2, unique=True))
    for argument in chosen:
        made = draw(st.integers(0, 3))
        if made == 0:
            call.arguments[argument] = draw(arrays(call.arguments[argument]))
        elif made == 1:
            numbers_ = SMALL if (name, argument) in ENDLESS else SMALL | ENORMOUS
            call.arguments[argument] = draw(
                numbers_ | st.floats() | st.text(max_size=8) | st.binary(max_size=4)
            )
        else:
            index = draw(st.integers(0, how_many(name, argument) - 1))
            call.arguments[argument] = fixed(name, argument, index)
    return call
