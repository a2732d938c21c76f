"""Tensors
=======

From a scalar to three dimensions: shape, dtype, device, what may require grad, and numpy.
"""

import numpy as np
import torch

import graphstep as gs
from graphstep.steps.card import card

device = "cuda" if torch.cuda.is_available() else "cpu"
tensors = {
    "scalar": torch.tensor(2),
    "vector": torch.tensor([2.1, 7.5, 3]),
    "matrix": torch.tensor([[1, 2, 3], [4, 5, 6]]),
    "ones": torch.ones(3, 2, 4),
    "linspace": torch.linspace(0, 1, 5),
    "randint": torch.randint(0, 10, (2, 2)),
    "like": torch.zeros_like(torch.tensor([True, False])),
    "complex": torch.tensor([1 + 2j]),
}
for name, tensor in tensors.items():
    there = tensor.to(device)
    try:
        may = f"requires_grad={there.requires_grad_().requires_grad}"
    except RuntimeError as error:
        may = f"no grad: {error}"
    print(f"{name:8} dim {there.dim()}  shape {list(there.shape)}  {there.dtype}  {may}")

# %%
# numpy and back share one memory. What requires grad must be detached first.

array = np.array([1.0, 2.0])
shared = torch.from_numpy(array)
shared[0] = 7
print(array, shared.numpy() is not array, np.shares_memory(array, shared.numpy()))
try:
    shared.requires_grad_().numpy()
except RuntimeError as error:
    print(error)
print(shared.detach().numpy())

# %%
# The card of a value says all of this, and has its adjoint too.

trace = gs.trace("sum(m @ v)", v=[2.1, 7.5, 3.0], m=[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
shown = card(trace.timeline(), -1, len(trace.steps) - 1)
print(shown.title, dict(shown.facts))
for section in shown.sections:
    print(section.title, *section.lines, sep="\n  ")
