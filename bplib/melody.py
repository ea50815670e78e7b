"""가락을 낱말로: 음 하나를 높이와 길이, 두 낱말로 적어 신경망이 읽고 쓰게 해요.

한 곡은 [시작, 높이, 길이, 높이, 길이, …, 끝]이에요. 높이와 길이를 따로 적으면 낱말이 스물 남짓이라, 곡이 적어도
같은 높이와 같은 길이를 여러 번 만나요. 이 모듈의 신경망은 Sequential(Embedding, RNN이나 GRU, EveryStep, Linear)
꼴이고, 낱말을 읽을 때마다 다음 낱말의 점수를 내요.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bplib._checks import Array, check_count, check_number, check_rng, report
from bplib.layers import Linear, Sequential
from bplib.recurrent import Embedding, Recurrent
from bplib.sound import Note

Song = npt.NDArray[np.int64]
START, END = 0, 1


class Words:
    """낱말 사전: 0은 시작, 1은 끝, 그다음이 높이들, 마지막이 길이들이에요.

    songs: 음 (높이, 길이)의 목록들. 여기에 나온 높이와 길이가 낱말이 돼요. 사전에 없는 음을 encode하면 ValueError.
    """

    def __init__(self, songs: Iterable[Sequence[Note]]) -> None:
        notes = [note for song in songs for note in song]
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
        return f"Words(낱말 {len(self)}개: 시작, 끝, 높이 {len(self.pitches)}개, 길이 {len(self.beats)}개)"

    def encode(self, notes: Sequence[Note]) -> Song:
        """음의 목록 → 낱말 번호 (2 · 음의 수 + 2,)."""
        try:
            words = [word for p, b in notes for word in (self._pitch_word[p], self._beat_word[b])]
        except KeyError as error:
            raise ValueError(report(self, "음이", "사전에 있는 높이와 길이", error.args[0])) from None
        return np.array([START, *words, END])

    def decode(self, words: Sequence[int] | Song) -> list[Note]:
        """낱말 번호 → 음의 목록. 시작과 끝은 건너뛰어요."""
        kept = [int(word) for word in words if word > END]
        first = 2 + len(self.pitches)
        return [
            (self.pitches[p - 2], self.beats[b - first]) for p, b in zip(kept[::2], kept[1::2], strict=True)
        ]

    def allowed(self, position: int) -> npt.NDArray[np.bool_]:
        """position번째(0이 시작)에 올 수 있는 낱말: 홀수 자리에는 높이나 끝, 짝수 자리에는 길이."""
        word = np.arange(len(self))
        is_beat = word >= 2 + len(self.pitches)
        return cast("npt.NDArray[np.bool_]", ~is_beat & (word != START) if position % 2 else is_beat)


def windows(songs: Iterable[Song], length: int, step: int) -> tuple[Song, Song]:
    """곡을 길이 length의 토막으로 step씩 옮겨 가며 잘라요: x (n, length)와, 한 낱말 뒤를 담은 y (n, length).

    곡의 끝도 담기게 마지막 토막은 끝에 맞춰요. 곡이 length + 1보다 짧으면 ValueError.
    """
    check_count("windows", "length", length)
    check_count("windows", "step", step)
    pieces = []
    for song in songs:
        last = len(song) - 1 - length
        if last < 0:
            raise ValueError(report("windows", "곡의 길이가", f"{length + 1} 이상", len(song)))
        pieces += [song[start : start + length + 1] for start in (*range(0, last, step), last)]
    stacked = np.array(pieces)
    return stacked[:, :-1], stacked[:, 1:]


def note_bits(net: Sequential, song: Song, words: Words) -> Array:
    """음마다의 놀라움(비트): −log₂ P(높이) − log₂ P(길이). (음의 수 + 1,), 마지막은 끝.

    그 자리에 올 수 있는 낱말 가운데에서의 확률이에요. 낱말을 모두 똑같이 보면 uniform_bits와 같아요.
    """
    z = net.forward(cast(Array, song[None, :-1]))
    allowed = np.array([words.allowed(position) for position in range(1, len(song))])
    z = np.where(allowed, z, -np.inf)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    bits = -log_p[np.arange(len(z)), song[1:]] / math.log(2)
    return np.append(bits[:-1:2] + bits[1:-1:2], bits[-1])


def uniform_bits(words: Words) -> float:
    """아무것도 모를 때 한 음의 놀라움: log₂(높이의 수 + 1) + log₂(길이의 수)."""
    return math.log2(len(words.pitches) + 1) + math.log2(len(words.beats))


def bigram_bits(songs: Iterable[Song], song: Song, words: Words, *, prior: float = 8.0) -> Array:
    """바로 앞만 세는 예측의 놀라움(비트): 높이는 앞 높이 다음에 온 횟수로, 길이는 앞 길이 다음에 온 횟수로.

    P(b | a) = (횟수(a, b) + prior · P(b)) / (횟수(a) + prior). 본 적이 적으면 전체의 비율 P(b)에 기대요.
    note_bits와 모양도 뜻도 같아요.
    """
    check_number("bigram_bits", "prior", prior, 0.0, math.inf, open_low=True)
    n = len(words)
    pairs, once = np.zeros((n, n)), np.zeros(n)
    kinds = words.allowed(1), words.allowed(2)
    for each in songs:
        for stream in (each[1::2], each[2::2]):
            for a, b in pairwise((START, *stream)):
                pairs[a, b] += 1
                once[b] += 1
    for kind in kinds:
        once[kind] += 0.5  # 한 번도 나오지 않은 낱말도 조금은 나올 수 있어요
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
    """주어진 음 다음을 한 낱말씩 뽑아 이어 써요. 끝 낱말이 나오거나 음이 notes개가 되면 멈춰요.

    낱말마다 확률 softmax(z / temperature)로 뽑아요. temperature가 작을수록 가장 그럴듯한 것만 골라요.
    정한 낱말 하나에 난수 하나를 써서, rng의 씨앗이 같으면 신경망이 달라도 같은 난수로 뽑아요.
    """
    check_count("compose", "notes", notes)
    check_rng("compose", rng)
    check_number("compose", "temperature", temperature, 0.0, math.inf, open_low=True)
    embedding, cell, _, out = cast("tuple[Embedding, Recurrent, Any, Linear]", tuple(net))
    made = [int(word) for word in words.encode(given)[:-1]]
    state = cell.start(1)
    for position in range(2 * notes + 1):
        state = cell.step(embedding.forward(np.array([[made[position]]]))[:, 0], state)
        if position + 1 < len(made):  # 아직 주어진 음을 읽는 중이에요
            continue
        choices = np.flatnonzero(words.allowed(position + 1))
        z = out.forward(state)[0, choices] / temperature
        chances = np.cumsum(np.exp(z - z.max()))
        made.append(int(choices[np.searchsorted(chances, rng.random() * chances[-1], side="right")]))
        if made[-1] == END:
            break
    return words.decode(made[: 2 * notes + 1])


def longest_copy(notes: Sequence[Note], songs: Iterable[Sequence[Note]]) -> int:
    """songs 가운데 어떤 곡과 높이도 길이도 똑같이 이어지는 가장 긴 토막의 음의 수."""
    best = 0
    for song in songs:
        run = [0] * (len(song) + 1)  # run[j]: notes의 지금 음에서 끝나고 song의 j번째에서 끝나는 같은 토막
        for note in notes:
            run = [0, *(run[j] + 1 if note == other else 0 for j, other in enumerate(song))]
            best = max(best, *run)
    return best
