"""노트북 코드 칸의 모양: 쪽에서 보이는 칸은 80칸, 접어 두는 칸은 110칸에 맞춰요.

    python book/cells.py            chapters/의 노트북을 고쳐요
    python book/cells.py --check    고칠 것이 있으면 그 노트북의 이름을 대고 1로 끝나요

한 파일에 폭은 하나뿐이라, ruff가 볼 노트북을 둘로 나눠 담아요. 모양을 정하는 것은 ruff예요.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
FOLDED = {
    "hide-input",
    "hide-cell",
    "remove-input",
    "remove-cell",
}  # 이 꼬리표가 붙은 칸의 코드는 쪽에서 접혀 있어요
YOURS = "your-turn"  # 독자가 코드를 쓰는 칸. 쪽에는 편집기가 있어 빼지만, 노트북에서는 펼쳐 둬요
WIDTHS = {False: 80, True: 110}


def is_folded(cell: Any) -> bool:
    """쪽에서 코드가 접혀 있거나 없는 칸인가."""
    tags = set(cell.metadata.get("tags", []))
    return bool(FOLDED & tags) and YOURS not in tags


def styled(notebooks: dict[str, Any]) -> dict[str, list[str]]:
    """노트북마다 코드 칸들의 고친 글. 폭마다 ruff를 한 번 불러요."""
    with tempfile.TemporaryDirectory() as folder:
        for folded, width in WIDTHS.items():
            room = Path(folder) / str(width)
            room.mkdir()
            for name, notebook in notebooks.items():
                cells = [cell for cell in code_cells(notebook) if is_folded(cell) == folded]
                nbformat.write(nbformat.v4.new_notebook(cells=cells), room / name)
            ruff = [
                sys.executable,
                "-m",
                "ruff",
                "format",
                "--quiet",
                "--isolated",
                "--line-length",
                str(width),
            ]
            # 접힌 칸은 읽는 칸이 아니니, 한 줄에 들어가면 한 줄로 모아요
            joined = ["--config", f"format.skip-magic-trailing-comma = {str(folded).lower()}"]
            subprocess.run([*ruff, *joined, str(room)], check=True)
        return {name: merged(notebook, Path(folder), name) for name, notebook in notebooks.items()}


def code_cells(notebook: Any) -> list[Any]:
    """코드 칸만, 차례로."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def merged(notebook: Any, folder: Path, name: str) -> list[str]:
    """두 폭으로 나눴던 칸을 본래 차례로."""
    rooms = {
        folded: iter(code_cells(nbformat.read(folder / str(width) / name, as_version=4)))
        for folded, width in WIDTHS.items()
    }
    return [next(rooms[is_folded(cell)]).source for cell in code_cells(notebook)]


def main(arguments: list[str]) -> int:
    """고치거나(모양이 달라지는 노트북만 새로 써요) 살피고, 살필 때 다른 것이 있으면 1을 돌려줘요."""
    paths = {path.name: path for path in sorted((ROOT / "chapters").glob("*.ipynb"))}
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in paths.items()}
    changed = []
    for name, sources in styled(notebooks).items():
        pairs = list(zip(code_cells(notebooks[name]), sources, strict=True))
        if all(cell.source == source for cell, source in pairs):
            continue
        changed.append(name)
        for cell, source in pairs:
            cell.source = source
        if "--check" not in arguments:
            paths[name].write_text(nbformat.writes(notebooks[name]).rstrip("\n") + "\n", encoding="utf-8")
    verb = "모양이 달라요. `python book/cells.py`를 실행해 주세요" if "--check" in arguments else "고쳤어요"
    print(f"{', '.join(changed)}: {verb}." if changed else "모든 칸의 모양이 맞아요.")
    return int("--check" in arguments and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
