"""의존성: 잠근 파일이 요구 목록과 같고 해시가 있는지, 라이선스 목록에 모두 있는지, 작업 흐름이 모든 줄을 보는지."""

import re
from types import ModuleType

import pytest
import yaml
from scripts import ROOT, load_script

dependencies: ModuleType = load_script("book/dependencies.py")
drift: ModuleType = load_script("quality/drift.py")
LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in dependencies.LOCKS}


@pytest.mark.parametrize(("name", "wanted"), dependencies.LOCKS.items())
def test_the_lock_agrees_with_the_list(name, wanted):
    assert len(dependencies.requirements(wanted)) >= 5
    assert dependencies.disagreements(wanted, LOCKS[name]) == [], (
        "`.venv`의 파이썬으로 `book/dependencies.py lock`을 실행해 주세요."
    )


def test_a_difference_is_named_by_its_line():
    text = LOCKS["requirements/book.lock"]
    ((version, place),) = [
        pin for name, pin in dependencies.requirements("requirements/book.txt").items() if name == "numpy"
    ]
    assert place.startswith("requirements.txt:")
    older = text.replace(f"\nnumpy=={version} ", "\nnumpy==2.0.0 ")
    (said,) = dependencies.disagreements("requirements/book.txt", older)
    assert said == f"{place}: numpy=={version}인데 잠근 판은 2.0.0이에요."
    (said,) = dependencies.disagreements("requirements/book.txt", text.replace("\nsphinx==", "\nsphinxx=="))
    assert "requirements/book.txt:" in said
    assert "없음" in said


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(name):
    entries = re.split(r"\n(?=\S)", LOCKS[name].strip())
    assert len(entries) >= 60
    assert [
        entry for entry in entries if not re.search(r"==.*--hash=sha256:[0-9a-f]{64}", entry, re.DOTALL)
    ] == []
    assert "://" not in LOCKS[name]
    assert "torch" not in dependencies.locked(LOCKS[name])


def test_every_locked_package_has_a_license():
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| (.+) \|$", (ROOT / dependencies.LICENSES).read_text("utf-8"), re.M
    )
    listed = {(name, version): license for name, version, license in rows}
    named = {name for name, _ in listed}
    for text in LOCKS.values():
        have = dependencies.locked(text)
        assert sorted(set(have) - named) == [], "`book/dependencies.py licenses`를 실행해 주세요."
        old = [f"{n} {v}" for n, v in listed if n in have and v not in have[n] and not in_another_lock(n, v)]
        assert old == [], "`book/dependencies.py licenses`를 실행해 주세요."
    for (name, _), license in listed.items():
        assert license not in ("", "UNKNOWN"), name
        assert bool(dependencies.COPYLEFT.search(license)) == license.startswith("**"), name


def in_another_lock(name, version):
    return any(version in dependencies.locked(text).get(name, []) for text in LOCKS.values())


def test_the_monthly_workflow_looks_at_every_row():
    text = (ROOT / ".github" / "workflows" / "drift.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(text)["jobs"]["drift"]["strategy"]["matrix"]["include"]
    assert [row["name"] for row in matrix] == list(drift.ROWS)
    pythons = {row["name"]: row["python"] for row in matrix}
    assert pythons[drift.LOWEST] == drift.PYTHONS[0]
    assert pythons[drift.NEWEST] == drift.PYTHONS[-1]


def test_left_out_tests_are_real():
    """이름이 바뀐 시험을 빼려 하면, 뺀 줄 알았던 것이 돌거나 모르는 것이 빠져요."""
    for name in (*drift.PER_CHAPTER, *drift.NEED_TORCH):
        file, _, test = name.partition("::")
        assert f"def {test.partition('[')[0]}" in (ROOT / "tests" / file).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("numpy==2.4.6   # 계산 전부", True),
        ("jax[cpu]==0.10.2.post1 # 견줄 도구", True),
        ("# 설명", True),
        ("-r requirements.txt", True),
        ("-e .", True),
        ("numpy==2.4.6", False),
        ("numpy==2.4.6  # needed", False),
        ("numpy>=2.4.6  # 계산 전부", False),
        ("numpy==2.*  # 계산 전부", False),
        ("numpy  # 계산 전부", False),
        ("-e ../other", False),
    ],
)
def test_requirements_are_pinned_with_a_reason(line, good):
    problems = dependencies.unpinned("requirements.txt", f"# 첫 줄\n\n{line}\n")
    assert problems == [] if good else problems[0].startswith("requirements.txt:3: ")


@pytest.mark.parametrize(
    ("lines", "good"),
    [
        ('    "numpy>=2.0,<3",  # 계산', True),
        ('    # 계산\n    "numpy>=2.0,<3",', True),
        ('    "numpy>=2.0,<3",', False),
        ('    "numpy>=2.0",  # 계산', False),
        ('    "numpy",  # 계산', False),
    ],
)
def test_the_library_bounds_its_needs_with_a_reason(lines, good):
    text = f'[project]\ndependencies = [\n{lines}\n]\nother = [\n    "dask",\n]\n'
    problems = dependencies.unbounded("pyproject.toml", text)
    assert problems == [] if good else problems[0].startswith("pyproject.toml:3: ")


def test_every_requirement_of_the_project_is_pinned():
    problems = dependencies.loose_requirements()
    assert not problems, "\n".join(problems)


def test_a_loosened_requirement_is_told_by_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    for name in ("requirements.txt", "requirements/book.txt", "binder/requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("numpy==", "numpy>=").replace("sphinx==", "sphinx~="), "utf-8"
        )
    told = [problem.partition(" ")[0] for problem in dependencies.loose_requirements()]
    assert [place.partition(":")[0] for place in told] == ["requirements.txt", "requirements/book.txt"]
