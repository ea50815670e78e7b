"""run.py에서 틀릴 수 있는 부분을 인터넷 없이 시험해요."""

import http.server
import os
import posixpath
import shutil
import socket
import ssl
import sys
import threading
import urllib.request
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from scripts import load_script

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run() -> ModuleType:
    """시험마다 새로 읽은 run.py."""
    return load_script("run.py")


def fake_program(folder: Path, name: str) -> Path:
    """실제로 실행할 수 있는 작은 파일."""
    path = folder / (f"{name}.exe" if os.name == "nt" else name)
    path.write_bytes(b"#!/bin/sh\nexit 0\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty_machine(run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """브라우저가 하나도 없는 컴퓨터. 돌려준 폴더만 PATH에 있어요."""
    monkeypatch.delenv("BPLIB_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "browser_places", lambda: [tmp_path / "elsewhere" / "chrome"])
    return tmp_path


@pytest.mark.parametrize(
    ("version", "good"),
    [((2, 7, 18), False), ((3, 10, 14), False), ((3, 11, 0), True), ((3, 20, 1), True), ((4, 0, 0), True)],
)
def test_version_problem(run: ModuleType, version: tuple[int, int, int], good: bool) -> None:
    problem = run.version_problem(version)
    assert (problem is None) == good
    if problem:
        assert ".".join(map(str, version)) in problem
        assert "3.11" in problem


def test_parses_with_python_3_8() -> None:
    compile_flags = {"feature_version": (3, 8)}
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), **compile_flags)


class TestBrowser:
    def test_none(self, run: ModuleType, empty_machine: Path) -> None:
        assert run.find_browser() is None

    def test_name_order_on_path(self, run: ModuleType, empty_machine: Path) -> None:
        fake_program(empty_machine, "msedge")
        chrome = fake_program(empty_machine, "google-chrome")
        assert Path(run.find_browser()) == chrome
        chromium = fake_program(empty_machine, "chromium")
        assert Path(run.find_browser()) == chromium

    @pytest.mark.skipif(os.name == "nt", reason="Windows에는 실행 권한이 없어요")
    def test_ignores_a_file_that_cannot_run(self, run: ModuleType, empty_machine: Path) -> None:
        fake_program(empty_machine, "chromium").chmod(0o644)
        assert run.find_browser() is None

    def test_usual_places_after_path(self, run: ModuleType, empty_machine: Path) -> None:
        (empty_machine / "elsewhere").mkdir()
        place = empty_machine / "elsewhere" / "chrome"
        place.write_bytes(b"")
        assert run.find_browser() == str(place)
        edge = fake_program(empty_machine, "microsoft-edge")
        assert Path(run.find_browser()) == edge

    def test_chosen_wins(self, run: ModuleType, empty_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake_program(empty_machine, "chromium")
        mine = fake_program(empty_machine, "my-browser")
        monkeypatch.setenv("BPLIB_BROWSER", str(mine))
        assert Path(run.find_browser()) == mine

    def test_wrong_choice_is_told(
        self, run: ModuleType, empty_machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_program(empty_machine, "chromium")
        monkeypatch.setenv("BPLIB_BROWSER", "/no/such/browser")
        with pytest.raises(run.Trouble, match="/no/such/browser"):
            run.find_browser()

    def test_windows_and_mac_places(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
        places = run.browser_places()
        assert tmp_path / "Google/Chrome/Application/chrome.exe" in places
        assert tmp_path / "Microsoft/Edge/Application/msedge.exe" in places
        assert Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome") in places

    def test_install_failure_is_one_sentence(
        self, run: ModuleType, empty_machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried: list[tuple[Any, ...]] = []
        monkeypatch.setattr(run, "run", lambda *command, **env: tried.append(command) or 1)
        with pytest.raises(run.Trouble, match="Chrome, Chromium, Edge"):
            run.ensure_browser()
        assert "playwright" in tried[-1]


class TestStamp:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n", encoding="utf-8")
        (tmp_path / "bplib").mkdir()
        (tmp_path / "bplib" / "core.py").write_text("x = 1\n", encoding="utf-8")
        return tmp_path

    def test_repeats(self, run: ModuleType, project: Path) -> None:
        names = ["requirements.txt", "bplib", "missing.toml"]
        assert run.stamp(names, project) == run.stamp(names, project)

    def test_changes_with_the_file(self, run: ModuleType, project: Path) -> None:
        before = run.stamp(["requirements.txt"], project)
        (project / "requirements.txt").write_text("numpy==2.4.5\n", encoding="utf-8")
        assert run.stamp(["requirements.txt"], project) != before

    def test_changes_inside_a_folder(self, run: ModuleType, project: Path) -> None:
        before = run.stamp(["bplib"], project)
        (project / "bplib" / "core.py").rename(project / "bplib" / "core2.py")
        assert run.stamp(["bplib"], project) != before

    def test_ignores_bytecode(self, run: ModuleType, project: Path) -> None:
        before = run.stamp(["bplib"], project)
        (project / "bplib" / "__pycache__").mkdir()
        (project / "bplib" / "__pycache__" / "core.pyc").write_bytes(b"1")
        assert run.stamp(["bplib"], project) == before

    def test_changes_when_the_project_moves(self, run: ModuleType, project: Path) -> None:
        moved = project.parent / "moved"
        before = run.stamp(["requirements.txt"], project)
        shutil.copytree(project, moved)
        assert run.stamp(["requirements.txt"], moved) != before

    def test_changes_with_python(
        self, run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = run.stamp(["requirements.txt"], project)
        monkeypatch.setattr(run, "sys", SimpleNamespace(version="3.99"))
        assert run.stamp(["requirements.txt"], project) != before


class TestEnvironment:
    @pytest.fixture
    def did(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
        """빈 요구 목록만 있는 저장소에서 한 일의 차례: 가상 환경을 만들면 venv, 설치하면 pip에 준 것."""
        (tmp_path / "requirements").mkdir()
        for name in (*run.NEEDS, "pyproject.toml"):
            (tmp_path / name).write_text("", encoding="utf-8")
        monkeypatch.setattr(run, "ROOT", tmp_path)
        monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "python")
        monkeypatch.setattr(run, "stamp", lambda names, stamp=run.stamp: stamp(names, tmp_path))
        did: list[str] = []

        def make_venv() -> None:
            shutil.rmtree(run.VENV, ignore_errors=True)
            run.VENV.mkdir()
            run.PYTHON.touch()
            did.append("venv")

        monkeypatch.setattr(run, "make_venv", make_venv)
        monkeypatch.setattr(run, "pip_install", lambda *what: did.append(" ".join(what)))
        return did

    def test_installs_once_until_something_changes(
        self, run: ModuleType, did: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for wanted in (run.DEV, run.DEV, run.BOOK, run.READ):
            run.ensure_env(wanted)
        assert did == ["venv", run.PIP, "-r requirements/dev.txt"]
        (run.ROOT / "requirements.txt").write_text("numpy\n", encoding="utf-8")
        run.ensure_env(run.READ)
        run.ensure_env(run.DEV)
        assert did[3:] == ["-r requirements.txt", "-r requirements/dev.txt"]
        monkeypatch.setattr(run, "sys", SimpleNamespace(version="3.99", prefix=sys.prefix))
        run.ensure_env(run.DEV)
        assert did[5:] == ["venv", run.PIP, "-r requirements/dev.txt"]

    def test_the_locked_install_starts_from_nothing(self, run: ModuleType, did: list[str]) -> None:
        """해시를 보며 새 .venv에만 설치하고, 그 뒤의 책 만들기는 더 설치하지 않고, 섞인 뒤에는 처음부터 다시 해요."""
        run.ensure_env(run.READ)
        for wanted in (run.LOCKED, run.LOCKED, run.BOOK):
            run.ensure_env(wanted)
        locked = [
            "venv",
            "--require-hashes -r requirements/book.lock",
            "--no-deps --no-build-isolation -e .",
        ]
        assert did == ["venv", run.PIP, "-r requirements.txt", *locked]
        run.ensure_env(run.DEV)
        run.ensure_env(run.LOCKED)
        assert did[6:] == ["-r requirements/dev.txt", *locked]

    def test_a_failed_install_is_tried_again(
        self, run: ModuleType, did: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*what: str) -> None:
            raise run.Trouble

        with monkeypatch.context() as broken:
            broken.setattr(run, "pip_install", fail)
            with pytest.raises(run.Trouble):
                run.ensure_env()
        run.ensure_env()
        assert did == ["venv", "-r requirements.txt"]

    def test_inside_its_own_environment(
        self, run: ModuleType, did: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """독자가 직접 만든 .venv 안에서 실행하면 그것을 지우지 않아요."""
        run.VENV.mkdir()
        run.PYTHON.touch()
        monkeypatch.setattr(run, "sys", SimpleNamespace(version=sys.version, prefix=str(run.VENV)))
        run.ensure_env()
        with pytest.raises(run.Trouble, match=r"\.venv 밖"):
            run.ensure_env(run.LOCKED)
        assert did == ["-r requirements.txt"]

    def test_lists_read_each_other_as_told(self, run: ModuleType) -> None:
        for name in run.NEEDS.keys() - {run.LOCKED}:
            lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
            places = [
                posixpath.join(posixpath.dirname(name), line[3:]) for line in lines if line[:3] == "-r "
            ]
            read = [posixpath.normpath(place) for place in places]
            assert run.NEEDS[name] == [name, *(more for one in read for more in run.NEEDS[one])]


def test_failing_venv_is_told_and_removed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "run", lambda *command, **env: 1)
    run.VENV.mkdir()
    with pytest.raises(run.Trouble, match="python3-venv"):
        run.make_venv()
    assert not run.VENV.exists()


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, str]]:
    """pip가 물을 고장 난 곳: 이름과 비밀번호를 묻는 프록시, 아무도 모르는 인증서를 내미는 곳, 닫힌 곳."""

    class Asking(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_error(407)

    asking, unknown = (http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asking) for _ in range(2))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = resources.files("tornado.test")  # JupyterLab의 tornado에 든, 시험에 쓰는 인증서
    tls.load_cert_chain(str(folder / "test.crt"), str(folder / "test.key"))
    unknown.socket = tls.wrap_socket(unknown.socket, server_side=True)
    with asking, unknown, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # 자리만 맡고 듣지 않아요
        ports = {"closed": closed.getsockname()[1]}
        for name, server in {"asking": asking, "unknown": unknown}.items():
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            ports[name] = server.server_port
        yield {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        asking.shutdown()
        unknown.shutdown()


@pytest.fixture
def pip(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """이 컴퓨터의 설정은 잊고, 없는 곳에 빨리 물어요."""
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "1")  # 0이면 pip가 까닭을 적지 않아요
    monkeypatch.setenv("PIP_INDEX_URL", "https://pypi.invalid/simple")
    monkeypatch.setenv("NO_PROXY", "here.invalid")  # 하나라도 적혀 있으면 운영 체제의 프록시를 보지 않아요
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("PIP_INDEX_URL", "https://{closed}/simple", "인터넷"),
        ("PIP_INDEX_URL", "https://{unknown}/simple", "인증서"),
        ("HTTPS_PROXY", "http://{asking}", "비밀번호"),
        ("HTTPS_PROXY", "http://{closed}", "프록시에 닿지"),
        ("HTTPS_PROXY", "http:{closed}", "프록시에 닿지"),
        ("PIP_NO_INDEX", "1", "pip의 말"),
    ],
)
def test_failing_pip_is_told(
    run: ModuleType,
    pip: pytest.MonkeyPatch,
    places: dict[str, str],
    name: str,
    value: str,
    answer: str,
) -> None:
    pip.setenv(name, value.format(**places))
    with pytest.raises(run.Trouble, match=answer):
        run.pip_install("no-such-package")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="늘 가득 찬 장치는 Linux에만 있어요")
@pytest.mark.usefixtures("pip")
def test_full_disk_is_told(run: ModuleType) -> None:
    with pytest.raises(run.Trouble, match="디스크"):
        run.pip_install("--dry-run", "--report", "/dev/full", "pip")


class TestServer:
    def test_free_port_when_the_wished_is_taken(self, run: ModuleType, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as busy:
            wished = busy.getsockname()[1]
            with run.make_server(tmp_path, wished) as server:
                assert server.server_port != wished

    def test_wished_port(self, run: ModuleType, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            wished = probe.getsockname()[1]
        with run.make_server(tmp_path, wished) as server:
            assert server.server_port == wished
            assert server.server_address[0] == "127.0.0.1"

    @pytest.mark.parametrize(("name", "kind"), [("a.js", "text/javascript"), ("가.svg", "image/svg+xml")])
    def test_kinds_do_not_depend_on_the_machine(
        self, run: ModuleType, tmp_path: Path, name: str, kind: str
    ) -> None:
        (tmp_path / name).write_bytes(b"1")
        with run.make_server(tmp_path) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/{urllib.request.quote(name)}"
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(url, timeout=10) as answer:
                assert answer.headers["Content-Type"] == kind
            server.shutdown()


class TestSteps:
    def test_all_run_and_one_failure_fails(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran: list[str] = []

        def bad() -> None:
            raise run.Trouble("까닭이에요.")

        steps = {"one": ("하나", bad), "two": ("둘", lambda: ran.append("two"))}
        monkeypatch.setattr(run, "STEPS", steps)
        with pytest.raises(run.Trouble, match="2단계 가운데 1단계가 실패했어요: 하나"):
            run.test(None)
        assert ran == ["two"]
        table = capsys.readouterr().out.split("모든 단계\n")[1]
        assert "실패. 까닭이에요." in table
        assert "둘: 통과" in table

    def test_only(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        ran: list[str] = []
        steps = {name: (name, lambda name=name: ran.append(name)) for name in ("one", "two", "three")}
        monkeypatch.setattr(run, "STEPS", steps)
        run.test(["three", "one"])
        assert ran == ["three", "one"]

    def test_lint_types_and_unit_go_beside_the_book(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ran: list[str] = []
        steps = {name: (name, lambda name=name: ran.append(name)) for name in run.STEPS}
        monkeypatch.setattr(run, "STEPS", steps)
        monkeypatch.setattr(run, "start_beside", lambda *keys: lambda: ran.extend(keys))
        run.test(None)
        assert ran == ["book", "lint", "types", "unit", "notebooks", "pages"]

    @pytest.mark.parametrize(
        ("asked", "browser"), [("", True), ("--only=lint --only=pages", True), ("--only=unit", False)]
    )
    def test_a_browser_is_installed_only_where_one_is_used(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, asked: str, browser: bool
    ) -> None:
        did: list[str] = []
        for name in ("install_headless", "ensure_env", "test"):
            monkeypatch.setattr(run, name, lambda *_, name=name: did.append(name))
        monkeypatch.setattr(sys, "argv", ["run.py", "test", *asked.split()])
        run.main()
        assert did[-1] == "test"
        assert ("install_headless" in did) == browser

    def test_what_breaks_beside_the_packages_is_not_hidden(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken() -> None:
            raise OSError("apt-get이 없어요")

        monkeypatch.setattr(run, "install_headless", broken)
        monkeypatch.setattr(run, "ensure_env", lambda wanted: None)
        monkeypatch.setattr(run, "test", lambda only: None)
        monkeypatch.setattr(sys, "argv", ["run.py", "test", "--only=pages"])
        with pytest.raises(OSError, match="apt-get"):
            run.main()

    def test_what_fails_beside_is_told_at_its_turn(
        self, run: ModuleType, capfd: pytest.CaptureFixture[str]
    ) -> None:
        finish = run.start_beside("nothing")
        assert capfd.readouterr().out == ""
        with pytest.raises(run.Trouble, match="곁에서"):
            finish()
        assert "nothing" in capfd.readouterr().out

    def test_site_checks_need_a_site(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(run, "SITE", tmp_path)
        with pytest.raises(run.Trouble, match="book --no-serve"):
            run.check_site("tests/site")
        monkeypatch.setattr(run, "LITE", tmp_path)
        with pytest.raises(run.Trouble, match="lite --no-serve"):
            run.check_lite()

    def test_failed_build_forgets_its_pages(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(run, "BUILD", tmp_path)
        (tmp_path / "sources.stamp").write_text(run.stamp(run.BOOK_SOURCES), encoding="utf-8")
        (tmp_path / ".doctrees").mkdir()
        (tmp_path / "html").mkdir()
        monkeypatch.setattr(run, "run", lambda *command, **env: 1)
        with pytest.raises(run.Trouble, match="WARNING"):
            run.build_book()
        assert not (tmp_path / ".doctrees").exists()
        assert (tmp_path / "html").exists()


def test_commands_without_input(run: ModuleType) -> None:
    assert run.run(sys.executable, "-c", "import sys; sys.exit(len(sys.stdin.read()))") == 0
    assert run.run(sys.executable, "-c", "import sys; sys.exit(7)") == 7


def test_another_activated_environment_does_not_matter(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    assert run.run(sys.executable, "-c", "import os, sys; sys.exit('VIRTUAL_ENV' in os.environ)") == 0


def test_bytecode_is_kept(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """설치할 때 바이트코드를 만들지 않으니, 적지 말라고 해 둔 셸(컨테이너에 흔해요)에서도 번역한 것을 남겨요."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run.run(sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode)") == 0


