"""fit: 한 걸음의 식, 미니배치, 기록, 멈춤, 발산, 오류."""

import builtins
import math
import pickle
import signal
import sys
import tracemalloc
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from strategies import read_only, snapshot

import bplib
from bplib import (
    SGD,
    Adam,
    BatchNorm,
    BinaryCrossEntropy,
    Conv2d,
    DivergenceError,
    Dropout,
    Flatten,
    HalfSquaredError,
    History,
    Layer,
    Linear,
    ReLU,
    Residual,
    Sequential,
    SoftmaxCrossEntropy,
    Tanh,
    accuracy,
    clip_gradients,
    cosine,
    datasets,
    fit,
)

BPLIB = str(Path(bplib.__file__).parent)


def make(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    net = Sequential(Linear(2, 8, rng=rng, dtype=dtype), Tanh(), Linear(8, 1, rng=rng, dtype=dtype))
    return net, BinaryCrossEntropy()


def test_full_batch_is_the_loop_of_the_book():
    x, y = map(read_only, datasets.xor())
    net, loss = make()
    opt = SGD(net.params(), 0.5)
    losses = []
    for _ in range(20):
        losses.append(loss.forward(net.forward(x), y))
        net.backward(loss.backward())
        opt.step()

    twin, loss = make()
    history = fit(twin, loss, SGD(twin.params(), 0.5), x, y, epochs=20, progress=False)
    assert history.train_loss == losses
    assert (twin.params().value == net.params().value).all()
    assert history.epochs == 20
    assert history.val_loss == history.train_metric == history.val_metric == []
    assert not history.interrupted


def test_learns_xor():
    net, loss = make()
    x, y = datasets.xor()
    fit(net, loss, Adam(net.params(), 0.05), x, y, epochs=200, progress=False)
    assert accuracy(net.forward(x), y, threshold=0) == 1.0


def test_minibatches_visit_every_sample_once_in_a_new_order():
    seen = []

    class Spy(HalfSquaredError):
        def forward(self, pred, y):
            seen.append(y[:, 0].tolist())
            return super().forward(pred, y)

        def __deepcopy__(self, memo):  # 예행연습은 세지 않아요
            return HalfSquaredError()

    net, _ = make()
    x, y = np.random.default_rng(1).standard_normal((10, 2)), np.arange(10.0)[:, None]
    opt = SGD(net.params(), 1e-6)
    fit(net, Spy(), opt, x, y, epochs=2, batch_size=4, rng=np.random.default_rng(3), progress=False)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    epochs = [list(chain(*seen[:3])), list(chain(*seen[3:]))]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(10))
    assert epochs[0] != epochs[1] != sorted(epochs[1])


def test_the_whole_batch_is_not_shuffled():
    x, y = datasets.rings(9, rng=np.random.default_rng(1))
    runs = []
    for size, rng in ((None, None), (9, np.random.default_rng(3)), (10, np.random.default_rng(3))):
        net, loss = make()
        fit(net, loss, SGD(net.params(), 0.5), x, y, epochs=3, batch_size=size, rng=rng, progress=False)
        runs.append(net.params().value.tolist())
        assert rng is None or rng.bit_generator.state == np.random.default_rng(3).bit_generator.state
    assert runs[0] == runs[1] == runs[2]


def test_train_loss_is_the_mean_over_samples_not_batches():
    net, loss = make()
    x, y = np.random.default_rng(1).standard_normal((5, 2)), np.ones((5, 1))
    expected = loss.forward(net.forward(x), y)
    opt = SGD(net.params(), 1e-14)  # 고친 것이 보이지 않을 만큼 작은 걸음
    history = fit(net, loss, opt, x, y, epochs=1, batch_size=2, rng=np.random.default_rng(0), progress=False)
    assert history.train_loss[0] == pytest.approx(expected, rel=1e-12)


def test_same_seed_same_run():
    runs = []
    for _ in range(2):
        net, loss = make(dtype=np.float32)
        x, y = (a.astype(np.float32) for a in datasets.xor())
        rng = np.random.default_rng(5)
        history = fit(net, loss, Adam(net.params()), x, y, epochs=5, batch_size=3, rng=rng, progress=False)
        assert net.params().value.dtype == np.float32
        runs.append((history.train_loss, net.params().value.tolist()))
    assert runs[0] == runs[1]


