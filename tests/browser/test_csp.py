"""엄격한 Content-Security-Policy(book/csp.py) 아래에서 책이 온전히 움직이고, 끼워 넣은 것은 하나도 실행되지 않아요.

이 폴더의 시험은 모두 이 정책 아래에서 쪽을 열어요(conftest.py의 site_url). 정책이 막은 것은 콘솔 오류가 되고, 콘솔
오류는 watched_page를 실패하게 해요. 여기서는 정책이 정말 걸려 있는지와, 다른 시험이 하지 않는 일을 봐요.
"""

from pathlib import Path

from browsing import serve
from playwright.sync_api import Page, expect
from scripts import ROOT, load_script
from test_search import search

POLICY = load_script("book/csp.py").POLICY
# 차례에 없는 쪽
OTHERS = [
    "index.html",
    "search.html",
    "404.html",
    "worksheets/1-1.html",
    "worksheets/12-5-key.html",
    "worksheets/ring.html",
]


def test_policy_is_the_one_in_the_readme() -> None:
    assert POLICY in (ROOT / "README.md").read_text(encoding="utf-8")


def test_other_pages_open(watched_page: Page, site_url: str) -> None:
    for name in OTHERS:
        response = watched_page.goto(f"{site_url}/{name}")
        assert response.headers["content-security-policy"] == POLICY, name
        expect(watched_page.locator("h1").first).to_be_visible()
        watched_page.wait_for_load_state("load")


def test_theme_menus_print_and_search_work(watched_page: Page, site_url: str) -> None:
    watched_page.add_init_script("window.print = () => { window.printed = true; }")
    watched_page.goto(f"{site_url}/chapters/02-forward.html")
    looks = set()
    for _ in range(3):
        watched_page.locator("button.theme-switch-button").first.click()
        looks.add(watched_page.evaluate("document.documentElement.dataset.mode"))
    assert looks == {"auto", "light", "dark"}
    watched_page.get_by_text("내려받기", exact=True).click()
    watched_page.get_by_role("button", name="인쇄하기").click()
    assert watched_page.evaluate("window.printed")
    assert search_from_chapter(watched_page)[0] == "02-forward"
    watched_page.goto(f"{site_url}/worksheets/2-3.html")
    watched_page.get_by_role("button", name="인쇄").click()
    assert watched_page.evaluate("window.printed")
    border = watched_page.locator(".bp-sheet").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert border == "1px"


def search_from_chapter(page: Page) -> list[str]:
    """글쇠로 찾기 쪽까지 가서 찾아요."""
    page.keyboard.press("Control+k")
    page.keyboard.type("편향")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    return search(page, "편향")


INJECTED = {
    "script-src-elem inline": """document.body.append(Object.assign(document.createElement('script'),
        {textContent: 'window.ran = true'}))""",
    "script-src-attr inline": "document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"ran=true\">')",
    "script-src eval": "setTimeout('window.ran = true', 0)",
    "script-src-elem data": """document.body.append(Object.assign(document.createElement('script'),
        {src: 'data:text/javascript,window.ran=true'}))""",
    "script-src-elem http://127.0.0.1:9/x.js": """document.body.append(Object.assign(
        document.createElement('script'), {src: 'http://127.0.0.1:9/x.js'}))""",
    "style-src-elem inline": """document.body.append(Object.assign(document.createElement('style'),
        {textContent: 'h1 { display: none }'}))""",
    "img-src http://127.0.0.1:9/x.png": "new Image().src = 'http://127.0.0.1:9/x.png'",
    "connect-src http://127.0.0.1:9/x": "fetch('http://127.0.0.1:9/x').catch(() => {})",
    "frame-src": """document.body.append(Object.assign(document.createElement('iframe'),
        {src: 'data:text/html,<script>parent.ran=true</script>'}))""",
    "object-src data": """document.body.append(Object.assign(document.createElement('object'),
        {data: 'data:text/html,x'}))""",
    "base-uri http://127.0.0.1:9/": """document.head.append(Object.assign(document.createElement('base'),
        {href: 'http://127.0.0.1:9/'}))""",
    "form-action http://127.0.0.1:9/": """document.body.append(Object.assign(document.createElement('form'),
        {action: 'http://127.0.0.1:9/', method: 'post'})); document.forms[document.forms.length - 1].submit()""",
}


LISTEN = """() => {
    window.blocked = [];
    addEventListener('securitypolicyviolation', e => blocked.push(`${e.effectiveDirective} ${e.blockedURI}`));
}"""


def test_what_is_put_in_does_not_run(watched_page: Page, site_url: str) -> None:
    """누가 쪽에 스크립트, 모양, 다른 곳의 것을 끼워 넣었다고 해 봐요. 모두 막히고, 무엇을 막았는지 알려져요."""
    watched_page.goto(f"{site_url}/chapters/05-backprop.html")
    watched_page.evaluate(LISTEN)
    for expected, code in INJECTED.items():
        watched_page.evaluate(f"() => {{ blocked.length = 0; {code} }}")
        told = "what => blocked.some(one => one.startsWith(what))"
        for _ in range(500):  # 바쁜 컴퓨터에서는 늦게 알려 와요
            if watched_page.evaluate(told, expected):
                break
            watched_page.wait_for_timeout(20)
        assert watched_page.evaluate(told, expected), f"{expected}: {watched_page.evaluate('blocked')}"
    assert not watched_page.evaluate("'ran' in window")
    assert watched_page.evaluate("getComputedStyle(document.querySelector('h1')).display") != "none"
    watched_page.watch.problems.clear()  # 막은 것마다 콘솔 오류예요


def test_no_other_site_can_frame_the_book(watched_page: Page, site_url: str, site_dir: Path) -> None:
    """다른 주소의 쪽이 책을 제 안에 담아 누르게 하지 못해요."""
    with serve(site_dir) as other:
        watched_page.goto(f"{other}/404.html")
        with watched_page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            watched_page.evaluate(
                "url => document.body.append(Object.assign(document.createElement('iframe'), {src: url}))",
                site_url,
            )
    watched_page.watch.problems.clear()
