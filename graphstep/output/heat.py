"""Boxes coloured by the size of their adjoint: where gradients vanish, explode or are dead."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from graphstep.check.verdict import largest, strided
from graphstep.errors import InputError
from graphstep.format.numbers import minus, number
from graphstep.output.picture import Frame, Picture
from graphstep.steps.timeline import Timeline

HEATS = ("adjoint",)
DECADES = (-5, -3, -1, 1, 3, 5)
"""Between one power of ten and the next lies one of seven colours; the middle one holds 1."""
ZERO = "heat-zero"


@dataclass(frozen=True, slots=True)
class Heat:
    """Hold the largest |v̄| of every value that has an adjoint, by i."""

    sizes: Mapping[int, float]

    def warmed(self, picture: Picture) -> Picture:
        """Return the picture with one more line in each box, for the size."""
        nodes = tuple(
            replace(node, lines=(*node.lines, self._line(node.key))) for node in picture.nodes
        )
        return replace(picture, nodes=nodes)

    def coloured(self, frame: Frame) -> Frame:
        """Return the frame with the sizes of complete adjoints, in words and as classes."""
        lines, classes = dict(frame.lines), dict(frame.node_classes)
        for i, shown in lines.items():
            known = i in self.sizes and "adjoint-final" in classes.get(i, ())
            lines[i] = (*shown, self._line(i) if known else "")
            if known:
                classes[i] = (*classes[i], heat_class(self.sizes[i]))
        scale = "coloured by the largest |v̄| of each value"
        caption = f"{frame.caption}; {scale}" if frame.caption else scale
        return replace(frame, lines=lines, node_classes=classes, caption=caption)

    def _line(self, i: int) -> str:
        if i not in self.sizes:
            return ""
        size = self.sizes[i]
        return "max |v̄| = 0, dead" if size == 0 else f"max |v̄| = {minus(number(size, 2))}"


def heat_of(timeline: Timeline, what: str) -> Heat:
    """Return the heat of a finished trace. Raises InputError for what is none of HEATS."""
    if what not in HEATS:
        raise InputError(f"unknown heat {what!r} (must be one of {', '.join(HEATS)})")
    return Heat(dict(_sizes(timeline.sweep.adjoints)))


def heat_class(size: float) -> str:
    """Return the class of a size: `heat-0` below 1e-5 to `heat-6` from 1e5, or ZERO."""
    if size == 0:
        return ZERO
    if not math.isfinite(size):
        return f"heat-{len(DECADES)}"
    return f"heat-{sum(math.log10(size) >= decade for decade in DECADES)}"


def _sizes(adjoints: Mapping[int, Tensor | None]) -> Iterable[tuple[int, float]]:
    for i, adjoint in adjoints.items():
        if adjoint is not None and adjoint.numel():
            yield i, largest(strided(adjoint))
