"""A gradient has a place for each input
=====================================

f = a·x₀ + b·x₁ has the gradient [a b]; through a sigmoid it is s′(z)·[a b].
"""

import torch

import graphstep as gs

# Whole numbers carry no gradient: a and b stay constants, with their names.
a, b = torch.tensor(2), torch.tensor(-3)

linear = gs.trace("a*x0 + b*x1", a=a, b=b, x0=1.0, x1=0.5)
print("gradient  ", linear.adjoint("x0"), linear.adjoint("x1"))

logistic = gs.trace("z = a*x0 + b*x1; sigmoid(z)", a=a, b=b, x0=1.0, x1=0.5)
slope = logistic.adjoint("z")
assert slope is not None
print(f"s′(z) at z = {logistic.value('z'):.1f} is {slope:.4f}")
for name, factor in (("x0", a), ("x1", b)):
    gradient = logistic.adjoint(name)
    assert gradient is not None
    print(f"∂f/∂{name} = {slope:.4f}·({factor}) = {gradient:.4f}")
    assert torch.isclose(gradient, slope * factor)
