"""웹 페이지의 플레이어(book/player.js)에 심을 버그: (무엇이 틀렸나, 옛 글, 새 글). 옛 글은 파일에 꼭 한 번 있어야 해요.

묶음의 이름은 먼저 볼 시험이에요. 그것이 찾지 못하면 나머지 시험(TESTS)을 마저 해요.

버그 하나하나는 독자가 겪을 일이에요. quality/mutants.py가 심고, 실제 브라우저의 시험이 찾는지 봐요.
"""

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
            "number * data.controls[i].length + position(input)",
            "number + position(input) * (i ? data.controls[0].length : 1)",
        ),
        ("막대의 이름을 읽어 주지 않음", 'input.setAttribute("aria-valuetext", name);', ""),
        ("막대 옆의 값이 그대로임", 'input.parentElement.querySelector("output").textContent = name;', ""),
        ("그림의 설명이 그대로임", 'frame.setAttribute("aria-label", data.texts[number]);', ""),
        ("글의 설명이 그대로임", "text.textContent = data.texts[number];", ""),
        ("막대를 밀어도 그대로임", 'input.addEventListener("input", update);', ""),
        ("조작판을 켜지 않음", 'root.querySelector(".bp-controls").disabled = false;', ""),
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
        ("다른 실험의 주소에도 움직임", "if (id !== root.id || !fits) return;", "if (!fits) return;"),
        ("자리의 개수를 보지 않음", "numbers.length === inputs.length && ", ""),
        ("없는 자리로 감", "Number.isInteger(n) && data.controls[i][n]", "Number.isInteger(n)"),
        ("주소를 열어도 첫 장면", "    recall();\n  }\n", "  }\n"),
        ("열린 쪽의 주소가 바뀌어도 그대로임", 'addEventListener("hashchange", recall);', ""),
        ("주소의 실험으로 화면을 옮기지 않음", 'root.scrollIntoView({ block: "center" });', ""),
    ],
    "hard_play": [
        ("끝에서 처음으로 돌아가지 않음", "slider.value === slider.max ? slider.min : ", ""),
        ("한 칸씩 건너뜀", "Number(slider.value) + 1", "Number(slider.value) + 2"),
        ("끝에서 멈추지 않음", "if (slider.value === slider.max) stop();", ""),
        ("멈춰도 계속 움직임", "clearInterval(timer);", ""),
        ("재생 중에 눌러도 멈추지 않음", "if (timer) return stop();", ""),
        ("움직임을 줄여 달라고 해도 움직임", "if (calm.matches) return step();", ""),
        ("재생하는 동안 낭독기가 설명을 쌓음", 'text.setAttribute("aria-live", "off");', ""),
        ("멈춘 뒤 낭독기가 조용함", 'text.setAttribute("aria-live", "polite");', ""),
        ("멈춤 단추가 재생 모양 그대로임", 'button.textContent = "⏸";', ""),
        (
            "눌러도 한참 뒤에 움직임",
            "timer = setInterval(step, interval);\n      step();",
            "timer = setInterval(step, interval);",
        ),
        (
            "마우스로 막대를 잡아도 계속 움직임",
            'slider.addEventListener("pointerdown", () => timer && stop());',
            "",
        ),
        (
            "글쇠로 막대를 옮겨도 계속 움직임",
            'slider.addEventListener("keydown", () => timer && stop());',
            "",
        ),
    ],
}

# 이 시험들이 버그를 찾아야 해요: 가장 까다로운 실험 하나, 주소, 1장의 그림 누르기.
TESTS = "hard or (address and http) or (clicking and 01-)"
