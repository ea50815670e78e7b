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


def test_no_plan_assigns_what_it_has_not_shown():
    """두 갈래 길(4장의 4번), 좁은 골짜기(3장의 4번), 미니배치와 멈출 때(6장의 1, 5번)는 보여 준 시간에만 시켜요."""
    whys = {chapter: [p.why + p.question for p in worksheet(chapter, 1).problems] for chapter in (3, 4, 6)}
    assert "두 길" in whys[4][3]
    assert "곡률" in whys[3][3]
    assert "배치의 수" in whys[6][0]
    assert "검증" in whys[6][4]
    assert "활동지 4장의 1–3번" in PLANS[0]
    assert "활동지 3장의 1–3, 5번" in PLANS[2]
    eight = TEXT[TEXT.index("## 여덟 차시") : TEXT.index("## 한계")]
    assert set(re.findall(r"활동지 6장(?:의 [\d–]+번)?", eight)) == {"활동지 6장의 2–4번", "활동지 6장의 1번"}


@pytest.mark.parametrize("plan", PLANS)
def test_a_question_in_a_plan_has_its_answer_and_a_place(plan):
    """혼자 들고 들어가도 되게: 물음에는 바라는 답이, 쓸 것에는 장이 아니라 절이 있어요."""
    assert "? |" not in plan
    assert not re.search(r"\]\([\w-]+\.ipynb\)", plan)


def test_answers_of_session_seven_agree_with_the_zoo():
    zoo = "".join("".join(cell["source"]) for cell in notebook("06-bug-zoo"))
    bugs = dict(re.findall(r'^    "([가-아])": \(\{.*?\}, \w+, (\d)\)', zoo, re.M))
    answers = dict(re.findall(r"^\| [1-4] \| ([가-아]) \| (\d) \|", TEXT, re.M))
    assert len(bugs) == 8
    assert answers == bugs


def test_standards_are_quoted_with_their_codes():
    codes = re.findall(r"^\| \[(12[가-힣]+[ⅠⅡ]?-?\d\d-\d\d)\] [^|]+수 있다\. \| [^|]+\|$", TEXT, re.M)
    assert len(codes) == len(set(codes)) == 7
