"""4장(04-chain-rule)의 연습문제."""

from __future__ import annotations

import math
from itertools import pairwise

from bplib import ledger, sigmoid
from bplib.graph import Node, half_square, reverse_mode
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake
from bplib.lab.problems.forward import SIGMA

L = ledger.EXERCISE_LEDGER


def written(value: float, spec: str = ".4f") -> str:
    """식 속에 적을 수. 음수는 괄호에 넣어요. 5장의 문제도 써요."""
    text = f"{value:{spec}}"
    return f"({text})" if text.startswith("-") else text


def ex_4_1() -> Exercise:
    return Exercise(
        "4.1",
        "톱니 20개인 바퀴 A가 톱니 8개인 B를 돌리고, B가 톱니 16개인 C를 돌려요. "
        "A가 한 바퀴 돌면 C는 몇 바퀴 도나요? 같은 쪽으로 돌면 양수로 적으세요.",
        (-20 / 8) * (-8 / 16),
        why="A마다 B는 -2.5바퀴, B마다 C는 -0.5바퀴예요. 곱하면 +1.25바퀴예요.",
        mistakes=[
            Mistake(
                "비율을 더했어요.",
                "뒤의 비율은 B 한 바퀴마다라는 뜻이니 B가 돈 만큼 곱해야 해요.",
                (-20 / 8) + (-8 / 16),
            ),
            Mistake(
                "부호가 반대예요.", "맞물릴 때마다 방향이 뒤집혀요. 두 번 뒤집히면요?", -(20 / 8) * (8 / 16)
            ),
            Mistake(
                "비율을 거꾸로 나눴어요.",
                "톱니가 적은 바퀴가 더 많이 돌아요. A마다 B는 20 ÷ 8바퀴예요.",
                (8 / 20) * (16 / 8),
            ),
            Mistake(
                "첫 비율만 셌어요.", "그것은 B가 도는 바퀴 수예요. B마다 C의 비율을 더 곱하세요.", 20 / 8
            ),
            Mistake("첫 비율만 셌어요.", "그것은 B가 도는 바퀴 수예요. C도 한 번 더 뒤집혀 돌아요.", -20 / 8),
        ],
    )


def ex_4_2() -> Exercise:
    z, a = L.z1[0], L.a1[0]
    return Exercise(
        "4.2",
        f"연습 장부의 첫 은닉 뉴런은 z = {z:.2f}이고 a = σ({z:.2f}) = {a:.4f}예요. "
        "이 자리에서 화살표 z → a의 국소 도함수는 얼마인가요?",
        a * (1 - a),
        why=f"σ′(z) = a(1 - a) = {a:.4f} × {1 - a:.4f}예요. 순전파에서 구한 a를 다시 써요.",
        mistakes=[
            Mistake("활성값 a를 그대로 적었어요.", "값이 아니라 기울기를 물었어요. a에 1 - a를 곱하세요.", a),
            Mistake("a를 빼먹었어요.", "1 - a에 a를 곱해야 해요.", 1 - a),
            Mistake("a 자리에 z를 넣었어요.", "z(1 - z)가 아니라 a(1 - a)예요.", z * (1 - z)),
            Mistake(
                "시그모이드를 두 번 씌웠어요.",
                "a에는 시그모이드가 이미 들어 있으니 그대로 a(1 - a)를 계산하세요.",
                float(sigmoid(a) * (1 - sigmoid(a))),
            ),
            Mistake(
                "시그모이드가 아니라 tanh의 기울기 1 - a²을 썼어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                1 - a**2,
            ),
        ],
    )


