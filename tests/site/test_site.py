"""만들어진 모든 쪽을 검사하고 무게를 재요."""

import check
import downloads
import pytest

KB = 1024
ROOT = check.ROOT


@pytest.mark.parametrize("one", check.PAGE_CHECKS, ids=lambda one: one.__name__)
def test_pages(site, one):
    problems = site.problems(one)
    assert not problems, "\n".join(problems)


def test_assets_ask_no_other_host_and_run_no_text(site):
    problems = site.asset_requests()
    assert not problems, "\n".join(problems)


def test_icons_are_all_there(site):
    problems = site.missing_icons()
    assert not problems, "\n".join(problems)


def test_no_machine_path(site):
    problems = site.machine_paths(str(ROOT))
    assert not problems, "\n".join(problems)


def test_links_lead_somewhere(site):
    problems = site.broken_links()
    assert not problems, "\n".join(problems)


def test_launch_buttons_follow_the_repository_setting(site):
    options = check.settings(ROOT)
    problems = site.launch_links(options["repository"], options["branch"], options["notebooks"])
    assert not problems, "\n".join(problems)


def test_no_chapter_is_lost_or_shrunk(site):
    """차례의 모든 장이 쪽으로 있고, 실험·연습문제·PDF 쪽 수가 book/counts.json보다 줄지 않았어요."""
    problems = check.lost(ROOT, site)
    assert site.chapters
    assert not problems, "\n".join(problems)


def test_weight(site, capsys):
    """쪽 HTML은 gzip 150 KB, 첫 방문 전체는 600 KB, 사이트는 25 MB를 넘지 않아요."""
    rows, heaviest = [], []
    for page in site.chapters:
        weights = check.page_weight(site.root, page)
        visit = sum(small for _, _, small in weights)
        rows.append((page, weights[0][1], weights[0][2], visit))
        if visit == max(row[3] for row in rows):
            heaviest = weights
    pages = site.files - set(downloads.NAMES)  # 내려받을 때만 받는 PDF와 압축 파일은 따로 세요
    total = sum((site.root / file).stat().st_size for file in pages)
    with capsys.disabled():
        print(f"\n\n{'쪽':<34}{'HTML KB':>10}{'gzip KB':>10}{'첫 방문 KB':>12}")
        for page, raw, small, visit in rows:
            print(f"{page:<34}{raw / KB:>11.1f}{small / KB:>10.1f}{visit / KB:>12.1f}")
        print(f"\n가장 무거운 첫 방문에 받는 것{'KB':>10}{'gzip KB':>10}")
        for file, raw, small in sorted(heaviest, key=lambda row: -row[2]):
            print(f"  {file[-44:]:<44}{raw / KB:>8.1f}{small / KB:>8.1f}")
        print(f"\n사이트 전체 {total / KB / KB:.2f} MB, 파일 {len(pages)}개")
    assert not [row for row in rows if row[2] > 150 * KB], "HTML이 gzip 150 KB를 넘는 쪽이 있어요."
    assert not [row for row in rows if row[3] > 600 * KB], "첫 방문이 gzip 600 KB를 넘는 쪽이 있어요."
    assert total <= 25 * KB * KB, "사이트가 25 MB를 넘어요."
