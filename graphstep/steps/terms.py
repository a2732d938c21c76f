"""What the names of a rule stand for on the screen: symbols, or the numbers in their place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from graphstep.format.folding import fold
from graphstep.format.formula import Formula
from graphstep.format.tensors import FEW_ENTRIES, dtype_name, shown
from graphstep.format.term import Symbol, Term, Word
from graphstep.graph.application import Application, Slot
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.operation import Ref
from graphstep.rules.language import fresh, parse
from graphstep.rules.row import OPERANDS
from graphstep.rules.scope import arguments, signature
from graphstep.steps.settings import may_be_set, settled_tree

TO_THE_END = sys.maxsize
"""Where a slice ends that has no end."""
MANY_MEMBERS = 6
"""A list of more tensors than this is written with its first and last ones."""


def symbolic_terms(
    trace: TraceGraph, application: Application, slot: Slot | None = None
) -> dict[str, Term]:
    """Map every name in a rule's scope to v_i where it is a value, else to what it is."""
    operation = application.operation
    assert operation is not None
    numbers = application.by_slot
    terms: dict[str, Term] = {"dim": None, "keepdim": None}
    for name, item in arguments(operation).items():
        terms[name] = _argument(trace, item, name, None, numbers)
    for letter, name in zip(OPERANDS, signature(operation.function).operands, strict=False):
        terms[letter] = terms.get(name)
    if slot is not None and slot.member is not None:
        parent = numbers.get(slot)
        own: Term = None if parent is None else Symbol(parent)
        terms.update(xs=terms[slot.argument], x=own, k=slot.member)
    results = application.by_position
    for number, ref in enumerate(operation.results):
        i = results.get(number)
        name = "v" if number == 0 else f"v{number}"
        terms[name] = _constant(trace, ref) if i is None else Symbol(i)
        adjoint: Term = 0 if i is None else Symbol(i, "adjoint")
        terms["g" if number == 0 else f"g{number}"] = adjoint
    terms["gs"] = tuple(terms["g" if k == 0 else f"g{k}"] for k in range(len(operation.results)))
    return terms


def in_numbers(
    trace: TraceGraph, adjoints: Mapping[int, Tensor | None], *, few: int = FEW_ENTRIES
) -> Callable[[Term], Term]:
    """Return what puts numbers in place of symbols.

    A tensor of up to `few` entries is shown as these, a larger one as its summary.
    """
    return lambda term: _number(term, trace, adjoints, few)


def forward_formula(trace: TraceGraph, application: Application, text: str | None) -> Formula:
    """Return the right side of v_i = …: the row's forward text, else the call as torch made it."""
    if application.operation is None:
        values = tuple(Symbol(p) for p in application.parents if p is not None)
        return _call_formula(application.name, list(values))
    terms = symbolic_terms(trace, application)
    if text is not None:
        return rule_text(text, terms)
    operation = application.operation
    shape = signature(operation.function)
    given: list[Term] = []
    for name, item in arguments(operation).items():
        if name in shape.defaults and item in (shape.defaults[name], TO_THE_END):
            continue
        if name in ("layout", "pin_memory", "memory_format", "non_blocking"):
            continue
        term = terms[name]
        if name in shape.operands or isinstance(item, tuple):
            given.append(term)
        else:
            given.append(Word(f"{name}={_plain(term)}"))
    return _call_formula(application.name.strip("_"), given)


def rule_text(text: str, terms: Mapping[str, Term]) -> Formula:
    """Return a text of a rule as a formula about one call, simplified by what its settings are."""
    tree = settled_tree(fresh(text), terms) if may_be_set(text) else parse(text)
    return Formula(fold(tree, terms), terms)


def _call_formula(name: str, given: list[Term]) -> Formula:
    names = [f"a{k}" for k in range(len(given))]
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Name(n, ast.Load()) for n in names], [])
    return Formula(call, dict(zip(names, given, strict=True)))


def _argument(
    trace: TraceGraph,
    item: Any,
    name: str,
    member: int | None,
    numbers: Mapping[Slot, int],
) -> Term:
    if type(item) is Ref:
        i = numbers.get(Slot(name, member))
        return _constant(trace, item) if i is None else Symbol(i)
    if isinstance(item, tuple):
        members: list[Term] = []
        whole = len(item) <= MANY_MEMBERS
        for place in range(len(item) if whole else MANY_MEMBERS - 2):
            count = place - item[:place].count(None)
            members.append(_argument(trace, item[place], name, count, numbers))
        if not whole:
            count = len(item) - 1 - item.count(None)
            members += [Word("…"), _argument(trace, item[-1], name, count, numbers)]
        return tuple(members)
    if item == TO_THE_END:
        return None
    if item is None or isinstance(item, (bool, int, float, complex)):
        return item
    if isinstance(item, torch.dtype):
        return Word(dtype_name(item))
    return Word(str(item))


def _constant(trace: TraceGraph, ref: Ref) -> Term:
    tensor = ref.tensor
    name = trace.constants.get(id(tensor))
    if name is not None:
        return Word(name)
    return tensor_term(tensor, few=3)


def _number(term: Term, trace: TraceGraph, adjoints: Mapping[int, Tensor | None], few: int) -> Term:
    if isinstance(term, tuple):
        return tuple(_number(part, trace, adjoints, few) for part in term)
    if not isinstance(term, Symbol):
        return term
    tensor = adjoints.get(term.i) if term.mark == "adjoint" else trace.values[term.i].value
    if tensor is None:
        return 0 if term.mark == "adjoint" else Word("not recorded")
    return tensor_term(tensor, few=few)


def tensor_term(tensor: Tensor | None, *, few: int = FEW_ENTRIES) -> Term:
    """Return a tensor as a term of a formula: its number, its few entries, or its summary."""
    if tensor is not None and tensor.dim() == 0 and tensor.device.type != "meta":
        value: int | float | complex | bool = tensor.item()
        return value
    return Word(shown(tensor, few=few), numeric=True)


def _plain(term: Term) -> str:
    return Formula(ast.Name("t", ast.Load()), {"t": term}).text("ascii")
