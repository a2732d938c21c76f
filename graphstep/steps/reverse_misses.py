"""The misses of a reverse step: what the chain rule and its sum are made of, one part wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import torch
from torch import Tensor

from graphstep.errors import GraphstepError
from graphstep.format.symbols import symbol
from graphstep.recording.operation import Ref
from graphstep.steps.equation import partial_name
from graphstep.steps.miss import MOST_OTHERS, Miss, attempt, fitted, taken_for
from graphstep.steps.timeline import Timeline
from graphstep.sweep.contributions import Contribution, contributions
from graphstep.sweep.user_code import UserCode

MOST_TERMS = 6
"""Of a longer sum no other parts are looked for than single terms, and only its first ones."""

Change = Callable[[Contribution], Tensor | None]


def reverse_misses(timeline: Timeline, index: int) -> Iterator[Miss]:
    """Give what a student may have computed in place of an adjoint, the likeliest first."""
    step, sweep = timeline[index], timeline.sweep
    i = step.i
    target = timeline.sum_at(i, index)
    terms = [term for term in step.terms if term.value is not None]
    if target is None or not terms:
        return
    shape = target.shape
    base = timeline.sum_at(i, index - 1) if step.before else sweep.seeds.get(i)
    some = terms[:MOST_TERMS]
    yield from _incomplete(timeline, i, base, terms)
    yield Miss("wrong sign", "the sign is the other one", -target)
    for term in some if len(terms) > 1 or base is not None else []:
        assert term.value is not None
        says = f"the term from {symbol(term.application.first)} has the wrong sign"
        yield Miss("wrong sign", says, target - 2 * term.value)

    def above(term: Contribution) -> Tensor | None:
        found = sweep.adjoints[term.application.first]
        return None if found is None else attempt(fitted, found, shape)

    def alone(term: Contribution) -> Tensor | None:
        return _without_above(timeline, term)

    for kind, change, lacks in (
        ("forgot the local partial", above, "multiplied with the local partial"),
        ("forgot the adjoint above", alone, "multiplied with the adjoint above"),
    ):
        for changed in (some, *([one] for one in some if len(terms) > 1)):
            names = ", ".join(dict.fromkeys(symbol(t.application.first) for t in changed))
            many = len(changed) > 1
            says = f"the term{'s' * many} from {names} {'are' if many else 'is'} not {lacks}"
            yield Miss(kind, says, _changed(target, changed, [change(one) for one in changed]))
    for term in some:
        yield from _wrong_factors(timeline, term, target)
    yield from taken_for(timeline, i, index - 1)
    if timeline.trace.values[i].value is not None:
        yield Miss("another value", f"that is {symbol(i)}", timeline.trace.values[i].value)


def _incomplete(
    timeline: Timeline, i: int, base: Tensor | None, terms: Sequence[Contribution]
) -> Iterator[Miss]:
    """Give the sums that lack a part."""
    parts: list[tuple[str, Tensor]] = [] if base is None else [("what was there before", base)]
    for term in terms[:MOST_TERMS]:
        assert term.value is not None
        parts.append((f"the term from {symbol(term.application.first)}", term.value))
    whole = len(terms) <= MOST_TERMS
    name = symbol(i, "adjoint")
    for count in range(len(parts) - 1 if whole else 1, 0, -1):
        for chosen in combinations(parts, count):
            says = f"that is only {' and '.join(text for text, _ in chosen)}: {name} adds up all"
            values = [value for _, value in chosen]
            yield Miss("forgot +=", says, attempt(_total, values))


def _changed(
    target: Tensor, terms: Sequence[Contribution], wrong: Sequence[Tensor | None]
) -> Tensor | None:
    """Return the sum with some of its terms replaced by wrong ones; None where one is missing."""
    total = target
    for term, other in zip(terms, wrong, strict=True):
        if other is None or term.value is None:
            return None
        total = total - term.value + other
    return total


def _total(values: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(values)).sum(0)


def _without_above(timeline: Timeline, term: Contribution) -> Tensor | None:
    """Return a term as it is where the adjoint above is all ones."""
    sweep, application = timeline.sweep, term.application
    ones = {
        k: torch.ones_like(adjoint)
        for k in application.results.values()
        if (adjoint := sweep.adjoints[k]) is not None
    }
    partial = term.partial
    if partial is not None:
        one = next(iter(ones.values()))
        return fitted(one * partial, torch.Size(timeline.trace.values[term.parent].shape or ()))
    if term.rule != "own" or application.operation is None:
        return None
    try:
        found = contributions(timeline.trace, application, ones, UserCode())
    except GraphstepError:
        return None
    return next((t.value for t in found if t.position == term.position), None)


def _wrong_factors(timeline: Timeline, term: Contribution, target: Tensor) -> Iterator[Miss]:
    """Give a term with another factor than its local partial, or with another adjoint above."""
    trace, sweep, application = timeline.trace, timeline.sweep, term.application
    above = sweep.adjoints[application.first]
    if above is None:
        return
    child = application.first
    operation = application.operation
    numbers = [p for p in application.parents if p is not None]
    factors = [(symbol(k), trace.values[k].value) for k in dict.fromkeys((*numbers, child))]
    for item in () if operation is None else operation.args:
        if type(item) is Ref:
            factors.append(("another operand", item.tensor.detach()))
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            factors.append((str(item), torch.tensor(item)))
    shape = target.shape
    partial = partial_name(term)
    for name, factor in factors:
        if factor is None:
            continue
        for product in _products(above, factor):
            says = f"{name} is the factor of {symbol(child, 'adjoint')}, and not {partial}"
            wrong = attempt(fitted, product, shape)
            yield Miss("wrong operand", says, _changed(target, [term], [wrong]))
    local = term.partial
    if local is None:
        return
    others = [k for k in trace.values if k > term.parent and k != child]
    for k in sorted(others, key=lambda k: abs(k - child))[:MOST_OTHERS]:
        other = sweep.adjoints[k]
        if other is not None:
            says = f"{symbol(k, 'adjoint')} stands where {symbol(child, 'adjoint')} belongs"
            scaled = attempt(torch.mul, other, local)
            wrong = None if scaled is None else attempt(fitted, scaled, shape)
            yield Miss("wrong adjoint above", says, _changed(target, [term], [wrong]))


def _products(above: Tensor, factor: Tensor) -> Iterator[Tensor]:
    ways: list[tuple[Callable[..., Tensor], Tensor, Tensor]] = [(torch.mul, above, factor)]
    if above.dim() == 2 and factor.dim() == 2:
        for other in (factor, factor.mT):
            ways += [(torch.matmul, above, other), (torch.matmul, other, above)]
    for operate, left, right in ways:
        product = attempt(operate, left, right)
        if product is not None:
            yield product
