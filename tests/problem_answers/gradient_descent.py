"""함수로 답하는 3장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""


def descent(k, c, w, eta, steps):
    return c + (1 - eta * k) ** steps * (w - c)


def climb(k, c, w, eta, steps):
    for _ in range(steps):
        w = w + eta * k * (w - c)
    return w


def frozen(k, c, w, eta, steps):
    gradient = k * (w - c)
    for _ in range(steps):
        w = w - eta * gradient
    return w


RIGHT = {"3.9": descent}
WRONG = {"3.9": [climb, frozen]}
