"""나쁜 입력: 공개된 것마다 이상한 모양·자료형·수·글·물건을 넣어, 한국어로 말하는 오류만 나고 아무것도 바뀌지 않는지.

늘 하는 시험은 무작위로 조금씩이에요. ``BPLIB_DEEP=1``이면 정해 둔 나쁜 값을 하나도 빠짐없이 넣고, 무작위도 많이 해요.
커버리지를 따라가는 긴 퍼징은 ``python3 run.py fuzz``예요.
"""

import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import TABLE, Call, calls, fixed, how_many, promise_broken, shown
from hypothesis import HealthCheck, given, settings

from bplib.lab import reference

DEEP = os.environ.get("BPLIB_DEEP") == "1"
EXAMPLES = 500 if DEEP else 12

# 표에 없어도 되는 것과 그 까닭. 인자가 없는 것은 적지 않아도 돼요.
ABSTRACT = "뼈대예요. 이것을 이은 것들이 표에 있어요"
RECORD = "받은 값을 담아 두기만 해요"
INSIDE = "뼈대의 빈칸이에요. forward와 backward가 검사한 뒤에 불러요"
DRAWING = "matplotlib을 부르는 그리기 조각이에요. 틀린 것은 matplotlib이 말하고, 책을 지을 때 걸려요"
PROCESSES = "일꾼 프로세스가 있어야 해요. test_parallel.py가 봐요"
BOOKMAKING = "책을 짓는 쪽의 도구예요. 읽는 사람이 부르지 않아요"
EXCUSED = {
    "activations.Activation": ABSTRACT,
    "layers.Layer": ABSTRACT,
    "losses.Loss": ABSTRACT,
    "optim.Optimizer": ABSTRACT,
    "recurrent.Recurrent": ABSTRACT,
    "recurrent.Embedding.backward": "언제나 TypeError예요. test_recurrent.py가 봐요",
    "activations.*.function": INSIDE,
    "activations.*.derivative": INSIDE,
    "train.Epoch": RECORD,
    "datasets.Tune": RECORD,
    "datasets.Sentences": RECORD,
    "datasets.FixedSentences": RECORD,
    "ledger.Ledger": RECORD,
    "energy.Work": RECORD,
    "energy.Energy": RECORD,
    "exercises.Mistake": RECORD,
    "exercises.Verdict": RECORD,
    "exercises.several": "Exercise와 CodeExercise가 불러요",
    "code.Blank": RECORD,
    "code.CodeExercise.edited": "제 실수만 받아요",
    "judge.*": "CodeExercise와 쪽의 파이썬이 불러요",
    "bets.Bet": RECORD,
    "typed.Reading": RECORD,
    "scene.Frame": RECORD,
    "scene.drawn": "draw_frame과 show가 불러요",
    "picture.Picture": "show가 검사한 뒤에 만들어요",
    "mistakes.Slip": RECORD,
    "parallel.Part": RECORD,
    "worksheets.Worksheet": "worksheet가 만들어요",
    "worksheets.check_seed": "worksheet와 Ring이 불러요",
    "worksheets.paper": BOOKMAKING,
    "handouts.Ring": "씨앗은 TABLE이 보고, 나머지는 Worksheet와 같아요",
    "questions.*": "worksheet가 불러요",
    "nets.pack": BOOKMAKING,
    "controls.start": BOOKMAKING,
    "controls.positions": BOOKMAKING,
    "display.*": BOOKMAKING,
    "kernel.*": BOOKMAKING,
    "page.*": BOOKMAKING,
    "frames.*": BOOKMAKING,
    "reference.*": BOOKMAKING,
    "tune.Own": "독자가 누르는 조작판이에요. tests/test_tune.py가 봐요",
    "plots.*": DRAWING,
    "sound.roll": DRAWING,
    "parallel.cluster": PROCESSES,
}


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """save에 이상한 이름을 주면 정말 그 이름의 파일이 생기니, 빈 폴더에서 해요."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("hostile"))
    yield
    os.chdir(before)


def with_arguments() -> set[str]:
    """인자를 받는 공개된 것: "모듈.이름"과 "모듈.클래스.메서드"."""
    found = {}
    for module in reference.modules():
        short = reference.short(module.__name__)
        for name, thing in reference.public(module).items():
            if not (inspect.isclass(thing) and issubclass(thing, BaseException)):
                found[f"{short}.{name}"] = thing
            for key, member in reference.members(thing).items():
                if inspect.isfunction(member):
                    found[f"{short}.{name}.{key}"] = member
    return {name for name, thing in found.items() if set(inspect.signature(thing).parameters) - {"self"}}


def excused(name: str) -> bool:
    module, *_, last = name.split(".")
    owners = [name.rsplit(".", n)[0] for n in range(3)]
    return any(key in EXCUSED for key in (*owners, f"{module}.*", f"{module}.*.{last}"))


def test_nothing_public_is_forgotten() -> None:
    forgotten = sorted(name for name in with_arguments() - set(TABLE) if not excused(name))
    assert not forgotten, f"tests/hostile.py의 TABLE에 없어요: {forgotten}"


@pytest.mark.parametrize("name", TABLE)
def test_the_right_arguments_work(name: str) -> None:
    """표의 인자가 정말 바른가? 그래야 나쁜 값 하나가 끝까지 들어가 봐요."""
    call = TABLE[name]()
    call.function(**call.arguments)


@pytest.mark.parametrize("name", TABLE)
def test_strange_arguments_are_told_and_change_nothing(name: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(call=calls(name))
    def check(call: Call) -> None:
        given_ = {argument: shown(value) for argument, value in call.arguments.items()}
        broken = promise_broken(call)
        assert broken is None, f"{name}({given_}): {broken}"

    check()


@pytest.mark.parametrize("name", TABLE)
def test_every_known_strange_value(name: str) -> None:
    """정해 둔 나쁜 값을 모두. 늘 하는 시험에서는 성기게 골라요."""
    problems = []
    for place, argument in enumerate(TABLE[name]().arguments):
        for index in range(place % 16, how_many(name, argument), 1 if DEEP else 16):
            call = TABLE[name]()
            call.arguments[argument] = value = fixed(name, argument, index)
            what = shown(value)
            broken = promise_broken(call)
            if broken:
                problems.append(f"{argument} = {what}: {broken}")
    assert not problems, "\n".join(problems)
