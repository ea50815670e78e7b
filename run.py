#!/usr/bin/env python3
"""역전파 실험실을 한 줄로 만들고, 시험하고, 열어요.

    python3 run.py book      책을 만들고 이 컴퓨터에서 보여 줘요 (--no-serve: 만들기만, --no-pdf: PDF 없이)
    python3 run.py test      코드, 노트북, 책을 모두 시험해요 (--only 단계: 그 단계만)
    python3 run.py lite      책에 브라우저 안에서 도는 JupyterLite를 더하고 보여 줘요 (npm이 필요해요)
    python3 run.py lab       chapters/를 JupyterLab으로 열어요
    python3 run.py record    노트북을 실행해 대조할 출력만 저장해요 (이름을 적으면 그것만)
    python3 run.py assignments   연습문제를 nbgrader의 숙제로 써요 (05처럼 적으면 그 장만, --to 폴더: 그곳에)
    python3 run.py bench     bplib의 빠르기를 다른 도구와 나란히 재요 (2코어에서 6분)
    python3 run.py fuzz      bplib에 나쁜 입력을 찾아가며 넣어요 (초를 적으면 그만큼, 기본 300초)
    python3 run.py mutants   버그를 심어 보고 시험이 찾는지 세어요 (이름을 적으면 그 모듈만. 2코어에서 한 시간)

처음 한 번 .venv를 만들고 필요한 것을 설치해요. 파이썬 말고는 아무것도 필요하지 않아요.
"""

import argparse
import functools
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def version_problem(version):  # type: ignore[no-untyped-def]
    """파이썬이 3.11보다 낮으면 알려 줄 문장, 아니면 None이에요. 옛 파이썬도 이 파일을 읽을 수 있어야 해요."""
    if tuple(version[:2]) >= (3, 11):
        return None
    have = ".".join(map(str, version[:3]))
    return f"파이썬 3.11 이상이 필요해요. 지금은 {have}이에요. 새 파이썬을 설치한 뒤 다시 실행해 주세요."


if version_problem(sys.version_info):
    sys.exit(version_problem(sys.version_info))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUILD = ROOT / "_build"
