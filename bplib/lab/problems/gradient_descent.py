"""3장의 연습문제: 03-gradient-descent가 먼저, 03-losses가 다음이에요."""

from __future__ import annotations

import numpy as np

from bplib import ledger, sigmoid
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake, worked
from bplib.lab.mistakes import SLIPS

L = ledger.LEDGER
W0, X0, Y0 = 0.5, 3.0, 3.0  # 연습 3.2와 3.3의 자리
MISS0 = W0 * X0 - Y0

# 중심 차분의 두 실수. 기울기(3.8)와 기울기 검사(6.10)가 함께 써요.
CENTRAL_SLIPS = [
    Mistake(
        "두 자리 사이의 거리가 2h인데 h로 나눴어요.",
        "w - h에서 w + h까지는 2h예요.",
        {"(2 * h)": "h"},
    ),
    Mistake(
        "2 * h를 괄호로 묶지 않아, 2로 나누고 h를 곱했어요.",
        "파이썬은 나눗셈과 곱셈을 왼쪽부터 해요. 괄호로 묶으세요.",
        {"(2 * h)": "2 * h"},
    ),
]


def ex_3_1() -> Exercise:
    target, output = np.array([1.0, 0.0, 0.0]), np.array([0.7, 0.2, 0.4])
    miss = target - output
    return Exercise(
        "3.1",
        "정답이 (1, 0, 0)인데 출력이 (0.7, 0.2, 0.4)예요. 제곱 오차의 절반 E는 얼마인가요?",
        0.5 * np.sum(miss**2),
        why="차이 0.3, -0.2, -0.4를 제곱해 더하면 0.29이고, 그 절반이에요.",
        mistakes=[
            Mistake(
                "절반 ½을 곱하지 않았어요.", "제곱해서 더한 것을 마지막에 2로 나누세요.", np.sum(miss**2)
            ),
            Mistake(
                "절반이 아니라 출력의 개수로 나눈 평균을 냈어요.",
                "그것은 평균 제곱 오차예요. 여기서는 2로 나눠요.",
                np.mean(miss**2),
            ),
            Mistake(
                "차이를 먼저 더한 뒤에 제곱했어요.",
                "부호가 다른 차이가 서로 지워져요. 먼저 제곱하고 더하세요.",
                0.5 * np.sum(miss) ** 2,
            ),
            Mistake(
                "제곱하지 않고 차이의 크기를 더했어요.",
                "차이를 하나씩 제곱한 다음 더하세요.",
                0.5 * np.sum(np.abs(miss)),
            ),
            Mistake(
                "제곱하지 않고 차이를 그냥 더했어요.",
                "차이를 하나씩 제곱한 다음 더하세요.",
                0.5 * np.sum(miss),
            ),
            Mistake(
                "출력을 제곱해서 더했어요.",
                "출력에서 정답까지의 차이를 제곱해야 해요.",
                0.5 * np.sum(output**2),
            ),
        ],
    )


def ex_3_2() -> Exercise:
    return Exercise(
        "3.2",
        "a = wx이고 E = ½(y - a)²이에요. x = 3, y = 3, w = 0.5일 때 기울기 ∂E/∂w는 얼마인가요?",
        MISS0 * X0,
        why="a = 1.5이고 (a - y)x = (1.5 - 3) × 3이에요. w를 키우면 오차가 줄어요.",
        mistakes=[
            Mistake(
                "부호가 반대예요. (y - a)에서 출발했어요.", "½(y - a)²을 a로 미분하면 a - y예요.", -MISS0 * X0
            ),
            Mistake("입력 x를 곱하지 않았어요.", "w를 h만큼 키우면 a는 xh만큼 커져요.", MISS0),
            Mistake("절반 ½을 잊어 두 배가 됐어요.", "½이 미분에서 나온 2를 지워요.", 2 * MISS0 * X0),
            Mistake(
                "기울기가 아니라 오차 E를 구했어요.", "E를 w로 미분한 (a - y)x를 구하세요.", 0.5 * MISS0**2
            ),
            Mistake("x 대신 w를 곱했어요.", "a = wx를 w로 미분하면 x가 남아요.", MISS0 * W0),
            Mistake(
                "가중치를 곱하지 않고 a = x로 계산했어요.", "먼저 a = wx = 1.5를 구하세요.", (X0 - Y0) * X0
            ),
        ],
    )


