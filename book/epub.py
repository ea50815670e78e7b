"""책 전체를 EPUB 3 한 권으로 엮어요: 실험은 첫 장면, 수식은 MathML, 답은 그 자리에. downloads.py가 불러요.

만들어 둔 쪽을 읽어 고치는 데는 표준 라이브러리면 돼요. Sphinx의 EPUB은 모든 장을 다시 읽고도(45초) 테마의 “실행하기”
단추에서 멈추고, EbookLib은 쪽을 고쳐 주지 않으며 만들 때마다 다른 파일을 내요. 여기서는 같은 책이면 같은 파일이에요.
"""

import hashlib
import io
import json
import re
import uuid
import zipfile
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "bplib" / "lab" / "fonts"
STYLE = ROOT / "book" / "epub.css"
MODIFIED = "2026-01-01T00:00:00Z"  # 날짜가 아니라 내용의 해시가 판을 알려 줘요(dc:identifier)
SUBTITLE = "손으로 움직이며 배우는 역전파"
VOID = {"br", "hr", "img", "input", "wbr"}
# 파이썬은 이름을 모두 소문자로 읽어요
CASES = {name.lower(): name for name in ("viewBox", "preserveAspectRatio", "patternUnits", "clipPath")}
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
# 움직여야 쓸모 있는 것과, 그림을 그린 코드처럼 PDF에도 없는 것
DROP_TAGS = {"script", "style", "form", "fieldset", "button", "textarea"}
DROP = {"headerlink", "lab-moved", "lab-fold", "bp-editor", "bp-cloze", "lab-record", "lab-teacher"}
LIVE, ON_WEB = {"bp-own", "bp-playground"}, "이 실험은 웹 페이지에서 움직여요."
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="ko" xml:lang="ko">
<head><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body>{body}</body>
</html>
"""
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="ko">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{uuid}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>ko</dc:language>
<dc:creator>{author}</dc:creator>
<dc:rights>글과 그림은 CC BY 4.0, 코드는 BSD 3-Clause</dc:rights>
<dc:source>{source}</dc:source>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">그림마다 한국어 설명이 있고, 수식은 MathML이에요.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
TITLE = """<section epub:type="titlepage">
<p class="cover"><img src="cover.png" alt="장부 신경망의 그림"/></p>
<h1>{title}</h1>
<p>{subtitle}</p>
<p>{author}</p>
<p>이 책의 실험은 첫 장면만 있어요. 움직이는 것과 채점은 웹 페이지에 있어요: <a href="{site}">{site}</a></p>
<p>연습의 답은 문제 아래의 “풀이 보기”에, 내기의 결과는 내기 바로 아래에 있어요. 먼저 스스로 골라 보세요.</p>
<p>글과 그림은 <a href="https://creativecommons.org/licenses/by/4.0/deed.ko">CC BY 4.0</a>, 코드는 BSD 3-Clause예요.
글꼴 나눔스퀘어는 SIL Open Font License 1.1이고, 그 글은 이 파일 안의 OFL.txt에 있어요.</p>
</section>"""
NAV = """<nav epub:type="toc" id="toc" role="doc-toc"><h1>차례</h1><ol>
<li><a href="title.xhtml">책 소개</a></li>
{toc}
</ol></nav>
<nav epub:type="landmarks" hidden="hidden"><h2>길잡이</h2><ol>
<li><a epub:type="titlepage" href="title.xhtml">책 소개</a></li>
<li><a epub:type="toc" href="nav.xhtml">차례</a></li>
<li><a epub:type="bodymatter" href="{first}.xhtml">본문</a></li>
<li><a epub:type="glossary" href="glossary.xhtml">용어집</a></li>
</ol></nav>"""
KINDS = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
}
PROPERTIES = {"nav.xhtml": "nav", "cover.png": "cover-image"}


class Tree(HTMLParser):
    """쪽의 HTML을 나무로 읽어요. 열고 닫은 짝이 맞아야 해요."""

    def __init__(self, html):
        super().__init__()
        self.build, self.open = ET.TreeBuilder(), []
        self.feed(f"<section>{html}</section>")
        self.root = self.build.close()

    def handle_starttag(self, tag, attrs):
        tag = CASES.get(tag, tag)
        self.build.start(
            tag, {CASES.get(name, name): name if value is None else value for name, value in attrs}
        )
        self.open.append(tag)
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        tag, opened = CASES.get(tag, tag), self.open.pop()
        if tag != opened:
            raise ValueError(f"EPUB: <{opened}>을 닫을 자리에 </{tag}>가 있어요.")
        self.build.end(tag)

    def handle_data(self, data):
        self.build.data(data)


def classes(element):
    """요소의 클래스들."""
    return set(element.get("class", "").split())


def text(element):
    """요소에 담긴 글."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def dropped(element):
    """책에서 뺄 요소인지. 답하기 전에는 숨겨 둔 풀이(details)는 빼지 않아요."""
    hidden = "hidden" in element.attrib and element.tag != "details"
    return hidden or element.tag in DROP_TAGS or bool(classes(element) & DROP)