def test_validation_and_metric_are_measured_after_each_epoch():
    net, loss = make()
    x, y = datasets.xor()
    x_val, y_val = x + 0.1, y
    after = []

    def callback(epoch, history):
        assert history.epochs == epoch
        after.append((loss.forward(net.forward(x_val), y_val), accuracy(net.forward(x), y, 0)))

    history = fit(
        net,
        loss,
        SGD(net.params(), 0.5),
        x,
        y,
        epochs=3,
        validation=(x_val, y_val),
        metric=lambda pred, y: accuracy(pred, y, threshold=0),
        callback=callback,
        progress=False,
    )
    assert list(zip(history.val_loss, history.train_metric, strict=True)) == after
    assert len(history.val_metric) == len(history.train_loss) == 3


def test_a_metric_may_be_an_array_of_one_number():
    net, loss = make()
    arguments = {"epochs": 1, "metric": lambda pred, y: np.array([[0.5]]), "progress": False}
    history = fit(net, loss, SGD(net.params(), 0.5), *datasets.xor(), **arguments)
    assert history.train_metric == [0.5]


def test_callback_can_stop():
    net, loss = make()
    history = fit(
        net,
        loss,
        SGD(net.params(), 0.5),
        *datasets.xor(),
        epochs=100,
        callback=lambda epoch, history: epoch == 7,
        progress=False,
    )
    assert history.epochs == 7
    assert not history.interrupted


@pytest.mark.parametrize("where", ["forward", "step", "callback"])
def test_ctrl_c_leaves_finite_parameters_and_a_whole_history(where):
    """진짜 SIGINT를 세 번째 에폭의 한가운데에 보내요."""
    net, loss = make()
    opt = Adam(net.params(), 0.05)
    count = 0

    def press(after=3):
        nonlocal count
        count += 1
        if count == after:
            signal.raise_signal(signal.SIGINT)

    if where == "forward":

        class Pressing(BinaryCrossEntropy):
            def forward(self, pred, y):
                press(after=4 * 2 + 2)  # 예행연습 2번 + 에폭마다 미니배치 2번과 검증 1번
                return super().forward(pred, y)

            def __deepcopy__(self, memo):
                return self

        loss = Pressing()
    if where == "step":
        plain = opt.step

        def step():
            plain()
            press(after=5)

        opt.step = step
    x, y = datasets.xor()
    history = fit(
        net,
        loss,
        opt,
        x,
        y,
        epochs=50,
        batch_size=2,
        rng=np.random.default_rng(0),
        validation=(x, y),
        metric=lambda pred, y: accuracy(pred, y, 0),
        callback=(lambda epoch, history: press()) if where == "callback" else None,
        progress=False,
    )
    assert history.interrupted
    assert not net.training
    assert history.epochs == (3 if where == "callback" else 2)
    lengths = {
        len(row) for row in (history.train_loss, history.val_loss, history.train_metric, history.val_metric)
    }
    assert lengths == {history.epochs}
    assert np.isfinite(net.params().value).all()
    assert "도중에 멈춤" in repr(history)
    fit(
        net, BinaryCrossEntropy(), Adam(net.params()), x, y, epochs=1, progress=False
    )  # 이어서 배울 수 있어요


@pytest.mark.parametrize("validation", [True, False])
def test_divergence_stops_with_a_clear_error_and_the_history(validation):
    """손실이 넘친 걸음은 고치지 않아요: 배우는 수는 마지막으로 마친 에폭 그대로예요."""
    rng = np.random.default_rng(0)
    net, kept = Sequential(Linear(2, 1, rng=rng)), []
    x, y = rng.standard_normal((6, 2)), np.ones((6, 1))

    def keep(epoch, history):
        kept[:] = net.params().value

    with pytest.raises(DivergenceError, match="학습률 η = 100") as caught:
        fit(
            net,
            HalfSquaredError(),
            SGD(net.params(), 100),
            x,
            y,
            epochs=1000,
            validation=(x, y) if validation else None,
            callback=keep,
            progress=False,
        )
    assert np.isfinite(net.params().value).all()
    if not validation:  # 검증 손실이 먼저 넘치면 그 에폭은 이미 고친 뒤예요
        assert net.params().value.tolist() == kept
    history = caught.value.history
    assert 2 < history.epochs < 1000
    assert all(math.isfinite(value) for value in history.train_loss + history.val_loss)
    assert history.train_loss[-1] > history.train_loss[0]


