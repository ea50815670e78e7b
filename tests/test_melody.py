"""가락: 토큰으로 적고 되읽기, 놀라움(비트)의 뜻, 이어 쓰기의 규칙과 재현, 베낀 길이, 9장의 표."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts import load_script
from strategies import assert_close, read_only

from bplib import GRU, RNN, Embedding, EveryStep, Linear, Sequential, SoftmaxCrossEntropy, datasets
from bplib.lab import nets
from bplib.topics.melody import (
    END,
    START,
    Words,
    bigram_bits,
    compose,
    longest_copy,
    note_bits,
    uniform_bits,
    windows,
)

DO_RE_MI = [(60, 1.0), (62, 1.0), (64, 2.0)]
notes = st.lists(
    st.tuples(st.sampled_from([60, 62, 64, 67]), st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=8
)


@pytest.fixture(scope="module")
def tunes():
    return {name: list(tune.notes) for name, tune in datasets.tunes().items()}


@pytest.fixture(scope="module")
def words(tunes):
    return Words(tunes.values())


def network(words, rng, kind=GRU, make=Sequential):
    return make(
        Embedding(len(words), 4, rng=rng), kind(4, 5, rng=rng), EveryStep(), Linear(5, len(words), rng=rng)
    )


def test_words_of_a_tiny_song():
    words = Words([DO_RE_MI])
    assert repr(words) == "Words(토큰 7개: 시작, 끝, 높이 3개, 길이 2개)"
    assert words.encode(DO_RE_MI).tolist() == [START, 2, 5, 3, 5, 4, 6, END]


@given(song=notes)
def test_decode_undoes_encode(song):
    words = Words([song])
    encoded = words.encode(song)
    assert words.decode(encoded) == song
    assert len(encoded) == 2 * len(song) + 2
    assert encoded.max() < len(words)
    for position, word in enumerate(encoded[1:], 1):
        assert words.allowed(position)[word]


def test_allowed_words_alternate(words):
    pitch, beat = words.allowed(1), words.allowed(2)
    assert not (pitch & beat).any()
    assert pitch[END]
    assert not beat[END]
    assert not (pitch | beat)[START]
    assert (pitch | beat).sum() == len(words) - 1
    assert (words.allowed(3) == pitch).all()


def test_windows_cover_the_song_and_end_with_its_end():
    song = np.arange(11)
    x, y = windows([song], length=4, step=3)
    assert x.tolist() == [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]]
    assert (y == x + 1).all()
    x, y = windows([song], length=4, step=4)
    assert x[:, 0].tolist() == [0, 4, 6]
    assert y[-1, -1] == 10
    assert windows([song], length=10, step=1)[0].shape == (1, 10)
    x, _ = windows([song, song + 100], length=4, step=3)
    assert x[:, 0].tolist() == [0, 3, 6, 100, 103, 106], "토막은 두 곡에 걸치지 않아요"


@pytest.mark.parametrize("kind", [RNN, GRU])
def test_bits_are_the_loss_when_every_word_is_allowed(kind, words, tunes, rng):
    """그 자리에 올 수 없는 토큰의 점수가 아주 낮으면, 비트의 합은 교차 엔트로피(내트)를 ln 2로 나눈 것이에요."""
    song = words.encode(tunes["작은 별"])

    class Masked(Sequential):
        def forward(self, x):
            z = super().forward(x)
            allowed = [words.allowed(position) for position in range(1, len(song))]
            return np.where(allowed, z, z - 1e4)

    net = network(words, rng, kind, Masked)
    bits = note_bits(net, song, words)
    loss = SoftmaxCrossEntropy().forward(net.forward(song[None, :-1]), song[1:])
    assert len(bits) == len(tunes["작은 별"]) + 1
    assert bits.sum() == pytest.approx(loss * (len(song) - 1) / math.log(2), rel=1e-10)


def test_a_network_that_knows_nothing_has_uniform_bits(words, tunes, rng):
    net = network(words, rng)
    net[3].W.value[...] = 0
    bits = note_bits(net, words.encode(tunes["아리랑"]), words)
    assert_close(bits[:-1], np.full(len(tunes["아리랑"]), uniform_bits(words)))
    assert bits[-1] == pytest.approx(math.log2(len(words.pitches) + 1))


def test_bigram_probabilities_by_hand():
    """도레도레…를 세면 도 다음은 늘 레예요. 본 적 없는 것은 전체의 비율에 기대요."""
    song = [(60, 1.0), (62, 2.0)] * 3
    words = Words([song])
    encoded = words.encode(song)
    bits = bigram_bits([encoded], encoded, words, prior=1.0)
    # 높이의 전체 비율: 끝 1번, 도 3번, 레 3번에 0.5씩 더해 (1.5, 3.5, 3.5) / 8.5
    end, do, re = 1.5 / 8.5, 3.5 / 8.5, 3.5 / 8.5
    one, two = 0.5, 0.5  # 길이의 전체 비율 3.5 : 3.5
    do_first = (1 + do) / (1 + 1)
    re_after_do, do_after_re, end_after_re = (3 + re) / 4, (2 + do) / 4, (1 + end) / 4
    one_first, two_after_one, one_after_two = (1 + one) / 2, (3 + two) / 4, (2 + one) / 3
    expected = [do_first * one_first] + [re_after_do * two_after_one, do_after_re * one_after_two] * 2
    expected += [re_after_do * two_after_one, end_after_re]
    assert_close(bits, -np.log2(expected))


def test_bigram_chances_add_up_to_one(words, tunes):
    """어떤 음 다음이든, 다음 음 모두와 끝의 확률을 더하면 1이에요."""
    songs = [words.encode(song) for song in tunes.values()]
    for before in ((60, 1.0), (77, 1.5), (55, 4.0)):
        following = [[]] + [[(pitch, beats)] for pitch in words.pitches for beats in words.beats]
        bits = [bigram_bits(songs, words.encode([before, *after]), words)[1] for after in following]
        assert np.sum(2.0 ** -np.array(bits)) == pytest.approx(1)


@settings(max_examples=20)
@given(seed=st.integers(0, 100), count=st.integers(1, 12), kind=st.sampled_from([RNN, GRU]))
def test_compose_keeps_the_rules_and_the_given_notes(seed, count, kind):
    words = Words([DO_RE_MI, [(67, 0.5)]])
    net = network(words, np.random.default_rng(seed), kind)
    made = compose(net, words, DO_RE_MI[:1], notes=count, rng=np.random.default_rng(seed))
    again = compose(net, words, DO_RE_MI[:1], notes=count, rng=np.random.default_rng(seed))
    assert made == again
    assert made[0] == DO_RE_MI[0]
    assert 1 <= len(made) <= count
    assert all(pitch in words.pitches and beats in words.beats for pitch, beats in made)


def test_compose_follows_the_chances(rng):
    """점수를 정해 두면, 뽑힌 높이의 비율이 소프트맥스의 확률이에요. 온도가 낮으면 늘 가장 높은 것이에요."""
    words = Words([DO_RE_MI])
    net = network(words, rng)
    net[3].W.value[...] = 0
    z = net[3].b.value
    z[...] = -20
    z[2:5] = np.log([0.6, 0.3, 0.1])
    z[5] = 0
    made = compose(net, words, [], notes=4000, rng=rng)
    counts = np.array([sum(pitch == p for pitch, _ in made) for p in words.pitches]) / len(made)
    np.testing.assert_allclose(counts, [0.6, 0.3, 0.1], atol=0.03)
    assert {beats for _, beats in made} == {1.0}
    cold = compose(net, words, [], notes=50, rng=rng, temperature=0.05)
    assert {pitch for pitch, _ in cold} == {60}


def test_compose_stops_at_the_end_word(rng):
    words = Words([DO_RE_MI])
    net = network(words, rng)
    net[3].W.value[...] = 0
    net[3].b.value[...] = 0
    net[3].b.value[END] = 50
    assert compose(net, words, DO_RE_MI, notes=10, rng=rng) == DO_RE_MI


def test_compose_reads_the_given_notes_as_the_network_does(words, tunes, rng):
    """한 걸음씩 읽은 상태가 한꺼번에 읽은 상태와 같아요: 가장 그럴듯한 다음 토큰이 forward의 것과 같아요."""
    net = network(words, rng)
    song = tunes["아리랑"][:6]
    z = net.forward(words.encode(song)[None, :-1])[-1]
    best = np.where(words.allowed(13), z, -np.inf).argmax()
    made = compose(net, words, song, notes=7, rng=rng, temperature=1e-6)
    following = [] if best == END else [words.pitches[best - 2]]
    assert [pitch for pitch, _ in made[6:]] == following


def test_longest_copy():
    song = [(60, 1.0), (62, 1.0), (64, 1.0), (65, 1.0), (67, 1.0)]
    assert longest_copy(song, [song]) == 5
    assert longest_copy(song[1:4], [song]) == 3
    assert longest_copy([(72, 1.0), *song[2:], (72, 1.0)], [song[:2], song]) == 3
    assert longest_copy([(60, 2.0), (62, 1.0)], [song]) == 1, "높이가 같아도 길이가 다르면 다른 음이에요"
    assert longest_copy([(71, 1.0)], [song]) == 0
    assert longest_copy([], [song]) == 0


@given(a=notes, b=notes)
@settings(max_examples=60)
def test_longest_copy_is_the_longest_common_run(a, b):
    runs = [
        n
        for i in range(len(a))
        for j in range(len(b))
        for n in range(1, min(len(a) - i, len(b) - j) + 1)
        if a[i : i + n] == b[j : j + n]
    ]
    assert longest_copy(a, [b]) == max(runs, default=0)


def test_bad_input(words, rng):
    net = network(words, rng)
    with pytest.raises(ValueError, match="사전에 있는"):
        words.encode([(61, 1.0)])
    with pytest.raises(ValueError, match="음의 수"):
        Words([])
    with pytest.raises(ValueError, match="5 이상"):
        windows([np.arange(4)], length=4, step=1)
    with pytest.raises(ValueError, match="step"):
        windows([np.arange(9)], length=4, step=0)
    with pytest.raises(ValueError, match="prior"):
        bigram_bits([], words.encode([(60, 1.0)]), words, prior=0)
    with pytest.raises(ValueError, match="temperature"):
        compose(net, words, [], notes=3, rng=rng, temperature=0)
    with pytest.raises(ValueError, match="notes"):
        compose(net, words, [], notes=0, rng=rng)
    with pytest.raises(TypeError, match="rng"):
        compose(net, words, [], notes=3, rng=3)


def test_nothing_passed_in_is_changed(words, tunes, rng):
    songs = [read_only(words.encode(song)) for song in tunes.values()]
    net = network(words, rng)
    windows(songs, 24, 8)
    note_bits(net, songs[0], words)
    bigram_bits(songs, songs[0], words)


def test_the_table_of_the_music_chapter_can_be_made_again():
    """표를 만든 스크립트로 한 곡을 다섯 에폭만 다시 배워, 표에 적힌 것과 견줘요."""
    study = load_script("studies/music.py")
    table = datasets.table("music")
    assert study.probe() == pytest.approx(table["probe"], abs=0.02)
    name = study.PROBE[0]
    at = table["tunes"].index(name)
    assert study.best_prior(name) == table["priors"][at]
    counted = study.counted(study.others(name), name, table["priors"][at]).mean()
    assert counted == pytest.approx(table["bigram"][at], abs=0.001)
    assert study.real_copies(name) == pytest.approx(table["real_copied"][at], abs=0.001)


def test_the_nets_of_the_page_are_those_of_the_chapter():
    """내 가락의 ‘1에폭’ 신경망을 다시 배우면 적어 둔 수가 나와요."""
    study = load_script("studies/music.py")
    net = study.learn(study.others("아리랑"), 0.0, epochs=1, seed=0)
    np.testing.assert_allclose(net.params().value, nets.trained("tune-1").params().value, atol=1e-4)
