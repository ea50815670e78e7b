"""8장의 표: 문장의 느낌을 아홉 모형이 얼마나 맞히나, 씨앗 스무 개로. 나누는 법, RNN의 학습률, 고정한 시험도 재요.

    python studies/language.py         bplib/data/language.json과 net_sentence.npz를 다시 만들어요 (코어 둘에서 5분쯤)

아홉 모형을 **똑같은 예산으로** 골라요: 크기 둘 × 학습률 셋 × 에폭 셋. 시험 문장은 보지 않아요: 학습 틀을 세 갈래로
나누고, 한 갈래씩 빼고 배워서 뺀 갈래를 가장 잘 맞힌 것을 골라요. 그다음에 학습 문장 전체로 배우고, 시험 문장은 씨앗마다
한 번 재요.
"""

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # 작은 행렬이라 코어마다 모형 하나씩이 빨라요

from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bplib import (
    GRU,
    RNN,
    Adam,
    BinaryCrossEntropy,
    Embedding,
    LastStep,
    Linear,
    MeanOverTime,
    SelfAttention,
    Sequential,
    Tanh,
    datasets,
    fit,
    normal,
    zeros,
)
from bplib.lab import nets
from bplib.topics.text import Vocabulary, ngrams, syllables, words

DATA = Path(__file__).resolve().parent.parent / "bplib" / "data"
S = datasets.sentences(np.float32)
FIXED = datasets.fixed_sentences()
FOLDS, SEEDS, BATCH = 3, 20, 32
LRS, EPOCHS = (0.003, 0.01, 0.03), (8, 16, 32)  # 아홉 모형이 함께 쓰는 후보
SPLIT_MODELS = ("어절 주머니", "음절 GRU")
KEPT = ("음절 묶음 주머니", "음절 GRU")  # 고정한 시험의 z를 남길 모형
PAGE = "음절 GRU"  # 씨앗 0의 신경망이 쪽의 글 칸으로 가요
RNN_LRS, RNN_SEEDS, RNN_EPOCHS = (0.001, 0.01), 5, 32


class Model(NamedTuple):
    """크기의 후보 둘, 크기마다 토큰으로 나누는 법과 신경망, 적어도 몇 번 나온 토큰에 번호를 줄지."""

    sizes: tuple
    pieces: object  # 크기 → 글 → 토큰
    network: object  # (토큰의 수, 크기, rng) → 신경망
    min_count: object = lambda size: 1
    as_bag: bool = False


class Setting(NamedTuple):
    size: object
    lr: float
    epochs: int


def linear(n, size, rng):
    """주머니에 곱하는 가중치 하나씩."""
    return Sequential(Linear(n, 1, rng=rng, init=zeros, dtype=np.float32))


def average(n, width, rng, *between):
    """임베딩의 평균을 은닉층 하나에. between이 있으면 평균 내기 전에 거쳐요."""
    f32 = np.float32
    return Sequential(
        Embedding(n, width, rng=rng, init=normal(0.3), padding=True, dtype=f32),
        *between,
        MeanOverTime(padding=True),
        Linear(width, width, rng=rng, dtype=f32),
        Tanh(),
        Linear(width, 1, rng=rng, dtype=f32),
    )


def attention(n, width, rng):
    """임베딩을 어텐션에 지나게 하고 평균 내요."""
    return average(n, width, rng, SelfAttention(width, width, rng=rng, padding=True, dtype=np.float32))


def reader(layer):
    """임베딩을 차례로 읽고 마지막 상태로 답해요."""

    def network(n, width, rng):
        return Sequential(
            Embedding(n, width, rng=rng, init=normal(0.3), padding=True, dtype=np.float32),
            layer(width, width, rng=rng, padding=True, dtype=np.float32),
            LastStep(),
            Linear(width, 1, rng=rng, dtype=np.float32),
        )

    return network


def bag(pieces):
    """주머니의 크기: 한 번이라도 나온 토큰을 셀지, 두 번은 나와야 셀지."""
    return Model((1, 2), lambda size: pieces, linear, lambda size: size, as_bag=True)


