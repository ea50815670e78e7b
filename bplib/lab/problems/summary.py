"""14장(14-summary)의 연습문제."""

from __future__ import annotations

import math

import numpy as np

from bplib import Conv2d, Linear, Sequential, Sigmoid
from bplib.graph import Node, half_square, reverse_mode
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake
from bplib.topics.quantize import quantize


def digits_knobs():
    """입력 64, 은닉 32, 출력 10인 신경망의 배우는 수."""
    rng = np.random.default_rng(14)
    return Sequential(Linear(64, 32, rng=rng), Sigmoid(), Linear(32, 10, rng=rng)).params().size


def ex_14_1() -> Exercise:
    knobs = digits_knobs()
    return Exercise(
        "14.1",
        "8×8 화소의 숫자를 0부터 9까지로 나누는 신경망이에요. 입력 64, 은닉 32, 출력 10. "
        "배우는 수는 모두 몇 개인가요?",
        knobs,
        why="64×32 + 32 + 32×10 + 10이에요.",
        mistakes=[
            Mistake("편향을 세지 않았어요.", "계산하는 뉴런마다 편향이 하나씩 있어요.", 64 * 32 + 32 * 10),
            Mistake("입력에도 편향을 붙였어요.", "입력은 계산하지 않아요.", knobs + 64),
            Mistake("은닉층의 편향만 더했어요.", "출력 뉴런에도 편향이 있어요.", knobs - 10),
            Mistake("세 수를 모두 곱했어요.", "이웃한 두 층끼리 곱해서 더하세요.", 64 * 32 * 10),
        ],
    )


def ex_14_2() -> Exercise:
    w2, x2 = np.array([2.0, -1.0]), np.array([1.0, 3.5])
    return Exercise(
        "14.2",
        "가중치가 (2, -1)인 ReLU 뉴런에 입력 (1, 3.5)가 들어와요. 이 뉴런이 0보다 큰 값을 내려면 "
        "편향은 얼마보다 커야 하나요?",
        float(-w2 @ x2),
        why="z = 2×1 - 1×3.5 + b = b - 1.5가 0보다 커야 해요. 편향이 높을수록 쉽게 켜져요.",
        mistakes=[
            Mistake(
                "부호가 반대예요. 가중합을 그대로 적었어요.",
                "b를 더해 0을 넘어야 하니 -w·x보다 커야 해요.",
                float(w2 @ x2),
            ),
            Mistake("가중치의 합으로 계산했어요.", "입력을 곱해서 더하세요.", float(-w2.sum())),
            Mistake("둘째 가중치의 부호를 빠뜨렸어요.", "-1을 곱하면 -3.5예요.", -(2 * 1 + 1 * 3.5)),
            Mistake(
                "시그모이드처럼 0.5를 넘어야 한다고 봤어요.",
                "ReLU는 z > 0이면 켜져요.",
                float(-w2 @ x2) + 0.5,
            ),
        ],
    )


def ex_14_3() -> Exercise:
    k3, eta3 = 4.0, 0.4
    return Exercise(
        "14.3",
        "E = ½ · 4(w - 1)²에서 학습률 0.4로 걸어요. 한 걸음마다 바닥까지의 거리 w - 1은 몇 배가 되나요? "
        "(건너편으로 넘어가면 음수예요.)",
        1 - eta3 * k3,
        why="거리에는 걸음마다 1 - ηk = 1 - 0.4 × 4가 곱해져요. 건너편을 오가며 다가가요.",
        mistakes=[
            Mistake("크기만 적었어요.", "0을 넘어 건너편으로 가니 음수예요.", abs(1 - eta3 * k3)),
            Mistake("기울기를 더했어요.", "w에서 기울기를 빼요.", 1 + eta3 * k3),
            Mistake(
                "움직인 거리의 배율을 적었어요.", "남은 거리는 처음의 1에서 그만큼을 뺀 것이에요.", eta3 * k3
            ),
            Mistake("곡률 4를 곱하지 않았어요.", "배율은 1 - ηk예요.", 1 - eta3),
            Mistake("½을 한 번 더 곱했어요.", "½은 미분에서 나온 2가 지워요.", 1 - eta3 * k3 / 2),
        ],
    )


