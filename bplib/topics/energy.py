"""에너지 미터: 신경망이 하는 곱셈·덧셈과 기억 장소를 오가는 수를 세어, 하나마다의 에너지를 곱해요.

세는 식은 정확하지만, 에너지로 바꾸는 표는 45 nm 공정에서 알려진 어림값이에요. 명령을 읽고 해석하는 일, 칩 안에서
곱셈기까지 나르는 일, 활성화 함수와 손실은 세지 않아요. 그래서 아래쪽 어림이고, 절댓값보다 비율을 믿으면 돼요.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bplib._checks import check_count, check_flag, check_room, check_type, report
from bplib.layers import Linear, Sequential, every_layer

# 연산 하나의 에너지(pJ, 피코줄 = 10⁻¹² J). 출처: Horowitz 2014.
OPERATIONS = {
    "float32 곱셈": 3.7,
    "float32 덧셈": 0.9,
    "int8 곱셈": 0.2,
    "int8 덧셈": 0.03,
    "int32 덧셈": 0.1,
}
# 크기(바이트)와, 32비트 하나를 읽거나 쓰는 에너지(pJ). 출처: 8 KB와 DRAM은 Han et al. 2015의 그림 1,
# 32 KB와 1 MB는 Horowitz 2014의 64비트 값(20, 100 pJ)의 절반.
MEMORIES = {
    "8 KB": (8 * 1024, 5.0),
    "32 KB": (32 * 1024, 10.0),
    "1 MB": (1024 * 1024, 50.0),
    "DRAM": (float("inf"), 640.0),
}
# 가중치의 비트: (가중치의 비트, 활성값의 비트, 곱하고 더하기 한 번의 pJ). 정수의 곱은 32비트로 모아요.
# 1비트 가중치는 부호뿐이라 곱하지 않고 더하거나 빼요.
PRECISIONS = {
    32: (32, 32, OPERATIONS["float32 곱셈"] + OPERATIONS["float32 덧셈"]),
    8: (8, 8, OPERATIONS["int8 곱셈"] + OPERATIONS["int32 덧셈"]),
    1: (1, 8, OPERATIONS["int32 덧셈"]),
}


class Work(NamedTuple):
    """한 일: 곱하고 더하기의 횟수, 기억 장소를 오간 가중치(와 그 기울기)의 수, 활성값(과 δ)의 수."""

    macs: int = 0
    weights: int = 0
    activations: int = 0

    def plus(self, macs: int, weights: int, activations: int) -> Work:
        """일을 더해요."""
        return Work(self.macs + macs, self.weights + weights, self.activations + activations)


class Energy(NamedTuple):
    """표본 하나에 드는 에너지(pJ): 계산하는 데 compute, 기억 장소를 오가는 데 memory."""

    compute: float
    memory: float


def count(net: Sequential, batch: int) -> dict[str, Work]:
    """표본 n = batch개로 한 걸음 배우는 일을 세요: {"순전파": Work, "역전파": Work, "고치기": Work}.

    n_in → n_out인 층의 가중치와 편향은 P = (n_in + 1) n_out개예요. 배열은 단계마다 한 번씩 오간다고 봐요.
    순전파는 nP번 곱하고 더하며, W·b와 a를 읽고 z를 적어요. 역전파는 W.grad·b.grad에 nP번, Wᵀδ에 n n_in n_out번
    (첫 층에는 없어요)이고, δ와 a와 W를 읽고 기울기와 Wᵀδ를 적어요. 고치기는 P번이고, w와 g를 읽고 w를 적어요.
    Linear 말고 배우는 층이 있으면 TypeError, batch가 1 이상의 정수가 아니면 TypeError나 ValueError.
    """
    n = check_count("count", "batch", batch)
    check_room("count", n)
    forward = backward = update = Work()
    for layer in _linears(net):
        n_out, n_in = layer.W.shape
        P = (n_in + 1) * n_out
        forward = forward.plus(n * P, P, n * (n_in + n_out))
        backward = backward.plus(n * P, P, n * (n_in + n_out))
        if layer is not net[0]:
            backward = backward.plus(n * n_in * n_out, n_in * n_out, n * n_in)
        update = update.plus(P, 3 * P, 0)
    return {"순전파": forward, "역전파": backward, "고치기": update}


def memory(net: Sequential, batch: int, bits: int = 32, *, training: bool = False) -> str:
    """한 걸음에 쓰는 배열이 모두 들어가는 가장 작은 기억 장소의 이름(MEMORIES).

    추론할 때는 가중치와 활성값, 배울 때는 32비트로 가중치와 기울기와 활성값을 담아요.
    오류는 count와 같고, bits가 PRECISIONS에 없으면 ValueError.
    """
    n = check_count("memory", "batch", batch)
    check_flag("memory", "training", training)
    weight_bits, activation_bits, _ = _precision("memory", bits)
    layers = list(_linears(net))
    if not layers:
        raise ValueError(report("memory", "net의 층이", "Linear 하나 이상", repr(net)))
    P = sum(layer.params().size for layer in layers)
    units = layers[0].W.shape[1] + sum(layer.W.shape[0] for layer in layers)
    used = 32 * (2 * P + n * units) if training else weight_bits * P + activation_bits * n * units
    return next(name for name, (size, _) in MEMORIES.items() if used <= 8 * size)


def energy(
    net: Sequential, batch: int, bits: int = 32, *, training: bool = False, backward_bits: int = 32
) -> dict[str, Energy]:
    """표본 하나에 드는 에너지를 단계마다: {"순전파": Energy, …}. training=False면 순전파뿐이에요.

    계산은 횟수 × PRECISIONS의 값, 오가기는 수 × 비트/32 × MEMORIES의 값이에요(memory가 고른 곳).
    배울 때는 반올림하지 않은 가중치를 32비트로 간직하니, 순전파에서도 그것을 읽고 고치기는 32비트예요.
    역전파는 backward_bits로 계산하고 오가요. 32면 가중치만 반올림하는 것이고, 8이면 기울기도 짧게 다루는 것이에요.
    오류는 memory와 같고, backward_bits도 PRECISIONS에 있어야 해요. 출처: Horowitz 2014; Han et al. 2015.
    """
    weight_bits, activation_bits, mac = _precision("energy", bits)
    if training:
        weight_bits = 32
    widths = {
        "순전파": (weight_bits, activation_bits, mac),
        "역전파": _precision("energy", backward_bits, "backward_bits"),
        "고치기": PRECISIONS[32],
    }
    word = MEMORIES[memory(net, batch, bits, training=training)][1]
    result = {}
    for phase, work in count(net, batch).items():
        weight_bits, activation_bits, mac = widths[phase]
        moved = (work.weights * weight_bits + work.activations * activation_bits) / 32
        result[phase] = Energy(work.macs * mac / batch, moved * word / batch)
    return result if training else {"순전파": result["순전파"]}


def _linears(net: Sequential) -> Iterator[Linear]:
    """배우는 층들. 모두 Linear여야 식이 맞아요."""
    check_type("count", "net", net, Sequential)
    for layer in every_layer(net):
        if isinstance(layer, Linear):
            yield layer
        elif layer.params().size and not layer.inner:
            raise TypeError(report("count", "배우는 층이", "Linear", repr(layer)))


def _precision(who: str, bits: int, name: str = "bits") -> tuple[int, int, float]:
    if not isinstance(bits, int) or bits not in PRECISIONS:
        raise ValueError(
            report(who, f"{name}의 값이", f"{', '.join(map(str, PRECISIONS))} 가운데 하나", bits)
        )
    return PRECISIONS[bits]
