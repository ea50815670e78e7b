"""run.py에서 틀릴 수 있는 부분을 인터넷 없이 시험해요."""

import os
import shutil
import socket
import sys
import urllib.request
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
    def project(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
        for name in (*run.NEEDS[run.DEV], "pyproject.toml"):
            (tmp_path / name).write_text("", encoding="utf-8")
        monkeypatch.setattr(run, "ROOT", tmp_path)
        monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "python")
        monkeypatch.setattr(run, "stamp", lambda names, stamp=run.stamp: stamp(names, tmp_path))
        return tmp_path

    def test_failing_venv_is_told_and_removed(
        self, run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / ".venv").mkdir()
        monkeypatch.setattr(run, "run", lambda *command, **env: 1)
        with pytest.raises(run.Trouble, match="python3-venv"):
            run.ensure_env()
        assert not (project / ".venv").exists()

    @pytest.mark.parametrize(
        ("said", "answer"),
        [(b"NewConnectionError('...')", "인터넷"), (b"No matching distribution", "pip의 말")],
    )
    def test_failing_pip_is_told(
        self, run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, answer: str
    ) -> None:
        (project / ".venv").mkdir()
        monkeypatch.setattr(run, "make_venv", lambda: None)
        failed = SimpleNamespace(returncode=1, stderr=said)
        monkeypatch.setattr(run.subprocess, "run", lambda *args, **options: failed)
        with pytest.raises(run.Trouble, match=answer):
            run.ensure_env()
        assert not list((project / ".venv").iterdir())

    def test_installs_once_until_something_changes(
        self, run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / ".venv").mkdir()
        (project / ".venv" / "python").touch()
        monkeypatch.setattr(run, "make_venv", lambda: None)
        installed: list[str] = []

        def pip(command: list[str], **options: Any) -> SimpleNamespace:
            installed.append(command[-1])
            return SimpleNamespace(returncode=0, stderr=b"")

        monkeypatch.setattr(run.subprocess, "run", pip)
        run.ensure_env(run.DEV)
        run.ensure_env(run.DEV)
        run.ensure_env(run.BOOK)
        run.ensure_env()
        assert installed == ["requirements/dev.txt"]
        (project / "requirements.txt").write_text("numpy\n", encoding="utf-8")
        run.ensure_env()
        run.ensure_env(run.DEV)
        assert installed[1:] == ["requirements.txt", "requirements/dev.txt"]

    def test_the_locked_install_starts_from_nothing(
        self, run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """해시를 보며 새 .venv에만 설치하고, 그 뒤의 책 만들기는 더 설치하지 않고, 섞인 뒤에는 처음부터 다시 해요."""
        (project / run.LOCKED).write_text("", encoding="utf-8")
        (project / ".venv").mkdir()
        (project / ".venv" / "leftover").touch()

        def make_venv() -> None:
            (project / ".venv").mkdir(exist_ok=True)
            (project / ".venv" / "python").touch()

        monkeypatch.setattr(run, "make_venv", make_venv)
        installed: list[tuple[str, ...]] = []
        monkeypatch.setattr(run, "pip_install", lambda *what: installed.append(what))
        run.ensure_env(run.LOCKED)
        run.ensure_env(run.LOCKED)
        run.ensure_env(run.BOOK)
        assert not (project / ".venv" / "leftover").exists()
        assert installed == [
            ("--require-hashes", "-r", "requirements/book.lock"),
            ("--no-deps", "--no-build-isolation", "-e", "."),
        ]
        run.ensure_env(run.DEV)
        run.ensure_env(run.LOCKED)
        assert installed[2:] == [("-r", "requirements/dev.txt"), *installed[:2]]

    def test_lists_read_each_other_as_told(self, run: ModuleType) -> None:
        for name, files in run.NEEDS.items():
            lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
            read = [line.split()[1] for line in lines if line.startswith("-r ")]
            assert files == [name, *(more for one in read for more in run.NEEDS[one])]


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
        import threading

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


def test_command_line(run: ModuleType) -> None:
    assert run.parse(["book"]).port == 8000
    assert run.parse(["book", "--no-serve"]).no_serve
    assert run.parse(["test", "--only", "lint", "--only", "unit"]).only == ["lint", "unit"]
    assert run.parse(["lite", "--no-serve"]).no_serve
    assert run.parse(["test", "--only", "lite"]).only == ["lite"]
    assert run.parse(["record"]).notebooks == []
    with pytest.raises(SystemExit):
        run.parse([])
