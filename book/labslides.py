"""핵심 장의 수업 슬라이드를 만들어요: ``slides/장.html``. 한 장에 실험 하나나 내기 하나이고, 실험은 거기서도 움직여요.

따로 쓰지 않고 장에서 뽑아요: 제목과 목표, 실험마다 과제 한 문장, 내기마다 고를 것과 닫아 둔 판정, 세 줄 요약. 그래서
장을 고치면 슬라이드도 따라와요.

넘기는 일은 브라우저의 쓸어 넘기기(scroll snap)와 인쇄에 맡겨요(slides.css, slides.js). 슬라이드를 통째로 늘이고 줄이는
틀(reveal.js 5.2.1은 JS와 CSS가 166 KB)은 실험의 손잡이가 재는 자리를 어긋나게 하고, 인쇄할 때 쪽에 <style>을 끼워
넣어 정책(csp.py)에 막혀요.
"""

import re
from pathlib import Path

from docutils import nodes
from labbets import After
from myst_nb.sphinx_ import HideCodeCellNode

from bplib.lab.worksheets import TITLES

BOOK = Path(__file__).resolve().parent
FOLDER = "slides"
DECKS = (
    *("00-intro", "01-structure", "02-forward", "03-gradient-descent", "03-losses", "04-chain-rule"),
    *("05-backprop", "05-notation", "06-training", "06-generalisation", "06-bug-zoo"),
)
FILES = (BOOK / "slides.css", BOOK / "slides.js")
# slides.js가 bets.js에 기억하지 않는 Progress를 줘요
SCRIPTS = ("slides.js", "player.js", "bets.js", "site.js")
EXPERIMENT = 'class="bp-experiment" id="'
GOALS, SUMMARY = "이 장에서 할 수 있게 되는 것", "세 줄 요약"
SENTENCE = re.compile(r"(?<=[다요까죠][.?])\s+")
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
PAGE = """<!DOCTYPE html>
<html lang="ko">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>슬라이드 · {title}</title>
<link rel="stylesheet" href="../_static/lab.css">
<script src="../_static/theme.js?v={digest}"></script>
{scripts}
<link rel="icon" href="../_static/favicon.svg"></head>
<body class="lab-slides">
<nav aria-label="슬라이드"><a href="../chapters/{name}.html">장으로</a>
<button type="button" class="pst-js-only" value="-1" aria-label="앞 슬라이드">‹</button>
<output class="pst-js-only">1 / {count}</output>
<button type="button" class="pst-js-only" value="1" aria-label="다음 슬라이드">›</button>
<button type="button" class="pst-js-only" data-print>인쇄</button></nav>
<main class="bd-article">
{slides}
</main></body></html>
"""


def before(cell):
    """같은 절에서 칸보다 앞에 있는 마지막 글 덩어리. 사이에 낀 다른 칸은 건너뛰어요."""
    words = nodes.paragraph | nodes.enumerated_list | nodes.bullet_list | nodes.math_block
    found = []
    for node in reversed(cell.parent[: cell.parent.index(cell)]):
        if isinstance(node, words):
            found.insert(0, node)
        elif found:
            break
    return found


def task(html):
    """과제: 문단에서 처음으로 “보세요”라고 하거나 묻는 문장부터 끝까지. 그런 것이 없으면 문단을 통째로 써요."""
    sentences = SENTENCE.split(re.sub(r"^\s*<p>|</p>\s*$", "", html))
    asks = [k for k, one in enumerate(sentences) if "보세요" in one or "?" in one]
    told = " ".join(sentences[asks[0] if asks else 0 :])
    whole = told.count("<") == 2 * told.count("</")  # 굵은 글씨의 가운데에서 잘리지 않았어요
    return f"<p>{told if whole else ' '.join(sentences)}</p>"


def wide(html):
    """첫 장면의 그림들을 나란히 놓았을 때의 폭 ÷ 높이. 슬라이드에 들어갈 만큼 키울 때 써요."""
    first = html.partition("<script")[0]
    return sum(float(w) / float(h) for w, h in SIZE.findall(first)) or 1


