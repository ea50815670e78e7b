"""QUALITY.md의 수가 명령이 적어 둔 결과와 같은지 봐요. 옮겨 적다 틀리거나 낡지 않게요."""

import json
import re

import pytest
from scripts import ROOT, load_script

PAGE = (ROOT / "QUALITY.md").read_text(encoding="utf-8")
mutants = load_script("quality/mutants.py")
drift = load_script("quality/drift.py")


def result(name):
    return json.loads(next(ROOT.glob(f"*/results/{name}.json")).read_text(encoding="utf-8"))


def row(first):
    """첫 칸이 이것인 표의 줄 하나를, 칸마다 굵은 글씨 없이."""
    lines = [line for line in PAGE.splitlines() if line.replace("*", "").startswith(f"| {first} |")]
    assert len(lines) == 1, f"{first}: QUALITY.md에 {len(lines)}줄이에요"
    return [cell.strip() for cell in lines[0].replace("*", "").strip("|").split("|")]


def counted(found):
    killed = found["killed"] + found["timeout"]
    return [str(n) for n in (found["mutants"], killed, found["survived"])] + [
        f"{killed / found['mutants']:.1%}"
    ]


@pytest.mark.parametrize("name", [*mutants.PLACES, "player"])
def test_mutants(name):
    found = result("mutants")[name]
    assert not found["unexplained"]
    assert [cell.replace(" %", "%") for cell in row(name)[1:]] == counted(found)


def test_mutants_together():
    found = result("mutants")
    assert set(found) == {*mutants.PLACES, "player"}
    total = {
        key: sum(one[key] for one in found.values()) for key in ("mutants", "killed", "timeout", "survived")
    }
    assert [cell.replace(" %", "%").replace(",", "") for cell in row("합")[1:]] == counted(total)
    assert 1 - total["survived"] / total["mutants"] >= mutants.BOUND


@pytest.mark.parametrize("name", drift.ROWS)
def test_drift(name):
    (found,) = [one for one in result("drift")["rows"] if one["name"] == name]
    _, python, versions, unit, chapters = row(
        {"lowest": "가장 낮은 판", "newest": "가장 새 판"}.get(name, name)
    )
    order = ("numpy", "matplotlib", "ipywidgets", "tqdm")
    assert (python, versions) == (found["python"], " / ".join(found["versions"][tool] for tool in order))
    assert not found["unit"]["failed"]
    assert unit == f"{found['unit']['passed']:,}개 통과"
    if name != drift.LOWEST:
        assert not found["chapters"]["failed"]
        assert chapters == f"{found['chapters']['passed']}칸 같음"


def test_load():
    found = result("load")
    servers = found["site"]["servers"]
    numbers = [servers["nginx"]["requests"], servers["run.py book"]["requests"]]
    numbers += [round(servers["nginx"]["median_ms"]), round(servers["nginx"]["p95_ms"])]
    numbers += [found["small"]["peak_pss_mb"]]
    assert found["site"]["good"]
    assert found["kernels"]["good"]
    assert found["small"]["good"]
    for number in numbers:
        assert re.search(rf"(?<![\d,]){number:,}(?![\d,])", PAGE), f"{number:,}이 QUALITY.md에 없어요"
    assert f"{found['kernels']['peak_pss_mb'] / 1024:.1f} GB" in PAGE
