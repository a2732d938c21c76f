"""exp and its tangents
====================

y = eˣ on [0, 10], with its slopes at 1, 3, 5, 7 and 9 from one backward seeded with ones: every
entry of y depends on its own x alone. The drawing is written to ``tangents.svg``.
"""

from math import exp
from pathlib import Path

import torch

import graphstep as gs

trace = gs.trace("exp(x)", x=[1.0, 3.0, 5.0, 7.0, 9.0])
slopes = trace.adjoint("x")
assert slopes is not None

lines = []
for x, slope in zip(trace.value("x").tolist(), slopes.tolist(), strict=True):
    left, right = exp(x) - slope / 2, exp(x) + slope / 2
    print(f"x = {x:.0f}: slope {slope:9.2f}, tangent from {left:9.2f} to {right:9.2f}")
    lines.append(((x - 0.5, left), (x + 0.5, right)))


def drawn(points: list[tuple[float, float]], colour: str, width: int) -> str:
    """Return points as a line of SVG: 600 × 400, x to 10, y to e¹⁰."""
    places = " ".join(f"{60 * x:.1f},{400 - 400 * y / exp(10):.1f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


curve = [(x, exp(x)) for x in torch.linspace(0, 10, 100).tolist()]
parts = [drawn(curve, "#888", 2), *(drawn(list(line), "#d33", 4) for line in lines)]
drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400">{"".join(parts)}</svg>'
Path("tangents.svg").write_text(drawing, encoding="utf-8")
