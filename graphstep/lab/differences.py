"""Differences as a way to a whole gradient, and their error against the step h."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from graphstep.lab.numeric import central_difference, forward_difference
from graphstep.lab.objective import Objective
from graphstep.output.plot import Curve, Plot, Region, axis

Kind = Literal["forward", "central"]
STEPS = tuple(10.0 ** (k / 4) for k in range(-68, -3))
"""From 1e-17 to 1e-1, four a decade."""


@dataclass(frozen=True, slots=True)
class StepErrors:
    """Hold the error of both differences at every h, the largest over all inputs."""

    h: tuple[float, ...]
    forward: tuple[float, ...]
    central: tuple[float, ...]

    def best(self, kind: Kind) -> tuple[float, float]:
        """Return the h of the least error, and that error; of several, the largest h."""
        errors = self.forward if kind == "forward" else self.central
        finite = [(e, -h) for h, e in zip(self.h, errors, strict=True) if math.isfinite(e)]
        if not finite:
            return math.nan, math.nan
        error, h = min(finite)
        return -h, error

    def text(self) -> str:
        """Say in a line for each kind where round-off ends and truncation begins."""
        lines = []
        for kind in ("forward", "central"):
            h, error = self.best(kind)
            lines.append(
                f"{kind} difference: least error {error:.1e} at h = {h:.1e}; "
                "below it round-off rules, above it truncation"
            )
        return "\n".join(lines)

    def plot(self, title: str) -> Plot:
        """Return the survey's Figure 3 for this function: error against h, both logarithmic."""
        forward, central = (
            tuple(zip(self.h, errors, strict=True)) for errors in (self.forward, self.central)
        )
        turns = sorted(h for kind in ("forward", "central") if (h := self.best(kind)[0]) > 0)
        regions: tuple[Region, ...] = ()
        if turns:
            regions = (
                Region("round-off", self.h[0], turns[0]),
                Region("truncation", turns[-1], self.h[-1]),
            )
        return Plot(
            title,
            axis("h", self.h, log=True),
            axis("error", (*self.forward, *self.central), log=True),
            (
                Curve("forward difference", forward, True),
                Curve("central difference", central, True),
            ),
            regions=regions,
        )


def gradient(objective: Objective, kind: Kind, step: float) -> tuple[float, ...]:
    """Return the slope in every number that moves, one after the other."""
    difference = forward_difference if kind == "forward" else central_difference
    found = []
    for name, start in objective.start.items():
        for k in range(start.numel()):
            found.append(difference(_along(objective, name, k), step))
    return tuple(found)


def step_errors(
    objective: Objective, truth: Sequence[float], steps: Sequence[float] = STEPS
) -> StepErrors:
    """Return the error of both differences against `truth` for every step."""
    errors: Mapping[Kind, list[float]] = {"forward": [], "central": []}
    for h in steps:
        for kind, found in errors.items():
            slopes = gradient(objective, kind, h)
            found.append(largest_error(slopes, truth))
    return StepErrors(tuple(steps), tuple(errors["forward"]), tuple(errors["central"]))


def largest_error(found: Sequence[float], truth: Sequence[float]) -> float:
    """Return the largest distance between two gradients; nan where one of them has one."""
    distances = [abs(a - b) for a, b in zip(found, truth, strict=True)]
    return math.nan if any(map(math.isnan, distances)) else max(distances, default=0.0)


def _along(objective: Objective, name: str, k: int) -> Callable[[float], float]:
    """Return f as a function of the h that is added to one number."""

    def f(h: float) -> float:
        moved: dict[str, Tensor] = dict(objective.start)
        moved[name] = moved[name].clone(memory_format=torch.contiguous_format)
        moved[name].view(-1)[k] += h
        with torch.no_grad():
            return float(objective.value(moved).sum())

    return f
