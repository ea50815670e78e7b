"""문장 자료: 수와 균형, 부정의 짝, 틀째로 나눈 것, 거의 같은 사본이 없는지. 그리고 8장의 표를 다시 만들어 봐요."""

import re
from collections import defaultdict

import numpy as np
import pytest
from scripts import load_script
from strategies import DTYPES

from bplib import datasets
from bplib.lab.own import own_input
from bplib.topics.text import ngrams, syllables, words

S = datasets.sentences()


def members():
    """묶음 → 그 묶음의 문장 번호."""
    found = defaultdict(list)
    for index, pair in enumerate(S.pairs):
        if pair != "-":
            found[pair].append(index)
    return found


def test_size_and_balance():
    assert len(S.texts) >= 400
    assert 0.7 < S.train.mean() < 0.9
    assert all(len(column) == len(S.texts) for column in S)
    assert S.y.shape == (len(S.texts), 1)
    for side in (S.train, ~S.train):
        assert S.y[side].mean() == pytest.approx(0.5, abs=0.01)
        plain = side & (S.forms == "그대로")
        assert S.y[plain].mean() == pytest.approx(0.5, abs=0.02)
        for form in ("안", "지 않다"):
            assert 0.4 < S.y[side & (S.forms == form)].mean() < 0.6  # 부정어만 보고는 맞힐 수 없어요
    assert len(set(S.topics)) >= 15


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype(dtype):
    assert datasets.sentences(dtype).y.dtype == dtype
    with pytest.raises(TypeError, match="dtype"):
        datasets.sentences(int)


def test_sentences_are_written_cleanly():
    assert len(set(S.texts)) == len(S.texts)
    for text in S.texts:
        assert re.fullmatch(r"[가-힣]+([ ,]+[가-힣]+)+!?", text), text
        assert "  " not in text


def test_every_template_has_both_feelings():
    for template in np.unique(S.templates):
        y = S.y[S.templates == template]
        assert 0.3 < y.mean() < 0.7, template


def test_pairs_differ_only_in_the_negation():
    """‘안’을 넣은 문장은 그 낱말을 빼면 그대로와 거의 같고, 느낌은 반대예요."""
    seen = 0
    for pair, rows in members().items():
        assert len({S.templates[i] for i in rows}) == 1, pair
        assert len({S.y[i, 0] for i in rows}) == 2, pair
        by_form = {S.forms[i]: i for i in rows}
        for form in ("안", "지 않다"):
            if form in by_form and "그대로" in by_form:
                plain, negated = by_form["그대로"], by_form[form]
                assert S.y[plain, 0] != S.y[negated, 0], S.texts[negated]
                shared = set(syllables(S.texts[plain])) & set(syllables(S.texts[negated]))
                assert len(shared) >= 0.6 * len(set(syllables(S.texts[plain]))), S.texts[negated]
                seen += 1
        if "안" in by_form:
            assert "안" in words(S.texts[by_form["안"]])
        if "지 않다" in by_form:
            assert re.search("지 (않|못)", S.texts[by_form["지 않다"]])
    assert seen > 250


def test_plain_sentences_have_no_negation():
    negation = re.compile(r"(^| )(안|못) |지 (않|못)|없")
    assert not [text for text in S.texts[S.forms == "그대로"] if negation.search(text)]


def test_no_template_on_both_sides():
    assert not set(S.templates[S.train]) & set(S.templates[~S.train])
    assert not set(S.pairs[S.train]) & set(S.pairs[~S.train]) - {"-"}


def runs_of(cut, n, side):
    return [set(ngrams(cut(text), n, n, glue="|")) for text in S.texts[side]]


def test_no_near_copies_across_the_split():
    """학습과 시험이 어절 세 개를 나눠 갖지 않고, 음절 세 개짜리 조각의 자카드 겹침은 1/4보다 작아요."""

    def letters(text):
        return list("".join(words(text)))

    train, test = runs_of(words, 3, S.train), runs_of(words, 3, ~S.train)
    assert not set().union(*train) & set().union(*test)
    train, test = runs_of(letters, 3, S.train), runs_of(letters, 3, ~S.train)
    largest = max(len(a & b) / len(a | b) for a in train for b in test)
    assert largest < 0.25


def test_random_split_would_leak():
    """섞어서 나누면 시험 문장의 절반이 겹침 1/2을 넘는 사본을 학습 쪽에 둬요: 위의 시험이 헛돌지 않는다는 증거예요."""
    side = np.zeros(len(S.texts), bool)
    side[np.random.default_rng(0).permutation(len(S.texts))[: S.train.sum()]] = True
    train, test = runs_of(syllables, 3, side), runs_of(syllables, 3, ~side)
    assert np.median([max(len(a & b) / len(a | b) for a in train) for b in test]) > 0.5


FIXED = datasets.fixed_sentences()
NEW_STEMS = [
    "반가",
    "자랑",
    "귀엽",
    "감동",
    "기뻤",
    "슬퍼",
    "화가",
    "상해",
    "속상",
    "서운",
]  # 고정한 시험의 새 낱말


