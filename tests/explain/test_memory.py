"""What torch keeps for the backward: the bytes that its own hooks for saved tensors see."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.cli.main import main
from graphstep.errors import InputError
from graphstep.explain.memory import sized


def packed(function: Callable[[Tensor], Tensor], x: Tensor) -> dict[int, int]:
    """Map each piece of memory that torch's hooks are handed to its bytes."""
    kept: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = function(x)
    assert result.requires_grad
    return {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in kept}


def normalised() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2)), (5, 3)),
        (normalised, (2, 3, 8, 8)),
        (lambda: nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True), (2, 3, 8)),
    ],
    ids=["linear", "convolution", "transformer"],
)
def test_the_total_is_what_torch_was_handed(
    make: Callable[[], nn.Module], shape: tuple[int, ...]
) -> None:
    torch.manual_seed(0)
    model, x = make(), torch.randn(shape, requires_grad=True)

    def loss(x: Tensor) -> Tensor:
        found: Tensor = model(x)
        return found.tanh().sum()

    found = gs.trace(loss, x).memory()
    handed = packed(loss, x)
    assert found.total == sum(handed.values())
    leaves = {leaf.untyped_storage().data_ptr() for leaf in (x, *model.parameters())}
    assert found.given == sum(size for place, size in handed.items() if place in leaves) > 0
    assert found.total - found.given == sum(one.fresh for one in found.saved)


def test_shared_memory_counts_once() -> None:
    trace = gs.trace(lambda x: (x.exp() * x.exp().detach()).sum(), torch.zeros(256))
    found = trace.memory()
    assert found.total == 2 * 1024
    assert [(one.op, one.name, one.size, one.fresh) for one in found.saved] == [
        ("exp", "result", 1024, 1024),
        ("mul", "other", 1024, 1024),
    ]
    assert gs.trace("x*x", x=3.0).memory().saved[1].fresh == 0


def test_the_text_names_operation_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    file.write_text("def loss(x, w):\n    h = x @ w\n    return h.exp().sum()\n", "utf-8")
    assert main(["memory", f"{file}:loss", "x=ones(2,3)", "w=ones(3,64)"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "kept for the backward: 1.27 KiB, of which the run made 512 bytes in 1 tensor",
        "  512 bytes  v_2  exp  result  f32[2,64]  net.py:3",
        "held already, by these or by inputs: 2 tensors",
    ]
    assert main(["memory", f"{file}:loss", "x=ones(2,3)", "w=ones(3,64)", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["bytes"], found["given"]) == (512 + 768 + 24, 768 + 24)
    assert [one["name"] for one in found["saved"]] == ["mat2", "result", "self"]


def test_only_the_largest_are_told_to_a_person() -> None:
    def deep(x: Tensor) -> Tensor:
        for _ in range(30):
            x = x.sin()
        return x.sum()

    lines = gs.trace(deep, torch.ones(4)).memory().text().splitlines()
    assert len(lines) == 1 + 20 + 1 + 1
    assert lines[-2:] == ["  … 9 more", "held already, by these or by inputs: 1 tensor"]


def test_nothing_kept_and_nothing_known(tmp_path: Path) -> None:
    trace = gs.trace("a + b", a=1.0, b=2.0)
    assert trace.memory().text() == "nothing is kept for the backward"
    loaded = gs.load(gs.trace("x*x", x=2.0).save(tmp_path / "x.graphstep"))
    with pytest.raises(InputError, match=r"^a trace from a file holds nothing of torch's"):
        loaded.memory()


def test_sizes_as_a_person_reads_them() -> None:
    assert [sized(n) for n in (0, 1023, 1536, 3 * 2**20, 5 * 2**40, 2**52)] == [
        *("0 bytes", "1023 bytes", "1.5 KiB", "3 MiB", "5 TiB", "4.1e+03 TiB")
    ]
