"""내 문장: 독자가 적은 한국어 문장을 8장의 GRU에 읽히고, 어절마다 답을 얼마나 밀었는지 보여요."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from bplib import datasets, sigmoid
from bplib._checks import check_type
from bplib.lab import nets, plots
from bplib.lab.own import OwnInput
from bplib.lab.scene import Drawn
from bplib.lab.textbox import TextBox
from bplib.topics.text import UNKNOWN, Vocabulary, syllables, words

LETTERS, WORDS = 100, 20  # 한 번에 읽는 글자와 어절의 수
START = "오늘 날씨가 정말 좋아!"
EMPTY = "문장을 적어 주세요."
LONG = "문장 하나, 100자까지 읽어요."
MANY = "한 번에 어절 스무 개까지 읽어요. 문장을 나눠 적어 주세요."
JAMO = "자모만으로는 읽지 못해요. ‘좋아요’처럼 글자를 모아 적어 주세요."
FOREIGN = "이 신경망은 한글 문장만 배웠어요. 한글로 적어 주세요."
LEARNED = "이 신경망이 배운 것은 날씨, 음식, 물건, 여행, 학교 같은 이야기예요."
STRANGE = f"모두 배운 적이 없는 글자라 읽지 못해요. {LEARNED}"
SURE = 0.9  # 이보다 큰 확률로 답하면 자신 있다고 해요


def refusal(text: str) -> str:
    """읽을 수 없는 글이면 그 까닭, 읽을 수 있으면 빈 글. 글이 아니면 TypeError."""
    check_type("내 문장", "문장", text, str, "글")
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return EMPTY
    if len(text) > LETTERS:
        return LONG
    if not re.search("[가-힣]", text):
        return JAMO if re.search("[ㄱ-ㅣ]", text) else FOREIGN
    return MANY if len(words(text)) > WORDS else ""


def vocabulary() -> Vocabulary:
    """신경망이 배운 음절의 번호표."""
    S = datasets.sentences()
    return Vocabulary(map(syllables, S.texts[S.train]), min_count=2)


class Own(OwnInput):
    """문장 하나를 적는 칸."""

    name = "sentence"
    title = "내 문장"
    note = "문장을 적어 보는 칸은 브라우저의 스크립트가 켜져 있어야 움직여요. 노트북에서도 적어 볼 수 있어요."

    def __init__(self) -> None:
        self.net, self.vocabulary = nets.trained(self.name), vocabulary()

    def facts(self) -> str:
        """고정한 시험의 성적(씨앗 0이 이 칸의 신경망)과, 틀릴 때의 자신."""
        right = datasets.fixed_sentences().y[:, 0] > 0.5
        runs = np.array(datasets.table("language")["fixed"]["음절 GRU"])
        wrong, sure = (runs > 0) != right, sigmoid(np.abs(runs)) > SURE
        return (
            f"얼마나 믿을까요? 책의 틀을 쓰지 않고 따로 쓴 {len(right)}문장 가운데 {(~wrong[0]).sum()}개를 맞혔어요. "
            f"틀린 {wrong[0].sum()}개 가운데 {(wrong & sure)[0].sum()}개에서는 확률 {SURE}가 넘게 자신했고, 씨앗 "
            f"{len(runs)}개로 다시 배우면 틀린 답의 {sure[wrong].mean():.0%}가 그랬어요. 틀릴 때에도 자신 있어요."
        )

    def page_data(self) -> dict[str, Any]:
        """번호표(2번부터 한 글자씩)와 쪽이 함께 쓰는 말."""
        return {"pieces": "".join(self.vocabulary.pieces[2:])}

    def _score(self, pieces: list[str]) -> float:
        """토큰을 읽은 z. 토큰이 없으면 모르는 토큰 하나로 쳐요."""
        numbers = [self.vocabulary.number(piece) for piece in pieces] or [UNKNOWN]
        return float(self.net.forward(np.array([numbers]))[0, 0])

    def _pulls(self, text: str) -> list[tuple[str, float]]:
        """어절과 그 몫: 그 어절을 지우면 z가 얼마나 줄어드나."""
        whole, z = words(text), self._score(syllables(text))
        rest = (" ".join(whole[:k] + whole[k + 1 :]) for k in range(len(whole)))
        return [(word, z - self._score(list(text))) for word, text in zip(whole, rest, strict=True)]

    def read(self, text: str) -> Drawn:
        """문장을 읽어 (어절마다의 몫, 글)을 돌려줘요. 읽을 수 없는 글이면 까닭을 말하는 ValueError."""
        pieces = list(dict.fromkeys(syllables(text)))
        strange = [piece for piece in pieces if piece not in self.vocabulary]
        if why := refusal(text) or (STRANGE if len(strange) == len(set(pieces) - {" "}) else ""):
            raise ValueError(why)
        p = float(sigmoid(np.array([self._score(syllables(text))]))[0])
        told = f"{'긍정' if p > 0.5 else '부정'}이라고 답했어요. 긍정일 확률 {p:.2f}. "
        told += f"배운 적이 없는 글자: {', '.join(strange)}. {LEARNED}" if strange else "모두 배운 글자예요."
        return _bars(self._pulls(text)), told

    def widget(self) -> Any:
        """커널에서 쓰는 글 칸."""
        return TextBox(self.read, label="문장", start=START).widget()


def _bars(pulls: list[tuple[str, float]]) -> Any:
    """어절마다 막대 하나. 오른쪽(파랑)은 긍정 쪽으로, 왼쪽(주황)은 부정 쪽으로 민 것."""
    rows = max(len(pulls), 3)
    fig, ax = plots.axes(4.6, 0.36 * rows + 0.75, xlabel="← 부정 쪽 · z를 민 만큼 · 긍정 쪽 →", left=1.35)
    limit = max(1.0, *(abs(value) for _, value in pulls)) * 1.1
    ax.set(xlim=(-limit, limit), ylim=(rows - 0.4, -0.6))
    ax.axvline(0, color=plots.MUTED, linewidth=1)
    for row, (_, value) in enumerate(pulls):
        ax.barh(row, value, height=0.55, color=plots.BLUE if value > 0 else plots.ORANGE)
    ax.set_yticks(range(len(pulls)), [word[:8] for word, _ in pulls])
    ax.tick_params(axis="y", length=0)
    return fig
