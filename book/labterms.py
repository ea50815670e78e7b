"""용어를 용어집에 이어요: 장마다 처음 나오는 굵은 용어(``**편향**``)가 용어집의 그 자리로 가는 링크가 돼요.

용어는 용어집 쪽의 셋째 단계 제목(``### 편향``)이에요. 노트북에는 보통 마크다운만 있고, JupyterLab에서는 그저
굵은 글씨예요. 제목과 링크 안의 굵은 글씨는 그대로 둬요.
"""

from docutils import nodes

GLOSSARY = "chapters/glossary"


def terms_of(doctree):
    """용어집의 셋째 단계 제목과 그 자리: ``{"편향": "편향", "경사 하강법": "경사-하강법"}``."""
    depth = lambda node: 0 if node is None else isinstance(node, nodes.section) + depth(node.parent)  # noqa: E731
    return {s[0].astext(): s["ids"][0] for s in doctree.findall(nodes.section) if depth(s) == 3}


def link_terms(doctree, terms, uri):
    """용어마다 처음 나온 굵은 글씨를 ``uri``의 그 자리로 가는 링크로 감싸요."""
    left = dict(terms)
    for strong in list(doctree.findall(nodes.strong)):
        around = strong.parent
        while around is not None and not isinstance(around, nodes.title | nodes.reference):
            around = around.parent
        if around is None and strong.astext() in left:
            link = nodes.reference(refuri=f"{uri}#{left.pop(strong.astext())}", internal=True)
            link["classes"].append("lab-term")
            strong.replace_self(link)
            link += strong


def remember_terms(app, env):
    """용어집을 읽어 둬요. 지난 빌드와 다르면 모든 쪽을 다시 써요."""
    terms = terms_of(env.get_doctree(GLOSSARY)) if GLOSSARY in env.found_docs else {}
    before, env.lab_terms = getattr(env, "lab_terms", {}), terms
    return [] if before == terms else sorted(env.found_docs)


def link_page(app, doctree, docname):
    """용어집이 아닌 쪽의 용어를 이어요."""
    if app.env.lab_terms and docname != GLOSSARY:
        link_terms(doctree, app.env.lab_terms, app.builder.get_relative_uri(docname, GLOSSARY))


def setup(app):
    app.connect("env-updated", remember_terms)
    app.connect("doctree-resolved", link_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
