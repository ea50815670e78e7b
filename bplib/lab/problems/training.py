"""6장(06-training)과 두 덧붙임(06-generalisation, 06-bug-zoo)의 연습문제."""

from __future__ import annotations

import numpy as np

from bplib import SGD, BinaryCrossEntropy, Linear, Sequential, Tanh, datasets, fit
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise, Mistake
from bplib.lab.mistakes import SLIPS
from bplib.lab.problems.forward import SIGMA
from bplib.lab.problems.gradient_descent import CENTRAL_SLIPS

# 연습 6.1과 6.2가 묻는 영수증: XOR 신경망의 110에폭에서 w²₁₂
DELTAS = np.array([0.3712, -0.4486, -0.4386, 0.5561])
ACTIVATIONS = np.array([-0.0327, 0.7972, 0.7948, 0.9761])
CORRECT = np.abs(DELTAS) < 0.5  # δ = a - y이니, 절반을 넘게 벗어났으면 틀렸어요
OLD, ETA = 1.1423, 0.5
PRODUCTS = DELTAS * ACTIVATIONS
GRADIENT = PRODUCTS.mean()

# 연습 6.8의 오차, 에폭 1부터
TRAIN_LOSS = [0.69, 0.52, 0.41, 0.33, 0.27, 0.22, 0.18, 0.15, 0.12, 0.10]
VAL_LOSS = [0.70, 0.58, 0.51, 0.53, 0.49, 0.47, 0.48, 0.50, 0.55, 0.61]


def ex_6_1() -> Exercise:
    forgot_mean = Mistake(
        "표본마다의 곱을 더하기만 하고 표본 수로 나누지 않았어요.",
        "배치의 오차는 평균이니 1/n이 한 번 들어가요.",
        PRODUCTS.sum(),
    )
    return Exercise(
        "6.1",
        "위의 표로 네 표본을 모두 쓴 기울기 ∂E/∂w²₁₂를 구하세요.",
        GRADIENT,
        why="표본마다 δ와 활성값을 곱하고, 맞힌 표본까지 모두 더해 4로 나눠요.",
        solution="곱은 차례로 "
        + ", ".join(f"{number:+.4f}" for number in PRODUCTS)
        + f". 합 {PRODUCTS.sum():+.4f}, 4로 나누면 {GRADIENT:+.4f}.",
        mistakes=[
            forgot_mean,
            Mistake("표본 수로 두 번 나눴어요.", "1/n은 한 번만 들어가요.", PRODUCTS.mean() / 4),
            Mistake(
                "틀린 표본만 더했어요.",
                "맞힌 표본도 δ가 0이 아니니 함께 더해요.",
                PRODUCTS[~CORRECT].sum() / 4,
            ),
            Mistake(
                "틀린 표본만 더하고 그 개수로 나눴어요.",
                "네 표본을 모두 더해 4로 나눠요.",
                PRODUCTS[~CORRECT].mean(),
            ),
            Mistake(
                "활성값을 곱하지 않고 δ만 평균했어요.",
                "그것은 편향의 기울기예요. 가중치라면 활성값을 곱하세요.",
                DELTAS.mean(),
            ),
            Mistake(
                "δ의 평균과 활성값의 평균을 곱했어요.",
                "표본마다 먼저 곱하고 나서 평균해요. 차례를 바꾸면 달라져요.",
                DELTAS.mean() * ACTIVATIONS.mean(),
            ),
            Mistake("부호가 반대예요.", "δ = a - y의 부호를 그대로 쓰세요.", -GRADIENT),
        ],
    )


def ex_6_2() -> Exercise:
    return Exercise(
        "6.2",
        "이어서, 학습률 0.5로 한 걸음 고친 뒤의 w²₁₂ 값은 얼마인가요?",
        OLD - ETA * GRADIENT,
        why="옛 값에서 학습률 곱하기 기울기를 뺐어요.",
        solution=f"{OLD:.4f} - 0.5 × ({GRADIENT:+.4f}) = {OLD - ETA * GRADIENT:.4f}.",
        mistakes=[
            Mistake(
                "기울기를 빼지 않고 더했어요.",
                "오차가 커지는 쪽의 반대로 가야 해요.",
                OLD + ETA * GRADIENT,
            ),
            Mistake(
                "학습률을 곱하지 않았어요.",
                "기울기에 0.5를 곱한 만큼만 움직여요.",
                OLD - GRADIENT,
            ),
            Mistake(
                "옛 값에서 빼지 않았어요.",
                "새 값은 옛 값에서 η × 기울기를 뺀 것이에요.",
                -ETA * GRADIENT,
            ),
            Mistake(
                "평균이 아니라 합을 뺐어요.",
                "기울기는 네 곱의 합을 4로 나눈 것이에요.",
                OLD - ETA * PRODUCTS.sum(),
            ),
            Mistake(
                "기울기를 4로 한 번 더 나눴어요.",
                "1/n은 기울기 안에 이미 들어 있어요.",
                OLD - ETA * GRADIENT / 4,
            ),
        ],
    )


