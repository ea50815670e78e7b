"""학습: 순전파, 손실, 역전파, 고치기를 되풀이하고 그 과정을 History에 남겨요."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bplib._checks import (
    Array,
    all_finite,
    as_numbers,
    check_callable,
    check_count,
    check_flag,
    check_number,
    check_rng,
    check_type,
    describe,
    report,
)
from bplib.layers import Sequential
from bplib.losses import Loss, Target
from bplib.optim import Optimizer, clip_gradients
from bplib.schedules import Schedule

Metric = Callable[[Array, Target], float]
Callback = Callable[[int, "History"], bool | None]
Rows = npt.NDArray[np.integer[Any]] | None  # 미니배치의 표본 번호들. None은 모두예요


class Epoch(NamedTuple):
    """한 에폭의 기록. 재지 않은 것은 None."""

    train_loss: float
    val_loss: float | None
    train_metric: float | None
    val_metric: float | None


class History:
    """학습의 기록: 에폭마다 한 줄.

    train_loss는 그 에폭의 미니배치들이 고치기 직전에 낸 손실의 표본 평균이고,
    val_loss와 두 metric은 에폭이 끝난 뒤에 잰 값이에요. interrupted는 사람이 멈췄는지를 알려요.
    """

    def __init__(self) -> None:
        self.records: list[Epoch] = []
        self.interrupted = False

    @property
    def epochs(self) -> int:
        """끝까지 마친 에폭의 수."""
        return len(self.records)

    @property
    def train_loss(self) -> list[float]:
        """에폭마다의 학습 손실."""
        return [record.train_loss for record in self.records]

    @property
    def val_loss(self) -> list[float]:
        """에폭마다의 검증 손실. validation을 주지 않았으면 빈 목록."""
        return [record.val_loss for record in self.records if record.val_loss is not None]

    @property
    def train_metric(self) -> list[float]:
        """에폭마다의 학습 자료의 metric. metric을 주지 않았으면 빈 목록."""
        return [record.train_metric for record in self.records if record.train_metric is not None]

    @property
    def val_metric(self) -> list[float]:
        """에폭마다의 검증 자료의 metric."""
        return [record.val_metric for record in self.records if record.val_metric is not None]

    def __repr__(self) -> str:
        losses = self.train_loss
        path = f", 손실 {losses[0]:.4g} → {losses[-1]:.4g}" if losses else ""
        stopped = ", 도중에 멈춤" if self.interrupted else ""
        return f"History({self.epochs}에폭{path}{stopped})"


class DivergenceError(ArithmeticError):
    """손실이 유한하지 않게 되어 학습을 멈췄어요. history에 그때까지의 기록이 있어요."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def accuracy(pred: Array, y: Target, threshold: float = 0.5) -> float:
    """맞힌 표본의 비율, 0 이상 1 이하.

    pred (n, k), k ≥ 2: 가장 큰 출력의 번호를 정답(번호 (n,), 또는 (n, k)에서 가장 큰 자리)과 견줘요.
    pred (n, 1): pred > threshold를 y > ½과 견줘요(y는 (n,)도 (n, 1)도 돼요). 출력이 z면 threshold=0을 주세요.
    수의 배열이 아니면 TypeError, 모양이나 표본의 수가 다르거나 NaN이 있으면 ValueError.
    """
    for what, array in (("pred", pred), ("y", y)):
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
            raise TypeError(report("accuracy", f"{what}의 형이", "수의 배열", describe(array)))
    if pred.ndim != 2 or pred.size == 0 or y.ndim == 0 or len(y) != len(pred):
        raise ValueError(report("accuracy", "pred와 y의 모양이", "(n, k)와 표본 n개", (pred.shape, y.shape)))
    threshold = check_number("accuracy", "threshold", threshold, -math.inf, math.inf, open_low=True)
    if y.shape not in {(len(pred),), pred.shape}:
        hint = ". y.reshape(-1)로 바꿔 주세요" if y.shape == (len(pred), 1) else ""
        raise ValueError(
            report("accuracy", "y의 모양이", f"{(len(pred),)} 또는 {pred.shape}", f"{y.shape}{hint}")
        )
    if np.isnan(pred).any() or np.isnan(y).any():
        raise ValueError(report("accuracy", "pred와 y의 값이", "수", "NaN"))
    if pred.shape[1] == 1:
        return float(np.mean((pred > threshold).reshape(-1) == (y > 0.5).reshape(-1)))
    labels = y if y.ndim == 1 else y.argmax(axis=1)
    return float(np.mean(pred.argmax(axis=1) == labels))


