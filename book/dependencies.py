"""책을 만드는 꾸러미를 해시와 함께 잠그고, 라이선스 목록을 만들고, 알려진 약점을 물어요.

    python book/dependencies.py lock              requirements/book.txt → requirements/book.lock (lite도 같아요)
    python book/dependencies.py lock --upgrade    적지 않은 꾸러미까지 새 판으로 다시 골라요
    python book/dependencies.py licenses          잠근 꾸러미를 설치해 보고 LICENSES-DEPENDENCIES.md를 적어요
    python book/dependencies.py audit             잠근 꾸러미에 알려진 약점이 있는지 pip-audit으로 물어요

requirements/quality.txt의 도구를 써요. 잠근 파일은 모든 운영 체제와 파이썬 3.11 이상을 위한 것이라, 한 꾸러미가 조건에
따라 두 판일 수 있어요. 목록과 잠근 파일이 다르지 않은지, 요구마다 정확한 판과 까닭이 있는지는 시험이 봐요.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements/book.lock": "requirements/book.txt", "requirements/lite.lock": "requirements/lite.txt"}
LICENSES = "LICENSES-DEPENDENCIES.md"
UV = [sys.executable, "-m", "uv", "--quiet", "--no-python-downloads"]
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")
PINNED = re.compile(r"[\w.-]+(?:\[[\w,]+\])?==[\w.]+\s+#.*[가-힣]")
BOUNDED = re.compile(r'\s*"[\w.-]+>=[\w.]+,<[\w.]+",?')
HANGUL = re.compile("[가-힣]")
COPYLEFT = re.compile(r"GPL|GNU|MPL|Mozilla|EUPL|CDDL|EPL|Eclipse|CC-BY-SA")
HEAD = """# 함께 쓰는 꾸러미의 라이선스