def ex_4_3() -> Exercise:
    d1, d2 = L.delta2
    v1, v2 = L.W2[:, 1]
    return Exercise(
        "4.3",
        f"연습 장부에서 ∂E/∂z²₁ = {d1:.4f}, ∂E/∂z²₂ = {d2:.4f}이에요. 은닉 활성값 a¹₂는 "
        f"w²₁₂ = {v1:g}로 출력 1에, w²₂₂ = {v2:g}로 출력 2에 쓰여요. "
        "∂E/∂a¹₂는 얼마인가요?",
        d1 * v1 + d2 * v2,
        why="길마다 곱하고 길끼리 더해요: "
        f"{written(d1)} × {written(v1, 'g')} + {written(d2)} × {written(v2, 'g')} = {d1 * v1 + d2 * v2:.4f}.",
        mistakes=[
            Mistake(
                "출력 1을 지나는 첫 길만 셌어요.", "a¹₂는 출력 2에도 쓰여요. 둘째 길을 더하세요.", d1 * v1
            ),
            Mistake(
                "출력 2를 지나는 둘째 길만 셌어요.", "a¹₂는 출력 1에도 쓰여요. 첫 길을 더하세요.", d2 * v2
            ),
            Mistake("두 길을 곱했어요.", "한 길 위에서는 곱하고, 갈라진 길끼리는 더해요.", d1 * v1 * d2 * v2),
            Mistake(
                "둘째 길을 더하지 않고 뺐어요.",
                "길끼리는 언제나 더해요. 부호는 길 안의 곱이 정해요.",
                d1 * v1 - d2 * v2,
            ),
            Mistake(
                "가중치를 곱하지 않았어요.", "길마다 화살표의 국소 도함수, 곧 가중치를 곱하세요.", d1 + d2
            ),
            Mistake("두 길의 평균을 냈어요.", "나누지 말고 그대로 더하세요.", (d1 * v1 + d2 * v2) / 2),
            Mistake(
                "가중치의 행과 열을 바꿔 읽었어요.",
                "wₖⱼ에서 뒤의 번호 j가 보내는 뉴런이에요. a¹₂에서 나가는 것은 둘째 열이에요.",
                d1 * L.W2[1, 0] + d2 * L.W2[1, 1],
            ),
        ],
    )


def ex_4_4() -> Exercise:
    w, x = Node(2.0, "w"), Node(3.0, "x")
    e = w * x + 2.0 * w - 7.0
    E = half_square(e)
    return Exercise(
        "4.4",
        "위 그래프에서 w = 2, x = 3, y = 7일 때 ∂E/∂w는 얼마인가요?",
        reverse_mode(E)[w],
        why="더하기 노드까지 3이 와요. wx를 지나 3 × 3 = 9, 2w를 지나 3 × 2 = 6, 더해서 15예요.",
        mistakes=[
            Mistake("wx를 지나는 길만 셌어요.", "w는 2w에도 쓰여요.", e.value * x.value),
            Mistake("2w를 지나는 길만 셌어요.", "w는 wx에도 쓰여요.", e.value * 2),
            Mistake("두 길을 곱했어요.", "갈라진 길끼리는 더해요.", (e.value * x.value) * (e.value * 2)),
            Mistake("더하기 노드에서 멈췄어요.", "w까지 화살표가 하나씩 더 남았어요.", e.value),
            Mistake(
                "마지막 화살표의 국소 도함수 r을 곱하지 않았어요.",
                "½r²을 r로 미분하면 r = 3이에요.",
                x.value + 2,
            ),
            Mistake(
                "기울기가 아니라 E의 값을 적었어요.",
                "w를 조금 움직일 때 E가 변하는 비율을 물었어요.",
                E.value,
            ),
            Mistake(
                "½을 잊어 두 배가 됐어요.", "½과 미분에서 나온 2가 지워져요.", 2 * e.value * (x.value + 2)
            ),
        ],
    )


