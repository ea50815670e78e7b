"""역전파 실험실의 사이트를 만드는 Sphinx 확장이에요.

- 노트북 커널에 ``BPLIB_PAGE=1``을 알려서, 실험이 쪽에서 움직이는 모습으로 저장되게 해요.
- ``bplib``이 바뀌면 모든 장을 다시 실행하고, ``book``이 바뀌면 모든 쪽을 다시 써요.
- 실험의 CSS·JS와 아이콘을 사이트에 싣고, 쓰지 않는 파일과 CSS 규칙을 덜어 내요.
"""

import json
import os
import re
import shutil
import subprocess
import textwrap
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit

import tinycss2
from docutils import nodes
from execute import digest, fill
from labbundle import bundle, calm_theme
from labmath import slim_fonts
from labnets import write_nets
from labpython import write_python
from myst_nb.core import render
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from record import join_streams
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

BOOK = Path(__file__).resolve().parent
ROOT = BOOK.parent
EXPERIMENT_CSS = ROOT / "bplib" / "lab" / "experiment.css"
SCRIPTS = tuple(
    BOOK / f"{name}.js" for name in ("progress", "bets", "player", "exercise", "code", "trace", "notes")
)
ENGINE = BOOK / "engine.js"
PLAYGROUND = (ENGINE, BOOK / "playground.js")  # 자유 실험실만의 것
FORWARD = (ENGINE, BOOK / "forward.js")  # 배운 신경망을 쓰는 쪽만의 것
# 내 입력(bplib/lab/own.py)의 이름마다, 그것이 있는 쪽만의 것
OWN = {"digits": BOOK / "draw.js", "sentence": BOOK / "sentence.js", "tune": BOOK / "tune.js"}
CODE_CSS = BOOK / "code.css"
PLAYGROUND_CSS = BOOK / "playground.css"
OWN_CSS = BOOK / "own.css"

PLAIN = re.compile(r'<span class="[npw]">([^<]*)</span>')

# 테마가 함께 복사하지만 이 사이트의 어느 쪽도 부르지 않는 파일
UNUSED = (
    "vendor",
    "scripts/fontawesome.js",
    "scripts/bootstrap.js",
    "scripts/*.LICENSE.txt",
    "**/*.map",
    "locales",
    "styles/theme.css",
    "images/logo_*",
    "*webpack-macros.html",
    "searchtools.js",
    "language_data.js",
    "file.png",
    "minus.png",
    "plus.png",
)

PLURAL = re.compile(r'new Function\(\s*"n",\s*`return \(\$\{catalog\.plural_expr\}\)`\s*\)|\(\) => 0')

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

FRONT = """<!DOCTYPE html>
<html lang="ko">
<head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="_static/favicon.svg"><meta http-equiv="refresh" content="0; url={first}"></head>
<body><p><a href="{first}">{title} 첫 쪽으로 가기</a></p></body>
</html>
"""


# 다시 만들 것 고르기 ------------------------------------------------------------------------------------------


def configure(app, config):
    """실험의 파일을 정적 파일로 등록하고, ``book``의 해시를 설정값으로 남겨요. 설정값이 바뀌면 모든 쪽을 다시 써요."""
    config.html_static_path += [
        str(file)
        for file in (
            *(EXPERIMENT_CSS, CODE_CSS, PLAYGROUND_CSS, OWN_CSS, BOOK / "screenshot.png"),
            *(*SCRIPTS, *PLAYGROUND, FORWARD[-1], *OWN.values()),
        )
    ]
    config.html_baseurl = config.html_baseurl or pages_url(
        config.html_theme_options.get("repository_url", "")
    )
    config.html_context["html_baseurl"] = config.html_baseurl
    config.book_digest = config.html_context["book_digest"] = digest(BOOK)


def pages_url(repository):
    """저장소의 GitHub Pages 주소. 사이트의 정식 주소(canonical)와 차례(sitemap)에 써요."""
    owner, _, name = urlsplit(repository).path.strip("/").partition("/")
    return f"https://{owner}.github.io/{name}/" if name else ""


