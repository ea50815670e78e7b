"""내 그림: 손으로 그은 획을 손글씨 자료와 같은 8×8 수로 고쳐, 7장의 합성곱 신경망에 보여요."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.patches import Rectangle

from bplib import datasets
from bplib._checks import Array, as_numbers, check_list, check_number, report
from bplib.lab import nets, plots
from bplib.lab.display import css
from bplib.lab.own import OwnInput
from bplib.lab.scene import Drawn, draw_frame

Bits = npt.NDArray[np.bool_]
SIDE, WIDTH, HEIGHT = 32, 20, 32  # 비트맵의 한 변, 글씨를 늘려 넣는 상자
STRETCH = 2  # 한쪽을 다른 쪽의 이만큼까지만 늘려요: 곧은 1이 검은 상자가 되지 않게
PEN = 1 / 12  # 붓의 굵기. 캔버스의 한 변이 1이에요
THICKEST = 1 / 6  # 글씨의 긴 쪽에 견준 가장 굵은 붓
EMPTY = "아직 빈 종이예요."
THIN, THINNER, THICK, THICKER = 256, 108, 412, 560  # 켜진 화소가 이보다 적으면 굵게, 많으면 가늘게


def cells(strokes: Sequence[Any], pen: float = PEN) -> npt.NDArray[np.int64]:
    """획들을 8×8칸의 수 0~16으로: 칸마다 4×4화소 가운데 켜진 것을 세요.

    strokes: 획의 목록. 획은 점 (x, y)의 (k, 2) 배열이고 캔버스는 0~1, y는 아래로 커져요. 점이 없으면 모두 0.
    손글씨 자료가 거친 차례와 같아요: 글씨만 오려 20×32로 늘리고, 32×32의 가운데에 놓고, 켜진 화소가 너무 적거나 많으면
    굵기를 고치고, 맨 위와 맨 아래의 왼쪽 끝이 맞도록 기울기를 세워요. 작게 쓴 글씨의 속이 메워지지 않게, 붓이 글씨의
    긴 쪽의 1/6보다 굵으면 1/6로 여겨요. 모양이 다르거나 유한하지 않으면 ValueError.
    출처: Garris 외 (1994), NISTIR 5469와 그 프로그램의 normalize.c, shear.c.
    """
    pen = check_number("cells", "pen", pen, 0.0, 1.0, open_low=True)
    segments = _segments(strokes)
    if not len(segments):
        return np.zeros((8, 8), np.int64)
    size = float(np.ptp(segments, axis=(0, 1)).max())
    pen = min(pen, THICKEST * size) if size else pen  # 점 하나면 크기가 없어요
    bits = _upright(_even_ink(_bitmap(segments, pen / 2)))
    return bits.reshape(8, 4, 8, 4).sum(axis=(1, 3))


def _segments(strokes: Sequence[Any]) -> Array:
    """이웃한 점을 이은 선분 (m, 2, 2). 점 하나는 길이가 0인 선분이에요."""
    found = []
    for stroke in check_list("cells", "strokes", strokes, (list, tuple, np.ndarray)):
        points = as_numbers("cells", "획", stroke).astype(float) if len(stroke) else np.zeros((0, 2))
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(report("cells", "획의 모양이", "점 (x, y)의 (k, 2)", points.shape))
        if not np.isfinite(points).all():
            raise ValueError(report("cells", "획의 점이", "유한한 수의 쌍", "NaN이나 무한대"))
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        found.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(found) if found else np.zeros((0, 2, 2))


def _bitmap(segments: Array, radius: float) -> Bits:
    """글씨를 오려 20×32로 늘린 32×32 비트맵. 화소의 가운데가 붓 자국 속이면 켜져요."""
    low, high = segments.min(axis=(0, 1)) - radius, segments.max(axis=(0, 1)) + radius
    scale = np.array([WIDTH, HEIGHT]) / (high - low)
    scale = np.minimum(scale, STRETCH * scale[::-1])
    middle = (low + high) / 2
    places = np.arange(SIDE) + 0.5 - SIDE / 2
    x, y = middle[0] + places / scale[0], middle[1] + places / scale[1]
    (x0, y0), (x1, y1) = segments[:, 0].T[:, :, None, None], segments[:, 1].T[:, :, None, None]
    dx, dy = x1 - x0, y1 - y0
    px, py = x[None, None, :] - x0, y[None, :, None] - y0
    length = dx * dx + dy * dy
    along = np.clip((px * dx + py * dy) / np.where(length > 0, length, 1), 0, 1)
    gap = (px - along * dx) ** 2 + (py - along * dy) ** 2
    return np.asarray((gap <= radius * radius).any(axis=0))


def _even_ink(bits: Bits) -> Bits:
    """켜진 화소의 수를 보고 굵기를 고쳐요: 적으면 한두 겹 입히고, 많으면 한두 겹 벗겨요."""
    ink = bits.sum()
    for _ in range(int(ink < THIN) + int(ink < THINNER)):
        bits = np.logical_or.reduce(_with_neighbours(bits))
    for _ in range(int(ink > THICK) + int(ink > THICKER)):
        bits = np.logical_and.reduce(_with_neighbours(bits))
    return bits


def _with_neighbours(bits: Bits) -> list[Bits]:
    """자신과 위, 아래, 왼쪽, 오른쪽 화소. 그림 밖은 꺼져 있어요."""
    around = np.pad(bits, 1)
    return [bits, around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]]


def _upright(bits: Bits) -> Bits:
    """기울기 세우기: 맨 위와 맨 아래에서 둘째 줄 안쪽의 왼쪽 끝이 같은 열에 오게, 줄마다 옆으로 밀어요."""
    rows = np.flatnonzero(bits.any(axis=1))
    if len(rows) == 0 or rows[-1] - rows[0] < 5:
        return bits
    top, bottom = rows[0] + 2, rows[-1] - 2
    if not (bits[top].any() and bits[bottom].any()):
        return bits
    slope = (int(bits[top].argmax()) - int(bits[bottom].argmax())) / (bottom - top)
    made = np.zeros_like(bits)
    for r in range(SIDE):
        shift = int(np.floor((r - SIDE // 2) * slope + 0.5))
        columns = np.flatnonzero(bits[r]) + shift
        made[r, columns[(columns >= 0) & (columns < SIDE)]] = True
    return made


class Own(OwnInput):
    """숫자 하나를 그려 넣는 칸. read(그림)으로 8×8 수의 그림을 직접 보일 수도 있어요."""

    name = "digits"
    title = "내 그림"
    note = "손으로 그린 숫자를 읽는 칸은 브라우저의 스크립트가 켜져 있어야 움직여요. 노트북에서는 칸을 눌러 칠해요."

    def __init__(self) -> None:
        self.net, self.plain = nets.trained("digits"), nets.trained("digits_plain")

    def facts(self) -> str:
        """쪽에 실은 신경망의 성적."""
        table = datasets.table("shifts")
        (right, *_), (read, read_by_hand) = table["shipped"]
        share, (made, hand) = right / table["test"], table["drawn"]
        return (
            f"이 신경망이 읽는 것: 처음 보는 글씨의 {share:.1%}, 마우스로 그린 듯한 숫자 {made}개 가운데 "
            f"{read}개, 꼭짓점을 손으로 적은 숫자 {hand}개 가운데 {read_by_hand}개. "
            "여러분의 글씨는 더 어려울 수 있어요."
        )

    def page_data(self) -> dict[str, Any]:
        """배울 때 쓰지 않은 글씨, 숫자마다 한 장: 0~16의 수 64개."""
        return {"examples": [_example(digit).ravel().tolist() for digit in range(10)]}

    def read(self, picture: Array) -> Drawn:
        """8×8, 0~16의 그림을 읽어 (확률과 기울기 × 화소의 그림, 글)을 돌려줘요. 벗어난 모양과 수는 ValueError."""
        picture = as_numbers("내 그림", "그림", picture).astype(float)
        if picture.shape != (8, 8):
            raise ValueError(report("내 그림", "그림의 모양이", (8, 8), picture.shape))
        if not (picture.min() >= 0 and picture.max() <= 16):  # NaN도 걸려요
            raise ValueError(report("내 그림", "그림의 수가", "0 이상 16 이하", "벗어난 수"))
        x = picture[None, None] / 16
        z = self.net.forward(x)[0]
        answer = int(z.argmax())
        p, plain = _softmax(z), _softmax(self.plain.forward(x)[0])
        push = (x * self.net.backward(np.eye(10)[[answer]], input_grad=True))[0, 0]  # 기울기 × 화소
        text = f"대답은 {answer}, 확률 {p[answer]:.2f}. "
        text += f"옮긴 글씨를 못 본 신경망은 {plain.argmax()}, {plain.max():.2f}."
        if not picture.any():
            text = f"{EMPTY} 칸을 눌러 숫자를 하나 칠해 보세요."
        return [_bars(p), _pushes(picture, push)], text

    def widget(self) -> Any:
        """커널에서 쓰는 칸: 8×8 칸을 눌러 칠하거나, 시험 그림을 불러오고, 한 칸씩 옮겨요."""
        import ipywidgets as w

        small = {"width": "1.9rem", "height": "1.9rem", "margin": "0"}
        dots = [w.ToggleButton(tooltip=f"{r + 1}행 {c + 1}열", layout=small) for r, c in np.ndindex(8, 8)]
        grid = w.GridBox(dots, layout={"grid_template_columns": "repeat(8, 2rem)", "width": "16.5rem"})
        pick = w.Dropdown(
            options=[("내가 칠한 것", -1)] + [(f"{d}의 글씨", d) for d in range(10)], description="그림"
        )
        across, down = (w.IntSlider(0, -3, 3, description=name) for name in ("오른쪽으로", "아래로"))
        clear, view = w.Button(description="지우기"), w.HTML()

        def redraw(_: Any = None) -> None:
            mine = np.array([16 * dot.value for dot in dots]).reshape(8, 8)
            picture = mine if pick.value < 0 else _example(pick.value)
            body = draw_frame(self.title, self.read, _moved(picture, down.value, across.value)).html
            view.value = f'<style>{css()}</style><div class="bp-experiment">{body}</div>'

        def wipe(_: Any) -> None:
            pick.value = -1
            for dot in dots:
                dot.value = False

        clear.on_click(wipe)
        for control in (*dots, pick, across, down):
            control.observe(redraw, names="value")
        redraw()
        return w.VBox(
            [w.HBox([grid, w.VBox([pick, across, down, clear])], layout={"flex_flow": "row wrap"}), view]
        )


def _example(digit: int) -> npt.NDArray[np.int64]:
    """배울 때 쓰지 않은 묶음(10번부터)에서 그 숫자의 첫 그림, 0~16."""
    x, y = datasets.digits()
    first = np.flatnonzero((y == digit) & (datasets.digits_groups() >= 10))[0]
    return np.rint(16 * x[first]).astype(np.int64).reshape(8, 8)


def _moved(picture: npt.NDArray[Any], dy: int, dx: int) -> npt.NDArray[Any]:
    """아래로 dy, 오른쪽으로 dx칸(−3~3). 빈 곳은 0이에요."""
    padded = np.pad(picture, 3)
    return padded[3 - dy : 11 - dy, 3 - dx : 11 - dx]


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())


def _bars(p: Array) -> Any:
    figure, ax = plots.axes(3.4, 2.6, xlabel="숫자", ylabel="확률", xlim=(-0.6, 9.6), ylim=(0, 1.05))
    ax.set_xticks(range(10))
    ax.bar(range(10), p.round(3), width=0.6, color=plots.BLUE)
    return figure


def _pushes(picture: Array, push: Array) -> Any:
    """칸마다 수 0~16. 파랑과 +는 대답을 민 화소, 주황과 −는 막은 화소예요."""
    figure, ax = plots.canvas(2.8, 2.8)
    most = max(float(np.abs(push).max()), 1e-9)
    for r, c in np.ndindex(8, 8):
        corner = (0.2 + 0.3 * c, 2.3 - 0.3 * r)
        box = Rectangle(corner, 0.3, 0.3, edgecolor=plots.GRID, linewidth=0.5)
        box.set_facecolor(plots.BLUE if push[r, c] > 0 else plots.ORANGE)
        box.set_alpha(round(abs(float(push[r, c])) / most, 2))
        ax.add_patch(box)
        if picture[r, c]:
            ax.text(
                corner[0] + 0.15,
                corner[1] + 0.15,
                f"{picture[r, c]:.0f}",
                ha="center",
                va="center_baseline",
                fontsize=8,
            )
    ax.text(0.2, 0.05, "기울기 × 화소", fontsize=9)
    return figure
