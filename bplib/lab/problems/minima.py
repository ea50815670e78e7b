"""11장의 연습문제: 11-minima의 넷이 먼저, 덧붙임 11-momentum의 것이 다음이에요."""

from __future__ import annotations

import numpy as np

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake
from bplib.schedules import cosine


def ex_11_1() -> Exercise:
    xor_targets = np.array([0.0, 1.0, 1.0, 0.0])
    mean_target = xor_targets.mean()
    return Exercise(
        "11.1",
        "은닉층이 XOR의 네 표본을 하나도 구별하지 못해 넷에 똑같은 답을 해요. 그 답이 제곱 오차를 "
        "가장 작게 하는 값일 때, 제곱 오차의 절반의 표본 평균 E는 얼마인가요?",
        np.mean(0.5 * (xor_targets - mean_target) ** 2),
        why="정답 0, 1, 1, 0의 평균 ½이라고 답해요. 넷 다 ½씩 틀리니 ½ × ¼의 평균이에요.",
        mistakes=[
            Mistake(
                "절반 ½을 곱하지 않았어요.",
                "제곱 오차의 절반이에요.",
                np.mean((xor_targets - mean_target) ** 2),
            ),
            Mistake(
                "표본 넷으로 나누지 않고 더하기만 했어요.",
                "표본마다의 손실을 평균하세요.",
                np.sum(0.5 * (xor_targets - mean_target) ** 2),
            ),
            Mistake(
                "두 표본만 구별하지 못하는 경우를 계산했어요.", "이번에는 네 표본이 모두 ½씩 틀려요.", 1 / 16
            ),
            Mistake(
                "세 표본을 구별하지 못하는 경우를 계산했어요.", "네 표본의 정답을 모두 평균하세요.", 1 / 12
            ),
            Mistake(
                "차이를 제곱하지 않았어요.",
                "차이 ½을 제곱하면 ¼이에요.",
                np.mean(0.5 * np.abs(xor_targets - mean_target)),
            ),
        ],
    )


def restart_odds(p, k):
    """한 번에 배울 확률이 p일 때, k번 시작해 한 번이라도 배울 확률."""
    return 1 - (1 - p) ** k


def ex_11_2() -> Exercise:
    p2, k2 = 0.6, 3
    return Exercise(
        "11.2",
        "한 번에 배울 확률이 0.6이에요. 씨앗을 바꿔 세 번 시작하면 한 번이라도 배울 확률은 얼마인가요?",
        restart_odds(p2, k2),
        why="세 번 모두 실패할 확률 0.4 × 0.4 × 0.4 = 0.064를 1에서 빼요.",
        mistakes=[
            Mistake(
                "모두 실패할 확률을 구했어요.",
                "그것을 1에서 빼야 한 번이라도 성공할 확률이에요.",
                (1 - p2) ** k2,
            ),
            Mistake(
                "세 번 모두 성공할 확률을 구했어요.",
                "한 번만 성공해도 돼요. 모두 실패할 확률을 1에서 빼세요.",
                p2**k2,
            ),
            Mistake(
                "확률을 세 번 더했어요. 1을 넘을 수는 없어요.",
                "실패할 확률을 세 번 곱해 1에서 빼세요.",
                p2 * k2,
            ),
            Mistake("성공할 확률을 세 번 곱해 1에서 뺐어요.", "곱할 것은 실패할 확률 1 - p예요.", 1 - p2**k2),
            Mistake(
                "꼭 한 번만 성공할 확률을 구했어요.",
                "두 번, 세 번 성공해도 배운 것이에요.",
                3 * p2 * (1 - p2) ** 2,
            ),
            Mistake("두 번 시작한 값이에요.", "실패할 확률을 세 번 곱하세요.", restart_odds(p2, 2)),
        ],
    )


