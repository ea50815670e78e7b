"""만들어진 사이트를 검사해요. 함수마다 글을 받아 문제의 목록을 돌려주고, 문제가 없으면 빈 목록이에요.

python book/check.py _build/html                  문제를 찾아요
python book/check.py _build/html --write-counts   장마다의 실험·연습문제·PDF 쪽 수를 book/counts.json에 다시 적어요
"""

import gzip
import json
import posixpath
import re
import sys
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from bs4.element import PreformattedString

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.I)
LOADING_RELS = {
    "stylesheet",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "icon",
    "manifest",
}
CSS_REQUEST = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s;]+)""", re.I)
JS_REQUEST = re.compile(
    r"""(?:\b(?:fetch|import|importScripts|Worker|EventSource|WebSocket)\(\s*|\bfrom\s*|\bimport\s*|\.src\s*=\s*)
        ["'`]((?:https?:|wss?:)?//[^"'`\s]+)
      | ["'`]((?:https?:)?//[^"'`\s]+\.(?:m?js|css|woff2?|wasm|json))(?:\?[^"'`]*)?["'`]""",
    re.X,
)
MADE_SCRIPT = re.compile(r"(?<![.\w])eval\s*\(|\bnew\s+Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]")
MARKUP = {
    "굵은 글씨 표시가 그대로 보여요": re.compile(r"\*\*|(?<!\w)__|__(?!\w)"),
    "지시문이 그대로 보여요": re.compile(r":::|```|\{[a-z][\w:-]*\}(?=`|\s|$)"),
    "수식이 그대로 보여요": re.compile(r"\$\$|\$[^$\n]{1,200}\$|\\[()\[\]]|\\[A-Za-z]{2,}"),
}
WARNING = re.compile(
    r"\b\w*Warning:|\bTraceback \(most recent call last\)|Glyph \d+ .*missing|missing from (?:current )?font"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|Users|private|mnt)/\w[\w./-]*|\b[A-Za-z]:\\+Users\\+\w+|[\w./-]*/site-packages/"
)
HANGUL = re.compile("[가-힣]")
COUNTS = "book/counts.json"  # 장마다 적어도 이만큼은 있어야 해요
PDF = "backprop-lab.pdf"
PDF_SLACK = 0.9  # 브라우저의 판마다 쪽이 갈리는 자리가 조금 달라요
FILE_NAME = re.compile(r"(?:^|/)[\w.-]+\.(?:png|svg|jpe?g|gif|webp)$", re.I)


@lru_cache(maxsize=256)  # 쪽보다 넉넉히: 모자라면 검사마다 모두 다시 읽어요
def parse(html):
    """브라우저와 같은 규칙으로 HTML을 읽어요."""
    return BeautifulSoup(html, "html5lib")


def article(soup):
    """본문. 본문이 따로 없는 쪽은 전체예요."""
    return soup.select_one(".bd-article") or soup.body or soup


def text_of(tag):
    """문제를 알릴 때 쓸 짧은 글."""
    return re.sub(r"\s+", " ", tag if isinstance(tag, str) else str(tag)).strip()[:90]


def css_requests(css):
    """CSS가 다른 서버에서 부르는 것."""
    return [f"CSS가 다른 서버를 불러요: {url}" for url in CSS_REQUEST.findall(css)]


def js_requests(js):
    """JS가 다른 서버에서 부르는 것."""
    return [f"JS가 다른 서버를 불러요: {a or b}" for a, b in JS_REQUEST.findall(js)]


def outside_requests(html):
    """쪽을 열기만 해도 다른 서버로 나가는 요청. 눌러야 나가는 링크는 괜찮아요."""
    soup, problems = parse(html), []
    for tag in soup.find_all(True):
        urls = [tag.get("src"), tag.get("data") if tag.name == "object" else None, tag.get("poster")]
        urls += [part.strip().split(" ")[0] for part in (tag.get("srcset") or "").split(",")]
        if tag.name in {"image", "use", "feimage", "feImage"}:
            urls += [tag.get("href"), tag.get("xlink:href")]
        if tag.name == "link" and LOADING_RELS & {rel.lower() for rel in tag.get("rel") or []}:
            urls.append(tag.get("href"))
        if tag.name == "meta" and (tag.get("http-equiv") or "").lower() == "refresh":
            urls.append((tag.get("content") or "").partition("url=")[2])
        problems += [
            f"<{tag.name}>이 다른 서버를 불러요: {url}" for url in urls if url and OUTSIDE.match(url)
        ]
        problems += css_requests(tag.get("style") or "")
        if tag.name == "style":
            problems += css_requests("".join(map(str, tag.contents)))
        if tag.name == "script":
            problems += js_requests("".join(map(str, tag.contents)))
    return problems


def written_scripts(html):
    """쪽에 적힌 스크립트. 모두 파일이어야 정책(csp.py)이 끼워 넣은 것을 막아요. 자료(JSON)는 실행되지 않아요."""
    problems = []
    for tag in parse(html).find_all(True):
        if tag.name == "script" and not tag.get("src") and tag.get("type") != "application/json":
            problems.append(f"쪽에 스크립트가 적혀 있어요: {text_of(tag)}")
        problems += [
            f"쪽에 {name}이 적혀 있어요: {text_of(tag)}" for name in tag.attrs if name.startswith("on")
        ]
        if (tag.get("href") or tag.get("src") or "").strip().lower().startswith("javascript:"):
            problems.append(f"쪽에 javascript: 주소가 적혀 있어요: {text_of(tag)}")
    return problems


def made_scripts(js):
    """글을 코드로 바꾸어 실행하는 JS."""
    return [f"JS가 글을 실행해요: {found}" for found in MADE_SCRIPT.findall(js)]


def visible_strings(root):
    """코드와 수식을 뺀, 읽는 이에게 보이는 글."""
    hidden = {"code", "pre", "script", "style", "math", "kbd", "samp", "textarea", "template", "noscript"}
    for string in root.find_all(string=True):
        if isinstance(string, PreformattedString):
            continue
        if not any(p.name in hidden or "katex" in (p.get("class") or []) for p in string.parents):
            yield str(string)


def stray_markup(html):
    """글로 새어 나온 마크다운, 지시문, LaTeX."""
    soup = parse(html)
    strings = list(visible_strings(soup))
    strings += [
        tag[name] for tag in soup.find_all(True) for name in ("alt", "title", "aria-label") if tag.get(name)
    ]
    problems = [
        f"{what}: {text_of(s)}" for s in strings for what, pattern in MARKUP.items() if pattern.search(s)
    ]
    problems += [
        f"쪽 제목에 수식이 있어요(탭 이름에서 깨져요): {text_of(h.get_text())}"
        for h in soup.select("h1 .katex")
    ]
    return problems


def missing_alt(html):
    """한국어 대체 글이 없는 그림."""
    problems = []
    for image in parse(html).find_all("img"):
        alt = (image.get("alt") or "").strip()
        if image.get("aria-hidden") == "true" or image.get("role") in {"presentation", "none"}:
            continue
        if not alt or FILE_NAME.search(alt):
            problems.append(f"그림에 대체 글이 없어요: {text_of(image)}")
        elif not HANGUL.search(alt):
            problems.append(f"그림의 대체 글이 한국어가 아니에요: {alt}")
    for svg in article(parse(html)).find_all("svg"):
        around = [svg, *svg.parents]
        if any("katex" in (t.get("class") or []) or t.get("aria-hidden") == "true" for t in around):
            continue
        title = svg.find("title", recursive=False)
        if not (title and title.get_text(strip=True)) and not any(
            t.get("role") == "img" and (t.get("aria-label") or t.get("aria-labelledby")) for t in around
        ):
            problems.append(f"SVG 그림에 role='img'와 aria-label이 없어요: {text_of(svg)}")
    return problems


def warnings_shown(html):
    """그림 위아래에 실린 경고나 오류의 글."""
    soup = parse(html)
    problems = [
        f"stderr 출력이 실렸어요: {text_of(t.get_text())}" for t in soup.select(".cell_output .stderr")
    ]
    problems += [
        f"오류 출력이 실렸어요: {text_of(t.get_text())}" for t in soup.select(".cell_output .traceback")
    ]
    for string in article(soup).find_all(string=WARNING):
        if not any("cell_input" in (p.get("class") or []) for p in string.parents):
            problems.append(f"경고의 글이 보여요: {text_of(str(string))}")
    return problems


def machine_paths(text, checkout=""):
    """책을 만든 컴퓨터의 경로. HTML뿐 아니라 어떤 글이든 볼 수 있어요."""
    found = [match.group() for match in MACHINE_PATH.finditer(text)]
    found += [checkout] if checkout and checkout in text else []
    return [f"만든 컴퓨터의 경로가 보여요: {path}" for path in dict.fromkeys(found)]


def language(html):
    """<html lang="ko">인지 봐요."""
    tag = parse(html).html
    return [] if tag and tag.get("lang") == "ko" else ['<html lang="ko">가 아니에요']


def missing_glyphs(html):
    """그리지 못한 글자(�, □)."""
    return [
        f"그리지 못한 글자가 있어요: {text_of(s)}"
        for s in parse(html).find_all(string=re.compile("[\ufffd\u25a1]"))
    ]


def missing_icons(html, icon_css):
    """쪽이 쓰는데 ``book/icons``에 SVG가 없는 아이콘. 빈 네모로 보여요."""
    styles = {"fa-solid", "fa-regular", "fa-brands", "fa-lg"}
    names = {
        name for tag in parse(html).find_all(class_=True) for name in tag["class"] if name.startswith("fa-")
    }
    return [
        f"아이콘의 SVG가 없어요: {name}" for name in sorted(names - styles) if f".{name}{{" not in icon_css
    ]


def anchors(html):
    """쪽 안에서 링크가 가리킬 수 있는 이름들."""
    soup = parse(html)
    return {tag["id"] for tag in soup.find_all(id=True)} | {
        tag["name"] for tag in soup.find_all("a", attrs={"name": True})
    }


def broken_links(html, page, files, anchors_of):
    """사이트 안에서 끊긴 링크와 없는 파일.

    ``page``는 이 쪽의 경로, ``files``는 사이트의 모든 파일, ``anchors_of(경로)``는 그 쪽의 이름들이에요.
    """
    problems = []
    for tag in parse(html).find_all(True):
        for name in ("href", "src", "data", "poster", "xlink:href"):
            link = tag.get(name)
            if link is None or (name == "data" and tag.name != "object"):
                continue
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
            if link.startswith("/") or target.startswith(".."):
                problems.append(f"사이트 밖을 가리켜요: {link}")
            elif target not in files and f"{target}/index.html" not in files:
                problems.append(f"없는 파일을 가리켜요: {link}")
            elif (
                parts.fragment
                and target.endswith(".html")
                and unquote(parts.fragment) not in anchors_of(target)
            ):
                problems.append(f"없는 자리를 가리켜요: {link}")
    return problems


def launch_links(html, page, repository, branch, notebooks):
    """Binder·Colab 단추가 설정한 저장소의, 있는 노트북을 여는지 봐요. 노트북으로 만든 쪽에는 둘 다 있어야 해요."""
    owner = urlsplit(repository).path.strip("/")
    prefixes = {
        "mybinder.org": f"https://mybinder.org/v2/gh/{owner}/{branch}?urlpath=lab/tree/",
        "colab.research.google.com": f"https://colab.research.google.com/github/{owner}/blob/{branch}/",
    }
    notebook, problems, seen = page.removesuffix(".html") + ".ipynb", [], set()
    for link in parse(html).find_all("a", href=True):
        url = unquote(link["href"])
        host = urlsplit(url).netloc
        if host not in prefixes:
            continue
        target = url.removeprefix(prefixes[host])
        if target == url:
            problems.append(f"설정한 저장소와 달라요: {url}")
        elif target not in notebooks:
            problems.append(f"없는 노트북을 열어요: {url}")
        elif target == notebook:
            seen.add(host)
    if notebook in notebooks:
        problems += [f"{host} 단추가 없어요" for host in prefixes if host not in seen]
    return problems


PAGE_CHECKS = (
    outside_requests,
    written_scripts,
    stray_markup,
    missing_alt,
    warnings_shown,
    language,
    missing_glyphs,
)


# 무게 -------------------------------------------------------------------------------------------------------


def packed(data):
    """gzip으로 줄였을 때의 바이트 수."""
    return len(gzip.compress(data, 9, mtime=0))


def used_fonts(html, css):
    """이 쪽의 클래스가 부를 수 있는 글꼴 파일. 실제로 받는 것은 이보다 적거나 같아요. CSS에 담긴 것은 CSS에서 세요."""
    names = {name for tag in parse(html).find_all(class_=True) for name in tag["class"]}
    families = set()
    for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        family = re.search(r"font(?:-family)?:[^;}]*?(KaTeX_\w+)", body)
        if (
            family
            and not head.startswith("@")
            and any(set(re.findall(r"\.([\w-]+)", s)) <= names for s in head.split(","))
        ):
            families.add(family.group(1))
    faces = re.findall(r"@font-face\{[^}]*font-family:([^;]+);[^}]*url\(([^)]+)\)", css)
    return [url for family, url in faces if family in families and not url.startswith("data:")]


def page_weight(site, page):
    """쪽을 처음 열 때 받는 것: ``[(파일, 바이트, gzip 바이트)]``. 글꼴은 가장 많이 받을 때로 세요."""
    html = (site / page).read_text(encoding="utf-8")
    soup, base = parse(html), posixpath.dirname(page)
    links = [
        t["href"]
        for t in soup.find_all("link", href=True)
        if {"stylesheet", "icon"} & set(t.get("rel") or [])
    ]
    links += [t["src"] for t in soup.find_all(["script", "img"], src=True)]
    files = [page]
    for link in links:
        if not OUTSIDE.match(link) and not link.startswith("data:"):
            files.append(posixpath.normpath(posixpath.join(base, unquote(urlsplit(link).path))))
    for sheet in [file for file in files if file.endswith(".css")]:
        urls = used_fonts(html, (site / sheet).read_text(encoding="utf-8"))
        files += [posixpath.normpath(posixpath.join(posixpath.dirname(sheet), url)) for url in urls]
    weights = []
    for file in dict.fromkeys(files):
        data = (site / file).read_bytes()
        weights.append(
            (
                file,
                len(data),
                len(data) if file.endswith((".woff2", ".png", ".jpg", ".webp")) else packed(data),
            )
        )
    return weights


# 사이트 전체 -------------------------------------------------------------------------------------------------


class Site:
    """만들어진 사이트 한 벌."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = {f.relative_to(self.root).as_posix() for f in self.root.rglob("*") if f.is_file()}
        self.pages = sorted(file for file in self.files if file.endswith(".html"))
        self.chapters = [page for page in self.pages if page.startswith("chapters/")]
        self.anchors = lru_cache(maxsize=None)(lambda page: anchors(self.read(page)))

    def read(self, file):
        return (self.root / file).read_text(encoding="utf-8")

    def problems(self, check):
        """모든 쪽에 검사 하나를 하고 ``쪽: 문제``를 모아요."""
        return [f"{page}: {problem}" for page in self.pages for problem in check(self.read(page))]

    def asset_requests(self):
        checks = {".css": (css_requests,), ".js": (js_requests, made_scripts)}
        return [
            f"{file}: {problem}"
            for file in sorted(self.files)
            for check in checks.get(Path(file).suffix, ())
            for problem in check(self.read(file))
        ]

    def missing_icons(self):
        css = self.read("_static/icons.css")
        return self.problems(lambda html: missing_icons(html, css))

    def machine_paths(self, checkout):
        texts = [
            file for file in sorted(self.files) if file.endswith((".html", ".js", ".css", ".ipynb", ".json"))
        ]
        return [
            f"{file}: {problem}" for file in texts for problem in machine_paths(self.read(file), checkout)
        ]

    def broken_links(self):
        return [
            f"{page}: {problem}"
            for page in self.pages
            for problem in broken_links(self.read(page), page, self.files, self.anchors)
        ]

    def launch_links(self, repository, branch, notebooks):
        return [
            f"{page}: {problem}"
            for page in self.pages
            for problem in launch_links(self.read(page), page, repository, branch, notebooks)
        ]

    def all_problems(self, checkout, repository, branch, notebooks):
        """모든 검사를 차례로 해요."""
        found = [problem for check in PAGE_CHECKS for problem in self.problems(check)]
        found += (
            self.asset_requests() + self.missing_icons() + self.machine_paths(checkout) + self.broken_links()
        )
        return found + self.launch_links(repository, branch, notebooks)


# 책에서 빠진 것 ----------------------------------------------------------------------------------------------


def toc_files(toc):
    """``_toc.yml``에 적힌 모든 파일을 차례대로."""
    if isinstance(toc, list):
        return [file for part in toc for file in toc_files(part)]
    if not isinstance(toc, dict):
        return []
    return [toc[key] for key in ("root", "file") if key in toc] + toc_files(list(toc.values()))


def missing_chapters(toc, pages, notebooks):
    """차례에 있는데 쪽이 없는 장과, 노트북이 있는데 차례에 없는 장. 둘 다 책에서 조용히 사라져요."""
    listed = toc_files(toc)
    problems = [f"_toc.yml: {file}의 쪽이 없어요" for file in listed if f"{file}.html" not in pages]
    lost = sorted(name for name in notebooks if name.removesuffix(".ipynb") not in listed)
    return problems + [f"_toc.yml: {name}이 차례에 없어요" for name in lost]


def pdf_pages(file, files):
    """PDF에서 장마다의 쪽 수. 차례의 맨 위 단계가 겉장과 장의 제목이에요."""
    from pypdf import PdfReader

    pdf = PdfReader(file)
    tops = [item for item in pdf.outline if not isinstance(item, list)][-len(files) :]
    starts = [pdf.get_destination_page_number(item) for item in tops] + [len(pdf.pages)]
    return {file: stop - start for file, (start, stop) in zip(files, pairwise(starts), strict=True)}


def counts(site, toc):
    """장마다의 실험, 연습문제, PDF 쪽 수. 브라우저가 없어 PDF를 만들지 않았으면 PDF는 세지 않아요."""
    files = [file for file in toc_files(toc) if f"{file}.html" in site.files]
    pages = pdf_pages(site.root / PDF, files) if PDF in site.files else {}
    found = {}
    for file in files:
        soup = parse(site.read(f"{file}.html"))
        exercises = len(soup.select(".bp-exercise"))
        found[file] = {
            "실험": len(soup.select(".bp-experiment:not(.bp-bet, .lab-record, .lab-teacher)")) - exercises,
            "연습문제": exercises,
        }
        found[file] |= {"PDF 쪽": pages[file]} if pages else {}
    return found


def shrunk(before, now):
    """적어 둔 것보다 줄어든 장. 늘어난 것은 괜찮아요."""
    return [
        f"{file}: {kind} 수가 {count}에서 {now.get(file, {}).get(kind, 0)}(으)로 줄었어요. 뜻한 일이면 "
        "`python book/check.py --write-counts`로 다시 적어 주세요."
        for file, kinds in before.items()
        for kind, count in kinds.items()
        if now.get(file, {}).get(kind, 0) < count * (PDF_SLACK if kind == "PDF 쪽" else 1)
    ]


def lost(root, site):
    """차례에서 빠진 장과, 적어 둔 것보다 줄어든 장."""
    import yaml

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    before = json.loads((root / COUNTS).read_text(encoding="utf-8"))
    missing = missing_chapters(toc, site.files, settings(root)["notebooks"])
    return missing + shrunk(before, counts(site, toc))


def write_counts(root, site):
    """지금의 수를 적어요."""
    import yaml

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    rows = [f"  {json.dumps(f)}: {json.dumps(n, ensure_ascii=False)}" for f, n in counts(site, toc).items()]
    (root / COUNTS).write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def settings(root):
    """저장소 설정과 노트북 목록을 ``all_problems``가 받는 모양으로 읽어요."""
    import yaml

    repository = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]
    notebooks = {file.relative_to(root).as_posix() for file in (root / "chapters").glob("*.ipynb")}
    return {
        "checkout": str(root),
        "repository": repository["url"],
        "branch": repository["branch"],
        "notebooks": notebooks,
    }


def main(arguments):
    """문제를 찍고, 있으면 1을 돌려줘요."""
    folders = [argument for argument in arguments if argument != "--write-counts"]
    site = Site(folders[0] if folders else ROOT / "_build" / "html")
    if "--write-counts" in arguments:
        write_counts(ROOT, site)
    problems = site.all_problems(**settings(ROOT)) + lost(ROOT, site)
    print("\n".join(problems) or "문제가 없어요.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