def ex_14_4() -> Exercise:
    a4, x4 = 0.6, -2.0
    return Exercise(
        "14.4",
        "z = wx + b, a = tanh(z), E = ½(1 - a)²이에요. x = -2이고 a = 0.6이 나왔을 때 ∂E/∂w는 얼마인가요?",
        (a4 - 1) * (1 - a4**2) * x4,
        why="(a - 1)(1 - a²)x = (-0.4) × 0.64 × (-2)예요. tanh의 기울기는 1 - a²이에요.",
        mistakes=[
            Mistake(
                "시그모이드의 기울기 a(1 - a)를 곱했어요.",
                "tanh의 기울기는 1 - a²이에요.",
                (a4 - 1) * a4 * (1 - a4) * x4,
            ),
            Mistake("활성화 함수의 기울기를 곱하지 않았어요.", "z마다 a의 비율도 곱하세요.", (a4 - 1) * x4),
            Mistake(
                "부호가 반대예요.", "½(1 - a)²을 a로 미분하면 a - 1이에요.", -(a4 - 1) * (1 - a4**2) * x4
            ),
            Mistake("입력 x를 곱하지 않았어요.", "w마다 z의 비율은 x예요.", (a4 - 1) * (1 - a4**2)),
            Mistake("a²을 빼지 않고 곱했어요.", "1 - a² = 1 - 0.36이에요.", (a4 - 1) * a4**2 * x4),
        ],
    )


def ex_14_5() -> Exercise:
    d5, w5, a5 = np.array([0.1, -0.2, 0.05]), np.array([0.5, 1.0, -2.0]), 0.8
    return Exercise(
        "14.5",
        "은닉 뉴런 하나가 출력 뉴런 셋으로 이어져요. 가중치는 (0.5, 1, -2), 출력의 델타는 (0.1, -0.2, 0.05)이고 "
        "이 뉴런의 활성값은 0.8(시그모이드)이에요. 이 뉴런의 델타는 얼마인가요?",
        float(w5 @ d5) * a5 * (1 - a5),
        why="길마다 곱해 더하면 0.05 - 0.2 - 0.1 = -0.25, 여기에 0.8 × 0.2를 곱해요.",
        mistakes=[
            Mistake("시그모이드의 기울기를 곱하지 않았어요.", "a(1 - a) = 0.16을 곱하세요.", float(w5 @ d5)),
            Mistake("길 하나만 셌어요.", "세 길을 모두 더하세요.", w5[0] * d5[0] * a5 * (1 - a5)),
            Mistake(
                "가중치를 곱하지 않고 델타를 더했어요.",
                "길마다 그 화살표의 가중치를 곱하세요.",
                d5.sum() * a5 * (1 - a5),
            ),
            Mistake(
                "a(1 - a) 대신 a를 곱했어요.", "시그모이드의 기울기는 a(1 - a)예요.", float(w5 @ d5) * a5
            ),
            Mistake("세 길을 평균했어요.", "나누지 않고 더하기만 해요.", float(w5 @ d5) / 3 * a5 * (1 - a5)),
        ],
    )


def ex_14_6() -> Exercise:
    return Exercise(
        "14.6",
        "미니배치 32개의 손실을 평균해서 η = 0.08로 배우던 코드를, 나누지 않고 더하도록 바꿨어요. "
        "똑같은 길을 가려면 η를 얼마로 해야 하나요?",
        0.08 / 32,
        why="더하면 기울기가 32배가 되니 학습률은 32로 나눠요.",
        mistakes=[
            Mistake("거꾸로 곱했어요.", "기울기가 커졌으니 학습률은 작아져야 해요.", 0.08 * 32),
            Mistake("그대로 뒀어요.", "합은 평균의 32배예요.", 0.08),
            Mistake("32의 제곱근으로 나눴어요.", "제곱근은 기울기의 흔들림 이야기예요.", 0.08 / 32**0.5),
            Mistake("두 번 나눴어요.", "1/n은 한 번만 옮겨 가요.", 0.08 / 32**2),
        ],
    )


