"""가락을 토큰으로: 음 하나를 높이와 길이, 두 토큰으로 적어 신경망이 읽고 쓰게 해요.

한 곡은 [시작, 높이, 길이, 높이, 길이, …, 끝]이에요. 높이와 길이를 따로 적으면 토큰이 스물 남짓이라, 곡이 적어도
같은 높이와 같은 길이를 여러 번 만나요. 이 모듈의 신경망은 Sequential(Embedding, RNN이나 GRU, EveryStep, Linear)
꼴이고, 토큰을 읽을 때마다 다음 토큰의 점수를 내요.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    as_numbers,
    check_count,
    check_list,
    check_number,
    check_rng,
    check_type,
    describe,
    report,
)
from bplib.lab.sound import Note, _check_notes
from bplib.layers import Linear, Sequential
from bplib.recurrent import Embedding, EveryStep, Recurrent

Song = npt.NDArray[np.int64]
START, END = 0, 1


class Words:
    """토큰 사전: 0은 시작, 1은 끝, 그다음이 높이들, 마지막이 길이들이에요.

    songs: 음 (높이, 길이)의 목록들. 여기에 나온 높이와 길이가 토큰이 돼요. 사전에 없는 음을 encode하면 ValueError.
    """

    def __init__(self, songs: Iterable[Sequence[Note]]) -> None:
        notes = [note for song in _list("Words", "songs", songs) for note in _check_notes("Words", song)]
        if not notes:
            raise ValueError(report("Words", "음의 수가", "하나 이상", 0))
        self.pitches = sorted({pitch for pitch, _ in notes})
        self.beats = sorted({beats for _, beats in notes})
        self._pitch_word = {pitch: 2 + i for i, pitch in enumerate(self.pitches)}
        first = 2 + len(self.pitches)
        self._beat_word = {beats: first + i for i, beats in enumerate(self.beats)}

    def __len__(self) -> int:
        return 2 + len(self.pitches) + len(self.beats)

    def __repr__(self) -> str:
        return f"Words(토큰 {len(self)}개: 시작, 끝, 높이 {len(self.pitches)}개, 길이 {len(self.beats)}개)"

    def encode(self, notes: Sequence[Note]) -> Song:
        """음의 목록 → 토큰 번호 (2 · 음의 수 + 2,)."""
        try:
            words = [
                word
                for p, b in _check_notes("Words", notes)
                for word in (self._pitch_word[p], self._beat_word[b])
            ]
        except KeyError as error:
            raise ValueError(report(self, "음이", "사전에 있는 높이와 길이", error.args[0])) from None
        return np.array([START, *words, END])

    def decode(self, words: Sequence[int] | Song) -> list[Note]:
        """토큰 번호 → 음의 목록. 시작과 끝은 건너뛰어요.

        정수가 아니면 TypeError, 높이와 길이가 번갈아 나오지 않으면 ValueError.
        """
        kept = [word for word in _words(self, words).tolist() if word > END]
        first = 2 + len(self.pitches)
        ordered = all(word < first for word in kept[::2]) and all(word >= first for word in kept[1::2])
        if len(kept) % 2 or not ordered:
            raise ValueError(report(self, "토큰이", "높이, 길이, 높이, 길이, …", kept))
        return [
            (self.pitches[p - 2], self.beats[b - first]) for p, b in zip(kept[::2], kept[1::2], strict=True)
        ]

    def allowed(self, position: int) -> npt.NDArray[np.bool_]:
        """position번째(0이 시작)에 올 수 있는 토큰: 홀수 자리에는 높이나 끝, 짝수 자리에는 길이."""
        if not isinstance(position, numbers.Integral) or isinstance(position, bool):
            raise TypeError(report(self, "position의 형이", "0 이상의 정수", repr(position)))
        if position < 0:
            raise ValueError(report(self, "position의 값이", "0 이상의 정수", position))
        word = np.arange(len(self))
        is_beat = word >= 2 + len(self.pitches)
        return cast("npt.NDArray[np.bool_]", ~is_beat & (word != START) if int(position) % 2 else is_beat)


def _list(who: str, what: str, values: Iterable[Any]) -> list[Any]:
    """하나씩 꺼낼 수 있는 것을 list로. 아니면 TypeError."""
    return check_list(who, what, values, object)


def _words(who: object, words: Sequence[int] | Song) -> Song:
    """토큰 번호의 목록을 정수 배열 (t,)로. 정수가 아니면 TypeError."""
    array = as_numbers(who, "토큰", words)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise TypeError(report(who, "토큰의 형이", "정수의 목록", describe(words)))
    return array


def _song(who: str, words: Words, song: Song) -> Song:
    """사전의 토큰으로 적힌 한 곡인지 봐요: 시작, 높이, 길이, …, 끝. 아니면 TypeError나 ValueError."""
    check_type(who, "words", words, Words)
    song = _words(who, song)
    if len(song) < 4 or len(song) % 2 or song[0] != START or song[-1] != END:
        raise ValueError(report(who, "곡이", "[시작, 높이, 길이, …, 끝]", song.tolist()))
    if not all(0 <= word < len(words) and words.allowed(at)[word] for at, word in enumerate(song[1:], 1)):
        raise ValueError(report(who, "곡의 토큰이", f"사전의 번호 0 … {len(words) - 1}", song.tolist()))
    return song


def windows(songs: Iterable[Song], length: int, step: int) -> tuple[Song, Song]:
    """곡을 길이 length의 토막으로 step씩 옮겨 가며 잘라요: x (n, length)와, 한 토큰 뒤를 담은 y (n, length).

    곡의 끝도 담기게 마지막 토막은 끝에 맞춰요. 곡이 length + 1보다 짧으면 ValueError.
    """
    check_count("windows", "length", length)
    check_count("windows", "step", step)
    pieces = []
    for song in _list("windows", "songs", songs):
        if type(song) is not np.ndarray or song.ndim != 1:
            raise TypeError(report("windows", "곡의 형이", "토큰 번호의 배열 (t,)", describe(song)))
        last = len(song) - 1 - length
        if last < 0:
            raise ValueError(report("windows", "곡의 길이가", f"{length + 1} 이상", len(song)))
        pieces += [song[start : start + length + 1] for start in (*range(0, last, step), last)]
    if not pieces:
        raise ValueError(report("windows", "곡의 수가", "하나 이상", 0))
    stacked = np.array(pieces)
    return stacked[:, :-1], stacked[:, 1:]


def note_bits(net: Sequential, song: Song, words: Words) -> Array:
    """음마다의 놀라움(비트): −log₂ P(높이) − log₂ P(길이). (음의 수 + 1,), 마지막은 끝.

    그 자리에 올 수 있는 토큰 가운데에서의 확률이에요. 토큰을 모두 똑같이 보면 uniform_bits와 같아요.
    """
    check_type("note_bits", "net", net, Sequential)
    song = _song("note_bits", words, song)
    z = net.forward(cast(Array, song[None, :-1]))
    if z.shape != (len(song) - 1, len(words)):
        raise ValueError(report("note_bits", "net의 출력이", (len(song) - 1, len(words)), z.shape))
    allowed = np.array([words.allowed(position) for position in range(1, len(song))])
    z = np.where(allowed, z, -np.inf)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    bits = -log_p[np.arange(len(z)), song[1:]] / math.log(2)
    return np.append(bits[:-1:2] + bits[1:-1:2], bits[-1])


def uniform_bits(words: Words) -> float:
    """아무것도 모를 때 한 음의 놀라움: log₂(높이의 수 + 1) + log₂(길이의 수)."""
    check_type("uniform_bits", "words", words, Words)
    return math.log2(len(words.pitches) + 1) + math.log2(len(words.beats))


def bigram_bits(songs: Iterable[Song], song: Song, words: Words, *, prior: float = 8.0) -> Array:
    """바로 앞만 세는 예측의 놀라움(비트): 높이는 앞 높이 다음에 온 횟수로, 길이는 앞 길이 다음에 온 횟수로.

    P(b | a) = (횟수(a, b) + prior · P(b)) / (횟수(a) + prior). 본 적이 적으면 전체의 비율 P(b)에 기대요.
    note_bits와 모양도 뜻도 같아요.
    """
    check_number("bigram_bits", "prior", prior, 0.0, math.inf, open_low=True)
    song = _song("bigram_bits", words, song)
    songs = [_song("bigram_bits", words, each) for each in _list("bigram_bits", "songs", songs)]
    n = len(words)
    pairs, once = np.zeros((n, n)), np.zeros(n)
    kinds = words.allowed(1), words.allowed(2)
    for each in songs:
        for stream in (each[1::2], each[2::2]):
            for a, b in pairwise((START, *stream)):
                pairs[a, b] += 1
                once[b] += 1
    for kind in kinds:
        once[kind] += 0.5  # 한 번도 나오지 않은 토큰도 조금은 나올 수 있어요
        once[kind] /= once[kind].sum()

    def bits(a: int, b: int) -> float:
        seen = pairs[a, kinds[0] if kinds[0][b] else kinds[1]].sum()
        return -math.log2((pairs[a, b] + prior * once[b]) / (seen + prior))

    pitch = [bits(a, b) for a, b in pairwise((START, *song[1::2]))]
    beat = [bits(a, b) for a, b in pairwise((START, *song[2::2]))]
    return np.array([*(p + b for p, b in zip(pitch, beat, strict=False)), pitch[-1]])


def compose(
    net: Sequential,
    words: Words,
    given: Sequence[Note],
    *,
    notes: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> list[Note]:
    """주어진 음 다음을 한 토큰씩 뽑아 이어 써요. 끝 토큰이 나오거나 음이 notes개가 되면 멈춰요.

    토큰마다 확률 softmax(z / temperature)로 뽑아요. temperature가 작을수록 가장 그럴듯한 것만 골라요.
    정한 토큰 하나에 난수 하나를 써서, rng의 씨앗이 같으면 신경망이 달라도 같은 난수로 뽑아요.
    """
    check_count("compose", "notes", notes)
    check_rng("compose", rng)
    check_number("compose", "temperature", temperature, 0.0, math.inf, open_low=True)
    temperature = float(temperature)
    check_type("compose", "words", words, Words)
    check_type("compose", "net", net, Sequential)
    kinds = (Embedding, Recurrent, EveryStep, Linear)
    if len(net) != len(kinds) or not all(map(isinstance, net, kinds)):
        wanted = "Sequential(Embedding, RNN이나 GRU, EveryStep, Linear)"
        raise TypeError(report("compose", "net의 층이", wanted, list(net)))
    if net[-1].n_out != len(words):
        raise ValueError(report("compose", "마지막 층의 n_out이", len(words), net[-1].n_out))
    embedding, cell, _, out = cast("tuple[Embedding, Recurrent, Any, Linear]", tuple(net))
    made = [int(word) for word in words.encode(given)[:-1]]
    state = cell.start(1)
    for position in range(2 * notes + 1):
        state = cell.step(embedding.forward(np.array([[made[position]]]))[:, 0], state)
        if position + 1 < len(made):  # 아직 주어진 음을 읽는 중이에요
            continue
        choices = np.flatnonzero(words.allowed(position + 1))
        z = out.forward(state)[0, choices]
        chances = np.cumsum(np.exp((z - z.max()) / temperature))  # 먼저 빼야, 나눈 것이 넘쳐도 0이에요
        made.append(int(choices[np.searchsorted(chances, rng.random() * chances[-1], side="right")]))
        if made[-1] == END:
            break
    return words.decode(made[: 2 * notes + 1])


def longest_copy(notes: Sequence[Note], songs: Iterable[Sequence[Note]]) -> int:
    """songs 가운데 어떤 곡과 높이도 길이도 똑같이 이어지는 가장 긴 토막의 음의 수."""
    notes = _check_notes("longest_copy", notes)
    best = 0
    for song in [_check_notes("longest_copy", each) for each in _list("longest_copy", "songs", songs)]:
        run = [0] * (len(song) + 1)  # run[j]: notes의 지금 음에서 끝나고 song의 j번째에서 끝나는 같은 토막
        for note in notes:
            run = [0, *(run[j] + 1 if note == other else 0 for j, other in enumerate(song))]
            best = max(best, *run)
    return best
