"""낱말: 이 책이 쓰지 않기로 한 말이 글에도 docstring에도 연습문제에도 없고, 수 다음의 조사가 소리에 맞아요."""

import re
from pathlib import Path

import pytest
from scripts import ROOT

from chapters import prose, shown

FILES = [
    *sorted((ROOT / "chapters").glob("*.ipynb")),
    *(path for kind in ("py", "toml", "txt") for path in sorted((ROOT / "bplib").rglob(f"*.{kind}"))),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "book/labsearch.py")),
]
# 쓰지 않는 말: 쓰는 말. 독자가 적을 말은 찾기(search-words.toml, search_queries.json)만 알아요
AVOIDED = {
    "뉴럴넷": "신경망",
    "히든": "은닉",
    "웨이트": "가중치",
    "바이어스": "편향",
    "가중치 합": "가중합",
    "액티베이션": "활성값",
    "전방향": "순전파",
    "오류역전파": "역전파",
    "크로스 엔트로피": "교차 엔트로피",
    "그래디언트": "기울기",
    "경사도": "기울기",
    "경사감소": "경사 하강",
    "러닝 레이트": "학습률",
    "체인룰": "연쇄 법칙",
    "에포크": "에폭",
    "로컬 미니멈": "지역 최솟값",
    "배치 노멀": "배치 정규화",
    "자동 차별화": "자동 미분",
    "컨볼루션": "합성곱",
    "레이블": "정답",
    "파라미터": "배우는 수, 매개변수",
    "샘플": "표본",
    "에 대한 w의": "w에 대한 E의 편미분",
    "최소값": "최솟값",
    "최대값": "최댓값",
    "절대값": "절댓값",
    "고유값": "고윳값",
    "모델": "모형",
}
COUNTED = re.compile(r"(?<![곱덧뺄눗])셈[하해한할했합을은과보의에만]")  # 계산. ‘…는 셈이에요’는 괜찮아요
HANDLE = "손잡이"  # 들어가며의 비유. 그 이야기를 잇는 곳이 아니면 배우는 수
HANDLE_CHAPTERS = {
    "00-intro",
    "01-structure",
    "14-summary",
    "api",
    "glossary",
    "misconceptions",
    "teaching",
}
# 한 낱말을 한 뜻에만: 글에서 이 말을 쓰는 쪽(없으면 모든 쪽에서 다른 말로)과 대신 쓸 말
ONE_MEANING = {
    "매개변수": ({"00-intro", "glossary"}, "배우는 수"),
    "(?:자르|잘라|자른|잘랐)": (
        {"09-music", "12-vanishing", "14-summary", "glossary", "teaching"},
        "기울기 자르기에만",
    ),
    "(?<!코드’로 바꿔 )조각": (
        {"04-chain-rule", "05-backprop", "07-images", "10-speed", "glossary", "teaching"},
        "토큰",
    ),
}
BARE = re.compile("[가-힣]예요")  # 받침이 있으면 이에요
WITH_FINAL = "013678"  # 소리의 끝에 받침이 있는 숫자: 영, 일, 삼, 육, 칠, 팔
NUMBER = re.compile(
    r"(?<![\w^{}.∂/])\$?[-−]?\d[\d,]*(?:\.\d+)?\$?(은|는|을|를|과|와|으로|로|이라서|라서)(?=[\s,.!?)”’]|\\n)"
)


# 글에 적혀도 그 쪽이 내지 않는 소수: 움직이는 폭, 식에서 나오는 상수, 바로 앞 수의 절반, 남의 이름
CONSTANTS = {"0.00001", "0.000001", "0.6931", "1.96", "1.41", "0.68", "0.3455", "1.58"}
DECIMAL = re.compile(r"(?<![\d.])\d+\.\d{2,}(?![\d.])")
CITED = re.compile(r"식 \([\d.]+\)(?:[–와, ]+\([\d.]+\))*|arXiv:[\d., ]+|doi\S+|\d{4}\.\d{4,}|10\.\d{4}/\S+")
LINKED = re.compile(r"\]\(([\w-]+)\.ipynb")


def unseen(page: str) -> list[str]:
    """글에 적혔는데 그 쪽의 칸에도, 그 문단이 가리키는 쪽의 칸에도 없는 소수."""
    found = []
    for paragraph in prose(page).split("\n\n"):
        seen = "".join(map(shown, [page, *LINKED.findall(paragraph)]))
        numbers = set(DECIMAL.findall(CITED.sub("", paragraph))) - CONSTANTS
        found += [
            number for number in sorted(numbers) if not re.search(rf"(?<![\d.]){re.escape(number)}", seen)
        ]
    return found


def misfits(text: str) -> list[str]:
    """조사가 앞의 숫자의 소리와 맞지 않는 곳. ‘로’는 받침이 ㄹ이면(일, 칠, 팔) 받침이 없을 때와 같아요."""
    found = []
    for match in NUMBER.finditer(text):
        digit = re.findall(r"\d", match[0])[-1]
        closed = digit in (WITH_FINAL if match[1] not in ("로", "으로") else "036")
        if closed != (match[1] in ("은", "을", "과", "으로", "이라서")):
            found.append(text[max(0, match.start() - 20) : match.end() + 5])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {word: better for word, better in AVOIDED.items() if word in text}
    assert not found, "쓰지 않는 말이 있어요 (쓰는 말은 오른쪽)"
    assert not COUNTED.findall(text), "계산하다"
    assert not misfits(text)
    assert not [word for word in BARE.findall(text) if (ord(word[0]) - ord("가")) % 28], "이에요"
    if path.suffix == ".ipynb" and path.stem not in HANDLE_CHAPTERS:
        assert HANDLE not in text


@pytest.mark.parametrize(
    "page", [path.stem for path in FILES if path.suffix == ".ipynb" and path.stem != "api"]
)
def test_one_word_has_one_meaning(page: str) -> None:
    found = {
        word: say
        for word, (pages, say) in ONE_MEANING.items()
        if page not in pages and re.search(word, prose(page))
    }
    assert not found, "여기서는 다른 말을 써요 (쓰는 말은 오른쪽)"


@pytest.mark.parametrize(
    "page", [path.stem for path in FILES if path.suffix == ".ipynb" and path.stem not in ("api", "glossary")]
)
def test_numbers_in_the_text_come_from_cells(page: str) -> None:
    assert not unseen(page)


def test_particles_are_heard() -> None:
    right = "0은 1을 2는 3과 4로 7로 $-6$으로 0.25와 (2, 5)를 $w^2$을 10과"
    assert not misfits(right)
    assert len(misfits("0는 1를 2은 3와 4으로 7으로 $-6$로 0.25과.")) == 8
