"""내 입력의 파이썬 쪽: 획을 8×8 수로 고치기, 배운 신경망과 그 표, 커널의 칸, 결과의 표."""

import numpy as np
import pytest
from scripts import load_script

from bplib import datasets
from bplib.lab import nets
from bplib.lab.drawing import EMPTY, Own, cells
from bplib.lab.own import KINDS, own_input
from bplib.lab.table import Table


@pytest.fixture(scope="module")
def strokes():
    return load_script("studies/strokes.py")


@pytest.fixture(scope="module")
def shifts():
    return load_script("studies/shifts.py")


def test_a_slanted_line_becomes_an_upright_one():
    """기울기를 세우면, 비스듬한 획도 곧은 획처럼 한두 칸 너비로 모든 줄에 서요."""
    for lean in (-0.2, -0.1, 0.1, 0.2):
        drawn = cells([[(0.5 + lean, 0.1), (0.5 - lean, 0.9)]])
        assert drawn.any(axis=1).all()
        middles = (drawn * np.arange(8)).sum(axis=1) / drawn.sum(axis=1)
        assert np.ptp(middles[1:7]) < 0.5


def test_where_and_how_large_does_not_matter():
    """글씨만 오려 늘리니, 종이의 어디에 얼마나 크게 쓰든 같아요(붓도 함께 크면)."""
    seven = np.array([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)])
    assert (cells([seven], 0.08) == cells([0.5 * seven + 0.25], 0.04)).all()
    assert (
        cells([seven], 0.08) == cells([seven + np.array([0.1, -0.1])], 0.08)
    ).mean() > 0.95  # 반올림만 달라요


def test_small_digits_are_read_as_well(strokes):
    """종이의 구석에 작게 써도, 붓이 글씨의 속을 메우지 않아서 크게 쓴 만큼 읽어요."""
    net, right = nets.trained("digits"), 0
    for digit, drawn, _ in strokes.made_set():
        small = [0.05 + 0.3 * (stroke - np.concatenate(drawn).min(axis=0)) for stroke in drawn]
        right += net.forward(cells(small)[None, None] / 16).argmax() == digit
    assert right >= datasets.table("shifts")["shipped"][1][0]


def test_drawn_digits_look_like_the_data(strokes):
    """켜진 화소의 수와 자리가 배운 자료의 범위에 들어요."""
    x, _ = datasets.digits()
    ink, made = 16 * x.sum(axis=1), [cells(s, pen) for _, s, pen in strokes.made_set()]
    assert abs(np.mean([m.sum() for m in made]) - ink.mean()) < 0.1 * ink.mean()
    assert all(ink.min() <= m.sum() <= ink.max() for m in made)
    assert all(m[0].any() and m[7].any() and m.max() <= 16 for m in made)


def test_no_strokes_no_ink():
    assert not cells([]).any()
    assert not cells([[]]).any()
    assert cells([[(0.5, 0.5)]]).any()


@pytest.mark.parametrize(("bad", "said"), [(np.nan, "획의 점이"), (np.inf, "획의 점이")])
def test_broken_points_are_told(bad, said):
    with pytest.raises(ValueError, match=said):
        cells([[(0.1, bad), (0.2, 0.2)]])


def test_a_part_of_the_table_again(shifts):
    """작은 조각을 다시 배워, 표와 쪽에 실린 신경망이 정말 그 스크립트에서 나왔는지 봐요."""
    table = datasets.table("shifts")
    entry = table["mlp copies"]
    net = shifts.learn("mlp", "copies", 1, shifts.SEEN, entry["rate"])
    assert shifts.scores("mlp", net, shifts.UNSEEN) == entry["seeds"][1]
    assert shifts.drawn_hits("mlp", net) == entry["drawn"][1]
    plain = nets.trained("digits_plain")
    assert shifts.scores("cnn", plain, shifts.UNSEEN) == table["cnn plain"]["seeds"][0]
    assert shifts.drawn_hits("cnn", plain) == table["cnn plain"]["drawn"][0]


def test_the_shipped_net_is_the_script_s(shifts):
    table = datasets.table("shifts")
    made, shipped = shifts.shipped(table["cnn copies"]["rate"]), nets.trained("digits")
    assert (made.params().value.astype(np.float32) == shipped.params().value).all()
    assert [shifts.scores("cnn", shipped, shifts.UNSEEN), shifts.drawn_hits("cnn", shipped)] == table[
        "shipped"
    ]


def test_the_table_is_whole():
    table = datasets.table("shifts")
    for model in ("mlp", "cnn"):
        for way in ("plain", "copies"):
            entry = table[f"{model} {way}"]
            assert np.shape(entry["seeds"]) == (20, 3)
            assert np.shape(entry["groups"]) == (14, 2)
            assert np.shape(entry["drawn"]) == (10, 2)
            assert (np.array(entry["drawn"]) <= table["drawn"]).all()


@pytest.mark.parametrize("name", KINDS)
def test_every_own_input_opens(name, on_page):
    html = own_input(name)._repr_mimebundle_()["text/html"]
    assert f'data-own="{name}"' in html
    assert own_input(name).note in html


def test_the_kernel_reads_a_painted_digit():
    tools, view = Own().widget().children
    grid, side = tools.children
    pick, across, _, clear = side.children
    assert EMPTY in view.value
    for row in range(8):
        grid.children[8 * row + 3].value = True
    assert "대답은 1" in view.value
    assert "<svg" in view.value
    pick.value = 3
    assert "대답은 3" in view.value
    before = view.value
    across.value = 1
    assert view.value != before
    clear.click()
    assert EMPTY in view.value


def test_the_kernel_and_the_page_agree_on_the_facts(on_page):
    own = Own()
    assert own.facts() in own._repr_mimebundle_()["text/html"]
    assert own.facts() in repr(own)


def test_tables_are_text_and_html():
    made = Table(["신경망", "맞힘"], [["합성곱", np.int64(489)], ["a<b", 3]])
    assert repr(made) == "신경망  맞힘\n합성곱   489\na<b        3"
    assert "<td>489</td>" in made._repr_html_()
    assert "a&lt;b" in made._repr_html_()


@pytest.mark.parametrize("rows", [[["하나"]], [["하나", 1, 2]]])
def test_a_ragged_table_is_told(rows):
    with pytest.raises(ValueError, match="줄의 칸 수가"):
        Table(["가", "나"], rows)


def test_an_unknown_name_is_told():
    for function in (own_input, nets.trained):
        with pytest.raises(ValueError, match="digits"):
            function("고양이")
