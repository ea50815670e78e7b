#!/usr/bin/env python3
"""한꺼번에 많이 읽고 실행해도, 작은 상자에서도 되는지 봐요.

    python benchmarks/load.py site       읽는 사람 200명이 쪽과 그 쪽의 파일을 쉬지 않고 받아요 (wrk, 있으면 nginx)
    python benchmarks/load.py kernels    커널 20개가 여러 장을 한꺼번에 실행해요
    python benchmarks/load.py small      코어 1개와 메모리 2 GB로 JupyterLab을 켜 두고 모든 장을 대조해요 (Linux)
    python benchmarks/load.py … --record     본 것을 benchmarks/results/load.json에 적어요

site는 만들어진 책(_build/html, --site로 다른 자리)이 있어야 하고, 이 컴퓨터 안(127.0.0.1)에서만 주고받아요. wrk는
받자마자 다음 것을 부르니 진짜 사람 200명보다 훨씬 무거워요. kernels와 small은 requirements.txt만 설치한 환경의
파이썬으로 실행하세요.

메모리는 나눠 쓰는 쪽을 나눠 센 값(PSS)을 모든 프로세스에서 더한 것이에요. small의 상자는 컨테이너와 같은 것이에요: 코어
하나에 묶고(sched_setaffinity), 모두의 합이 2 GB를 넘으면 커널이 죽여요(cgroup). cgroup을 만들 권한이 없으면(root가
아니면) 프로세스마다 2 GB로 막고(RLIMIT_DATA), 합은 재서 2 GB를 넘으면 실패로 쳐요.
"""

import argparse
import asyncio
import contextlib
import datetime
import html.parser
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]
RESULTS = ROOT / "benchmarks" / "results" / "load.json"
CHAPTERS = [
    path for path in sorted((ROOT / "chapters").glob("*.ipynb")) if '"code"' in path.read_text("utf-8")
]
READERS, SECONDS = 200, 15
KERNELS, MACHINE = 20, 24 * 1024  # MB. 교실 서버 한 대로 생각한 컴퓨터
BOX = 2048  # MB
# cgroup을 두는 자리, 한도를 적는 파일, 거기에 적을 것: 판 2와 판 1
MEMORY = {
    Path("/sys/fs/cgroup"): ("memory.max", BOX * 2**20),
    Path("/sys/fs/cgroup/memory"): ("memory.limit_in_bytes", BOX * 2**20),
}
CELL = 900  # 초. 다른 일로 바쁜 컴퓨터에서도 시간 때문에 실패하지 않게 넉넉히
WRK = """
local paths, at = {%s}, 0
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%%d,"bytes":%%d,"seconds":%%.2f,"median_ms":%%.1f,"p95_ms":%%.1f,"max_ms":%%.1f,',
    summary.requests, summary.bytes, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency.max / 1e3))
  io.write(string.format('"errors":{"connect":%%d,"read":%%d,"write":%%d,"status":%%d,"timeout":%%d}}\\n',
    e.connect, e.read, e.write, e.status, e.timeout))
end
"""
NGINX = """
daemon off; worker_processes auto; pid {home}/pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
  uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
  server {{ listen 127.0.0.1:{port}; root {site}; }}
}}
"""


class Files(html.parser.HTMLParser):
    """쪽이 함께 부르는 파일: 스타일, 스크립트, 그림."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = dict(attrs)
        if tag in ("script", "img"):
            self.found.append(got.get("src") or "")
        elif tag == "link" and got.get("rel") in ("stylesheet", "icon", "preload"):
            self.found.append(got.get("href") or "")


def reading(site: Path) -> list[str]:
    """한 사람이 책을 처음부터 읽을 때 받는 주소. 장마다 쪽과 그 쪽의 파일 모두예요."""
    paths = []
    for page in sorted((site / "chapters").glob("*.html")):
        files = Files()
        files.feed(page.read_text(encoding="utf-8"))
        here = f"/chapters/{page.name}"
        wanted = [
            urlsplit(urljoin(here, name)) for name in files.found if name and not name.startswith("data:")
        ]
        paths += [here, *dict.fromkeys(url.path for url in wanted if not url.netloc)]
    missing = [path for path in paths if not (site / path.lstrip("/")).is_file()]
    if missing or not paths:
        raise SystemExit(f"{site}에 없는 파일이 있어요: {missing[:3] or '쪽이 하나도 없어요'}")
    return paths


@contextlib.contextmanager
def nginx(site: Path) -> Iterator[str]:
    """Debian의 nginx를 설정 없이, 이 컴퓨터 안에만."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o755)
        Path(home, "conf").write_text(NGINX.format(home=home, port=port, site=site), encoding="utf-8")
        server = subprocess.Popen(["nginx", "-c", f"{home}/conf", "-e", f"{home}/error.log"])
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int) -> None:
    """서버가 문을 열 때까지. 열지 않으면 멈춰요."""
    import socket

    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("서버가 10초 안에 열리지 않았어요.")


