"""용어집: 항목마다 영어와 뜻과 처음 소개하는 절이 있고, 장이 소개하는 낱말이 빠짐없이 있어요."""

import re

import nbformat
import pytest

from chapters import ROOT

FOLDER = ROOT / "chapters"
ENTRY = re.compile(
    r"### (.+)\n\n\*([a-zA-Z’, -]+)\*(?: · (.+?))?\. (.+) "
    r"\[(들어가며|\d+장(?: 덧붙임)?) · (.+)\]\(([\w-]+)\.ipynb#(.+)\)"
)
INTRODUCED = re.compile(r"\*\*([가-힣A-Za-z0-9 ]+)\*\*\(([a-zA-Z][a-zA-Z’ ,-]+)\)")
NOT_TERMS = {  # 용어를 소개하는 것이 아니라, 읽는 법이나 보기나 풀어 쓴 말이에요
    ("활성화 함수", "tanh"),
    ("가려 보고", "occlusion"),
    ("가중치를 나눠 써요", "weight sharing"),
    ("시간을 펼친다", "unroll"),
}


def markdown(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def chapters():
    return sorted(path.stem for path in FOLDER.glob("[01]*.ipynb"))


GLOSSARY = markdown("glossary")
ENTRIES = {match[1]: match for match in ENTRY.finditer(GLOSSARY)}


def test_every_heading_is_a_whole_entry():
    headings = re.findall(r"^### (.+)$", GLOSSARY, re.M)
    assert headings == list(ENTRIES)
    assert len(headings) == len(set(headings)) >= 60


def test_entries_are_in_dictionary_order():
    korean = [term for term in ENTRIES if "가" <= term[0] <= "힣"]
    assert korean == sorted(korean)


def test_english_table_leads_to_every_entry():
    rows = re.findall(r"^\| ([a-zA-Z’, -]+) \| \[(.+)\]\(#(.+)\) \|$", GLOSSARY, re.M)
    assert sorted(term for _, term, _ in rows) == sorted(ENTRIES)
    for english, term, anchor in rows:
        assert english == ENTRIES[term][2]
        assert anchor == term.lower().replace(" ", "-")


def test_chapter_table_has_every_entry_where_it_is_introduced():
    rows = re.findall(r"^\| \[.+?\]\(([\w-]+)\.ipynb\) \| (.+) \|$", GLOSSARY, re.M)
    listed = [(term, chapter) for chapter, row in rows for term in re.findall(r"\[(.+?)\]\(#", row)]
    assert sorted(listed) == sorted((term, entry[7]) for term, entry in ENTRIES.items())


@pytest.mark.parametrize("term", ENTRIES)
def test_the_section_is_there_and_speaks_of_the_term(term):
    _, title, chapter = ENTRIES[term][5], ENTRIES[term][6], ENTRIES[term][7]
    text = markdown(chapter)
    heading = re.search(rf"^#+ {re.escape(title)}$", text.replace("`", "").replace("$", ""), re.M)
    assert heading, f"{chapter}에 '{title}'이라는 제목이 없어요"
    assert term in text


@pytest.mark.parametrize("chapter", chapters())
def test_every_introduced_word_is_in_the_glossary(chapter):
    """장에서 `**용어**(english)`라고 소개한 낱말은 용어집에 있어야 하고, 영어도 같아야 해요."""
    wrong = []
    for term, english in INTRODUCED.findall(markdown(chapter)):
        if (term, english) in NOT_TERMS:
            continue
        known = ENTRIES[term][2].lower().split(", ") if term in ENTRIES else []
        if not set(english.lower().split(", ")) & set(known):
            wrong.append(f"{term}({english}), 용어집: {known}")
    assert not wrong, "\n".join(wrong)
