"""마우스로 그린 듯한 숫자(7장): 숫자마다 정해 둔 길을 사람처럼 비뚤고 떨리게 따라가요.

    python studies/strokes.py     # 숫자마다 몇 장을 8×8 수로 적어 봐요

신경망을 재기 전에 쓰고, 잰 다음에는 고치지 않았어요. made는 아래의 길을 늘이고 기울이고 떨어서 만든 것, BY_HAND는
꼭짓점을 하나하나 적은 것이에요. 획은 bplib.lab.drawing.cells가 받는 것과 같아요: 점 (x, y)의 배열, 캔버스는 0~1.
"""

from __future__ import annotations

import numpy as np

Stroke = np.ndarray
PENS = (1 / 20, 1 / 12, 1 / 8)
SHAPES = 10  # 숫자마다

# 숫자마다의 길. 점은 x,y(백분의 일)이고 획은 /로 나눠요. 쓰는 법이 둘이면 둘 다 적어요
PATHS: dict[int, list[str]] = {
    0: [
        "55,0 15,20 5,55 30,95 70,95 95,50 85,15 50,0",
    ],
    1: [
        "50,0 50,50 50,100",
        "25,25 55,0 55,50 55,100",
    ],
    2: [
        "10,25 35,0 80,8 85,40 50,70 8,100 50,97 95,98",
    ],
    3: [
        "12,10 50,0 85,20 70,42 42,48 75,55 90,78 55,100 10,90",
    ],
    4: [
        "50,0 30,35 5,65 50,65 98,65 / 70,30 70,65 70,100",
        "10,5 10,30 12,50 50,52 85,50 / 85,0 85,50 85,100",
    ],
    5: [
        "20,0 18,25 16,45 50,38 85,55 80,88 40,100 8,90 / 20,2 55,2 90,0",
    ],
    6: [
        "75,0 35,25 10,60 20,92 55,100 85,82 75,56 40,55 15,75",
    ],
    7: [
        "5,5 50,3 92,4 65,45 40,100",
        "10,30 10,5 50,3 90,4 75,40 65,100",
    ],
    8: [
        "75,10 40,0 15,20 40,42 75,60 80,88 45,100 15,85 30,60 65,42 82,20 72,8",
    ],
    9: [
        "82,25 50,0 15,15 20,42 55,50 82,25 80,60 70,100",
        "82,25 50,0 12,20 25,48 60,48 82,20 82,70 50,100 20,90",
    ],
}

# 꼭짓점을 손으로 적은 것, 숫자마다 셋. 마우스로 빠르게 그은 것처럼 모나고 삐뚤어요
BY_HAND: dict[int, list[str]] = {
    0: [
        "48,18 33,27 27,50 34,75 52,84 68,70 72,42 60,20 47,17",
        "60,10 30,20 20,55 40,90 75,80 85,40 65,12",
        "50,30 40,35 36,50 42,66 52,70 61,60 62,42 52,31",
    ],
    1: [
        "52,15 50,50 49,86",
        "38,30 55,14 54,85",
        "60,12 50,48 42,88",
    ],
    2: [
        "30,30 42,17 62,20 66,38 50,60 28,82 75,80",
        "25,25 50,10 75,25 60,50 25,85 35,78 55,86 80,82",
        "35,28 50,20 64,30 62,45 36,72 66,74",
    ],
    3: [
        "30,18 55,14 68,28 46,46 70,60 62,80 30,84",
        "28,15 70,15 45,42 72,58 60,85 25,80",
        "35,25 50,18 63,26 60,40 45,47 62,55 66,70 50,80 34,76",
    ],
    4: [
        "45,15 22,60 78,58 / 60,38 58,90",
        "30,18 30,48 68,46 / 68,15 66,86",
        "58,88 60,12 22,62 80,64",
    ],
    5: [
        "70,15 35,16 33,44 55,40 70,56 62,80 30,84",
        "34,18 30,46 60,44 70,66 50,84 28,76 / 34,18 72,16",
        "68,20 40,22 36,48 60,50 62,72 36,78",
    ],
    6: [
        "62,12 38,40 30,68 46,86 66,74 56,56 34,64",
        "45,12 32,50 36,82 62,84 68,62 50,52 34,62",
        "68,15 45,22 32,48 34,74 54,84 68,70 60,54 40,56",
    ],
    7: [
        "25,18 75,17 45,86",
        "28,34 28,18 70,18 60,50 54,88",
        "25,20 72,18 48,85 / 38,52 70,50",
    ],
    8: [
        "62,22 45,14 34,28 50,46 66,66 50,86 34,70 50,47 64,30 60,18",
        "50,48 35,32 50,15 65,30 50,48 30,68 50,88 70,68 50,48",
        "66,16 36,20 64,70 48,86 34,70 66,20",
    ],
    9: [
        "66,30 50,16 34,30 46,48 66,36 62,86",
        "64,24 44,15 32,32 44,46 64,34 66,60 56,82 34,84",
        "68,20 40,18 34,42 64,42 68,20 58,88",
    ],
}


def read(path: str) -> list[Stroke]:
    """글로 적은 길을 획마다의 점으로."""
    return [np.array([p.split(",") for p in stroke.split()], float) / 100 for stroke in path.split(" / ")]


def smooth(points: np.ndarray, steps: int = 8) -> np.ndarray:
    """점들을 지나는 매끈한 길(Catmull–Rom)."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5
            * (
                2 * p1
                + (p2 - p0) * t
                + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                + (3 * p1 - p0 - 3 * p2 + p3) * t**3
            )
        )
    return np.concatenate([*parts, points[-1:]])


def made(digit: int, rng: np.random.Generator) -> tuple[list[Stroke], float]:
    """숫자 하나를 그린 획들과 붓의 굵기. 꼭짓점을 흩고, 너비와 기울기와 자리를 바꾸고, 손을 떨어요."""
    paths = PATHS[digit][int(rng.integers(len(PATHS[digit])))]
    wide, tall = rng.uniform(0.35, 0.65), rng.uniform(0.5, 0.8)
    slant, turn = rng.uniform(-0.25, 0.25), np.deg2rad(rng.uniform(-10, 10))
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    place = np.array([0.5, 0.5]) + rng.uniform(-0.08, 0.08, 2)
    strokes = []
    for path in read(paths):
        points = smooth(path - 0.5 + rng.normal(0, 0.035, path.shape)) * [wide, tall]
        points[:, 0] -= slant * points[:, 1]
        points = points @ rotate.T + place
        strokes.append(points + rng.normal(0, 0.004, points.shape))
    return strokes, float(rng.choice(PENS))


def made_set(seed: int = 0) -> list[tuple[int, list[Stroke], float]]:
    """숫자마다 SHAPES개, 모두 백 개: (숫자, 획, 붓)."""
    rng = np.random.default_rng(seed)
    return [(digit, *made(digit, rng)) for digit in range(10) for _ in range(SHAPES)]


def hand_set() -> list[tuple[int, list[Stroke], float]]:
    """손으로 적은 서른 개."""
    return [(digit, read(path), 1 / 12) for digit, three in BY_HAND.items() for path in three]


if __name__ == "__main__":
    from bplib.lab.drawing import cells

    for digit, strokes, pen in made_set()[::SHAPES]:
        print(digit)
        for row in cells(strokes, pen):
            print("".join(f"{v:3d}" if v else "  ." for v in row))