def ex_3_3() -> Exercise:
    grad0, eta0 = MISS0 * X0, 0.1
    return Exercise(
        "3.3",
        "연습 3.2의 자리에서 학습률 η = 0.1로 한 걸음 걸어요. 새 w는 얼마인가요?",
        W0 - eta0 * grad0,
        why="0.5 - 0.1 × (-4.5)예요. 음수를 빼니 w가 커져요.",
        mistakes=[
            Mistake(
                "기울기를 빼지 않고 더했어요. 오르막으로 갔어요.",
                "오차가 커지는 쪽의 반대로 가야 해요: w - η ∂E/∂w.",
                W0 + eta0 * grad0,
            ),
            Mistake("학습률 η를 곱하지 않았어요.", "기울기에 0.1을 곱한 만큼만 움직여요.", W0 - grad0),
            Mistake(
                "옛 값에서 빼지 않고, -η ∂E/∂w를 새 값으로 썼어요.",
                "그것은 움직인 양이에요. 옛 값 0.5에 더하세요.",
                -eta0 * grad0,
            ),
            Mistake(
                "기울기에 입력 x를 곱하지 않았어요.",
                "연습 3.2의 기울기 (a - y)x를 그대로 쓰세요.",
                W0 - eta0 * MISS0,
            ),
            Mistake(
                "절반 ½을 잊어 걸음이 두 배가 됐어요.", "½이 미분에서 나온 2를 지워요.", W0 - 2 * eta0 * grad0
            ),
            Mistake(
                "두 걸음을 걸었어요.",
                "한 걸음 뒤의 값을 적으세요.",
                W0 - eta0 * grad0 - eta0 * ((W0 - eta0 * grad0) * X0 - Y0) * X0,
            ),
        ],
    )


def ex_3_4() -> Exercise:
    name4 = "new_b2[2]"
    return Exercise(
        "3.4",
        "장부의 편향 b²₂는 -0.1이고, 그 기울기 ∂E/∂b²₂는 0.1306이에요. "
        "장부의 학습률 0.5로 한 걸음 고친 새 값은 얼마인가요?",
        worked(name4),
        why="-0.1 - 0.5 × 0.1306이에요. 기울기가 양수이니 편향이 더 작아져요.",
        mistakes=[
            *[
                Mistake(SLIPS[k].diagnosis, SLIPS[k].hint, worked(name4, k))
                for k in ("uphill", "missing_rate", "replaced")
            ],
            Mistake(
                "옛 값 -0.1의 부호를 빠뜨렸어요.",
                "음수에서 양수를 빼면 더 작은 음수가 돼요.",
                -L.b2[1] - L.eta * L.grad_b2[1],
            ),
        ],
    )


def ex_3_5() -> Exercise:
    return Exercise(
        "3.5",
        "오차가 E = w₁² + 10 w₂²이에요(½이 붙어 있지 않아요). 경사 하강법이 "
        "바닥에 다가가려면 학습률 η는 어떤 값보다 작아야 하나요?",
        2 / 20,
        why="½k 꼴로 고치면 k₁ = 2, k₂ = 20이고, 가장 큰 곡률이 한계 2/20을 정해요.",
        mistakes=[
            Mistake(
                "앞의 계수 10을 그대로 곡률로 썼어요.",
                "10w²은 ½ × 20 × w²이에요. 두 번 미분해 보세요.",
                2 / 10,
            ),
            Mistake(
                "작은 쪽 곡률로 한계를 구했어요.", "두 방향이 모두 버텨야 하니 더 가파른 쪽을 보세요.", 2 / 2
            ),
            Mistake("한 걸음에 바닥에 닿는 1/k을 구했어요.", "발산이 시작되는 것은 그 두 배예요.", 1 / 20),
            Mistake(
                "가장 빠른 학습률 2/(k₁ + k₂)를 구했어요.",
                "한계는 가장 큰 곡률 하나가 정해요: 2/k₂.",
                2 / (2 + 20),
            ),
            Mistake(
                "계수 1을 곡률로 쓰고, 작은 쪽을 골랐어요.", "½k 꼴로 고친 뒤 더 가파른 쪽을 보세요.", 2 / 1
            ),
        ],
    )


