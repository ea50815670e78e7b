"""활동지와 인쇄물을 사이트에 실어요. 문제와 답은 주소가 달라서, 문제를 인쇄할 때 답이 따라 나오지 않아요.

``worksheets/``의 ``장-씨앗.html``과 ``장-씨앗-key.html``, 종이 고리 ``ring.html``과 그 답, 관찰표 ``observation.html``.
"""

from pathlib import Path

from bplib.lab.handouts import Ring, observation
from bplib.lab.worksheets import PREPARED, TITLES, worksheet

TEACHING = "chapters/teaching"
FOLDER = "worksheets"
ICON = '<link rel="icon" href="../_static/favicon.svg">'


def navigation(links=""):
    """화면에만 보이는 줄: 가르치는 쪽으로 돌아가기, 이어진 쪽, 인쇄."""
    return (
        f'<nav class="bp-sheet-nav"><a href="../{TEACHING}.html">가르치는 분께</a>{links}'
        '<button type="button" data-print>인쇄</button></nav><script defer src="../_static/site.js"></script>'
    )


def other_seeds(chapter, seed, ending):
    """같은 장의 다른 씨앗. 답은 문제에서 이어지지 않아요."""
    return "".join(
        f"<b>씨앗 {other}</b>" if other == seed else f'<a href="{chapter}-{other}{ending}">씨앗 {other}</a>'
        for other in PREPARED
    )


def pages():
    """실을 쪽마다 (이름, HTML, 이어진 쪽의 링크)."""
    for chapter in TITLES:
        for seed in PREPARED:
            for key, ending in ((False, ".html"), (True, "-key.html")):
                html = worksheet(chapter, seed).html(key)
                yield f"{chapter}-{seed}{ending}", html, other_seeds(chapter, seed, ending)
    ring = Ring(seed=1)
    yield "ring.html", ring.html(), ""
    yield "ring-key.html", ring.html(key=True), ""
    yield "observation.html", observation(), ""


def write_sheets(app, error):
    """가르치는 쪽이 있는 책이면 모두 써요."""
    if error or app.builder.name != "html" or TEACHING not in app.env.found_docs:
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for name, html, links in pages():
        html = html.replace("<main>", navigation(links) + "<main>").replace("</head>", f"{ICON}</head>")
        (folder / name).write_text(html, encoding="utf-8")


def setup(app):
    app.connect("build-finished", write_sheets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
