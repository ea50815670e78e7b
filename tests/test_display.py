"""실험의 모양(CSS): 밝은 색과 어두운 색."""

import re

import numpy as np
import pytest

from bplib.lab import plots
from bplib.lab.display import css


def theme_colors() -> dict[str, dict[str, str]]:
    """CSS에 적힌 {밝기: {이름: 색}}."""
    rules = re.findall(r"([^{}]+)\{([^{}]*--bp-[^{}]*--bp-paper: #[^{}]*)\}", css())
    themes = {
        "dark" if "dark" in head else "light": re.findall(r"--bp-(\w+):\s*(#\w+)", rule)
        for head, rule in rules
    }
    assert set(themes) == {"light", "dark"}
    return {theme: dict(pairs) for theme, pairs in themes.items()}


def test_css_colors_are_the_plot_colors():
    themes = theme_colors()
    assert themes["light"] == plots.COLORS
    assert set(themes["dark"]) == set(plots.COLORS)
    assert set(re.findall(r"var\(--bp-(\w+)", css())) <= set(plots.COLORS)
    assert len(plots.COLOR_NAMES) == len(plots.COLORS), "두 이름이 같은 색이면 하나는 변수로 바뀌지 않아요"


def luminance(color: str) -> float:
    """WCAG 2의 상대 휘도."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "blue", "orange", "green", "purple"])
def test_text_colors_can_be_read(theme, name):
    colors = theme_colors()[theme]
    low, high = sorted(luminance(colors[key]) for key in (name, "paper"))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_kernel_in_the_dark_is_dark_too():
    """JupyterLab의 어두운 화면(data-jp-theme-light)도 웹 페이지와 같은 색을 써요."""
    (head,) = re.findall(r'([^{}]*data-theme="dark"[^{}]*)\{[^{}]*--bp-ink', css())
    assert 'body[data-jp-theme-light="false"] .bp-experiment' in head