def word_pairs(text):
    return ngrams(words(text), 1, 2, glue="_")


def runs(size):
    return lambda text: ngrams(syllables(text), *size)


def network(pieces, build, min_count=2):
    return Model((16, 32), lambda width: pieces, build, lambda width: min_count)


MODELS = {
    "어절 주머니": bag(words),
    "어절 1~2개 주머니": bag(word_pairs),
    "음절 주머니": bag(syllables),
    "음절 묶음 주머니": Model(((1, 4), (2, 5)), runs, linear, as_bag=True),
    "음절 임베딩 평균": network(syllables, average),
    "음절 어텐션": network(syllables, attention),
    "어절 GRU": network(words, reader(GRU), min_count=1),
    "음절 RNN": network(syllables, reader(RNN)),
    "음절 GRU": network(syllables, reader(GRU)),
}


def train(model, setting, seed, rows, snap=None):
    """rows 문장으로 배우고, 글의 목록을 받아 z (n,)를 내는 함수와 신경망을 돌려줘요."""
    cut = model.pieces(setting.size)
    vocabulary = Vocabulary(map(cut, S.texts[rows]), min_count=model.min_count(setting.size))
    net = model.network(len(vocabulary), setting.size, np.random.default_rng(seed))

    def number(texts):
        pieces = map(cut, texts)
        return vocabulary.bag(pieces, np.float32) if model.as_bag else vocabulary.encode(pieces)

    def scores(texts):
        return net.forward(number(texts))[:, 0]

    fit(
        net,
        BinaryCrossEntropy(),
        Adam(net.params(), lr=setting.lr),
        number(S.texts[rows]),
        S.y[rows],
        epochs=setting.epochs,
        batch_size=BATCH,
        rng=np.random.default_rng(seed),
        callback=None if snap is None else lambda epoch, _: snap(epoch, scores),
        progress=False,
    )
    return scores, net


def right(scores, rows):
    """rows 문장마다 맞혔는지."""
    return (scores(S.texts[rows]) > 0) == (S.y[rows, 0] > 0.5)


def accuracy(scores, rows):
    return round(float(np.mean(right(scores, rows))), 4)


def marks(scores):
    """시험 문장의 정확도: 전체, 꼴마다, 그리고 그대로와 부정을 둘 다 맞힌 짝의 비율."""
    ok = dict(zip(np.flatnonzero(~S.train), right(scores, ~S.train), strict=True))
    forms = ("그대로", "안", "지 않다")
    plain = {S.pairs[i]: ok[i] for i in ok if S.forms[i] == "그대로" and S.pairs[i] != "-"}
    both = [ok[i] and plain[S.pairs[i]] for i in ok if S.forms[i] in ("안", "지 않다")]
    each = {form: np.mean([ok[i] for i in ok if S.forms[i] == form]) for form in forms}
    found = {"전체": np.mean(list(ok.values())), **each, "짝": np.mean(both)}
    return {key: round(float(value), 4) for key, value in found.items()}


def fold_mask(fold):
    """학습 틀 가운데 fold번 갈래. 틀의 차례대로 0, 1, …, FOLDS−1을 되풀이해 나눠 줘요."""
    order = np.unique(S.templates[S.train])
    return S.train & np.isin(S.templates, order[fold::FOLDS])


def validate(job):
    """모형, 크기, 학습률, 갈래 하나: 빼 둔 갈래의 정확도를 후보 에폭마다."""
    name, size, lr, fold = job
    held, found = fold_mask(fold), {}

    def snap(epoch, scores):
        if epoch in EPOCHS:
            found[epoch] = float(np.mean(right(scores, held)))

    train(MODELS[name], Setting(size, lr, max(EPOCHS)), 0, S.train & ~held, snap)
    return found


