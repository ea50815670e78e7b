#!/usr/bin/env python3
"""bplib의 한 걸음을 다른 도구와 나란히 재요. 표를 보이고 bplib/data/benchmarks.json에 적어요.

    python benchmarks/speed.py                 모두 (2코어에서 6분 안쪽)
    python benchmarks/speed.py steps           한 걸음만. 다른 부분: two(실 둘), growth(커질 때), startup(켜는 시간)
    python benchmarks/speed.py --quick         훑어보기: 적게 재고, 적지 않아요
    python benchmarks/speed.py --anyway        바쁜 컴퓨터에서도 재요 (적지 않아요)

도구: bplib, 손으로 쓴 NumPy, 행렬 곱만(더 빠를 수 없는 아래쪽 끝), PyTorch(즉시 실행의 세 구현과 torch.compile),
JAX jit, scikit-learn, HIPS autograd, micrograd. 없는 도구는 이름을 알려 줘요. 모두
`pip install -r requirements/bench.txt`로 설치돼요(torch.compile에는 C++ 컴파일러도 있어야 해요).

재기 전에 모든 도구가 같은 출발점에서 몇 걸음 걸어, 손실과 매개변수가 같은지 봐요. 다르면 재지 않고 멈춰요. 도구마다 제
프로세스에서 번갈아 재기를, 프로세스를 새로 켜 가며 세 번 해서 가운데 값과 흔들린 폭을 적어요. 실은 하나예요. 다른 일로
바쁘면 재지 않고 멈추고, 재는 동안 남이 끼어든 줄은 다시 재요.
"""

import argparse
import importlib.metadata
import json
import multiprocessing
import os
import platform
import signal
import sys
import time
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import growth
import startup
from peers.bench import (
    COMPILED,
    DISTURBED,
    HAND,
    JAX,
    OURS,
    PEERS,
    PRODUCTS,
    TORCH,
    Bench,
    Others,
    settings,
    together,
)
from peers.work import LR, WORKS

TABLE = Path(__file__).resolve().parent.parent / "bplib" / "data" / "benchmarks.json"
PACKAGES = ("numpy", "torch", "jax", "scikit-learn", "autograd", "micrograd")
DTYPES = ("float32", "float64")
PASSES = 3  # 도구의 프로세스를 새로 켜는 횟수
# 설계의 한도: bplib ÷ 도구. PyTorch는 즉시 실행의 가장 빠른 것, float32와 SGD, 실 하나
TORCH_BOUNDS = {"tiny": 0.2, "small": 0.35, "wide": 0.75, "deep": 0.35, "cnn": 0.9, "gru": 0.7}
TWO_BOUNDS = {"cnn": 1.1}  # 실 둘
JAX_BOUNDS = {**dict.fromkeys(WORKS, 1.1), "gru": 1.5}
COMPILED_BOUNDS = {"wide": 1.1, "deep": 1.1}
HAND_BOUND = 1.0  # 어느 일감, 자료형, 고치기에서나
PRODUCT_BOUNDS = {"SGD": 1.2, "Adam": 1.3}  # 784-512-256-10이 행렬 곱만의 몇 배까지
SLOPE_SLACK = 0.05  # 커지는 빠르기(지수)를 견줄 때 봐주는 재기의 흔들림
# 바이트. 파이썬이 다시 쓰려고 남겨 둔 튜플 몇 개까지. 걸음마다 1바이트가 새면 십만이 늘어요
LEAK_BOUND = 1000
IMPORT_BOUND, EXPERIMENT_BOUND = 0.030, 2.0  # 초


def significant(value: float, digits: int = 4) -> float:
    return float(f"{value:.{digits}g}")


