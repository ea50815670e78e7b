"""저장: 그대로 되돌아오는지, 상하거나 나쁜 마음으로 만든 파일이 아무것도 실행하지도 바꾸지도 못하는지."""

import io
import json
import os
import pickle
import stat
import struct
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given
from strategies import DTYPES, Case, cases

import bplib.saving
from bplib import (
    GRU,
    SGD,
    Adam,
    BatchNorm,
    BinaryCrossEntropy,
    Conv2d,
    Dropout,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
    datasets,
    fit,
    ledger,
    load,
    save,
)
from bplib.layers import every_layer
from bplib.saving import SavingError


def make(seed=0, n_hidden=3, activation=Tanh, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(2, n_hidden, rng=rng, dtype=dtype), activation(), Linear(n_hidden, 2, rng=rng, dtype=dtype)
    )


def everything(net):
    """신경망이 기억하는 수를 모두 베껴요."""
    running = [
        array.copy()
        for layer in every_layer(net)
        for name, array in vars(layer).items()
        if name.startswith("running_")
    ]
    return [net.params().value.copy(), net.params().grad.copy(), *running]


def assert_refused(net, path, match):
    """거절하고, 신경망이 그대로예요."""
    before = everything(net)
    with pytest.raises(SavingError, match=match):
        load(net, path)
    assert all(np.array_equal(a, b) for a, b in zip(everything(net), before, strict=True))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "net.npz"
    save(make(), path)
    return path


# ── 그대로 되돌아와요 ──


class Table(Tanh):
    """통계를 열이 먼저인 차례(Fortran)로 쌓는 층."""

    def __init__(self, start):
        super().__init__()
        self.running_table = np.asfortranarray(np.arange(start, start + 6.0).reshape(2, 3))


def test_statistics_in_any_order_come_back(tmp_path):
    net, other = Sequential(Table(0)), Sequential(Table(10))
    save(net, tmp_path / "net.npz")
    load(other, tmp_path / "net.npz")
    assert other[0].running_table.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_paths_are_texts_or_paths():
    for function in (save, load):
        with pytest.raises(TypeError, match=f"^{function.__name__}: path의 형"):
            function(make(), 3)


def test_no_file_is_read_beyond_what_the_network_needs(path):
    limit = 2 * make().params().value.nbytes + bplib.saving._ROOM
    path.write_bytes(bytes(limit))
    assert_refused(make(), path, "상했거나.*BadZipFile")
    path.write_bytes(bytes(limit + 1))
    assert_refused(make(), path, f"크기가 맞지 않아요. 기대: 이 신경망이라면 {limit}바이트 아래")


@pytest.mark.parametrize("name", [bplib.saving.HEADER, "0.W"])
def test_a_missing_member_is_named(name, path):
    members = {key: value for key, value in contents(path).items() if key != f"{name}.npy"}
    rewrite(path, members.items())
    assert_refused(make(), path, f"{name}[가이] 없어요")


