"""Param: 배우는 수(가중치 W, 편향 b)와 그 기울기. Params: 여러 Param을 이어 붙인 한 줄."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from bplib._checks import Array, check_finite, check_floats, check_list, check_type, report


class _ValueAndGrad:
    """모양이 같은 두 배열, 값과 기울기. 새 값을 넣으면 배열을 바꾸지 않고 그 자리에 적어요."""

    __slots__ = ("_grad", "_joined", "_value")
    _value: Array
    _grad: Array
    _joined: bool  # 더 긴 한 줄의 구간이 되었나

    @property
    def value(self) -> Array:
        """지금 값. `p.value = …`는 모양이 같은 유한한 값을 제자리에 적고, 아니면 ValueError."""
        return self._value

    @value.setter
    def value(self, new: Array) -> None:
        self._write(self._value, new)

    @property
    def grad(self) -> Array:
        """기울기 ∂E/∂값. backward를 부를 때마다 새로 적혀요(더해지지 않아요). 처음에는 0."""
        return self._grad

    @grad.setter
    def grad(self, new: Array) -> None:
        self._write(self._grad, new)

    def _write(self, target: Array, new: Array) -> None:
        if new is target:  # p.value -= … 는 이미 제자리에서 끝났어요
            return
        source = np.asarray(new, dtype=target.dtype)
        if source.shape != target.shape:
            raise ValueError(report(self, "새 값의 모양이", target.shape, source.shape))
        if source.size:
            check_finite(self, "새 값", source)
        target[...] = source

    @property
    def shape(self) -> tuple[int, ...]:
        """값과 기울기의 모양."""
        return self._value.shape

    @property
    def size(self) -> int:
        """수의 개수."""
        return self._value.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 또는 float64."""
        return self._value.dtype

    def _bind(self, value: Array, grad: Array) -> None:
        raise NotImplementedError


class Param(_ValueAndGrad):
    """배우는 수 하나의 묶음: 값 W와 기울기 ∂E/∂W.

    value, grad의 모양은 같아요. 받은 배열은 복사하므로 바뀌지 않아요.
    float32·float64 배열이 아니면 TypeError, 비었거나 NaN·무한대가 있으면 ValueError.
    """

    __slots__ = ("name",)

    def __init__(self, value: Array, name: str) -> None:
        check_type("Param", "name", name, str, "글")
        check_floats(name, "값", value)
        check_finite(name, "값", value)
        self.name = name
        self._value = np.array(value, order="C")
        self._grad = np.zeros_like(self._value)
        self._joined = False

    def _bind(self, value: Array, grad: Array) -> None:
        """저장 자리를 한 줄 배열의 한 구간으로 옮겨요. 값은 그대로예요."""
        shape = self.shape
        value[:], grad[:] = self._value.reshape(-1), self._grad.reshape(-1)
        for left in (self._value, self._grad):
            left.flags.writeable = False  # 옮기기 전에 꺼내 둔 배열에 적으면 조용히 사라질 테니, 막아요
        self._value, self._grad = value.reshape(shape), grad.reshape(shape)

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        # 복사본은 제 배열을 갖고, 아직 어느 한 줄에도 들어 있지 않아요. 한 줄째 복사하면 Params가 다시 이어 붙여요.
        value, grad = self._value.copy(), self._grad.copy()
        return None, {"name": self.name, "_value": value, "_grad": grad, "_joined": False}

    def __repr__(self) -> str:
        size, slope = np.linalg.norm(self._value), np.linalg.norm(self._grad)
        space = "×".join(str(n) for n in self.shape)
        return f"{self.name} ∈ R^({space}): ‖{self.name}‖ = {size:.4g}, ‖∂E/∂{self.name}‖ = {slope:.4g}"


class Params(_ValueAndGrad):
    """Param들을 이어 붙인 한 줄: value = (W₁, b₁, W₂, b₂, …), grad도 같은 차례.

    각 Param의 배열은 이 한 줄의 구간(view)이 돼요. 그래서 신경망 전체를 배열 연산 몇 번으로 고치고,
    `saved = params.value.copy()`와 `params.value = saved`로 저장하고 되돌려요.
    params[0]이나 params["0.W"]로 꺼내요. dtype이 섞이면 TypeError, 같은 Param이 두 번 오거나 벌써 다른 한 줄에
    들어 있으면 ValueError: 두 줄에 이어 붙이면 앞의 줄이 끊어져, 앞의 줄로 고쳐도 아무것도 바뀌지 않아요.
    """

    __slots__ = ("_blocks",)

    def __init__(self, blocks: Iterable[Param | Params] = ()) -> None:
        self._blocks = tuple(check_list("Params", "blocks", blocks, (Param, Params)))
        params = list(self)
        dtypes = {param.dtype for param in params}
        if len(dtypes) > 1:
            raise TypeError(report("Params", "dtype이", "모두 같은 dtype", sorted(map(str, dtypes))))
        if len({id(param) for param in params}) < len(params):
            raise ValueError(report("Params", "목록이", "서로 다른 Param", [p.name for p in params]))
        if any(block._joined for block in self._blocks):
            raise ValueError(
                f"Params: {[p.name for p in params]} 가운데 벌써 다른 한 줄에 들어 있는 것이 있어요. 몇 개만 고치려면 "
                "SGD([net[0].W, net[2].W])처럼 목록으로 주고, 층의 params()는 한 번 만든 것을 늘 돌려주세요."
            )
        dtype = dtypes.pop() if dtypes else np.dtype(np.float64)
        size = sum(param.size for param in params)
        self._value = self._grad = np.empty(0)
        self._bind(np.empty(size, dtype), np.empty(size, dtype))
        self._joined = False
        for block in self._blocks:
            block._joined = True

    def _bind(self, value: Array, grad: Array) -> None:
        start = 0
        for block in self._blocks:
            stop = start + block.size
            block._bind(value[start:stop], grad[start:stop])
            start = stop
        for left in (self._value, self._grad):
            left.flags.writeable = False
        self._value, self._grad = value, grad

    def __iter__(self) -> Iterator[Param]:
        for block in self._blocks:
            if isinstance(block, Param):
                yield block
            else:
                yield from block

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, key: int | str) -> Param:
        return self.by_name()[key] if isinstance(key, str) else list(self)[key]

    def by_name(self) -> dict[str, Param]:
        """{이름: Param}. 이름이 같은 Param이 있으면 하나가 다른 하나를 가리니 ValueError."""
        named = {param.name: param for param in self}
        if len(named) < len(self):
            raise ValueError(report("Params", "이름이", "서로 다른 이름", [param.name for param in self]))
        return named

    def __getstate__(self) -> tuple[Param | Params, ...]:
        return self._blocks

    def __setstate__(self, blocks: tuple[Param | Params, ...]) -> None:
        # copy.deepcopy와 pickle은 구간을 따로 복사해요. 다시 이어 붙여야 한 줄과 구간이 같은 수를 가리켜요.
        self.__init__(blocks)  # type: ignore[misc]

    def __repr__(self) -> str:
        names = ", ".join(param.name for param in self)
        return f"Params({names}): 수 {self.size}개"
