"""실제 브라우저에서 소리를 들어요: 단추와 글쇠로 켜고 끄기, 한 번에 하나만, 끝나면 저절로, 자바스크립트 없이.

소리 자체는 파이썬의 wave()와 같은 자리에서 같은 주파수를 내는지를, 브라우저가 빠르게 그려 낸 물결로 봐요.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from browsing import watched
from playwright.sync_api import Browser, Locator, Page, expect

from bplib.lab.sound import listen, schedule

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "book" / "notes.js"
SHORT = [(60, 0.25), (67, 0.25), (72, 0.5)]
LONG = [(60, 4), (64, 4), (67, 4)]

# AudioContext 대신 OfflineAudioContext를 넣어, 스피커로 나갈 물결을 곧바로 받아요. 진짜 브라우저의 진짜 합성이에요.
CAPTURE = """() => {
    const rate = 11025;
    window.AudioContext = class extends OfflineAudioContext {
        constructor() { super(1, 2 * rate, rate); window.captured = this; }
        resume() { return Promise.resolve(); }
    };
}"""
# 만든 소리 장치를 모아 둬요. 소리는 진짜예요. window.refused이면 전화 중인 아이폰처럼 깨우기를 거절해요.
GATHER = """() => {
    window.made = [];
    window.AudioContext = class extends AudioContext {
        constructor() { super(); made.push(this); }
        resume() { return window.refused ? Promise.reject(new DOMException('', 'InvalidStateError')) : super.resume(); }
    };
}"""
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
RENDER = "async () => [...(await window.captured.startRendering()).getChannelData(0)]"


@pytest.fixture
def sounds_html(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("BPLIB_PAGE", "1")
    html = listen({"짧은": SHORT, "긴": LONG}, tempo=60).page_html
    return f'<!DOCTYPE html><html lang="ko"><meta charset="utf-8"><body>{html}</body></html>'


def opened(page: Page, html: str, before: str = "") -> list[Locator]:
    """소리의 HTML만 담은 쪽을 열고 단추들을 돌려줘요. ``before``는 notes.js보다 먼저 실행해요."""
    page.set_content(html)
    if before:
        page.evaluate(before)
    page.add_script_tag(path=NOTES)
    return page.locator("button[data-sound]").all()


def test_button_starts_and_stops(watched_page: Page, sounds_html: str) -> None:
    _, button = opened(watched_page, sounds_html)
    expect(button).to_be_visible()
    expect(button).to_have_attribute("aria-label", "듣기: 긴")
    button.click()
    expect(button).to_have_attribute("aria-label", "멈추기: 긴")
    button.click()
    expect(button).to_have_attribute("aria-label", "듣기: 긴")


def test_keyboard(watched_page: Page, sounds_html: str) -> None:
    short, button = opened(watched_page, sounds_html)
    watched_page.keyboard.press("Tab")
    expect(short).to_be_focused()
    button.focus()
    watched_page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-label", "멈추기: 긴")
    watched_page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-label", "듣기: 긴")


def test_one_sound_at_a_time(watched_page: Page, sounds_html: str) -> None:
    short, long = opened(watched_page, sounds_html)
    long.click()
    short.click()
    expect(long).to_have_attribute("aria-label", "듣기: 긴")
    expect(short).to_have_attribute("aria-label", "멈추기: 짧은")


def test_a_sound_ends_by_itself(watched_page: Page, sounds_html: str) -> None:
    short, _ = opened(watched_page, sounds_html)
    short.click()
    expect(short).to_have_attribute("aria-label", "멈추기: 짧은")
    expect(short).to_have_attribute("aria-label", "듣기: 짧은")


def test_after_an_interruption(watched_page: Page, sounds_html: str) -> None:
    """소리가 끊기거나 깨우기를 거절당하면 단추가 돌아오고, 다시 누르면 끊긴 장치가 아니라 새 장치로 들려요."""
    _, button = opened(watched_page, sounds_html, GATHER)
    for count, interrupt in enumerate(["made.at(-1).suspend()", "made.at(-1).close()"], 1):
        button.click()
        watched_page.wait_for_function(
            "count => made.length === count && made.at(-1).state === 'running'", arg=count
        )
        expect(button).to_have_attribute("aria-label", "멈추기: 긴")
        watched_page.evaluate(interrupt)
        expect(button).to_have_attribute("aria-label", "듣기: 긴")
    watched_page.evaluate("window.refused = true")
    button.click()
    expect(button).to_have_attribute("aria-label", "듣기: 긴")
    watched_page.evaluate("window.refused = false")
    button.click()
    watched_page.wait_for_function("made.length === 4 && made.at(-1).state === 'running'")
    expect(button).to_have_attribute("aria-label", "멈추기: 긴")


def test_a_sound_whose_clock_stands_still_gives_the_button_back(watched_page: Page, sounds_html: str) -> None:
    watched_page.clock.install()
    short, _ = opened(watched_page, sounds_html, CAPTURE)  # 그리라고 하지 않으면 시계가 가지 않아요
    short.click()
    watched_page.clock.run_for(2_000)
    expect(short).to_have_attribute("aria-label", "멈추기: 짧은")
    watched_page.clock.run_for(2_000)
    expect(short).to_have_attribute("aria-label", "듣기: 짧은")


def test_the_mute_switch(browser: Browser, site_url: str, sounds_html: str) -> None:
    """아이폰에서는 무음 스위치를 넘고, 넘지 못하는 옛것에서는 한 번 알려 줘요."""
    with watched(browser, site_url, user_agent=IPHONE) as page:
        for button in opened(page, sounds_html):
            button.click()
        expect(page.locator(".bp-mute")).to_have_text(re.compile("무음 스위치"))
        buttons = opened(page, sounds_html, "navigator.audioSession = {type: 'auto'}")
        buttons[0].click()
        assert page.evaluate("navigator.audioSession.type") == "playback"
        assert not page.locator(".bp-mute").count()
        assert not page.watch.problems


def test_the_sound_is_the_one_python_makes(watched_page: Page, sounds_html: str) -> None:
    """브라우저가 낸 물결의 구간마다 가장 센 주파수가 그 음의 주파수예요."""
    short, _ = opened(watched_page, sounds_html, CAPTURE)
    short.click()
    values = np.array(watched_page.evaluate(RENDER))
    rate = 11025
    for hertz, start, seconds in schedule(SHORT, tempo=60):
        part = values[round((start + 0.05) * rate) : round((start + 0.05 + seconds) * rate)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), n=8 * rate))
        assert spectrum.argmax() / 8 == pytest.approx(hertz, abs=2)
        assert 0.1 < np.abs(part).max() < 0.5


def test_without_javascript_the_notes_can_be_read(browser: Browser, sounds_html: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(sounds_html)
    expect(page.locator("button[data-sound]").first).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("details p").first).to_have_text("도 0.25박, 솔 0.25박, 도¹ 0.5박")
    context.close()


def test_without_web_audio_the_buttons_stay_hidden(watched_page: Page, sounds_html: str) -> None:
    watched_page.set_content(sounds_html)
    watched_page.evaluate("() => { window.AudioContext = window.webkitAudioContext = undefined; }")
    watched_page.add_script_tag(path=NOTES)
    expect(watched_page.locator("button[data-sound]").first).to_be_hidden()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_sounds_of_the_music_chapter(watched_page: Page, site_url: str, site_dir: Path, scheme: str) -> None:
    """만들어진 책에서: 단추가 모두 켜지고, 누르면 다른 곳으로 가는 요청 없이 소리가 나요."""
    base = site_url if scheme == "http" else site_dir.as_uri()
    watched_page.goto(f"{base}/chapters/09-music.html")
    buttons = watched_page.locator("button[data-sound]")
    assert buttons.count() >= 4
    for button in buttons.all():
        expect(button).to_be_visible()
    first = buttons.first
    first.click()
    expect(first).to_have_accessible_name(first.get_attribute("aria-label") or "")
    assert (first.get_attribute("aria-label") or "").startswith("멈추기: ")
    first.click()
    assert not watched_page.watch.problems
