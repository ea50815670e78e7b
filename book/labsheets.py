"""활동지를 사이트에 실어요: ``worksheets/장-씨앗.html``. 저마다 온전한 쪽이라 그대로 인쇄하면 A4 두 쪽이에요."""

from pathlib import Path

from bplib.lab.worksheets import PREPARED, TITLES, worksheet

TEACHING = "chapters/teaching"
FOLDER = "worksheets"
ICON = '<link rel="icon" href="../_static/favicon.svg">'


def navigation(chapter, seed):
    """화면에만 보이는 줄: 가르치는 쪽으로 돌아가기, 같은 장의 다른 씨앗, 인쇄."""
    seeds = "".join(
        f"<b>씨앗 {other}</b>" if other == seed else f'<a href="{chapter}-{other}.html">씨앗 {other}</a>'
        for other in PREPARED
    )
    back = f'<a href="../{TEACHING}.html">가르치는 분께</a>'
    return (
        f'<nav class="bp-sheet-nav">{back}{seeds}<button type="button" data-print>인쇄</button></nav>'
        '<script defer src="../_static/site.js"></script>'
    )


def write_sheets(app, error):
    """가르치는 쪽이 있는 책이면 활동지를 모두 써요."""
    if error or app.builder.name != "html" or TEACHING not in app.env.found_docs:
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for chapter in TITLES:
        for seed in PREPARED:
            html = worksheet(chapter, seed).html().replace("<main>", navigation(chapter, seed) + "<main>")
            html = html.replace("</head>", f"{ICON}</head>")
            (folder / f"{chapter}-{seed}.html").write_text(html, encoding="utf-8")


def setup(app):
    app.connect("build-finished", write_sheets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