class Deck:
    """한 장의 슬라이드를 차례로 모아요."""

    def __init__(self, app, name, doctree):
        self.app, self.name, self.doctree, self.slides = app, name, doctree, []

    def html(self, node):
        """조각 하나를 슬라이드에서 쓸 HTML로. 장 안의 주소는 장을 가리키게 고쳐요."""
        copy = node.deepcopy()
        for code in list(copy.findall(lambda one: isinstance(one, HideCodeCellNode) or is_code(one))):
            code.parent.remove(code)
        text = self.app.builder.render_partial(copy)["fragment"]
        text = re.sub(r'href="(#[^"]*)"', rf'href="{self.name}.html\1"', text)
        return re.sub(r'href="(?=[\w-]+\.html)', 'href="../chapters/', text)

    def heading(self, section):
        words = self.html(nodes.paragraph("", "", *[one.deepcopy() for one in section[0]]))
        return re.sub(r"^\s*<p>|</p>\s*$", "", words).removeprefix("실험: ")

    def add(self, title, words, living="", kind=""):
        level = "h2" if self.slides else "h1"
        number = len(self.slides) + 1
        body = f'<div class="lab-words"><{level}>{title}</{level}>{words}</div>{living}'
        self.slides.append(f'<section class="lab-slide {kind}" id="slide-{number}">{body}</section>')

    def walk(self):
        """장의 차례대로 실험과 내기를 만나요."""
        top, *sections = self.doctree.findall(nodes.section)  # 맨 앞은 장 전체를 담은 절
        goals = next(one for one in sections if one[0].astext() == GOALS)
        self.add(self.heading(top), self.html(next(goals.findall(nodes.bullet_list))), kind="lab-plain")
        for raw in self.doctree.findall(nodes.raw):
            text = raw.astext()
            if EXPERIMENT in text and not inside(raw, After):
                self.experiment(raw, text)
            elif "bp-experiment bp-bet" in text:
                self.bet(raw, text)
        last = next(one for one in sections if one[0].astext() == SUMMARY)
        self.add(
            SUMMARY, self.html(next(last.findall(nodes.bullet_list))) + self.next_work(), kind="lab-plain"
        )

    def experiment(self, raw, text):
        cell = cell_of(raw)
        words = before(cell)
        last = self.html(words[-1]) if words else ""
        told = task(last) if words and isinstance(words[-1], nodes.paragraph) else last
        self.add(
            self.heading(cell.parent),
            told,
            f'<div class="lab-living" style="--wide:{wide(text):.2f}">{text}</div>',
        )

    def bet(self, raw, text):
        cell = cell_of(raw)
        words = "".join(map(self.html, before(cell)))
        after = cell.parent[cell.parent.index(cell) + 1]
        self.add(
            self.heading(cell.parent),
            words,
            f'<div class="lab-living">{text}{self.html(after)}</div>',
            "lab-bet",
        )

    def next_work(self):
        chapter = int(self.name[:2])
        sheet = (
            f'<a href="../worksheets/{chapter}-1.html">활동지 {chapter}장</a> · ' if chapter in TITLES else ""
        )
        return f'<p>{sheet}<a href="../chapters/{self.name}.html">장으로 돌아가 연습문제 풀기</a></p>'

    def page(self):
        digest = self.app.config.book_digest
        scripts = "\n".join(f'<script defer src="../_static/{one}?v={digest}"></script>' for one in SCRIPTS)
        title = re.sub(r"<[^>]+>", "", self.slides[0].partition("<h1>")[2].partition("</h1>")[0])
        return PAGE.format(
            title=title,
            digest=digest,
            scripts=scripts,
            name=self.name,
            count=len(self.slides),
            slides="\n".join(self.slides),
        )


def is_code(node):
    return isinstance(node, nodes.container) and "cell_input" in node["classes"]


def inside(node, kind):
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node is not None


def cell_of(node):
    """절의 바로 아래에 있는 칸."""
    while not isinstance(node.parent, nodes.section):
        node = node.parent
    return node


def write_deck(app, pagename, templatename, context, doctree):
    """핵심 장의 쪽을 쓸 때 그 장의 슬라이드도 써요."""
    name = pagename.partition("/")[2]
    if app.builder.name != "html" or doctree is None or name not in DECKS:
        return
    deck = Deck(app, name, doctree)
    deck.walk()
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.html").write_text(deck.page(), encoding="utf-8")
    context["deck"] = f"../{FOLDER}/{name}.html"  # 쪽의 아래(lab-footer.html)에서 이어요


def add_files(app, config):
    config.html_static_path += map(str, FILES)


def setup(app):
    app.connect("config-inited", add_files)
    app.connect("html-page-context", write_deck)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
