"""손글씨 숫자(7장): scikit-learn에 담긴 load_digits를 작은 파일 하나로 옮겨 적어요.

    python studies/digits_data.py     # bplib/data/digits.npz를 다시 만들어요

x: 화소 0~16 (1797, 64), y: 정답 0~9, group: 글씨 묶음 0~13.
누가 썼는지는 자료에 없어요. 그런데 정답을 차례대로 읽으면 0123456789를 세 번 쓴 뒤 0955650989…로 이어지는 같은 순서가
열네 번 되풀이돼요. 같은 양식을 채운 것이니, 되풀이 하나를 글씨 묶음 하나로 봐요(한두 글자 빠진 묶음도 있어요).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FILE = Path(__file__).parents[1] / "bplib" / "data" / "digits.npz"
STARTS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)  # 묶음이 시작하는 행


def main() -> None:
    bunch = load_digits()
    group = np.zeros(len(bunch.target), np.uint8)
    group[list(STARTS[1:])] = 1
    np.savez_compressed(
        FILE,
        x=bunch.data.astype(np.uint8),
        y=bunch.target.astype(np.uint8),
        group=np.cumsum(group, dtype=np.uint8),
    )
    print(f"{FILE}: {FILE.stat().st_size / 1000:.1f} KB")


if __name__ == "__main__":
    main()
