"""사이트를 만드는 확장의 조각들: 수식, 아이콘, CSS 덜어 내기."""

import labmath
import labsite
import pytest


def test_math_is_html_and_mathml():
    html = labmath.render(
        r"\begin{aligned} z &= Wa + b \\ \delta &= f'(z) \quad\text{(은닉층)} \end{aligned}", True
    )
    assert 'class="katex-display"' in html
    assert "<math" in html
    assert "은닉층" in html
    assert "katex-error" not in html


@pytest.mark.parametrize("tex", [r"\nope", r"\frac{1}", r"학습률 \times 2"])
def test_wrong_math_is_an_error(tex):
    with pytest.raises(ValueError, match=r"KaTeX|LaTeX"):
        labmath.render(tex, True)


def test_slim_css_keeps_what_the_site_uses():
    css = """/* 머리 */ @import "a.css"; .used, .gone > p { color: red } .gone{color:blue}
    a[href$=".pdf"]:not(.gone), .us\\:ed { content: "}" }
    @media print { .gone { color: red } .used { color: blue } } @media screen { .gone { color: red } }
    @font-face { font-family: "Font Awesome 6 Free"; src: url(x) } :is(.gone, .used) b { margin: 0 }"""
    slim = labsite.slim_css(css, {"used", "us:ed"})
    assert slim == (
        '@import "a.css";.used{color: red}a[href$=".pdf"]:not(.gone),.us\\:ed{content: "}"}'
        "@media print{.used{color: blue}}:is(.gone, .used) b{margin: 0}"
    )


def test_every_icon_keeps_its_shape():
    css = labsite.icon_css(labsite.BOOK / "icons")
    for svg in (labsite.BOOK / "icons").glob("*.svg"):
        assert f".fa-{svg.stem}{{" in css
    assert "https://" not in css.replace("https://fontawesome.com/license/free", "")
