"""자유 실험실의 커널 쪽: 고른 대로 짓고, bplib과 같은 길을 배우고, 발산을 알리고, 위젯이 대답하는지."""

import re

import nbformat
import numpy as np
import pytest
from scripts import ROOT

from bplib import SGD, BinaryCrossEntropy, Linear, Sequential, Tanh, datasets, fit
from bplib.lab.playground import DATA, NOTE, Playground


def test_it_learns_as_bplib_does():
    lab = Playground("원판과 고리", (3,), lr=0.5, seed=2)
    lab.learn(20)
    rng = np.random.default_rng(2)
    x, y = datasets.rings(80, rng=rng)
    net = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    history = fit(net, BinaryCrossEntropy(), SGD(net.params(), lr=0.5), x, y, epochs=20, progress=False)
    assert history.train_loss == lab.E
    assert np.array_equal(lab.net.params().value, net.params().value)


def test_norms_are_measured_each_epoch():
    lab = Playground("XOR", (2, 2, 2), activation="시그모이드")
    lab.learn(3)
    assert [len(row) for row in lab.norms] == [4, 4, 4]
    last = [float(np.linalg.norm(layer.W.grad)) for layer in lab.net if hasattr(layer, "W")]
    assert lab.norms[-1] == last
    assert "4층" in lab.draw()[1]


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("hidden", [(), (8, 8, 8, 8)])
def test_every_shape_can_be_built(data, hidden):
    lab = Playground(data, hidden, optimizer="Adam", lr=0.01)
    lab.learn(1)
    figures, text = lab.draw()
    assert len(figures) == 3
    assert text.startswith("에폭 1: 맞힌 점")


def test_own_points():
    x, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0]])
    lab = Playground((x, y), ())
    lab.learn(200)
    assert "100%" in lab.draw()[1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_divergence_is_told():
    x = np.array([[1e200, 0.0], [-1e200, 0.0]])
    lab = Playground((x, np.array([[0.0], [1.0]])), (4,), activation="ReLU", lr=1e150)
    lab.learn(50)
    assert "유한하지 않게 되었어요" in lab.message
    assert "유한하지 않게 되었어요" in lab.draw()[1]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"data": "고리"}, ValueError, "data가 맞지 않아요"),
        ({"hidden": (4,) * 5}, ValueError, "hidden이"),
        ({"hidden": (9,)}, ValueError, "hidden이"),
        ({"hidden": (0,)}, ValueError, "뉴런의 수"),
        ({"hidden": "44"}, TypeError, "hidden"),
        ({"activation": "relu"}, ValueError, "activation이"),
        ({"optimizer": "SGD"}, ValueError, "optimizer이"),
        ({"lr": 0}, ValueError, "학습률 η"),
        ({"data": (np.zeros((2, 3)), np.zeros((2, 1)))}, ValueError, "입력 x의 모양이"),
    ],
)
def test_bad_input_is_told(arguments, error, said):
    with pytest.raises(error, match=said):
        Playground(**arguments)


def test_widget_answers():
    picks, buttons, view = Playground().widget().children
    one, ten, _, fresh = buttons.children
    one.click()
    ten.click()
    assert "에폭 11: " in view.value
    fresh.click()
    assert "에폭 0: " in view.value
    layers = next(control for control in picks.children if control.description == "은닉층")
    layers.value = 3
    one.click()
    assert "4층" in view.value
    assert "<svg" in view.value


def test_page_holds_a_place_and_a_word(monkeypatch):
    monkeypatch.setenv("BPLIB_PAGE", "1")
    html = Playground()._repr_mimebundle_()["text/html"]
    assert 'class="bp-experiment bp-playground"' in html
    assert NOTE in html


def test_the_shown_code_is_the_real_code():
    """글에 나란히 놓은 두 언어의 코드는 정말로 도는 코드예요."""
    notebook = nbformat.read(ROOT / "chapters" / "playground.ipynb", as_version=4)
    text = next(cell.source for cell in notebook.cells if cell.source.startswith("## 거울"))
    for language, file in (("javascript", "book/engine.js"), ("python", "bplib/layers.py")):
        source = (ROOT / file).read_text(encoding="utf-8")
        real = {line.partition("  #")[0].strip() for line in source.splitlines()}
        shown = re.search(rf"```{language}\n(.*?)```", text, re.S)
        assert shown
        assert not [line for line in shown[1].splitlines() if line.strip() not in real], file
