"""The tensors of a result that a gradient can start from, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.format.tensors import dtype_name
from graphstep.graph.paths import Cut, no_path_reasons
from graphstep.recording.recorder import Recorder
from graphstep.running.run import Call

MOST_REASONS = 3
"""Of so many inputs an error says what cut the path from them."""


def outputs_of(result: Any, why: Callable[[Sequence[Tensor]], str] | None = None) -> list[Tensor]:
    """Return the tensors of a result that a gradient can start from.

    Raises InputError, saying what the result is, where there is none, and `why` where that is
    known.
    """
    tensors = list(_tensors(result))
    if not tensors:
        problem = f"the result is {_kind(result)}, not a tensor"
        if isinstance(result, (float, complex)):
            problem += "; what item() or float() takes out of torch carries no gradient"
        raise InputError(problem)
    carrying = [t for t in tensors if t.requires_grad]
    if carrying:
        return carrying
    problem = "the output depends on no input that requires a gradient"
    if not _can_carry(tensors[0]):
        problem = f"the output is {dtype_name(tensors[0].dtype)}, which carries no gradient"
    raise InputError(problem + ("" if why is None else why(tensors)))


def _can_carry(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def cut_off(call: Call, recorder: Recorder) -> Callable[[Sequence[Tensor]], str]:
    """Return what says, for `outputs_of`, why no gradient leads to a result of the call."""
    return lambda tensors: _cut(tensors, call, recorder)


def _cut(tensors: Sequence[Tensor], call: Call, recorder: Recorder) -> str:
    if not _can_carry(tensors[0]):
        return _whole_numbers(call.constants)
    if not torch.is_grad_enabled():
        return " (autograd is off here: no_grad or inference_mode)"
    if call.keep == "summary":
        return ""
    leaves = dict(enumerate(call.inputs.values()))
    reasons = no_path_reasons(
        {k: recorder.watch(leaf) for k, leaf in leaves.items()},
        [recorder.watch(tensor) for tensor in tensors],
        recorder.operations,
    )
    found = [f"{name}: {_told(reasons[k])}" for k, name in enumerate(call.inputs)]
    more = ["…"] if len(found) > MOST_REASONS else []
    return f" ({', '.join([*found[:MOST_REASONS], *more])})" if found else ""


def _told(cut: Cut) -> str:
    """Return the reason, with the line of a file: of an expression the reader sees the text."""
    if cut.place is None or cut.place.file.startswith("<"):
        return cut.reason
    return f"{cut.reason} in line {cut.place.line}"


def _whole_numbers(constants: Mapping[str, Tensor]) -> str:
    whole = [
        f"{name} is {dtype_name(t.dtype)}" for name, t in constants.items() if not _can_carry(t)
    ]
    return f" ({', '.join(whole)}: a gradient needs a floating dtype)" if whole else ""


def _tensors(item: Any, within: tuple[int, ...] = ()) -> Iterator[Tensor]:
    if isinstance(item, Tensor):
        yield item
    elif id(item) not in within:  # a container may hold itself
        for part in _parts(item):
            yield from _tensors(part, (*within, id(item)))


def _parts(item: Any) -> Sequence[Any]:
    if isinstance(item, Mapping):
        return list(item.values())
    if is_dataclass(item) and not isinstance(item, type):
        return [getattr(item, part.name) for part in fields(item)]
    return item if isinstance(item, (list, tuple)) else ()


def _kind(result: Any) -> str:
    if result is None:
        return "None"
    name = type(result).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
