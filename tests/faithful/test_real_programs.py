"""Programs as people run them: traced as in plain torch, by our rules, every gradient right."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import Tensor

import graphstep as gs
from tests.faithful.real import BY_TORCH, REAL


def made(name: str) -> tuple[gs.Trace, Tensor, list[Tensor | None]]:
    """Return a trace, and a plain run's output and gradients of the same arguments."""
    torch.manual_seed(0)
    function, arguments = REAL[name]()
    leaves = [x.clone().requires_grad_() for x in arguments]
    torch.manual_seed(1)
    output = function(*leaves)
    output.backward()
    torch.manual_seed(0)
    function, arguments = REAL[name]()
    torch.manual_seed(1)
    trace = gs.trace(function, *arguments)
    return trace, output.detach(), [x.grad for x in leaves]


@pytest.mark.parametrize("name", REAL)
def test_a_program_is_traced_as_it_runs(name: str) -> None:
    with warnings.catch_warnings():
        # Torch says of its sparse tensors, old hooks and scripts that they may change.
        warnings.simplefilter("ignore")
        trace, output, gradients = made(name)
        report = trace.check()
    assert torch.equal(trace.value(trace.recorded.outputs[0]), output)
    assert report.ok, report.text()
    for i, gradient in zip(trace.recorded.inputs, gradients, strict=False):
        torch.testing.assert_close(trace.sweep.adjoints[i], gradient)
    ops = {trace.values[trace.recorded.find(node)].op for node in report.by_torch}
    assert ops == BY_TORCH.get(name, set())
    assert "v" in trace.table()
