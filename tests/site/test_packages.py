"""내려받은 것이 혼자서도 쓰이는지: 꾸러미(wheel, sdist)에 담긴 것, 그리고 빈 폴더에서 실행한 노트북."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from scripts import load_script

ROOT = Path(__file__).resolve().parents[2]
LICENSES = {
    "LICENSE",
    "bplib/lab/fonts/OFL.txt",
    *(f"bplib/data/{p.name}" for p in (ROOT / "bplib/data").glob("*.md")),
}


def run(*command, cwd, **env):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def library():
    """bplib의 모든 파일. 실행하면 생기는 것은 빼요."""
    files = (
        path for path in (ROOT / "bplib").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    return {path.relative_to(ROOT).as_posix() for path in files}


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """옮겨 놓고, sdist를 만들고 그 sdist로 wheel을 만들어요."""
    source = tmp_path_factory.mktemp("source")
    load_script("book/lite.py").copy_library(source)
    run(sys.executable, "-m", "build", cwd=source)
    return source / "dist"


def test_wheel_carries_the_whole_library_and_its_licenses(dist):
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {name for name in names if name.startswith("bplib/")} == library()
    kept = {name.partition(".dist-info/licenses/")[2] for name in names if ".dist-info/licenses/" in name}
    assert kept == LICENSES


def test_jupyterlab_keeps_pictures_wherever_the_library_is(dist):
    """다시 연 노트북에 그림이 남게 하는 설정은, 꾸러미를 설치한 JupyterLab과 run.py·Binder의 것에서 같아요."""
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        places = [name for name in wheel.namelist() if name.endswith("/lab/settings/overrides.d/bplib.json")]
        assert [wheel.read(name) for name in places] == [
            (ROOT / "binder/labconfig/default_setting_overrides.json").read_bytes()
        ]
    assert ".data/data/share/jupyter/" in places[0]


def test_sdist_carries_the_whole_library_and_its_licenses(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]).as_posix() for name in archive.getnames()}
    assert library() | LICENSES | {"pyproject.toml"} <= names


def test_every_page_offers_its_notebook(site):
    for page in site.chapters:
        name = PurePosixPath(page).stem
        assert f'<a href="../_sources/chapters/{name}.ipynb" download>노트북 파일(.ipynb)</a>' in site.read(
            page
        )
        offered = site.root / "_sources" / "chapters" / f"{name}.ipynb"
        assert offered.read_bytes() == (ROOT / "chapters" / f"{name}.ipynb").read_bytes()


def test_downloaded_notebook_runs_alone(site, dist, tmp_path):
    """새 환경에는 wheel만 설치하고, 다른 꾸러미는 시험하는 환경의 것을 빌려요. bplib은 빌려지지 않아요."""
    run(sys.executable, "-m", "venv", "env", cwd=tmp_path)
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(python, "-m", "pip", "install", "-q", "--no-deps", next(dist.glob("*.whl")), cwd=tmp_path)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    borrowed = Path(run(python, "-c", ask, cwd=tmp_path).strip()) / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    empty = tmp_path / "downloads"
    empty.mkdir()
    shutil.copy(site.root / "_sources" / "chapters" / "01-structure.ipynb", empty)
    home = Path(run(python, "-c", "import bplib; print(bplib.__file__)", cwd=empty).strip())
    assert tmp_path in home.parents
    run(python, "-m", "pytest", "--nbval", "01-structure.ipynb", "-q", "-W", "default", cwd=empty)
