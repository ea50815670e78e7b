"""내려받을 파일: PDF 한 권의 글·차례·글꼴·쪽 수, 압축 파일의 내용, 쪽의 링크."""

import re
import zipfile

import downloads
import epub
import keep
import pytest
import yaml
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from bplib.lab.problems import numbers, problem

TOC = yaml.safe_load((downloads.ROOT / "_toc.yml").read_text(encoding="utf-8"))
NAMES = downloads.chapter_names(TOC)
WRITES = re.compile(rb"\bT[jJ]\b")  # PDF에서 글자를 적는 명령. 글을 모두 꺼내 보는 것보다 훨씬 빨라요


@pytest.fixture(scope="module")
def pdf(site):
    return PdfReader(site.root / downloads.PDF)


def titles(outline):
    return [item.title for item in outline if not isinstance(item, list)] + [
        title for item in outline if isinstance(item, list) for title in titles(item)
    ]


def test_every_chapter_is_in_the_outline(site, pdf):
    found = {re.sub(r"\s+", " ", title).strip() for title in titles(pdf.outline)}
    for name in NAMES:
        html = site.read(f"chapters/{name}.html")
        heading = re.search(r"<h1>(.*?)<a class=\"headerlink\"", html, re.S)[1]
        assert re.sub(r"<[^>]+>|\s+", " ", heading).strip() in found, name


def test_pages_hold_korean_text(pdf):
    assert len(pdf.pages) > 5 * len(NAMES)
    contents = [page.get_contents() for page in pdf.pages]
    written = [len(WRITES.findall(content.get_data())) if content is not None else 0 for content in contents]
    empty = [number for number, count in enumerate(written) if count < 10]  # 쪽 번호뿐인 쪽
    assert not empty, f"빈 쪽: {empty}"
    assert "역전파" in pdf.pages[1].extract_text()


def letters(text):
    """글자와 숫자만. PDF에서 꺼낸 글의 빈칸은 저마다예요."""
    return re.sub(r"\W", "", text)


def test_paper_holds_every_answer(site, pdf):
    """종이에서는 펼칠 수 없으니 접은 글이 모두 펼쳐져 있고, 5장의 풀이가 PDF의 글에 있어요."""
    assert not re.findall(r'<details(?! open| class="lab-fold)', downloads.one_page(site.root, NAMES))
    starts = {
        letters(item.title): pdf.get_destination_page_number(item)
        for item in pdf.outline
        if not isinstance(item, list)
    }
    first, after = (starts[name] for name in ("5장역전파의수학", "5장덧붙임표기사전"))
    text = "".join(letters(page.extract_text()) for page in pdf.pages[first:after])
    asked = [problem(number) for number in numbers() if number.startswith("5.")]
    assert len(asked) > 5
    for one in asked:
        assert letters(one.solution)[-12:] in text, one.number


def test_every_font_is_embedded(pdf):
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            if inner["/Subtype"] == "/Type3":
                continue  # 글자 모양을 그대로 담은 글꼴
            assert any(key.startswith("/FontFile") for key in inner["/FontDescriptor"].get_object()), inner


def signs(font):
    """이 글꼴로 적은 글자들. PDF가 글꼴마다 담아 둔, 글리프와 글자의 짝(ToUnicode)에 있어요."""
    table, found = font["/ToUnicode"].get_data().decode(), set()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        found |= {bytes.fromhex(to).decode("utf-16-be") for to in re.findall(r"> <(\w+)>", block)}
    for first, last, to in re.findall(r"<(\w+)> <(\w+)> <(\w{4})>", table):
        found |= {chr(int(to, 16) + step) for step in range(int(last, 16) - int(first, 16) + 1)}
    return found


def test_no_sign_is_blank(pdf):
    """나눔스퀘어가 적은 글자에는 모두 그림이 있어요. 그 글꼴에서 그림이 빈 글자(⁻ ≈)는 다른 글꼴이 적었어요."""
    with TTFont(epub.FONTS / "NanumSquareR.ttf") as font:
        names, shapes = font.getBestCmap(), font["glyf"]
        blank = {chr(code) for code, name in names.items() if not shapes[name].numberOfContours}
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"].get("/Font", {}).values()]
    ours, others = set(), set()
    for font in {id(font): font for font in fonts}.values():
        (ours if "NanumSquare" in font.get("/BaseFont", "") else others).update(signs(font))
    assert len(ours) > 1000
    assert {sign for sign in ours & blank if sign.isprintable()} == {" "}
    assert set("⁻≈") <= others


def test_one_page_keeps_ids_apart():
    page = '<article class="bd-article"><h2 id="a">A</h2><a href="#a">1</a><a href="y.html#b">2</a></article>'
    html = downloads.article(page, 0, {"x": 0, "y": 1})
    assert 'id="p0-a"' in html
    assert 'href="#p0-a"' in html
    assert 'href="#p1-b"' in html


def test_zip_is_the_whole_site(site):
    with zipfile.ZipFile(site.root / downloads.ZIP) as archive:
        packed = {name.removeprefix("backprop-lab/") for name in archive.namelist()}
    assert packed == site.files - {*downloads.NAMES, keep.WORKER}


def test_every_page_links_the_downloads(site):
    for page in site.chapters:
        html = site.read(page)
        assert downloads.DOWNLOADS not in html
        assert all(f"../{file}" in html for file in downloads.NAMES), page


def test_links_can_be_written_again_and_taken_back(tmp_path):
    page = tmp_path / "chapters" / "a.html"
    page.parent.mkdir()
    bare = f"<ul><li>노트북</li>{downloads.DOWNLOADS}</ul>"
    page.write_text(bare, encoding="utf-8")
    for files in (list(downloads.NAMES), [downloads.ZIP]):
        downloads.link(tmp_path, files)
        assert page.read_text(encoding="utf-8").count("<li>") == 1 + len(files)
        assert f'href="../{downloads.ZIP}"' in page.read_text(encoding="utf-8")
    downloads.link(tmp_path, [])
    assert page.read_text(encoding="utf-8") == bare
