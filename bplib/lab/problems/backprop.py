"""5장(05-backprop)의 연습문제."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bplib import ledger
from bplib.lab.exercises import Exercise, Mistake, ledger_exercise
from bplib.lab.mistakes import SLIPS, Slip, one_step
from bplib.lab.problems.chain_rule import hidden_mistakes

L = ledger.LEDGER


def another(name: str, value: float, hint: str) -> Mistake:
    """다른 뉴런의 수를 쓴 실수."""
    return Mistake(f"{name} 썼어요.", hint, value)


def ex_5_1() -> Exercise:
    return ledger_exercise(
        "5.1",
        "delta2[1]",
        "출력 1의 델타 δ²₁은 얼마인가요? 출력은 0.5586, 목표는 1이에요.",
        why="출력이 목표보다 작으니 δ²₁은 음수, z를 키우면 오차가 줄어요.",
        solution="δ²₁ = (a - y) a (1 - a) = (0.5586 - 1) × 0.5586 × 0.4414 = -0.1088.",
    )


def ex_5_2() -> Exercise:
    return ledger_exercise(
        "5.2",
        "grad_W2[1,2]",
        "가중치 w²₁₂(은닉 2에서 출력 1로)의 기울기 ∂E/∂w²₁₂는 얼마인가요?",
        extra=[
            another(
                "은닉 2가 아니라 은닉 1의 활성값을",
                L.delta2[0] * L.a1[0],
                "w²₁₂의 2가 보내는 뉴런이에요.",
            ),
            another(
                "출력 1이 아니라 출력 2의 델타를",
                L.delta2[1] * L.a1[1],
                "w²₁₂의 1이 받는 뉴런이에요.",
            ),
        ],
        why="받는 쪽의 δ²₁에 보내는 쪽의 a¹₂를 곱해요.",
        solution="δ²₁ a¹₂ = -0.1088 × 0.5987 = -0.0652.",
    )


def ex_5_3() -> Exercise:
    return ledger_exercise(
        "5.3",
        "delta1[2]",
        "은닉 2의 델타 δ¹₂는 얼마인가요? 길이 둘이에요.",
        extra=hidden_mistakes(1),
        why="두 길 0.0435와 0.0784를 더한 0.1219에 기울기 0.2403을 곱해요.",
        solution="길 1은 -0.4 × (-0.1088) = 0.0435, 길 2는 0.6 × 0.1306 = 0.0784. "
        "더하면 0.1219, 여기에 0.5987 × (1 - 0.5987) = 0.2403을 곱해 0.0293.",
    )


def ex_5_4() -> Exercise:
    return ledger_exercise(
        "5.4",
        "grad_W1[2,2]",
        "가중치 w¹₂₂(입력 2에서 은닉 2로)의 기울기는 얼마인가요?",
        first=["missing_input"],
        extra=[
            another(
                "은닉 2가 아니라 은닉 1의 델타를", L.delta1[0] * L.x[1], "w¹₂₂의 앞 번호 2가 받는 뉴런이에요."
            ),
            Mistake(
                "은닉 뉴런의 기울기 f′(z¹)를 곱하지 않았어요.",
                "δ¹₂에는 a¹₂(1 − a¹₂)이 들어 있어요. 앞 문제의 δ를 다시 쓰세요.",
                (L.W2[:, 1] @ L.delta2) * L.x[1],
            ),
        ],
        why="받는 쪽의 δ¹₂에 보내는 쪽의 x₂를 곱해요. 앞 문제의 δ를 다시 썼어요.",
        solution="δ¹₂ x₂ = 0.0293 × 0.5 = 0.0146.",
    )


def ex_5_5() -> Exercise:
    return ledger_exercise(
        "5.5",
        "grad_b1[1]",
        "편향 b¹₁의 기울기는 얼마인가요?",
        extra=[
            *hidden_mistakes(0),
            another("은닉 1이 아니라 은닉 2의 델타를", L.delta1[1], "b¹₁의 아래 번호 1이 받는 뉴런이에요."),
        ],
        why="편향의 기울기는 받는 뉴런의 델타 δ¹₁ 그대로예요.",
        solution="δ¹₁ = [0.5 × (-0.1088) + (-0.3) × 0.1306] × 0.5498 × (1 - 0.5498) "
        "= -0.0936 × 0.2475 = -0.0232.",
    )


def ex_5_6() -> Exercise:
    return ledger_exercise(
        "5.6",
        "new_W2[2,2]",
        "학습률 0.5로 한 걸음 간 뒤, w²₂₂의 새 값은 얼마인가요? 옛 값은 0.6이에요.",
        first=["uphill", "missing_rate"],
        extra=[
            Mistake("기울기에서 멈췄어요.", "옛 값 0.6에서 η 곱하기 기울기를 빼 보세요.", L.grad_W2[1, 1])
        ],
        why="기울기가 양수라 w²₂₂를 줄여야 오차가 줄어요.",
        solution="기울기는 δ²₂ a¹₂ = 0.1306 × 0.5987 = 0.0782. 새 값은 0.6 - 0.5 × 0.0782 = 0.5609.",
    )


def ex_5_7() -> Exercise:
    out_weights = np.array([0.5, -1.0, 3.0])
    next_deltas = np.array([0.1, 0.2, -0.05])
    activation = 0.5

    def three_paths(
        w: np.ndarray = out_weights, d: np.ndarray = next_deltas, slope: float = activation * (1 - activation)
    ) -> float:
        return float(w @ d * slope)

    return Exercise(
        "5.7",
        "시그모이드 은닉 뉴런의 활성값이 0.5이고, 다음 층의 세 뉴런으로 나가는 "
        "가중치가 0.5, -1, 3이에요. 세 뉴런의 델타는 0.1, 0.2, -0.05예요. "
        "이 은닉 뉴런의 델타는 얼마인가요?",
        three_paths(),
        why=f"세 길을 더한 {out_weights @ next_deltas:.2f}에 기울기 0.25를 곱해요.",
        solution="0.5 × 0.1 + (-1) × 0.2 + 3 × (-0.05) "
        f"= 0.05 - 0.2 - 0.15 = {out_weights @ next_deltas:.2f}. "
        "시그모이드의 기울기는 0.5 × (1 - 0.5) = 0.25. "
        f"곱하면 {three_paths():.4f}.",
        mistakes=[
            Mistake("부호가 반대예요.", "음수인 가중치와 음수인 델타를 다시 확인해 보세요.", -three_paths()),
            Mistake(SLIPS["missing_slope"].diagnosis, SLIPS["missing_slope"].hint, three_paths(slope=1.0)),
            Mistake(
                "기울기 a(1 − a) 대신 a를 곱했어요.",
                "0.5 × (1 − 0.5)를 곱해 보세요.",
                three_paths(slope=activation),
            ),
            Mistake(
                "길마다 가중치를 곱하지 않고 델타만 더했어요.",
                "화살표의 가중치를 곱한 다음 더하세요.",
                three_paths(w=np.ones(3)),
            ),
            Mistake(
                "가중치의 부호를 떼고 곱했어요.",
                "가중치가 음수면 그 길의 부호가 뒤집혀요.",
                three_paths(w=np.abs(out_weights)),
            ),
            Mistake(
                "델타의 부호를 떼고 곱했어요.",
                "델타가 음수면 그대로 음수를 곱하세요.",
                three_paths(d=np.abs(next_deltas)),
            ),
            Mistake(
                "첫째 길 하나만 셌어요.",
                "나가는 길이 셋이니 셋을 모두 더하세요.",
                three_paths(w=out_weights * [1, 0, 0]),
            ),
            Mistake("세 길의 평균을 냈어요.", "길은 나누지 않고 그냥 더해요.", three_paths() / 3),
        ],
    )


def ex_5_8() -> Exercise:
    batch_x = np.array([[1.0, 0.5], [0.0, 1.0]])
    batch_y = np.array([[1.0, 0.0], [0.0, 1.0]])
    weights = {name: getattr(L, name) for name in ("W1", "b1", "W2", "b2")}

    def batch_grad(slip: Slip | None = None, chosen: slice = slice(None)) -> float:
        """chosen 표본만 넣은 배치에서 b²₁의 기울기."""
        return float(one_step(batch_x[chosen], batch_y[chosen], weights, L.eta, slip)["grad_b2"][0])

    sample_deltas = [batch_grad(chosen=slice(0, 1)), batch_grad(chosen=slice(1, 2))]
    return Exercise(
        "5.8",
        "표본이 둘인 배치예요. 오차는 두 표본의 평균이에요. 표본을 따로따로 "
        f"역전파해서 얻은 δ²₁은 첫 표본 {sample_deltas[0]:.4f}, 둘째 표본 "
        f"{sample_deltas[1]:.4f}. 배치에서 편향 b²₁의 기울기는 얼마인가요?",
        batch_grad(),
        why="배치의 기울기는 표본마다 셈한 기울기의 평균이에요.",
        solution=f"({sample_deltas[0]:.4f} + {sample_deltas[1]:.4f}) / 2 = {batch_grad():.4f}.",
        mistakes=[
            Mistake(s.diagnosis, s.hint, batch_grad(s)) for s in (SLIPS["missing_mean"], SLIPS["mean_twice"])
        ]
        + [
            Mistake("첫 표본만 셌어요.", "두 표본을 모두 더하세요.", sample_deltas[0]),
            Mistake("둘째 표본만 셌어요.", "두 표본을 모두 더하세요.", sample_deltas[1]),
            Mistake(
                "두 표본의 차이를 냈어요.",
                "부호가 있는 채로 더해서 평균을 내요.",
                (sample_deltas[1] - sample_deltas[0]) / 2,
            ),
        ],
    )


Array = np.ndarray
Backward = Callable[[Array, Array, Array], tuple[Array, ...]]


def right_backward(delta: Array, a: Array, W: Array) -> tuple[Array, ...]:
    return delta.T @ a, delta.sum(axis=0), delta @ W


def wrong_backward(part: int, replacement: Callable[[Array, Array, Array], Array]) -> Backward:
    """옳은 것에서 하나만 바꿔요. 0은 grad_W, 1은 grad_b, 2는 grad_a."""

    def backward(delta: Array, a: Array, W: Array) -> tuple[Array, ...]:
        grads = right_backward(delta, a, W)
        return (*grads[:part], replacement(delta, a, W), *grads[part + 1 :])

    return backward


def ex_5_9() -> Exercise:
    rng = np.random.default_rng(9)
    cases = [
        tuple(rng.normal(size=shape).round(1) for shape in ((3, 2), (3, 2), (2, 2))),
        tuple(rng.normal(size=shape).round(1) for shape in ((2, 3), (2, 3), (3, 3))),
    ]
    return Exercise(
        "5.9",
        "선형층 하나의 backward(delta, a, W)를 써서 (grad_W, grad_b, grad_a)를 돌려주세요.",
        right_backward,
        why="가중치는 δᵀ a, 편향은 δ의 행을 더한 것, 앞 층으로는 δ W예요.",
        solution="grad_W = delta.T @ a, grad_b = delta.sum(axis=0), "
        "grad_a = delta @ W. 표본이 행이라 Wᵀδ가 δ W로 적혀요. "
        "1/n은 손실이 이미 넣었으니 다시 나누지 않아요.",
        cases=cases,
        mistakes=[
            Mistake(
                "가중치의 기울기가 전치됐어요.",
                "W와 같은 모양 (출력 수, 입력 수)이어야 해요. delta.T @ a를 해 보세요.",
                wrong_backward(0, lambda d, a, W: a.T @ d),
            ),
            Mistake(
                "가중치의 기울기를 표본 수로 한 번 더 나눴어요.",
                "1/n은 손실이 delta에 이미 넣었어요.",
                wrong_backward(0, lambda d, a, W: d.T @ a / len(d)),
            ),
            Mistake(
                "가중치의 기울기에 첫 표본만 썼어요.",
                "모든 표본의 δ × a를 더해야 해요.",
                wrong_backward(0, lambda d, a, W: np.outer(d[0], a[0])),
            ),
            Mistake(
                "편향의 기울기를 표본이 아니라 뉴런을 따라 더했어요.",
                "표본은 행이니 axis=0으로 더하세요.",
                wrong_backward(1, lambda d, a, W: d.sum(axis=1)),
            ),
            Mistake(
                "편향의 기울기를 합이 아니라 평균으로 냈어요.",
                "1/n은 손실이 delta에 이미 넣었어요. 더하기만 하세요.",
                wrong_backward(1, lambda d, a, W: d.mean(axis=0)),
            ),
            Mistake(
                "편향의 기울기를 배치에서 더하지 않고 첫 표본의 δ만 썼어요.",
                "모든 표본의 δ를 더하세요.",
                wrong_backward(1, lambda d, a, W: d[0]),
            ),
            Mistake(
                "앞 층으로 보낼 때 W를 한 번 더 눕혔어요.",
                "표본이 행이면 delta @ W예요. Wᵀδ를 눕힌 것이거든요.",
                wrong_backward(2, lambda d, a, W: d @ W.T),
            ),
            Mistake(
                "앞 층으로 δ를 그대로 보냈어요.",
                "화살표의 가중치 W를 곱해야 해요.",
                wrong_backward(2, lambda d, a, W: d),
            ),
        ],
    )
