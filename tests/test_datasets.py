"""자료: XOR의 표, 나선의 모양, 재현, 자료형, 오류."""

import difflib
import math
from importlib.resources import files

import numpy as np
import pytest
from sklearn.datasets import load_digits
from strategies import DTYPES

from bplib import datasets


@pytest.mark.parametrize("dtype", DTYPES)
def test_xor(dtype):
    x, y = datasets.xor(dtype)
    assert x.dtype == y.dtype == dtype
    assert [(a, b, c) for (a, b), (c,) in zip(x.tolist(), y.tolist(), strict=True)] == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]


def test_spirals_lie_on_two_opposite_arms(rng):
    x, y = datasets.spirals(101, rng=rng, noise=0.0, turns=1.5)
    assert x.shape == (101, 2)
    assert np.bincount(y).tolist() == [51, 50]
    radius = np.hypot(*x.T)
    assert radius.min() >= 0.1
    assert radius.max() <= 1.0
    turned = np.arctan2(x[:, 1], x[:, 0]) - 2 * math.pi * 1.5 * radius - math.pi * y
    np.testing.assert_allclose(np.cos(turned), 1, atol=1e-12)


def test_noise_has_its_size():
    clean, _ = datasets.spirals(4000, rng=np.random.default_rng(2), noise=0.0)
    noisy, _ = datasets.spirals(4000, rng=np.random.default_rng(2), noise=0.1)
    assert (noisy - clean).std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("dtype", DTYPES)
def test_spirals_are_reproducible(dtype):
    runs = [datasets.spirals(10, rng=np.random.default_rng(4), dtype=dtype) for _ in range(2)]
    assert (runs[0][0] == runs[1][0]).all()
    assert runs[0][0].dtype == dtype
    assert np.issubdtype(runs[0][1].dtype, np.integer)


@pytest.mark.parametrize(
    ("kwargs", "error", "words"),
    [
        ({"n": 1}, ValueError, "n"),
        ({"n": 2.0}, TypeError, "n"),
        ({"rng": None}, TypeError, "rng"),
        ({"turns": 0.0}, ValueError, "turns"),
        ({"noise": -1.0}, ValueError, "noise"),
        ({"dtype": int}, TypeError, "dtype"),
    ],
)
def test_bad_spirals(kwargs, error, words, rng):
    with pytest.raises(error, match=words):
        datasets.spirals(**{"n": 10, "rng": rng, **kwargs})


def test_bad_xor_dtype():
    with pytest.raises(TypeError, match="dtype"):
        datasets.xor(np.int64)


def test_rings_are_two_bands():
    """원판은 반지름 0.5 안, 고리는 0.75에서 1.15 사이예요."""
    x, y = datasets.rings(101, rng=np.random.default_rng(3))
    radius = np.hypot(*x.T)
    assert x.shape == (101, 2)
    assert y.shape == (101, 1)
    assert y.sum() == 50
    assert radius[y[:, 0] == 1].max() <= 0.5
    assert radius[y[:, 0] == 0].min() >= 0.75
    assert radius.max() <= 1.15
    assert datasets.rings(4, rng=np.random.default_rng(0), dtype=np.float32)[0].dtype == np.float32


@pytest.mark.parametrize("n", [1, 0, -3])
def test_rings_need_two_points(n):
    with pytest.raises(ValueError, match="rings"):
        datasets.rings(n, rng=np.random.default_rng(0))


def test_bars_of_the_tunes_add_up():
    """옮겨 적다가 길이 하나를 틀리면 마디가 어긋나요. 여린내기는 첫 마디와 마지막 마디가 서로 채워요."""
    for tune in datasets.table("tunes")["tunes"]:
        sums = [sum(beats for _, beats in bar) for bar in tune["bars"]]
        inner = sums if sums[0] == tune["meter"] else [*sums[1:-1], (sums[0] + sums[-1]) % tune["meter"]]
        assert set(inner) <= {tune["meter"], 0}, tune["name"]


def test_tunes_are_notes_in_one_key():
    tunes = datasets.tunes()
    assert len(tunes) == 16
    assert {"아리랑", "도라지타령", "새야 새야", "작은 별", "자크 수사님", "환희의 송가"} <= set(tunes)
    assert not {"학교종", "반달", "애국가"} & set(tunes)
    for name, tune in tunes.items():
        assert tune.name == name
        for pitch, beats in tune.notes:
            assert (pitch - 60) % 12 in {0, 2, 4, 5, 7, 9, 11}, f"{name}: 으뜸음이 도가 아니에요"
            assert beats in {0.5, 1.0, 1.5, 2.0, 3.0, 4.0}
        assert 20 <= len(tune.notes) <= 100
        assert 60 <= tune.tempo <= 200
    assert tunes["작은 별"].notes[:7] == ((60, 1), (60, 1), (67, 1), (67, 1), (69, 1), (69, 1), (67, 2))


def test_every_tune_is_credited():
    credits = (files("bplib") / "data" / "tunes.md").read_text(encoding="utf-8")
    for name in datasets.tunes():
        assert f"\n| {name} |" in credits


@pytest.mark.parametrize("dtype", DTYPES)
def test_digits_are_those_of_scikit_learn(dtype):
    """한 화소, 한 정답도 다르지 않아요. 화소는 16분의 1 눈금이라 나누어도 반올림이 없어요."""
    x, y = datasets.digits(dtype)
    bunch = load_digits()
    assert x.dtype == dtype
    assert np.issubdtype(y.dtype, np.integer)
    assert (x * 16 == bunch.data).all()
    assert (y == bunch.target).all()
    assert (x.reshape(-1, 8, 8) * 16 == bunch.images).all()


def test_digits_are_fresh_arrays():
    datasets.digits()[0][:] = 7
    datasets.digits_groups()[:] = 7
    assert datasets.digits()[0].max() == 1
    assert datasets.digits_groups().max() == 13


def test_digit_groups_repeat_one_form():
    """묶음마다 0123…으로 시작하고, 정답의 차례가 거의 같아요(빠진 글자 몇 개만 달라요)."""
    _, y = datasets.digits()
    group = datasets.digits_groups()
    assert (np.diff(group) >= 0).all()
    assert np.unique(group).tolist() == list(range(14))
    forms = ["".join(map(str, y[group == g])) for g in range(14)]
    for form in forms:
        assert form.removeprefix("0").startswith("123456789012345")
        assert difflib.SequenceMatcher(None, forms[0], form, autojunk=False).ratio() >= 0.95


def test_bad_digits_dtype():
    with pytest.raises(TypeError, match="dtype"):
        datasets.digits(np.uint8)