@given(case=cases(dtypes=DTYPES))
def test_round_trip(case: Case, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "net.npz"
    expected = case.net.params().value.copy()
    save(case.net, path)
    case.net.params().value *= 0
    load(case.net, str(path))
    assert case.net.params().value.dtype == expected.dtype
    assert np.array_equal(case.net.params().value, expected)


def test_another_network_of_the_same_shape_becomes_the_same(path):
    net, other = make(seed=0), make(seed=1)
    x = np.array([[0.3, -0.7]])
    assert not np.array_equal(net.forward(x), other.forward(x))
    load(other, path)
    assert np.array_equal(net.forward(x), other.forward(x))


def normalised(seed=0):
    """배치 정규화가 겉에도, 잔차 연결 안에도 있는 신경망."""
    rng = np.random.default_rng(seed)
    inner = Residual(Linear(3, 3, rng=rng), BatchNorm(3), Tanh())
    return Sequential(Linear(2, 3, rng=rng), BatchNorm(3), inner, Linear(3, 1, rng=rng))


def test_running_statistics_come_back(path):
    """배우지 않는 통계까지 되돌아와야, 평가 상태의 출력이 같아요."""
    net, other = normalised(seed=0), normalised(seed=1)
    x = np.random.default_rng(2).standard_normal((20, 2))
    net.forward(x)
    save(net, path)
    load(other, path)
    assert np.array_equal(net.eval().forward(x), other.eval().forward(x))
    assert not np.array_equal(net[1].running_mean, normalised()[1].running_mean)
    assert all(np.array_equal(a, b) for a, b in zip(everything(net)[2:], everything(other)[2:], strict=True))


def test_bad_statistics_change_nothing(path):
    save(normalised(seed=0), path)
    members = contents(path)
    name = "state.4.running_var.npy"
    rewrite(path, {**members, name: npy(np.array([1.0, np.nan, 1.0]))}.items())
    assert_refused(normalised(seed=1), path, "유한한 수")
    rewrite(path, [member for member in members.items() if member[0] != name])
    assert_refused(normalised(seed=1), path, "running_var이 없어요")


def test_numpy_can_read_it(path):
    """bplib이 없어도 열 수 있어요."""
    with np.load(path, allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
        assert header["format"] == "bplib"
        assert header["arrays"][0] == ["0.W", [3, 2], "float64"]
        assert np.array_equal(arrays["0.W"], make()[0].W.value)


# ── 적기 ──


def test_saving_replaces_the_old_file_and_leaves_nothing_else(path):
    save(make(seed=5), path)
    net = make()
    load(net, path)
    assert np.array_equal(net.params().value, make(seed=5).params().value)
    assert list(path.parent.iterdir()) == [path]


def test_old_file_is_replaced_whole_not_overwritten(path):
    """옛 파일에 덧쓰지 않고 새 파일로 바꿔요. 다른 이름으로 쥐고 있던 옛 파일은 온전해요."""
    old, kept = path.read_bytes(), path.with_name("kept")
    os.link(path, kept)
    save(make(seed=5), path)
    assert kept.read_bytes() == old
    assert path.read_bytes() != old


def test_file_has_the_usual_permissions(path):
    plain = path.with_name("plain")
    plain.write_bytes(b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_failure_while_writing_keeps_the_old_file(path, monkeypatch):
    """다 적지 못하고 멈추면 전의 파일이 남고, 임시 파일은 남지 않아요."""
    old = path.read_bytes()

    def stop(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bplib.saving.np, "savez", stop)
    with pytest.raises(SavingError, match=r"net\.npz에 적을 수 없어요"):
        save(make(seed=5), path)
    assert path.read_bytes() == old
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_saved(path):
    with pytest.raises(TypeError, match="Sequential"):
        save(make().params(), path)
    with pytest.raises(TypeError, match="Sequential"):
        load(None, path)
    with pytest.raises(SavingError, match="적을 수 없어요"):
        save(make(), path.parent / "없는 폴더" / "net.npz")
    old, net = path.read_bytes(), make()
    net.params().value[0] = np.nan
    with pytest.raises(SavingError, match="유한한 수"):
        save(net, path)
    assert path.read_bytes() == old


# ── 이 신경망의 것이 아닌 파일 ──


def test_missing_file(tmp_path):
    assert_refused(make(), tmp_path / "없어요.npz", "없어요")
    assert_refused(make(), tmp_path, "없어요")


@pytest.mark.parametrize(
    ("kind", "saved", "wanted"),
    [
        (Conv2d, {"padding": 0}, {"padding": 1}),
        (Conv2d, {"stride": 1}, {"stride": 2}),
        (LeakyReLU, {"slope": 0.01}, {"slope": 0.2}),
        (BatchNorm, {"eps": 1e-5}, {"eps": 1e-3}),
        (GRU, {"padding": False}, {"padding": True}),
        (MaxPool2d, {"size": 2}, {"size": 3}),
    ],
)
def test_another_setting_of_the_same_shape_is_refused(kind, saved, wanted, path):
    """수의 모양은 같아도 다른 것을 계산하는 신경망이에요: 받아들이면 조용히 틀린 출력을 내요."""
    rng = np.random.default_rng(0)
    needed = {Conv2d: {"c_in": 1, "c_out": 2, "size": 3, "rng": rng}, BatchNorm: {"n": 2}}
    needed[GRU] = {"n_in": 2, "n_out": 3, "rng": rng}
    one, other = (Sequential(kind(**needed.get(kind, {}) | setting)) for setting in (saved, wanted))
    save(one, path)
    assert_refused(other, path, f"층이 맞지 않아요. 기대: {kind.__name__}")


def test_settings_of_training_may_differ(path):
    rng = np.random.default_rng(0)
    save(Sequential(Linear(2, 3, rng=rng), BatchNorm(3), Dropout(0.5, rng=rng)), path)
    load(Sequential(Linear(2, 3, rng=rng), BatchNorm(3, momentum=0.5), Dropout(0.1, rng=rng)), path)


def test_two_params_of_one_name_are_refused(path):
    """이름이 같으면 하나만 적혀요."""
    net = Sequential(Linear(2, 3, rng=np.random.default_rng(0)))
    net[0].b.name = "0.W"
    old = path.read_bytes()
    with pytest.raises(SavingError, match="서로 다른 이름"):
        save(net, path)
    assert path.read_bytes() == old


@pytest.mark.parametrize(
    "make_opt",
    [
        lambda params: SGD(params, 0.1),
        lambda params: SGD(params, 0.1, momentum=0.9),
        lambda params: SGD(params, 0.1, momentum=0.9, nesterov=True),
        lambda params: Adam(params, 0.1),
        lambda params: Adam(list(params), 0.1),
    ],
    ids=["sgd", "momentum", "nesterov", "adam", "list"],
)
def test_training_goes_on_as_if_it_had_not_stopped(make_opt, path):
    def build(seed):
        rng = np.random.default_rng(seed)
        return Sequential(Linear(2, 4, rng=rng), BatchNorm(4), Tanh(), Linear(4, 1, rng=rng))

    x, y = datasets.xor()
    arguments = {"epochs": 7, "progress": False}
    whole, half, other = build(0), build(0), build(1)
    opts = [make_opt(net.params()) for net in (whole, half, other)]
    fit(whole, BinaryCrossEntropy(), opts[0], x, y, **arguments | {"epochs": 14})
    fit(half, BinaryCrossEntropy(), opts[1], x, y, **arguments)
    save(half, path, opts[1])
    load(other, path, opts[2])
    fit(other, BinaryCrossEntropy(), opts[2], x, y, **arguments)
    assert other.params().value.tolist() == whole.params().value.tolist()
    assert other[1].running_var.tolist() == whole[1].running_var.tolist()


def test_another_optimizer_is_refused(path):
    net = make()
    save(net, path, Adam(net.params()))
    for opt, match in (
        (None, "기대: None, 받음: Adam"),
        (SGD(net.params(), 0.1), "기대: SGD, 받음: Adam"),
        (Adam(list(net.params())), "배열이"),
    ):
        with pytest.raises(SavingError, match=match):
            load(net, path, opt)
    with pytest.raises(TypeError, match="opt의 형"):
        save(net, path, net)


@pytest.mark.parametrize(
    ("net", "match"),
    [
        (
            make(n_hidden=4),
            r"층이 맞지 않아요\. 기대: Linear\(n_in=2, n_out=4\), 받음: Linear\(n_in=2, n_out=3\)",
        ),
        (make(activation=ReLU), r"층이 맞지 않아요\. 기대: ReLU\(\), 받음: Tanh\(\)"),
        (make(dtype=np.float32), "float32.*float64"),
        (Sequential(Linear(2, 3, rng=np.random.default_rng(0))), "층이"),
        (ledger.network(), "층이"),
    ],
    ids=["width", "activation", "dtype", "depth", "other"],
)
def test_other_architecture(net, match, path):
    assert_refused(net, path, match)


def test_file_far_larger_than_the_network_is_not_read(path):
    """1 TB라고 적힌 빈 파일도 곧바로 거절해요. 읽으려 했다면 기억 장치가 모자랐을 거예요."""
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    assert_refused(make(), path, "더 큰 파일")


# ── 상한 파일 ──


def test_every_truncation_is_refused(path):
    data, net = path.read_bytes(), make(seed=1)
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert_refused(net, path, "상했거나")


def test_every_flipped_byte_is_refused_or_harmless(path):
    """zip의 시각처럼 뜻이 없는 자리는 바뀌어도 되지만, 그때도 읽은 수는 정확히 저장한 수예요."""
    data, saved = path.read_bytes(), make().params().value
    refused = 0
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 1 << at % 8
        path.write_bytes(broken)
        net = make(seed=1)
        before = net.params().value.copy()
        try:
            load(net, path)
        except SavingError:
            assert np.array_equal(net.params().value, before), at
            refused += 1
        else:
            assert np.array_equal(net.params().value, saved), at
    assert refused > 0.75 * len(data)


def test_every_flipped_bit_of_the_numbers_is_refused(path):
    data = path.read_bytes()
    start = data.index(make()[0].W.value.tobytes())
    for bit in range(8 * make()[0].W.value.nbytes):
        broken = bytearray(data)
        broken[start + bit // 8] ^= 1 << bit % 8
        path.write_bytes(broken)
        assert_refused(make(seed=1), path, "상했거나")


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"PK\x03\x04", b"PK\x05\x06" + 18 * b"\0", bytes(range(100, 164))],
    ids=["빈 파일", "글", "zip의 머리", "빈 zip", "아무 바이트"],
)
def test_what_is_not_a_saved_file(content, path):
    path.write_bytes(content)
    assert_refused(make(), path, "상했거나|header가 없어요")


# ── 나쁜 마음으로 만든 파일 ──


class Bomb:
    """pickle로 되살리면 파일을 만들어요."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return os.mkdir, (self.trace,)


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rewrite(path, members, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)


def npy(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), **options)
    return file.getvalue()


def header_only(described, body=b""):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue() + body


def coded_npy(code):
    """npy의 머리말에, 파이썬이라면 실행될 식을 적은 것."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {code}}}".encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + 48 * b"\0"


def object_npy(trace):
    array = np.empty(6, object)
    array[:] = [Bomb(trace) for _ in range(6)]
    return npy(array.reshape(3, 2), allow_pickle=True)


def forged_header(change):
    def forge(data, trace):
        header = json.loads(data[data.index(b"\n") + 1 :])
        change(header)
        return npy(np.frombuffer(json.dumps(header).encode(), np.uint8))

    return forge


HOSTILE = {
    "pickled array": ("0.W.npy", lambda data, trace: object_npy(trace)),
    "pickled header": ("header.npy", lambda data, trace: object_npy(trace)),
    "raw pickle": ("0.W.npy", lambda data, trace: pickle.dumps(Bomb(trace))),
    "raw pickle as header": ("header.npy", lambda data, trace: pickle.dumps(Bomb(trace))),
    "object descr, plain bytes": (
        "0.W.npy",
        lambda data, trace: header_only(
            {"descr": "|O", "fortran_order": False, "shape": (3, 2)}, pickle.dumps(Bomb(trace))
        ),
    ),
    "huge declared shape": (
        "0.W.npy",
        lambda data, trace: header_only(
            {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 1 << 20)}
        ),
    ),
    "negative shape": (
        "0.W.npy",
        lambda data, trace: header_only(
            {"descr": "<f8", "fortran_order": False, "shape": (-3, -2)}, 48 * b"\0"
        ),
    ),
    "columns first": (
        "0.W.npy",
        lambda data, trace: header_only({"descr": "<f8", "fortran_order": True, "shape": (3, 2)}, 48 * b"\0"),
    ),
    "other byte order": ("0.W.npy", lambda data, trace: npy(np.ones((3, 2), ">f8"))),
    "structured": ("0.W.npy", lambda data, trace: npy(np.ones((3, 2), "f4,f4"))),
    "complex": ("0.W.npy", lambda data, trace: npy(np.ones((3, 2), complex))),
    "integers": ("0.W.npy", lambda data, trace: npy(np.ones((3, 2), np.int64))),
    "nan": ("0.W.npy", lambda data, trace: npy(np.full((3, 2), np.nan))),
    "infinity": ("2.b.npy", lambda data, trace: npy(np.array([0.0, np.inf]))),
    "extra bytes": ("0.W.npy", lambda data, trace: data + b"\0"),
    "missing bytes": ("0.W.npy", lambda data, trace: data[:-1]),
    "empty": ("0.W.npy", lambda data, trace: b""),
    "npy version 2": ("0.W.npy", lambda data, trace: npy(np.ones((3, 2)), version=(2, 0))),
    "deep npy header": (
        "0.W.npy",
        lambda data, trace: b"\x93NUMPY\x01\0" + struct.pack("<H", 9000) + b"(" * 9000,
    ),
    "code in the npy header": (
        "0.W.npy",
        lambda data, trace: coded_npy(f"__import__('os').mkdir({str(trace)!r})"),
    ),
    "shape of another kind": ("0.W.npy", lambda data, trace: coded_npy("(True, 2.0)")),
    "object fields": ("0.W.npy", lambda data, trace: npy(np.empty((3, 2), "O,f8"), allow_pickle=True)),
    "huge number in json": (
        "header.npy",
        lambda data, trace: npy(np.frombuffer(b'{"format": ' + 10_000 * b"9" + b"}", np.uint8)),
    ),
    "not unicode": ("header.npy", lambda data, trace: npy(np.frombuffer(b'{"format": "\xff"}', np.uint8))),
    "nan version": ("header.npy", forged_header(lambda h: h.update(version=float("nan")))),
    "deep json": ("header.npy", lambda data, trace: npy(np.frombuffer(b"[" * 60_000, np.uint8))),
    "json of another kind": ("header.npy", lambda data, trace: npy(np.frombuffer(b"[1, 2]", np.uint8))),
    "not json": ("header.npy", lambda data, trace: npy(np.frombuffer(b"__import__('os')", np.uint8))),
    "other format": ("header.npy", forged_header(lambda h: h.update(format="torch"))),
    "later version": ("header.npy", forged_header(lambda h: h.update(version=3))),
    "no version": ("header.npy", forged_header(lambda h: h.pop("version"))),
    "renamed array": ("header.npy", forged_header(lambda h: h["arrays"][0].__setitem__(0, "0.V"))),
    "lying shape": ("header.npy", forged_header(lambda h: h["arrays"][0].__setitem__(1, [2, 3]))),
    "one array less": ("header.npy", forged_header(lambda h: h["arrays"].pop())),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_member(name, path, tmp_path):
    member, forge = HOSTILE[name]
    trace = tmp_path / "executed"
    members = contents(path)
    assert member in members
    rewrite(path, {**members, member: forge(members[member], trace)}.items())
    assert_refused(make(seed=1), path, "[가-힣]")
    assert not trace.exists()


def test_bombs_are_real(tmp_path):
    """위의 파일들이 정말로, pickle로 열었다면 코드를 실행했을까?"""
    pickle.loads(pickle.dumps(Bomb(tmp_path / "raw")))
    with pytest.raises(FileExistsError):
        np.load(io.BytesIO(object_npy(tmp_path / "array")), allow_pickle=True)
    assert (tmp_path / "raw").exists()
    assert (tmp_path / "array").exists()


def test_pickle_file_is_refused(path, tmp_path):
    path.write_bytes(pickle.dumps(Bomb(tmp_path / "executed")))
    assert_refused(make(), path, "상했거나")
    assert not (tmp_path / "executed").exists()


def test_zip_bomb_is_not_inflated(path):
    """압축을 풀면 4 GB가 되는 작은 파일. 하나라도 압축했으면 풀지 않아요."""
    members = contents(path)
    rewrite(path, members.items(), zipfile.ZIP_DEFLATED)
    assert_refused(make(), path, "압축했거나")
    zeros = bytes(1 << 22)
    rewrite(path, [*members.items(), ("bomb.npy", zeros)], zipfile.ZIP_DEFLATED)
    assert_refused(make(), path, "압축했거나")


def test_members_that_share_their_bytes_are_refused(path):
    """같은 자리를 여러 번 가리켜 파일보다 큰 것을 읽게 하는 zip."""
    members = contents(path)
    big = ("big.npy", bytes(30_000))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*members.items(), big]:
            archive.writestr(name, data)
        for copy in range(100):
            info = zipfile.ZipInfo(f"{copy}.npy")
            for key in ("header_offset", "CRC", "compress_size", "file_size"):
                setattr(info, key, getattr(archive.getinfo("big.npy"), key))
            archive.filelist.append(info)
    assert_refused(make(), path, "자리가 겹쳐요")


@pytest.mark.parametrize(
    "extra", [("0.W.npy", npy(np.zeros((3, 2)))), ("../evil.npy", b"x"), ("evil.py", b"x"), ("0.W", b"x")]
)
def test_extra_members_are_refused(extra, path):
    members = contents(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 이름이 겹친다고 zipfile이 알려요
        rewrite(path, [*members.items(), extra])
    assert_refused(make(), path, "이름이")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_kind_of_compression_is_read(compression, path):
    rewrite(path, contents(path).items(), compression)
    assert_refused(make(), path, "압축했거나")


def test_a_file_that_says_it_is_larger_than_it_is(path):
    """4 GB라고 적힌 배열. 적힌 만큼 자리를 잡으려 했다면 기억 장치가 모자랐을 거예요."""
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 20 : entry + 28] = struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)
    path.write_bytes(data)
    assert_refused(make(seed=1), path, "[가-힣]")


