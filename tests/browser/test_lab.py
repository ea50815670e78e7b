"""실제 JupyterLab에서 장을 열어 모두 실행하고, 모든 실험을 ipywidgets의 조작으로 움직여요.

서버의 주소 앞에는 /user/x/가 붙어 있어요. Binder와 교실의 서버가 그래요. 여기서는 두 장만 열고,
1장부터 6장까지 모두 여는 일과 걸린 시간은 `python benchmarks/lab.py`가 해요.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_app import LabPage, expected_experiments, lab_server
from playwright.sync_api import Browser, expect

TOLD = "첫 칸부터 실행하세요"
BEFORE = "e => getComputedStyle(e, '::before').content"


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPage]:
    home: Path = tmp_path_factory.mktemp("lab")
    with lab_server(home) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield LabPage(page, url)
        context.close()


@pytest.mark.parametrize("name", ["01-structure", "05-backprop"])
def test_chapter_runs_and_every_control_moves(lab: LabPage, name: str) -> None:
    lab.open(name)
    lab.run_all()
    assert lab.errors() == []
    count = expected_experiments(name)
    experiments = lab.experiments(count)
    assert len(experiments) == count
    for experiment in experiments:
        for control in experiment.controls():
            experiment.move(control)
    assert lab.errors() == []
    assert lab.problems == []
    if name == "01-structure":
        stays_when_reopened(lab, name, count)
    lab.close()


def stays_when_reopened(lab: LabPage, name: str, count: int) -> None:
    """저장했다가 새 커널로 다시 열면, 영어 오류 대신 마지막 그림과 무엇을 하면 되는지가 남아요(binder/labconfig).

    실행하지 않고 다시 저장하면 JupyterLab이 그림을 버려요(ipywidgets 3888). 그다음에 열면 할 일만 남아요.
    """
    reopen(lab, name)
    lab.experiments(count)
    assert lab.errors() == []
    for experiment in lab.experiments(count):
        expect(experiment.root.locator(".bp-frame svg").first).to_be_visible()
        assert TOLD in experiment.root.evaluate(BEFORE)
    assert lab.problems == []
    reopen(lab, name)
    dead = lab.page.locator(".jp-OutputArea-output:has-text('Error displaying widget')").first
    expect(dead).to_have_css("font-size", "0px")
    assert TOLD in dead.evaluate(BEFORE)
    lab.problems.clear()  # 콘솔에는 JupyterLab이 제 오류를 적어요


def reopen(lab: LabPage, name: str) -> None:
    lab.save()
    lab.close()
    lab.open(name)
