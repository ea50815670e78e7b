"""내 입력: 독자가 그리고 적고 이어 쓴 것을 배워 둔 신경망에 넣어요. 커널에서는 bplib이, 쪽에서는 그 거울이 계산해요."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import Any, ClassVar

from bplib._checks import check_type, report
from bplib.lab.display import on_page, widget_bundle

# 이름마다, OwnInput을 이은 Own이 있는 모듈(bplib.…)
KINDS = {"digits": "lab.drawing", "sentence": "topics.sentence", "tune": "topics.tune"}


class OwnInput:
    """내 입력 하나의 뼈대. 이은 것은 name, title, note를 정하고 widget을 써요.

    쪽에서는 note만 적힌 자리가 되고, 쪽의 스크립트(book/labsite.py의 OWN)가 그 자리를 채워요.
    """

    name: ClassVar[str]  # 신경망의 이름(nets.NETS)이자, 쪽에서 찾는 이름(data-own)
    title: ClassVar[str]
    note: ClassVar[str]  # 스크립트가 꺼진 쪽의 독자에게 하는 말

    def facts(self) -> str:
        """얼마나 믿을지: 칸 곁에 늘 적혀 있는 말."""
        return ""

    def page_data(self) -> dict[str, Any]:
        """신경망과 함께 쪽에 보낼 것. 쪽에서는 `(await Forward.load(name)).extras`예요."""
        return {}

    def widget(self) -> Any:
        """커널에서 쓰는 조작판."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"[{self.title}] {self.facts()}".strip()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if on_page():
            html = (
                f'<div class="bp-experiment bp-own" data-own="{self.name}" role="group"'
                f' aria-label="{escape(self.title)}"><p class="bp-text">{escape(self.note)}</p>'
                f'<p class="ow-facts">{escape(self.facts())}</p></div>'
            )
            return {"text/plain": repr(self), "text/html": html}
        return widget_bundle(self.widget(), repr(self))


def own_input(name: str) -> OwnInput:
    """이름의 내 입력을 열어요. KINDS에 없는 이름이면 ValueError, 글이 아니면 TypeError."""
    check_type("own_input", "name", name, str, "글")
    if name not in KINDS:
        raise ValueError(report("own_input", "name이", f"{', '.join(KINDS)} 가운데 하나", repr(name)))
    made: OwnInput = import_module(f"bplib.{KINDS[name]}").Own()
    return made
