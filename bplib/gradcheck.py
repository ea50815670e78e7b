"""기울기 검사: 역전파의 기울기를 유한 차분과 견줘서, 틀렸으면 어느 자리가 틀렸는지 알려요."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator

import numpy as np

from bplib._checks import (
    Array,
    check_count,
    check_flag,
    check_floats,
    check_integers,
    check_number,
    check_rng,
    check_type,
    report,
)
from bplib.layers import Sequential, every_layer
from bplib.losses import Loss, Target
from bplib.params import Param
from bplib.regularize import Dropout

STEPS = (1e-3, 1e-4, 1e-5)  # 넓은 걸음부터. 가까이에 꺾인 점이 있으면 좁은 걸음이 피해 가요
SIDES = (1e-5, 1e-6, 1e-7)  # 꺾인 점에서 한쪽 기울기를 재는 걸음. 옆의 다른 꺾인 점을 넘지 않게 점점 좁혀요
BENT = 1e-3  # 왼쪽과 오른쪽 기울기가 이보다 (상대적으로) 다르면 반올림이 아니라 꺾인 거예요
FLOOR = 1e-4  # 이보다 작은 기울기는 상대 오차 대신 FLOOR에 대한 오차를 봐요(반올림 오차 때문에)


class GradientError(AssertionError):
    """역전파와 유한 차분이 어긋났어요. parameter, index, got(역전파), expected(유한 차분)를 담아요."""

    def __init__(self, parameter: str, index: tuple[int, ...], got: float, expected: float) -> None:
        super().__init__(parameter, index, got, expected)
        self.parameter, self.index, self.got, self.expected = parameter, index, got, expected

    def __str__(self) -> str:
        where = ", ".join(str(i) for i in self.index)
        return f"{self.parameter}[{where}]: 역전파 {self.got:.10g}, 유한 차분 {self.expected:.10g}"


def check_gradients(
    net: Sequential,
    loss: Loss,
    x: Array,
    y: Target,
    *,
    tolerance: float = 1e-6,
    max_exact: int = 2000,
    directions: int = 10,
    include_input: bool = False,
    rng: np.random.Generator | None = None,
) -> dict[str, float]:
    """역전파의 기울기를 다섯 점 중앙 차분과 견줘요. {매개변수 이름: 가장 큰 상대 오차}를 돌려줘요.

    ∂E/∂w ≈ [8 (E(w+h) − E(w−h)) − (E(w+2h) − E(w−2h))] / 12h,
    상대 오차 = |역전파 − 차분| / max(|역전파|, |차분|, 바닥), 바닥 = 10⁻⁴ max(1, |E|).
    걸음 h는 10⁻³, 10⁻⁴, 10⁻⁵을 차례로 써서 한 번이라도 맞으면 맞다고 봐요.

    수가 max_exact개 이하면 모든 자리를, 많으면 매개변수마다 임의의 방향 directions개를 봐요
    (틀리면 반씩 나누어 자리를 찾고, 혼자서는 맞는 자리를 틀렸다고 하지 않아요). rng가 없으면 늘 같은 방향이에요.
    include_input=True면 입력도 "x"라는 이름으로 봐요.
    ReLU의 0처럼 꺾인 점 위에서는 왼쪽 기울기와 오른쪽 기울기 사이의 값을 모두 맞다고 봐요.

    net의 지금 상태(학습·평가)에서 봐요. Dropout이 있으면 모든 손실을 같은 무작위 수로 재요.
    입력이 정수인 신경망은 include_input을 쓸 수 없어요.

    복사본에서 계산하므로 net과 loss는 그대로예요. 오차가 tolerance를 넘으면 GradientError(오차만 재려면
    tolerance를 크게 주세요), float64가 아니면 TypeError(float32의 차분은 자릿수가 모자라요).
    출처: Bishop 2006, §5.3.3.
    """
    check_type("check_gradients", "net", net, Sequential)
    check_type("check_gradients", "loss", loss, Loss)
    check_flag("check_gradients", "include_input", include_input)
    if net.takes_integers:
        check_integers("check_gradients", "입력 x", x)
        if include_input:
            raise TypeError(
                report("check_gradients", "include_input이", "False(정수로는 미분할 수 없어요)", True)
            )
    else:
        check_floats("check_gradients", "입력 x", x, np.dtype(np.float64))
    check_number("check_gradients", "tolerance", tolerance, 0.0, math.inf, open_low=True)
    check_count("check_gradients", "max_exact", max_exact)
    check_count("check_gradients", "directions", directions)
    rng = np.random.default_rng(0) if rng is None else rng
    check_rng("check_gradients", rng)
    net, loss = copy.deepcopy((net, loss))
    point = None if net.takes_integers else Param(x, "x")
    generators = [layer.rng for layer in every_layer(net) if isinstance(layer, Dropout)]
    states = [generator.bit_generator.state for generator in generators]

    def error() -> float:
        for generator, state in zip(generators, states, strict=True):
            generator.bit_generator.state = state
        return loss.forward(net.forward(x if point is None else point.value), y)

    floor = FLOOR * max(1.0, abs(error()))
    checked = list(net.params())
    if include_input and point is not None:
        point.grad = net.backward(loss.backward(), input_grad=True)
        checked.append(point)
    else:
        net.backward(loss.backward())
    exact = sum(param.size for param in checked) <= max_exact

    result = {}
    for param in checked:
        probe = _Probe(param, error, floor, tolerance)
        sample = _every_coordinate(param.size) if exact else _random_directions(rng, directions, param.size)
        result[param.name] = max(probe.check(direction) for direction in sample)
    return result


def _every_coordinate(size: int) -> Iterator[Array]:
    """한 자리만 1인 방향들."""
    for i in range(size):
        direction = np.zeros(size)
        direction[i] = 1
        yield direction


def _random_directions(rng: np.random.Generator, count: int, size: int) -> Iterator[Array]:
    """길이 1인 임의의 방향 count개. 어느 자리도 빠지지 않게 모든 성분의 크기가 같아요."""
    for _ in range(count):
        yield rng.choice((-1.0, 1.0), size) / np.sqrt(size)


class _Probe:
    """매개변수 하나를 어떤 방향으로 조금씩 움직이며 손실의 기울기를 재요."""

    def __init__(self, param: Param, error: Callable[[], float], floor: float, tolerance: float) -> None:
        self.param, self.error, self.floor, self.tolerance = param, error, floor, tolerance
        self.start = param.value.copy()

    def check(self, direction: Array) -> float:
        """이 방향의 상대 오차. 허용값을 넘으면 반씩 나눠 틀린 한 자리를 찾아 GradientError.

        매끈한 곳에서는 방향이 틀리면 어느 한쪽도 틀려요. 두 쪽이 모두 맞으면 여러 자리를 함께 움직이다 꺾인 점을 넘은
        것이라 틀렸다고 하지 않아요.
        """
        error, got, expected = self.compare(direction)
        places = np.flatnonzero(direction)
        if error <= self.tolerance:
            return error
        if len(places) == 1:  # NaN도 여기까지 와요
            where, sign = np.unravel_index(int(places[0]), self.param.shape), float(direction[places[0]])
            raise GradientError(self.param.name, tuple(int(i) for i in where), sign * got, sign * expected)
        halves = [_unit(direction, half) for half in np.array_split(places, 2)]
        halves.sort(key=self.gap, reverse=True)  # 더 틀린 쪽부터
        return max(map(self.check, halves))

    def gap(self, direction: Array) -> float:
        """|역전파 − 차분|. NaN은 가장 크게 틀린 거예요."""
        _, got, expected = self.compare(direction)
        return float(np.nan_to_num(abs(got - expected), nan=np.inf))

    def compare(self, direction: Array) -> tuple[float, float, float]:
        """(상대 오차, 역전파의 값, 유한 차분의 값)."""
        got = float(np.vdot(self.param.grad, direction))
        tries = []
        for h in STEPS:
            expected = self.slope(direction, h)
            tries.append((self.relative(got, expected), got, expected))
            if tries[-1][0] <= self.tolerance:
                return tries[-1]
        for h in SIDES:
            low, high = sorted(self.one_sided(direction, side) for side in (-h, h))
            if high - low > BENT * max(abs(low), abs(high)):
                between = min(max(got, low), high)
                tries.append((self.relative(got, between), got, between))
        return min(tries, key=lambda item: item[0])

    def slope(self, direction: Array, h: float) -> float:
        """다섯 점 중앙 차분."""
        near = self.at(direction, h) - self.at(direction, -h)
        far = self.at(direction, 2 * h) - self.at(direction, -2 * h)
        return (8 * near - far) / (12 * h)

    def one_sided(self, direction: Array, h: float) -> float:
        """세 점 한쪽 차분: h > 0이면 오른쪽, h < 0이면 왼쪽 기울기."""
        steps = [self.at(direction, k * h) for k in range(3)]
        return (4 * steps[1] - steps[2] - 3 * steps[0]) / (2 * h)

    def at(self, direction: Array, t: float) -> float:
        """w + t·방향에서의 손실. 재고 나면 w를 되돌려요."""
        self.param.value = self.start + t * direction.reshape(self.start.shape)
        value = self.error()
        self.param.value = self.start
        return value

    def relative(self, got: float, expected: float) -> float:
        """|got − expected| / max(|got|, |expected|, 바닥)."""
        return abs(got - expected) / max(abs(got), abs(expected), self.floor)


def _unit(direction: Array, places: np.ndarray) -> Array:
    """places 자리만 남긴 길이 1인 방향."""
    part = np.zeros_like(direction)
    part[places] = np.sign(direction[places]) / np.sqrt(len(places))
    return part
