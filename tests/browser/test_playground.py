"""자유 실험실: 마우스와 글쇠로 점을 놓고, 배우고, 한 단계씩 보고, 고치고, 담고, 파이썬으로 이어 가요."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def lab(watched_page: Page, site_url: str) -> Page:
    watched_page.goto(f"{site_url}/chapters/playground.html")
    expect(watched_page.locator(".pg-score")).to_contain_text("에폭 0")
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
    assert {**numbers, "에폭": 0} == again
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


def test_python_continues_with_the_same_numbers(lab: Page) -> None:
    """‘파이썬으로’의 코드를 실행하면, 그 첫 손실이 쪽의 지금 손실이고 그다음 길도 같아요."""
    choose(lab, "배치", "전체")
    choose(lab, "최적화", "Adam")
    press(lab, "한 에폭")
    press(lab, "한 에폭")
    lab.locator(".pg-sharing summary").click()
    press(lab, "파이썬으로")
    names: dict[str, Any] = {}
    code = lab.get_by_label("이어서 배우는 파이썬 코드").input_value()
    exec(code.replace("epochs=100", "epochs=2, progress=False"), names)
    assert f"{names['history'].train_loss[0]:.4f}" == f"{score(lab)['학습 E']:.4f}"


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
