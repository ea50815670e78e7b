"""글 칸: 독자가 적은 문장을 함수에 넣고, 그림과 설명을 그 자리에 보여 줘요."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from html import escape
from typing import Any

from bplib._checks import check_callable, check_type
from bplib.lab.display import css, widget_bundle
from bplib.lab.scene import Drawn, Frame, draw_frame


class TextBox:
    """문장 하나를 받아 (그림, 설명)을 돌려주는 함수에 글 칸을 달아요.

    커널에서 적을 때마다 함수를 불러요. 함수가 낸 ValueError·TypeError는 독자에게 하는 말이라 그 글만 보여 줘요.

    Raises:
        ExperimentError: 함수가 (그림, 설명 글)을 돌려주지 않으면.
    """

    def __init__(self, function: Callable[[str], Drawn], *, label: str, start: str) -> None:
        check_callable("TextBox", "function", function)
        check_type("TextBox", "label", label, str, "글")
        self.function, self.label, self.start = function, label, start
        self.first = self.frame(start)

    def frame(self, text: str) -> Frame:
        """``text``를 적었을 때의 장면."""
        return draw_frame(f"글 칸 {self.label}", self.function, text)

    def __repr__(self) -> str:
        return f"[글 칸 {self.label}] {self.first.text}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return widget_bundle(self.widget(), repr(self))

    def widget(self) -> Any:
        """커널에서 쓰는 글 칸."""
        import ipywidgets

        box = ipywidgets.Text(
            value=self.start,
            description=self.label,
            continuous_update=False,
            style={"description_width": "initial"},
            layout={"width": "30em", "max_width": "100%"},
        )
        view = ipywidgets.HTML()

        def redraw(_: Any = None) -> None:
            try:
                body = self.frame(box.value).html
            except (TypeError, ValueError) as error:
                body = f'<p class="bp-text" role="alert">{escape(str(error))}</p>'
            except Exception:  # 독자가 고친 함수의 오류는 그 자리에 보여 줘요
                body = f'<pre class="bp-error" role="alert">{escape(traceback.format_exc(limit=-2))}</pre>'
            view.value = f'<style>{css()}</style><div class="bp-experiment">{body}</div>'

        box.observe(redraw, names="value")
        redraw()
        return ipywidgets.VBox([box, view])