def test_divergence_in_the_very_last_step_is_reported_too():
    net = Sequential(Linear(1, 1, rng=np.random.default_rng(0)))
    opt = SGD(net.params(), 1e300)
    x, y = np.array([[1e10]]), np.array([[0.0]])
    with pytest.raises(DivergenceError, match=r"^fit: 1번째 에폭"):
        fit(net, HalfSquaredError(), opt, x, y, epochs=1, progress=False)


def test_an_output_that_is_not_finite_is_a_divergence_too():
    """첫 에폭은 무사히 마치지만, 커진 가중치로 낸 출력이 넘쳐요. 손실 함수에 넣기 전에 알아채야 해요."""
    net = Sequential(Linear(1, 1, rng=np.random.default_rng(0)))
    net.params().value = [1.0, 0.0]
    x, y = np.array([[1e5]]), np.array([[0.0]])
    with pytest.raises(DivergenceError, match=r"^fit: 2번째 에폭"):
        fit(net, HalfSquaredError(), SGD(net.params(), 1e294), x, y, epochs=2, progress=False)


def test_progress_bar_is_tqdm_and_disappears(capsys):
    net, loss = make()
    fit(net, loss, SGD(net.params(), 0.5), *datasets.xor(), epochs=3)
    err = capsys.readouterr().err
    assert "3" in err
    assert "에폭" in err
    assert "에폭" not in err.split("\r")[-1]  # 끝나면 지워져요
    fit(net, loss, SGD(net.params(), 0.5), *datasets.xor(), epochs=3, progress=False)
    assert capsys.readouterr() == ("", "")


def test_without_tqdm_there_is_just_no_bar(monkeypatch, capsys):
    real = builtins.__import__

    def no_tqdm(name, *args, **kwargs):
        if name.startswith("tqdm"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_tqdm)
    net, loss = make()
    assert fit(net, loss, SGD(net.params(), 0.5), *datasets.xor(), epochs=3).epochs == 3
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"epochs": 0}, ValueError, "epochs"),
        ({"epochs": 1.5}, TypeError, "epochs"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"batch_size": 2}, TypeError, "rng"),
        ({"rng": 3}, TypeError, "rng"),
        ({"max_norm": 0.0}, ValueError, "max_norm"),
        ({"max_norm": "1"}, TypeError, "max_norm"),
        ({"schedule": lambda t: -0.1}, ValueError, r"schedule\(0\)"),
        ({"schedule": lambda t: (0.1, math.nan)[t]}, ValueError, r"schedule\(1\)"),
        ({"metric": 3}, TypeError, "^fit: metric의 형"),
        ({"callback": 3}, TypeError, "^fit: callback의 형"),
        ({"schedule": 0.1}, TypeError, "^fit: schedule의 형"),
        ({"metric": lambda pred, y: pred}, TypeError, "metric이 낸 값"),
        ({"x": None}, TypeError, "입력 x"),
        ({"validation": np.ones((2, 4))}, TypeError, "validation"),
        ({"x": np.ones((4, 3))}, ValueError, r"\(n, 2\)"),
        ({"x": np.ones((3, 2))}, ValueError, "정답"),
        ({"x": np.full((4, 2), np.nan)}, ValueError, "유한"),
        ({"x": np.ones((4, 2), int)}, TypeError, "float64"),
        ({"y": np.full((4, 1), 2.0)}, ValueError, "정답"),
        ({"y": [1, 0, 1, 0]}, TypeError, "정답"),
        ({"validation": (np.ones((4, 2)), np.ones((4, 2)))}, ValueError, "정답"),
        ({"metric": lambda pred, y: accuracy(pred, y[:2])}, ValueError, "accuracy"),
    ],
)
def test_bad_arguments_change_nothing(change, error, words):
    net, loss = make()
    x, y = datasets.xor()
    loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    opt = Adam(net.params())
    before = snapshot(net, loss, opt)
    arguments = {"x": x, "y": y, "epochs": 2, "progress": False, **change}
    with pytest.raises(error, match=words):
        fit(net, loss, opt, **arguments)
    assert snapshot(net, loss, opt) == before


