"""Open a reentrant checkpoint: the function that it wraps, run again as its own backward does."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from graphstep.check.verdict import Verdict, compare
from graphstep.errors import InputError
from graphstep.format.symbols import symbol
from graphstep.graph.application import Application
from graphstep.graph.hidden import CHECKPOINT
from graphstep.running.record import record_run
from graphstep.running.run import Call, Origin, Run
from graphstep.textbook.opened import OpenedRun
from graphstep.traced.trace import Trace


def is_checkpoint(application: Application) -> bool:
    """Tell whether an operation is a reentrant checkpoint whose function can still be run."""
    return CHECKPOINT in application.node.name() and hasattr(application.node, "run_function")


def recomputed(trace: Trace, i: int) -> tuple[OpenedRun, Trace, dict[str, Verdict]]:
    """Run what a checkpoint wraps on its recorded inputs, seeded with its results' adjoints.

    The generators and autocast are as they were (torch/utils/checkpoint.py, CheckpointFunction).
    Its verdicts hold the value and the adjoint of each input against what torch's engine had.
    Raises InputError where a backward has released the inputs.
    """
    application = trace.recorded.made_by[i]
    node: Any = application.node  # the attributes are those that torch's own backward reads
    try:
        saved = [tensor.detach() for tensor in node.saved_tensors]
    except RuntimeError as error:
        raise InputError(f"v_{i} cannot be opened: a backward has released its inputs") from error
    inputs, operands = _inputs(trace, application, saved)
    given = list(node.inputs)
    named = {position: inputs[name] for name, (_, position) in operands.items()}
    for position, (place, tensor) in enumerate(zip(node.tensor_indices, saved, strict=True)):
        given[place] = named.get(position, tensor)
    order = sorted(application.results)

    def function() -> list[Any]:
        with _as_it_was(node):
            found = node.run_function(*given)
        found = found if isinstance(found, tuple) else (found,)
        return [found[number] for number in order]

    seeds = [trace.adjoint(application.results[number]) for number in order]
    text = f"checkpoint that gave {symbol(i)}"
    origin = Origin(text, _source(node.run_function), "", _no_second_run)
    seeded = [
        torch.zeros_like(trace.value(application.results[number])) if seed is None else seed
        for number, seed in zip(order, seeds, strict=True)
    ]
    run = record_run(Call(function, inputs, {}), origin, seeds=seeded)
    inner = Trace(run)
    place = order.index(next(n for n, k in application.results.items() if k == i))
    value = run.graph.output_tensors[place].detach()
    verdicts = {"value": compare(value, trace.value(i))}
    terms = trace.engine_pass.user_code.terms.get(application.node, ())
    for name, (_, position) in operands.items():
        theirs = terms[position] if position < len(terms) else None
        verdicts[name] = compare(inner.adjoint(name), theirs)
    return OpenedRun(i, application, run, operands, seeded[place], None), inner, verdicts


def _inputs(
    trace: Trace, application: Application, saved: Sequence[Tensor]
) -> tuple[dict[str, Tensor], dict[str, tuple[int, int]]]:
    """Return the inputs of the run by name, and which v_k at which place each stands for.

    What came in by the checkpoint is a leaf of its own; a leaf that the function reads from around
    it is that leaf itself.
    """
    inputs: dict[str, Tensor] = {}
    operands: dict[str, tuple[int, int]] = {}
    for position, k in enumerate(application.parents):
        if k is None:
            continue
        name = trace.values[k].label or f"operand_{position + 1}"
        name = name if name not in inputs else f"{name}_{position}"
        own = saved[position] if position < len(saved) else None
        inputs[name] = trace.recorded.leaves[k] if own is None else own.requires_grad_()
        operands[name] = k, position
    return inputs, operands


@contextmanager
def _as_it_was(node: Any) -> Iterator[None]:
    """Let torch's generators and autocast be what the checkpoint found when it first ran."""
    device: str = node.device_type
    kept: bool = node.preserve_rng_state
    elsewhere: bool = kept and node.had_device_in_fwd
    devices = node.fwd_devices if elsewhere else []
    with torch.random.fork_rng(devices, enabled=kept, device_type=device):
        if kept:
            torch.set_rng_state(node.fwd_cpu_state)
            if elsewhere:
                torch.utils.checkpoint.set_device_states(
                    node.fwd_devices, node.fwd_device_states, device_type=device
                )
        with (
            torch.enable_grad(),
            torch.autocast(device, **node.device_autocast_kwargs),
            torch.autocast("cpu", **node.cpu_autocast_kwargs),
        ):
            yield


def _source(function: Callable[..., Any]) -> str:
    """Return the text of the wrapped function, empty where there is none to read."""
    code = getattr(function, "forward", function)
    try:
        return inspect.getsource(code).strip()
    except (OSError, TypeError):
        # So Python says that a function was written in no file, or not in Python.
        return ""


def _no_second_run(there: torch.device) -> Run:
    raise InputError(f"an opened checkpoint cannot be run again on {there}; run its trace there")