SITE = BUILD / "html"
LITE = BUILD / "html-lite"  # 책의 사본에 JupyterLite를 더한 것
LITE_TEST = "tests/browser/test_lite.py"  # 그것이 있어야 해서 따로 불러요
READ, BOOK, DEV = "requirements.txt", "requirements/book.txt", "requirements/dev.txt"
BENCH, QUALITY, TEACH = "requirements/bench.txt", "requirements/quality.txt", "requirements/teach.txt"
NEEDS = {READ: [READ], BOOK: [BOOK, READ], TEACH: [TEACH, READ]}  # 요구 목록이 -r로 함께 읽는 것까지
NEEDS[DEV] = [DEV, *NEEDS[BOOK], *NEEDS[TEACH]]
NEEDS[BENCH], NEEDS[QUALITY] = [BENCH, *NEEDS[DEV]], [QUALITY, *NEEDS[DEV]]
LOCKED = "requirements/book.lock"  # 책을 올릴 때 쓰는 것: requirements/book.txt를 해시까지 잠갔어요
NEEDS[LOCKED] = [LOCKED, *NEEDS[BOOK]]
PIP = "pip==26.3"  # 파이썬 3.11에 딸려 온 판은 같은 것을 설치하는 데 두 배 걸려요(111초와 56초)
BOOK_SOURCES = ["book", "_config.yml", *NEEDS[BOOK]]
# 작은 행렬은 실(thread) 하나가 빨라요. 코어를 나눠 쓰면 더 그래요(benchmarks/quota.py). NumPy에 든 OpenBLAS와 macOS의
# Accelerate가 읽는 이름이에요. OPENBLAS_NUM_THREADS를 따로 정해 두었으면 OpenBLAS는 그것을 따라요.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
# matplotlib이 찾은 글꼴의 목록. 남이 만들다 만 목록을 읽거나, 쓸 수 없는 집 폴더에 걸리지 않게 이 환경 안에 둬요.
FONT_CACHE = {"MPLCONFIGDIR": str(VENV / "matplotlib")}
# JupyterLab의 설정: 저장할 때 실험의 그림도 저장해요. 없으면 다시 연 노트북에 영어로 오류만 적혀 있어요. Binder도 써요.
LAB = {"JUPYTER_CONFIG_PATH": str(ROOT / "binder")}
OFFLINE = "인터넷에 닿지 못해 설치하지 못했어요. 연결을 확인하고 다시 실행해 주세요."
NO_PROXY = "프록시에 닿지 못해 설치하지 못했어요. HTTPS_PROXY에 적힌 주소가 맞는지 봐 주세요."
PASSWORD = "프록시가 이름과 비밀번호를 물어요. HTTPS_PROXY에 적어 주세요: http://이름:비밀번호@주소:포트"
CERTIFICATE = (
    "꾸러미를 받는 곳의 인증서를 믿을 수 없어 설치하지 못했어요. 컴퓨터의 날짜가 맞는지 봐 주세요. "
    "학교나 회사의 망이라면 관리자에게 인증서 파일(.pem)을 받아 PIP_CERT에 그 자리를 적어 주세요."
)
# pip의 말에 이것이 있으면 이렇게 알려요. 프록시와 인증서의 문제에도 마지막의 낱말이 함께 있어서, 앞의 것부터 봐요.
PIP_SAYS = {
    r"\[Errno 28\]": "디스크가 가득 차서 설치하지 못했어요. 자리를 비우고 다시 실행해 주세요.",
    "Tunnel connection failed: 407": PASSWORD,
    "ProxyError|Tunnel connection failed|check proxy URL": NO_PROXY,
    "CERTIFICATE_VERIFY_FAILED": CERTIFICATE,
    "NewConnectionError|NameResolutionError|Max retries|getaddrinfo|unreachable": OFFLINE,
}
# 창이 없는 크롬(Playwright도 이것을 먼저 써요)은 창까지 그리는 것보다 시험을 4분의 1쯤 빨리 끝내요.
HEADLESS = "chromium-headless-shell"
BROWSERS = (
    HEADLESS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
WINDOWS_BROWSERS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
MAC_BROWSERS = ("Google Chrome", "Chromium", "Microsoft Edge")


class Trouble(Exception):
    """이 단계를 끝낼 수 없는 까닭을 한 문장으로 담아요."""


def run(*command: "str | Path", **env: str) -> int:
    """명령을 저장소에서 실행하고 끝난 상태를 돌려줘요. 입력은 기다리지 않아요."""
    full_env = {**ONE_THREAD, **FONT_CACHE, **os.environ, "PYTHONUTF8": "1", **env}
    full_env.pop("VIRTUAL_ENV", None)  # 부른 사람이 켜 둔 다른 환경. IPython이 그것을 보고 경고해요
    full_env.pop("PYTHONDONTWRITEBYTECODE", None)  # 적어 두어야 커널을 켤 때마다 다시 번역하지 않아요
    return subprocess.run(
        [str(c) for c in command], cwd=ROOT, env=full_env, stdin=subprocess.DEVNULL
    ).returncode


def module(*args: str, **env: str) -> None:
    """`.venv`의 파이썬으로 모듈을 실행해요. 실패하면 Trouble이에요."""
    code = run(PYTHON, "-m", *args, **env)
    if code:
        raise Trouble(f"{args[0]}에서 문제를 찾았어요(끝난 상태 {code}). 위에 적힌 내용을 봐 주세요.")


def stamp(names: "list[str]", root: Path = ROOT) -> str:
    """파일과 폴더의 내용, 파이썬 판, 저장소 자리를 한 줄로 줄여요. 무엇이든 바뀌면 달라져요."""
    digest = hashlib.sha256(f"{sys.version} {root}".encode())
    for name in names:
        inside = sorted(p for p in (root / name).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for path in inside or [root / name]:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def same(mark: Path, text: str) -> bool:
    """표시 파일에 같은 글이 적혀 있는지 봐요."""
    return mark.is_file() and mark.read_text(encoding="utf-8") == text


def make_venv() -> None:
    """`.venv`를 처음부터 만들어요."""
    if run(sys.executable, "-m", "venv", "--clear", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble("가상 환경을 만들지 못했어요. Debian·Ubuntu라면 `apt install python3-venv`가 필요해요.")


def ensure_env(wanted: str = READ) -> None:
    """필요한 것을 `.venv`에 설치해요. 요구 목록도, 파이썬도, 저장소의 자리도 그대로면 아무것도 하지 않아요.

    잠근 것은 새 `.venv`에만 설치해요. 다른 것을 설치하면 그 표시가 지워져요.
    """
    place, *marks = [stamp([]), *(stamp([*NEEDS[name], "pyproject.toml"]) for name in NEEDS[wanted])]
    mark = VENV / "installed"
    have = mark.read_text(encoding="utf-8").split() if PYTHON.exists() and mark.is_file() else []
    if marks[0] in have:
        return
    inside, locked = Path(sys.prefix) == VENV, wanted == LOCKED
    if inside and locked:
        raise Trouble("--locked는 .venv를 새로 만들어요. .venv 밖의 파이썬으로 실행해 주세요.")
    fresh = locked or not (inside or place in have)
    if fresh:
        make_venv()
    mark.write_text(place, encoding="utf-8")  # 설치하다 멈추면 다음번에 이어서 해요
    print(f"{wanted}에 적힌 것을 .venv에 설치해요. 처음에는 몇 분 걸려요.", flush=True)
    if fresh and not locked:  # 잠근 것은 해시를 아는 것만 설치해요
        pip_install(PIP)
    pip_install(*(["--require-hashes"] if locked else []), "-r", wanted)
    if locked:
        pip_install("--no-deps", "--no-build-isolation", "-e", ".")  # 이 저장소 자신에게는 해시가 없어요
    mark.write_text("\n".join([place, *marks]), encoding="utf-8")


def pip_install(*what: str) -> None:
    """`.venv`에 pip로 설치해요. 실패하면 까닭을 한 문장으로 알려요."""
    # 바이트코드는 처음 쓸 때 저절로 만들어져요. 미리 다 만들면 설치가 반이나 더 걸려요
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*pip, "--no-compile", *what], cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        print(said, file=sys.stderr)
        why = next((why for words, why in PIP_SAYS.items() if re.search(words, said)), None)
        if why is OFFLINE and urllib.request.getproxies().keys() & {"https", "all"}:
            why = NO_PROXY  # 요즘 pip는 프록시에 닿지 못한 것을 따로 적지 않아요
        raise Trouble(why or "설치하지 못했어요. 위에 적힌 pip의 말을 봐 주세요.")


def build_book(fresh: bool = False, pdf: bool = True) -> None:
    """책을 만들어요. 경고 하나도 실패예요. 책의 설정이나 확장이 바뀌었으면 처음부터 만들어요."""
    mark = BUILD / "sources.stamp"
    if fresh or not same(mark, stamp(BOOK_SOURCES)):
        shutil.rmtree(BUILD, ignore_errors=True)
    start = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    code = run(PYTHON, "-c", start, "build", ".", "-W", "-n", "--keep-going")
    if code:
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)  # 다음번에 같은 경고가 숨지 않게 해요.
        raise Trouble(f"책에 문제가 있어요(끝난 상태 {code}). 경고도 실패로 쳐요. 위의 WARNING을 봐 주세요.")
    if run(PYTHON, "book/downloads.py", SITE, find_browser() or "" if pdf else ""):
        raise Trouble("책을 내려받을 파일로 만들지 못했어요. 위에 적힌 내용을 봐 주세요.")
    mark.write_text(stamp(BOOK_SOURCES), encoding="utf-8")


def build_lite(pdf: bool = True) -> None:
    """책을 만들고, 그 사본에 JupyterLite를 더해요."""
    build_book(pdf=pdf)
    if run(PYTHON, "book/lite.py", SITE, LITE):
        raise Trouble("JupyterLite를 만들지 못했어요. 위에 적힌 내용을 봐 주세요.")


class Handler(http.server.SimpleHTTPRequestHandler):
    """조용한 파일 서버예요. 파일 종류는 운영 체제의 설정에 기대지 않아요."""

    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        **{".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript"},
        **{
            ".svg": "image/svg+xml",
            ".json": "application/json",
            ".woff2": "font/woff2",
            ".wasm": "application/wasm",
        },
    }

    def log_message(self, format: str, *args: object) -> None:
        """요청마다 한 줄씩 찍지 않아요."""


