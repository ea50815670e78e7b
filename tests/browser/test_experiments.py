"""실제 브라우저에서 모든 실험을 움직여요: 마우스, 키보드, 재생 단추, 그림 누르기, 자바스크립트 없이, 폴더에서.

브라우저가 그린 장면은 파이썬이 쪽의 자료에서 되살린 장면과 DOM 노드로 견줘요(isEqualNode). 쪽의 자료가 노트북이 그린
것과 같은지는 tests/site가 봐요. 콘솔 오류와 다른 곳으로 가는 요청은 시험마다 끝날 때 봐요(conftest.py).
"""

import itertools
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Locator, Page, expect

from bplib.lab import frames, plots
from bplib.lab.display import css
from bplib.lab.experiment import Dropdown, Experiment, Slider, experiment, show
from bplib.lab.picture import Picture
from chapters import ROOT, PageData, canonical, drawn, sample

ADDRESSED = "chapters/05-backprop.html"  # 첫 실험의 조작이 둘이에요
EXPERIMENT = re.compile(r'<div class="bp-experiment" id="\w+" role="group".*?</script>', re.S)

# 실험 하나의 지금 모습. 화면 낭독기가 듣는 것과 눈에 보이는 것을 함께 읽어요.
LOOK = """root => {
    const inputs = [...root.querySelectorAll('input, select')], html = root.querySelector('.bp-frame').innerHTML;
    let svg = 0; // 그림이 그대로인지만 보면 되어서, 긴 글 대신 해시를 보내요
    for (let i = 0; i < html.length; i++) svg = (Math.imul(svg, 31) + html.charCodeAt(i)) | 0;
    return {
        position: inputs.map(i => i.tagName === 'SELECT' ? i.selectedIndex : Number(i.value)),
        spoken: inputs.map(i => i.getAttribute('aria-valuetext')),
        shown: inputs.map(i => i.parentElement.querySelector('output')?.textContent ?? null),
        label: root.querySelector('.bp-frame').getAttribute('aria-label'),
        text: root.querySelector('[role=status]').textContent,
        svg,
    };
}"""

# 그림의 DOM이 파이썬이 그린 글로 만든 DOM과 같은지. 다르면 처음 다른 요소를 알려 줘요.
SAME = """(root, markup) => {
    const want = document.createElement('div'), got = root.querySelector('.bp-frame');
    want.innerHTML = markup;
    const same = want.childNodes.length === got.childNodes.length
        && [...want.childNodes].every((node, i) => node.isEqualNode(got.childNodes[i]));
    if (same) return null;
    const a = [...want.querySelectorAll('*')], b = [...got.querySelectorAll('*')];
    const i = a.findIndex((node, i) => !b[i] || !node.cloneNode(!node.childElementCount).isEqualNode(
        b[i].cloneNode(!b[i].childElementCount)));
    return `${a.length}개와 ${b.length}개, ${i}번: ${a[i]?.outerHTML.slice(0, 200)} ≠ ${b[i]?.outerHTML.slice(0, 200)}`;
}"""

# 조작을 놓고 브라우저처럼 알려요. 장면의 내용을 볼 때만 써요.
PUT = """(root, position) => {
    const inputs = [...root.querySelectorAll('input, select')];
    inputs.forEach((input, i) => {
        if (input.tagName === 'SELECT') input.selectedIndex = position[i];
        else input.value = position[i];
    });
    inputs[0].dispatchEvent(new Event('input', {bubbles: true}));
}"""

# 자리마다 놓아 보며 모은 실험의 높이. 하나뿐이면 아래의 글이 움직이지 않아요.
HEIGHTS = f"""(root, positions) => [...new Set(positions.map(position => {{
    ({PUT})(root, position);
    return root.getBoundingClientRect().height;
}}))]"""

# 자리마다 (자리, 그림, 설명). 처음 다른 것을 알려 줘요.
JUMP = f"""(root, frames) => {{
    const put = {PUT}, same = {SAME};
    for (const [position, markup, text] of frames) {{
        put(root, position);
        const problem = same(root, markup) ?? (root.querySelector('.bp-text').textContent === text ? null : text);
        if (problem) return `${{position}}: ${{problem}}`;
    }}
    return null;
}}"""

# 조작판이 통째로 머리글 아래의 화면 안에 있는지.
IN_VIEW = """root => {
    const box = root.querySelector('.bp-controls').getBoundingClientRect();
    const header = document.querySelector('.bd-header-article').getBoundingClientRect();
    return header.bottom <= box.top && box.bottom <= innerHeight;
}"""

