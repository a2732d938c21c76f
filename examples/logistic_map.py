"""The truncated logistic map
==========================

lₙ₊₁ = 4lₙ(1 − lₙ): written out, its derivative swells (Table 1 of Baydin et al. 2018); the graph
grows by three operations an iteration, and the sweep with it. f(0.2) and f′(0.2) are Figure 3's.
"""

import torch
from torch import Tensor

import graphstep as gs


def iterate(x: Tensor, n: int) -> Tensor:
    """Return lₙ of l₁ = x."""
    for _ in range(n - 1):
        x = 4 * x * (1 - x)
    return x


if __name__ == "__main__":
    x = torch.tensor(0.2, dtype=torch.float64)
    for n in range(2, 7):
        trace = gs.trace(lambda x, n=n: iterate(x, n), x)
        value = trace.value(trace.recorded.outputs[-1])
        operations = len(trace.recorded.applications)
        print(
            f"n = {n}: {operations:2} operations, l = {value:.8f}, slope {trace.adjoint('v_0'):.7f}"
        )
