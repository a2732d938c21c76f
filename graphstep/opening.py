"""From a source or a callable, with values, to one recorded run."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from graphstep.errors import GraphstepError, InputError
from graphstep.graph.numbering import Order
from graphstep.recording.operation import RawPlace
from graphstep.recording.place import Place
from graphstep.running import Call, Origin, Run, Seeds, record_run
from graphstep.source import Source

Loss = Callable[[Any], Tensor]

EXPRESSION = "<expression>"
LONGEST_QUOTE = 500
"""Of what the user's code says when it fails, so many characters are repeated."""


def source_run(
    source: Source,
    values: Mapping[str, Any],
    device: torch.device,
    order: Order,
    seeds: Seeds,
    loss: Loss | None = None,
) -> Run:
    """Record a resolved SOURCE with its values, every floating one an input."""
    inputs, constants = split_values(values, device, as_inputs=True)
    everything = {**values, **inputs, **constants}
    current: list[Place | None] = [None]

    def hear(place: Place | None) -> None:
        current[0] = place

    def run() -> Any:
        result = source.call(everything, hear)
        return result if loss is None else loss(result)

    if source.program is None:
        call = Call(run, inputs, constants)
    else:

        def locate() -> RawPlace:
            return current[0]

        call = Call(run, inputs, constants, locate, source.program.labels)

    def again(there: torch.device) -> Run:
        return source_run(source, values, there, order, _moved(seeds, there), loss)

    file = EXPRESSION if source.program is not None else str(getattr(source, "file", "") or "")
    origin = Origin(source.text, source.language, file, device, again)
    return record_run(call, origin, order, seeds)


def call_run(
    function: Callable[..., Any],
    args: Sequence[Any],
    named: Mapping[str, Any],
    device: torch.device,
    order: Order,
    seeds: Seeds,
    loss: Loss | None = None,
) -> Run:
    """Record a Python function or module; positional tensors are named as its signature does."""
    names = [*_positional_names(function, len(args)), *named]
    module = function if isinstance(function, nn.Module) else None
    inputs, constants = split_values(
        dict(zip(names, [*args, *named.values()], strict=True)), device, as_inputs=module is None
    )
    given = [inputs.get(n, constants.get(n, v)) for n, v in zip(names, args, strict=False)]
    keywords = {n: inputs.get(n, constants.get(n, v)) for n, v in named.items()}

    def run() -> Any:
        result = function(*given, **keywords)
        return result if loss is None else loss(result)

    def again(there: torch.device) -> Run:
        moved = copy.deepcopy(module).to(there) if module is not None else function
        return call_run(
            moved,
            [_to(v, there) for v in args],
            {n: _to(v, there) for n, v in named.items()},
            there,
            order,
            _moved(seeds, there),
            loss,
        )

    text = getattr(function, "__qualname__", type(function).__name__)
    origin = Origin(text, _language(function), _file(function), device, again)
    return record_run(Call(run, inputs, constants), origin, order, seeds)


def split_values(
    values: Mapping[str, Any], device: torch.device, *, as_inputs: bool
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Sort values into inputs and constants, both as tensors.

    Numbers and lists become float32 inputs. A leaf that requires a gradient is an input
    itself; a tensor computed from one, and with `as_inputs` any other floating one, becomes an
    input as a leaf of its own that shares its numbers. Whatever cannot carry a gradient is a
    constant; other objects are left out.
    """
    inputs: dict[str, Tensor] = {}
    constants: dict[str, Tensor] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, (int, float, complex)):
            kind = torch.complex64 if isinstance(value, complex) else torch.float32
            inputs[name] = torch.tensor(value, dtype=kind, device=device, requires_grad=True)
        elif isinstance(value, list) and _is_numeric(value):
            inputs[name] = torch.tensor(
                value, dtype=torch.float32, device=device, requires_grad=True
            )
        elif isinstance(value, Tensor):
            if value.requires_grad and value.is_leaf:
                inputs[name] = value
            elif value.requires_grad or (
                as_inputs and (value.is_floating_point() or value.is_complex())
            ):
                inputs[name] = value.detach().requires_grad_()
            else:
                constants[name] = value
    return inputs, constants


@contextmanager
def one_line_errors(text: str) -> Iterator[None]:
    """Turn what the user's own code raises into one InputError line that names the operation."""
    try:
        yield
    except GraphstepError:
        raise
    except RecursionError as error:
        raise InputError(f"{text} recursed without end") from error
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        said = said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE]}…"
        notes = getattr(error, "__notes__", [])
        where = f" ({notes[-1].removeprefix('graphstep: ')})" if notes else ""
        problem = f"{text} raised {type(error).__name__}"
        raise InputError(f"{problem}: {said}{where}" if said else f"{problem}{where}") from error


def _is_numeric(value: list[Any]) -> bool:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, bool) or not isinstance(item, (int, float)):
            return False
    return True


def _positional_names(function: Callable[..., Any], count: int) -> list[str]:
    import inspect

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
    import linecache

    return "".join(linecache.getlines(_file(function)))


def _to(value: Any, device: torch.device) -> Any:
    if not isinstance(value, Tensor):
        return value
    moved = value.detach().to(device)
    return moved.requires_grad_() if value.requires_grad else moved


def _moved(seeds: Seeds, device: torch.device) -> Seeds:
    return None if seeds is None else [None if s is None else s.to(device) for s in seeds]
