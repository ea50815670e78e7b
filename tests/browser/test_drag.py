"""그림을 끌어요: 손잡이를 마우스와 손가락으로 끌면 조작판이 따라오고, 쪽을 쓸어 넘기는 손가락은 아무것도 바꾸지 않아요.

책의 CSS와 플레이어를 그대로 쓰는 작은 쪽에서 봐요. 손가락은 브라우저에 보내는 진짜 터치예요.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from browsing import PHONE
from playwright.sync_api import Page
from test_experiments import HEIGHTS, Live, hold_time, live_experiments

from bplib.lab import plots
from bplib.lab.display import css
from bplib.lab.experiment import Dropdown, Slider, experiment
from chapters import ROOT, sample

Point = tuple[float, float]

# 그림 속의 자리가 화면의 어디인지.
ON_SCREEN = """(root, [figure, x, y]) => {
    root.querySelector('.bp-frame').scrollIntoView({block: 'center', behavior: 'instant'});
    const spot = new DOMPoint(x, y).matrixTransform(root.querySelectorAll('.bp-frame svg')[figure].getScreenCTM());
    return [spot.x, spot.y];
}"""
# 보이는 손잡이마다 (한가운데, 크기, 손 모양, 쪽을 쓸어 넘기지 못하는지).
RINGS = """root => [...root.querySelectorAll('.bp-handle')].filter(e => e.checkVisibility()).map(e => {
    const {left, top, width, height} = e.getBoundingClientRect(), {cursor, touchAction} = getComputedStyle(e);
    return [[left + width / 2, top + height / 2], Math.min(width, height), cursor, touchAction];
})"""
# 그린 점의 한가운데.
MARK = """root => {
    const {left, top, width, height} = root.querySelector('[data-pick="표시"]').getBoundingClientRect();
    return [left + width / 2, top + height / 2];
}"""
# 쪽이 미끄러지기를 마칠 때까지 기다려요.
AT_REST = """() => new Promise(done => {
    let last = scrollY, still = 0;
    const look = () => {
        still = scrollY === last ? still + 1 : 0;
        last = scrollY;
        still > 10 ? done(scrollY) : requestAnimationFrame(look);
    };
    look();
})"""


@experiment(
    w=Slider("가중치 w", range(-4, 5), start=4, play=True),
    b=Slider("이름이 퍽 길어서 한 줄을 다 차지하는 편향 b", range(-1, 2), start=1),
    kind=Dropdown("모양", {"동그라미": "o", "세모: 뾰족한 것": "^"}),
)
def one_point(w, b, kind):
    figure, ax = plots.axes(4.4, 3, xlim=(-5, 5), ylim=(-2.4, 2.4))
    (mark,) = ax.plot(w, b, kind)
    plots.pick(mark, "표시")
    plots.pick(ax.text(-4, 2, "세모"), "세모")
    plots.drag(ax, (w, b), "w", "b")
    plots.drag(ax, (w if b < 1 else math.nan, -2), "w", along="x")
    taller = plots.canvas(2, 4)[0]  # 나란히 놓인 그림의 높이가 달라도 손잡이는 제자리예요
    return [taller, figure], f"{w}에서는 " + "긴 설명이 " * (3 * w + 13) + "끝나요."


@experiment(t=Slider("바퀴", range(9), format="{}/4"))
def wheel(t):
    figure, ax = plots.canvas(3, 3)
    tip = (1.5 + math.cos(t * math.pi / 2), 1.5 + math.sin(t * math.pi / 2))
    ax.plot(*zip((1.5, 1.5), tip, strict=True))
    plots.drag(ax, tip, "t")
    return figure, f"{t}/4바퀴예요."


@pytest.fixture(scope="session")
def drag_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """끌 수 있는 실험 둘이 있는 긴 쪽."""
    script = (ROOT / "book" / "player.js").read_text(encoding="utf-8")
    page = '<!doctype html><html lang="ko" data-theme="light"><meta charset="utf-8">'
    page += f'<meta name="viewport" content="width=device-width"><style>{css()}</style>'
    page += f'{one_point.page_html}{wheel.page_html}<p style="height:2000px">아래</p><script>{script}</script></html>'
    file = tmp_path_factory.mktemp("drag") / "drag.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.fixture
def dot(watched_page: Page, drag_file: Path) -> Live:
    watched_page.goto(drag_file.as_uri())
    return live_experiments(watched_page)[0]


def on_screen(live: Live, handle: int, position: Sequence[int]) -> Point:
    """조작이 ``position``에 있을 때 손잡이가 놓일 화면의 자리."""
    shipped = live.data["handles"][handle]
    return tuple(
        live.root.evaluate(ON_SCREEN, [shipped["figure"], *shipped["at"][live.number(list(position))]])
    )


def places_in_address(page: Page) -> list[int]:
    """주소에 적힌 조작의 자리. page.url은 조금 늦게 바뀌어요."""
    return [int(place) for place in page.evaluate("location.hash").partition("=")[2].split(".")]


def touch(page: Page, path: Sequence[Point]) -> None:
    """손가락을 대고, 길을 따라 조금씩 움직이고, 떼요."""
    session = page.context.new_cdp_session(page)
    send = lambda kind, *at: session.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]}
    )
    send("touchStart", path[0])
    for (x0, y0), (x1, y1) in pairwise(path):
        for part in (0.2, 0.4, 0.6, 0.8, 1):
            send("touchMove", (x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    send("touchEnd")
    page.evaluate(AT_REST)


def test_dragging_with_the_mouse(watched_page: Page, dot: Live) -> None:
    """잡은 자리가 한가운데가 아니어도 손잡이가 따라오고, 다른 조작은 그대로이고, 놓으면 주소에 적혀요."""
    before = dot.check()
    for handle, want in ((0, [8, 2, 0]), (0, [0, 0, 0]), (1, [6, 0, 0]), (0, [5, 1, 0])):
        (x0, y0), (x1, y1) = on_screen(dot, handle, before["position"]), on_screen(dot, handle, want)
        watched_page.mouse.move(x0 + 6, y0 - 5)
        watched_page.mouse.down()
        watched_page.mouse.move(
            x1 + 6, y1 - 5 if handle == 0 else y1 + 40, steps=4
        )  # 가로만 재는 손잡이도 있어요
        assert dot.check(before)["position"] == want
        watched_page.mouse.up()
        assert places_in_address(watched_page) == want
        before = dot.check()
    assert watched_page.locator(".bp-spot").count() == 0, "놓은 뒤에도 갈 수 있는 자리가 남았어요"


def test_handles_look_draggable_and_only_they_hold_the_page(watched_page: Page, dot: Live) -> None:
    dot.put([4, 2, 0])
    assert len(dot.root.evaluate(RINGS)) == 1, "자리에 nan을 준 손잡이가 보여요"
    dot.put([4, 0, 0])
    wanted = [on_screen(dot, handle, [4, 0, 0]) for handle in (0, 1)]  # 화면을 그림으로 옮겨요
    rings = dot.root.evaluate(RINGS)
    for (at, *look), want in zip(rings, wanted, strict=True):
        assert (at, look) == (pytest.approx(want, abs=1), [32, "grab", "none"])
    assert rings[0][0] == pytest.approx(dot.root.evaluate(MARK), abs=1), "손잡이가 그린 점에 있지 않아요"
    still = "all => all.filter(e => getComputedStyle(e).touchAction === 'none').length"
    assert dot.root.locator(":not(.bp-handle)").evaluate_all(still) == 0
    assert dot.root.locator(".bp-handle:not([aria-hidden=true])").count() == 0
    watched_page.set_viewport_size(PHONE)
    watched_page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    wanted = [on_screen(dot, handle, [4, 0, 0]) for handle in (0, 1)]
    for (at, *_), want in zip(dot.root.evaluate(RINGS), wanted, strict=True):
        assert at == pytest.approx(want, abs=1), "폭이 바뀌자 손잡이가 어긋났어요"
    dot.root.locator('[data-pick="세모"]').click()
    assert dot.check()["position"] == [4, 0, 1]
    watched_page.emulate_media(media="print")
    assert dot.root.evaluate(RINGS) == []


def test_turning_past_a_full_circle(watched_page: Page, drag_file: Path) -> None:
    """한 바퀴를 돌면 손잡이가 같은 자리에 오지만, 돌린 만큼 세요."""
    watched_page.goto(drag_file.as_uri())
    live = live_experiments(watched_page)[1]
    watched_page.mouse.move(*on_screen(live, 0, [0]))
    watched_page.mouse.down()
    for t in (*range(1, 7), 5, 4, 3):
        watched_page.mouse.move(*on_screen(live, 0, [t]))
        assert live.check()["position"] == [t]
    watched_page.mouse.up()


def test_dragging_with_a_finger(thumb: Page, drag_file: Path) -> None:
    """손잡이를 끌면 쪽이 움직이지 않고, 손잡이가 아닌 그림 위를 쓸면 쪽만 움직여요."""
    thumb.goto(drag_file.as_uri())
    live = live_experiments(thumb)[0]
    start, goal = on_screen(live, 0, live.look()["position"]), on_screen(live, 0, [2, 0, 0])
    scrolled = thumb.evaluate("scrollY")
    touch(thumb, [start, goal])
    assert (live.check()["position"], thumb.evaluate("scrollY")) == ([2, 0, 0], scrolled)
    assert places_in_address(thumb) == [2, 0, 0]
    x, y = on_screen(live, 0, [8, 1, 0])
    touch(thumb, [(x, y), (x, y - 150)])
    assert live.check()["position"] == [2, 0, 0]
    assert thumb.evaluate("scrollY") > scrolled + 80


def test_a_swipe_that_begins_on_a_slider_only_scrolls(thumb: Page, drag_file: Path) -> None:
    """막대에서 시작해 위로 쓸면 쪽만 움직이고 막대도 주소도 그대로예요. 옆으로 밀면 막대가 움직여요."""
    thumb.goto(drag_file.as_uri())
    live = live_experiments(thumb)[0]
    slider = live.controls()[0]
    box, before, address = slider.bounding_box(), live.look(), thumb.evaluate("location.href")
    assert box
    x, y = box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    touch(thumb, [(x, y), (x + 3, y - 200)])
    assert thumb.evaluate("scrollY") > 100
    assert (live.look(), thumb.evaluate("location.href")) == (before, address)
    thumb.evaluate("scrollTo(0, 0)")
    thumb.evaluate(AT_REST)
    touch(thumb, [(x, y), (box["x"] + 2, y)])
    assert live.check()["position"][0] == 0
    assert places_in_address(thumb) == [0, 1, 0]


# 쪽에서 움직일 수 있는 것들의 지금 모습.
STATE = """() => [location.hash, ...[...document.querySelectorAll(
    'input, select, textarea, output, .bp-text, [role=status]')]
    .filter(e => e.closest('article, .lab-slide')).map(e => e.value ?? e.textContent)]"""
# 손가락이 닿는 조작: 막대는 모두, 나머지는 종류마다 하나.
KINDS = """() => {
    const seen = new Set(), kind = e => e.type === 'range' ? `${seen.size}` : `${e.tagName} ${e.type} ${e.className}`;
    const all = [...document.querySelectorAll('input, select, textarea, button')];
    const reached = all.filter(e => e.checkVisibility() && e.closest('article, .lab-slide'));
    return reached.filter(e => !seen.has(kind(e)) && seen.add(kind(e)))
        .map(e => e.dataset.swiped = `${seen.size}${all.indexOf(e)}`);
}"""


@pytest.mark.parametrize(
    "place", ["chapters/playground", "slides/01-structure", "chapters/08-language", "chapters/09-music"]
)
def test_a_swipe_that_begins_on_any_control_only_scrolls(thumb: Page, site_url: str, place: str) -> None:
    """실험, 내 입력, 내기, 연습, 자유 실험실, 슬라이드의 조작 위에서 쓸어 올려도 아무것도 바뀌지 않아요."""
    thumb.goto(f"{site_url}/{place}.html")
    thumb.wait_for_function("!document.querySelector('.bp-controls:disabled')")
    names = thumb.evaluate(KINDS)
    assert len(names) > 3
    before, scrolls = thumb.evaluate(STATE), []
    for name in sample(names, 10):
        control = thumb.locator(f'[data-swiped="{name}"]')
        control.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        box, scrolled = control.bounding_box(), thumb.evaluate("scrollY")
        assert box
        x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
        touch(thumb, [(x, y), (x + 3, y - 150)])
        assert thumb.evaluate(STATE) == before, control.evaluate("e => e.outerHTML.slice(0, 200)")
        scrolls.append(abs(thumb.evaluate("scrollY") - scrolled))
    assert max(scrolls) > 20  # 슬라이드는 가까운 장에 다시 붙기도 해요


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_text_below_never_moves_and_the_value_stays_beside_its_slider(
    watched_page: Page, dot: Live, width: int
) -> None:
    watched_page.set_viewport_size({"width": width, "height": 844})
    watched_page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert len(dot.root.evaluate(HEIGHTS, dot.positions)) == 1
    for slider in dot.root.locator("input").all():
        box, value = slider.bounding_box(), slider.locator("xpath=../output").bounding_box()
        assert box
        assert value
        assert box["y"] < value["y"] + value["height"] / 2 < box["y"] + box["height"]
        assert value["x"] >= box["x"] + box["width"]
    assert watched_page.evaluate("document.documentElement.scrollWidth") <= width


def test_dragging_stops_the_play(watched_page: Page, dot: Live) -> None:
    watched_page.clock.install()
    hold_time(watched_page)
    dot.root.locator(".bp-play").click()
    dot.root.locator(".bp-handle").first.hover()
    watched_page.mouse.down()
    watched_page.clock.run_for(60_000)
    assert dot.check()["position"] == [5, 1, 0]
    watched_page.mouse.up()
