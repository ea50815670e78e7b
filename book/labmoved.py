"""옮긴 절: 옛 주소로 온 독자를 새 자리로 보내요. 어디에서 어디로 옮겼는지는 ``moved.json``에만 적어요.

- 같은 쪽에서 이름만 바뀐 절에는 옛 이름을 하나 더 붙여요.
- 다른 쪽으로 간 절은, 옛 이름으로 왔을 때만 보이는 링크를 제목 아래에 둬요. 스크립트가 있으면 바로 따라가요(site.js).
"""

import json
from html import escape
from pathlib import Path

MOVED = json.loads(Path(__file__).with_name("moved.json").read_text(encoding="utf-8"))


def with_old_names(body, moved):
    """쪽의 HTML에 옛 이름을 적어요. ``moved``는 ``{"옛 이름": "#새 이름" 또는 "쪽#새 이름"}``이에요."""
    signs = ""
    for old, place in moved.items():
        page, _, anchor = place.partition("#")
        if page:
            link = f'id="{escape(old)}" href="{page}.html#{escape(anchor)}"'
            signs += f'<a class="lab-moved" {link}>옮긴 절로 가기</a>'
        else:
            section = f'<section id="{escape(anchor)}"'
            body = body.replace(section, f'<span id="{escape(old)}"></span>{section}', 1)
    return body.replace("</h1>", f"</h1>{signs}", 1)


def mark_page(app, pagename, templatename, context, doctree):
    moved = MOVED.get(pagename.removeprefix("chapters/"))
    if doctree is not None and moved:
        context["body"] = with_old_names(context["body"], moved)


def setup(app):
    app.connect("html-page-context", mark_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
