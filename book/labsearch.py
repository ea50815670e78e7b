"""책의 찾기: 절마다의 글을 모아 ``search-sections.js``에 적어요. 찾는 일은 ``book/search.js``가 브라우저에서 해요.

Sphinx의 찾기는 한국어의 조사와 두 글자 낱말을 놓치고, Pagefind는 file://에서 움직이지 않아요. lunr와 MiniSearch는
낱말을 색인해서 띄어쓰기와 오타와 적다 만 한글에는 우리 코드가 도로 필요해요. 책 한 권은 훑어도 0.1초라
색인을 만들지 않아요. 글에는 본문과, 유니코드로 옮긴 수식이 들어가요. 코드는 넣지 않아요.
"""

import json
import re
import tomllib
from pathlib import Path

from docutils import nodes
from labmath import reading
from labterms import GLOSSARY, terms_of
from sphinx import addnodes

BOOK = Path(__file__).resolve().parent
SCRIPT = BOOK / "search.js"
SECTIONS = "search-sections.js"
WORDS = BOOK / "search-words.toml"
SKIPPED = (nodes.literal_block, nodes.raw, nodes.comment, nodes.section, nodes.title)
# 찾아보기: 장마다 그 장이 맡은 낱말. 다른 장에도 나오는 낱말을 어느 장에서 배우는지 알려 줘요.
# 용어집에 있는 용어는 처음 소개하는 쪽이 맡으니, 거기에는 처음 소개한 쪽과 배우는 쪽이 다른 것만 적어요.
TOPICS = {
    "00-intro": "역전파란 무엇인가, 이 책을 쓰는 법, 실행하는 법",
    "playground": "자유 실험실, 놀이터, playground, 직접 만들기, 내 점, 신경망 짓기",
    "01-structure": "신경망의 구조, 신경망, 층의 수, 깊이, 폭, 매개변수, 매개변수의 개수, 뇌",
    "02-forward": "가중치, 편향, 활성화 함수, 시그모이드, tanh, ReLU",
    "03-gradient-descent": "손실 함수, 골짜기",
    "03-losses": "가장 가파른 방향",
    "04-chain-rule": "자동 미분",
    "05-backprop": "역전파, 네 식, BP1 BP2 BP3 BP4, 은닉층의 델타",
    "05-notation": "표기, 기호, notation, dout, dW, Affine, Keras, tape.gradient, 밑바닥부터 시작하는 딥러닝",
    "06-training": "학습 과정, XOR, 에폭, 초기화, 퍼셉트론",
    "06-generalisation": "소용돌이, 배치, 검증",
    "06-bug-zoo": "버그, 틀린 역전파, 디버깅",
    "07-images": "그림 그리기, 숫자 그리기, MLP, 이미지 인식, 손글씨 숫자, 풀링, 혼동 행렬",
    "08-language": "자연어 처리, 감성 분석, 낱말 주머니, 부정문, 안 좋아, 자모, BERT, 문장 적기",
    "09-music": "음악 생성, 순환 신경망, RNN, GRU, 시간을 거슬러, 아리랑, 악보, 작곡, 건반, 강화 학습, 사람의 선호",
    "10-speed": "느린 학습, GPU, 분산 학습, 배치 크기, 벡터로 계산하기, 병렬, 메모리",
    "11-minima": "지역 최솟값, 안장점, 다시 시작, 고원",
    "11-momentum": "최적화, Adam, AdamW, 워밍업",
    "12-vanishing": "기울기 소실, 기울기 폭발, 사라지는 기울기, 초기화, 기울기 자르기",
    "13-future": "미래, 에너지, 현저성",
    "14-summary": "마무리, 개념 지도, 마지막 퀴즈, 어디로 갈까",
    "teaching": "가르치는 분께, 수업 계획, 학습지, 교사, 성취기준, 교육과정, 수업 슬라이드, 관찰표, 평가",
    "misconceptions": "흔한 오해, 내기",
    "benchmarks": "빠르기, 속도 비교, PyTorch, JAX, scikit-learn, micrograd, 벤치마크, benchmark",
}
WEIGHTS = {"glossary": 0.4, "api": 0.4}  # 낱말을 모아 둔 쪽은 뒤로 미뤄요
TERM = re.compile(r"\s*\(([^)]*)\)")  # **손실**(loss) 다음의 괄호


