"""가중치의 비트를 줄여 가며 배운 결과를 bplib/data/quantize.json에 적어요. 13장이 읽어요.

    OMP_NUM_THREADS=1 python studies/quantize.py        # 코어 둘에서 몇 분

손글씨 숫자를 배우는 64 → 폭 → 10 신경망(ReLU)이에요. 방법은 넷이에요.
  float      반올림하지 않아요
  straight   반올림하며 배우고, 기울기는 반올림을 곧바로 지나 보내요
  after      float로 다 배운 뒤에 가중치만 반올림해요
  flat       반올림하며 배우고, 반올림의 도함수 0을 그대로 써요
반올림할 때 활성값은 언제나 8비트예요. 학습률은 코사인으로 0까지 줄여요. 글씨 묶음을 둘씩 일곱 번 남겨 시험하고,
그때마다 처음 학습률을 골라(시험할 묶음으로 매긴 점수는 쓰지 않아요), 고를 때 쓰지 않은 씨앗 셋으로 재요. 폭 32에서
모두 견주고, 다른 폭에서는 float, straight의 8비트와 1비트만 봐요.
"""

import json
from functools import partial
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
RATES = (0.03, 0.1, 0.3, 1.0)


def build(width, rng, bits=32, straight_through=True):
    """64 → width → 10. bits가 32면 보통 선형층이에요."""
    layer = Linear if bits == 32 else partial(QuantizedLinear, bits=bits, straight_through=straight_through)
    return Sequential(layer(64, width, rng=rng, init=he), ReLU(), layer(width, 10, rng=rng, init=xavier))


def learn(width, rate, seed, train, **how):
    """배운 신경망. 발산하면 None."""
    rng = np.random.default_rng(seed)
    net = build(width, rng, **how)
    steps = EPOCHS * -(-len(train[0]) // BATCH)
    try:
        fit(net, SoftmaxCrossEntropy(), SGD(net.params(), lr=rate), *train, epochs=EPOCHS, batch_size=BATCH,
            rng=rng, schedule=cosine(rate, steps), progress=False)  # fmt: skip
    except DivergenceError:
        return None
    return net


def rounded_after(net, width, bits):
    """float로 배운 수를 그대로 옮겨, 쓸 때만 반올림하는 신경망."""
    other = build(width, np.random.default_rng(0), bits)
    other.params().value = net.params().value
    return other


def validate(width, bits, rate, fold):
    """이 학습률로 배운 신경망의 검증 정확도."""
    train, validation, _ = split(fold)
    return score(learn(width, rate, seeds(fold)[0], train, bits=bits), validation)


def measure(width, bits, method, rate, fold):
    """고른 학습률로 배운 것의 시험 정확도, 씨앗 셋의 가운뎃값."""
    train, _, test = split(fold)
    after = method == "after"
    how = {"bits": 32 if after else bits, "straight_through": method != "flat"}
    nets = [learn(width, rate, seed, train, **how) for seed in seeds(fold)[1]]
    return np.median([score(rounded_after(net, width, bits) if after else net, test) for net in nets])


def main():
    kinds = [(width, bits) for width in WIDTHS for bits in (32, *(BITS if width == 32 else (1, 8)))]
    trials = [(*kind, rate, fold) for kind in kinds for rate in RATES for fold in FOLDS]
    scores = dict(zip(trials, in_parallel(validate, trials), strict=True))
    chosen = {
        kind: best_rates(RATES, {(r, f): scores[*kind, r, f] for r in RATES for f in FOLDS}) for kind in kinds
    }
    rows = [
        (width, bits, "float" if bits == 32 else "straight", chosen[width, bits]) for width, bits in kinds
    ]
    for bits in BITS:  # flat은 어떤 학습률로도 배우지 못해요
        rows += [(32, bits, "after", chosen[32, 32]), (32, bits, "flat", chosen[32, bits])]
    found = in_parallel(measure, [(*row[:3], row[3][fold], fold) for row in rows for fold in FOLDS])
    lines = []
    for width, bits, method, rates in rows:
        hits = [next(found) for _ in FOLDS]
        print(f"폭 {width} {bits}비트 {method:<9} {np.mean(hits):.3f}, η {set(rates)}", flush=True)
        line = {"width": width, "bits": bits, "method": method, "rates": rates}
        lines.append(json.dumps({**line, "accuracy": rounded(hits)}))
    setup = json.dumps({"epochs": EPOCHS, "batch": BATCH, "rates": RATES})
    body = ",\n  ".join(lines)
    OUT.write_text(f'{{"setup": {setup},\n "rows": [\n  {body}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
