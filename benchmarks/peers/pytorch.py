"""PyTorch. 즉시 실행(eager)은 고치기의 세 구현(loop, foreach, fused)을 모두 재요.

compile은 torch.compile이 순전파, 손실, 역전파를 미리 기계어로 옮긴 것이에요. 고치기는 fused예요.
"""

import os
import shutil

import numpy as np
import torch
from torch import nn

from peers.work import LR, CannotDo, Op, Work

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
VARIANTS = {
    "loop": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
    "compile": {"fused": True},
}


class LastState(nn.Module):
    """GRU의 마지막 상태."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.gru = nn.GRU(n_in, n_out, batch_first=True)
        # b_ih와 b_hh의 앞 두 몫은 언제나 더해져 쓰여요. 하나만 배우게 해야 다른 도구와 같은 신경망이에요
        only_new = torch.zeros(3 * n_out)
        only_new[2 * n_out :] = 1
        bias = self.gru.bias_hh_l0
        bias.register_hook(lambda grad, mask=only_new: grad * mask.to(grad.dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.gru(x)[0][:, -1]


def layer(op: Op) -> nn.Module:
    match op.kind:
        case "linear":
            return nn.Linear(op.n_in, op.n_out)
        case "conv":
            return nn.Conv2d(op.n_in, op.n_out, 3, padding=1)
        case "gru":
            return LastState(op.n_in, op.n_out)
        case "pool":
            return nn.MaxPool2d(2)
    return {"tanh": nn.Tanh, "relu": nn.ReLU, "flatten": nn.Flatten}[op.kind]()


class Runner:
    def __init__(self, work: Work, dtype: str, optimizer: str, variant: str = "foreach") -> None:
        if variant == "compile" and (dtype != "float32" or torch.get_num_threads() > 1):
            raise CannotDo("float32와 실 하나만 옮겼어요")  # 옮기는 데 일감마다 몇 초에서 몇십 초가 걸려요
        if variant == "compile" and not shutil.which(os.environ.get("CXX", "g++")):
            raise CannotDo("C++ 컴파일러(g++)가 없어요")
        x, y = work.data(dtype)
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.net = nn.Sequential(*map(layer, work.ops)).to(self.x.dtype)
        self._fill(work, dtype)
        self.loss = nn.BCEWithLogitsLoss() if work.n_out == 1 else nn.CrossEntropyLoss()
        make = getattr(torch.optim, optimizer)
        self.opt = make(self.net.parameters(), lr=LR[optimizer], **VARIANTS[variant])
        self.forward = torch.compile(self._forward) if variant == "compile" else self._forward

    def _forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.loss(self.net(x), y)

    def _fill(self, work: Work, dtype: str) -> None:
        with torch.no_grad():
            for op, layer, values in zip(work.ops, self.net, work.split(work.params(dtype)), strict=True):
                if op.kind == "gru":
                    values = [*values[:3], np.concatenate([np.zeros(2 * op.n_out, dtype), values[3]])]
                for param, value in zip(layer.parameters(), values, strict=True):
                    param.copy_(torch.from_numpy(value))

    def step(self) -> float:
        self.opt.zero_grad()
        loss = self.forward(self.x, self.y)
        loss.backward()
        self.opt.step()
        return loss.item()

    def params(self) -> list[np.ndarray]:
        made = []
        for layer in self.net:
            values = [param.detach().numpy() for param in layer.parameters()]
            if isinstance(layer, LastState):
                values[3] = values[3][2 * layer.gru.hidden_size :]
            made += values
        return made


start = Runner
