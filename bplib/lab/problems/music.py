"""9장(09-music)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake


def tiny(w, u, x, y):
    """뉴런 하나, 걸음 여럿. 상태들과 δ들을 계산해요."""
    a = [0.0]
    for value in x:
        a.append(float(np.tanh(w * value + u * a[-1])))
    delta = [0.0] * (len(x) + 1)
    delta[-1] = (a[-1] - y) * (1 - a[-1] ** 2)
    for t in range(len(x) - 1, 0, -1):
        delta[t] = u * delta[t + 1] * (1 - a[t] ** 2)
    return a, delta


def ex_9_1() -> Exercise:
    a, d = tiny(0.8, 0.5, (1.0, 0.0), 0.0)
    return Exercise(
        "9.1",
        "뉴런 하나짜리 순환 신경망이 두 걸음을 걸어요. w = 0.8, u = 0.5, b = 0, 입력은 차례로 1과 0, "
        "정답은 0이에요. E = ½(a₂ - 0)²일 때 δ₁은 얼마일까요? 소수 넷째 자리까지 적으세요.",
        d[1],
        why="δ₁ = u δ₂ (1 - a₁²)이고, δ₂ = a₂ (1 - a₂²)이에요.",
        solution=f"a₁ = tanh(0.8) = {a[1]:.4f}, a₂ = tanh(0.5 × {a[1]:.4f}) = {a[2]:.4f}. "
        f"δ₂ = {a[2]:.4f} × {1 - a[2] ** 2:.4f} = {d[2]:.4f}. "
        f"δ₁ = 0.5 × {d[2]:.4f} × {1 - a[1] ** 2:.4f} = {d[1]:.4f}.",
        mistakes=[
            Mistake(
                "걸음 1의 tanh 기울기 1 - a₁²을 빠뜨렸어요.",
                "과거로 한 걸음 갈 때마다 그 자리의 기울기도 곱해요.",
                0.5 * d[2],
            ),
            Mistake(
                "걸음 사이를 잇는 u를 곱하지 않았어요.",
                "δ₁과 δ₂ 사이에는 되먹임 화살표 u가 있어요.",
                d[2] * (1 - a[1] ** 2),
            ),
            Mistake(
                "입력의 가중치 w를 곱했어요.",
                "시간을 건너는 화살표는 w가 아니라 u예요.",
                0.8 * d[2] * (1 - a[1] ** 2),
            ),
            Mistake("걸음 2의 δ₂를 적었어요.", "한 걸음 더 과거로 가 보세요.", d[2]),
        ],
    )


def ex_9_2() -> Exercise:
    a, d = tiny(0.6, 1.5, (1.0, 0.0, 0.0), 1.0)
    parts = [d[2] * a[1], d[3] * a[2]]
    return Exercise(
        "9.2",
        "손으로 세 걸음 한 예에서 u만 1.5로 바꿔요(w = 0.6, 입력 1, 0, 0, 정답 1). ∂E/∂u는 얼마일까요? "
        "소수 넷째 자리까지 적으세요.",
        sum(parts),
        why="걸음마다 받은 앞 상태에 δ를 곱해 모두 더해요: δ₂a₁ + δ₃a₂ (a₀ = 0).",
        solution=f"a₁ = {a[1]:.4f}, a₂ = {a[2]:.4f}, a₃ = {a[3]:.4f}. δ₃ = {d[3]:.4f}, "
        f"δ₂ = {d[2]:.4f}. {d[2]:.4f} × {a[1]:.4f} + {d[3]:.4f} × {a[2]:.4f} = {sum(parts):.4f}.",
        mistakes=[
            Mistake(
                "마지막 걸음의 몫만 계산했어요.",
                "u는 걸음마다 쓰였으니, 걸음마다의 몫을 더해야 해요.",
                parts[1],
            ),
            Mistake(
                "앞 상태 대신 그 걸음의 상태를 곱했어요.",
                "걸음 t에서 u에 곱해진 것은 aₜ₋₁이에요.",
                d[1] * a[1] + d[2] * a[2] + d[3] * a[3],
            ),
            Mistake("더하지 않고 평균을 냈어요.", "같은 u를 나눠 쓴 길들의 기울기는 더해요.", sum(parts) / 2),
            Mistake("입력을 곱해서 ∂E/∂w를 구했어요.", "u와 짝이 되는 것은 앞 상태예요.", d[1]),
        ],
    )


def ex_9_3() -> Exercise:
    g, c = np.array([3.0, -4.0, 12.0]), 5.0
    return Exercise(
        "9.3",
        "기울기가 (3, -4, 12)이고 한도가 c = 5예요. 자르고 난 뒤의 첫째 성분은 얼마일까요? "
        "소수 넷째 자리까지 적으세요.",
        3 * c / np.linalg.norm(g),
        why="길이가 13이니 모든 성분에 5/13을 곱해요.",
        solution="길이는 √(9 + 16 + 144) = 13으로 한도보다 길어요. 3 × 5 / 13 = 1.1538.",
        mistakes=[
            Mistake(
                "성분마다 따로 잘랐어요. 그러면 방향이 달라져요.",
                "기울기 전체의 길이를 재고, 모든 성분을 같은 비율로 줄여요.",
                3.0,
            ),
            Mistake("길이를 1로 만들었어요.", "한도 c를 마저 곱하세요.", 3 / np.linalg.norm(g)),
            Mistake(
                "길이 대신 크기의 합 19를 썼어요.",
                "길이는 제곱해서 더하고 제곱근을 씌운 것이에요.",
                3 * c / np.abs(g).sum(),
            ),
        ],
    )


def ex_9_4() -> Exercise:
    p = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    return Exercise(
        "9.4",
        "신경망이 정답 음 네 개에 차례로 확률 1/2, 1/4, 1/8, 1/8을 주었어요. 음 하나의 평균 놀라움은 몇 비트일까요?",
        -np.log2(p).mean(),
        why="1, 2, 3, 3비트의 평균이에요.",
        solution="-log₂(1/2) = 1, -log₂(1/4) = 2, -log₂(1/8) = 3이니 (1 + 2 + 3 + 3) / 4 = 2.25.",
        mistakes=[
            Mistake(
                "자연로그를 썼어요. 그것은 비트가 아니라 내트예요.",
                "밑이 2인 로그를 쓰거나, ln 2로 나누세요.",
                -np.log(p).mean(),
            ),
            Mistake("확률을 먼저 평균 냈어요.", "음마다 놀라움을 재고 나서 평균을 내요.", -np.log2(p.mean())),
            Mistake("평균 대신 합을 적었어요.", "음의 수 4로 나누세요.", -np.log2(p).sum()),
        ],
    )


def ex_9_5() -> Exercise:
    n_in, n_out = 12, 48
    blocks = 3 * n_out * n_in + 3 * n_out * n_out + 3 * n_out
    return Exercise(
        "9.5",
        "입력 12개, 상태 48개인 GRU 층의 배우는 수는 모두 몇 개일까요? 게이트 둘과 후보에 W, U, b가 하나씩 있고, "
        "후보의 되먹임에 편향 c(48개)가 하나 더 있어요.",
        blocks + n_out,
        why="W는 3 × 48 × 12, U는 3 × 48 × 48, b는 3 × 48, c는 48이에요.",
        solution=f"1728 + 6912 + 144 + 48 = {blocks + n_out}. 노래의 길이는 들어가지 않아요.",
        digits=1,
        mistakes=[
            Mistake(
                "한 벌만 셌어요.",
                "게이트 둘과 후보, 모두 세 벌이에요.",
                n_out * n_in + n_out * n_out + n_out + n_out,
            ),
            Mistake(
                "되먹임 U를 빠뜨렸어요.",
                "상태에서 상태로 가는 행렬도 세 벌 있어요.",
                3 * n_out * n_in + 3 * n_out + n_out,
            ),
            Mistake("걸음 48개마다 따로 셌어요.", "모든 걸음이 같은 수를 써요.", 48 * (blocks + n_out)),
            Mistake("편향 c를 빠뜨렸어요.", "후보의 되먹임에 하나 더 있어요.", blocks),
        ],
    )


def ex_9_6() -> Exercise:
    z, heat = np.array([2.0, 1.0, 0.0]), 0.5

    def first(scores):
        return float(np.exp(scores[0]) / np.exp(scores).sum())

    e = np.exp(z / heat)
    return Exercise(
        "9.6",
        "토큰 셋의 점수가 z = (2, 1, 0)이고 온도가 0.5예요. 첫째 토큰이 뽑힐 확률은 얼마일까요? "
        "소수 넷째 자리까지 적으세요.",
        first(z / heat),
        why="점수를 온도로 나눈 (4, 2, 0)을 소프트맥스에 넣어요.",
        solution=f"e⁴ = {e[0]:.4f}, e² = {e[1]:.4f}, e⁰ = 1. {e[0]:.4f} / ({e[0]:.4f} + {e[1]:.4f} + 1) = "
        f"{first(z / heat):.4f}. 온도가 1일 때의 {first(z):.4f}보다 커요.",
        mistakes=[
            Mistake("온도로 나누지 않았어요.", "점수를 먼저 온도로 나누세요.", first(z)),
            Mistake("온도를 곱했어요.", "온도가 낮을수록 차이가 커져야 하니 나눠요.", first(z * heat)),
            Mistake("확률을 온도로 나눴어요.", "소프트맥스를 지나기 전의 점수를 나눠요.", first(z) / heat),
            Mistake("e를 빠뜨리고 점수의 비율을 적었어요.", "점수마다 e의 거듭제곱을 먼저 하세요.", 2 / 3),
        ],
    )


def ex_9_7() -> CodeExercise:
    return CodeExercise(
        "9.7",
        "함수 bptt(w, u, x, y)를 쓰세요. 상태 a₀ = 0에서 시작해 aₜ = tanh(w xₜ + u aₜ₋₁)이고 "
        "E = ½(a_T - y)²일 때 (∂E/∂w, ∂E/∂u)를 돌려줘요. x는 입력의 목록이에요.",
        """
        def bptt(w, u, x, y):
            a = [0.0]
            for value in x:
                a.append(math.tanh(w * value + u * a[-1]))
            delta = a[-1] - y
            grad_w, grad_u = 0.0, 0.0
            for t in range(len(x), 0, -1):
                delta *= 1 - a[t] ** 2
                grad_w += delta * x[t - 1]
                grad_u += delta * a[t - 1]
                delta *= u
            return grad_w, grad_u
        """,
        cases=[
            "0.6, 0.9, [1.0, 0.0, 0.0], 1.0",
            "0.5, -0.7, [0.3, -1.2, 0.8, 0.1], 0.2",
            "1.1, 0.4, [0.5], -0.5",
        ],
        why="뒤에서부터 δ를 나르며 걸음마다의 몫을 더했어요.",
        given="import math",
        mistakes=[
            Mistake(
                "마지막 걸음의 몫만 더했어요.",
                "δ에 u를 곱해 과거로 나르면서 걸음마다 더하세요.",
                {"0, -1": "len(x) - 1, -1"},
            ),
            Mistake(
                "첫 걸음의 몫을 빠뜨렸어요.",
                "range는 끝을 넣지 않아요. 끝을 0으로 적어야 t = 1까지 가요.",
                {"0, -1": "1, -1"},
            ),
            Mistake(
                "u의 기울기에 앞 상태 대신 그 걸음의 상태를 곱했어요.",
                "u에 곱해진 것은 aₜ₋₁이에요.",
                {"a[t - 1]": "a[t]"},
            ),
            Mistake(
                "tanh의 기울기 대신 시그모이드의 기울기를 곱했어요.",
                "tanh의 기울기는 1 - aₜ²이에요.",
                {"1 - a[t] ** 2": "a[t] * (1 - a[t])"},
            ),
            Mistake(
                "걸음 사이를 건널 때 u 대신 w를 곱했어요.",
                "상태에서 상태로 가는 화살표의 가중치는 u예요.",
                {"delta *= u": "delta *= w"},
            ),
            Mistake("부호가 반대예요.", "½(a - y)²을 a로 미분하면 a - y예요.", {"a[-1] - y": "y - a[-1]"}),
            Mistake(
                "두 걸음만 거슬러 갔어요.",
                "첫 걸음까지 가야 해요.",
                {"range(len(x), 0, -1)": "range(len(x), max(len(x) - 2, 0), -1)"},
            ),
            Mistake(
                "과거 걸음의 tanh 기울기를 곱하지 않았어요.",
                "걸음마다 1 - aₜ²을 곱해요.",
                {
                    "delta = a[-1] - y": "delta = (a[-1] - y) * (1 - a[-1] ** 2)",
                    "        delta *= 1 - a[t] ** 2\n": "",
                },
            ),
        ],
    )


def ex_9_8() -> CodeExercise:
    return CodeExercise(
        "9.8",
        "GRU의 남기는 문을 쓰세요. 문은 u = σ(W x + U a + b)이고, 새 상태는 u ⊙ a + (1 - u) ⊙ ã예요(a는 옛 상태, "
        "new는 후보 ã). 함수 keep_gate(x, a, W, U, b, new)는 (u, 새 상태)를 돌려줘요.",
        """
        def keep_gate(x, a, W, U, b, new):
            u, state = [], []
            for i in range(len(a)):
                z = b[i]
                for j in range(len(x)):
                    z += W[i][j] * x[j]
                for j in range(len(a)):
                    z += U[i][j] * a[j]
                u.append(1 / (1 + math.exp(-z)))
                state.append(u[i] * a[i] + (1 - u[i]) * new[i])
            return u, state
        """,
        cases=[
            "[0.6, -0.4, 1.3], [0.7, -0.2], [[0.3, -0.8, 0.5], [1.1, 0.4, -0.6]], "
            "[[0.9, -0.3], [0.2, 1.4]], [0.25, -0.7], [-0.5, 0.8]",
            "[1.2], [-0.9, 0.3, 0.6], [[0.7], [-1.5], [0.4]], "
            "[[0.2, 0.6, -0.3], [1.1, -0.4, 0.8], [-0.7, 0.5, 0.9]], [0.1, 0.35, -0.2], [0.45, -0.6, 0.15]",
        ],
        why="문이 1에 가까우면 옛 상태가 그대로 남고, 0에 가까우면 후보로 바뀌어요.",
        given="import math",
        mistakes=[
            Mistake(
                "남기는 쪽과 바꾸는 쪽이 뒤바뀌었어요.",
                "이 책에서는 문 u가 열린 만큼 옛 상태를 남겨요.",
                {"u[i] * a[i] + (1 - u[i]) * new[i]": "(1 - u[i]) * a[i] + u[i] * new[i]"},
            ),
            Mistake(
                "후보에 1 - u를 곱하지 않았어요.",
                "남긴 몫 u와 받는 몫 1 - u를 더하면 1이에요.",
                {"u[i] * a[i] + (1 - u[i]) * new[i]": "u[i] * a[i] + new[i]"},
            ),
            Mistake(
                "U의 행과 열을 바꿔 읽었어요.",
                "i번째 문에는 U의 i행을 쓰세요.",
                {"U[i][j]": "U[j][i]"},
            ),
            Mistake("편향을 더하지 않았어요.", "z를 b[i]에서 시작하세요.", {"b[i]": "0.0"}),
            Mistake(
                "시그모이드 대신 tanh를 썼어요.",
                "문은 0과 1 사이여야 해요. σ(z)를 쓰세요.",
                {"1 / (1 + math.exp(-z))": "math.tanh(z)"},
            ),
            Mistake(
                "시그모이드에서 z의 부호를 빠뜨렸어요.",
                "σ(z) = 1 / (1 + e의 -z제곱)이에요.",
                {"1 / (1 + math.exp(-z))": "1 / (1 + math.exp(z))"},
            ),
            Mistake(
                "옛 상태를 보지 않고 문을 정했어요.",
                "문에는 입력 W x뿐 아니라 옛 상태 U a도 들어가요.",
                {"        for j in range(len(a)):\n            z += U[i][j] * a[j]\n": ""},
            ),
        ],
    )
