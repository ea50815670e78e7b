"""12장(12-vanishing)의 연습문제."""

from __future__ import annotations

import math

import numpy as np

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake


def ex_12_1() -> Exercise:
    enough_layers = next(k for k in range(1, 99) if 0.25**k < 1e-3)
    return Exercise(
        "12.1",
        "가중치의 몫은 1배라 치고, 시그모이드의 f′만 곱해져요. 기울기가 "
        "틀림없이 1/1000보다 작아지려면 층을 적어도 몇 개 거슬러야 하나요?",
        enough_layers,
        why="f′는 아무리 커도 1/4이고, 1/4을 다섯 번 곱하면 1/1024이에요.",
        solution="4⁴ = 256은 1000보다 작고 4⁵ = 1024는 커요. 그러니 다섯 층이에요.",
        mistakes=[
            Mistake(
                "f′를 1/2로 계산했어요.",
                "시그모이드의 기울기 a (1 - a)는 a = 1/2일 때 1/4이에요.",
                next(k for k in range(1, 99) if 0.5**k < 1e-3),
            ),
            Mistake("1/4을 더해 갔어요.", "층을 지날 때마다 더해지는 것이 아니라 곱해져요.", 1000 / 4),
            Mistake("한 층이 모자라요.", "1/256은 아직 1/1000보다 커요.", enough_layers - 1),
            Mistake("천분의 일을 10⁻³의 3으로 답했어요.", "밑이 10이 아니라 4예요.", 3),
        ],
    )


def ex_12_2() -> Exercise:
    ex_n, ex_std, ex_slope = 100, 0.12, 0.5
    return Exercise(
        "12.2",
        f"폭이 {ex_n}인 ReLU 신경망의 가중치를 N(0, {ex_std}²)에서 뽑았어요. "
        "ReLU의 절반은 켜져 있어요. 층 하나를 거스를 때 δ의 크기에 곱해지는 "
        "배율은 얼마쯤일까요?",
        math.sqrt(ex_n * ex_std**2 * ex_slope),
        why="r = √(n Var(W) f′²의 평균)에 100, 0.12², 1/2을 넣었어요.",
        solution=f"√(100 × 0.0144 × 0.5) = √0.72 = {math.sqrt(0.72):.4f}. 조금씩 사라져요.",
        mistakes=[
            Mistake(
                "제곱근을 씌우지 않았어요.",
                "그것은 제곱 평균의 배율이에요. 크기는 그 제곱근이에요.",
                ex_n * ex_std**2 * ex_slope,
            ),
            Mistake(
                "f′의 몫을 빠뜨렸어요.",
                "꺼진 절반은 0을 곱하니 제곱 평균이 절반이 돼요.",
                math.sqrt(ex_n * ex_std**2),
            ),
            Mistake(
                "분산 대신 표준편차를 넣었어요.",
                "Var(W)는 0.12의 제곱이에요.",
                math.sqrt(ex_n * ex_std * ex_slope),
            ),
            Mistake(
                "f′의 제곱 평균을 1/4로 계산했어요.",
                "f′는 1 아니면 0이라 제곱해도 그대로예요. 절반이 1이니 평균은 1/2.",
                math.sqrt(ex_n * ex_std**2 * 0.25),
            ),
            Mistake(
                "폭 n을 곱하지 않았어요.",
                "뉴런 100개에서 모으니 분산이 100배가 돼요.",
                math.sqrt(ex_std**2 * ex_slope),
            ),
        ],
    )


def ex_12_3() -> Exercise:
    ex_leak = 0.5
    leaky_slope = (1 + ex_leak**2) / 2
    return Exercise(
        "12.3",
        "폭이 50인 LeakyReLU 신경망이 있어요. z > 0이면 f′ = 1, 아니면 "
        f"f′ = {ex_leak}이고 반반이에요. 배율을 1로 맞추려면 가중치의 "
        "표준편차를 얼마로 해야 하나요?",
        math.sqrt(1 / (50 * leaky_slope)),
        why="f′²의 평균은 (1 + 0.25)/2 = 0.625, 분산은 1/(50 × 0.625)예요.",
        solution="Var(W) = 1/(50 × 0.625) = 0.032, 표준편차는 √0.032 = "
        f"{math.sqrt(0.032):.4f}. ReLU의 He(0.2)보다 작아도 돼요.",
        mistakes=[
            Mistake("분산을 답했어요.", "표준편차는 분산의 제곱근이에요.", 1 / (50 * leaky_slope)),
            Mistake(
                "ReLU의 He를 그대로 썼어요.",
                "음수 쪽도 0.5를 전하니 f′²의 평균이 1/2보다 커요.",
                math.sqrt(2 / 50),
            ),
            Mistake(
                "f′의 제곱 대신 f′를 평균했어요.",
                "(1 + 0.5)/2가 아니라 (1 + 0.25)/2예요.",
                math.sqrt(1 / (50 * (1 + ex_leak) / 2)),
            ),
            Mistake(
                "f′의 몫을 빠뜨렸어요.",
                "1/n만으로는 음수 쪽에서 줄어드는 것을 되갚지 못해요.",
                math.sqrt(1 / 50),
            ),
        ],
    )


