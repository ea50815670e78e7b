"""쪽의 실험: 조작판과 장면의 차이를 담은 HTML, 한도."""

import json

import numpy as np
import pytest
from bs4 import BeautifulSoup
from drawings import EVIL, draw_line, evil, two_controls

from bplib.lab import frames, plots
from bplib.lab.controls import ExperimentError, Slider
from bplib.lab.experiment import Experiment, experiment
from bplib.lab.page import MAX_BYTES, MAX_FRAMES
from chapters import PageData, canonical


def parsed(made: Experiment) -> BeautifulSoup:
    return BeautifulSoup(made.page_html, "html.parser")


@pytest.mark.parametrize("make", [two_controls, evil])
def test_page_holds_every_frame_in_grid_order(make):
    made = make()
    page = PageData.parse(made.page_html)
    assert page.text == page.label == made.first.text
    assert page.data["controls"] == [list(control.names) for control in made.controls.values()]
    assert page.data["texts"] == [made.frame(position).text for position in made.positions]
    assert len(page.data["deltas"]) == len(made.positions)
    assert page.data["deltas"][made.positions.index(made.start)] == []
    for number, position in enumerate(made.positions):
        rebuilt = frames.rebuild(page.base, page.changes(number))
        assert canonical(rebuilt) == canonical(make().frame(position).tree)


def test_repeated_names_and_values_are_kept_once():
    data = PageData.parse(two_controls().page_html).data
    for key in ("attributes", "values"):
        assert len(data[key]) == len(set(data[key]))


def test_nothing_on_the_page_escapes_its_place():
    """이름표, 값, 설명, 그림 속 글에 태그나 따옴표나 </script>가 있어도 글일 뿐이에요."""
    made = evil()
    soup = parsed(made)
    assert soup.find("b") is None
    assert len(soup.find_all("script")) == 1
    assert [label.text for label in soup.find_all("label")] == [EVIL, f"고름 {EVIL}"]
    assert [option.text for option in soup.find_all("option")] == [EVIL, "보통"]
    slider = soup.find("input")
    assert slider["aria-valuetext"] == soup.find("output").text == f"{EVIL}0"
    assert (
        soup.find(class_="bp-frame")["aria-label"] == soup.find(class_="bp-text").text == f"0: {EVIL} 이에요"
    )
    assert json.loads(soup.find("script").string)["texts"][0] == f"0: {EVIL} 이에요"
    assert [text.text for text in soup.find_all("text")][-1] == f"{EVIL}0"
    assert made.page_html.count("</script") == 1
    assert "<!--" not in made.page_html


def test_controls_are_native_labelled_and_wait_for_javascript():
    made = two_controls()
    soup = parsed(made)
    root = soup.find(class_="bp-experiment")
    assert (root["role"], root["aria-label"], root["id"]) == ("group", "실험 lines", made.prefix)
    assert soup.find("fieldset").has_attr("disabled"), (
        "자바스크립트가 없으면 움직이지 않는 조작판은 꺼져 있어야 해요"
    )
    assert [label["for"] for label in soup.find_all("label")] == [f"{made.prefix}-c0", f"{made.prefix}-c1"]
    slider, dropdown = soup.find("input"), soup.find("select")
    assert [slider[key] for key in ("type", "id", "min", "max", "value")] == [
        "range",
        f"{made.prefix}-c0",
        "0",
        "2",
        "1",
    ]
    assert slider["aria-valuetext"] == soup.find("output").text == "0"
    assert soup.find("output")["for"] == [slider["id"]]
    assert dropdown["id"] == f"{made.prefix}-c1"
    assert [option.has_attr("selected") for option in dropdown.find_all("option")] == [True, False]
    assert soup.find(class_="bp-text")["role"] == "status"
    assert soup.find("svg")["aria-hidden"] == "true"
    assert soup.find(class_="bp-play") is None
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert all(id_.startswith(made.prefix) for id_ in ids)


