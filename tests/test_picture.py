"""움직이지 않는 그림."""

import base64
import io

import pytest
from bs4 import BeautifulSoup
from drawings import EVIL, draw_line
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import image

from bplib.lab import plots
from bplib.lab.controls import ExperimentError
from bplib.lab.experiment import show


def test_show_wants_a_figure_and_a_description():
    for figures, text in [(3, "글"), (draw_line(1), ""), ([], "글")]:
        with pytest.raises(ExperimentError, match=r"\(그림, 설명 글\)"):
            show(figures, text)


def test_picture_in_a_kernel_is_a_png_with_alt():
    data, metadata = InteractiveShell.instance().display_formatter.format(show(draw_line(1), f"직선 {EVIL}"))
    assert data["text/plain"] == f"[그림] 직선 {EVIL}"
    assert metadata == {"image/png": {"alt": f"직선 {EVIL}"}}
    assert image.imread(io.BytesIO(base64.b64decode(data["image/png"]))).shape == (288, 288, 4)
    assert "text/html" not in data


def test_several_pictures_are_stacked():
    data, _ = show([draw_line(1), plots.axes(3, 1)[0]], "둘")._repr_mimebundle_()
    pixels = image.imread(io.BytesIO(base64.b64decode(data["image/png"])))
    assert pixels.shape == (3 * 144, 3 * 144, 4)
    assert pixels[:288, 288:].min() == 1.0, "좁은 그림의 오른쪽은 흰색으로 채워요"


@pytest.mark.usefixtures("on_page")
def test_picture_on_the_page_is_an_svg_with_alt():
    data = show([draw_line(1), draw_line(0)], f"직선 {EVIL}")._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    soup = BeautifulSoup(data["text/html"], "html.parser")
    (frame,) = soup.select(".bp-experiment.bp-picture > .bp-frame")
    assert (frame["role"], frame["aria-label"]) == ("img", f"직선 {EVIL}")
    assert len(frame.find_all("svg", recursive=False)) == 2
    assert soup.find(["script", "input", "b"]) is None


@pytest.mark.usefixtures("on_page")
def test_picture_warning_stops_the_build():
    figure = draw_line(1)
    figure.axes[0].plot([], [], label="_")
    figure.set_layout_engine("tight")
    figure.axes[0].set_position((0, 0, 0.01, 0.01))
    figure.suptitle("가" * 200)
    with pytest.raises(UserWarning, match=r"[Tt]ight"):
        show(figure, "자리가 모자라요")