def count_steps(factor: float, goal: float) -> int:
    """거리에 factor를 거듭 곱해 처음의 goal배보다 작아지는 걸음."""
    distance, steps = 1.0, 0
    while distance >= goal:
        distance, steps = distance * factor, steps + 1
    return steps


def ex_3_6() -> Exercise:
    return Exercise(
        "3.6",
        "E = ½ · 3 (w - 1.5)²에서 학습률 0.1로 걸어요. 바닥까지의 거리가 출발할 때의 "
        "100분의 1보다 작아지는 것은 몇 걸음째인가요?",
        count_steps(1 - 0.1 * 3, 0.01),
        why="배율이 1 - 0.1 × 3 = 0.7이고, 0.7¹²은 0.0138, 0.7¹³은 0.0097이에요.",
        mistakes=[
            Mistake(
                "배율에 곡률 3을 빼먹고 1 - η로 계산했어요.",
                "배율은 1 - ηk예요. k = 3을 곱하세요.",
                count_steps(1 - 0.1, 0.01),
            ),
            Mistake(
                "거리가 아니라 오차 E가 100분의 1이 되는 걸음을 셌어요.",
                "E에는 배율의 제곱이 곱해져요. 거리에는 배율이 한 번 곱해져요.",
                count_steps((1 - 0.1 * 3) ** 2, 0.01),
            ),
            Mistake(
                "한 걸음 모자라요. 아직 100분의 1보다 커요.",
                "0.7을 거듭 곱해 0.01보다 작아지는 때를 찾으세요.",
                count_steps(1 - 0.1 * 3, 0.01) - 1,
            ),
            Mistake(
                "걸음 수를 올림하지 않았어요.",
                "걸음은 정수예요. 처음으로 작아지는 걸음을 적으세요.",
                np.log(0.01) / np.log(0.7),
            ),
            Mistake(
                "절반 ½을 곡률에 한 번 더 곱했어요.",
                "½k에서 k = 3이에요. 배율은 1 - 0.1 × 3이에요.",
                count_steps(1 - 0.1 * 1.5, 0.01),
            ),
        ],
    )


def ex_3_7() -> CodeExercise:
    return CodeExercise(
        "3.7",
        "E = ½k(w - c)²에서 w부터 steps걸음을 걷고 마지막 w를 돌려주는 함수를 쓰세요. c는 바닥의 자리, k는 "
        "곡률, eta는 학습률이에요.",
        """
        def descent(k, c, w, eta, steps):
            for step in range(steps):
                slope = k * (w - c)
                w = w - eta * slope
            return w
        """,
        cases=["4.0, 1.5, 0.0, 0.1, 3", "2.0, -1.0, 3.0, 0.3, 5", "1.0, 0.5, 2, 1.2, 4"],
        why="걸음마다 기울기 k(w - c)를 새로 구해서 η를 곱해 뺐어요.",
        mistakes=[
            Mistake(
                "기울기를 빼지 않고 더했어요. 오르막으로 가요.",
                "w - η × 기울기예요.",
                {"w - eta * slope": "w + eta * slope"},
            ),
            Mistake(
                "학습률 η를 곱하지 않았어요.",
                "기울기에 eta를 곱해서 빼세요.",
                {"w - eta * slope": "w - slope"},
            ),
            Mistake(
                "옛 값에서 빼지 않고, -η × 기울기를 새 값으로 썼어요.",
                "w = w - eta * 기울기처럼 옛 w에서 시작하세요.",
                {"w - eta * slope": "-eta * slope"},
            ),
            Mistake(
                "기울기를 출발점에서 한 번만 구했어요.",
                "걸음마다 새 w에서 기울기를 다시 구하세요. 되풀이 안에 넣어요.",
                {
                    "    for step in range(steps):\n        slope = k * (w - c)\n": "    slope = k * (w - c)\n"
                    "    for step in range(steps):\n"
                },
            ),
            Mistake(
                "한 걸음을 덜 걸었어요.",
                "range(steps)는 steps번 되풀이해요.",
                {"range(steps)": "range(1, steps)"},
            ),
            Mistake(
                "한 걸음을 더 걸었어요.",
                "range(steps)는 steps번 되풀이해요.",
                {"range(steps)": "range(steps + 1)"},
            ),
            Mistake(
                "기울기에서 바닥 c를 빼지 않았어요.", "E를 미분하면 k(w - c)예요.", {"k * (w - c)": "k * w"}
            ),
            Mistake(
                "기울기에 곡률 k를 곱하지 않았어요.", "E를 미분하면 k(w - c)예요.", {"k * (w - c)": "w - c"}
            ),
            Mistake(
                "절반 ½을 잊어 기울기가 두 배예요.",
                "½이 미분에서 나온 2를 지워요.",
                {"k * (w - c)": "2 * k * (w - c)"},
            ),
        ],
    )