def all_half(n_out: int, n_in: int, rng: np.random.Generator) -> np.ndarray:
    return np.full((n_out, n_in), 0.5)


def ex_6_3() -> Exercise:
    rng = np.random.default_rng(7)
    points, labels = datasets.rings(80, rng=rng)
    symmetric_net = Sequential(
        Linear(2, 8, rng=rng, init=all_half), Tanh(), Linear(8, 1, rng=rng, init=all_half)
    )
    opt = SGD(symmetric_net.params(), lr=1.0)
    fit(symmetric_net, BinaryCrossEntropy(), opt, points, labels, epochs=50, progress=False)
    values = [param.value.round(9) for param in symmetric_net.params()]
    distinct_values = sum(len(np.unique(value)) for value in values)
    distinct_weights = sum(len(np.unique(value)) for value in values if value.ndim == 2)
    return Exercise(
        "6.3",
        "2 → 8 → 1 신경망의 가중치를 모두 0.5로, 편향을 모두 0으로 두고 "
        "원판과 고리를 50에폭 배우게 했어요. 배우는 수 33개 가운데 "
        "서로 다른 값은 많아야 몇 가지인가요?",
        distinct_values,
        why="은닉 뉴런 여덟이 끝까지 똑같으니, x₁의 가중치, x₂의 가중치, "
        "은닉 편향, 출력으로 가는 가중치, 출력 편향의 다섯 가지뿐이에요.",
        solution="은닉 뉴런 하나의 수는 들어오는 가중치 둘, 편향 하나, "
        "나가는 가중치 하나예요. "
        "여덟이 모두 같으니 네 가지, 여기에 출력의 편향을 더해 다섯 가지예요. "
        "은닉 뉴런 하나짜리 신경망 2 → 1 → 1의 배우는 수와 같아요.",
        mistakes=[
            Mistake(
                "모두 따로 배운다고 셌어요.",
                "같은 값에서 시작한 은닉 뉴런은 늘 같은 기울기를 받아요.",
                symmetric_net.params().size,
            ),
            Mistake(
                "편향을 빼고 셌어요.",
                "은닉층의 편향 하나와 출력층의 편향 하나가 더 있어요.",
                distinct_weights,
            ),
            Mistake(
                "33개가 모두 같은 값으로 남는다고 셌어요.",
                "x₁에서 오는 것과 x₂에서 오는 것은 기울기가 달라요.",
                1,
            ),
            Mistake(
                "은닉 뉴런의 수를 답했어요.",
                "여덟 뉴런은 서로 똑같아요. 뉴런 하나에 달린 수를 세어 보세요.",
                symmetric_net[0].n_out,
            ),
            Mistake("출력의 편향을 빠뜨렸어요.", "출력 뉴런에도 편향이 하나 있어요.", distinct_values - 1),
        ],
    )


LAYER = f"""{SIGMA}

def layer(W, b, a):
    z = [sum(w * v for w, v in zip(W[j], a)) + b[j] for j in range(len(b))]
    return [sigma(one) for one in z]
"""


