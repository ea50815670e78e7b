"""9장의 표: 빼 둔 노래의 음을 GRU와 ‘앞 음만 세기’가 얼마나 맞히나, 공평하게. 그리고 얼마나 베껴 쓰나.

    python studies/music.py            bplib/data/music.json과 net_tune_*.npz를 다시 만들어요 (코어 둘에서 4분쯤)

열여섯 곡을 하나씩 빼요. GRU의 가중치 감쇠와 에폭도, 세기의 prior도, 빼 둔 곡을 보지 않고 나머지 열다섯 곡 안에서 다시
나눠 보고 골라요(겹교차 검증). 고른 대로 씨앗 다섯으로 배워 빼 둔 곡을 재고, 첫 네 음 다음을 이어 쓰게 해요.
"""

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # 작은 행렬이라 코어마다 한 곡씩이 빨라요

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from bplib import Adam, SoftmaxCrossEntropy, cosine, datasets
from bplib.lab import nets
from bplib.topics.melody import Words, bigram_bits, compose, longest_copy, note_bits, uniform_bits, windows

DATA = Path(__file__).resolve().parent.parent / "bplib" / "data"
CHOICES = (
    (0.3, 10),
    (0.3, 20),
    (1.0, 10),
    (1.0, 20),
    (1.0, 40),
    (3.0, 20),
    (3.0, 40),
)  # 가중치 감쇠 λ와 에폭
PRIORS = (1, 2, 4, 8, 16, 32, 64)
FOLDS, SEEDS = 3, 5  # 안쪽에서 나누는 수, 바깥의 씨앗
GIVEN, LENGTH, TIMES = 4, 24, 5  # 이어 쓰기: 주어진 음의 수, 모두 몇 음까지, 신경망마다 몇 번
MEMORISE = 60  # 감쇠 없이 외울 때까지 배우는 에폭
DECAYED = (1.0, 20)  # 9장이 쓰는 감쇠와 에폭: 아리랑을 뺀 안쪽에서 고른 것
PROBE = ("메리의 어린 양", 1.0, 5)  # 표를 다시 만들 수 있는지 시험이 배워 보는 것: 빼 둔 곡, λ, 에폭

TUNES = {name: list(tune.notes) for name, tune in datasets.tunes().items()}
WORDS = Words(TUNES.values())
SONGS = {name: WORDS.encode(notes) for name, notes in TUNES.items()}


def learn(names, decay, epochs, seed, snap=lambda epoch, net: None):
    """9장과 같은 고리: 24음 토막, 배치 16, Adam, 코사인 학습률, 가중치 감쇠 w ← (1 − ηλ) w."""
    rng = np.random.default_rng(seed)
    net = nets.NETS["tune"](rng)
    x, y = windows([SONGS[name] for name in names], length=48, step=8)
    params = net.params()
    opt, loss, schedule = Adam(params, lr=0.01), SoftmaxCrossEntropy(), cosine(0.01, epochs)
    for epoch in range(epochs):
        opt.lr = schedule(epoch)
        order = rng.permutation(len(x))
        for begin in range(0, len(x), 16):
            rows = order[begin : begin + 16]
            loss.forward(net.forward(x[rows]), y[rows].reshape(-1))
            net.backward(loss.backward())
            params.value *= 1 - opt.lr * decay
            opt.step()
        snap(epoch + 1, net)
    return net


def others(*left_out):
    return [name for name in TUNES if name not in left_out]


def counted(names, song, prior):
    return bigram_bits([SONGS[name] for name in names], SONGS[song], WORDS, prior=prior)


def inner(job):
    """안쪽의 한 번: 빼 둔 곡 없이, 나머지의 3분의 2로 배우고 3분의 1로 재요."""
    left_out, fold, (decay, epochs) = job
    rest = others(left_out)
    judged = rest[fold::FOLDS]
    net = learn(others(left_out, *judged), decay, epochs, seed=fold)
    return np.mean([note_bits(net, SONGS[name], WORDS).mean() for name in judged])


def best_prior(left_out):
    """세기의 prior도 안쪽에서: 나머지 열다섯 곡을 하나씩 빼고 재요."""
    rest = others(left_out)
    scores = [np.mean([counted(others(left_out, n), n, prior).mean() for n in rest]) for prior in PRIORS]
    return PRIORS[int(np.argmin(scores))]


