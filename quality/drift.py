#!/usr/bin/env python3
"""파이썬과 의존성의 판이 바뀌어도 bplib과 책이 그대로인지 봐요.

    python quality/drift.py                이 컴퓨터에서 찾은 파이썬마다, 그리고 가장 낮은 판과 가장 새 판으로
    python quality/drift.py 3.12 lowest    적은 것만
    python quality/drift.py --record       본 것을 quality/results/drift.json에 적어요

3.11 … 3.14는 requirements.txt에 적힌 판으로 단위 시험과 0–6장의 출력 대조를 해요. lowest와 newest는 pyproject.toml이
허락하는 numpy, matplotlib, ipywidgets, tqdm의 가장 낮은 판과 가장 새 판이에요(가장 낮은 파이썬과 가장 높은 파이썬에서).
lowest에서는 단위 시험만 해요. 책의 출력은 requirements.txt의 판에서 적은 것이라서요.

빼는 것: 장마다 하는 단위 시험(PER_CHAPTER)은 0–6장의 대조가 대신해요. 이 표를 읽는 시험(OF_THIS_TABLE)도 빼요.
PyTorch가 있어야 하는 시험(NEED_TORCH)은 늘 하는 `python3 run.py test`에 맡겨요(환경마다 몇 GB예요). 뺀 것의 이름은 표에
나와요. 환경은 임시 폴더에 uv로 만들고 지워요.
"""

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
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "quality" / "results" / "drift.json"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOWEST, NEWEST = "lowest", "newest"
ROWS = (*PYTHONS, LOWEST, NEWEST)
OLD_PYPARSING = (
    "pyparsing<3.3"  # 3.3부터 옛 matplotlib이 부르는 이름마다 경고하고, 쪽을 그릴 때는 경고도 오류예요.
)
PER_CHAPTER = ("test_book_experiments.py", "test_book_exercises.py", "test_worksheets.py")
OF_THIS_TABLE = "test_quality.py"
NEED_TORCH = (
    "test_benchmarks.py",
    "test_recurrent.py::test_pytorch_agrees",
    "test_speed.py::test_the_same_step_on_another_library[torch]",
    "test_speed.py::test_the_step_keeps_float32[torch]",
)
CHAPTERS = [str(path) for path in sorted((ROOT / "chapters").glob("0[0-6]-*.ipynb"))]
OLD_WARNINGS = ["-W", "default::DeprecationWarning"]  # ipywidgets 7.7이 새 ipykernel의 옛 이름을 불러요.
PARALLEL = ["-n", "auto", "--dist"]


class Trouble(Exception):
    """이 줄을 끝낼 수 없는 까닭."""


def call(*command: str | Path) -> str:
    """명령을 저장소에서 실행하고 출력을 돌려줘요. 실패하면 Trouble이에요."""
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**env, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise Trouble(
            f"{' '.join(map(str, command[:4]))} …이 {done.returncode}로 끝났어요.\n{done.stderr[-1500:]}"
        )
    return done.stdout


