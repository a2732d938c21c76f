"""The Python door: run something once, and get its Trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor

from graphstep.errors import InputError
from graphstep.graph.numbering import Order
from graphstep.recording.operation import Keep
from graphstep.running.devices import device_named
from graphstep.running.failures import one_line_errors
from graphstep.running.from_callable import call_run
from graphstep.running.from_source import source_run
from graphstep.source.making import make_value, make_values
from graphstep.source.sources import resolve
from graphstep.source.values import parse_assignments, parse_value, whole_numbers_hint
from graphstep.traced.reopened import ENDING, load
from graphstep.traced.summarised import check_keep, traced
from graphstep.traced.trace import Trace

__all__ = ["Trace", "open_source", "trace"]


def trace(
    what: str | Callable[..., Any],
    *args: Any,
    loss: Callable[[Any], Tensor] | None = None,
    order: Order = "evaluation",
    grad_output: Tensor | Sequence[Tensor | None] | None = None,
    keep: Keep = "all",
    **inputs: Any,
) -> Trace:
    """Run an expression, a function or a module once, and return its Trace.

    `what` is a SOURCE as on the command line (`"3*a + a*b"`, `"net.py:loss"`), a function of
    tensors, or a module, whose parameters become inputs named as in `named_parameters`. Numbers
    and lists among the inputs become float32 leaves. A floating tensor that requires no
    gradient becomes an input of a function and stays a constant of a module. What a function
    reads from around it goes by the name of its variable: `encoder.0.weight`. `loss` turns the
    result into the output. `grad_output` seeds the outputs that are not scalars (default:
    ones). The user's RNG, `.grad` fields and modes stay as they are.

    `keep="summary"` keeps a few numbers of each value in place of the value, so that a big
    model takes hardly more memory than without a trace; the result is a SummaryTrace.

    Raises InputError where nothing can be differentiated; what the code raises passes through,
    with the trace so far as its attribute `graphstep_trace`.
    """
    if order not in ("evaluation", "level"):
        raise InputError(f"unknown order {order!r} (must be one of evaluation, level)")
    check_keep(keep)
    seeds = [grad_output] if isinstance(grad_output, Tensor) else grad_output
    if isinstance(what, str) and args:
        raise InputError("an expression takes its values by name: trace('3*a', a=1.0)")
    if isinstance(what, str) and what.endswith(ENDING):
        unlike = (loss, order, seeds, keep) != (None, "evaluation", None, "all")
        return _loaded(what, bool(inputs) or unlike)
    with _partial_trace_kept(keep):
        if isinstance(what, str):
            run = source_run(resolve(what), inputs, None, order, seeds, loss, keep=keep)
        else:
            run = call_run(what, args, inputs, None, order, seeds, loss, keep)
        return traced(run, keep)


def _loaded(path: str, given: bool) -> Trace:
    if given:
        raise InputError(f"{path!r} is a saved trace: its values and options are in the file")
    return load(path)


@contextmanager
def _partial_trace_kept(keep: Keep) -> Iterator[None]:
    """Leave the trace so far on what the user's code raises, as its `graphstep_trace`."""
    try:
        yield
    except (Exception, SystemExit) as error:
        run = error.__dict__.pop("graphstep_run", None)
        if run is not None:
            error.__dict__["graphstep_trace"] = traced(run, keep)
        raise


def open_source(
    text: str,
    assignments: Sequence[str] = (),
    *,
    dtype: str = "float32",
    seed: int = 0,
    device: str = "cpu",
    order: Order = "evaluation",
    grad_output: str | None = None,
    engine_order: bool = False,
) -> Trace:
    """Run a SOURCE with NAME=VALUE texts, as the command line does, and return its Trace.

    With `engine_order` its reverse half is in the order in which torch's engine ran.
    Torch's generator is seeded with `seed` for the run and put back after it. Raises InputError
    with one line for whatever the user got wrong, the failing of their own code included.
    """
    if text.endswith(ENDING):
        unlike = (dtype, seed, device, order) != ("float32", 0, "cpu", "evaluation")
        kept = _loaded(text, bool(assignments or grad_output or unlike))
        return kept.in_engine_order() if engine_order else kept
    place = device_named(device)
    source = resolve(text, seed)
    specs = parse_assignments(assignments)
    values = make_values(specs, dtype=dtype, seed=seed, device=place)
    seeds = None
    if grad_output is not None:
        seeds = [make_value(parse_value(grad_output), dtype=dtype, seed=seed, device=place)]
    with one_line_errors(source.text, whole_numbers_hint(specs)):
        opened = Trace(source_run(source, values, place, order, seeds, seed=seed))
        _ = opened.sweep
        return opened.in_engine_order() if engine_order else opened
