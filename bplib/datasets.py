"""자료: 책에서 되풀이해 쓰는 작은 문제들."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    check_count,
    check_dtype,
    check_number,
    check_rng,
    check_room,
    check_type,
    report,
)


def xor(dtype: npt.DTypeLike = np.float64) -> tuple[Array, Array]:
    """XOR: 두 입력이 다르면 1, 같으면 0. 직선 하나로 나눌 수 없어요.

    x: (4, 2), y: (4, 1). dtype이 float32·float64가 아니면 TypeError. 출처: Minsky & Papert 1969.
    """
    dtype = check_dtype("xor", dtype)
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype)
    return x, np.array([[0], [1], [1], [0]], dtype)


def rings(n: int, *, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64) -> tuple[Array, Array]:
    """원판과 고리: 앞의 절반은 반지름 [0, 0.5]의 원판(1), 나머지는 [0.75, 1.15]의 고리(0)에 흩어져요.

    직선 하나로는 나눌 수 없어요. 점 n개(n ≥ 2), x: (n, 2), y: (n, 1).
    수가 벗어나면 ValueError, rng나 dtype이 틀리면 TypeError.
    """
    _check_points("rings", n)
    check_rng("rings", rng)
    dtype = check_dtype("rings", dtype)
    inside = np.arange(n) < n // 2
    angle = rng.uniform(0, 2 * np.pi, n)
    radius = np.where(inside, rng.uniform(0, 0.5, n), rng.uniform(0.75, 1.15, n))
    x = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return x.astype(dtype), inside.astype(dtype)[:, None]


def spirals(
    n: int,
    *,
    rng: np.random.Generator,
    turns: float = 1.25,
    noise: float = 0.03,
    dtype: npt.DTypeLike = np.float64,
) -> tuple[Array, npt.NDArray[np.int64]]:
    """서로 감긴 두 나선: 반지름 r ∈ [0.1, 1], 각도 2π·turns·r + π·번호, 여기에 N(0, noise²)을 더해요.

    점 n개(n ≥ 2)를 번호 0과 1이 번갈아 나눠 가져요. x: (n, 2), y: 정수 번호 (n,).
    수가 벗어나면 ValueError, rng나 dtype이 틀리면 TypeError. 출처: Lang & Witbrock 1988의 문제를 잡음과 함께.
    """
    _check_points("spirals", n)
    check_rng("spirals", rng)
    turns = check_number("spirals", "turns", turns, 0.0, math.inf, open_low=True)
    noise = check_number("spirals", "noise", noise, 0.0, math.inf, open_low=False)
    dtype = check_dtype("spirals", dtype)
    y = np.arange(n) % 2
    radius = rng.uniform(0.1, 1.0, n)
    angle = 2 * np.pi * turns * radius + np.pi * y
    x = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return (x + noise * rng.standard_normal((n, 2))).astype(dtype), y


def _check_points(who: str, n: int) -> None:
    """점의 개수가 2 이상인지 봐요."""
    if check_count(who, "점의 개수 n", n) < 2:
        raise ValueError(report(who, "점의 개수 n의 값이", "2 이상의 정수", n))
    check_room(who, n, 2)


def digits(dtype: npt.DTypeLike = np.float64) -> tuple[Array, npt.NDArray[np.int64]]:
    """손글씨 숫자 1,797장. 한 장은 8×8 화소이고, 한 줄로 펴서 행 하나에 담았어요.

    x: (1797, 64), 0(바탕) 이상 1(가장 진함) 이하. y: 정답 0~9 (1797,). 그림으로 보려면 x.reshape(-1, 1, 8, 8).
    dtype이 float32·float64가 아니면 TypeError. 출처: Alpaydin & Kaynak 1998(CC BY 4.0, bplib/data/digits.md).
    """
    dtype = check_dtype("digits", dtype)
    return _digits("x").astype(dtype) / dtype.type(16), _digits("y").astype(np.int64)


def digits_groups() -> npt.NDArray[np.int64]:
    """digits의 글씨 묶음 번호 0~13 (1797,). 같은 번호는 한 사람이 이어서 쓴 것으로 짐작해요.

    누가 썼는지는 자료에 없고, 정답의 차례가 열네 번 되풀이되는 것을 보고 나눴어요(studies/digits_data.py).
    """
    return _digits("group").astype(np.int64)


def _digits(name: str) -> npt.NDArray[np.uint8]:
    with (
        (files("bplib") / "data" / "digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as saved,
    ):
        return cast("npt.NDArray[np.uint8]", saved[name])


class Tune(NamedTuple):
    """노래 하나: 이름, 어디에서 왔는지, 빠르기(1분의 박), 음의 목록 (높이, 박). 높이는 MIDI 번호예요."""

    name: str
    origin: str
    tempo: float
    notes: tuple[tuple[int, float], ...]


def tunes() -> dict[str, Tune]:
    """저작권이 없는 노래 열여섯 곡: {이름: Tune}. 손으로 옮겨 적은 가락이고, 한국 민요가 네 곡이에요.

    모두 으뜸음 도가 60이 되게 옮겨 적었어요(이동도법). 쉼표는 앞의 음에 붙였어요.
    노래마다의 출처는 bplib/data/tunes.md에 있어요.
    """
    made = {}
    for item in table("tunes")["tunes"]:
        notes = tuple((pitch, float(beats)) for bar in item["bars"] for pitch, beats in bar)
        made[item["name"]] = Tune(item["name"], item["origin"], float(item["tempo"]), notes)
    return made


class Sentences(NamedTuple):
    """느낌을 단 한국어 문장 n개. 모든 칸의 길이가 n이에요."""

    texts: npt.NDArray[np.str_]  # 문장
    y: Array  # (n, 1), 긍정이면 1, 부정이면 0
    templates: npt.NDArray[np.str_]  # 문장의 틀
    train: npt.NDArray[np.bool_]  # 학습 문장인가? 한 틀의 문장은 모두 한쪽에 있어요
    pairs: npt.NDArray[np.str_]  # 부정만 다른 문장끼리 같은 묶음. 짝이 없으면 "-"
    forms: npt.NDArray[np.str_]  # 그대로, 안, 못, 지 않다, 없다, 아니다, 두 번
    topics: npt.NDArray[np.str_]  # 주제


def sentences(dtype: npt.DTypeLike = np.float64) -> Sentences:
    """이 책을 위해 쓴 한국어 문장과 그 느낌. 틀째로 학습과 시험으로 나눠져 있어요.

    dtype이 float32·float64가 아니면 TypeError. 만든 법과 이용 허락: bplib/data/sentences.md.
    """
    dtype = check_dtype("sentences", dtype)
    lines = (files("bplib") / "data" / "sentences.tsv").read_text(encoding="utf-8").splitlines()
    rows = np.array([line.split("\t") for line in lines[1:]])
    side, template, topic, pair, form, feeling, text = rows.T
    y = (feeling == "긍정").astype(dtype)[:, None]
    return Sentences(text, y, template, side == "학습", pair, form, topic)


class FixedSentences(NamedTuple):
    """고정한 시험 문장 n개. 모든 칸의 길이가 n이에요."""

    texts: npt.NDArray[np.str_]  # 문장
    y: Array  # (n, 1), 긍정이면 1, 부정이면 0
    kinds: npt.NDArray[np.str_]  # 그대로, 안, 지 않다, 새 낱말, 돌려 말하기


def fixed_sentences() -> FixedSentences:
    """무엇도 이것을 보고 고르지 않는 시험 문장 50개: 틀을 쓰지 않고 따로 쓴 것, 종류마다 열 개.

    만든 법: bplib/data/sentences.md.
    """
    lines = (files("bplib") / "data" / "sentences_test.tsv").read_text(encoding="utf-8").splitlines()
    kind, feeling, text = np.array([line.split("\t") for line in lines[1:]]).T
    return FixedSentences(text, (feeling == "긍정").astype(float)[:, None], kind)


def table(name: str) -> dict[str, Any]:
    """오래 걸리는 실험의 결과표: ``studies/name.py``가 만들어 ``bplib/data/name.json``에 적어 둔 것.

    그런 표가 없으면 ValueError이고, 있는 표의 이름을 알려 줘요.
    """
    check_type("table", "name", name, str, "글")
    folder = files("bplib") / "data"
    names = sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))
    if name not in names:
        raise ValueError(f"table: 그런 표가 없어요. 기대: {', '.join(names)} 가운데 하나, 받음: {name!r}")
    return dict(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
