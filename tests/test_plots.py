"""책의 그림: 함께 담은 글꼴, 로그 눈금, 장부 신경망."""

import logging
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex

from bplib.lab import plots

OURS = str(files("bplib.lab") / "fonts" / "NanumSquareR.ttf")


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_text_is_measured_with_the_font_we_carry(weight, caplog):
    with caplog.at_level(logging.WARNING, logger="matplotlib"):
        wanted = font_manager.FontProperties(family="NanumSquare", weight=weight)
        assert font_manager.findfont(wanted, fallback_to_default=False) == OURS
        fig, ax = plots.axes(2, 2)
        ax.text(0, 0, "굵은 글씨", weight=weight)
        fig.draw_without_rendering()
    assert caplog.messages == []


def test_log_ticks_are_where_asked():
    _, ax = plots.axes(xlim=(1, 100), ylim=(0.01, 10))
    plots.log_ticks(ax, x={"하나": 1, "백": 100}, y=(0.01, 1, 10), fontsize=9)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    wanted = {ax.xaxis: ([1, 100], ["하나", "백"]), ax.yaxis: ([0.01, 1, 10], ["0.01", "1", "10"])}
    for axis, (places, words) in wanted.items():
        assert list(axis.get_majorticklocs()) == places
        assert [label.get_text() for label in axis.get_ticklabels()] == words
        assert {label.get_fontsize() for label in axis.get_ticklabels()} == {9}
        assert not list(axis.get_minorticklocs())
    assert (ax.get_xlim(), ax.get_ylim()) == ((1, 100), (0.01, 10))


def test_log_ticks_leave_the_other_axis_alone():
    _, ax = plots.axes(xlim=(0, 5))
    plots.log_ticks(ax, y=[1, 10])
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")


def pieces(figure, name):
    """이름이 같은 조각: (화살표나 동그라미, 글)."""
    ax = figure.axes[0]
    return tuple([a for a in artists if a.get_gid() == f"pick:{name}"] for artists in (ax.patches, ax.texts))


def test_the_ledger_writes_what_it_is_given():
    figure = plots.ledger_diagram(values={"W1[2,1]": "0.12", "b2[1]": "?"})
    assert [text.get_text() for text in pieces(figure, "w¹₂₁")[1]] == ["0.12"]
    assert [text.get_text() for text in pieces(figure, "b²₁")[1]] == ["b = ?"]
    assert [text.get_text() for text in pieces(figure, "w¹₁₁")[1]] == [f"{plots.ledger_value('W1[1,1]'):g}"]


def test_the_ledger_turns_arrows_around():
    figure = plots.ledger_diagram(reverse=["W2[1,2]"])
    turned, forward = (pieces(figure, name)[0][0] for name in ("w²₁₂", "w²₂₁"))
    (h2, o1), (h1, o2) = ([plots.LEDGER_NODES[n][:2] for n in ends] for ends in (("h2", "o1"), ("h1", "o2")))
    assert turned._posA_posB == [o1, h2]
    assert forward._posA_posB == [h1, o2]


def test_the_ledger_colors_what_stands_out():
    inside = {"h1": "a\n0.5", "o1": "1"}
    figure = plots.ledger_diagram(
        inside, active={"h1": plots.GREEN, "b1[1]": plots.PURPLE}, ink={"h1": plots.BLUE}
    )
    (ring,), (label, name) = pieces(figure, "은닉 1")
    assert name.get_text() == "은닉 1"
    assert to_hex(ring.get_edgecolor()) == plots.GREEN
    assert (label.get_color(), label.get_fontsize()) == (plots.BLUE, 10)
    assert pieces(figure, "b¹₁")[1][0].get_color() == plots.PURPLE
    (ring,), (label, _) = pieces(figure, "출력 1")
    assert to_hex(ring.get_edgecolor()) == label.get_color() == plots.INK
    (ring,), _ = pieces(plots.ledger_diagram(active=["h2"], color=plots.ORANGE), "은닉 2")
    assert to_hex(ring.get_edgecolor()) == plots.ORANGE


# 글꼴을 5초 넘게 훑으면 하는 말을, 훑자마자 하게 하고 불러요.
IMPORT = """
import importlib, sys, threading
later = threading.Timer
threading.Timer = lambda seconds, say: later(0, say)
importlib.import_module(sys.argv[1])
"""


def said_by(module: str, config: Path) -> str:
    """새 프로세스가 모듈을 부르며 stderr에 한 말."""
    command, env = [sys.executable, "-c", IMPORT, module], {**os.environ, "MPLCONFIGDIR": str(config)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize("place", ["empty", "file/below"], ids=["first-scan", "not-writable"])
def test_the_first_scan_of_fonts_says_nothing(place: str, tmp_path: Path) -> None:
    """stderr에 하는 말이 노트북의 출력에 섞이면 대조가 빨개지고 책 만들기가 멈춰요."""
    (tmp_path / "file").touch()  # 파일 아래에는 root도 폴더를 만들지 못해요
    assert said_by("bplib.lab.experiment", tmp_path / place) == ""
    assert "atplotlib" in said_by("matplotlib.font_manager", tmp_path / place.replace("empty", "another"))
