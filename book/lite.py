"""브라우저 안에서 커널까지 도는 JupyterLite를 사이트의 lite/에 더하고, 장마다 그 장을 여는 단추를 이어요.

    python book/lite.py _build/html _build/html-lite

만들어진 책은 그대로 두고, 그 사본에 더해요. 그래서 책만 볼 때는 작고, 파일로 열 때 안 되는 단추도 없어요.

파이썬은 Pyodide예요. 그 핵심과 순수 파이썬 꾸러미, bplib은 사이트에 함께 담고, C로 된 꾸러미(numpy, matplotlib과
그것이 쓰는 것)만 독자가 실행할 때 Pyodide의 배포처(CDN)에서 받아요. 잠금 파일(pyodide-lock.json)에 bplib까지 적어
두어서, 노트북이 `import bplib`을 하면 설치하는 줄 없이 필요한 것이 따라와요.

Pyodide의 핵심은 npm 꾸러미로 받아요. 그래서 이 파일만 npm이 필요해요.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
REQUIREMENTS = ROOT / "requirements/lite.lock"  # requirements/lite.txt를 잠근 것(book/dependencies.py)
ENV = ROOT / ".venv" / "lite"  # 독자의 JupyterLab에 브라우저용 커널이 끼어들지 않게 따로 둬요
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# jupyterlite-pyodide-kernel 0.8.6이 시험된 판. numpy 2.4.6, matplotlib 3.10.8, 파이썬 3.14
PYODIDE = "314.0.6"
PYTHON_VERSION = "3.14"
CDN = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
KERNEL = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]  # 켤 때 읽는 것
EXTRA = [
    "ipywidgets",
    "comm",
    "array-api-compat",
    "array-api-strict",
]  # Pyodide에 없는 것. 판은 독자의 것과 같아요
BPLIB_NEEDS = ["numpy", "matplotlib", "ipywidgets", "tqdm"]
PLACE = "<!-- lite -->"  # 쪽의 “실행하기” 목록에서 단추가 들어갈 자리(article-header-buttons.html)
LINK = (
    '<li><a href="../lite/lab/index.html?path=chapters/{name}.ipynb" target="_blank"'
    ' rel="noopener">이 브라우저에서 열기(JupyterLite)</a></li>'
)


def run(*command, **options):
    """명령을 실행해요. 실패하면 멈춰요."""
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL, **options)


def ensure_env():
    """제 환경에 requirements/lite.lock을 설치해요. 그대로면 아무것도 하지 않아요."""
    mark, wanted = ENV / "requirements.stamp", f"{sys.version}\n{REQUIREMENTS.read_text(encoding='utf-8')}"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return
    venv.create(ENV, clear=True, with_pip=True)
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        REQUIREMENTS,
    )
    mark.write_text(wanted, encoding="utf-8")


# 잠금 파일 ----------------------------------------------------------------------------------------------------


def pyodide_core(work):
    """Pyodide의 핵심을 npm 꾸러미에서 꺼내요."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "npm이 없어요. Node.js를 설치한 뒤 다시 실행해 주세요. 책의 다른 부분에는 필요하지 않아요."
        )
    run(npm, "pack", "--silent", f"pyodide@{PYODIDE}", cwd=work, stdout=subprocess.DEVNULL)
    with tarfile.open(work / f"pyodide-{PYODIDE}.tgz") as archive:
        archive.extractall(work, filter="data")
    return work / "package"