def ex_4_5() -> Exercise:
    sizes = [3, 3, 3, 3, 3, 1]
    n_edges = sum(n * m for n, m in pairwise(sizes))
    n_paths = math.prod(sizes)
    return Exercise(
        "4.5",
        "입력 3개, 은닉층 4개(폭 3), 출력 1개가 층마다 모두 이어져 있어요. "
        "역방향 모드로 모든 입력의 기울기를 구할 때 곱셈은 몇 번인가요? "
        "출발의 1에 곱하는 것도 세요.",
        n_edges,
        why="화살표마다 한 번씩이에요. 3×3짜리 이음이 4곳, 3×1짜리가 1곳이라 39번이에요.",
        mistakes=[
            Mistake(
                "길의 수를 셌어요.", "역방향 모드는 길마다 걷지 않고 화살표마다 한 번만 곱해요.", n_paths
            ),
            Mistake(
                "모든 길을 따로 걸을 때의 곱셈이에요.",
                "뒷부분의 곱은 노드에 적어 두고 나눠 써요.",
                n_paths * (len(sizes) - 1),
            ),
            Mistake(
                "순방향 모드의 곱셈이에요.",
                "역방향 모드는 입력마다 걷지 않고 한 번만 걸어요.",
                sizes[0] * n_edges,
            ),
            Mistake(
                "출력으로 들어가는 마지막 화살표를 빠뜨렸어요.",
                "마지막 은닉층에서 출력으로 가는 화살표가 3개 더 있어요.",
                4 * 3 * 3,
            ),
            Mistake(
                "입력에서 첫 은닉층으로 가는 화살표를 빠뜨렸어요.",
                "이음은 은닉층 사이 3곳과 입력 쪽 1곳, 모두 4곳이 3×3이에요.",
                3 * 3 * 3 + 3,
            ),
            Mistake("노드의 수를 셌어요.", "노드가 아니라 화살표마다 곱해요.", 5 * 3 + 1),
        ],
    )


def ex_4_6() -> Exercise:
    w, a = L.W2[:, 1], L.a1[1]
    paths, slope = w * L.delta2, a * (1 - a)
    spread = paths.sum()
    return Exercise(
        "4.6",
        f"연습 장부에서 a¹₂는 {a:.4f}, ∂E/∂z²₁은 {L.delta2[0]:.4f}, ∂E/∂z²₂는 {L.delta2[1]:.4f}이고 "
        f"w²₁₂ = {w[0]:g}, w²₂₂ = {w[1]:g}예요. ∂E/∂z¹₂는 얼마인가요? "
        "힌트: z¹₂ → a¹₂ 다음에 길이 둘로 갈라져요.",
        spread * slope,
        why=f"∂E/∂a¹₂ = {spread:.4f}에 a¹₂(1 - a¹₂) = {a:.4f} × {1 - a:.4f}를 곱해요.",
        solution=f"{written(L.delta2[0])} × {written(w[0], 'g')} + {written(L.delta2[1])} × {written(w[1], 'g')} "
        f"= {spread:.4f}. 여기에 {a:.4f} × {1 - a:.4f} = {slope:.4f}을 곱해 {spread * slope:.4f}.",
        mistakes=[
            Mistake(
                "부호가 반대예요.", "두 길의 곱을 부호까지 적어 더해 보세요. 둘 다 음수예요.", -spread * slope
            ),
            Mistake(
                "∂E/∂a¹₂에서 멈췄어요.",
                "z¹₂에서 a¹₂로 가는 화살표의 국소 도함수 a¹₂(1 - a¹₂)을 한 번 더 곱하세요.",
                spread,
            ),
            Mistake(
                "국소 도함수 대신 a¹₂를 곱했어요.",
                "시그모이드의 국소 도함수는 a¹₂(1 - a¹₂)이에요.",
                spread * a,
            ),
            Mistake(
                "a¹₂를 빼먹고 1 - a¹₂만 곱했어요.",
                "시그모이드의 국소 도함수는 a¹₂(1 - a¹₂)이에요.",
                spread * (1 - a),
            ),
            Mistake("출력 1을 지나는 길만 셌어요.", "출력 2를 지나는 길도 더하세요.", paths[0] * slope),
            Mistake("출력 2를 지나는 길만 셌어요.", "출력 1을 지나는 길도 더하세요.", paths[1] * slope),
            Mistake(
                "둘째 길을 더하지 않고 뺐어요.",
                "길끼리는 언제나 더해요. 부호는 길 안의 곱이 정해요.",
                (paths[0] - paths[1]) * slope,
            ),
            Mistake(
                "가중치를 곱하지 않고 더했어요.", "길마다 화살표의 가중치를 곱하세요.", L.delta2.sum() * slope
            ),
            Mistake(
                "은닉 2에서 나가는 가중치가 아니라 출력 2로 들어오는 가중치를 썼어요.",
                "w²₁₂는 은닉 2에서 출력 1로, w²₂₂는 은닉 2에서 출력 2로 가는 화살표의 가중치예요.",
                L.W2[1] @ L.delta2 * slope,
            ),
        ],
    )


