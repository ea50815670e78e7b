"""내기의 아래, 판정까지를 한 묶음으로 감싸요. 쪽에서는 독자가 고를 때까지 닫혀 있고, 인쇄하면 열려 있어요."""

import re

from docutils import nodes
from sphinx.errors import ExtensionError

NUMBER = re.compile(r'class="bp-experiment bp-bet" data-number="([\d.]+)"')
VERDICT = "판정."


class After(nodes.General, nodes.Element):
    """내기의 결과와 판정."""


def wrap_results(app, doctree):
    """내기마다, 그 다음 칸부터 “판정.”으로 시작하는 인용문까지를 감싸요.

    Raises:
        ExtensionError: 내기의 뒤에 판정이 없으면.
    """
    for raw in list(doctree.findall(nodes.raw)):
        found = NUMBER.search(raw.astext())
        if found:
            wrap(raw, found[1])


def wrap(raw, number):
    """내기 하나의 뒤를 감싸요."""
    cell = raw
    while not isinstance(cell.parent, nodes.section | nodes.document):
        cell = cell.parent
    parent, first = cell.parent, cell.parent.index(cell) + 1
    for last in range(first, len(parent)):
        if isinstance(parent[last], nodes.block_quote) and parent[last].astext().startswith(VERDICT):
            break
    else:
        raise ExtensionError(f"내기 {number}의 뒤에 ‘{VERDICT}’으로 시작하는 인용문이 있어야 해요.")
    inside = parent[first : last + 1]
    parent[first : last + 1] = [After("", *inside, number=number)]


def visit_after(translator, node):
    translator.body.append(f'<div class="bp-after" data-bet="{node["number"]}">')


def depart_after(translator, node):
    translator.body.append("</div>")


def setup(app):
    app.add_node(After, html=(visit_after, depart_after))
    app.connect("doctree-read", wrap_results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