def ex_6_4() -> CodeExercise:
    def slip(name: str, *edits: tuple[str, str]) -> Mistake:
        """SLIPS의 실수를 코드에서."""
        return Mistake(SLIPS[name].diagnosis, SLIPS[name].hint, dict(edits))

    def slopes(name: str, wrong: str) -> Mistake:
        """두 층의 a(1 - a)를 모두 틀린 것으로 바꾼 실수."""
        places = [(f"{a} * (1 - {a})", wrong.format(a=a)) for a in ("a2[k]", "a1[j]")]
        return slip(name, *places)

    def updates(name: str, sign: str) -> Mistake:
        """W와 b를 고치는 식의 앞부분을 모두 바꾼 실수."""
        return slip(name, *((f"{old} - eta * ", sign.format(old=old)) for old in ("W[j][i]", "b[j]")))

    return CodeExercise(
        "6.4",
        "두 층 신경망의 한 걸음이에요. 표본 하나 x, y와 가중치, 편향, 학습률 eta를 받아 새 값 넷 (W1, b1, W2, b2)를 "
        "돌려주는 함수를 쓰세요. 두 층 모두 시그모이드이고 E는 제곱 오차의 절반이에요. 미리 드린 layer(W, b, a)는 "
        "한 층의 활성값을 계산해요.",
        """
        def fix(W, b, delta, a, eta):
            new_W, new_b = [], []
            for j in range(len(W)):
                row = [W[j][i] - eta * delta[j] * a[i] for i in range(len(a))]
                new_W.append(row)
                new_b.append(b[j] - eta * delta[j])
            return new_W, new_b


        def my_step(x, y, W1, b1, W2, b2, eta):
            a1 = layer(W1, b1, x)
            a2 = layer(W2, b2, a1)
            d1, d2 = [0] * len(a1), [0] * len(a2)
            for k in range(len(a2)):
                d2[k] = (a2[k] - y[k]) * a2[k] * (1 - a2[k])
                for j in range(len(a1)):
                    d1[j] += W2[k][j] * d2[k] * a1[j] * (1 - a1[j])
            new_W2, new_b2 = fix(W2, b2, d2, a1, eta)
            new_W1, new_b1 = fix(W1, b1, d1, x, eta)
            return new_W1, new_b1, new_W2, new_b2
        """,
        cases=[
            "[0.7, 0.3], [0.9, 0.1], [[0.8, 0.9], [-0.2, 0.3]], [-0.3, -0.2], "
            "[[-0.8, 0.7], [0.6, -0.9]], [0.6, 0.3], 0.4",
            "[0.6, -0.4], [0.2, 0.8, 0.7], [[0.4, 0.8], [-0.9, 0.2], [0.7, -0.6]], [0.3, -0.2, 0.4], "
            "[[1.2, -0.7, 0.3], [0.4, 0.9, -0.8], [-0.3, 0.6, 0.2]], [-0.1, 0.6, 0.4], 0.7",
        ],
        why="순전파, δ², δ¹, 기울기, 고치기가 모두 맞아요.",
        mistakes=[
            slip("wrong_sign", ("(a2[k] - y[k])", "(y[k] - a2[k])")),
            slip("missing_target", ("(a2[k] - y[k])", "a2[k]")),
            slip("squared_error", ("(a2[k] - y[k])", "(a2[k] - y[k]) ** 2")),
            slip("missing_half", ("(a2[k] - y[k])", "2 * (a2[k] - y[k])")),
            slip("last_path_only", ("d1[j] += ", "d1[j] = ")),
            slip("missing_weight", ("W2[k][j] * d2[k]", "d2[k]")),
            slip("transposed_backward", ("W2[k][j] * d2[k]", "W2[j][k] * d2[k]")),
            slip("first_path_only", ("W2[k][j] * d2[k] *", "(k == 0) * W2[k][j] * d2[k] *")),
            slip("updated_on_the_way", ("W2[k][j] * d2[k] *", "(W2[k][j] - eta * d2[k] * a1[j]) * d2[k] *")),
            slopes("missing_slope", "1"),
            slopes("slope_at_a", "sigma({a}) * (1 - sigma({a}))"),
            slopes("slope_is_a", "{a}"),
            slopes("slope_is_one_minus_a", "(1 - {a})"),
            slopes("slope_of_tanh", "(1 - {a} ** 2)"),
            slip("missing_input", ("delta[j] * a[i]", "delta[j]")),
            Mistake(
                "보내는 뉴런이 아니라 받는 뉴런의 활성값을 곱했어요.",
                "둘째 층으로 들어온 것은 a1이에요.",
                {"fix(W2, b2, d2, a1, eta)": "fix(W2, b2, d2, a2, eta)"},
            ),
            Mistake(
                "둘째 층에서도 신경망의 입력 x를 곱했어요.",
                "x가 곱해지는 것은 첫 층뿐이에요. 둘째 층으로 들어온 것은 a1이에요.",
                {"fix(W2, b2, d2, a1, eta)": "fix(W2, b2, d2, x, eta)"},
            ),
            slip("bias_with_input", ("b[j] - eta * delta[j]", "b[j] - eta * delta[j] * a[0]")),
            updates("uphill", "{old} + eta * "),
            updates("missing_rate", "{old} - "),
            updates("replaced", "-eta * "),
        ],
        given=LAYER,
    )


