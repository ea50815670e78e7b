"""내 문장: 쪽이 문장을 자르고 거절하고 읽는 것이 커널과 같은지, 손가락과 글쇠와 화면 낭독기로 쓸 수 있는지."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import browsing
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from scripts import ROOT, load_script

from bplib import datasets
from bplib.lab.own import own_input
from bplib.topics import sentence
from bplib.topics.text import syllables, words

ODD = [
    *[
        "",
        "   ",
        "좋아",
        "a_b 좋아요",
        "１２３ 셋",
        "½ 컵",
        "Ⅳ 장",
        "é café 좋다",
        "ㅋㅋ 최고",
        "ㅠㅠ",
        "😀 좋아 👧🏽",
    ],
    *[
        "줄\n바꿈\t칸",
        "전각\u3000공백",
        "값은 안 비싸고, 맛은 좋다!",
        "漢字 좋아",
        "가" * 99,
        "가" * 101,
        "가 " * 25,
    ],
    *["ﾊﾝ 좋아", "각\u0301", "١٢ 좋아", "𝟙𝟚 좋아", "좋\u200b아", "ㅎㅏㄴ글", "x²+1 좋아", "‘안’ 좋아…"],
]


@pytest.fixture(scope="module")
def own() -> sentence.Own:
    made = own_input("sentence")
    assert isinstance(made, sentence.Own)
    return made


# ── 거울 ──


@pytest.fixture(scope="module")
def mirror(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    for name in ("engine", "forward", "sentence"):
        page.add_script_tag(path=ROOT / "book" / f"{name}.js")
    page.evaluate(load_script("book/labnets.py").net_js("sentence") + "0")
    yield page
    page.close()


def texts() -> list[str]:
    """책의 문장, 이상한 글, 자모로 풀린 글, 아무 글자를 섞은 글."""
    rng = np.random.default_rng(0)
    letters = [*"가나다안않지 _.,!ㅏㅎ😀éA9½ª²٣漢", "\u0301", "\u1112\u1161\u11ab", "\n", "\u3000"]
    wild = ["".join(rng.choice(letters, rng.integers(1, 30))) for _ in range(500)]
    written = [*datasets.sentences().texts[::5], *datasets.fixed_sentences().texts]
    loose = [unicodedata.normalize("NFD", text) for text in written[:50]]
    return [str(text) for text in [*ODD, *written, *loose, *wild]]


def test_the_page_cuts_and_refuses_the_same_way(mirror: Page) -> None:
    every = texts()
    cut = mirror.evaluate(
        "all => all.map((t) => [Sentence.words(t), Sentence.syllables(t), Sentence.refusal(t)])", every
    )
    for text, ours in zip(every, cut, strict=True):
        assert ours == [words(text), syllables(text), sentence.refusal(text)], repr(text)


def test_the_page_reads_the_same(mirror: Page, own: sentence.Own) -> None:
    every = [text for text in texts() if not sentence.refusal(text)][::4]
    script = """async (all) => {
        const net = await Forward.load("sentence");
        return all.map((t) => Sentence.read(net, t));
    }"""
    for text, ours in zip(every, mirror.evaluate(script, every), strict=True):
        pulls = own._pulls(text)
        assert abs(ours["z"] - own._score(syllables(text))) <= 1e-9 * max(1, abs(ours["z"]))
        assert [word for word, _ in ours["pulls"]] == [word for word, _ in pulls]
        assert np.allclose([p for _, p in ours["pulls"]], [p for _, p in pulls], rtol=0, atol=1e-9)
        assert ours["lost"] == all(c == " " or c not in own.vocabulary for c in syllables(text))
        assert ours["strange"] == [c for c in dict.fromkeys(syllables(text)) if c not in own.vocabulary]


# ── 쪽 ──


@pytest.fixture
def lab(watched_page: Page, site_url: str) -> Locator:
    lab = browsing.own_input(watched_page, site_url, "sentence")
    expect(lab.locator(".se-box")).to_have_value(sentence.START)
    return lab


def said(lab: Locator) -> Locator:
    return lab.get_by_role("status")


def test_a_typed_sentence_is_read(lab: Locator, own: sentence.Own) -> None:
    page: Any = lab.page
    assert not [url for url in page.watch.requests if "net-" in url], "만지기 전에는 가져오지 않아요"
    lab.get_by_label("문장을 적어 보세요").fill("국이 안 짜요")
    lab.page.keyboard.press("Enter")
    expect(said(lab)).to_have_text(own.read("국이 안 짜요")[1])
    assert [url for url in page.watch.requests if "net-sentence.js" in url]
    rows = lab.get_by_role("listitem")
    shown = [row.split("\n") for row in rows.all_inner_texts()]
    assert [row[0] for row in shown] == ["국이", "안", "짜요"]
    for (_, value), (_, pull) in zip(shown, own._pulls("국이 안 짜요"), strict=True):
        side = "긍정" if pull > 0 else "부정"
        assert value == (f"{side} {abs(pull):.1f}" if abs(pull) >= 0.05 else "0.0")
    lab.page.keyboard.type("!")  # 고치는 동안 앞 문장의 답은 없어요
    expect(said(lab)).to_contain_text("문장을 고쳤어요")
    expect(rows).to_have_count(0)
    expect(lab).to_contain_text(own.facts())
    lab.get_by_role("button", name="방이 춥지 않아요").click()
    expect(said(lab)).to_have_text(own.read("방이 춥지 않아요")[1])
    expect(rows).to_have_count(3)


def test_what_cannot_be_read_is_told(lab: Locator) -> None:
    for text in ["", "😀", "hello", "ㅋㅋㅋ", "가" * 500, "슬퍼"]:
        lab.locator(".se-box").fill(text)
        lab.get_by_role("button", name="읽기").click()
        expect(said(lab)).to_have_text(sentence.refusal(text) or sentence.STRANGE)
        expect(lab.get_by_role("listitem")).to_have_count(0)


def test_a_thumb_types(thumb: Page, site_url: str) -> None:
    """휴대 전화의 폭에서 옆으로 밀리지 않고, 보기는 손가락만큼 커요."""
    lab = browsing.own_input(thumb, site_url, "sentence")
    for button in lab.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    lab.get_by_role("button", name="오늘 날씨가 안 좋아").tap()
    expect(lab.get_by_role("listitem")).to_have_count(4)
    assert thumb.evaluate("document.documentElement.scrollWidth <= innerWidth")
