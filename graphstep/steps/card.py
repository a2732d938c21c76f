"""The card of one value: what it is, its tensors, and every term of its adjoint."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Literal

import torch
from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown, summary
from graphstep.graph.value import Value
from graphstep.recording.internals import saved_values
from graphstep.steps.axes import axes_text, axis_facts, broadcast_axes
from graphstep.steps.entries import HIGH, WIDE, grid, statistics
from graphstep.steps.equation import equation
from graphstep.steps.heat import Heat, heat_map, strip
from graphstep.steps.histogram import histogram
from graphstep.steps.step import State, Step
from graphstep.steps.tangents import Tangents
from graphstep.steps.timeline import PENDING, Timeline

Part = str | Heat
Show = Callable[[Tensor | None, str], Iterator[Part]]

SMALL = WIDE * HIGH
"""Up to so many entries a tensor is shown as its numbers, above as a map, a strip, a histogram."""
GAP = 3
"""Cells between two columns of a card."""
NARROWEST = 30
"""What stands side by side has so many cells at least."""

INDENT = 2
"""Cells before a line of a section."""

Entries = Literal["numbers", "heat"]


@dataclass(frozen=True, slots=True)
class Section:
    """Head some lines of a card, and maps and strips of light and dark, with a title."""

    title: str
    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said in words and numbers."""
        return tuple(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Card:
    """Describe one value: `facts` are pairs of a word and what it says.

    The first `columns` sections, value, tangent and adjoint, fit side by side. `entries` says how
    tensors are shown in them; None where they have no axes.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    columns: int = 1
    entries: Entries | None = None


def card(
    timeline: Timeline,
    i: int,
    at: int,
    room: int = 100,
    tangents: Tangents | None = None,
    entries: Entries | None = None,
    side_by_side: bool = True,
) -> Card:
    """Return what is known of v_i once step `at` is done; what is pending stays so.

    The card is `room` characters wide. `tangents` adds v̇_i. `entries` shows tensors as the
    numbers of their first entries or by light and dark (default: numbers for small ones). Value,
    tangent and adjoint share the width where it is enough for them `side_by_side`.
    """
    value = timeline.trace.values[i]
    count = 2 if tangents is None else 3
    width = (room - GAP * (count - 1)) // count
    columns, width = (count, width) if side_by_side and width >= NARROWEST else (1, room)
    large = value.value is not None and value.value.numel() > SMALL
    entries = entries or ("heat" if large else "numbers")
    show = partial(_tensor_parts, room=width - INDENT, entries=entries)
    sections = [
        Section(
            f"value {symbol(i)}", tuple(_value_parts(value, timeline.value_state(i, at), show))
        ),
        Section(f"adjoint {symbol(i, 'adjoint')}", tuple(_adjoint_parts(timeline, i, at, show))),
    ]
    if tangents is not None:
        title = f"tangent {symbol(i, 'tangent')} for {tangents.seed_text}"
        sections.insert(1, Section(title, tuple(_tangent_parts(timeline, tangents, i, at, show))))
    terms = tuple(_term_lines(timeline, i, at))
    if terms:
        sections.append(Section("terms of the adjoint, in the order of their arrival", terms))
    saved = tuple(_saved_lines(timeline, i))
    if saved:
        sections.append(Section("saved for the backward", saved))
    name = f"{value.label}: {symbol(i)}" if value.label else symbol(i)
    facts = (*_facts(value), *axis_facts(timeline, i))
    return Card(name, facts, tuple(sections), columns, entries if value.shape else None)


def _facts(value: Value) -> Iterator[tuple[str, str]]:
    yield "operation", "input" if value.is_input else value.op.strip("_")
    if value.module:
        yield "module", value.module
    if value.source is not None:
        place = value.source
        where = f"{PurePath(place.file).name}:{place.line}:{place.column + 1}"
        line = linecache.getline(place.file, place.line).strip()
        yield "source", f"{where}  {line}" if line else where
    if value.shape is not None:
        yield "shape", f"[{', '.join(map(str, value.shape))}]"
    if value.dtype:
        yield "dtype", value.dtype
    if value.device:
        yield "device", value.device


def _tensor_parts(tensor: Tensor | None, text: str, room: int, entries: Entries) -> Iterator[Part]:
    if tensor is None:
        yield text
    elif tensor.layout != torch.strided or tensor.device.type == "meta":
        yield summary(tensor)
    elif tensor.dim() == 0:
        yield text
    else:
        plain = strided(tensor).resolve_conj().resolve_neg()
        yield summary(tensor)
        yield statistics(plain)
        if entries == "numbers":
            yield from grid(plain, room)
        elif (found := heat_map(plain, room)) is not None:
            yield found
        if plain.numel() > SMALL:
            yield from histogram(plain, room)
            bars = strip(plain, room)
            yield from () if bars is None else (bars,)


def _value_parts(value: Value, state: State, show: Show) -> Iterator[Part]:
    if state.kind == "pending":
        yield f"{PENDING} (not reached yet)"
    else:
        yield from show(value.value, state.text)


def _tangent_parts(
    timeline: Timeline, tangents: Tangents, i: int, at: int, show: Show
) -> Iterator[Part]:
    if timeline.value_state(i, at).kind == "pending":
        yield f"{PENDING} (not reached yet)"
    elif not tangents.has(i):
        yield "no forward formula leads here"
    else:
        if i > 0:
            yield tangents.equation(i).one_line()
        yield from show(tangents.sweep.tangent(i), tangents.texts(i)[-1])


def _adjoint_parts(timeline: Timeline, i: int, at: int, show: Show) -> Iterator[Part]:
    state = timeline.adjoint_state(i, at)
    if state.kind == "pending":
        yield f"{PENDING} (not reached yet)"
    elif state.kind == "no path":
        yield f"{state.text}: {state.reason}"
    elif state.kind == "partial":
        yield f"{state.text} (partial: not every term is in)"
    else:
        yield from show(timeline.sweep.adjoints[i], state.text)
        verdict = timeline.verdicts.get(i)
        if verdict is not None:
            mark = "✓" if verdict.ok else "✗"
            torchs = minus(shown(verdict.torch)) if verdict.torch is not None else "no gradient"
            yield f"{mark} torch {torchs}, off by {number(verdict.max_abs_error)}"


def _term_lines(timeline: Timeline, i: int, at: int) -> Iterator[str]:
    incoming = timeline.sweep.incoming[i]
    arrived = timeline.arrived(i, at)
    for k, term in enumerate(incoming):
        child = symbol(term.application.first)
        if term.value is None:
            yield f"from {child}: no gradient ({term.rule})"
        elif k >= arrived:
            yield f"from {child}: {PENDING}"
        else:
            step = Step(at, "reverse", "contribution", i, (term,), k)
            text = equation(timeline.trace, timeline.sweep, step).one_line()
            values = timeline.trace.values
            axes = broadcast_axes(values[i], values[term.application.first]) if term.summed else []
            said = f"   summed over the broadcast {axes_text(axes)}" if axes else ""
            yield f"from {child} ({term.rule}): {text}{said}"


def _saved_lines(timeline: Timeline, i: int) -> Iterator[str]:
    """Give what the operation of v_i keeps for its backward, and how much room that takes."""
    made = timeline.trace.made_by.get(i)
    found = {} if made is None else saved_values(made.node)
    for name, tensor in found.items():
        size = tensor.numel() * tensor.element_size()
        yield f"{name}: {summary(tensor)}, {size:,} byte{'s' * (size != 1)}"