def ex_11_3() -> Exercise:
    p3 = 0.6
    exact3 = np.log(0.01) / np.log(1 - p3)
    return Exercise(
        "11.3",
        "한 번에 배울 확률이 0.6일 때, 한 번이라도 배울 확률이 99%를 넘으려면 적어도 몇 번 시작해야 하나요?",
        np.ceil(exact3),
        why="0.4를 거듭 곱하면 다섯 번에 0.0102, 여섯 번에 0.0041이에요. 0.01보다 작아지는 것은 "
        "여섯 번째예요.",
        mistakes=[
            Mistake(
                "한 번 모자라요. 다섯 번이면 실패할 확률이 아직 0.0102예요.",
                "0.4를 몇 번 곱해야 0.01보다 작아지나요?",
                np.floor(exact3),
            ),
            Mistake(
                "올림하지 않았어요.", "시작하는 횟수는 정수예요. 처음으로 99%를 넘는 횟수를 적으세요.", exact3
            ),
            Mistake(
                "실패할 확률이 아니라 성공할 확률 0.6을 곱해 나갔어요.",
                "모두 실패할 확률은 0.4를 거듭 곱한 것이에요.",
                np.ceil(np.log(0.01) / np.log(p3)),
            ),
            Mistake(
                "성공할 때까지의 평균 횟수 1/p을 올림했어요.",
                "평균만큼 해서는 99%가 되지 않아요.",
                np.ceil(1 / p3),
            ),
            Mistake(
                "90%를 넘는 횟수예요.",
                "모두 실패할 확률이 0.01보다 작아야 해요.",
                np.ceil(np.log(0.1) / np.log(1 - p3)),
            ),
        ],
    )


def ex_11_7() -> Exercise:
    return Exercise(
        "11.7",
        "E = ½w₁² - ½w₂²에서 w₂ = 0.5로 출발해 η = 0.1인 보통의 경사 하강법으로 열 걸음 걸어요. "
        "w₂는 얼마가 되나요?",
        0.5 * 1.1**10,
        why="w₂ 쪽의 곡률이 -1이라 배율이 1 - 0.1 × (-1) = 1.1이에요. 0.5 × 1.1¹⁰이에요.",
        mistakes=[
            Mistake(
                "배율을 0.9로 썼어요. 가운데로 다가가는 w₁ 쪽이에요.",
                "w₂ 쪽의 곡률은 -1이에요. 배율 1 - ηk에 넣어 보세요.",
                0.5 * 0.9**10,
            ),
            Mistake(
                "걸음마다 같은 거리만큼 멀어진다고 계산했어요.",
                "멀어질수록 기울기도 커져요. 배율을 거듭 곱하세요.",
                0.5 * (1 + 10 * 0.1),
            ),
            Mistake("출발한 거리 0.5를 곱하지 않았어요.", "1.1¹⁰은 처음의 몇 배인지예요.", 1.1**10),
            Mistake("아홉 걸음만 걸었어요.", "1.1을 열 번 곱하세요.", 0.5 * 1.1**9),
            Mistake("곡률을 -½로 썼어요.", "-½w²을 두 번 미분하면 -1이에요.", 0.5 * 1.05**10),
        ],
    )


def ex_11_4() -> Exercise:
    g4, eta4, mu4 = 2.0, 0.05, 0.8
    return Exercise(
        "11.4",
        "기울기가 늘 2인 비탈을 η = 0.05, μ = 0.8인 모멘텀(v ← μv + g, w ← w - ηv)으로 오래 걸었어요. "
        "한 걸음에 w가 움직이는 거리는 얼마에 다가가나요?",
        eta4 * g4 / (1 - mu4),
        why="속도는 g/(1 - μ) = 2/0.2 = 10에 다가가고, 보폭은 ηv = 0.05 × 10이에요.",
        mistakes=[
            Mistake("모멘텀이 없을 때의 보폭이에요.", "속도가 g/(1 - μ)까지 커져요.", eta4 * g4),
            Mistake("1 - μ 대신 μ로 나눴어요.", "v = μv + g를 v에 대해 풀어 보세요.", eta4 * g4 / mu4),
            Mistake("1 - μ로 나누지 않고 곱했어요.", "속도는 줄지 않고 늘어나요.", eta4 * g4 * (1 - mu4)),
            Mistake("속도 v를 구했어요.", "보폭은 여기에 학습률을 곱한 것이에요.", g4 / (1 - mu4)),
            Mistake(
                "두 걸음째의 보폭이에요.",
                "지난 기울기가 계속 쌓여요. 더 변하지 않을 때를 구하세요.",
                eta4 * (mu4 * g4 + g4),
            ),
        ],
    )


