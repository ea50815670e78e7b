"""장의 문장이 이 컴퓨터의 반올림에만 맞는 말이 아닌지: 주장의 작은 판을 다른 BLAS 커널과 NumPy의 다른 명령으로 돌려요.

행렬 곱은 커널마다, tanh와 exp는 명령의 폭마다 마지막 자리가 다르고, 몇백 걸음을 배우면 씨앗 하나하나의 결과가 달라져요.
그래도 문장은 참이어야 해요. 새 주장은 CLAIMS에 {이름: 문장이 참인지 돌려주는 함수}로 더해요.
모두 합쳐 몇 초 안에 끝나야 해요.
"""

import ast
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from scripts import ROOT, load_script

from bplib import BatchNorm, Linear, ReLU, Residual, RMSNorm, Sequential, cosine, he, normal
from bplib.lab.counts import wilson

# 커널은 좁은 것부터. 지금 것과 다른 첫째를 써요
KERNELS = {"x86_64": ("Haswell", "Sandybridge"), "aarch64": ("ARMV8", "NEOVERSEN1")}
# NumPy의 tanh와 exp가 골라 쓰는 넓은 명령. 이 CPU에 없는 것을 끄라고 하면 경고가 나와요
WIDE = " ".join(name for name in __cpu_dispatch__ if __cpu_features__[name])
GRID, XOR, SLIPS = (load_script(f"studies/{name}.py") for name in ("depth_grid", "xor_seeds", "xor_slips"))


def growth(*, init=he, norm=False, before=False, residual=False, depth=50, width=64):
    """배우기 전의 ReLU 신경망을 다 거스른 기울기가 맨 위의 몇 배인가."""
    rng, blocks = np.random.default_rng(12), []
    for _ in range(depth):
        inside = [Linear(width, width, rng=rng, init=init), *([BatchNorm(width)] if norm else []), ReLU()]
        inside = [RMSNorm(width), *inside] if before else inside
        blocks += [Residual(*inside)] if residual else inside
    net = Sequential(*blocks)
    x, delta = np.random.default_rng(0).standard_normal((2, width, width))
    net.forward(x)
    return float(np.linalg.norm(net.backward(delta, input_grad=True)) / np.linalg.norm(delta))


def learned(key: str, depth: int, lr: float, seeds: int) -> int:
    """씨앗 가운데 배운 것의 수. 표를 만든 씨앗과 다른 씨앗이에요."""
    return GRID.learned([GRID.one_run(key, depth, lr, seed) for seed in range(500, 500 + seeds)])


