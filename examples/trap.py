"""A NaN from a branch not taken
=============================

``where(x > 0, sqrt(x), 0)`` never returns the square root of 0, and yet its gradient there is NaN:
the branch gets the adjoint 0, and 0 times an infinite slope is NaN. ``check`` says so.
"""

import graphstep as gs

trap = gs.trace("where(x > 0, sqrt(x), 0)", x=[0.0, 4.0])
print("gradient", trap.adjoint("x"))
print(trap.check().text())

# %%
# The way out is to make the argument safe before the square root sees it.

safe = gs.trace("s = where(x > 0, x, 1); where(x > 0, sqrt(s), 0)", x=[0.0, 4.0])
print("gradient", safe.adjoint("x"))
