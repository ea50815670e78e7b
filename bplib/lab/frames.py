"""그림 한 장을 가벼운 SVG 나무로 바꾸고, 두 장면의 차이만 골라내요.

웹 페이지의 실험은 첫 장면의 SVG 한 벌과, 다른 장면마다 달라지는 값만 담아요.

- :func:`draw`    matplotlib 그림 → 다듬은 SVG 나무
- :func:`diff`    (첫 장면, 다른 장면) → 달라진 값의 목록
- :func:`rebuild` (첫 장면, 달라진 값) → 다른 장면. ``book/player.js``가 브라우저에서 하는 일과 같아요.
- :func:`digest`  장면 → 해시
- :func:`handles` 그림 → 끌 수 있는 손잡이의 자리
- :func:`readable` 프로그램이 적은 수 → 사람이 읽는 수
"""

from __future__ import annotations

import copy
import hashlib
import io
import math
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import numpy as np

from bplib.lab import plots

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEXT = "#text"  # 글자가 바뀌었어요
INNER = "#inner"  # 자식의 개수나 종류가 달라져 속을 통째로 갈아요

#: 달라진 값 하나: (문서 순서로 센 요소 번호, 속성 이름, 새 값). 새 값이 None이면 속성이 없어져요.
Change = tuple[int, str, str | None]


class Handle(NamedTuple):
    """그림에서 끌 수 있는 자리 하나(:func:`bplib.lab.plots.drag`)."""

    figure: int  # 몇째 그림
    controls: tuple[str, ...]  # 끌면 바뀌는 인자
    along: str  # 가까움을 재는 쪽: "x", "y", "xy"
    at: tuple[float, float] | None  # SVG의 좌표. 없으면 이 장면에는 손잡이가 없어요


_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_GEOMETRY = {"d", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "points"}
_URL = re.compile(r"url\(#([^)]+)\)")
_HREF = "{http://www.w3.org/1999/xlink}href"
_FONT_FAMILY = re.compile(r"font-family: [^;]*;? ?")
_DUMMY = "¤"  # matplotlib이 $…$ 안의 없는 글자 대신 찍는 글자
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([-+])0*(\d+)")  # 4.2e-08
_MINUS_ZERO = re.compile(r"(?<![\w)−-])[-−](?=0(?:\.0+)?(?!\.?\d))")  # -0.0000의 빼기표
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def prefix(text: str) -> str:
    """그림 속 id의 앞말. 이름이나 설명이 다른 그림끼리는 한 쪽에 있어도 id가 겹치지 않아요."""
    return f"bp{zlib.crc32(text.encode(errors='surrogatepass')):08x}"


def draw(figures: list[Figure], prefix: str) -> ET.Element:
    """그림들을 ``<div>`` 하나에 담긴 SVG 나무로 바꿔요. ``prefix``는 id가 다른 그림과 겹치지 않게 해요."""
    root = ET.Element("div")
    for number, figure in enumerate(figures):
        root.append(_tidy(ET.fromstring(_savefig(figure)), f"{prefix}-{number}"))
        for fault in _misleading(figure):
            warnings.warn(fault, stacklevel=2)
    return root


def handles(figures: Sequence[Figure]) -> tuple[Handle, ...]:
    """저장한 그림들에서 손잡이를 찾아, 놓인 자리를 SVG의 좌표로 바꿔요."""
    found = []
    for number, figure in enumerate(figures):
        point, height = 72 / figure.dpi, 72 * figure.get_figheight()
        for line in (line for ax in figure.axes for line in ax.lines):
            kind, _, what = (line.get_gid() or "").partition(":")
            if kind == "drag":
                along, _, names = what.partition(":")
                x, y = line.get_transform().transform(line.get_xydata())[0] * point
                at = (round(float(x), 1), round(float(height - y), 1)) if math.isfinite(x + y) else None
                found.append(Handle(number, tuple(names.split()), along, at))
    return tuple(found)


def markup(tree: ET.Element) -> str:
    """나무의 속을 HTML에 끼워 넣을 글로 적어요."""
    return "".join(ET.tostring(child, encoding="unicode") for child in tree)


