"""A gradient vanishes, and another dies
=====================================

The slope of a sigmoid is at most 1/4, so a chain of eight leaves next to nothing of an adjoint.
A ReLU below zero passes nothing at all: its adjoint was computed, and is 0.
"""

import graphstep as gs

chain = "; ".join(f"h{k} = sigmoid(h{k - 1})" for k in range(1, 9))
trace = gs.trace(chain, h0=0.0)
for i in reversed(trace.values):
    print(f"{trace.values[i].label or 'y'}: adjoint {trace.adjoint(i):.3e}")

# %%
# relu(wx + b) with w = −1, x = 2, b = −1: w and b get 0, and gradient descent never changes them.

dead = gs.trace("z = w*x + b; h = relu(z); (h - 1)**2", w=-1.0, x=2.0, b=-1.0)
for name in ("h", "z", "w", "b"):
    print(f"{name}: value {dead.value(name):g}, adjoint {dead.adjoint(name):g}")

# %%
# ``why`` walks from such a gradient to the operation that stopped it, and gives the factors on the
# way.

print(dead.why("w").text())
print(trace.why("h0").text())