def test_a_bad_label_in_the_last_minibatch_is_found_before_training(rng):
    net = Sequential(Linear(2, 3, rng=rng))
    before = snapshot(net)
    y = np.array([0, 1, 2, 0, 1, 3])
    with pytest.raises(ValueError, match="0 … 2"):
        fit(
            net,
            SoftmaxCrossEntropy(),
            SGD(net.params(), 0.1),
            np.ones((6, 2)),
            y,
            epochs=1,
            batch_size=2,
            rng=rng,
        )
    assert snapshot(net) == before


def test_the_optimizer_of_another_network_is_refused():
    (net, loss), (other, _) = make(), make()
    with pytest.raises(ValueError, match="opt"):
        fit(net, loss, SGD(other.params(), 0.1), *datasets.xor(), epochs=1, progress=False)


def test_accuracy():
    scores = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    assert accuracy(scores, np.array([1, 0, 0, 0])) == 0.75
    assert accuracy(scores, np.eye(2)[[1, 0, 0, 0]]) == 0.75
    single = np.array([[0.2], [0.6], [0.4]])
    assert accuracy(single, np.array([[0.0], [1.0], [1.0]])) == pytest.approx(2 / 3)
    assert accuracy(single, np.array([0, 1, 1]), threshold=0) == pytest.approx(2 / 3)
    assert accuracy(single, np.array([0, 0, 0]), threshold=0.4) == pytest.approx(2 / 3)  # 문턱과 같으면 0
    assert accuracy(single, np.array([0.5, 1, 0])) == 1.0  # 정답도 ½과 같으면 0


@pytest.mark.parametrize(
    ("pred", "y", "error", "words"),
    [
        (np.ones((4, 2)), np.array([1, 0]), ValueError, "표본 n개"),
        (np.ones((4, 2)), np.array([], int), ValueError, "표본 n개"),
        (np.ones((4, 2)), np.array(1), ValueError, "표본 n개"),
        (np.ones((0, 2)), np.array([], int), ValueError, "표본 n개"),
        (np.ones((4, 0)), np.ones(4), ValueError, "표본 n개"),
        (np.ones(4), np.ones(4), ValueError, "표본 n개"),
        (np.ones((4, 3)), np.ones((4, 2)), ValueError, "^accuracy: y의 모양"),
        (np.eye(4)[:, :3], np.arange(4)[:, None], ValueError, r"y.reshape\(-1\)"),  # 퍼뜨리면 0.25가 나와요
        (np.full((4, 3), np.nan), np.zeros(4), ValueError, "NaN"),
        (np.ones((2, 1)), np.array([0, np.nan]), ValueError, "NaN"),
        (np.ones((4, 2, 2)), np.ones(4), ValueError, "표본 n개"),
        ([[0.1]], np.ones(1), TypeError, "^accuracy: pred의 형"),
        (np.ones((1, 1)), [1.0], TypeError, "^accuracy: y의 형"),
        (np.ones((1, 1)), np.array(["1"]), TypeError, "^accuracy: y의 형"),
        (np.ones((1, 1), complex), np.ones(1), TypeError, "^accuracy: pred의 형"),
    ],
)
def test_accuracy_refuses(pred, y, error, words):
    with pytest.raises(error, match=words):
        accuracy(pred, y)


def test_accuracy_takes_every_kind_of_number():
    for dtype in ("f4", "f8", "i8", "u1", "?"):
        assert accuracy(np.array([[0], [1]], dtype), np.array([0, 1], dtype)) == 1.0
    with pytest.raises(ValueError, match="threshold"):
        accuracy(np.ones((1, 1)), np.ones(1), threshold=-math.inf)


def test_history_repr():
    net, loss = make()
    history = fit(net, loss, SGD(net.params(), 0.5), *datasets.xor(), epochs=2, progress=False)
    first, last = history.train_loss
    assert repr(history) == f"History(2에폭, 손실 {first:.4g} → {last:.4g})"
    assert repr(History()) == "History(0에폭)"
    history.records.append(history.records[0])
    assert repr(history) == f"History(3에폭, 손실 {first:.4g} → {first:.4g})"
    assert history.interrupted is False