def test_play_has_a_button_with_a_name():
    made = experiment(n=Slider("n", [0, 1], play=True))(lambda n: (draw_line(n), f"{n}"))
    buttons = parsed(made).find_all("button")
    names = [button.get("aria-label", button.text) for button in buttons]
    assert names == ["이전", "재생", "다음", "빠르기 1배"]
    assert {button["type"] for button in buttons} == {"button"}


def test_several_figures_are_one_frame():
    made = experiment(n=Slider("n", [0, 1]))(lambda n: ([draw_line(n), draw_line(-n)], f"{n}"))
    assert len(parsed(made).select(".bp-frame > svg")) == 2


def dragged(draw) -> Experiment:
    """폭 2인치, 높이 2인치인 그림 둘째에 손잡이를 두는 실험."""

    def figures(n, kind):
        figure = draw_line(0)
        draw(figure.axes[0], n)
        return [draw_line(0), figure], f"{n}"

    return experiment(n=Slider("n", [-1, 0, 1]), kind=Slider("k", [0]))(figures)


def test_handles_are_recorded_where_they_are_drawn():
    made = dragged(lambda ax, n: plots.drag(ax, (np.nan if n == 1 else 0, n), "n", along="y"))
    (handle,) = PageData.parse(made.page_html).data["handles"]
    assert (handle["figure"], handle["controls"], handle["along"]) == (1, [0], "y")
    left, right, bottom, top = (
        0.62 * 72,
        (2 - 0.14) * 72,
        (2 - 0.32) * 72,
        0.12 * 72,
    )  # 그림의 여백은 plots.axes에
    assert handle["at"][:2] == [
        pytest.approx([(left + right) / 2, bottom], abs=0.1),
        pytest.approx([(left + right) / 2, (top + bottom) / 2], abs=0.1),
    ]
    assert handle["at"][2] is None
    assert "drag:" not in made.page_html


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax, n: plots.drag(ax, (0, n), "m"), r"plots.drag의 이름은 \['n', 'kind'\].*받은 값: \['m'\]"),
        (lambda ax, n: n and plots.drag(ax, (0, n), "n"), r"plots.drag는 모든 장면에서 같은 차례로"),
        (lambda ax, n: plots.drag(ax, (0, n), "n", along="z"), r"'x', 'y', 'xy'.*받음: \['n'\], 'z'"),
        (lambda ax, n: plots.drag(ax, (0, n)), r"인자의 이름 하나 이상.*받음: \[\], 'xy'"),
    ],
)
def test_wrong_handles_say_what_is_wanted(draw, message):
    with pytest.raises(ValueError, match=message):
        _ = dragged(draw).page_html


@pytest.mark.usefixtures("on_page")
def test_too_many_frames_stop_the_build():
    many = Slider("수", range(MAX_FRAMES + 1))
    with pytest.raises(
        ExperimentError, match=rf"실험 'too_many'의 장면이 {MAX_FRAMES + 1}개예요 \(한도 {MAX_FRAMES}\)"
    ):

        @experiment(n=many)
        def too_many(n):
            raise AssertionError("장면 수는 그리기 전에 세요")


def heavy(n):
    figure, ax = plots.axes()
    ax.plot(*np.random.default_rng(n).random((2, 1500)))
    return figure, f"{n}"


@pytest.mark.usefixtures("on_page")
def test_too_many_bytes_stop_the_build():
    with pytest.raises(
        ExperimentError, match=rf"실험 'heavy'이 너무 무거워요: gzip [\d,]+바이트 \(한도 {MAX_BYTES:,}\)"
    ):
        experiment(n=Slider("수", range(8)))(heavy)
    assert experiment(n=Slider("수", range(1)))(heavy).page_html


def test_budgets_do_not_bind_in_a_kernel():
    """독자는 커널에서 칸 수를 마음껏 늘려도 돼요."""
    made = experiment(n=Slider("수", range(MAX_FRAMES + 1)))(heavy)
    assert made.frame((MAX_FRAMES,)).text == f"{MAX_FRAMES}"
