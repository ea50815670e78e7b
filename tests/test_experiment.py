"""실험: 조작판과 오류, 쪽의 HTML, 커널의 위젯, 움직이지 않는 그림, 색."""

import base64
import gc
import io
import itertools
import json
import re
import warnings
import weakref

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import image

from bplib.lab import frames, plots
from bplib.lab.experiment import (
    DIGESTS,
    MAX_BYTES,
    MAX_FRAMES,
    Control,
    Dropdown,
    Experiment,
    ExperimentError,
    Slider,
    css,
    experiment,
    show,
)
from chapters import PageData, canonical

EVIL = "<b>\"큰\" & '작은'</b></script><!--"


def draw_line(slope: float, label: str = "", kind: str = "-"):
    figure, ax = plots.axes(2, 2, xlim=(-1, 1), ylim=(-1, 1))
    ax.plot([-1, 1], [-slope, slope], kind)
    ax.text(0, 0, label)
    return figure


def two_controls() -> Experiment:
    @experiment(slope=Slider("기울기", [-1, 0, 1], start=1), kind=Dropdown("선", {"실선": "-", "점선": "--"}))
    def lines(slope, kind):
        return draw_line(slope, kind=kind), f"기울기 {slope}, 선 {kind}"

    return lines


def evil() -> Experiment:
    @experiment(
        n=Slider(EVIL, [0, 1], format=lambda n: f"{EVIL}{n}"), name=Dropdown(f"고름 {EVIL}", [EVIL, "보통"])
    )
    def escaped(n, name):
        return draw_line(n, f"{name}{n}"), f"{n}: {name} 이에요"

    return escaped


@pytest.fixture
def on_page(monkeypatch):
    """책을 짓는 중. 경고는 시험이 아니라 실험이 스스로 오류로 바꿔야 하니, 시험의 설정은 꺼 둬요."""
    monkeypatch.setenv("BPLIB_PAGE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(autouse=True)
def in_kernel(monkeypatch):
    """on_page를 쓰지 않으면 커널 안."""
    monkeypatch.delenv("BPLIB_PAGE", raising=False)


# ── 조작판 ────────────────────────────────────────────────────────────────


def test_slider_takes_numpy_values_as_python_values():
    slider = Slider("학습률 η", np.linspace(0, 1, 3), start=2)
    assert slider.values == (0.0, 0.5, 1.0)
    assert [type(value) for value in slider.values] == [float] * 3
    assert (slider.names, slider.start, slider.play) == (("0", "0.5", "1"), 2, False)
    assert Slider("세대", range(2), format="{}번째").names == ("0번째", "1번째")
    assert Slider("세대", range(2), format=lambda n: "가나"[n], play=True).names == ("가", "나")


def test_dropdown_takes_names_or_a_mapping():
    assert Dropdown("함수", ["시그모이드", "tanh"], start=1).values == ("시그모이드", "tanh")
    given_ = Dropdown("함수", {"하나": 1, "둘": 2})
    assert (given_.names, given_.values, given_.start) == (("하나", "둘"), (1, 2), 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Slider("", [1]), r"이름표는 비어 있지 않은 글.*받은 값: ''"),
        (lambda: Slider(3, [1]), r"이름표는 비어 있지 않은 글.*받은 값: 3"),
        (lambda: Slider("η", []), r"조작 'η'에 고를 값이 하나도 없어요"),
        (lambda: Dropdown("η", {}), r"조작 'η'에 고를 값이 하나도 없어요"),
        (lambda: Slider("η", [1, 2], start=2), r"조작 'η'의 start는 0 이상 1 이하.*받은 값: 2"),
        (lambda: Slider("η", [1, 2], start=-1), r"조작 'η'의 start는 0 이상 1 이하.*받은 값: -1"),
        (lambda: Slider("η", [1, 2], start=0.5), r"조작 'η'의 start는 0 이상 1 이하.*받은 값: 0.5"),
        (lambda: Slider("η", [1, 2], start="처음"), r"조작 'η'의 start는 0 이상 1 이하.*받은 값: '처음'"),
        (lambda: Dropdown("η", [1, 2]), r"조작 'η'의 이름은 모두 글.*받은 값: \(1, 2\)"),
        (lambda: experiment(a=3)(lambda a: None), r"실험 '<lambda>': 'a'에는 Slider나 Dropdown.*받은 값: 3"),
        (lambda: experiment(b=Slider("b", [1]))(lambda a: None), r"실험 '<lambda>'.*\['a'\].*\['b'\]"),
        (lambda: experiment()(lambda a: None), r"실험 '<lambda>'.*\['a'\].*\[\]"),
    ],
)
def test_wrong_controls_say_what_is_wanted_and_what_came(make, message):
    with pytest.raises(ExperimentError, match=message):
        make()


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


