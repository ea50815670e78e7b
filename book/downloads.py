"""책 전체를 내려받을 파일로 만들어요: 인쇄용 PDF 한 권, 전자책 리더의 EPUB 한 권, 인터넷 없이 여는 압축 파일.

    python book/downloads.py _build/html [브라우저]

PDF는 크롬 계열 브라우저가 인쇄해요. 브라우저를 주지 않으면 PDF만 빼고 만들어요. 다 만든 파일의 링크는 쪽마다
“내려받기” 목록의 자리표(DOWNLOADS)에 적어요. 지난번과 본문이 같으면 다시 인쇄하지 않아요.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import epub
import keep
import yaml

ROOT = Path(__file__).resolve().parent.parent
PRINT_CSS = ROOT / "book" / "print.css"
PDF, EPUB, ZIP = "backprop-lab.pdf", "backprop-lab.epub", "backprop-lab.zip"
DOWNLOADS = "<!-- downloads -->"
PRINTED, FONT = "print.html", "print.ttf"  # 인쇄하는 동안만 있어요
NAMES = {PDF: "책 전체(PDF)", EPUB: "책 전체(EPUB)", ZIP: "책 전체(압축 파일)"}
ITEM = rf'<li><a href="[./]*(?:{"|".join(NAMES)})" download>[^<]*</a></li>'
PLACE = re.compile(rf"{DOWNLOADS}|(?:{ITEM})+(?:<li hidden><button [^>]*data-keep[^<]*</button></li>)?")
PRINT_TIMEOUT = 300
QUIET = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
COVER = """<!DOCTYPE html>
<html lang="ko" data-theme="light" class="lab-book"><head><meta charset="utf-8"><title>{title}</title>
{styles}
<style>@font-face {{ font-family: "Book"; src: url("{font}"); }}
{print_css}</style></head>
<body><header class="lab-cover"><h1>{title}</h1><p>{subtitle}</p></header>
{articles}
</body></html>
"""
SUBTITLE = "손으로 움직이며 배우는 역전파. 움직이는 실험은 웹 페이지와 노트북에 있어요."


def chapter_parts(toc):
    """차례대로, 부의 이름과 그 쪽의 이름들(폴더와 확장자 없이). 첫 쪽의 부에는 이름이 없어요."""
    parts = [("", [toc["root"]])]
    parts += [(part["caption"], [c["file"] for c in part["chapters"]]) for part in toc.get("parts", [])]
    return [(caption, [Path(file).name for file in files]) for caption, files in parts]


def chapter_names(toc):
    """차례대로, 쪽의 이름."""
    return [name for _, names in chapter_parts(toc) for name in names]


def article(html, number, numbers):
    """쪽의 본문을 떼어, 다른 쪽과 한 문서에 놓일 수 있게 id와 링크를 고쳐요."""
    body = re.search(r'<article class="bd-article">(.*?)</article>', html, re.S)[1]
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.S)
    body = re.sub(r'<a class="headerlink".*?</a>', "", body)  # 링크가 많으면 인쇄가 느려요
    body = re.sub(r'<details\b(?! class="lab-fold)', "<details open", body)  # 종이에서는 펼칠 수 없어요
    body = re.sub(r'<span class="o">([^<]*)</span>', r"\1", body)  # 종이에서는 검은 연산자. 인쇄가 빨라요
    # 수식마다 딸린, 인쇄되지 않는 사본
    body = re.sub(r'<span class="katex-mathml">.*?</math></span>', "", body, flags=re.S)
    body = re.sub(r'(\s(?:id|for|aria-labelledby|aria-describedby)=")(?=[^"])', rf"\g<1>p{number}-", body)
    body = re.sub(r'((?:href|xlink:href)="#|url\(#)', rf"\g<1>p{number}-", body)

    def inside(match):
        name, anchor = match[1], match[2]
        if name not in numbers:
            return match[0]
        return f'href="#p{numbers[name]}-{anchor}"' if anchor else f'href="#p{numbers[name]}"'

    body = re.sub(r'href="([\w-]+)\.html(?:#([^"]*))?"', inside, body)
    body = re.sub(r'(src|href)="\.\./(_\w+)/', r'\1="\2/', body)
    return f'<article class="bd-article" id="p{number}">{body}</article>'


def one_page(site, names):
    """모든 쪽을 이어 붙인 인쇄용 HTML."""
    numbers = {name: number for number, name in enumerate(names)}
    pages = [(site / "chapters" / f"{name}.html").read_text(encoding="utf-8") for name in names]
    styles = re.findall(r'<link rel="stylesheet"[^>]*>', pages[0])
    return COVER.format(
        title="역전파 실험실",
        subtitle=SUBTITLE,
        styles="\n".join(styles).replace('href="../', 'href="'),
        font=FONT,
        print_css=PRINT_CSS.read_text(encoding="utf-8"),
        articles="\n".join(article(html, number, numbers) for number, html in enumerate(pages)),
    )


def print_pdf(site, names, browser):
    """브라우저로 인쇄해요. 제목은 PDF의 차례가 되고, 쪽 번호는 print.css가 적어요."""
    page, font, target, mark = site / PRINTED, site / FONT, site / PDF, site.parent / "print.stamp"
    html = one_page(site, names)
    stamp = hashlib.sha256(html.encode()).hexdigest()
    if target.is_file() and mark.is_file() and mark.read_text() == stamp:
        return
    page.write_text(html, encoding="utf-8")
    font.write_bytes(epub.small_font(set(html)))
    root = sys.platform == "linux" and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as profile:
        flags = [*QUIET, *(["--no-sandbox"] if root else []), f"--user-data-dir={profile}"]
        flags += ["--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={target}"]
        done = subprocess.run(
            [browser, *flags, page.as_uri()], capture_output=True, text=True, timeout=PRINT_TIMEOUT
        )
    page.unlink()
    font.unlink()
    if done.returncode or not target.is_file():
        raise SystemExit(f"PDF를 만들지 못했어요. 브라우저의 말:\n{done.stderr[-2000:]}")
    mark.write_text(stamp)


def pack(site):
    """사이트를 압축 파일 하나로. 같은 사이트면 언제나 같은 파일이에요."""
    with zipfile.ZipFile(site / ZIP, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(site.rglob("*")):
            if file.name not in (*NAMES, PRINTED, FONT) and file.is_file():
                info = zipfile.ZipInfo(
                    f"backprop-lab/{file.relative_to(site).as_posix()}", (2026, 1, 1, 0, 0, 0)
                )
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, file.read_bytes())


def link(site, files):
    """쪽마다의 자리표나 지난번의 링크를 만든 파일의 링크와 담는 단추로 바꿔요. 파일이 없으면 자리표로 되돌려요."""
    size = keep.size(site) if files else 0
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        up = "../" * (len(page.relative_to(site).parts) - 1)
        items = "".join(f'<li><a href="{up}{file}" download>{NAMES[file]}</a></li>' for file in files)
        items += keep.BUTTON.format(up=up, size=size) if files else ""
        linked = PLACE.sub(items or DOWNLOADS, html)
        if linked != html:
            page.write_text(linked, encoding="utf-8")


def main(site, browser):
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [name for name in chapter_names(toc) if (site / "chapters" / f"{name}.html").is_file()]
    link(site, [])
    (site / keep.WORKER).unlink(missing_ok=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    parts = [(caption, [name for name in found if name in names]) for caption, found in chapter_parts(toc)]
    with ThreadPoolExecutor() as pool:  # 브라우저가 인쇄하는 동안 나머지를 담아요
        printed = pool.submit(print_pdf, site, names, browser) if browser else None
        pack(site)  # 자리표가 있는 채로 담아요: 압축 파일 속에서는 링크가 가리킬 것이 없어요
        epub.write(site, site / EPUB, parts, config)
    made = [EPUB, ZIP]
    if printed:
        printed.result()
        made.insert(0, PDF)
    else:
        (site / PDF).unlink(missing_ok=True)
        print("PDF는 만들지 않았어요. 만들려면 크롬 계열 브라우저가 있어야 하고, --no-pdf가 없어야 해요.")
    link(site, made)
    keep.write_worker(site)
    for file in made:
        print(f"{file}: {(site / file).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "")