def ex_3_8() -> CodeExercise:
    return CodeExercise(
        "3.8",
        "함수 f와 자리 w, 작은 수 h를 받아, w에서 h만큼 양쪽으로 움직여 잰 기울기(중앙 차분)를 돌려주는 "
        "함수를 쓰세요.",
        """
        def slope(f, w, h):
            right = f(w + h)
            left = f(w - h)
            return (right - left) / (2 * h)
        """,
        cases=["valley, 1, 0.1", "wave, -0.5, 0.2", "wave, 2.0, 0.01"],
        why="오른쪽과 왼쪽의 오차의 차이를, 두 자리 사이의 거리 2h로 나눴어요.",
        mistakes=[
            *CENTRAL_SLIPS,
            Mistake("h로 나누지 않았어요.", "변화를 움직인 거리 2h로 나눠야 기울기예요.", {"(2 * h)": "2"}),
            Mistake(
                "분자를 괄호로 묶지 않았어요.",
                "파이썬은 나눗셈을 먼저 해요. right - left를 괄호로 묶으세요.",
                {"(right - left)": "right - left"},
            ),
            Mistake(
                "왼쪽에서 오른쪽을 뺐어요. 부호가 반대예요.",
                "w가 커지는 쪽의 값에서 작아지는 쪽의 값을 빼세요.",
                {"(right - left)": "(left - right)"},
            ),
            Mistake(
                "한쪽으로만 움직여 쟀어요.",
                "양쪽 w + h와 w - h에서 재고 2h로 나누세요.",
                {"f(w - h)": "f(w)", "(2 * h)": "h"},
            ),
            Mistake("왼쪽은 움직이지 않고 2h로 나눴어요.", "왼쪽은 f(w - h)예요.", {"f(w - h)": "f(w)"}),
            Mistake(
                "h를 f의 바깥에서 더했어요.",
                "움직이는 것은 자리예요. h는 f의 괄호 안에서 더하세요.",
                {"f(w + h)": "f(w) + h"},
            ),
        ],
        given="""
        def valley(w):
            return 0.5 * (3 - 2 * w) ** 2


        def wave(w):
            return 0.25 * w ** 4 - w ** 2 + 0.3 * w + 1.6
        """,
    )