@contextlib.contextmanager
def plain_server(site: Path) -> Iterator[str]:
    """`python3 run.py book`이 여는 서버. 제 프로세스에서 열어요."""
    code = "import sys, run; s = run.make_server(sys.argv[1]); print(s.server_port, flush=True); s.serve_forever()"
    command = [sys.executable, "-c", code, str(site)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.wait()


def site(folder: Path) -> dict[str, object]:
    """200명이 한꺼번에 읽어요."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk가 없어요. Debian이라면 `apt install wrk nginx-light`가 필요해요.")
    paths = reading(folder)
    servers = {"nginx": nginx, "run.py book": plain_server}
    if not shutil.which("nginx"):
        print("nginx가 없어 `run.py book`의 서버만 봐요. Debian이라면 `apt install nginx-light`가 필요해요.")
        del servers["nginx"]
    found: dict[str, object] = {"readers": READERS, "paths": len(paths), "servers": {}}
    good = True
    with tempfile.TemporaryDirectory() as home:
        script = Path(home, "read.lua")
        script.write_text(WRK % ",".join(json.dumps(path) for path in paths), encoding="utf-8")
        for name, server in servers.items():
            with server(folder) as url:
                options = ["-t", "2", "-c", str(READERS), "-d", f"{SECONDS}s", "--timeout", "30s"]
                said = subprocess.check_output(["wrk", *options, "-s", str(script), url], text=True)
            seen = json.loads(said.strip().splitlines()[-1])
            found["servers"][name] = seen  # type: ignore[index]
            wrong = sum(seen["errors"].values())
            good &= wrong == 0 and seen["requests"] >= READERS
            print(
                f"{name:<12}{READERS}명, {seen['seconds']:.0f}초에 {seen['requests']}번 ({seen['bytes'] / 1e6:.0f} MB),"
                f" 가운데 {seen['median_ms']} ms, 95 % {seen['p95_ms']} ms, 오류 {wrong}",
                flush=True,
            )
    return {**found, "good": good}


class Memory:
    """이 프로세스가 띄운 모든 프로세스의 메모리(PSS, MB)의 합을 지켜보고 가장 큰 값을 기억해요."""

    def __init__(self, every: float) -> None:
        self.most, self.count, self.every, self.done = 0.0, 0, every, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        import psutil

        while not self.done.wait(self.every):
            total, count = 0.0, 0
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    total, count = total + process.memory_full_info().pss / 2**20, count + 1
            if total > self.most:
                self.most, self.count = total, count

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()


async def execute(path: Path, all_ready: asyncio.Barrier) -> str:
    """장 하나를 새 커널에서 실행해요. 커널이 모두 뜬 뒤에 시작하고, 틀린 것이 있으면 그 끝을 돌려줘요."""
    import nbformat
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(path.parent)}}
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=CELL, startup_timeout=CELL, resources=resources)
    try:
        async with client.async_setup_kernel():
            await client.kc.wait_for_ready(timeout=CELL)
            await all_ready.wait()
            for index, cell in enumerate(notebook.cells):
                await client.async_execute_cell(cell, index)
    except Exception as reason:  # 어떤 까닭이든 적고, 다른 커널은 마저 해요
        await all_ready.abort()  # 뜨지 못한 커널을 기다리지 않게
        return f"{path.stem}: {str(reason)[-300:]}"
    return ""


async def all_at_once() -> list[str]:
    paths = [CHAPTERS[i % len(CHAPTERS)] for i in range(KERNELS)]
    all_ready = asyncio.Barrier(KERNELS)
    return [said for said in await asyncio.gather(*(execute(path, all_ready) for path in paths)) if said]


def kernels(_: Path) -> dict[str, object]:
    """커널 20개를 한꺼번에."""
    start = time.monotonic()
    with Memory(every=2) as memory:
        failures = asyncio.run(all_at_once())
    seconds = round(time.monotonic() - start)
    print(
        f"커널 {KERNELS}개가 장 {min(KERNELS, len(CHAPTERS))}개를 {seconds}초에 실행했어요. 메모리의 합은 가장 클 때"
        f" {memory.most:.0f} MB(프로세스 {memory.count}개, 한도 {MACHINE} MB), 오류 {len(failures)}"
    )
    print(*failures, sep="\n")
    return {
        "kernels": KERNELS,
        "chapters": min(KERNELS, len(CHAPTERS)),
        "seconds": seconds,
        "peak_pss_mb": round(memory.most),
        "processes_at_peak": memory.count,
        "bound_mb": MACHINE,
        "errors": failures,
        "good": not failures and memory.most <= MACHINE,
    }


@contextlib.contextmanager
def cgroup(limits: dict[Path, tuple[str, object]]) -> Iterator[bool]:
    """이 프로세스와 앞으로 띄울 것 모두를 한도가 있는 cgroup에 넣어요. 만들 수 없으면 False."""
    for parent, limit in limits.items():
        box = parent / f"bplib-{os.getpid()}"
        try:
            box.mkdir()
            for name, value in (limit, ("cgroup.procs", os.getpid())):
                with (box / name).open("r+") as file:  # 커널이 만들어 둔 것에만 적어요. 보통 폴더라면 없어요
                    file.write(str(value))
        except OSError:
            with contextlib.suppress(OSError):
                box.rmdir()
            continue
        try:
            yield True
        finally:
            (parent / "cgroup.procs").write_text(str(os.getpid()))
            box.rmdir()
        return
    yield False


def small(_: Path) -> dict[str, object]:
    """코어 하나와 2 GB에서 모든 장을."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with cgroup(MEMORY) as whole:
        if not whole:
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (BOX * 2**20, BOX * 2**20))
        print(f"메모리 {BOX} MB를 {'모두의 합(cgroup)' if whole else '프로세스마다'}으로 막아요.", flush=True)
        rows = every_chapter()
    worst = max(row["peak_pss_mb"] for row in rows)
    failed = [row["chapter"] for row in rows if not row["good"]]
    print(
        f"장 {len(rows)}개, 가장 큰 메모리 {worst} MB (한도 {BOX} MB, JupyterLab 서버까지), 실패 {len(failed)}개"
    )
    found = {"cores": 1, "bound_mb": BOX, "cgroup": whole, "chapters": rows, "peak_pss_mb": worst}
    return {**found, "good": not failed}


