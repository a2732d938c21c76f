"""Predict the next step: what is asked, and what an answer was, right or which miss."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from graphstep.errors import InputError
from graphstep.format.symbols import symbol
from graphstep.steps.answer import close, read
from graphstep.steps.forward_misses import forward_misses
from graphstep.steps.miss import Miss, shape_miss
from graphstep.steps.reverse_misses import reverse_misses
from graphstep.steps.step import Half
from graphstep.steps.timeline import Timeline

ASKED = frozenset({"value", "adjoint", "contribution"})
"""The kinds of steps to predict; inputs, seeds and what hooks do are given."""
USERS = 6
"""So many operations that use a value are named, the rest are counted."""


@dataclass(frozen=True, slots=True)
class Question:
    """Ask for what step `index` computes: `name` is the sign of it, `says` the question."""

    index: int
    i: int
    half: Half
    name: str
    says: str
    target: Tensor


@dataclass(frozen=True, slots=True)
class Judgement:
    """Say whether an answer is right, and if not which miss it is, in a word and a sentence."""

    right: bool
    kind: str
    says: str


OTHER = Miss("another number", "not it, and none of the misses that are known", None)


def next_question(timeline: Timeline, at: int) -> Question | None:
    """Return the first question after step `at`, or None where nothing more can be asked."""
    for index in range(at + 1, len(timeline)):
        found = question(timeline, index)
        if found is not None:
            return found
    return None


def question(timeline: Timeline, index: int) -> Question | None:
    """Return what to ask of one step; None where it is given, or was not recorded."""
    step = timeline[index]
    if step.kind not in ASKED:
        return None
    i = step.i
    if step.half == "forward":
        target = timeline.trace.values[i].value
        name, says = symbol(i), f"{symbol(i)} = {timeline.formula(i)} = ?"
    else:
        target = timeline.sum_at(i, index)
        name = symbol(i, "adjoint")
        says = f"{name} = ?   {_words(timeline, index)}"
    if target is None or target.device.type == "meta" or not target.numel():
        return None
    if target.dim():
        says += f"   (shape [{', '.join(map(str, target.shape))}])"
    return Question(index, i, step.half, name, says, target)


def judge(timeline: Timeline, asked: Question, text: str) -> Judgement:
    """Return what an answer is. Raises InputError where it cannot be read."""
    if not text.strip():
        raise InputError("the answer is empty")
    answer = read(timeline, asked.index - 1, text)
    if close(answer, asked.target):
        return Judgement(True, "", f"right: {timeline.caption(asked.index)}")
    if answer.shape != asked.target.shape:
        miss = shape_miss(answer, asked.target)
    else:
        forward = asked.half == "forward"
        found = (
            forward_misses(timeline, asked.i, asked.index - 1)
            if forward
            else reverse_misses(timeline, asked.index)
        )
        miss = next((m for m in found if m.value is not None and close(answer, m.value)), OTHER)
    return Judgement(False, miss.kind, miss.says)


def _words(timeline: Timeline, index: int) -> str:
    step = timeline[index]
    i = step.i
    if timeline.grain == "contribution":
        so_far = timeline.adjoint_state(i, index - 1)
        child = symbol(step.terms[0].application.first)
        before = f", so far {so_far.text}" if so_far.kind == "partial" else ""
        return f"after what {child} hands down{before}"
    users = [symbol(term.application.first) for term in step.terms]
    named = ", ".join(dict.fromkeys(users[:USERS]))
    more = f" and {len(users) - USERS:,} more" if len(users) > USERS else ""
    return f"{symbol(i)} is used by {named}{more}"
