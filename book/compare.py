"""노트북에 저장된 출력이 책을 만들며 실행해 얻은 출력과 같은지, nbval처럼 한 글자씩 봐요. 나온 차례까지 같아야 해요.

    python book/compare.py [노트북 …]      적지 않으면 chapters/의 모든 노트북

책을 만들며 실행한 것은 다시 실행하지 않아요. 담긴 것이 없으면(책을 만들지 않았거나 고친 장이면) 실행해서 담아 두니,
다음에 책을 만들 때도 꺼내 써요. 저장된 모양도 봐요: 실행하지 않은 셀, 그림 자료, 실행한 흔적이 있으면 안 돼요.
"""

import copy
import difflib
import sys
from pathlib import Path
from typing import Any

import nbformat
from execute import Failed, executed, fill, open_cache
from record import CHAPTERS, ROOT, Rejected, clean_output, join_streams, normal_text, read

CACHE = ROOT / "_build" / ".jupyter_cache"  # jupyter-book이 정한 자리
PAGE_HTML = '<div class="bp-'  # 실험, 그림, 연습문제가 쪽에서 갖는 모습


def check_form(path: Path) -> None:
    """저장된 모양 그대로인지 봐요."""
    if path.read_bytes() != normal_text(read(path)).encode():
        name = f"chapters/{path.name}"
        raise Rejected(f"저장된 모양이 아니에요. `python3 run.py record {name}`을 실행해 주세요.")


def outputs(cell: Any) -> list[dict[str, str]]:
    """셀의 출력마다 {종류: 글}."""
    cleaned = [clean_output(output) for output in join_streams(copy.deepcopy(cell.outputs))]
    return [{one.name: one.text} if one.output_type == "stream" else dict(one.data) for one in cleaned]


def written(found: list[dict[str, str]]) -> list[str]:
    """출력들을 줄마다 견줄 수 있게 적어요."""
    return [
        line
        for number, output in enumerate(found, 1)
        for kind, text in sorted(output.items())
        for line in (f"[출력 {number}: {kind}]", *text.split("\n"))
    ]


def difference(stored: Any, made: Any) -> str:
    """셀 하나의 출력에서 달라진 줄. 같으면 빈 글이에요."""
    if stored.execution_count is None:
        return "실행해 저장한 적이 없어요."
    try:
        want, got = outputs(stored), outputs(made)
    except Rejected as why:
        return str(why)
    for before, now in zip(want, got, strict=False):  # 쪽에는 위젯과 그림 자료 대신 HTML이 실려요
        if "text/html" not in before and now.get("text/html", "").startswith(PAGE_HTML):
            del now["text/html"]
    if want == got:
        return ""
    lines = difflib.unified_diff(written(want), written(got), "저장된 출력", "실행한 출력", n=1, lineterm="")
    return "출력이 달라요.\n" + "\n".join(lines)


def differences(stored: Any, made: Any) -> list[str]:
    """출력이 다른 셀마다 한 글."""
    again = iter([cell for cell in made.cells if cell.cell_type == "code"])
    return [
        f"{number}번째 셀({cell.id}): {said}"
        for number, cell in enumerate(stored.cells, 1)
        if cell.cell_type == "code" and (said := difference(cell, next(again)))
    ]


def compare(path: Path, cache: Any) -> str:
    """노트북 하나를 견줘요."""
    check_form(path)
    stored = nbformat.read(path, as_version=4)
    if found := differences(stored, executed(cache, stored)):
        raise Rejected("\n".join(found))
    return f"{sum(cell.cell_type == 'code' for cell in stored.cells)}칸이 같아요"


def main(arguments: list[str]) -> int:
    """노트북들을 차례로 견주고, 다른 것이 있으면 1을 돌려줘요."""
    paths = [Path(name).resolve() for name in arguments] or sorted(CHAPTERS.glob("*.ipynb"))
    failed = fill(CACHE, paths)
    cache, bad = open_cache(CACHE), 0
    for path in paths:
        try:
            if path in failed:
                raise failed[path]
            print(f"{path.name}: {compare(path, cache)}", flush=True)
        except Failed as why:
            bad += 1
            print(f"{path.name}: 안 돼요. {why}", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
