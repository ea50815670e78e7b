"""그림의 글꼴: 컴퓨터에 무엇이 깔려 있든 함께 담은 글꼴로 재요. 굵은 글씨도요."""

import logging
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from matplotlib import font_manager

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
