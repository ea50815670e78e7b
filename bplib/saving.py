"""저장: 배운 수를 파일에 적고, 같은 모양의 신경망에 되돌려요. 파일에는 수만 있고 코드는 없어요.

>>> from bplib import ledger, load, save
>>> net = ledger.network()
>>> save(net, "장부.npz")  # doctest: +SKIP
>>> load(net, "장부.npz")  # doctest: +SKIP

파일은 NumPy의 .npz예요. ``header``에 형식의 이름과 판, 층과 그 설정(stride, slope …), 배열마다의 이름·모양·dtype이
JSON으로 적혀 있고, 나머지는 배열이에요. 배우는 수와 함께, 이름이 ``running_``으로 시작하는 배열(배치 정규화의 통계)도
적고, opt를 주면 최적화의 기억(모멘텀의 v, Adam의 m, v, t)도 적어요.
압축하지 않고, pickle을 쓰지 않아요. 그래서 남이 준 파일을 열어도 코드가 실행되지 않고, 읽기 전에 크기를 알 수
있어요.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bplib._checks import all_finite, check_type, describe, report
from bplib.layers import Layer, Sequential, every_layer
from bplib.optim import Optimizer

FORMAT = "bplib"
VERSION = 2
HEADER = "header"
TRAINING_ONLY = ("training", "p", "momentum", "truncate")  # 배울 때만 쓰는 설정은 달라도 같은 신경망이에요
_ROOM = 1 << 16  # zip과 npy의 머리말이 차지하는 자리. 배열 하나에 수백 바이트예요

Arrays = dict[str, npt.NDArray[Any]]


class SavingError(ValueError):
    """저장하거나 불러오지 못했어요. 신경망은 그대로예요."""


def save(net: Sequential, path: str | os.PathLike[str], opt: Optimizer | None = None) -> None:
    """배우는 수와 층의 통계(배치 정규화의 running_mean, running_var)를 파일 하나에 적어요.

    opt를 주면 최적화의 기억도 적어요. 그러면 load한 다음 끊지 않은 것처럼 이어서 배워요(학습률과 rng는 적지 않아요).
    임시 파일에 다 적은 뒤에 이름을 바꾸므로, 도중에 멈춰도 전에 있던 파일은 온전해요.
    net이 Sequential이 아니거나 opt가 최적화가 아니면 TypeError, 이름이 겹치거나 수가 유한하지 않거나 적을 수 없으면
    SavingError.
    """
    arrays = _arrays(net, opt)
    for name, array in arrays.items():
        if not all_finite(array):
            raise SavingError(report("save", f"{name}의 값이", "유한한 수", "NaN이나 무한대"))
    header = json.dumps(_header(net, arrays, opt), ensure_ascii=False).encode()
    contents: dict[str, Any] = {HEADER: np.frombuffer(header, np.uint8)}
    contents.update({name: np.asarray(array, order="C") for name, array in arrays.items()})
    path = _path("save", path)
    try:
        with _replacing(path) as file:
            np.savez(file, **contents)
    except (OSError, ValueError) as error:  # 이름에 적을 수 없는 글자가 있으면 ValueError예요
        raise SavingError(f"save: {path.name}에 적을 수 없어요. {type(error).__name__}: {error}") from error


def load(net: Sequential, path: str | os.PathLike[str], opt: Optimizer | None = None) -> None:
    """save가 적은 파일의 수를 같은 신경망 net에 되돌려요. 다 살핀 뒤에 한꺼번에 적어요.

    층의 설정(padding, stride, slope, ε …)도 같아야 해요. 배울 때만 쓰는 p, momentum, truncate는 달라도 돼요.
    save에 opt를 주었으면 load에도 같은 것을 주세요. net이 Sequential이 아니거나 opt가 최적화가 아니면 TypeError.
    파일이 없거나, 상했거나, 이 신경망의 것이 아니거나, 너무 크거나, pickle이 들어 있으면 SavingError이고, net은
    그대로예요.
    """
    arrays = _arrays(net, opt)
    path = _path("load", path)
    data = _read(path, limit=2 * sum(array.nbytes for array in arrays.values()) + _ROOM)
    try:
        members = _members(data)
        _check_header(members.pop(HEADER, b""), _header(net, arrays, opt))
        loaded = {name: _array(name, members.pop(name, b""), array) for name, array in arrays.items()}
        if members:
            raise SavingError(report("load", "파일에 든 이름이", list(arrays), [*arrays, *members]))
    except SavingError as error:
        raise SavingError(f"{error} ({path.name})") from error
    except Exception as error:  # 상한 파일은 zipfile과 numpy에서 온갖 오류를 내요
        kind = type(error).__name__
        raise SavingError(f"load: {path.name}이 상했거나, save로 적은 파일이 아니에요. {kind}") from error
    for name, array in arrays.items():
        array[...] = loaded[name]
    if opt is not None:
        opt._restore({name: loaded[f"opt.{name}"] for name in opt.state()})


def _arrays(net: Sequential, opt: Optimizer | None) -> Arrays:
    """저장할 배열들: 배우는 수, 층이 running_…이라는 이름에 쌓는 통계, 최적화의 기억. 복사하지 않아요."""
    check_type("save, load", "net", net, Sequential)
    try:
        arrays: Arrays = {name: param.value for name, param in net.params().by_name().items()}
    except ValueError as error:
        raise SavingError(f"save, load: {error}") from error
    for index, layer in enumerate(every_layer(net)):
        running = {name: array for name, array in vars(layer).items() if name.startswith("running_")}
        arrays.update({f"state.{index}.{name}": array for name, array in running.items()})
    if opt is not None:
        check_type("save, load", "opt", opt, Optimizer)
        arrays.update({f"opt.{name}": array for name, array in opt.state().items()})
    return arrays


def _path(who: str, path: str | os.PathLike[str]) -> Path:
    """파일의 자리. 글이나 Path가 아니면 TypeError."""
    check_type(who, "path", path, (str, os.PathLike), "글이나 Path")
    return Path(path)


def _settings(layer: Layer) -> str:
    """층의 형과 설정: "Conv2d(c_in=1, …, padding=1)". 설정은 층의 공개된 수와 글이고, 배울 때만 쓰는 것은 빼요."""
    kept = [
        f"{name}={value!r}"
        for name, value in vars(layer).items()
        if isinstance(value, bool | int | float | str) and name[0] != "_" and name not in TRAINING_ONLY
    ]
    return f"{type(layer).__name__}({', '.join(kept)})"


def _header(net: Sequential, arrays: Arrays, opt: Optimizer | None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "layers": [_settings(layer) for layer in every_layer(net)],
        "optimizer": None if opt is None else type(opt).__name__,
        "arrays": [[name, list(array.shape), str(array.dtype)] for name, array in arrays.items()],
    }


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Any]:
    """옆의 임시 파일에 적게 하고, 다 적으면 path로 바꿔요. 실패하면 임시 파일을 지워요."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # 이름을 바꾸기 전에 디스크에 닿게 해요
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path, limit: int) -> bytes:
    """limit 바이트까지만 읽어요. 더 큰 파일은 열어 보지 않고 거절해요."""
    try:
        if not path.is_file():
            raise SavingError(f"load: {path.name}이라는 파일이 없어요.")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except SavingError:
        raise
    except (OSError, ValueError) as error:
        raise SavingError(f"load: {path.name}을 읽을 수 없어요. {type(error).__name__}: {error}") from error
    if len(data) > limit:
        raise SavingError(
            report("load", f"{path.name}의 크기가", f"이 신경망이라면 {limit}바이트 아래", "더 큰 파일")
        )
    return data


