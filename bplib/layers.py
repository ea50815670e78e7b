"""층: forward와 backward 짝. Linear는 z = W a + b, Sequential은 층을 이은 신경망, Residual은 a + F(a)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, Self, overload

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    check_cache,
    check_count,
    check_dtype,
    check_finite,
    check_floats,
    check_integers,
    check_like,
    check_list,
    check_matrix,
    check_rng,
    check_steps,
    report,
)
from bplib.init import Init, _draw, he
from bplib.params import Param, Params

Shape = tuple[int, ...]
ROWS = 128  # predict가 한꺼번에 계산하는 표본의 수


class Layer:
    """층 하나: 앞으로 값을, 뒤로 기울기를 보내요. 새 층은 아래를 밝히고 _forward와 _backward에 식만 쓰면 돼요.

    _forward(a)는 출력을 내고 _backward에 쓸 것을 _로 시작하는 이름에 기억해요(복사와 pickle에는 담기지 않아요).
    _backward(delta)는 출력에 대한 기울기 ∂E/∂출력을 받아 자기 Param의 grad를 새로 적고 ∂E/∂입력을 돌려줘요.
    params()는 배우는 수예요.
    부를 때는 forward와 backward로 불러요. 모양과 자료형과 차례는 그 둘이 봐요: 입력이 틀리면 ValueError·TypeError,
    backward의 모양과 dtype이 forward의 출력과 다르면 ValueError·TypeError, forward보다 먼저 부르면 RuntimeError.
    """

    formula = ""
    n_in: int | None = None  # 입력 한 줄의 길이. None이면 어떤 길이든 받아요
    n_out: int | None = None  # 출력 한 줄의 길이. None이면 입력을 보고 정해져요
    keeps_shape = False  # 출력의 모양이 늘 입력과 같나
    takes_integers = False  # 입력이 실수가 아니라 정수(낱말의 번호 같은)인가
    takes_steps = False  # 입력이 행렬 (n, n_in)이 아니라 벡터의 열 (n, t, n_in)인가
    input_name = "입력 a"  # 입력이 틀렸을 때 무엇이라고 부를까
    dtype: np.dtype[Any] | None = None  # 입력의 dtype. None이면 float32도 float64도 받아요
    training = True  # 학습 상태인가. net.train()과 net.eval()이 바꿔요
    inner: tuple[Layer, ...] = ()  # 안에 담은 층
    _made: frozenset[str] | None = (
        None  # 신경망에 들어갈 때 갖고 있던 것의 이름. None이면 아직 들어가지 않았어요
    )
    _params: Params | None = None  # 배우는 수
    _out: tuple[Shape, np.dtype[Any]] | None = None  # 지난 출력의 모양과 dtype

    def __init_subclass__(cls) -> None:
        """forward를 다시 정하면 Sequential이 부르지 않고 지나가니, 식을 쓸 자리를 알려 줘요."""
        for name in ("forward", "backward", "param_grads"):
            if name in vars(cls):
                raise TypeError(f"{cls.__name__}: {name}은 검사하는 문이에요. 식은 _{name}에 써 주세요.")

    def forward(self, a: Array) -> Array:
        """순전파: 입력을 보고 출력을 내요."""
        self._check_input(a)
        out = self._forward(a)
        self._out = out.shape, out.dtype  # 뒤에 올 δ와 견줘요
        return out

    def backward(self, delta: Array) -> Array:
        """역전파: 출력에 대한 기울기를 보고, grad를 새로 적고 ∂E/∂입력을 돌려줘요."""
        self._check_delta(delta)
        return self._backward(delta)

    def param_grads(self, delta: Array) -> None:
        """역전파를 이 층에서 멈춰요: Param의 grad만 적고 ∂E/∂입력은 계산하지 않아도 돼요."""
        self._check_delta(delta)
        self._param_grads(delta)

    def _forward(self, a: Array) -> Array:
        raise NotImplementedError

    def _backward(self, delta: Array) -> Array:
        raise NotImplementedError

    def _param_grads(self, delta: Array) -> None:
        self._backward(delta)

    def _check_input(self, a: Array) -> None:
        """입력이 이 층이 밝힌 것과 맞는지. 더 볼 것이 있는 층은 여기에 더해요."""
        _check_input(self, self.input_name, a, self)

    def _check_delta(self, delta: Array) -> None:
        """forward를 먼저 불렀는지, δ의 모양과 dtype이 그 출력과 같은지."""
        check_like(self, "δ", delta, *check_cache(self, self._out))

    def params(self) -> Params:
        """이 층이 배우는 수. 없으면 빈 묶음."""
        return Params() if self._params is None else self._params

    def _memory(self) -> set[str]:
        """forward와 backward가 기억한 것의 이름: 신경망에 들어간 뒤에 생긴, _로 시작하는 것."""
        new = set() if self._made is None else vars(self).keys() - self._made
        return {name for name in new if name.startswith("_")}

    def __getstate__(self) -> dict[str, Any]:
        # 복사와 pickle은 배운 것만 담아요. 기억한 것까지 담으면 수 만 개짜리 신경망이 수백 MB가 돼요.
        memory = self._memory()
        return {name: value for name, value in vars(self).items() if name not in memory}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class _Weight:
    """신경망에 들어간 층의 Param 자리: 다른 것으로 바꿔 놓으면 신경망의 한 줄과 끊어지니 막아요. 읽기는 그대로예요."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __set__(self, layer: Layer, new: object) -> None:
        old = vars(layer).get(self.name)
        if layer._made is not None and isinstance(old, Param) and new is not old:
            raise TypeError(
                f"{layer!r}: {self.name}를 다른 것으로 바꿔 놓을 수 없어요. 값만 바꾸려면 {self.name}.value = …로 "
                "적어 주세요. 두 층이 가중치 하나를 함께 쓰게 할 수는 없어요."
            )
        vars(layer)[self.name] = new