def ex_12_4() -> Exercise:
    ex_w = 6.0
    return Exercise(
        "12.4",
        "시그모이드 뉴런을 한 줄로 이었어요. 모든 가중치가 6이고, 편향을 맞춰 "
        "모든 z가 0이에요. δ가 네 층을 거스르면 크기가 몇 배가 되나요?",
        (ex_w / 4) ** 4,
        why="한 층에 w f′ = 6 × 1/4 = 1.5배, 네 층에 1.5⁴배예요.",
        mistakes=[
            Mistake("가중치를 빼고 f′만 곱했어요.", "곱해지는 것은 w f′(z)예요.", 0.25**4),
            Mistake("f′를 빼고 가중치만 곱했어요.", "z = 0에서 시그모이드의 f′는 1/4이에요.", ex_w**4),
            Mistake("네 층의 배율을 더했어요.", "층마다 곱해져요.", 4 * ex_w / 4),
            Mistake(
                "f′(0)을 1/2로 계산했어요.",
                "1/2은 시그모이드의 값이고, 기울기는 1/2 × (1 - 1/2)이에요.",
                (ex_w / 2) ** 4,
            ),
        ],
    )


def ex_12_5() -> Exercise:
    ex_g, ex_limit = np.array([6.0, -2.0, 3.0]), 3.5
    ex_norm = float(np.linalg.norm(ex_g))
    return Exercise(
        "12.5",
        "기울기가 (6, -2, 3)이에요. 길이를 3.5로 자르면 첫째 수는 얼마가 되나요?",
        6 * ex_limit / ex_norm,
        why="길이는 √(36 + 4 + 9) = 7이고, 3.5로 줄이면 모두 절반이 돼요.",
        mistakes=[
            Mistake("자리마다 따로 잘랐어요.", "그러면 방향이 바뀌어요. 전체를 같은 비로 줄여요.", ex_limit),
            Mistake(
                "길이를 절댓값의 합으로 계산했어요.",
                "길이는 제곱의 합의 제곱근이에요.",
                6 * ex_limit / float(np.abs(ex_g).sum()),
            ),
            Mistake(
                "제곱근을 씌우지 않았어요.", "49가 아니라 √49 = 7이 길이예요.", 6 * ex_limit / ex_norm**2
            ),
            Mistake("길이를 1로 맞췄어요.", "3.5로 맞추려면 3.5를 곱해야 해요.", 6 / ex_norm),
        ],
    )


def ex_12_6() -> Exercise:
    bn_square = math.pi / (math.pi - 1)
    return Exercise(
        "12.6",
        "폭이 넓은 ReLU 신경망에 배치 정규화를 넣고 아주 큰 배치를 써요. 배우기 전에 "
        "12층을 거스르면 기울기의 크기는 몇 배가 되나요? (소수 둘째 자리까지)",
        bn_square**6,
        why="한 층에 √(π/(π - 1)) = 1.2112배이니 12층이면 (π/(π - 1))⁶배예요.",
        digits=2,
        mistakes=[
            Mistake(
                "제곱 크기의 배율 1.467을 썼어요.",
                "1.467은 기울기의 제곱이 커지는 배율이에요. 크기는 그 제곱근이에요.",
                bn_square**12,
            ),
            Mistake(
                "늘어난 몫을 더했어요.",
                "0.21을 열두 번 더하는 것이 아니라 1.21을 열두 번 곱해요.",
                1 + 12 * (math.sqrt(bn_square) - 1),
            ),
            Mistake(
                "거꾸로 줄어든다고 계산했어요.",
                "배치 정규화는 표준편차 0.83으로 나누니 거스를수록 커져요.",
                bn_square**-6,
            ),
            Mistake("He의 배율 1로 계산했어요.", "배치 정규화가 없을 때의 답이에요.", 1.0),
        ],
    )


