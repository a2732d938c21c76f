"""A run in a few numbers a value: what an engineer reads of a large model."""

from __future__ import annotations

from collections.abc import Mapping

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import summary_of
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.labels import cell_width, visible
from graphstep.recording.summary import Summary

WIDEST = 40
HEADER = ("", "operation", "module", "kind", "least … greatest", "mean ± std", "adjoint", "note")


def summary_table(
    trace: TraceGraph, values: Mapping[int, Summary], adjoints: Mapping[int, Summary]
) -> str:
    """Return a row for each v_i: operation, module, its numbers, and those of its adjoint.

    The note says where entries are not finite, or where all are zero.
    """
    rows = [HEADER]
    for i, value in trace.values.items():
        forward, reverse = values.get(i), adjoints.get(i)
        rows.append(
            (
                symbol(i),
                visible(value.label or value.op, WIDEST),
                visible(value.module, WIDEST) if value.module else "",
                "" if forward is None else summary_of(forward.dtype, forward.shape, forward.device),
                "" if forward is None else _range(forward),
                "" if forward is None else _spread(forward),
                "no path" if reverse is None else _spread(reverse),
                "; ".join([*_notes("value", forward), *_notes("adjoint", reverse)]),
            )
        )
    widths = [max(cell_width(row[k]) for row in rows) for k in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell + " " * (w - cell_width(cell)) for cell, w in zip(row, widths, strict=True))
        .rstrip()
        for row in rows
    )  # fmt: skip


def _range(summary: Summary) -> str:
    return f"{minus(number(summary.least))} … {minus(number(summary.greatest))}"


def _spread(summary: Summary) -> str:
    return f"{minus(number(summary.mean))} ± {number(summary.std)}"


def _notes(what: str, summary: Summary | None) -> list[str]:
    if summary is None:
        return []
    if summary.non_finite:
        return [f"{what}: {summary.non_finite} of {summary.count} not finite"]
    if summary.count and summary.zeros == summary.count:
        return [f"{what}: all zero"]
    return []
