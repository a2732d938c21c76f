"""exp and its tangents
====================

y = eˣ on [0, 10], with its slopes at 1, 3, 5, 7 and 9 from one backward seeded with ones: every
entry of y depends on its own x alone. The drawing is written to ``tangents.svg``.
"""

from math import exp
from pathlib import Path

import graphstep as gs
from graphstep.output.plot import Axis, Curve, Plot, axis
from graphstep.output.plot_svg import plot_svg

trace = gs.trace("exp(x)", x=[1.0, 3.0, 5.0, 7.0, 9.0])
slopes = trace.adjoint("x")
assert slopes is not None

tangents = []
for x, slope in zip(trace.value("x").tolist(), slopes.tolist(), strict=True):
    left, right = exp(x) - slope / 2, exp(x) + slope / 2
    print(f"x = {x:.0f}: slope {slope:9.2f}, tangent from {left:9.2f} to {right:9.2f}")
    ends = (x - 0.5, left), (x + 0.5, right)
    tangents.append(Curve(f"tangent at {x:.0f}, slope {slope:.2f}", ends))

curve = Curve("y = eˣ", tuple((k / 10, exp(k / 10)) for k in range(101)))
height = axis("y", (y for _, y in curve.points))
plot = Plot("exp and its tangents", Axis("x", 0, 10), height, (curve, *tangents))
Path("tangents.svg").write_text(plot_svg(plot), encoding="utf-8")
