"""다른 책들이 받은 신고를 여기서도 해 봐요: 차례, 복사, 뒤로 가기, 폴더에서의 내려받기. 목록은 QUALITY.md에 있어요."""

import json
from pathlib import Path

import pytest
from browsing import DESKTOP
from playwright.sync_api import Page, expect

# 차례의 제목마다 그 제목을 화면 위로 올리고, 차례가 짚은 것이 그 제목과 다르면 모아요. 아래위로 멀리 건너뛰어요.
# 쪽의 끝이라 위로 올라오지 못하는 제목에서는 마지막 제목을 짚어야 해요.
CONTENTS = """async () => {
    const contents = document.querySelector('#pst-page-toc-nav');
    const links = [...contents?.querySelectorAll('a') ?? []], wrong = [];
    const section = a => document.getElementById(a.getAttribute('href').slice(1));
    const headings = links.map(a => section(a).querySelector('h1, h2, h3, h4'));
    const count = links.length, stride = count % 7 ? 7 : 11; // 서로소라 모두 한 번씩 들러요
    for (const i of [...links.keys()].map(i => i * stride % count)) {
        if (!headings[i].checkVisibility()) continue;
        headings[i].scrollIntoView({block: 'start', behavior: 'instant'});
        await new Promise(requestAnimationFrame);
        const end = scrollY + innerHeight + 2 >= document.documentElement.scrollHeight;
        const want = end ? headings.findLastIndex(h => h.checkVisibility()) : i;
        const marked = links.findIndex(a => a.classList.contains('active'));
        if (marked !== want && !(end && marked === i))
            wrong.push(`${links[want].textContent.trim()} 대신 ${links[marked]?.textContent.trim()}`);
    }
    return wrong;
}"""
# 절 전체를 골라 복사한 글과, 절에 있는 수식.
COPY_ALL = """() => {
    const article = document.querySelector('.bd-article'), selection = getSelection();
    selection.selectAllChildren(article);
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent('copy', {clipboardData, bubbles: true, cancelable: true});
    article.dispatchEvent(event);
    selection.removeAllRanges();
    const formulas = [...article.querySelectorAll('.katex')].filter(e => e.checkVisibility());
    return [clipboardData.getData('text/plain'), formulas.map(e => {
        const mark = e.closest('.katex-display') ? '$$' : '$';
        return mark + e.querySelector('annotation').textContent.trim() + mark;
    })];
}"""
# 고를 곳: (시작 요소와 그 속의 자리, 끝 요소와 그 속의 자리). 자리가 없으면 요소 전체.
SELECT = """([from, to]) => {
    const range = document.createRange();
    range.setStart(from, 0);
    range.setEnd(to, to.childNodes.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""
# 복사 단추가 가린 글이 있는 코드.
COVERED = """() => [...document.querySelectorAll('.lab-copy')].filter(b => b.checkVisibility()).filter(button => {
    const words = document.createRange(), box = button.getBoundingClientRect();
    words.selectNodeContents(button.parentElement.querySelector('pre'));
    return [...words.getClientRects()].some(line => line.width > 1 && line.right > box.left && line.left < box.right
        && line.bottom > box.top && line.top < box.bottom);
}).map(button => button.parentElement.textContent.slice(0, 60))"""


def test_contents_mark_the_heading_being_read(chapter: Page) -> None:
    assert chapter.evaluate(CONTENTS) == []


def test_something_moves_near_the_top(chapter: Page, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """움직일 것이 처음 나오는 자리를 모두 적고, 아래의 장에서는 두 화면 반 안에 있어야 해요."""
    tops = chapter.evaluate(
        "[...document.querySelectorAll('article .bp-experiment:not(.bp-picture)')]"
        ".map(e => e.getBoundingClientRect().top + scrollY)"
    )
    with capsys.disabled():
        print(f" {place}: 첫 실험까지 {tops[0]:.0f}px" if tops else f" {place}: 실험이 없어요", end="")
    if place[len("chapters/") :].startswith(("00", "01", "02", "03", "04", "05-b", "08", "09", "14")):
        assert tops[0] <= 2.5 * DESKTOP["height"]


def test_copying_gives_each_formula_once(chapter: Page) -> None:
    """쪽을 통째로 복사해도 수식이 저마다 TeX로 한 번씩 나와요."""
    text, formulas = chapter.evaluate(COPY_ALL)
    for formula in formulas:
        assert " ".join(formula.split()) in " ".join(text.split())
    assert sum(map(text.count, "$")) >= sum(formula.count("$") for formula in formulas)
    assert "복사" not in text.split("\n"), "복사 단추의 글까지 복사돼요"
    assert '"deltas"' not in text, "보이지 않는 자료까지 복사돼요"


def test_the_copy_button_covers_nothing(chapter: Page) -> None:
    assert chapter.evaluate(COVERED) == []


def copied(page: Page, start: str, end: str) -> str:
    """고른 곳을 글쇠로 복사한 것. ``start``와 ``end``는 요소의 선택자예요."""
    page.evaluate(
        SELECT, [page.locator(start).first.element_handle(), page.locator(end).first.element_handle()]
    )
    page.keyboard.press("Control+c")
    return page.evaluate("navigator.clipboard.readText()")


def test_copying_with_the_keyboard(watched_page: Page, site_url: str) -> None:
    """문장 속 수식도, 따로 떨어진 수식도, 수식의 한 조각만 골라도 온전한 TeX 하나예요. 수식이 없는 글은 그대로예요."""
    page = watched_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site_url}/chapters/02-forward.html")
    block = ".math-block .katex"
    tex = page.locator(f"{block} annotation").first.text_content()
    assert copied(page, block, block) == f"$${tex}$$"
    piece = f"{block} .mord"
    assert copied(page, piece, piece) == f"$${tex}$$", "수식의 한 조각을 고르면"
    sentence = "p:has(> .math-inline)"
    words = copied(page, sentence, sentence)
    inline = page.locator(sentence).first.locator("annotation").all_text_contents()
    assert [words.count(f"${one.strip()}$") > 0 for one in inline] == [True] * len(inline)
    bare = page.locator(sentence).first.evaluate("""p => {
        const copy = p.cloneNode(true);
        const tex = e => e.querySelector('annotation').textContent.trim();
        copy.querySelectorAll('.katex').forEach(e => e.replaceWith(`$${tex(e)}$`));
        return copy.textContent;
    }""")
    assert words.split() == bare.split(), "수식 말고는 글이 그대로여야 해요"
    plain = ".bd-article h2"
    assert copied(page, plain, plain).startswith(
        page.locator(plain).first.evaluate("h => h.firstChild.textContent")
    )


@pytest.mark.parametrize("name", ["02-forward", "08-language", "14-summary", "teaching"])
def test_the_copy_button_covers_nothing_on_a_phone(thumb: Page, site_url: str, name: str) -> None:
    thumb.goto(f"{site_url}/chapters/{name}.html")
    thumb.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert thumb.locator(".lab-copy").count()
    assert thumb.evaluate(COVERED) == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_what_was_searched_is_there_on_the_way_back(
    watched_page: Page, site_url: str, site_dir: Path, scheme: str
) -> None:
    """적는 대로 주소에 남아서, 결과로 갔다가 돌아오면 찾던 말과 결과가 그대로예요. 뒤로 가기가 쌓이지 않아요."""
    page = watched_page
    page.goto(f"{site_url if scheme == 'http' else site_dir.as_uri()}/search.html")
    pages = page.evaluate("history.length")
    page.keyboard.type("편향")
    link = page.locator(".lab-search-results a").first
    expect(link).to_be_visible()
    page.wait_for_function("decodeURIComponent(location.href).includes('편향')")
    assert page.evaluate("history.length") == pages
    link.click()
    page.wait_for_url("**/chapters/**")
    page.go_back()
    expect(page.locator(".lab-search input")).to_have_value("편향")
    expect(page.locator(".lab-search-results a").first).to_be_visible()


def test_the_notebook_downloads_from_a_folder_too(watched_page: Page, site_dir: Path) -> None:
    watched_page.goto(f"{site_dir.as_uri()}/chapters/00-intro.html")
    watched_page.locator(".lab-menu summary", has_text="내려받기").click()
    with watched_page.expect_download() as download:
        watched_page.get_by_role("link", name="노트북 파일").click()
    assert download.value.suggested_filename == "00-intro.ipynb"
    got = json.loads(download.value.path().read_text(encoding="utf-8"))
    source = site_dir / "_sources" / "chapters" / "00-intro.ipynb"
    assert got == json.loads(source.read_text(encoding="utf-8"))
    assert watched_page.url.endswith("/00-intro.html")
