"""책 만들기가 멈추어야 할 때 멈추는지: 작은 책에 문제를 심고 진짜로 만들어 봐요."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from scripts import ROOT, load_script

TEXT = "# 하나\n\n[둘째 쪽의 절](two.md#여기)"
EXPERIMENT = """\
import os, time
from bplib.lab import plots
from bplib.lab.experiment import Slider, experiment

@experiment(n=Slider("수", range({count})))
def 작은_실험(n):
    fig, ax = plots.axes()
    ax.set_title("{title}")
    {line}
    return fig, f"{{n}}"

작은_실험"""
GOOD = EXPERIMENT.format(count=2, title="제목", line="")
NOBODY_DRAWS = "\U00010a00"  # 카로슈티 문자

# 문제가 심긴 책: 노트북마다 (글, 코드). 차례에는 없는 장(ghost)도 있어요.
PLANTED = {
    "one": (TEXT + " [없는 쪽](three.md) [없는 절](two.md#거기)", "1"),
    "failing": ("# 실패", "1 / 0"),
    "heavy": ("# 무거움", EXPERIMENT.format(count=401, title="제목", line="")),
    "glyph": ("# 글자", EXPERIMENT.format(count=2, title=NOBODY_DRAWS, line="")),
    "careless": ("# 고침", "seen = []\n" + EXPERIMENT.format(count=2, title="제목", line="seen.append(n)")),
    "restless": ("# 바뀜", EXPERIMENT.format(count=2, title='" + str(time.time_ns()) + "', line="")),
    "homeless": ("# 쪽에서만", EXPERIMENT.format(count=2, title="제목", line='os.environ["BPLIB_PAGE"]')),
}
# 심은 문제마다, 만들기의 경고 하나가 함께 말해야 하는 것
TOLD = {
    "failing-notebook": ["failing.ipynb", "ZeroDivisionError"],
    "experiment-over-budget": ["heavy.ipynb", "실험 '작은_실험'의 장면이 401개예요"],
    "changes-the-notebook": ["careless.ipynb", "실험 '작은_실험': 함수 밖의 ['seen']이 바뀌었어요"],
    "never-the-same": ["restless.ipynb", "실험 '작은_실험': (1,) 자리를 다시 그리면 달라요"],
    "dies-in-a-kernel": ["homeless.ipynb", "KeyError", "BPLIB_PAGE"],
    "missing-glyph": ["glyph.ipynb", "Glyph 68096", "missing"],
    "dead-page": ["one.ipynb", "three.md"],
    "dead-section": ["one.ipynb", "거기"],
    "missing-chapter": ["chapters/ghost"],
}
COLOR = re.compile(r"\x1b\[[\d;]*m")


def write_book(root: Path, notebooks: dict[str, tuple[str, str]], *more: str) -> None:
    """책의 설정과 확장은 그대로, 장만 적은 작은 책. ``more``는 차례에만 있는 장이에요."""
    for folder in ("book", "bplib"):
        shutil.copytree(
            ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "counts.json")
        )
    for file in ("_config.yml", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / file, root)
    first, *rest = [*notebooks, "two", *more]
    toc = {"format": "jb-book", "root": f"chapters/{first}"}
    toc["chapters"] = [{"file": f"chapters/{name}"} for name in rest]
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (root / "chapters").mkdir()
    for name, (text, code) in notebooks.items():
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell(text, id="text"),
                nbformat.v4.new_code_cell(code, id="code"),
            ],
            metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        )
        nbformat.write(notebook, root / "chapters" / f"{name}.ipynb")
    (root / "chapters" / "two.md").write_text("# 둘\n\n## 여기\n\n글", encoding="utf-8")


def build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``run.py book``의 만들기를 그대로, 다만 작은 책에서. 브라우저가 없는 것처럼 PDF는 만들지 않아요."""
    run = load_script("run.py")
    monkeypatch.setattr(run, "ROOT", root)
    monkeypatch.setattr(run, "BUILD", root / "_build")
    monkeypatch.setattr(run, "SITE", root / "_build" / "html")
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "find_browser", lambda: None)
    run.build_book()


def test_every_planted_problem_stops_the_build(tmp_path, monkeypatch, capfd):
    """경고 하나하나가 만들기를 멈추니(-W), 문제마다 저를 대는 경고가 있으면 홀로 심어도 멈춰요."""
    write_book(tmp_path, PLANTED, "ghost")
    with pytest.raises(Exception, match="책에 문제가 있어요"):
        build(tmp_path, monkeypatch)
    said = COLOR.sub("", "".join(capfd.readouterr()))
    warnings = [part for part in re.split(r"(?m)^(?=.*WARNING: )", said) if "WARNING: " in part]
    silent = [
        name for name, words in TOLD.items() if not any(all(w in one for w in words) for one in warnings)
    ]
    assert not silent, said


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """문제없이 만들어진 작은 책."""
    root = tmp_path_factory.mktemp("book")
    write_book(root, {"one": (TEXT, GOOD)})
    with pytest.MonkeyPatch.context() as patch:
        build(root, patch)
    return root


def check(root: Path, *options: str) -> tuple[int, str]:
    """만들어진 책을 검사하는 명령의 끝난 상태와 말."""
    command = [sys.executable, "-X", "utf8", "book/check.py", "_build/html", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_is_lost_from_a_built_book_is_told(book):
    """만들기가 모르고 지나가는 것: 줄어든 실험, 차례에 없는 노트북, 사라진 쪽."""
    assert check(book, "--write-counts") == (0, "문제가 없어요.\n")
    page = book / "_build/html/chapters/one.html"
    whole = page.read_text(encoding="utf-8")
    page.write_text(whole.replace('class="bp-experiment"', 'class="gone"'), encoding="utf-8")
    shutil.copy(book / "chapters/one.ipynb", book / "chapters/extra.ipynb")
    (book / "_build/html/chapters/two.html").rename(book / "two.html")
    code, said = check(book)
    assert code == 1
    assert "chapters/one: 실험 수가 1에서 0(으)로 줄었어요" in said
    assert "_toc.yml: chapters/extra.ipynb이 차례에 없어요" in said
    assert "_toc.yml: chapters/two의 쪽이 없어요" in said
    assert "chapters/one.html: 없는 파일을 가리켜요: two.html" in said
