"""답 칸에 적은 글을 수로 읽기: 사람이 적는 모양을 모두 읽고, 수가 아닌 것은 읽지 않고, 아무것도 실행하지 않아요."""

import pytest

from bplib.lab.typed import Reading, read_number


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("0.5", 0.5, 1),
        (" -0.0293 ", -0.0293, 4),
        ("−2", -2.0, 0),
        ("–0.1", -0.1, 1),
        ("１．２５", 1.25, 2),
        ("－３", -3.0, 0),
        ("5/4", 1.25, None),
        ("-1 / 8", -0.125, None),
        ("½", 0.5, None),
        ("101,770", 101770.0, 0),
        ("1,234.50", 1234.5, 2),
        (".5", 0.5, 1),
        ("5.", 5.0, 0),
        ("1e-3", 0.001, None),
        ("53.13°", 53.13, 2),
        ("53.13도", 53.13, 2),
        ("12 개", 12.0, 0),
        ("87 %", 87.0, 0),
    ],
)
def test_what_people_type(text, value, decimals):
    assert read_number(text) == Reading(value, decimals, "")


@pytest.mark.parametrize(("text", "value"), [("0,145", 0.145), ("-1,5", -1.5), ("12,3456", 12.3456)])
def test_a_decimal_comma_is_said_back(text, value):
    found = read_number(text)
    assert found
    assert found.value == value
    assert text in found.note
    assert str(value) in found.note


@pytest.mark.parametrize(
    "text",
    [
        *("", "정답", "nan", "1_000", "__import__('os')", "<b>1</b>", "1e999", "٣", "1/0", "1/2/3"),
        *("1½", "５²"),
        *("1,2,3", "--1", "1 2", "0x10", "2x", "2π", "1,23,456"),
    ],
)
def test_what_is_not_a_number(text):
    assert read_number(text) is None
