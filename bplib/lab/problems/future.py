"""13장(13-future)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake
from bplib.topics.energy import MEMORIES


def ex_13_1() -> Exercise:
    W1 = np.array([[0.5, -0.2], [0.3, 0.8]])
    B1 = np.array([[-0.4, 0.6], [1.0, 0.1]])
    d1, slope1 = np.array([0.2, -0.5]), 0.25
    return Exercise(
        "13.1",
        "출력층의 가중치가 W = [[0.5, -0.2], [0.3, 0.8]], 뒷길이 "
        "B = [[-0.4, 0.6], [1.0, 0.1]]이에요(행은 출력 뉴런, 열은 은닉 뉴런). 출력층의 "
        "δ는 (0.2, -0.5), 은닉 뉴런 1의 f'(z)는 0.25예요. 피드백 정렬에서 은닉 뉴런 "
        "1의 δ는 얼마인가요?",
        B1[:, 0] @ d1 * slope1,
        why="B의 첫 열로 모아요: (-0.4 × 0.2 + 1.0 × (-0.5)) × 0.25예요.",
        mistakes=[
            Mistake(
                "뒷길 B 대신 W를 썼어요. 그것은 역전파예요.",
                "피드백 정렬은 뒤로 갈 때 B를 지나요.",
                W1[:, 0] @ d1 * slope1,
            ),
            Mistake(
                "활성화 함수의 기울기 f'(z)를 곱하지 않았어요.",
                "뒷길을 바꿔도 f'(z)는 그대로 곱해요.",
                B1[:, 0] @ d1,
            ),
            Mistake(
                "B의 열이 아니라 행으로 모았어요.",
                "은닉 뉴런 1에서 나가는 길은 첫 열에 있어요.",
                B1[0] @ d1 * slope1,
            ),
            Mistake("B의 행으로 모으고 f'(z)도 빠뜨렸어요.", "첫 열로 모으고 0.25를 곱하세요.", B1[0] @ d1),
            Mistake("은닉 뉴런 2의 값을 구했어요.", "은닉 뉴런 1은 첫 열이에요.", B1[:, 1] @ d1 * slope1),
        ],
    )


def ex_13_2() -> Exercise:
    u2, v2 = np.array([3.0, 4.0]), np.array([2.0, 0.0])
    cos2 = u2 @ v2 / np.linalg.norm(u2) / np.linalg.norm(v2)
    return Exercise(
        "13.2",
        "진짜 기울기가 (3, 4)이고 걸음의 방향이 (2, 0)이에요. 둘 사이의 각은 몇 도인가요? "
        "계산기의 cos⁻¹ 단추가 cos θ에서 θ를 찾아 줘요.",
        np.degrees(np.arccos(cos2)),
        why="cos θ = 6 ÷ (5 × 2) = 0.6이니 53.1301도예요. 90도보다 작아 내리막이에요.",
        mistakes=[
            Mistake("각이 아니라 cos θ를 답했어요.", "계산기의 cos⁻¹로 각을 찾으세요.", cos2),
            Mistake("라디안으로 답했어요.", "180을 곱하고 π로 나누면 도가 돼요.", np.arccos(cos2)),
            Mistake(
                "두 번째 화살표의 길이로 나누지 않았어요.",
                "두 길이 5와 2의 곱으로 나누세요. cos은 1을 넘을 수 없어요.",
                u2 @ v2 / np.linalg.norm(u2),
            ),
            Mistake(
                "sin⁻¹(arcsin)을 썼어요.",
                "곱해서 더한 것이 주는 것은 코사인이에요.",
                np.degrees(np.arcsin(cos2)),
            ),
            Mistake(
                "반대 방향과의 각을 구했어요.",
                "부호를 뒤집지 말고 그대로 곱해 더하세요.",
                180 - np.degrees(np.arccos(cos2)),
            ),
        ],
    )


def ex_13_3() -> Exercise:
    n3, a3, b3, c3 = 20, 100, 50, 10
    first3, second3 = (a3 + 1) * b3, (b3 + 1) * c3
    return Exercise(
        "13.3",
        "100 → 50 → 10 신경망이 표본 20개로 한 걸음 배워요. 역전파에서 곱하고 더하기는 "
        "몇 번인가요? 편향은 입력이 1인 가중치로 세고, 입력에 대한 기울기는 구하지 "
        "않아요.",
        n3 * (first3 + second3 + b3 * c3),
        why="층마다의 기울기 20 × (5050 + 510)에, 둘째 층에서 앞 층으로 보내는 20 × 50 × 10을 더해요.",
        mistakes=[
            Mistake(
                "입력에 대한 기울기까지 셌어요.",
                "첫 층에서는 앞 층으로 보낼 것이 없어요.",
                n3 * (first3 + second3 + b3 * c3 + a3 * b3),
            ),
            Mistake(
                "앞 층으로 보내는 Wᵀδ를 빠뜨렸어요. 순전파와 같은 횟수예요.",
                "둘째 층에서 50 × 10번을 표본마다 더하세요.",
                n3 * (first3 + second3),
            ),
            Mistake(
                "표본의 수를 곱하지 않았어요.", "기울기는 표본마다 구해서 더해요.", first3 + second3 + b3 * c3
            ),
            Mistake(
                "편향을 빠뜨렸어요.",
                "편향의 기울기도 표본마다 한 번씩 더해요.",
                n3 * (a3 * b3 + b3 * c3 + b3 * c3),
            ),
            Mistake("앞 층으로 보내는 것만 셌어요.", "층마다 제 기울기 δaᵀ도 구해야 해요.", n3 * b3 * c3),
        ],
    )


def ex_13_4() -> Exercise:
    words4, batch4, dram4 = 200_000, 16, MEMORIES["DRAM"][1]
    return Exercise(
        "13.4",
        "가중치 20만 개가 DRAM에 있어요. 순전파를 배치 16으로 할 때, 가중치를 8비트로 "
        "읽어 오는 에너지는 표본 하나에 몇 μJ인가요? 32비트 하나를 읽는 데 640 pJ이고, "
        "1 μJ은 100만 pJ이에요.",
        words4 * dram4 * 8 / 32 / batch4 / 1e6,
        why="20만 × 640 × 8/32 = 3200만 pJ을 표본 16개가 나눠요.",
        mistakes=[
            Mistake(
                "배치 전체의 값을 답했어요.",
                "한 번 읽은 가중치를 표본 16개가 나눠 써요.",
                words4 * dram4 * 8 / 32 / 1e6,
            ),
            Mistake(
                "32비트로 읽었어요.",
                "8비트면 32비트 하나를 읽을 에너지로 네 개를 읽어요.",
                words4 * dram4 / batch4 / 1e6,
            ),
            Mistake(
                "8로 나누었어요.",
                "32비트에서 8비트로 줄었으니 4분의 1이에요.",
                words4 * dram4 / 8 / batch4 / 1e6,
            ),
            Mistake(
                "배치를 곱했어요.",
                "표본이 늘어도 가중치는 한 번만 읽어요. 표본마다의 몫은 줄어요.",
                words4 * dram4 * 8 / 32 * batch4 / 1e6,
            ),
            Mistake(
                "배치도 비트도 생각하지 않았어요.", "8/32를 곱하고 16으로 나누세요.", words4 * dram4 / 1e6
            ),
        ],
    )


def ex_13_5() -> Exercise:
    row5, bits5 = np.array([0.9, -0.5, 0.2, 0.7]), 3
    s5 = np.abs(row5).max() / (2 ** (bits5 - 1) - 1)
    w5 = row5[1]
    return Exercise(
        "13.5",
        "가중치의 한 행이 (0.9, -0.5, 0.2, 0.7)이에요. 이 행을 3비트로 양자화하면 -0.5는 얼마가 되나요?",
        s5 * np.round(w5 / s5),
        why="s = 0.9 ÷ 3 = 0.3이고, -0.5 ÷ 0.3 = -1.6667은 -2로 반올림돼요.",
        mistakes=[
            Mistake(
                "반올림하지 않고 0 쪽으로 버렸어요.",
                "-1.6667에 가까운 정수는 -2예요.",
                s5 * np.trunc(w5 / s5),
            ),
            Mistake("다시 s를 곱하지 않았어요.", "칸의 번호 -2에 너비 0.3을 곱하세요.", np.round(w5 / s5)),
            Mistake(
                "칸의 너비를 2³ - 1 = 7로 나눠 구했어요.",
                "부호에 한 비트를 쓰니 2² - 1 = 3칸이에요.",
                0.9 / 7 * np.round(w5 / (0.9 / 7)),
            ),
            Mistake(
                "칸의 너비를 2² = 4로 나눠 구했어요.",
                "0을 가운데 두고 한쪽에 2² - 1 = 3칸이에요.",
                0.9 / 4 * np.round(w5 / (0.9 / 4)),
            ),
            Mistake("부호를 잃어버렸어요.", "음수는 음수 칸으로 가요.", -s5 * np.round(w5 / s5)),
        ],
    )


def ex_13_6() -> Exercise:
    w6, s6, x6, y6 = 0.4, 0.25, 2.0, 1.5
    q6 = s6 * np.round(w6 / s6)
    return Exercise(
        "13.6",
        "칸의 너비가 0.25이고 w = 0.4예요. 출력은 a = q(w)x, 오차는 E = ½(a - y)², "
        "x = 2, y = 1.5예요. 곧바로 보내기가 w에 보내는 기울기는 얼마인가요?",
        (q6 * x6 - y6) * x6,
        why="q(0.4) = 0.5이니 a = 1이고, (1 - 1.5) × 2예요. dq/dw 자리에는 1을 써요.",
        mistakes=[
            Mistake(
                "반올림하지 않은 w로 순전파했어요.",
                "앞으로 갈 때는 q(w)를 써요. 0.4는 0.5가 돼요.",
                (w6 * x6 - y6) * x6,
            ),
            Mistake("진짜 도함수 0을 곱했어요.", "곧바로 보내기는 그 자리에 1을 써요.", 0.0),
            Mistake("입력 x를 곱하지 않았어요.", "∂a/∂q = x예요.", q6 * x6 - y6),
            Mistake(
                "부호가 반대예요. y - a에서 출발했어요.",
                "½(a - y)²을 a로 미분하면 a - y예요.",
                (y6 - q6 * x6) * x6,
            ),
            Mistake(
                "q(w)를 아래 칸 0.25로 버렸어요.", "0.4는 0.25보다 0.5에 가까워요.", (0.25 * x6 - y6) * x6
            ),
            Mistake(
                "칸의 너비까지 곱했어요.", "기울기는 반올림을 그대로 지나가요.", (q6 * x6 - y6) * x6 * s6
            ),
        ],
    )


def ex_13_7() -> Exercise:
    p7, r7 = 6.0, 2.0
    return Exercise(
        "13.7",
        "z = x₁x₂²이고 x = (6, 2), 기준은 (0, 0)이에요. x₁의 적분 기울기는 얼마인가요?",
        p7 * r7**2 / 3,
        why="길 위의 기울기는 (2α)²이고, 0에서 1까지 평균하면 4/3이에요. 여기에 6을 "
        "곱해요. x₂의 몫은 16이라 더하면 24 = z(x)예요.",
        mistakes=[
            Mistake(
                "기울기 × 입력을 구했어요. 끝점의 기울기만 썼어요.",
                "기준에서 x까지 가는 길의 기울기를 평균하세요.",
                p7 * r7**2,
            ),
            Mistake("움직인 거리 6을 곱하지 않았어요.", "평균 기울기에 x₁ - 0을 곱하세요.", r7**2 / 3),
            Mistake("x₂의 몫을 구했어요.", "x₁에 대한 기울기 x₂²을 평균하세요.", 2 * p7 * r7**2 / 3),
            Mistake(
                "길의 가운데 한 점에서만 쟀어요.",
                "기울기가 α²에 비례하니 한 점으로는 모자라요. 적분하면 1/3이에요.",
                p7 * (r7 / 2) ** 2,
            ),
            Mistake("두 끝의 기울기를 평균했어요.", "(2α)²을 0에서 1까지 적분하세요.", p7 * r7**2 / 2),
            Mistake("끝점의 기울기를 답했어요.", "길에서 평균하고, 움직인 거리를 곱하세요.", r7**2),
        ],
        digits=4,
    )


def ex_13_8() -> CodeExercise:
    return CodeExercise(
        "13.8",
        "적분 기울기를 계산하는 함수 integrated(grad, x, base, steps)를 쓰세요. 기준 base에서 x까지의 길을 "
        "steps토막으로 나누고, 토막마다 가운데 점에서 grad를 불러요. grad(점)은 그 점의 기울기를 목록으로 돌려줘요.",
        """
        def integrated(grad, x, base, steps):
            total = [0.0] * len(x)
            for k in range(steps):
                alpha = (k + 0.5) / steps
                point = []
                for i in range(len(x)):
                    point.append(base[i] + alpha * (x[i] - base[i]))
                slopes = grad(point)
                for i in range(len(x)):
                    total[i] += slopes[i] / steps
            shares = []
            for i in range(len(x)):
                shares.append((x[i] - base[i]) * total[i])
            return shares
        """,
        cases=[
            "grad, [1.0, 2.0], [0.0, 0.0], 4",
            "grad, [1.0, -1.0], [0.5, 1.0], 5",
            "grad, [-0.5, 2.0], [0.3, 0.8], 1",
        ],
        why="토막 가운데의 기울기를 평균해서, 기준에서 움직인 거리를 곱했어요. 더하면 z(x) - z(base)와 비슷해요.",
        given="""
        def grad(x):  # z = x₁x₂² + x₁³의 기울기
            return [x[1] ** 2 + 3 * x[0] ** 2, 2 * x[0] * x[1]]
        """,
        mistakes=[
            Mistake(
                "토막의 왼쪽 끝에서 쟀어요.",
                "k에 0.5를 더해 가운데에서 재세요.",
                {"(k + 0.5) / steps": "k / steps"},
            ),
            Mistake(
                "토막의 오른쪽 끝에서 쟀어요.",
                "k + 1이 아니라 k + 0.5예요.",
                {"(k + 0.5) / steps": "(k + 1) / steps"},
            ),
            Mistake(
                "기준에서 출발하지 않았어요.",
                "길 위의 점은 base에서 alpha만큼 간 곳이에요. base[i]를 더하세요.",
                {"base[i] + alpha * (x[i] - base[i])": "alpha * (x[i] - base[i])"},
            ),
            Mistake(
                "길을 걷지 않고 끝점의 기울기만 썼어요.",
                "base에서 x까지 steps곳의 기울기를 평균하세요.",
                {"grad(point)": "grad(x)"},
            ),
            Mistake(
                "평균하지 않고 더하기만 했어요.",
                "토막의 수 steps로 나누세요.",
                {"slopes[i] / steps": "slopes[i]"},
            ),
            Mistake(
                "움직인 거리를 곱하지 않았어요.",
                "평균 기울기에 x - base를 곱하세요.",
                {"(x[i] - base[i]) * total[i]": "total[i]"},
            ),
            Mistake(
                "움직인 거리 대신 x를 곱했어요.",
                "기준에서 움직인 거리는 x - base예요.",
                {"(x[i] - base[i]) * total[i]": "x[i] * total[i]"},
            ),
            Mistake(
                "기준 base를 쓰지 않고 0에서 출발했어요.",
                "길은 base에서 x까지예요.",
                {
                    "base[i] + alpha * (x[i] - base[i])": "alpha * x[i]",
                    "(x[i] - base[i]) * total[i]": "x[i] * total[i]",
                },
            ),
        ],
    )
