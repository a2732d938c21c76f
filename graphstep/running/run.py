"""Run a callable once under the recorder and number what came of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import torch
from torch import Tensor

from graphstep.errors import InputError, MissingError
from graphstep.format.tensors import dtype_name, summary
from graphstep.graph.build import build
from graphstep.graph.numbering import Order
from graphstep.graph.paths import no_path_reasons
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import base_name
from graphstep.recording.location import decode, user_frame
from graphstep.recording.modules import ModulePaths
from graphstep.recording.operation import Keep, Operation, RawPlace
from graphstep.recording.recorder import Recorder
from graphstep.recording.summarising import SummaryRecorder

Seeds = Sequence[Tensor | None] | None


MOST_REASONS = 3
"""Of so many inputs an error says what cut the path from them."""


@dataclass(frozen=True)
class Origin:
    """Remember what was run, to show it and to run it anew on another device.

    `text` names it, `language` is the code to show (empty where there is none), `file` the name
    under which places refer to that code. `again` records a fresh run on another device.
    """

    text: str
    language: str
    file: str
    again: Callable[[torch.device], Run]


@dataclass(frozen=True)
class Run:
    """Hold one recorded run: its graph, where it came from, and the seeds of its outputs."""

    graph: TraceGraph
    origin: Origin
    seeds: Seeds = None


@dataclass(frozen=True)
class Call:
    """Describe what to record.

    `function` runs the user's code with nothing but itself; `inputs` are the named leaves,
    `constants` the named tensors without a gradient; `locate` says where in the text the
    current operation stands, `labels` which spans of a typed expression have names. `keep` says
    whether every value is kept or a summary of each.
    """

    function: Callable[[], Any]
    inputs: Mapping[str, Tensor]
    constants: Mapping[str, Tensor]
    locate: Callable[[], RawPlace] = user_frame
    labels: Mapping[tuple[int, int, int, int], str] | None = None
    keep: Keep = "all"


def recorder_for(call: Call, paths: ModulePaths) -> Recorder:
    """Return the recorder that keeps what the call asks for, with its tensors watched."""
    kind = SummaryRecorder if call.keep == "summary" else Recorder
    recorder = kind(call.locate, paths)
    for tensor in (*call.inputs.values(), *call.constants.values()):
        recorder.watch(tensor)
    return recorder


def record_run(call: Call, origin: Origin, order: Order = "evaluation", seeds: Seeds = None) -> Run:
    """Run the call once, forward only, and return its numbered graph.

    What the user's code raises passes through with a note that names the failing operation,
    and with the run so far as its attribute `graphstep_run`.
    Raises InputError for a result that is no tensor, or that no gradient leads back from.
    """
    paths = ModulePaths()
    recorder = recorder_for(call, paths)
    try:
        with paths, recorder:
            result = call.function()
    except (Exception, SystemExit) as error:
        error.add_note(_failure_note(recorder, error))
        last = recorder.last_value()
        if last is not None:
            partial = build_run(call, recorder, paths, [last], order)
            error.__dict__["graphstep_run"] = Run(partial, origin)
        raise
    outputs = outputs_of(result, cut_off(call, recorder))
    return Run(build_run(call, recorder, paths, outputs, order), origin, seeds)


def build_run(
    call: Call, recorder: Recorder, paths: ModulePaths, outputs: Sequence[Tensor], order: Order
) -> TraceGraph:
    """Return the numbered graph behind `outputs` of what a recorder saw."""
    constants = {id(t): name for name, t in call.constants.items()}
    with _collection_paused():
        return build(
            outputs,
            recorder,
            call.inputs,
            parameters=paths.parameters(),
            constants={**paths.buffer_names(), **constants},
            labels=call.labels,
            order=order,
        )


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause Python's cycle collector while many records are made, none of them garbage.

    Each of its runs would walk over all that was recorded: half the time of a long chain.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def outputs_of(result: Any, why: Callable[[Sequence[Tensor]], str] | None = None) -> list[Tensor]:
    """Return the tensors of a result that a gradient can start from.

    Raises InputError, saying what the result is, where there is none, and `why` where that is
    known.
    """
    tensors = list(_tensors(result))
    if not tensors:
        raise InputError(f"the result is {_kind(result)}, not a tensor")
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
    found = [f"{name}: {reasons[k]}" for k, name in enumerate(call.inputs)]
    more = ["…"] if len(found) > MOST_REASONS else []
    return f" ({', '.join([*found[:MOST_REASONS], *more])})" if found else ""


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


def _failure_note(recorder: Recorder, error: BaseException) -> str:
    count = len(recorder.operations)
    done = f"after {count} operation{'' if count == 1 else 's'}"
    reason: BaseException | None = error
    while reason is not None and reason is not recorder.failure:
        reason = reason.__cause__ or reason.__context__
    if reason is None or recorder.failed is None:
        return f"graphstep: the run stopped {done}"
    return f"graphstep: failed in {operation_text(recorder.failed)}, {done}"


def operation_text(operation: Operation) -> str:
    """Return an operation with its operands' shapes and its place: `mm(f32[2,3], f32[4,5])`."""
    operands = ", ".join(summary(ref.tensor) for ref in operation.operand_refs())
    place = decode(operation.raw_place)
    where = "" if place is None else f" at {place}"
    return f"{base_name(operation.function)}({operands}){where}"


def device_named(name: str) -> torch.device:
    """Return a device that is there.

    Raises InputError for a name that torch does not know, MissingError for a device that is not
    on this machine.
    """
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(f"unknown device {name!r}: say cpu, cuda or cuda:1") from None
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if not count:
            raise MissingError(f"{name} was asked for, but torch sees no cuda device here")
        if (device.index or 0) >= count:
            raise MissingError(f"{name} was asked for, but torch sees only {count} cuda devices")
    elif device.type != "cpu":
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError):
            # Each backend that is not there has its own way to say so.
            raise MissingError(f"{name} was asked for, but torch cannot use it here") from None
    return device
