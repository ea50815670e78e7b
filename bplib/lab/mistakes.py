"""알려진 실수: 두 층 신경망의 한 걸음에서 딱 한 군데만 틀리게 계산해, 그 실수가 낳는 수를 만들어요.

올바른 한 걸음은 아래 여덟 조각으로 되어 있어요. 실수마다 조각 하나를 잘못된 것으로 바꿔요.
그래서 틀린 답의 값은 손으로 적지 않고 언제나 계산해서 얻어요.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bplib._checks import Array, check_floats, check_matrix, check_number, check_type, report
from bplib.activations import sigmoid

#: 올바른 조각들. 배열은 표본을 행으로 쌓은 (n, …)이에요.
STEPS: dict[str, Callable[..., Any]] = {
    "weighted_sum": lambda a, W, b: a @ W.T + b,
    "activation": sigmoid,
    "error": lambda a, y: (a - y) / len(y),
    "slope": lambda a: a * (1 - a),
    "spread": lambda delta, W, new_W: delta @ W,
    "weight_grad": lambda delta, a_in, z_in, a_out: delta.T @ a_in,
    "bias_grad": lambda delta, a_in: delta.sum(axis=0),
    "update": lambda value, grad, eta: value - eta * grad,
}


@dataclass(frozen=True)
class Slip:
    """실수 하나: 진단 한 문장, 길잡이, 그리고 잘못된 조각."""

    diagnosis: str
    hint: str
    steps: Mapping[str, Callable[..., Any]]


SLIPS: dict[str, Slip] = {
    "missing_bias": Slip(
        "가중합에 편향 b를 더하지 않았어요.",
        "z = w₁x₁ + w₂x₂ + b에서 마지막 b를 확인해 보세요.",
        {"weighted_sum": lambda a, W, b: a @ W.T},
    ),
    "transposed_forward": Slip(
        "순전파에서 W의 행과 열을 바꿔 곱했어요.",
        "행이 받는 뉴런이에요. wⱼᵢ에서 j가 받는 쪽이에요.",
        {"weighted_sum": lambda a, W, b: a @ W + b},
    ),
    "missing_activation": Slip(
        "활성화 함수를 지나지 않고 z를 그대로 썼어요.",
        "a = σ(z)를 먼저 계산하세요.",
        {"activation": lambda z: z},
    ),
    "missing_slope": Slip(
        "활성화 함수의 기울기 f′(z)를 곱하지 않았어요.",
        "∂E/∂a에 f′(z) = a(1 − a)를 곱해야 δ가 돼요.",
        {"slope": lambda a: 1.0},
    ),
    "slope_at_a": Slip(
        "f′을 z가 아니라 a에서 계산했어요.",
        "a(1 − a)에는 시그모이드가 이미 들어 있어요. σ를 한 번 더 씌우지 마세요.",
        {"slope": lambda a: sigmoid(a) * (1 - sigmoid(a))},
    ),
    "slope_is_a": Slip(
        "f′(z) 대신 f(z), 곧 a를 곱했어요.",
        "시그모이드의 기울기는 a가 아니라 a(1 − a)예요.",
        {"slope": lambda a: a},
    ),
    "slope_is_one_minus_a": Slip(
        "f′(z)에서 a를 빼먹고 1 − a만 곱했어요.",
        "시그모이드의 기울기는 a(1 − a)예요.",
        {"slope": lambda a: 1 - a},
    ),
    "slope_of_tanh": Slip(
        "시그모이드가 아니라 tanh의 기울기 1 − a × a를 썼어요.",
        "이 신경망의 활성화 함수는 시그모이드예요.",
        {"slope": lambda a: 1 - a**2},
    ),
    "wrong_sign": Slip(
        "부호가 반대예요. (a − y)를 (y − a)로 썼어요.",
        "E = ½(y − a)²을 a로 미분하면 −(y − a) = a − y예요.",
        {"error": lambda a, y: (y - a) / len(y)},
    ),
    "missing_target": Slip(
        "정답 y를 빼지 않았어요.",
        "출력이 아니라 출력과 정답의 차 a − y에서 출발해요.",
        {"error": lambda a, y: a / len(y)},
    ),
    "squared_error": Slip(
        "차이 a − y 대신 차이의 제곱에서 출발했어요.",
        "E 자체가 아니라 E를 a로 미분한 a − y가 필요해요.",
        {"error": lambda a, y: (a - y) ** 2 / len(y)},
    ),
    "missing_half": Slip(
        "절반 ½을 잊고 2(a − y)에서 출발했어요.",
        "E 앞의 ½이 미분에서 나온 2를 지워요.",
        {"error": lambda a, y: 2 * (a - y) / len(y)},
    ),
    "missing_mean": Slip(
        "표본 수로 나누지 않았어요.",
        "배치의 E는 표본 평균이니 1/n이 한 번 들어가요.",
        {"error": lambda a, y: a - y},
    ),
    "mean_twice": Slip(
        "표본 수로 두 번 나눴어요.",
        "1/n은 손실에서 한 번만 나눠요.",
        {"error": lambda a, y: (a - y) / len(y) ** 2},
    ),
    "first_path_only": Slip(
        "은닉 뉴런에서 나가는 두 길 가운데 하나만 셌어요.",
        "출력 1로 가는 길과 출력 2로 가는 길을 더하세요.",
        {"spread": lambda delta, W, new_W: delta[:, :1] @ W[:1]},
    ),
    "last_path_only": Slip(
        "은닉 뉴런에서 나가는 길 가운데 마지막 것만 셌어요.",
        "모든 출력 뉴런으로 가는 길을 더하세요.",
        {"spread": lambda delta, W, new_W: delta[:, -1:] @ W[-1:]},
    ),
    "transposed_backward": Slip(
        "되돌아올 때 W의 행과 열을 바꾸지 않았어요.",
        "은닉 j로 모이는 것은 W²의 j열이에요: Σₖ wₖⱼ δₖ.",
        {"spread": lambda delta, W, new_W: delta @ W.T},
    ),
    "missing_weight": Slip(
        "되돌아올 때 가중치를 곱하지 않고 δ를 그대로 더했어요.",
        "길마다 그 화살표의 가중치를 곱해서 더하세요.",
        {"spread": lambda delta, W, new_W: delta @ np.ones_like(W)},
    ),
    "updated_on_the_way": Slip(
        "이미 고친 W²로 되돌아왔어요.",
        "역전파가 끝날 때까지 가중치를 고치지 마세요. 고치는 것은 맨 나중이에요.",
        {"spread": lambda delta, W, new_W: delta @ new_W},
    ),
    "missing_input": Slip(
        "δ에서 멈추고, 화살표가 나온 뉴런의 활성값을 곱하지 않았어요.",
        "∂E/∂wⱼᵢ = δⱼ aᵢ예요.",
        {"weight_grad": lambda delta, a_in, z_in, a_out: delta.T @ np.ones_like(a_in)},
    ),
    "input_before_activation": Slip(
        "앞 층의 활성값 a 대신 가중합 z를 곱했어요.",
        "화살표를 타고 온 것은 활성값이에요.",
        {"weight_grad": lambda delta, a_in, z_in, a_out: delta.T @ z_in},
    ),
    "output_instead_of_input": Slip(
        "보내는 뉴런이 아니라 받는 뉴런의 활성값을 곱했어요.",
        "wⱼᵢ에는 받는 쪽의 δⱼ와 보내는 쪽의 aᵢ가 들어가요.",
        {"weight_grad": lambda delta, a_in, z_in, a_out: (delta * a_out).T @ np.ones_like(a_in)},
    ),
    "swapped_indices": Slip(
        "번호를 바꿔 읽어 다른 화살표의 기울기를 계산했어요.",
        "wⱼᵢ는 j가 받는 뉴런, i가 보내는 뉴런이에요.",
        {"weight_grad": lambda delta, a_in, z_in, a_out: a_in.T @ delta},
    ),
    "bias_with_input": Slip(
        "편향의 기울기에 앞 층의 활성값을 곱했어요.",
        "∂z/∂b = 1이니 편향의 기울기는 δ 그대로예요.",
        {"bias_grad": lambda delta, a_in: (delta * a_in).sum(axis=0)},
    ),
    "uphill": Slip(
        "기울기를 빼지 않고 더했어요.",
        "오차가 커지는 쪽의 반대로 가야 해요: w − η ∂E/∂w.",
        {"update": lambda value, grad, eta: value + eta * grad},
    ),
    "missing_rate": Slip(
        "학습률 η를 곱하지 않았어요.",
        "기울기에 η를 곱한 만큼만 움직여요.",
        {"update": lambda value, grad, eta: value - grad},
    ),
    "replaced": Slip(
        "옛 값에서 빼지 않고, −η ∂E/∂w를 새 값으로 썼어요.",
        "새 값은 옛 값 w에서 η ∂E/∂w를 뺀 것이에요.",
        {"update": lambda value, grad, eta: -eta * grad},
    ),
}


def one_step(
    x: Array, y: Array, weights: Mapping[str, Array], eta: float, slip: Slip | None = None
) -> dict[str, Array]:
    """두 층 신경망의 한 걸음을 계산해 모든 수를 이름으로 돌려줘요. ``slip``을 주면 그 실수를 하며 계산해요.

    x: (n, 입력), y: (n, 출력), weights: W1 (은닉, 입력), b1, W2 (출력, 은닉), b2.
    x나 y가 실수 행렬이 아니거나 weights의 이름·모양이 다르면 TypeError나 ValueError.
    순전파 z, a → 오차의 기울기 a − y → δ² = (a² − y)σ′ → δ¹ = (δ²W²)σ′ → 기울기 → 새 값.
    """
    _check(x, y, weights, slip)
    eta = check_number("one_step", "eta", eta, 0.0, math.inf, open_low=True)
    do = {**STEPS, **(slip.steps if slip else {})}
    v: dict[str, Array] = dict(weights)
    v["z1"] = do["weighted_sum"](x, v["W1"], v["b1"])
    v["a1"] = do["activation"](v["z1"])
    v["z2"] = do["weighted_sum"](v["a1"], v["W2"], v["b2"])
    v["a2"] = do["activation"](v["z2"])
    v["E"] = np.array(0.5 * np.sum((y - v["a2"]) ** 2) / len(y))

    v["delta2"] = do["error"](v["a2"], y) * do["slope"](v["a2"])
    _gradients(v, do, "2", v["a1"], v["z1"], eta)
    v["delta1"] = do["spread"](v["delta2"], v["W2"], v["new_W2"]) * do["slope"](v["a1"])
    _gradients(v, do, "1", x, x, eta)
    return v


def _check(x: Array, y: Array, weights: Mapping[str, Array], slip: Slip | None) -> None:
    """두 층 신경망의 수로 모양이 맞는지 봐요."""
    check_matrix("one_step", "x", x, None, None)
    check_matrix("one_step", "y", y, None, None)
    check_type("one_step", "slip", slip, (Slip, type(None)))
    check_type("one_step", "weights", weights, Mapping, "{이름: 배열}")
    if len(x) == 0 or len(x) != len(y):
        raise ValueError(report("one_step", "x와 y의 표본 수가", "같고 하나 이상", (len(x), len(y))))
    if set(weights) != {"W1", "b1", "W2", "b2"}:
        raise ValueError(report("one_step", "weights의 이름이", "W1, b1, W2, b2", list(weights)))
    for name, array in weights.items():
        check_floats("one_step", name, array)
    shapes = {name: array.shape for name, array in weights.items()}
    hidden = shapes["b1"][:1]
    wanted = {
        "W1": (*hidden, x.shape[1]),
        "b1": hidden,
        "W2": (y.shape[1], *hidden),
        "b2": (y.shape[1],),
    }
    if shapes != wanted:
        raise ValueError(report("one_step", "weights의 모양이", wanted, shapes))


def _gradients(
    v: dict[str, Array],
    do: Mapping[str, Callable[..., Any]],
    layer: str,
    a_in: Array,
    z_in: Array,
    eta: float,
) -> None:
    """한 층의 기울기와 새 값을 v에 적어요."""
    delta, a_out = v[f"delta{layer}"], v[f"a{layer}"]
    v[f"grad_W{layer}"] = do["weight_grad"](delta, a_in, z_in, a_out)
    v[f"grad_b{layer}"] = do["bias_grad"](delta, a_in)
    for name in (f"W{layer}", f"b{layer}"):
        v[f"new_{name}"] = do["update"](v[name], v[f"grad_{name}"], eta)
