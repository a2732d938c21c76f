"""What happens at a step and why, in a few sentences: what a speaker says beside the formula."""

from __future__ import annotations

from collections.abc import Sequence

from graphstep.format.symbols import symbol
from graphstep.steps.equation import partial_formula, partial_name
from graphstep.steps.step import Step
from graphstep.steps.timeline import Timeline

MANY = 6
"""So many values are named one by one, of more only their number is told."""


def narration(timeline: Timeline, at: int) -> str:
    """Return the speaker's notes of a step, which never tell its result."""
    step = timeline[at]
    said = _forward(timeline, step) if step.half == "forward" else _reverse(timeline, step)
    return " ".join(said)


def _forward(timeline: Timeline, step: Step) -> list[str]:
    trace = timeline.trace
    if step.kind == "input":
        value = trace.values[step.i]
        return [f"{value.shown_name} is an input: its value is given, not computed."]
    application = trace.made_by[step.i]
    parents = tuple(dict.fromkeys(p for p in application.parents if p is not None))
    said = [f"{symbol(step.i)} is computed from {_named(timeline, parents)}."]
    partials = []
    for position, parent in enumerate(application.parents):
        term = timeline.term(step.i, position)
        formula = None if term is None else partial_formula(trace, term)
        if parent is not None and formula is not None:
            assert term is not None
            partials.append(f"{partial_name(term)} = {formula.text()}")
    if partials and len(partials) <= MANY:
        noun = "local partial" if len(partials) == 1 else "local partials"
        said.append(f"The reverse sweep will need its {noun} {_listed(partials)}.")
    return said


def _reverse(timeline: Timeline, step: Step) -> list[str]:
    name = symbol(step.i, "adjoint")
    incoming = timeline.sweep.incoming[step.i]
    match step.kind:
        case "seed":
            return [
                f"The reverse sweep starts at the output {symbol(step.i)}: "
                f"{name} is the seed, the derivative of the output by itself."
            ]
        case "hook":
            return [f"A hook that the user registered changes {name} before it is passed on."]
        case "gradient":
            label = timeline.trace.values[step.i].label or symbol(step.i)
            return [f"Nothing more arrives at {label}: {name} is what torch leaves in its .grad."]
        case "contribution":
            child = step.terms[0].application.first
            place = f"Use {step.before + 1} of {len(incoming)}: "
            if len(incoming) == 1:
                place = f"{symbol(step.i)} is used once: "
            sent = f"{place}{symbol(child)} sends back {_sent(timeline, step)}."
            more = step.before + 1 < len(incoming)
            return [sent, "More uses are to come."] if more else [sent]
    users = tuple(dict.fromkeys(term.application.first for term in step.terms))
    if len(step.terms) == 1:
        said = [
            f"{symbol(step.i)} is used once, by {_named(timeline, users)}, "
            f"which sends back {_sent(timeline, step)}."
        ]
    else:
        said = [
            f"{symbol(step.i)} is used {_times(len(step.terms))}, by {_named(timeline, users)}. "
            f"Every use sends back its own term, and {name} is their sum."
        ]
    if step.i in timeline.sweep.seeds:
        said.append("It is an output too, so its seed comes first.")
    return said


def _sent(timeline: Timeline, step: Step) -> str:
    term = step.terms[0]
    adjoint = symbol(term.application.first, "adjoint")
    if partial_formula(timeline.trace, term) is None:
        return f"what becomes of its adjoint {adjoint}"
    return f"its adjoint {adjoint} times the local partial {partial_name(term)}"


def _named(timeline: Timeline, numbers: Sequence[int]) -> str:
    if len(numbers) > MANY:
        return f"{len(numbers):,} values"
    labels = [(symbol(i), timeline.trace.values[i].label) for i in numbers]
    return _listed([f"{name} ({label})" if label else name for name, label in labels]) or "nothing"


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count:,} times"
