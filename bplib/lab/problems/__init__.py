"""연습문제: 장마다 한 모듈에 물음, 정답, 알려진 실수가 있어요. 노트북은 `problem("5.3")`으로 불러요."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from bplib._checks import check_type, report
from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Exercise

# 번호의 앞자리 → 모듈. 버그 동물원의 연습(6.21부터)은 그 쪽에서 잰 것을 물어서 여기에 없어요.
HOMES = {
    "0": "intro",
    "1": "structure",
    "2": "forward",
    "3": "gradient_descent",
    "4": "chain_rule",
    "5": "backprop",
    "6": "training",
    "7": "images",
    "8": "language",
    "9": "music",
    "10": "speed",
    "11": "minima",
    "12": "vanishing",
    "13": "future",
    "14": "summary",
}


def problem(number: str) -> Exercise | CodeExercise:
    """``"5.3"``처럼 장과 차례로 부른 연습문제. 같은 번호면 같은 문제예요.

    글이 아니면 TypeError, 그런 번호가 없으면 ValueError.
    """
    check_type("problem", "number", number, str, "글")
    return _made(number)


@cache
def _made(number: str) -> Exercise | CodeExercise:
    chapter, _, place = number.partition(".")
    module = import_module(f"bplib.lab.problems.{HOMES[chapter]}") if chapter in HOMES else None
    make = getattr(module, f"ex_{chapter}_{place}", None)
    if make is None:
        raise ValueError(report("problem", "number가", '"0.1" … "14.14" 같은 연습의 번호', repr(number)))
    return make()


def numbers() -> list[str]:
    """책의 연습문제의 번호를 장과 모듈에 적힌 차례로."""
    modules = [import_module(f"bplib.lab.problems.{home}") for home in HOMES.values()]
    makers = [name for module in modules for name in vars(module) if name.startswith("ex_")]
    return [name.removeprefix("ex_").replace("_", ".") for name in makers]


def diagnoses() -> dict[str, list[str]]:
    """책이 알아보는 실수: 진단마다, 그 진단을 하는 연습의 번호들. ``python -m bplib.lab.problems``가 적어 줘요."""
    found: dict[str, list[str]] = {}
    for number in numbers():
        for mistake in problem(number).mistakes:
            found.setdefault(mistake.diagnosis, []).append(number)
    return found
