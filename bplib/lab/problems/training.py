"""6장(06-training)의 연습문제."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bplib import SGD, BinaryCrossEntropy, Linear, Sequential, Tanh, datasets, fit, ledger
from bplib.lab.exercises import Exercise, Mistake
from bplib.lab.mistakes import SLIPS, Slip, one_step

L = ledger.LEDGER

# 연습 6.2와 6.3이 묻는 영수증: XOR 신경망의 110에폭에서 w²₁₂
DELTAS = np.array([0.3712, -0.4486, -0.4386, 0.5561])
ACTIVATIONS = np.array([-0.0327, 0.7972, 0.7948, 0.9761])
CORRECT = np.abs(DELTAS) < 0.5  # δ = a - y이니, 절반을 넘게 벗어났으면 틀렸어요
OLD, ETA = 1.1423, 0.5
PRODUCTS = DELTAS * ACTIVATIONS
GRADIENT = PRODUCTS.mean()

# 연습 6.6의 오차, 에폭 1부터
TRAIN_LOSS = [0.69, 0.52, 0.41, 0.33, 0.27, 0.22, 0.18, 0.15, 0.12, 0.10]
VAL_LOSS = [0.70, 0.58, 0.51, 0.53, 0.49, 0.47, 0.48, 0.50, 0.55, 0.61]


def ex_6_1() -> Exercise:
    sample_count, batch_size, epoch_count = 1000, 32, 20
    steps_per_epoch = -(-sample_count // batch_size)
    return Exercise(
        "6.1",
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


def ex_6_2() -> Exercise:
    forgot_mean = Mistake(
        "표본마다의 곱을 더하기만 하고 표본 수로 나누지 않았어요.",
        "배치의 오차는 평균이니 1/n이 한 번 들어가요.",
        PRODUCTS.sum(),
    )
    return Exercise(
        "6.2",
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


def ex_6_3() -> Exercise:
    return Exercise(
        "6.3",
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


def ex_6_4() -> Exercise:
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
        "6.4",
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


def ex_6_5() -> Exercise:
    small_B, big_B, small_noise = 4, 64, 0.4
    return Exercise(
        "6.5",
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
                "배치를 키우면 흔들림이 커진다고 셈했어요.",
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


def ex_6_6() -> Exercise:
    back_to = int(np.argmin(VAL_LOSS)) + 1
    first_rise = int(np.argmax(np.diff(VAL_LOSS) > 0)) + 1
    return Exercise(
        "6.6",
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


def slipping_step(slip: Slip | None = None) -> Callable[..., tuple[np.ndarray, ...]]:
    """알려진 실수 하나를 하는 한 걸음. 실수가 없으면 정답."""

    def my_step(
        x: np.ndarray,
        y: np.ndarray,
        W1: np.ndarray,
        b1: np.ndarray,
        W2: np.ndarray,
        b2: np.ndarray,
        eta: float,
    ) -> tuple[np.ndarray, ...]:
        weights = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        result = one_step(x, y, weights, eta, slip)
        return tuple(result[f"new_{name}"] for name in weights)

    return my_step


def ex_6_7() -> Exercise:
    data_rng = np.random.default_rng(6)
    batch_x, batch_y = data_rng.uniform(-1, 1, (3, 2)), np.eye(2)[[0, 1, 1]]
    ledger_weights = (L.W1, L.b1, L.W2, L.b2, L.eta)
    return Exercise(
        "6.7",
        "두 층 신경망의 한 걸음을 하는 함수를 쓰세요.",
        slipping_step(),
        cases=[(*ledger.sample(), *ledger_weights), (batch_x, batch_y, *ledger_weights)],
        why="순전파, 오차의 기울기, δ², δ¹, 기울기, 고치기가 모두 맞아요.",
        solution="a1 = σ(x W1ᵀ + b1), a2 = σ(a1 W2ᵀ + b2). "
        "δ² = (a2 - y) a2 (1 - a2) / n, δ¹ = (δ² W2) a1 (1 - a1). "
        "W2는 δ²ᵀ a1, b2는 δ²의 열별 합, W1은 δ¹ᵀ x, b1은 δ¹의 열별 합에 "
        "η를 곱해 빼요. δ¹에는 고치기 전의 W2를 써요.",
        mistakes=[Mistake(slip.diagnosis, slip.hint, slipping_step(slip)) for slip in SLIPS.values()],
    )