def test_fixed_sentences_are_balanced_and_apart():
    """종류마다 열 개, 느낌은 반반. 학습 문장과 같은 문장도, 이어진 어절 세 개도 나눠 갖지 않아요."""
    assert len(FIXED.texts) == len(set(FIXED.texts)) == 50
    for kind in ("그대로", "안", "지 않다", "새 낱말", "돌려 말하기"):
        assert FIXED.y[FIXED.kinds == kind].sum() == 5
        assert (FIXED.kinds == kind).sum() == 10
    runs = set().union(*runs_of(words, 3, slice(None)))
    assert not set(FIXED.texts) & set(S.texts)
    assert not [text for text in FIXED.texts if set(ngrams(words(text), 3, 3, glue="|")) & runs]


def test_new_words_stay_new():
    new = FIXED.texts[FIXED.kinds == "새 낱말"]
    for text, stem in zip(new, NEW_STEMS, strict=True):
        assert stem in text
        assert not [seen for seen in S.texts[S.train] if any(w.startswith(stem) for w in words(seen))]


def test_short_negation_is_natural():
    """긴 말과 글말투에는 ‘안’을 넣지 않아요."""
    long = re.compile(r" 안 (유익|튼튼|신선|답답|위험|느끼|싫|불편)")
    assert not [text for text in S.texts if long.search(text)]


@pytest.fixture(scope="module")
def study():
    return load_script("studies/language.py")


TABLE = datasets.table("language")


def test_table_can_be_made_again(study):
    assert list(TABLE["marks"]) == list(study.MODELS)
    assert all(len(rows) == study.SEEDS for rows in TABLE["marks"].values())
    name = "음절 주머니"
    again, _ = study.one_seed((name, study.setting_of(TABLE["held_out"], name), 0))
    assert again == pytest.approx(TABLE["marks"][name][0], abs=0.03)  # 경계에 걸린 문장 몇 개까지


def test_every_model_had_the_same_budget_and_no_test_sentence(study):
    """후보의 수, 학습률, 에폭이 모두 같고, 갈래는 학습 틀만 나눠요. 고른 것은 빼 둔 갈래에서 가장 나은 것이에요."""
    budgets = set()
    for rows in TABLE["held_out"].values():
        budgets.add(
            (len(rows), tuple(sorted({r["lr"] for r in rows})), tuple(sorted({r["epochs"] for r in rows})))
        )
        assert rows[0]["accuracy"] == max(row["accuracy"] for row in rows)
    assert budgets == {(2 * len(study.LRS) * len(study.EPOCHS), study.LRS, study.EPOCHS)}
    folds = [study.fold_mask(fold) for fold in range(study.FOLDS)]
    assert (sum(fold.astype(int) for fold in folds) == S.train).all()
    for fold in folds:
        assert not set(S.templates[fold]) & set(S.templates[S.train & ~fold])


def test_marks_count_pairs(study):
    """늘 긍정이라고 답하면 절반을 맞히고, 짝은 하나도 맞히지 못해요. 다 맞히면 모두 1이에요."""
    yes = study.marks(lambda texts: np.ones(len(texts)))
    assert yes["전체"] == pytest.approx(0.5, abs=0.01)
    assert yes["짝"] == 0
    feeling = dict(zip(S.texts, np.where(S.y[:, 0] > 0.5, 1.0, -1.0), strict=True))
    assert set(study.marks(lambda texts: np.array([feeling[t] for t in texts])).values()) == {1.0}


def test_the_page_reads_with_the_network_of_the_table():
    """쪽의 글 칸이 쓰는 신경망이 표의 씨앗 0이에요."""
    own = own_input("sentence")
    z = [own._score(syllables(text)) for text in FIXED.texts]
    assert z == pytest.approx(TABLE["fixed"]["음절 GRU"][0], abs=0.02)


def interval(values):
    """평균의 95% 신뢰 구간(t분포, 씨앗 스무 개)."""
    half = 2.093 * np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values) - half, np.mean(values) + half


def test_the_chapter_only_says_what_the_intervals_part():
    """8장의 성적표에서 말한 앞뒤는 구간이 갈린 것이고, 모른다고 한 것은 겹친 것이에요."""
    marks = {
        name: {key: interval([run[key] for run in runs]) for key in runs[0]}
        for name, runs in TABLE["marks"].items()
    }

    def ahead(better, worse, key="전체"):
        return marks[better][key][0] > marks[worse][key][1]

    assert all(
        ahead("음절 묶음 주머니", name, key) for name in marks for key in ("전체", "짝") if "묶음" not in name
    )
    assert ahead("음절 GRU", "어절 GRU")
    assert ahead("음절 GRU", "음절 어텐션")
    assert ahead("음절 어텐션", "음절 주머니")
    assert ahead("음절 어텐션", "음절 임베딩 평균")
    assert not ahead("어절 주머니", "어절 GRU")
    assert not ahead("어절 GRU", "어절 주머니")
    splits = {how: {name: np.array(v) for name, v in by.items()} for how, by in TABLE["splits"].items()}
    assert interval(splits["문장"]["음절 GRU"] - splits["틀"]["음절 GRU"])[0] > 0
    assert interval(splits["문장"]["어절 주머니"])[1] < 0.5 < interval(splits["틀"]["어절 주머니"])[0]


def test_confidence_when_wrong_is_what_the_bet_says():
    shares = {}
    for name, runs in TABLE["fixed"].items():
        wrong = (np.array(runs) > 0) != (FIXED.y[:, 0] > 0.5)
        shares[name] = np.mean(np.abs(runs)[wrong] > np.log(9))  # σ(ln 9) = 0.9
    assert shares["음절 GRU"] == pytest.approx(0.53, abs=0.005)
    assert shares["음절 묶음 주머니"] < 0.1