def _check_input(who: object, what: str, a: Array, block: Layer | Sequential) -> None:
    """입력이 block이 밝힌 것과 맞는지: 정수나 실수, dtype, 행렬이나 벡터의 열, n_in."""
    if block.takes_integers:
        check_integers(who, what, a)
    elif block.takes_steps:
        check_steps(who, what, a, block.n_in, block.dtype)
    elif block.n_in is not None:
        check_matrix(who, what, a, block.n_in, block.dtype)
    else:
        check_floats(who, what, a, block.dtype)


@lru_cache(maxsize=16)
def _ones(n: int, dtype: np.dtype[Any]) -> Array:
    """1이 n개. 배치 크기는 좀처럼 바뀌지 않아서 한 번 만든 것을 다시 써요."""
    return np.ones(n, dtype)


class Linear(Layer):
    """선형층: 표본마다 z = W a + b. 표본 n개를 행으로 쌓으면 Z = A Wᵀ + b.

    W: (n_out, n_in), b: (n_out,), 입력 (n, n_in), 출력 (n, n_out). b는 0에서 시작해요.
    개수·모양·값이 틀리면 ValueError, 자료형이나 rng가 틀리면 TypeError, forward 전의 backward는 RuntimeError.
    출처: Bishop 2006, §5.3; Nielsen, 2장 (BP3, BP4).
    """

    formula = "z = W a + b"

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Init = he,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        self.n_in = check_count("Linear", "n_in", n_in)
        self.n_out = check_count("Linear", "n_out", n_out)
        check_rng("Linear", rng)
        self.dtype = dtype = check_dtype("Linear", dtype)
        self.W = Param(_draw(self, init, self.n_out, self.n_in, rng, dtype), "W")
        self.b = Param(np.zeros(self.n_out, dtype), "b")
        self._params = Params([self.W, self.b])

    def _forward(self, a: Array) -> Array:
        """가중합 z = W a + b. a: (n, n_in) → (n, n_out)."""
        z = np.dot(a, self.W.value.T)
        z += self.b.value
        self._a = a
        return z

    def _backward(self, delta: Array) -> Array:
        """δ = ∂E/∂z를 받아 W.grad, b.grad를 적고 ∂E/∂a = Wᵀδ를 돌려줘요. (n, n_out) → (n, n_in)."""
        self._param_grads(delta)
        return np.dot(delta, self.W.value)  # 표본이 행이라 Wᵀδ가 δW로 적혀요

    def _param_grads(self, delta: Array) -> None:
        """∂E/∂W = Σ δ aᵀ, ∂E/∂b = Σ δ (합은 배치의 표본에 대해). 1/n은 손실이 δ에 이미 넣었어요."""
        np.dot(delta.T, self._a, out=self.W.grad)
        np.dot(_ones(len(delta), delta.dtype), delta, out=self.b.grad)  # 1을 곱해 더하는 것이 sum보다 빨라요

    def __repr__(self) -> str:
        return f"Linear({self.n_in} → {self.n_out})"


