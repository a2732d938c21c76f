"""Digits that are lost
====================

``(1 - cos(x))/x**2`` tends to 1/2 where x tends to 0. In float32 it does not: 1 - cos(x) cancels,
and few of its digits are left to divide. ``drift`` runs the recorded operations again in float64
and names the one that lost them.
"""

import graphstep as gs

poor = gs.trace("(1 - cos(x))/x**2", x=1e-3)
print(poor.value("v_4"))
print(poor.drift().text())

# %%
# The same function, written so that its value keeps all digits. Its gradient is another matter: by
# the quotient's rule it is the difference of two large terms, however the value is written.

good = gs.trace("s = sin(x/2); 2*s**2/x**2", x=1e-3)
print(good.value(good.recorded.outputs[0]))
print(good.drift().text())

# %%
# A bias before a batch norm has a gradient of 0, for the norm takes the mean away again, and a
# weight nearly so, for it divides by the scale. In float32 what is left of these is rounding.

normed = gs.trace(
    "h = w*x + b; z = (h - mean(h))/sqrt(var(h) + 1e-5); sum(z**3)",
    w=0.7,
    x=[1.0, 2.0, 4.0],
    b=0.3,
)
print(normed.drift().text())
