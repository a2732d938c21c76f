"""A Jacobian, by rows and by columns
==================================

Reverse mode gives a row a sweep, the gradient of one output. Forward mode gives a column a sweep,
how all outputs move with one input. So forward mode suits few inputs, reverse mode few outputs.
"""

import torch

import graphstep as gs

trace = gs.trace("stack([x0*x1, sin(x0), x1**2])", x0=1.0, x1=2.0)

rows = []
for k in range(3):
    row = trace.row(k)
    gradient = [row.adjoint("x0"), row.adjoint("x1")]
    rows.append(torch.stack([torch.tensor(0.0) if g is None else g for g in gradient]))
    print(f"row {k}, reverse   ", rows[-1])

columns = []
for name in ("x0", "x1"):
    columns.append(trace.tangent(seed=name))
    print(f"column {name}, forward", columns[-1])

assert torch.allclose(torch.stack(rows), torch.stack(columns, dim=1))
print(f"{len(rows)} reverse sweeps or {len(columns)} forward sweeps: forward mode is cheaper here")