class Sequential:
    """신경망: 층 L개를 차례로 이어요. a⁰ = x, aˡ = fˡ(aˡ⁻¹), 출력은 aᴸ.

    배우는 수는 모두 한 줄(params().value)에 이어 붙고, 이름은 "0.W"처럼 층 번호로 시작해요.
    층 하나는 신경망 하나에만 들어가요(층이 forward의 값을 기억하니까요).
    forward와 backward는 학습의 두 반쪽이고, 배운 다음에 출력만 볼 때는 predict예요. net(x)라는 이름은 없어요: 둘 가운데
    어느 쪽인지 보이지 않으니까요.
    학습 상태로 시작해요. Dropout과 BatchNorm은 학습 상태와 평가 상태에서 다르게 계산해요.
    층이 아니거나 dtype이 섞이면 TypeError, 이웃한 층의 크기가 어긋나거나 이미 쓴 층이면 ValueError.
    """

    def __init__(self, *layers: Layer) -> None:
        _check_layers("Sequential", layers)
        self._params = _adopt(layers)
        self.dtype = self._params.dtype if self._params.size else None  # 배우는 수의 dtype
        self._layers = layers
        self.n_in, self.n_out = _widths(layers)
        self.takes_integers = layers[0].takes_integers
        self.takes_steps = layers[0].takes_steps
        self.training = True
        self._shape: Shape | None = None  # 지난 입력의 모양
        self._new = True  # 지난 입력이 처음 보는 모양이었나. 그때는 문에서만이 아니라 층마다 봐요

    def forward(self, x: Array) -> Array:
        """순전파: x (n, n_in) → 출력 (n, n_out). 각 층이 backward에 쓸 값을 기억해요.

        첫 층이 정수를 받으면(takes_integers) x는 정수 배열이고, 아니면 배우는 수와 같은 dtype의 실수 배열이에요.
        자료형이 다르면 TypeError, 모양이 다르거나 비었거나 NaN·무한대가 있으면 ValueError.
        """
        _check_input("Sequential", "입력 x", x, self)
        check_finite("Sequential", "입력 x", x)
        shape = x.shape
        new = shape != self._shape or self.takes_integers  # 번호는 모양이 같아도 값을 봐야 해요
        for layer in self._layers:
            if new:
                layer._check_input(x)
            x = layer._forward(x)
            layer._out = x.shape, x.dtype
        self._shape, self._new = shape, new
        return x

    @overload
    def backward(self, delta: Array, *, input_grad: Literal[True]) -> Array: ...

    @overload
    def backward(self, delta: Array, *, input_grad: bool = False) -> Array | None: ...

    def backward(self, delta: Array, *, input_grad: bool = False) -> Array | None:
        """역전파: 손실이 준 ∂E/∂출력을 마지막 층부터 거꾸로 보내 모든 grad를 새로 적어요.

        입력에 대한 기울기 ∂E/∂x는 input_grad=True일 때만 계산해서 돌려주고, 아니면 None이에요.
        forward보다 먼저 부르면 RuntimeError, 모양·값이 틀리면 ValueError, 자료형이 다르면 TypeError.
        출처: Rumelhart, Hinton & Williams 1986.
        """
        check_floats("Sequential", "∂E/∂출력", delta, self.dtype)
        check_finite("Sequential", "∂E/∂출력", delta)
        first, new = self._layers[0], self._new
        self._layers[-1]._check_delta(delta)
        for layer in self._layers[:0:-1]:  # 마지막 층부터 둘째 층까지
            if new:
                layer._check_delta(delta)
            delta = layer._backward(delta)
        if new:
            first._check_delta(delta)
        if input_grad:
            return first._backward(delta)
        first._param_grads(delta)
        return None

    def predict(self, x: Array) -> Array:
        """출력만: 평가 상태에서 x (n, …) → 출력 (n, …). 배운 신경망을 쓸 때 불러요.

        표본을 조금씩 나눠 계산하고 backward에 쓸 것을 남기지 않아서, 자료가 많아도 기억할 것이 늘지 않아요.
        그래서 predict 다음의 backward는 RuntimeError예요. 학습 상태였으면 되돌려 놓아요. 오류는 forward와 같아요.
        """
        _check_input("Sequential", "입력 x", x, self)
        check_finite("Sequential", "입력 x", x)
        if x.ndim == 0:
            raise ValueError(report("Sequential", "입력 x의 모양이", "(n, …)", x.shape))
        layers = list(every_layer(self._layers))
        before = [layer.training for layer in layers]
        try:
            for layer in layers:
                layer.training = False
            return np.concatenate([self.forward(x[i : i + ROWS]) for i in range(0, len(x), ROWS)])
        finally:
            for layer, training in zip(layers, before, strict=True):
                layer.training = training
                for name in layer._memory():
                    delattr(layer, name)

    def train(self) -> Self:
        """모든 층을 학습 상태로 바꾸고 자신을 돌려줘요."""
        return self._set_training(True)

    def eval(self) -> Self:
        """모든 층을 평가 상태로 바꾸고 자신을 돌려줘요."""
        return self._set_training(False)

    def _set_training(self, training: bool) -> Self:
        self.training = training
        for layer in every_layer(self._layers):
            layer.training = training
        return self

    def params(self) -> Params:
        """모든 층의 배우는 수를 이어 붙인 한 줄. 복사하지 않아요."""
        return self._params

    def __len__(self) -> int:
        return len(self._layers)

    def __getitem__(self, index: int) -> Layer:
        return self._layers[index]

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def __repr__(self) -> str:
        lines = [f"Sequential: 층 {len(self)}개, 매개변수 {self._params.size}개"]
        for index, layer in enumerate(self._layers):
            lines.append(f"  {index}  {layer!r:<20} {layer.formula}")
        return "\n".join(lines)


