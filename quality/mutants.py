#!/usr/bin/env python3
"""심은 버그를 시험이 찾는지 봐요: 코드를 한 곳씩 바꾸고(변이) 그 모듈의 시험이 빨개지는지 세어요.

    python quality/mutants.py              모두 (2코어에서 한 시간쯤)
    python quality/mutants.py layers conv  이 모듈만. player는 웹 페이지의 플레이어예요(만들어진 책이 있어야 해요)
    python quality/mutants.py --fresh …    지난번에 죽은 것까지 처음부터 다시 (그냥 부르면 살아남은 것만 다시)

변이는 mutmut이 만들어요: 연산자, 비교, 수, 인자, 대입을 하나씩 바꾼 것이에요. 파이썬 파일은 함수와 메서드 안만 바꿔요
(모듈과 클래스의 상수, property와 다른 장식이 붙은 함수는 바꾸지 않아요). 오류 문장의 글은 세지 않아요: raise로 시작하는
식, 한글이 든 문자열, 검사 함수(check_…, report)에 주는 이름. 그 글이 맞는지는 사람이 읽고 정할 일이라서예요.

시간이 다 된 변이(끝나지 않는 고리)는 죽은 것으로 쳐요. 살아남은 것 가운데 뜻이 같은 변이는 까닭과 함께
mutants.toml에 적어요. 결과는 quality/results/mutants.json에 적혀요.
95 %보다 적게 죽거나 까닭 없이 살아남은 것이 있으면 1로 끝나요.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from player_mutants import BUGS
from player_mutants import TESTS as PLAYER_TESTS

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "mutants"
RESULTS = Path(__file__).resolve().parent / "results" / "mutants.json"
REASONS = Path(__file__).resolve().parent / "mutants.toml"
BOUND = 0.95
# 모듈 → 함께 부르는 시험. 적지 않은 모듈은 제 이름의 시험 하나예요.
TESTS: dict[str, list[str]] = {
    "params": ["params", "layers"],
    "activations": ["activations"],
    "layers": ["layers", "init"],
    "losses": ["losses"],
    "optim": ["optim"],
    "gradcheck": ["gradcheck"],
    "conv": ["conv"],
    "recurrent": ["recurrent"],
    "exercises": ["exercises"],
    "init": ["init"],
    "regularize": ["regularize"],
    "graph": ["graph"],
    "train": ["train"],
    "ledger": ["ledger"],
    "schedules": ["schedules"],
    "saving": ["saving"],
    "mistakes": ["mistakes"],
    "alignment": ["alignment"],
    "ensemble": ["ensemble"],
    "explain": ["explain"],
    "quantize": ["quantize"],
    "text": ["text"],
    "_checks": ["checks"],
}
HANGUL = re.compile("[가-힣]")
PYTEST = "[tool.pytest.ini_options]"
# 시험을 한 프로세스에서 여러 번 부르면 pytest가 이름의 ′를 두 번 바꿔 적어, 그 시험을 찾지 못해요
SAME_NAMES = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support = true"
PATIENT = "set_default_timeout(120_000)"
KILLED, SURVIVED, NO_TESTS, TIMED_OUT = 1, 0, 33, (-24, 24, 36, 152)  # mutmut이 적는 끝난 상태
NOT_RUN = 35
EXPECTED = (KILLED, SURVIVED, NO_TESTS, *TIMED_OUT)
WORKERS = os.cpu_count() or 1
PATIENCE = 10  # 새 프로세스의 시험이, 바꾸지 않은 코드보다 이만큼 곱절로 오래 걸리면 끝나지 않는 고리예요
CHECKS = re.compile(r"_?check(_\w+)?|report|as_numbers")


# ── 변이 만들기: mutmut이 글을 바꾸지 않게 해요 ──


def is_text(node: Any) -> bool:
    """한글이 든 문자열인가. 사람에게 보이는 글이에요."""
    import libcst as cst

    return isinstance(node, cst.SimpleString | cst.FormattedString | cst.ConcatenatedString) and bool(
        HANGUL.search(cst.Module([]).code_for_node(node))
    )


def labels(call: Any) -> list[Any]:
    """검사 함수에 주는, 오류 문장에만 쓰이는 이름들: 누가(who), 무엇이(what)."""
    import libcst as cst

    if not (isinstance(call.func, cst.Name) and CHECKS.fullmatch(call.func.value)):
        return []
    strings = cst.SimpleString | cst.FormattedString
    values = [argument.value for argument in call.args[:2]]
    return [v for v in values if isinstance(v, strings) or (isinstance(v, cst.Name) and v.value == "who")]


def without_text(operator: Callable[[Any], Iterable[Any]]) -> Callable[[Any], Iterator[Any]]:
    """mutmut의 연산자에서, 사람에게 보이는 글만 바꾸는 변이를 빼요."""
    import libcst as cst

    def mutated(node: Any) -> Iterator[Any]:
        if is_text(node):
            return
        for new in operator(node):
            if isinstance(node, cst.Call) and isinstance(new, cst.Call):
                kept = {id(argument.value) for argument in new.args}
                gone = [argument.value for argument in node.args if id(argument.value) not in kept]
                skipped = [*labels(node), *filter(is_text, gone)]
                if any(value is text for value in gone for text in skipped):
                    continue
            yield new

    return mutated


def mutate(arguments: list[str]) -> None:
    """mutmut을 글을 바꾸지 않는 연산자로 불러요. 제 프로세스에서, 작업 폴더에서 불려요."""
    from mutmut.__main__ import cli
    from mutmut.mutation import file_mutation, mutators
    from mutmut.runners import harness

    mutators.mutation_operators[:] = [(kind, without_text(op)) for kind, op in mutators.mutation_operators]
    visitor: Any = file_mutation.MutationVisitor
    skip = visitor._skip_node_and_children

    def skip_labels(self: Any, node: Any) -> bool:
        import libcst as cst

        self.labels = getattr(self, "labels", set())
        if isinstance(node, cst.Call):
            self.labels |= {id(label) for label in labels(node)}
        return isinstance(node, cst.Raise) or id(node) in self.labels or skip(self, node)

    visitor._skip_node_and_children = skip_labels
    run_tests = harness.PytestRunner.run_tests

    def run_or_tell(self: Any, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        try:
            return run_tests(self, mutant_name=mutant_name, tests=tests)
        except harness.BadTestExecutionCommandsException:
            if mutant_name is None:
                raise
            return NOT_RUN  # 그냥 두면 끝난 상태가 1이라, 시험하지 못한 것을 죽은 것으로 세요

    runner: Any = harness.PytestRunner
    runner.run_tests = run_or_tell
    cli(arguments)


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


# ── 파이썬 모듈 하나 ──


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

    @property
    def share(self) -> float:
        return 1 - len(self.survivors) / self.total


def prepare(name: str, fresh: bool) -> Path:
    """mutmut이 일할 폴더: bplib과 시험의 사본, 그리고 이 모듈만 바꾸라는 설정."""
    folder = WORK / name
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    old_files = shutil.ignore_patterns("__pycache__")
    for part in ("bplib", "tests"):
        shutil.rmtree(folder / part, ignore_errors=True)
        shutil.copytree(ROOT / part, folder / part, ignore=old_files)
    tests = [f"tests/test_{test}.py" for test in TESTS[name]]
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace(PYTEST, f"{PYTEST}\n{SAME_NAMES}")
    assert SAME_NAMES in config
    config += f"""
