"""함수로 답하는 13장의 연습: 책의 것과 따로 쓴 옳은 함수와, 흔한 실수."""


def integrated(grad, x, base, steps):
    total = 0
    for k in range(steps):
        total = total + grad(base + (k + 0.5) / steps * (x - base))
    return (x - base) * total / steps


def left_end(grad, x, base, steps):
    total = 0
    for k in range(steps):
        total = total + grad(base + k / steps * (x - base))
    return (x - base) * total / steps


def at_the_end(grad, x, base, steps):
    return (x - base) * grad(x)


RIGHT = {"13.8": integrated}
WRONG = {"13.8": [left_end, at_the_end]}
