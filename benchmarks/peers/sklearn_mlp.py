"""scikit-learn의 MLPClassifier: partial_fit 한 번이 한 걸음이에요."""

import math

import numpy as np
from sklearn.neural_network import MLPClassifier

from peers.work import LR, CannotDo, Work


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str) -> None:
        kinds = {op.kind for op in work.ops}
        if not kinds <= {"linear", "tanh", "relu"}:
            raise CannotDo("완전히 이어진 층만 있어요")
        self.x, y = work.data(dtype)
        self.y = y.reshape(-1).astype(int)
        hidden = [op.n_out for op in work.ops if op.kind == "linear"][:-1]
        self.model = MLPClassifier(
            hidden,
            activation="tanh" if "tanh" in kinds else "relu",
            solver=optimizer.lower(),
            alpha=0,
            batch_size=work.batch,
            learning_rate_init=LR[optimizer],
            shuffle=False,
            momentum=0,
        )
        # 첫 부름이 배열과 고치기를 만들어요. 그 뒤에 출발점을 넣고 고치기는 처음부터 다시 세게 해요
        self.model.partial_fit(self.x, self.y, classes=np.arange(max(2, work.n_out)))
        del self.model._optimizer
        values = work.split(work.params(dtype))
        linear = [mine for mine in values if mine]
        self.model.coefs_ = [np.ascontiguousarray(W.T) for W, _ in linear]
        self.model.intercepts_ = [b for _, b in linear]
        self.t = 0

    def step(self) -> float:
        self.t += 1
        # scikit-learn의 Adam은 ε을 √v̂이 아니라 √v에 더해요. 같은 식이 되도록 걸음마다 ε을 맞춰 줘요
        self.model.epsilon = 1e-8 * math.sqrt(1 - 0.999**self.t)
        if self.t > 1:
            self.model._optimizer.epsilon = self.model.epsilon
        self.model.partial_fit(self.x, self.y)
        return float(self.model.loss_)

    def params(self) -> list[np.ndarray]:
        pairs = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return [array for W, b in pairs for array in (W.T, b)]


start = Runner