def ex_6_5() -> CodeExercise:
    return CodeExercise(
        "6.5",
        "학습의 고리예요. 처음 값의 목록 p, 입력의 목록 X, 정답의 목록 Y, 학습률 eta, 에폭 수 epochs를 받아, 배운 뒤의 "
        "출력을 표본마다 하나씩 담은 목록을 돌려주는 함수를 쓰세요. 에폭마다 모든 표본의 기울기를 평균해 한 걸음 "
        "고쳐요. 미리 드린 output(p, x)는 출력, gradient(p, x, y)는 표본 하나의 기울기의 목록이에요.",
        """
        def train(p, X, Y, eta, epochs):
            for epoch in range(epochs):
                total = [0] * len(p)
                for x, y in zip(X, Y):
                    g = gradient(p, x, y)
                    for i in range(len(p)):
                        total[i] = total[i] + g[i]
                new = []
                for i in range(len(p)):
                    new.append(p[i] - eta * total[i] / len(X))
                p = new
            return [output(p, x) for x in X]
        """,
        cases=[
            "[0.4, -0.6, 0.2, 0.7, -0.3, 0.8, 0.6, -0.9, 0.9, 0.7, -0.4, 0.3, -0.2], "
            "[[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], 3.0, 60",
            "[0.4, -0.7, 0.2, 0.6, -0.3], [[0.2, 0.9], [0.7, -0.4], [0.6, 0.3]], [0.9, 0.2, 0.7], 0.4, 3",
        ],
        why="에폭마다 기울기를 처음부터 모아 평균하고, 그 반대쪽으로 한 걸음 갔어요. XOR을 60에폭 만에 배웠어요.",
        mistakes=[
            Mistake(
                "기울기를 더해 나가지 않아 마지막 표본의 것만 남았어요.",
                "모든 표본의 기울기를 더하세요.",
                {"total[i] + g[i]": "g[i]"},
            ),
            Mistake(
                "기울기를 빼지 않고 더했어요. 오르막으로 가요.",
                "오차가 커지는 쪽의 반대로 가야 해요.",
                {"p[i] - eta * total[i] / len(X)": "p[i] + eta * total[i] / len(X)"},
            ),
            Mistake(
                "표본의 수로 나누지 않았어요.",
                "배치의 오차는 평균이니 기울기도 len(X)로 나눠요.",
                {"p[i] - eta * total[i] / len(X)": "p[i] - eta * total[i]"},
            ),
            Mistake(
                "학습률 η를 곱하지 않았어요.",
                "기울기에 eta를 곱한 만큼만 움직여요.",
                {"p[i] - eta * total[i] / len(X)": "p[i] - total[i] / len(X)"},
            ),
            Mistake(
                "옛 값에서 빼지 않고, -η × 기울기를 새 값으로 썼어요.",
                "그것은 움직인 양이에요. 옛 값 p[i]에서 빼세요.",
                {"p[i] - eta * total[i] / len(X)": "-eta * total[i] / len(X)"},
            ),
            Mistake(
                "한 에폭을 덜 돌았어요.",
                "range(epochs)는 epochs번 되풀이해요.",
                {"range(epochs)": "range(1, epochs)"},
            ),
            Mistake(
                "한 에폭을 더 돌았어요.",
                "range(epochs)는 epochs번 되풀이해요.",
                {"range(epochs)": "range(epochs + 1)"},
            ),
            Mistake(
                "고친 값으로 바꾸지 않아 하나도 배우지 못했어요.",
                "에폭의 끝에서 p = new로 바꾸세요.",
                {"        p = new\n": ""},
            ),
            Mistake(
                "에폭마다 기울기를 0으로 되돌리지 않아 지난 에폭의 것까지 더했어요.",
                "total은 에폭마다 0에서 시작해요. 에폭의 for 안에 적으세요.",
                {
                    "    for epoch in range(epochs):\n        total = [0] * len(p)\n": "    total = [0] * len(p)\n"
                    "    for epoch in range(epochs):\n"
                },
            ),
        ],
        given=f"""{SIGMA}

# p는 은닉 뉴런마다 w₁, w₂, b와 출력으로 나가는 가중치, 끝은 출력의 b
def hidden(p, x):
    n = len(p) // 4
    return [math.tanh(p[4 * j] * x[0] + p[4 * j + 1] * x[1] + p[4 * j + 2]) for j in range(n)]


def output(p, x):
    a = hidden(p, x)
    return sigma(sum(p[4 * j + 3] * a[j] for j in range(len(a))) + p[-1])


def gradient(p, x, y):
    a, delta = hidden(p, x), output(p, x) - y
    g = []
    for j in range(len(a)):
        d = delta * p[4 * j + 3] * (1 - a[j] ** 2)
        g += [d * x[0], d * x[1], d, delta * a[j]]
    return g + [delta]
""",
    )


