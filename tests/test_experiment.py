"""실험: 자리와 장면, 경고, 커널과 쪽에서 보이는 것."""

import itertools
import warnings

import numpy as np
import pytest
from drawings import draw_line, living_widgets, two_controls
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from bplib.lab import frames
from bplib.lab.controls import ExperimentError, Slider
from bplib.lab.experiment import DIGESTS, experiment, show
from chapters import canonical


def test_calling_an_experiment_calls_the_function():
    figure, text = two_controls()(2, kind=":")
    assert text == "기울기 2, 선 :"
    assert figure.axes[0].lines[0].get_linestyle() == ":"


@pytest.mark.parametrize(
    "result",
    [
        None,
        3,
        (3, "글"),
        ([], "글"),
        ([3], "글"),
        (np.arange(3), "글"),
        (draw_line(1), ""),
        (draw_line(1), 3),
        draw_line(1),
        (draw_line(1),),
    ],
)
def test_wrong_results_name_the_experiment(result):
    made = experiment(n=Slider("n", [0]))(lambda n: result)
    made.name = "잘못된_실험"
    with pytest.raises(ExperimentError, match=r"'잘못된_실험'은 \(그림, 설명 글\)을 돌려줘야 해요\. 받은 값"):
        made.frame((0,))


def test_positions_run_like_nested_loops():
    made = two_controls()
    assert made.start == (1, 0)
    assert made.positions == list(itertools.product(range(3), range(2)))
    assert [made.frame(p).text for p in made.positions] == [
        f"기울기 {slope}, 선 {kind}" for slope in (-1, 0, 1) for kind in ("-", "--")
    ]
    assert canonical(made.first.tree) == canonical(made.frame((1, 0)).tree)


@settings(max_examples=5)
@given(st.permutations(list(itertools.product(range(3), range(2)))))
def test_a_frame_depends_on_its_controls_only(order):
    """어떤 차례로 움직여도 같은 자리는 같은 장면이에요."""
    made, fresh = two_controls(), two_controls()
    for position in order:
        assert canonical(made.frame(position).tree) == canonical(fresh.frame(position).tree)


@pytest.mark.parametrize("position", [(0,), (0, 0, 0), (3, 0)])
def test_a_position_outside_the_grid_is_an_error(position):
    with pytest.raises((ValueError, IndexError)):
        two_controls().frame(position)


def test_repr_is_short_and_stable():
    """nbval이 대조하는 글: 한 줄이고, 실행마다 같고, 주소나 SVG가 없어요."""
    text = repr(two_controls())
    assert text == repr(two_controls()) == "[실험 lines · 기울기 3칸, 선 2칸] 기울기 0, 선 -"
    assert repr(show(draw_line(1), "직선이에요.")) == "[그림] 직선이에요."


def warns(n):
    warnings.warn("조심하세요", stacklevel=2)
    return draw_line(n), f"{n}"


@pytest.mark.usefixtures("on_page")
def test_a_warning_stops_the_build():
    with pytest.raises(UserWarning, match="조심하세요"):
        experiment(n=Slider("n", [0, 1]))(warns)


@pytest.mark.usefixtures("on_page")
def test_a_warning_of_any_frame_stops_the_build():
    """첫 장면이 조용해도, 다른 자리에서 나는 경고를 놓치지 않아요."""
    with pytest.raises(RuntimeWarning, match="divide by zero"):
        experiment(n=Slider("n", [1, 0]))(lambda n: (draw_line(1 / np.float64(n)), f"{n}"))


def test_a_warning_stays_a_warning_in_a_kernel():
    made = experiment(n=Slider("n", [0, 1]))(warns)
    with pytest.warns(UserWarning, match="조심하세요"):
        assert made.frame((1,)).text == "1"


@pytest.mark.usefixtures("on_page")
@pytest.mark.parametrize("label", ["𓀀", "$가$"])
def test_a_missing_glyph_stops_the_build(label):
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        experiment(n=Slider("n", [0, 1]))(lambda n: (draw_line(n, label if n else "가"), f"{n}"))
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        show(draw_line(1, label), "없는 글자")


@pytest.mark.usefixtures("on_page")
def test_a_false_ceiling_stops_the_build():
    def cut(top):
        figure = draw_line(0)
        figure.axes[0].plot([-1, 0, 1], [0, top, top])
        return figure, f"{top}"

    with pytest.raises(UserWarning, match="가짜 바닥이나 천장"):
        experiment(top=Slider("꼭대기", [0.5, 1]))(cut)


@pytest.mark.usefixtures("on_page")
def test_on_the_page_the_display_is_html():
    made = two_controls()
    data, information = made._repr_mimebundle_()
    assert data == {"text/plain": repr(made), "text/html": made.page_html}
    drawn = [made.frame(position) for position in made.positions]
    assert information == {DIGESTS: [frames.digest(frame.tree, frame.text) for frame in drawn]}


def test_a_notebook_shows_the_widget():
    """진짜 IPython이 고르는 출력: 위젯과 짧은 글. 쪽의 HTML은 싣지 않아요."""
    made = two_controls()
    data, metadata = InteractiveShell.instance().display_formatter.format(made)
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == repr(made)
    view = data["application/vnd.jupyter.widget-view+json"]
    assert (view["version_major"], view["version_minor"]) == (2, 0)
    assert type(living_widgets()[view["model_id"]]).__name__ == "VBox"
    assert metadata == {}
