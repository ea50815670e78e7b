"""피드백 정렬과 역전파를 층의 깊이마다 견줘 bplib/data/alignment.json에 적어요. 13장이 읽어요.

    python studies/alignment.py        한 코어에서 몇 분

손글씨 숫자를 배우는 64 → 32 → … → 32 → 10 신경망이에요. 방법은 셋이에요.
  backprop   역전파
  feedback   피드백 정렬: 두 번째 층부터 뒤로 Wᵀ 대신 고정된 무작위 Bᵀ를 써요
  last       마지막 층만 배워요. 은닉층이 배우는 것이 있는지 견주는 기준이에요
학습률은 코사인으로 0까지 줄여요. 처음 학습률은 방법마다 검증 자료에서 따로 고르고, 고를 때 쓰지 않은 씨앗 열 개로
시험 자료의 정확도를 재요.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from shuffled_digits import score, split

from bplib import (
    SGD,
    DivergenceError,
    Linear,
    ReLU,
    Sequential,
    SoftmaxCrossEntropy,
    Tanh,
    cosine,
    fit,
    he,
    xavier,
)
from bplib.topics.alignment import FeedbackLinear, update_angles

OUT = Path(__file__).resolve().parent.parent / "bplib" / "data" / "alignment.json"
ACTIVATIONS = {"tanh": (Tanh, xavier), "relu": (ReLU, he)}
DEPTHS = (1, 2, 3, 4, 5, 6)
METHODS = ("backprop", "feedback", "last")
WIDTH, EPOCHS, BATCH = 32, 20, 32
STEPS = EPOCHS * -(-1000 // BATCH)
RATES = (0.03, 0.1, 0.2, 0.5, 1.0, 3.0, 10.0, 30.0)
CHOOSING, SEEDS = (100, 101, 102), range(10)


def build(activation, depth, method, rng):
    """은닉층이 depth개인 신경망. 첫 층의 뒤로 가는 신호는 쓰지 않으니 언제나 Linear예요."""
    function, init = ACTIVATIONS[activation]
    upper = FeedbackLinear if method == "feedback" else Linear
    sizes = [64, *[WIDTH] * depth, 10]
    layers = []
    for index, (n_in, n_out) in enumerate(pairwise(sizes)):
        kind = upper if index else Linear
        layers += [kind(n_in, n_out, rng=rng, init=xavier if n_out == 10 else init), function()]
    return Sequential(*layers[:-1])


def learn(activation, depth, method, rate, seed, train, look=None):
    """배운 신경망. 발산하면 None. 에폭이 끝날 때마다 look(net)을 불러요."""
    rng = np.random.default_rng(seed)
    net = build(activation, depth, method, rng)
    opt = SGD(net[-1].params() if method == "last" else net.params(), lr=rate)

    def callback(epoch=0, history=None):
        if look:
            look(net)

    callback()
    try:
        fit(net, SoftmaxCrossEntropy(), opt, *train, epochs=EPOCHS, batch_size=BATCH, rng=rng,
            callback=callback, schedule=cosine(rate, STEPS), progress=False)  # fmt: skip
    except DivergenceError:
        return None
    return net


def choose_rate(activation, depth, method, train, validation):
    """씨앗 셋의 검증 정확도의 평균이 가장 높은 학습률."""
    scores = {
        rate: np.mean(
            [score(learn(activation, depth, method, rate, seed, train), validation) for seed in CHOOSING]
        )
        for rate in RATES
    }
    return max(scores, key=scores.get)


def follow(activation, depth, method, rate, seed, train, test):
    """에폭마다(0부터) 시험 정확도, 그리고 피드백 정렬이면 층마다의 각."""
    curve, angles = [], []

    def look(net):
        curve.append(score(net, test))
        if method == "feedback":
            angles.append(list(update_angles(net, SoftmaxCrossEntropy(), *train).values()))

    if learn(activation, depth, method, rate, seed, train, look) is None:
        raise SystemExit(f"{activation} {depth} {method} η {rate} 씨앗 {seed}: 발산했어요")
    return curve, angles


def row(activation, depth, method, data):
    """표의 한 줄."""
    train, validation, test = data
    rate = choose_rate(activation, depth, method, train, validation)
    runs = [follow(activation, depth, method, rate, seed, train, test) for seed in SEEDS]
    curves = np.array([curve for curve, _ in runs])
    line = {
        "activation": activation,
        "depth": depth,
        "method": method,
        "rate": rate,
        "accuracy": curves[:, -1].round(3).tolist(),
        "curve": curves.mean(axis=0).round(3).tolist(),
    }
    if method == "feedback":
        line["angles"] = np.mean([angles for _, angles in runs], axis=0).round(1).tolist()
    return line


def main():
    data = split()
    rows = []
    for activation in ACTIVATIONS:
        for depth in DEPTHS:
            for method in METHODS:
                rows.append(row(activation, depth, method, data))
                last = rows[-1]
                mean, spread = np.mean(last["accuracy"]), np.std(last["accuracy"])
                print(
                    f"{activation} {depth} {method:<9} η {last['rate']:<5} {mean:.3f} ± {spread:.3f}",
                    flush=True,
                )
    setup = {"width": WIDTH, "epochs": EPOCHS, "batch": BATCH, "rates": RATES, "seeds": len(SEEDS)}
    lines = ",\n  ".join(json.dumps(line) for line in rows)
    OUT.write_text(f'{{"setup": {json.dumps(setup)},\n "rows": [\n  {lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