# 설명이 화면의 맨 아래에 오도록 내려가도, 조작판과 설명이 함께 온전히 보이는지.
TOGETHER = f"""root => {{
    document.documentElement.style.scrollBehavior = 'auto';
    const text = root.querySelector('.bp-text');
    text.scrollIntoView({{block: 'end'}});
    const box = text.getBoundingClientRect();
    return ({IN_VIEW})(root) && box.top >= root.querySelector('.bp-controls').getBoundingClientRect().bottom
        && box.bottom <= innerHeight + 1;
}}"""
# 막대마다 한 칸의 폭(px). 크롬의 손잡이는 16px이에요.
STEPS = """root => [...root.querySelectorAll('input[type=range]')]
    .map(e => (e.getBoundingClientRect().width - 16) / Math.max(e.max, 1))"""

# 초점이 있는 곳의 번호와 테두리.
FOCUSED = "[document.activeElement.dataset.stop, getComputedStyle(document.activeElement).outlineStyle]"

# 조각의 한 점으로, 둘레 2px에 다른 조각이 없는 곳. 두 화살표가 만나는 곳을 누르면 위의 것이 골라져요.
SPOT = """piece => {
    piece.scrollIntoView({block: 'center', behavior: 'instant'});
    const at = (x, y) => document.elementFromPoint(x, y)?.closest('[data-pick]');
    const alone = (x, y) => at(x, y) === piece
        && [-2, 0, 2].every(u => [-2, 0, 2].every(v => [piece, null].includes(at(x + u, y + v) ?? null)));
    const drawn = [...piece.querySelectorAll('path, text'), piece].filter(e => e.tagName !== 'g');
    for (const share of [0.5, 0.3, 0.7, 0.2, 0.8]) for (const e of drawn) {
        const box = e.getBoundingClientRect();
        const spots = [{x: box.left + share * box.width, y: box.top + box.height / 2}];
        if (e.getTotalLength) spots.push(
            e.getPointAtLength(share * e.getTotalLength()).matrixTransform(e.getScreenCTM()));
        for (const {x, y} of spots) if (alone(x, y)) return [x, y];
    }
    return null;
}"""


@dataclass
class Live:
    """쪽에 있는 실험 하나: 자리(DOM)와 쪽이 담은 자료."""

    root: Locator
    data: dict[str, Any]
    name: str

    def look(self) -> dict[str, Any]:
        return self.root.evaluate(LOOK)

    def number(self, position: list[int]) -> int:
        """자리의 장면 번호: 마지막 조작이 가장 빨리 바뀌어요."""
        number = 0
        for control, index in zip(self.data["controls"], position, strict=True):
            number = number * len(control) + index
        return number

    def put(self, position: Any) -> None:
        self.root.evaluate(PUT, list(position))

    @property
    def positions(self) -> list[tuple[int, ...]]:
        return list(itertools.product(*(range(len(names)) for names in self.data["controls"])))

    def controls(self) -> list[Locator]:
        return self.root.locator("input, select").all()

    def check(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """지금 자리에서 보이는 것과 들리는 것이 모두 그 자리의 것인지 봐요."""
        now = self.look()
        number = self.number(now["position"])
        where = f"{self.name} {now['position']}"
        assert now["text"] == now["label"] == self.data["texts"][number], where
        for names, index, spoken, shown in zip(
            self.data["controls"], now["position"], now["spoken"], now["shown"], strict=True
        ):
            assert (spoken, shown) in {(names[index], names[index]), (None, None)}, where
        if before:
            old = self.number(before["position"])
            moved = self.data["deltas"][old] != self.data["deltas"][number]
            assert (now["svg"] != before["svg"]) == moved, where
        return now


def live_experiments(page: Page) -> list[Live]:
    """쪽의 실험들. 플레이어가 조작판을 켤 때까지 기다려요."""
    page.wait_for_function("!document.querySelector('.bp-controls:disabled')")
    roots = page.locator(".bp-experiment:not(.bp-exercise):has(script)").all()
    script = "root => root.querySelector('script').textContent"  # 글로 받아 읽는 쪽이 몇 배 빨라요
    return [Live(r, json.loads(r.evaluate(script)), r.get_attribute("aria-label") or "") for r in roots]


@pytest.fixture(scope="session")
def read_from_server(desk: Page, from_server: None) -> list[Live]:
    return live_experiments(desk)


@pytest.fixture(scope="session")
def read_from_folder(phone: Page, from_folder: None) -> list[Live]:
    return live_experiments(phone)


@pytest.fixture
def lives(chapter: Page, read_from_server: list[Live]) -> list[Live]:
    """서버에서 넓은 화면에 열린 장의 실험들."""
    return read_from_server


@pytest.fixture
def folder_lives(folder_chapter: Page, read_from_folder: list[Live]) -> list[Live]:
    """폴더에서 휴대 전화에 열린 장의 실험들."""
    return read_from_folder


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest, site_url: str, site_dir: Path) -> str:
    """책의 주소: 서버에서, 그리고 폴더에서 바로."""
    return site_url if request.param == "http" else site_dir.as_uri()


