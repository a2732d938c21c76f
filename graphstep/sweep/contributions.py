"""The contributions of one operation: v̄_j ∂v_j/∂v_i for each operand, by our row or torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import is_python_node
from graphstep.recording.operation import Operation
from graphstep.rules.conjugation import NONE, complex_names, has_complex, is_holomorphic
from graphstep.rules.language import Scope
from graphstep.rules.scope import bind, member, promoted, widened
from graphstep.rules.table import row_for
from graphstep.sweep.kernel import kernel_terms
from graphstep.sweep.plan import Plan, plan
from graphstep.sweep.torch_node import node_terms
from graphstep.sweep.user_code import UserCode

RuleKind = Literal["own", "torch"]


class Contribution(NamedTuple):
    """One term of an adjoint: what operation `application` hands to v_parent at `position`.

    `value` has the parent's shape, dtype and device, or is None where the operation gives no
    gradient there. `text` is the rule's formula, `rule` whose formula it is, `summed` whether
    broadcast axes were summed, `is_product` whether the formula is a local partial that the
    adjoint above was multiplied with; `partial` evaluates `factor`. `hooked` says that a hook of
    the user's on torch's node changed it.
    """

    parent: int
    application: Application
    position: int
    value: Tensor | None
    rule: RuleKind
    text: str | None = None
    summed: bool = False
    factor: Callable[[], Any] | None = None
    hooked: bool = False

    @property
    def is_product(self) -> bool:
        return self.factor is not None

    @property
    def conjugated(self) -> bool:
        """Whether the factor is the conjugate of the local partial, as with complex operands."""
        return (
            self.text is not None and "conj(" in self.text and is_holomorphic(self.application.name)
        )

    @property
    def partial(self) -> Tensor | int | float | complex | None:
        """The local partial; None where the term is no product, or a file has it only as text."""
        found = self.shown_partial
        return found if isinstance(found, (Tensor, int, float, complex)) else None

    @property
    def shown_partial(self) -> Any:
        """The same to be shown: in a trace that was loaded, the term of a formula that it was."""
        if self.factor is None:
            return None
        with torch.no_grad():
            return self.factor()


def contributions(
    trace: TraceGraph,
    application: Application,
    adjoints: Mapping[int, Tensor | None],
    user_code: UserCode,
) -> list[Contribution]:
    """Return what one operation contributes to each of its operands, in operand order.

    `adjoints` holds the finished adjoints of its results. Raises RuntimeError, naming the
    operation, where a row gives a shape that its operand does not have.
    """
    if all(adjoints.get(i) is None for i in application.results.values()):
        return []
    operation, row = application.operation, row_for(application)
    heard = bool(user_code.terms) and application.node in user_code.terms
    if operation is not None and row is not None and not heard:
        complex_ones = complex_names(operation) if has_complex(operation) else NONE
        found = plan(row, operation.function, application.slots, complex_ones)
        if found is not None:
            return _own(trace, application, operation, found, adjoints)
    return torch_contributions(trace, application, adjoints, user_code)


def _own(
    trace: TraceGraph,
    application: Application,
    operation: Operation,
    found: Plan,
    adjoints: Mapping[int, Tensor | None],
) -> list[Contribution]:
    scope = bind(operation, found.wanted)
    scope.update(_above(application, operation, found.every_adjoint, adjoints))
    scope = widened(scope)
    whole = scope
    for name, evaluate in found.repeated:
        whole = {**whole, name: evaluate(whole)}
    made = []
    for planned in found.terms:
        parent = application.parents[planned.position]
        assert parent is not None
        factor = None
        if planned.partial is None:
            own = member(whole, planned.slot)
        else:
            own = promoted(member(scope, planned.slot))
            factor = partial(_factor, planned.partial, own)
        raw = planned.contribution(own)
        value, summed = (None, False) if raw is None else _fit(trace, parent, raw, application)
        made.append(
            Contribution(
                parent, application, planned.position, value, "own", planned.text, summed, factor
            )
        )
    return made


def _factor(evaluate: Callable[[Scope], Any], scope: Scope) -> Any:
    value, dtype = evaluate(scope), scope["g"].dtype
    if not isinstance(value, Tensor) or (value.is_complex() and not dtype.is_complex):
        return value
    return value.to(dtype)


def _above(
    application: Application,
    operation: Operation,
    every: bool,
    adjoints: Mapping[int, Tensor | None],
) -> dict[str, Any]:
    """Return g, g1, g2 and, for `every` one, gs: the results' adjoints, zeros where none came."""
    results = application.by_position
    gs = []
    for number in range(len(operation.results) if every else max(results) + 1):
        i = results.get(number)
        adjoint = None if i is None else adjoints.get(i)
        gs.append(
            torch.zeros_like(operation.results[number].tensor) if adjoint is None else adjoint
        )
    return {"gs": gs, "g": gs[0], **{f"g{k}": g for k, g in enumerate(gs) if k}}


