"""가중치의 비트를 줄여 가며 배운 결과를 bplib/data/quantize.json에 적어요. 13장이 읽어요.

    python studies/quantize.py        한 코어에서 몇 분

손글씨 숫자를 배우는 64 → 폭 → 10 신경망(ReLU)이에요. 방법은 넷이에요.
  float      반올림하지 않아요
  straight   반올림하며 배우고, 기울기는 반올림을 곧바로 지나 보내요
  after      float로 다 배운 뒤에 가중치만 반올림해요
  flat       반올림하며 배우고, 반올림의 도함수 0을 그대로 써요
반올림할 때 활성값은 언제나 8비트예요. 학습률은 코사인으로 0까지 줄이고, 처음 학습률은 검증 자료에서 골라요.
고를 때 쓰지 않은 씨앗 열 개로 시험해요.
"""

import json
from functools import partial
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
    cosine,
    fit,
    he,
    xavier,
)
from bplib.topics.quantize import QuantizedLinear

OUT = Path(__file__).resolve().parent.parent / "bplib" / "data" / "quantize.json"
WIDTHS = (16, 32, 64, 128)
BITS = (1, 2, 3, 4, 8)
EPOCHS, BATCH = 20, 32
STEPS = EPOCHS * -(-1000 // BATCH)
RATES = (0.03, 0.1, 0.3, 1.0)
CHOOSING, SEEDS = (100, 101, 102), range(10)


def build(width, rng, bits=32, straight_through=True):
    """64 → width → 10. bits가 32면 보통 선형층이에요."""
    layer = Linear if bits == 32 else partial(QuantizedLinear, bits=bits, straight_through=straight_through)
    return Sequential(layer(64, width, rng=rng, init=he), ReLU(), layer(width, 10, rng=rng, init=xavier))


def learn(width, rate, seed, train, **how):
    """배운 신경망. 발산하면 None."""
    rng = np.random.default_rng(seed)
    net = build(width, rng, **how)
    try:
        fit(net, SoftmaxCrossEntropy(), SGD(net.params(), lr=rate), *train, epochs=EPOCHS, batch_size=BATCH,
            rng=rng, schedule=cosine(rate, STEPS), progress=False)  # fmt: skip
    except DivergenceError:
        return None
    return net


def rounded_after(net, width, bits):
    """float로 배운 수를 그대로 옮겨, 쓸 때만 반올림하는 신경망."""
    other = build(width, np.random.default_rng(0), bits)
    other.params().value = net.params().value
    return other


def choose_rate(width, train, validation, **how):
    """씨앗 셋의 검증 정확도의 평균이 가장 높은 학습률."""
    scores = {
        rate: np.mean([score(learn(width, rate, seed, train, **how), validation) for seed in CHOOSING])
        for rate in RATES
    }
    return max(scores, key=scores.get)


def rows_of(width, data):
    """폭 하나의 표."""
    train, validation, test = data
    rate = choose_rate(width, train, validation)
    nets = [learn(width, rate, seed, train) for seed in SEEDS]
    yield width, 32, "float", rate, [score(net, test) for net in nets]
    for bits in BITS:
        yield width, bits, "after", rate, [score(rounded_after(net, width, bits), test) for net in nets]
        best = choose_rate(width, train, validation, bits=bits)
        for method, straight in (("straight", True), ("flat", False)):  # flat은 어떤 학습률로도 배우지 못해요
            nets_now = [learn(width, best, s, train, bits=bits, straight_through=straight) for s in SEEDS]
            yield width, bits, method, best, [score(net, test) for net in nets_now]


def main():
    data, lines = split(), []
    for width in WIDTHS:
        for _, bits, method, rate, scores in rows_of(width, data):
            print(
                f"폭 {width} {bits}비트 {method:<9} η {rate:<5} {np.mean(scores):.3f} ± {np.std(scores):.3f}",
                flush=True,
            )
            line = {"width": width, "bits": bits, "method": method, "rate": rate}
            lines.append(json.dumps({**line, "accuracy": np.round(scores, 3).tolist()}))
    setup = json.dumps({"epochs": EPOCHS, "batch": BATCH, "rates": RATES, "seeds": len(SEEDS)})
    rows = ",\n  ".join(lines)
    OUT.write_text(f'{{"setup": {setup},\n "rows": [\n  {rows}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
