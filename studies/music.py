"""9장의 표: 한 곡을 빼고 배운 순환 신경망이 그 곡의 음을 얼마나 잘 맞히나, 그리고 얼마나 베껴 쓰나.

    python studies/music.py            bplib/data/music.json을 다시 만들어요 (코어 둘에서 4분쯤)

열여섯 곡을 하나씩 빼고, 씨앗 다섯으로, RNN과 GRU를 100에폭씩 배워요. 에폭을 고르지 않고 정해 둔 에폭마다 모두 적어요.
빼 둔 곡의 첫 네 음 다음을 이어 쓰게 해서, 배운 곡과 똑같이 이어지는 가장 긴 토막도 재요.
"""

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # 작은 행렬이라 코어마다 한 곡씩이 빨라요

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from bplib import (
    GRU,
    RNN,
    Adam,
    Embedding,
    EveryStep,
    Linear,
    Sequential,
    SoftmaxCrossEntropy,
    clip_gradients,
    cosine,
    datasets,
    normal,
    xavier,
)
from bplib.topics.melody import Words, bigram_bits, compose, longest_copy, note_bits, uniform_bits, windows

OUT = Path(__file__).resolve().parent.parent / "bplib" / "data" / "music.json"
KINDS = {"RNN": RNN, "GRU": GRU}
EPOCHS = (0, 1, 2, 5, 10, 15, 20, 30, 50, 100)
SEEDS = 5
PROBE = ("GRU", "메리의 어린 양", 0)  # 표를 다시 만들 수 있는지 시험이 다섯 에폭만 배워 보는 것
GIVEN, LENGTH = 4, 24  # 이어 쓰기: 주어진 음의 수, 모두 몇 음까지

TUNES = {name: list(tune.notes) for name, tune in datasets.tunes().items()}
WORDS = Words(TUNES.values())
SONGS = {name: WORDS.encode(notes) for name, notes in TUNES.items()}


def network(kind, rng):
    """낱말 → 벡터 12 → 상태 48 → 낱말마다의 점수."""
    return Sequential(
        Embedding(len(WORDS), 12, rng=rng, init=normal(0.3)),
        KINDS[kind](12, 48, rng=rng),
        EveryStep(),
        Linear(48, len(WORDS), rng=rng, init=xavier),
    )


def train(net, songs, epochs, rng, snap):
    """9장과 같은 고리: 24음 토막, 배치 32, Adam, 코사인 학습률, 기울기 자르기. 정해 둔 에폭마다 snap(에폭)을 불러요."""
    x, y = windows(songs, length=48, step=8)
    opt, loss = Adam(net.params(), lr=0.01), SoftmaxCrossEntropy()
    schedule = cosine(0.01, EPOCHS[-1])
    snap(0)
    for epoch in range(1, epochs + 1):
        opt.lr = schedule(epoch - 1)
        order = rng.permutation(len(x))
        for begin in range(0, len(x), 32):
            rows = order[begin : begin + 32]
            loss.forward(net.forward(x[rows]), y[rows].reshape(-1))
            net.backward(loss.backward())
            clip_gradients(net.params(), 1.0)
            opt.step()
        if epoch in EPOCHS:
            snap(epoch)


def one_run(job, epochs=EPOCHS[-1]):
    """한 곡을 빼고 한 번 배워요. 에폭마다 (빼 둔 곡, 배운 곡, 앞 하나를 센 것과 반반, 베낀 길이)."""
    kind, left_out, seed = job
    others = [name for name in TUNES if name != left_out]
    songs = [SONGS[name] for name in others]
    counted = bigram_bits(songs, SONGS[left_out], WORDS)
    rng = np.random.default_rng(seed)
    net = network(kind, rng)
    rows = []

    def snap(epoch):
        own = note_bits(net, SONGS[left_out], WORDS)
        seen = np.concatenate([note_bits(net, song, WORDS) for song in songs])
        mixed = -np.log2((2.0**-own + 2.0**-counted) / 2)
        made = compose(net, WORDS, TUNES[left_out][:GIVEN], notes=LENGTH, rng=np.random.default_rng(seed))
        copied = longest_copy(made, [TUNES[name] for name in others])
        rows.append([own.mean(), seen.mean(), mixed.mean(), copied])

    train(net, songs, epochs, rng, snap)
    return rows


def main():
    names = list(TUNES)
    jobs = [(kind, name, seed) for kind in KINDS for seed in range(SEEDS) for name in names]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        runs = np.array(list(pool.map(one_run, jobs)))
    runs = runs.reshape(len(KINDS), SEEDS, len(names), len(EPOCHS), 4)  # 종류, 씨앗, 곡, 에폭, 잰 것
    counted = [
        bigram_bits([SONGS[n] for n in names if n != name], SONGS[name], WORDS).mean() for name in names
    ]
    own_copy = [longest_copy(TUNES[name], [TUNES[n] for n in names if n != name]) for name in names]
    table = {
        "epochs": EPOCHS,
        "seeds": SEEDS,
        "uniform": round(uniform_bits(WORDS), 2),
        "bigram": round(float(np.mean(counted)), 2),
        "tunes": names,
        "bigram_by_tune": np.round(counted, 2).tolist(),
        "own_copy_by_tune": own_copy,
        "runs": {
            kind: {
                measure: np.round(runs[k, ..., m].mean(axis=1), 2).tolist()  # 씨앗마다 열여섯 곡의 평균
                for m, measure in enumerate(("left_out", "seen", "mixed", "copied"))
            }
            for k, kind in enumerate(KINDS)
        },
        "probe": np.round(one_run(PROBE, epochs=5), 2).tolist(),
        "by_tune": {kind: np.round(runs[k, ..., 0].mean(axis=0), 2).tolist() for k, kind in enumerate(KINDS)},
    }
    rows = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()
    )
    OUT.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
