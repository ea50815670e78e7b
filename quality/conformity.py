#!/usr/bin/env python3
"""tests/data/conformity의 공개된 사례를 만들어요: onnx 꾸러미의 시험 자료, PyTorch가 계산한 답.

    python quality/conformity.py onnx       onnx==1.16.2가 있는 (따로 만든) 환경에서
    python quality/conformity.py pytorch    requirements/dev.txt의 torch로

사례 하나는 연산의 이름과 설정, 그리고 배열들이에요. 시험(tests/test_conformity.py)은 그 파일만 읽으니, onnx도
torch도 쓰지 않아요.
입력은 8분의 1의 배수라서 같은 값과 0이 자주 나오고(풀링의 동점, ReLU의 꺾인 점), 파일이 작아요.
"""

import glob
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).resolve().parent.parent / "tests" / "data" / "conformity"
Case = tuple[str, str, dict[str, Any], dict[str, Any]]  # 이름, 연산, 설정, 배열

NAMES = """
identity relu leakyrelu leakyrelu_default leakyrelu_example sigmoid sigmoid_example tanh tanh_example
basic_conv_with_padding basic_conv_without_padding conv_with_strides_padding conv_with_strides_no_padding
maxpool_2d_precomputed_strides flatten_axis1 flatten_default_axis flatten_negative_axis3
gemm_default_no_bias gemm_default_scalar_bias gemm_default_single_elem_vector_bias gemm_default_vector_bias
gemm_default_zero_bias gemm_transposeA gemm_transposeB matmul_2d
softmax_example softmax_large_number logsoftmax_example_1 logsoftmax_large_number sce_mean sce_none sce_sum
simple_rnn_defaults simple_rnn_with_initial_bias simple_rnn_batchwise rnn_seq_length
gru_defaults gru_with_initial_bias gru_batchwise gru_seq_length
batchnorm_example batchnorm_epsilon batchnorm_example_training_mode batchnorm_epsilon_training_mode
dropout_default training_dropout_zero_ratio momentum momentum_multiple nesterov_momentum adam adam_multiple
"""


def write(name: str, cases: Iterator[Case]) -> None:
    """배열은 자료형마다 한 줄로 이어 붙이고, 어디부터 어떤 모양인지를 사례에 적어요. 하나하나 묶는 것보다 작아요."""
    listed, lines = [], {}
    for title, op, settings, values in cases:
        places = {}
        for key, value in values.items():
            array = np.asarray(value)
            line = lines.setdefault(array.dtype.str[1:], [])
            places[key] = [array.dtype.str[1:], array.shape, sum(map(len, line))]
            line.append(array.reshape(-1))
        listed.append({"name": title, "op": op, "settings": settings, "arrays": places})
    OUT.mkdir(parents=True, exist_ok=True)
    joined = {dtype: np.concatenate(line) for dtype, line in lines.items()}
    np.savez_compressed(OUT / f"{name}.npz", cases=np.array(json.dumps(listed)), **joined)
    print(f"{name}: 사례 {len(listed)}개, {(OUT / f'{name}.npz').stat().st_size:,}바이트")


def onnx_cases() -> Iterator[Case]:
    """연산 하나짜리 모형과 그 입력, 출력."""
    import onnx

    folder = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"
    for name in NAMES.split():
        (node,) = onnx.load(folder / f"test_{name}" / "model.onnx").graph.node
        settings = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        settings = {
            key: value.decode() if isinstance(value, bytes) else value for key, value in settings.items()
        }
        arrays = {}
        for kind in ("input", "output"):
            for path in glob.glob(f"{folder}/test_{name}/test_data_set_0/{kind}_*.pb"):
                number = path.rsplit("_", 1)[1].removesuffix(".pb")
                tensor = onnx.TensorProto.FromString(Path(path).read_bytes())
                arrays[f"{kind}_{number}"] = onnx.numpy_helper.to_array(tensor)
        yield name, node.op_type, settings, arrays


