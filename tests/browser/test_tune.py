"""내 가락(book/tune.js): 확률과 이어 쓰기가 bplib과 같은지, 그리고 쪽에서 손가락과 글쇠로 움직이는지."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from scripts import ROOT, load_script

from bplib.lab import nets
from bplib.lab.sound import Note
from bplib.topics import tune
from bplib.topics.melody import compose, longest_copy

SCRIPTS = ("engine", "forward", "notes", "tune")
NETS = tuple(tune.LEARNED.values())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """내 가락 하나만 있는 작은 사이트. file:로 열어요."""
    folder = tmp_path_factory.mktemp("tune")
    (folder / "_static").mkdir()
    for name in SCRIPTS:
        (folder / "_static" / f"{name}.js").write_text(
            (ROOT / "book" / f"{name}.js").read_text("utf-8"), "utf-8"
        )
    for name in NETS:
        text = load_script("book/labnets.py").net_js(name)
        (folder / "_static" / f"net-{name}.js").write_text(text, "utf-8")
    tags = "".join(f'<script src="_static/{name}.js"></script>' for name in SCRIPTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPLIB_PAGE", "1")
        html = tune.Own()._repr_mimebundle_()["text/html"]
    page = f'<!DOCTYPE html><html lang="ko"><meta charset="utf-8"><body>{html}{tags}</body></html>'
    (folder / "index.html").write_text(page, "utf-8")
    return folder


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    context = browser.new_context(has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / "index.html").as_uri())
    yield page
    assert not faults
    context.close()


def opened(page: Page) -> None:
    page.get_by_role("button", name="건반 열기").click()
    expect(page.locator(".tu-keys button")).to_have_count(14)


def some_notes(own: tune.Own, rng: np.random.Generator) -> list[Note]:
    count = int(rng.integers(0, tune.GIVEN))
    return [(int(rng.choice(own.words.pitches)), float(rng.choice(own.words.beats))) for _ in range(count)]


@pytest.mark.parametrize("name", NETS)
def test_the_chances_are_those_of_bplib(page: Page, name: str) -> None:
    own, net, rng = tune.Own(), nets.trained(name), np.random.default_rng(0)
    for temperature in (0.3, 1.0, 1.5):
        notes = some_notes(own, rng)
        z = net.forward(own.words.encode(notes)[None, :-1])[-1]
        choices = np.flatnonzero(own.words.allowed(2 * len(notes) + 1))
        p = np.exp((z[choices] - z[choices].max()) / temperature)
        answer = page.evaluate(
            """async ([name, notes, temperature]) => {
                const words = (await Forward.load("tune")).extras;
                const [choices, p] = Tune.chances(await Forward.load(name), words, notes, temperature);
                return [choices, [...p]];
            }""",
            [name, notes, temperature],
        )
        assert answer[0] == choices.tolist()
        np.testing.assert_allclose(answer[1], p / p.sum(), atol=1e-9)


@pytest.mark.parametrize("name", NETS)
def test_a_cold_tune_is_the_same_note_for_note(page: Page, name: str) -> None:
    """온도가 거의 0이면 난수와 상관없이 가장 그럴듯한 토큰만 뽑혀서, 두 곳의 가락이 똑같아요."""
    own, rng = tune.Own(), np.random.default_rng(1)
    for _ in range(3):
        given = some_notes(own, rng)
        wanted = compose(nets.trained(name), own.words, given, notes=tune.LENGTH, rng=rng, temperature=1e-7)
        made, copied = page.evaluate(
            """async ([name, given]) => {
                const words = (await Forward.load("tune")).extras;
                const made = Tune.compose(await Forward.load(name), words, given, {temperature: 1e-7, seed: 3});
                return [made, Tune.closest(made, words.songs)[0]];
            }""",
            [name, given],
        )
        assert [tuple(note) for note in made] == wanted
        assert copied == longest_copy(wanted, own.page_data()["songs"].values())


def test_the_draws_follow_the_chances(page: Page) -> None:
    """첫 음을 씨앗 2,000개로 뽑은 비율이 확률과 같아요(다섯 표준 오차 안)."""
    first, p = page.evaluate(
        """async () => {
            const net = await Forward.load("tune");
            const words = {...net.extras, length: 1};
            const seeds = Array.from({length: 2000}, (_, seed) => seed * 7919);
            const first = seeds.map((seed) => Tune.compose(net, words, [], {temperature: 1, seed})[0]?.[0] ?? -1);
            return [first, [...Tune.chances(net, words, [], 1)[1]]];
        }"""
    )
    counts = np.array([first.count(pitch) for pitch in (-1, *tune.Own().words.pitches)])
    spread = np.sqrt(2000 * np.array(p) * (1 - np.array(p)))
    assert (np.abs(counts - 2000 * np.array(p)) <= 5 * spread + 1).all()


def test_by_mouse_the_tune_is_written_and_written_again(page: Page) -> None:
    opened(page)
    text = page.locator(".bp-text")
    expect(text).to_contain_text("준 음이 없어요")
    page.get_by_label("길이").select_option("2")
    page.get_by_role("button", name="솔₁").click()
    expect(text).to_have_text("준 음 1개: 솔₁ 2박")
    page.get_by_role("button", name="이어 쓰기").click()
    expect(text).to_contain_text("씨앗 0: 1음 다음에")
    reading = page.locator("details p")
    first = reading.text_content()
    assert first is not None
    assert first.startswith("솔₁ 2박, ")
    expect(page.locator(".tu-roll .tu-given")).to_have_count(1)
    expect(page.locator(".tu-roll rect")).to_have_count(len(first.split(", ")))
    page.get_by_role("button", name="다시").click()
    expect(text).to_contain_text("씨앗 1: 1음 다음에")
    assert reading.text_content() != first
    page.get_by_label("배운 만큼").select_option("tune-60")
    expect(text).to_have_text(tune.OLD)
    page.get_by_label("온도").select_option("0.3")
    page.get_by_role("button", name="이어 쓰기").click()
    expect(text).to_contain_text("씨앗 1: 1음 다음에")
    written = page.locator(".tu-roll rect").count() - 1
    expect(text).to_contain_text(
        f"1음 다음에 {written}음을 썼어요. 그 가운데 배운 노래와 가장 길게 같은 토막은 "
    )
    sound = page.get_by_role("button", name="듣기: 내 가락")
    expect(sound).to_have_text("▶ 듣기")
    sound.click()
    expect(page.get_by_role("button", name="멈추기: 내 가락")).to_be_visible()
    page.get_by_role("button", name="모두 지우기").click()
    expect(sound).to_be_hidden()
    page.get_by_role("button", name="이어 쓰기").click()
    expect(text).to_contain_text("씨앗 1: 처음부터")
    page.get_by_role("button", name="모두 지우기").click()
    page.get_by_label("길이").select_option("1")
    for key in ("도", "도", "솔", "솔", "라", "라"):  # 작은 별. 준 음은 베꼈다고 세지 않아요
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="이어 쓰기").click()
    expect(text).to_contain_text("6음 다음에")
    data = tune.Own().page_data()
    pitches = dict(zip(data["names"], data["pitches"], strict=True))
    told = [note.removesuffix("박").split(" ") for note in str(reading.text_content()).split(", ")]
    written = [(pitches[key], float(beats)) for key, beats in told[6:]]
    expect(text).to_contain_text(f"같은 토막은 {longest_copy(written, data['songs'].values())}음: ")


def test_by_keys(page: Page) -> None:
    opened(page)
    text = page.locator(".bp-text")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter", "ArrowLeft", "Space"):
        page.keyboard.press(key)
    expect(text).to_have_text("준 음 2개: 도 1박, 시₁ 1박")
    page.keyboard.press("Backspace")
    expect(text).to_have_text("준 음 1개: 도 1박")


def test_by_thumb_and_too_many(page: Page) -> None:
    opened(page)
    for _ in range(tune.GIVEN + 1):
        page.get_by_role("button", name="미", exact=True).tap()
    expect(page.locator(".bp-text")).to_contain_text("24음까지 줄 수 있어요")
    expect(page.locator(".tu-roll rect")).to_have_count(tune.GIVEN)


def test_a_net_that_does_not_come_is_told(page: Page) -> None:
    page.evaluate("document.documentElement.dataset.content_root = './missing/'")
    page.get_by_role("button", name="건반 열기").click()
    expect(page.locator(".bp-text")).to_contain_text("불러오지 못했어요")
    expect(page.get_by_role("button", name="건반 열기")).to_be_enabled()