def plain(name):
    """꾸러미 이름을 한 모양으로: 소문자와 빼기표."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(packages, names):
    """잠금 파일에서, 이름들과 그것이 기대는 것 모두."""
    found, left = set(), list(names)
    while left:
        name = plain(left.pop())
        if name in packages and name not in found:
            found.add(name)
            left += packages[name]["depends"]
    return found


def is_pure(package):
    return package["file_name"].endswith("-none-any.whl")


def download(pins, folder):
    """적힌 판의 순수 파이썬 바퀴를 받아요. Pyodide의 파이썬에 맞는 것이어야 해요."""
    only = ["--no-deps", "--only-binary=:all:", f"--python-version={PYTHON_VERSION}"]
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    run(*pip, *only, "-d", folder, *pins)


def copy_library(target):
    """bplib을 꾸러미로 만드는 데 필요한 것을 옮겨 놓아요. 저장소에서 바로 만들면 흔적이 남아요."""
    shutil.copytree(ROOT / "bplib", target / "bplib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, target / name)


def bplib_wheel(work, folder):
    """bplib의 바퀴를 만들어요."""
    source = work / "source"
    copy_library(source)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source)


def kernel_wheels():
    """브라우저용 커널이 제 확장에 담아 온 바퀴들(piplite, pyodide-kernel, 흉내 ipykernel 등)."""
    extension = ENV / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
    return [
        wheel
        for wheel in (extension / "static" / "pypi").glob("*.whl")
        if "widgetsnbextension" not in wheel.name
    ]


def describe(wheel):
    """잠금 파일에 적을 바퀴 하나. 바퀴는 Pyodide의 핵심 곁에 있어요."""
    name, number = wheel.name.split("-")[:2]
    with zipfile.ZipFile(wheel) as archive:
        tops = {path.split("/")[0].removesuffix(".py") for path in archive.namelist()}
    return {
        "name": plain(name),
        "version": number,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": [],
        "unvendored_tests": False,
    }


def make_lock(core, work, wheels):
    """순수한 것은 사이트의 바퀴를, 나머지는 배포처를 가리키는 잠금 파일."""
    lock = json.loads((core / LOCK).read_text(encoding="utf-8"))
    packages = lock["packages"]
    ours = closure(packages, [*KERNEL, *BPLIB_NEEDS])
    pure = {name for name in ours if is_pure(packages[name])}
    download([f"{packages[name]['name']}=={packages[name]['version']}" for name in sorted(pure)], wheels)
    download([f"{name}=={version(name)}" for name in EXTRA], wheels)
    bplib_wheel(work, wheels)
    for wheel in kernel_wheels():
        shutil.copy(wheel, wheels)
    for package in packages.values():
        package["file_name"] = CDN + package["file_name"]
    needs = {
        "bplib": BPLIB_NEEDS,
        "ipywidgets": ["comm", "ipython", "traitlets"],
        "piplite": ["micropip"],
        "pyodide-kernel": ["comm", "ipython"],
        "array-api-strict": ["numpy"],
    }
    keys = {plain(key): key for key in packages}
    for wheel in sorted(wheels.glob("*.whl")):
        entry = describe(wheel)
        key = keys.get(entry["name"], entry["name"])
        entry["depends"] = packages[key]["depends"] if key in packages else needs.get(key, [])
        packages[key] = entry
    return lock


# 만들기 -------------------------------------------------------------------------------------------------------


def settings():
    """JupyterLite의 설정: 사이트에 있는 Pyodide와 잠금 파일을 쓰고, 모르는 꾸러미를 다른 곳에서 찾지 않아요."""
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"lockFileURL": f"./static/pyodide/{LOCK}", "packages": KERNEL},
    }
    plugins = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    config = {"appName": "역전파 실험실", "exposeAppInBrowser": True, "litePluginSettings": plugins}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}


def build(work, target):
    """JupyterLite를 ``target``에 만들어요."""
    stage, pyodide = work / "lite", work / "lite" / "static" / "pyodide"
    shutil.copytree(
        CHAPTERS, stage / "contents" / "chapters", ignore=shutil.ignore_patterns("ruff.toml", ".*")
    )
    core = pyodide_core(work)
    pyodide.mkdir(parents=True)
    for name in CORE:
        shutil.copy(core / name, pyodide / name)
    (pyodide / LOCK).write_text(json.dumps(make_lock(core, work, pyodide)), encoding="utf-8")
    shutil.copy(ROOT / "bplib/lab/jupyterlab/bplib.json", stage / "overrides.json")
    (stage / "jupyter-lite.json").write_text(json.dumps(settings(), ensure_ascii=False), encoding="utf-8")
    extensions = ENV / "share/jupyter/labextensions"
    lite = {
        "contents": ["contents"],
        "apps": ["lab"],
        "no_sourcemaps": True,
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [
            str(extensions / "@jupyter-widgets/jupyterlab-manager"),
            str(extensions / "@jupyterlite/pyodide-kernel-extension"),
        ],
        "output_dir": str(target),
    }
    (stage / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": lite}), encoding="utf-8")
    run(PYTHON, "-m", "jupyterlite_core", "build", cwd=stage)


def link(site):
    """장마다 그 장을 여는 단추를 자리표에 이어요."""
    for path in CHAPTERS.glob("*.ipynb"):
        page = site / "chapters" / f"{path.stem}.html"
        if page.is_file():
            html = page.read_text(encoding="utf-8").replace(PLACE, LINK.format(name=path.stem))
            page.write_text(html, encoding="utf-8")


def main(site, target):
    from keep import write_worker  # 이 파일을 명령으로 실행할 때만 곁의 모듈이 보여요

    ensure_env()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)
    with tempfile.TemporaryDirectory() as work:
        build(Path(work).resolve(), target / "lite")
    link(target)
    write_worker(target)
    size = sum(file.stat().st_size for file in (target / "lite").rglob("*") if file.is_file())
    print(f"JupyterLite를 더했어요: {target} ({size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main(*(Path(place).resolve() for place in sys.argv[1:]))