def fit(
    net: Sequential,
    loss: Loss,
    opt: Optimizer,
    x: Array,
    y: Target,
    *,
    epochs: int,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    validation: tuple[Array, Target] | None = None,
    metric: Metric | None = None,
    callback: Callback | None = None,
    schedule: Schedule | None = None,
    max_norm: float | None = None,
    progress: bool = True,
) -> History:
    """에폭 epochs번을 학습하고 History를 돌려줘요.

    한 걸음: 순전파 a = net.forward(x), 손실 E, 역전파 ∂E/∂w, 고치기 w ← w − η ∂E/∂w.
    x: (n, …), y: 표본 n개의 정답. batch_size가 n보다 작으면 에폭마다 rng로 순서를 섞어 미니배치로 나눠요.
    나누고 남은 표본은 작은 미니배치가 돼요. 버리는 선택(drop_last)은 없어요: 에폭이 모든 표본을 한 번씩 보게요.
    batch_size가 없으면 배치 전체로 한 걸음이고 순서는 섞지 않아요. validation=(x_val, y_val), metric(pred, y) → 수.
    callback(에폭 번호 1…, history)는 에폭이 끝날 때마다 불리고, True를 돌려주면 학습이 끝나요.
    schedule(걸음 번호 0…)이 있으면 걸음마다 그 값(0도 돼요)이 opt.lr이 되고, max_norm이 있으면 고치기 전에 기울기를
    잘라요. schedule은 배우기 전에 모든 걸음에서 한 번씩 불러 봐요.

    학습은 학습 상태에서, validation과 metric과 callback은 평가 상태에서 해요. 그래서 재는 일이 BatchNorm의
    running_mean·running_var를 건드리지 않아요. 학습이 어떻게 끝나든 net은 평가 상태로 남아요. 재는 일은 net.predict로
    해서, 자료가 많아도 기억할 것은 미니배치만큼이에요.

    Ctrl-C(커널 멈춤)를 누르면 그때까지의 History를 돌려주고 history.interrupted가 True예요.
    손실이 유한하지 않게 되면 그 걸음은 고치지 않고 DivergenceError. 입력이 틀리면 ValueError·TypeError이고,
    첫 손실부터 유한하지 않으면 DivergenceError예요. 이 둘은 복사본으로 먼저 해 보고 알리므로 아무것도 바뀌지 않아요.
    """
    batch_size = _check_run("fit", net, loss, opt, epochs, batch_size, callback)
    check_flag("fit", "progress", progress)
    for what, function in (("metric", metric), ("schedule", schedule)):
        if function is not None:
            check_callable("fit", what, function)
    if validation is not None and not (isinstance(validation, tuple) and len(validation) == 2):
        raise TypeError(report("fit", "validation의 형이", "(x_val, y_val)", type(validation).__name__))
    if max_norm is not None:
        check_number("fit", "max_norm", max_norm, 0.0, math.inf, open_low=True)
    _rehearse(net, loss, x, y, validation, metric, batch_size)
    batches = _Batches("fit", len(x), batch_size, rng)
    step = _Step(net, loss, opt, x, y, schedule, max_norm)
    step.check_schedule(epochs * len(batches))
    if schedule is None and opt.lr == 0:
        raise ValueError(
            "fit: 학습률 η = opt.lr이 0이라 아무것도 배우지 않아요. opt.lr을 0보다 크게 정해 주세요."
        )

    def record(train_loss: float) -> Epoch:
        return _record(train_loss, net, loss, x, y, validation, metric)

    return _train("fit", net, opt, step, batches, epochs, record, callback, progress)


