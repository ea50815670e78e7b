#!/usr/bin/env python3
"""커버리지를 따라가는 퍼징: bplib이 걸어 보지 않은 길로 이끄는 나쁜 입력을 스스로 찾아가며 넣어요(README.md).

- table: tests/hostile.py의 표. 공개된 것마다 나쁜 인자(Hypothesis의 시험을 atheris가 몰아요)
- files: 저장한 파일을 망가뜨린 것. SavingError만 나고, 신경망은 그대로여야 해요
- texts: 연습문제의 답, 문장, 글자, 낱말을 읽는 함수들. 수가 아니면 수로 읽지 않고, 오류는 한국어여야 해요
"""

import io
import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "_build" / "fuzz"
PARTS = {"table": 0.6, "files": 0.2, "texts": 0.2}  # 시간을 나누는 몫
OPTIONS = ("-rss_limit_mb=4096", "-max_len=4096", "-timeout=1200", "-print_final_stats=1", "-verbosity=0")

sys.path.insert(0, str(ROOT / "tests"))


# ── 할 일마다 하나씩: 바이트를 받아, 약속을 어기면 AssertionError. 그리고 처음 넣을 것들 ──


def table():
    """표의 것 하나를 골라 나쁜 인자로 불러요."""
    import hostile
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    names = list(hostile.TABLE)

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), hostile.calls(name))))
    def check(pair):
        name, call = pair
        what = {argument: hostile.shown(value) for argument, value in call.arguments.items()}
        broken = hostile.promise_broken(call)
        assert broken is None, f"{name}({what}): {broken}"

    return check.hypothesis.fuzz_one_input, [os.urandom(64) for _ in range(50)]


def speaks_korean(error):
    """오류가 한국어로 말하는가."""
    import hostile

    assert hostile.HANGUL.search(str(error)), f"한국어로 말하지 않아요: {error}"


def files():
    """저장한 파일의 바이트를 바꿔 불러와요. 첫 바이트가 어디를 바꿀지 정해요: 파일 전체, 또는 zip 속의 것 하나.

    속의 것을 바꾸면 zip의 검사값(CRC)이 맞아서, npy와 머리말을 읽는 데까지 들어가요.
    """
    import hostile

    from bplib.saving import SavingError, load, save

    path = Path("fuzzed.npz")
    net = hostile.net()
    save(net, path)
    good, before = path.read_bytes(), hostile.state(net)
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    names = list(members)

    def forged(data):
        where, rest = data[0] if data else 0, data[1:]
        if where < 64:
            return rest
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, rest if name == names[where % len(names)] else content)
        return buffer.getvalue()

    def check(data):
        path.write_bytes(forged(data))
        try:
            load(net, path)
        except SavingError as error:
            speaks_korean(error)
            assert hostile.state(net) == before, "거절했는데 신경망이 바뀌었어요"
        else:
            assert all(map(math.isfinite, net.params().value)), "유한하지 않은 수를 읽었어요"
            path.write_bytes(good)
            load(net, path)

    seeds = [b"\0" + good, b"\0" + good[: len(good) // 2]]
    places = {names[where % len(names)]: where for where in range(64, 64 + len(names))}
    return check, seeds + [bytes([places[name]]) + content for name, content in members.items()]


def texts():
    """글을 읽는 함수들."""
    from bplib import datasets
    from bplib.lab import exercises, typed
    from bplib.topics import text

    asked = exercises.Exercise("1.1", "물음", 2.0, why="까닭")
    vocabulary = text.Vocabulary([["가"]])

    def check(data):
        try:
            said = data.decode("utf-8", "surrogatepass" if data[:1] > b"\x80" else "replace")
        except UnicodeDecodeError:
            return
        reading = typed.read_number(said)
        assert reading is None or math.isfinite(reading.value)
        assert isinstance(asked.check(said).message, str)
        assert isinstance(asked.check_text(said).message, str)
        pieces = text.words(said)
        assert all(isinstance(piece, str) for piece in (*text.jamo(said), *text.syllables(said)))
        if pieces:
            assert vocabulary.encode([pieces]).shape == (1, len(pieces))
        for function in (text.split_syllable, exercises.worked, datasets.table):
            try:
                function(said)
            except ValueError as error:
                speaks_korean(error)

    seeds = ["-0.0293", "1e-3", "−2", "1,000", "W1[1,2]", "날씨가 안 좋아.", "값", "grad_W2[2,1]"]
    return check, [seed.encode() for seed in seeds]


# ── 부르는 쪽 ──


def fuzz(part, options):
    """퍼저 하나. libFuzzer가 이 프로세스를 끝내요."""
    import atheris

    with atheris.instrument_imports(include=["bplib", "zipfile", "json", "numpy.lib"]):
        import bplib.lab.reference

        bplib.lab.reference.modules()  # 모두 불러와요
    corpus = FOUND / part
    corpus.mkdir(parents=True, exist_ok=True)
    os.chdir(FOUND)
    check, seeds = {"table": table, "files": files, "texts": texts}[part]()
    for index, seed in enumerate(seeds):
        (corpus / f"seed{index}").write_bytes(seed)
    again = [option for option in options if not option.startswith("-")]
    atheris.Setup([sys.argv[0], *OPTIONS, *options, *([] if again else [part])], check)
    atheris.Fuzz()


def main(argv):
    if argv and argv[0] in PARTS:
        fuzz(argv[0], argv[1:])
    seconds = int(argv[0]) if argv else 300
    failed = []
    for part, share in PARTS.items():
        print(f"── {part} ──", flush=True)
        command = [sys.executable, __file__, part, f"-max_total_time={max(1, round(seconds * share))}"]
        failed += [part] if subprocess.run(command).returncode else []
    print(f"찾은 것이 있어요: {', '.join(failed)}" if failed else "찾은 것이 없어요.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
