"""Modules of torch's own parts, each with a forward that returns one scalar."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Expression(nn.Module):
    """The lecture's y = 3a + ab."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return 3 * a + a * b


class Chain(nn.Module):
    """Many small operations, one after the other, on four numbers."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def forward(self, x: Tensor) -> Tensor:
        for k in range(self.length - 1):
            match k % 4:
                case 0:
                    x = x * 1.01
                case 1:
                    x = torch.sin(x)
                case 2:
                    x = x + 0.5
                case _:
                    x = torch.tanh(x)
        return x.sum()


class Perceptron(nn.Module):
    """Three layers and cross-entropy."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)
        )

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(self.layers(x), target)


class Block(nn.Module):
    """Two convolutions with batch norm, and a way around them."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(after), nn.BatchNorm2d(after)
        same = before == after and stride == 1
        self.around: nn.Module = (
            nn.Identity()
            if same
            else nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        inner = self.norm2(self.second(F.relu(self.norm1(self.first(x)))))
        return F.relu(inner + self.around(x))


class ResNet(nn.Module):
    """The shape of ResNet-18: a stem, eight blocks in four widths, one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        )
        widths = (64, 128, 256, 512)
        blocks: list[nn.Module] = []
        before = 64
        for after in widths:
            blocks += [Block(before, after, 1 if after == 64 else 2), Block(after, after, 1)]
            before = after
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(512, 10)

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        seen = self.blocks(self.stem(x)).mean(dim=(2, 3))
        return F.cross_entropy(self.head(seen), target)


class Attention(nn.Module):
    """One GPT-2 block: causal attention and a feed-forward part, each with layer norm."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        shape = (batch, length, self.heads, width // self.heads)
        q, k, v = (
            part.view(shape).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(width, dim=2)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        onward: Tensor = self.down(F.gelu(self.up(self.norm2(x))))
        return x + onward


class Gpt(nn.Module):
    """A small GPT-2: four blocks of width 256 over 64 tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self.place = nn.Embedding(1000, 256), nn.Embedding(64, 256)
        self.blocks = nn.Sequential(*(Attention(256, 4) for _ in range(4)))
        self.norm = nn.LayerNorm(256)

    def forward(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device)
        seen = self.norm(self.blocks(self.token(tokens) + self.place(places)))
        scores = seen @ self.token.weight.T
        return F.cross_entropy(scores[:, :-1].flatten(0, 1), tokens[:, 1:].flatten())


class Unrolled(nn.Module):
    """An LSTMCell called once a step."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(16, 32)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[1], 32)
        for now in x:
            h, c = self.cell(now, (h, c))
        return h.square().mean()
