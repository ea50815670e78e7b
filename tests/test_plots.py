"""그림의 글꼴: 컴퓨터에 무엇이 깔려 있든 함께 담은 글꼴로 재요. 굵은 글씨도요."""

import logging
from importlib.resources import files

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
