"""0장부터 6장까지의 길이와 말: 글과 코드와 내기가 한도 안이고, 적힌 시간이 글에서 나온 시간이고, 홑글자는 수식이에요.

글은 마크다운 칸의 글자 수예요. 연습문제의 절(“연습”으로 시작하는 제목부터 다음 절까지)과 링크의 주소는 빼요.
코드는 연습문제가 아닌 절에서 보이는 줄이에요.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from scripts import ROOT, load_script

CHAPTERS = sorted((ROOT / "chapters").glob("0[0-6]-*.ipynb"))
MAX_PROSE, MAX_CODE, MAX_BETS = 9000, 150, 3
PER_MINUTE, PER_EXPERIMENT, PER_BET, ROUNDING = 300, 2, 1, 5  # 글자/분, 분/실험, 분/내기, 반올림의 단위(분)
HEADING = re.compile(r"(#+) (.+)")
PRINTED = re.compile(r"읽(?:고 움직이)?는 데 (\d+)분")
# 홑글자를 찾지 않는 곳: 코드, 수식, 링크의 주소, 제목
NOT_TEXT = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`|\]\([^)\n]*\)|^#[^\n]*$", re.S | re.M)
LETTER = re.compile(r"(?<![A-Za-z0-9/’(])([abfkxyzwEδησ])(?![A-Za-z0-9.)′])")
cells = load_script("book/cells.py")


@dataclass
class Length:
    """장 하나의 글자, 보이는 코드의 줄, 내기, 실험의 수와 첫머리에 적힌 분."""

    prose: int
    code: int
    bets: int
    experiments: int
    printed: int

    @property
    def minutes(self) -> int:
        exact = self.prose / PER_MINUTE + PER_EXPERIMENT * self.experiments + PER_BET * self.bets
        return ROUNDING * round(exact / ROUNDING)


def measure(notebook: object) -> Length:
    prose, code, bets, experiments = [], 0, 0, 0
    level = 0  # 연습문제의 절 안이면 그 제목의 깊이
    for cell in notebook.cells:  # type: ignore[attr-defined]
        if cell.cell_type == "code":
            bets += cell.source.startswith("bet(")
            experiments += "@experiment(" in cell.source
            code += 0 if level or cells.is_folded(cell) else len(cell.source.splitlines())
            continue
        for line in cell.source.splitlines():
            heading = HEADING.match(line)
            if heading and (not level or len(heading[1]) <= level):
                level = len(heading[1]) if heading[2].startswith("연습") else 0
            if not level:
                prose.append(line)
    text = "\n".join(prose)
    printed = PRINTED.search(text)
    assert printed, "읽는 데 몇 분이 걸리는지 적혀 있지 않아요"
    return Length(len(re.sub(r"\]\([^)]*\)", "]", text)), code, bets, experiments, int(printed[1]))


@pytest.fixture(scope="module")
def lengths() -> dict[str, Length]:
    return {path.stem: measure(nbformat.read(path, as_version=4)) for path in CHAPTERS}


def test_core_chapters_stay_readable(lengths: dict[str, Length], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n\n{'장':<22}{'글자':>8}{'코드 줄':>8}{'내기':>6}{'실험':>6}{'적힌 분':>8}{'나온 분':>8}")
        for name, one in lengths.items():
            print(
                f"{name:<22}{one.prose:>10,}{one.code:>10}{one.bets:>8}{one.experiments:>8}"
                f"{one.printed:>10}{one.minutes:>10}"
            )
    assert len(lengths) >= 11
    long = {
        name: one
        for name, one in lengths.items()
        if one.prose > MAX_PROSE or one.code > MAX_CODE or one.bets > MAX_BETS
    }
    assert not long


def test_printed_time_is_the_counted_time(lengths: dict[str, Length]) -> None:
    assert {name: one.printed for name, one in lengths.items()} == {
        name: one.minutes for name, one in lengths.items()
    }


def test_exercises_are_not_counted() -> None:
    new = nbformat.v4
    text = "# 장\n\n읽는 데 5분\n\n## 연습문제\n\n풀어 보세요\n\n### 연습 1\n\n물음\n\n## 끝\n\n[글](주소.md)"
    notebook = new.new_notebook(cells=[new.new_markdown_cell(text), new.new_code_cell("a = 1\nb = 2")])
    one = measure(notebook)
    assert one == Length(len("# 장\n\n읽는 데 5분\n\n## 끝\n\n[글]"), 2, 0, 0, 5)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_letters_are_formulas(path: Path) -> None:
    """글 속의 w, z, b는 어디서나 `$w$`예요. 곧은 글자와 기운 글자가 섞이지 않아요."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            text = NOT_TEXT.sub(lambda m: "■" * len(m[0]), cell.source)
            found += [text[max(0, m.start() - 15) : m.end() + 15] for m in LETTER.finditer(text)]
    assert not found
