"""5장(05-backprop)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib import ledger
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake, ledger_exercise
from bplib.lab.mistakes import SLIPS, Slip, one_step
from bplib.lab.problems.chain_rule import written
from bplib.lab.problems.forward import SIGMA

L = ledger.EXERCISE_LEDGER


def hidden_mistakes(j: int) -> list[Mistake]:
    """은닉 뉴런 j에서만 저지르는 실수."""
    total, a = L.W2[:, j] @ L.delta2, L.a1[j]
    bare = L.W2[:, j] @ (L.a2 - L.y)  # 출력의 f′(z²)를 빼먹은 것
    return [
        Mistake(
            "은닉 뉴런의 기울기 f′(z¹)를 곱하지 않았어요.",
            "두 길을 더한 다음 a¹(1 − a¹)을 한 번 더 곱하세요.",
            total,
        ),
        Mistake(
            "출력 뉴런의 기울기 f′(z²)를 곱하지 않았어요.",
            "출력에서는 a² − y에 a²(1 − a²)까지 곱한 것이 출발점이에요.",
            bare * a * (1 - a),
        ),
        Mistake(
            "은닉 뉴런에서 f′(z¹) 대신 a¹을 곱했어요.", "시그모이드의 기울기는 a¹(1 − a¹)이에요.", total * a
        ),
        Mistake(
            "은닉 뉴런의 기울기에 그 뉴런의 활성값을 한 번 더 곱했어요.",
            "a¹은 다음 층 가중치의 기울기에 곱하는 수예요.",
            total * a * (1 - a) * a,
        ),
    ]


def another(name: str, value: float, hint: str) -> Mistake:
    """다른 뉴런의 수를 쓴 실수."""
    return Mistake(f"{name} 썼어요.", hint, value)


def ex_5_1() -> Exercise:
    a, y = L.a2[0], L.y[0]
    return ledger_exercise(
        "5.1",
        "delta2[1]",
        f"출력 1의 델타 δ²₁은 얼마인가요? 출력은 {a:.4f}, 정답은 {y:g}예요.",
        why="출력이 정답보다 작으니 δ²₁은 음수, z를 키우면 오차가 줄어요.",
        solution=f"δ²₁ = (a - y) a (1 - a) = ({a:.4f} - {y:g}) × {a:.4f} × {1 - a:.4f} = {L.delta2[0]:.4f}.",
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
        solution=f"δ²₁ a¹₂ = {L.delta2[0]:.4f} × {L.a1[1]:.4f} = {L.grad_W2[0, 1]:.4f}.",
    )


def ex_5_3() -> Exercise:
    paths, (w1, w2), a = L.W2[:, 1] * L.delta2, L.W2[:, 1], L.a1[1]
    d1, d2 = L.delta2
    return ledger_exercise(
        "5.3",
        "delta1[2]",
        "은닉 2의 델타 δ¹₂는 얼마인가요? 길이 둘이에요.",
        extra=hidden_mistakes(1),
        why=f"두 길을 더한 {paths.sum():.4f}에 시그모이드의 기울기 {a * (1 - a):.4f}을 곱해요.",
        solution=f"길 1은 {w1:g} × {written(d1)} = {paths[0]:.4f}, 길 2는 {w2:g} × {written(d2)} = {paths[1]:.4f}. "
        f"더하면 {paths.sum():.4f}, 여기에 {a:.4f} × (1 - {a:.4f}) = {a * (1 - a):.4f}을 곱해 {L.delta1[1]:.4f}.",
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
            another(
                "보낸 입력 2가 아니라 입력 1을", L.delta1[1] * L.x[0], "w¹₂₂의 뒤 번호 2가 보내는 입력이에요."
            ),
            Mistake(
                "은닉 뉴런의 기울기 f′(z¹)를 곱하지 않았어요.",
                "δ¹₂에는 a¹₂(1 − a¹₂)이 들어 있어요. 앞 문제의 δ를 다시 쓰세요.",
                (L.W2[:, 1] @ L.delta2) * L.x[1],
            ),
        ],
        why="받는 쪽의 δ¹₂에 보내는 쪽의 x₂를 곱해요. 앞 문제의 δ를 다시 썼어요.",
        solution=f"δ¹₂ x₂ = {L.delta1[1]:.4f} × {L.x[1]:g} = {L.grad_W1[1, 1]:.4f}.",
    )


def ex_5_5() -> Exercise:
    (d1, d2), (w1, w2), a = L.delta2, L.W2[:, 0], L.a1[0]
    return ledger_exercise(
        "5.5",
        "grad_b1[1]",
        "편향 b¹₁의 기울기는 얼마인가요?",
        extra=[
            *hidden_mistakes(0),
            another("은닉 1이 아니라 은닉 2의 델타를", L.delta1[1], "b¹₁의 아래 번호 1이 받는 뉴런이에요."),
        ],
        why="편향의 기울기는 받는 뉴런의 델타 δ¹₁ 그대로예요.",
        solution=f"δ¹₁ = [{written(w1, 'g')} × {written(d1)} + {written(w2, 'g')} × {written(d2)}] "
        f"× {a:.4f} × (1 - {a:.4f}) = {w1 * d1 + w2 * d2:.4f} × {a * (1 - a):.4f} = {L.delta1[0]:.4f}.",
    )


def ex_5_6() -> Exercise:
    old, gradient, new = L.W2[1, 1], L.grad_W2[1, 1], L.new_W2[1, 1]
    return ledger_exercise(
        "5.6",
        "new_W2[2,2]",
        f"학습률 {L.eta}로 한 걸음 간 뒤, w²₂₂의 새 값은 얼마인가요? 옛 값은 {old:g}예요.",
        first=["uphill", "missing_rate"],
        extra=[Mistake("기울기에서 멈췄어요.", f"옛 값 {old:g}에서 η 곱하기 기울기를 빼 보세요.", gradient)],
        why="기울기가 양수라 w²₂₂를 줄여야 오차가 줄어요.",
        solution=f"기울기는 δ²₂ a¹₂ = {L.delta2[1]:.4f} × {L.a1[1]:.4f} = {gradient:.4f}. "
        f"새 값은 {old:g} - {L.eta} × {gradient:.4f} = {new:.4f}.",
    )


def ex_5_7() -> Exercise:
    out_weights = np.array([0.6, -1.2, 3.0])
    next_deltas = np.array([0.1, 0.2, -0.05])
    activation = 0.8

    def three_paths(
        w: np.ndarray = out_weights, d: np.ndarray = next_deltas, slope: float = activation * (1 - activation)
    ) -> float:
        return float(w @ d * slope)

    return Exercise(
        "5.7",
        "시그모이드 은닉 뉴런의 활성값이 0.8이고, 다음 층의 세 뉴런으로 나가는 "
        "가중치가 0.6, -1.2, 3이에요. 세 뉴런의 델타는 0.1, 0.2, -0.05예요. "
        "이 은닉 뉴런의 델타는 얼마인가요?",
        three_paths(),
        why=f"세 길을 더한 {out_weights @ next_deltas:.2f}에 기울기 0.16을 곱해요.",
        solution="0.6 × 0.1 + (-1.2) × 0.2 + 3 × (-0.05) "
        f"= 0.06 - 0.24 - 0.15 = {out_weights @ next_deltas:.2f}. "
        "시그모이드의 기울기는 0.8 × (1 - 0.8) = 0.16. "
        f"곱하면 {three_paths():.4f}.",
        mistakes=[
            Mistake("부호가 반대예요.", "음수인 가중치와 음수인 델타를 다시 확인해 보세요.", -three_paths()),
            Mistake(SLIPS["missing_slope"].diagnosis, SLIPS["missing_slope"].hint, three_paths(slope=1.0)),
            Mistake(
                "기울기 a(1 − a) 대신 a를 곱했어요.",
                "0.8 × (1 − 0.8)을 곱해 보세요.",
                three_paths(slope=activation),
            ),
            Mistake(
                SLIPS["slope_is_one_minus_a"].diagnosis,
                SLIPS["slope_is_one_minus_a"].hint,
                three_paths(slope=1 - activation),
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
    batch_x = np.array([L.x, [0.2, 0.9]])
    batch_y = np.array([L.y, [0.1, 0.9]])
    weights = {name: getattr(L, name) for name in ("W1", "b1", "W2", "b2")}

    def batch_grad(slip: Slip | None = None, chosen: slice = slice(None)) -> float:
        """chosen 표본만 넣은 배치에서 b²₁의 기울기."""
        return float(one_step(batch_x[chosen], batch_y[chosen], weights, L.eta, slip)["grad_b2"][0])

    sample_deltas = [batch_grad(chosen=slice(0, 1)), batch_grad(chosen=slice(1, 2))]
    return Exercise(
        "5.8",
        "표본이 둘인 배치예요. 오차는 두 표본의 평균이에요. 표본을 따로따로 "
        f"역전파해서 얻은 δ²₁이 첫 표본은 {sample_deltas[0]:.4f}, 둘째 표본은 "
        f"{sample_deltas[1]:.4f}일 때, 배치에서 편향 b²₁의 기울기는 얼마인가요?",
        batch_grad(),
        why="배치의 기울기는 표본마다 계산한 기울기의 평균이에요.",
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


def ex_5_9() -> CodeExercise:
    return CodeExercise(
        "5.9",
        "출력의 목록 a와 정답의 목록 y를 받아 출력층의 델타의 목록을 돌려주는 함수를 쓰세요. 시그모이드 뉴런이고 "
        "E는 제곱 오차의 절반이에요.",
        """
        def output_delta(a, y):
            delta = []
            for k in range(len(a)):
                slope = a[k] * (1 - a[k])
                delta.append((a[k] - y[k]) * slope)
            return delta
        """,
        cases=["[0.6, 0.7], [0.9, 0.1]", "[0.3, 0.8, 0.4], [0.2, 0.7, 0.9]"],
        why="출력마다 출력과 정답의 차에 시그모이드의 기울기를 곱했어요. BP1이에요.",
        mistakes=[
            Mistake(
                "부호가 반대예요. (a - y)를 (y - a)로 썼어요.",
                "E = ½(y - a)²을 a로 미분하면 a - y예요.",
                {"(a[k] - y[k])": "(y[k] - a[k])"},
            ),
            Mistake(
                "½을 잊어 두 배가 됐어요.",
                "E 앞의 ½이 미분에서 나온 2를 지워요.",
                {"(a[k] - y[k])": "2 * (a[k] - y[k])"},
            ),
            Mistake(
                "차이의 제곱에서 출발했어요.",
                "E 자체가 아니라 E를 a로 미분한 a - y가 필요해요.",
                {"(a[k] - y[k])": "(a[k] - y[k]) ** 2"},
            ),
            Mistake("정답 y를 빼지 않았어요.", "출력과 정답의 차에서 출발해요.", {"(a[k] - y[k])": "a[k]"}),
            Mistake(
                "활성화 함수의 기울기를 곱하지 않았어요.",
                "∂E/∂a에 a(1 - a)를 곱해야 δ가 돼요.",
                {"slope = a[k] * (1 - a[k])": "slope = 1"},
            ),
            Mistake(
                "a(1 - a) 대신 a를 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"slope = a[k] * (1 - a[k])": "slope = a[k]"},
            ),
            Mistake(
                "a를 빼먹고 1 - a만 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"slope = a[k] * (1 - a[k])": "slope = 1 - a[k]"},
            ),
            Mistake(
                "tanh의 기울기 1 - a²을 썼어요.",
                "이 신경망의 활성화 함수는 시그모이드예요.",
                {"slope = a[k] * (1 - a[k])": "slope = 1 - a[k] ** 2"},
            ),
        ],
    )


def ex_5_10() -> CodeExercise:
    return CodeExercise(
        "5.10",
        "다음 층의 델타의 목록 delta_next, 다음 층의 가중치 행렬 W_next, 이 층의 활성값의 목록 a를 받아 이 층의 "
        "델타의 목록을 돌려주는 함수를 쓰세요. W_next[k][j]는 이 층의 뉴런 j에서 다음 층의 뉴런 k로 가는 "
        "가중치예요.",
        """
        def hidden_delta(delta_next, W_next, a):
            delta = []
            for j in range(len(a)):
                total = 0
                for k in range(len(delta_next)):
                    total = total + W_next[k][j] * delta_next[k]
                delta.append(total * a[j] * (1 - a[j]))
            return delta
        """,
        cases=[
            "[-0.07, 0.12], [[-0.8, 0.7], [0.6, -0.9]], [0.63, 0.44]",
            "[0.3, -0.2, 0.4], [[0.7, -0.6, 1.2], [0.2, 0.9, -0.4], [1.3, 0.8, -0.7]], [0.6, 0.2, 0.7]",
        ],
        why="다음 층의 델타에 그리로 나간 가중치를 곱해 더하고, 제 시그모이드의 기울기를 곱했어요. BP2예요.",
        mistakes=[
            Mistake(
                "가중치의 행과 열을 바꿔 읽었어요.",
                "은닉 j로 모이는 것은 W의 j열이에요: W_next[k][j].",
                {"total + W_next[k][j] * delta_next[k]": "total + W_next[j][k] * delta_next[k]"},
            ),
            Mistake(
                "가중치를 곱하지 않고 δ를 그대로 더했어요.",
                "길마다 그 화살표의 가중치를 곱해서 더하세요.",
                {"total + W_next[k][j] * delta_next[k]": "total + delta_next[k]"},
            ),
            Mistake(
                "더해 나가지 않아 마지막 길만 남았어요.",
                "갈라진 길끼리는 더해요. 지금까지의 total에 더하세요.",
                {"total + W_next[k][j] * delta_next[k]": "W_next[k][j] * delta_next[k]"},
            ),
            Mistake(
                "첫 길 하나만 셌어요.",
                "다음 층의 모든 뉴런으로 가는 길을 더하세요.",
                {"range(len(delta_next))": "range(1)"},
            ),
            Mistake(
                "첫 길을 빠뜨렸어요.",
                "목록의 자리는 0부터 세요: range(len(delta_next)).",
                {"range(len(delta_next))": "range(1, len(delta_next))"},
            ),
            Mistake(
                "은닉 뉴런의 기울기 a(1 - a)를 곱하지 않았어요.",
                "길을 모두 더한 다음 제 a(1 - a)를 한 번 더 곱하세요.",
                {"total * a[j] * (1 - a[j])": "total"},
            ),
            Mistake(
                "a(1 - a) 대신 a를 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"total * a[j] * (1 - a[j])": "total * a[j]"},
            ),
            Mistake(
                "뉴런마다 total을 0으로 되돌리지 않았어요.",
                "total = 0은 j의 for 안에서 뉴런마다 적으세요.",
                {
                    "    for j in range(len(a)):\n        total = 0\n": "    total = 0\n"
                    "    for j in range(len(a)):\n"
                },
            ),
        ],
    )


def ex_5_11() -> CodeExercise:
    return CodeExercise(
        "5.11",
        "선형층 하나의 역전파예요. 배치의 delta와 a, 가중치 W를 받아 (grad_W, grad_b, grad_a)를 돌려주는 함수를 "
        "쓰세요. 표본마다 한 줄이에요. delta에는 1/n이 이미 들어 있어요.",
        """
        def backward(delta, a, W):
            grad_W = [[0] * len(W[0]) for k in range(len(W))]
            grad_b = [0] * len(W)
            grad_a = [[0] * len(W[0]) for s in range(len(a))]
            for s in range(len(a)):
                for k in range(len(W)):
                    grad_b[k] += delta[s][k]
                    for i in range(len(W[0])):
                        grad_W[k][i] += delta[s][k] * a[s][i]
                        grad_a[s][i] += delta[s][k] * W[k][i]
            return grad_W, grad_b, grad_a
        """,
        cases=[
            "[[0.3, -0.2], [0.7, 0.4], [-0.6, 0.9]], [[0.6, 2.0], [-1.3, 0.4], [0.8, -0.7]], "
            "[[0.2, 0.7], [-0.4, 1.3]]",
            "[[0.4, -0.3, 0.8], [-0.7, 0.2, 0.6]], [[0.9, -0.6, 1.4], [0.3, 2.0, -0.8]], "
            "[[0.7, -0.2, 0.3], [1.2, 0.6, -0.9], [-0.4, 0.8, 1.7]]",
        ],
        why="가중치는 표본마다의 δ × a를, 편향은 표본마다의 δ를 더했고, 앞 층으로는 δ에 가중치를 곱해 더했어요. "
        "bplib의 Linear.backward가 하는 일이에요.",
        mistakes=[
            Mistake(
                "가중치의 기울기를 더해 나가지 않아 마지막 표본의 것만 남았어요.",
                "모든 표본의 δ × a를 더해야 해요.",
                {"grad_W[k][i] +=": "grad_W[k][i] ="},
            ),
            Mistake(
                "가중치의 기울기를 표본 수로 한 번 더 나눴어요.",
                "1/n은 손실이 delta에 이미 넣었어요.",
                {"delta[s][k] * a[s][i]": "delta[s][k] * a[s][i] / len(a)"},
            ),
            Mistake(
                "가중치의 기울기에 보내는 쪽의 활성값을 곱하지 않았어요.",
                "가중치의 기울기는 받는 쪽의 δ × 보내는 쪽의 a예요.",
                {"delta[s][k] * a[s][i]": "delta[s][k]"},
            ),
            Mistake(
                "편향의 기울기를 합이 아니라 평균으로 냈어요.",
                "1/n은 손실이 delta에 이미 넣었어요. 더하기만 하세요.",
                {"grad_b[k] += delta[s][k]": "grad_b[k] += delta[s][k] / len(a)"},
            ),
            Mistake(
                "편향의 기울기를 배치에서 더하지 않고 첫 표본의 δ만 썼어요.",
                "모든 표본의 δ를 더하세요.",
                {"grad_b[k] += delta[s][k]": "grad_b[k] = delta[0][k]"},
            ),
            Mistake(
                "편향의 기울기를 더해 나가지 않아 마지막 표본의 δ만 남았어요.",
                "모든 표본의 δ를 더하세요.",
                {"grad_b[k] += delta[s][k]": "grad_b[k] = delta[s][k]"},
            ),
            Mistake(
                "앞 층으로 보낼 때 W의 행과 열을 바꿔 곱했어요.",
                "W[k][i]에서 k가 받는 뉴런, i가 보내는 뉴런이에요. 배열이라면 delta @ W예요.",
                {"delta[s][k] * W[k][i]": "delta[s][k] * W[i][k]"},
            ),
            Mistake(
                "앞 층으로 보낼 때 가중치를 곱하지 않았어요.",
                "길마다 그 화살표의 가중치를 곱해서 더하세요.",
                {"delta[s][k] * W[k][i]": "delta[s][k]"},
            ),
            Mistake(
                "앞 층으로 보낼 때 더해 나가지 않아 마지막 길만 남았어요.",
                "이 층의 모든 뉴런에서 온 것을 더하세요.",
                {"grad_a[s][i] +=": "grad_a[s][i] ="},
            ),
            Mistake(
                "가중치의 기울기가 전치됐어요.",
                "W와 같은 모양 (출력 수, 입력 수)이어야 해요. 배열이라면 delta.T @ a예요.",
                {"grad_W[k][i] +=": "grad_W[i][k] +="},
            ),
            Mistake(
                "편향의 기울기를 표본이 아니라 뉴런을 따라 더했어요.",
                "편향은 뉴런마다 하나예요. 배열이라면 axis=0으로 더하세요.",
                {"grad_b = [0] * len(W)": "grad_b = [0] * len(a)", "grad_b[k] +=": "grad_b[s] +="},
            ),
            Mistake(
                "앞 층으로 δ를 그대로 보냈어요.",
                "화살표의 가중치 W를 곱해야 해요.",
                {"return grad_W, grad_b, grad_a": "return grad_W, grad_b, delta"},
            ),
        ],
    )


def ex_5_12() -> CodeExercise:
    return CodeExercise(
        "5.12",
        "표본 하나의 역전파예요. 입력의 목록 x, 정답의 목록 y, 층마다의 가중치 행렬과 편향을 담은 목록 weights와 "
        "biases를 받아, 층마다의 기울기를 담은 목록 둘 (grad_weights, grad_biases)을 돌려주는 함수를 쓰세요. "
        "층이 몇 개든 되고 모두 시그모이드예요. 미리 드린 forward는 [x, 첫 층의 활성값, …, 출력]을 돌려줘요.",
        """
        def backprop(x, y, weights, biases):
            a = forward(x, weights, biases)
            delta = [(p - t) * p * (1 - p) for p, t in zip(a[-1], y)]
            grad_weights, grad_biases = [], []
            for layer in range(len(weights) - 1, -1, -1):
                W, before = weights[layer], a[layer]
                grad_weights.insert(0, [[d * v for v in before] for d in delta])
                grad_biases.insert(0, delta)
                back = []
                for j in range(len(before)):
                    total = sum(W[k][j] * delta[k] for k in range(len(delta)))
                    back.append(total * before[j] * (1 - before[j]))
                delta = back
            return grad_weights, grad_biases
        """,
        cases=[
            "[0.7, 0.3], [0.9, 0.1], [[[0.8, 0.9], [-0.2, 0.3], [0.4, -0.7]], "
            "[[-0.8, 0.7, 0.2], [0.6, -0.9, 1.2]]], [[-0.3, -0.2, 0.4], [0.6, 0.3]]",
            "[0.6, -0.4], [0.8], [[[0.4, 0.8], [-0.9, 0.2]], [[-0.9, 0.7], [0.3, -0.8]], [[1.4, -0.6]]], "
            "[[0.4, -0.2], [-0.1, 0.6], [0.2]]",
        ],
        why="출력에서 시작해 한 층씩 뒤로 오며, 층마다 δ로 기울기를 적고 그 δ로 앞 층의 δ를 구했어요.",
        mistakes=[
            Mistake(
                "부호가 반대예요. (a - y)를 (y - a)로 썼어요.",
                "출력에서 정답을 빼요.",
                {"(p - t)": "(t - p)"},
            ),
            Mistake(
                "출력층에서 a(1 - a) 대신 a를 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"p * (1 - p)": "p"},
            ),
            Mistake(
                "첫 층까지 오지 않고 멈췄어요.",
                "range(n - 1, -1, -1)은 n - 1부터 0까지 거꾸로 세요.",
                {"range(len(weights) - 1, -1, -1)": "range(len(weights) - 1, 0, -1)"},
            ),
            Mistake(
                "출력층을 빠뜨리고 그 앞 층부터 시작했어요.",
                "마지막 층의 번호는 len(weights) - 1이에요.",
                {"range(len(weights) - 1, -1, -1)": "range(len(weights) - 2, -1, -1)"},
            ),
            Mistake(
                "보내는 쪽이 아니라 받는 쪽의 활성값을 곱했어요.",
                "이 층으로 들어온 것은 a[layer]예요.",
                {"for v in before": "for v in a[layer + 1]"},
            ),
            Mistake(
                "모든 층에서 신경망의 입력 x를 곱했어요.",
                "x가 곱해지는 것은 첫 층뿐이에요. 층마다 그 층으로 들어온 활성값을 곱하세요.",
                {"for v in before": "for v in x"},
            ),
            Mistake(
                "되돌아올 때 가중치를 곱하지 않았어요.",
                "길마다 그 화살표의 가중치를 곱해서 더하세요.",
                {"W[k][j] * delta[k]": "delta[k]"},
            ),
            Mistake(
                "은닉층의 기울기 a(1 - a)를 곱하지 않았어요.",
                "길을 모두 더한 다음 제 a(1 - a)를 곱하세요.",
                {"total * before[j] * (1 - before[j])": "total"},
            ),
            Mistake(
                "은닉층에서 a(1 - a) 대신 a를 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"total * before[j] * (1 - before[j])": "total * before[j]"},
            ),
            Mistake(
                "구한 δ로 바꾸지 않아, 모든 층이 출력층의 δ를 썼어요.",
                "되풀이의 끝에서 delta를 앞 층의 것으로 바꾸세요.",
                {"        delta = back\n": ""},
            ),
            Mistake(
                "바로 다음 층이 아니라 늘 출력층의 δ를 더했어요.",
                "합은 바로 다음 층에 대한 것이에요. 방금 구한 delta를 쓰세요.",
                {
                    "grad_weights, grad_biases = [], []": "grad_weights, grad_biases, end = [], [], delta",
                    "W[k][j] * delta[k] for k in range(len(delta))": "W[k][j] * end[k] for k in range(len(end))",
                },
            ),
            Mistake(
                "뒤에서부터 담아 층의 차례가 거꾸로예요.",
                "첫 층의 것이 맨 앞에 오게 insert(0, …)로 담거나 끝에서 뒤집으세요.",
                {
                    "grad_weights.insert(0, ": "grad_weights.append(",
                    "grad_biases.insert(0, ": "grad_biases.append(",
                },
            ),
        ],
        given=f"""{SIGMA}

def forward(x, weights, biases):
    a = [x]
    for W, b in zip(weights, biases):
        z = [sum(w * v for w, v in zip(W[j], a[-1])) + b[j] for j in range(len(b))]
        a.append([sigma(one) for one in z])
    return a
""",
    )
