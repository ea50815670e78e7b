"""글과 그림에 적는 수: 몇 배인지 읽기 좋게, 몇 번 가운데 몇 번의 비율을 구간으로."""

from __future__ import annotations

import math

from bplib._checks import check_count, check_number, report

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def times(x: float) -> str:
    """몇 배인지: 0.37배, 9,182배, 1.6 × 10⁻¹³배. 0.01보다 작거나 백만이 넘으면 10의 거듭제곱으로 적어요.

    x가 음수이거나 유한하지 않으면 ValueError, 수가 아니면 TypeError.
    """
    x = check_number("times", "x", x, 0.0, math.inf, open_low=False)
    if x == 0 or 0.01 <= x < 1000:
        return f"{x:.2f}배" if x % 1 else f"{x:.0f}배"
    if 1000 <= x < 1e6:
        return f"{x:,.0f}배"
    digits, power = f"{x:.1e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}배"


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """n번 가운데 hits번일 때 참 비율의 윌슨 구간 (아래 끝, 위 끝). z = 1.96이면 95%예요.

    (p̂ − p)² ≤ z² p (1 − p) / n을 p에 대해 푼 두 근: (p̂ + z²/2n ± z √(p̂ (1 − p̂)/n + z²/4n²)) / (1 + z²/n).
    0/n이나 n/n에서도 폭이 0이 되지 않아요. hits가 0에서 n까지가 아니거나 z가 양수가 아니면 ValueError, 정수가
    아니면 TypeError. 출처: Wilson 1927.
    """
    n = check_count("wilson", "n", n)
    if check_number("wilson", "hits", hits, 0.0, n + 1, open_low=False) % 1:
        raise ValueError(report("wilson", "hits의 값이", f"0에서 {n}까지의 정수", hits))
    z = check_number("wilson", "z", z, 0.0, math.inf, open_low=True)
    p, spread = hits / n, 1 + z**2 / n
    middle, reach = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return max((middle - reach) / spread, 0.0), min(
        (middle + reach) / spread, 1.0
    )  # 0/n의 반올림 오차를 빼요
