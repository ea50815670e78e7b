"""용어 잇기: 장마다 처음 나온 굵은 용어만, 글 속에서만, 있는 자리로."""

import re

import check
import labterms
import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from myst_parser.parsers.docutils_ import Parser

GLOSSARY = (
    "# 용어\n\n## ㅍ\n\n### 편향\n\n*bias*. 더하는 수.\n\n### 경사 하강법\n\n*gradient descent*. 내려가기."
)
CHAPTER = """# 1장 **편향**

[**편향** 절](a.md)과 **편향들**은 그대로 둬요.

**편향**(bias)과 **경사 하강법**이에요. 다시 **편향**이에요.

- 목록의 **경사 하강법**
"""
PAGES = ("02-forward", "03-gradient-descent", "05-backprop")


def read(text):
    settings = get_default_settings(Parser)
    settings.myst_suppress_warnings = ["myst"]
    settings.report_level = 5
    document = new_document("쪽.md", settings)
    Parser().parse(text, document)
    return document


def test_terms_are_the_third_headings():
    assert list(labterms.terms_of(read(GLOSSARY))) == ["편향", "경사 하강법"]


def test_first_bold_in_the_text_becomes_a_link():
    page = read(CHAPTER)
    before = page.astext()
    labterms.link_terms(page, {"편향": "편향", "경사 하강법": "경사-하강법"}, "glossary.html")
    links = [node for node in page.findall(nodes.reference) if "lab-term" in node["classes"]]
    assert [(link.astext(), link["refuri"]) for link in links] == [
        ("편향", "glossary.html#편향"),
        ("경사 하강법", "glossary.html#경사-하강법"),
    ]
    assert all(isinstance(link[0], nodes.strong) for link in links)
    assert links[0].parent.astext().startswith("편향(bias)")
    assert page.astext() == before


def test_no_terms_no_links():
    page = read(CHAPTER)
    labterms.link_terms(page, {}, "glossary.html")
    assert not [node for node in page.findall(nodes.reference) if "lab-term" in node["classes"]]


# ── 만들어진 책 ──


def links_of(site, page):
    soup = check.parse(site.read(f"chapters/{page}.html"))
    return soup, soup.select("a.lab-term")


@pytest.mark.parametrize("page", PAGES)
def test_built_chapters_link_their_terms_once(site, page):
    soup, links = links_of(site, page)
    terms = [link.get_text() for link in links]
    assert len(terms) >= 3
    assert len(terms) == len(set(terms))
    for link in links:
        target, _, anchor = link["href"].partition("#")
        assert target == "glossary.html"
        assert anchor in site.anchors("chapters/glossary.html")
        assert not link.find_parent(re.compile("^h[1-6]$"))
        bold = [b for b in check.article(soup).find_all("strong") if b.get_text() == link.get_text()]
        outside = [b for b in bold if not b.find_parent(re.compile("^h[1-6]$"))]
        assert outside[0].parent is link, f"{link.get_text()}: 처음 나온 것이 아니에요"


def test_glossary_does_not_link_to_itself(site):
    assert not links_of(site, "glossary")[1]


def test_worksheets_are_pages_of_the_site(site):
    sheets = [page for page in site.pages if page.startswith("worksheets/")]
    assert len(sheets) == 9 * 5 * 2 + 3  # 장 아홉, 씨앗 다섯, 문제와 답. 그리고 종이 고리와 그 답, 관찰표
    for page in sheets:
        assert "../chapters/teaching.html" in site.read(page)
