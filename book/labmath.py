"""수식을 빌드할 때 KaTeX로 그려요. 그래서 쪽에는 수식을 위한 자바스크립트가 없고, 글꼴에는 책이 쓰는 글자만 있어요."""

import atexit
import html
import re
from functools import cache, lru_cache
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from fontTools import subset
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

KATEX_JS = Path(__file__).with_name("vendor") / "katex" / "katex.min.js"
MYST_NB_LINES_PER_CELL = 10000  # MyST-NB는 줄 번호를 (셀 번호 × 10000 + 줄)로 적어요


class MathError(SphinxError):
    """KaTeX가 읽지 못한 수식이에요."""

    category = "수식 오류"


@lru_cache(maxsize=1)
def _engine():
    """KaTeX를 읽어 둔 V8 엔진을 한 번만 만들어요."""
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    atexit.register(engine.close)  # 파이썬 3.13부터는 직접 닫지 않으면 끝날 때 멈춰 서요
    engine.eval(KATEX_JS.read_text(encoding="utf-8"))
    engine.eval(
        """function render(tex, display) {
             try {
               return katex.renderToString(tex, {
                 displayMode: display, output: "htmlAndMathml", throwOnError: true, strict: "error",
               });
             } catch (error) { return "!" + error.message; }
           }"""
    )
    return engine


@cache
def render(tex, display=False):
    """TeX 수식을 HTML과 MathML로 바꿔요. 잘못된 수식은 ``ValueError``예요."""
    drawn = _engine().call("render", tex, display)
    if drawn.startswith("!"):
        raise ValueError(drawn[1:].replace("\u0332", ""))  # 틀린 곳의 밑줄은 터미널에서 깨져요
    return drawn


# 작은 글자가 있는 것은 작은 글자로, 없으면 _와 ^로 적어요
LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
RAISED = str.maketrans(
    "0123456789+-−=()TWabcdefghijklmnoprstuvwxyz′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵀᵂᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ′"
)
ACCENTS = {"^": "\u0302", "~": "\u0303"}
ALONE = re.compile(r"[\w.]+|[∂∑]?\w[\w⁻⁺]*")  # 분수에서 괄호가 없어도 되는 것


def _small(text, table, sign):
    if all(ord(letter) in table for letter in text):
        return text.translate(table)
    return sign + (text if len(text) == 1 else f"({text})")


def _read(node):
    """MathML의 마디 하나를 한 줄의 글로."""
    tag, parts = (
        node.tag.rpartition("}")[2],
        [_read(child) for child in node if "annotation" not in child.tag],
    )
    match tag:
        case "mfrac":
            halved = {"1/2": "½", "1/4": "¼"}
            whole = "/".join(part if ALONE.fullmatch(part) else f"({part})" for part in parts)
            return halved.get(whole, whole)
        case "msub" | "munder":
            return parts[0] + _small(parts[1], LOWERED, "_")
        case "msup":
            return parts[0] + _small(parts[1], RAISED, "^")
        case "msubsup" | "munderover":
            return parts[0] + _small(parts[1], LOWERED, "_") + _small(parts[2], RAISED, "^")
        case "msqrt":
            return "√" + (parts[0] if len(parts[0]) == 1 else f"({parts[0]})")
        case "mover":
            return parts[0] + ACCENTS.get(parts[1], "\u0304")
        case "mtr":
            return " ".join(parts)
        case "mtable":
            return "; ".join(parts)
        case "mspace":
            return " "
    for i in range(len(node) - 1, 0, -1):
        if node[i].tag.endswith("mfrac") and node[i - 1].tag.endswith("mfrac"):
            parts.insert(i, " ")  # 나란한 분수는 띄어요
    return "".join(parts) or (node.text or "")


@cache
def reading(tex):
    """TeX 수식을 한 줄의 유니코드로 옮겨요: ``\\frac{\\partial E}{\\partial w}``는 ``∂E/∂w``. 찾기의 글에 써요."""
    line = _read(ElementTree.fromstring(re.search(r"<math.*?</math>", render(tex), re.S)[0]))
    line = re.sub("\u2061(?! ?[({])", " ", line).replace("\u2061", "")  # ln a는 띄우고 max(a)는 붙여요
    line = re.sub(r"\s*([=≈≠<>≤≥←→∝⇒⟹])\s*", r" \1 ", line.replace("\u200b", ""))
    return re.sub(r"(?<=\()\s+|\s+(?=[),;])", "", re.sub(r"\s+", " ", line)).strip()


def place(node):
    """수식이 있는 파일과 줄을 사람이 읽는 말로 돌려줘요."""
    while node is not None and not (node.source and node.line):
        node = node.parent
    if node is None:
        return "(위치를 알 수 없음)"
    source = re.sub(r"^.*?(?=chapters[/\\])", "", node.source)
    cell, line = divmod(node.line, MYST_NB_LINES_PER_CELL)
    return f"{source} {cell}번째 셀 {line}번째 줄" if cell else f"{source} {line}번째 줄"


def _render_node(node, display):
    tex = node.astext().strip()
    try:
        return render(tex, display)
    except ValueError as error:
        raise MathError(f"{place(node)}: {error}\n  수식: {tex}") from None


class WithParticle(SphinxPostTransform):
    """문장 속 수식과 바로 뒤의 조사를 한 낱말로 묶어요. 그러지 않으면 줄이 그 사이에서 바뀌어요."""

    default_priority = 700
    formats = ("html",)

    def run(self, **_):
        for math in list(self.document.findall(nodes.math)):
            at = math.parent.index(math)
            after = math.parent[at + 1 : at + 2]
            particle = after and isinstance(after[0], nodes.Text) and re.match("[가-힣]+", after[0])
            if particle:
                word = nodes.inline(classes=["math-word"])
                math.parent[at : at + 2] = [word, nodes.Text(after[0][particle.end() :])]
                word += [math, nodes.Text(particle[0])]


def visit_inline(translator, node):
    """문장 속 수식. 등호처럼 줄을 바꿔도 되는 곳은 묶인 낱말 속에서도 바꿀 수 있게 표시해요."""
    drawn = re.sub(r'(?<=</span>)(?=<span class="katex-base">)', "<wbr>", _render_node(node, display=False))
    translator.body.append(
        translator.starttag(node, "span", "", CLASS="math-inline notranslate") + drawn + "</span>"
    )
    raise nodes.SkipNode


def visit_block(translator, node):
    """따로 떨어진 수식. 좁은 화면에서는 제 상자 안에서만 옆으로 밀려요."""
    drawn = _render_node(node, display=True)
    translator.body.append(translator.starttag(node, "div", CLASS="math-block notranslate"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "이 수식의 주소")
        translator.body.append("</span>")
    translator.body.append(drawn + "</div>\n")
    raise nodes.SkipNode


def slim_fonts(site):
    """수식 글꼴마다 쪽에 나오는 글자만 남겨요. 느린 회선에서 수식이 늦게 나타나 글이 밀리지 않게 해요."""
    letters = {"\u200b"}  # KaTeX의 CSS가 넣는 글자
    for page in site.rglob("*.html"):
        letters.update(html.unescape(page.read_text(encoding="utf-8")))
    used = [ord(letter) for letter in letters]
    for file in (site / "_static" / "katex" / "fonts").glob("*.woff2"):
        options = subset.Options(flavor="woff2", layout_features=["*"])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=used)
        with subset.load_font(file, options, lazy=False) as font:
            subsetter.subset(font)
            subset.save_font(font, file, options)


def setup(app):
    app.add_post_transform(WithParticle)
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
