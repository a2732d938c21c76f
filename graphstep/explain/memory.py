"""What torch keeps of a run until its backward: which operation saved what, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from graphstep.errors import InputError
from graphstep.explain.cause import labelled
from graphstep.explain.quoting import line_of
from graphstep.format.tensors import summary
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import saved_values
from graphstep.recording.place import Place

MANY = 20
"""So many of the largest are told to a person; JSON has all."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Describe one tensor that the operation of v_i saved: by which name, how many bytes.

    `fresh` is how many of these no larger one before it holds already, nor an input: tensors that
    share their memory count once.
    """

    i: int
    of: str
    op: str
    module: str
    name: str
    shown: str
    size: int
    fresh: int
    place: Place | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "value": f"v_{self.i}",
            "op": self.op,
            "module": self.module,
            "name": self.name,
            "tensor": self.shown,
            "bytes": self.size,
            "fresh": self.fresh,
            "source": None if self.place is None else str(self.place),
        }


@dataclass(frozen=True, slots=True)
class Memory:
    """Hold what one run keeps for its backward, the largest first.

    `total` is in bytes, of which `given` are the memory of inputs and constants that were there
    before.
    """

    source: str
    saved: tuple[Saved, ...]
    total: int
    given: int

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        return {
            "source": self.source,
            "bytes": self.total,
            "given": self.given,
            "saved": [one.to_json() for one in self.saved],
        }

    def text(self) -> str:
        """Return it for a person: the largest that the run made, and the line of each."""
        if not self.saved:
            return "nothing is kept for the backward"
        made = [one for one in self.saved if one.fresh]
        lines = [
            f"kept for the backward: {sized(self.total)}, of which the run made "
            f"{sized(self.total - self.given)} in {_counted(len(made))}"
        ]
        rows = [
            (sized(one.fresh), one.of, one.op + (f" in {one.module}" if one.module else ""),
             one.name, one.shown, "" if one.place is None else line_of(one.place))
            for one in made[:MANY]
        ]  # fmt: skip
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append(("  " + "  ".join(cells)).rstrip())
        if len(made) > MANY:
            lines.append(f"  … {len(made) - MANY} more")
        if shared := len(self.saved) - len(made):
            lines.append(f"held already, by these or by inputs: {_counted(shared)}")
        return "\n".join(lines)


def memory(trace: TraceGraph, source: str) -> Memory:
    """Return what torch keeps of a run for its backward.

    Raises InputError where that cannot be known: of a trace from a file, and after a backward
    that released it.
    """
    if any(application.wording is not None for application in trace.applications):
        raise InputError("a trace from a file holds nothing of torch's; trace the code itself")
    found = [
        (application, name, tensor)
        for application in trace.applications
        for name, tensor in saved_values(application.node).items()
    ]
    found.sort(key=lambda one: -_room(one[2]))
    there = {_storage(leaf) for leaf in trace.leaves.values()}
    held: set[object] = set()
    rows: list[Saved] = []
    total = given = 0
    for application, name, tensor in found:
        key, room = _storage(tensor), _room(tensor)
        fresh = 0 if key in held else room
        held.add(key)
        total += fresh
        if key in there:
            given += fresh
            fresh = 0
        i = application.first
        value = trace.values[i]
        rows.append(
            Saved(i, labelled(trace, i), application.name, value.module, name, summary(tensor),
                  tensor.numel() * tensor.element_size(), fresh, value.source)
        )  # fmt: skip
    return Memory(source, tuple(rows), total, given)


def sized(count: int) -> str:
    """Return a number of bytes as a person reads it: `512 bytes`, `1.5 MiB`."""
    size, units = float(count), ["bytes", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{count} bytes" if units[0] == "bytes" else f"{size:.3g} {units[0]}"


def _counted(count: int) -> str:
    return f"{count} tensor{'s' * (count != 1)}"


def _storage(tensor: Tensor) -> object:
    storage = tensor.untyped_storage()
    return (str(tensor.device), storage.data_ptr()) if storage.nbytes() else id(tensor)


def _room(tensor: Tensor) -> int:
    return tensor.untyped_storage().nbytes()
