"""그림 → SVG 나무 → 차이 → 되살린 나무: 되살린 것이 바로 그린 것과 같은지, 그림에서 잃는 것이 없는지 봐요."""

import copy
import itertools
import json
import re
import warnings
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from bplib.lab import frames, plots
from chapters import canonical

# ── 아무 나무 두 그루 ─────────────────────────────────────────────────────

TEXTS = st.one_of(st.none(), st.text("가나 <>&\"'a1−²\n", min_size=1, max_size=5))
NAMES = st.sampled_from(["d", "x", "style", "href", "transform"])


def nodes(children: st.SearchStrategy[list[ET.Element]]) -> st.SearchStrategy[ET.Element]:
    """속성, 글, 자식이 아무렇게나 붙은 요소."""

    def build(tag: str, attributes: dict[str, str], text: str | None, inner: list[ET.Element]) -> ET.Element:
        made = ET.Element(tag, attributes)
        made.text = text
        made.extend(inner)
        return made

    values = st.text("01.가 <&\"'#", max_size=4)
    tags = st.sampled_from(["g", "path", "text"])
    return st.builds(build, tags, st.dictionaries(NAMES, values, max_size=3), TEXTS, children)


TREES = st.recursive(nodes(st.just([])), lambda inner: nodes(st.lists(inner, max_size=3)), max_leaves=8)


@given(TREES, TREES)
def test_any_tree_is_rebuilt_from_any_other(left, right):
    """구조, 글, 속성이 무엇이든. 차이는 JSON을 거쳐도 그대로이고, 두 나무는 바뀌지 않아요."""
    base, other = ET.Element("div"), ET.Element("div")
    base.append(left)
    other.append(right)
    before = canonical(base), canonical(other)
    changes = [tuple(change) for change in json.loads(json.dumps(frames.diff(base, other)))]
    rebuilt = frames.rebuild(base, changes)
    assert canonical(rebuilt) == before[1]
    assert frames.digest(rebuilt, "글") == frames.digest(other, "글")
    assert (canonical(base), canonical(other)) == before


@given(TREES)
def test_equal_trees_have_no_difference(tree):
    assert frames.diff(tree, copy.deepcopy(tree)) == []


@given(TREES, TREES)
def test_a_digest_tells_apart_what_xml_tells_apart(left, right):
    """속성의 차례나 빈 글을 적는 방법은 보지 않고, 나머지는 모두 봐요. 설명도요."""
    same = canonical(left) == canonical(right)
    assert (frames.digest(left, "글") == frames.digest(right, "글")) == same
    assert frames.digest(left, "글") != frames.digest(left, "말")


def tree(text: str) -> ET.Element:
    return ET.fromstring(f"<div><svg>{text}</svg></div>")


@pytest.mark.parametrize(
    ("base", "other", "changes"),
    [
        ('<path d="M 0" x="1"/>', '<path d="M 1" x="1"/>', [(2, "d", "M 1")]),
        ('<path d="M 0" x="1"/>', '<path d="M 0"/>', [(2, "x", None)]),
        ('<path d="M 0"/>', '<path d="M 0" x="1"/>', [(2, "x", "1")]),
        ("<text>하나</text>", "<text>둘 &lt; &amp;</text>", [(2, "#text", "둘 < &")]),
        ("<text>하나</text>", "<text/>", [(2, "#text", "")]),
        (
            "<g><path/></g><text>ㄱ</text>",
            "<g><path/><path/></g><text>ㄴ</text>",
            [(2, "#inner", "<path /><path />"), (4, "#text", "ㄴ")],
        ),
        ("<g><path/></g>", '<g><use x="1"/></g>', [(2, "#inner", '<use x="1" />')]),
        (
            "<text>ㄱ<tspan>ㄴ</tspan></text>",
            "<text>ㄱ&amp;<tspan>ㄴ</tspan></text>",
            [(2, "#inner", "ㄱ&amp;<tspan>ㄴ</tspan>")],
        ),
    ],
    ids=["attribute", "removed", "added", "text", "no-text", "more-children", "other-tag", "mixed"],
)
def test_only_what_differs_is_kept(base, other, changes):
    """요소 번호는 첫 장면의 문서 순서: 속을 통째로 간 묶음 뒤의 요소도 제 번호를 가져요."""
    assert frames.diff(tree(base), tree(other)) == changes
    assert canonical(frames.rebuild(tree(base), changes)) == canonical(tree(other))