def two_steps(rule, w=1.0, v=0.0, eta=0.1, mu=0.5, k=4.0):
    """한 걸음의 규칙 rule(w, v, g)로 두 걸음."""
    for _ in range(2):
        w, v = rule(w, v, k * w, eta, mu)
    return w


def rule_right(w, v, g, eta, mu):
    v = mu * v + g
    return w - eta * v, v


def rule_uphill(w, v, g, eta, mu):
    v = mu * v + g
    return w + eta * v, v


def rule_plain(w, v, g, eta, mu):
    return w - eta * g, v


def rule_no_fade(w, v, g, eta, mu):
    v = v + g
    return w - eta * v, v


def rule_average(w, v, g, eta, mu):
    v = mu * v + (1 - mu) * g
    return w - eta * v, v


def rule_late(w, v, g, eta, mu):
    return w - eta * v, mu * v + g


def ex_11_5() -> Exercise:
    return Exercise(
        "11.5",
        "E = ½ · 4w²에서 w = 1, v = 0으로 출발해 η = 0.1, μ = 0.5인 모멘텀(v ← μv + g, w ← w - ηv)으로 "
        "두 걸음 걸어요. 두 걸음 뒤의 w는 얼마인가요?",
        two_steps(rule_right),
        why="첫걸음: v = 4, w = 0.6. 둘째 걸음: v = 0.5 × 4 + 2.4 = 4.4, w = 0.6 - 0.44예요.",
        mistakes=[
            Mistake(
                "모멘텀 없이 두 걸음 걸었어요.",
                "둘째 걸음의 속도에는 첫 속도의 절반이 더해져요.",
                two_steps(rule_plain),
            ),
            Mistake(
                "옛 속도에 μ를 곱하지 않고 그대로 더했어요.",
                "v ← μv + g예요. 옛 속도는 절반만 남아요.",
                two_steps(rule_no_fade),
            ),
            Mistake(
                "기울기에 1 - μ를 곱해 평균을 냈어요.",
                "이 책의 식에서는 기울기를 그대로 더해요.",
                two_steps(rule_average),
            ),
            Mistake("오르막으로 갔어요.", "w에서 ηv를 빼세요.", two_steps(rule_uphill)),
            Mistake(
                "속도를 새로 고치기 전에 옛 속도로 걸었어요.",
                "v를 먼저 고치고 그 v로 걸으세요.",
                two_steps(rule_late),
            ),
            Mistake(
                "둘째 걸음에서도 출발점의 기울기 4를 썼어요.",
                "옮겨 간 w = 0.6에서 기울기를 다시 구하세요.",
                1 - 0.1 * 4 - 0.1 * (0.5 * 4 + 4),
            ),
            Mistake("한 걸음 뒤의 값이에요.", "한 걸음 더 걸으세요.", 1 - 0.1 * 4),
        ],
    )


def ex_11_6() -> Exercise:
    kappa6 = 16.0
    root6 = np.sqrt(kappa6)
    best6 = ((root6 - 1) / (root6 + 1)) ** 2
    return Exercise(
        "11.6",
        "E = ½w₁² + 8w₂²인 골짜기예요. 오래 걸을 때 배율이 가장 작은 모멘텀 μ*는 얼마인가요?",
        best6,
        why="8w₂² = ½ · 16 w₂²이니 κ = 16, √κ = 4예요. √μ* = (4 - 1)/(4 + 1) = 0.6을 제곱해요.",
        mistakes=[
            Mistake("배율 √μ*를 구했어요.", "μ*는 그것의 제곱이에요.", np.sqrt(best6)),
            Mistake(
                "κ에 제곱근을 씌우지 않았어요.",
                "모멘텀이 있으면 κ 대신 √κ를 넣어요.",
                ((kappa6 - 1) / (kappa6 + 1)) ** 2,
            ),
            Mistake(
                "계수 8을 그대로 곡률로 썼어요.",
                "½k 꼴로 고치면 k₂ = 16이에요.",
                ((np.sqrt(8) - 1) / (np.sqrt(8) + 1)) ** 2,
            ),
            Mistake(
                "모멘텀이 없을 때의 배율을 구했어요.",
                "그것은 (κ - 1)/(κ + 1)이에요. √κ로 바꾸고 제곱하세요.",
                (kappa6 - 1) / (kappa6 + 1),
            ),
            Mistake(
                "가장 나은 학습률 η*를 구했어요.", "μ*는 ((√κ - 1)/(√κ + 1))²이에요.", 4 / (1 + root6) ** 2
            ),
            Mistake(
                "분자와 분모를 뒤집었어요. μ는 1보다 작아야 해요.", "작은 쪽 √κ - 1이 위예요.", 1 / best6
            ),
        ],
    )