class Server(http.server.ThreadingHTTPServer):
    """이 컴퓨터에만 보이는 서버예요."""

    allow_reuse_address = os.name != "nt"  # Windows에서는 남이 쓰는 포트에 겹쳐 열릴 수 있어요.


def make_server(directory: Path, port: int = 0, kind: "type[Handler]" = Handler) -> Server:
    """폴더를 보여 줄 서버를 만들어요. 바라는 포트가 쓰이고 있으면 빈 포트를 골라요."""
    handler = functools.partial(kind, directory=str(directory))
    try:
        return Server(("127.0.0.1", port), handler)
    except OSError:
        return Server(("127.0.0.1", 0), handler)


def browser_places() -> "list[Path]":
    """PATH 밖에서 브라우저가 흔히 놓이는 자리예요."""
    bases = [os.environ[k] for k in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if k in os.environ]
    windows = [Path(base, place) for place in WINDOWS_BROWSERS for base in bases]
    homes = [Path("/Applications"), Path.home() / "Applications"]
    return windows + [home / f"{app}.app/Contents/MacOS/{app}" for app in MAC_BROWSERS for home in homes]


def find_browser() -> "str | None":
    """테스트에 쓸 브라우저를 찾아요. BPLIB_BROWSER, PATH, 흔한 자리 순서예요."""
    chosen = os.environ.get("BPLIB_BROWSER")
    if chosen and not shutil.which(chosen):
        raise Trouble(f"BPLIB_BROWSER에 적힌 {chosen}을(를) 실행할 수 없어요. 자리를 확인해 주세요.")
    found = [shutil.which(name) for name in ([chosen] if chosen else BROWSERS)]
    found += [str(place) for place in browser_places() if place.is_file()]
    return next(filter(None, found), None)