def ex_3_9() -> CodeExercise:
    return CodeExercise(
        "3.9",
        "배우는 수의 목록 params, 그 기울기의 목록 grads, 학습률 eta를 받아 한 걸음 고친 수들을 새 목록으로 "
        "돌려주는 함수를 쓰세요.",
        """
        def one_step(params, grads, eta):
            new = []
            for i in range(len(params)):
                new.append(params[i] - eta * grads[i])
            return new
        """,
        cases=["[0.4, -0.6, 0.2], [0.3, -0.1, 0.05], 0.5", "[-0.1, 1.5], [0.1306, -2.0], 0.1"],
        why="배우는 수마다 제 기울기에 η를 곱해서 뺐어요.",
        mistakes=[
            Mistake(
                "기울기를 빼지 않고 더했어요. 오르막으로 가요.",
                "오차가 커지는 쪽의 반대로 가야 해요.",
                {"params[i] - eta * grads[i]": "params[i] + eta * grads[i]"},
            ),
            Mistake(
                "학습률 η를 곱하지 않았어요.",
                "기울기에 eta를 곱한 만큼만 움직여요.",
                {"params[i] - eta * grads[i]": "params[i] - grads[i]"},
            ),
            Mistake(
                "옛 값에서 빼지 않고, -η × 기울기를 새 값으로 썼어요.",
                "그것은 움직인 양이에요. 옛 값 params[i]에 더하세요.",
                {"params[i] - eta * grads[i]": "-eta * grads[i]"},
            ),
            Mistake(
                "모두 첫 기울기로 고쳤어요.",
                "i번째 수는 i번째 기울기로 고쳐요.",
                {"params[i] - eta * grads[i]": "params[i] - eta * grads[0]"},
            ),
            Mistake(
                "옛 값에 학습률을 곱하고 기울기를 뺐어요.",
                "학습률은 기울기에 곱해요.",
                {"params[i] - eta * grads[i]": "eta * params[i] - grads[i]"},
            ),
            Mistake(
                "첫 수를 고치지 않고 빠뜨렸어요.",
                "목록의 자리는 0부터 세요.",
                {"range(len(params))": "range(1, len(params))"},
            ),
            Mistake(
                "마지막 수를 빠뜨렸어요.",
                "range(len(params))는 0부터 마지막 자리까지 모두 세요.",
                {"range(len(params))": "range(len(params) - 1)"},
            ),
        ],
    )


def ex_3_10() -> Exercise:
    return Exercise(
        "3.10",
        "출력이 3개인 신경망을 평균 제곱 오차와 η = 0.3으로 배우게 했어요. 표본은 "
        "하나씩 넣어요. 오차를 제곱 오차의 절반으로 바꾸고도 똑같은 길을 가려면 η를 "
        "얼마로 해야 하나요?",
        0.3 * 2 / 3,
        why="절반은 평균의 3/2배라서, 기울기가 1.5배가 돼요. η는 1.5로 나눠요.",
        mistakes=[
            Mistake("거꾸로 곱했어요.", "오차가 1.5배로 커지니 η는 그만큼 작아져야 해요.", 0.3 * 3 / 2),
            Mistake(
                "학습률을 그대로 뒀어요.", "두 오차는 앞에 붙는 수가 달라서 기울기의 크기도 달라요.", 0.3
            ),
            Mistake(
                "절반 ½을 빼고 출력의 개수로만 나눴어요.",
                "절반은 1/2, 평균은 1/3이에요. 둘의 비를 구하세요.",
                0.3 / 3,
            ),
            Mistake(
                "출력의 개수를 빼고 절반만 생각해 두 배로 했어요.",
                "평균에는 1/3이 들어 있어요. 1/2과 1/3의 비를 구하세요.",
                0.3 * 2,
            ),
            Mistake(
                "출력의 개수를 빼고 절반만 생각했어요.",
                "평균에는 1/3이 들어 있어요. 1/2과 1/3의 비를 구하세요.",
                0.3 / 2,
            ),
        ],
    )


