"""가르치는 분의 쪽: 수업안의 시간이 50분이고, 시키는 활동지가 있고, 7차시의 답이 버그 동물원과 같아요."""

import json
import re

import pytest
from scripts import ROOT

from bplib.lab.worksheets import TITLES, worksheet


def notebook(name):
    return json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


TEXT = "\n\n".join(
    "".join(cell["source"]) for cell in notebook("teaching") if cell["cell_type"] == "markdown"
)
PLANS = re.findall(r"\| 분 \| 하는 일 \| 쓰는 것 \|\n\|---\|---\|---\|\n((?:\|.*\n?)+)", TEXT)


def test_every_plan_is_here():
    assert len(PLANS) == 1 + 3 + 3


@pytest.mark.parametrize("plan", PLANS)
def test_minutes_add_up(plan):
    spans = [tuple(map(int, found)) for found in re.findall(r"^\| (\d+)~(\d+) \|", plan, re.M)]
    assert len(spans) == plan.strip().count("\n") + 1
    starts, ends = zip(*spans, strict=True)
    assert (starts[0], ends[-1]) == (0, 50)
    assert starts[1:] == ends[:-1]


def test_assigned_worksheets_and_problems_exist():
    assigned = re.findall(r"활동지 (\d+)장(?:의 ([\d, –]+)번)?", TEXT)
    assert {int(chapter) for chapter, _ in assigned} == set(TITLES)
    for chapter, problems in assigned:
        numbers = [int(n) for n in re.findall(r"\d+", problems)]
        assert max(numbers, default=0) <= len(worksheet(int(chapter), 1).problems)


def test_first_plan_does_not_assign_what_it_does_not_teach():
    """한 차시는 두 갈래 길을 남을 때만 보여 주니, 그것이 있어야 푸는 4번은 시키지 않아요."""
    assert "두 길" in worksheet(4, 1).problems[3].why + worksheet(4, 1).problems[3].question
    assert "활동지 4장의 1–3번" in PLANS[0]


def test_answers_of_session_seven_agree_with_the_zoo():
    zoo = "".join("".join(cell["source"]) for cell in notebook("06-bug-zoo"))
    bugs = dict(re.findall(r'^    "([가-아])": \(\{.*?\}, \w+, (\d)\)', zoo, re.M))
    answers = dict(re.findall(r"^\| [1-4] \| ([가-아]) \| (\d) \|", TEXT, re.M))
    assert len(bugs) == 8
    assert answers == bugs


def test_standards_are_quoted_with_their_codes():
    codes = re.findall(r"^\| \[(12[가-힣]+[ⅠⅡ]?-?\d\d-\d\d)\] [^|]+수 있다\. \| [^|]+\|$", TEXT, re.M)
    assert len(codes) == len(set(codes)) == 7