def test_a_schedule_and_clipping_are_the_loop_of_the_book():
    x, y = datasets.xor()
    net, loss = make()
    opt, schedule = SGD(net.params(), 0.5), cosine(2.0, 10, lr_min=0.1)
    norms = []
    for t in range(10):
        loss.forward(net.forward(x), y)
        net.backward(loss.backward())
        norms.append(clip_gradients(net.params(), 0.085))
        opt.lr = schedule(t)
        opt.step()
    assert min(norms) < 0.085 < max(norms)  # 잘린 걸음도, 그냥 둔 걸음도

    twin, loss = make()
    twin_opt = SGD(twin.params(), 0.5)
    fit(twin, loss, twin_opt, x, y, epochs=10, schedule=schedule, max_norm=0.085, progress=False)
    assert (twin.params().value == net.params().value).all()
    assert twin_opt.lr == schedule(9)


def test_the_schedule_counts_steps_not_epochs():
    net, loss = make()
    seen = []

    def schedule(t):
        seen.append(t)
        return 0.1

    x, y = np.ones((5, 2)), np.ones((5, 1))
    fit(
        net,
        loss,
        SGD(net.params(), 0.1),
        x,
        y,
        epochs=2,
        batch_size=2,
        rng=np.random.default_rng(0),
        schedule=schedule,
        progress=False,
    )
    assert seen == [*range(6), *range(6)]  # 모두 미리 본 다음 차례로


def test_a_schedule_may_end_at_zero():
    """코사인은 끝에서 lr_min = 0에 머물러요. 그동안은 움직이지 않을 뿐이에요."""
    net, loss = make()
    opt = SGD(net.params(), 0.1, momentum=0.9)
    x, y = datasets.xor()
    kept = []
    fit(
        net,
        loss,
        opt,
        x,
        y,
        epochs=5,
        schedule=cosine(0.1, 2),
        callback=lambda epoch, history: kept.append(net.params().value.tolist()),
        progress=False,
    )
    assert kept[0] != kept[1] == kept[2] == kept[4]
    with pytest.raises(
        ValueError, match=r"opt.lr이 0이라"
    ):  # 그 opt를 그대로 다시 쓰면 아무것도 배우지 않아요
        fit(net, loss, opt, x, y, epochs=1, progress=False)


def test_a_schedule_that_breaks_in_the_middle_changes_nothing():
    net, loss = make()
    before = snapshot(net)
    with pytest.raises(ValueError, match=r"schedule\(3\)의 학습률"):
        fit(
            net,
            loss,
            SGD(net.params(), 0.1),
            *datasets.xor(),
            epochs=5,
            schedule=lambda t: -1.0 if t == 3 else 0.1,
            progress=False,
        )
    assert snapshot(net) == before


@pytest.mark.parametrize("scale", [1e160, 1e300], ids=["loss", "gradient"])
def test_what_overflows_before_the_first_step_is_not_blamed_on_the_learning_rate(scale):
    net = Sequential(Linear(2, 1, rng=np.random.default_rng(0)))
    x, y = np.full((4, 2), scale), np.zeros((4, 1))
    before = snapshot(net)
    with pytest.raises(DivergenceError, match="학습률과 상관없으니") as caught:
        fit(net, HalfSquaredError(), SGD(net.params(), 1e-9), x, y, epochs=3, progress=False)
    assert caught.value.history.epochs == 0
    assert snapshot(net) == before