def ex_3_11() -> Exercise:
    a8 = float(sigmoid(np.array(-4.0)))
    return Exercise(
        "3.11",
        "시그모이드 뉴런의 가중합이 z = -4인데 정답은 y = 1이에요. 교차 엔트로피의 "
        "기울기 ∂E/∂z는 얼마인가요? σ(-4) = 0.0180이에요.",
        a8 - 1,
        why="a - y = 0.0180 - 1이에요. 크게 틀렸으니 기울기도 -1에 가까워요.",
        mistakes=[
            Mistake("부호가 반대예요. y - a를 구했어요.", "출력에서 정답을 빼요: a - y.", 1 - a8),
            Mistake(
                "제곱 오차의 기울기를 구했어요.",
                "교차 엔트로피에서는 a(1 - a)가 지워져요.",
                (a8 - 1) * a8 * (1 - a8),
            ),
            Mistake("시그모이드를 지나지 않고 z에서 정답을 뺐어요.", "먼저 a = σ(z)를 구하세요.", -4.0 - 1),
            Mistake("z가 아니라 a로 미분했어요.", "∂E/∂a = -1/a에 a(1 - a)까지 곱해야 ∂E/∂z예요.", -1 / a8),
            Mistake("기울기가 아니라 오차 E를 구했어요.", "E = -ln a를 z로 미분하면 a - y예요.", -np.log(a8)),
            Mistake("정답을 빼지 않았어요.", "출력 a에서 정답 1을 빼세요.", a8),
        ],
    )


def ex_3_12() -> CodeExercise:
    return CodeExercise(
        "3.12",
        "표본마다의 출력을 담은 목록 A와 정답을 담은 목록 Y를 받아, 제곱 오차의 절반을 표본마다 구해 평균 낸 "
        "오차를 돌려주는 함수를 쓰세요. A[n][k]는 n번째 표본의 k번째 출력이에요.",
        """
        def error(A, Y):
            total = 0
            for n in range(len(A)):
                for k in range(len(A[n])):
                    total = total + (Y[n][k] - A[n][k]) ** 2
            return total / 2 / len(A)
        """,
        cases=[
            "[[0.7, 0.2, 0.4], [0.1, 0.9, 0.3]], [[1, 0, 0], [0, 1, 0]]",
            "[[0.5], [1.2], [1.9], [3.1], [3.6]], [[0.4], [1.0], [2.0], [2.5], [4.0]]",
            "[[0.5586, 0.5235]], [[1, 0]]",
        ],
        why="차이를 제곱해 모두 더하고, 2와 표본의 수로 나눴어요.",
        mistakes=[
            Mistake(
                "제곱하지 않고 차이를 그냥 더했어요.",
                "부호가 다른 차이가 서로 지워져요. 하나씩 제곱하고 더하세요.",
                {"(Y[n][k] - A[n][k]) ** 2": "(Y[n][k] - A[n][k])"},
            ),
            Mistake(
                "제곱하지 않고 차이의 크기를 더했어요.",
                "차이를 하나씩 제곱한 다음 더하세요.",
                {"(Y[n][k] - A[n][k]) ** 2": "abs(Y[n][k] - A[n][k])"},
            ),
            Mistake(
                "빼기 전에 따로 제곱했어요.",
                "괄호 안에서 먼저 뺀 다음 제곱하세요.",
                {"(Y[n][k] - A[n][k]) ** 2": "Y[n][k] ** 2 - A[n][k] ** 2"},
            ),
            Mistake(
                "절반 ½을 곱하지 않았어요.",
                "제곱해서 더한 것을 2로도 나누세요.",
                {"total / 2 / len(A)": "total / len(A)"},
            ),
            Mistake(
                "표본의 평균을 내지 않았어요.",
                "표본의 수 len(A)로도 나누세요.",
                {"total / 2 / len(A)": "total / 2"},
            ),
            Mistake(
                "평균 제곱 오차를 구했어요.",
                "출력의 수로 나누지 말고 2로 나누세요.",
                {"total / 2 / len(A)": "total / len(A) / len(A[0])"},
            ),
            Mistake(
                "표본의 수가 아니라 출력의 수로 나눴어요.",
                "표본의 수는 len(A)예요.",
                {"total / 2 / len(A)": "total / 2 / len(A[0])"},
            ),
            Mistake(
                "첫 출력을 빠뜨렸어요.",
                "목록의 자리는 0부터 세요.",
                {"range(len(A[n]))": "range(1, len(A[n]))"},
            ),
            Mistake(
                "표본마다 처음부터 다시 더해, 마지막 표본의 것만 남았어요.",
                "total = 0은 두 for의 바깥에서 한 번만 적으세요.",
                {"for k in": "total = 0\n        for k in"},
            ),
        ],
    )
