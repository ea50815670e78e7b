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
# 찾아보기: 장마다 그 장이 맡은 낱말. 다른 장에도 나오는 낱말을 어느 장에서 배우는지 알려 줘요.
TOPICS = {
    "00-intro": "역전파란 무엇인가, 이 책을 쓰는 법, 실행하는 법",
    "playground": "자유 실험실, 놀이터, playground, 직접 만들기, 내 점, 신경망 짓기",
    "01-structure": "신경망의 구조, 뉴런, 입력층, 은닉층, 출력층, 층의 수, 깊이, 폭, 매개변수의 개수, 뇌",
    "02-forward": "순전파 forward pass, 가중치, 편향 bias, 가중합, 활성화 함수, 시그모이드 sigmoid, tanh, ReLU, 문턱",
    "03-gradient-descent": "오차, 손실 loss, 손실함수, 경사 하강법 gradient descent, 학습률 learning rate, 발산, "
    "골짜기, 제곱 오차의 절반, 편미분",
    "03-losses": "평균 제곱 오차 MSE, 교차 엔트로피 cross-entropy, 가장 가파른 방향",
    "04-chain-rule": "연쇄 법칙 chain rule, 계산 그래프, 국소 도함수, 자동 미분",
    "05-backprop": "역전파 backpropagation, 델타 delta, 네 식, BP1 BP2 BP3 BP4, 은닉층의 델타, 기울기 검사, 유한 차분",
    "05-notation": "표기, 기호, notation, dout, dW, Affine, tape.gradient, 밑바닥부터 시작하는 딥러닝",
    "06-training": "학습 과정, XOR, 에폭 epoch, 초기화, 대칭, 퍼셉트론",
    "06-generalisation": "소용돌이, 나선, 배치, 미니배치 minibatch SGD, 검증, 과적합 overfitting 오버피팅, 조기 종료",
    "06-bug-zoo": "버그, 틀린 역전파, 디버깅",
    "07-images": "그림 그리기, 숫자 그리기, 데이터 증강, data augmentation, 다층 퍼셉트론, MLP, "
    "이미지 인식, 합성곱 신경망 convolution CNN, 손글씨 숫자, 필터, 풀링, 혼동 행렬",
    "08-language": "자연어 처리, 감성 분석, 낱말 주머니, 단어 주머니, 임베딩 embedding, 부정문, 안 좋아, 자모, "
    "토큰 token, 어텐션 attention, 트랜스포머 transformer, 사전 학습 BERT, 문장 적기",
    "09-music": "음악 생성, 순환 신경망 RNN GRU, 시간을 거슬러, 아리랑, 악보, 작곡, "
    "건반, 온도, DPO, 강화 학습, 사람의 선호",
    "10-speed": "느린 학습, GPU, 분산 학습, 배치 크기, 벡터로 계산하기, 병렬, 메모리, checkpointing",
    "11-minima": "지역 최솟값, 안장점, 다시 시작, 고원",
    "11-momentum": "모멘텀 momentum, 학습률 스케줄, Adam, AdamW, 따뜻한 시작 warm-up 워밍업, 안정의 가장자리",
    "12-vanishing": "기울기 소실, 기울기 폭발, 사라지는 기울기, 초기화, 배치 정규화, RMS 정규화 RMSNorm, "
    "잔차 연결, 기울기 자르기",
    "13-future": "미래, 피드백 정렬, 에너지, 양자화, 설명 가능한 인공지능, 현저성 saliency",
    "14-summary": "마무리, 개념 지도, 마지막 퀴즈, 어디로 갈까",
    "teaching": "가르치는 분께, 수업 계획, 학습지, 교사, 성취기준, 수업 슬라이드, 관찰표",
    "benchmarks": "빠르기, 속도 비교, PyTorch 파이토치, JAX, scikit-learn, micrograd, 벤치마크 benchmark, 메모리",
}
WEIGHTS = {"glossary": 0.4, "api": 0.4}  # 낱말을 모아 둔 쪽은 뒤로 미뤄요
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
        name = docname.rpartition("/")[2]
        page = {"title": title, "weight": WEIGHTS.get(name, 1), "topics": TOPICS.get(name, "")}
        pages.append({**page, "sections": sections})
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / SECTIONS).write_text(f"window.LAB_PAGES={text};\n", encoding="utf-8")


def setup(app):
    app.connect("config-inited", lambda app, config: config.html_static_path.extend(map(str, SCRIPTS)))
    app.connect("builder-inited", leave_out_sphinx_search)
    app.connect("build-finished", write_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
