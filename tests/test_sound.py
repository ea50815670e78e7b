"""소리: 음의 주파수와 시간, WAV의 모양, 쪽의 HTML, 커널의 위젯, 오류."""

import io
import json
import re
import wave as wave_file
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from bplib.lab import sound
from bplib.lab.sound import RATE, Sounds, frequency, listen, name, schedule, spell, wav, wave

ROOT = Path(__file__).resolve().parent.parent
SCALE = [(60, 1.0), (62, 0.5), (64, 1.5), (67, 1.0)]


def test_frequency_doubles_every_octave():
    assert frequency(69) == 440
    assert frequency(81) == pytest.approx(880)
    assert frequency(60) == pytest.approx(261.6256, abs=1e-4)


def test_names_of_notes():
    assert [name(pitch) for pitch in (55, 57, 60, 61, 67, 72, 84, 36)] == [
        "솔₁",
        "라₁",
        "도",
        "도♯",
        "솔",
        "도¹",
        "도²",
        "도₂",
    ]
    assert spell(SCALE) == "도 1박, 레 0.5박, 미 1.5박, 솔 1박"


def test_schedule_is_in_seconds():
    assert schedule(SCALE, tempo=60) == [
        (261.63, 0.0, 1.0),
        (293.66, 1.0, 0.5),
        (329.63, 1.5, 1.5),
        (392.0, 3.0, 1.0),
    ]
    assert [start for _, start, _ in schedule(SCALE, tempo=120)] == [0.0, 0.5, 0.75, 1.5]


def test_wave_sounds_each_note_in_its_place():
    """구간마다 가장 센 주파수가 그 음의 주파수예요."""
    values = wave(SCALE, tempo=60)
    assert len(values) == 4 * RATE
    assert 0.1 < np.abs(values).max() <= sound.PEAK
    for hertz, start, seconds in schedule(SCALE, tempo=60):
        part = values[round(start * RATE) : round((start + seconds) * RATE)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), n=8 * RATE))
        assert spectrum.argmax() / 8 == pytest.approx(hertz, abs=1)
        assert abs(part[0]) < 0.01, "음은 소리 없이 시작해요(딱 소리가 나지 않게)"
        assert abs(part[-1]) < 2 * sound.FLOOR


def test_wav_is_a_wav_file():
    with wave_file.open(io.BytesIO(wav(SCALE, tempo=240))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.getnframes() == RATE
        values = np.frombuffer(file.readframes(RATE), "<i2")
    np.testing.assert_allclose(values / 32767, wave(SCALE, tempo=240), atol=1 / 32767)


def test_page_html(monkeypatch):
    monkeypatch.setenv("BPLIB_PAGE", "1")
    made = listen({"하나": SCALE, "<둘>": [(72, 2)]}, tempo=60, given=2)
    bundle = made._repr_mimebundle_()
    assert bundle["text/plain"] == "[소리 하나] 도 1박, 레 0.5박, 미 1.5박, 솔 1박\n[소리 <둘>] 도¹ 2박"
    soup = BeautifulSoup(bundle["text/html"], "html5lib")
    buttons = soup.select("button[data-sound]")
    assert [button["aria-label"] for button in buttons] == ["듣기: 하나", "듣기: <둘>"]
    assert all(button.has_attr("hidden") for button in buttons), "소리를 낼 수 있을 때 notes.js가 보여요"
    assert [tuple(event) for event in json.loads(buttons[0]["data-sound"])] == schedule(SCALE, 60)
    pictures = soup.select('[role="img"]')
    assert pictures[0]["aria-label"] == (
        "하나의 피아노 롤: 음 4개, 4박. 처음 2개는 주어진 음이라 속이 비었어요"
    )
    assert [p.text for p in soup.select("details p")] == ["도 1박, 레 0.5박, 미 1.5박, 솔 1박", "도¹ 2박"]
    assert not soup.select("script, audio"), "쪽에는 소리 파일을 담지 않아요"


def test_piano_roll_places_each_note():
    """주어진 눈금에, 음마다 네모 하나를 제 시간과 제 높이에 그려요."""
    fig = sound.roll(SCALE, given=1, span=(55, 72), beats=8)
    (ax,) = fig.axes
    assert ax.get_xlim() == (0, 8)
    assert ax.get_ylim() == (54, 73)
    boxes = ax.patches
    assert len(boxes) == 4
    assert boxes[0].get_facecolor() != boxes[1].get_facecolor() == boxes[2].get_facecolor()
    assert [round(box.get_x() - 0.06, 6) for box in boxes] == [0, 1, 1.5, 3]
    assert [round(box.get_y() + 0.55, 6) for box in boxes] == [60, 62, 64, 67]


def test_kernel_shows_a_wav_for_each_sound():
    import ipywidgets

    made = listen({"하나": SCALE, "둘": [(72, 2)]})
    box = made.widget()
    players = [child for child in box.children if isinstance(child, ipywidgets.Audio)]
    assert [player.value for player in players] == [wav(SCALE), wav([(72, 2)])]
    assert not any(player.autoplay for player in players)
    bundle = made._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_script_uses_the_same_formula():
    """소리의 수가 파이썬과 자바스크립트에서 같아요."""
    script = (ROOT / "book" / "notes.js").read_text(encoding="utf-8")
    found = {key: float(value) for key, value in re.findall(r"(PEAK|ATTACK|FLOOR) = ([\d.]+)", script)}
    assert found == {"PEAK": sound.PEAK, "ATTACK": sound.ATTACK, "FLOOR": sound.FLOOR}


@pytest.mark.parametrize(
    ("sounds", "kwargs", "error", "words"),
    [
        ({}, {}, ValueError, "소리의 수"),
        ({"가": []}, {}, ValueError, "소리 '가'.*음의 수"),
        ({"가": [(60.5, 1)]}, {}, ValueError, "높이"),
        ({"가": [(128, 1)]}, {}, ValueError, "높이"),
        ({"가": [("도", 1)]}, {}, TypeError, "높이"),
        ({"가": [(60, 0)]}, {}, ValueError, "길이"),
        ({"가": [(60, 1)]}, {"tempo": 0}, ValueError, "tempo"),
        ({"가": [(60, 1)]}, {"given": -1}, ValueError, "given"),
    ],
)
def test_bad_sounds(sounds, kwargs, error, words):
    with pytest.raises(error, match=words):
        listen(sounds, **kwargs)


def test_numpy_numbers_are_plain_numbers():
    made = listen({"가": [(np.int64(60), np.float64(1.5))]})
    assert isinstance(made, Sounds)
    assert made.sounds == {"가": [(60, 1.5)]}
    assert repr(made) == "[소리 가] 도 1.5박"
