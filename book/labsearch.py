"""책의 찾기: 절마다의 글을 모아 ``search-sections.js``에 적어요. 찾는 일은 ``book/search.js``가 브라우저에서 해요.

Sphinx의 찾기는 한국어의 조사와 두 글자 낱말을 놓치고, Pagefind는 file://에서 움직이지 않아서 쓰지 않아요.
색인이 되는 것은 본문뿐이에요. 코드와 수식은 넣지 않아요.
"""

import json
import re
from pathlib import Path

from docutils import nodes

BOOK = Path(__file__).resolve().parent
SCRIPTS = (BOOK / "vendor" / "minisearch" / "minisearch.js", BOOK / "search.js")
SECTIONS = "search-sections.js"
SKIPPED = (
    nodes.literal_block,
    nodes.raw,
    nodes.math,
    nodes.math_block,
    nodes.comment,
    nodes.section,
    nodes.title,
)
TERM = re.compile(r"\s*\(([^)]*)\)")  # **손실**(loss) 다음의 괄호


def visible_text(node):
    """절의 본문 글. 아래 절과 코드와 수식은 빼요."""
    if isinstance(node, nodes.Text):
        return str(node)
    gap = "" if isinstance(node, nodes.TextElement) else " "
    return gap.join(visible_text(child) for child in node.children if not isinstance(child, SKIPPED))


def defined_terms(section):
    """절에서 굵게 적어 뜻을 밝힌 낱말과, 바로 뒤의 괄호에 적은 영어."""
    for strong in section.findall(nodes.strong):
        owner = strong.parent
        while not isinstance(owner, nodes.section):
            owner = owner.parent
        if owner is not section:
            continue
        after = strong.next_node(descend=False, siblings=True)
        english = TERM.match(str(after)) if isinstance(after, nodes.Text) else None
        yield f"{strong.astext()} {english[1]}" if english else strong.astext()


def sections_of(doctree, uri):
    """쪽의 절마다 제목, 주소, 뜻을 밝힌 낱말, 본문."""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        anchor = "" if section.parent is doctree else f"#{section['ids'][0]}"
        text = re.sub(r"\s+", " ", visible_text(section)).strip()
        yield {
            "url": uri + anchor,
            "title": title.astext() if title else "",
            "terms": " / ".join(defined_terms(section)),
            "text": text,
        }


def leave_out_sphinx_search(app):
    """Sphinx의 색인은 만들지 않아요. 찾기 쪽은 ``html_additional_pages``가 만들어요."""
    app.builder.search = False


def write_sections(app, error):
    """모든 쪽의 절을 파일 하나에 적어요. 스크립트라서 file://에서도 읽혀요."""
    if error or app.builder.name != "html":
        return
    pages = []
    for docname in sorted(app.env.found_docs):
        title = app.env.titles[docname].astext()
        sections = list(sections_of(app.env.get_doctree(docname), app.builder.get_target_uri(docname)))
        pages.append({"title": title, "sections": sections})
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / SECTIONS).write_text(f"window.LAB_PAGES={text};\n", encoding="utf-8")


def setup(app):
    app.connect("config-inited", lambda app, config: config.html_static_path.extend(map(str, SCRIPTS)))
    app.connect("builder-inited", leave_out_sphinx_search)
    app.connect("build-finished", write_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
