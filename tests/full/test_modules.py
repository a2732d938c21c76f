"""Every module of torch.nn, as torch's own module database calls it: by rows of ours alone."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

import graphstep as gs

pytestmark = pytest.mark.full

PARTS = 6
"""The modules are dealt to so many tests, which run side by side."""
INPUTS = 8
"""How many of a module's inputs are traced in each dtype and mode."""


def modules() -> list[Any]:
    """Return the database, whose import takes seconds: no test asks for it before it runs."""
    from torch.testing._internal.common_modules import module_db

    return list(module_db)


def runs(info: Any) -> Iterator[tuple[str, gs.Trace]]:
    """Yield a trace of each of a module's inputs, with what it is."""
    for dtype in (torch.float32, torch.float64):
        for training in (True, False):
            torch.manual_seed(0)
            inputs = info.module_inputs_func(
                info, device="cpu", dtype=dtype, requires_grad=True, training=training
            )
            for number, one in enumerate(inputs[:INPUTS]):
                if one.forward_input is not None:
                    found = traced(info, one, dtype, training)
                    if found is not None:
                        yield f"{dtype}, {'training' if training else 'eval'}, {number}", found


def traced(info: Any, one: Any, dtype: torch.dtype, training: bool) -> gs.Trace | None:
    """Trace a module on one input; None where nothing of it carries a gradient."""
    given = one.constructor_input
    module = info.module_cls(*given.args, **given.kwargs).to(dtype).train(training)
    leaves: dict[int, Tensor] = {}

    def leaf(item: Any) -> Any:
        if not isinstance(item, Tensor) or not item.requires_grad:
            return item
        return leaves.setdefault(id(item), item.detach().requires_grad_())

    args, kwargs = tree_map(leaf, (one.forward_input.args, one.forward_input.kwargs))

    def run(**_: Tensor) -> tuple[Tensor, ...]:
        found = tree_leaves(module(*args, **kwargs))
        return tuple(t for t in found if isinstance(t, Tensor) and t.requires_grad)

    if not run():
        return None
    named = [*leaves.values(), *module.parameters()]
    return gs.trace(run, **{f"x{k}": tensor for k, tensor in enumerate(named)})


@pytest.mark.parametrize("part", range(PARTS))
def test_every_module_goes_by_our_rows(part: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for info in modules()[part::PARTS]:
            for run, found in runs(info):
                name = f"{info.name}, {run}"
                by_torch = {t.application.name for t in found.sweep.terms if t.rule == "torch"}
                assert by_torch == set(), name
                # Rounded to float32 a gradient may differ in its last digits.
                if "float64" in run:
                    off = {found.values[i].name: v for i, v in found.verdicts.items() if not v.ok}
                    assert off == {}, name
