"""The answers of one run as text and as JSON: gradients that share a cause are told together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphstep.explain.answer import Answer, Kind, answer, kind_of
from graphstep.explain.cause import Cause, all_entries
from graphstep.explain.path import Link
from graphstep.explain.quoting import quoted
from graphstep.format.numbers import number
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.reverse import ReverseSweep

KINDS: tuple[Kind, ...] = ("nan", "inf", "none", "zero", "fine")
MANY_LINKS = 24
"""Of a longer path only the links that change most are told one by one."""
STRIKING = 12
MANY_NAMES = 8
VANISHED = 1e-6
"""A gradient of which so little is left, beside the largest, is told of."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Hold why gradients of one run are what they are."""

    source: str
    answers: tuple[Answer, ...]

    @property
    def ok(self) -> bool:
        """Whether every gradient asked for is there, finite and not zero everywhere."""
        return all(one.kind == "fine" for one in self.answers)

    def to_json(self) -> dict[str, Any]:
        """Return the answers as plain data."""
        answers = [one.to_json() for one in self.answers]
        return {"source": self.source, "ok": self.ok, "answers": answers}

    def text(self) -> str:
        """Return the answers for a person, and the whole path where one alone was asked for."""
        lines: list[str] = []
        for kind in KINDS[:-1]:
            for found in alike(self.answers, kind):
                lines += [f"✗ {_subject(found)}", *_cause_lines(found[0].causes)]
        fine = [one for one in self.answers if one.kind == "fine"]
        widths = [max((len(text) for text in column), default=0) for column in _columns(fine)]
        for label, name, form in zip(*_columns(fine), strict=True):
            cells = zip((label, name, form), widths, strict=True)
            lines.append("  ".join(["✓", *(cell.ljust(width) for cell, width in cells)]).rstrip())
        lines += _vanished(fine)
        if len(self.answers) == 1:
            lines += ["", *_path_lines(self.answers[0].path)]
        return "\n".join(lines).rstrip()


def diagnosis(
    trace: TraceGraph, sweep: ReverseSweep, source: str, names: Iterable[int | str] = ()
) -> Diagnosis:
    """Return why the gradients of the named values, of all inputs by default, are what they are.

    Raises InputError where there is no such value.
    """
    asked = tuple(names) or trace.inputs
    path = len(asked) == 1
    return Diagnosis(source, tuple(answer(trace, sweep, name, path=path) for name in asked))


def alike(answers: Iterable[Answer], kind: Kind) -> list[list[Answer]]:
    """Return the answers of one kind, those that share their causes together.

    What cuts off an input is told of the input itself, so that its sentence and place count.
    """
    found: dict[object, list[Answer]] = {}
    for one in answers:
        if one.kind == kind:
            shared = [(c.sentence, c.place) for c in one.causes] if kind == "none" else one.causes
            found.setdefault(tuple(shared), []).append(one)
    return list(found.values())


def zero_sentences(trace: TraceGraph, sweep: ReverseSweep) -> tuple[str, ...]:
    """Return one sentence for each cause of input gradients that are zero."""
    zeros = [i for i in trace.inputs if kind_of(sweep.adjoints[i]) == "zero"]
    groups = alike([answer(trace, sweep, i) for i in zeros], "zero")
    return tuple(
        f"{_subject(found)}: {'; '.join(cause.sentence for cause in found[0].causes)}"
        for found in groups
    )


def _vanished(fine: Sequence[Answer]) -> list[str]:
    """Say so where the smallest gradient is next to nothing beside the largest."""
    sizes = [one for one in fine if one.size > 0]
    least = min(sizes, key=lambda one: one.size, default=None)
    most = max(sizes, key=lambda one: one.size, default=None)
    if least is None or most is None or least.size > VANISHED * most.size:
        return []
    return [
        f"! the largest entry of the gradient of {least.label} ({least.name}) is "
        f"{number(least.size / most.size)} of that of {most.label} ({most.name}); asked for alone, "
        f"{least.label} shows where it shrank"
    ]


def _columns(answers: Sequence[Answer]) -> tuple[list[str], list[str], list[str]]:
    return (
        [one.label for one in answers],
        [one.name for one in answers],
        [one.shown for one in answers],
    )


def _subject(alike: Sequence[Answer]) -> str:
    """Return what is the matter with gradients of one kind and one cause."""
    named = ", ".join(f"{one.label} ({one.name})" for one in alike[:MANY_NAMES])
    if len(alike) > MANY_NAMES:
        named += f" and {len(alike) - MANY_NAMES} more"
    several = len(alike) > 1
    match alike[0].kind:
        case "zero":
            where = " at every entry" if several else all_entries(alike[0].count)
            return f"the gradient{'s' * several} of {named} {'are' if several else 'is'} 0{where}"
        case "none":
            return f"no gradient reaches {named}"
        case kind:
            return f"the gradient{'s' * several} of {named} hold{'s' * (not several)} {kind}"


def _cause_lines(causes: Sequence[Cause]) -> list[str]:
    lines = []
    for cause in causes:
        lines.append(f"    {cause.sentence}")
        lines += [f"      {text}" for text in quoted(cause.place)]
    return lines


def _path_lines(path: Sequence[Link]) -> list[str]:
    """Return a path as a table: each operation, what came in, what it passed on."""
    if not path:
        return []
    told = _striking(path)
    rows: list[tuple[str, ...]] = []
    skipped = 0
    for at, link in enumerate(path):
        if at not in told:
            skipped += 1
            continue
        if skipped:
            rows.append((f"… {skipped} more",))
            skipped = 0
        rows.append(_cells(link))
    if skipped:
        rows.append((f"… {skipped} more",))
    widths = [max(len(row[k]) for row in rows if len(row) > k) for k in range(5)]
    lines = ["where most of it came by, from the output: the largest entry before → after"]
    for row in rows:
        cells = zip(row, widths, strict=False)
        lines.append("  " + "  ".join(cell.ljust(width) for cell, width in cells).rstrip())
    return lines


def _cells(link: Link) -> tuple[str, ...]:
    return (
        f"v_{link.child} → v_{link.parent}",
        link.op + (f" in {link.module}" if link.module else ""),
        f"{number(link.above)} → {number(link.passed)}",
        f"×{number(link.factor)}" if not math.isnan(link.factor) else "",
        f"the largest of {link.terms} terms" if link.terms > 1 else "",
    )


def _striking(path: Sequence[Link]) -> set[int]:
    """Return which links of a path to tell: all of a short one, else those that change most."""
    if len(path) <= MANY_LINKS:
        return set(range(len(path)))
    ends = {0, len(path) - 1}
    changing = [at for at, link in enumerate(path) if link.change and at not in ends]
    return ends | set(sorted(changing, key=lambda at: -path[at].change)[:STRIKING])