def ex_4_7() -> CodeExercise:
    return CodeExercise(
        "4.7",
        "수 x와 함수 f, g, 그리고 세 함수의 도함수 df, dg, dh를 받아 h(g(f(x)))의 도함수를 돌려주는 함수를 쓰세요.",
        """
        def chain(x, f, df, g, dg, dh):
            u = f(x)
            v = g(u)
            return dh(v) * dg(u) * df(x)
        """,
        cases=[
            "0.3, math.sin, math.cos, math.exp, math.exp, double",
            "0.7, square, double, math.sin, math.cos, math.exp",
            "-0.4, math.exp, math.exp, square, double, math.cos",
        ],
        why="앞으로 걸어 u = f(x), v = g(u)를 구해 두고, 도함수마다 그 함수에 실제로 들어간 값을 넣어 곱했어요.",
        mistakes=[
            Mistake(
                "dh에 u를 넣었어요.",
                "h에는 g가 내놓은 v가 들어와요.",
                {"dh(v)": "dh(u)"},
            ),
            Mistake(
                "dg에 x를 넣었어요.",
                "g에는 f가 내놓은 u가 들어와요.",
                {"dg(u)": "dg(x)"},
            ),
            Mistake(
                "dg에 들어온 값이 아니라 나간 값을 넣었어요.",
                "dg에는 v가 아니라 u를 넣어요.",
                {"dg(u)": "dg(v)"},
            ),
            Mistake(
                "df에 들어온 값이 아니라 나간 값을 넣었어요.",
                "df에는 u가 아니라 x를 넣어요.",
                {"df(x)": "df(u)"},
            ),
            Mistake(
                "g에 x를 넣었어요.",
                "g에는 f가 내놓은 u를 넣어요.",
                {"v = g(u)": "v = g(x)"},
            ),
            Mistake(
                "세 도함수에 모두 x를 넣었어요.",
                "도함수마다 그 함수에 실제로 들어온 값을 넣어요. g에는 f(x)가 들어와요.",
                {"dh(v)": "dh(x)", "dg(u)": "dg(x)"},
            ),
            Mistake(
                "도함수마다 들어온 값이 아니라 나간 값을 넣었어요.",
                "dg에는 v가 아니라 u를, df에는 x를 넣어요.",
                {"dg(u)": "dg(v)", "df(x)": "df(u)"},
            ),
            Mistake(
                "도함수를 더했어요.",
                "한 길 위의 비율은 곱해요.",
                {"dh(v) * dg(u) * df(x)": "dh(v) + dg(u) + df(x)"},
            ),
            Mistake(
                "가장 안쪽의 df(x)를 곱하지 않았어요.",
                "x에서 u까지의 비율도 한 조각이에요.",
                {"dh(v) * dg(u) * df(x)": "dh(v) * dg(u)"},
            ),
            Mistake(
                "바깥쪽 도함수만 계산했어요.",
                "속에 든 함수마다 비율을 더 곱하세요.",
                {"dh(v) * dg(u) * df(x)": "dh(v)"},
            ),
            Mistake(
                "도함수를 함수처럼 겹쳐 넣었어요.",
                "dh(dg(df(x)))가 아니라, 세 비율의 곱이에요.",
                {"dh(v) * dg(u) * df(x)": "dh(dg(df(x)))"},
            ),
        ],
        given="""
import math


def square(v):
    return v * v


def double(v):
    return 2 * v
""",
    )


