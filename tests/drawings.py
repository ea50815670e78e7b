"""시험이 그리는 작은 그림과 실험. 실험, 쪽, 커널, 그림의 시험이 함께 써요."""

from bplib.lab import plots
from bplib.lab.experiment import Dropdown, Experiment, Slider, experiment

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


def living_widgets():
    """살아 있는 위젯들. ipywidgets 7.7과 8은 적어 두는 자리가 달라요."""
    from ipywidgets.widgets import widget

    return widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets
