#!/usr/bin/env python3
"""심은 버그를 시험이 찾는지 봐요: 코드를 한 곳씩 바꾸고(변이) 그 모듈의 시험이 빨개지는지 세어요(README.md)."""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import player_mutants

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "mutants"  # mutmut은 여기서 일해요
RESULTS = ROOT / "quality" / "results" / "mutants.json"
REASONS = ROOT / "quality" / "mutants.toml"
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
BOUND = 0.95
PLACES = {Path(place).stem: place for place in CONFIG["only_mutate"]}  # {"layers": "bplib/layers.py"}
# 제 이름의 시험 말고 다른 것을 부르는 모듈
TESTS = {
    "params": ["params", "layers"],
    "layers": ["layers", "init"],
    "optim": ["optim", "saving"],
    "_checks": ["checks"],
}
KILLED, SURVIVED = 1, 0  # mutmut이 적는 끝난 상태
EXPECTED = (KILLED, SURVIVED, 33, -24, 24, 36, 152)  # 33은 닿는 시험이 없고, 나머지는 시간이 다 됐어요
WORKERS = os.cpu_count() or 1
PATIENCE = 10  # 새 프로세스의 시험이, 바꾸지 않은 코드보다 이만큼 곱절로 오래 걸리면 끝나지 않는 고리예요


def read_reasons() -> list[dict[str, Any]]:
    """살아남아도 되는 변이와 까닭: 모듈(all이면 모두), 변이 "함수: 옛 줄 → 새 줄", 또는 그 틀."""
    table = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return [{"module": name, **row} for name, rows in table.items() for row in rows]


def reason(rows: list[dict[str, Any]], module: str, mutant: str) -> str | None:
    """이 변이가 살아남아도 되는 까닭. 적혀 있지 않으면 None이에요."""
    for row in rows:
        known = mutant in row.get("mutants", []) or any(re.search(p, mutant) for p in row.get("patterns", []))
        if row["module"] in ("all", module) and known:
            return row["why"]
    return None


def test_files(name: str) -> list[str]:
    """이 모듈의 변이를 찾아야 하는 시험."""
    return [f"tests/test_{test}.py" for test in TESTS.get(name, [name])]


