"""조작판: 막대와 목록, 잘못 적은 조작."""

import numpy as np
import pytest

from bplib.lab.controls import Control, Dropdown, ExperimentError, Slider
from bplib.lab.experiment import experiment


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


def test_errors_are_value_errors():
    assert issubclass(ExperimentError, ValueError)


def test_controls_are_checked_for_bare_control_too():
    with pytest.raises(ExperimentError, match="받은 값: 7"):
        Control("n", (1,), ("1",), 7)
