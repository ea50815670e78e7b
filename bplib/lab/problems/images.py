"""7장(07-images)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib import Conv2d
from bplib.lab.exercises import Exercise, Mistake

# 본문의 3×3 그림과 2×2 필터
IMAGE = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]])
FILTER = np.array([[1.0, -1.0], [0.0, 2.0]])
DELTA = np.array([[1.0, -2.0], [-1.0, 2.0]])  # 연습 7.4부터 뒤에서 온 δ


def ex_7_1() -> Exercise:
    w1 = np.array([[2.0, 1.0], [3.0, -1.0]])

    def at(r, s, filter=w1, bias=-2.0):
        """r행 s열(0부터)에 창을 놓은 z."""
        return np.sum(filter * IMAGE[r : r + 2, s : s + 2]) + bias

    return Exercise(
        "7.1",
        "그림 a에 2×2 필터 w를 대요. w의 1행은 (2, 1), 2행은 (3, -1)이고 편향은 -2예요. "
        "특징 지도의 1행 2열 z₁₂는 얼마인가요?",
        at(0, 1),
        why="창에 (2, 0), (1, 3)이 들어와요. 2×2 + 0×1 + 1×3 + 3×(-1) - 2예요.",
        mistakes=[
            Mistake("편향을 더하지 않았어요.", "곱해서 더한 다음 b를 한 번 더하세요.", at(0, 1, bias=0)),
            Mistake(
                "필터를 뒤집어서 곱했어요. 그것은 수학의 합성곱이에요.",
                "신경망의 합성곱은 뒤집지 않고 그대로 겹쳐요.",
                at(0, 1, w1[::-1, ::-1]),
            ),
            Mistake("필터의 행과 열을 바꿔서 곱했어요.", "필터의 1행을 창의 1행에 겹치세요.", at(0, 1, w1.T)),
            Mistake(
                "행과 열을 바꿔 2행 1열을 구했어요.",
                "z₁₂는 1행 2열이에요. 창을 오른쪽으로 한 칸 옮기세요.",
                at(1, 0),
            ),
            Mistake(
                "창을 옮기지 않고 왼쪽 위에서 셈했어요.", "2열이니 창을 오른쪽으로 한 칸 옮기세요.", at(0, 0)
            ),
        ],
    )


def ex_7_2() -> Exercise:
    return Exercise(
        "7.2",
        "특징 지도 8장을 받아 16장을 내는 3×3 합성곱이 있어요. 배우는 수(가중치와 편향)는 모두 몇 개인가요?",
        Conv2d(8, 16, 3, rng=np.random.default_rng(0)).params().size,
        why="필터 하나가 8×3×3개와 편향 1개이고, 필터가 16개예요.",
        mistakes=[
            Mistake(
                "필터가 특징 지도 한 장만 본다고 셈했어요.",
                "필터 하나는 들어온 8장을 한꺼번에 봐요. 8을 곱하세요.",
                16 * (3 * 3 + 1),
            ),
            Mistake("편향을 빠뜨렸어요.", "필터마다 편향이 하나씩 있어요.", 16 * 8 * 3 * 3),
            Mistake(
                "편향을 들어오는 장수만큼 셌어요.",
                "편향은 나가는 특징 지도마다 하나예요.",
                16 * 8 * 3 * 3 + 8,
            ),
            Mistake(
                "편향을 필터와 들어오는 장의 짝마다 셌어요.",
                "편향은 나가는 특징 지도마다 하나예요.",
                16 * 8 * (3 * 3 + 1),
            ),
            Mistake("3×3을 3으로 셌어요.", "창 안에는 아홉 칸이 있어요.", 16 * (8 * 3 + 1)),
        ],
    )


def ex_7_3() -> Exercise:
    return Exercise(
        "7.3",
        "28×28 그림 한 장에 5×5 필터 6개를 대고(가장자리에 0을 두르지 않아요) 2×2 최댓값 "
        "풀링을 한 다음 한 줄로 펴요. 수가 몇 개 나오나요?",
        6 * ((28 - 5 + 1) // 2) ** 2,
        why="창을 놓을 자리가 28 - 5 + 1 = 24이고, 풀링으로 12가 돼요. 12×12가 6장이에요.",
        mistakes=[
            Mistake(
                "합성곱에서 그림이 줄어드는 것을 빼먹었어요.",
                "5×5 창을 놓을 수 있는 자리는 한 줄에 28곳보다 적어요.",
                6 * (28 // 2) ** 2,
            ),
            Mistake(
                "자리의 수를 28 - 5로 셌어요.",
                "길이 5인 창을 길이 5인 줄에 놓으면 0곳이 아니라 1곳이에요.",
                6 * ((28 - 5) // 2) ** 2,
            ),
            Mistake(
                "풀링을 빼먹었어요.", "2×2칸이 한 칸이 되니 가로와 세로가 절반이 돼요.", 6 * (28 - 5 + 1) ** 2
            ),
            Mistake(
                "특징 지도 한 장만 셌어요.", "필터가 6개이니 특징 지도도 6장이에요.", ((28 - 5 + 1) // 2) ** 2
            ),
            Mistake("가로만 셌어요.", "특징 지도는 가로 12, 세로 12예요.", 6 * ((28 - 5 + 1) // 2)),
        ],
    )


def weight_grad(i, j, deltas=DELTA):
    return sum(deltas[r, s] * IMAGE[r + i, s + j] for r, s in np.ndindex(2, 2))


def ex_7_4() -> Exercise:
    return Exercise(
        "7.4",
        "그림 a에 2×2 필터를 대었더니, 뒤에서 온 δ의 1행이 (1, -2), 2행이 (-1, 2)예요. "
        "기울기 ∂E/∂w₁₂는 얼마인가요?",
        weight_grad(0, 1),
        why="w₁₂는 네 자리에서 화소 2, 0, 1, 3을 만났어요. 1×2 + (-2)×0 + (-1)×1 + 2×3이에요.",
        mistakes=[
            Mistake(
                "첫 자리의 몫만 셈했어요.",
                "이 가중치는 네 자리에서 쓰였어요. 네 자리의 몫을 모두 더하세요.",
                DELTA[0, 0] * IMAGE[0, 1],
            ),
            Mistake(
                "더하지 않고 평균을 냈어요.", "길이 여럿이면 길마다의 몫을 더해요.", weight_grad(0, 1) / 4
            ),
            Mistake(
                "∂E/∂w₂₁을 구했어요.",
                "w₁₂는 창의 오른쪽 위예요. 창의 오른쪽 위에 온 화소를 곱하세요.",
                weight_grad(1, 0),
            ),
            Mistake(
                "∂E/∂w₁₁을 구했어요.",
                "w₁₂는 창의 오른쪽 위예요. 한 칸 오른쪽의 화소를 곱하세요.",
                weight_grad(0, 0),
            ),
            Mistake(
                "δ만 더했어요. 그것은 편향의 기울기예요.",
                "자리마다 δ에 그때 겹친 화소를 곱하세요.",
                DELTA.sum(),
            ),
            Mistake(
                "δ를 곱하지 않고 겹친 화소만 더했어요.",
                "자리마다 δ에 화소를 곱해서 더하세요.",
                weight_grad(0, 1, np.ones((2, 2))),
            ),
        ],
    )


def ex_7_5() -> Exercise:
    return Exercise(
        "7.5",
        "연습 7.4의 δ에, 필터는 본문의 것(1행 (1, -1), 2행 (0, 2))이에요. 한가운데 화소의 "
        "기울기 ∂E/∂a₂₂는 얼마인가요?",
        np.sum(DELTA * FILTER[::-1, ::-1]),
        why="네 창에서 만난 가중치가 2, 0, -1, 1이에요. 1×2 + (-2)×0 + (-1)×(-1) + 2×1이에요.",
        mistakes=[
            Mistake(
                "같은 자리의 δ와 가중치를 곱했어요.",
                "왼쪽 위 창에서 한가운데 화소는 창의 오른쪽 아래에 있어요. w₂₂를 만나요.",
                np.sum(DELTA * FILTER),
            ),
            Mistake(
                "마지막 창 하나의 몫만 셈했어요.",
                "한가운데 화소는 네 창에 모두 들어가요. 네 몫을 더하세요.",
                DELTA[1, 1] * FILTER[0, 0],
            ),
            Mistake(
                "더하지 않고 평균을 냈어요.",
                "길이 여럿이면 길마다의 몫을 더해요.",
                np.mean(DELTA * FILTER[::-1, ::-1]),
            ),
            Mistake(
                "행과 열을 바꿔서 짝지었어요.",
                "오른쪽 위 창(δ₁₂)에서는 왼쪽 아래 가중치(w₂₁)를 만나요.",
                np.sum(DELTA * FILTER[::-1, ::-1].T),
            ),
            Mistake(
                "δ의 합에 가중치의 합을 곱했어요.",
                "창마다 만난 가중치가 달라요. 짝끼리 곱해서 더하세요.",
                DELTA.sum() * FILTER.sum(),
            ),
        ],
    )


def ex_7_6() -> Exercise:
    z6 = np.array([2.0, 1.0, 0.0])
    e6 = np.exp(z6 - z6.max())
    p6 = e6 / e6.sum()
    return Exercise(
        "7.6",
        "답이 셋 가운데 하나인 신경망의 가중합이 z = (2, 1, 0)이고 정답은 첫째예요. 맞혔지요. "
        "정답 자리의 δ는 얼마인가요? e² = 7.3891, e = 2.7183이에요.",
        p6[0] - 1,
        why="p = 7.3891 / (7.3891 + 2.7183 + 1)이고, δ = p - 1이에요. 맞혔지만 0이 아니에요.",
        mistakes=[
            Mistake(
                "맞혔으니 δ가 0이라고 했어요.",
                "손실은 정답에 준 확률을 재요. 확률이 1이 아니면 δ도 0이 아니에요.",
                0.0,
            ),
            Mistake("부호가 반대예요. y - p를 구했어요.", "확률에서 정답을 빼요: p - y.", 1 - p6[0]),
            Mistake("정답을 빼지 않았어요.", "정답 자리의 y는 1이에요. p에서 1을 빼세요.", p6[0]),
            Mistake("δ가 아니라 오차 E를 구했어요.", "E = -ln p를 z로 미분하면 p - y예요.", -np.log(p6[0])),
            Mistake(
                "소프트맥스 대신 시그모이드를 썼어요.",
                "세 자리의 e의 거듭제곱을 모두 더한 것으로 나누세요.",
                1 / (1 + np.exp(-2.0)) - 1,
            ),
            Mistake(
                "e를 거듭제곱하지 않고 z의 몫을 구했어요.",
                "p = e² / (e² + e + 1)이에요.",
                z6[0] / z6.sum() - 1,
            ),
        ],
    )


def ex_7_7() -> Exercise:
    a7, delta7 = np.array([[1.0, 4.0, 0.0, 2.0], [4.0, 3.0, 2.0, 1.0]]), (0.6, -0.2)
    return Exercise(
        "7.7",
        "1행이 (1, 4, 0, 2), 2행이 (4, 3, 2, 1)인 특징 지도를 2×2 최댓값 풀링했고, 뒤에서 온 δ가 "
        "차례로 0.6과 -0.2예요. bplib의 약속으로, 1행 2열의 4는 기울기를 얼마나 받나요?",
        delta7[0],
        why="왼쪽 칸의 최댓값 4가 둘인데, 읽는 차례로 먼저 나온 1행 2열이 모두 받아요.",
        mistakes=[
            Mistake("똑같이 큰 둘이 나눠 가졌어요.", "bplib은 먼저 나온 하나에 모두 보내요.", delta7[0] / 2),
            Mistake(
                "칸의 네 화소에 고루 나눴어요. 그것은 평균 풀링이에요.",
                "최댓값 풀링은 뽑힌 자리에만 보내요.",
                delta7[0] / 4,
            ),
            Mistake(
                "다른 4가 뽑혔다고 했어요.",
                "읽는 차례(왼쪽에서 오른쪽, 위에서 아래)로 먼저 나온 것이 뽑혀요.",
                0.0,
            ),
            Mistake(
                "활성값을 곱했어요.",
                "가장 큰 값은 그대로 지나가니 국소 기울기가 1이에요.",
                delta7[0] * a7[0, 1],
            ),
            Mistake("오른쪽 칸의 δ를 보냈어요.", "1행 2열은 왼쪽 칸에 있어요.", delta7[1]),
        ],
    )


def ex_7_8() -> Exercise:
    return Exercise(
        "7.8",
        "씨앗 16개의 정확도를 재었더니 표준편차가 1.2점이었어요. 표본이 16개이면 2.045 대신 "
        "2.131을 써요. 평균의 95% 신뢰구간은 평균에서 양쪽으로 몇 점인가요?",
        2.131 * 1.2 / np.sqrt(16),
        why="2.131 × 1.2 / √16 = 2.131 × 0.3이에요.",
        mistakes=[
            Mistake(
                "√16이 아니라 16으로 나눴어요.",
                "평균의 흔들림은 표본 수의 제곱근에 반비례해요.",
                2.131 * 1.2 / 16,
            ),
            Mistake(
                "표본 수로 나누지 않았어요. 그것은 한 번의 점수가 흔들리는 폭이에요.",
                "평균은 한 번보다 덜 흔들려요. √16으로 나누세요.",
                2.131 * 1.2,
            ),
            Mistake(
                "2.131을 곱하지 않았어요.",
                "그것은 평균의 표준오차예요. 95%를 품으려면 2.131을 곱하세요.",
                1.2 / np.sqrt(16),
            ),
            Mistake(
                "양쪽을 더한 전체 폭을 구했어요.",
                "한쪽의 폭을 물었어요. 2로 나누세요.",
                2 * 2.131 * 1.2 / np.sqrt(16),
            ),
            Mistake(
                "√15로 나눴어요.",
                "15는 표준편차를 구할 때 써요. 여기서는 √16이에요.",
                2.131 * 1.2 / np.sqrt(15),
            ),
        ],
    )


def filter_sums(a, delta, weigh=lambda d: d):
    """자리마다 (δ × 창)을 더한 것. weigh는 δ를 바꿔 실수를 흉내 내요."""
    size = [n - m + 1 for n, m in zip(a.shape, delta.shape, strict=True)]
    grad = np.zeros(size)
    for r, s in np.ndindex(*delta.shape):
        window = a[r : r + size[0], s : s + size[1]]
        grad += weigh(delta[r, s]) * window
    return grad


def only_last(a, delta):
    blank = np.zeros_like(delta)
    blank[-1, -1] = delta[-1, -1]
    return filter_sums(a, blank)


def only_first(a, delta):
    blank = np.zeros_like(delta)
    blank[0, 0] = delta[0, 0]
    return filter_sums(a, blank)


def ex_7_9() -> Exercise:
    made = np.random.default_rng(79)
    return Exercise(
        "7.9",
        "그림 a와 δ에서 필터의 기울기를 셈하는 함수 filter_grad(a, delta)를 쓰세요.",
        filter_sums,
        cases=[
            (IMAGE, DELTA),
            (made.normal(size=(5, 5)).round(2), made.normal(size=(3, 3)).round(2)),
            (made.normal(size=(4, 6)).round(2), made.normal(size=(3, 4)).round(2)),
        ],
        why="자리마다 δ에 그 자리의 창을 통째로 곱해서 더했어요.",
        solution="필터의 크기는 a의 크기 - delta의 크기 + 1이에요. 0으로 채운 grad에서 시작해, "
        "delta의 r행 s열마다 grad += delta[r, s] * a[r : r + h, s : s + w]를 되풀이해요.",
        mistakes=[
            Mistake(
                "더하지 않고 덮어써서 마지막 자리의 몫만 남았어요.",
                "grad = … 대신 grad += … 로 더하세요.",
                only_last,
            ),
            Mistake("첫 자리의 몫만 셈했어요.", "delta의 모든 자리를 돌며 더하세요.", only_first),
            Mistake(
                "더한 것을 자리의 수로 나눠 평균을 냈어요.",
                "나눠 쓴 가중치의 기울기는 자리마다의 몫의 합이에요.",
                lambda a, delta: filter_sums(a, delta) / delta.size,
            ),
            Mistake(
                "필터가 위아래와 좌우로 뒤집혔어요.",
                "창의 왼쪽 위 화소는 w의 왼쪽 위 기울기에 더해져요.",
                lambda a, delta: filter_sums(a, delta)[::-1, ::-1],
            ),
            Mistake(
                "행과 열이 바뀌었어요.",
                "r은 행, s는 열이에요. a[r : …, s : …]처럼 잘라요.",
                lambda a, delta: filter_sums(a, delta).T,
            ),
            Mistake(
                "δ를 곱하지 않고 창만 더했어요.",
                "창마다 그 자리의 delta[r, s]를 곱하세요.",
                lambda a, delta: filter_sums(a, delta, lambda d: 1.0),
            ),
            Mistake(
                "부호가 반대예요.",
                "기울기를 빼는 것은 고칠 때예요. 여기서는 그대로 더하세요.",
                lambda a, delta: -filter_sums(a, delta),
            ),
        ],
    )
