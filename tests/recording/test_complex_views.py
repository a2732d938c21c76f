"""Writes through views of complex numbers, which torch takes anew itself after each write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.recording.operation import Keep


def parts(z: Tensor) -> Tensor:
    y = z * 2
    y.real[0] = z.real.sum()
    y.imag.mul_(z.real)
    return y.abs().sum()


def numbers(z: Tensor) -> Tensor:
    y = z * 2
    y[0] *= z[1]
    y[1:] = z[:1]
    return (y * y.conj()).real.sum()


def conjugates(z: Tensor) -> Tensor:
    y = z * 2
    view = y.conj()
    view[0] = z[1]
    return y.abs().sum() + view.real.sum()


def as_pairs(z: Tensor) -> Tensor:
    y = torch.zeros(3, 2, dtype=z.dtype)
    y[1] = z
    torch.view_as_real(y)[2, :, 0] = z.abs()
    return y.abs().pow(2).sum()


def kept(z: Tensor) -> Tensor:
    y = z * 2
    view = y.real
    view[0] += 1
    view *= z.imag
    y.mul_(1j)
    return view.sum() + y.abs().sum()


@pytest.mark.parametrize("function", [parts, numbers, conjugates, as_pairs, kept])
@pytest.mark.parametrize("keep", ["all", "summary"])
def test_a_write_to_complex_numbers_is_as_in_plain_torch(
    function: Callable[[Tensor], Tensor], keep: Keep
) -> None:
    plain = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
    output = function(plain)
    output.backward()
    z = plain.detach().clone().requires_grad_()
    trace = gs.trace(function, z, keep=keep)
    if keep == "all":
        report = trace.check()
        assert report.ok, report.text()
        assert report.by_torch == ()
        strided = any(value.op == "as_strided" for value in trace.values.values())
        assert (report.oracles()["tangent"] == "ok") != strided
        assert torch.equal(trace.value(trace.recorded.outputs[0]), output.detach())
    adjoint = trace.adjoint("z")
    torch.testing.assert_close(adjoint, plain.grad)
