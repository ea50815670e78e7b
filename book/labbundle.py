"""테마의 세 가지를 고쳐요: 쪽마다 부르던 CSS를 한 장으로 묶고, 되풀이하는 배치를 빼고, 차례가 짚는 제목을 바로잡아요.

느린 회선에서는 파일의 크기보다 주고받는 횟수가 첫 글을 늦춰요. 첫머리의 작은 스크립트들은 테마가 둔 대로 둬요.
모두 미루면(defer) 브라우저가 쪽을 끝까지 읽고 나서야 첫 화면을 그려서, 재 보니 오히려 늦었어요.
"""

import base64
import hashlib
import posixpath
import re
from fnmatch import fnmatchcase

from sphinx.errors import ExtensionError

BUNDLE = "lab.css"
# 뒤의 것이 앞의 것을 덮으니 차례를 지켜요.
SHEETS = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "icons.css",
    "experiment.css",
    "code.css",
    "playground.css",
    "own.css",
    "slides.css",
    "katex/katex.css",
    "site.css",
)
# 수식이 늘 쓰는 두 글꼴은 CSS에 담아요. 따로 받으면 글이 보인 뒤에 와서, 수식의 너비가 바뀌고 글이 밀려요.
# theme.js가 첫 그림 전에 풀어 둬요.
EARLY_FONTS = ("katex/fonts/KaTeX_Main-Regular.woff2", "katex/fonts/KaTeX_Math-Italic.woff2")
THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"
FIXES = (
    # 테마는 코드와 표마다 크기를 읽고 tabindex를 쓰기를 번갈아 해서, 쪽이 열릴 때도 실험을 움직일 때도 쪽 전체를
    # 되풀이해 배치해요. 같은 일을 site.js의 watchOverflow가 해요.
    ('"complete"===document.readyState?I():window.addEventListener("load",I)', '"watchOverflow"'),
    # 테마의 차례는 화면 위쪽으로 막 들어온 제목을 짚어서, 위로 올라가거나 멀리 건너뛰면 읽는 절과 다른 제목에 머물러요.
    # 링크를 눌렀을 때 놓이는 자리의 두 배 높이를 지난 마지막 제목을(쪽의 끝에서는 마지막 제목을) 짚어요.
    # 닫힌 내기 속의 제목에는 자리가 없어요.
    (
        'i&&i.disconnect();const e=document.querySelector("#pst-header").getBoundingClientRect().height;'
        "i=new IntersectionObserver(function(e){if(o)return;const t=e.filter(e=>e.isIntersecting).pop();if(!t)return;"
        "const n=t.target;s(a.get(n))},{root:null,rootMargin:`-${e}px 0px -70% 0px`,threshold:0}),"
        "Array.from(a.keys()).forEach(e=>{i.observe(e)})",
        'window.addEventListener("scroll",c,{passive:!0});if(o)return;'
        "const l=document.documentElement,e=innerHeight+scrollY+2<l.scrollHeight?"
        "2*parseFloat(getComputedStyle(l).scrollPaddingTop):innerHeight;"
        "s(a.get([...a.keys()].filter(t=>t.getClientRects()[0]?.top<e).pop()))",
    ),
)
_LINK = re.compile(r'\s*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]*)"[^>]*>')
_URL = re.compile(r"""url\(\s*(?!["']?(?:data:|#|/|\w+://))(["']?)([^"')]+)\1\s*\)""")


def bundle_css(static):
    """CSS들을 차례대로 한 장으로 잇고, 상대 주소를 그 장이 놓이는 자리에 맞춰요."""
    parts = []
    for pattern in SHEETS:
        for sheet in sorted(static.glob(pattern)):
            folder = sheet.parent.relative_to(static).as_posix()
            css = sheet.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
            parts.append(
                _URL.sub(lambda m, at=folder: f"url({m[1]}{posixpath.normpath(f'{at}/{m[2]}')}{m[1]})", css)
            )
    css = "\n".join(parts)
    for font in EARLY_FONTS:
        if f"url({font})" in css:
            data = base64.b64encode((static / font).read_bytes()).decode()
            css = css.replace(f"url({font})", f"url(data:font/woff2;base64,{data})")
    return css


def link_bundle(html, version):
    """쪽의 CSS 링크들을 한 장의 링크로 바꿔요. 두 번 해도 같아요.

    Raises:
        ExtensionError: 묶음에 없는 CSS를 부르는 쪽이면.
    """
    links = list(_LINK.finditer(html))
    if not links:
        return html
    for link in links:
        name = link[1].partition("?")[0].partition("_static/")[2]
        if name != BUNDLE and not any(fnmatchcase(name, pattern) for pattern in SHEETS):
            raise ExtensionError(f"book/labbundle.py의 SHEETS에 없는 CSS를 불러요: {link[1]}")
    root, start = links[0][1].partition("_static/")[0], links[0].start()
    one = f'\n<link rel="stylesheet" href="{root}_static/{BUNDLE}?v={version}">'
    return html[:start] + one + _LINK.sub("", html[start:])


def calm_theme(static):
    """테마의 스크립트에서 FIXES의 두 곳을 고쳐요. 두 번 해도 같아요.

    Raises:
        ExtensionError: 테마의 판이 바뀌어 그 자리를 찾지 못하면.
    """
    script = static / THEME_SCRIPT
    text = script.read_text(encoding="utf-8")
    for before, after in FIXES:
        if before not in text and after not in text:
            raise ExtensionError(
                f"{THEME_SCRIPT}에서 고칠 곳을 찾지 못했어요. 테마의 판이 바뀌었나요? {before[:60]}"
            )
        text = text.replace(before, after)
    script.write_text(text, encoding="utf-8")


def bundle(site):
    """사이트의 모든 쪽이 CSS 한 장만 부르게 해요."""
    css = bundle_css(site / "_static")
    (site / "_static" / BUNDLE).write_text(css, encoding="utf-8")
    version = hashlib.sha256(css.encode()).hexdigest()[:8]
    for page in site.rglob("*.html"):
        before = page.read_text(encoding="utf-8")
        after = link_bundle(before, version)
        if after != before:
            page.write_text(after, encoding="utf-8")