def rounded(value: Any) -> Any:
    """표에 적을 만큼만 남겨요."""
    if isinstance(value, dict):
        return {key: rounded(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [rounded(inside) for inside in value]
    return significant(value) if isinstance(value, float) else value


def pad(text: str, width: int, right: bool = False) -> str:
    """한글은 두 칸이에요."""
    gap = " " * (width - sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text))
    return gap + text if right else text + gap


# ── 한 걸음 ──────────────────────────────────────────────────────────────────


Row = dict[str, Any]


def measured(labels: list[Row], quick: bool) -> dict[str, Any]:
    """줄마다(일감, 자료형, 고치기, 실) 모든 도구를. 도구의 프로세스를 PASSES번 새로 켜요."""
    threads = labels[0]["threads"]
    rounds, block = (2, 0.01) if quick else (3, 0.02)
    passes, missing = [], {}
    for _ in range(1 if quick else PASSES):
        with settings(threads), Bench(rest=0.05 if threads > 1 else 0.0) as bench:
            missing = bench.missing
            passes.append(
                [bench.compare(r["work"], r["dtype"], r["optimizer"], rounds, block) for r in labels]
            )
    rows = [
        {**label, **together(list(each))}
        for label, each in zip(labels, zip(*passes, strict=True), strict=True)
    ]
    for dtype, optimizer in dict.fromkeys((row["dtype"], row["optimizer"]) for row in rows):
        print_steps([row for row in rows if (row["dtype"], row["optimizer"]) == (dtype, optimizer)])
    print_missing(missing)
    return {"rows": rows, "missing": missing}


def steps(quick: bool) -> dict[str, Any]:
    """실 하나: 일감 × 자료형 × 고치기."""
    kinds = [(dtype, optimizer, work) for dtype in DTYPES for optimizer in LR for work in WORKS]
    return measured([{"work": w, "dtype": d, "optimizer": o, "threads": 1} for d, o, w in kinds], quick)


def two(quick: bool) -> dict[str, Any]:
    """실 둘: 일감마다 float32와 SGD로만."""
    return measured([{"work": w, "dtype": "float32", "optimizer": "SGD", "threads": 2} for w in WORKS], quick)


def print_steps(rows: list[dict[str, Any]]) -> None:
    """도구가 행, 일감이 열인 표: 한 걸음의 마이크로초와, bplib의 시간을 그것으로 나눈 비."""
    first = rows[0]
    print(f"\n{first['dtype']}, {first['optimizer']}, 실 {first['threads']}개: 한 걸음 µs (bplib은 그 몇 배)")
    print(pad("", 17) + "".join(pad(WORKS[row["work"]].name, 19, right=True) for row in rows))
    for name in (peer.name for peer in PEERS if any(peer.name in row["times"] for row in rows)):
        cells = []
        for row in rows:
            if name in row["times"]:
                cells.append(f"{1e6 * row['times'][name]:.4g} ({row['ratios'][name]:.3g})")
            else:
                cells.append("해당 없음")
        print(pad(name, 17) + "".join(pad(cell, 19, right=True) for cell in cells), flush=True)


def print_missing(missing: dict[str, str]) -> None:
    for name, why in missing.items():
        print(f"재지 못한 도구: {name} ({why}). pip install -r requirements/bench.txt")


Verdict = tuple[str, float, float]  # (무엇, 잰 값, 한도)


def step_verdicts(part: dict[str, Any]) -> list[Verdict]:
    """실 하나의 한도. 설치되지 않은 도구와 견줄 것은 빠져요."""
    rows = part["rows"]
    plain = {r["work"]: r for r in rows if (r["dtype"], r["optimizer"]) == ("float32", "SGD")}
    found = [verdict for work, row in plain.items() for verdict in against_torch(row, TORCH_BOUNDS[work])]
    for tool, bounds in ((JAX, JAX_BOUNDS), (COMPILED, COMPILED_BOUNDS)):
        for work, bound in bounds.items():
            if tool in plain[work]["ratios"]:
                found.append((f"{WORKS[work].name}: ÷ {tool}", plain[work]["ratios"][tool], bound))
    for work, shown in WORKS.items():
        worst = max(row["ratios"][HAND] for row in rows if row["work"] == work)
        found.append((f"{shown.name}: ÷ {HAND}, 넷 가운데 가장 큰 것", worst, HAND_BOUND))
    for row in rows:
        if row["work"] == "wide" and row["dtype"] == "float32":
            what = f"{WORKS['wide'].name}, {row['optimizer']}: ÷ {PRODUCTS}"
            found.append((what, row["ratios"][PRODUCTS], PRODUCT_BOUNDS[row["optimizer"]]))
    return found


def two_verdicts(part: dict[str, Any]) -> list[Verdict]:
    """실 둘의 한도."""
    rows = [row for row in part["rows"] if row["work"] in TWO_BOUNDS]
    return [verdict for row in rows for verdict in against_torch(row, TWO_BOUNDS[row["work"]])]


def against_torch(row: Row, bound: float) -> list[Verdict]:
    """즉시 실행의 세 구현 가운데 가장 빠른 것과."""
    ratios = [row["ratios"][name] for name in TORCH if name in row["ratios"]]
    threads = ", 실 둘" if row["threads"] == 2 else ""
    what = f"{WORKS[row['work']].name}{threads}: ÷ PyTorch의 가장 빠른 것"
    return [(what, max(ratios), bound)] if ratios else []


# ── 커질 때, 켤 때 ───────────────────────────────────────────────────────────


def grow(quick: bool) -> dict[str, Any]:
    """실 하나로 정한 새 프로세스에서 재요."""
    spawn = multiprocessing.get_context("spawn")
    with settings(1), ProcessPoolExecutor(1, mp_context=spawn) as pool:
        found = pool.submit(growth.measure, quick).result()
    for title, key in (("깊이", "depth"), ("폭", "width")):
        print(f"\n{title}에 따라: 한 걸음 µs와 KB")
        print(pad(title, 8) + "".join(pad(t, 14, right=True) for t in (OURS, PRODUCTS, "쥔 것", "잠깐")))
        part = found[key]
        for size, *times, held, extra in zip(
            part["size"], part["bplib"], part["products"], part["held"], part["extra"], strict=True
        ):
            cells = [f"{1e6 * t:.4g}" for t in times] + [f"{held / 1024:,.0f}", f"{extra / 1024:,.0f}"]
            print(pad(str(size), 8) + "".join(pad(cell, 14, right=True) for cell in cells))
        print(
            pad("지수", 8) + "".join(pad(f"{value:.2f}", 14, right=True) for value in part["slope"].values())
        )
    for row in found["leak"]["rows"]:
        print(
            f"{row['steps']:,}걸음 뒤: 쥔 것 {row['held']:,} 바이트, 한 걸음에 잠깐 {row['extra']:,} 바이트"
        )
    return found


def start(quick: bool) -> dict[str, Any]:
    """켜는 시간."""
    found = startup.measure(quick)
    print(f"\nimport bplib (numpy 다음): {1000 * found['import']:.1f} ms")
    print(f"커널이 켜질 때까지 {found['kernel']:.2f}초, 거기서 첫 실험까지 {found['experiment']:.2f}초")
    return found


def growth_verdicts(part: dict[str, Any]) -> list[Verdict]:
    found = []
    for title, key in (("깊이", "depth"), ("폭", "width")):
        slope = part[key]["slope"]
        found.append((f"{title}의 지수", slope["bplib"], slope["products"] + SLOPE_SLACK))
    first, *_, last = part["leak"]["rows"]
    for title, key in (("쥐고 있는", "held"), ("한 걸음에 잠깐 쓰는", "extra")):
        found.append((f"십만 걸음을 걷는 동안 늘어난 {title} 바이트", last[key] - first[key], LEAK_BOUND))
    return found


def startup_verdicts(part: dict[str, Any]) -> list[Verdict]:
    return [
        ("import bplib (초)", part["import"], IMPORT_BOUND),
        ("막 켠 커널의 첫 실험 (초)", part["experiment"], EXPERIMENT_BOUND),
    ]


def machine() -> dict[str, Any]:
    """어디에서 쟀나: 이름과 판만. 자리나 컴퓨터의 이름은 적지 않아요."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "없음"
    return {
        "cpu": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": versions,
    }


PARTS = {
    "steps": (steps, step_verdicts),
    "two": (two, two_verdicts),
    "growth": (grow, growth_verdicts),
    "startup": (start, startup_verdicts),
}


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="부분", help=f"{', '.join(PARTS)} (없으면 모두)")
    parser.add_argument("--quick", action="store_true", help="훑어보기: 적게 재고, 적지 않아요")
    parser.add_argument("--anyway", action="store_true", help="바쁜 컴퓨터에서도 재요. 적지 않아요")
    args = parser.parse_args(argv)
    if not set(args.parts) <= set(PARTS):
        parser.error(f"부분은 {', '.join(PARTS)} 가운데에서 고르세요: {args.parts}")
    return args


def neighbours(seconds: float = 3.0) -> float:
    """가만히 있는 동안 남이 쓰는 코어."""
    with Others() as others:
        time.sleep(seconds)
    return others.cores


def main() -> int:
    args = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # 밖에서 멈춰도 도구의 프로세스를 거두고 끝나요
    kept = not (args.quick or args.anyway)
    if kept and (cores := neighbours()) > DISTURBED:
        print(
            f"컴퓨터가 바빠요: 다른 일이 코어 {cores:.2f}개를 쓰고 있어서(한도 {DISTURBED}) 재지 않았어요. "
            "다른 일을 멈추고 다시 실행하거나, 적지 않고 보기만 하려면 --anyway를 붙여 주세요."
        )
        return 1
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.is_file() and kept else {}
    table["machine"] = rounded(machine())
    for name in args.parts or PARTS:
        begin = time.perf_counter()
        table[name] = rounded(PARTS[name][0](args.quick))
        print(f"({name}: {time.perf_counter() - begin:.0f}초)", flush=True)
    verdicts = [
        {"what": what, "value": significant(value), "bound": significant(bound)}
        for name, (_, judge) in PARTS.items()
        if name in table
        for what, value, bound in judge(table[name])
    ]
    table["bounds"] = verdicts
    if kept:
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n한도")
    over = [verdict for verdict in verdicts if verdict["value"] > verdict["bound"]]
    for verdict in verdicts:
        kept = "넘었어요" if verdict in over else "지켰어요"
        print(pad(verdict["what"], 52) + f"{verdict['value']:>10.3g} ≤ {verdict['bound']:<8.3g}{kept}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
