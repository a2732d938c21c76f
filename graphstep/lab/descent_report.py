"""A descent in words: its iterations as a table, several runs side by side, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from graphstep.format.numbers import minus, number
from graphstep.format.plain import plain
from graphstep.format.tensors import FEW_ENTRIES, shown
from graphstep.lab.descent import Descent, Iterate
from graphstep.output.labels import cell_width, visible

HEAD, TAIL = 8, 4
"""Of a long descent the first and the last iterations are printed."""
MOST_NAMES = 4
FULL = 16
"""JSON holds a tensor of at most so many numbers; of a larger one only its norm counts."""


def iterations_text(run: Descent, *, every: bool = False) -> str:
    """Return the iterations of a run as a table; a long one is cut unless `every` is asked for."""
    names = list(run.objective.start)[:MOST_NAMES]
    rows = [["k", *map(visible, names), "f", "‖∇f‖", "rate"]]
    cut = not every and len(run.iterates) > HEAD + TAIL + 1
    for one in run.iterates:
        if cut and one.index == HEAD:
            rows.append(["…", *("" for _ in rows[0][1:])])
        if cut and HEAD <= one.index < len(run.iterates) - TAIL:
            continue
        rows.append(_row(one, names))
    text = columns(rows)
    left_out = len(run.objective.start) - len(names)
    return f"{text}\n({left_out} more tensors move)" if left_out > 0 else text


def runs_text(runs: Sequence[Descent]) -> str:
    """Return one line a run: how it moved, how often, where it ended."""
    rows = [["way", "from", "iterations", "ended", "at", "f"]]
    for run in runs:
        rows.append(
            [
                str(run.method),
                where(run.iterates[0]),
                str(run.iterations),
                run.outcome,
                where(run.last),
                _number(run.last.value),
            ]
        )
    return columns(rows)


def where(one: Iterate) -> str:
    """Return the position of an iteration: `x = 1`. Large tensors are left out."""
    small = {n: t for n, t in one.position.items() if 0 < t.numel() <= FEW_ENTRIES}
    parts = [f"{visible(name)} = {minus(shown(t))}" for name, t in list(small.items())[:2]]
    return ", ".join([*parts, *(["…"] if len(parts) < len(one.position) else [])])


def to_json(runs: Sequence[Descent]) -> list[dict[str, Any]]:
    """Return the runs as plain data; what is not finite becomes a text."""
    return [
        {
            "source": run.objective.source.text,
            "lr": run.method.lr,
            "momentum": run.method.momentum,
            "nesterov": run.method.nesterov,
            "schedule": run.method.schedule,
            "tol": run.method.tol,
            "outcome": run.outcome,
            "message": run.message,
            "iterations": run.iterations,
            "iterates": [
                {
                    "index": one.index,
                    "position": {n: _plain(t) for n, t in one.position.items()},
                    "value": plain(one.value),
                    "gradient": {n: _plain(t) for n, t in one.gradient.items()},
                    "norm": plain(one.norm),
                    "rate": one.rate,
                }
                for one in run.iterates
            ],
        }
        for run in runs
    ]


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of texts as aligned columns, two spaces apart."""
    widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _row(one: Iterate, names: Sequence[str]) -> list[str]:
    places = [minus(shown(one.position[name])) for name in names]
    rate = "" if one.rate is None else _number(one.rate)
    return [str(one.index), *places, _number(one.value), _number(one.norm), rate]


def _number(value: float) -> str:
    return minus(number(value))


def _plain(tensor: Tensor) -> Any:
    if tensor.numel() > FULL:
        return {"shape": list(tensor.shape), "norm": plain(float(tensor.double().norm()))}
    return plain(tensor.tolist())