# ── 조작 ──────────────────────────────────────────────────────────────────


def spot(slider: Locator, index: int, last: int) -> tuple[float, float]:
    """막대에서 ``index`` 칸의 손잡이가 놓일 화면 자리."""
    slider.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = slider.bounding_box()
    assert box
    thumb = 16  # 크롬의 손잡이 폭. 조금 틀려도 양 끝은 양 끝이에요.
    part = index / last if last else 0.5
    return box["x"] + thumb / 2 + part * (box["width"] - thumb), box["y"] + box["height"] / 2


def by_mouse(page: Page, control: Locator, index: int, last: int, *, drag: bool) -> None:
    if control.evaluate("e => e.tagName") == "SELECT":
        control.click()  # 펼친 목록은 쪽 밖의 창이라, 펼치기는 마우스로, 고르기는 글쇠로 해요.
        press(page, index, last, "ArrowDown")
        page.keyboard.press("Enter")
        return
    if drag:
        page.mouse.move(*spot(control, int(control.input_value()), last))
        page.mouse.down()
        page.mouse.move(*spot(control, index, last), steps=3)
    else:
        page.mouse.move(*spot(control, index, last))
        page.mouse.down()
    page.mouse.up()


def by_keyboard(page: Page, control: Locator, index: int, last: int) -> None:
    control.focus()
    press(page, index, last, "ArrowDown" if control.evaluate("e => e.tagName") == "SELECT" else "ArrowRight")


def press(page: Page, index: int, last: int, arrow: str) -> None:
    """끝으로 가거나, 처음에서 ``index``칸을 가요."""
    page.keyboard.press("Home" if index < last else "End")
    for _ in range(index if index < last else 0):
        page.keyboard.press(arrow)


def test_mouse(chapter: Page, lives: list[Live]) -> None:
    for live in lives:
        before = live.check()
        for axis, control in enumerate(live.controls()):
            last = len(live.data["controls"][axis]) - 1
            is_list = before["spoken"][axis] is None  # 목록은 끌지 못해요
            for index, drag in [(last, False), (0, True)][: 1 if is_list else 2]:
                by_mouse(chapter, control, index, last, drag=drag)
                before = live.check(before)
                assert before["position"][axis] == index, live.name


def test_keyboard(folder_chapter: Page, folder_lives: list[Live]) -> None:
    for live in folder_lives[:3]:  # 플레이어는 하나예요. 장마다 조작의 종류와 수가 다른 몇으로 충분해요
        before = live.check()
        for axis, control in enumerate(live.controls()):
            last = len(live.data["controls"][axis]) - 1
            for index in (min(last, 2), last):
                by_keyboard(folder_chapter, control, index, last)
                before = live.check(before)
                assert before["position"][axis] == index, live.name
            folder_chapter.keyboard.press("ArrowUp" if before["spoken"][axis] is None else "ArrowLeft")
            before = live.check(before)
            assert before["position"][axis] == max(last - 1, 0), live.name


# 주소의 자리를 바꾸고, 쪽이 그것을 들을 때까지 기다려요.
REHASH = """hash => new Promise(done => {
    addEventListener('hashchange', done, {once: true});
    location.hash = hash;
})"""


def test_address_keeps_the_position(watched_page: Page, base: str) -> None:
    """움직이면 주소에 자리가 적히고, 그 주소를 열면 같은 장면이 나와요. 엉뚱한 주소는 아무것도 움직이지 않아요."""
    watched_page.goto(f"{base}/{ADDRESSED}")
    live, *others = live_experiments(watched_page)
    start, *starts = [each.look()["position"] for each in (live, *others)]
    pages = watched_page.evaluate("history.length")
    for axis, control in enumerate(live.controls()):
        by_keyboard(watched_page, control, 2 - axis, len(live.data["controls"][axis]) - 1)
    moved, shared = live.look(), watched_page.url
    assert shared.endswith("=" + ".".join(map(str, moved["position"])))
    assert watched_page.evaluate("history.length") == pages, "움직일 때마다 뒤로 가기가 쌓여요"
    watched_page.goto("about:blank")
    watched_page.goto(shared)
    assert live.look() == moved
    assert [other.look()["position"] for other in others] == starts, "다른 실험까지 움직였어요"
    assert live.root.evaluate(IN_VIEW), "주소의 실험이 화면에 없어요"
    name = shared.partition("#")[2].rpartition("=")[0]
    watched_page.evaluate(REHASH, f"{name}=0.1")
    assert live.check()["position"] == [0, 1]
    for broken in ("99.0", "-1.0", "x", "1", "1.1.1", "0.5.1", ""):
        watched_page.evaluate(REHASH, f"{name}={broken}")
        assert live.check()["position"] == [0, 1], broken
    watched_page.goto("about:blank")
    watched_page.goto(f"{base}/{ADDRESSED}#{name}=99.0")
    assert live_experiments(watched_page)[0].look()["position"] == start


