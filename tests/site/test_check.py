"""검사가 정말로 잡아내는지, 일부러 심은 문제로 시험해요."""

import check
import pytest

REPOSITORY = "https://github.com/backprop-lab/backprop-lab"
BINDER = "https://mybinder.org/v2/gh/backprop-lab/backprop-lab/main?urlpath=lab/tree/chapters/a.ipynb"
COLAB = "https://colab.research.google.com/github/backprop-lab/backprop-lab/blob/main/chapters/a.ipynb"
CLEAN = f"""<!DOCTYPE html>
<html lang="ko">
<head><title>1장</title>
<link rel="stylesheet" href="../s.css">
<link rel="canonical" href="https://example.org/chapters/a.html">
<style>a{{background:url(data:image/svg+xml,x)}}</style>
<script src="../s.js"></script>
<script type="application/json">{{"home": "https://example.org/book"}}</script>
</head>
<body><article class="bd-article">
<h1 id="top">구조</h1>
<p><strong>편향</strong>(bias)은 <code>**kwargs, __init__, $PATH$, \\delta</code></p>
<span class="katex"><math><annotation>\\delta_{{j}}</annotation></math></span>
<i class="fa-solid fa-sun fa-lg"></i>
<img src="../p.png" alt="층이 세 개인 신경망">
<svg role="img" aria-label="오차 곡선"></svg>
<a href="b.html#여기">다음</a>
<div class="cell_input"><pre>warnings.warn("x"); raise UserWarning: no</pre></div>
<div class="cell_output"><pre>0.25</pre></div>
<a href="{BINDER}">Binder</a><a href="{COLAB}">Colab</a>
</article></body>
</html>"""
FILES = {"chapters/a.html", "chapters/b.html", "s.css", "s.js", "p.png"}


def links(html):
    return check.broken_links(
        html, "chapters/a.html", FILES, {"chapters/a.html": {"top"}, "chapters/b.html": {"여기"}}.get
    )


def launch(html):
    return check.launch_links(html, "chapters/a.html", REPOSITORY, "main", {"chapters/a.ipynb"})


def icons(html):
    return check.missing_icons(html, ".fa-sun{--icon:url()}")


ALL = (*check.PAGE_CHECKS, icons, check.machine_paths, links, launch)

PLANTED = [
    (check.outside_requests, '<script src="https://cdn.example.com/a.js"></script>'),
    (check.outside_requests, '<script src="//cdn.example.com/a.js"></script>'),
    (check.outside_requests, '<link rel="stylesheet" href="https://fonts.example.com/css">'),
    (check.outside_requests, '<link rel="preload" as="font" href="https://fonts.example.com/a.woff2">'),
    (check.outside_requests, '<img alt="그림" src="http://example.com/a.png">'),
    (check.outside_requests, '<img alt="그림" src="a.png" srcset="a.png 1x, https://example.com/b.png 2x">'),
    (check.outside_requests, '<iframe src="https://example.com/"></iframe>'),
    (check.outside_requests, '<object data="https://example.com/a.svg"></object>'),
    (
        check.outside_requests,
        '<svg role="img" aria-label="가"><image href="https://example.com/a.png"/></svg>',
    ),
    (check.outside_requests, "<style>@import 'https://example.com/a.css';</style>"),
    (check.outside_requests, "<style>@font-face{src:url(https://example.com/a.woff2)}</style>"),
    (check.outside_requests, '<p style="background:url(//example.com/a.png)">가</p>'),
    (check.outside_requests, '<script>fetch("https://example.com/data")</script>'),
    (check.outside_requests, '<script type="module">import x from "https://example.com/x"</script>'),
    (check.outside_requests, '<script>const THEBE = "https://unpkg.com/thebe/lib/index.js"</script>'),
    (check.outside_requests, '<meta http-equiv="refresh" content="0; url=https://example.com/">'),
    (check.css_requests, "a{background:url('https://example.com/a.png')}"),
    (check.js_requests, 'const s = document.createElement("script"); s.src = "https://example.com/x"'),
    (check.written_scripts, "<script>const a = 1;</script>"),
    (check.written_scripts, '<script type="module">const a = 1;</script>'),
    (check.written_scripts, '<button onclick="print()">인쇄</button>'),
    (check.written_scripts, '<a href="javascript:print()">인쇄</a>'),
    (check.made_scripts, "const f = new Function('n', `return (${text})`);"),
    (check.made_scripts, "eval(text)"),
    (check.made_scripts, "setTimeout('ran = true', 0)"),
    (check.stray_markup, "<p>**편향(bias)**은</p>"),
    (check.stray_markup, "<p>__중요__</p>"),
    (check.stray_markup, "<p>{note} 참고</p>"),
    (check.stray_markup, "<p>::: 끝</p>"),
    (check.stray_markup, "<p>```{figure} a.png</p>"),
    (check.stray_markup, "<p>값은 $x_1$이에요</p>"),
    (check.stray_markup, "<p>$$</p>"),
    (check.stray_markup, r"<p>\delta는 오차 신호</p>"),
    (check.stray_markup, r"<summary>풀이 \(z\)</summary>"),
    (check.stray_markup, r'<img alt="기울기 $\delta$" src="p.png">'),
    (check.stray_markup, '<h1>구조 <span class="katex">W</span></h1>'),
    (check.missing_alt, '<img src="p.png">'),
    (check.missing_alt, '<img src="p.png" alt="">'),
    (check.missing_alt, '<img src="p.png" alt="../_images/ab12.png">'),
    (check.missing_alt, '<img src="p.png" alt="loss curve">'),
    (check.missing_alt, "<figure><svg><path/></svg></figure>"),
    (check.missing_alt, '<svg role="img"><path/></svg>'),
    (
        check.warnings_shown,
        '<div class="cell_output"><div class="output stderr"><pre>아무 말</pre></div></div>',
    ),
    (check.warnings_shown, '<div class="cell_output"><div class="output traceback">오류</div></div>'),
    (check.warnings_shown, "<pre>a.py:3: UserWarning: 가</pre>"),
    (check.warnings_shown, "<pre>Warning: 가</pre>"),
    (check.warnings_shown, "<pre>Traceback (most recent call last)</pre>"),
    (check.warnings_shown, "<pre>Glyph 54617 (HANGUL SYLLABLE HAG) missing from font(s)</pre>"),
    (check.machine_paths, "<p>/home/user/book/a.py</p>"),
    (check.machine_paths, "<p>/root/a</p>"),
    (check.machine_paths, '<p>File "/tmp/ipykernel_12/1.py"</p>'),
    (check.machine_paths, r"<p>C:\Users\kim\a.py</p>"),
    (check.machine_paths, "<p>/usr/lib/python3/site-packages/numpy</p>"),
    (check.language, '<html lang="en"><body>가</body></html>'),
    (check.language, "<html><body>가</body></html>"),
    (check.missing_glyphs, "<p>깨진 \ufffd 글자</p>"),
    (check.missing_glyphs, "<p>깨진 &#9633; 글자</p>"),
    (icons, '<i class="fa-solid fa-moon"></i>'),
    (links, '<a href="c.html">없는 쪽</a>'),
    (links, '<a href="b.html#없음">없는 자리</a>'),
    (links, '<a href="#없음">없는 자리</a>'),
    (links, '<a href="../../etc.html">밖</a>'),
    (links, '<a href="/chapters/b.html">뿌리부터</a>'),
    (links, '<img alt="가" src="../q.png">'),
    (links, '<script src="../t.js"></script>'),
    (launch, f'<a href="{BINDER.replace("backprop-lab", "other")}">Binder</a><a href="{COLAB}">Colab</a>'),
    (launch, f'<a href="{BINDER}">Binder</a><a href="{COLAB.replace("main", "dev")}">Colab</a>'),
    (launch, f'<a href="{BINDER.replace("a.ipynb", "z.ipynb")}">Binder</a><a href="{COLAB}">Colab</a>'),
    (launch, f'<a href="{BINDER}">Binder</a>'),
]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.__name__)
def test_clean_page_has_no_problem(one):
    assert one(CLEAN) == []