def outdated_chapters(app, env, added, changed, removed):
    """``bplib``이 지난 빌드와 다르면 모든 장을 다시 읽어요. 담아 둔 실행은 ``execute.py``가 버려요."""
    before, env.bplib_digest = getattr(env, "bplib_digest", None), digest(ROOT / "bplib")
    if before == env.bplib_digest:
        return []
    return sorted(env.found_docs)


def execute_chapters(app, env, docnames):
    """읽을 장의 노트북을 미리 나란히 실행해요. 실패한 장은 모두 알리고, MyST-NB가 한 번 더 실행하며 그 쪽을 적어요."""
    paths = [Path(env.doc2path(name)) for name in docnames]
    notebooks = [path for path in paths if path.suffix == ".ipynb"]  # 글뿐인 .md 쪽은 실행할 것이 없어요
    for path, why in fill(Path(env.mystnb_config.execution_cache_path), notebooks).items():
        logger.warning("chapters/%s: 실행하지 못했어요.\n%s", path.name, why)


# 쪽에 더할 것 -------------------------------------------------------------------------------------------------


def add_experiment_files(app, pagename, templatename, context, doctree):
    """장마다 실험의 CSS와 JS를 달아요. 찾기 쪽처럼 글이 아닌 쪽에는 달지 않아요."""
    if doctree is not None:
        app.add_css_file(EXPERIMENT_CSS.name)
        app.add_css_file(CODE_CSS.name)
        if pagename == "chapters/playground":
            app.add_css_file(PLAYGROUND_CSS.name)
        own = [script for name, script in OWN.items() if f'data-own="{name}"' in context["body"]]
        if own:
            app.add_css_file(OWN_CSS.name)
        extra = PLAYGROUND if pagename == "chapters/playground" else (*FORWARD, *own) if own else ()
        for script in (*SCRIPTS, *extra):
            app.add_js_file(script.name, defer="defer")


def plain_code(app, pagename, templatename, context, doctree):
    """코드의 이름과 문장 부호와 빈칸은 바탕 글자와 색이 같으니 묶지 않아요. 쪽의 요소가 4분의 1쯤 줄어요."""
    context["body"] = PLAIN.sub(r"\1", context.get("body", ""))


def drop_inline_scripts(app, pagename, templatename, context, doctree):
    """테마가 쪽에 적는 스크립트를 빼요. 쓰지 않는 기능(판 고르기, 적는 대로 찾기)의 설정이라 없어도 되고, 쪽에 적힌
    스크립트가 하나도 없어야 끼워 넣은 것을 브라우저가 막아 줘요(csp.py).
    """
    context["script_files"] = [
        file for file in context["script_files"] if not getattr(file, "attributes", {}).get("body")
    ]


def name_sections(app, doctree):
    """제목의 주소를 ``#id2`` 대신 ``#활성화-함수``로 지어요. 제목의 차례가 바뀌어도 링크가 남아요."""
    slugs = app.env.metadata[app.env.docname].get("myst_slugs", {})
    for section in doctree.findall(nodes.section):
        slug = section.get("slug")
        if slug and slug not in section["ids"]:
            section["ids"].insert(0, slug)
            slugs[slug] = (slugs[slug][0], slug, slugs[slug][2])


def visit_hidden_cell(translator, node):
    """접어 둔 코드 셀의 머리글을 한국어로 적어요."""
    kind = "결과" if {"below-input", "above-output"} & set(node["classes"]) else "코드"
    translator.body.append(
        f'<details class="lab-fold">\n<summary><span class="collapsed">{kind} 펼치기</span>'
        f'<span class="expanded">{kind} 접기</span></summary>\n'
    )