def test_show_wants_a_figure_and_a_description():
    for figures, text in [(3, "글"), (draw_line(1), ""), ([], "글")]:
        with pytest.raises(ExperimentError, match=r"\(그림, 설명 글\)"):
            show(figures, text)


def test_calling_an_experiment_calls_the_function():
    figure, text = two_controls()(2, kind=":")
    assert text == "기울기 2, 선 :"
    assert figure.axes[0].lines[0].get_linestyle() == ":"


def test_errors_are_value_errors():
    assert issubclass(ExperimentError, ValueError)


# ── 장면 ──────────────────────────────────────────────────────────────────


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


# ── 쪽 ────────────────────────────────────────────────────────────────────


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
    (button,) = parsed(made).find_all("button")
    assert (button["type"], button["aria-label"]) == ("button", "재생")


def test_several_figures_are_one_frame():
    made = experiment(n=Slider("n", [0, 1]))(lambda n: ([draw_line(n), draw_line(-n)], f"{n}"))
    assert len(parsed(made).select(".bp-frame > svg")) == 2


@pytest.mark.usefixtures("on_page")
def test_on_the_page_the_display_is_html():
    made = two_controls()
    data, information = made._repr_mimebundle_()
    assert data == {"text/plain": repr(made), "text/html": made.page_html}
    drawn = [made.frame(position) for position in made.positions]
    assert information == {DIGESTS: [frames.digest(frame.tree, frame.text) for frame in drawn]}


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


# ── 커널 ──────────────────────────────────────────────────────────────────


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


def living_widgets():
    """살아 있는 위젯들. ipywidgets 7.7과 8은 적어 두는 자리가 달라요."""
    from ipywidgets.widgets import widget

    return widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets


def test_play_moves_the_slider():
    """Play와 막대는 브라우저에서 이어져요(jslink): 두 위젯을 잇는 것이 있고, 범위와 빠르기가 맞아요."""
    import ipywidgets

    made = experiment(n=Slider("세대", range(5), start=2, play=True))(lambda n: (draw_line(n / 5), f"{n}"))
    row, _ = made.widget().children
    slider, play = row.children
    assert isinstance(play, ipywidgets.Play)
    assert (play.min, play.max, play.step, play.value, play.interval) == (0, 4, 1, 2, 350)
    links = [w for w in living_widgets().values() if isinstance(w, ipywidgets.widgets.widget_link.Link)]
    assert any(link.source == (play, "value") and link.target == (slider, "index") for link in links)


def test_no_play_no_row():
    assert not any(hasattr(child, "children") for child in two_controls().widget().children)


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


# ── 움직이지 않는 그림 ────────────────────────────────────────────────────


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


# ── 색 ────────────────────────────────────────────────────────────────────


def theme_colors() -> dict[str, dict[str, str]]:
    """CSS에 적힌 {밝기: {이름: 색}}."""
    rules = re.findall(r"([^{}]+)\{([^{}]*--bp-[^{}]*--bp-paper:[^{}]*)\}", css())
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


def test_controls_are_checked_for_bare_control_too():
    with pytest.raises(ExperimentError, match="받은 값: 7"):
        Control("n", (1,), ("1",), 7)


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