@pytest.mark.parametrize(("one", "html"), PLANTED, ids=lambda value: getattr(value, "__name__", value)[:60])
def test_planted_problem_is_found(one, html):
    assert one(html)


def test_checkout_path_is_found():
    assert check.machine_paths("<p>D:/work/book</p>", "D:/work/book")


def test_weight_counts_only_fonts_in_use():
    css = (
        "@font-face{font-family:KaTeX_Main;src:url(fonts/m.woff2)}@font-face{font-family:KaTeX_AMS;src:url(fonts/a.woff2)}"
        "@font-face{font-family:KaTeX_Math;src:url(data:font/woff2;base64,AA)}"  # CSS에 담긴 글꼴은 파일이 아니에요
        ".katex{font:normal 1em KaTeX_Main}.katex i{font-family:KaTeX_Math}.katex .amsrm{font-family:KaTeX_AMS}"
    )
    assert check.used_fonts('<span class="katex">x</span>', css) == ["fonts/m.woff2"]
    assert check.used_fonts("<p>x</p>", css) == []


# ── 책에서 빠진 것 ──

TOC = {
    "root": "chapters/a",
    "parts": [{"chapters": [{"file": "chapters/b", "sections": [{"file": "chapters/c"}]}]}],
}
PAGES = {"chapters/a.html", "chapters/b.html", "chapters/c.html"}


def test_missing_chapters_are_told():
    assert check.missing_chapters(TOC, PAGES, {"chapters/a.ipynb", "chapters/c.ipynb"}) == []
    assert check.missing_chapters(TOC, PAGES - {"chapters/c.html"}, {"chapters/d.ipynb"}) == [
        "_toc.yml: chapters/c의 쪽이 없어요",
        "_toc.yml: chapters/d.ipynb이 차례에 없어요",
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"a": {"실험": 2, "PDF 쪽": 10}, "b": {"실험": 5}}, []),
        ({"a": {"실험": 3, "PDF 쪽": 9}}, []),
        ({"a": {"실험": 1, "PDF 쪽": 10}}, ["a: 실험 수가 2에서 1(으)로"]),
        ({"a": {"실험": 2, "PDF 쪽": 8}}, ["a: PDF 쪽 수가 10에서 8(으)로"]),
        ({}, ["a: 실험 수가 2에서 0(으)로", "a: PDF 쪽 수가 10에서 0(으)로"]),
    ],
)
def test_what_shrank_is_told(now, told):
    problems = check.shrunk({"a": {"실험": 2, "PDF 쪽": 10}}, now)
    assert [problem.partition(" 줄었어요")[0] for problem in problems] == told


def test_counts_tell_experiments_from_exercises(tmp_path):
    (tmp_path / "chapters").mkdir()
    kinds = ("bp-experiment", "bp-experiment bp-exercise", "bp-experiment bp-bet")
    html = "".join(f'<div class="{kind}"></div>' for kind in kinds) * 2
    (tmp_path / "chapters" / "a.html").write_text(html, encoding="utf-8")
    assert check.counts(check.Site(tmp_path), TOC) == {"chapters/a": {"실험": 2, "연습문제": 2}}