def test_one_thread_unless_told_otherwise(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """띄운 프로세스의 NumPy가 정말로 실 하나를 쓰는지, 독자가 정해 둔 것은 그대로인지."""
    for name in (*run.ONE_THREAD, "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    count = (
        "import numpy, sys, threadpoolctl as t; sys.exit(sum(p['num_threads'] for p in t.threadpool_info()))"
    )
    assert run.run(sys.executable, "-c", count) <= 1  # macOS의 Accelerate는 세지 못해요
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert run.run(sys.executable, "-c", "import os; os._exit(int(os.environ['OMP_NUM_THREADS']))") == 7


def test_fonts_are_listed_in_our_own_room(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """집 폴더에 쓸 수 없어도, 거기에 남의 목록이 있어도 상관없어요. 독자가 정해 둔 자리는 그대로예요."""
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    say = "import os, sys; sys.exit(os.environ['MPLCONFIGDIR'] != sys.argv[1])"
    assert run.run(sys.executable, "-c", say, run.VENV / "matplotlib") == 0
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    assert run.run(sys.executable, "-c", say, tmp_path) == 0


def test_command_line(run: ModuleType) -> None:
    assert run.parse(["book"]).port == 8000
    assert run.parse(["book", "--no-serve", "--no-pdf"]).no_pdf
    assert run.parse(["test", "--only", "lint", "--only", "unit"]).only == ["lint", "unit"]
    assert run.parse(["lite", "--no-serve"]).no_serve
    assert run.parse(["test", "--only", "lite"]).only == ["lite"]
    assert run.parse(["record"]).notebooks == []
    with pytest.raises(SystemExit):
        run.parse([])
