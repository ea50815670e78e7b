"""심은 버그를 세는 도구(quality/mutants.py): 플레이어의 버그가 심어지는지, 까닭이 제 변이에만 붙는지."""

import re

from scripts import ROOT, load_script

mutants = load_script("quality/mutants.py")
BUGS = mutants.player_mutants.BUGS


def test_every_planted_bug_changes_the_player_in_one_place():
    player = (ROOT / "book" / "player.js").read_text(encoding="utf-8")
    bugs = [bug for group in BUGS.values() for bug in group]
    assert len({what for what, _, _ in bugs}) == len(bugs) >= 15
    for what, old, new in bugs:
        assert player.count(old) == 1, f"{what}: {old!r}"
        assert player.replace(old, new) != player, what


def test_every_module_and_test_named_is_there():
    assert set(mutants.TESTS) < set(mutants.PLACES)
    for module, place in mutants.PLACES.items():
        assert [name for name in (place, *mutants.test_files(module)) if not (ROOT / name).is_file()] == []


def test_reasons_belong_to_their_own_module():
    rows = mutants.read_reasons()
    assert {row["module"] for row in rows} <= {"all", *mutants.PLACES, "player"}
    for row in rows:
        assert row["why"]
        assert row.get("mutants") or [re.compile(pattern) for pattern in row["patterns"]]
    known = next(row for row in rows if row["module"] == "optim")
    assert mutants.reason(rows, "optim", known["mutants"][0]) == known["why"]
    assert mutants.reason(rows, "losses", known["mutants"][0]) is None
    assert mutants.reason(rows, "optim", "SGD.step: value -= work → value += work") is None


def test_unexplained_survivors_are_told(capsys):
    rows = [{"module": "losses", "why": "같아요.", "mutants": ["f: a → b"]}]
    score = mutants.Score("losses", 97, 1, ["f: a → b", "g: a → b"])
    row = score.row(rows)
    assert (row["mutants"], row["killed"], row["timeout"], row["survived"]) == (100, 97, 1, 2)
    assert (row["explained"], row["unexplained"]) == ({"같아요.": 1}, ["g: a → b"])
    mutants.show(score, row)
    assert "까닭 없이 살아남음 g: a → b" in capsys.readouterr().out
