"""내기와 발자취: 고르기 전에는 결과가 닫혀 있고, 푼 것과 고른 것은 이 기기에만 남으며, 저장소가 막혀도 돼요."""

import re
from pathlib import Path

from browsing import BLOCKED, watched
from playwright.sync_api import Page, expect

from bplib.lab.bets import all_bets
from bplib.lab.problems import problem

FIVE = "chapters/05-backprop"
BET = next(one for one in all_bets().values() if one.chapter == "05-backprop")


def after(page: Page, number: str = BET.number):
    return page.locator(f'.bp-after[data-bet="{number}"]')


def test_a_bet_opens_its_result(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/{FIVE}.html")
    root = watched_page.locator(f'.bp-bet[data-number="{BET.number}"]')
    expect(after(watched_page)).to_be_hidden()
    root.locator("button").nth(BET.right % len(BET.choices)).focus()
    watched_page.keyboard.press("Enter")
    expect(root.locator(".bp-text")).to_have_text(re.compile("^✗"))
    expect(after(watched_page)).to_be_visible()
    expect(after(watched_page).locator("blockquote").last).to_contain_text("판정.")
    watched_page.reload()
    expect(after(watched_page)).to_be_visible()
    root.locator("button").nth(BET.right - 1).click()
    expect(root.locator(".bp-text")).to_have_text(re.compile("^✓"))
    watched_page.goto(f"{site_url}/chapters/misconceptions.html")
    expect(watched_page.locator(f'[data-bet="{BET.number}"]')).to_have_text("✗ 졌어요")  # 처음 고른 것


def test_every_bet_is_closed_until_chosen(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/{FIVE}.html")
    bets = watched_page.locator(".bp-bet")
    assert bets.count() == watched_page.locator(".bp-after").count() > 0
    for root in bets.all():
        number = root.get_attribute("data-number")
        expect(after(watched_page, number)).to_be_hidden()
        root.locator("button").nth(all_bets()[number].right - 1).click()
        expect(root.locator(".bp-text")).to_have_text(re.compile("^✓"))
        expect(after(watched_page, number)).to_be_visible()


def test_every_bet_of_the_book_closes_something(site_dir: Path):
    pages = "".join(path.read_text("utf-8") for path in (site_dir / "chapters").glob("*.html"))
    asked = re.findall(r'bp-bet" data-number="([\d.]+)"', pages)
    assert (
        sorted(asked)
        == sorted(re.findall(r'class="bp-after" data-bet="([\d.]+)"', pages))
        == sorted(all_bets())
    )


def test_paper_and_no_script_show_the_results(watched_page: Page, plain: Page, site_url: str):
    watched_page.goto(f"{site_url}/{FIVE}.html")
    watched_page.emulate_media(media="print")
    expect(after(watched_page)).to_be_visible()
    plain.goto(f"{site_url}/{FIVE}.html")
    expect(after(plain)).to_be_visible()


def solve(page: Page, number: str):
    root = page.locator(f'.bp-exercise[data-number="{number}"]')
    root.locator("input").fill(str(float(problem(number).answer)))
    root.locator("[type=submit]").click()
    expect(root).to_have_attribute("data-solved", "")


def test_solved_exercises_show_in_the_contents_and_the_record(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/{FIVE}.html")
    total = watched_page.locator(".bp-exercise").count()
    mark = watched_page.locator(".bd-docs-nav a[aria-current=page], .bd-docs-nav .current > a").locator(
        ".lab-done"
    )
    expect(mark).to_have_count(0)
    solve(watched_page, "5.1")
    expect(mark.first).to_have_text(f"1/{total}")
    solve(watched_page, "5.2")
    watched_page.goto(f"{site_url}/chapters/record.html")
    record = watched_page.locator(".lab-record")
    expect(record).to_contain_text("푼 연습 2개")
    code = record.locator(".lab-code").text_content()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d 5\.1 5\.2 #[a-z0-9]{4}", code)
    teacher = watched_page.locator(".lab-teacher")
    for typed, said in (
        (code, "온전한 확인 번호예요. 연습을 1일에 걸쳐 2개"),
        (code.replace("5.2", "5.3"), "온전하지 않아요"),
    ):
        teacher.locator("input").fill(typed)
        teacher.locator("button").click()
        expect(teacher.locator("[role=status]")).to_contain_text(said)
    forget = record.get_by_role("button", name="내 기록 모두 지우기")
    forget.click()
    expect(record).to_contain_text("푼 연습 2개")
    record.get_by_role("button", name="정말 지울까요?").click()
    expect(record).to_contain_text("푼 연습 0개")
    assert watched_page.evaluate("localStorage.getItem('backprop-lab')") is None


def test_what_was_erased_in_another_tab_stays_erased(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/{FIVE}.html")
    solve(watched_page, "5.1")
    other = watched_page.context.new_page()
    other.goto(f"{site_url}/chapters/record.html")
    for name in ("내 기록 모두 지우기", "정말 지울까요?"):
        other.get_by_role("button", name=name).click()
    expect(other.get_by_role("button", name="내 기록 모두 지우기")).to_be_focused()
    watched_page.goto(f"{site_url}/chapters/record.html")  # 떠나며 마지막 자리를 적어요
    expect(watched_page.locator(".lab-record")).to_contain_text("푼 연습 0개")


def test_the_record_leads_to_the_exercise(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/chapters/06-bug-zoo.html")
    tried = watched_page.locator('.bp-exercise[data-number="6.21"]')
    tried.locator("input").fill("12345")
    tried.locator("[type=submit]").click()
    watched_page.goto(f"{site_url}/chapters/record.html")
    watched_page.locator(".lab-record").get_by_role("link", name="6.21").click()
    expect(tried).to_be_in_viewport()


def test_the_first_page_offers_to_continue(watched_page: Page, site_url: str):
    watched_page.goto(f"{site_url}/chapters/00-intro.html")
    expect(watched_page.locator(".lab-continue")).to_have_count(0)
    watched_page.goto(f"{site_url}/{FIVE}.html#연습문제")
    watched_page.goto(f"{site_url}/chapters/00-intro.html")
    link = watched_page.locator(".lab-continue a")
    expect(link).to_contain_text("연습문제")
    link.click()
    expect(watched_page).to_have_url(re.compile(r"05-backprop\.html#"))


def test_without_storage_everything_answers(browser, site_url: str):
    with watched(browser, site_url) as page:
        page.add_init_script(BLOCKED)
        page.goto(f"{site_url}/{FIVE}.html")
        page.locator(f'.bp-bet[data-number="{BET.number}"] button').first.click()
        expect(after(page)).to_be_visible()
        solve(page, "5.1")
        page.goto(f"{site_url}/chapters/record.html")
        expect(page.locator(".lab-record")).to_contain_text("푼 연습 0개")
        assert not page.watch.problems
