"""웹 페이지의 플레이어(book/player.js)에 심을 버그: (무엇이 틀렸나, 옛 글, 새 글). 옛 글은 파일에 꼭 한 번 있어야 해요.

묶음의 이름은 먼저 볼 시험이에요. 그것이 찾지 못하면 나머지 시험(TESTS)을 마저 해요.

버그 하나하나는 독자가 겪을 일이에요. 저장소의 사본에 하나씩 심고, 실제 브라우저의 시험이 찾는지 봐요.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "_build" / "mutants" / "player"
PATIENT = "PATIENCE = 120_000"
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "mutants", "html-lite", "*.pdf", "*.zip")

BUGS = {
    "every_pair": [
        ("떠난 장면의 값을 되돌리지 않음", "if (!wanted.has(key)) write(", "if (false) write("),
        ("떠난 장면을 잊음", "shown = wanted;", ""),
        ("처음 값을 바꿀 때마다 다시 적음", "if (!original.has(key)) original.set(", "original.set("),
        ("요소의 번호가 하나 밀림", "const nodes = [frame, ...frame", "const nodes = [...frame"),
        ("처음 글을 읽지 못함", "return node.textContent;", "return '';"),
        ("없어지는 속성을 남김", "else if (value === null) node.removeAttribute(name);", ""),
        ("속을 되돌릴 때 겹쳐 쌓음", "node.replaceChildren(...value)", "node.append(...value)"),
        ("글 대신 속성을 바꿈", "if (name === TEXT) node.textContent = value;\n    else ", ""),
    ],
    "hard_mouse": [
        (
            "앞 조작이 가장 빨리 바뀌는 번호",
            "n * data.controls[i].length + place",
            "n + place * (i ? data.controls[0].length : 1)",
        ),
        ("막대의 이름을 읽어 주지 않음", 'input.setAttribute("aria-valuetext", name);', ""),
        ("막대 옆의 값이 그대로임", 'input.parentElement.querySelector("output").textContent = name;', ""),
        ("그림의 설명이 그대로임", 'frame.setAttribute("aria-label", data.texts[now]);', ""),
        ("글의 설명이 그대로임", "text.textContent = data.texts[now];", ""),
        ("막대를 밀어도 그대로임", 'input.addEventListener("input", update);', ""),
        ("조작판을 켜지 않음", "panel.disabled = false;", ""),
    ],
    "hard_click": [
        ("이름의 앞부분만 같아도 고름", 'shown.startsWith(name + ":")', "shown.startsWith(name)"),
        ("이름이 꼭 같아야 고름", ' || shown.startsWith(name + ":")', ""),
        ("목록의 첫째는 고를 수 없음", "found >= 0", "found > 0"),
        ("누른 것을 주소에 적지 않음", "if (picked(event).length) remember();", ""),
        ("누를 수 없는 것에 손 모양", 'picked(event).length ? "pointer" : ""', '"pointer"'),
    ],
    "address and http": [
        ("움직여도 주소가 그대로임", 'input.addEventListener("change", remember);', ""),
        ("움직일 때마다 뒤로 가기가 쌓임", "history.replaceState(", "history.pushState("),
        (
            "다른 실험의 주소에도 움직임",
            "live.get(id)?.recall(places)",
            "[...live.values()][0].recall(places)",
        ),
        ("자리의 개수를 보지 않음", "places.length !== inputs.length || ", ""),
        ("없는 자리로 감", "Number.isInteger(n) && data.controls[i][n]", "Number.isInteger(n)"),
        ("주소를 열어도 첫 장면", "  recallAll(); //", "  //"),
        ("열린 쪽의 주소가 바뀌어도 그대로임", 'addEventListener("hashchange", recallAll);', ""),
        ("주소의 실험으로 화면을 옮기지 않음", ": place)?.scrollIntoView();", ": place);"),
    ],
    "hard_play": [
        ("끝에서 처음으로 돌아가지 않음", "slider.value === slider.max ? slider.min : ", ""),
        ("한 칸씩 건너뜀", "Number(slider.value) + 1", "Number(slider.value) + 2"),
        ("끝에서 멈추지 않음", "slider.value === slider.max || calm.matches", "calm.matches"),
        ("멈춰도 계속 움직임", "clearTimeout(timer);", ""),
        ("재생 중에 눌러도 멈추지 않음", "if (playing) return stop();", ""),
        ("움직임을 줄여 달라고 해도 움직임", " || calm.matches", ""),
        ("재생하는 동안 낭독기가 설명을 쌓음", 'on ? "off" : "polite"', '"polite"'),
        ("멈춘 뒤 낭독기가 조용함", 'on ? "off" : "polite"', '"off"'),
        ("멈춤 단추가 재생 모양 그대로임", 'on ? "⏸" : "▶"', '"▶"'),
        (
            "눌러도 한참 뒤에 움직임",
            "show(true);\n      step();",
            "show(true);\n      timer = setTimeout(step, least);",
        ),
        ("마우스로 막대를 잡아도 계속 움직임", 'slider.addEventListener("pointerdown", stop);', ""),
        ("글쇠로 막대를 옮겨도 계속 움직임", 'slider.addEventListener("keydown", stop);', ""),
        ("멈춘 자리를 주소에 적지 않음", "show(false);\n      remember();", "show(false);"),
        ("글이 길어도 똑같이 머무름", "READING * fresh(before, text.textContent)", "0"),
        ("빠르기를 골라도 그대로임", "/ pace);", ");"),
        ("뒤로 가는 단추가 앞으로 감", "+ Number(one.value)", "+ 1"),
        ("옮긴 칸을 주소에 적지 않음", "update();\n      remember();\n    }));", "update();\n    }));"),
    ],
}

# 이 시험들이 버그를 찾아야 해요: 가장 까다로운 실험 하나, 주소, 1장의 그림 누르기.
TESTS = "hard or (address and (http or every)) or (clicking and 01-)"


def copy_repository() -> None:
    """저장소와 만들어진 책의 사본. 느린 것을 찾은 것으로 잘못 세지 않게, 쪽을 더 오래 기다리게 해요."""
    if not (ROOT / "_build" / "html" / "index.html").is_file():
        sys.exit("만들어진 책이 없어요. `python3 run.py book --no-serve`를 먼저 실행해 주세요.")
    shutil.copytree(ROOT, COPY, ignore=LEFT_OUT)
    browsing = COPY / "tests" / "browser" / "browsing.py"
    patient = browsing.read_text(encoding="utf-8").replace("PATIENCE = 30_000", PATIENT)
    assert PATIENT in patient
    browsing.write_text(patient, encoding="utf-8")


def passes(player: str, which: str) -> bool:
    """이 플레이어로 실제 브라우저의 시험을 해요."""
    for place in ("book/player.js", "_build/html/_static/player.js"):
        (COPY / place).write_text(player, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "tests/browser/test_experiments.py", "-k", which]
    done = subprocess.run(
        command, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    if done.returncode not in (0, 1) or "브라우저를 열지 못했어요" in done.stdout:
        sys.exit(f"{done.stdout}\n브라우저 시험을 하지 못했어요. 위에 적힌 내용을 봐 주세요.")
    return not done.returncode


def score() -> tuple[int, int, list[str]]:
    """버그를 하나씩 심어요: 죽은 수, 시간이 다 된 수(0), 살아남은 것. 먼저 버그 없이 모두 통과하는지 봐요."""
    copy_repository()
    player = (ROOT / "book" / "player.js").read_text(encoding="utf-8")
    bugs = [(first, *bug) for first, group in BUGS.items() for bug in group]
    if not passes(player, TESTS):
        sys.exit("버그를 심지 않았는데 브라우저 시험이 실패했어요. `run.py test --only browser`를 봐 주세요.")
    survivors = []
    for first, what, old, new in bugs:
        wrong = player.replace(old, new)
        alive = wrong == player or (passes(wrong, first) and passes(wrong, TESTS))
        survivors += [what] if alive else []
        print(f"  {what}: {'살아남음' if alive else '죽음'}", flush=True)
    return len(bugs) - len(survivors), 0, survivors
