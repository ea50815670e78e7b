"""움직이지 않는 그림과 그 설명."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib import image
from matplotlib.figure import Figure

from bplib.lab import frames
from bplib.lab.display import on_page
from bplib.lab.scene import Frame, drawn


class Picture:
    """움직이지 않는 그림과 그 설명이에요. :func:`show`로 만들어요."""

    def __init__(self, figures: list[Figure], text: str) -> None:
        self.figures = figures
        self.text = text

    def __repr__(self) -> str:
        return f"[그림] {self.text}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if on_page():
            return {"text/plain": repr(self), "text/html": self.page_html}
        return (
            {"text/plain": repr(self), "image/png": base64.b64encode(self._png()).decode()},
            {"image/png": {"alt": self.text}},
        )

    @cached_property
    def first(self) -> Frame:
        """웹 페이지에 싣는 장면."""
        return Frame(frames.draw(self.figures, frames.prefix(self.text)), self.text)

    @property
    def page_html(self) -> str:
        """웹 페이지에 싣는 글."""
        return f'<div class="bp-experiment bp-picture">{self.first.drawing}</div>'

    def _png(self) -> bytes:
        """그림이 여럿이면 위아래로 이어 붙여요."""
        pixels = []
        for figure in self.figures:
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=144)
            pixels.append(image.imread(io.BytesIO(buffer.getvalue())))
        width = max(p.shape[1] for p in pixels)
        padded = [np.pad(p, ((0, 0), (0, width - p.shape[1]), (0, 0)), constant_values=1.0) for p in pixels]
        out = io.BytesIO()
        image.imsave(out, np.vstack(padded), format="png")
        return out.getvalue()


def show(figures: Figure | Sequence[Figure], text: str) -> Picture:
    """움직이지 않는 그림을 설명과 함께 보여 줘요. 설명은 그림을 볼 수 없는 독자가 들어요.

    Raises:
        ExperimentError: 그림이 아니거나 설명이 비어 있으면.
    """
    picture = Picture(*drawn("show", (figures, text)))
    if on_page():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _ = picture.first
    return picture