def ex_4_8() -> CodeExercise:
    return CodeExercise(
        "4.8",
        "입력이 하나인 시그모이드 뉴런이에요. 입력 x, 가중치 w, 편향 b, 정답 y를 받아 (∂E/∂w, ∂E/∂b)를 돌려주는 "
        "함수를 쓰세요. E = ½(y - a)²이고, sigma는 미리 드려요.",
        """
        def neuron_backward(x, w, b, y):
            a = sigma(w * x + b)
            delta = (a - y) * a * (1 - a)
            return delta * x, delta
        """,
        cases=["2.0, 0.6, -0.7, 0.9", "-1.5, 0.8, 0.3, 0.2", "0.4, -2.0, 1.2, 0.7"],
        why="∂E/∂z = (a - y) · a(1 - a)를 한 번 구해, w에는 x를 곱하고 b에는 1을 곱했어요.",
        mistakes=[
            Mistake(
                "부호가 반대예요. a - y를 y - a로 썼어요.",
                "½(y - a)²을 a로 미분하면 a - y예요.",
                {"(a - y)": "(y - a)"},
            ),
            Mistake(
                "½을 잊어 두 배가 됐어요.",
                "½과 미분에서 나온 2가 지워져요.",
                {"(a - y)": "2 * (a - y)"},
            ),
            Mistake(
                "정답 y를 빼지 않았어요.", "출력이 아니라 출력과 정답의 차에서 출발해요.", {"(a - y)": "a"}
            ),
            Mistake(
                "기울기 a(1 - a) 대신 a를 곱했어요.",
                "값이 아니라 그 자리의 가파르기를 곱해요.",
                {"a * (1 - a)": "a"},
            ),
            Mistake(
                "시그모이드의 기울기에서 a를 빼먹었어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"a * (1 - a)": "(1 - a)"},
            ),
            Mistake(
                "시그모이드의 기울기 a(1 - a)를 곱하지 않았어요.",
                "z → a 화살표의 국소 도함수를 빠뜨렸어요.",
                {"(a - y) * a * (1 - a)": "a - y"},
            ),
            Mistake(
                "편향의 기울기에도 x를 곱했어요.",
                "∂z/∂b = 1이니 ∂E/∂z 그대로예요.",
                {"delta * x, delta": "delta * x, delta * x"},
            ),
            Mistake(
                "입력 x가 아니라 가중치 w를 곱했어요.",
                "∂z/∂w = x예요. w를 움직일 때 변하는 만큼은 입력이 정해요.",
                {"delta * x, delta": "delta * w, delta"},
            ),
            Mistake(
                "가중치의 기울기에 x를 곱하지 않았어요.",
                "w → z 화살표의 국소 도함수 x를 곱하세요.",
                {"delta * x, delta": "delta, delta"},
            ),
            Mistake("순전파에서 편향 b를 더하지 않았어요.", "z = wx + b예요.", {"w * x + b": "w * x"}),
        ],
        given=SIGMA,
    )


def ex_4_9() -> CodeExercise:
    return CodeExercise(
        "4.9",
        "가중합 z를 받아 그 자리에서 시그모이드의 기울기를 돌려주는 함수를 쓰세요. sigma는 미리 드려요.",
        """
        def sigma_slope(z):
            a = sigma(z)
            return a * (1 - a)
        """,
        cases=["0.53", "-0.25", "2.4"],
        why="a = σ(z)를 한 번 구해 a(1 - a)를 돌려줬어요. 지수를 다시 계산할 필요가 없어요.",
        mistakes=[
            Mistake(
                "기울기가 아니라 활성값 a를 돌려줬어요.",
                "a에 1 - a를 곱하세요.",
                {"a * (1 - a)": "a"},
            ),
            Mistake("a를 빼먹었어요.", "1 - a에 a를 곱하세요.", {"a * (1 - a)": "1 - a"}),
            Mistake(
                "시그모이드가 아니라 tanh의 기울기 1 - a²을 썼어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"a * (1 - a)": "1 - a * a"},
            ),
            Mistake(
                "부호가 반대예요. 1 - a를 a - 1로 썼어요.",
                "시그모이드는 언제나 올라가니 기울기는 양수예요.",
                {"a * (1 - a)": "a * (a - 1)"},
            ),
            Mistake(
                "1 - a를 괄호로 묶지 않았어요.",
                "파이썬은 곱셈을 먼저 해요. 1 - a를 괄호로 묶으세요.",
                {"a * (1 - a)": "a * 1 - a"},
            ),
            Mistake(
                "a 자리에 z를 넣었어요.",
                "z(1 - z)가 아니라 a(1 - a)예요. 먼저 a = σ(z)를 계산하세요.",
                {"sigma(z)": "z"},
            ),
            Mistake(
                "시그모이드를 두 번 씌웠어요.",
                "a에는 시그모이드가 이미 들어 있어요.",
                {"sigma(z)": "sigma(sigma(z))"},
            ),
        ],
        given=SIGMA,
    )


