"""8장의 표: 문장의 느낌을 아홉 모형이 얼마나 맞히나, 씨앗 열 개로. 부정의 짝, 나누는 법, 자료의 양에 따른 차이도 재요.

    python studies/language.py         bplib/data/language.json을 다시 만들어요 (코어 둘에서 4분쯤)

GRU의 너비와 에폭은 시험 문장을 보지 않고 골라요: 학습 틀 57개를 다섯 갈래로 나누고, 한 갈래씩 빼고 배워서 뺀 갈래를
맞혀요. 고른 다음에 학습 문장 전체로 배우고, 시험 문장은 씨앗마다 한 번 재요.
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
    Sequential,
    Tanh,
    datasets,
    fit,
    normal,
    zeros,
)
from bplib.topics.text import Vocabulary, jamo, ngrams, syllables, words

OUT = Path(__file__).resolve().parent.parent / "bplib" / "data" / "language.json"
S = datasets.sentences()
FOLDS = 5
SEEDS = 10
WIDTHS, EPOCHS = (16, 32, 48, 64), (10, 20)  # GRU의 후보
WIDTH, EPOCH = 64, 10  # 고른 것. choose()가 표에 적는 값과 같은지 main이 확인해요
SPLIT_MODELS, SPLIT_SEEDS = ("어절 주머니", "음절 1~4개 주머니", "음절 GRU"), 5
AMOUNTS, AMOUNT_MODELS = (14, 28, 42, 57), ("음절 주머니", "음절 1~4개 주머니", "음절 GRU")  # 학습 틀의 수
PROBE = "음절 주머니"  # 표를 다시 만들 수 있는지 시험이 배워 보는 것


class Model(NamedTuple):
    """조각으로 나누는 법, 신경망, 에폭, 학습률, 적어도 몇 번 나온 조각에 번호를 줄지."""

    pieces: object
    network: object
    epochs: int
    lr: float
    min_count: int = 1
    as_bag: bool = False


def word_pairs(text):
    return ngrams(words(text), 1, 2, glue="_")


def syllable_runs(text):
    return ngrams(syllables(text), 1, 4)


def linear(n, rng):
    """주머니에 곱하는 가중치 하나씩."""
    return Sequential(Linear(n, 1, rng=rng, init=zeros))


def average(n, rng):
    """임베딩의 평균을 은닉층 하나에."""
    return Sequential(
        Embedding(n, 32, rng=rng, init=normal(0.3), padding=True),
        MeanOverTime(padding=True),
        Linear(32, 32, rng=rng),
        Tanh(),
        Linear(32, 1, rng=rng),
    )


def reader(layer, width):
    """임베딩을 차례로 읽고 마지막 상태로 답해요."""

    def network(n, rng):
        return Sequential(
            Embedding(n, width, rng=rng, init=normal(0.3), padding=True),
            layer(width, width, rng=rng, padding=True),
            LastStep(),
            Linear(width, 1, rng=rng),
        )

    return network


MODELS = {
    "어절 주머니": Model(words, linear, 60, 0.02, as_bag=True),
    "어절 1~2개 주머니": Model(word_pairs, linear, 60, 0.02, as_bag=True),
    "음절 주머니": Model(syllables, linear, 60, 0.02, as_bag=True),
    "음절 1~4개 주머니": Model(syllable_runs, linear, 60, 0.02, as_bag=True),
    "음절 임베딩 평균": Model(syllables, average, 40, 0.01, min_count=2),
    "어절 GRU": Model(words, reader(GRU, WIDTH), EPOCH, 0.01),
    "음절 RNN": Model(syllables, reader(RNN, WIDTH), EPOCH, 0.01, min_count=2),
    "음절 GRU": Model(syllables, reader(GRU, WIDTH), EPOCH, 0.01, min_count=2),
    "자모 GRU": Model(jamo, reader(GRU, WIDTH), 3 * EPOCH, 0.01),  # 걸음이 배가 넘어 더디게 배워요
}


def train(model, seed, rows, snap=None):
    """rows 문장으로 배우고, 글의 목록을 받아 z (n,)를 내는 함수를 돌려줘요."""
    vocabulary = Vocabulary(map(model.pieces, S.texts[rows]), min_count=model.min_count)
    number = vocabulary.bag if model.as_bag else vocabulary.encode
    net = model.network(len(vocabulary), np.random.default_rng(seed))

    def scores(texts):
        return net.forward(number(map(model.pieces, texts)))[:, 0]

    fit(
        net,
        BinaryCrossEntropy(),
        Adam(net.params(), lr=model.lr),
        number(map(model.pieces, S.texts[rows])),
        S.y[rows],
        epochs=model.epochs,
        batch_size=16,
        rng=np.random.default_rng(seed),
        callback=None if snap is None else lambda epoch, _: snap(epoch, scores),
        progress=False,
    )
    return scores


def right(scores, rows):
    """rows 문장마다 맞혔는지."""
    return (scores(S.texts[rows]) > 0) == (S.y[rows, 0] > 0.5)


def marks(scores):
    """시험 문장의 정확도: 전체, 꼴마다, 그리고 그대로와 부정을 둘 다 맞힌 짝의 비율."""
    ok = dict(zip(np.flatnonzero(~S.train), right(scores, ~S.train), strict=True))
    forms = ("그대로", "안", "지 않다")
    plain = {S.pairs[i]: ok[i] for i in ok if S.forms[i] == "그대로" and S.pairs[i] != "-"}
    both = [ok[i] and plain[S.pairs[i]] for i in ok if S.forms[i] in ("안", "지 않다")]
    each = {form: np.mean([ok[i] for i in ok if S.forms[i] == form]) for form in forms}
    return {"전체": np.mean(list(ok.values())), **each, "짝": np.mean(both)}


def one_seed(job):
    """씨앗 하나로 배우고 시험 문장을 재요."""
    name, seed = job
    return {key: round(float(value), 4) for key, value in marks(train(MODELS[name], seed, S.train)).items()}


def fold_mask(fold):
    """학습 틀 가운데 fold번 갈래. 틀의 차례대로 0, 1, …, FOLDS−1을 되풀이해 나눠 줘요."""
    order = np.unique(S.templates[S.train])
    return S.train & np.isin(S.templates, order[fold::FOLDS])


def validate(job):
    """너비 하나, 갈래 하나, 씨앗 하나: 빼 둔 갈래의 정확도를 후보 에폭마다."""
    width, fold, seed = job
    held = fold_mask(fold)
    found = {}

    def snap(epoch, scores):
        if epoch in EPOCHS:
            found[epoch] = float(np.mean(right(scores, held)))

    model = Model(syllables, reader(GRU, width), max(EPOCHS), 0.01, min_count=2)
    train(model, seed, S.train & ~held, snap)
    return found


def split(by, seed):
    """학습 문장을 고르는 다른 방법: 문장을 하나씩("문장") 또는 틀째로("틀") 섞어서 책의 학습 문장만큼."""
    keys = S.templates if by == "틀" else S.texts
    order = np.random.default_rng(seed).permutation(np.unique(keys))
    sizes = np.cumsum([np.sum(keys == key) for key in order])
    return np.isin(keys, order[: np.searchsorted(sizes, S.train.sum()) + 1])


def one_split(job):
    """나누는 법 하나, 모형 하나, 씨앗 하나: 나머지 문장의 정확도."""
    by, name, seed = job
    rows = split(by, seed)
    return round(float(np.mean(right(train(MODELS[name], seed, rows), ~rows))), 4)


def splits(pool):
    jobs = list(product(("틀", "문장"), SPLIT_MODELS, range(SPLIT_SEEDS)))
    found = dict(zip(jobs, pool.map(one_split, jobs), strict=True))
    return {
        by: {name: [found[by, name, seed] for seed in range(SPLIT_SEEDS)] for name in SPLIT_MODELS}
        for by in ("틀", "문장")
    }


def one_amount(job):
    """학습 틀을 몇 개만 무작위로 골라 배우고 시험 문장을 재요."""
    count, name, seed = job
    order = np.random.default_rng(seed).permutation(np.unique(S.templates[S.train]))
    rows = S.train & np.isin(S.templates, order[:count])
    return round(float(np.mean(right(train(MODELS[name], seed, rows), ~S.train))), 4)


def amounts(pool):
    jobs = list(product(AMOUNTS, AMOUNT_MODELS, range(SPLIT_SEEDS)))
    found = dict(zip(jobs, pool.map(one_amount, jobs), strict=True))
    return {
        name: [[found[count, name, seed] for seed in range(SPLIT_SEEDS)] for count in AMOUNTS]
        for name in AMOUNT_MODELS
    }


def choose(pool):
    """GRU의 후보마다 빼 둔 갈래의 평균 정확도."""
    jobs = list(product(WIDTHS, range(FOLDS), range(2)))
    found = dict(zip(jobs, pool.map(validate, jobs), strict=True))

    def mean(width, epochs):
        return float(np.mean([one[epochs] for job, one in found.items() if job[0] == width]))

    return [
        {"width": width, "epochs": epochs, "accuracy": round(mean(width, epochs), 4)}
        for width, epochs in product(WIDTHS, EPOCHS)
    ]


def all_marks(pool):
    jobs = list(product(MODELS, range(SEEDS)))
    found = dict(zip(jobs, pool.map(one_seed, jobs), strict=True))
    return {name: [found[name, seed] for seed in range(SEEDS)] for name in MODELS}


def main():
    with ProcessPoolExecutor() as pool:
        table = {
            "about": "시험 문장의 정확도, 씨앗마다. 짝은 그대로와 부정을 둘 다 맞힌 비율",
            "held_out": choose(pool),
            "marks": all_marks(pool),
            "splits": splits(pool),
            "amounts": {"templates": AMOUNTS, "accuracy": amounts(pool)},
        }
    OUT.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    best = max(table["held_out"], key=lambda row: row["accuracy"])
    if (best["width"], best["epochs"]) != (WIDTH, EPOCH):
        print(f"다른 후보가 나았어요: {best}. WIDTH, EPOCH를 바꾸고 다시 만들어 주세요.")


if __name__ == "__main__":
    main()
