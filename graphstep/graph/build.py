"""Build the TraceGraph: torch's graph walked back, joined with what the recorder saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import torch

from graphstep.errors import InputError
from graphstep.format.tensors import dtype_name
from graphstep.graph.hidden import add_hidden_leaves
from graphstep.graph.join import applications_of, join
from graphstep.graph.labels import labels_of
from graphstep.graph.leaves import name_leaves, nothing_to_differentiate
from graphstep.graph.numbering import Order, number
from graphstep.graph.paths import no_path_reasons
from graphstep.graph.saved import saved_tensors
from graphstep.graph.trace_graph import TraceGraph, Value
from graphstep.graph.walk import walk_back
from graphstep.recording.internals import hook_table, output_metadata
from graphstep.recording.location import decode
from graphstep.recording.operation import Ref, value_key
from graphstep.recording.place import Place
from graphstep.recording.recorder import Recorder


def build(
    outputs: Sequence[torch.Tensor],
    recorder: Recorder,
    inputs: Mapping[str, torch.Tensor],
    *,
    parameters: Mapping[str, torch.Tensor] | None = None,
    constants: Mapping[int, str] | None = None,
    labels: Mapping[tuple[int, int, int, int], str] | None = None,
    order: Order = "evaluation",
) -> TraceGraph:
    """Number what the gradient of `outputs` passes through, and keep it with its values.

    `inputs` are the named leaves in order, a module's `parameters` follow, then leaves that
    neither names (tensors from a closure) as `leaf_1`, `leaf_2` …
    `constants` names tensors without a gradient by id; `labels` the spans of a typed expression.
    Raises InputError where no output depends on any tensor that requires a gradient.
    """
    reached = walk_back(outputs)
    add_hidden_leaves(reached, recorder)
    if not reached.leaves:
        raise InputError(nothing_to_differentiate(inputs))
    named = name_leaves(reached, inputs, parameters or {}, recorder.first_seen)
    keys = [value_key(output) for output in outputs]
    joined, evaluated = join(reached, recorder)
    numbers = number(
        reached.parents, [k for k in keys if k is not None], list(named), evaluated, order
    )
    summaries = recorder.summaries
    # Where operands were not kept nothing can be computed from them: torch's nodes stand alone.
    applications = applications_of(reached, {} if summaries else joined, numbers)
    refs = dict(recorder.values)
    for output, key in zip(outputs, keys, strict=True):
        if key is not None:
            refs.setdefault(key, recorder.watch(output))
    if not summaries and any(key not in refs for key in numbers if isinstance(key, tuple)):
        for key, tensor in saved_tensors(reached):
            refs.setdefault(key, Ref(tensor))
    _refuse_nested(ref.tensor for ref in refs.values())
    leaves = {numbers[key]: leaf for key, (_, leaf) in named.items()}
    values: dict[int, Value] = {}
    reasons = _reasons(
        {key: leaf for key, (_, leaf) in named.items() if key not in reached.leaves},
        outputs,
        recorder,
    )
    for key, (name, leaf) in named.items():
        i = numbers[key]
        reason = reasons.get(key, "")
        values[i] = _value(i, refs.get(key) or Ref(leaf), name, "input", no_path=reason)
    places = {a.first: decode(joined[a.node].raw_place) for a in applications if a.node in joined}
    named_values = labels_of(applications, places, labels)
    for application in applications:
        node, operation = application.node, joined.get(application.node)
        module = "" if operation is None else operation.module
        place = places.get(application.first)
        for output_number, i in application.results.items():
            ref = refs.get((node, output_number))
            unseen = output_metadata(node, output_number) if ref is None else None
            value = _value(i, ref, named_values.get(i), application.name, module, place, unseen)
            summary = summaries.get((node, output_number))
            values[i] = value if summary is None else value._replace(summary=summary)
    by_number = {numbers[key]: ref for key, ref in refs.items() if key in numbers}
    hooks = {numbers[key]: table for key, table in recorder.hooks.items() if key in numbers}
    hooks |= {i: found for i, ref in by_number.items() if (found := hook_table(ref.tensor))}
    retained = [ref.tensor for i, ref in by_number.items() if i > 0 and ref.tensor.retains_grad]
    return TraceGraph(
        values,
        applications,
        tuple(numbers[k] for k in keys if k is not None),
        tuple(outputs),
        leaves,
        tuple(recorder.operations),
        constants or {},
        order,
        {numbers[key]: node for key, node in reached.accumulators.items()},
        hooks,
        (*recorder.leaves.values(), *retained),
    )


def _refuse_nested(tensors: Iterable[torch.Tensor]) -> None:
    """Raise InputError for a nested tensor, whose entries have no one shape to compare."""
    if any(tensor.is_nested for tensor in tensors):
        raise InputError(
            "a value is a nested tensor, which cannot be traced; pad it, or take a list"
        )


def _reasons(
    unreached: Mapping[int, torch.Tensor], outputs: Sequence[torch.Tensor], recorder: Recorder
) -> dict[int, str]:
    if recorder.summaries:
        return dict.fromkeys(unreached, "no gradient leads here")
    sources = {key: recorder.watch(leaf) for key, leaf in unreached.items()}
    return no_path_reasons(sources, [recorder.watch(o) for o in outputs], recorder.operations)


def _value(
    i: int,
    ref: Ref | None,
    label: str | None,
    op: str,
    module: str = "",
    place: Place | None = None,
    metadata: tuple[tuple[int, ...], torch.dtype, str] | None = None,
    no_path: str = "",
) -> Value:
    tensor = None if ref is None else ref.tensor.detach()
    if tensor is not None:
        metadata = tuple(tensor.shape), tensor.dtype, _device_name(tensor.device)
    if metadata is None:
        return Value(i, f"v_{i}", label, op, None, None, None, None, module, place, no_path)
    shape, dtype, device = metadata
    name = dtype_name(dtype)
    return Value(i, f"v_{i}", label, op, tensor, shape, name, device, module, place, no_path)


_device_name = cache(str)
