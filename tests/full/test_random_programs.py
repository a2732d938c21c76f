"""Random programs: ours, the engine's, a plain run's and a central difference's gradients agree."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs
from tests.full.random_programs import STEPS, random_program

pytestmark = pytest.mark.full
COUNT = 400
BATCH = 20


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_the_gradients_of_random_programs(first: int) -> None:
    for seed in range(first, first + BATCH):
        program = random_program(seed)
        generator = torch.Generator().manual_seed(seed)
        shapes = ((2, 3), (2, 3) if seed % 2 else (3,))
        x, w = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
        trace = gs.trace(program, x, w)
        report = trace.check()
        assert report.ok, f"seed {seed}\n{report.text()}"
        leaves = [t.clone().requires_grad_() for t in (x, w)]
        output = program(*leaves)
        assert torch.equal(trace.value(trace.recorded.outputs[-1]), output.detach())
        for i, plain in zip((-1, 0), torch.autograd.grad(output, leaves), strict=True):
            torch.testing.assert_close(trace.adjoint(i), plain, msg=f"seed {seed}")


def test_every_step_is_drawn() -> None:
    x, w = torch.ones(2, 3, requires_grad=True), torch.ones(3, requires_grad=True)
    for step in STEPS:
        assert step(x, w, 1.5).requires_grad
