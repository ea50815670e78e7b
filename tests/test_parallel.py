"""나눠서 배우기: 조각의 평균, 10장의 코드가 진짜 일꾼과 하는 학습, 정말로 죽인 일꾼, 끝난 뒤의 정리, 오류."""

import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
import time
from multiprocessing import resource_tracker

import cloudpickle
import nbformat
import numpy as np
import psutil
import pytest
import threadpoolctl
from hypothesis import given
from hypothesis import strategies as st
from scripts import ROOT
from strategies import assert_close, cases, read_only

from bplib import SGD, BinaryCrossEntropy, Linear, Sequential, SoftmaxCrossEntropy, Tanh, datasets
from bplib.topics.parallel import Part, average, cluster, part_gradient, shard

PATIENCE = 300  # 바쁜 컴퓨터에서도 넉넉한 초. 잘못되었을 때만 다 기다려요
# 여기에서 만든 손실과 층은 일꾼이 불러올 수 없는 파일에 있어서, 이름이 아니라 내용을 보내요.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture(scope="module")
def client():
    """이 컴퓨터에 띄운 일꾼 프로세스 둘. 실의 수를 아무도 정해 주지 않은 곳에서 띄워요."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            patch.delenv(name, raising=False)
        with cluster(workers=2, timeout=PATIENCE) as client:
            yield client


def digits_like(n=50, dtype=np.float64, seed=3):
    """어느 조각에도 고르게 나뉘지 않는 세 갈래 자료."""
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, 4)).astype(dtype), rng.integers(0, 3, n)
    return read_only(x), read_only(y)


def make(dtype=np.float64):
    rng = np.random.default_rng(0)
    net = Sequential(Linear(4, 7, rng=rng, dtype=dtype), Tanh(), Linear(7, 3, rng=rng, dtype=dtype))
    return net, SoftmaxCrossEntropy()


def whole_gradient(net, loss, x, y):
    E = loss.forward(net.forward(x), y)
    net.backward(loss.backward())
    return E, net.params().grad.copy()


def worker_pids(client):
    return client.run(os.getpid)


def wait_until_dead(pid):
    """죽인 프로세스가 정말 죽기를 기다려요. 거두는 일(waitpid)은 dask에 맡겨요: 먼저 거두면 새 일꾼을 띄우지 못해요."""
    deadline = time.monotonic() + PATIENCE
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, "죽지 않아요"
            time.sleep(0.05)


# ── 조각과 평균 ──


@given(n=st.integers(1, 40), data=st.data())
def test_shards_keep_every_row_in_order(n, data):
    parts = data.draw(st.integers(1, n))
    x, y = np.arange(3.0 * n).reshape(n, 3), np.arange(n)
    pieces = shard(x, y, parts)
    assert len(pieces) == parts
    assert (np.concatenate([a for a, _ in pieces]) == x).all()
    assert (np.concatenate([b for _, b in pieces]) == y).all()
    sizes = [len(a) for a, _ in pieces]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


@given(cases(), st.integers(1, 6))
def test_average_of_the_shards_is_the_whole_gradient(case, parts):
    """조각의 크기가 달라도 같아요. 무게 없이 평균하면 빨개져요."""
    pieces = shard(read_only(case.x), read_only(case.y), min(parts, len(case.x)))
    got = average([part_gradient(case.net, case.loss, *piece) for piece in pieces])
    E, grad = whole_gradient(case.net, case.loss, case.x, case.y)
    assert got.n == len(case.x)
    assert pytest.approx(E, rel=1e-12) == got.E
    assert_close(got.grad, grad, 1e-12)


def test_uneven_shards_need_their_weights():
    net, loss = make()
    x, y = digits_like(50)
    answers = [part_gradient(net, loss, x[:45], y[:45]), part_gradient(net, loss, x[45:], y[45:])]
    _, grad = whole_gradient(net, loss, x, y)
    assert_close(average(answers).grad, grad, 1e-12)
    plain = (answers[0].grad + answers[1].grad) / 2
    assert np.abs(plain - grad).max() > 1e-3


def test_answers_are_copies():
    """다음 조각을 계산해도 앞 조각의 답은 그대로예요."""
    net, loss = make()
    x, y = digits_like()
    first = part_gradient(net, loss, x[:5], y[:5])
    kept = first.grad.copy()
    part_gradient(net, loss, x[5:], y[5:])
    assert (first.grad == kept).all()


def test_float32_stays():
    net, loss = make(np.float32)
    x, y = digits_like(dtype=np.float32)
    got = average([part_gradient(net, loss, *piece) for piece in shard(x, y, 3)])
    assert got.grad.dtype == np.float32


def test_overflow_is_an_answer_not_a_warning():
    net, loss = make()
    net.params().value = 1e308 * np.ones(net.params().size)
    answer = part_gradient(net, loss, np.ones((2, 4)), np.array([0, 1]))
    assert math.isnan(answer.E)
    assert not answer.grad.any()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x, y: shard(x, y[:-1], 2), ValueError, "y의 표본 수"),
        (lambda x, y: shard(x, y, 51), ValueError, "50 이하"),
        (lambda x, y: shard(x, y, 0), ValueError, "parts"),
        (lambda x, y: shard(x, y, 2.0), TypeError, "parts"),
        (lambda x, y: average([]), ValueError, "조각 0개"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call(*digits_like(50))


# ── 진짜 일꾼 ──


@pytest.fixture
def chapter():
    """10장에 적힌 바로 그 함수들과, 그것이 쓰는 자료."""
    notebook = nbformat.read(ROOT / "chapters" / "10-speed.ipynb", as_version=4)
    wanted = ("def spiral_net", "def my_piece")
    cells = [cell.source for cell in notebook.cells if any(name in cell.source for name in wanted)]
    assert len(cells) == len(wanted)
    points, labels = datasets.spirals(200, rng=np.random.default_rng(3), turns=1.0)
    names = {"__name__": "__main__", "np": np, "points": points, "targets": labels[:, None].astype(float)}
    exec("from bplib import *\nfrom bplib.topics.parallel import *", names)
    with contextlib.redirect_stdout(None):
        for source in cells:
            exec(compile(source, "10-speed.ipynb", "exec"), names)
    return names


def alone(chapter):
    """같은 40걸음을 일꾼 없이: 마지막 걸음의 배우는 수와 오차."""
    net, loss = chapter["spiral_net"](), BinaryCrossEntropy()
    opt = SGD(net.params(), lr=0.4, momentum=0.5)
    for _ in range(40):
        now = net.params().value.copy()
        E, _ = whole_gradient(net, loss, chapter["points"], chapter["targets"])
        opt.step()
    return now, E


def test_workers_learn_what_one_learns_alone(client, chapter):
    value, E = chapter["learn"](client)
    expected, alone_E = alone(chapter)
    assert pytest.approx(alone_E, rel=1e-11) == E
    assert_close(value, expected, 1e-11)


def test_the_work_is_done_elsewhere(client, chapter, tmp_path):
    """손실을 계산한 프로세스는 모두 일꾼이고 이 프로세스가 아니에요. 바쁠 때는 한 일꾼이 다 맡기도 해요."""

    class Tracing(BinaryCrossEntropy):
        def forward(self, pred, y):
            (tmp_path / str(os.getpid())).touch()
            return super().forward(pred, y)

    chapter["BinaryCrossEntropy"] = Tracing
    chapter["learn"](client)
    workers, seen = set(worker_pids(client).values()), {int(path.name) for path in tmp_path.iterdir()}
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert seen
    assert seen <= workers


def test_each_worker_multiplies_with_one_thread(client):
    """dask가 일꾼마다 그렇게 정해 줘요. 일꾼이 코어의 수만큼인데 저마다 모든 코어를 쓰려 하면 서로 밀쳐 내요."""

    def threads():
        np.dot(np.ones((2, 2)), np.ones((2, 2)))
        return [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]

    for counts in client.run(threads).values():
        assert counts or sys.platform == "darwin"  # macOS의 Accelerate는 세지 못해서 비어 있어요
        assert set(counts) <= {1}


def test_a_worker_killed_between_steps_loses_nothing(client, chapter):
    """일꾼 하나를 학습 도중에 SIGKILL로 정말로 죽여요. 배운 수는 비트까지 같아요."""
    calm, calm_E = chapter["learn"](client)
    killed = []

    def kill(step, client):
        if step == 4:
            killed.append(next(iter(worker_pids(client).values())))
            assert killed[0] != os.getpid()
            os.kill(killed[0], signal.SIGKILL)
            wait_until_dead(killed[0])

    rough, rough_E = chapter["learn"](client, kill)
    assert len(killed) == 1
    assert (rough == calm).all()
    assert rough_E == calm_E
    client.wait_for_workers(2, timeout=PATIENCE)  # 보모(nanny)가 새 일꾼을 띄워요
    assert killed[0] not in worker_pids(client).values()


class Deadly(BinaryCrossEntropy):
    """표시 파일이 있을 때 계산하면, 제 이름을 남기고 제 프로세스를 죽이는 손실."""

    def __init__(self, mark, parent):
        self.mark, self.parent = mark, parent

    def forward(self, pred, y):
        if os.getpid() != self.parent and os.path.exists(self.mark + ".armed"):
            try:
                os.rename(self.mark + ".armed", f"{self.mark}.{os.getpid()}")
            except FileNotFoundError:  # 다른 일꾼이 먼저 죽었어요
                return super().forward(pred, y)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().forward(pred, y)


def test_a_worker_killed_in_the_middle_of_a_task_loses_nothing(client, chapter, tmp_path):
    """계산하던 도중에 죽어요. 그 조각을 다른 일꾼이 다시 계산해요."""
    calm, _ = chapter["learn"](client)
    mark, parent = str(tmp_path / "mark"), os.getpid()
    chapter["BinaryCrossEntropy"] = lambda: Deadly(mark, parent)

    def arm(step, client):
        if step == 5:
            with open(mark + ".armed", "w"):
                pass

    rough, _ = chapter["learn"](client, arm)
    (left,) = tmp_path.iterdir()
    wait_until_dead(int(left.suffix[1:]))
    assert (rough == calm).all()


# ── 띄우기와 닫기 ──


def test_an_address_and_no_process_left():
    """주소로 붙어도 같은 코드예요. 닫으면 띄운 프로세스가 하나도 남지 않아요."""
    resource_tracker.ensure_running()  # 파이썬이 한 번 띄우고 끝까지 두는 도우미는 세지 않아요
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with cluster(workers=1, timeout=PATIENCE) as outer:
        address = outer.scheduler.address
        assert address.startswith("tcp://")
        with cluster(address, timeout=PATIENCE) as client:
            net, loss = make()
            x, y = digits_like(50)
            tasks = [client.submit(part_gradient, net, loss, *piece) for piece in shard(x, y, 2)]
            assert_close(average(client.gather(tasks)).grad, whole_gradient(net, loss, x, y)[1], 1e-12)
        assert outer.submit(sum, [1, 2]).result() == 3  # 붙었던 쪽이 떠나도 일꾼은 남아 있어요
    deadline = time.monotonic() + PATIENCE
    while {child.pid for child in psutil.Process().children(recursive=True)} - before:
        assert time.monotonic() < deadline, "프로세스가 남았어요"
        time.sleep(0.1)


def test_nobody_at_the_address():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # 남이 쓰지 못하게 잡아 두기만 하고, 듣지 않아요
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ConnectionError, match="닿지 못했어요"), cluster(address, timeout=0.5):
            pass


def fresh(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dask_is_needed_only_when_used():
    out = fresh(
        "import bplib.topics.parallel, sys; print(*[m for m in ('dask', 'distributed') if m in sys.modules])"
    )
    assert out.strip() == ""
    out = fresh(
        "import sys; sys.modules['distributed'] = None\n"
        "from bplib.topics.parallel import cluster\n"
        "try:\n    cluster().__enter__()\nexcept ImportError as error:\n    print(error)"
    )
    assert 'pip install "bplib[distributed]"' in out


def test_a_file_without_the_main_guard_is_told_what_to_do(tmp_path):
    """일꾼은 불러낸 파일을 다시 읽어요. 감싸지 않은 파일은 제 일꾼을 끝없이 띄우려 들어요."""
    code = "from bplib.topics.parallel import cluster\nwith cluster(workers=1):\n    pass\n"
    path = tmp_path / "unguarded.py"
    path.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode != 0
    assert "RuntimeError: cluster: 일꾼 프로세스를 띄우지 못했어요." in done.stderr

    guarded = code.replace(
        "with cluster(workers=1):\n    pass",
        'if __name__ == "__main__":\n    with cluster(workers=1) as c:\n        print(c.submit(sum, [1, 2]).result())',
    )
    path.write_text(guarded, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")


def test_part_is_a_plain_tuple():
    assert Part(2, 0.5, np.zeros(1))._fields == ("n", "E", "grad")
