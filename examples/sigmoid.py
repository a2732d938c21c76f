"""The sigmoid, step by step
=========================

s(x) = 1/(1 + e⁻ˣ) is a negation, an exponential, a sum and an inverse. Its derivative is the
product of their four slopes, −1·z·1·(−s²) = s²z. As z = 1/s − 1, that is s(1 − s).
"""

import math

import graphstep as gs

trace = gs.trace("n = -x; z = exp(n); w = 1 + z; s = reciprocal(w)", x=0.5)

for step in trace.steps:
    print(trace.timeline().caption(step.index))

s = trace.value("s").item()
slope = trace.adjoint("x")
assert slope is not None
print(f"s(1 − s) = {s:.4f}·{1 - s:.4f} = {s * (1 - s):.4f}")
assert math.isclose(slope.item(), s * (1 - s), rel_tol=1e-6)

# %%
# As one operation, with the rule v(1 − v):

fused = gs.trace("sigmoid(x)", x=0.5)
print(fused.timeline().caption(len(fused.steps) - 1))
