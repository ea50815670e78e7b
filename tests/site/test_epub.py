"""EPUB: 꾸러미의 규칙, 차례, 끊긴 곳 없는 링크, 수식, 답, 설명. 규격 전체는 epubcheck로 봐요(CONTRIBUTING)."""

import hashlib
import io
import json
import posixpath
import re
import zipfile
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import check
import downloads
import epub
import pytest
import yaml
from fontTools.ttLib import TTFont

TOC, CONFIG = (
    yaml.safe_load((downloads.ROOT / name).read_text(encoding="utf-8"))
    for name in ("_toc.yml", "_config.yml")
)
PARTS = downloads.chapter_parts(TOC)
NAMES = downloads.chapter_names(TOC)
OPF = "{http://www.idpf.org/2007/opf}"
OPS = "{http://www.idpf.org/2007/ops}"
XHTML = "{http://www.w3.org/1999/xhtml}"
MATH = "{http://www.w3.org/1998/Math/MathML}math"
LINKS = ("href", "src", f"{{{epub.XLINK}}}href")


@pytest.fixture(scope="module")
def book(site):
    """{이름: 바이트}. 첫째가 mimetype이에요."""
    with zipfile.ZipFile(site.root / downloads.EPUB) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def trees(book):
    """쪽마다의 나무. 읽히지 않으면 XML이 아니에요."""
    return {
        name.removeprefix("EPUB/"): ET.fromstring(data)
        for name, data in book.items()
        if name.endswith("html")
    }


@pytest.fixture(scope="module")
def manifest(book):
    return {item.get("href"): item for item in ET.fromstring(book["EPUB/book.opf"]).iter(f"{OPF}item")}


def said(element):
    return "".join(element.itertext())


def test_container(book, manifest):
    assert next(iter(book)) == "mimetype"
    assert book["mimetype"] == b"application/epub+zip"
    rootfile = ET.fromstring(book["META-INF/container.xml"])[0][0]
    assert rootfile.get("full-path") == "EPUB/book.opf"
    inside = {name.removeprefix("EPUB/") for name in book if name.startswith("EPUB/")}
    assert set(manifest) == inside - {"book.opf"}


def test_every_page_is_read_in_the_order_of_the_contents(book, manifest, trees):
    package = ET.fromstring(book["EPUB/book.opf"])
    ids = {item.get("id"): name for name, item in manifest.items()}
    spine = [ids[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
    assert spine == ["title.xhtml", "nav.xhtml", *(f"{name}.xhtml" for name in NAMES)]
    kinds = {nav.get(f"{OPS}type"): nav for nav in trees["nav.xhtml"].iter(f"{XHTML}nav")}
    places = [a.get("href") for a in kinds["toc"].iter(f"{XHTML}a")]
    assert [place for place in places if "#" not in place] == ["title.xhtml", *spine[2:]]
    assert [said(span) for span in kinds["toc"].iter(f"{XHTML}span")] == [caption for caption, _ in PARTS[1:]]
    assert kinds["landmarks"] is not None


def test_pages_say_what_they_hold(manifest, trees):
    for name, tree in trees.items():
        assert tree.get("lang") == "ko"
        has = {"svg": f"{{{epub.SVG}}}svg", "mathml": MATH}
        expected = {kind for kind, tag in has.items() if tree.find(f".//{tag}") is not None}
        assert set(manifest[name].get("properties", "").split()) - {"nav"} == expected, name


def test_no_script_and_nothing_from_elsewhere(book, trees):
    for name, tree in trees.items():
        for element in tree.iter():
            assert element.tag.rpartition("}")[2] not in epub.DROP_TAGS | {"iframe", "object", "input"}, name
            assert not any(attribute.startswith("on") for attribute in element.attrib), name
            if element.tag != f"{XHTML}a":
                assert not any(urlsplit(element.get(at, "")).scheme == "https" for at in LINKS), name
            assert "var(" not in element.get("style", ""), name
    assert not check.css_requests(book["EPUB/book.css"].decode())


def test_every_link_inside_the_book_arrives(book, trees):
    anchors = {name: {e.get("id") for e in tree.iter()} for name, tree in trees.items()}
    home = next(trees["title.xhtml"].iter(f"{XHTML}a")).get("href")
    for name, tree in trees.items():
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), name
        for element in tree.iter():
            for link in filter(None, map(element.get, LINKS)):
                parts = urlsplit(link)
                if parts.scheme:  # 이 책의 쪽으로 가는 웹 주소는, 웹에서만 움직이는 것에만
                    assert parts.scheme in ("http", "https", "data"), f"{name}: {link}"
                    assert not link.startswith(f"{home}chapters/") or said(element) == epub.ON_WEB, name
                    continue
                target = posixpath.normpath(unquote(parts.path)) if parts.path else name
                assert f"EPUB/{target}" in book, f"{name}: {link}"
                if parts.fragment:
                    assert unquote(parts.fragment) in anchors[target], f"{name}: {link}"


def test_formulas_answers_and_figures_are_all_there(site, trees):
    for name in NAMES:
        page, tree = check.article(check.parse(site.read(f"chapters/{name}.html"))), trees[f"{name}.xhtml"]
        kept = [one for one in page.select(".katex annotation") if not one.find_parent(class_="lab-fold")]
        tex = [re.sub(r"\s+", " ", one.get_text()).strip() for one in kept]
        assert [formula.get("alttext") for formula in tree.iter(MATH)] == tex, name
        text = said(tree)
        for exercise in page.select(".bp-exercise"):
            assert exercise.details.p is None or exercise.details.p.get_text() in text
            assert exercise.details.pre is None or exercise.details.pre.get_text() in text
            data = json.loads(exercise.script.string)
            if "known" in data:
                shown = next(e for e in tree.iter() if e.get("id") == exercise["id"])
                (answer,) = re.findall(
                    r"^답: (\S+)$", "\n".join(said(p) for p in shown.iter(f"{XHTML}p")), re.M
                )
                assert float(answer) == pytest.approx(data["known"][0][0], abs=data["tolerance"])
        for bet in page.select(".bp-bet"):
            assert all(button.get_text() in text for button in bet.select("button"))
        verdicts = page.find_all(string=re.compile("판정"))
        assert text.count("판정") >= len(verdicts)
        frames = {figure["aria-label"] for figure in page.select(".bp-frame")}
        assert frames == {e.get("aria-label") for e in tree.iter() if e.get("class") == "bp-frame"}, name
        assert not any("hidden" in e.attrib for e in tree.iter()), name


def test_no_sign_of_the_font_is_blank(book):
    """나눔스퀘어에는 그림이 빈 글자가 많아요. 담긴 글꼴에 그것이 있으면 리더가 다른 글꼴에서 찾지 않아 빈칸이 돼요."""
    font = TTFont(io.BytesIO(book["EPUB/NanumSquareR.ttf"]))
    signs = font.getBestCmap()
    blank = [chr(code) for code, name in signs.items() if not font["glyf"][name].numberOfContours]
    assert blank == [" "]
    assert set("가힘0×") <= set(map(chr, signs))


def test_same_book_same_bytes(site, tmp_path):
    epub.write(site.root, tmp_path / "again.epub", PARTS, CONFIG)
    again = (tmp_path / "again.epub").read_bytes()
    assert (
        hashlib.sha256(again).digest() == hashlib.sha256((site.root / downloads.EPUB).read_bytes()).digest()
    )
    assert len(again) < 5_000_000


def test_unpaired_tags_stop_the_build():
    with pytest.raises(ValueError, match="<b>을 닫을 자리에 </p>"):
        epub.Tree("<p><b>글</p>")
