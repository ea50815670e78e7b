"""내 그림: 획을 8×8 수로 고치는 것이 쪽과 커널에서 같은지, 마우스와 손가락과 글쇠로 그린 것을 신경망이 읽는지."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from browsing import own_input
from playwright.sync_api import Browser, Locator, Page, expect
from scripts import ROOT, load_script

from bplib.lab import nets
from bplib.lab.drawing import EMPTY, Own, _example, cells

SEVEN = [(0.25, 0.2), (0.5, 0.19), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]  # 붓이 지나는 점, 칸의 0~1


# ── 거울 ──


@pytest.fixture(scope="module")
def mirror(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    for name in ("engine", "forward", "draw"):
        page.add_script_tag(path=ROOT / "book" / f"{name}.js")
    yield page
    page.close()


def drawings() -> list[tuple[list[np.ndarray], float]]:
    """마우스로 그린 듯한 숫자들과, 아무 획들: 점 하나, 곧은 선, 두꺼운 붓, 칸 밖으로 나간 것."""
    strokes, rng = load_script("studies/strokes.py"), np.random.default_rng(5)
    wild = [
        ([rng.normal(0.5, 0.4, (int(k), 2))], float(rng.uniform(0.01, 0.5))) for k in rng.integers(1, 9, 60)
    ]
    odd = [([], 0.1), ([np.array([[0.5, 0.5]])], 0.1), ([np.array([[0.1, 0.1], [0.1, 0.9]])], 0.01)]
    return [(s, pen) for _, s, pen in strokes.made_set(1) + strokes.hand_set()] + wild + odd


def test_the_page_counts_the_same_cells(mirror: Page) -> None:
    every = drawings()
    sent = [[[stroke.tolist() for stroke in strokes], pen] for strokes, pen in every]
    counted = mirror.evaluate("all => all.map(([strokes, pen]) => Drawing.cells(strokes, pen))", sent)
    for (strokes, pen), ours in zip(every, counted, strict=True):
        assert ours == cells(strokes, pen).ravel().tolist()


def test_the_page_shifts_the_same_way(mirror: Page) -> None:
    script = load_script("studies/shifts.py")
    picture = np.arange(64.0)[None]
    for dy, dx in script.AROUND:
        ours = mirror.evaluate("([p, dy, dx]) => Drawing.moved(p, dy, dx)", [picture[0].tolist(), dy, dx])
        assert ours == script.shift(picture, dy, dx)[0].tolist()


# ── 쪽 ──


@pytest.fixture
def lab(watched_page: Page, site_url: str) -> Locator:
    return own_input(watched_page, site_url, "digits")


def at(lab: Locator, point: tuple[float, float]) -> tuple[float, float]:
    box = lab.locator(".dr-pad").bounding_box()
    assert box
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def draw(lab: Locator, path: Sequence[tuple[float, float]] = SEVEN) -> None:
    mouse = lab.page.mouse
    mouse.move(*at(lab, path[0]))
    mouse.down()
    for point in path[1:]:
        mouse.move(*at(lab, point), steps=6)
    mouse.up()


def picture(lab: Locator) -> np.ndarray:
    """신경망이 보는 수, 쪽에 적힌 그대로."""
    texts = lab.locator(".dr-board").first.locator("text").all_text_contents()
    return np.array([int(text or 0) for text in texts]).reshape(8, 8)


def said(shown: np.ndarray) -> str:
    """bplib의 대답을 쪽의 말로."""
    answers = []
    for name in ("digits", "digits_plain"):
        z = nets.trained(name).forward(shown[None, None] / 16.0)[0]
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        answers += [int(p.argmax()), f"{p.max():.2f}"]
    return "대답은 {}, 확률 {}. 옮긴 글씨를 못 본 신경망은 {}, {}.".format(*answers)


def text(lab: Locator) -> Locator:
    return lab.locator(".dr-answer")


def test_a_mouse_draws_and_the_network_reads(lab: Locator) -> None:
    page: Any = lab.page
    expect(text(lab)).to_contain_text(EMPTY)
    assert not [url for url in page.watch.requests if "net-" in url], "만지기 전에는 가져오지 않아요"
    draw(lab)
    expect(text(lab)).to_contain_text("대답은")
    assert [url for url in page.watch.requests if "net-digits.js" in url]
    shown = picture(lab)
    assert shown.sum() > 150
    expect(text(lab)).to_have_text(said(shown))
    shares = [float(value) for value in lab.locator(".ow-value").all_text_contents()]
    assert abs(sum(shares) - 1) < 0.05
    answer = int(np.argmax(shares))
    assert lab.locator(".ow-chosen .ow-name").all_text_contents() == [str(answer)]
    expect(lab.locator(".dr-big")).to_have_text(f"{answer}확률 {max(shares):.2f}")
    signs = set("".join(lab.locator(".dr-board").nth(1).locator("text").all_text_contents()))
    assert signs == {"+", "−"}
    names = [board.get_attribute("aria-label") or "" for board in lab.locator(".dr-board").all()]
    assert names[0] == f"신경망이 보는 8×8 수: 0이 아닌 칸 {np.count_nonzero(shown)}개"
    assert names[1].startswith(f"기울기 × 화소: 대답({answer})을 민 칸 ")
    lab.get_by_role("button", name="모두 지우기").click()
    expect(text(lab)).to_contain_text(EMPTY)
    assert not picture(lab).any()


def test_examples_and_shifts(lab: Locator) -> None:
    pick = lab.get_by_label("시험 그림 불러오기")
    pick.focus()
    expect(pick.locator("option")).to_have_count(11)
    pick.select_option("3")
    expect(text(lab)).to_contain_text("대답은")
    three = picture(lab)
    assert (three == _example(3)).all()
    lab.get_by_role("button", name="오른쪽으로 한 칸").click()
    expect(text(lab)).to_contain_text("오른쪽으로 1칸 옮긴 그림: ")
    moved = picture(lab)
    assert (moved[:, 1:] == three[:, :-1]).all()
    assert not moved[:, 0].any()
    expect(text(lab)).to_contain_text(said(moved))
    for _ in range(3):
        lab.get_by_role("button", name="오른쪽으로 한 칸").click()
    expect(text(lab)).to_contain_text("3칸까지만 옮길 수 있어요. 오른쪽으로 3칸 옮긴 그림")
    for _ in range(3):
        lab.get_by_role("button", name="왼쪽으로 한 칸").click()
    expect(text(lab)).to_have_text(said(three))
    assert (picture(lab) == three).all(), "되돌아와요"
    draw(lab)
    expect(pick).to_have_value("")
    assert (picture(lab) != three).any(), "그리면 새 종이에서 시작해요"


def test_the_keyboard_draws(lab: Locator) -> None:
    lab.locator(".dr-pad").focus()
    lab.page.keyboard.press("Space")
    expect(lab.locator(".dr-big")).to_contain_text("확률")  # 신경망이 온 뒤에도
    expect(text(lab)).to_have_text("붓을 댔어요.")
    for key in [
        "ArrowRight",
        "ArrowRight",
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "Space",
    ]:
        lab.page.keyboard.press(key)
    expect(text(lab)).to_contain_text("붓을 뗐어요.")
    expect(text(lab)).to_contain_text("대답은")
    expect(lab.locator(".dr-pad polyline")).to_have_count(1)
    expect(text(lab)).to_contain_text(said(picture(lab)))
    before = picture(lab)
    lab.page.keyboard.press("ArrowLeft")  # 뗀 붓은 긋지 않아요
    assert (picture(lab) == before).all()
    draw(lab, [(0.5 + 0.4 * np.cos(t), 0.5 + 0.4 * np.sin(t)) for t in np.linspace(0, 17, 68)])
    expect(text(lab)).to_contain_text("종이가 찼어요.")
    full = lab.locator(".dr-pad polyline").evaluate_all("all => all.map(line => line.points.length)")
    assert sum(full) == 400
    draw(lab)
    expect(lab.locator(".dr-pad polyline")).to_have_count(len(full))


def touch(page: Page, path: Sequence[tuple[float, float]]) -> None:
    """손가락 하나로 쓸어요."""
    session = page.context.new_cdp_session(page)
    points = [[{"x": x, "y": y}] for x, y in path]
    for kind, finger in [
        ("touchStart", points[0]),
        *(("touchMove", p) for p in points[1:]),
        ("touchEnd", []),
    ]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": finger})


def test_a_thumb_draws_and_the_page_stays(thumb: Page, site_url: str) -> None:
    """그리는 칸에서는 쪽이 넘어가지 않고, 그 옆에서는 넘어가요."""
    lab = own_input(thumb, site_url, "digits")
    thumb.wait_for_timeout(300)
    before = thumb.evaluate("scrollY")
    start, end = at(lab, (0.5, 0.85)), at(lab, (0.5, 0.15))
    touch(thumb, [(start[0], start[1] + k / 8 * (end[1] - start[1])) for k in range(9)])
    expect(text(lab)).to_contain_text("대답은")
    expect(lab.locator(".dr-pad polyline")).to_have_count(1)
    assert thumb.evaluate("scrollY") == before
    big, pad = lab.locator(".dr-big").bounding_box(), lab.locator(".dr-pad").bounding_box()
    assert big
    assert pad
    assert big["x"] > pad["x"] + pad["width"], "대답은 그리는 칸 곁에 있어요"
    assert pad["y"] <= big["y"] < pad["y"] + pad["height"]
    wipe = lab.get_by_role("button", name="모두 지우기").bounding_box()
    assert wipe
    for _ in range(10):  # 긋고 곧바로 톡. 브라우저가 click을 보내지 않을 때에도 지워져요
        touch(thumb, [at(lab, (0.2 + k / 20, 0.3 + k / 20)) for k in range(9)])
        touch(thumb, [(wipe["x"] + 20, wipe["y"] + 20)])
        expect(text(lab)).to_contain_text(EMPTY)
    box = lab.locator(".dr-pad").bounding_box()
    assert box
    beside = box["x"] + box["width"] + 30
    assert beside < 380, "칸 옆에 쪽을 넘길 자리가 있어요"
    touch(thumb, [(beside, start[1] - step) for step in (0, 30, 60, 90, 120)])
    thumb.wait_for_function("before => scrollY > before + 60", arg=before)
    assert thumb.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_the_nets_a_reason_is_told(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.route("**/net-digits*.js", lambda route: route.abort())
    lab = own_input(page, site_url, "digits")
    draw(lab)
    expect(text(lab)).to_have_text("배운 신경망을 불러오지 못했어요. 연결을 살피고 다시 해 보세요.")
    page.unroute("**/net-digits*.js")
    draw(lab)
    expect(text(lab)).to_contain_text("대답은")
    page.close()


def test_from_a_folder(browser: Browser, site_dir: Any) -> None:
    page = browser.new_page()
    lab = own_input(page, site_dir.as_uri(), "digits")
    draw(lab)
    expect(text(lab)).to_have_text(said(picture(lab)))
    page.close()


def test_without_scripts_the_page_tells_so(plain: Page, site_url: str) -> None:
    root = own_input(plain, site_url, "digits")
    expect(root).to_contain_text(Own.note)
    expect(root).to_contain_text("처음 보는 글씨의")