class Torch:
    """PyTorch가 답을 낸 사례들."""

    def __init__(self) -> None:
        import torch

        self.torch, self.rng = torch, np.random.default_rng(0)

    def eighths(self, *shape: int, dtype: str = "f8") -> np.ndarray:
        return (self.rng.integers(-16, 17, shape) / 8).astype(dtype)

    def answered(self, module: Any, x: np.ndarray, **more: Any) -> dict[str, np.ndarray]:
        """module의 출력, 그리고 임의의 δ에 대한 입력과 배우는 수의 기울기."""
        given = self.torch.tensor(x, requires_grad=x.dtype.kind == "f")
        out = module(given)
        out = out[0] if isinstance(out, tuple) else out
        delta = self.eighths(*out.shape, dtype=str(out.detach().numpy().dtype))
        out.backward(self.torch.tensor(delta))
        arrays = {"x": x, "out": out.detach().numpy(), "delta": delta, **more}
        if given.requires_grad:
            arrays["grad_x"] = given.grad.numpy()
        for name, param in getattr(module, "named_parameters", dict)():
            arrays |= {name: param.detach().numpy(), f"grad_{name}": param.grad.numpy()}
        return arrays

    def module(self, kind: str, dtype: str, *args: Any, **settings: Any) -> Any:
        made = getattr(self.torch.nn, kind)(*args, **settings)
        made = made.double() if dtype == "f8" else made
        for param in made.parameters():
            param.data = self.torch.tensor(self.eighths(*param.shape, dtype=dtype))
        return made

    def layers(self) -> Iterator[Case]:
        """모양, 걸음, 두른 0, 자료형의 격자."""
        for n, i, o, dtype in itertools.product((1, 3), (1, 4), (1, 3), ("f4", "f8")):
            module = self.module("Linear", dtype, i, o)
            yield (
                f"linear {n} {i} {o} {dtype}",
                "Linear",
                {},
                self.answered(module, self.eighths(n, i, dtype=dtype)),
            )
        for (i, o), size, stride, padding in itertools.product(
            ((1, 2), (2, 1)), (1, 2, 3), (1, 2, 3), (0, 1, 2)
        ):
            module = self.module("Conv2d", "f8", i, o, size, stride=stride, padding=padding)
            name, settings = f"conv {i}→{o} {size} {stride} {padding}", {"stride": stride, "padding": padding}
            yield name, "Conv2d", settings, self.answered(module, self.eighths(2, i, 5, 4))
        for size, (h, w) in itertools.product((1, 2, 3), ((3, 3), (4, 5), (7, 6))):
            x = self.eighths(2, 2, h, w).round()  # 정수라 동점이 많아요
            yield (
                f"pool {size} {h}×{w}",
                "MaxPool2d",
                {"size": size},
                self.answered(self.torch.nn.MaxPool2d(size), x),
            )
        far = np.array([[0.0, -0.0, 1e-300, -1e-300, 1e4, -1e4, 30.0, -30.0, 0.5, -0.5]])
        for kind, settings in (
            ("ReLU", {}),
            ("Sigmoid", {}),
            ("Tanh", {}),
            *(("LeakyReLU", {"negative_slope": slope}) for slope in (0.0, 0.01, 0.3)),
        ):
            for title, x in (("far", far), ("float32", far.astype("f4")), ("one", self.eighths(1, 1))):
                name = f"{kind.lower()} {settings.get('negative_slope', '')} {title}"
                yield name, kind, settings, self.answered(self.module(kind, "f8", **settings), x)
        for n, eps, momentum in itertools.product((2, 7), (1e-5, 0.1), (0.1, 0.5)):
            settings = {"eps": eps, "momentum": momentum}
            module = self.module("BatchNorm1d", "f8", 3, **settings)
            trained = self.answered(module, self.eighths(n, 3))
            running = {
                f"running_{key}": getattr(module, f"running_{key}").numpy().copy() for key in ("mean", "var")
            }
            yield f"batchnorm {n} {eps} {momentum}", "BatchNorm", settings, trained | running
            module.zero_grad()
            measured = self.answered(module.eval(), self.eighths(n, 3)) | running
            yield f"batchnorm eval {n} {eps} {momentum}", "BatchNorm", settings | {"eval": True}, measured

    def sequences(self) -> Iterator[Case]:
        """임베딩, 순환층, 어텐션. 길이 1과 표본 하나도."""
        for padding in (None, 0):
            module = self.module("Embedding", "f8", 5, 3, padding_idx=padding)
            if padding == 0:
                module.weight.data[0] = 0
            words = self.rng.integers(0, 5, (3, 4))
            yield f"embedding {padding}", "Embedding", {"padding": padding == 0}, self.answered(module, words)
        for kind, n, t in itertools.product(("RNN", "GRU"), (1, 3), (1, 5)):
            module = self.module(kind, "f8", 2, 3, batch_first=True)
            yield f"{kind.lower()} {n} {t}", kind, {}, self.answered(module, self.eighths(n, t, 2))
        attend = self.torch.nn.functional.scaled_dot_product_attention
        for n, t in itertools.product((1, 3), (1, 4)):
            module = self.module("Linear", "f8", 2, 9, bias=False)

            def head(x: Any, module: Any = module) -> Any:
                return attend(*module(x).split(3, dim=2))

            arrays = self.answered(head, self.eighths(n, t, 2))
            arrays |= {"weight": module.weight.detach().numpy(), "grad_weight": module.weight.grad.numpy()}
            yield f"attention {n} {t}", "SelfAttention", {}, arrays

    def losses(self) -> Iterator[Case]:
        """평균한 손실. 표본 하나, 출력 하나, 아주 큰 z도."""
        F = self.torch.nn.functional
        for n, k, scale, dtype in itertools.product((1, 4), (1, 3), (1, 1e4), ("f4", "f8")):
            z, labels = (
                self.eighths(n, k, dtype=dtype) * np.dtype(dtype).type(scale),
                self.rng.integers(0, k, n),
            )
            part = self.rng.dirichlet(np.ones(k), n).astype(dtype)
            for kind, function, y in (
                ("MeanSquaredError", F.mse_loss, self.eighths(n, k, dtype=dtype)),
                (
                    "BinaryCrossEntropy",
                    F.binary_cross_entropy_with_logits,
                    (self.rng.random((n, k)) > 0.5) * z.dtype.type(1),
                ),
                ("SoftmaxCrossEntropy", F.cross_entropy, labels),
                ("SoftmaxCrossEntropy", F.cross_entropy, part),
            ):
                given = self.torch.tensor(z, requires_grad=True)
                E = function(given, self.torch.tensor(y))
                E.backward()
                name = f"{kind} {n} {k} {scale:g} {dtype} {y.ndim}"
                yield name, kind, {}, {"z": z, "y": y, "E": E.item(), "grad": given.grad.numpy()}

    def optimizers(self) -> Iterator[Case]:
        """기울기 100개를 차례로 주었을 때 지나간 자리."""
        for kind, settings in (
            ("SGD", {"lr": 0.1}),
            ("SGD", {"lr": 0.1, "momentum": 0.9}),
            ("SGD", {"lr": 0.1, "momentum": 0.5, "nesterov": True}),
            ("Adam", {"lr": 0.01}),
            ("Adam", {"lr": 0.5, "betas": [0.5, 0.9], "eps": 0.1}),
            ("Adam", {"lr": 0.01, "betas": [0.0, 0.0]}),
        ):
            w = self.torch.tensor(self.eighths(3), requires_grad=True)
            opt = getattr(self.torch.optim, kind)([w], **settings)
            start, grads, path = w.detach().numpy().copy(), self.eighths(100, 3), []
            for g in grads:
                w.grad = self.torch.tensor(g)
                opt.step()
                path.append(w.detach().numpy().copy())
            yield (
                f"{kind} {settings}",
                kind,
                settings,
                {"start": start, "grads": grads, "path": np.array(path)},
            )

    def schedules(self) -> Iterator[Case]:
        """걸음마다의 학습률."""
        S = self.torch.optim.lr_scheduler
        for kind, ours, settings, steps in (
            (S.StepLR, {"drop": 0.3, "every": 4}, {"gamma": 0.3, "step_size": 4}, 30),
            (S.CosineAnnealingLR, {"total": 20}, {"T_max": 20}, 21),
            (S.CosineAnnealingLR, {"total": 20, "lr_min": 0.1}, {"T_max": 20, "eta_min": 0.1}, 21),
            (S.CosineAnnealingWarmRestarts, {"period": 7}, {"T_0": 7}, 40),
            (
                S.CosineAnnealingWarmRestarts,
                {"period": 3, "mult": 2, "lr_min": 0.05},
                {"T_0": 3, "T_mult": 2, "eta_min": 0.05},
                60,
            ),
        ):
            opt = self.torch.optim.SGD([self.torch.zeros(1, requires_grad=True)], lr=0.8)
            schedule, rates = kind(opt, **settings), []
            for _ in range(steps):
                rates.append(opt.param_groups[0]["lr"])
                opt.step()
                schedule.step()
            yield (
                f"{kind.__name__} {settings}",
                kind.__name__,
                {"lr": 0.8, **ours},
                {"rates": np.array(rates)},
            )

    def cases(self) -> Iterator[Case]:
        for part in (self.layers, self.sequences, self.losses, self.optimizers, self.schedules):
            yield from part()


if __name__ == "__main__":
    for which in sys.argv[1:]:
        write(which, onnx_cases() if which == "onnx" else Torch().cases())