def test_locked_with_a_password(path):
    data = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag] |= 1
    path.write_bytes(data)
    assert_refused(make(seed=1), path, "상했거나")


def test_a_script_in_front_is_not_run(path, tmp_path):
    """앞에 실행 파일을 붙인 zip도 zip이에요. 읽더라도 수만 읽어요."""
    path.write_bytes(f"#!/bin/sh\ntouch {tmp_path}/executed\n".encode() + path.read_bytes())
    net = make(seed=1)
    load(net, path)
    assert np.array_equal(net.params().value, make().params().value)
    assert not (tmp_path / "executed").exists()


def test_what_is_not_an_ordinary_file(path):
    """이름 붙은 관(FIFO)은 열면 끝없이 기다리고, /dev/zero는 끝이 없어요. 보통 파일이 아니면 열지 않아요."""
    pipe, loop = path.with_name("pipe"), path.with_name("loop")
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for place in (pipe, loop, "/dev/zero", "이름\0", "\ud800", "가" * 300):
        assert_refused(make(), place, "없어요")


@pytest.mark.parametrize("place", ["이름\0", "\ud800", "가" * 300], ids=["0이 든", "반쪽 글자", "긴"])
def test_names_no_file_can_have(place, path, monkeypatch):
    monkeypatch.chdir(path.parent)
    with pytest.raises(SavingError, match="적을 수 없어요"):
        save(make(), place)
    assert list(path.parent.iterdir()) == [path]


def test_missing_array_is_refused(path):
    members = contents(path)
    rewrite(path, [(name, data) for name, data in members.items() if name != "2.b.npy"])
    assert_refused(make(), path, r"배열 2\.b이 없어요")


def test_late_fault_changes_nothing(path):
    """마지막 배열만 나쁠 때: 앞의 배열을 먼저 적어 버리면 여기서 걸려요."""
    members = contents(path)
    rewrite(path, {**members, "2.b.npy": npy(np.array([np.nan, 0.0]))}.items())
    assert_refused(make(seed=1), path, "유한한 수")


def test_sigmoid_network_of_the_ledger(tmp_path):
    """장부의 수가 글자 하나 다르지 않게 되돌아와요."""
    net = ledger.network()
    assert isinstance(net[1], Sigmoid)
    save(net, tmp_path / "ledger.npz")
    net.params().value = np.zeros(net.params().size)
    load(net, tmp_path / "ledger.npz")
    assert np.array_equal(net[0].W.value, ledger.LEDGER.W1)
