"""내 가락: 음 몇 개를 눌러 주면, 9장에서 배운 신경망이 이어 쓰고 들려줘요."""

from __future__ import annotations

from typing import Any

import numpy as np

from bplib import datasets
from bplib.lab import nets
from bplib.lab.own import OwnInput
from bplib.lab.sound import Note, Sounds, frequency, name, spell
from bplib.topics.melody import Words, compose, longest_copy

GIVEN, LENGTH, TEMPO = 24, 48, 120  # 줄 수 있는 음의 수, 이어 쓴 뒤의 음의 수, 1분의 박 수
LEFT_OUT = "아리랑"  # 신경망 셋 모두 이 곡을 빼고 배웠어요
KNOWN_AS = {
    "꼬마 한스": "나비야",
    "메리의 어린 양": "떴다 떴다 비행기",
    "배를 저어라": "리 자로 끝나는 말은",
    "올드 랭 사인": "석별의 정",
}  # 우리 노랫말로 더 알려진 곡
OLD = "지금 들리는 가락은 바꾸기 전에 쓴 것이에요. 이어 쓰기를 누르면 다시 써요."
LEARNED = {
    "1에폭: 거의 못 배움": "tune-1",
    "20에폭, 가중치 감쇠": "tune",
    "60에폭: 외울 때까지": "tune-60",
}
TEMPERATURES = (0.3, 0.7, 1.0, 1.5)


class Own(OwnInput):
    """작은 건반과, 배운 만큼·온도·씨앗."""

    name = "tune"
    title = "내 가락 이어 쓰기"
    note = (
        "건반을 눌러 가락을 주고 이어 쓰게 하는 칸은 브라우저의 스크립트가 켜져 있어야 움직여요. "
        "노트북에서는 파이썬으로 할 수 있어요."
    )

    def __init__(self) -> None:
        self.tunes = {title: list(tune.notes) for title, tune in datasets.tunes().items()}
        self.words = Words(self.tunes.values())

    def page_data(self) -> dict[str, Any]:
        """쪽에 보낼 것: 높이와 길이의 토큰, 건반의 이름과 주파수, 베꼈는지 견줄 배운 노래들."""
        pitches = self.words.pitches
        return {
            "pitches": pitches,
            "beats": self.words.beats,
            "names": [name(pitch) for pitch in pitches],
            "hertz": [round(frequency(pitch), 2) for pitch in pitches],
            "tempo": TEMPO,
            "given": GIVEN,
            "length": LENGTH,
            "learned": LEARNED,
            "temperatures": TEMPERATURES,
            "example": self.tunes[LEFT_OUT][:8],
            "songs": {
                f"{title}({KNOWN_AS[title]})" if title in KNOWN_AS else title: notes
                for title, notes in self.tunes.items()
                if title != LEFT_OUT
            },
            "old": OLD,
        }

    def continued(self, given: list[Note], net: str, temperature: float, seed: int) -> tuple[list[Note], str]:
        """이어 쓴 가락과, 배운 노래를 얼마나 베꼈는지의 설명. 오류는 compose와 같아요."""
        rng = np.random.default_rng(seed)
        made = compose(nets.trained(net), self.words, given, notes=LENGTH, rng=rng, temperature=temperature)
        written = made[len(given) :]
        where = f"{len(given)}음 다음에" if given else "처음부터"
        told = f"씨앗 {seed}: {where} {len(written)}음을 썼어요. "
        copied = {title: longest_copy(written, [song]) for title, song in self.page_data()["songs"].items()}
        closest = max(copied, key=lambda title: copied[title])
        if copied[closest]:
            told += f"그 가운데 배운 노래와 가장 길게 같은 토막은 {copied[closest]}음: {closest}."
        return made, told.strip()

    def widget(self) -> Any:
        """커널에서 쓰는 건반. 누른 음과 이어 쓴 가락을 피아노 롤과 소리로 보여요."""
        import ipywidgets as w

        given: list[Note] = []
        length = w.ToggleButtons(options=[(f"{beats:g}박", beats) for beats in self.words.beats], value=1.0)
        learned = w.Dropdown(options=list(LEARNED.items()), value="tune", description="배운 만큼")
        temperature = w.Dropdown(options=TEMPERATURES, value=1.0, description="온도")
        seed = w.BoundedIntText(value=0, min=0, max=9999, description="씨앗")
        back, clear, go = (
            w.Button(description=label) for label in ("하나 지우기", "모두 지우기", "이어 쓰기")
        )
        told, heard = w.HTML(), w.VBox()

        def show(text: str, notes: list[Note]) -> None:
            told.value = text
            heard.children = (Sounds({"내 가락": notes}, TEMPO, len(given)).widget(),) if notes else ()

        def press(pitch: int) -> None:
            if len(given) == GIVEN:
                told.value = f"{GIVEN}음까지 줄 수 있어요. 이어 쓰기를 눌러 보세요."
                return
            given.append((pitch, length.value))
            show(f"준 음: {spell(given)}", given)

        def drop(count: int) -> None:
            del given[len(given) - count :]
            show(
                f"준 음: {spell(given)}" if given else "준 음이 없어요. 이대로 이어 쓰면 처음부터 지어요.",
                given,
            )

        def write(_: Any) -> None:
            made, text = self.continued(given, learned.value, temperature.value, seed.value)
            show(text, made)

        def change(_: Any) -> None:
            if told.value.startswith("씨앗"):
                told.value = OLD

        keys = [
            w.Button(description=name(pitch), layout=w.Layout(width="3.4em")) for pitch in self.words.pitches
        ]
        for key, pitch in zip(keys, self.words.pitches, strict=True):
            key.on_click(lambda _, pitch=pitch: press(pitch))
        for control in (learned, temperature, seed):
            control.observe(change, names="value")
        back.on_click(lambda _: drop(min(1, len(given))))
        clear.on_click(lambda _: drop(len(given)))
        go.on_click(write)
        drop(0)
        keyboard = w.HBox(keys, layout=w.Layout(flex_flow="row wrap"))
        return w.VBox(
            [length, keyboard, w.HBox([back, clear]), w.HBox([learned, temperature, seed]), go, told, heard]
        )
