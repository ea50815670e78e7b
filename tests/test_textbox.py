"""글 칸: 커널의 위젯, 안정된 repr, 독자에게 하는 말과 함수의 잘못을 구별하는지."""

import pytest

from bplib.lab import plots
from bplib.lab.controls import ExperimentError
from bplib.lab.textbox import TextBox


def count(text):
    if not text.strip():
        raise ValueError("글자를 적어 주세요.")
    if text == "고장":
        raise KeyError("<고장>")
    fig, ax = plots.axes(xlim=(0, 10), ylim=(0, 1))
    ax.barh(0.5, len(text), height=0.5)
    return fig, f"{text}: 글자 {len(text)}개 <b>"


@pytest.fixture
def box():
    return TextBox(count, label="문장", start="좋아")


def parts(box):
    widget = box.widget()
    return widget.children


def test_repr_is_stable(box):
    assert repr(box) == "[글 칸 문장] 좋아: 글자 2개 <b>"
    assert repr(box) == repr(TextBox(count, label="문장", start="좋아"))


def test_kernel_answers_each_sentence(box):
    entry, view = parts(box)
    assert entry.value == "좋아"
    assert entry.description == "문장"
    assert "글자 2개 &lt;b&gt;" in view.value
    assert "<svg" in view.value
    entry.value = "안 좋아"
    assert "안 좋아: 글자 4개" in view.value
    assert "좋아: 글자 2개" not in view.value


def test_message_for_the_reader_is_shown_alone(box):
    entry, view = parts(box)
    entry.value = " "
    assert "글자를 적어 주세요." in view.value
    assert 'role="alert"' in view.value
    assert "Traceback" not in view.value
    assert "<svg" not in view.value
    entry.value = "다시"
    assert "글자 2개" in view.value


def test_other_errors_show_where(box):
    entry, view = parts(box)
    entry.value = "고장"
    assert "KeyError" in view.value
    assert "&lt;고장&gt;" in view.value
    assert 'class="bp-error"' in view.value


def test_bundle_in_a_kernel(box):
    bundle = box._repr_mimebundle_()
    assert bundle["text/plain"] == repr(box)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]


@pytest.mark.parametrize("answer", [None, "설명뿐", (1, "설명"), (plots.axes()[0], "")])
def test_function_must_return_a_figure_and_a_text(answer):
    with pytest.raises(ExperimentError, match="글 칸 문장"):
        TextBox(lambda text: answer, label="문장", start="좋아")
