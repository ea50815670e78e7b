"""자유 실험실: 마우스와 글쇠로 점을 놓고, 배우고, 한 단계씩 보고, 고치고, 담고, 파이썬으로 이어 가요."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE
from playwright.sync_api import Browser, Page, expect

LAB = "document.querySelector('.bp-playground').lab"


@pytest.fixture
def lab(watched_page: Page, site_url: str) -> Page:
    watched_page.goto(f"{site_url}/chapters/playground.html")
    expect(watched_page.locator(".pg-score")).to_contain_text("에폭 0")
    watched_page.locator(".pg-settings summary").click()
    return watched_page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, label: str, option: str) -> None:
    page.locator(".bp-playground").get_by_label(label, exact=True).select_option(label=option)


def score(page: Page) -> dict[str, float]:
    """점수판의 수: 에폭, 학습 E, 검증 E, 맞힌 점의 몫(%)."""
    text = page.locator(".pg-score").inner_text()
    return {
        name: float(value) for name, value in re.findall(r"(에폭|학습 E|검증 E|맞힌 점) ([-\d.e]+)", text)
    }


def status(page: Page) -> str:
    return page.locator(".pg-status").inner_text()


# 쪽이 다섯 번 그려지는 동안 움직이지 않을 때까지
AT_REST = """() => new Promise(done => {
    let still = 0, before = scrollY;
    const look = () => {
        still = scrollY === before ? still + 1 : 0;
        before = scrollY;
        if (still === 5) done(); else requestAnimationFrame(look);
    };
    look();
})"""


def dots(page: Page) -> int:
    return page.locator(".pg-dot").count()


def test_it_learns_and_stops(lab: Page) -> None:
    before = score(lab)["학습 E"]
    press(lab, "▶ 배우기")
    expect(lab.locator(".pg-score")).to_contain_text(re.compile(r"에폭 [3-9]\d"))
    press(lab, "❚❚ 멈추기")
    stopped = score(lab)
    assert stopped["학습 E"] < before
    press(lab, "한 에폭")
    assert score(lab)["에폭"] == stopped["에폭"] + 1
    press(lab, "처음부터")
    assert score(lab) == {"에폭": 0, **{k: v for k, v in score(lab).items() if k != "에폭"}}
    assert score(lab)["학습 E"] == before


def test_own_points_by_mouse(lab: Page) -> None:
    press(lab, "모두 지우기")
    assert dots(lab) == 0
    press(lab, "▶ 배우기")
    expect(lab.locator(".pg-status")).to_contain_text("배울 점이 없어요")
    plane = lab.locator(".pg-plane svg")
    for tool, x, y in (("● 놓기", 60, 60), ("■ 놓기", 150, 150), ("■ 놓기", 60, 150)):
        press(lab, tool)
        plane.click(position={"x": x, "y": y})
    assert lab.locator(".pg-dot.pg-one").count() == 1
    assert lab.locator(".pg-dot.pg-zero").count() == 2
    assert lab.get_by_label("자료", exact=True).input_value() == "own"
    press(lab, "옮기기")
    before = lab.locator(".pg-dot.pg-one").get_attribute("cx")
    box = plane.bounding_box()
    assert box
    lab.mouse.move(box["x"] + 60, box["y"] + 60)
    lab.mouse.down()
    lab.mouse.move(box["x"] + 110, box["y"] + 70, steps=3)
    lab.mouse.up()
    assert lab.locator(".pg-dot.pg-one").get_attribute("cx") != before
    press(lab, "지우기")
    plane.click(position={"x": 110, "y": 70})
    assert dots(lab) == 2


def test_own_points_by_keyboard(lab: Page) -> None:
    press(lab, "모두 지우기")
    press(lab, "● 놓기")
    lab.locator(".pg-plane svg").focus()
    for key in ("ArrowRight", "ArrowUp", " "):
        lab.keyboard.press(key)
    assert dots(lab) == 1
    assert "(0.10, 0.10)" in (lab.locator(".pg-plane svg").get_attribute("aria-label") or "")
    press(lab, "옮기기")
    lab.locator(".pg-plane svg").focus()
    for key in (" ", "ArrowRight", "ArrowRight", " ", "ArrowLeft"):
        lab.keyboard.press(key)
    assert dots(lab) == 1
    lab.keyboard.press("Shift+ArrowRight")
    lab.keyboard.press("Delete")
    assert dots(lab) == 0


def test_the_sign_of_a_chosen_number_turns(lab: Page) -> None:
    value = lab.get_by_label("값", exact=True)
    before = float(value.input_value())
    press(lab, "부호 바꾸기")
    assert float(value.input_value()) == -before != 0


def test_one_sample_step_by_step(lab: Page) -> None:
    """앞으로 값, E, 뒤로 δ, 고치기의 차례로. 고치기 전에는 어느 수도 바뀌지 않아요."""
    weight = lab.get_by_label("값", exact=True)
    start = weight.input_value()
    said = []
    for _ in range(6):
        press(lab, "한 단계(표본 하나)")
        said.append(status(lab))
        assert weight.input_value() == start
    press(lab, "한 단계(표본 하나)")
    assert [text[0] for text in said] == ["①", "②", "②", "③", "④", "④"]
    assert "2층" in said[4]
    assert "1층" in said[5]
    assert status(lab).startswith("⑤")
    assert weight.input_value() != start
    assert lab.locator(".pg-cell text.pg-back").count() == 5


def test_every_gradient_agrees_with_a_nudge(lab: Page) -> None:
    """화살표와 뉴런을 하나씩 골라, 역전파의 기울기와 움직여 잰 기울기를 견줘요."""
    picks = lab.locator(".pg-net [role=button]")
    assert picks.count() == 8 + 4 + 4 + 1
    for k in range(picks.count()):
        picks.nth(k).focus()
        lab.keyboard.press("Enter")
        gap = re.search(r"상대 차이 ([\d.e+-]+)", lab.locator(".pg-scroll").inner_text())
        assert gap
        assert float(gap[1]) < 1e-4, lab.locator(".pg-picked").inner_text()


def test_weights_can_be_typed_and_dragged(lab: Page) -> None:
    value = lab.get_by_label("값", exact=True)
    value.fill("−0.75")
    value.press("Enter")
    slider = lab.get_by_label("고른 수를 밀어서 바꾸기")
    assert slider.input_value() == "-0.75"
    facts = lab.locator(".pg-scroll").inner_text()
    slider.focus()
    lab.keyboard.press("ArrowRight")
    assert value.input_value() == "-0.74"
    assert lab.locator(".pg-scroll").inner_text() != facts
    value.fill("하나")
    value.press("Enter")
    assert "유한한 수여야 해요" in status(lab)


def test_the_address_holds_everything(lab: Page) -> None:
    choose(lab, "은닉층의 활성화", "시그모이드")
    press(lab, "은닉층 더하기")
    press(lab, "한 에폭")
    lab.locator(".pg-sharing summary").click()
    press(lab, "주소에 담기")
    numbers = score(lab)
    weight = lab.get_by_label("값", exact=True).input_value()
    lab.reload()
    again = score(lab)
    assert numbers == again
    assert lab.get_by_label("값", exact=True).input_value() == weight
    assert lab.locator(".pg-depth").inner_text() == "은닉층 2개"
    assert lab.get_by_label("은닉층의 활성화").input_value() == "Sigmoid"


def test_the_file_holds_everything(lab: Page, tmp_path: Path) -> None:
    press(lab, "한 에폭")
    numbers = score(lab)
    lab.locator(".pg-sharing summary").click()
    with lab.expect_download() as download:
        press(lab, "파일로 내려받기")
    file = tmp_path / "lab.json"
    download.value.save_as(file)
    press(lab, "처음부터")
    lab.get_by_label("파일 열기").set_input_files(file)
    expect(lab.locator(".pg-score")).to_contain_text(f"학습 E {numbers['학습 E']:.4f}")
    file.write_text("그림", encoding="utf-8")
    lab.get_by_label("파일 열기").set_input_files(file)
    expect(lab.locator(".pg-status")).to_contain_text("자유 실험실의 파일이 아니에요")
    assert score(lab)["학습 E"] == numbers["학습 E"]


# 열 가지 상태: 손실 넷, 최적화 넷, 배치와 L2를 고루. η가 크면 반올림의 차이가 걸음마다 불어나 견줄 수 없어요
STATES: list[dict[str, Any]] = [
    {"loss": "BinaryCrossEntropy", "optimizer": "sgd", "batch": 0},
    {"loss": "BinaryCrossEntropy", "optimizer": "momentum", "batch": 8, "hidden": [3, 5], "lr": 0.01},
    {"loss": "SoftmaxCrossEntropy", "optimizer": "adam", "batch": 8, "lr": 0.03, "data": "spirals"},
    {"loss": "SoftmaxCrossEntropy", "optimizer": "nesterov", "batch": 0, "lr": 0.1, "hidden": []},
    {"loss": "HalfSquaredError", "optimizer": "sgd", "batch": 1, "data": "line", "lr": 0.03, "count": 20},
    {
        "loss": "MeanSquaredError",
        "optimizer": "adam",
        "batch": 32,
        "activation": "ReLU",
        "init": "he",
        "lr": 0.01,
    },
    {
        "loss": "MeanSquaredError",
        "optimizer": "momentum",
        "batch": 0,
        "data": "line",
        "lr": 0.03,
        "l2": 0.001,
    },
    {
        "loss": "HalfSquaredError",
        "optimizer": "nesterov",
        "batch": 8,
        "activation": "Sigmoid",
        "l2": 0.01,
        "lr": 0.03,
    },
    {
        "loss": "BinaryCrossEntropy",
        "optimizer": "adam",
        "batch": 0,
        "init": "normal",
        "hidden": [8, 8, 8],
        "lr": 0.01,
    },
    {
        "loss": "BinaryCrossEntropy",
        "optimizer": "sgd",
        "batch": 8,
        "activation": "LeakyReLU",
        "data": "moons",
        "l2": 0.001,
    },
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: "-".join(map(str, list(state.values())[:3])))
def test_python_continues_with_the_same_numbers(lab: Page, state: dict[str, Any]) -> None:
    """세 에폭을 배운 뒤 ‘파이썬으로’의 코드를 실행하면, 그다음 손실 100개가 쪽의 것과 1e-10까지 같아요."""
    lab.evaluate(f"state => {{ {LAB}.load(state); }}", state)
    for _ in range(3):
        press(lab, "한 에폭")
    lab.locator(".pg-sharing summary").click()
    press(lab, "파이썬으로")
    names: dict[str, Any] = {}
    exec(lab.get_by_label("이어서 배우는 파이썬 코드").input_value(), names)
    page = lab.evaluate(
        f"() => {{ const l = {LAB}, {{x, y, n}} = l.train;"
        " return Array.from({length: 100}, () => l.net.epoch(x, y, n, l.state.batch || n)); }"
    )
    assert names["losses"] == pytest.approx(page, rel=1e-10)


@pytest.mark.parametrize(
    "state",
    [*STATES[:3], {"noise": 0.4, "lr": 0.1}],
    ids=lambda state: "-".join(map(str, list(state.values())[:3])),
)
def test_an_address_continues_too(lab: Page, state: dict[str, Any]) -> None:
    """주소로 옮겨 온 신경망은 최적화의 기억과 섞는 차례까지 이어져, 옮기지 않은 것과 같은 길을 가요."""
    more = f"() => {{ const l = {LAB}; for (let i = 0; i < 5; i++) l.epoch(); return l.last; }}"
    lab.evaluate(f"state => {{ const l = {LAB}; l.load(state); l.epoch(); l.epoch(); }}", state)
    address = lab.evaluate(f"() => {LAB}.address")
    stayed = lab.evaluate(more)
    lab.goto("about:blank")
    lab.goto(address)
    expect(lab.locator(".pg-score")).to_contain_text("에폭 2")
    assert lab.evaluate(more) == stayed
    assert stayed["epoch"] == 7


def test_what_is_too_big_for_an_address_goes_to_a_file(lab: Page) -> None:
    state = {"hidden": [8] * 8, "optimizer": "adam", "count": 200}
    lab.evaluate(f"state => {{ const l = {LAB}; l.load(state); l.epoch(); }}", state)
    lab.locator(".pg-sharing summary").click()
    before = lab.url
    press(lab, "주소에 담기")
    assert "파일로 내려받기" in status(lab)
    assert lab.url == before


# 해 볼 거리마다 목표를 이루는 길. 차려진 그대로 배우면 이루지 못하는 것은 그 에폭 수도 적어요.
WAYS: dict[str, tuple[dict[str, Any], int]] = {
    "diverge": ({"lr": 0.3}, 1000),
    "xor": ({}, 1000),
    "overfit": ({}, 1500),
    "stuck": ({"seed": 0}, 1000),
    "momentum": ({"optimizer": "momentum"}, 150),
    "vanishing": ({"activation": "ReLU", "init": "he"}, 200),
}
UNREACHED = {"diverge": 200, "stuck": 3000, "momentum": 150, "vanishing": 200}
LEARN = f"""([change, epochs]) => {{
    const l = {LAB};
    Object.assign(l.state, change);
    l.newData(false);
    l.reset();
    for (let k = 0; k < epochs && l.reached === undefined; k++) {{
        if (!l.epoch()) break;
        if (k % 5 === 4) l.tell();
    }}
    l.draw();
    return l.reached ?? null;
}}"""


@pytest.mark.parametrize("story", WAYS)
def test_a_goal_can_be_reached_and_is_told(lab: Page, story: str) -> None:
    change, epochs = WAYS[story]
    lab.evaluate("story => { location.hash = `preset=${story}`; }", story)
    expect(lab.locator(".pg-goal")).to_contain_text("목표: ")
    if story in UNREACHED:
        assert lab.evaluate(LEARN, [{}, UNREACHED[story]]) is None
        assert "이루었어요" not in lab.locator(".pg-goal").inner_text()
    reached = lab.evaluate(LEARN, [change, epochs])
    assert reached is not None
    assert f"이루었어요(에폭 {reached})" in lab.locator(".pg-goal").inner_text()
    assert "목표를 이루었어요" in status(lab)


def test_the_goals_of_the_hand(lab: Page) -> None:
    """‘그림이 식이 된다’는 한 단계씩 끝까지, ‘모두 0에서’는 손으로 대칭을 깨야 이루어져요."""
    choose(lab, "해 볼 거리", "그림이 식이 된다")
    for _ in range(7):
        assert "이루었어요" not in lab.locator(".pg-goal").inner_text()
        press(lab, "한 단계(표본 하나)")
    assert "이루었어요" in lab.locator(".pg-goal").inner_text()
    choose(lab, "해 볼 거리", "모두 0에서")
    assert lab.evaluate(LEARN, [{}, 300]) is None
    lab.evaluate(
        f"() => {LAB}.net.layers.forEach(({{W, b}}) => {{ W.forEach((_, i) => (W[i] = Math.sin(3 * i + 1))); }})"
    )
    reached = lab.evaluate(
        f"() => {{ const l = {LAB}; for (let k = 0; k < 500; k++) l.epoch(); l.draw(); return l.reached ?? null; }}"
    )
    assert reached is not None


def test_every_story_has_its_section_and_button(lab: Page) -> None:
    """노트북의 절 제목, 실험실의 목록, 차리는 단추, 절로 가는 주소가 서로 맞아요."""
    titles = lab.get_by_label("해 볼 거리", exact=True).locator("option").all_inner_texts()[1:]
    page = lab.url
    for title in titles:
        slug = title.lower().replace(" ", "-")
        assert lab.locator(f"section[id='{slug}'], [id='{slug}']").count() >= 1, title
        press(lab, f"{title}: 실험실에 차리기")
        chosen = lab.get_by_label("해 볼 거리", exact=True).locator("option:checked")
        assert chosen.inner_text() == title
        lab.goto("about:blank")
        lab.goto(f"{page}#{slug}")
        expect(chosen).to_have_text(title)


def test_softmax_has_two_outputs(lab: Page) -> None:
    choose(lab, "손실", "소프트맥스 교차 엔트로피(출력 둘)")
    assert lab.locator(".pg-net [role=button]").count() == 8 + 8 + 4 + 2
    press(lab, "한 단계(표본 하나)")
    assert re.search(r"정답 y = \((0.0000, 1.0000|1.0000, 0.0000)\)", status(lab))
    before = score(lab)
    for _ in range(30):
        press(lab, "한 에폭")
    assert score(lab)["학습 E"] < before["학습 E"]
    assert score(lab)["맞힌 점"] > before["맞힌 점"]
    choose(lab, "자료", "곡선 맞추기(회귀)")
    assert lab.get_by_label("손실", exact=True).input_value() == "HalfSquaredError"


def test_an_empty_plane_breaks_nothing(lab: Page) -> None:
    """점이 없어도 다시 짓고, 담고, 열고, 지운 것을 되살릴 수 있어요."""
    count = dots(lab)
    press(lab, "모두 지우기")
    press(lab, "은닉층 더하기")
    press(lab, "처음부터")
    press(lab, "▶ 배우기")
    expect(lab.locator(".pg-status")).to_contain_text("배울 점이 없어요")
    lab.locator(".pg-sharing summary").click()
    press(lab, "파이썬으로")
    assert "점을 놓아 주세요" in status(lab)
    press(lab, "주소에 담기")
    lab.reload()
    expect(lab.locator(".pg-score")).to_contain_text("에폭 0")
    assert dots(lab) == 0
    lab.locator(".pg-settings summary").click()
    choose(lab, "자료", "XOR")
    press(lab, "모두 지우기")
    press(lab, "되살리기")
    assert dots(lab) == count
    choose(lab, "자료", "곡선 맞추기(회귀)")
    press(lab, "모두 지우기")
    choose(lab, "자료", "XOR")  # 지운 점은 다른 자료의 것이 아니에요
    expect(lab.get_by_role("button", name="모두 지우기")).to_be_visible()
    assert (
        lab.evaluate(f"() => {{ const l = {LAB}; l.held = 0; l.newData(); return l.held ?? null; }}") is None
    )


def test_the_last_layer_taken_leaves_the_focus(lab: Page) -> None:
    fewer = lab.get_by_role("button", name="은닉층 빼기")
    while fewer.is_enabled():
        fewer.press("Enter")
    expect(lab.get_by_role("button", name="은닉층 더하기")).to_be_focused()


def test_links_of_the_page_leave_the_laboratory_alone(lab: Page) -> None:
    press(lab, "한 에폭")
    before = score(lab)
    lab.evaluate("() => { location.hash = '#세-줄-요약'; }")
    lab.evaluate("() => new Promise(requestAnimationFrame)")
    assert score(lab) == before


def test_one_loop_however_often_it_is_pressed(lab: Page) -> None:
    """배우기를 아무리 빨리 여러 번 눌러도, 한 장면에 한 에폭이에요."""
    epochs, frames = lab.evaluate(
        f"""() => new Promise(done => {{
            const l = {LAB};
            for (let k = 0; k < 9; k++) l.play();
            let frames = 0;
            const count = () => (++frames < 20 ? requestAnimationFrame(count) : done([l.epochs, frames]));
            requestAnimationFrame(count);
        }})"""
    )
    assert epochs <= frames + 1


def test_reduced_motion_draws_once_a_second(lab: Page) -> None:
    """움직임을 줄여 달라고 한 독자에게는 배우는 동안 평면이 깜박이지 않아요. 멈추면 지금의 것을 그려요."""
    lab.emulate_media(reduced_motion="reduce")
    drawn = lab.evaluate(
        f"""() => new Promise(done => {{
            const l = {LAB}, heat = l.drawHeat, start = performance.now();
            let drawn = 0, frames = 0;
            l.drawHeat = () => {{ drawn += 1; heat.call(l); }};
            l.play();
            const count = () => (++frames < 40 ? requestAnimationFrame(count) : finish());
            const finish = () => {{ l.pause(); done([drawn, (performance.now() - start) / 1000]); }};
            requestAnimationFrame(count);
        }})"""
    )
    assert drawn[0] <= 3 + drawn[1]  # 처음과 멈출 때, 그리고 1초마다
    assert f"에폭 {lab.evaluate(f'() => {LAB}.epochs')}" in lab.locator(".pg-score").inner_text()


def test_scrolling_by_thumb_places_nothing(browser: Browser, site_url: str) -> None:
    """평면 위를 쓸어 쪽을 내려도 점이 생기지 않고, 톡 치면 생겨요."""
    with browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(f"{site_url}/chapters/playground.html")
        expect(page.locator(".pg-score")).to_contain_text("에폭 0")
        page.get_by_role("button", name="● 놓기").tap()
        plane = page.locator(".pg-plane svg")
        plane.scroll_into_view_if_needed()
        box, count = plane.bounding_box(), dots(page)
        assert box
        x, y = box["x"] + 100, box["y"] + 200
        session = page.context.new_cdp_session(page)
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            *(("touchMove", [{"x": x, "y": y - step}]) for step in (30, 60, 90, 120)),
            ("touchEnd", []),
        ):
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.evaluate(AT_REST)  # 아직 미끄러지는 쪽에서는 첫 탭이 멈추게만 해요
        assert dots(page) == count
        plane.tap(position={"x": 50, "y": 50})
        expect(page.locator(".pg-dot")).to_have_count(count + 1)


def test_labels_of_own_points_are_zero_or_one(lab: Page) -> None:
    """곡선의 점을 ‘내 점’으로 바꾸면, 높이가 아니라 0과 1이 정답이에요."""
    choose(lab, "자료", "곡선 맞추기(회귀)")
    choose(lab, "자료", "내 점")
    assert lab.evaluate(f"() => {LAB}.points.every(([, , kind]) => kind === 0 || kind === 1)")
    assert score(lab)["학습 E"] > 0


def test_choices_of_numbers_are_in_order(lab: Page) -> None:
    for label in ("학습률 η", "잡음", "L2의 λ", "배치"):
        values = (
            lab.get_by_label(label, exact=True)
            .locator("option")
            .evaluate_all("all => all.map(e => +e.value)")
        )
        assert values == sorted(values), label


def test_the_validation_set_of_xor_has_every_corner(lab: Page) -> None:
    lab.evaluate(f"() => {LAB}.load({{data: 'xor', noise: 0}})")
    corners = lab.evaluate(
        f"() => new Set({LAB}.points.filter(p => {LAB}.isHeld(p)).map(([x, y]) => `${{x}},${{y}}`)).size"
    )
    assert corners == 4


def test_what_the_output_means_is_told(lab: Page) -> None:
    """③은 출력을 확률로 바꿔 E를 계산하고, 표는 p − y와 고친 뒤의 값을 보여요."""
    for _ in range(4):
        press(lab, "한 단계(표본 하나)")
    found = re.search(r"p = σ\((-?[\d.]+)\) = ([\d.]+), 정답 y = ([01])\. E = .* = ([\d.]+)\.", status(lab))
    assert found
    z, p, y, E = map(float, found.groups())
    assert p == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-4)
    assert pytest.approx(-math.log(p if y else 1 - p), abs=2e-4) == E
    lab.locator(".pg-net [role=button]").last.focus()
    lab.keyboard.press("Enter")
    facts = lab.locator(".pg-scroll").inner_text()
    assert "p − y" in facts
    assert "w − η ∂E/∂w" in facts


def test_divergence_is_told(lab: Page) -> None:
    choose(lab, "해 볼 거리", "발산")
    press(lab, "▶ 배우기")
    expect(lab.locator(".pg-status")).to_contain_text("발산했어요")
    expect(lab.get_by_role("button", name="▶ 배우기", exact=True)).to_be_visible()


@pytest.mark.parametrize("hash_", ["#lab=%%%", "#lab=bm90IGpzb24", "#preset=none"])
def test_a_broken_address_opens_the_start(watched_page: Page, site_url: str, hash_: str) -> None:
    watched_page.goto(f"{site_url}/chapters/playground.html{hash_}")
    expect(watched_page.locator(".pg-score")).to_contain_text("에폭 0")
    if hash_.startswith("#lab"):
        assert "읽지 못해" in status(watched_page)


def test_foreign_state_is_cleaned(watched_page: Page, site_url: str) -> None:
    """남이 만든 상태의 이상한 값은 버리고, 글은 글로만 다뤄요."""
    state = {
        "data": "<img src=x>", "hidden": [99, "8"], "lr": "1e9", "points": [["a", 1, 2], [1e999, 0, 1]],
        "weights": "AAAA", "activation": "constructor",
    }  # fmt: skip
    packed = watched_page.evaluate("text => btoa(text)", json.dumps(state))
    watched_page.goto(f"{site_url}/chapters/playground.html#lab={packed}")
    expect(watched_page.locator(".pg-score")).to_contain_text("에폭 0")
    assert watched_page.locator(".bp-playground img").count() == 0
    assert watched_page.get_by_label("은닉층의 활성화").input_value() == "Tanh"


def test_regression_draws_a_curve(lab: Page) -> None:
    choose(lab, "자료", "곡선 맞추기(회귀)")
    assert lab.get_by_label("손실", exact=True).input_value() == "HalfSquaredError"
    press(lab, "한 에폭")
    assert "L" in (lab.locator(".pg-curve").get_attribute("d") or "")
    assert "맞힌 점" not in lab.locator(".pg-score").inner_text()