def test_controls_and_text_are_seen_together_on_a_phone(thumb: Page, site_url: str) -> None:
    """휴대 전화에서 보낸 주소를 열면 조작판부터 보이고, 설명까지 내려가도 조작판이 머리글 아래에 남아 있어요."""
    thumb.goto(f"{site_url}/{ADDRESSED}")
    name = live_experiments(thumb)[0].root.get_attribute("id")
    thumb.goto("about:blank")
    thumb.goto(f"{site_url}/{ADDRESSED}#{name}=1.2")
    live = live_experiments(thumb)[0]
    assert live.check()["position"] == [1, 2]
    assert live.root.evaluate(IN_VIEW), "조작판이 머리글에 가려요"
    text = live.root.locator(".bp-text")
    text.evaluate("e => e.scrollIntoView({block: 'end', behavior: 'instant'})")
    assert live.root.evaluate(IN_VIEW), "설명을 읽는 동안 조작판이 보이지 않아요"
    panel, words = live.root.locator(".bp-controls").bounding_box(), text.bounding_box()
    assert panel
    assert words
    assert panel["y"] + panel["height"] <= words["y"], "조작판이 설명을 가려요"


def test_address_keeps_every_experiment(watched_page: Page, site_url: str) -> None:
    """주소에는 움직인 실험이 모두 있어요. 다른 쪽에 갔다가 돌아와도 그대로이고, 보내면 마지막에 움직인 것이 보여요."""
    watched_page.goto(f"{site_url}/{ADDRESSED}")
    places = []
    for live in live_experiments(watched_page)[1::-1]:
        start = live.look()["position"]
        by_keyboard(watched_page, live.controls()[0], 1, len(live.data["controls"][0]) - 1)
        places.insert(0, live.check()["position"])
        assert places[0] != start
    shared = watched_page.evaluate("location.href")
    watched_page.goto("about:blank")
    watched_page.go_back()
    assert [live.check()["position"] for live in live_experiments(watched_page)[:2]] == places
    watched_page.goto("about:blank")
    watched_page.goto(shared)
    first, second = live_experiments(watched_page)[:2]
    assert [first.check()["position"], second.check()["position"]] == places
    watched_page.wait_for_function(
        f"({IN_VIEW})(document.getElementById('{first.root.get_attribute('id')}'))"
    )
    by_keyboard(watched_page, second.controls()[0], 0, len(second.data["controls"][0]) - 1)
    assert watched_page.evaluate("location.hash.split('&').length") == 2, "받은 주소의 다른 실험을 잊어요"


def test_address_into_a_bet_shows_the_bet_first(watched_page: Page, site_url: str) -> None:
    watched_page.goto(f"{site_url}/chapters/03-losses.html")
    inside = ".bp-after .bp-experiment:has(> .bp-controls)"
    name, number = watched_page.locator(inside).evaluate("e => [e.id, e.closest('.bp-after').dataset.bet]")
    watched_page.goto("about:blank")
    watched_page.goto(f"{site_url}/chapters/03-losses.html#{name}=1.1")
    bet = watched_page.locator(f'.bp-bet[data-number="{number}"]')
    expect(bet).to_be_in_viewport()
    bet.get_by_role("button").first.click()
    expect(watched_page.locator(inside)).to_be_visible()
    assert watched_page.locator(f"{inside} input, {inside} select").evaluate_all(
        "all => all.map(e => e.selectedIndex ?? Number(e.value))"
    ) == [1, 1]


def test_tab_reaches_every_control_in_order(chapter: Page, lives: list[Live]) -> None:
    chapter.keyboard.press("Tab")  # 마우스를 쓰던 독자의 초점에는 테두리가 보이지 않을 수 있어요
    for live in lives:
        stops = live.root.locator("input, select, button")
        names = stops.evaluate_all("all => all.map((e, i) => e.dataset.stop = `${i}`)")
        stops.first.focus()
        seen = []
        for _ in names:
            stop, outline = chapter.evaluate(FOCUSED)
            assert outline != "none", f"{live.name}: 초점이 보이지 않아요"
            seen.append(stop)
            chapter.keyboard.press("Tab")
        assert seen == names, live.name
        # 이름표는 화면 낭독기에도 이어져 있어요.
        assert live.root.locator("input, select").evaluate_all("all => all.every(e => e.labels.length === 1)")


