#!/usr/bin/env python3
"""requirements.txt만 설치한 깨끗한 환경에서 모든 장이 책과 같은 값을 내는지 보고, 크기와 시간을 재요.

    python benchmarks/install.py            새 폴더에 저장소를 옮겨 놓고, 설치하고, 장마다 nbval로 대조해요
    python benchmarks/install.py --keep     끝난 뒤 그 폴더를 지우지 않고 자리를 알려 줘요

시험 도구도 책 만들기도 없는, 독자와 Binder의 환경이에요. 크기는 4 KB 조각으로 센 디스크의 크기예요.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOUND = 600  # MB, 설치된 환경의 한도
BLOCK = 4096
SHOWN = 12
AWAY = (".git", ".venv", "_build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
# 새 환경의 파이썬이 스스로 세요. 꾸러미마다 제 RECORD에 적힌 파일이에요.
WEIGH = f"""
import importlib.metadata as m, json, pathlib
def size(dist):
    files = [pathlib.Path(f.locate()) for f in dist.files or []]
    return sum(-(-f.stat().st_size // {BLOCK}) * {BLOCK} for f in files if f.is_file())
print(json.dumps({{d.name: size(d) for d in m.distributions()}}))
"""


def disk(folder: Path) -> float:
    """폴더가 디스크에서 차지하는 크기(MB)."""
    sizes = (p.lstat().st_size for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())
    return sum(-(-size // BLOCK) * BLOCK for size in sizes) / 1e6


def timed(command: list[str | Path], folder: Path) -> tuple[float, str]:
    """명령을 실행하고 걸린 시간(초)과, 실패했으면 그 출력을 돌려줘요."""
    start = time.perf_counter()
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    return time.perf_counter() - start, done.stdout + done.stderr if done.returncode else ""


def install(folder: Path) -> tuple[Path, float]:
    """저장소를 옮겨 놓고 그 안의 .venv에 requirements.txt만 설치해요. 파이썬의 자리와 걸린 시간을 돌려줘요."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*AWAY))
    python = folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [python, "-m", "pip", "install", "-q", "-r", "requirements.txt"]
    total = 0.0
    for command in ([sys.executable, "-m", "venv", ".venv"], pip):
        took, failure = timed(command, folder)
        if failure:
            sys.exit(f"설치하지 못했어요.\n{failure}")
        total += took
    return python, total


def measure(folder: Path) -> bool:
    python, took = install(folder)
    size = disk(folder / ".venv")
    packages = json.loads(subprocess.check_output([python, "-c", WEIGH], text=True))
    print(f"설치 {took:.0f}초, 꾸러미 {len(packages)}개, 환경 {size:.0f} MB (한도 {BOUND} MB)")
    for name, weight in sorted(packages.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"  {name:<24}{weight / 1e6:>7.1f} MB")
    print("장마다 nbval로 대조하기 (초, 커널을 켜는 시간까지)", flush=True)
    total, failed = 0.0, []
    for path in sorted((folder / "chapters").glob("*.ipynb")):
        if '"code"' not in path.read_text(encoding="utf-8"):
            continue  # 실행할 것이 없어요
        nbval = ["--nbval", path, "--nbval-cell-timeout=120", "-q", "-W", "default"]
        seconds, failure = timed([python, "-m", "pytest", *nbval], folder)
        total += seconds
        print(f"  {path.stem:<24}{seconds:>7.1f}{'  달라요' if failure else ''}", flush=True)
        failed += [failure] if failure else []
    print(*failed, f"모두 {total:.0f}초, 출력이 다른 장 {len(failed)}개", sep="\n")
    return size <= BOUND and not failed


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", action="store_true", help="끝난 뒤 폴더를 지우지 않아요")
    args = parser.parse_args(argv)
    print(
        f"{platform.system()} {platform.machine()}, CPU {os.cpu_count()}개, 파이썬 {platform.python_version()}"
    )
    place = Path(tempfile.mkdtemp())
    try:
        return 0 if measure(place / "book") else 1
    finally:
        if args.keep:
            print(f"남겨 둔 자리: {place / 'book'}")
        else:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