책을 만들고 노트북을 실행하는 데 설치되는 파이썬 꾸러미 {count}개예요(`requirements/*.lock`).
`python book/dependencies.py licenses`가 꾸러미에 적힌 것(pip-licenses)을 그대로 옮겨 적으니 손으로 고치지 마세요.
이 저장소에 파일로 함께 담은 것의 라이선스는 [README](README.md#라이선스)에 있어요.

고친 것을 같은 조건으로 나눠야 하는 라이선스(카피레프트)는 {copyleft}개이고, 표에서 굵게 적었어요. 우리는 이 꾸러미들을
고치지 않고 설치해서 쓰기만 해요. 책의 사이트에 바퀴(wheel)째 담기는 것은 JupyterLite가 쓰는 꾸러미뿐이고, 바퀴마다 제
라이선스가 들어 있어요.

| 꾸러미 | 판 | 라이선스 |
|---|---|---|
"""


def plain(name: str) -> str:
    """꾸러미 이름을 한 모양으로: 소문자와 빼기표."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(name: str) -> dict[str, tuple[str, str]]:
    """요구 목록이 -r로 함께 읽는 것까지: 꾸러미 → (판, '파일:줄')."""
    found = {}
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            found |= requirements(os.path.normpath(Path(name).parent / line.removeprefix("-r ")))
        elif match := PIN.fullmatch(line):
            found[plain(match[1])] = (match[2], f"{name}:{number}")
    return found


def locked(text: str) -> dict[str, list[str]]:
    """잠근 파일: 꾸러미 → 판들."""
    found: dict[str, list[str]] = {}
    for match in re.finditer(rf"^{PIN.pattern}", text, re.MULTILINE):
        found.setdefault(plain(match[1]), []).append(match[2])
    return found


def disagreements(name: str, text: str) -> list[str]:
    """요구 목록에 적은 판이 잠근 파일에 그대로 있지 않으면, 줄마다 한 문장."""
    have = locked(text)
    return [
        f"{place}: {package}=={version}인데 잠근 판은 {', '.join(have.get(package, ['없음']))}이에요."
        for package, (version, place) in requirements(name).items()
        if have.get(package) != [version]
    ]


def unpinned(name: str, text: str) -> list[str]:
    """정확한 판(``==``)이나 한국어 까닭이 없는 요구. 읽는 이의 컴퓨터에서 책과 다른 값이 나올 수 있어요."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [
        f"{name}:{number}: 정확한 판(==)과 한국어 까닭이 한 줄에 있어야 해요: {line}"
        for number, line in lines
        if line and not line.startswith(("#", "-r ")) and line != "-e ." and not PINNED.match(line)
    ]


def unbounded(name: str, text: str) -> list[str]:
    """bplib 자신의 요구(``pyproject.toml``의 dependencies)에서 두 끝(``>=…,<…``)이나 한국어 까닭이 없는 것."""
    problems, inside, above = [], False, ""
    for number, line in enumerate(text.splitlines(), 1):
        inside = line.startswith("dependencies = [") or (inside and line != "]")
        if inside and line.lstrip().startswith('"'):
            reason = HANGUL.search(line.partition("#")[2]) or (
                above.lstrip().startswith("#") and HANGUL.search(above)
            )
            if not (BOUNDED.match(line) and reason):
                problems.append(f"{name}:{number}: 두 끝(>=, <)과 한국어 까닭이 있어야 해요: {line.strip()}")
        above = line
    return problems


def loose_requirements() -> list[str]:
    """저장소의 모든 요구 목록을 봐요."""
    places = ("requirements.txt", "requirements/*.txt", "binder/requirements.txt")
    files = [file for place in places for file in sorted(ROOT.glob(place))]
    texts = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
    found = [problem for name, text in texts.items() for problem in unpinned(name, text)]
    return found + unbounded("pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def run(*command: "str | Path") -> None:
    """명령을 저장소에서 실행해요. 실패하면 멈춰요."""
    if code := subprocess.run([str(part) for part in command], cwd=ROOT).returncode:
        raise SystemExit(
            f"{' '.join(map(str, command[:4]))} …이 {code}로 끝났어요. 위에 적힌 내용을 봐 주세요."
        )


def lock(upgrade: bool) -> None:
    """요구 목록마다 잠근 파일을 써요. bplib 자신에게는 해시가 없으니 빼요. 꾸러미를 받은 곳의 주소도 적지 않아요."""
    options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-package", "bplib"]
    options += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    for target, name in LOCKS.items():
        run(*UV, "pip", "compile", name, *options, *(["--upgrade"] if upgrade else []), "-o", target)


def install(python: Path, target: str) -> None:
    """잠근 꾸러미를 해시를 보며 설치하고, 다른 운영 체제에만 있는 것도 라이선스를 읽으려고 담아요."""
    pip = [*UV, "pip", "install", "--python", python, "--no-deps"]
    run(*pip, "--require-hashes", "-r", target)
    there = {plain(item["Name"]) for item in listing(python)}
    for package, versions in locked((ROOT / target).read_text(encoding="utf-8")).items():
        if package not in there:
            platform = ["--python-platform", "macos" if package == "appnope" else "windows"]
            run(*pip, *platform, f"{package}=={versions[0]}")


def listing(python: Path) -> list[dict[str, str]]:
    """환경에 설치된 꾸러미와 라이선스."""
    command = [sys.executable, "-m", "piplicenses", "--python", str(python), "--format", "json"]
    command += ["--with-system", "--with-license-file", "--no-license-path"]
    return json.loads(subprocess.check_output(command, text=True, encoding="utf-8"))


def license_of(item: dict[str, str]) -> str:
    """꾸러미에 적힌 라이선스. 적지 않고 파일로만 담았으면 그 파일의 첫 줄이에요."""
    if item["License"] != "UNKNOWN":
        return item["License"]
    return item["LicenseText"].strip().partition("\n")[0]


def licenses() -> None:
    """잠근 꾸러미를 임시 환경들에 설치해 라이선스를 읽고 표로 적어요."""
    found = {}
    for target in LOCKS:
        with tempfile.TemporaryDirectory() as folder:
            env = Path(folder, "env")
            run(*UV, "venv", env)
            (python,) = [p for p in (env / "bin/python", env / "Scripts/python.exe") if p.exists()]
            install(python, target)
            found |= {(plain(item["Name"]), item["Version"]): license_of(item) for item in listing(python)}
    rows, marked = [], 0
    for (name, version), license in sorted(found.items()):
        copyleft = bool(COPYLEFT.search(license))
        marked += copyleft
        rows.append(f"| {name} | {version} | {f'**{license}**' if copyleft else license} |")
    text = HEAD.format(count=len({name for name, _ in found}), copyleft=marked) + "\n".join(rows) + "\n"
    (ROOT / LICENSES).write_text(text, encoding="utf-8", newline="\n")


def audit() -> None:
    """잠근 파일마다 알려진 약점을 물어요. 약점이 있거나, 물을 수 없는 꾸러미가 하나라도 있으면 실패예요."""
    for target in LOCKS:
        run(sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "-r", target)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lock").add_argument("--upgrade", action="store_true")
    commands.add_parser("licenses")
    commands.add_parser("audit")
    args = parser.parse_args()
    if args.command == "lock":
        lock(args.upgrade)
    else:
        {"licenses": licenses, "audit": audit}[args.command]()


if __name__ == "__main__":
    main()