def _members(data: bytes) -> dict[str, bytes]:
    """zip 속의 것을 이름마다 꺼내요. 압축한 것은 풀지 않으니, 파일보다 커질 수 없어요."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos.values())
        size = sum(info.file_size for info in infos.values())
        if not stored or len(infos) < len(archive.infolist()) or size > len(data):
            raise SavingError("load: save로 적은 파일이 아니에요. 압축했거나 이름이나 자리가 겹쳐요.")
        return {name: archive.read(info) for name, info in infos.items()}  # 읽으며 CRC도 맞춰 봐요


def _check_header(data: bytes, wanted: dict[str, Any]) -> None:
    """머리말이 이 신경망의 것인지 봐요. 다르면 무엇이 다른지 알려요."""
    if not data:
        raise SavingError(f"load: save로 적은 파일이 아니에요. {HEADER}가 없어요.")
    found = json.loads(_payload(data)[1])
    for key, what in (
        ("format", "형식이"),
        ("version", "형식의 판이"),
        ("layers", "층이"),
        ("optimizer", "최적화가"),
        ("arrays", "배열이"),
    ):
        if found[key] != wanted[key]:
            raise SavingError(report("load", what, *_difference(wanted[key], found[key])))


def _difference(wanted: Any, found: Any) -> tuple[Any, Any]:
    """목록이면 처음으로 다른 것만, 아니면 그대로."""
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return next((a, b) for a, b in zip(wanted, found, strict=True) if a != b)
    return wanted, found


def _payload(data: bytes) -> tuple[tuple[Any, ...], bytes]:
    """npy 하나를 (모양, 열 우선인지, dtype)과 나머지 바이트로 나눠요. 배열은 아직 만들지 않아요."""
    file = io.BytesIO(data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise SavingError(report("load", "npy의 판이", (1, 0), "다른 판"))
    described = np.lib.format.read_array_header_1_0(file)
    return described, file.read()


def _array(name: str, data: bytes, model: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """npy 하나를 model과 모양도 dtype도 같은 유한한 배열로 읽어요. pickle이 든 것은 dtype이 달라 걸려요."""
    if not data:
        raise SavingError(f"load: 배열 {name}이 없어요.")
    (*described, dtype), body = _payload(data)
    if (described, dtype, len(body)) != ([model.shape, False], model.dtype, model.nbytes):
        raise SavingError(report("load", f"배열 {name}이", describe(model), f"{described[0]} {dtype} 배열"))
    array = np.frombuffer(body, model.dtype).reshape(model.shape)
    if not all_finite(array):
        raise SavingError(report("load", f"{name}의 값이", "유한한 수", "NaN이나 무한대"))
    return array