def test_clicking_the_drawing(chapter: Page, lives: list[Live]) -> None:
    """누를 수 있는 조각을 누르면 그 이름의 값이 골라지고, 그렇지 않은 조각은 누를 수 있어 보이지 않아요."""
    for live in lives:
        names = live.root.evaluate(
            "r => [...new Set([...r.querySelectorAll('[data-pick]')].map(e => e.dataset.pick))]"
        )
        for name in sample(names, 8):
            piece = live.root.locator(f'[data-pick="{name}"]').last
            found = [
                [n for n, value in enumerate(control) if value == name or value.startswith(f"{name}:")]
                for control in live.data["controls"]
            ]
            before = live.look()
            spot = piece.evaluate(SPOT)
            assert spot, f"{live.name}: {name}이 다른 것에 모두 가려졌어요"
            chapter.mouse.move(*spot)
            hand = piece.evaluate("e => getComputedStyle(e).cursor") == "pointer"
            assert hand == any(found), f"{live.name}: {name}"
            chapter.mouse.click(*spot)
            after = live.check(before)
            for axis, numbers in enumerate(found):
                want = numbers[0] if numbers else before["position"][axis]
                assert after["position"][axis] == want, f"{live.name}: {name}"


# ── 장면 ──────────────────────────────────────────────────────────────────


def shipped(site_dir: Path, place: str) -> list[PageData]:
    """쪽의 HTML에 실린 실험들."""
    html = (site_dir / place).read_text(encoding="utf-8")
    return [PageData.parse(found[0]) for found in EXPERIMENT.finditer(html)]


def test_player_draws_what_python_rebuilds(lives: list[Live], site_dir: Path, place: str) -> None:
    """플레이어가 차이를 입힌 DOM이, 파이썬이 같은 자료에서 되살린 글로 만든 DOM과 같아요."""
    for live, page in zip(lives, shipped(site_dir, place), strict=True):
        assert live.data == page.data, live.name
        same_as_python(live, lambda n, page=page: frames.rebuild(page.base, page.changes(n)))


def same_as_python(live: Live, rebuild: Callable[[int], ET.Element], count: int = 6) -> None:
    """고른 자리를 앞뒤로 오가요. 마지막 자리에서 처음 자리로 바로 돌아가는 길도 지나요."""
    few = [live.number(list(position)) for position in sample(live.positions, count)]
    markup = {n: frames.markup(rebuild(n)) for n in few}
    path = [
        (live.positions[n], markup[n], live.data["texts"][n]) for n in [*few, few[0], *reversed(few[1::2])]
    ]
    problem = live.root.evaluate(JUMP, path)
    assert problem is None, f"{live.name} {problem}"
    live.check()


# ── 재생 ──────────────────────────────────────────────────────────────────


