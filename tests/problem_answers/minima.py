"""함수로 답하는 11장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""

import numpy as np


def heavy_ball(k, w, eta, mu, steps):
    v = 0.0
    for _ in range(steps):
        v = mu * v + k * w
        w = w - eta * v
    return w


def forgetful(k, w, eta, mu, steps):
    for _ in range(steps):
        v = 0.0
        v = mu * v + k * w
        w = w - eta * v
    return w


def climbing(k, w, eta, mu, steps):
    v = 0.0
    for _ in range(steps):
        v = mu * v + k * w
        w = w + eta * v
    return w


def adam_step(w, g, m, v, t, eta, correct=True, root=0.5):
    w, g, m, v = map(np.asarray, (w, g, m, v))
    m = m + 0.1 * (g - m)
    v = v + 0.001 * (g * g - v)
    m_hat, v_hat = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if correct else (m, v)
    return w - eta * m_hat / (v_hat**root + 1e-8), m, v


def never_grown(w, g, m, v, t, eta):
    return adam_step(w, g, m, v, t, eta, correct=False)


def no_root(w, g, m, v, t, eta):
    return adam_step(w, g, m, v, t, eta, root=1)


def adam_uphill(w, g, m, v, t, eta):
    return adam_step(w, g, m, v, t, -eta)


RIGHT = {"11.9": heavy_ball, "11.10": adam_step}
WRONG = {"11.9": [forgetful, climbing], "11.10": [never_grown, no_root, adam_uphill]}
