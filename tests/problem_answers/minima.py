"""함수로 답하는 11장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""


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


RIGHT = {"11.9": heavy_ball}
WRONG = {"11.9": [forgetful, climbing]}
