"""What cannot be traced is refused in one line that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import distributed, nn

import graphstep as gs
from graphstep.errors import InputError


@pytest.fixture(name="alone")
def only_process() -> Iterator[None]:
    """Let torch's distributed part run in this process alone."""
    store: Any = vars(distributed)["HashStore"]()  # torch's types leave it out
    distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


def refusal(what: Callable[..., Any], *given: torch.Tensor) -> str:
    with pytest.raises(InputError) as caught:
        gs.trace(what, *given)
    return str(caught.value)


@pytest.mark.usefixtures("alone")
def test_tensors_and_modules_that_lie_in_several_processes() -> None:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    from torch.distributed.tensor import Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (1,))
    spread: Any = distribute_tensor(torch.ones(4, 3), mesh, [Shard(0)]).requires_grad_()
    assert refusal(lambda: (spread * 2).sum()) == (
        "an input is a DTensor, which lies in several processes and cannot be traced; "
        "trace what its to_local() gives"
    )
    local = gs.trace(lambda x: (x * 2).sum(), spread.to_local())
    assert local.check().ok
    layer = nn.Linear(3, 2)
    fully_shard(layer, mesh=mesh)
    assert refusal(layer, torch.ones(4, 3)) == (
        "the module is sharded by FSDP, which frees its parameters after each use: "
        "trace it unsharded"
    )
    plain = nn.parallel.DistributedDataParallel(nn.Linear(3, 2))
    assert gs.trace(plain, torch.ones(4, 3), loss=lambda y: y.sum()).check().ok


def test_a_layout_of_onednns_own() -> None:
    assert refusal(lambda x: x.to_mkldnn().relu().to_dense().sum(), torch.ones(2, 3)) == (
        "a value is a tensor in oneDNN's own layout, which cannot be traced; leave to_mkldnn out"
    )
