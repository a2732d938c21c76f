"""Open one operation of a trace: its textbook steps as a trace of their own, and its agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from graphstep.check.verdict import Verdict, compare
from graphstep.errors import InputError
from graphstep.expression import parse, run
from graphstep.format.symbols import symbol
from graphstep.graph.application import Application, Slot
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.operation import Operation
from graphstep.rules.scope import bind, signature
from graphstep.running.from_source import EXPRESSION, place_channel
from graphstep.running.record import record_run
from graphstep.running.run import Call, Origin, Run
from graphstep.sweep.contributions import torch_contributions
from graphstep.sweep.user_code import UserCode
from graphstep.textbook import (
    activations,
    losses,
    normalisation,
    products,
    recurrent,
    reductions,
    windows,
)
from graphstep.textbook.entries import ENTRIES
from graphstep.textbook.expansion import Expansion, Write

EXPANSIONS: Mapping[str, Write] = {
    **activations.EXPANSIONS,
    **reductions.EXPANSIONS,
    **normalisation.EXPANSIONS,
    **losses.EXPANSIONS,
    **products.EXPANSIONS,
    **windows.EXPANSIONS,
    **recurrent.EXPANSIONS,
}
_HALF = (torch.float16, torch.bfloat16)


@dataclass(frozen=True, slots=True, eq=False)
class OpenedRun:
    """Hold the run of v_i's textbook steps.

    `operands` maps each input of that run to the v_k that it stands for and its place among
    the operation's operands; `seed` is v̄_i, in one place only where one `element` was opened.
    """

    i: int
    application: Application
    run: Run
    operands: Mapping[str, tuple[int, int]]
    seed: Tensor
    element: tuple[int, ...] | None


def open_value(
    trace: TraceGraph, i: int, adjoint: Tensor | None, element: Sequence[int] | None = None
) -> OpenedRun:
    """Run the textbook steps of the operation that made v_i, on the values recorded for it.

    `adjoint` is v̄_i, the seed of the new run (None: zeros). `element` opens one entry of what
    ENTRIES names. Half precision is opened in float32, in which its kernels compute.
    Raises InputError for a value that has no textbook form, and lists those that have.
    """
    application = trace.made_by.get(i)
    operation = None if application is None else application.operation
    if application is None or operation is None or application.results.get(0) != i:
        raise InputError(_no_form(trace, i, entries=element is not None))
    where = None
    if element is not None:
        check_entries(trace, i)
        where = _index(trace, i, element)
    scope = bind(operation)
    written = _written(application, scope, where)
    if written is None and where is not None:
        raise InputError(f"the entry {list(where)} of {_made(trace, i)} has no textbook steps")
    if written is None:
        raise InputError(_no_form(trace, i))
    inputs, constants, operands = _sorted(application, operation, written, scope)
    program = parse(written.text)
    hear, locate = place_channel()

    def steps() -> Tensor:
        return run(program, {**inputs, **constants}, hear)

    seed = torch.zeros_like(trace.value(i)) if adjoint is None else adjoint
    started = seed
    if where is not None:
        seed = torch.zeros_like(seed)
        seed[where] = started[where]
        started = started[where]
    place = "" if where is None else str(list(where))
    title = f"{application.name.strip('_')} that gave {symbol(i)}{place}"
    origin = Origin(title, written.text, EXPRESSION, _no_second_run)
    call = Call(steps, inputs, constants, locate, program.labels)
    made = record_run(call, origin, seeds=[started.to(next(iter(inputs.values())).dtype)])
    return OpenedRun(i, application, made, operands, seed, where)


def agreement(
    trace: TraceGraph, opened: OpenedRun, value: Tensor, adjoints: Mapping[str, Tensor | None]
) -> dict[str, Verdict]:
    """Compare the textbook's value and adjoints with those of torch's kernel and its own node.

    `value` is what the textbook steps gave, `adjoints` what reached each of their inputs.
    """
    i = opened.i
    kernel = trace.value(i) if opened.element is None else trace.value(i)[opened.element]
    verdicts = {"value": compare(value, kernel)}
    terms = torch_contributions(trace, opened.application, {i: opened.seed}, UserCode())
    by_position = {term.position: term.value for term in terms}
    for name, (_, position) in opened.operands.items():
        verdicts[name] = compare(adjoints[name], by_position[position])
    return verdicts


def openable(trace: TraceGraph, *, entries: bool = False) -> list[int]:
    """Return the numbers of the values that have a textbook form, or `entries` that have one."""
    return [i for i in trace.made_by if _opens(trace, i, entries)]


def check_entries(trace: TraceGraph, i: int) -> None:
    """Raise InputError where no entry of v_i can be opened, and list the values that have such."""
    if not _opens(trace, i, entries=True):
        raise InputError(_no_form(trace, i, entries=True))


def _opens(trace: TraceGraph, i: int, entries: bool) -> bool:
    application = trace.made_by.get(i)
    operation = None if application is None else application.operation
    if application is None or operation is None or application.results.get(0) != i:
        return False
    if entries:
        value = trace.value(i)
        return _name(application) in ENTRIES and value.dim() > 0 and value.numel() > 0
    return _written(application, bind(operation), None) is not None


def _written(
    application: Application, scope: Mapping[str, Any], element: tuple[int, ...] | None
) -> Expansion | None:
    name = _name(application)
    if element is not None:
        write_entry = ENTRIES.get(name)
        return None if write_entry is None else write_entry(scope, element)
    write = EXPANSIONS.get(name)
    return None if write is None else write(scope)


def _name(application: Application) -> str:
    name = application.name
    return name if name[:1] == "_" else name.removesuffix("_")


def _sorted(
    application: Application, operation: Operation, written: Expansion, scope: Mapping[str, Any]
) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, tuple[int, int]]]:
    """Return the inputs and constants that the text names, and which operand each input is."""
    arguments = signature(operation.function).names
    inputs: dict[str, Tensor] = {}
    constants: dict[str, Tensor] = {}
    operands: dict[str, tuple[int, int]] = {}
    for name in parse(written.text).names:
        tensor = written.constants.get(name, scope.get(name))
        assert isinstance(tensor, Tensor)
        if tensor.dtype in _HALF:
            tensor = tensor.float()
        slot = Slot(arguments.get(name, name))
        if name in written.constants or slot not in application.slots:
            constants[name] = tensor
            continue
        position = application.slots.index(slot)
        operands[name] = application.by_slot[slot], position
        inputs[name] = tensor.detach().requires_grad_()
    return inputs, constants, operands


def _index(trace: TraceGraph, i: int, element: Sequence[int]) -> tuple[int, ...]:
    shape = trace.value(i).shape
    if len(element) != len(shape) or any(
        not 0 <= k < size for k, size in zip(element, shape, strict=False)
    ):
        raise InputError(f"v_{i} has shape {list(shape)}, which has no element {list(element)}")
    return tuple(element)


def _no_form(trace: TraceGraph, i: int, *, entries: bool = False) -> str:
    found = openable(trace, entries=entries)
    names = ", ".join(f"v_{k} ({trace.values[k].op})" for k in found[:8])
    more = f" and {len(found) - 8} more" if len(found) > 8 else ""
    lacks = "entries that open" if entries else "textbook steps"
    return f"{_made(trace, i)} has no {lacks}; here these have: {names or 'none'}{more}"


def _made(trace: TraceGraph, i: int) -> str:
    return f"v_{i} ({trace.values[i].op})"


def _no_second_run(there: torch.device) -> Run:
    raise InputError(f"an opened operation cannot be run again on {there}; run its trace there")
