"""사이트를 만드는 확장의 조각들: 수식, 아이콘, CSS 덜어 내기."""

import shutil

import labbundle
import labmath
import labsite
import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError


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


def test_css_is_one_sheet(tmp_path):
    """CSS는 정한 차례대로 이어지고, 글꼴의 주소는 새 자리에 맞고, 쪽은 한 장만 불러요."""
    (tmp_path / "katex").mkdir()
    (tmp_path / "site.css").write_text("b{}", encoding="utf-8")
    (tmp_path / "katex" / "katex.css").write_text(
        "@font-face{src:url(fonts/a.woff2)} i{background:url(data:x)} u{background:url('../p.png')}", "utf-8"
    )
    assert labbundle.bundle_css(tmp_path) == (
        "@font-face{src:url(katex/fonts/a.woff2)} i{background:url(data:x)} u{background:url('p.png')}\nb{}"
    )


def test_fonts_that_math_always_uses_come_with_the_css(tmp_path):
    font = tmp_path / labbundle.EARLY_FONTS[0]
    font.parent.mkdir(parents=True)
    font.write_bytes(b"font")
    (tmp_path / "katex" / "katex.css").write_text(
        f"a{{src:url(fonts/{font.name})}} b{{src:url(fonts/b.woff2)}}", "utf-8"
    )
    css = labbundle.bundle_css(tmp_path)
    assert css == "a{src:url(data:font/woff2;base64,Zm9udA==)} b{src:url(katex/fonts/b.woff2)}"


def test_pages_link_one_sheet():
    page = (
        '<title>쪽</title>\n<link href="../_static/basic.css?v=1" rel="stylesheet">\n'
        '<link rel="stylesheet" type="text/css" href="../_static/mystnb.0a1.css" />\n<link rel="icon" href="i">'
    )
    once = labbundle.link_bundle(page, "7")
    assert (
        once
        == '<title>쪽</title>\n<link rel="stylesheet" href="../_static/lab.css?v=7">\n<link rel="icon" href="i">'
    )
    assert labbundle.link_bundle(once, "7") == once
    assert "?v=8" in labbundle.link_bundle(once, "8")
    assert labbundle.link_bundle("<p>CSS 없음</p>", "7") == "<p>CSS 없음</p>"


def test_a_sheet_outside_the_bundle_stops_the_build():
    with pytest.raises(ExtensionError, match=r"new\.css"):
        labbundle.link_bundle('<link rel="stylesheet" href="_static/new.css">', "7")


def test_math_fonts_hold_what_the_pages_use(tmp_path):
    """책이 쓰는 글자는 모두 남고, 쓰지 않는 글자는 없어요. 두 번 해도 같아요."""
    page = labmath.render(r"\delta_j = \sum_k w_{kj} \le 1") + "&alpha;"
    fonts = tmp_path / "_static" / "katex" / "fonts"
    fonts.mkdir(parents=True)
    for file in (labsite.BOOK / "static" / "katex" / "fonts").glob("KaTeX_Ma*.woff2"):
        shutil.copy(file, fonts)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    for _ in range(2):
        labmath.slim_fonts(tmp_path)
        kept = set()
        for file in fonts.iterdir():
            with TTFont(file) as font:
                kept |= set(map(chr, font.getBestCmap()))
        assert set("δjwk=≤1α") <= kept
        assert not set("ZΓ√") & kept


def test_theme_is_mended(tmp_path):
    """쪽을 되풀이해 재지 않고, 차례는 읽는 절을 짚어요(그것은 tests/browser/test_reports.py가 봐요)."""
    script = tmp_path / labbundle.THEME_SCRIPT
    script.parent.mkdir()
    before, after = ("; ".join(parts) for parts in zip(*labbundle.FIXES, strict=True))
    script.write_text(before, encoding="utf-8")
    for _ in range(2):
        labbundle.calm_theme(tmp_path)
        assert script.read_text(encoding="utf-8") == after
    script.write_text("다른 판", encoding="utf-8")
    with pytest.raises(ExtensionError, match="테마의 판"):
        labbundle.calm_theme(tmp_path)
