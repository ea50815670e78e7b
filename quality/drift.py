#!/usr/bin/env python3
"""파이썬과 의존성의 판이 바뀌어도 bplib과 책이 그대로인지, 판마다 uv로 환경을 만들어 봐요(README.md)."""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "quality" / "results" / "drift.json"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOWEST, NEWEST = "lowest", "newest"
ROWS = (*PYTHONS, LOWEST, NEWEST)
OLD_PYPARSING = (
    "pyparsing<3.3"  # 3.3부터 옛 matplotlib이 부르는 이름마다 경고하고, 쪽을 그릴 때는 경고도 오류예요.
)
PER_CHAPTER = ("test_book_exercises.py", "test_worksheets.py")
OF_THIS_TABLE = "test_quality.py"
NEED_TORCH = (
    "test_benchmarks.py",
    "test_recurrent.py::test_pytorch_agrees",
    "test_speed.py::test_the_same_step_on_another_library[torch]",
    "test_speed.py::test_the_step_keeps_float32[torch]",
)
# 장마다 하는 시험은 0–6장의 대조가 대신하고, PyTorch가 있어야 하는 시험은 늘 하는 `python3 run.py test`에 맡겨요.
UNIT = ["tests", "--dist=loadscope"]
UNIT += [f"--ignore=tests/{name}" for name in ("site", "browser", *PER_CHAPTER, OF_THIS_TABLE)]
UNIT += [f"--deselect=tests/{name}" for name in NEED_TORCH]
OLD_WARNINGS = ["-W", "default::DeprecationWarning"]  # ipywidgets 7.7이 새 ipykernel의 옛 이름을 불러요.
CHAPTERS = [str(path) for path in sorted((ROOT / "chapters").glob("0[0-6]-*.ipynb"))]
CHAPTERS += ["--dist=loadfile", "--nbval", "-W", "default"]
CHAPTERS += ["--nbval-cell-timeout=600", "--nbval-kernel-startup-timeout=600"]


def uv(*arguments: str | Path) -> str:
    """requirements/quality.txt의 uv. 실패하면 그 말이 보이고 CalledProcessError예요."""
    command = [sys.executable, "-m", "uv", "--no-python-downloads", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def pins(name: str) -> dict[str, str]:
    """요구 목록이 -r로 함께 읽는 것까지, 꾸러미마다 적힌 줄."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            found |= pins(os.path.normpath(Path(name).parent / line.removeprefix("-r ")))
        elif line and not line.startswith("-"):
            found[line.partition("==")[0]] = line
    return found


def ranges() -> dict[str, str]:
    """pyproject.toml이 허락하는 판의 범위."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {re.split("[<>=]", line)[0]: line for line in wanted}


def find_python(name: str) -> str | None:
    """이 줄에 쓸 이 컴퓨터의 파이썬. 받지는 않아요."""
    try:
        return uv(
            "python", "find", "--system", {LOWEST: PYTHONS[0], NEWEST: PYTHONS[-1]}.get(name, name)
        ).strip()
    except subprocess.CalledProcessError:
        return None


def install(env: Path, python: str, name: str) -> None:
    """환경을 만들고 설치해요."""
    wanted = pins("requirements/dev.txt")
    del wanted["torch"]
    if name in (LOWEST, NEWEST):
        wanted |= ranges()
    if name == LOWEST:
        wanted["pyparsing"] = OLD_PYPARSING
    listed = env.with_suffix(".txt")
    listed.write_text("\n".join(wanted.values()), encoding="utf-8")
    resolution = "lowest-direct" if name == LOWEST else "highest"
    uv("venv", "-q", "--seed", "--python", python, env)  # 시험이 pip를 불러요
    uv("pip", "install", "-q", "--python", env, "--resolution", resolution, "-r", listed)
    uv("pip", "install", "-q", "--python", env, "--no-deps", "-e", ROOT)


def pytest(env: Path, *arguments: str) -> dict[str, object]:
    """그 환경의 pytest를 부르고, 통과한 수와 실패하거나 건너뛴 이름을 돌려줘요."""
    inside = env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    report, start = env.with_suffix(".xml"), time.monotonic()
    report.unlink(missing_ok=True)
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    command = [inside, "-m", "pytest", "-q", "-n", "auto", f"--junitxml={report}", *arguments]
    subprocess.run(command, cwd=ROOT, env={**clean, "PYTHONUTF8": "1"}, stdin=subprocess.DEVNULL)
    names: dict[str, set[str]] = {"failure": set(), "error": set(), "skipped": set(), "passed": set()}
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    kinds = [next((kind for kind in names if case.find(kind) is not None), "passed") for case in cases]
    for case, kind in zip(cases, kinds, strict=True):
        names[kind].add(f"{case.get('classname')}::{case.get('name')}")
    return {
        "passed": kinds.count("passed"),
        "failed": sorted(names["failure"] | names["error"]),
        "skipped": sorted(names["skipped"]),
        "seconds": round(time.monotonic() - start),
    }


def row(name: str, python: str, env: Path) -> dict[str, object]:
    """한 줄: 환경 하나를 만들어 시험해요."""
    install(env, python, name)
    listed = json.loads(uv("pip", "list", "--python", env, "--format", "json"))
    result = {
        "name": name,
        "python": subprocess.check_output([python, "-V"], text=True).split()[1],
        "versions": {item["name"]: item["version"] for item in listed if item["name"] in ranges()},
        "unit": pytest(env, *UNIT, *(OLD_WARNINGS if name == LOWEST else [])),
        "date": f"{datetime.date.today()}",
    }
    return result if name == LOWEST else {**result, "chapters": pytest(env, *CHAPTERS)}


def record(rows: list[dict]) -> None:
    """본 줄만 새로 적고, 이번에 보지 않은 줄은 두어요."""
    kept = {line["name"]: line for line in [*json.loads(RESULTS.read_text(encoding="utf-8"))["rows"], *rows]}
    table = {
        "machine": {"system": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count()},
        "left_out": [*PER_CHAPTER, OF_THIS_TABLE, *NEED_TORCH],
        "not_seen": [name for name in ROWS if name not in kept],
        "rows": [kept[name] for name in ROWS if name in kept],
    }
    RESULTS.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="이름", help=f"{', '.join(ROWS)} 가운데에서")
    parser.add_argument("--record", action="store_true", help="결과를 적어 둬요")
    args = parser.parse_args(argv)
    if wrong := [name for name in args.names if name not in ROWS]:
        parser.error(f"{', '.join(wrong)}은(는) 없는 이름이에요. {', '.join(ROWS)} 가운데에서 적어 주세요.")
    pythons = {name: find_python(name) for name in args.names or ROWS}
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for name, python in pythons.items():
            if python:
                rows.append(row(name, python, Path(place) / name.replace(".", "-")))
                print(json.dumps(rows[-1], ensure_ascii=False, indent=1), flush=True)
    if args.record:
        record(rows)
    missing = [name for name, python in pythons.items() if not python]
    failed = [r["name"] for r in rows if any(r[part]["failed"] for part in ("unit", "chapters") if part in r)]
    print(f"{len(rows)}줄을 봤어요. 실패한 줄: {failed}, 파이썬이 없어 보지 못한 줄: {missing}")
    return 1 if failed or set(missing) & set(args.names) or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