@dataclass
class Score:
    """모듈 하나의 셈. survivors는 살아남은 변이마다 "함수: 옛 줄 → 새 줄"."""

    name: str
    killed: int = 0
    timeout: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.killed + self.timeout + len(self.survivors)

    def row(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """적어 둘 셈."""
        whys = {mutant: reason(rows, self.name, mutant) for mutant in self.survivors}
        return {
            "mutants": self.total,
            "killed": self.killed,
            "timeout": self.timeout,
            "survived": len(self.survivors),
            "explained": dict(Counter(whys[mutant] for mutant in self.survivors if whys[mutant])),
            "unexplained": [mutant for mutant in self.survivors if not whys[mutant]],
        }


def prepare() -> None:
    """mutmut이 일할 새 폴더. 지난번의 결과는 남기지 않아요: 시험을 고쳤으면 죽은 것도 다시 봐야 해요."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in ("bplib", "tests", "pyproject.toml"):
        (WORK / part).symlink_to(ROOT / part)


def mutmut(*arguments: str, **env: str) -> str:
    """작업 폴더에서 wordless.py로 mutmut을 부르고, 그 말을 돌려줘요."""
    command = [sys.executable, ROOT / "quality" / "wordless.py", *arguments]
    done = subprocess.run(
        command,
        cwd=WORK,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nmutmut이 멈췄어요. 위에 적힌 내용을 봐 주세요.")
    return done.stdout


def run_tests(name: str, mutant: str, patience: float | None = None) -> str:
    """새 프로세스에서: "killed", "survived", "timeout".

    mutmut은 시험 파일을 한 번만 읽어서 읽을 때 불리는 코드의 변이를 놓치고, 바쁜 컴퓨터에서는 시간이 일찍 다 돼요.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:nbval", "--rootdir=.", *test_files(name)]
    env = {**os.environ, "MUTANT_UNDER_TEST": mutant}
    try:
        done = subprocess.run(command, cwd=WORK / "mutants", env=env, capture_output=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return "timeout"
    return "killed" if done.returncode else "survived"


def score_module(name: str, rows: list[dict[str, Any]], chosen: list[str] | None = None) -> Score:
    """모듈 하나의 변이를 모두, 또는 고른 것만 시험해요."""
    dotted = PLACES[name].removesuffix(".py").replace("/", ".")
    (WORK / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # 모듈마다 부르는 시험이 달라요
    only = f'-o "testpaths={" ".join(test_files(name))}"'
    mutmut("run", "--max-children", str(WORKERS), *(chosen or [f"{dotted}.*"]), PYTEST_ADDOPTS=only)
    meta = json.loads((WORK / "mutants" / f"{PLACES[name]}.meta").read_text(encoding="utf-8"))
    codes = {mutant: meta["exit_code_by_key"][mutant] for mutant in chosen or meta["exit_code_by_key"]}
    strange = {mutant: code for mutant, code in codes.items() if code not in EXPECTED}
    if strange:
        sys.exit(f"시험이 뜻밖의 상태로 끝났어요: {strange}")
    doubtful = [mutant for mutant, code in sorted(codes.items()) if code != KILLED]
    texts = mutmut("describe", *doubtful).splitlines() if doubtful else []

    start = time.monotonic()
    if doubtful and run_tests(name, "") != "survived":
        sys.exit(f"{name}: 코드를 바꾸지 않았는데 시험이 실패했어요. `run.py test --only unit`을 봐 주세요.")
    patience = PATIENCE * max(time.monotonic() - start, 3.0)

    def verdict(mutant: str, text: str) -> str:
        known = codes[mutant] == SURVIVED and reason(rows, name, text) is not None
        return "survived" if known else run_tests(name, mutant, patience)

    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = list(pool.map(verdict, doubtful, texts))
    survivors = [text for text, word in zip(texts, verdicts, strict=True) if word == "survived"]
    timeout = verdicts.count("timeout")
    return Score(name, len(codes) - timeout - len(survivors), timeout, survivors)


def sample(count: int, seed: int) -> dict[str, list[str]]:
    """모든 모듈의 변이 가운데 씨앗으로 고른 count개. 모듈마다 나눠서."""
    every = mutmut("names").splitlines()
    chosen = random.Random(seed).sample(every, min(count, len(every)))
    return {name: [m for m in chosen if f".{name}.x" in m] for name in PLACES}


def show(score: Score, row: dict[str, Any]) -> None:
    share = 1 - row["survived"] / score.total
    print(
        f"{score.name:<12}{score.total:>6}{score.killed:>6}{score.timeout:>6}{row['survived']:>6}{share:>8.1%}"
    )
    for mutant in row["unexplained"]:
        print(f"  까닭 없이 살아남음 {mutant}")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts", nargs="*", metavar="모듈", help=f"{', '.join([*PLACES, 'player'])} 가운데에서"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="모든 모듈에서 고른 N개만")
    parser.add_argument("--seed", type=int, default=0, help="고를 때의 씨앗 (기본 0)")
    args = parser.parse_args()
    if unknown := sorted(set(args.parts) - {*PLACES, "player"}):
        parser.error(f"{', '.join(unknown)}: 모르는 이름이에요. 있는 것: {', '.join([*PLACES, 'player'])}")
    prepare()
    chosen = sample(args.sample, args.seed) if args.sample else {}
    rows, done = read_reasons(), {}
    print(f"{'':<12}{'변이':>4}{'죽음':>4}{'시간':>4}{'생존':>4}")
    for name in [name for name in chosen if chosen[name]] or args.parts or [*PLACES, "player"]:
        player = name == "player"
        score = Score(name, *player_mutants.score()) if player else score_module(name, rows, chosen.get(name))
        done[name] = score.row(rows)
        show(score, done[name])
    if not chosen:
        results = json.loads(RESULTS.read_text(encoding="utf-8")) | done
        text = json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    total, alive = (sum(row[key] for row in done.values()) for key in ("mutants", "survived"))
    left = sum(len(row["unexplained"]) for row in done.values())
    print(f"모두 {total}개 가운데 {1 - alive / total:.1%}가 죽었어요. 까닭 없이 살아남은 것: {left}개")
    if left or 1 - alive / total < BOUND:
        sys.exit(1)


if __name__ == "__main__":
    main()