def visible_text(node):
    """절의 본문 글. 아래 절과 코드는 빼고, 수식은 유니코드로 옮겨요."""
    if isinstance(node, nodes.math | nodes.math_block):
        return reading(node.astext().strip())
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


def sections_of(doctree, uri, topics):
    """쪽의 절마다 제목, 주소, 뜻을 밝힌 낱말, 맡은 낱말, 본문."""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        anchor = "" if section.parent is doctree else f"#{section['ids'][0]}"
        yield {
            "url": uri + anchor,
            "title": title.astext() if title else "",
            "topics": ", ".join(topic for name in section["ids"] for topic in topics.get(name, ())),
            "terms": " / ".join(defined_terms(section)),
            "text": re.sub(r"\s+", " ", visible_text(section)).strip(),
        }


def entries_of(glossary):
    """용어집의 항목마다 용어, 처음 소개하는 쪽과 절, 영어와 기호: ``("학습률", "chapters/03-…", "한-걸음", ["η"])``."""
    ids = set(terms_of(glossary).values())
    for section in glossary.findall(nodes.section):
        if section["ids"][0] not in ids:
            continue
        names, page, place = [], "", ""
        for part in section.next_node(nodes.paragraph).children:
            if isinstance(part, nodes.emphasis) and not names:
                names += part.astext().split(", ")
            elif isinstance(part, nodes.math) and not page:
                names.append(reading(part.astext()))
            elif isinstance(part, addnodes.pending_xref):
                page, place = part["reftarget"], part["reftargetid"]
        yield section[0].astext(), page, place, names


def topics_of(docname, doctree, entries):
    """쪽의 절마다 맡은 낱말: 첫 절은 TOPICS에 적은 것, 다른 절은 용어집이 그 절에서 처음 소개한다고 한 나머지 용어."""
    listed = TOPICS.get(docname.rpartition("/")[2], "")
    topics = {doctree.next_node(nodes.section)["ids"][0]: [listed] if listed else []}
    placed = {topic for some in TOPICS.values() for topic in some.split(", ")}
    for term, page, place, _ in entries:
        if page == docname and term not in placed:
            topics.setdefault(place, []).append(term)
    return topics


def words_of(entries):
    """찾는 말을 이 책의 말로 바꾸는 사전: 같은 뜻의 다른 말(same)과, 책에 없는 말에 가장 가까운 말(near)."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    same, near = (
        {name: term for term, names in words[kind].items() for name in names} for kind in ("same", "near")
    )
    listed = {}
    for term, _, _, names in entries:
        for name in names:
            listed[name] = f"{listed[name]} {term}" if name in listed else term
    return {"same": {**listed, **same}, "near": near}


def leave_out_sphinx_search(app):
    """Sphinx의 색인은 만들지 않아요. 찾기 쪽은 ``html_additional_pages``가 만들어요."""
    app.builder.search = False


def write_sections(app, error):
    """모든 쪽의 절을 파일 하나에 적어요. 스크립트라서 file://에서도 읽혀요."""
    if error or app.builder.name != "html":
        return
    entries = list(entries_of(app.env.get_doctree(GLOSSARY))) if GLOSSARY in app.env.found_docs else []
    pages = []
    for docname in sorted(app.env.found_docs):
        doctree = app.env.get_doctree(docname)
        sections = sections_of(
            doctree, app.builder.get_target_uri(docname), topics_of(docname, doctree, entries)
        )
        weight = WEIGHTS.get(docname.rpartition("/")[2], 1)
        pages.append(
            {"title": app.env.titles[docname].astext(), "weight": weight, "sections": list(sections)}
        )
    book = {"pages": pages, **words_of(entries)}
    text = json.dumps(book, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / SECTIONS).write_text(f"window.LAB_BOOK={text};\n", encoding="utf-8")


def setup(app):
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(SCRIPT)))
    app.connect("builder-inited", leave_out_sphinx_search)
    app.connect("build-finished", write_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
