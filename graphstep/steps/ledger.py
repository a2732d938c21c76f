"""The ledger of one adjoint: every term that comes in, and the sum after each of them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.format.formula import of
from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.steps.equation import local_formula, partial_formula
from graphstep.steps.terms import tensor_term
from graphstep.steps.timeline import PENDING, Timeline
from graphstep.sweep.contributions import Contribution, RuleKind

MOST = 200
"""Of an adjoint of more terms the first and the last half of this many are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one term of a sum, as text; what has not come in yet is pending.

    `partial` is the local partial of the edge and `number` what it is here; where the rule is no
    product with a partial, `partial` is the formula of the whole term and `number` is empty.
    `summed` says that the product was summed over broadcast axes. `distance` says how far the sum
    is from torch's number after this term.
    """

    edge: str
    partial: str
    number: str
    above: str
    product: str
    summed: bool
    total: str
    distance: str
    rule: RuleKind
    arrived: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hold the sum of v̄_i: its start, its terms in the order of their arrival, and its end.

    `start` is what the output's seed gave, or empty. `left_out` terms are missing before entry
    `gap`. `result` is the sum, `state` how far it is; `torch` and `agrees` what the check says
    of a finished one, `note` what else there is to know.
    """

    i: int
    title: str
    start: str
    entries: tuple[Entry, ...]
    left_out: int
    gap: int
    state: str
    result: str
    torch: str
    agrees: bool | None
    note: str


def ledger(timeline: Timeline, i: int, at: int) -> Ledger:
    """Return the ledger of v̄_i once step `at` is done.

    Torch's number, and the distance from it, come with the last term: before, they would give
    away what is still to be added.
    """
    sweep = timeline.sweep
    terms = sweep.incoming[i]
    state = timeline.adjoint_state(i, at)
    arrived = min(timeline.arrived(i, at), len(terms))
    verdict = timeline.verdicts.get(i) if state.kind == "final" else None
    theirs = None if verdict is None else verdict.torch
    kept = _kept(len(terms))
    entries = []
    total = sweep.seeds.get(i)
    for k, term in enumerate(terms):
        if term.value is not None and k < arrived:
            total = term.value if total is None else total + term.value
        if k in kept:
            entries.append(_entry(timeline, term, k < arrived, total, theirs))
    value = timeline.trace.values[i]
    name = f"{symbol(i, 'adjoint')} of {value.label}" if value.label else symbol(i, "adjoint")
    summed = timeline.sum_at(i, at)
    start = i in sweep.seeds and state.kind != "pending"
    return Ledger(
        i,
        name,
        minus(shown(sweep.seeds[i])) if start else "",
        tuple(entries),
        len(terms) - len(kept),
        MOST // 2,
        state.kind,
        state.text if summed is None else minus(shown(summed)),
        "" if verdict is None else _torch_text(theirs),
        None if verdict is None else verdict.ok,
        _note(timeline, i, at),
    )


def distance(ours: Tensor | None, theirs: Tensor | None) -> float | None:
    """Return the largest distance between two tensors' entries, None where that says nothing."""
    if ours is None or theirs is None or ours.shape != theirs.shape or not ours.numel():
        return None
    mine, other = (strided(one).to("cpu") for one in (ours, theirs))
    kind = torch.complex128 if mine.is_complex() or other.is_complex() else torch.float64
    mine, other = mine.to(kind), other.to(kind)
    same = (mine == other) | (mine.isnan() & other.isnan())
    return float(torch.where(same, 0.0, (mine - other).abs()).max())


def _kept(count: int) -> frozenset[int]:
    if count <= MOST:
        return frozenset(range(count))
    half = MOST // 2
    return frozenset((*range(half), *range(count - half, count)))


def _entry(
    timeline: Timeline,
    term: Contribution,
    arrived: bool,
    total: Tensor | None,
    theirs: Tensor | None,
) -> Entry:
    trace = timeline.trace
    child = term.application.first
    edge = f"{symbol(child)} → {symbol(term.parent)}"
    formula = partial_formula(trace, term)
    whole = (formula if formula is not None else local_formula(trace, term)).text()
    if not arrived:
        return Entry(
            edge, whole, "", PENDING, PENDING, term.summed, PENDING, "", term.rule, arrived
        )
    above = (timeline.sweep.adjoints[k] for k in term.application.results.values())
    off = distance(total, theirs)
    return Entry(
        edge,
        whole,
        _number(term),
        ", ".join("0" if one is None else minus(shown(one)) for one in above),
        "no gradient" if term.value is None else minus(shown(term.value)),
        term.summed,
        "0" if total is None else minus(shown(total)),
        "" if off is None else number(off),
        term.rule,
        arrived,
    )


def _number(term: Contribution) -> str:
    """Return what the local partial is, in numbers; empty where the term is no product with one."""
    partial = term.shown_partial
    if partial is None:
        return ""
    return of(tensor_term(partial) if isinstance(partial, Tensor) else partial).text()


def _torch_text(theirs: Tensor | None) -> str:
    return "no gradient" if theirs is None else minus(shown(theirs))


def _note(timeline: Timeline, i: int, at: int) -> str:
    state = timeline.adjoint_state(i, at)
    if state.kind == "no path":
        return state.reason
    if state.kind == "pending":
        return "not reached yet"
    hooked = timeline.sweep.unhooked.get(i)
    if hooked is not None and timeline.arrived(i, at) > len(timeline.sweep.incoming[i]):
        return f"a hook of the source's own made it from the sum {minus(shown(hooked))}"
    return ""
