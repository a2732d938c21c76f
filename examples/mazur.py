"""Mazur's 2-2-2 network
=====================

One step of gradient descent, to his eleven decimals. Run it, or step through it::

    graphstep step examples/mazur.py:loss "w=[[.15,.2],[.25,.3]]" "v=[[.4,.45],[.5,.55]]"
"""

import torch
from torch import Tensor

import graphstep as gs


def loss(w: Tensor, v: Tensor) -> Tensor:
    """Return the squared error; w holds w1 … w4, v holds w5 … w8."""
    inputs = torch.tensor([0.05, 0.10], dtype=w.dtype)
    targets = torch.tensor([0.01, 0.99], dtype=w.dtype)
    hidden = torch.sigmoid(w @ inputs + 0.35)
    output = torch.sigmoid(v @ hidden + 0.60)
    return (0.5 * (targets - output) ** 2).sum()


if __name__ == "__main__":
    w = torch.tensor([[0.15, 0.20], [0.25, 0.30]], dtype=torch.float64)
    v = torch.tensor([[0.40, 0.45], [0.50, 0.55]], dtype=torch.float64)
    trace = gs.trace(loss, w, v)
    dw, dv = trace.adjoint("w"), trace.adjoint("v")
    assert dw is not None
    assert dv is not None
    print(f"dE/dw5 = {dv[0, 0]:.11f}")
    print(f"w5     = {(v - 0.5 * dv)[0, 0]:.11f} after a step of 0.5")
    print(f"w1     = {(w - 0.5 * dw)[0, 0]:.11f}")
    print(trace.check().text())
