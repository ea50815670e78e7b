#!/usr/bin/env python3
"""mutmut을 그대로 부르되, 사람이 읽는 글은 바꾸지 않게 해요. 인자는 mutmut의 것 그대로예요.

글은 한글이 든 문자열, raise로 시작하는 식, 검사 함수(check_…, report)에 주는 이름이에요. 맞는지는 사람이 읽고 정할
일이라서예요. 두 가지가 더 있어요: ``names``는 변이의 이름을, ``describe 변이 …``는 변이마다 "함수: 옛 줄 → 새 줄"을
한 줄에 하나씩 말해요.
"""

import os
import re
from typing import Any

import click
import libcst as cst
from mutmut.__main__ import cli
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import MutationVisitor, mutate_file_contents
from mutmut.runners import harness
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name

HANGUL = re.compile("[가-힣]")
CHECKS = re.compile(r"_?check(_\w+)?|report|as_numbers")
STRINGS = cst.SimpleString | cst.FormattedString | cst.ConcatenatedString
NOT_RUN = 35  # mutmut이 "뜻밖"으로 적는 상태

visitor: Any = MutationVisitor
skip, mutates = visitor._skip_node_and_children, visitor._should_mutate_node
removes = visitor._removes_ignored_code
labels: set[cst.CSTNode] = set()  # 검사 함수에 주는, 오류 문장에만 쓰이는 이름들: 누가(who), 무엇이(what)


def values(node: cst.CSTNode) -> list[cst.CSTNode]:
    """함수를 부를 때 준 값들."""
    return [argument.value for argument in node.args] if isinstance(node, cst.Call) else []


def is_text(node: cst.CSTNode) -> bool:
    """사람이 읽는 글인가. 글 속의 식(f"…{x + 1}")은 셈이라 그대로 바꿔요."""
    hangul = isinstance(node, STRINGS) and HANGUL.search(cst.Module([]).code_for_node(node))
    return bool(hangul) or node in labels


def skips(self: Any, node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and CHECKS.fullmatch(node.func.value):
        first = values(node)[:2]
        labels.update(
            v for v in first if isinstance(v, STRINGS) or (isinstance(v, cst.Name) and v.value == "who")
        )
    return isinstance(node, cst.Raise) or node in labels or skip(self, node)


def mutates_node(self: Any, node: cst.CSTNode) -> bool:
    return not is_text(node) and mutates(self, node)


def removes_text(self: Any, node: cst.CSTNode, mutated: cst.CSTNode) -> bool:
    gone = set(values(node)) - set(values(mutated)) if isinstance(mutated, cst.Call) else set()
    return any(map(is_text, gone)) or removes(self, node, mutated)


def stop(_: Any) -> None:
    """시험을 부르지 못한 프로세스를 끝내요. 그냥 두면 끝난 상태가 1이라, 시험하지 못한 것을 죽은 것으로 세요."""
    os._exit(NOT_RUN)


visitor._skip_node_and_children, visitor._should_mutate_node = skips, mutates_node
visitor._removes_ignored_code = removes_text
harness.BadTestExecutionCommandsException = stop  # type: ignore[assignment, misc]


def function_name(mutant: str) -> str:
    """bplib.layers.xǁLinearǁforward__mutmut_3 → Linear.forward."""
    name = mutant.rpartition(".")[2].rpartition("__mutmut_")[0]
    return name.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")


@cli.command()
def names() -> None:
    for path in sorted(walk_mutatable_files()):
        for name in mutate_file_contents(str(path), path.read_text(encoding="utf-8")).mutant_names:
            click.echo(get_mutant_name(path, name))


@cli.command()
@click.argument("mutants", nargs=-1)
def describe(mutants: tuple[str, ...]) -> None:
    for mutant in mutants:
        lines = [line for line in get_diff_for_mutant(mutant).splitlines() if line[:3] not in ("---", "+++")]
        old, new = (" ".join(line[1:].strip() for line in lines if line[0] == mark) for mark in "-+")
        click.echo(f"{function_name(mutant)}: {old} → {new}")


if __name__ == "__main__":
    cli()