def ex_14_7() -> Exercise:
    conv_knobs = Conv2d(3, 8, 3, rng=np.random.default_rng(14)).params().size
    return Exercise(
        "14.7",
        "빨강·초록·파랑 세 장으로 된 32×32 그림에 3×3 합성곱 필터 8개를 써요. 배우는 수는 몇 개인가요?",
        conv_knobs,
        why="필터 하나가 3×3×3개와 편향 하나, 그것이 8개예요. 그림의 크기와는 상관없어요.",
        mistakes=[
            Mistake("편향을 세지 않았어요.", "필터마다 편향이 하나씩 있어요.", conv_knobs - 8),
            Mistake("입력이 세 장인 것을 빠뜨렸어요.", "필터는 세 장을 모두 봐요: 3×3×3.", 8 * (3 * 3 + 1)),
            Mistake("자리마다 따로 셌어요.", "같은 가중치를 모든 자리에서 다시 써요.", conv_knobs * 30 * 30),
            Mistake("화소마다 화살표를 이었어요.", "그것은 모두 이은 층이에요.", 32 * 32 * 3 * 8 + 8),
            Mistake("필터 하나만 셌어요.", "필터가 8개예요.", conv_knobs // 8),
        ],
    )


def ex_14_8() -> Exercise:
    p8, count8 = 0.9, 2
    return Exercise(
        "14.8",
        "단어 주머니 신경망(시그모이드, 교차 엔트로피)이 ‘좋아 참 좋아’를 0.9의 확률로 긍정이라고 했는데 정답은 "
        "부정(0)이었어요. ‘좋아’의 가중치의 기울기는 얼마인가요?",
        (p8 - 0) * count8,
        why="∂E/∂z = p - y = 0.9이고, ‘좋아’가 두 번 들어 있으니 입력 2를 곱해요.",
        mistakes=[
            Mistake("‘좋아’를 한 번만 셌어요.", "단어 주머니의 입력은 나온 횟수예요.", p8),
            Mistake(
                "시그모이드의 기울기를 한 번 더 곱했어요.",
                "교차 엔트로피에서는 p(1 - p)가 지워져요.",
                p8 * p8 * (1 - p8) * count8,
            ),
            Mistake("부호가 반대예요.", "출력에서 정답을 빼요: p - y.", -p8 * count8),
            Mistake("정답을 긍정(1)으로 봤어요.", "정답은 부정, 곧 0이에요.", (p8 - 1) * count8),
            Mistake("낱말 셋으로 나눴어요.", "평균이 아니라 나온 횟수를 그대로 곱해요.", p8 * count8 / 3),
        ],
    )


def ex_14_9() -> Exercise:
    w9 = Node(0.5)
    h9 = Node(1.0)
    for _ in range(3):
        h9 = w9 * h9
    return Exercise(
        "14.9",
        "같은 가중치 w = 0.5를 세 번 되풀이해요: h₁ = w·1, h₂ = w·h₁, h₃ = w·h₂. E = ½(h₃ - 1)²일 때 ∂E/∂w는?",
        reverse_mode(half_square(h9 - 1.0))[w9],
        why="h₃ - 1 = -0.875이고, w가 쓰인 세 자리의 길을 모두 더하면 3w² = 0.75예요.",
        mistakes=[
            Mistake("마지막 자리의 길만 셌어요.", "w는 세 번 쓰였으니 길도 셋이에요.", (0.125 - 1) * 0.25),
            Mistake("세 길을 곱했어요.", "길끼리는 더해요.", (0.125 - 1) * 0.25**3),
            Mistake("부호가 반대예요.", "h₃ - 1에서 출발하세요.", -(0.125 - 1) * 0.75),
            Mistake("h₃을 w로 미분한 것만 구했어요.", "앞에 h₃ - 1을 곱하세요.", 0.75),
            Mistake("두 길만 셌어요.", "w는 세 번 쓰였으니 길도 셋이에요.", (0.125 - 1) * 0.5),
        ],
    )


def ex_14_10() -> Exercise:
    knobs = digits_knobs()
    return Exercise(
        "14.10",
        "연습 14.1의 신경망에서 모든 기울기를 중앙 차분(양쪽으로 조금씩 움직여 재기)으로 구하려면 "
        "순전파를 몇 번 해야 하나요?",
        2 * knobs,
        why="배우는 수마다 양쪽으로 두 번이에요. 역전파는 앞으로 한 번, 뒤로 한 번이면 돼요.",
        mistakes=[
            Mistake("한쪽으로만 쟀어요.", "중앙 차분은 키워서 한 번, 줄여서 한 번이에요.", knobs),
            Mistake("한쪽 차분의 횟수예요.", "중앙 차분에는 가운데 값이 필요 없고, 양쪽을 재요.", knobs + 1),
            Mistake("가운데 값까지 쟀어요.", "중앙 차분은 양 끝만 있으면 돼요.", 2 * knobs + 1),
            Mistake("역전파의 횟수를 적었어요.", "여기서는 하나씩 움직여 재는 방법을 물었어요.", 2),
            Mistake("편향을 빠뜨렸어요.", "편향도 하나씩 움직여야 해요.", 2 * (knobs - 42)),
        ],
    )


def ex_14_11() -> Exercise:
    p11 = 0.3
    tries = math.ceil(math.log(0.05) / math.log(1 - p11))
    return Exercise(
        "14.11",
        "무작위로 시작해 배우면 열 번에 세 번꼴로 성공해요(p = 0.3, 서로 상관없이). 적어도 한 번 성공할 확률이 "
        "95%를 넘으려면 몇 번 시작해야 하나요?",
        tries,
        why="1 - 0.7ᵏ이 0.95를 처음 넘는 k예요. 0.7⁸ = 0.0576, 0.7⁹ = 0.0404예요.",
        mistakes=[
            Mistake("한 번 모자라요.", "1 - 0.7⁸ = 0.942라 아직 95%가 안 돼요.", tries - 1),
            Mistake(
                "성공할 확률을 거듭 곱했어요.",
                "모두 실패할 확률 0.7ᵏ을 쓰세요.",
                math.ceil(math.log(0.05) / math.log(p11)),
            ),
            Mistake("확률을 더했어요.", "0.3을 더해 가면 넷째에 1을 넘어 버려요.", math.ceil(0.95 / p11)),
            Mistake("올림하지 않았어요.", "시작하는 횟수는 정수예요.", math.log(0.05) / math.log(1 - p11)),
        ],
    )


def ex_14_12() -> Exercise:
    return Exercise(
        "14.12",
        "층마다 뉴런이 하나이고 가중치가 모두 1인 시그모이드 신경망이에요. 델타가 다섯 층을 거슬러 가면 많아야 "
        "몇 배가 되나요? 소수 여섯째 자리까지 적으세요.",
        0.25**5,
        digits=6,
        why="시그모이드의 기울기 a(1 - a)는 a = 0.5에서 가장 커서 0.25이고, 그것을 다섯 번 곱해요.",
        mistakes=[
            Mistake("더했어요.", "층을 지날 때마다 곱해요.", 0.25 * 5),
            Mistake("다섯으로 나눴어요.", "층을 지날 때마다 곱해요.", 0.25 / 5),
            Mistake("기울기의 가장 큰 값을 0.5로 봤어요.", "a(1 - a)는 0.5 × 0.5 = 0.25예요.", 0.5**5),
            Mistake("한 층을 더 지났어요.", "다섯 층이면 다섯 번 곱해요.", 0.25**6),
            Mistake("한 층을 덜 지났어요.", "다섯 층이면 다섯 번 곱해요.", 0.25**4),
        ],
    )


def ex_14_13() -> Exercise:
    row = np.array([[0.37, -1.4, 0.9]])
    step13 = 1.4 / 7
    return Exercise(
        "14.13",
        "가중치 한 줄 (0.37, -1.4, 0.9)을 4비트로 양자화해요. 눈금은 가장 큰 크기 1.4를 7로 나눈 것이고, "
        "눈금의 가장 가까운 배수로 반올림해요. 0.37은 얼마가 되나요?",
        float(quantize(row, 4)[0, 0]),
        why="눈금은 0.2이고 0.37 ÷ 0.2 = 1.85를 반올림하면 2칸, 곧 0.4예요.",
        mistakes=[
            Mistake(
                "반올림하지 않고 버렸어요.", "1.85는 2에 더 가까워요.", math.floor(0.37 / step13) * step13
            ),
            Mistake("칸의 번호를 적었어요.", "번호에 눈금을 다시 곱하세요.", round(0.37 / step13)),
            Mistake("눈금으로 나누기만 했어요.", "정수로 반올림해서 눈금을 곱하세요.", 0.37 / step13),
            Mistake(
                "1.4를 16으로 나눈 눈금을 썼어요.",
                "부호가 있으니 한쪽은 2³ - 1 = 7칸이에요.",
                round(0.37 / (1.4 / 16)) * 1.4 / 16,
            ),
        ],
    )


def ex_14_14() -> CodeExercise:
    return CodeExercise(
        "14.14",
        "시그모이드 층이 몇 개든 모든 기울기를 계산하는 함수 gradients(x, y, weights)를 쓰세요. weights는 [W, b]의 "
        "목록, 손실은 제곱 오차의 절반의 표본 평균이고, 같은 차례의 [∂E/∂W, ∂E/∂b] 목록을 "
        "돌려줘요. 미리 준 함수들을 써도 돼요.",
        """
        def slope(table):
            return [[v * (1 - v) for v in row] for row in table]


        def gradients(x, y, weights):
            a = [x]
            for W, b in weights:
                a.append(forward(a[-1], W, b))
            error = []
            for row, target in zip(a[-1], y):
                error.append([(p - t) / len(x) for p, t in zip(row, target)])
            delta = times(error, slope(a[-1]))
            result = []
            for k in range(len(weights) - 1, -1, -1):
                grad_W = multiply(transpose(delta), a[k])
                grad_b = [sum(column) for column in transpose(delta)]
                result.insert(0, [grad_W, grad_b])
                back = multiply(delta, weights[k][0])
                delta = times(back, slope(a[k]))
            return result
        """,
        start="""
        def gradients(x, y, weights):
            a = [x]
            # 여기에 쓰세요
            return
        """,
        cases=[
            "[[0.7, -1.2], [0.4, 0.9], [-0.3, 1.6]], [[0.2, 0.9], [0.8, 0.3], [0.6, 0.1]], "
            "[[[[0.5, -0.7], [1.3, 0.2]], [0.1, -0.4]]]",
            "[[1.1, 0.3], [-0.6, 0.8], [0.25, -1.4]], [[0.7, 0.1], [0.4, 0.85], [0.15, 0.6]], "
            "[[[[0.8, -0.3], [0.6, 1.4]], [-0.2, 0.35]], [[[-0.9, 1.1], [0.45, 0.7]], [0.3, -0.15]]]",
            "[[0.35, -0.8]], [[0.9, 0.2]], "
            "[[[[0.4, 1.2], [-0.5, 0.7]], [0.2, 0.6]], [[[1.5, -0.6], [0.3, 0.9]], [-0.1, 0.4]], "
            "[[[0.65, 0.25], [-1.1, 0.8]], [0.05, -0.3]]]",
        ],
        why="층이 하나든 셋이든 맞아요. 이제 어떤 깊이든 배우게 할 수 있어요.",
        given="""
        import math


        def transpose(A):
            return [list(column) for column in zip(*A)]


        def multiply(A, B):  # 행렬의 곱 AB
            C = []
            for row in A:
                C.append([sum(times([row], [col])[0]) for col in transpose(B)])
            return C


        def times(A, B):  # 같은 자리끼리의 곱
            return [[a * b for a, b in zip(r, s)] for r, s in zip(A, B)]


        def forward(a, W, b):  # 시그모이드 층 하나의 순전파
            out = []
            for row in multiply(a, transpose(W)):
                out.append([1 / (1 + math.exp(-z - c)) for z, c in zip(row, b)])
            return out
        """,
        mistakes=[
            Mistake(
                "부호가 반대예요.",
                "a - y에서 출발하세요.",
                {"(p - t) / len(x)": "(t - p) / len(x)"},
            ),
            Mistake(
                "표본 수로 나누지 않았어요.",
                "손실이 표본 평균이니 1/n이 한 번 들어가요.",
                {"(p - t) / len(x)": "p - t"},
            ),
            Mistake(
                "½을 잊어 두 배가 됐어요.",
                "½이 미분에서 나온 2를 지워요.",
                {"(p - t) / len(x)": "2 * (p - t) / len(x)"},
            ),
            Mistake(
                "f′(z)를 곱하지 않았어요.",
                "층을 지날 때마다 a(1 - a)를 곱하세요.",
                {"v * (1 - v)": "1.0"},
            ),
            Mistake(
                "f′(z)에서 a를 빼먹고 1 - a만 곱했어요.",
                "시그모이드의 기울기는 a(1 - a)예요.",
                {"v * (1 - v)": "1 - v"},
            ),
            Mistake(
                "되돌아올 때 행과 열을 바꾸지 않았어요.",
                "표본이 행이면 Wᵀδ는 (δ의 표) × W예요.",
                {"multiply(delta, weights[k][0])": "multiply(delta, transpose(weights[k][0]))"},
            ),
            Mistake(
                "되돌아올 때 가중치를 곱하지 않았어요.",
                "길마다 그 화살표의 가중치를 곱하세요.",
                {"multiply(delta, weights[k][0])": "delta"},
            ),
            Mistake(
                "보내는 쪽이 아니라 받는 쪽의 활성값을 곱했어요.",
                "∂E/∂W에는 앞 층의 활성값을 곱해요.",
                {"multiply(transpose(delta), a[k])": "multiply(transpose(delta), a[k + 1])"},
            ),
            Mistake(
                "∂E/∂W의 행과 열이 바뀌었어요.",
                "행이 받는 쪽이에요: δ의 표를 눕혀서 앞 층의 활성값에 곱하세요.",
                {"multiply(transpose(delta), a[k])": "multiply(transpose(a[k]), delta)"},
            ),
            Mistake(
                "편향의 기울기를 합이 아니라 평균으로 냈어요.",
                "1/n은 델타에 이미 들어 있어요.",
                {"sum(column)": "sum(column) / len(x)"},
            ),
            Mistake(
                "목록의 차례가 뒤에서부터예요.",
                "weights와 같은 차례로 돌려놓으세요.",
                {"insert(0, [grad_W, grad_b])": "append([grad_W, grad_b])"},
            ),
        ],
    )
