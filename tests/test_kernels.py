"""장의 문장이 이 컴퓨터의 행렬 곱에만 맞는 말이 아닌지: 주장의 작은 판을 다른 BLAS 커널로 돌려요.

커널마다 더하는 차례가 달라 마지막 자리가 다르고, 몇백 걸음을 배우면 씨앗 하나하나의 결과가 달라져요. 그래도 문장은
참이어야 해요. 새 주장은 CLAIMS에 {이름: 문장이 참인지 돌려주는 함수}로 더해요. 모두 합쳐 몇 초 안에 끝나야 해요.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scripts import load_script

from bplib import BatchNorm, Linear, ReLU, Residual, RMSNorm, Sequential, he, normal

# 커널은 좁은 것부터. 지금 것과 다른 첫째를 써요
KERNELS = {"x86_64": ("Haswell", "Sandybridge"), "aarch64": ("ARMV8", "NEOVERSEN1")}
GRID = load_script("studies/depth_grid.py")


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
}


def rounding() -> str:
    """행렬 곱 하나의 비트. 더하는 차례가 다른 커널이면 달라져요."""
    left, right = np.random.default_rng(0).standard_normal((2, 150, 150))
    return hashlib.sha256((left @ right).tobytes()).hexdigest()


def under(kernel: str, what: str) -> dict[str, Any]:
    """이 파일을 그 커널로 실행해 답을 받아요. what이 빈 글이면 rounding만."""
    done = subprocess.run(
        [sys.executable, __file__, what],
        env={**os.environ, "OPENBLAS_CORETYPE": kernel, "PYTHONPATH": str(Path(__file__).parent)},
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