def icon_css(folder):
    """폴더의 SVG들을, 글자색을 따르는 아이콘 CSS 한 장으로 만들어요."""
    mask = "var(--icon) center/contain no-repeat"
    rules = [
        "/* Font Awesome Free 6, CC BY 4.0, https://fontawesome.com/license/free */",
        "[class*=fa-]{display:inline-block;line-height:1}",
        "[class*=fa-]::before{content:'';display:inline-block;width:1em;height:1em;vertical-align:-.125em;"
        f"background:currentColor;-webkit-mask:{mask};mask:{mask}}}",
        # 고대비에서는 바탕색이 모두 지워지니 글자색으로 따로 칠해요
        "@media(forced-colors:active){[class*=fa-]::before{forced-color-adjust:none;background:CanvasText}}",
    ]
    for svg in sorted(folder.glob("*.svg")):
        text = re.sub(r"<!--.*?-->", "", svg.read_text(encoding="utf-8")).strip().replace('"', "'")
        uri = "data:image/svg+xml," + quote(text, safe=" ='/:()")
        rules.append(f'.fa-{svg.stem}{{--icon:url("{uri}")}}')
    return "\n".join(rules) + "\n"


@cache
def version(book):
    """독자가 알릴 때 적힐 책의 판: ``book``의 해시와, Git으로 받은 저장소면 커밋과 그 날짜."""
    git = shutil.which("git")
    if not (git and (ROOT / ".git").exists()):
        return f"책 {book[:8]}"
    log = subprocess.run([git, "log", "-1", "--format=%h (%cs)"], cwd=ROOT, capture_output=True, text=True)
    return f"책 {book[:8]}, 커밋 {log.stdout.strip()}"


def describe_page(app, pagename, templatename, context, doctree):
    """쪽의 첫 문단을 소개 글로, 노트북 파일의 자리를 고치기 링크로 남겨요. 틀(layout.html)이 써요."""
    if doctree is not None:
        first = next((p.astext() for p in doctree.findall(nodes.paragraph)), "")
        context["summary"] = textwrap.shorten(first, 150, placeholder=" …")
        context["book_version"] = version(app.config.book_digest)
        context["source_path"] = os.path.relpath(app.env.doc2path(pagename), app.srcdir).replace(os.sep, "/")


def sitemap(pages, base):
    """검색 엔진에 알려 줄 쪽의 차례."""
    places = "".join(f"<url><loc>{base}{quote(page)}</loc></url>" for page in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}">{places}</urlset>\n'


# 덜어 낼 것 ---------------------------------------------------------------------------------------------------


