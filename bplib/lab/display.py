"""어디에서 보이나: 커널에서는 위젯, 책의 쪽에서는 HTML. 실험, 연습문제, 소리, 글 칸, 활동지가 함께 써요."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import Any


def on_page() -> bool:
    """책을 짓는 중이면(환경 변수 ``BPLIB_PAGE=1``) 참이에요."""
    return os.environ.get("BPLIB_PAGE") == "1"


def css() -> str:
    """실험과 그림의 모양. 웹 페이지와 커널이 같은 파일을 써요."""
    return (files("bplib.lab") / "experiment.css").read_text(encoding="utf-8")


def reopened() -> Any:
    """다시 연 노트북에서 위젯 자리에 남은 영어 오류를, 무엇을 하면 되는지로 바꾸는 출력. JupyterLab에서만 일해요."""
    from IPython.display import HTML

    dead = ".jp-OutputArea-output.jupyter-widgets:not(:has(*))"
    words = "다시 움직이려면 첫 칸부터 실행하세요."
    return HTML(
        f"<style>{dead} {{ font-size: 0 }} {dead}::before {{ content: '{words}'; font-size: 1rem }}</style>"
    )


def widget_bundle(widget: Any, text: str) -> dict[str, Any]:
    """위젯과, 위젯을 보일 수 없는 곳의 글을 함께 담아요. ipywidgets 7(Colab)과 8에서 같아요."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"application/vnd.jupyter.widget-view+json": view, "text/plain": text}
