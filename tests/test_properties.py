"""어떤 신경망이든 지키는 성질: δ에 선형인 역전파, 배치의 차례와 나눔, float32와 float64, 씨앗이 같으면 같은 학습."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import seeded
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, assert_close, cases, image_cases, word_cases

from bplib import (
    BatchNorm,
    Conv2d,
    Dropout,
    Embedding,
    Linear,
    Residual,
    Sequential,
)
from bplib.recurrent import Recurrent

# 완전연결, 합성곱, 순환. 층의 수와 폭, 활성화 함수, 손실, 배치 크기까지 임의예요.
networks = st.one_of(cases(), image_cases(), word_cases())
seeds = st.integers(0, 2**32 - 1)


def remade(layer: Any, dtype: Any) -> Any:
    """같은 설정으로 ``dtype``에 새로 만든 층."""
    more = {"rng": np.random.default_rng(0), "dtype": dtype}
    if isinstance(layer, Linear):
        return Linear(layer.n_in, layer.n_out, **more)
    if isinstance(layer, Conv2d):
        return Conv2d(layer.c_in, layer.c_out, layer.size, padding=layer.padding, stride=layer.stride, **more)
    if isinstance(layer, Embedding):
        return Embedding(*layer.W.shape, padding=layer.padding, **more)
    if isinstance(layer, Recurrent):
        return type(layer)(layer.n_in, layer.n_out, truncate=layer.truncate, padding=layer.padding, **more)
    return type(layer)(layer.size) if hasattr(layer, "size") else type(layer)()


def in_float32(case: Case) -> Case:
    """float32로 다시 만든 같은 신경망. 원본의 수와 입력도 float32로 적을 수 있는 값으로 바꿔, 셈만 다르게 해요."""
    net = Sequential(*(remade(layer, np.float32) for layer in case.net))
    net.params().value = case.net.params().value
    case.net.params().value = net.params().value
    x, y = (a.astype(np.float32) if a.dtype.kind == "f" else a for a in (case.x, case.y))
    case.x = x.astype(case.x.dtype)
    return Case(net, type(case.loss)(), x, y)


def step(case: Case, samples: Any = slice(None)) -> tuple[np.ndarray, float, np.ndarray, np.ndarray | None]:
    """고른 표본만으로 한 (출력, 손실, 배우는 수의 기울기, 입력의 기울기). 단어 번호에는 입력의 기울기가 없어요."""
    rows = case.y.reshape(len(case.x), -1, *case.y.shape[1:])[samples]  # EveryStep은 표본 하나에 행이 여럿
    pred = case.net.forward(case.x[samples])
    value = case.loss.forward(pred, rows.reshape(-1, *case.y.shape[1:]))
    grad_x = case.net.backward(case.loss.backward(), input_grad=case.x.dtype.kind == "f")
    return pred, value, case.net.params().grad.copy(), grad_x


@st.composite
def with_mixing_layers(draw: Any) -> Case:
    """배치의 표본을 섞는 BatchNorm과 난수를 쓰는 Dropout, 잔차 연결을 학습 상태로 앞에 단 신경망."""
    case = draw(cases().filter(lambda case: len(case.x) >= 2))
    rng, width = np.random.default_rng(draw(seeds)), case.x.shape[1]
    front = [
        BatchNorm(width),
        Residual(Linear(width, width, rng=rng), Dropout(0.5, rng=rng)),
        BatchNorm(width),
    ]
    net = Sequential(*front, *(remade(layer, np.float64) for layer in case.net))
    net.params().value = 0.5 * rng.standard_normal(net.params().size)
    return Case(net, case.loss, case.x, case.y)


@given(st.one_of(networks, with_mixing_layers()), seeds)
def test_backward_is_linear_in_delta(case, seed):
    """δ = 2 δ₁ − 3 δ₂의 기울기는 모두 2 (δ₁의 기울기) − 3 (δ₂의 기울기)예요."""
    pred, rng = case.net.forward(case.x), np.random.default_rng(seed)
    first, second = rng.standard_normal((2, *pred.shape))
    results = []
    for delta in (first, second, 2 * first - 3 * second):
        grad_x = case.net.backward(delta, input_grad=case.x.dtype.kind == "f")
        results.append([case.net.params().grad.copy(), np.zeros(1) if grad_x is None else grad_x])
    for one, two, mixed in zip(*results, strict=True):
        size = np.linalg.norm(2 * one) + np.linalg.norm(3 * two)
        assert np.linalg.norm(mixed - (2 * one - 3 * two)) <= 1e-12 * (
            size + 1
        )  # 서로 지워져 0에 가까운 것도


@given(networks, seeds)
def test_the_order_of_the_batch_does_not_matter(case, seed):
    """표본의 차례를 바꾸면 출력과 입력의 기울기도 그 차례가 되고, 손실과 배우는 수의 기울기는 그대로예요."""
    order = np.random.default_rng(seed).permutation(len(case.x))
    pred, value, grads, grad_x = step(case)
    moved_pred, moved_value, moved_grads, moved_grad_x = step(case, order)
    rows = pred.reshape(len(case.x), -1, pred.shape[1])[order].reshape(pred.shape)
    assert_close(moved_pred, rows)
    assert moved_value == pytest.approx(value, rel=1e-12)
    assert_close(moved_grads, grads)
    if grad_x is not None:
        assert_close(moved_grad_x, grad_x[order])


@given(networks, st.data())
def test_the_batch_may_be_split(case, data):
    """표본은 서로 섞이지 않아요. 나눈 배치의 손실과 기울기를 표본 수로 평균하면 배치 전체의 것이에요."""
    n = len(case.x)
    cuts = sorted(data.draw(st.sets(st.integers(1, n - 1)), label="나누는 자리")) if n > 1 else []
    pred, value, grads, grad_x = step(case)
    parts = [slice(start, stop) for start, stop in zip([0, *cuts], [*cuts, n], strict=True)]
    results = [step(case, part) for part in parts]
    shares = [(part.stop - part.start) / n for part in parts]
    preds, values, part_grads, part_grads_x = zip(*results, strict=True)
    assert_close(np.concatenate(preds), pred)
    assert np.dot(shares, values) == pytest.approx(value, rel=1e-12)
    assert_close(np.tensordot(shares, part_grads, axes=1), grads)
    if grad_x is not None:
        scaled = [share * grad for share, grad in zip(shares, part_grads_x, strict=True)]
        assert_close(np.concatenate(scaled), grad_x)


ROUNDINGS = 100  # float32의 반올림 한 번(1.2e-7)의 몇 배까지 벌어져도 되는지. 실제로는 12배까지였어요


@given(networks)
def test_float32_agrees_with_float64(case):
    """같은 수에서 시작한 float32의 출력, 손실, 기울기는 float64의 것과 반올림 몇 번만큼만 달라요."""
    small = step(in_float32(case))
    for got, exact in zip(small, step(case), strict=True):
        if exact is not None:
            gap, size = np.linalg.norm(got - np.asarray(exact)), np.linalg.norm(exact)
            assert gap <= ROUNDINGS * np.finfo(np.float32).eps * max(size, 1e-2), f"{gap:.3g} / {size:.3g}"


# ── 씨앗이 같으면 ──


def test_the_seed_decides_everything_in_any_process(tmp_path):
    """문자열의 해시와 실행한 폴더가 다른 두 프로세스에서 배운 수와 기록이 마지막 비트까지 같아요."""
    script = Path(seeded.__file__)
    running = []
    for hash_seed, folder in (("1", tmp_path), ("2", script.parent)):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
        command = [sys.executable, str(script)]
        running.append(
            subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
    first, second = (process.communicate() for process in running)
    assert not any(process.returncode for process in running), (first[1] + second[1]).decode()
    results = [json.loads(output) for output, _ in (first, second)]
    assert set(results[0]) == set(seeded.NETWORKS)
    assert results[0] == results[1]
    assert len({one["수"] for one in results[0].values()}) == len(seeded.NETWORKS)
