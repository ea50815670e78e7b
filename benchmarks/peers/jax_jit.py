"""JAX: 한 걸음 전체를 jit으로 한 번에 옮겨요."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from peers.work import LR, Op, Work

jax.config.update("jax_enable_x64", True)


def apply(op: Op, a: jax.Array, weights: list[jax.Array]) -> jax.Array:
    match op.kind:
        case "linear":
            return a @ weights[0].T + weights[1]
        case "tanh":
            return jnp.tanh(a)
        case "relu":
            return jax.nn.relu(a)
        case "conv":
            return lax.conv(a, weights[0], (1, 1), "SAME") + weights[1][:, None, None]
        case "pool":
            low = np.array(-np.inf, a.dtype)
            return lax.reduce_window(a, low, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        case "flatten":
            return a.reshape(len(a), -1)
    return gru(a, *weights)


def gru(x: jax.Array, W: jax.Array, U: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """마지막 상태. x: (n, t, n_in)."""

    def step(a: jax.Array, drive: jax.Array) -> tuple[jax.Array, None]:
        d_r, d_u, d_new = jnp.split(drive, 3, axis=1)
        h_r, h_u, h_new = jnp.split(a @ U.T, 3, axis=1)
        r, u = jax.nn.sigmoid(d_r + h_r), jax.nn.sigmoid(d_u + h_u)
        new = jnp.tanh(d_new + r * (h_new + c))
        return new + u * (a - new), None

    drive = (x @ W.T + b).transpose(1, 0, 2)
    return lax.scan(step, jnp.zeros((len(x), U.shape[1]), x.dtype), drive)[0]


def loss_of(ops: tuple[Op, ...], weights: list[list[jax.Array]], x: jax.Array, y: jax.Array) -> jax.Array:
    for op, mine in zip(ops, weights, strict=True):
        x = apply(op, x, mine)
    if x.shape[1] == 1:
        return jnp.mean(jnp.logaddexp(0, x) - y * x)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1))


def sgd(weights, grads, state):
    return jax.tree.map(lambda w, g: w - LR["SGD"] * g, weights, grads), state


def adam(weights, grads, state):
    m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)

    def moved(w, m, v):
        unbiased_m, unbiased_v = m / (1 - 0.9**t), v / (1 - 0.999**t)
        return (w - LR["Adam"] * unbiased_m / (jnp.sqrt(unbiased_v) + 1e-8)).astype(w.dtype)

    return jax.tree.map(moved, weights, m, v), (m, v, t)


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 3))
def whole_step(ops, optimizer, weights, state, x, y):
    loss, grads = jax.value_and_grad(partial(loss_of, ops))(weights, x, y)
    weights, state = (sgd if optimizer == "SGD" else adam)(weights, grads, state)
    return loss, weights, state


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        self.ops, self.optimizer = work.ops, optimizer
        self.x, self.y = map(jnp.asarray, work.data(dtype))
        self.weights = jax.tree.map(jnp.array, work.split(work.params(dtype)))
        zeros = lambda: jax.tree.map(jnp.zeros_like, self.weights)  # noqa: E731
        self.state = (zeros(), zeros(), jnp.zeros((), dtype)) if optimizer == "Adam" else ()

    def step(self) -> float:
        loss, self.weights, self.state = jax.block_until_ready(
            whole_step(self.ops, self.optimizer, self.weights, self.state, self.x, self.y)
        )
        return float(loss)

    def params(self) -> list[np.ndarray]:
        return [np.asarray(weight) for weight in jax.tree.leaves(self.weights)]


start = Runner
