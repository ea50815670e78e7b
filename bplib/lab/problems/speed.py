"""10장(10-speed)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake


def ex_10_1() -> Exercise:
    P1 = 5000
    return Exercise(
        "10.1",
        "배우는 수가 5,000개인 신경망의 기울기를 중앙 차분(위로 한 번, 아래로 한 번)으로 "
        "재요. 순전파를 몇 번 하나요?",
        2 * P1,
        why="배우는 수마다 두 번이에요. 역전파라면 순전파 한 번과 역전파 한 번이면 돼요.",
        mistakes=[
            Mistake("배우는 수마다 한 번만 셌어요.", "중앙 차분은 위로 한 번, 아래로 한 번이에요.", P1),
            Mistake(
                "한쪽 차분의 횟수를 셌어요.", "처음 자리를 한 번 재고 위로만 움직이면 P + 1번이에요.", P1 + 1
            ),
            Mistake("처음 자리를 한 번 더 셌어요.", "중앙 차분은 처음 자리의 값을 쓰지 않아요.", 2 * P1 + 1),
            Mistake("역전파의 횟수를 셌어요.", "하나씩 재는 방법을 물었어요.", 1),
            Mistake("배우는 수의 짝마다 셌어요.", "기울기는 한 번에 하나만 움직여서 재요.", P1**2),
        ],
    )


def ex_10_2() -> Exercise:
    first, second = 10 * 20, 20 * 5
    return Exercise(
        "10.2",
        "10-20-5 신경망에 표본 하나를 넣어요. 역전파가 하는 행렬 곱의 곱셈-덧셈은 모두 몇 "
        "번인가요? 입력의 기울기는 구하지 않고, 편향은 세지 않아요.",
        first + 2 * second,
        why="δaᵀ가 200 + 100번이고, Wᵀδ는 둘째 층에서만 100번이에요.",
        mistakes=[
            Mistake("순전파의 곱셈-덧셈을 셌어요.", "역전파는 층마다 δaᵀ와 Wᵀδ를 해요.", first + second),
            Mistake(
                "첫 층에서도 Wᵀδ를 셌어요.",
                "그것은 입력의 기울기예요. 가중치를 고치는 데는 필요 없어요.",
                2 * (first + second),
            ),
            Mistake("순전파까지 더했어요.", "역전파만 물었어요.", 2 * first + 3 * second),
            Mistake(
                "Wᵀδ를 둘째 층이 아니라 첫 층에서 셌어요.",
                "δ는 뒤에서 앞으로 와요. 둘째 층의 W를 지나야 은닉층에 닿아요.",
                2 * first + second,
            ),
            Mistake("Wᵀδ만 셌어요.", "가중치의 기울기 δaᵀ도 층마다 구해야 해요.", second),
        ],
    )


def amdahl(share, speedup):
    """걸린 시간의 share가 speedup배 빨라지면, 전체는 몇 배 빨라지나."""
    return 1 / (1 - share + share / speedup)


def ex_10_3() -> Exercise:
    f3, s3 = 0.7, 10
    return Exercise(
        "10.3",
        "한 걸음의 시간에서 행렬 곱이 70%예요. 행렬 곱만 10배 빨라지면 한 걸음은 몇 배 빨라지나요?",
        amdahl(f3, s3),
        why="남는 시간은 0.3 + 0.7/10 = 0.37이고, 그 역수예요.",
        mistakes=[
            Mistake("전체가 10배 빨라진다고 했어요.", "행렬 곱이 아닌 30%는 그대로예요.", s3),
            Mistake("몫에 배수를 그냥 곱했어요.", "시간을 더해 보세요: 그대로인 0.3과 줄어든 0.07.", f3 * s3),
            Mistake("그대로인 몫과 빨라지는 몫을 바꿨어요.", "빨라지는 것이 70%예요.", amdahl(1 - f3, s3)),
            Mistake(
                "행렬 곱이 한없이 빨라질 때의 값이에요.", "10배로 줄어든 0.07도 남아 있어요.", 1 / (1 - f3)
            ),
            Mistake("남는 시간을 구했어요.", "몇 배 빨라지는지는 그 역수예요.", 1 - f3 + f3 / s3),
            Mistake(
                "70%에 10배를, 30%에 1배를 곱해 평균했어요.",
                "평균할 것은 빠르기가 아니라 시간이에요.",
                f3 * s3 + 1 - f3,
            ),
        ],
    )


def ex_10_4() -> Exercise:
    n4, g4 = np.array([30, 10]), np.array([0.2, 0.6])
    return Exercise(
        "10.4",
        "표본 40개를 30개와 10개로 나눴어요. 어느 가중치의 기울기가 첫 조각에서는 0.2, "
        "둘째 조각에서는 0.6이에요(저마다 제 조각의 표본 평균). 40개 전체의 기울기는 얼마인가요?",
        float(n4 @ g4 / n4.sum()),
        why="30/40 × 0.2 + 10/40 × 0.6이에요.",
        mistakes=[
            Mistake(
                "조각의 크기를 보지 않고 평균했어요.",
                "첫 조각은 표본이 세 배이니 세 배의 목소리를 내야 해요.",
                float(g4.mean()),
            ),
            Mistake(
                "기울기를 더하기만 했어요.", "저마다의 몫 30/40과 10/40을 곱해서 더하세요.", float(g4.sum())
            ),
            Mistake(
                "몫을 바꿔 곱했어요.", "30개짜리 조각의 기울기가 0.2예요.", float(n4[::-1] @ g4 / n4.sum())
            ),
            Mistake("표본의 수로 나누지 않았어요.", "마지막에 전체 표본 수 40으로 나누세요.", float(n4 @ g4)),
            Mistake(
                "표본의 수가 아니라 조각의 수로 나눴어요.",
                "전체 표본 수 40으로 나눠야 해요.",
                float(n4 @ g4 / 2),
            ),
        ],
    )


def ex_10_5() -> Exercise:
    n5, B5, steps5 = 1024, 32, 100
    return Exercise(
        "10.5",
        "점이 1,024개인 어떤 문제를 배치 32로는 100걸음, 배치 512로는 70걸음에 다 배웠어요. "
        "배치 512가 본 표본은 배치 32가 본 표본의 몇 배인가요?",
        512 * 70 / (B5 * steps5),
        why="35,840개와 3,200개예요. 걸음은 줄었지만 일은 훨씬 많이 했어요.",
        mistakes=[
            Mistake("걸음의 수만 견줬어요.", "본 표본은 배치 크기에 걸음의 수를 곱한 것이에요.", 70 / steps5),
            Mistake("배치 크기만 견줬어요.", "걸음이 줄어든 것도 곱하세요.", 512 / B5),
            Mistake("거꾸로 나눴어요.", "배치 512가 배치 32의 몇 배인지 물었어요.", B5 * steps5 / (512 * 70)),
            Mistake(
                "배치를 키운 만큼 걸음으로 나눴어요.",
                "본 표본 = 배치 크기 × 걸음의 수예요.",
                (512 / B5) / (70 / steps5),
            ),
            Mistake(
                "에폭의 수를 구했어요.",
                "본 표본의 수를 서로 나누세요. 1,024는 쓰지 않아도 돼요.",
                512 * 70 / n5,
            ),
        ],
    )


def ring_time(k=8, P=5e7, size=4, gigabits=10, bits=8, trips=2):
    return trips * (k - 1) / k * P * size / (gigabits * 1e9 / bits)


def ex_10_6() -> Exercise:
    return Exercise(
        "10.6",
        "배우는 수가 5,000만 개(하나에 4바이트)인 신경망의 기울기를 기계 8대가 고리로 모아요. "
        "선은 10 Gb/s이고 기다리는 시간은 무시해요. 몇 초 걸리나요?",
        ring_time(),
        why="S = 0.2 GB이고 선은 1초에 1.25 GB예요. 2 × 7/8 × 0.2 / 1.25예요.",
        mistakes=[
            Mistake(
                "비트를 바이트로 바꾸지 않았어요.",
                "10 Gb/s의 b는 비트예요. 8로 나눠 1.25 GB/s로 바꾸세요.",
                ring_time(bits=1),
            ),
            Mistake("한 바퀴만 돌았어요.", "더하며 한 바퀴, 나눠 가지며 한 바퀴예요.", ring_time(trips=1)),
            Mistake(
                "(k - 1)/k을 빼먹었어요.", "제 토막은 보내지 않아도 되니 7/8만 보내요.", 2 * 5e7 * 4 / 1.25e9
            ),
            Mistake(
                "가운데에 모으는 시간을 구했어요.",
                "고리에서는 기계마다 2(k - 1)/k × S만 보내요.",
                2 * 8 * 5e7 * 4 / 1.25e9,
            ),
            Mistake("수 하나를 8바이트로 셌어요.", "여기서는 4바이트예요.", ring_time(size=8)),
            Mistake("배우는 수의 개수를 바이트로 셌어요.", "수 하나에 4바이트예요.", ring_time(size=1)),
        ],
    )


def central(k):
    return 0.5 / k + 0.02 * k


def ex_10_7() -> Exercise:
    counts = np.arange(1, 61)
    return Exercise(
        "10.7",
        "혼자 계산하면 0.5초 걸리는 걸음을 k대가 나누면 계산은 0.5/k초, 가운데에 모으는 통신은 "
        "0.02k초예요. k가 몇일 때 한 걸음이 가장 짧은가요?",
        int(counts[np.argmin(central(counts))]),
        why="0.5/k와 0.02k가 같아지는 k = 5에서 합이 0.2초로 가장 작아요.",
        mistakes=[
            Mistake("계산을 통신으로 나누고 제곱근을 씌우지 않았어요.", "0.5/k = 0.02k이면 k² = 25예요.", 25),
            Mistake("많을수록 빠르다고 했어요.", "k가 커지면 통신 0.02k가 커져요. 표를 만들어 보세요.", 50),
            Mistake("통신이 있으니 나누지 않는 것이 낫다고 했어요.", "혼자면 0.52초, 둘이면 0.29초예요.", 1),
            Mistake(
                "가장 짧은 시간을 적었어요.", "그 시간이 되는 k를 물었어요.", float(central(counts).min())
            ),
            Mistake("한 대를 덜 썼어요.", "k = 4와 5의 합을 계산해서 견줘 보세요.", 4),
            Mistake("한 대를 더 썼어요.", "k = 5와 6의 합을 계산해서 견줘 보세요.", 6),
        ],
    )


def shared_memory(P=2e9, states=16, owners=8):
    """배우는 수 P개의 가중치, 기울기, Adam을 owners대가 나눠 가질 때 한 대가 드는 GB."""
    return P * states / owners / 1e9


def ex_10_8() -> Exercise:
    return Exercise(
        "10.8",
        "배우는 수 20억 개를 Adam으로 배워요. 가중치, 기울기, Adam의 두 평균이 저마다 수 하나에 4바이트예요. "
        "이것을 기계 8대가 똑같이 나눠 가지면 한 대에 몇 GB가 드나요? 활성값은 세지 않고, 1 GB는 10억 바이트예요.",
        shared_memory(),
        why="배우는 수 하나에 16바이트이니 모두 32 GB이고, 여덟으로 나눠요.",
        mistakes=[
            Mistake("여러 대가 나눠 갖는 것을 잊었어요.", "8로 나누세요.", shared_memory(owners=1)),
            Mistake("가중치만 셌어요.", "기울기와 Adam의 두 평균도 들고 있어요.", shared_memory(states=4)),
            Mistake(
                "Adam의 두 평균을 빼먹었어요.",
                "가중치와 기울기 말고도 둘이 더 있어요.",
                shared_memory(states=8),
            ),
            Mistake(
                "Adam의 평균을 하나만 셌어요.",
                "기울기의 평균과 제곱의 평균, 둘이에요.",
                shared_memory(states=12),
            ),
            Mistake("수 하나를 8바이트로 셌어요.", "저마다 4바이트예요.", shared_memory(states=32)),
            Mistake("바이트로 바꾸지 않았어요.", "수 하나에 4바이트씩이에요.", shared_memory(states=1)),
        ],
    )


def ex_10_9() -> CodeExercise:
    return CodeExercise(
        "10.9",
        "조각마다의 표본 수 sizes와 기울기 grads(행마다 조각 하나의 평균 기울기)에서 전체의 기울기를 얻는 함수 "
        "combine(sizes, grads)를 쓰세요.",
        """
        def combine(sizes, grads):
            whole = []
            for p in range(len(grads[0])):
                total = 0.0
                for k in range(len(sizes)):
                    total += sizes[k] * grads[k][p]
                whole.append(total / sum(sizes))
            return whole
        """,
        cases=[
            "[30, 10], [[0.2, -1.0], [0.6, 3.0]]",
            "[5, 7, 2], [[0.3, -0.8, 1.4, 0.6], [-1.2, 0.5, 0.9, -0.4], [0.7, 1.1, -0.2, 2.3]]",
            "[6], [[0.8, -0.45, 1.7]]",
        ],
        why="조각의 몫을 곱해 더했어요. 조각이 하나면 그 기울기 그대로예요.",
        mistakes=[
            Mistake(
                "덮어써서 마지막 조각의 몫만 남았어요.", "total에 조각마다의 것을 +=로 더하세요.", {"+=": "="}
            ),
            Mistake(
                "기울기에 조각의 표본 수를 곱하지 않았어요.",
                "표본이 많은 조각의 기울기에 그만큼 큰 수를 곱하세요.",
                {"sizes[k] * grads[k][p]": "grads[k][p]"},
            ),
            Mistake(
                "표본의 수로 나누지 않았어요.",
                "sum(sizes)로 나누세요.",
                {"total / sum(sizes)": "total"},
            ),
            Mistake(
                "표본의 수가 아니라 조각의 수로 나눴어요.",
                "len(sizes)가 아니라 sum(sizes)예요.",
                {"total / sum(sizes)": "total / len(sizes)"},
            ),
            Mistake(
                "조각의 크기를 보지 않고 평균했어요.",
                "조각마다 sizes[k] / sum(sizes)를 곱해서 더하세요.",
                {"sizes[k] * grads[k][p]": "grads[k][p]", "sum(sizes)": "len(sizes)"},
            ),
            Mistake(
                "기울기를 더하기만 했어요.",
                "조각마다 제 몫을 곱해서 더하세요.",
                {"sizes[k] * grads[k][p]": "grads[k][p]", "total / sum(sizes)": "total"},
            ),
            Mistake(
                "작은 조각에 더 큰 몫을 줬어요.",
                "표본이 많은 조각의 몫이 커야 해요.",
                {
                    "sizes[k] * grads[k][p]": "grads[k][p] / sizes[k]",
                    "sum(sizes)": "sum([1 / n for n in sizes])",
                },
            ),
        ],
    )
