"""The value in which what is not finite began; an inf that a mask wrote is meant, and no cause."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.finite import flaw

SOFTMAX = ("_softmax", "_log_softmax")


def origins(trace: TraceGraph) -> dict[int, int]:
    """Map every value that is not finite to the one in which that began.

    An inf that an operation was told to write, as `masked_fill` with -inf, is not there, nor is
    what only hands it on. A nan began in a nan before it, else in an inf that nobody wrote.
    """
    kinds: dict[int, str] = {}
    found: dict[int, int] = {}
    for i, value in trace.values.items():
        kind = flaw(value.value)
        if not kind:
            continue
        kinds[i] = kind
        before = [k for k in _operands(trace, i) if k in kinds]
        spoiled = [k for k in before if k in found]
        if nan := [k for k in spoiled if kinds[k] == "nan"]:
            found[i] = found[nan[0]]
        elif spoiled:
            found[i] = found[spoiled[0]]
        elif kind == "nan" or not (before or (i > 0 and any(_constants(trace, trace.made_by[i])))):
            found[i] = i
    return found


def value_sentence(trace: TraceGraph, i: int) -> str:
    """Say how v_i came to hold what is not finite: given so, or made so by which operation."""
    value = trace.values[i]
    kind = flaw(value.value)
    if i <= 0:
        return f"{value.name} is given as {kind}"
    return (
        f"{value.name} becomes {kind} in {value.op}{ending(kind, value.value)}{_reason(trace, i)}"
    )


def ending(kind: str, tensor: Tensor | None) -> str:
    """Say of an inf in float16 that there numbers end early, and nothing of any other."""
    narrow = kind == "inf" and tensor is not None and tensor.dtype == torch.float16
    return f", as float16 ends at {torch.finfo(torch.float16).max:.0f}" if narrow else ""


def _reason(trace: TraceGraph, i: int) -> str:
    """Say what an operation made a nan of, where all of its operands were finite or masked."""
    made = trace.made_by[i]
    for k in _operands(trace, i):
        if made.name in SOFTMAX and _has_hidden_row(made, trace.values[k].value):
            return f": a whole row of {trace.values[k].name} is -inf, as where a mask hides all"
    for k in _operands(trace, i):
        if kind := flaw(trace.values[k].value):
            return f", out of the {kind} in {trace.values[k].name}"
    given = dict(_constants(trace, made))
    kind = "nan" if "nan" in given else "inf"
    return f", which was given {kind} in {given[kind]}" if kind in given else ""


def _has_hidden_row(made: Application, scores: Tensor | None) -> bool:
    if scores is None or made.operation is None:
        return False
    axis = made.operation.args[1]
    return bool((scores == -math.inf).all(axis).any())


def _operands(trace: TraceGraph, i: int) -> list[int]:
    made = trace.made_by.get(i)
    return [] if made is None else sorted({k for k in made.parents if k is not None and k != i})


def _constants(trace: TraceGraph, made: Application) -> Iterator[tuple[str, str]]:
    """Yield `nan` or `inf` with the name of each constant that holds one."""
    operation = made.operation
    if operation is None:
        return
    for argument in (*operation.args, *operation.kwargs.values()):
        if isinstance(argument, float) and not math.isfinite(argument):
            yield "nan" if math.isnan(argument) else "inf", "a constant"
    for key, ref in zip(operation.keys, operation.operand_refs(), strict=False):
        if key is None and (kind := flaw(ref.tensor)):
            yield kind, trace.constants.get(id(ref.tensor), "a constant")
