"""배치: import의 화살표는 아래로만 가요. book, studies, benchmarks, quality → topics → lab → bplib의 바탕."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from scripts import ROOT

FLOORS = {
    "core": ("bplib/*.py",),
    "lab": ("bplib/lab/*.py",),
    "topics": ("bplib/topics/*.py",),
    "outside": ("book/*.py", "studies/*.py", "benchmarks/**/*.py", "quality/*.py"),
}
HEIGHT = {floor: height for height, floor in enumerate(FLOORS)}


def module_name(path: Path) -> str:
    """bplib/lab/plots.py → bplib.lab.plots."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module_name(path): floor
    for floor, places in FLOORS.items()
    for place in places
    for path in ROOT.glob(place)
}


def imported(source: str) -> set[str]:
    """파일이 불러오는 우리 모듈. 함수 안에서 부르는 것과 `from bplib.lab import plots`의 plots까지."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & set(MODULES)


def upward(name: str, source: str) -> list[str]:
    """위로 가는 화살표들."""
    return [
        f"{name} → {other}"
        for other in sorted(imported(source))
        if HEIGHT[MODULES[other]] > HEIGHT[MODULES[name]]
    ]


def sources() -> dict[str, str]:
    return {
        module_name(path): path.read_text(encoding="utf-8")
        for places in FLOORS.values()
        for place in places
        for path in ROOT.glob(place)
    }


def test_arrows_go_down_only(capsys: pytest.CaptureFixture[str]) -> None:
    arrows = Counter(
        (MODULES[name], MODULES[other]) for name, source in sources().items() for other in imported(source)
    )
    with capsys.disabled():
        rooms = Counter(MODULES.values())
        print("\nimport의 화살표: " + ", ".join(f"{floor} 방 {rooms[floor]}개" for floor in FLOORS))
        for (start, end), count in sorted(arrows.items(), key=lambda item: [-HEIGHT[f] for f in item[0]]):
            print(f"  {start:<8}→ {end:<8}{count:>4}")
    assert not [arrow for name, source in sources().items() for arrow in upward(name, source)]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bplib.layers", "from bplib.lab import plots"),
        ("bplib.layers", "def f():\n    import bplib.topics.text"),
        ("bplib.lab.plots", "from bplib.topics.text import Vocabulary"),
        ("bplib.topics.text", "from quality.drift import pins"),
    ],
)
def test_an_arrow_up_is_found(name: str, source: str) -> None:
    assert upward(name, source)


def test_no_circle() -> None:
    """바탕의 모듈끼리 서로를 불러오지 않아요: 어디서부터 읽어도 아래에 닿아요."""
    graph = {name: imported(source) - {name} for name, source in sources().items()}
    done: set[str] = set()
    while layer := {name for name in graph if name not in done and graph[name] <= done}:
        done |= layer
    assert not set(graph) - done, f"서로를 불러와요: {sorted(set(graph) - done)}"


def test_one_list_at_the_root() -> None:
    """요구 목록은 독자의 것 하나만 뿌리에 있어요."""
    assert [path.name for path in ROOT.glob("requirements*") if path.is_file()] == ["requirements.txt"]
    assert [path.name for path in ROOT.glob("*.lock")] == []
