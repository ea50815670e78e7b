"""1장(01-structure)의 연습문제."""

from __future__ import annotations

from itertools import pairwise

from bplib import ledger
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake

L = ledger.LEDGER
DIGITS = (784, 128, 10)  # 연습 1.1의 층
WIDE, DEEP = (2, 12, 1), (2, 5, 5, 1)  # 연습 1.4의 두 신경망


def count(sizes: tuple[int, ...], bias: int = 1) -> int:
    """이웃한 두 층마다 (n + 1)m을 더한, 배우는 수의 개수. bias가 0이면 편향을 빼고 세요."""
    return sum((n + bias) * m for n, m in pairwise(sizes))


def ex_1_1() -> Exercise:
    n, hidden, m = DIGITS
    return Exercise(
        "1.1",
        "손글씨 숫자 그림(화소 784개)을 받아 은닉 뉴런 128개를 거쳐 숫자 10개의 점수를 내는 신경망이 있어요. "
        "배우는 수는 모두 몇 개인가요?",
        count(DIGITS),
        why="(784 + 1) × 128 + (128 + 1) × 10 = 100480 + 1290이에요.",
        mistakes=[
            Mistake(
                "편향을 세지 않았어요.", "받는 뉴런마다 편향이 하나씩 더 있어요: (n + 1)m.", count(DIGITS, 0)
            ),
            Mistake(
                "출력층의 배우는 수를 빠뜨렸어요.",
                "은닉층에서 출력층으로 가는 가중치와 출력층의 편향도 더하세요.",
                (n + 1) * hidden,
            ),
            Mistake(
                "입력층에도 편향을 셌어요.",
                "입력층은 아무 계산도 하지 않아요. 편향은 은닉층과 출력층에만 있어요.",
                count(DIGITS) + n,
            ),
            Mistake(
                "편향을 받는 뉴런이 아니라 보내는 뉴런마다 셌어요.",
                "편향은 받는 뉴런마다 하나예요: n(m + 1)이 아니라 (n + 1)m.",
                n * (hidden + 1) + hidden * (m + 1),
            ),
            Mistake(
                "세 층의 크기를 모두 곱했어요.",
                "이웃한 두 층끼리만 곱하고, 그 둘을 더하세요.",
                n * hidden * m,
            ),
            Mistake(
                "뉴런의 수를 더했어요.",
                "배우는 수는 뉴런이 아니라 화살표(가중치)와 편향의 수예요.",
                sum(DIGITS),
            ),
        ],
    )


def ex_1_2() -> Exercise:
    return Exercise(
        "1.2",
        "장부 신경망에서 w²₁₂는 얼마인가요? 어느 뉴런에서 어느 뉴런으로 가는지 먼저 말해 보세요.",
        L.W2[0, 1],
        why="받는 쪽이 먼저예요. 은닉 2에서 출력 1로 가는 가중치이고, W²의 1행 2열이에요.",
        mistakes=[
            Mistake(
                "두 번호를 바꿔 읽어, 은닉 1에서 출력 2로 가는 w²₂₁을 적었어요.",
                "아래 번호는 받는 쪽이 먼저예요.",
                L.W2[1, 0],
            ),
            Mistake(
                "1층의 w¹₁₂를 적었어요.",
                "위의 2는 제곱이 아니라 층 번호예요. 2층은 출력층이에요.",
                L.W1[0, 1],
            ),
            Mistake(
                "1층의 w¹₂₁을 적었어요.", "위의 번호가 층, 아래의 앞 번호가 받는 뉴런이에요.", L.W1[1, 0]
            ),
            Mistake(
                "위의 2를 거듭제곱으로 읽었어요.", "가중치의 위에 붙은 수는 층 번호예요.", L.W1[0, 1] ** 2
            ),
        ],
    )


def ex_1_3() -> Exercise:
    n, m = 5, 3
    return Exercise(
        "1.3",
        "뉴런이 5개인 층에서 3개인 층으로 가는 가중치 행렬 W는 몇 행인가요?",
        m,
        why="행이 받는 뉴런, 열이 보내는 뉴런이니 W의 모양은 (3, 5)예요. 편향 b의 길이도 3이에요.",
        mistakes=[
            Mistake(
                "열의 수를 적었어요.", "행이 받는 뉴런이에요. 화살표 방향과 반대로 받는 쪽이 먼저예요.", n
            ),
            Mistake("가중치의 수를 모두 세었어요.", "행의 수만 적으세요. 받는 뉴런마다 한 행이에요.", n * m),
            Mistake("편향도 행으로 셌어요.", "편향은 W가 아니라 따로 벡터 b에 모아요.", m + 1),
            Mistake("보내는 뉴런에 편향을 더해 셌어요.", "W의 행은 받는 뉴런마다 하나예요.", n + 1),
            Mistake("두 층의 뉴런을 모두 세었어요.", "행은 받는 뉴런마다 하나예요.", n + m),
        ],
    )


