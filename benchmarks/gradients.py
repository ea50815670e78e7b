#!/usr/bin/env python3
"""모든 층과 손실의 기울기가 얼마나 맞는지 재서 한도와 나란히 보여 줘요.

    python benchmarks/gradients.py

유한 차분과의 상대 오차(한도 1e-6)와, 따로 만들어진 자동 미분 autograd와의 상대 오차(한도 1e-10)예요.
"""

import sys

import autograd
import autograd.numpy as anp
import numpy as np

from bplib import (
    BatchNorm,
    BinaryCrossEntropy,
    Conv2d,
    HalfSquaredError,
    Identity,
    Layer,
    LeakyReLU,
    Linear,
    MeanSquaredError,
    Params,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradients,
)

DIFFERENCE_BOUND, AUTOGRAD_BOUND = 1e-6, 1e-10
N, SIZES = 7, (5, 6, 4)


class Picture(Layer):
    """여섯 수를 2×3 그림으로 보고 2×2 합성곱 셋을 대요. 나오는 수도 여섯이에요."""

    def __init__(self) -> None:
        self.conv = Conv2d(1, 3, 2, rng=np.random.default_rng(5))

    def _forward(self, a: np.ndarray) -> np.ndarray:
        return self.conv.forward(a.reshape(N, 1, 2, 3)).reshape(N, 6)

    def _backward(self, delta: np.ndarray) -> np.ndarray:
        return self.conv.backward(delta.reshape(N, 3, 1, 2)).reshape(N, 6)

    def params(self) -> Params:
        return self.conv.params()


def picture(z: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """창 둘을 오려 내 가중치와 곱해 더해요."""
    windows = [anp.reshape(z, (N, 2, 3))[:, :, s : s + 2] for s in range(2)]
    places = [anp.tensordot(window, W[:, 0], axes=((1, 2), (1, 2))) + b for window in windows]
    return anp.reshape(anp.stack(places, axis=2), (N, 6))


# 가운데에 끼우는 층: 만드는 법과, autograd에 줄 식 f(z, 그 층의 배우는 수…)
MIDDLES = {
    "Identity": (Identity, lambda z: z),
    "Sigmoid": (Sigmoid, lambda z: 1 / (1 + anp.exp(-z))),
    "Tanh": (Tanh, anp.tanh),
    "ReLU": (ReLU, lambda z: anp.maximum(z, 0)),
    "LeakyReLU": (LeakyReLU, lambda z: anp.where(z > 0, z, 0.01 * z)),
    "BatchNorm": (
        lambda: BatchNorm(SIZES[1]),
        lambda z, gamma, beta: gamma * (z - anp.mean(z, axis=0)) / anp.sqrt(anp.var(z, axis=0) + 1e-5) + beta,
    ),
    "Conv2d": (Picture, picture),
    "Residual": (lambda: Residual(Tanh()), lambda z: z + anp.tanh(z)),
}
LOSSES = {
    HalfSquaredError: lambda z, y: 0.5 * anp.sum((y - z) ** 2) / N,
    MeanSquaredError: lambda z, y: anp.mean((y - z) ** 2),
    BinaryCrossEntropy: lambda z, y: anp.sum(anp.logaddexp(0, z) - y * z) / N,
    SoftmaxCrossEntropy: lambda z, y: (
        anp.sum(anp.log(anp.sum(anp.exp(z), axis=1)) * anp.sum(y, axis=1) - anp.sum(y * z, axis=1)) / N
    ),
}


def errors(middle: str, loss_type: type) -> tuple[float, float]:
    """(유한 차분과의 오차, autograd와의 오차): 앞은 매개변수마다의, 뒤는 기울기 전체의 상대 오차."""
    rng = np.random.default_rng(3)
    a, b, c = SIZES
    make, formula = MIDDLES[middle]
    net = Sequential(Linear(a, b, rng=rng), make(), Linear(b, c, rng=rng))
    x, y = rng.normal(size=(N, a)), rng.dirichlet(np.ones(c), size=N)
    loss = loss_type()
    difference = max(check_gradients(net, loss, x, y, tolerance=1e9).values())

    def whole(weights: list[np.ndarray]) -> float:
        W1, b1, *inside, W2, b2 = weights
        return LOSSES[loss_type](formula(x @ W1.T + b1, *inside) @ W2.T + b2, y)

    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    grads = autograd.grad(whole)([param.value.copy() for param in net.params()])
    truth = np.concatenate([grad.reshape(-1) for grad in grads])
    return difference, np.abs(net.params().grad - truth).max() / np.abs(truth).max()


def main() -> None:
    worst = [0.0, 0.0]
    print(f"{'층':<14}{'손실':<22}{'유한 차분':>12}{'autograd':>12}")
    for middle in MIDDLES:
        for loss in LOSSES:
            pair = errors(middle, loss)
            worst = [max(w, e) for w, e in zip(worst, pair, strict=True)]
            print(f"{middle:<14}{loss.__name__:<22}{pair[0]:>14.1e}{pair[1]:>12.1e}")
    good = worst[0] <= DIFFERENCE_BOUND and worst[1] <= AUTOGRAD_BOUND
    print(
        f"가장 큰 오차 {worst[0]:.1e} (한도 {DIFFERENCE_BOUND:.0e}), {worst[1]:.1e} (한도 {AUTOGRAD_BOUND:.0e})"
    )
    sys.exit(0 if good else "한도를 넘었어요.")


if __name__ == "__main__":
    main()
