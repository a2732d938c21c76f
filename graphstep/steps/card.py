"""The card of one value: what it is, its tensors, and every term of its adjoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import torch
from torch import Tensor

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown, summary
from graphstep.graph.value import Value
from graphstep.recording.internals import saved_values
from graphstep.steps.equation import equation
from graphstep.steps.histogram import histogram
from graphstep.steps.step import State, Step
from graphstep.steps.tangents import Tangents
from graphstep.steps.timeline import PENDING, Timeline

WIDE, HIGH = 8, 8
"""The grid of a tensor shows up to so many columns and rows of its first entries."""

MORE = "  …"


@dataclass(frozen=True, slots=True)
class Section:
    """Head some lines of a card with a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Describe one value: `facts` are pairs of a word and what it says."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def card(
    timeline: Timeline, i: int, at: int, room: int = 100, tangents: Tangents | None = None
) -> Card:
    """Return what is known of v_i once step `at` is done; what is pending stays so.

    The rows of a tensor's entries are at most `room` characters wide. `tangents` adds v̇_i.
    """
    value = timeline.trace.values[i]
    sections = [
        Section(
            f"value {symbol(i)}", tuple(_value_lines(value, timeline.value_state(i, at), room))
        ),
        Section(f"adjoint {symbol(i, 'adjoint')}", tuple(_adjoint_lines(timeline, i, at, room))),
    ]
    if tangents is not None:
        title = f"tangent {symbol(i, 'tangent')} for {tangents.seed_text}"
        lines = tuple(_tangent_lines(timeline, tangents, i, at, room))
        sections.insert(1, Section(title, lines))
    terms = tuple(_term_lines(timeline, i, at))
    if terms:
        sections.append(Section("terms of the adjoint, in the order of their arrival", terms))
    saved = tuple(_saved_lines(timeline, i))
    if saved:
        sections.append(Section("saved for the backward", saved))
    name = f"{value.label}: {symbol(i)}" if value.label else symbol(i)
    return Card(name, tuple(_facts(value)), tuple(sections))


def statistics(tensor: Tensor) -> str:
    """Return min, max, mean and standard deviation of the finite entries, and count the others.

    The deviation is that of these entries, not an estimate from them; zero, NaN and infinite
    entries are counted.
    """
    if tensor.numel() == 0:
        return "no entries"
    if tensor.is_complex():
        return f"{tensor.numel()} entries"
    finite = tensor if not tensor.is_floating_point() else tensor[tensor.isfinite()]
    parts = []
    if finite.numel() and tensor.dtype != torch.bool:
        low, high = (number(part.item()) for part in (finite.min(), finite.max()))
        parts += [f"min {low}", f"max {high}"]
        spread, mean = torch.std_mean(finite.to(torch.float64), correction=0)
        parts += [f"mean {number(mean.item())}", f"std {number(spread.item())}"]
    parts.append(f"{int((tensor == 0).sum())} zero")
    if tensor.is_floating_point():
        parts += [f"{int(tensor.isnan().sum())} NaN", f"{int(tensor.isinf().sum())} inf"]
    return minus(" · ".join(parts))


def grid(tensor: Tensor, room: int = 100) -> tuple[str, ...]:
    """Return the first entries as aligned rows; of more than two dimensions, the first slice.

    A row has as many columns as `room` characters hold, and at least one.
    """
    if tensor.numel() == 0 or tensor.dim() == 0:
        return ()
    leading = max(tensor.dim() - 2, 0)
    plane = tensor[(0,) * leading]
    if plane.dim() == 1:
        plane = plane[None]
    shown_part = plane[:HIGH, :WIDE].tolist()
    texts = [[minus(number(entry)) for entry in row] for row in shown_part]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    count = len(widths)
    while count > 1 and sum(widths[:count]) + 2 * (count - 1) + len(MORE) > room:
        count -= 1
    more = MORE if plane.shape[1] > count else ""
    rows = [
        "  ".join(text.rjust(width) for text, width in zip(row, widths[:count], strict=False))
        + more
        for row in texts
    ]
    if plane.shape[0] > HIGH:
        rows.append("…")
    if leading:
        rows.insert(0, f"[{'0, ' * leading}:, :]")
    return tuple(rows)


def _facts(value: Value) -> Iterator[tuple[str, str]]:
    yield "operation", "input" if value.is_input else value.op.strip("_")
    if value.module:
        yield "module", value.module
    if value.source is not None:
        place = value.source
        yield "source", f"{PurePath(place.file).name}:{place.line}:{place.column + 1}"
    if value.shape is not None:
        yield "shape", f"[{', '.join(map(str, value.shape))}]"
    if value.dtype:
        yield "dtype", value.dtype
    if value.device:
        yield "device", value.device


def _tensor_lines(tensor: Tensor | None, text: str, room: int) -> Iterator[str]:
    if tensor is None:
        yield text
    elif tensor.layout != torch.strided or tensor.device.type == "meta":
        yield summary(tensor)
    elif tensor.dim() == 0:
        yield text
    else:
        plain = tensor.detach().resolve_conj().resolve_neg()
        yield summary(plain)
        yield statistics(plain)
        yield from grid(plain, room)
        if plain.numel() > WIDE * HIGH:
            yield from histogram(plain, room)


def _value_lines(value: Value, state: State, room: int) -> Iterator[str]:
    if state.kind == "pending":
        yield f"{PENDING} (not reached yet)"
    else:
        yield from _tensor_lines(value.value, state.text, room)


def _tangent_lines(
    timeline: Timeline, tangents: Tangents, i: int, at: int, room: int
) -> Iterator[str]:
    if timeline.value_state(i, at).kind == "pending":
        yield f"{PENDING} (not reached yet)"
    elif not tangents.has(i):
        yield "no forward formula leads here"
    else:
        if i > 0:
            yield tangents.equation(i).one_line()
        yield from _tensor_lines(tangents.sweep.tangent(i), tangents.texts(i)[-1], room)


def _adjoint_lines(timeline: Timeline, i: int, at: int, room: int) -> Iterator[str]:
    state = timeline.adjoint_state(i, at)
    if state.kind == "pending":
        yield f"{PENDING} (not reached yet)"
    elif state.kind == "no path":
        yield f"{state.text}: {state.reason}"
    elif state.kind == "partial":
        yield f"{state.text} (partial: not every term is in)"
    else:
        yield from _tensor_lines(timeline.sweep.adjoints[i], state.text, room)
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
            axes = _summed_axes(timeline.trace.values[i], term.application.first, timeline)
            said = f"   summed over {axes}" if term.summed and axes else ""
            yield f"from {child} ({term.rule}): {text}{said}"


def _summed_axes(value: Value, child: int, timeline: Timeline) -> str:
    """Return along which axes of v_child an operand was broadcast, and its adjoint is summed."""
    small, large = value.shape, timeline.trace.values[child].shape
    if small is None or large is None or len(small) > len(large):
        return ""
    padded = (None,) * (len(large) - len(small)) + small
    axes = [k for k, (one, other) in enumerate(zip(padded, large, strict=True)) if one != other]
    if not axes:
        return ""
    return f"the broadcast ax{'i' if len(axes) == 1 else 'e'}s {', '.join(map(str, axes))}"


def _saved_lines(timeline: Timeline, i: int) -> Iterator[str]:
    """Give what the operation of v_i keeps for its backward, and how much room that takes."""
    made = timeline.trace.made_by.get(i)
    found = {} if made is None else saved_values(made.node)
    for name, tensor in found.items():
        size = tensor.numel() * tensor.element_size()
        yield f"{name}: {summary(tensor)}, {size:,} byte{'s' * (size != 1)}"
