"""학습률 스케줄: 걸음 번호 t = 0, 1, 2, …를 받아 학습률 η를 내는 함수를 만들어요. fit(schedule=…)에 넣어요."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable

from bplib._checks import check_callable, check_count, check_number, report

Schedule = Callable[[int], float]
MAX_DROPS = 2**53  # 이보다 여러 번 줄여도 float에서는 더 줄지 않아요


def step_decay(lr: float, drop: float, every: int) -> Schedule:
    """계단: η(t) = lr · drop^⌊t / every⌋. every걸음마다 drop배(0 < drop < 1)로 줄어요.

    수가 벗어나면 ValueError, 형이 다르면 TypeError. t < 0이면 ValueError, 정수가 아니면 TypeError.
    """
    lr = check_number("step_decay", "lr", lr, 0.0, math.inf, open_low=True)
    drop = check_number("step_decay", "drop", drop, 0.0, 1.0, open_low=True)
    check_count("step_decay", "every", every)

    def schedule(t: int) -> float:
        t = _check_step("step_decay", t)
        return lr * drop ** float(min(t // every, MAX_DROPS))

    return schedule


def cosine(lr: float, total: int, lr_min: float = 0.0) -> Schedule:
    """코사인: η(t) = lr_min + ½ (lr − lr_min) (1 + cos(π t / total)). t ≥ total이면 lr_min에 머물러요.

    처음과 끝은 천천히, 가운데는 빠르게 줄어요. lr > 0, 0 ≤ lr_min ≤ lr이 아니면 ValueError, 형이 다르면
    TypeError. t < 0이면 ValueError, t가 정수가 아니면 TypeError. 출처: Loshchilov & Hutter 2017, 식 (5)의 한 주기.
    """
    lr, lr_min = _check_range("cosine", lr, lr_min)
    check_count("cosine", "total", total)

    def schedule(t: int) -> float:
        t = _check_step("cosine", t)
        return _half_wave(lr, lr_min, 1.0 if t >= total else t / total)

    return schedule


def warm_restarts(lr: float, period: int, mult: int = 1, lr_min: float = 0.0) -> Schedule:
    """따뜻한 다시 시작: period걸음의 코사인이 끝나면 lr로 되돌아가고, 다음 주기는 mult배 길어져요.

    오류는 cosine과 같아요. 출처: Loshchilov & Hutter 2017, 식 (5).
    """
    lr, lr_min = _check_range("warm_restarts", lr, lr_min)
    check_count("warm_restarts", "period", period)
    check_count("warm_restarts", "mult", mult)

    def schedule(t: int) -> float:
        t = _check_step("warm_restarts", t)
        length = period
        while t >= length and mult > 1:
            t -= length
            length *= mult
        return _half_wave(lr, lr_min, t % length / length)

    return schedule


def warmup(steps: int, then: Schedule) -> Schedule:
    """따뜻한 시작: steps걸음 동안 then의 처음 학습률까지 곧게 키우고, 그다음은 then을 처음부터 따라가요.

    t < steps이면 η(t) = then(0) · (t + 1) / (steps + 1), 아니면 η(t) = then(t − steps).
    then은 스케줄(함수)이고 then(0)은 0 이상의 수여야 해요. 수가 벗어나면 ValueError, 형이 다르면 TypeError.
    t의 오류는 cosine과 같아요. 출처: Goyal et al. 2017, 2.2절(gradual warmup).
    """
    check_count("warmup", "steps", steps)
    check_callable("warmup", "then", then)
    top = check_number("warmup", "then(0)", then(0), 0.0, math.inf, open_low=False)

    def schedule(t: int) -> float:
        t = _check_step("warmup", t)
        return then(t - steps) if t >= steps else top * (t + 1) / (steps + 1)

    return schedule


def _half_wave(lr: float, lr_min: float, part: float) -> float:
    """part = 0에서 lr, part = 1에서 lr_min인 코사인 반 주기."""
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * part))


def _check_range(who: str, lr: float, lr_min: float) -> tuple[float, float]:
    """0 ≤ lr_min ≤ lr, lr > 0인 두 수인지 봐요."""
    lr = check_number(who, "lr", lr, 0.0, math.inf, open_low=True)
    lr_min = check_number(who, "lr_min", lr_min, 0.0, math.inf, open_low=False)
    if lr_min > lr:
        raise ValueError(report(who, "lr_min의 값이", f"lr = {lr:g} 이하", f"{lr_min:g}"))
    return lr, lr_min


def _check_step(who: str, t: int) -> int:
    """걸음 번호는 0부터예요."""
    if not isinstance(t, numbers.Integral) or isinstance(t, bool):
        raise TypeError(report(who, "걸음 번호 t의 형이", "0 이상의 정수", repr(t)))
    if t < 0:
        raise ValueError(report(who, "걸음 번호 t의 값이", "0 이상", t))
    return int(t)
