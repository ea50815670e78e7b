"""대조: 공개된 사례(onnx의 시험 자료, PyTorch가 낸 답)와 bplib이 같은지. 약속이 다른 것은 얼마나 다른지까지.

사례는 tests/data/conformity에 있고 quality/conformity.py가 만들어요. onnx의 자료는 Apache-2.0(LICENSE-onnx.txt)이에요.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scripts import ROOT

import bplib
from bplib import (
    GRU,
    RNN,
    SGD,
    Adam,
    BatchNorm,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Identity,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Param,
    SelfAttention,
    SoftmaxCrossEntropy,
    schedules,
)

Arrays = dict[str, Any]
TOLERANCE = {"f4": 3e-6, "f8": 1e-10}
RNG = np.random.default_rng(0)
# 일부러 다르게 정한 것: 이 사례들은 같으면 안 돼요
CONVENTIONS = {
    "batchnorm_example_training_mode": "BatchNorm: running_var에 onnx는 n으로, bplib은(PyTorch처럼) n − 1로 나눈 분산",
    "batchnorm_epsilon_training_mode": "BatchNorm: running_var에 onnx는 n으로, bplib은(PyTorch처럼) n − 1로 나눈 분산",
    "adam": "Adam: onnx는 T = 0에서 m과 v를 바로잡지 않아요",
    "adam_multiple": "Adam: onnx는 T = 0에서 m과 v를 바로잡지 않아요",
}
# 맞춰서 견준 것: 자리나 눈금만 달라요
FITTED = {
    "onnx": ["게이트의 차례 z r h", "편향 두 묶음의 합", "가중치를 끌어당기는 항은 기울기에 더해서"],
    "pytorch": ["이진 교차 엔트로피는 출력 k개의 평균(bplib은 합)", "RNN과 GRU의 편향 두 묶음의 합"],
}


def read(source: str) -> list[dict[str, Any]]:
    """사례들. 자료형마다 한 줄로 이어 붙인 배열을 다시 나눠요."""
    with np.load(ROOT / "tests" / "data" / "conformity" / f"{source}.npz") as saved:
        lines = {key: saved[key] for key in saved.files}
    cases = json.loads(str(lines.pop("cases")))
    for case in cases:
        for key, (dtype, shape, start) in case["arrays"].items():
            case["arrays"][key] = lines[dtype][start : start + int(np.prod(shape))].reshape(shape)
    return cases


def set_values(layer: Layer, values: dict[str, Any]) -> None:
    for name, value in values.items():
        getattr(layer, name).value = np.reshape(value, getattr(layer, name).shape)


# ── onnx: 입력과 출력만 있어요 ──


def plain(layer: Layer) -> Callable[..., list[Any]]:
    layer.training = False
    return lambda settings, x, *_: [layer.forward(x)]


def onnx_gemm(settings: Any, a: Any, b: Any, c: Any = 0.0) -> list[Any]:
    a, W = (a.T if settings.get("transA") else a), (b if settings.get("transB") else b.T)
    layer = Linear(W.shape[1], W.shape[0], rng=RNG, dtype=W.dtype)
    set_values(layer, {"W": W, "b": np.broadcast_to(c, (1, len(W)))})
    return [layer.forward(np.ascontiguousarray(a))]


def onnx_conv(settings: Any, x: Any, W: Any) -> list[Any]:
    padding, stride = settings.get("pads", [0])[0], settings.get("strides", [1])[0]
    layer = Conv2d(W.shape[1], len(W), W.shape[2], rng=RNG, padding=padding, stride=stride, dtype=W.dtype)
    layer.W.value = W
    return [layer.forward(x)]


def softmax(z: Any) -> Any:
    """손실의 기울기 (p − y) / n에서 p를 되찾아요."""
    loss = SoftmaxCrossEntropy()
    y = np.eye(z.shape[1], dtype=z.dtype)[np.zeros(len(z), int)]
    loss.forward(z, y)
    return loss.backward() * len(z) + y


def log_softmax(z: Any) -> Any:
    """번호마다의 손실 −ln p에서."""
    n, k = z.shape
    ln = [[-SoftmaxCrossEntropy().forward(z[i : i + 1], np.array([j])) for j in range(k)] for i in range(n)]
    return np.array(ln, z.dtype)


def onnx_sce(settings: Any, z: Any, y: Any) -> list[Any]:
    each = [SoftmaxCrossEntropy().forward(z[i : i + 1], y[i : i + 1]) for i in range(len(z))]
    whole = SoftmaxCrossEntropy().forward(z, y)
    return [{"none": each, "mean": whole, "sum": whole * len(z)}[settings["reduction"]]]


def onnx_recurrent(settings: Any, x: Any, W: Any, U: Any, B: Any = None) -> list[Any]:
    """게이트의 차례는 z r h. 편향은 입력의 것과 상태의 것을 더해요."""
    x = x if settings.get("layout") else x.transpose(1, 0, 2)
    g, n_out = W.shape[1] // U.shape[2], U.shape[2]
    order = [1, 0, 2] if g == 3 else [0]
    B = np.zeros((2, g, n_out), x.dtype) if B is None else B.reshape(2, g, n_out)
    layer = (GRU if g == 3 else RNN)(x.shape[2], n_out, rng=RNG, dtype=x.dtype)
    set_values(layer, {"W": W.reshape(g, n_out, -1)[order], "U": U.reshape(g, n_out, -1)[order]})
    layer.b.value = B.sum(axis=0)[order].reshape(-1)
    a = layer.forward(np.ascontiguousarray(x))
    outs = [a[:, None] if settings.get("layout") else a.transpose(1, 0, 2)[:, None], a[None, :, -1]]
    return [outs[0].transpose(0, 2, 1, 3), outs[1][0][:, None]] if settings.get("layout") else outs[1:]


def onnx_batchnorm(settings: Any, x: Any, gamma: Any, beta: Any, mean: Any, var: Any) -> list[Any]:
    """그림은 화소를 모두 표본으로 보면 돼요."""
    momentum = 1 - settings.get("momentum", 0.9)
    layer = BatchNorm(len(mean), eps=settings.get("epsilon", 1e-5), momentum=momentum, dtype=x.dtype)
    set_values(layer, {"gamma": gamma, "beta": beta})
    layer.running_mean, layer.running_var = mean, var
    layer.training = bool(settings.get("training_mode"))
    rows = np.moveaxis(x, 1, -1)
    out = np.moveaxis(layer.forward(rows.reshape(-1, len(mean))).reshape(rows.shape), -1, 1)
    return [out, layer.running_mean, layer.running_var] if layer.training else [out]


def onnx_momentum(settings: Any, lr: Any, t: Any, *values: Any) -> list[Any]:
    m = len(values) // 3
    params = [Param(x, "x") for x in values[:m]]
    opt = SGD(params, float(lr), settings["alpha"], nesterov=settings["mode"] == "nesterov")
    for param, g, v, velocity in zip(params, values[m : 2 * m], values[2 * m :], opt.velocity, strict=True):
        param.grad = (settings["beta"] if t else 1) * (g + settings["norm_coefficient"] * param.value)
        velocity[...] = v
    opt.step()
    return [param.value for param in params] + opt.velocity


def onnx_adam(settings: Any, lr: Any, t: Any, *values: Any) -> list[Any]:
    m = len(values) // 4
    params = [Param(x, "x") for x in values[:m]]
    opt = Adam(params, float(lr), (settings["alpha"], settings["beta"]), settings.get("epsilon", 1e-6))
    opt.t = int(t)
    for i, param in enumerate(params):
        param.grad = values[m + i] + settings["norm_coefficient"] * param.value
        opt.m[i][...], opt.v[i][...] = values[2 * m + i], values[3 * m + i]
    opt.step()
    return [param.value for param in params] + opt.m + opt.v


ONNX: dict[str, Callable[..., list[Any]]] = {
    "Identity": plain(Identity()),
    "Relu": plain(bplib.ReLU()),
    "Sigmoid": plain(bplib.Sigmoid()),
    "Tanh": plain(bplib.Tanh()),
    "LeakyRelu": lambda settings, x: [LeakyReLU(settings.get("alpha", 0.01)).forward(x)],
    "MaxPool": lambda settings, x: [MaxPool2d(settings["kernel_shape"][0]).forward(x)],
    "Flatten": plain(Flatten()),
    "Dropout": plain(Dropout(0.5, rng=RNG)),
    "Gemm": onnx_gemm,
    "MatMul": onnx_gemm,
    "Conv": onnx_conv,
    "Softmax": lambda settings, x: [softmax(x)],
    "LogSoftmax": lambda settings, x: [log_softmax(x)],
    "SoftmaxCrossEntropyLoss": onnx_sce,
    "RNN": onnx_recurrent,
    "GRU": onnx_recurrent,
    "BatchNormalization": onnx_batchnorm,
    "Momentum": onnx_momentum,
    "Adam": onnx_adam,
}


def say_onnx(case: dict[str, Any]) -> dict[str, Any]:
    count = sum(key.startswith("input") for key in case["arrays"])
    inputs = [case["arrays"][f"input_{i}"] for i in range(count)]
    outputs = ONNX[case["op"]](case["settings"], *inputs)
    return {f"output_{i}": output for i, output in enumerate(outputs)}


# ── PyTorch: 출력, 기울기, 100걸음의 자리 ──

SIMPLE = {"weight": "W", "bias": "b"}
GATED = {"weight_ih_l0": "W", "weight_hh_l0": "U", "bias_ih_l0": "b"}


def torch_layer(op: str, settings: Arrays, arrays: Arrays) -> tuple[Layer, dict[str, str]]:
    """층과, PyTorch의 이름 → bplib의 이름."""
    x = arrays["x"]
    shape, dtype = np.shape(arrays.get("weight", ())), x.dtype
    if op == "Linear":
        return Linear(shape[1], shape[0], rng=RNG, dtype=dtype), SIMPLE
    if op == "Conv2d":
        return Conv2d(shape[1], shape[0], shape[2], rng=RNG, **settings), SIMPLE
    if op == "Embedding":
        return Embedding(*shape, rng=RNG, **settings), {"weight": "W"}
    if op == "SelfAttention":
        return SelfAttention(shape[1], shape[0] // 3, rng=RNG), {"weight": "W"}
    if op == "BatchNorm":
        layer = BatchNorm(shape[0], eps=settings["eps"], momentum=settings["momentum"])
        layer.training = not settings.get("eval")
        if settings.get("eval"):
            layer.running_mean, layer.running_var = arrays["running_mean"], arrays["running_var"]
        return layer, {"weight": "gamma", "bias": "beta"}
    if op in ("RNN", "GRU"):
        return getattr(bplib, op)(x.shape[2], arrays["out"].shape[2], rng=RNG), GATED
    if op == "LeakyReLU":
        return LeakyReLU(settings["negative_slope"]), {}
    return getattr(bplib, op)(**settings), {}


def torch_forward_backward(op: str, settings: Arrays, arrays: Arrays) -> dict[str, Any]:
    layer, names = torch_layer(op, settings, arrays)
    set_values(layer, {ours: arrays[theirs] for theirs, ours in names.items()})
    width = arrays["out"].shape[-1]
    if names is GATED:  # PyTorch는 편향이 둘이에요. GRU의 ã 것만 따로 있고(c), 나머지는 더해요
        extra = arrays["bias_hh_l0"].copy()
        if op == "GRU":
            layer.c.value = extra[2 * width :]
            extra[2 * width :] = 0
        layer.b.value = layer.b.value + extra
    # 이어지지 않은 배열을 줘요
    x = np.repeat(arrays["x"], 2, axis=-1)[..., ::2]
    found: dict[str, Any] = {"out": layer.forward(x)}
    if "grad_x" in arrays:
        found["grad_x"] = layer.backward(np.asfortranarray(arrays["delta"]))
    else:
        layer.param_grads(arrays["delta"])
    found |= {f"grad_{theirs}": getattr(layer, ours).grad for theirs, ours in names.items()}
    if op == "GRU":
        found["grad_bias_hh_l0"] = np.concatenate([layer.b.grad[: 2 * width], layer.c.grad])
    if op == "BatchNorm":
        found |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
    return found


def torch_loss(op: str, settings: Arrays, arrays: Arrays) -> dict[str, Any]:
    """이진 교차 엔트로피는 출력 k개를 더하니, 평균 내는 PyTorch보다 k배예요."""
    loss, (_, k) = getattr(bplib, op)(), arrays["z"].shape
    times = k if op == "BinaryCrossEntropy" else 1
    E = loss.forward(arrays["z"], arrays["y"])
    return {"E": E / times, "grad": loss.backward() / arrays["z"].dtype.type(times)}


def torch_optimizer(op: str, settings: Arrays, arrays: Arrays) -> dict[str, Any]:
    w = Param(arrays["start"], "w")
    opt, path = getattr(bplib, op)([w], **settings), []
    for g in arrays["grads"]:
        w.grad = g
        opt.step()
        path.append(w.value.copy())
    return {"path": np.array(path)}


SCHEDULES = {
    "StepLR": schedules.step_decay,
    "CosineAnnealingLR": schedules.cosine,
    "CosineAnnealingWarmRestarts": schedules.warm_restarts,
}


def say_torch(case: dict[str, Any]) -> dict[str, Any]:
    op, settings, arrays = case["op"], case["settings"], case["arrays"]
    if op in SCHEDULES:
        schedule = SCHEDULES[op](**settings)
        return {"rates": np.array([schedule(t) for t in range(len(arrays["rates"]))])}
    if "z" in arrays:
        return torch_loss(op, settings, arrays)
    return (torch_optimizer if "path" in arrays else torch_forward_backward)(op, settings, arrays)


# ── 대조 ──


def differences(case: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    """다른 것과 그 상대 오차. 모양이 다르면 무한대."""
    different, kinds = {}, {array.dtype for array in case["arrays"].values()}
    tolerance = TOLERANCE["f4" if np.dtype("f4") in kinds else "f8"]
    for key, value in found.items():
        expected, value = case["arrays"][key], np.asarray(value)
        if value.shape != expected.shape:
            different[key] = np.inf
            continue
        gap, size = np.linalg.norm(value - expected), np.linalg.norm(expected)
        if not gap <= tolerance * size + 1e-15:
            different[key] = float(gap / size) if size else float(gap)
    return different


@pytest.mark.parametrize(("source", "say"), [("onnx", say_onnx), ("pytorch", say_torch)])
def test_published_cases_agree(source: str, say: Callable[..., dict[str, Any]], capsys: Any) -> None:
    cases = read(source)
    wrong = {case["name"]: gaps for case in cases if (gaps := differences(case, say(case)))}
    chosen = {name: gaps for name, gaps in wrong.items() if name in CONVENTIONS}
    with capsys.disabled():
        print(f"\n{source}: 말할 수 있는 사례 {len(cases)}개, 같은 것 {len(cases) - len(wrong)}개")
        print(f"  맞춰서 견줬어요: {', '.join(FITTED[source])}")
        for name, gaps in chosen.items():
            print(f"  약속이 달라요 ({name}, 상대 오차 {max(gaps.values()):.2g}): {CONVENTIONS[name]}")
    assert wrong.keys() == chosen.keys(), {name: gaps for name, gaps in wrong.items() if name not in chosen}
    assert source != "onnx" or chosen.keys() == CONVENTIONS.keys(), "약속이 같아졌어요"
