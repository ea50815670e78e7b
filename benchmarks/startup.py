"""켜는 데 걸리는 시간: import bplib, 그리고 막 켠 커널에서 첫 실험이 나올 때까지."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from queue import Empty
from typing import Any

from jupyter_client.manager import start_new_kernel

IMPORT = "import numpy, time; start = time.perf_counter(); import bplib; print(time.perf_counter() - start)"
EXPERIMENT = """
import numpy as np
from bplib.lab import plots
from bplib.lab.experiment import Slider, experiment

@experiment(w=Slider("가중치 w", np.linspace(-2, 2, 17), start=12))
def 직선(w):
    fig, ax = plots.axes(xlabel="x", ylabel="w x", xlim=(-1, 1), ylim=(-2, 2))
    ax.plot([-1, 1], [-w, w], color=plots.BLUE)
    return fig, f"w = {w:.2f}"

직선
"""


def ordinary(cache: str) -> dict[str, str]:
    """보통의 환경: 옮겨 놓은 바이트코드를 다시 써요. 저장소를 어지르지 않게 cache 폴더에 둬요."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": cache}


def import_seconds(env: dict[str, str]) -> float:
    """numpy를 이미 불러온 새 파이썬에서 import bplib이 더 쓰는 초."""
    done = subprocess.run([sys.executable, "-c", IMPORT], env=env, capture_output=True, text=True, check=True)
    return float(done.stdout)


def first_experiment(env: dict[str, str]) -> tuple[float, float]:
    """(커널이 켜질 때까지, 그 커널에서 실험이 나올 때까지)의 초."""
    begin = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3", env=env)
    ready = time.perf_counter()
    try:
        client.execute(EXPERIMENT)
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] in ("execute_result", "display_data"):
                return ready - begin, time.perf_counter() - ready
    except Empty as late:
        raise RuntimeError("실험이 1분 안에 나오지 않았어요.") from late
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def measure(quick: bool) -> dict[str, Any]:
    """가운데 값. 첫 번은 바이트코드를 옮기고 파일을 읽느라 느려서 빼요."""
    with tempfile.TemporaryDirectory() as cache:
        env = ordinary(cache)
        imports = [import_seconds(env) for _ in range(4 if quick else 21)][1:]
        kernels = [first_experiment(env) for _ in range(2 if quick else 6)][1:]
    return {
        "import": statistics.median(imports),
        "kernel": statistics.median(ready for ready, _ in kernels),
        "experiment": statistics.median(shown for _, shown in kernels),
    }