def ex_1_4() -> Exercise:
    return Exercise(
        "1.4",
        "입력 2개, 출력 1개예요. 은닉층 둘에 뉴런 5개씩인 깊은 신경망의 배우는 수에서, 은닉층 하나에 뉴런 "
        "12개인 넓은 신경망의 배우는 수를 빼면 얼마인가요?",
        count(DEEP) - count(WIDE),
        why="깊은 쪽은 15 + 30 + 6 = 51개, 넓은 쪽은 36 + 13 = 49개예요.",
        solution="깊은 쪽은 (2 + 1) × 5 + (5 + 1) × 5 + (5 + 1) × 1 = 51개, "
        "넓은 쪽은 (2 + 1) × 12 + (12 + 1) × 1 = 49개예요. "
        "은닉 뉴런은 10개와 12개로 깊은 쪽이 적은데도 배우는 수는 깊은 쪽이 더 많아요.",
        mistakes=[
            Mistake(
                "넓은 쪽에서 깊은 쪽을 뺐어요.", "깊은 쪽에서 넓은 쪽을 빼세요.", count(WIDE) - count(DEEP)
            ),
            Mistake(
                "배우는 수가 아니라 은닉 뉴런의 수를 비교했어요.",
                "이웃한 두 층마다 (n + 1)m을 더하세요.",
                10 - 12,
            ),
            Mistake(
                "편향을 세지 않았어요.",
                "받는 뉴런마다 편향이 하나씩 더 있어요.",
                count(DEEP, 0) - count(WIDE, 0),
            ),
            Mistake(
                "깊은 쪽에서 은닉층 사이를 빠뜨렸어요.",
                "첫째 은닉층에서 둘째 은닉층으로 가는 (5 + 1) × 5도 더하세요.",
                count((2, 5, 1)) - count(WIDE),
            ),
            Mistake("깊은 쪽의 수만 적었어요.", "넓은 쪽의 배우는 수도 세어 빼세요.", count(DEEP)),
            Mistake("두 신경망의 수를 더했어요.", "깊은 쪽에서 넓은 쪽을 빼세요.", count(DEEP) + count(WIDE)),
        ],
    )


def ex_1_5() -> CodeExercise:
    return CodeExercise(
        "1.5",
        "층의 크기를 입력층부터 차례로 담은 목록 sizes를 받아, 배우는 수의 개수를 돌려주는 함수를 쓰세요. "
        "count_params([2, 2, 2])는 장부 신경망의 12예요.",
        """
        def count_params(sizes):
            total = 0
            for k in range(len(sizes) - 1):
                n = sizes[k]
                m = sizes[k + 1]
                total = total + (n + 1) * m
            return total
        """,
        cases=["[2, 2, 2]", "[784, 128, 10]", "[3, 5, 4, 2]"],
        why="이웃한 두 층마다 (n + 1)m을 더했어요.",
        mistakes=[
            Mistake(
                "편향을 세지 않았어요.", "받는 뉴런마다 편향이 하나씩 더 있어요.", {"(n + 1) * m": "n * m"}
            ),
            Mistake(
                "편향을 보내는 뉴런마다 셌어요.",
                "편향은 받는 뉴런마다 하나예요: (n + 1)m.",
                {"(n + 1) * m": "n * (m + 1)"},
            ),
            Mistake(
                "괄호를 빠뜨려 n + m을 더했어요.",
                "파이썬은 곱셈을 먼저 해요. n + 1을 괄호로 묶으세요.",
                {"(n + 1) * m": "n + 1 * m"},
            ),
            Mistake(
                "마지막 두 층을 빠뜨렸어요.",
                "층이 셋이면 이웃한 짝은 둘이에요: range(len(sizes) - 1).",
                {"range(len(sizes) - 1)": "range(len(sizes) - 2)"},
            ),
            Mistake(
                "처음 두 층을 빠뜨렸어요.",
                "목록의 자리는 0부터 세요.",
                {"range(len(sizes) - 1)": "range(1, len(sizes) - 1)"},
            ),
            Mistake(
                "더해 나가지 않아 마지막 두 층의 것만 남았어요.",
                "total에 이미 있던 것에 더하세요.",
                {"total = total + (n + 1) * m": "total = (n + 1) * m"},
            ),
            Mistake(
                "이웃한 층이 아니라 같은 층끼리 짝지었어요.",
                "받는 층은 바로 다음 층이에요: sizes[k + 1].",
                {"sizes[k + 1]": "sizes[k]"},
            ),
            Mistake(
                "모든 층을 첫 층과 짝지었어요.",
                "보내는 층은 k번째 층이에요: sizes[k].",
                {"n = sizes[k]": "n = sizes[0]"},
            ),
            Mistake(
                "더하지 않고 곱했어요.",
                "층마다의 개수를 모두 더해요. 0이나 1에서 시작해 곱하지 않아요.",
                {"total = 0": "total = 1", "total + (n + 1)": "total * (n + 1)"},
            ),
        ],
    )