def hold_time(page: Page) -> None:
    """이제부터는 시험이 시계를 돌려요. 재생을 기다리지 않고, 바쁜 컴퓨터에서도 한 칸씩 봐요."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)


def dwell(live: Live, axis: int, pace: float = 1) -> float:
    """재생할 때 지금 장면에 머무는 시간(ms): 앞 장면에 없던 글자마다 40 ms, 적어도 interval."""
    now = live.look()["position"]
    before = [max(place - (i == axis), 0) for i, place in enumerate(now)]
    old, new = (live.data["texts"][live.number(p)].split(" ") for p in (before, now))
    unread = " ".join(word for word in new if word not in old)
    return max(live.data["interval"], 40 * len(unread)) / pace


def check_play(page: Page, live: Live) -> None:
    """끝에서 두 칸 앞에서 재생하면 끝까지 가서 멈추고, 끝에서 누르면 처음으로 가요."""
    for button in live.root.locator(".bp-play").all():
        slider = button.locator("xpath=../..").locator("input")
        axis = [c.get_attribute("id") for c in live.controls()].index(slider.get_attribute("id"))
        last = len(live.data["controls"][axis]) - 1
        position = live.look()["position"]
        position[axis] = max(last - 2, 0)
        live.put(position)
        button.click()
        for place in [*range(position[axis] + 1, last + 1), last, last]:
            assert slider.input_value() == str(place), live.name
            assert button.get_attribute("aria-label") == ("재생" if place == last else "멈춤"), live.name
            page.clock.run_for(dwell(live, axis) - 1)
            assert slider.input_value() == str(place), f"{live.name}: 읽기 전에 넘어가요"
            page.clock.run_for(1)
        assert page.evaluate("location.hash").endswith("=" + ".".join(map(str, live.check()["position"])))
        button.click()  # 끝에서 다시 누르면 처음부터
        assert slider.input_value() == "0", live.name
        slider.focus()
        page.keyboard.press("Home")  # 막대를 만지면 재생이 멈춰요
        page.clock.run_for(60_000)
        assert button.get_attribute("aria-label") == "재생", live.name
        assert live.check()["position"][axis] == 0, f"{live.name}: 막대를 만져도 멈추지 않았어요"
        assert live.root.locator(".bp-text").get_attribute("aria-live") in (None, "polite"), live.name


# 재생하다가 단추를 다시 누르고, 다시 재생하다가 막대를 잡아요: [재생하는 동안의 모습, 멈춘 뒤의 모습].
PAUSE = """root => {
    const button = root.querySelector('.bp-play'), text = root.querySelector('.bp-text');
    const slider = button.closest('.bp-control').querySelector('input');
    const look = () => [button.textContent, text.getAttribute('aria-live'), slider.value];
    return [button, slider].map(place => {
        slider.value = slider.min;
        button.click();
        const playing = look();
        if (place === button) button.click();
        else slider.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));
        return [playing, look()];
    });
}"""


def check_pause(page: Page, live: Live) -> None:
    """누르면 바로 한 칸 움직이고, 재생하는 동안 낭독기는 조용하고, 단추를 다시 누르거나 막대를 잡으면 멈춰요."""
    for playing, stopped in live.root.evaluate(PAUSE):
        assert playing == ["⏸", "off", "1"], live.name
        assert stopped == ["▶", "polite", "1"], live.name
    page.clock.run_for(60_000)
    assert live.check()["position"][0] == 1, f"{live.name}: 멈췄는데 움직였어요"


def check_calm(page: Page, live: Live) -> None:
    """움직임을 줄여 달라고 한 독자에게는 누를 때마다 한 칸만 나아가요."""
    page.emulate_media(reduced_motion="reduce")
    for button in live.root.locator(".bp-play").all():
        slider = button.locator("xpath=../..").locator("input")
        slider.focus()
        page.keyboard.press("Home")
        for step in (1, 2):
            button.click()
            page.clock.run_for(60_000)
            assert slider.input_value() == str(min(step, int(slider.get_attribute("max") or 0))), live.name
            assert button.get_attribute("aria-label") == "재생", live.name
        live.check()
    page.emulate_media(reduced_motion="no-preference")


def check_steps_and_speed(page: Page, live: Live) -> None:
    """한 칸씩 앞뒤로 가고(끝에서는 그대로), 빠르기를 고르면 그만큼 덜 머물러요. 옮긴 자리는 주소에 적혀요."""
    back, ahead = live.root.locator(".bp-step").all()
    live.put(live.positions[0])
    for button, place in ((ahead, 1), (ahead, 2), (back, 1), (back, 0), (back, 0)):
        button.click()
        assert live.check()["position"][0] == place
        assert page.evaluate("location.hash").partition("=")[2].startswith(f"{place}")
    speed = live.root.locator(".bp-speed")
    for pace in (2, 4, 0.5):
        speed.click()
        assert (speed.text_content(), speed.get_attribute("aria-label")) == (f"{pace}×", f"빠르기 {pace}배")
        live.put(live.positions[0])
        live.root.locator(".bp-play").click()
        page.clock.run_for(math.ceil(dwell(live, 0, pace)))
        assert live.look()["position"][0] == 2, pace
        ahead.click()  # 한 칸 가면서 재생을 멈춰요
        page.clock.run_for(60_000)
        assert live.check()["position"][0] == 3, pace


def test_play(folder_chapter: Page, folder_lives: list[Live]) -> None:
    hold_time(folder_chapter)
    for live in folder_lives[:3]:
        check_play(folder_chapter, live)
        check_calm(folder_chapter, live)
    folder_chapter.clock.resume()


# ── 화면 ──────────────────────────────────────────────────────────────────


# 실험 하나의 첫 장면: 그림의 크기, 글과 그림의 설명, 보이는 글, 꺼진 조작판, 보이지 않는 자료.
FIRST = """root => {
    const [text, frame] = ['.bp-text', '.bp-frame'].map(name => root.querySelector(name));
    return [
        [...root.querySelectorAll('svg')].map(e => e.getBoundingClientRect())
            .every(({width, height}) => Math.min(width, height) > 50),
        text.textContent, frame.getAttribute('aria-label'), text.checkVisibility(),
        root.querySelectorAll('fieldset:disabled').length, root.querySelector('script').checkVisibility(),
    ];
}"""


def test_without_javascript_the_first_frame_stands(
    plain: Page, site_url: str, site_dir: Path, place: str
) -> None:
    plain.goto(f"{site_url}/{place}")
    roots = plain.locator(".bp-experiment:not(.bp-exercise):has(script)").all()
    for root, page in zip(roots, shipped(site_dir, place), strict=True):
        assert root.evaluate(FIRST) == [True, page.text, page.text, True, 1, False]


# 화면 밖으로 나가거나 가려진 조작을 모아요.
CLIPPED = """root => {
    const wide = document.documentElement.clientWidth, own = root.getBoundingClientRect(), bad = [];
    for (const e of root.querySelectorAll('input, select, button, output, label, svg, .bp-text')) {
        e.scrollIntoView({block: 'center', behavior: 'instant'});
        const box = e.getBoundingClientRect();
        if (box.left < Math.max(0, own.left) - .5 || box.right > Math.min(wide, own.right) + .5 || box.width < 4)
            bad.push(`${e.tagName} ${Math.round(box.left)}~${Math.round(box.right)}`);
        if (!e.matches('input, select, button')) continue;
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (top !== e) bad.push(`${e.tagName}을 ${top?.outerHTML.slice(0, 80)}이 가려요`);
        if (box.height < 24) bad.push(`${e.tagName} 높이 ${box.height}`);
    }
    return bad;
}"""


def test_phone(folder_chapter: Page, folder_lives: list[Live]) -> None:
    """좁은 화면에서도 조작이 잘리거나 가려지지 않고, 가장 긴 이름에서도 그렇고, 손가락 자리에서 움직여요.

    보낸 주소를 열면 조작판부터 보이고, 조작판과 설명은 함께 보이고, 막대의 한 칸은 8px이 넘어요.
    """
    for live in folder_lives:
        assert min(live.root.evaluate(STEPS), default=8) >= 8, live.name
        assert live.root.evaluate(TOGETHER), f"{live.name}: 조작판과 설명이 함께 보이지 않아요"
        last_position = ".".join(str(len(names) - 1) for names in live.data["controls"])
        folder_chapter.evaluate("history.replaceState(null, '', location.pathname)")
        folder_chapter.evaluate(REHASH, f"{live.root.get_attribute('id')}={last_position}")
        assert live.root.evaluate(IN_VIEW), f"{live.name}: 보낸 주소를 열면 조작판이 보이지 않아요"
        longest = [max(range(len(names)), key=lambda i: len(names[i])) for names in live.data["controls"]]
        for position in (longest, live.positions[0]):
            live.put(position)
            assert live.root.evaluate(CLIPPED) == [], live.name
        longest_texts = sorted(live.positions, key=lambda p: len(live.data["texts"][live.number(list(p))]))[
            -20:
        ]
        told = [*longest_texts, *sample(live.positions, 20)]
        assert len(live.root.evaluate(HEIGHTS, told)) == 1, f"{live.name}: 아래의 글이 움직여요"
        live.put(live.positions[0])
        before = live.check()
        last = len(live.data["controls"][0]) - 1
        by_mouse(folder_chapter, live.controls()[0], last, last, drag=False)
        assert live.check(before)["position"][0] == last, live.name


# ── 책에 없는 것까지: 가장 까다로운 실험 하나 ─────────────────────────────


def hard() -> Experiment:
    """장면마다 요소의 개수, 글, 속성, 그림의 수, 화소, 수식이 모두 달라지는 실험."""

    @experiment(
        n=Slider("개수 <&\"'>", range(7), start=2, play=True, format="{}개"),
        kind=Dropdown("모양 </script>", {"첫째: 선": "-", "둘째: 점": "o", "셋째 & <없음>": ""}),
    )
    def hard_one(n, kind):
        made = []
        for k in range(2 if n == 5 else 1):
            figure, ax = plots.axes(
                title="" if n == 1 else f"제목 {n}" if n % 2 else f"$x_{n}^2$", xlim=(0, 1), ylim=(0, 1)
            )
            for i in range(n):
                ax.plot([0, 1], [i / 7, k], kind or "-", alpha=0.0 if not kind and i == 0 else 1.0)
            if n > 3:
                plots.field(ax, [[0, n / 7], [0.5, 1]], (0, 1, 0, 1))
            word = ax.text(0.5, 0.5, "둘째" if n else "< & >", rotation=30 if kind else 0)
            ax.text(0.1, 0.8, kind or "없음")
            plots.pick(word, "둘째" if n != 3 else "둘")  # “둘”은 “둘째”의 이름이 아니에요
            if n == 6:
                ax.fill_between([0, 1], [0, 1], hatch="//", facecolor="none", edgecolor=plots.GREEN)
            made.append(figure)
        return made, f'{n}개, <b>{kind}</b> & "모양"' + f" {'가' * 8 * n}"  # 읽는 데 걸리는 만큼 머물러요

    return hard_one


@pytest.fixture(scope="session")
def hard_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Experiment]:
    """실험 하나와 움직이지 않는 그림 하나가 있는 쪽. 책의 CSS와 플레이어를 그대로 써요."""
    made = hard()
    picture: Picture = show(plots.axes(2, 2)[0], "움직이지 않는 그림이에요.")
    script = (ROOT / "book" / "player.js").read_text(encoding="utf-8")
    page = f'<!doctype html><html lang="ko" data-theme="light"><meta charset="utf-8"><style>{css()}</style>'
    page += f"{made.page_html}{picture.page_html}<script>{script}</script></html>"
    file = tmp_path_factory.mktemp("hard") / "hard.html"
    file.write_text(page, encoding="utf-8")
    return file, made


@pytest.fixture
def hard_page(watched_page: Page, hard_file: tuple[Path, Experiment]) -> tuple[Page, Live, Experiment]:
    file, made = hard_file
    watched_page.goto(file.as_uri())
    (live,) = live_experiments(watched_page)
    return watched_page, live, made


def test_hard_every_pair_of_frames(hard_page: tuple[Page, Live, Experiment]) -> None:
    """모든 장면에서 다른 모든 장면으로 건너뛰어도 바로 그린 것과 같고, 처음 자리의 DOM은 처음 그대로예요."""
    _, live, made = hard_page
    original = live.look()["svg"]
    assert None in live.data["values"], "속성이 없어지는 장면도 있어야 해요"
    assert {"#text", "#inner"} <= set(live.data["attributes"])
    assert prod(len(c) for c in live.data["controls"]) == len(made.positions) == 21
    markup = {p: frames.markup(drawn(made, p).tree) for p in made.positions}
    assert len({canonical(drawn(made, p).tree) for p in made.positions}) > 15
    problem = live.root.evaluate(
        f"""(root, frames) => {{
            const put = {PUT}, same = {SAME};
            for (const [a] of frames) for (const b of frames) for (const [position, markup] of [[a], b]) {{
                put(root, position);
                const problem = markup && same(root, markup);
                if (problem) return `${{a}} → ${{position}}: ${{problem}}`;
            }}
            return null;
        }}""",
        list(markup.items()),
    )
    assert problem is None, problem
    same_as_python(live, lambda n: drawn(made, made.positions[n]).tree, count=21)
    live.put(made.start)
    assert live.look()["svg"] == original


def test_hard_mouse_and_keyboard(hard_page: tuple[Page, Live, Experiment]) -> None:
    page, live, _ = hard_page
    before = live.check()
    for axis, control in enumerate(live.controls()):
        last = len(live.data["controls"][axis]) - 1
        for index in (last, 0, last // 2, last, 0):
            by_mouse(page, control, index, last, drag=index == 0)
            before = live.check(before)
            assert before["position"][axis] == index
        for index in (last, last // 2, 0):
            by_keyboard(page, control, index, last)
            before = live.check(before)
            assert before["position"][axis] == index


def test_hard_play(hard_page: tuple[Page, Live, Experiment]) -> None:
    page, live, _ = hard_page
    page.clock.install()
    hold_time(page)
    check_play(page, live)
    check_pause(page, live)
    check_steps_and_speed(page, live)
    check_calm(page, live)


def test_hard_click(hard_page: tuple[Page, Live, Experiment]) -> None:
    page, live, _ = hard_page
    for position, name, want in [((2, 0), "둘째", [2, 1]), ((3, 0), "둘", [3, 0])]:
        live.put(position)
        piece = live.root.locator(f'[data-pick="{name}"]').last
        piece.hover()
        assert (piece.evaluate("e => getComputedStyle(e).cursor") == "pointer") == (name == "둘째")
        piece.click()
        assert live.check()["position"] == want
    assert page.url.endswith("=2.1"), "누른 것이 주소에 적히지 않았어요"


def test_hard_reload_starts_over(hard_page: tuple[Page, Live, Experiment]) -> None:
    """움직인 뒤 다시 읽거나 뒤로 돌아와도, 조작과 그림과 설명이 서로 맞아요."""
    page, live, made = hard_page
    live.put((5, 1))
    page.reload()
    (live,) = live_experiments(page)
    assert live.check()["position"] == list(made.start)
    live.put((5, 1))
    page.goto("about:blank")
    page.go_back()
    (live,) = live_experiments(page)
    position = tuple(live.check()["position"])
    assert live.root.evaluate(SAME, frames.markup(drawn(made, position).tree)) is None