def ex_12_7() -> Exercise:
    ex_f, ex_blocks = -0.2, 10
    return Exercise(
        "12.7",
        "잔차 연결 열 개를 이었어요. 수가 하나씩만 지나가고, 가지 F의 "
        "도함수는 모두 -0.2예요. 열 개를 다 거스른 기울기는 맨 위의 몇 배인가요?",
        (1 + ex_f) ** ex_blocks,
        why="한 개를 거스를 때 1 + F′ = 0.8배이니 0.8¹⁰배예요.",
        mistakes=[
            Mistake("더해서 지나가는 길을 빠뜨렸어요.", "a + F(a)를 미분하면 1 + F′예요.", ex_f**ex_blocks),
            Mistake(
                "부호를 뒤집어 1.2배로 계산했어요.",
                "F′ = -0.2이면 1 + F′ = 0.8이에요.",
                (1 - ex_f) ** ex_blocks,
            ),
            Mistake("곧장 지나가는 길만 계산했어요.", "가지를 거스른 것도 더해요.", 1.0),
            Mistake("가지의 몫을 열 번 더했어요.", "한 개마다 (1 + F′)가 곱해져요.", 1 + ex_blocks * ex_f),
        ],
    )


def ex_12_8() -> CodeExercise:
    return CodeExercise(
        "12.8",
        "기울기 자르기 my_clip(grads, max_norm)을 쓰세요. grads는 층마다의 기울기를 한 줄로 편 목록들이에요. 모두를 한 "
        "벡터로 보고 그 길이를 max_norm으로 자른 새 목록들을 돌려줘요. 길이가 max_norm 이하이면 그대로예요.",
        """
        def my_clip(grads, max_norm):
            total = 0.0
            for g in grads:
                for value in g:
                    total += value ** 2
            norm = math.sqrt(total)
            scale = 1.0
            if norm > max_norm:
                scale = max_norm / norm
            clipped = []
            for g in grads:
                clipped.append([scale * value for value in g])
            return clipped
        """,
        cases=[
            "[[3.0, -4.0, 0.7], [12.0]], 3.25",
            "[[0.3, -0.4], [0.1]], 1.1",
            "[[0.6, -1.5, 0.7], [2.0, 0.9], [-0.35]], 1.2",
        ],
        why="층마다가 아니라 전체의 길이로 한 번만 줄여서, 방향이 그대로예요.",
        given="import math",
        mistakes=[
            Mistake(
                "짧은 기울기까지 늘렸어요.",
                "길이가 max_norm 이하이면 손대지 않아요.",
                {"norm > max_norm": "norm > 0"},
            ),
            Mistake(
                "제곱근을 씌우지 않았어요.", "길이는 제곱의 합의 제곱근이에요.", {"math.sqrt(total)": "total"}
            ),
            Mistake(
                "길이를 1로 맞췄어요.",
                "max_norm으로 맞추려면 max_norm을 곱하세요.",
                {"max_norm / norm": "1 / norm"},
            ),
            Mistake(
                "거꾸로 나눠서 더 길어졌어요.",
                "줄이려면 1보다 작은 max_norm / norm을 곱하세요.",
                {"max_norm / norm": "norm / max_norm"},
            ),
            Mistake("덮어써서 마지막 수의 제곱만 남았어요.", "제곱을 모두 +=로 더하세요.", {"+=": "="}),
            Mistake(
                "수마다 따로 잘랐어요.",
                "긴 쪽만 잘려 나가 방향이 바뀌어요.",
                {
                    "clipped.append([scale * value for value in g])": "row = [min(max_norm, value) for value in g]\n"
                    "        clipped.append([max(-max_norm, value) for value in row])"
                },
            ),
            Mistake(
                "층마다 따로 잘랐어요.",
                "층 사이의 비가 바뀌면 전체 벡터의 방향이 바뀌어요.",
                {
                    "        clipped.append(": "        norm = math.sqrt(sum([value ** 2 for value in g]))\n"
                    "        scale = min(1.0, max_norm / norm)\n        clipped.append("
                },
            ),
            Mistake(
                "길이를 절댓값의 합으로 계산했어요.",
                "길이는 제곱의 합의 제곱근이에요.",
                {"value ** 2": "abs(value)", "math.sqrt(total)": "total"},
            ),
        ],
    )