def ex_11_8() -> Exercise:
    lr8, total8, t8 = 0.4, 90, 30
    return Exercise(
        "11.8",
        "처음 학습률 0.4, 총 걸음 90인 코사인 스케줄이에요(끝은 0). 30걸음째의 학습률은 얼마인가요? cos 60° = 0.5예요.",
        cosine(lr8, total=total8)(t8),
        why="30/90은 반 바퀴 180°의 3분의 1인 60°예요. ½ × 0.4 × (1 + 0.5)예요.",
        mistakes=[
            Mistake("곧은 직선으로 줄였어요.", "½ η₀ (1 + cos)에 각도를 넣으세요.", lr8 * (1 - t8 / total8)),
            Mistake(
                "1을 더하고 절반을 내는 것을 빠뜨렸어요.",
                "½ (1 + cos 60°)이라야 1에서 0까지 내려가요.",
                lr8 * 0.5,
            ),
            Mistake("절반 ½을 곱하지 않았어요.", "1 + cos은 2에서 0까지 내려가니 절반을 내요.", lr8 * 1.5),
            Mistake(
                "남은 걸음의 몫으로 각도를 구했어요.",
                "지난 걸음 30을 90으로 나누세요.",
                cosine(lr8, total=total8)(total8 - t8),
            ),
        ],
    )


def ex_11_9() -> CodeExercise:
    return CodeExercise(
        "11.9",
        "E = ½kw²에서 v = 0으로 출발해 모멘텀으로 steps걸음을 걷고 마지막 w를 돌려주는 함수 "
        "heavy_ball(k, w, eta, mu, steps)를 쓰세요. 규칙은 v ← μv + kw, w ← w - ηv예요.",
        """
        def heavy_ball(k, w, eta, mu, steps):
            v = 0.0
            for step in range(steps):
                v = mu * v + k * w
                w = w - eta * v
            return w
        """,
        cases=["4.0, 1.0, 0.1, 0.5, 3", "1.0, -2.0, 0.3, 0.9, 6", "81.0, 0.5, 0.04, 0.64, 4"],
        why="속도를 기억하면서, 걸음마다 기울기를 새로 구해 더했어요. mu가 0이면 보통의 경사 하강법이에요.",
        mistakes=[
            Mistake(
                "옛 속도에 mu를 곱하지 않았어요.",
                "v = mu * v + k * w예요.",
                {"mu * v + k * w": "v + k * w"},
            ),
            Mistake(
                "기울기에 1 - mu를 곱했어요.",
                "이 책의 식에서는 기울기를 그대로 더해요.",
                {"mu * v + k * w": "mu * v + (1 - mu) * k * w"},
            ),
            Mistake("오르막으로 갔어요.", "w에서 eta * v를 빼세요.", {"w - eta * v": "w + eta * v"}),
            Mistake(
                "네스테로프 모멘텀을 썼어요.",
                "여기서는 w ← w - ηv예요.",
                {"w - eta * v": "w - eta * (k * w + mu * v)"},
            ),
            Mistake(
                "한 걸음을 덜 걸었어요.",
                "range(steps)는 steps번 되풀이해요. w를 v보다 먼저 고쳐도 한 걸음이 모자라요.",
                {"range(steps)": "range(steps - 1)"},
            ),
            Mistake(
                "한 걸음을 더 걸었어요.",
                "range(steps)는 steps번 되풀이해요.",
                {"range(steps)": "range(steps + 1)"},
            ),
            Mistake(
                "속도를 걸음마다 0에서 다시 시작했어요. 보통의 경사 하강법이에요.",
                "v = 0.0은 되풀이의 바깥에서 한 번만 하세요.",
                {
                    "    v = 0.0\n    for step in range(steps):": "    for step in range(steps):\n        v = 0.0",
                },
            ),
            Mistake(
                "옛 속도로 먼저 걷고 나서 속도를 고쳤어요.",
                "v를 먼저 고치고 그 v로 걸으세요.",
                {
                    "v = mu * v + k * w\n        w = w - eta * v": "g = k * w\n"
                    "        w = w - eta * v\n        v = mu * v + g",
                },
            ),
        ],
    )


