"""함수로 답하는 12장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def my_clip(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    if norm <= max_norm:
        return [g.copy() for g in grads]
    return [g * max_norm / norm for g in grads]


def each_array(grads, max_norm):
    return [piece for g in grads for piece in my_clip([g], max_norm)]


def each_number(grads, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in grads]


def always(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g * max_norm / norm for g in grads]


def no_root(grads, max_norm):
    norm = sum(np.sum(g**2) for g in grads)
    return [g * min(1, max_norm / norm) for g in grads]


def batch_norm(z, gamma, beta, eps):
    z = np.asarray(z)
    return gamma * (z - z.mean()) / np.sqrt(z.var() + eps) + beta


def sample_variance(z, gamma, beta, eps):
    z = np.asarray(z)
    return gamma * (z - z.mean()) / np.sqrt(z.var(ddof=1) + eps) + beta


def eps_outside(z, gamma, beta, eps):
    z = np.asarray(z)
    return gamma * (z - z.mean()) / (z.std() + eps) + beta


def only_normalized(z, gamma, beta, eps):
    return batch_norm(z, 1, 0, eps)


def not_centred(z, gamma, beta, eps):
    z = np.asarray(z)
    return gamma * z / np.sqrt(z.var() + eps) + beta


RIGHT = {"12.8": my_clip, "12.9": batch_norm}
WRONG = {
    "12.8": [each_array, each_number, always, no_root],
    "12.9": [sample_variance, eps_outside, only_normalized, not_centred],
}