# ── 진짜 그림 ─────────────────────────────────────────────────────────────

LABELS = ["", "학습률 η", "a < b & c", '"따옴표"', "$w_{1}^2 + \\frac{1}{2}$", "오차 $E$ = 0.5", "−1²"]


@st.composite
def figures(draw):
    """선, 점, 그림판, 화살표, 무늬, 자르기, 글이 있거나 없는 그림 하나나 둘."""
    made = []
    for _ in range(draw(st.integers(1, 2))):
        figure, ax = plots.axes(
            title=draw(st.sampled_from(LABELS)),
            xlabel=draw(st.sampled_from(LABELS)),
            xlim=(-1, 1),
            ylim=(-1, 1),
        )
        numbers = st.floats(-3, 3, allow_nan=False)
        for color in draw(st.lists(st.sampled_from([plots.BLUE, plots.ORANGE, "red"]), max_size=2)):
            y = draw(st.lists(numbers, min_size=2, max_size=5))
            ax.plot(np.linspace(-1, 1, len(y)), y, draw(st.sampled_from(["-", "o", "o--"])), color=color)
        if draw(st.booleans()):
            values = draw(st.lists(st.floats(0, 1), min_size=4, max_size=4))
            plots.field(ax, np.reshape(values, (2, 2)), (-1, 1, -1, 1))
        if draw(st.booleans()):
            plots.node(ax, 0, 0, draw(st.sampled_from(LABELS)), on=draw(st.booleans()))
            plots.arrow(ax, (0, 0), (draw(numbers), 1), color=plots.GREEN)
        if draw(st.booleans()):
            ax.fill_between([0, 1], [0, draw(numbers)], hatch="//", facecolor="none", edgecolor=plots.PURPLE)
        made.append(figure)
    return made


def well_formed(root: ET.Element, prefix: str) -> None:
    """id는 겹치지 않고 제 앞말이 붙어 있으며, 가리키는 id는 모두 있고, 쓰지 않는 id는 없어요."""
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    text = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text))
    assert len(ids) == len(set(ids))
    assert all(id_.startswith(f"{prefix}-") for id_ in ids)
    assert {a or b for a, b in used} == set(ids)
    assert "{" not in text, "이름 공간이 남으면 브라우저가 속성을 알아듣지 못해요"


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])  # 그림을 줄여 가는 일은 오래 걸려요
@given(figures(), figures())
def test_any_figure_is_rebuilt_from_any_other(left, right):
    base, other = frames.draw(left, "p"), frames.draw(right, "p")
    well_formed(base, "p")
    assert canonical(frames.rebuild(base, frames.diff(base, other))) == canonical(other)
    # 그림판의 화소 데이터도 글로 적었다가 다시 읽을 수 있어요.
    assert canonical(ET.fromstring(f"<div>{frames.markup(other)}</div>")) == canonical(other)


def line(y: float, label: str = "") -> Figure:
    figure, ax = plots.axes(xlim=(0, 1), ylim=(0, 1))
    ax.plot([0, 1], [0, y], "o-")
    ax.text(0.5, 0.5, label)
    return figure


def test_a_moved_line_changes_one_path_and_one_marker():
    changes = frames.diff(frames.draw([line(0.2)], "p"), frames.draw([line(0.8)], "p"))
    assert [name for _, name, _ in changes] == ["d", "y"]


def test_drawing_twice_gives_the_same_markup():
    figure = line(0.3, "$x_1$")
    first = frames.markup(frames.draw([figure], "p"))
    assert (
        first
        == frames.markup(frames.draw([figure], "p"))
        == frames.markup(frames.draw([line(0.3, "$x_1$")], "p"))
    )


def test_ids_do_not_clash_between_figures_and_experiments():
    both = [frames.draw([line(0.2), line(0.5)], prefix) for prefix in ("p", "q")]
    ids = [element.get("id") for root in both for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) > 4
    assert {re.match(r"[pq]-[01]-", id_)[0] for id_ in ids} == {"p-0-", "p-1-", "q-0-", "q-1-"}