def choose(pool):
    """모형마다 후보와 빼 둔 갈래의 평균 정확도, 좋은 것부터."""
    jobs = [(name, *rest) for name, m in MODELS.items() for rest in product(m.sizes, LRS, range(FOLDS))]
    found = dict(zip(jobs, pool.map(validate, jobs), strict=True))

    def mean(name, size, lr, epochs):
        return round(float(np.mean([found[name, size, lr, fold][epochs] for fold in range(FOLDS)])), 4)

    table = {}
    for name, model in MODELS.items():
        rows = [
            {"size": s, "lr": lr, "epochs": e, "accuracy": mean(name, s, lr, e)}
            for s, lr, e in product(model.sizes, LRS, EPOCHS)
        ]
        table[name] = sorted(rows, key=lambda row: -row["accuracy"])
    return table


def setting_of(chosen, name):
    """고른 것: 표의 첫 줄."""
    best = chosen[name][0]
    size = tuple(best["size"]) if isinstance(best["size"], list) else best["size"]
    return Setting(size, best["lr"], best["epochs"])


def one_seed(job):
    """씨앗 하나로 배우고 시험 문장을 재요. 고정한 시험의 z도 돌려줘요."""
    name, setting, seed = job
    scores, net = train(MODELS[name], setting, seed, S.train)
    if name == PAGE and seed == 0:
        nets.pack(net, DATA / "net_sentence.npz")
    return marks(scores), [round(float(z), 2) for z in scores(FIXED.texts)]


def split(by, seed):
    """학습 문장을 고르는 다른 방법: 문장을 하나씩("문장") 또는 틀째로("틀") 섞어서 책의 학습 문장만큼."""
    keys = S.templates if by == "틀" else S.texts
    order = np.random.default_rng(seed).permutation(np.unique(keys))
    sizes = np.cumsum([np.sum(keys == key) for key in order])
    return np.isin(keys, order[: np.searchsorted(sizes, S.train.sum()) + 1])


def one_split(job):
    """나누는 법 하나, 모형 하나, 씨앗 하나: 나머지 문장의 정확도."""
    by, name, setting, seed = job
    rows = split(by, seed)
    return accuracy(train(MODELS[name], setting, seed, rows)[0], ~rows)


def one_rnn(job):
    """RNN을 오래, 학습률만 바꿔서: 학습 문장과 시험 문장의 정확도."""
    lr, seed = job
    scores, _ = train(MODELS["음절 RNN"], Setting(32, lr, RNN_EPOCHS), seed, S.train)
    return accuracy(scores, S.train), accuracy(scores, ~S.train)


def study(pool):
    chosen = choose(pool)
    jobs = [(name, setting_of(chosen, name), seed) for name, seed in product(MODELS, range(SEEDS))]
    found = dict(zip(((j[0], j[2]) for j in jobs), pool.map(one_seed, jobs), strict=True))
    split_jobs = [
        (by, name, setting_of(chosen, name), seed)
        for by, name, seed in product(("틀", "문장"), SPLIT_MODELS, range(SEEDS))
    ]
    parts = iter(pool.map(one_split, split_jobs))
    splits = {
        by: {name: [next(parts) for _ in range(SEEDS)] for name in SPLIT_MODELS} for by in ("틀", "문장")
    }
    rnn = iter(pool.map(one_rnn, list(product(RNN_LRS, range(RNN_SEEDS)))))
    return {
        "about": "시험 문장의 정확도, 씨앗마다. 짝은 그대로와 부정을 둘 다 맞힌 비율. fixed는 고정한 시험의 z",
        "held_out": chosen,
        "marks": {name: [found[name, seed][0] for seed in range(SEEDS)] for name in MODELS},
        "fixed": {name: [found[name, seed][1] for seed in range(SEEDS)] for name in KEPT},
        "splits": splits,
        "rnn": {str(lr): [next(rnn) for _ in range(RNN_SEEDS)] for lr in RNN_LRS},
    }


if __name__ == "__main__":
    with ProcessPoolExecutor() as workers:
        result = study(workers)
    (DATA / "language.json").write_text(
        json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