def is_root() -> bool:
    """시스템에 설치할 수 있는지 봐요."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_headless() -> None:
    """Debian의 관리자라면 창이 없는 크롬을 설치해요. 아니면 있는 브라우저를 써요."""
    release = Path("/etc/os-release")
    debian = release.is_file() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()
    wanted = not os.environ.get("BPLIB_BROWSER") and not shutil.which(HEADLESS)
    if wanted and is_root() and debian and run("apt-get", "update", "-q") == 0:
        small = "--no-install-recommends"  # 20개. 권하는 것까지면 116개예요
        run("apt-get", "install", "-yq", small, HEADLESS, "fonts-nanum", DEBIAN_FRONTEND="noninteractive")


def ensure_browser() -> str:
    """브라우저를 찾고, 없으면 설치해요. 빈 글은 Playwright가 제 브라우저를 쓴다는 뜻이에요."""
    found = find_browser()
    with_deps = ["--with-deps"] if is_root() and sys.platform == "linux" else []
    if not found and run(PYTHON, "-m", "playwright", "install", *with_deps, "chromium"):
        raise Trouble("브라우저를 설치하지 못했어요. Chrome, Chromium, Edge 가운데 하나를 설치해 주세요.")
    return found or ""


def check_lint() -> None:
    """코드의 규칙과 모양을 봐요."""
    module("ruff", "check", ".")
    module("ruff", "format", "--check", ".")
    if run(PYTHON, "book/cells.py", "--check"):
        raise Trouble("노트북 칸의 모양이 달라요. `.venv`의 파이썬으로 book/cells.py를 실행해 주세요.")


def check_site(*folders: str) -> None:
    """만들어진 책을 봐요."""
    if not (SITE / "index.html").is_file():
        raise Trouble("만들어진 책이 없어요. `python3 run.py book --no-serve`를 먼저 실행해 주세요.")
    browser = {"BPLIB_BROWSER": ensure_browser()} if "tests/browser" in folders else {}
    module("pytest", *folders, f"--ignore={LITE_TEST}", *PARALLEL, **browser)


def check_lite() -> None:
    """브라우저 안에서 커널이 도는지 봐요."""
    if not (LITE / "lite" / "lab" / "index.html").is_file():
        raise Trouble("JupyterLite가 없어요. `python3 run.py lite --no-serve`를 먼저 실행해 주세요.")
    module("pytest", LITE_TEST, BPLIB_BROWSER=ensure_browser())


PARALLEL = ["-n", "auto", "--dist", "loadscope"]  # 코어마다 한 묶음씩. 묶음은 tests/conftest.py가 정해요
UNIT = ["tests", "--ignore=tests/site", "--ignore=tests/browser", *PARALLEL]


def check_notebooks() -> None:
    """노트북이 저장된 모양인지, 책을 만들며 실행한 출력이 저장된 것과 같은지 봐요. 실행하지 않은 장만 실행해요."""
    if run(PYTHON, "book/compare.py"):
        raise Trouble(
            "저장된 출력이 실행한 것과 다른 노트북이 있어요. 새 출력이 맞다면 `python3 run.py record`로 저장해 주세요."
        )


def check_book() -> None:
    """책을 처음부터 만들어요. PDF를 인쇄할 브라우저가 먼저 있어야 해요."""
    ensure_browser()
    build_book(fresh=True)


STEPS = {
    "lint": ("코드 규칙과 모양", check_lint),
    "types": ("타입", lambda: module("mypy")),
    "book": ("책 만들기", check_book),
    "unit": ("단위 테스트", lambda: module("pytest", *UNIT)),
    "notebooks": ("노트북 출력 대조", check_notebooks),  # 책을 만들며 실행한 것을 봐요
    "pages": ("만들어진 쪽과 실제 브라우저", lambda: check_site("tests/site", "tests/browser")),
}


# 모든 단계를 할 때 책 곁에서 하는 것. 책은 쪽을 쓰고 PDF를 찍는 동안 코어 하나만 써요.
BESIDE = ("lint", "types", "unit")
# 늘 하지는 않고, 이름을 적을 때만 해요.
MORE_STEPS = {
    "site": ("만들어진 쪽만", lambda: check_site("tests/site")),
    "browser": ("실제 브라우저만", lambda: check_site("tests/browser")),
    "lite": ("JupyterLite", check_lite),
}
NEED_BROWSER = {"book", "pages", "browser", "lite"}


def start_beside(*keys: str) -> "Callable[[], None]":
    """단계들을 곁에서 시작하고, 끝나기를 기다려 그동안 한 말을 보여 주는 함수를 돌려줘요."""
    said = tempfile.TemporaryFile()  # noqa: SIM115  # finish가 읽고 닫아요
    command = [str(PYTHON), "run.py", "test", *(f"--only={key}" for key in keys)]
    polite = (lambda: os.nice(15)) if hasattr(os, "nice") else None  # 앞의 일이 먼저예요
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said, preexec_fn=polite
    )

    def finish() -> None:
        code = child.wait()
        with said:
            said.seek(0)
            print(said.read().decode("utf-8", "replace"), flush=True)
        if code:
            raise Trouble("곁에서 한 일에 문제가 있어요. 위에 적힌 내용을 봐 주세요.")

    return finish


def test(only: "list[str] | None") -> None:
    """단계를 차례로 해요. 하나가 실패해도 나머지를 마저 하고, 끝에 표를 보여 줘요."""
    rows, failed = [], []
    steps, keys = {**STEPS, **MORE_STEPS}, only or list(STEPS)
    if not only and set(BESIDE) <= set(STEPS):
        titles = ", ".join(STEPS[key][0] for key in BESIDE)
        steps["beside"] = (f"책 곁에서 한 {titles}", start_beside(*BESIDE))
        keys = ["book", "beside", *(key for key in STEPS if key not in ("book", *BESIDE))]
    for key in keys:
        title, step = steps[key]
        print(f"\n=== {title} ({key}) ===", flush=True)
        start, result = time.monotonic(), "통과"
        try:
            step()
        except Trouble as trouble:
            result = f"실패. {trouble}"
            failed.append(title)
        rows.append(f"{key:<10}{time.monotonic() - start:>7.1f}초  {title}: {result}")
        print(f"--- {rows[-1]}", flush=True)
    print("\n모든 단계\n" + "\n".join(rows), flush=True)
    if failed:
        raise Trouble(f"{len(rows)}단계 가운데 {len(failed)}단계가 실패했어요: {', '.join(failed)}")
    print(f"\n{len(rows)}단계를 모두 통과했어요.")


def parse(argv: "list[str] | None" = None) -> argparse.Namespace:
    """명령줄을 읽어요."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("book", "책을 만들고 보여 줘요"), ("lite", "책에 JupyterLite를 더하고 보여 줘요")):
        book = commands.add_parser(name, help=what)
        book.add_argument("--no-serve", action="store_true", help="만들기만 하고 끝내요")
        book.add_argument("--no-pdf", action="store_true", help="고치며 볼 때: PDF를 인쇄하지 않아요")
        book.add_argument("--locked", action="store_true", help=f"새 .venv에 {LOCKED}의 것만 설치해요")
        book.add_argument("--port", type=int, default=8000, help="바라는 포트 (기본 8000)")
    test = commands.add_parser("test", help="모두 시험해요")
    test.add_argument(
        "--only", action="append", choices=[*STEPS, *MORE_STEPS], help="이 단계만 해요 (되풀이할 수 있어요)"
    )
    commands.add_parser("lab", help="JupyterLab을 열어요")
    commands.add_parser("record", help="노트북의 출력을 저장해요").add_argument("notebooks", nargs="*")
    teach = commands.add_parser("assignments", help="연습문제를 nbgrader의 숙제로 써요")
    teach.add_argument("chapters", nargs="*", metavar="장", help="05처럼 적은 장만 (기본 모두)")
    teach.add_argument(
        "--to", default=ROOT / "assignments", type=Path, metavar="폴더", help="쓸 곳 (기본 assignments)"
    )
    commands.add_parser("bench", help="빠르기를 나란히 재요").add_argument("parts", nargs="*")
    commands.add_parser("fuzz", help="나쁜 입력을 찾아가며 넣어요").add_argument(
        "seconds", type=int, nargs="?", default=300, help="모두 몇 초 동안 (기본 300)"
    )
    mutants = commands.add_parser("mutants", help="심은 버그를 시험이 찾는지 세어요")
    mutants.add_argument("parts", nargs="*", help="모듈의 이름이나 player")
    mutants.add_argument("--sample", metavar="N", help="모든 모듈에서 고른 N개만 (몇 분)")
    return parser.parse_args(argv)