def test_measuring_takes_no_more_memory_than_a_step():
    """재는 동안 모든 표본을 한꺼번에 지나가게 하지 않고, 끝난 뒤의 신경망은 수만큼만 무거워요."""
    rng = np.random.default_rng(0)
    net = Sequential(Conv2d(1, 4, 3, rng=rng), ReLU(), Flatten(), Linear(4 * 14 * 14, 2, rng=rng))
    x, y = rng.standard_normal((1500, 1, 16, 16)), rng.integers(0, 2, 1500)
    opt, arguments = SGD(net.params(), 0.01), {"epochs": 1, "batch_size": 20, "rng": rng, "progress": False}
    tracemalloc.start()
    fit(net, SoftmaxCrossEntropy(), opt, x, y, metric=accuracy, validation=(x, y), **arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6  # 1,500장을 한꺼번에 지나가게 하면 60 MB가 넘어요
    assert len(pickle.dumps(net)) < 3 * net.params().value.nbytes


def test_an_exploded_gradient_is_a_divergence_not_a_clipping_error():
    """손실은 유한한데 기울기가 넘치면, 자르지 못하고 고치지 않은 채 DivergenceError."""
    rng = np.random.default_rng(0)
    net, loss = Sequential(Linear(1, 1, rng=rng), Linear(1, 1, rng=rng)), HalfSquaredError()
    net.params().value = [1e-160, 0, 1e160, 0]
    before = net.params().value.copy()
    x, y = np.array([[1e150]]), np.array([[1e-3]])
    with pytest.raises(DivergenceError):
        fit(net, loss, SGD(net.params(), 0.1), x, y, epochs=1, max_norm=1.0, progress=False)
    assert (net.params().value == before).all()


def regularized(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(2, 8, rng=rng),
        BatchNorm(8),
        ReLU(),
        Residual(Linear(8, 8, rng=rng), BatchNorm(8), Tanh(), Dropout(0.2, rng=rng)),
        Linear(8, 1, rng=rng),
    )


def test_trains_in_training_mode_and_measures_in_evaluation_mode():
    x, y = datasets.rings(60, rng=np.random.default_rng(1))
    runs = {}
    for measured in (False, True):
        net, loss, modes, means = regularized().eval(), BinaryCrossEntropy(), [], set()

        def metric(pred, target, net=net, modes=modes):
            modes.append(net.training)
            return accuracy(pred, target, 0)

        def callback(epoch, history, net=net, means=means):
            assert not net.training
            means.add(net[1].running_mean.tobytes())

        extra = {"validation": (x[:1], y[:1]), "metric": metric} if measured else {}
        history = fit(
            net,
            loss,
            Adam(net.params(), 0.02),
            x,
            y,
            epochs=20,
            batch_size=16,
            rng=np.random.default_rng(2),
            callback=callback,
            progress=False,
            **extra,
        )
        assert not net.training
        assert len(means) == 20  # 에폭마다 학습 상태라 통계가 움직여요
        assert not any(modes)
        runs[measured] = [history.train_loss, net.params().value.tolist(), net[1].running_var.tolist()]
    assert runs[True] == runs[False]  # 재는 일은 배우는 수도, 통계도, Dropout의 무작위 수도 건드리지 않아요
    assert accuracy(net.forward(x), y, 0) == history.train_metric[-1] > 0.9


def test_a_minibatch_of_one_is_found_before_training_with_batch_norm():
    x, y = datasets.rings(9, rng=np.random.default_rng(1))
    net = regularized()
    before = snapshot(net)
    arguments = {"epochs": 1, "rng": np.random.default_rng(0), "progress": False}
    for size in (1, 4, 8):
        with pytest.raises(ValueError, match=r"2개 이상.*마지막 미니배치는 1개예요.*batch_size"):
            fit(net, BinaryCrossEntropy(), SGD(net.params(), 0.1), x, y, batch_size=size, **arguments)
    assert snapshot(net) == before
    fit(net, BinaryCrossEntropy(), SGD(net.params(), 0.1), x, y, batch_size=3, **arguments)


def test_evaluation_mode_is_left_after_divergence():
    net = Sequential(Linear(2, 1, rng=np.random.default_rng(0)))
    x, y = np.ones((4, 2)), np.ones((4, 1))
    with pytest.raises(DivergenceError):
        fit(net, HalfSquaredError(), SGD(net.params(), 1e9), x, y, epochs=500, progress=False)
    assert not net.training


def test_integer_input():
    class Rows(Layer):
        takes_integers = True

        def _forward(self, a):
            return np.eye(4)[a]

        def _backward(self, delta):
            return delta

    rng = np.random.default_rng(0)
    net = Sequential(Rows(), Linear(4, 1, rng=rng))
    x, y = np.array([0, 1, 2, 3]), np.array([[0.0], [1.0], [1.0], [0.0]])
    fit(
        net,
        BinaryCrossEntropy(),
        SGD(net.params(), 1.0),
        x,
        y,
        epochs=20,
        batch_size=2,
        rng=rng,
        validation=(x, y),
        progress=False,
    )
    assert accuracy(net.forward(x), y, 0) == 1.0
    with pytest.raises(TypeError, match="정수"):
        fit(net, BinaryCrossEntropy(), SGD(net.params(), 1.0), x * 1.0, y, epochs=1, progress=False)


# ── 도중에 멈춰도 ──


class Interrupter:
    """bplib의 코드를 한 줄씩 지켜보다가, 정해진 번째 줄에서 Ctrl-C를 눌러요."""

    def __init__(self, at):
        self.at, self.lines = at, 0

    def __call__(self, frame, event, arg):
        if not frame.f_code.co_filename.startswith(BPLIB):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self


def interrupted_fit(at):
    """학습 한 벌을 at번째 줄에서 멈춰요. (신경망, 최적화, 기록 또는 None, 지나간 줄의 수)."""
    net, opt, x, y, arguments = small_fit()
    trace = Interrupter(at)
    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        history = fit(net, BinaryCrossEntropy(), opt, x, y, **arguments)
    except KeyboardInterrupt:
        history = None
    finally:
        sys.settrace(outer)
    return net, opt, history, trace.lines


def small_fit():
    rng = np.random.default_rng(0)
    net = Sequential(Linear(2, 3, rng=rng), BatchNorm(3), Tanh(), Linear(3, 1, rng=rng))
    x, y = datasets.xor()
    arguments = {
        "epochs": 2,
        "batch_size": 2,
        "rng": np.random.default_rng(1),
        "validation": (x, y),
        "metric": lambda pred, y: accuracy(pred, y, 0),
        "schedule": cosine(0.1, 99),
        "max_norm": 1.0,
        "progress": False,
    }
    return net, Adam(net.params(), 0.1), x, y, arguments


def test_ctrl_c_at_any_line_leaves_finite_parameters_and_a_whole_history():
    """시작하기 전의 검사에서 멈추면 KeyboardInterrupt이고 그대로예요. 시작한 뒤에는 어디서 멈춰도 기록을 돌려줘요."""
    untouched = small_fit()[0].params().value.tolist()
    finished, _, whole, lines = interrupted_fit(at=0)
    assert not whole.interrupted
    outcomes = set()
    for at in range(1, lines, 29):
        net, opt, history, _ = interrupted_fit(at)
        state = [net.params().value, net.params().grad, net[1].running_mean, net[1].running_var]
        assert all(np.isfinite(array).all() for array in state), at
        assert all(np.isfinite(array).all() for array in (*opt.m, *opt.v)), at
        if history is None:
            # 시작하기 전이거나, 다 배우고 돌아오는 길이에요
            assert net.params().value.tolist() in (untouched, finished.params().value.tolist()), at
        else:
            assert history.interrupted, at
            assert not net.training, at
            assert history.records == whole.records[: history.epochs], at
            assert len(history.val_metric) == history.epochs, at
        outcomes.add(None if history is None else history.epochs)
        x, y = datasets.xor()
        fit(net, BinaryCrossEntropy(), opt, x, y, epochs=1, progress=False)  # 이어서 배울 수 있어요
    assert outcomes >= {None, 0, 1}


@pytest.mark.parametrize("where", ["metric", "callback", "schedule", "loss"])
def test_an_error_in_the_middle_is_told_as_it_is_and_leaves_a_usable_network(where):
    """사람이 넘긴 함수가 도중에 오류를 내면 그 오류가 그대로 나오고, 신경망은 평가 상태와 마지막 걸음의 수로 남아요."""
    net, opt, x, y, arguments = small_fit()
    arguments |= {"epochs": 9, "callback": None}
    kept, calls = [], 0

    class Stumble(Exception):
        pass

    def stumble(answer, after):
        nonlocal calls
        calls += 1
        if calls > after:
            kept[:] = net.params().value
            raise Stumble
        return answer

    class Stumbling(BinaryCrossEntropy):
        def forward(self, pred, y):
            stumble(None, after=9)
            return super().forward(pred, y)

        def __deepcopy__(self, memo):
            return self

    loss = Stumbling() if where == "loss" else BinaryCrossEntropy()
    if where != "loss":
        after = 22 if where == "schedule" else 5  # 스케줄은 배우기 전에 모든 걸음에서 한 번씩 불려요
        arguments[where] = lambda *_: stumble(
            {"metric": 0.5, "callback": False, "schedule": 0.1}[where], after
        )
    with pytest.raises(Stumble):
        fit(net, loss, opt, x, y, **arguments)
    assert not net.training
    assert np.isfinite(net.params().value).all()
    assert net.params().value.tolist() == kept
    assert kept != small_fit()[0].params().value.tolist()  # 정말 배우던 중이었어요
    fit(net, BinaryCrossEntropy(), opt, x, y, epochs=1, progress=False)