def uv(*arguments: str | Path) -> str:
    """requirements/quality.txt의 uv."""
    return call(sys.executable, "-m", "uv", "--no-python-downloads", *arguments)


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
    with open(ROOT / "pyproject.toml", "rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    return {re.split("[<>=]", line)[0]: line for line in wanted}


def find_pythons() -> dict[str, Path]:
    """이 컴퓨터의 파이썬. 받지는 않아요."""
    found = {}
    for version in PYTHONS:
        try:
            found[version] = Path(uv("python", "find", "--system", version).strip())
        except Trouble:
            continue
    return found


def install(env: Path, python: Path, name: str) -> None:
    """환경을 만들고 설치해요."""
    wanted = pins("requirements/dev.txt")
    del wanted["torch"]
    if name in (LOWEST, NEWEST):
        wanted |= ranges()
    if name == LOWEST:
        wanted["pyparsing"] = OLD_PYPARSING
    listed = env.parent / f"{env.name}.txt"
    listed.write_text("\n".join(wanted.values()), encoding="utf-8")
    resolution = "lowest-direct" if name == LOWEST else "highest"
    uv("venv", "-q", "--seed", "--python", python, env)  # 시험이 pip를 불러요
    uv("pip", "install", "-q", "--python", env, "--resolution", resolution, "-r", listed)
    uv("pip", "install", "-q", "--python", env, "--no-deps", "-e", ROOT)


def pytest(env: Path, *arguments: str) -> dict[str, object]:
    """pytest를 부르고, 통과한 수와 실패한 이름을 돌려줘요."""
    inside = env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    report = env.parent / f"{env.name}.xml"
    report.unlink(missing_ok=True)
    start = time.monotonic()
    try:
        call(inside, "-m", "pytest", "-q", f"--junitxml={report}", *arguments)
        said = ""
    except Trouble as trouble:
        said = str(trouble)
    if not report.is_file():
        raise Trouble(said)
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return {
        "passed": len(cases) - len(failed) - len(skipped),
        "failed": sorted({f"{case.get('classname')}::{case.get('name')}" for case in failed}),
        "skipped": sorted({f"{case.get('classname')}::{case.get('name')}" for case in skipped}),
        "seconds": round(time.monotonic() - start),
    }


def installed(env: Path) -> dict[str, str]:
    """견줄 꾸러미의 설치된 판."""
    listed = json.loads(uv("pip", "list", "--python", env, "--format", "json"))
    return {item["name"]: item["version"] for item in listed if item["name"] in ranges()}


def row(name: str, python: Path, place: Path) -> dict[str, object]:
    """한 줄: 환경 하나를 만들어 시험해요."""
    env = place / name
    install(env, python, name)
    away = [f"--ignore=tests/{file}" for file in ("site", "browser", *PER_CHAPTER, OF_THIS_TABLE)]
    away += [f"--deselect=tests/{test}" for test in NEED_TORCH]
    result = {
        "name": name,
        "python": call(python, "-c", "import platform; print(platform.python_version())").strip(),
        "versions": installed(env),
        "unit": pytest(
            env, "tests", *away, *PARALLEL, "loadscope", *(OLD_WARNINGS if name == LOWEST else [])
        ),
    }
    if name != LOWEST:
        nbval = ["--nbval", "-W", "default", "--nbval-cell-timeout=600", "--nbval-kernel-startup-timeout=600"]
        result["chapters"] = pytest(env, *CHAPTERS, *nbval, *PARALLEL, "loadfile")
    return result


def show(result: dict) -> None:
    """한 줄을 사람이 읽게."""
    parts = {"unit": "단위 시험", "chapters": "0–6장의 칸"}
    said = [
        f"{title} {result[key]['passed']}개 통과, {len(result[key]['failed'])}개 실패 ({result[key]['seconds']}초)"
        for key, title in parts.items()
        if key in result
    ]
    versions = " ".join(f"{name} {version}" for name, version in result["versions"].items())
    print(f"{result['name']:<8}파이썬 {result['python']:<8}{versions}\n        {'; '.join(said)}")
    for key, title in (("failed", "실패"), ("skipped", "건너뜀")):
        for test in [test for part in parts if part in result for test in result[part][key]]:
            print(f"        {title}: {test}")
    sys.stdout.flush()


def record(rows: list[dict]) -> None:
    """본 줄만 새로 적고, 이번에 보지 않은 줄은 두어요."""
    old = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.is_file() else []
    kept = {line["name"]: line for line in [*old, *rows]}
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
    found = find_pythons()
    if not found:
        raise SystemExit(f"파이썬 {', '.join(PYTHONS)} 가운데 하나도 찾지 못했어요. PATH를 봐 주세요.")
    pythons = {
        **found,
        LOWEST: found[min(found, key=PYTHONS.index)],
        NEWEST: found[max(found, key=PYTHONS.index)],
    }
    wanted = args.names or ROWS
    missing = [name for name in wanted if name not in pythons]
    rows, broken = [], []
    with tempfile.TemporaryDirectory() as place:
        for name in wanted:
            if name in missing:
                print(f"{name:<8}이 파이썬을 찾지 못해 보지 못했어요.")
                continue
            try:
                rows.append({**row(name, pythons[name], Path(place)), "date": f"{datetime.date.today()}"})
                show(rows[-1])
            except Trouble as trouble:
                broken.append(name)
                print(f"{name:<8}끝내지 못했어요. {trouble}", flush=True)
    if args.record:
        record(rows)
    failed = [r["name"] for r in rows if any(r[p]["failed"] for p in ("unit", "chapters") if p in r)]
    named = set(missing) & set(args.names)  # 이름을 적어 부탁했는데 없으면 실패예요
    print(f"모든 줄에서 뺀 것: {', '.join((*PER_CHAPTER, OF_THIS_TABLE, *NEED_TORCH))}")
    counts = {"실패한": failed, "끝내지 못한": broken, "파이썬이 없는": missing}
    print(
        f"{len(rows)}줄을 봤어요. " + ", ".join(f"{what} 줄 {len(which)}개" for what, which in counts.items())
    )
    return 1 if failed or broken or named else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
