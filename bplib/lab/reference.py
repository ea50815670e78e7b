"""참고: bplib의 모든 공개 이름과 그 설명을 docstring에서 모아 한 쪽으로 보여 줘요. 모듈이 늘면 저절로 늘어요."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from html import escape
from types import ModuleType
from typing import Any

import bplib

# 읽는 차례. 여기에 없는 모듈은 이 뒤에 이름 차례로 와요.
ORDER = (
    "params",
    "init",
    "activations",
    "layers",
    "regularize",
    "conv",
    "recurrent",
    "attention",
    "losses",
    "optim",
    "schedules",
    "train",
    "gradcheck",
    "saving",
    "datasets",
    "ledger",
    "graph",
)
PROBLEMS = "bplib.lab.problems"  # 장마다의 문제는 자료라서, 그것을 부르는 problem만 보여요


def modules() -> list[ModuleType]:
    """밑줄로 시작하지 않는 모듈을 읽는 차례로."""
    found = pkgutil.walk_packages(bplib.__path__, "bplib.")
    names = [info.name for info in found if not info.ispkg and not short(info.name).startswith("_")]
    names = [PROBLEMS, *(name for name in names if not name.startswith(f"{PROBLEMS}."))]
    place = {name: number for number, name in enumerate(ORDER)}
    names.sort(key=lambda name: (place.get(short(name), len(ORDER)), name))
    return [importlib.import_module(name) for name in names]


def short(name: str) -> str:
    """``"bplib.lab.plots"``의 마지막 이름 ``"plots"``. 방이 달라도 모듈의 이름은 겹치지 않아요."""
    return name.rpartition(".")[2]


def public(module: ModuleType) -> dict[str, Any]:
    """모듈이 스스로 정한 공개 이름: 거기서 만든 함수와 클래스 가운데 밑줄로 시작하지 않는 것, 적힌 차례로."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == module.__name__
    }


def members(thing: Any) -> dict[str, Any]:
    """클래스가 스스로 정한 공개 메서드와 프로퍼티. 클래스가 아니면 비어 있어요."""
    if not inspect.isclass(thing):
        return {}
    return {
        name: value
        for name, value in vars(thing).items()
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
    }


def formulas(thing: Any) -> dict[str, Any]:
    """층과 손실의 식: 검사하는 문(forward) 뒤의 _forward에 적혀 있어요. 독자는 문의 이름으로 불러요."""
    if not inspect.isclass(thing):
        return {}
    found = {name: vars(thing).get(f"_{name}") for name in ("forward", "backward")}
    return {name: value for name, value in found.items() if inspect.getdoc(value)}


def signature(thing: Any) -> str:
    """``(n_in, n_out, *, rng, init=he)``처럼 적은 인자. 형은 빼고, 기본값은 이름으로 적어 어디서나 같아요."""
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        return ""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    parts = [
        parameter.replace(annotation=parameter.empty, default=_Shown(parameter.default))
        if parameter.default is not parameter.empty
        else parameter.replace(annotation=parameter.empty)
        for parameter in found.parameters.values()
        if parameter.name != "self"
    ]
    return str(found.replace(parameters=parts, return_annotation=found.empty))


class _Shown:
    """서명에 적을 기본값: 함수와 클래스는 주소 없이 이름만."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return getattr(self.value, "__name__", None) or repr(self.value)


class Reference:
    """bplib 참고 한 쪽. 노트북에서 그대로 보이면 HTML이에요."""

    def __repr__(self) -> str:
        names = sum(len(public(module)) for module in modules())
        return f"[bplib 참고: 모듈 {len(modules())}개, 이름 {names}개]"

    def _repr_html_(self) -> str:
        return f'<div class="bp-reference">\n{"".join(map(_module_html, modules()))}</div>'


def _id(module: ModuleType, name: str = "") -> str:
    return f"{module.__name__}.{name}".rstrip(".").replace(".", "-")


def _module_html(module: ModuleType) -> str:
    """모듈 하나: 접어 두었다가 펼쳐요. 접은 채로도 이름과 한 줄 설명이 보여요."""
    names = public(module)
    first = escape((inspect.getdoc(module) or "").partition("\n")[0])
    links = ", ".join(f'<a href="#{_id(module, name)}">{name}</a>' for name in names)
    entries = "".join(_entry_html(module, name, thing) for name, thing in names.items())
    return (
        f'<details id="{_id(module)}"><summary><code>{module.__name__}</code> {first}</summary>\n'
        f"<p>{links}</p>\n{_text_html(module)}\n{entries}</details>\n"
    )


def _entry_html(module: ModuleType, name: str, thing: Any) -> str:
    kind = "클래스" if inspect.isclass(thing) else "함수"
    rows = "".join(
        f"<dt><code>.{key}{'' if isinstance(value, property) else escape(signature(value))}</code></dt>"
        f"<dd>{_text_html(value)}</dd>\n"
        for key, value in {**members(thing), **formulas(thing)}.items()
    )
    return (
        f'<h3 id="{_id(module, name)}"><code>{name}{escape(signature(thing))}</code> <small>{kind}</small></h3>'
        f"\n{_text_html(thing)}{f'<dl>{rows}</dl>' if rows else ''}\n"
    )


def _text_html(thing: Any) -> str:
    """docstring을 문단과 목록과 코드로. 빈 줄이 문단을, ``- ``가 목록을, ``>>>``가 코드를 나눠요."""
    return "".join(_block_html(block) for block in _blocks(inspect.getdoc(thing) or ""))


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        yield from re.split(r"\n(?=- )", block)


def _block_html(block: str) -> str:
    if block.lstrip().startswith(">>>"):
        code = re.sub(r"\s*# doctest:.*", "", block)
        return f"<pre>{escape(code)}</pre>"
    plain = escape(re.sub(r"\s*\n\s*", " ", block))
    plain = re.sub(r":\w+:``?([^`]+)``?|:\w+:`([^`]+)`|``([^`]+)``|`([^`]+)`", _code, plain)
    plain = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", plain)
    return f"<p>• {plain[2:]}</p>" if plain.startswith("- ") else f"<p>{plain}</p>"


def _code(match: re.Match[str]) -> str:
    return f"<code>{next(group for group in match.groups() if group)}</code>"