def borrowed(page: str, *wanted: str) -> dict[str, Any]:
    """장의 코드에서 import와, wanted에 있는 이름을 만드는 문장만 차례로 실행해 모아요."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(ROOT / "chapters" / f"{page}.ipynb", as_version=4).cells:
        for node in ast.parse(cell.source).body if cell.cell_type == "code" else ():
            targets = [n for target in getattr(node, "targets", []) for n in ast.walk(target)]
            made = {getattr(node, "name", ""), *(getattr(n, "id", "") for n in targets)}
            if isinstance(node, ast.Import | ast.ImportFrom) or made & set(wanted):
                exec(compile(ast.Module([node], []), page, "exec"), names)
    return names


def stuck(lr: float, momentum: float, hidden: int = 2) -> set[int]:
    """2,500걸음 안에 XOR을 배우지 못한 씨앗. 표의 1,000개와 다른 150개예요."""
    done = XOR.Run(range(2000, 2150), lr, momentum, hidden).walk(2500).done
    return {seed for seed, step in done.items() if step < 0}


def momentum_finds_no_key() -> bool:
    """보폭이 비슷한 η = 10의 보통에 견주면, 갇힌 것의 대부분이 그대로 갇히고 풀려난 몫의 구간이 ½을 품어요."""
    without, with_it = stuck(10.0, 0.0), stuck(1.0, 0.9)
    low, high = wilson(len(without - with_it), len(without ^ with_it))
    return len(without & with_it) > 0.7 * len(without) and low < 0.5 < high


def only_a_slow_warmup_saves() -> bool:
    """η = 0.4에 그냥 걸으면 더러, 서둘러 키우면 거의 다 발산하고, 400걸음에 걸쳐 키우면 모두 배워요."""
    survivors = borrowed("11-momentum", "survivors", "tanh_net")["survivors"]
    plain, hasty, slow = (survivors(0.4, climb, seeds=14) for climb in (0, 50, 400))
    return hasty < plain < slow == 14


def cosine_gains_little() -> bool:
    """학습 손실은 일정한 0.4보다 낮지만, 새 점의 손실의 차는 0.015보다 작아요."""
    learn = borrowed("11-momentum", "learn", "noisy_rings", "EPOCHS")["learn"]
    schedules = cosine(2.0, total=800), lambda t: 0.4
    ends = np.array([[learn(schedule, seed)[-1] for seed in range(100, 106)] for schedule in schedules])
    train, new = (ends[0] - ends[1]).mean(axis=0)
    return train < -0.005 and abs(new) < 0.015


def slips_learn_too() -> bool:
    """실수 없는 코드도 다 배우지는 못하고, 고친 W²로 되돌아와도 그만큼 배우고, f′을 빼면 배우지 못해요."""
    names = ("실수 없음", "updated_on_the_way", "missing_slope")
    right, updated, broken = (sum(SLIPS.learns(name, seed) for seed in range(100, 108)) for name in names)
    return 1 < right < 8 and abs(right - updated) <= 1 and broken == 0


CLAIMS: dict[str, Callable[[], bool]] = {
    "12: He 50층의 배율은 1 둘레": lambda: 0.1 < growth() < 10,
    "12: 배치 정규화는 초기화가 무엇이든 50층에 천 배 넘게 키운다": lambda: all(
        1e3 < growth(init=init, norm=True) < 1e5 for init in (normal(0.1), he, normal(1.0))
    ),
    "12: 앞 RMS 정규화와 잔차는 어느 초기화에서든 50층에 백 배 아래": lambda: all(
        1 < growth(init=init, before=True, residual=True) < 100 for init in (normal(0.1), he, normal(1.0))
    ),
    "12: 나쁜 초기화 10층은 배치 정규화가 있어야 배운다": lambda: (
        learned("relu_small", 10, 0.03, 4) == 0 and learned("relu_small_norm", 10, 0.03, 4) == 4
    ),
    "12: 잔차만 넣은 30층은 못 배우고 앞 RMS 정규화를 더하면 배운다": lambda: (
        learned("relu_he_residual", 30, 0.03, 4) == 0 and learned("relu_he_rms_residual", 30, 0.03, 4) == 4
    ),
    "12: He 50층은 자르면 더 많이 배운다": lambda: (
        learned("relu_he_clip", 50, 0.03, 5) > learned("relu_he", 50, 0.03, 5)
    ),
    "11: 은닉 둘이면 넷에 하나쯤 갇히고, 넷이면 거의 갇히지 않는다": lambda: (
        22 <= len(stuck(1.0, 0.9)) <= 53 and len(stuck(1.0, 0.9, hidden=4)) <= 4
    ),
    "11: 모멘텀은 갇힌 씨앗을 골라 풀어 주지 않는다": momentum_finds_no_key,
    "11: 따뜻한 시작은 충분히 길어야 듣는다": only_a_slow_warmup_saves,
    "11: 코사인은 학습 손실을 낮추지만 새 점에서는 차가 작다": cosine_gains_little,
    "14: 틀린 코드도 실수 없는 코드만큼 배우기도 한다": slips_learn_too,
}


def rounding() -> str:
    """행렬 곱 하나의 비트. 더하는 차례가 다른 커널이면 달라져요."""
    left, right = np.random.default_rng(0).standard_normal((2, 150, 150))
    return hashlib.sha256((left @ right).tobytes()).hexdigest()


def under(kernel: str, what: str) -> dict[str, Any]:
    """이 파일을 그 커널로 실행해 답을 받아요. what이 빈 글이면 rounding만."""
    done = subprocess.run(
        [sys.executable, __file__, what],
        env={
            **os.environ,
            "OPENBLAS_CORETYPE": kernel,
            "NPY_DISABLE_CPU_FEATURES": WIDE,
            "PYTHONPATH": str(Path(__file__).parent),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_sentences_stand_under_another_blas_kernel() -> None:
    names = KERNELS[platform.machine()]
    others = [name for name in names if under(name, "")["rounding"] != rounding()]
    assert others, f"{names} 가운데 지금과 다르게 반올림하는 커널이 없어요"
    assert under(others[0], "claims")["claims"] == dict.fromkeys(CLAIMS, True)


if __name__ == "__main__":
    asked = CLAIMS if sys.argv[1] else {}
    claims = {name: bool(claim()) for name, claim in asked.items()}
    print(json.dumps({"rounding": rounding(), "claims": claims}, ensure_ascii=False))
