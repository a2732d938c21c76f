"""More places to start a descent from: named ones, or several around the first."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from graphstep.errors import InputError
from graphstep.lab.objective import Objective
from graphstep.source.making import make_value
from graphstep.source.values import parse_assignments

SEVERAL = "several"
OFFSETS = (-4.0, -2.0, 2.0, 4.0)
"""`several` adds these to every number that moves."""


def starts(
    objective: Objective, words: Sequence[str], dtype: str, seed: int
) -> list[dict[str, Tensor]]:
    """Return one position for each `NAME=VALUE; NAME=VALUE`, and four for the word `several`.

    What a word does not name stays as in the objective's own start. Raises InputError for a name
    that does not move and for a value of another shape.
    """
    found: list[dict[str, Tensor]] = []
    for word in words:
        if word == SEVERAL:
            found += [{n: t + offset for n, t in objective.start.items()} for offset in OFFSETS]
            continue
        specs = parse_assignments(part for part in word.split(";") if part.strip())
        position = dict(objective.start)
        for name, spec in specs.items():
            if name not in position:
                moving = ", ".join(position)
                raise InputError(f"--start {word!r}: {name!r} does not move (moving: {moving})")
            old = position[name]
            value = make_value(spec, dtype=dtype, seed=seed, name=name).to(old.dtype)
            if value.shape != old.shape:
                shapes = f"{list(value.shape)}, not {list(old.shape)}"
                raise InputError(f"--start {word!r}: the shape of {name!r} is {shapes}")
            position[name] = value
        found.append(position)
    return found