def ex_11_10() -> CodeExercise:
    return CodeExercise(
        "11.10",
        "Adam의 t번째 걸음을 쓰세요. 가중치마다 m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g²을 구하고, 0에서 출발해 "
        "덜 자란 것을 m̂ = m/(1 - β₁ᵗ), v̂ = v/(1 - β₂ᵗ)로 키워서 w ← w - η m̂/(√v̂ + ε)이에요. 함수 "
        "adam_step(w, g, m, v, t, eta)는 새 (w, m, v)를 돌려줘요. 모두 목록이고 t와 eta는 수예요. "
        "β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸은 def 줄에 적어 두었어요.",
        """
        def adam_step(w, g, m, v, t, eta, beta1=0.9, beta2=0.999, eps=1e-8):
            new_w, new_m, new_v = [], [], []
            for i in range(len(w)):
                new_m.append(beta1 * m[i] + (1 - beta1) * g[i])
                new_v.append(beta2 * v[i] + (1 - beta2) * g[i] ** 2)
                m_hat = new_m[i] / (1 - beta1 ** t)
                v_hat = new_v[i] / (1 - beta2 ** t)
                step = m_hat / (math.sqrt(v_hat) + eps)
                new_w.append(w[i] - eta * step)
            return new_w, new_m, new_v
        """,
        cases=[
            "[0.4, -1.2], [0.3, -2.5], [0.0, 0.0], [0.0, 0.0], 1, 0.1",
            "[0.7, -0.3, 1.6], [0.8, -0.2, 1.3], [0.15, 0.4, -0.6], [0.02, 0.05, 0.01], 3, 0.2",
        ],
        why="기울기가 크든 작든 보폭이 비슷해요. 첫걸음은 거의 꼭 η예요.",
        given="import math",
        mistakes=[
            Mistake(
                "m을 키우지 않았어요.",
                "m은 0에서 출발해 처음에는 너무 작아요. 1 - β₁ᵗ으로 나누세요.",
                {"new_m[i] / (1 - beta1 ** t)": "new_m[i]"},
            ),
            Mistake(
                "β₁을 t번 곱하지 않았어요.",
                "1 - β₁ᵗ이니 t제곱한 것을 빼세요.",
                {"new_m[i] / (1 - beta1 ** t)": "new_m[i] / (1 - beta1)"},
            ),
            Mistake(
                "v를 키우지 않았어요.",
                "v도 0에서 출발해 처음에는 너무 작아요. 1 - β₂ᵗ으로 나누세요.",
                {"new_v[i] / (1 - beta2 ** t)": "new_v[i]"},
            ),
            Mistake(
                "제곱근을 씌우지 않았어요.",
                "v는 기울기의 제곱이라, 제곱근을 씌워야 m과 눈금이 같아요.",
                {"math.sqrt(v_hat)": "v_hat"},
            ),
            Mistake(
                "v에 기울기의 제곱이 아니라 크기를 더했어요.",
                "v는 기울기를 제곱한 것의 평균이에요.",
                {"g[i] ** 2": "abs(g[i])"},
            ),
            Mistake(
                "m에 기울기를 그대로 더했어요. 그것은 모멘텀의 식이에요.",
                "Adam의 m은 평균이라서 1 - β₁을 곱해 더해요.",
                {"(1 - beta1) * g[i]": "g[i]"},
            ),
            Mistake("오르막으로 갔어요.", "w에서 빼세요.", {"w[i] - eta": "w[i] + eta"}),
            Mistake(
                "m도 v도 키우지 않았어요.",
                "둘 다 0에서 출발해 처음에는 너무 작아요. 1 - β₁ᵗ과 1 - β₂ᵗ으로 나누세요.",
                {"new_m[i] / (1 - beta1 ** t)": "new_m[i]", "new_v[i] / (1 - beta2 ** t)": "new_v[i]"},
            ),
        ],
    )