def main() -> None:
    """명령 하나를 실행해요."""
    args = parse()
    needs = {"test": DEV, "book": BOOK, "lite": BOOK, "assignments": TEACH, "bench": BENCH}
    needs |= {"fuzz": QUALITY, "mutants": QUALITY}
    steps = set(args.only or STEPS) if args.command == "test" else set()
    with ThreadPoolExecutor() as pool:  # 브라우저는 꾸러미 곁에서 설치해요
        browser = pool.submit(install_headless) if steps & NEED_BROWSER else None
        ensure_env(LOCKED if getattr(args, "locked", False) else needs.get(args.command, READ))
    if browser:
        browser.result()  # 설치하다 난 오류가 있으면 여기서 나요
    if args.command == "test":
        test(args.only)
    elif args.command == "lab":
        module("jupyterlab", "chapters", **LAB)
    elif args.command == "record":
        if run(PYTHON, "book/record.py", *(Path(name).resolve() for name in args.notebooks)):
            raise Trouble("저장하지 못한 노트북이 있어요. 위에 적힌 내용을 봐 주세요.")
    elif args.command == "assignments":
        if run(PYTHON, "book/assignments.py", args.to.resolve(), *args.chapters):
            raise Trouble("숙제를 쓰지 못했어요. 위에 적힌 내용을 봐 주세요.")
        print(f"{args.to}에 썼어요. 나눠 줄 것은 release/, 정답이 든 원본은 source/에 있어요.")
    elif args.command == "bench":
        if run(PYTHON, "benchmarks/speed.py", *args.parts):
            raise Trouble("한도를 넘었거나 재지 못한 것이 있어요. 위에 적힌 표를 봐 주세요.")
    elif args.command == "fuzz":
        if run(PYTHON, "quality/fuzz.py", str(args.seconds)):
            raise Trouble("약속을 어기는 입력을 찾았거나 퍼저가 멈췄어요. 위에 적힌 것을 봐 주세요.")
    elif args.command == "mutants":
        if run(
            PYTHON, "quality/mutants.py", *args.parts, *(["--sample", args.sample] if args.sample else [])
        ):
            raise Trouble("시험이 찾지 못한 버그가 있어요. 위에 적힌 표를 봐 주세요.")
    else:
        build, site = (build_book, SITE) if args.command == "book" else (build_lite, LITE)
        build(pdf=not args.no_pdf)
        print(f"책을 만들었어요: {site / 'index.html'}", flush=True)
        if not args.no_serve:
            with make_server(site, args.port) as server:
                print(f"책이 열렸어요: http://127.0.0.1:{server.server_port}/ (멈추기: Ctrl+C)", flush=True)
                server.serve_forever()


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except KeyboardInterrupt:
        sys.exit("\n멈췄어요.")