def every_chapter() -> list[dict[str, Any]]:
    """JupyterLab을 켜 둔 채로 장마다 출력을 대조하고, 걸린 시간과 메모리를 적어요."""
    import lab_app

    lab_app.START_TIMEOUT = CELL
    rows = []
    with tempfile.TemporaryDirectory() as home, lab_app.lab_server(Path(home)):
        for path in CHAPTERS:
            start = time.monotonic()
            nbval = ["--nbval", str(path), "-q", "-W", "default"]
            nbval += [f"--nbval-cell-timeout={CELL}", f"--nbval-kernel-startup-timeout={CELL}"]
            with Memory(every=0.2) as memory:
                done = subprocess.run(
                    [sys.executable, "-m", "pytest", *nbval], cwd=ROOT, capture_output=True, text=True
                )
            good = done.returncode == 0 and memory.most <= BOX
            rows.append(
                {
                    "chapter": path.stem,
                    "seconds": round(time.monotonic() - start),
                    "peak_pss_mb": round(memory.most),
                    "good": good,
                }
            )
            print(
                f"{path.stem:<24}{rows[-1]['seconds']:>5}초{memory.most:>7.0f} MB{'' if good else '  실패'}",
                flush=True,
            )
            if done.returncode:
                print(done.stdout[-1500:])
    return rows


PARTS: dict[str, Callable[[Path], dict[str, object]]] = {"site": site, "kernels": kernels, "small": small}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="만들어진 책의 자리")
    parser.add_argument("--record", action="store_true", help="결과를 적어 둬요")
    args = parser.parse_args(argv)
    machine = {"system": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count()}
    machine["python"] = platform.python_version()
    print(f"{machine['system']}, CPU {machine['cores']}개, 파이썬 {machine['python']}")
    found = PARTS[args.part](args.site.resolve())
    if args.record:
        table = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
        table[args.part] = {"date": f"{datetime.date.today()}", "machine": machine, **found}
        RESULTS.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("지켰어요" if found["good"] else "지키지 못했어요")
    return 0 if found["good"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