def ex_12_9() -> CodeExercise:
    return CodeExercise(
        "12.9",
        "배치 정규화의 순전파를 뉴런 하나에 대해 쓰세요. z는 그 뉴런의 가중합을 표본마다 적은 목록이에요. 평균 μ와 "
        "분산 σ²을 구해 ẑ = (z - μ)/√(σ² + ε)이고, 내보내는 것은 γẑ + β예요. 함수 batch_norm(z, gamma, beta, eps)는 "
        "내보내는 것의 목록을 돌려줘요.",
        """
        def batch_norm(z, gamma, beta, eps):
            n = len(z)
            mean = sum(z) / n
            squares = [(value - mean) ** 2 for value in z]
            var = sum(squares) / n
            out = []
            for value in z:
                z_hat = (value - mean) / math.sqrt(var + eps)
                out.append(gamma * z_hat + beta)
            return out
        """,
        cases=[
            "[2.0, -1.0, 0.5, 3.5], 1.5, -0.3, 0.01",
            "[0.4, 0.9, -0.2], 0.8, 0.25, 0.05",
        ],
        why="z를 10배로 키워도 표준편차로 나눌 때 10이 지워져요. 알맞은 눈금은 γ와 β가 배워요.",
        given="import math",
        mistakes=[
            Mistake(
                "분산을 n - 1로 나눴어요.",
                "배치 정규화는 배치 안의 분산을 쓰니 n으로 나눠요.",
                {"sum(squares) / n": "sum(squares) / (n - 1)"},
            ),
            Mistake(
                "분산을 표본 수로 나누지 않았어요.",
                "분산은 제곱의 합이 아니라 평균이에요.",
                {"sum(squares) / n": "sum(squares)"},
            ),
            Mistake(
                "제곱근을 씌우지 않았어요.",
                "분산이 아니라 표준편차로 나누세요.",
                {"math.sqrt(var + eps)": "(var + eps)"},
            ),
            Mistake(
                "ε을 제곱근 바깥에서 더했어요.",
                "먼저 분산에 ε을 더하고, 그다음에 제곱근을 씌우세요.",
                {"math.sqrt(var + eps)": "(math.sqrt(var) + eps)"},
            ),
            Mistake(
                "ε을 더하지 않았어요.",
                "분산이 0이어도 나눌 수 있게 ε을 더하세요.",
                {"math.sqrt(var + eps)": "math.sqrt(var)"},
            ),
            Mistake(
                "평균을 빼지 않았어요.", "먼저 평균을 빼세요.", {"z_hat = (value - mean)": "z_hat = value"}
            ),
            Mistake(
                "β를 더한 다음에 γ를 곱했어요.",
                "γ를 먼저 곱하고 β를 더하세요.",
                {"gamma * z_hat + beta": "gamma * (z_hat + beta)"},
            ),
            Mistake(
                "γ와 β를 쓰지 않았어요.",
                "내보내는 것은 γẑ + β예요.",
                {"gamma * z_hat + beta": "z_hat"},
            ),
        ],
    )


def ex_12_10() -> Exercise:
    a, g = np.array([4.0, -2.0, 1.0, 3.0]), 0.8
    square = np.mean(a**2)
    return Exercise(
        "12.10",
        "표본 하나의 활성값이 (4, -2, 1, 3)이에요. RMS 정규화를 지나면 첫째 수는 얼마가 되나요? 첫째 자리의 "
        "g는 0.8이고, ε은 0으로 둬요.",
        g * a[0] / math.sqrt(square),
        why="제곱 평균이 (16 + 4 + 1 + 9)/4 = 7.5이니 0.8 × 4/√7.5예요.",
        mistakes=[
            Mistake(
                "평균을 뺐어요.",
                "RMS 정규화는 평균을 빼지 않아요. 배치 정규화와 다른 점이에요.",
                g * (a[0] - a.mean()) / a.std(),
            ),
            Mistake("g를 곱하지 않았어요.", "나눈 다음 배우는 수 g를 곱해요.", a[0] / math.sqrt(square)),
            Mistake(
                "벡터의 길이로 나눴어요.",
                "제곱의 합이 아니라 평균이에요. 4로 나눈 다음 제곱근을 씌우세요.",
                g * a[0] / np.linalg.norm(a),
            ),
            Mistake("제곱근을 씌우지 않았어요.", "크기는 제곱 평균의 제곱근이에요.", g * a[0] / square),
        ],
    )