def diff(base: ET.Element, other: ET.Element) -> list[Change]:
    """``base``를 ``other``로 바꾸는 데 필요한 변화만 모아요."""
    changes: list[Change] = []
    number = 0

    def walk(a: ET.Element, b: ET.Element) -> None:
        nonlocal number
        here, number = number, number + 1
        for name in sorted({*a.keys(), *b.keys()}):
            if a.get(name) != b.get(name):
                changes.append((here, name, b.get(name)))
        same_children = [child.tag for child in a] == [child.tag for child in b]
        if not same_children or (len(a) and a.text != b.text):
            changes.append((here, INNER, escape(b.text or "") + markup(b)))
            number += sum(1 for _ in a.iter()) - 1
            return
        if a.text != b.text:
            changes.append((here, TEXT, b.text or ""))
        for left, right in zip(a, b, strict=True):
            walk(left, right)

    walk(base, other)
    return changes


def rebuild(base: ET.Element, changes: list[Change]) -> ET.Element:
    """첫 장면의 사본에 변화를 입혀 다른 장면을 되살려요."""
    tree = copy.deepcopy(base)
    nodes = list(tree.iter())
    for number, name, value in changes:
        node = nodes[number]
        if name == TEXT:
            node.text = value or None
        elif name == INNER:
            inner = ET.fromstring(f"<g>{value}</g>")
            node.text, node[:] = inner.text, list(inner)
        elif value is None:
            del node.attrib[name]
        else:
            node.set(name, value)
    return tree


def digest(tree: ET.Element, text: str) -> str:
    """장면의 해시. 속성의 차례가 달라도 같은 그림과 설명이면 같아요. 쪽에 실린 것이 온전한지 볼 때 써요."""
    nodes = [
        (node.tag, node.text or "", node.tail or "", len(node), sorted(node.items())) for node in tree.iter()
    ]
    return hashlib.sha256(repr((text, nodes)).encode(errors="surrogatepass")).hexdigest()[:16]


def readable(text: str) -> str:
    """설명과 그림 속의 수를 사람이 읽는 대로 적어요: ``4.2e-08``은 ``4.2×10⁻⁸``, 반올림한 ``-0.0000``은 ``0.0000``."""
    power = lambda m: f"{m[1]}×10{(m[2].strip('+') + m[3]).translate(_RAISED)}"  # noqa: E731
    return _MINUS_ZERO.sub("", _EXPONENT.sub(power, text))


def _savefig(figure: Figure) -> str:
    """그림을 SVG 글로 저장해요. 글꼴에 없는 글자가 있으면 두부(□) 대신 오류를 내요."""
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "bplib"}), warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    if _DUMMY in svg:
        raise UserWarning(f"Glyph {_DUMMY} missing: $…$ 안에 수식 글꼴에 없는 글자가 있어요.")
    return svg


def _misleading(figure: Figure) -> Iterator[str]:
    """방금 저장한 그림에서 잘못 읽힐 것: 선이 지나는 범례와, 축의 끝에서 잘려 가짜 바닥이나 천장이 된 선."""
    from matplotlib.transforms import Bbox

    scale = figure.dpi / 72  # SVG에 놓은 자리는 1인치에 72예요
    for ax in figure.axes:
        legend, named = ax.get_legend(), []
        for text in legend.get_texts() if legend else ():
            row = text.get_window_extent(dpi=72).extents + np.array([-32, -2, 2, 2])  # 앞의 표본까지
            box = Bbox.intersection(Bbox.from_extents(*scale * row), ax.bbox)
            named += [(text.get_text(), box)] if box else []
        for line in ax.lines:
            path = line.get_transform().transform_path(line.get_path())
            at, size = np.asarray(path.vertices), line.get_markersize() * scale / 2
            joined, marked = (look != "None" for look in (line.get_linestyle(), line.get_marker()))
            for name, box in named:
                crossed = joined and path.intersects_bbox(box, filled=False)
                if crossed or (marked and box.padded(size).count_contains(at)):
                    yield f"범례의 '{name}' 위로 선이나 점이 지나가요."
            still, place = at[1:] == at[:-1], (at[1:] - ax.bbox.min) / ax.bbox.size
            flat = still & ~still[:, ::-1] & (at != at[:1]).any(axis=0)
            if joined and ax.axison and (flat & (np.abs(np.abs(place - 0.5) - 0.5) < 0.025)).any():
                yield "축의 끝에서 잘린 선이 가짜 바닥이나 천장이 돼요. 자르지 말고 그림 밖으로 나가게 두세요."