def alternatives(prelude):
    """선택자의 목록을 쉼표에서 나눠요. 괄호 속은 한 조각이라 나뉘지 않아요."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def needed_classes(selector):
    """선택자가 맞으려면 꼭 있어야 하는 클래스. ``:not(…)``이나 ``[…]`` 속은 한 조각이라 세지 않아요."""
    return {name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"}


def write_css(tokens):
    """조각들을 주석만 빼고 다시 글로 적어요."""
    return tinycss2.serialize(token for token in tokens if token.type != "comment").strip()


def slim_css(css, words):
    """사이트의 HTML과 JS에 나오지 않는 클래스의 규칙과, 싣지 않은 아이콘 글꼴을 덜어 내요."""
    kept = []
    for rule in tinycss2.parse_rule_list(css, skip_comments=True, skip_whitespace=True):
        body = None if rule.content is None else write_css(rule.content)
        if rule.type == "qualified-rule":
            heads = [part for part in alternatives(rule.prelude) if needed_classes(part) <= words]
            head = ",".join(map(write_css, heads))
        else:
            head = f"@{rule.at_keyword} {write_css(rule.prelude)}".strip()
            if rule.at_keyword in ("media", "supports", "layer") and body:
                body = slim_css(rule.content, words)
            elif "fa-" in head or "Font Awesome" in (body or ""):
                continue
        if body is None:
            kept.append(f"{head};")
        elif head and body:
            kept.append(f"{head}{{{body}}}")
    return "".join(kept)


def slim(site):
    """부르지 않는 파일을 지우고, 테마의 CSS에서 쓰지 않는 규칙을 덜어 내요."""
    static = site / "_static"
    for path in [path for pattern in UNUSED for path in static.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for script in static.glob("scripts/*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(re.sub(r"//# sourceMappingURL=.*", "", text), encoding="utf-8")
    words = set()
    for file in [*site.rglob("*.html"), *static.rglob("*.js")]:
        words.update(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))
    for sheet in [static / "basic.css", *static.glob("styles/*.css"), *static.glob("mystnb.*.css")]:
        sheet.write_text(slim_css(sheet.read_text(encoding="utf-8"), words), encoding="utf-8")


def no_eval(doctools):
    """Sphinx의 doctools.js가 글로 적힌 복수형의 식을 함수로 만드는 곳을, 한국어의 답(언제나 0)으로 바꿔요.

    글을 코드로 바꾸는 곳이 하나도 없어야 정책(csp.py)이 eval을 막을 수 있어요.

    Raises:
        ExtensionError: 그런 곳이 없으면. Sphinx의 판이 바뀐 거예요.
    """
    text, changed = PLURAL.subn("() => 0", doctools.read_text(encoding="utf-8"))
    if not changed:
        raise ExtensionError(
            "doctools.js에서 복수형의 식을 찾지 못했어요. book/labsite.py의 PLURAL을 고쳐 주세요."
        )
    doctools.write_text(text, encoding="utf-8")


def carry_notebooks(sources):
    """노트북마다 그 글을 담은 스크립트를 곁에 둬요. 폴더에서 연 쪽은 파일은 못 읽어도 스크립트는 읽어요(site.js)."""
    for notebook in sources.rglob("*.ipynb"):
        text = json.dumps(notebook.read_text(encoding="utf-8"), ensure_ascii=False)
        script = f'dispatchEvent(new CustomEvent("notebook", {{ detail: {text} }}));\n'
        notebook.with_suffix(".ipynb.js").write_text(script, encoding="utf-8")


def finish(app, error):
    """다 쓴 사이트를 손질해요. 경고가 있었으면 다음 빌드가 처음부터 다시 살피게 해요."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    slim(site)
    no_eval(site / "_static" / "doctools.js")
    (site / "_static" / "icons.css").write_text(icon_css(BOOK / "icons"), encoding="utf-8")
    slim_fonts(site)
    bundle(site)
    write_python(site)
    write_nets(site)
    carry_notebooks(site / "_sources")
    calm_theme(site / "_static")
    front = FRONT.format(title=app.config.html_title, first=app.builder.get_target_uri(app.config.root_doc))
    (site / "index.html").write_text(front, encoding="utf-8")
    pages = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
    (site / "sitemap.xml").write_text(sitemap(pages, app.config.html_baseurl), encoding="utf-8")
    if app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app):
    os.environ["BPLIB_PAGE"] = "1"
    app.setup_extension("labmath")
    app.setup_extension("labterms")
    app.setup_extension("labmoved")
    app.setup_extension("labbets")
    app.setup_extension("labsheets")
    app.setup_extension("labslides")
    app.setup_extension("labsearch")
    render.coalesce_streams = join_streams  # 본래 것은 잘려서 온 출력 사이에 줄바꿈을 끼워 넣어요
    app.add_config_value("book_digest", "", "html")
    app.add_config_value("comments_config", None, "")  # jupyter-book이 늘 넘기는, 싣지 않은 확장의 설정
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_HideCellInput))
    app.add_css_file("icons.css")
    app.connect("config-inited", configure)
    app.connect("env-get-outdated", outdated_chapters)
    app.connect("env-before-read-docs", execute_chapters)
    app.connect("doctree-read", name_sections, priority=100)  # 차례를 모으기 전
    app.connect("html-page-context", add_experiment_files)
    app.connect("html-page-context", describe_page)
    app.connect("html-page-context", plain_code)
    app.connect("html-page-context", drop_inline_scripts, priority=900)  # 테마가 다 더한 뒤
    app.connect("build-finished", finish, priority=900)  # 테마가 제 파일을 다 쓴 뒤
    return {"parallel_read_safe": True, "parallel_write_safe": True}