class Residual(Layer):
    """잔차 연결: a + F(a). F는 안에 담은 층들을 차례로 이은 것이고, 입력과 출력의 모양이 같아요.

    역전파는 두 갈래를 더해요: ∂E/∂a = δ + (∂F/∂a)ᵀ δ. F가 기울기를 줄여도 앞의 δ는 그대로 지나가요.
    입력 (n, …) → 출력 (n, …). F가 모양을 바꾸면 ValueError. 나머지 오류는 Sequential과 같아요.
    출처: He et al. 2016.
    """

    formula = "a + F(a)"
    keeps_shape = True

    def __init__(self, *layers: Layer) -> None:
        _check_layers("Residual", layers)
        n_in, n_out = _widths(layers)
        if None not in (n_in, n_out) and n_in != n_out:
            raise ValueError(report("Residual", "마지막 층의 n_out이", f"n_in과 같은 {n_in}", n_out))
        self._params = _adopt(layers)
        self.inner = layers
        self.n_in = self.n_out = n_in if n_in is not None else n_out

    def _check_input(self, a: Array) -> None:
        self.inner[0]._check_input(a)

    def _forward(self, a: Array) -> Array:
        """a + F(a)."""
        f = a
        for layer in self.inner:
            f = layer.forward(f)
        check_like(self, "F(a)", f, a.shape, a.dtype)
        return a + f

    def _backward(self, delta: Array) -> Array:
        """δ를 그대로 보낸 것과 F를 거꾸로 지난 것의 합."""
        through = delta
        for layer in reversed(self.inner):
            through = layer.backward(through)
        return delta + through

    def __repr__(self) -> str:
        return f"Residual({', '.join(map(repr, self.inner))})"


