"""커널의 실험: 위젯, 재생, 오류, 치우기."""

import gc
import weakref

import pytest
from bs4 import BeautifulSoup
from drawings import draw_line, living_widgets, two_controls

from bplib.lab import frames
from bplib.lab.controls import Slider
from bplib.lab.display import css
from bplib.lab.experiment import Experiment, experiment


def parts(made: Experiment):
    """(조작들, 그림 자리). 재생 단추가 붙은 줄에서는 막대만 골라요."""
    *rows, view = made.widget().children
    return [row.children[0] if hasattr(row, "children") else row for row in rows], view


def test_moving_a_widget_redraws():
    made = two_controls()
    (slider, dropdown), view = parts(made)
    assert (slider.description, slider.index, dropdown.description, dropdown.index) == ("기울기", 1, "선", 0)
    assert [label for label, _ in slider.options] == ["-1", "0", "1"]
    assert [label for label, _ in dropdown.options] == ["실선", "점선"]
    for position in [(1, 0), (2, 0), (2, 1), (0, 1), (1, 1), (1, 0)]:
        slider.index, dropdown.index = position
        soup = BeautifulSoup(view.value, "html.parser")
        assert frames.markup(made.frame(position).tree) in view.value
        text = made.frame(position).text
        assert soup.find(class_="bp-frame")["aria-label"] == soup.find(class_="bp-text").text == text
        assert css() in view.value


def test_widgets_of_one_experiment_move_alone():
    made = two_controls()
    (first, _), view = parts(made)
    (other, _), still = parts(made)
    before = still.value
    first.index = 2
    assert (still.value, other.index) == (before, 1)
    assert view.value != before


@pytest.mark.parametrize("start", [0, 1])
def test_an_error_is_shown_in_place_and_the_next_value_recovers(start):
    """처음 자리에서 나는 오류도요. 오류 속의 <는 글일 뿐이에요."""

    @experiment(n=Slider("n", [0, 1, 2], start=start))
    def fragile(n):
        if n == 0:
            raise ValueError("<b>영은 안 돼요</b>")
        return draw_line(n), f"{n}이에요"

    (slider,), view = parts(fragile)
    slider.index = 0
    soup = BeautifulSoup(view.value, "html.parser")
    error = soup.find(class_="bp-error")
    assert error["role"] == "alert"
    assert "ValueError: <b>영은 안 돼요</b>" in error.text
    assert "fragile" in error.text
    assert soup.find("svg") is None
    assert soup.find("b") is None
    slider.index = 2
    soup = BeautifulSoup(view.value, "html.parser")
    assert soup.find(class_="bp-error") is None
    assert soup.find(class_="bp-text").text == "2이에요"
    bundle = fragile._repr_mimebundle_()  # 노트북에서 보여 줄 때에도 역추적이 쏟아지지 않아요
    assert bundle["text/plain"].startswith("[실험 fragile")


def test_play_moves_the_slider():
    """Play와 막대는 브라우저에서 이어져요(jslink): 두 위젯을 잇는 것이 있고, 범위와 빠르기가 맞아요."""
    import ipywidgets

    made = experiment(n=Slider("세대", range(5), start=2, play=True))(lambda n: (draw_line(n / 5), f"{n}"))
    row, _ = made.widget().children
    slider, play = row.children
    assert isinstance(play, ipywidgets.Play)
    assert (play.min, play.max, play.step, play.value, play.interval) == (0, 4, 1, 2, 600)
    links = [w for w in living_widgets().values() if isinstance(w, ipywidgets.widgets.widget_link.Link)]
    assert any(link.source == (play, "value") and link.target == (slider, "index") for link in links)


def test_no_play_no_row():
    assert not any(hasattr(child, "children") for child in two_controls().widget().children)


def test_each_drawing_is_swept_at_once() -> None:
    """버린 그림이 쌓이면, 몇 번에 한 번은 파이썬이 메모리 전체를 훑느라 0.2초 넘게 멈춰요."""
    drawn = []

    @experiment(n=Slider("n", [0, 1, 2]))
    def line(n):
        figure = draw_line(n)
        drawn.append(weakref.ref(figure))
        return figure, f"n = {n}"

    slider, _ = line.widget().children
    for index in (1, 2, 1):
        slider.index = index
        assert drawn[-1]() is None
    assert gc.isenabled()


def test_sweeping_stays_off_when_the_reader_turned_it_off() -> None:
    slider, *_ = two_controls().widget().children
    gc.disable()
    try:
        slider.index = 0
        assert not gc.isenabled()
    finally:
        gc.enable()