class _Step:
    """한 걸음: 순전파, 손실, 역전파, (학습률 정하기와 기울기 자르기,) 고치기. 몇 번째 걸음인지 세요."""

    def __init__(
        self,
        net: Sequential,
        loss: Loss,
        opt: Optimizer,
        x: Array,
        y: Target,
        schedule: Schedule | None,
        max_norm: float | None,
    ) -> None:
        self.net, self.loss, self.opt, self.x, self.y = net, loss, opt, x, y
        self.schedule, self.max_norm = schedule, max_norm
        self.t = 0

    def check_schedule(self, steps: int) -> None:
        """모든 걸음의 학습률이 쓸 수 있는 수인지 미리 봐요. 도중에 걸리면 이미 고친 뒤예요."""
        if self.schedule is not None:
            for t in range(steps):
                check_number(
                    "fit", f"schedule({t})의 학습률 η", self.schedule(t), 0.0, math.inf, open_low=False
                )

    def __call__(self, rows: Rows) -> float:
        """고치기 전의 손실. 손실이나 자를 기울기가 유한하지 않으면 고치지 않고 유한하지 않은 수를 돌려줘요."""
        net, loss, opt = self.net, self.loss, self.opt
        x, y = (self.x, self.y) if rows is None else (self.x[rows], self.y[rows])
        pred = net.forward(x)
        value = loss.forward(pred, y) if all_finite(pred) else math.nan
        if not math.isfinite(value):
            return value
        net.backward(loss.backward())
        if self.schedule is not None:
            opt.lr = self.schedule(self.t)
        if self.max_norm is not None:
            if not all_finite(net.params().grad):
                return math.nan
            clip_gradients(opt.blocks, self.max_norm)
        opt.step()
        self.t += 1
        return value


