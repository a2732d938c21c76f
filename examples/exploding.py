"""Where gradients vanish, explode and die
=======================================

Boxes are coloured by the largest adjoint in them, on a log scale: blue far below 1, orange far
above it, dotted where it is 0. The number stands in the box. ``graphstep export --heat adjoint``
writes the same.
"""

from pathlib import Path

import torch
from torch import Tensor

import graphstep as gs


def sizes(name: str, trace: gs.Trace) -> dict[str, float]:
    """Draw a trace by the size of its adjoints, and return these by the names of the values."""
    Path(f"{name}.svg").write_text(trace.svg(heat="adjoint"), encoding="utf-8")
    found = {value.name: trace.adjoint(i) for i, value in trace.values.items()}
    return {name: float(a.abs().max()) for name, a in found.items() if a is not None}


def recurrent(w: Tensor, h: Tensor) -> Tensor:
    """Return the sum of the sixth state of a linear recurrent network."""
    for _ in range(6):
        h = w @ h
    return h.sum()


growing = torch.tensor([[6.0, 4.0], [4.0, 6.0]])
for name, size in sizes("exploding", gs.trace(recurrent, growing, torch.ones(2))).items():
    print(f"{name}: max |v̄| = {size:.0f}")

# %%
# A sigmoid's slope is at most 1/4: six of them leave little of any adjoint.

chain = "; ".join(f"h{k} = sigmoid(h{k - 1})" for k in range(1, 7))
print(f"adjoint of the chain's input: {sizes('vanishing', gs.trace(chain, h0=0.0))['v_0']:.1e}")

# %%
# Below zero a ReLU hands on nothing: everything behind it is dead, and descent never moves it.

dead = sizes("dead", gs.trace("z = w*x + b; h = relu(z); (h - 1)**2", w=-1.0, x=2.0, b=-1.0))
print("dead:", *(name for name, size in dead.items() if size == 0))
