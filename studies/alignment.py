"""역전파와 피드백 정렬 둘을 층의 깊이마다 견줘 bplib/data/alignment.json에 적어요. 13장이 읽어요.

    OMP_NUM_THREADS=1 python studies/alignment.py        # 코어 둘에서 5분쯤

손글씨 숫자를 배우는 64 → 32 → … → 32 → 10 신경망이에요. 방법은 넷이에요.
  backprop   역전파
  feedback   피드백 정렬: 두 번째 층부터 뒤로 Wᵀ 대신 고정된 무작위 Bᵀ를 써요
  direct     직접 피드백 정렬: 출력층의 δ를 층마다 다른 Bᵀ로 곧장 보내요
  last       마지막 층만 배워요. 은닉층이 배우는 것이 있는지 견주는 기준이에요
글씨 묶음을 둘씩 일곱 번 남겨 시험해요. 그때마다 처음 학습률을 방법마다 따로 골라(시험할 묶음으로 매긴 점수는 쓰지
않아요), 고를 때 쓰지 않은 씨앗 셋으로 재요. 학습률은 코사인으로 0까지 줄여요. 한 줄에 신경망이 스물하나예요.
"""

import json
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from left_out_digits import FOLDS, best_rates, in_parallel, rounded, score, seeds, split

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
DEPTHS = (1, 2, 4, 6)
METHODS = ("backprop", "feedback", "direct", "last")
WIDTH, EPOCHS, BATCH = 32, 20, 32
SHOWN = (0, 1, 2, 3, 5, 8, 12, 20)  # 곡선과 각을 적는 에폭
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


def build(activation, depth, method, rng):
    """은닉층이 depth개인 신경망. 첫 층의 뒤로 가는 신호는 쓰지 않으니 언제나 Linear예요."""
    function, init = ACTIVATIONS[activation]
    upper = FeedbackLinear if method in ("feedback", "direct") else Linear
    top = upper(WIDTH, 10, rng=rng, init=xavier)
    inner = partial(FeedbackLinear, top=top) if method == "direct" else upper
    layers = [Linear(64, WIDTH, rng=rng, init=init), function()]
    for _ in range(depth - 1):
        layers += [inner(WIDTH, WIDTH, rng=rng, init=init), function()]
    return Sequential(*layers, top)


def learn(activation, depth, method, rate, seed, train, look=None):
    """배운 신경망. 발산하면 None. 적을 에폭이 끝날 때마다 look(net)을 불러요."""
    rng = np.random.default_rng(seed)
    net = build(activation, depth, method, rng)
    opt = SGD(net[-1].params() if method == "last" else net.params(), lr=rate)
    steps = EPOCHS * -(-len(train[0]) // BATCH)

    def callback(epoch=0, history=None):
        if look and epoch in SHOWN:
            look(net)

    callback()
    try:
        fit(net, SoftmaxCrossEntropy(), opt, *train, epochs=EPOCHS, batch_size=BATCH, rng=rng,
            callback=callback, schedule=cosine(rate, steps), progress=False)  # fmt: skip
    except DivergenceError:
        return None
    return net


def follow(activation, depth, method, rate, seed, train, test):
    """SHOWN의 에폭마다 시험 정확도, 그리고 피드백 정렬이면 층마다의 각."""
    curve, angles = [], []

    def look(net):
        curve.append(score(net, test))
        if method in ("feedback", "direct"):
            angles.append(list(update_angles(net, SoftmaxCrossEntropy(), *train).values()))

    if learn(activation, depth, method, rate, seed, train, look) is None:
        raise SystemExit(f"{activation} {depth} {method} η {rate} 씨앗 {seed}: 발산했어요")
    return curve, angles


def validate(activation, depth, method, rate, fold):
    """이 학습률로 배운 신경망의 검증 정확도."""
    train, validation, _ = split(fold)
    return score(learn(activation, depth, method, rate, seeds(fold)[0], train), validation)


def measure(activation, depth, method, rate, fold):
    """고른 학습률로 배운 것의 곡선과 각. 가끔 통째로 무너지는 신경망이 있어서 씨앗 셋의 가운뎃값이에요."""
    train, _, test = split(fold)
    runs = [follow(activation, depth, method, rate, seed, train, test) for seed in seeds(fold)[1]]
    return [np.median(part, axis=0) for part in zip(*runs, strict=True)]


def main():
    names = list(product(ACTIVATIONS, DEPTHS, METHODS))
    trials = [(*name, rate, fold) for name in names for rate in RATES for fold in FOLDS]
    scores = dict(zip(trials, in_parallel(validate, trials), strict=True))
    chosen = {
        name: best_rates(RATES, {(r, f): scores[*name, r, f] for r in RATES for f in FOLDS}) for name in names
    }
    found = in_parallel(measure, [(*name, chosen[name][fold], fold) for name in names for fold in FOLDS])
    lines = []
    for name in names:
        activation, depth, method = name
        rates = chosen[name]
        curves, angles = zip(*(next(found) for _ in FOLDS), strict=True)
        last = np.array(curves)[:, -1]
        line = {"activation": activation, "depth": depth, "method": method, "rates": rates,
                "accuracy": rounded(last), "curve": rounded(np.mean(curves, axis=0))}  # fmt: skip
        if method in ("feedback", "direct"):
            line["angles"] = np.mean(angles, axis=0).round(1).tolist()
        print(f"{activation} {depth} {method:<9} {last.mean():.3f}, η {sorted(set(rates))}", flush=True)
        lines.append(json.dumps(line))
    setup = json.dumps({"width": WIDTH, "epochs": EPOCHS, "batch": BATCH, "rates": RATES, "shown": SHOWN})  # fmt: skip
    rows = ",\n  ".join(lines)
    OUT.write_text(f'{{"setup": {setup},\n "rows": [\n  {rows}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
