"""읽을거리: 학습 한 걸음을 따라가며 읽는 독자가 만나는 줄의 수. 세지 않으면 조금씩 늘어요."""

import inspect
import sys
from pathlib import Path
from types import CodeType, FrameType

import numpy as np

import bplib
from bplib import SGD, HalfSquaredError, Linear, Sequential, Sigmoid, fit, train

BPLIB = str(Path(bplib.__file__).parent)
STEP = train._Step.__call__.__code__
LIMIT = 200


def functions_of_a_step() -> set[CodeType]:
    """fit의 걸음 하나하나가 지나간 bplib의 함수. 처음 보는 모양을 층마다 검사하는 첫 걸음과 그다음 걸음을 모두 봐요."""
    rng = np.random.default_rng(0)
    net = Sequential(Linear(2, 3, rng=rng), Sigmoid(), Linear(3, 1, rng=rng), Sigmoid())
    x, y = rng.standard_normal((8, 2)), rng.standard_normal((8, 1))
    passed: set[CodeType] = set()
    inside = False

    def see(frame: FrameType, event: str, arg: object) -> None:
        nonlocal inside
        if frame.f_code is STEP and event in ("call", "return"):
            inside = event == "call"
        if inside and frame.f_code.co_filename.startswith(BPLIB):
            passed.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        fit(net, HalfSquaredError(), SGD(net.params(), 0.1), x, y, epochs=2, progress=False)
    finally:
        sys.setprofile(before)
    return passed


def test_one_training_step_is_short_to_read() -> None:
    lines = {code.co_qualname: len(inspect.getsourcelines(code)[0]) for code in functions_of_a_step()}
    must = {"Sequential.forward", "Linear._forward", "Sigmoid.function", "HalfSquaredError._forward"}
    must |= {"Loss.backward", "Linear._param_grads", "SGD.step", "_Step.__call__", "check_floats"}
    assert must <= lines.keys(), "따라가지 못한 함수가 있어요"
    print(f"한 걸음에 읽는 함수 {len(lines)}개, {sum(lines.values())}줄")
    assert sum(lines.values()) <= LIMIT, sorted(lines.items(), key=lambda pair: -pair[1])
