"""역전파 실험실의 사이트를 만드는 Sphinx 확장입니다.

- 노트북 커널에 ``BPLIB_PAGE=1``을 알려, 실험이 쪽에서 움직이는 모습으로 저장되게 합니다.
- ``bplib``이 바뀌면 모든 장을 다시 실행하고, ``book``이 바뀌면 모든 쪽을 다시 씁니다.
- 실험의 CSS·JS와 아이콘을 사이트에 싣고, 쓰지 않는 파일을 덜어 냅니다.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote

from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput

BOOK = Path(__file__).resolve().parent
ROOT = BOOK.parent
ICONS = BOOK / "icons"
EXPERIMENT_FILES = (ROOT / "bplib" / "experiment.css", BOOK / "player.js")

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
    "sbt-webpack-macros.html",
    "webpack-macros.html",
    "file.png",
    "minus.png",
    "plus.png",
)


def digest(*paths):
    """파일과 폴더의 내용을 하나의 해시로 줄입니다."""
    total = hashlib.sha256()
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and file.suffix != ".mo" and "__pycache__" not in file.parts:
                total.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return total.hexdigest()


def configure(app, config):
    """실험 파일을 정적 파일로 등록하고, ``book`` 폴더의 해시를 설정값으로 남깁니다."""
    config.html_static_path += [str(file) for file in EXPERIMENT_FILES if file.exists()]
    config.book_digest = config.html_context["book_digest"] = digest(BOOK)[:8]


def outdated_chapters(app, env, added, changed, removed):
    """``bplib``의 내용이 지난 빌드와 다르면 모든 장을 다시 실행합니다."""
    now = digest(ROOT / "bplib")
    before, env.bplib_digest = getattr(env, "bplib_digest", None), now
    return [] if before == now else sorted(env.found_docs)


def add_experiment_files(app, pagename, templatename, context, doctree):
    """실험이 있는 쪽에만 실험의 CSS와 JS를 답니다."""
    if doctree is not None:
        app.add_css_file("experiment.css")
        app.add_js_file("player.js", defer="defer")


def icon_css(folder):
    """폴더의 SVG를 글자색을 따르는 아이콘 CSS 한 장으로 만듭니다."""
    rules = [
        "/* Font Awesome Free 6 (CC BY 4.0, https://fontawesome.com/license/free) */",
        "[class*=fa-]{display:inline-block;line-height:1}"
        "[class*=fa-]::before{content:'';display:inline-block;width:1em;height:1em;vertical-align:-.125em;"
        "background:currentColor;-webkit-mask:var(--icon) center/contain no-repeat;mask:var(--icon) center/contain no-repeat}",
    ]
    for svg in sorted(folder.glob("*.svg")):
        text = re.sub(r"<!--.*?-->", "", svg.read_text(encoding="utf-8")).strip().replace('"', "'")
        uri = "data:image/svg+xml," + quote(text, safe=" ='/:()")
        rules.append(f'.fa-{svg.stem}{{--icon:url("{uri}")}}')
    return "\n".join(rules) + "\n"


def split_css(css):
    """CSS를 (머리, 몸) 규칙으로 나눕니다. 몸이 없는 ``@import`` 따위는 몸이 ``None``입니다."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    depth, start, head, quote_mark = 0, 0, "", ""
    for i, char in enumerate(css):
        if quote_mark:
            quote_mark = "" if char == quote_mark and css[i - 1] != "\\" else quote_mark
        elif char in "\"'":
            quote_mark = char
        elif char == ";" and depth == 0:
            yield css[start:i].strip(), None
            start = i + 1
        elif char == "{":
            if depth == 0:
                head, start = css[start:i].strip(), i + 1
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                yield head, css[start:i].strip()
                start = i + 1


def slim_css(css, words):
    """사이트의 HTML과 JS에 나오지 않는 클래스의 규칙과 아이콘 글꼴을 덜어 냅니다."""
    kept = []
    for head, body in split_css(css):
        if body is None:
            kept.append(f"{head};")
        elif head.startswith(("@media", "@supports", "@layer")):
            body = slim_css(body, words)
            kept += [f"{head}{{{body}}}"] if body else []
        elif head.startswith("@"):
            kept += [] if "Font Awesome" in body or "fa-" in head else [f"{head}{{{body}}}"]
        else:
            selectors = [s for s in re.split(r",(?![^(\[]*[)\]])", head) if classes(s) <= words]
            kept += [f"{','.join(selectors)}{{{body}}}"] if selectors and body else []
    return "".join(kept)


def classes(selector):
    """선택자에 꼭 있어야 하는 클래스. 괄호와 대괄호 속은 느슨하게 둡니다."""
    while re.search(r"\([^()]*\)", selector):
        selector = re.sub(r"\([^()]*\)", "", selector)
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", re.sub(r"\[.*?\]", "", selector))}


def finish(app, error):
    """다 쓴 사이트에 아이콘을 더하고, 쓰지 않는 파일을 지웁니다."""
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    for pattern in UNUSED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for script in static.glob("scripts/*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(re.sub(r"//# sourceMappingURL=.*", "", text), encoding="utf-8")
    sources = [*Path(app.outdir).rglob("*.html"), *static.rglob("*.js")]
    words = set(re.findall(r"[\w-]+", " ".join(file.read_text(encoding="utf-8") for file in sources)))
    for sheet in [static / "basic.css", *static.glob("styles/*.css"), *static.glob("mystnb.*.css")]:
        sheet.write_text(slim_css(sheet.read_text(encoding="utf-8"), words), encoding="utf-8")
    (static / "icons.css").write_text(icon_css(ICONS), encoding="utf-8")
    first = app.builder.get_target_uri(app.config.root_doc)
    (Path(app.outdir) / "index.html").write_text(FRONT.format(first=first, title=app.config.html_title), encoding="utf-8")


FRONT = """<!DOCTYPE html>
<html lang="ko">
<head><meta charset="utf-8"><title>{title}</title><meta http-equiv="refresh" content="0; url={first}"></head>
<body><p><a href="{first}">{title} 첫 쪽으로 가기</a></p></body>
</html>
"""


def visit_hidden_cell(translator, node):
    """접어 둔 코드 셀의 머리글을 한국어로 적습니다."""
    kind = "결과" if {"below-input", "above-output"} & set(node["classes"]) else "코드"
    translator.body.append(
        f'<details class="lab-fold">\n<summary><span class="collapsed">{kind} 펼치기</span>'
        f'<span class="expanded">{kind} 접기</span></summary>\n'
    )


def setup(app):
    os.environ["BPLIB_PAGE"] = "1"
    app.setup_extension("labmath")
    app.add_config_value("book_digest", "", "html")
    app.add_config_value("comments_config", None, "")  # 싣지 않은 sphinx-comments의 설정을 jupyter-book이 늘 넘깁니다
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_HideCellInput))
    app.connect("config-inited", configure)
    app.connect("env-get-outdated", outdated_chapters)
    app.connect("html-page-context", add_experiment_files)
    app.connect("build-finished", finish, priority=900)
    app.add_css_file("icons.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