def ex_4_10() -> CodeExercise:
    return CodeExercise(
        "4.10",
        "곱하기 노드의 뒤로 걷기예요. 두 부모의 값 a와 b, 곱한 노드에 온 기울기 grad_out, 두 부모에 지금까지 모인 "
        "기울기 grad_a와 grad_b를 받아, 두 부모의 새 기울기를 차례로 돌려주는 함수를 쓰세요.",
        """
        def backward_mul(a, b, grad_out, grad_a, grad_b):
            new_a = grad_a + b * grad_out
            new_b = grad_b + a * grad_out
            return new_a, new_b
        """,
        cases=["3.0, -2.0, 0.7, 0.2, -0.4", "0.6, 1.7, -1.3, -0.9, 2.5", "2.0, 0.3, 0.8, 0, 0"],
        why="곱하기는 상대편의 값을 곱해 전해요. 다른 길로 온 것이 이미 있으니 더했어요.",
        mistakes=[
            Mistake(
                "첫 부모의 기울기를 덮어썼어요.",
                "다른 길로 온 기울기 grad_a가 이미 있어요. 거기에 더하세요.",
                {"grad_a + b * grad_out": "b * grad_out"},
            ),
            Mistake(
                "첫 부모에 제 값을 곱했어요.",
                "a를 조금 움직이면 곱은 상대편 b만큼 변해요.",
                {"grad_a + b * grad_out": "grad_a + a * grad_out"},
            ),
            Mistake(
                "둘째 부모의 기울기를 덮어썼어요.",
                "다른 길로 온 기울기 grad_b가 이미 있어요. 거기에 더하세요.",
                {"grad_b + a * grad_out": "a * grad_out"},
            ),
            Mistake(
                "둘째 부모에 제 값을 곱했어요.",
                "b를 조금 움직이면 곱은 상대편 a만큼 변해요.",
                {"grad_b + a * grad_out": "grad_b + b * grad_out"},
            ),
            Mistake(
                "모인 기울기에 더하지 않고 덮어썼어요.",
                "갈라진 길끼리는 더해요. 코드의 +=가 그 더하기예요.",
                {"grad_a + b * grad_out": "b * grad_out", "grad_b + a * grad_out": "a * grad_out"},
            ),
            Mistake(
                "상대편이 아니라 제 값을 곱했어요.",
                "곱하기는 상대편의 값을 곱해 전해요.",
                {
                    "grad_a + b * grad_out": "grad_a + a * grad_out",
                    "grad_b + a * grad_out": "grad_b + b * grad_out",
                },
            ),
            Mistake(
                "온 기울기에 값을 곱하지 않고 더했어요.",
                "한 길 위에서는 곱해요: 온 기울기 × 국소 도함수.",
                {
                    "grad_a + b * grad_out": "grad_a + b + grad_out",
                    "grad_b + a * grad_out": "grad_b + a + grad_out",
                },
            ),
            Mistake(
                "온 기울기 grad_out을 곱하지 않았어요.",
                "국소 도함수에 그 노드까지 온 기울기를 곱하세요.",
                {"grad_a + b * grad_out": "grad_a + b", "grad_b + a * grad_out": "grad_b + a"},
            ),
            Mistake(
                "국소 도함수를 곱하지 않고 그대로 전했어요.",
                "그대로 전하는 것은 더하기 노드예요. 곱하기는 상대편의 값을 곱해요.",
                {"grad_a + b * grad_out": "grad_a + grad_out", "grad_b + a * grad_out": "grad_b + grad_out"},
            ),
        ],
    )
