"""Binder: repo2docker가 이 저장소로 쓰는 설치 차례를 봐요. 상자를 만들지는 않아요. Windows에서는 움직이지 않아요."""

import subprocess
import sys

import pytest
from scripts import ROOT, load_script


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """mybinder.org처럼 사용자 jovyan(1000)으로 만든 Dockerfile의 줄들."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    command += ["--user-id", "1000", "--user-name", "jovyan", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).splitlines()


def test_readers_packages_are_installed_after_the_repository_is_there(dockerfile: list[str]) -> None:
    """`-e .`은 저장소가 놓인 뒤 그 주인이 설치해야 해요. bplib을 한 번 더 설치하면 고친 것이 반영되지 않아요."""
    installs = [line for line in dockerfile if "pip install" in line]
    assert len(installs) == 1
    assert installs[0].endswith('-r "binder/requirements.txt"')
    place = dockerfile.index(installs[0])
    copies = [i for i, line in enumerate(dockerfile) if line == "COPY --chown=1000:1000 src/ ${REPO_DIR}/"]
    assert copies
    assert copies[0] < place
    users = [line for line in dockerfile[:place] if line.startswith("USER ")]
    assert users[-1] == "USER ${NB_USER}"


def test_python_is_the_one_tested(dockerfile: list[str]) -> None:
    assert any("environment.py-3.11" in line.replace("-2e", ".").replace("-2d", "-") for line in dockerfile)


def test_kernels_use_one_thread(dockerfile: list[str]) -> None:
    """서버를 켜는 명령은 binder/start를 거치고, 거기에서 run.py가 띄우는 것과 같은 실의 수를 받아요."""
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile
    command = ["sh", ROOT / "binder" / "start", "printenv", "OMP_NUM_THREADS"]
    assert subprocess.check_output(command, env={}) == b"1\n"
    assert load_script("run.py").ONE_THREAD["OMP_NUM_THREADS"] == "1"
    assert subprocess.check_output(command, env={"OMP_NUM_THREADS": "7"}) == b"7\n"


def test_notebooks_keep_their_pictures() -> None:
    """저장할 때 실험의 그림도 저장하게 하는 설정은 run.py가 여는 JupyterLab과 같은 폴더에서 와요."""
    command = ["sh", ROOT / "binder" / "start", "printenv", "JUPYTER_CONFIG_PATH"]
    ours = load_script("run.py").LAB["JUPYTER_CONFIG_PATH"]
    assert subprocess.check_output(command, env={}).decode() == f"{ours}\n"
    theirs = {"JUPYTER_CONFIG_PATH": "/else"}
    assert subprocess.check_output(command, env=theirs).decode() == f"{ours}:/else\n"


def test_binder_installs_what_a_reader_installs() -> None:
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-r ../requirements.txt" in lines
    readers = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-e ." in readers