def _fit(trace: TraceGraph, parent: int, raw: Any, application: Application) -> tuple[Tensor, bool]:
    """Sum over broadcast axes, cast and move, so that the term fits the operand's adjoint."""
    value = trace.values[parent]
    like = value.value
    if (
        like is not None
        and isinstance(raw, Tensor)
        and (raw.shape, raw.dtype, raw.device) == (like.shape, like.dtype, like.device)
        and raw.layout == torch.strided
    ):
        return raw, False
    if value.shape is None or value.dtype is None or value.device is None:
        return raw, False
    dtype: torch.dtype = getattr(torch, value.dtype)
    if not isinstance(raw, Tensor):
        raw = torch.as_tensor(raw, dtype=dtype, device=value.device)
    if raw.layout != torch.strided:
        raw = raw.to_dense()
    summed = tuple(raw.shape) != value.shape
    if summed:
        try:
            raw = raw.sum_to_size(value.shape) if raw.dim() >= len(value.shape) else raw
            raw = raw.expand(value.shape)
        except RuntimeError:
            raise RuntimeError(
                f"the rule of {application.name} gave {list(raw.shape)} for an operand of "
                f"shape {list(value.shape)}"
            ) from None
    if raw.dtype != dtype:
        raw = raw.real if raw.is_complex() and not dtype.is_complex else raw
        raw = raw.to(dtype)
    if str(raw.device) != value.device:
        raw = raw.to(value.device)
    return raw, summed


def _laid_out(trace: TraceGraph, i: int, adjoint: Tensor) -> Tensor:
    """Return v̄_i with those entries alone that a sparse v_i has, as torch's node expects it."""
    value = trace.values[i].value
    if value is None or value.layout != torch.sparse_coo or adjoint.layout != torch.strided:
        return adjoint
    return adjoint.sparse_mask(value.coalesce())


def torch_contributions(
    trace: TraceGraph,
    application: Application,
    adjoints: Mapping[int, Tensor | None],
    user_code: UserCode,
) -> list[Contribution]:
    """Return what torch's own node contributes, arguments and order as in `contributions`.

    For a step of a node that was taken apart, it is what torch makes of that step alone.
    """
    above = {n: a for n, i in application.results.items() if (a := adjoints.get(i)) is not None}
    hooked = application.node in user_code.terms and not is_python_node(application.node)
    if application.is_step:
        by_value = {application.results[n]: a for n, a in above.items()}
        terms = kernel_terms(application, by_value)
    else:
        laid = {n: _laid_out(trace, application.results[n], a) for n, a in above.items()}
        terms = node_terms(application.node, laid, user_code)
    made = []
    for position, parent in enumerate(application.parents):
        if parent is not None:
            term = terms[position]
            value, summed = None, False
            if term is not None:
                value, summed = _fit(trace, parent, term, application)
            made.append(
                Contribution(
                    parent, application, position, value, "torch", summed=summed, hooked=hooked
                )
            )
    return made