def test_lines_stay_inside_their_axes():
    """자를 네모를 잃으면 선이 축 밖으로 나가요."""
    root = frames.draw([line(30.0)], "p")
    clip = next(path.get("clip-path") for path in root.iter("path") if path.get("clip-path"))
    rect = root.find(f".//clipPath[@id='{clip[5:-1]}']/rect")
    box = [float(rect.get(name)) for name in ("x", "y", "width", "height")]
    assert box == pytest.approx([0.62 * 72, 0.12 * 72, (4.4 - 0.76) * 72, (3.3 - 0.44) * 72], abs=0.01)


def test_hatches_survive():
    """무늬는 style의 url(#…)이 가리켜요. 그 id를 잃으면 무늬가 사라져요."""
    figure, ax = plots.axes()
    ax.fill_between([0, 1], [0, 1], hatch="//", facecolor="none", edgecolor=plots.BLUE)
    root = frames.draw([figure], "p")
    (filled,) = re.findall(r"fill: url\(#([^)]+)\)", frames.markup(root))
    assert root.find(f".//pattern[@id='{filled}']") is not None


@pytest.mark.parametrize("size", [2, 60, 301])
@pytest.mark.parametrize("interpolation", ["none", "nearest"])
def test_images_fill_their_axes(size, interpolation):
    """화소가 많아도 그림판의 가장자리는 0.01포인트 안에서 축과 맞아요."""
    figure, ax = plots.axes(xlim=(0, 1), ylim=(0, 1))
    pixels = np.linspace(0, 1, size * size).reshape(size, size)
    ax.imshow(pixels, extent=(0, 1, 0, 1), aspect="auto", interpolation=interpolation)
    root = frames.draw([figure], "p")
    image, rect = root.find(".//image"), root.find(".//clipPath/rect")
    got = image_box(image)
    x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
    slack = 0.02 if interpolation == "none" else 1.5  # 미리 그린 화소는 화소 한 칸까지 넘쳐요
    assert got == pytest.approx([x, x + width, y, y + height], abs=slack)
    assert image.get("href").startswith("data:image/png;base64,")


def image_box(image: ET.Element) -> list[float]:
    """transform을 입힌 뒤의 [왼쪽, 오른쪽, 위, 아래]."""
    corners = np.array([[0, 0, 1], [float(image.get("width")), float(image.get("height")), 1]], float)
    corners[:, :2] += [float(image.get("x", 0)), float(image.get("y", 0))]
    for name, numbers in reversed(re.findall(r"(\w+)\(([^)]*)\)", image.get("transform", ""))):
        v = [float(number) for number in re.split(r"[ ,]+", numbers)]
        a, b, c, d, e, f = {
            "matrix": lambda v=v: v,
            "scale": lambda v=v: [v[0], 0, 0, v[-1], 0, 0],
            "translate": lambda v=v: [1, 0, 0, 1, v[0], v[-1]],
        }[name]()
        corners = corners @ np.array([[a, b, 0], [c, d, 0], [e, f, 1]])
    return [*sorted(corners[:, 0]), *sorted(corners[:, 1])]


def test_coordinates_are_rounded_but_right():
    """줄인 좌표는 원래 좌표와 0.005포인트 안에서 같아요."""
    figure, ax = plots.axes(xlim=(0, 1), ylim=(0, 1))
    xs = np.random.default_rng(0).random((40, 2))
    ax.plot(*xs.T)
    kept = next(path for path in frames.draw([figure], "p").iter("path") if path.get("d").count("L") == 39)
    assert "var(--bp-blue,#0b6cb0)" in kept.get("style")
    numbers = np.array(re.findall(r"-?[\d.]+", kept.get("d")), float).reshape(-1, 2)
    pixels = ax.transData.transform(xs) * 72 / figure.dpi
    assert numbers == pytest.approx(np.column_stack([pixels[:, 0], 3.3 * 72 - pixels[:, 1]]), abs=0.0051)
    assert not re.search(r"\.\d{3}", kept.get("d"))


@pytest.mark.parametrize("label", [label for label in LABELS if label and "$" not in label])
def test_labels_are_kept_as_text(label):
    """글은 글로 남아, 화면 확대와 검색과 번역이 돼요."""
    texts = [element.text for element in frames.draw([line(0.5, label)], "p").iter("text")]
    assert label in texts


