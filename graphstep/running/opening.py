"""From a source or a callable, with values, to one recorded run."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from graphstep.errors import GraphstepError, InputError
from graphstep.graph.numbering import Order
from graphstep.recording.operation import Keep, RawPlace
from graphstep.recording.place import Place
from graphstep.running.containers import tensors_within, with_tensors
from graphstep.running.run import Call, Origin, Run, Seeds, record_run
from graphstep.source.sources import FunctionSource, OnPlace, Source

Loss = Callable[[Any], Tensor]

EXPRESSION = "<expression>"
ASKS_FOR_WHOLE = re.compile(r"\b(long|int|int64|integers?|byte)\b", re.IGNORECASE)
"""Torch's words where it wanted indices or classes."""
LONGEST_QUOTE = 500
"""Of what the user's code says when it fails, so many characters are repeated."""


def source_run(
    source: Source,
    values: Mapping[str, Any],
    device: torch.device | None,
    order: Order,
    seeds: Seeds,
    loss: Loss | None = None,
    seed: int | None = None,
    keep: Keep = "all",
) -> Run:
    """Record a resolved SOURCE with its values, every floating one an input.

    On another `device` than the cpu the values are moved there, what the code creates is created
    there, and a module is copied there; None leaves all where it is. With `seed`, torch's
    generators are seeded for the run and put back after it.
    """
    inputs, constants = split_values(values, device, as_inputs=True)
    everything = {**values, **inputs, **constants}
    moved = source_on(source, device)
    hear, locate = place_channel()

    def run() -> Any:
        with seeded(seed), created_on(device):
            result = moved.call(everything, hear)
            return result if loss is None else loss(result)

    if source.program is None:
        call = Call(run, inputs, constants, keep=keep)
    else:
        call = Call(run, inputs, constants, locate, source.program.labels, keep)

    def again(there: torch.device) -> Run:
        return source_run(source, values, there, order, seeds, loss, seed, keep)

    file = EXPRESSION if source.program is not None else str(getattr(source, "file", "") or "")
    origin = Origin(source.text, source.language, file, again)
    return record_run(call, origin, order, seeds)


def place_channel() -> tuple[OnPlace, Callable[[], RawPlace]]:
    """Return what a running expression tells its place to, and what asks for the last one."""
    current: list[Place | None] = [None]

    def hear(place: Place | None) -> None:
        current[0] = place

    def locate() -> RawPlace:
        return current[0]

    return hear, locate


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
    names = [*_positional_names(function, len(args)), *named]
    module = function if isinstance(function, nn.Module) else None
    values = dict(zip(names, [*args, *named.values()], strict=True))
    flat = {n: v for name, value in values.items() for n, v in _flat(name, value)}
    inputs, constants = split_values(flat, device, as_inputs=module is None)
    made = {**constants, **inputs}
    ready = [made[n] if n in made else with_tensors(n, v, made) for n, v in values.items()]
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
    return record_run(Call(run, inputs, constants, keep=keep), origin, order, seeds)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and _is_numeric(value):
        return iter([(name, value)])
    if isinstance(value, (list, tuple, dict)):
        return tensors_within(name, value)
    return iter([(name, value)])


def split_values(
    values: Mapping[str, Any], device: torch.device | None, *, as_inputs: bool
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Sort values into inputs and constants, both as tensors.

    Numbers and lists become float32 inputs. A leaf that requires a gradient is an input
    itself; a tensor computed from one, and with `as_inputs` any other floating one, becomes an
    input as a leaf of its own that shares its numbers. Whatever cannot carry a gradient is a
    constant; other objects are left out. With a `device`, what lives elsewhere is copied there.
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
            if device is not None and value.device != device:
                value = value.detach().to(device).requires_grad_(value.requires_grad)
            if value.requires_grad and value.is_leaf:
                inputs[name] = value
            elif value.requires_grad or (
                as_inputs and (value.is_floating_point() or value.is_complex())
            ):
                inputs[name] = value.detach().requires_grad_()
            else:
                constants[name] = value
    return inputs, constants


def source_on(source: Source, device: torch.device | None) -> Source:
    """Return the source with a copy of its module on `device`, if it has one to move."""
    target = getattr(source, "target", None)
    if device is None or device.type == "cpu" or not isinstance(target, nn.Module):
        return source
    assert isinstance(source, FunctionSource)
    return replace(source, target=copy.deepcopy(target).to(device))


@contextmanager
def created_on(device: torch.device | None) -> Iterator[None]:
    """Let torch's creation functions create on `device`; on the cpu nothing changes."""
    if device is None or device.type == "cpu":
        yield
        return
    with device:
        yield


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Seed torch's generators for a while, and put them back as they were."""
    if seed is None:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


@contextmanager
def one_line_errors(text: str, whole: str = "") -> Iterator[None]:
    """Turn what the user's own code raises into one InputError line that names the operation.

    `whole` says how to give whole numbers as such; it is added where torch asked for them.
    """
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
        hint = f"; {whole}" if whole and ASKS_FOR_WHOLE.search(said) else ""
        line = f"{problem}: {said}{where}" if said else f"{problem}{where}"
        raise InputError(line + hint) from error


def _is_numeric(value: list[Any]) -> bool:
    waiting: list[Any] = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if id(item) not in seen:  # a list may hold itself
                seen.add(id(item))
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
