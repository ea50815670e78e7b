"""노트북을 진짜 커널로 실행해요. 책을 만들 때는 코어마다 하나씩 나란히 실행해 jupyter-cache에 담아요.

담은 것은 책을 만들 때 MyST-NB가, 출력을 대조할 때 ``compare.py``가 꺼내 써요. 그래서 장마다 한 번만 실행해요.
"""

import asyncio
import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
CELL_TIMEOUT = 120  # 초
OTHER_CPU = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")  # 다른 CPU처럼 셈하게 하는 환경 변수
# 노트북의 앞뒤에서 실험을 지켜보는 칸(alive.py). 노트북에 이름을 남기지 않아요.
ALIVE = f"__import__('sys').path.append({str(ROOT / 'book')!r}) or __import__('alive')"
WATCH, CHECK = f"{ALIVE}.watch()", f"{ALIVE}.check(globals())"


class Failed(Exception):
    """실행하다 멈춘 까닭이에요."""


def digest(*folders: Path) -> str:
    """폴더의 모든 파일을 해시 하나로 줄여요."""
    total = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".mo" and "__pycache__" not in file.parts:
                total.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return total.hexdigest()[:8]


def execute(notebook: Any, folder: Path, **env: str) -> None:
    """노트북이 있는 폴더에서 실행해 출력을 채워요. ``env``는 커널의 환경 변수에 더해요.

    Raises:
        Failed: 오류가 났거나, 한 셀이 너무 오래 걸렸거나, 커널이 꺼졌으면.
    """
    resources = {"metadata": {"path": str(folder)}}
    options: Any = {"timeout": CELL_TIMEOUT, "kernel_name": "python3", "record_timing": False}
    client = NotebookClient(notebook, resources=resources, **options)
    try:
        asyncio.run(client.async_execute(env={**os.environ, **env}))
    except (CellControlSignal, DeadKernelError) as error:
        raise Failed(str(error)) from None


def open_cache(folder: Path) -> JupyterCacheAbstract:
    """실행한 것을 담아 둔 곳. ``bplib``이나 셈하는 명령이 그때와 다르면 비워요."""
    mark, now = folder / "bplib.stamp", digest(ROOT / "bplib")
    now += "".join(f" {os.environ[name]}" for name in OTHER_CPU if name in os.environ)
    if not mark.is_file() or mark.read_text() != now:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        mark.write_text(now)
    return get_cache(folder)


def executed(cache: JupyterCacheAbstract, notebook: Any) -> Any:
    """같은 코드를 실행해 담아 둔 노트북. 없으면 None이에요."""
    try:
        return cache.get_cache_bundle(cache.match_cache_notebook(notebook).pk).nb
    except KeyError:
        return None


def attempt(path: Path) -> Any:
    """쪽의 모습으로, 실험을 지켜보며 실행한 노트북. 실패했으면 그 까닭이에요."""
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    if not any(cell.cell_type == "code" for cell in cells):
        return notebook
    notebook.cells = [nbformat.v4.new_code_cell(WATCH), *cells, nbformat.v4.new_code_cell(CHECK)]
    try:
        execute(notebook, path.parent, BPLIB_PAGE="1")
    except Failed as why:
        return why
    notebook.cells = cells
    return notebook


def fill(folder: Path, paths: list[Path]) -> dict[Path, Failed]:
    """``paths``의 노트북 가운데 담기지 않은 것을 실행해 담고, 실패한 것과 그 까닭을 돌려줘요."""
    cache, failed = open_cache(folder), {}
    waiting = [path for path in paths if executed(cache, nbformat.read(path, as_version=4)) is None]
    waiting.sort(key=lambda path: -path.stat().st_size)  # 큰 장부터: 마지막에 코어 하나만 일하지 않게
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, result in zip(waiting, pool.map(attempt, waiting), strict=True):
            if isinstance(result, Failed):
                failed[path] = result
            else:
                # 코드가 같은(모두 글뿐인) 노트북들은 한 자리를 함께 써서, 덮어쓰는 것이 맞아요.
                bundle = CacheBundleIn(result, str(path))
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return failed