def test_mathtext_labels_are_kept_as_text():
    root = frames.draw([line(0.5, "가 $w_1^2$")], "p")
    letters = [element.text for element in root.iter("tspan")]
    assert sorted(letters) == sorted("가\xa0w12")


@pytest.mark.parametrize("label", ["𓀀", "$\\mathrm{가𓀀}$"])
def test_a_missing_glyph_is_an_error(label):
    """두부(□)가 찍힌 그림은 나갈 수 없어요. 경고를 듣지 않는 곳(커널)에서도요."""
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        frames.draw([line(0.5, label)], "p")


@pytest.mark.parametrize(
    ("look", "loc", "top", "told"),
    [
        ("-", "upper left", 9, ""),
        ("-", "lower right", 9, ""),
        ("-", "upper right", 9, "위로 선이나 점이"),
        ("o", "upper right", 9, "위로 선이나 점이"),
        ("-", "upper left", 1, "가짜 바닥이나 천장"),
        ("-", "upper left", 0.98, "가짜 바닥이나 천장"),  # 축의 끝 바로 앞에서 잘라도
        ("-", "upper left", 0.8, ""),  # 정말로 평평한 값
    ],
)
def test_what_misleads_is_told(look, loc, top, told):
    figure, ax = plots.axes(xlim=(0, 1), ylim=(0, 1))
    x = np.linspace(0, 1, 50)
    ax.plot(x, np.minimum(1.1 * x, top), look, label="잰 것")
    ax.axhline(0, label="바닥")
    plots.drag(ax, (np.nan, np.nan), "w")
    ax.legend(loc=loc)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        frames.draw([figure], "p")
    assert bool(heard) == bool(told)
    assert all(told in str(warning.message) for warning in heard)


def test_every_book_color_becomes_a_variable():
    figure, ax = plots.axes(xlim=(0, 9), ylim=(0, 9))
    for n, color in enumerate(plots.COLORS.values()):
        ax.plot([0, 9], [n, n], color=color)
        ax.text(n, n, f"{n}", color=color)
    text = frames.markup(frames.draw([figure], "p"))
    for name, color in plots.COLORS.items():
        for key in ("stroke", "fill"):
            assert f"{key}: var(--bp-{name},{color})" in text
    assert not re.search(r"(?<!,)#[0-9a-f]{6}", text)


def test_svg_has_no_size_font_or_metadata():
    """크기와 글꼴은 CSS가 정해요. 날짜나 판 번호가 들어가면 지을 때마다 달라져요."""
    (svg,) = frames.draw([line(0.5, "글")], "p")
    text = ET.tostring(svg, encoding="unicode")
    assert set(svg.attrib) == {"viewBox", "style", "aria-hidden"}
    assert (svg.get("viewBox"), svg.get("aria-hidden")) == ("0 0 316.8 237.6", "true")
    assert "max-width:4.40in" in svg.get("style").split(";"), "원래 크기보다 커지면 글이 흐트러져요"
    assert not re.search(r"font-family|metadata|Matplotlib|xmlns|<style", text)


@settings(max_examples=5)
@given(st.permutations(list(itertools.product([0.1, 0.9], ["", "$x$", "글"]))))
def test_order_of_drawing_does_not_matter(order):
    """먼저 무엇을 그렸든 같은 그림은 같은 SVG예요."""
    for y, label in order:
        assert frames.markup(frames.draw([line(y, label)], "p")) == REFERENCE[y, label]


REFERENCE = {
    (y, label): frames.markup(frames.draw([line(y, label)], "p"))
    for y, label in itertools.product([0.1, 0.9], ["", "$x$", "글"])
}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("처음의 4.2e-08배", "처음의 4.2×10⁻⁸배"),
        ("1e+10", "1×10¹⁰"),
        ("기울기 -0.0000, 합 -0.0.", "기울기 0.0000, 합 0.0."),
        ("−0", "0"),
        ("-0.05와 1 - 0, 3-0, --0, w1e-5", "-0.05와 1 - 0, 3-0, --0, w1e-5"),
    ],
)
def test_numbers_are_written_for_people(written, read):
    assert frames.readable(written) == read
