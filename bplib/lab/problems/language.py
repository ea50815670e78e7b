"""8장(08-language)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib.lab.exercises import Exercise, Mistake
from bplib.topics.text import join_syllable


def ex_8_1() -> Exercise:
    return Exercise(
        "8.1",
        "글자 ‘봄’의 초성은 7번(ㅂ), 중성은 8번(ㅗ), 종성은 16번(ㅁ)이에요(모두 0부터 "
        "세요). ‘봄’의 유니코드 번호는 얼마인가요?",
        ord(join_syllable("ㅂ", "ㅗ", "ㅁ")),
        why="44032 + (7 × 21 + 8) × 28 + 16이에요.",
        mistakes=[
            Mistake(
                "‘가’의 번호 44032를 더하지 않았어요.", "번호는 44032에서 시작해요.", (7 * 21 + 8) * 28 + 16
            ),
            Mistake(
                "초성에 21만 곱하고 28은 중성에만 곱했어요.",
                "초성 × 21 + 중성을 먼저 구하고, 거기에 28을 곱하세요.",
                44032 + 7 * 21 + 8 * 28 + 16,
            ),
            Mistake(
                "초성에 중성의 가짓수 21이 아니라 초성의 가짓수 19를 곱했어요.",
                "초성이 하나 커지면 그 사이에 중성 21가지가 지나가요.",
                44032 + (7 * 19 + 8) * 28 + 16,
            ),
            Mistake(
                "번호를 1부터 세었어요.",
                "초성·중성은 0번부터 세요. 물음에 적힌 번호를 그대로 쓰세요.",
                44032 + (8 * 21 + 9) * 28 + 16,
            ),
            Mistake(
                "종성의 가짓수를 27로 셌어요.",
                "종성이 없는 것도 한 가지라서 28가지예요.",
                44032 + (7 * 21 + 8) * 27 + 16,
            ),
            Mistake(
                "종성을 더하지 않았어요. ‘보’의 번호예요.",
                "마지막에 종성의 번호 16을 더하세요.",
                44032 + (7 * 21 + 8) * 28,
            ),
        ],
    )


def ex_8_2() -> Exercise:
    w2 = {"정말": 0.3, "안": -0.4, "좋아": 1.2}
    b2 = -0.2
    z2 = b2 + 2 * w2["정말"] + w2["안"] + w2["좋아"]
    return Exercise(
        "8.2",
        "선형 주머니의 가중치가 정말 0.3, 안 -0.4, 좋아 1.2이고 편향이 -0.2예요. "
        "“정말 정말 안 좋아”의 z는 얼마인가요?",
        z2,
        why="‘정말’이 두 번이니 -0.2 + 2 × 0.3 - 0.4 + 1.2예요. 긍정이라고 답하네요!",
        mistakes=[
            Mistake("‘정말’을 한 번만 셌어요.", "개수를 곱해요. ‘정말’은 두 번 나와요.", z2 - w2["정말"]),
            Mistake("편향을 더하지 않았어요.", "마지막에 편향 -0.2를 더하세요.", z2 - b2),
            Mistake(
                "‘안’이 ‘좋아’의 부호를 뒤집는다고 셈했어요.",
                "주머니는 그런 일을 할 수 없어요. 더하기만 해요.",
                b2 + 2 * w2["정말"] - w2["좋아"],
            ),
            Mistake("조각의 수 4로 나눴어요.", "평균이 아니라 합이에요.", b2 + (z2 - b2) / 4),
            Mistake(
                "‘안’의 가중치를 더하지 않고 빼서, 부호를 두 번 뒤집었어요.",
                "‘안’의 가중치가 이미 음수예요. 그대로 더하세요.",
                z2 - 2 * w2["안"],
            ),
        ],
    )


def ex_8_3() -> Exercise:
    return Exercise(
        "8.3",
        "시험에 “…좋아요 / …안 좋아요” 꼴(그대로가 긍정)의 짝이 13쌍, “…추워요 / …안 "
        "추워요” 꼴(그대로가 부정)의 짝이 9쌍 있어요. 짝은 ‘안’ 하나만 달라요. 선형 "
        "어절 주머니가 둘 다 맞힐 수 있는 짝은 많아야 몇 쌍인가요?",
        13,
        why="‘안’의 가중치가 음수이면 앞의 13쌍만, 양수이면 뒤의 9쌍만 맞힐 수 있어요.",
        mistakes=[
            Mistake(
                "모두 맞힐 수 있다고 봤어요.", "두 종류의 짝은 ‘안’의 가중치에 반대의 부호를 바라요.", 22
            ),
            Mistake("적은 쪽을 골랐어요.", "가장 많이 맞히려면 많은 쪽을 골라요.", 9),
            Mistake(
                "절반씩 맞힌다고 봤어요.",
                "한 종류는 모두 맞힐 수 있고, 다른 종류는 하나도 맞힐 수 없어요.",
                11,
            ),
            Mistake(
                "하나도 맞힐 수 없다고 봤어요.",
                "‘안’의 가중치를 큰 음수로 두면 앞의 종류는 맞힐 수 있어요.",
                0,
            ),
        ],
    )


def ex_8_4() -> Exercise:
    ids4 = np.array([5, 2, 5, 7])
    delta4 = np.array([0.10, -0.30, 0.25, 0.40])
    return Exercise(
        "8.4",
        "조각 번호가 5, 2, 5, 7인 문장이에요. 임베딩의 첫째 칸으로 돌아온 δ가 자리 "
        "차례대로 0.10, -0.30, 0.25, 0.40이에요. 표의 5번 줄 첫째 칸의 기울기는 "
        "얼마인가요?",
        delta4[ids4 == 5].sum(),
        why="5번은 두 자리에 나왔으니 0.10 + 0.25예요.",
        mistakes=[
            Mistake(
                "마지막에 나온 자리의 δ만 썼어요.",
                "앞에 나온 자리의 δ도 더해야 해요. 길이 둘이면 더해요.",
                delta4[2],
            ),
            Mistake("처음 나온 자리의 δ만 썼어요.", "5번은 두 번 나와요. 두 δ를 더하세요.", delta4[0]),
            Mistake("두 자리의 δ를 평균 냈어요.", "평균이 아니라 합이에요.", delta4[ids4 == 5].mean()),
            Mistake("모든 자리의 δ를 더했어요.", "5번이 나온 자리만 골라 더하세요.", delta4.sum()),
            Mistake("모든 자리의 δ를 평균 냈어요.", "5번이 나온 자리만 골라 더하세요.", delta4.mean()),
        ],
    )


def ex_8_5() -> Exercise:
    V5, e5, h5 = 300, 8, 10
    return Exercise(
        "8.5",
        "조각 300개(채움과 모름까지), 벡터의 길이 8인 임베딩의 평균을 "
        "Linear(8, 10), Tanh, Linear(10, 1)에 넣는 신경망이 있어요. 배우는 수는 모두 몇 "
        "개인가요? (채움 줄도 세요.)",
        V5 * e5 + (e5 * h5 + h5) + (h5 + 1),
        why="표 300 × 8 = 2400, 은닉층 8 × 10 + 10 = 90, 출력 10 + 1 = 11이에요.",
        mistakes=[
            Mistake(
                "편향을 빠뜨렸어요.",
                "은닉 뉴런마다 하나, 출력에 하나씩 편향이 있어요.",
                V5 * e5 + e5 * h5 + h5,
            ),
            Mistake(
                "임베딩 표를 세지 않았어요.", "표의 수도 배워요. 300줄, 8칸이에요.", (e5 * h5 + h5) + (h5 + 1)
            ),
            Mistake(
                "조각이 곧바로 은닉층에 이어진다고 셌어요.",
                "조각은 먼저 길이 8인 벡터가 돼요. 은닉층의 입력은 8개예요.",
                V5 * e5 + (V5 * h5 + h5) + (h5 + 1),
            ),
            Mistake(
                "임베딩 표에도 편향을 더했어요.",
                "표는 찾아보기만 해요. 편향이 없어요.",
                V5 * e5 + e5 + (e5 * h5 + h5) + (h5 + 1),
            ),
            Mistake(
                "임베딩 없이 주머니를 바로 은닉층에 넣는 신경망을 셌어요.",
                "300칸 주머니가 아니라 길이 8인 벡터가 은닉층에 들어가요.",
                V5 * h5 + h5 + h5 + 1,
            ),
        ],
    )


def ex_8_6() -> Exercise:
    z6 = {"국이 안 짜": 2.5, "국이 짜": -4.8, "안 짜": 1.9}
    return Exercise(
        "8.6",
        "어떤 GRU의 z가 “국이 안 짜”에서 2.5, “국이 짜”에서 -4.8, “안 짜”에서 1.9예요. "
        "지워 보기로 잰 “국이 안 짜”의 ‘안’의 몫은 얼마인가요?",
        z6["국이 안 짜"] - z6["국이 짜"],
        why="2.5 - (-4.8)이에요. ‘안’이 긍정 쪽으로 7.3만큼 밀었어요.",
        digits=2,
        mistakes=[
            Mistake(
                "부호가 반대예요. 지운 것에서 원래 것을 뺐어요.",
                "원래 z에서 지운 문장의 z를 빼세요.",
                z6["국이 짜"] - z6["국이 안 짜"],
            ),
            Mistake(
                "‘국이’를 지운 문장과 견줬어요.",
                "‘안’을 지운 문장은 “국이 짜”예요.",
                z6["국이 안 짜"] - z6["안 짜"],
            ),
            Mistake(
                "두 z를 더했어요.", "지워서 줄어든 만큼이니 빼야 해요.", z6["국이 안 짜"] + z6["국이 짜"]
            ),
            Mistake("지운 문장의 z를 그대로 답했어요.", "원래 z에서 그것을 빼세요.", z6["국이 짜"]),
        ],
    )


def right_gradient(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    for i, d in zip(ids, delta, strict=True):
        if i != 0:
            grad[i] += d
    return grad


def overwritten(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    for i, d in zip(ids, delta, strict=True):
        if i != 0:
            grad[i] = d
    return grad


def only_first(ids, delta, n_words):
    return overwritten(ids[::-1], delta[::-1], n_words)


def with_padding(ids, delta, n_words):
    grad = np.zeros((n_words, delta.shape[1]))
    np.add.at(grad, ids, delta)
    return grad


def averaged(ids, delta, n_words):
    counts = np.maximum(np.bincount(ids, minlength=n_words), 1)
    return right_gradient(ids, delta, n_words) / counts[:, None]


def everywhere(ids, delta, n_words):
    grad = np.tile(delta.sum(axis=0), (n_words, 1))
    grad[0] = 0
    return grad


def ex_8_7() -> Exercise:
    d7 = np.array([[0.5, -1.0], [0.25, 2.0], [-0.75, 0.5], [1.0, 0.125]])
    return Exercise(
        "8.7",
        "임베딩 표의 기울기를 구하는 함수 table_gradient(ids, delta, n_words)를 써 보세요.",
        right_gradient,
        cases=[
            (np.array([0, 3, 1, 3]), d7, 5),
            (np.array([2, 2, 2, 4]), d7, 6),
            (np.array([0, 0, 1, 2]), -2 * d7, 3),
        ],
        why="같은 번호가 나온 자리의 δ를 모두 더하고, 채움은 건너뛰었어요.",
        solution="for i, d in zip(ids, delta): if i != 0: grad[i] += d 예요. 반복 없이 "
        "쓰려면 np.add.at(grad, ids, delta) 다음에 grad[0] = 0으로 해요. grad[ids] += "
        "delta는 같은 번호를 한 번만 더하니 조심하세요.",
        mistakes=[
            Mistake(
                "같은 번호가 다시 나오면 앞의 δ를 덮어썼어요.",
                "grad[ids] += delta도 겹친 번호를 한 번만 더해요. 하나씩 더하거나 np.add.at을 쓰세요.",
                overwritten,
            ),
            Mistake(
                "번호가 처음 나온 자리의 δ만 남겼어요.",
                "같은 번호가 나온 자리의 δ를 모두 더하세요.",
                only_first,
            ),
            Mistake(
                "채움(0번)에도 기울기를 적었어요.",
                "채움은 없는 조각이니 0번 줄은 0으로 두세요.",
                with_padding,
            ),
            Mistake("나온 횟수로 나눠 평균을 냈어요.", "길이 여럿이면 더해요. 나누지 않아요.", averaged),
            Mistake("모든 줄에 δ의 합을 적었어요.", "번호가 i인 자리의 δ만 i번 줄에 더하세요.", everywhere),
        ],
    )