[tool.mutmut]
source_paths = ["bplib"]
only_mutate = ["{place(name)}"]
pytest_add_cli_args_test_selection = {json.dumps(tests)}
pytest_add_cli_args = ["-p", "no:nbval"]
timeout_multiplier = 30.0
track_dependencies = false
use_git_change_detection = false
"""
    (folder / "pyproject.toml").write_text(config, encoding="utf-8")
    return folder


def place(name: str) -> str:
    """모듈의 이름이 있는 자리: "layers" → "bplib/layers.py", "mistakes" → "bplib/lab/mistakes.py"."""
    return next(ROOT.glob(f"bplib/**/{name}.py")).relative_to(ROOT).as_posix()


def inside(folder: Path, *arguments: str) -> str:
    """작업 폴더에서 이 파일을 --mutmut이나 --diffs로 부르고, 그 말을 돌려줘요."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{folder.name}: mutmut이 멈췄어요. 위에 적힌 내용을 봐 주세요.")
    return done.stdout


def print_diffs(mutants: list[str]) -> None:
    """변이마다 "함수: 옛 줄 → 새 줄"을 한 줄에 하나씩. 제 프로세스에서, 작업 폴더에서 불려요."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    for mutant in mutants:
        lines = [line for line in get_diff_for_mutant(mutant).splitlines() if line[:3] not in ("---", "+++")]
        old, new = (" ".join(line[1:].strip() for line in lines if line[0] == mark) for mark in "-+")
        print(f"{function_name(mutant)}: {old} → {new}")


def function_name(mutant: str) -> str:
    """bplib.layers.xǁLinearǁforward__mutmut_3 → Linear.forward."""
    name = mutant.rpartition(".")[2].rpartition("__mutmut_")[0]
    return name.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")


def read_codes(folder: Path, name: str) -> dict[str, int | None]:
    """mutmut이 적은 {변이: 시험이 끝난 상태}."""
    meta = folder / "mutants" / f"{place(name)}.meta"
    return json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]


def forget_survivors(folder: Path, name: str) -> None:
    """지난번에 살아남은 것을 다시 하게 해요. 시험을 더했을 수 있으니까요."""
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    meta = folder / "mutants" / f"{place(name)}.meta"
    if meta.exists():
        saved = json.loads(meta.read_text(encoding="utf-8"))
        codes = saved["exit_code_by_key"]
        saved["exit_code_by_key"] = {key: code if code == KILLED else None for key, code in codes.items()}
        meta.write_text(json.dumps(saved), encoding="utf-8")


def again(folder: Path, name: str, mutant: str, patience: float | None = None) -> str:
    """새 프로세스에서 다시: "killed", "survived", "timeout".

    mutmut은 시험 파일을 한 번만 읽어서 읽을 때 불리는 코드의 변이를 놓치고, 바쁜 컴퓨터에서는 시간이 일찍 다 돼요.
    """
    tests = [f"tests/test_{test}.py" for test in TESTS[name]]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:nbval", "--rootdir=.", *tests]
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command,
            cwd=folder / "mutants",
            env={**os.environ, "MUTANT_UNDER_TEST": mutant},
            stdout=quiet,
            stderr=quiet,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return "killed" if done.returncode else "survived"


def score_module(name: str, fresh: bool, rows: list[dict[str, Any]]) -> Score:
    """모듈 하나의 변이를 모두 시험해요."""
    folder = prepare(name, fresh)
    forget_survivors(folder, name)
    inside(folder, "--mutmut", "run", "--max-children", str(WORKERS))
    codes = read_codes(folder, name)
    strange = {mutant: code for mutant, code in codes.items() if code not in EXPECTED}
    if strange:
        sys.exit(f"시험이 뜻밖의 상태로 끝났어요: {strange}. {folder}를 지우고 다시 해 주세요.")
    doubtful = [mutant for mutant, code in sorted(codes.items()) if code != KILLED]
    texts = inside(folder, "--diffs", *doubtful).splitlines() if doubtful else []

    start = time.monotonic()
    if again(folder, name, "") != "survived":
        sys.exit(f"{name}: 코드를 바꾸지 않았는데 시험이 실패했어요. `run.py test --only unit`을 봐 주세요.")
    patience = PATIENCE * max(time.monotonic() - start, 3.0)

    def verdict(mutant: str, text: str) -> str:
        known = codes[mutant] == SURVIVED and reason(rows, name, text) is not None
        return "survived" if known else again(folder, name, mutant, patience)

    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = list(pool.map(verdict, doubtful, texts))
    survivors = [text for text, word in zip(texts, verdicts, strict=True) if word == "survived"]
    timeout = verdicts.count("timeout")
    return Score(name, len(codes) - timeout - len(survivors), timeout, survivors)


# ── 플레이어 ──


def copy_site(folder: Path) -> None:
    """브라우저 시험이 도는 만큼의 저장소와, 만들어진 책의 사본."""
    if not (ROOT / "_build" / "html" / "index.html").is_file():
        sys.exit("만들어진 책이 없어요. `python3 run.py book --no-serve`를 먼저 실행해 주세요.")
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("book", "bplib", "tests", "chapters"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("run.py", "pyproject.toml", "_toc.yml"):
        shutil.copy(ROOT / part, folder / part)
    # 바쁜 컴퓨터에서 느린 것을 찾은 것으로 잘못 세지 않게, 쪽을 더 오래 기다려요
    conftest = folder / "tests" / "browser" / "conftest.py"
    patient = conftest.read_text(encoding="utf-8").replace("set_default_timeout(15_000)", PATIENT)
    assert PATIENT in patient
    conftest.write_text(patient, encoding="utf-8")
    big = shutil.ignore_patterns("*.pdf", "*.zip")
    shutil.copytree(ROOT / "_build" / "html", folder / "_build" / "html", ignore=big)


def browser_tests_pass(folder: Path, player: str, which: str = PLAYER_TESTS) -> bool:
    """이 플레이어로 실제 브라우저의 시험을 해요."""
    for place in ("book/player.js", "_build/html/_static/player.js"):
        (folder / place).write_text(player, encoding="utf-8")
    tests = ["tests/browser/test_experiments.py", "-k", which]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", *tests],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode not in (0, 1) or "브라우저를 열지 못했어요" in done.stdout:
        sys.exit(f"{done.stdout}\n브라우저 시험을 하지 못했어요. 위에 적힌 내용을 봐 주세요.")
    return not done.returncode


def score_player() -> Score:
    """플레이어에 버그를 하나씩 심어요. 먼저 버그 없이 모두 통과하는지 봐요."""
    folder = WORK / "player"
    copy_site(folder)
    player = (ROOT / "book" / "player.js").read_text(encoding="utf-8")
    bugs = [(first, *bug) for first, group in BUGS.items() for bug in group]
    for _, what, old, _ in bugs:
        if player.count(old) != 1:
            sys.exit(f"{what}: player.js에 {old!r}이 {player.count(old)}번 있어요. 꼭 한 번이어야 해요.")
    if not browser_tests_pass(folder, player):
        sys.exit("버그를 심지 않았는데 브라우저 시험이 실패했어요. `run.py test --only browser`를 봐 주세요.")
    score = Score("player")
    for first, what, old, new in bugs:
        wrong = player.replace(old, new)
        if browser_tests_pass(folder, wrong, first) and browser_tests_pass(folder, wrong):
            score.survivors.append(what)
        else:
            score.killed += 1
        print(f"  {what}: {'살아남음' if what in score.survivors else '죽음'}", flush=True)
    return score


# ── 표 ──


def report(score: Score, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """한 줄을 보이고, 적어 둘 셈을 돌려줘요."""
    print(
        f"{score.name:<12}{score.total:>6}{score.killed:>6}{score.timeout:>6}{len(score.survivors):>6}"
        f"{score.share:>8.1%}",
        flush=True,
    )
    whys = [reason(rows, score.name, mutant) for mutant in score.survivors]
    left = [mutant for mutant, why in zip(score.survivors, whys, strict=True) if why is None]
    for mutant in left:
        print(f"  까닭 없이 살아남음 {mutant}")
    return {
        "mutants": score.total,
        "killed": score.killed,
        "timeout": score.timeout,
        "survived": len(score.survivors),
        "explained": dict(Counter(filter(None, whys))),
        "unexplained": left,
    }


def write_results(name: str, row: dict[str, Any]) -> None:
    """이 이름의 셈만 새로 적어요. 다른 것은 지난번의 것이 남아요."""
    RESULTS.parent.mkdir(exist_ok=True)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    results[name] = row
    text = json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="모듈의 이름이나 player")
    parser.add_argument("--fresh", action="store_true", help="지난번에 죽은 변이도 다시")
    args = parser.parse_args()
    unknown = sorted(set(args.parts) - {*TESTS, "player"})
    if unknown:
        sys.exit(f"{', '.join(unknown)}: 모르는 이름이에요. 있는 것: {', '.join([*TESTS, 'player'])}")
    rows = read_reasons()
    print(f"{'':<12}{'변이':>4}{'죽음':>4}{'시간':>4}{'생존':>4}")
    done = []
    for name in args.parts or [*TESTS, "player"]:
        score = score_player() if name == "player" else score_module(name, args.fresh, rows)
        done.append(report(score, rows))
        write_results(name, done[-1])
    total, alive = (sum(row[key] for row in done) for key in ("mutants", "survived"))
    left = sum(len(row["unexplained"]) for row in done)
    print(f"모두 {total}개 가운데 {1 - alive / total:.1%}가 죽었어요. 까닭 없이 살아남은 것: {left}개")
    if left or 1 - alive / total < BOUND:
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--mutmut"]:
        mutate(sys.argv[2:])
    elif sys.argv[1:2] == ["--diffs"]:
        print_diffs(sys.argv[2:])
    else:
        main()
