"""From a Python function or module, with its arguments, to one recorded run."""

from __future__ import annotations

import copy
import inspect
import linecache
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from graphstep.graph.leaves import distinct
from graphstep.graph.numbering import Order
from graphstep.recording.operation import Keep
from graphstep.running.around import names_around
from graphstep.running.containers import tensors_within, with_tensors
from graphstep.running.devices import created_on
from graphstep.running.inputs import is_numeric, split_values
from graphstep.running.record import record_run
from graphstep.running.run import Call, Loss, Origin, Run, Seeds


def call_run(
    function: Callable[..., Any],
    args: Sequence[Any],
    named: Mapping[str, Any],
    device: torch.device | None,
    order: Order,
    seeds: Seeds,
    loss: Loss | None = None,
    keep: Keep = "all",
) -> Run:
    """Record a Python function or module; positional tensors are named as its signature does.

    A tensor inside a list, tuple or dict has its place there in its name: `batch.x`.
    """
    module = function if isinstance(function, nn.Module) else None
    names = [*_positional_names(function, len(args)), *named]
    arguments = list(zip(names, [*args, *named.values()], strict=True))
    found = [pair for name, value in arguments for pair in _flat(name, value)]
    flat = dict(zip(distinct(name for name, _ in found), (v for _, v in found), strict=True))
    inputs, constants = split_values(flat, device, as_inputs=module is None)
    made = iter(({**flat, **constants, **inputs}).values())
    ready = [with_tensors(v, made) if _is_nest(v) else next(made) for _, v in arguments]
    given, keywords = ready[: len(args)], dict(zip(named, ready[len(args) :], strict=True))

    def run() -> Any:
        with created_on(device):
            result = function(*given, **keywords)
            return result if loss is None else loss(result)

    def again(there: torch.device) -> Run:
        moved = copy.deepcopy(module).to(there) if module is not None else function
        return call_run(moved, args, named, there, order, seeds, loss, keep)

    text = getattr(function, "__qualname__", type(function).__name__)
    origin = Origin(text, _language(function), _file(function), again)
    around = names_around(function)
    return record_run(Call(run, inputs, constants, keep=keep, around=around), origin, order, seeds)


def _is_nest(value: Any) -> bool:
    """Return whether a value holds tensors rather than being one, or numbers, itself."""
    if isinstance(value, list) and is_numeric(value):
        return False
    return isinstance(value, (list, tuple, dict))


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    return tensors_within(name, value) if _is_nest(value) else iter([(name, value)])


def _positional_names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        parameters = inspect.signature(getattr(function, "forward", function)).parameters
    except (TypeError, ValueError):
        parameters = inspect.Signature().parameters
    names = [
        p.name
        for p in parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    return [names[k] if k < len(names) else f"input_{k}" for k in range(count)]


def _file(function: Callable[..., Any]) -> str:
    code = getattr(getattr(function, "forward", function), "__code__", None)
    return str(code.co_filename) if code is not None else ""


def _language(function: Callable[..., Any]) -> str:
    return "".join(linecache.getlines(_file(function)))