def replace(parent, child, new):
    """아이를 바꾸거나(새 아이가 None이면) 빼요. 뒤따르던 글은 남겨요."""
    place, after, child.tail = list(parent).index(child), child.tail or "", None
    if new is not None:
        parent[place], new.tail = new, after
        return
    parent.remove(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + after
    else:
        parent.text = (parent.text or "") + after


def math(katex):
    """KaTeX의 수식을 MathML만 남겨요. MathML을 모르는 기기에는 TeX를 읽어 줘요(alttext)."""
    found = katex.find(".//math")
    (semantics,) = found
    found.set("alttext", text(semantics.find("annotation")))
    found[:] = [child for child in semantics if child.tag != "annotation"]
    return found


def add_answer(exercise):
    """수로 답하는 연습의 답. 쪽에서는 채점에 쓰는 자료에만 있어요."""
    data = json.loads(exercise.find("script").text)
    if "known" in data:
        line = ET.Element("p")
        line.text = f"답: {round(data['known'][0][0], data['digits']):.10g}"
        exercise.find("details").insert(1, line)


def list_choices(bet):
    """내기의 단추를 고를 것의 목록으로. 결과는 바로 아래에 있어요."""
    choices = bet.find("div")
    choices.tag, choices.attrib = "ul", {}
    for button in choices:
        button.tag, button.attrib = "li", {}
    bet.remove(bet.find("p[@class='bp-text']"))


def point_to_web(experiment, web):
    """쪽에서만 움직이는 것은 웹 페이지로 이어요."""
    experiment[:] = [ET.Element("p")]
    ET.SubElement(experiment[0], "a", {"href": web}).text = ON_WEB


def tidy(parent, web, names):
    """요소의 아이들을 책에 맞게 고쳐요. ``web``은 이 쪽의 웹 주소, ``names``는 책에 든 쪽이에요."""
    for child in list(parent):
        kind = classes(child)
        if "katex" in kind:
            replace(parent, child, math(child))
            continue
        if "bp-exercise" in kind:
            add_answer(child)
        elif "bp-bet" in kind:
            list_choices(child)
        elif kind & LIVE:
            point_to_web(child, web)
        if dropped(child):
            replace(parent, child, None)
        else:
            tidy_attributes(child, web, names)
            tidy(child, web, names)


def tidy_attributes(element, web, names):
    """속성을 XHTML에 맞게 고쳐요."""
    if element.tag == "svg":
        element.attrib |= {"xmlns": SVG, "xmlns:xlink": XLINK}
    elif element.tag in ("use", "image"):
        element.set("xlink:href", element.attrib.pop("href"))
    elif element.tag == "a" and "href" in element.attrib:
        element.set("href", link(element.get("href"), web, names))
    if "style" in element.attrib:  # var(--이름,빛깔)을 모르는 기기도 많아요
        element.set("style", re.sub(r"var\(--[\w-]+,\s*([^()]*)\)", r"\1", element.get("style")))
    for name in [name for name in element.attrib if name.startswith("data-") or name == "hidden"]:
        del element.attrib[name]


def link(href, web, names):
    """책에 든 쪽은 책 안으로, 활동지와 슬라이드처럼 들지 않은 것은 웹으로."""
    page, _, anchor = href.partition("#")
    if page.removesuffix(".html") in names:
        return page.replace(".html", ".xhtml") + (f"#{anchor}" if anchor else "")
    return urljoin(web, href) if page else href


def chapter(html, web, names):
    """쪽의 본문을 책에 맞게 고친 나무."""
    section = Tree(re.search(r'<article class="bd-article">(.*?)</article>', html, re.S)[1]).root
    tidy(section, web, names)
    return section


def contents(parts, trees):
    """차례: 부, 장, 절. 부의 이름이 없는 첫 쪽은 그대로 놓아요."""

    def lines(name):
        heads = trees[name].iterfind("section/section")
        inner = "".join(
            f'<li><a href="{name}.xhtml#{escape(head.get("id"))}">{escape(text(head.find("h2")))}</a></li>'
            for head in heads
        )
        title = escape(text(trees[name].find(".//h1")))
        return f'<li><a href="{name}.xhtml">{title}</a>{f"<ol>{inner}</ol>" if inner else ""}</li>\n'

    for caption, names in parts:
        rows = "".join(map(lines, names))
        yield f"<li><span>{escape(caption)}</span><ol>\n{rows}</ol></li>\n" if caption else rows


def small_font(letters):
    """책에 나오는 글자만 남긴 나눔스퀘어. 한글 글꼴이 없는 기기와 그림의 이름표를 위한 것이에요.

    나눔스퀘어에는 자리만 있고 그림이 빈 글자가 많아요(⁻ ≈ ∥ 힣). 그것을 빼 두면 다음 글꼴이 그려 줘요.
    """
    options = subset.Options(layout_features=["*"], hinting=False)
    subsetter, file = subset.Subsetter(options), io.BytesIO()
    with subset.load_font(FONTS / "NanumSquareR.ttf", options, lazy=False) as font:
        names, shapes = font.getBestCmap(), font["glyf"]
        drawn = {ord(" ")} | {code for code, name in names.items() if shapes[name].numberOfContours}
        subsetter.populate(unicodes=drawn & set(map(ord, letters)))
        subsetter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()


def cover(title):
    """겉그림: 책의 이름과 장부 신경망."""
    from bplib.lab import plots

    figure, file = plots.ledger_diagram(), io.BytesIO()
    figure.set_size_inches(4.6, 6.9)
    figure.axes[0].set_position([0, 0.22, 1, 0.413])
    figure.text(0.5, 0.78, title, ha="center", fontsize=36)
    figure.text(0.5, 0.71, SUBTITLE, ha="center", fontsize=14, color=plots.MUTED)
    figure.savefig(file, format="png", dpi=200, metadata={"Software": None}, facecolor="white")
    return file.getvalue()


def style(site):
    """책의 CSS: 이 책의 것과, 쪽이 쓰는 밝은 코드의 빛깔."""
    pygments = (site / "_static" / "pygments.css").read_text(encoding="utf-8")
    code = re.findall(r'^html\[data-theme="light"\] (\.highlight .*)', pygments, re.M)
    return "\n".join([STYLE.read_text(encoding="utf-8"), *code, ""])


def files(site, parts, config):
    """책에 담을 것: {이름: 바이트}. 쪽은 차례대로예요."""
    names = [name for _, found in parts for name in found]
    trees, web = {}, ""
    for name in names:
        html = (site / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        web = re.search(r'<link rel="canonical" href="([^"]*)"', html)[1]
        trees[name] = chapter(html, web, names)
    said = {"title": escape(config["title"]), "author": escape(config["author"]), "site": urljoin(web, "..")}
    bodies = {"title": (said["title"], TITLE.format(subtitle=SUBTITLE, **said))}
    bodies["nav"] = ("차례", NAV.format(toc="".join(contents(parts, trees)), first=names[0]))
    for name, tree in trees.items():
        bodies[name] = (escape(text(tree.find(".//h1"))), ET.tostring(tree, "unicode"))
    pages = {f"{name}.xhtml": PAGE.format(title=title, body=body) for name, (title, body) in bodies.items()}
    found = {name: page.encode() for name, page in pages.items()}
    found |= {"book.css": style(site).encode(), "cover.png": cover(config["title"])}
    return found | {
        "NanumSquareR.ttf": small_font(set("".join(pages.values()))),
        "OFL.txt": (FONTS / "OFL.txt").read_bytes(),
    }


def package(inside, config):
    """OPF: 책의 이름과 판, 담은 것의 목록과 차례."""
    items = []
    for name, content in inside.items():
        has = [kind for kind, tag in (("svg", b"<svg"), ("mathml", b"<math")) if tag in content]
        has = f' properties="{PROPERTIES.get(name, " ".join(has))}"' if has or name in PROPERTIES else ""
        items.append(f'<item id="i-{name}" href="{name}" media-type="{KINDS[Path(name).suffix]}"{has}/>')
    digest = hashlib.sha256(b"".join(inside.values())).hexdigest()
    return PACKAGE.format(
        uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"{config['repository']['url']}#{digest}"),
        title=escape(config["title"]),
        author=escape(config["author"]),
        source=escape(config["repository"]["url"]),
        modified=MODIFIED,
        manifest="\n".join(items),
        spine="\n".join(f'<itemref idref="i-{name}"/>' for name in inside if name.endswith(".xhtml")),
    )


def write(site, target, parts, config):
    """EPUB 한 권을 써요. ``parts``는 [(부의 이름, [쪽의 이름])]이에요."""
    inside = files(site, parts, config)
    whole = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER.encode()}
    whole["EPUB/book.opf"] = package(inside, config).encode()
    whole |= {f"EPUB/{name}": content for name, content in inside.items()}
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in whole.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=9)
