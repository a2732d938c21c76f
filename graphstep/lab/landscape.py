"""Descents as plots: a curve with its path, level lines with paths, or f against iterations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.lab.descent import Descent, times
from graphstep.lab.descent_report import where
from graphstep.lab.objective import Objective, Position
from graphstep.output.contours import level_lines, levels
from graphstep.output.plot import LARGEST, Axis, Curve, Plot, axis

FINE = 240
GRID = 40
"""So many points along a curve, and along each side of a grid for level lines."""
MARGIN = 0.15


def landscape(runs: Sequence[Descent]) -> Plot:
    """Return the plot that fits what moves: one number, two numbers, or more.

    All `runs` are of one objective. One number gives f's curve with the paths on it, two give
    level lines with the paths between them, more give f at every iteration.
    """
    first = runs[0].objective
    places = [(name, k) for name, t in first.start.items() for k in range(min(t.numel(), 3))]
    paths = [[_numbers(one.position, places) for one in run.iterates] for run in runs]
    if len(places) == 1:
        return _curve(first, places, paths, runs)
    if len(places) == 2:
        return _levels(first, places, paths, runs)
    return losses(runs)


def losses(runs: Sequence[Descent]) -> Plot:
    """Return f at every iteration of each run, on a log scale where f stays above 0."""
    curves = [
        Curve(label, tuple((float(one.index), one.value) for one in run.iterates))
        for label, run in zip(_labels(runs), runs, strict=True)
    ]
    values = [y for curve in curves for _, y in curve.points]
    log = min(values) > 0 and max(values) > 20 * min(values)
    longest = max(run.iterations for run in runs)
    return Plot(
        runs[0].objective.source.text,
        axis("iteration", (0.0, float(longest))),
        axis("f (log scale)" if log else "f", values, log=log),
        tuple(curves),
    )


Places = Sequence[tuple[str, int]]


def _curve(
    objective: Objective, places: Places, paths: list[list[list[float]]], runs: Sequence[Descent]
) -> Plot:
    across = _axis(places, 0, paths)
    f = _function(objective, places)
    curve = tuple((x, f(x)) for x in _spread(across, FINE))
    drawn = [
        Curve(label, tuple((p[0], one.value) for p, one in zip(path, run.iterates, strict=True)))
        for label, path, run in zip(_labels(runs), paths, runs, strict=True)
    ]
    seen = [y for _, y in curve] + [y for path in drawn for _, y in path.points]
    return Plot(
        objective.source.text,
        across,
        axis("f", seen),
        (Curve("f", curve), *(replace(one, path=True, ring=True) for one in drawn)),
    )


def _levels(
    objective: Objective, places: Places, paths: list[list[list[float]]], runs: Sequence[Descent]
) -> Plot:
    across, up = _axis(places, 0, paths), _axis(places, 1, paths)
    f = _function(objective, places)
    xs, ys = _spread(across, GRID), _spread(up, GRID)
    values = [[f(x, y) for x in xs] for y in ys]
    lines = [piece for level in levels(values) for piece in level_lines(xs, ys, values, level)]
    curves = tuple(
        Curve(label, tuple((p[0], p[1]) for p in path), path=True, ring=True)
        for label, path in zip(_labels(runs), paths, strict=True)
    )
    return Plot(objective.source.text, across, up, curves, tuple(lines))


def _axis(places: Places, which: int, paths: list[list[list[float]]]) -> Axis:
    name, k = places[which]
    alone = sum(name == other for other, _ in places) == 1
    return axis(
        name if alone else f"{name}[{k}]",
        (point[which] for path in paths for point in path),
        margin=MARGIN,
    )


def _numbers(position: Position, places: Places) -> list[float]:
    return [float(position[name].reshape(-1)[k]) for name, k in places]


def _spread(across: Axis, count: int) -> list[float]:
    return [across.low + (across.high - across.low) * k / (count - 1) for k in range(count)]


def _function(objective: Objective, places: Places) -> Callable[..., float]:
    """Return f of the numbers at `places`; nan where it has no finite value, or refuses."""

    def f(*numbers: float) -> float:
        flat: dict[str, list[float]] = {}
        for (name, _), x in zip(places, numbers, strict=True):
            flat.setdefault(name, []).append(x)
        leaves: dict[str, Tensor] = {}
        for name, start in objective.start.items():
            leaves[name] = torch.tensor(flat[name], dtype=start.dtype).reshape(start.shape)
        try:
            with torch.no_grad():
                value = float(objective.number(leaves))
        except InputError:  # What is drawn goes beyond where the user's code may be asked.
            return math.nan
        return value if math.isfinite(value) and abs(value) < LARGEST else math.nan

    return f


def _labels(runs: Sequence[Descent]) -> list[str]:
    """Return what each run is called: how it moved, where from if that tells two apart, its end."""
    ways = [str(run.method) for run in runs]
    if len(set(ways)) < len(ways):
        ways = [f"{way} from {where(r.iterates[0])}" for way, r in zip(ways, runs, strict=True)]
    return [
        f"{way}: {run.outcome} after {times(run.iterations)}"
        for way, run in zip(ways, runs, strict=True)
    ]