def _tidy(svg: ET.Element, prefix: str) -> ET.Element:
    """메타데이터·이름 공간·쓰지 않는 id를 덜고, 좌표를 줄이고, 색을 CSS 변수로 바꿔요."""
    ids = _referenced(svg, prefix)
    tree = _copy(svg, ids)
    # 원래 크기보다 커지지 않고, 4분의 3보다 작아져야 할 만큼 좁으면 나란히 놓지 않고 다음 줄로 내려가요.
    width = float(svg.get("viewBox", "0 0 0 0").split()[2]) / 72
    tree.attrib = {
        "viewBox": svg.get("viewBox", ""),
        "style": f"max-width:{width:.2f}in;flex-basis:{0.75 * width:.2f}in",
        "aria-hidden": "true",
    }
    return tree


def _referenced(svg: ET.Element, prefix: str) -> dict[str, str]:
    """다른 곳에서 가리키는 id만 짧은 새 이름과 짝지어요. 새 이름은 나오는 차례대로 붙어 장면끼리 잘 맞아요."""
    used = {id_ for element in svg.iter() for id_ in _references(element)}
    present = [i for element in svg.iter() if (i := element.get("id")) in used and i is not None]
    return {old: f"{prefix}-{n}" for n, old in enumerate(present)}


def _references(element: ET.Element) -> Iterator[str]:
    href = element.get(_HREF, "")
    if href.startswith("#"):
        yield href[1:]
    for value in element.attrib.values():
        yield from _URL.findall(value)


def _copy(element: ET.Element, ids: dict[str, str]) -> ET.Element:
    """요소와 그 속을 다듬어 베껴요."""
    copied = ET.Element(element.tag.rpartition("}")[2], _attributes(element, ids))
    text = readable(element.text or "")
    copied.text = (text if copied.tag == "tspan" else text.strip()) or None
    for child in element:
        if child.tag.rpartition("}")[2] in ("metadata", "style"):
            continue
        inner = _copy(child, ids)
        # 속이 빈 묶음과 보이지 않는 배경은 그리지 않아요.
        if (inner.tag in ("g", "defs") and not len(inner)) or inner.get("style") == "fill: none":
            continue
        # 속성 없는 묶음은 풀어요.
        if inner.tag == "g" and not inner.attrib:
            copied.extend(inner)
        else:
            copied.append(inner)
    return copied


def _attributes(element: ET.Element, ids: dict[str, str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in element.items():
        if name == "id":
            if value in ids:
                out["id"] = ids[value]
            elif value.startswith("pick:"):  # plots.pick이 단 이름표
                out["data-pick"] = value.removeprefix("pick:")
        elif name == _HREF:
            out["href"] = f"#{ids[value[1:]]}" if value.startswith("#") else value
        elif name == "transform":
            if not value.startswith("rotate(-0 "):
                out[name] = _shorten(value, 6)  # 화소 그림을 늘리는 비율이라 더 자세히 적어요
        elif name in _GEOMETRY:
            out[name] = _shorten(value, 2)
        elif name == "style" and element.tag.endswith("}image"):
            continue  # 화소를 또렷이 그리라는 지시를 빼면, 브라우저가 평면의 색을 매끄럽게 늘려요.
        elif name == "style":
            value = _HEX.sub(_variable, _FONT_FAMILY.sub("", value))
            out[name] = _URL.sub(lambda url: f"url(#{ids[url[1]]})", value)
        else:
            out[name] = _URL.sub(lambda url: f"url(#{ids[url[1]]})", value)
    return out


def _shorten(value: str, digits: int) -> str:
    """소수를 digits자리까지만 적어요. 좌표는 둘째 자리(0.01포인트)면 눈으로 구별할 수 없어요."""
    return _NUMBER.sub(lambda number: f"{round(float(number[0]), digits) + 0.0:.7g}", " ".join(value.split()))


def _variable(color: re.Match[str]) -> str:
    name = plots.COLOR_NAMES.get(color[0])
    return f"var(--bp-{name},{color[0]})" if name else color[0]