class _Batches:
    """에폭마다 새로 섞어 나눈 미니배치의 표본 번호들. 배치가 전체면 섞지 않고 통째로 하나(None)예요."""

    def __init__(self, who: str, n: int, size: int | None, rng: np.random.Generator | None) -> None:
        self.n, self.size, self.rng = n, size or n, rng
        if self.size < n or rng is not None:
            check_rng(who, rng)

    def __len__(self) -> int:
        return -(-self.n // self.size)

    def __iter__(self) -> Iterator[Rows]:
        if self.size >= self.n or self.rng is None:
            yield None
            return
        order = self.rng.permutation(self.n)
        for start in range(0, self.n, self.size):
            yield order[start : start + self.size]


def _check_run(
    who: str,
    net: Sequential,
    loss: Loss,
    opt: Optimizer,
    epochs: int,
    batch_size: int | None,
    callback: Callback | None,
) -> int | None:
    """받은 것들의 형과 수, 그리고 opt가 net의 수를 고치는지. batch_size를 돌려줘요."""
    check_type(who, "net", net, Sequential)
    check_type(who, "loss", loss, Loss)
    check_type(who, "opt", opt, Optimizer)
    if not {id(param) for param in opt.params} & {id(param) for param in net.params()}:
        raise ValueError(report(who, "opt의 params가", "net.params()의 Param", opt.params))
    check_count(who, "epochs", epochs)
    if callback is not None:
        check_callable(who, "callback", callback)
    return None if batch_size is None else check_count(who, "batch_size", batch_size)


def _train(
    who: str,
    net: Sequential,
    opt: Optimizer,
    step: Callable[[Rows], float],
    batches: _Batches,
    epochs: int,
    record: Callable[[float], Epoch],
    callback: Callback | None,
    progress: bool,
) -> History:
    """검사를 마친 학습의 고리: 한 걸음(step)씩 걷고, 에폭마다 재요(record)."""
    history = History()
    with _progress_bar(epochs, progress) as bar:
        try:
            for epoch in range(1, epochs + 1):
                net.train()
                train_loss = _train_epoch(step, batches)
                net.eval()
                row = record(train_loss)
                finite = math.isfinite(row.train_loss) and math.isfinite(row.val_loss or 0.0)
                if not (finite and all_finite(net.params().value)):
                    raise DivergenceError(
                        f"{who}: {epoch}번째 에폭에서 손실이 유한하지 않게 되었어요. "
                        f"학습률 η = {opt.lr:g}을 줄여 보세요.",
                        history,
                    )
                history.records.append(row)
                if bar is not None:
                    bar.set_postfix_str(f"손실 {row.train_loss:.4g}", refresh=False)
                    bar.update()
                if callback is not None and callback(epoch, history):
                    break
        except KeyboardInterrupt:
            history.interrupted = True
        finally:
            net.eval()
    return history


@np.errstate(over="ignore", invalid="ignore")  # 발산은 경고 대신 DivergenceError로 알려요
def _train_epoch(step: Callable[[Rows], float], batches: _Batches) -> float:
    """한 에폭. 손실의 표본 평균을 돌려주고, 유한하지 않은 손실을 만나면 바로 돌려줘요."""
    total = 0.0
    for rows in batches:
        value = step(rows)
        if not math.isfinite(value):
            return value
        total += value * (batches.n if rows is None else len(rows))  # 마지막 미니배치는 작을 수 있어요
    return total / batches.n


@np.errstate(over="ignore", invalid="ignore")
def _record(
    train_loss: float,
    net: Sequential,
    loss: Loss,
    x: Array,
    y: Target,
    validation: tuple[Array, Target] | None,
    metric: Metric | None,
) -> Epoch:
    """에폭이 끝난 뒤의 검증 손실과 metric을 재서 한 줄로 묶어요."""
    val_loss = val_metric = None
    train_metric = None if metric is None else _measure(metric, net.predict(x), y)
    if validation is not None:
        pred, y_val = net.predict(validation[0]), validation[1]
        val_loss = loss.forward(pred, y_val) if all_finite(pred) else math.nan
        val_metric = None if metric is None else _measure(metric, pred, y_val)
    return Epoch(train_loss, val_loss, train_metric, val_metric)


def _measure(metric: Metric, pred: Array, y: Target) -> float:
    """metric이 낸 수 하나. 수가 아니면 TypeError. 출력이 넘쳤으면 재지 않고 NaN이에요."""
    if not all_finite(pred):
        return math.nan
    value = as_numbers("fit", "metric이 낸 값", metric(pred, y))
    if value.size != 1:
        raise TypeError(report("fit", "metric이 낸 값의 형이", "수 하나", describe(value)))
    return float(value.reshape(()))


@np.errstate(over="ignore", invalid="ignore")
def _rehearse(
    net: Sequential,
    loss: Loss,
    x: Array,
    y: Target,
    validation: tuple[Array, Target] | None,
    metric: Metric | None,
    batch_size: int | None,
) -> None:
    """배우기 전에 복사본으로 한 번 해 봐요. 모양이나 번호가 틀렸거나, 첫 손실부터 넘친다면 여기서 걸려요."""
    net, loss = copy.deepcopy((net, loss))
    for inputs, target in [(x, y)] if validation is None else [(x, y), validation]:
        pred = net.predict(inputs)
        _check_first(loss.forward(pred, target) if all_finite(pred) else math.inf)
        if metric is not None:
            _measure(metric, pred, target)
    n = len(x)
    size = batch_size or n
    last = n % size or size  # 마지막 미니배치. 하나뿐이면 BatchNorm이 못 써요
    x, y = (x, y) if size >= n else (x[:last], y[:last])
    try:
        pred = net.train().forward(x)
    except ValueError as error:
        if size >= n:
            raise
        raise ValueError(
            f"{error}. 표본 {n}개를 {size}개씩 나누면 마지막 미니배치는 {last}개예요. batch_size를 바꿔 보세요."
        ) from error
    _check_first(loss.forward(pred, y) if all_finite(pred) else math.inf)
    net.backward(loss.backward())
    if not all_finite(net.params().grad):
        _check_first(math.inf)


def _check_first(value: float) -> None:
    """고치기 전의 손실(이나 기울기)이 유한한지. 아니면 학습률 탓이 아니에요."""
    if not math.isfinite(value):
        raise DivergenceError(
            "fit: 한 걸음도 고치기 전에 손실이나 기울기가 유한하지 않아요. 학습률과 상관없으니, x와 y의 크기나 "
            "가중치의 처음 값을 줄여 보세요.",
            History(),
        )


def _progress_bar(epochs: int, progress: bool) -> contextlib.AbstractContextManager[Any]:
    """tqdm의 진행 막대. 끄거나 tqdm이 없으면 None을 주는 빈 막대예요."""
    if progress:
        with contextlib.suppress(ImportError):
            from tqdm.auto import tqdm

            return tqdm(total=epochs, unit="에폭", leave=False)
    return contextlib.nullcontext()
