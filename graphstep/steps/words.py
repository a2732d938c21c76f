"""A step in words, the same in every view: what happens, and what torch says."""

from __future__ import annotations

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.steps.timeline import Timeline


def headline(timeline: Timeline, at: int) -> str:
    """Return what happens at a step, in words."""
    step = timeline[at]
    value = timeline.trace.values[step.i]
    name = f"{symbol(step.i)} ({value.label})" if value.label else symbol(step.i)
    if step.half == "forward":
        if step.kind == "input":
            return f"forward: the input {value.shown_name}"
        where = f" in {value.module}" if value.module else ""
        return f"forward: {value.op.strip('_')}{where} gives {name}"
    total = len(timeline.sweep.incoming[step.i])
    match step.kind:
        case "seed":
            return f"reverse: the sweep starts at the output {name}"
        case "hook":
            return f"reverse: a hook changes the adjoint of {name}"
        case "contribution":
            return f"reverse: term {step.before + 1} of {total} for {name}"
        case "gradient":
            return f"reverse: the gradient of the input {value.shown_name}"
    terms = "one term" if total == 1 else f"{total} terms"
    return f"reverse: the adjoint of {name}, {terms}"


def check_text(timeline: Timeline, at: int, short: bool = False) -> tuple[str, bool]:
    """Return the check of a step against torch in a few words, and whether it agrees.

    A `short` one leaves out torch's number, where there is one.
    """
    step = timeline[at]
    if step.half == "forward":
        return "", True
    if timeline.adjoint_state(step.i, at).kind == "partial":
        hooked = timeline.arrived(step.i, at) >= len(timeline.sweep.incoming[step.i])
        return f"partial: {'a hook is' if hooked else 'more terms'} to come", True
    verdict = timeline.verdicts.get(step.i)
    if verdict is None:
        return "", True
    rules = {term.rule for term in timeline.sweep.incoming[step.i]}
    by = " · by torch's own node" if "torch" in rules else " · own rule" if rules else ""
    torchs = "has no gradient" if verdict.torch is None else minus(shown(verdict.torch))
    if short and verdict.torch is not None:
        torchs = "agrees" if verdict.ok else "differs"
    if verdict.ok:
        return f"✓ torch {torchs}{by}", True
    return f"✗ torch {torchs}, off by {number(verdict.max_abs_error)}{by}", False