def every_layer(layers: Iterable[Layer]) -> Iterator[Layer]:
    """층과 그 안에 담긴 층을 모두, 앞에서부터 차례로."""
    for layer in check_list("every_layer", "layers", layers, Layer):
        yield layer
        if layer.inner:
            yield from every_layer(layer.inner)


def _check_layers(who: str, layers: tuple[Layer, ...]) -> None:
    """층들을 잇기 전에 모두 살펴요. 여기서 걸리면 아무 층도 바뀌지 않아요."""
    if not layers:
        raise ValueError(report(who, "층의 개수가", "1개 이상", "0개"))
    width: int | None = None
    for index, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(report(who, f"{index}번 층의 형이", "Layer", repr(layer)))
        if layer._made is not None or any(layer is other for other in layers[:index]):
            raise ValueError(
                f"{who}: {index}번 {layer!r}은 이미 신경망에 들어 있어요(복사본도 그래요). 같은 층을 새로 만들고 "
                "params().value로 값을 옮겨 주세요."
            )
        _check_weights(f"{who}: {index}번 {layer!r}", layer)
        if None not in (width, layer.n_in) and width != layer.n_in:
            raise ValueError(report(who, f"{index}번 {layer!r}의 n_in이", width, layer.n_in))
        if layer.n_out is not None or not layer.keeps_shape:
            width = layer.n_out


def _check_weights(who: str, layer: Layer) -> None:
    """층에 놓인 Param이 모두 params()에 있고, 이름이 서로 다른지. 아니면 배우지 않거나 저장되지 않는 것이 생겨요."""
    params = list(layer.params())
    if len({param.name for param in params}) < len(params):
        raise ValueError(report(who, "Param의 이름이", "서로 다른 이름", [param.name for param in params]))
    for name, value in vars(layer).items():
        if isinstance(value, Param) and not any(value is param for param in params):
            raise ValueError(
                f"{who}: {name}가 params()에 없어요. self._params = Params([…])에 모두 넣어 주세요. 다른 층의 것을 "
                f"함께 쓸 수는 없으니, 값만 옮기려면 {name}.value = …로 적어 주세요."
            )


def _adopt(layers: tuple[Layer, ...]) -> Params:
    """층들의 배우는 수를 한 줄로 잇고, 이름 앞에 층 번호를 붙여요."""
    blocks = [layer.params() for layer in layers]
    params = Params(blocks)  # dtype이 섞였으면 여기서 TypeError
    for index, (layer, block) in enumerate(zip(layers, blocks, strict=True)):
        for param in block:
            param.name = f"{index}.{param.name}"
        for name, value in vars(layer).items():
            if isinstance(value, Param):
                setattr(type(layer), name, _Weight(name))
        vars(layer).pop("_out", None)  # 들어오기 전의 forward는 잊어요
        layer._made = frozenset({*vars(layer), "_made"})
    return params


def _widths(layers: tuple[Layer, ...]) -> tuple[int | None, int | None]:
    """이어진 층들의 (n_in, n_out)."""
    return _first_width(layers, "n_in"), _first_width(layers[::-1], "n_out")


def _first_width(layers: tuple[Layer, ...], name: str) -> int | None:
    """크기를 말하는 첫 층의 크기. 모양을 바꾸는 층을 먼저 만나면 그 너머는 알 수 없어 None."""
    for layer in layers:
        width: int | None = getattr(layer, name)
        if width is not None or not layer.keeps_shape:
            return width
    return None