def ex_6_6() -> Exercise:
    sample_count, batch_size, epoch_count = 1000, 32, 20
    steps_per_epoch = -(-sample_count // batch_size)
    return Exercise(
        "6.6",
        f"표본 {sample_count}개를 배치 크기 {batch_size}로 나눠 {epoch_count}에폭 배워요. "
        "가중치를 모두 몇 번 고치나요?",
        steps_per_epoch * epoch_count,
        why=f"한 에폭은 {sample_count} ÷ {batch_size}를 올림한 {steps_per_epoch}걸음이고, "
        f"{epoch_count}에폭이니 {steps_per_epoch * epoch_count}걸음이에요.",
        solution=f"{sample_count} ÷ {batch_size} = {sample_count / batch_size}. "
        f"남는 표본 {sample_count % batch_size}개도 작은 배치 하나가 되니 올림해서 "
        f"{steps_per_epoch}걸음. {steps_per_epoch} × {epoch_count} = {steps_per_epoch * epoch_count}.",
        mistakes=[
            Mistake(
                "남는 표본으로 만드는 마지막 작은 배치를 빠뜨렸어요.",
                "나누어떨어지지 않으면 올림이에요.",
                sample_count // batch_size * epoch_count,
            ),
            Mistake("한 에폭의 걸음 수만 셌어요.", "에폭 수를 곱하세요.", steps_per_epoch),
            Mistake(
                "올림하지 않고 나눈 값을 그대로 곱했어요.",
                "걸음은 에폭마다 올림한 정수예요.",
                sample_count / batch_size * epoch_count,
            ),
            Mistake(
                "표본 하나마다 한 번씩 고친다고 셌어요.",
                "한 걸음에 미니배치 하나를 통째로 써요.",
                sample_count * epoch_count,
            ),
            Mistake("걸음이 아니라 에폭의 수예요.", "한 에폭 안에 걸음이 여럿 있어요.", epoch_count),
        ],
    )


def ex_6_7() -> Exercise:
    small_B, big_B, small_noise = 4, 64, 0.4
    return Exercise(
        "6.7",
        f"표본이 아주 많은 자료에서 배치 크기 {small_B}일 때 기울기의 흔들림을 "
        f"재니 {small_noise}쯤 됐어요. 배치 크기를 {big_B}로 키우면 "
        "흔들림은 얼마쯤 되나요?",
        small_noise * (small_B / big_B) ** 0.5,
        why="배치가 16배가 되면 흔들림은 √16 = 4배 줄어요.",
        mistakes=[
            Mistake(
                "배치의 배수로 그대로 나눴어요.",
                "흔들림은 B가 아니라 √B에 반비례해요.",
                small_noise * small_B / big_B,
            ),
            Mistake(
                "배치를 키우면 흔들림이 커진다고 계산했어요.",
                "여럿을 평균하면 흔들림은 줄어요.",
                small_noise * (big_B / small_B) ** 0.5,
            ),
            Mistake(
                "배치를 키워도 그대로라고 했어요.",
                "여럿을 평균하면 우연히 치우친 것이 서로 지워져요.",
                small_noise,
            ),
            Mistake(
                "새 배치 크기의 제곱근으로만 나눴어요.",
                f"이미 {small_B}개를 평균한 값에서 출발했으니, 배치가 몇 배가 되었는지 보세요.",
                small_noise / big_B**0.5,
            ),
        ],
    )


def ex_6_8() -> Exercise:
    back_to = int(np.argmin(VAL_LOSS)) + 1
    first_rise = int(np.argmax(np.diff(VAL_LOSS) > 0)) + 1
    return Exercise(
        "6.8",
        "몇 번째 에폭의 가중치를 써야 하나요?",
        back_to,
        why=f"검증 오차가 가장 작은 {min(VAL_LOSS)}의 자리예요. "
        f"{back_to + 3}에폭에 멈춰서 {back_to}에폭의 가중치로 돌아가요.",
        solution=f"검증 오차는 {first_rise + 1}에폭에 잠깐 올랐지만 "
        f"세 에폭 안에 새 최솟값이 나왔어요. {back_to}에폭 뒤로는 "
        f"세 에폭 내리 나아지지 않아 멈추고, {back_to}에폭의 가중치를 써요.",
        mistakes=[
            Mistake("에폭을 0부터 셌어요.", "파이썬의 자리는 0부터지만 에폭은 1부터 세요.", back_to - 1),
            Mistake("멈춘 에폭을 답했어요.", "멈춘 자리가 아니라 가장 좋았던 자리로 돌아가요.", back_to + 3),
            Mistake(
                "검증 오차가 처음 오르기 바로 앞에서 멈췄어요.",
                "참을성이 3이니 한 번 올랐다고 멈추지 않아요.",
                first_rise,
            ),
            Mistake(
                "학습 오차가 가장 작은 에폭을 골랐어요.",
                "고를 때 보는 것은 검증 오차예요.",
                int(np.argmin(TRAIN_LOSS)) + 1,
            ),
        ],
    )


def ex_6_9() -> CodeExercise:
    return CodeExercise(
        "6.9",
        "조기 종료예요. 에폭 1부터 차례로 적은 검증 오차의 목록 val과 참을성 patience를 받아 (멈춘 에폭, 돌아갈 에폭)"
        "을 돌려주는 함수를 쓰세요. 가장 작은 검증 오차가 patience에폭 동안 새로 나오지 않으면 멈춰요. 끝까지 멈추지 "
        "않으면 멈춘 에폭은 마지막 에폭이에요.",
        """
        def early_stop(val, patience):
            best = 1
            for epoch in range(1, len(val) + 1):
                if val[epoch - 1] < val[best - 1]:
                    best = epoch
                if epoch - best >= patience:
                    return epoch, best
            return len(val), best
        """,
        cases=[
            "[0.70, 0.58, 0.51, 0.53, 0.49, 0.47, 0.48, 0.50, 0.55, 0.44], 3",
            "[0.66, 0.55, 0.62, 0.58, 0.57], 3",
            "[0.62, 0.54, 0.57, 0.58, 0.52, 0.49], 2",
        ],
        why="가장 작았던 에폭을 기억해 두고, 거기서 patience에폭이 지나면 멈췄어요.",
        mistakes=[
            Mistake(
                "멈춘 에폭만 두 번 돌려줬어요. 가장 좋았던 에폭으로 돌아가지 않았어요.",
                "돌아갈 곳은 검증 오차가 가장 작았던 best예요.",
                {"return epoch, best": "return epoch, epoch"},
            ),
            Mistake(
                "한 에폭을 더 기다렸어요.",
                "patience에폭이 지났으면 바로 멈춰요. >=를 쓰세요.",
                {"epoch - best >= patience": "epoch - best > patience"},
            ),
            Mistake(
                "한 에폭 먼저 멈췄어요.",
                "patience에폭을 다 기다린 뒤에 멈춰요.",
                {"epoch - best >= patience": "epoch - best >= patience - 1"},
            ),
            Mistake(
                "바로 앞 에폭과 견줬어요.",
                "견줄 것은 바로 앞이 아니라 지금까지 가장 작은 검증 오차예요.",
                {"val[epoch - 1] < val[best - 1]": "val[epoch - 1] < val[epoch - 2]"},
            ),
            Mistake(
                "오차가 더 큰 에폭을 골랐어요.",
                "더 좋은 것은 검증 오차가 더 작은 쪽이에요.",
                {"val[epoch - 1] < val[best - 1]": "val[epoch - 1] > val[best - 1]"},
            ),
            Mistake(
                "멈추지 않고 끝까지 갔어요.",
                "best에서 patience에폭이 지나면 그 자리에서 돌려주세요.",
                {"return epoch, best": "pass"},
            ),
        ],
    )


def ex_6_10() -> CodeExercise:
    return CodeExercise(
        "6.10",
        "기울기 검사예요. 수의 목록을 받아 오차를 돌려주는 함수 E, 배우는 수의 목록 w, 역전파로 구한 기울기의 목록 "
        "grads, 움직일 폭 h를 받아 (양쪽으로 h씩 움직여 잰 기울기의 목록, 가장 큰 상대 오차)를 돌려주는 함수를 쓰세요. "
        "상대 오차는 둘의 차이의 크기를 둘 가운데 더 큰 크기로 나눈 것이에요.",
        """
        def grad_check(E, w, grads, h):
            slopes, worst = [], 0
            for i in range(len(w)):
                right, left = list(w), list(w)
                right[i] = w[i] + h
                left[i] = w[i] - h
                slope = (E(right) - E(left)) / (2 * h)
                size = max(abs(slope), abs(grads[i]))
                worst = max(worst, abs(slope - grads[i]) / size)
                slopes.append(slope)
            return slopes, worst
        """,
        cases=[
            "neuron, [0.6, -0.4, 0.2], [-0.05, 0.02, -0.03], 0.1",
            "bowl, [0.7, -1.3], [3.4, 2.5], 0.2",
        ],
        why="배우는 수를 하나씩만 움직여 재고, 역전파의 기울기와 가장 많이 어긋난 정도를 계산했어요.",
        mistakes=[
            *CENTRAL_SLIPS,
            Mistake(
                "왼쪽에서 오른쪽을 뺐어요. 부호가 반대예요.",
                "w가 커지는 쪽의 값에서 작아지는 쪽의 값을 빼세요.",
                {"(E(right) - E(left))": "(E(left) - E(right))"},
            ),
            Mistake(
                "왼쪽은 움직이지 않았어요.",
                "left의 i번째에서는 h를 빼세요.",
                {"left[i] = w[i] - h": "left[i] = w[i]"},
            ),
            Mistake(
                "한쪽으로만 움직여 쟀어요.",
                "양쪽으로 움직여 재고 2h로 나누면 훨씬 정확해요.",
                {"left[i] = w[i] - h": "left[i] = w[i]", "(2 * h)": "h"},
            ),
            Mistake(
                "배우는 수를 모두 함께 움직였어요.",
                "하나만 움직이고 나머지는 그대로 두어야 그 수의 기울기예요.",
                {
                    "right[i] = w[i] + h": "right = [value + h for value in w]",
                    "left[i] = w[i] - h": "left = [value - h for value in w]",
                },
            ),
            Mistake(
                "움직인 수를 되돌리지 않고 다음 수를 움직였어요.",
                "수마다 처음의 w에서 다시 시작하세요. 되풀이 안에서 list(w)를 부르세요.",
                {
                    "    for i in range(len(w)):\n        right, left = list(w), list(w)\n": ""
                    "    right, left = list(w), list(w)\n    for i in range(len(w)):\n"
                },
            ),
            Mistake(
                "차이의 크기를 구하지 않아 음수가 지워졌어요.",
                "abs로 차이의 크기를 구하세요.",
                {"abs(slope - grads[i]) / size": "(slope - grads[i]) / size"},
            ),
            Mistake(
                "기울기의 크기로 나누지 않았어요.",
                "상대 오차예요. 둘 가운데 더 큰 크기로 나누세요.",
                {"abs(slope - grads[i]) / size": "abs(slope - grads[i])"},
            ),
            Mistake(
                "가장 큰 것이 아니라 마지막 것을 돌려줬어요.",
                "지금까지의 worst와 견줘 더 큰 것을 남기세요.",
                {"max(worst, abs(slope - grads[i]) / size)": "abs(slope - grads[i]) / size"},
            ),
            Mistake(
                "상대 오차를 모두 더했어요.",
                "지금까지의 worst와 견줘 더 큰 것을 남기세요.",
                {"max(worst, abs(slope - grads[i]) / size)": "worst + abs(slope - grads[i]) / size"},
            ),
            Mistake(
                "더 큰 크기가 아니라 더 작은 크기로 나눴어요.",
                "둘 가운데 더 큰 크기로 나누세요. 그래야 2를 넘지 않아요.",
                {"max(abs(slope), abs(grads[i]))": "min(abs(slope), abs(grads[i]))"},
            ),
        ],
        given=f"""{SIGMA}

def neuron(w):
    return 0.5 * (0.9 - sigma(w[0] * 0.7 + w[1] * 0.3 + w[2])) ** 2


def bowl(w):
    return w[0] ** 4 + 3 * w[0] * w[1] ** 2 - w[1] ** 3
""",
    )