def copies(net, left_out):
    """첫 네 음 다음을 TIMES번 이어 쓴, 가장 길게 베낀 음의 수와 모두의 음의 수의 평균."""
    rest = [TUNES[name] for name in others(left_out)]
    given = TUNES[left_out][:GIVEN]
    made = [compose(net, WORDS, given, notes=LENGTH, rng=np.random.default_rng(k)) for k in range(TIMES)]
    return np.mean([longest_copy(notes, rest) for notes in made]), np.mean([len(notes) for notes in made])


def outer(job):
    """바깥의 한 번: 고른 대로 열다섯 곡을 배워, 빼 둔 곡의 음마다의 비트와 베낀 길이."""
    left_out, (decay, epochs), seed = job
    net = learn(others(left_out), decay, epochs, seed)
    return note_bits(net, SONGS[left_out], WORDS), copies(net, left_out)


def memorised(left_out):
    """감쇠 없이 MEMORISE에폭: 빼 둔 곡의 음마다의 비트와 베낀 길이."""
    net = learn(others(left_out), 0.0, MEMORISE, seed=0)
    return note_bits(net, SONGS[left_out], WORDS), copies(net, left_out)


def real_copies(left_out):
    """견줄 것: 빼 둔 진짜 노래의 24음 토막마다, 다른 노래와 겹치는 가장 긴 음의 수."""
    song, rest = TUNES[left_out], [TUNES[name] for name in others(left_out)]
    starts = range(max(len(song) - LENGTH, 0) + 1)
    return np.mean([longest_copy(song[start : start + LENGTH], rest) for start in starts])


def together(bits):
    """예측 여럿의 확률을 평균한 것의 비트: −log₂ mean 2^(−비트)."""
    return -np.log2(np.mean(2.0 ** -np.asarray(bits), axis=0))


def probe():
    left_out, decay, epochs = PROBE
    return round(note_bits(learn(others(left_out), decay, epochs, 0), SONGS[left_out], WORDS).mean(), 2)


def table(pool):
    names = list(TUNES)
    jobs = [(name, fold, choice) for name in names for choice in CHOICES for fold in range(FOLDS)]
    scores = np.array(list(pool.map(inner, jobs))).reshape(len(names), len(CHOICES), FOLDS).mean(axis=2)
    chosen = [CHOICES[k] for k in scores.argmin(axis=1)]
    runs = list(
        pool.map(outer, [(*pair, s) for pair in zip(names, chosen, strict=True) for s in range(SEEDS)])
    )
    memory = list(pool.map(memorised, names))
    priors = [best_prior(name) for name in names]

    rows = []
    for k, name in enumerate(names):
        mine = runs[k * SEEDS : (k + 1) * SEEDS]
        bits = [own for own, _ in mine]
        seen = counted(others(name), name, priors[k])
        copied, length = np.mean([made for _, made in mine], axis=0)
        rows.append(
            {
                "bigram": seen.mean(),
                "gru": np.mean(bits),
                "five": together(bits).mean(),
                "mixed": together([together(bits), seen]).mean(),
                "memorised": memory[k][0].mean(),
                "real_copied": real_copies(name),
                "copied": copied,
                "length": length,
                "memorised_copied": memory[k][1][0],
                "memorised_length": memory[k][1][1],
            }
        )
    by_tune = {key: [round(float(row[key]), 3) for row in rows] for key in rows[0]}
    return {
        "tunes": names,
        "uniform": round(uniform_bits(WORDS), 2),
        "choices": CHOICES,
        "inner": np.round(scores.mean(axis=0), 3).tolist(),
        "chosen": chosen,
        "priors": priors,
        "seeds": SEEDS,
        **by_tune,
        "probe": probe(),
    }


def pack_nets():
    """쪽의 ‘내 가락’이 쓰는 신경망 셋: 9장에서 아리랑을 빼고 배우는 것과 같아요."""
    rest = others("아리랑")

    def snap(epoch, net):
        if epoch in (1, MEMORISE):
            nets.pack(net, DATA / f"net_tune-{epoch}.npz")

    learn(rest, 0.0, MEMORISE, 0, snap)
    nets.pack(learn(rest, *DECAYED, 0), DATA / "net_tune.npz")


def main():
    pack_nets()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = table(pool)
    rows = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in made.items()
    )
    (DATA / "music.json").write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
