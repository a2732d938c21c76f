"""Build the TraceGraph: torch's graph walked back, joined with what the recorder saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch

from graphstep.errors import InputError
from graphstep.format.tensors import dtype_name
from graphstep.graph.application import Application, Slot, match, node_name
from graphstep.graph.labels import label_values
from graphstep.graph.numbering import Order, number
from graphstep.graph.paths import no_path_reason
from graphstep.graph.saved import saved_tensors
from graphstep.graph.trace_graph import TraceGraph, Value
from graphstep.graph.walk import Reached, walk_back
from graphstep.recording.internals import base_name, output_metadata, tensor_hooks
from graphstep.recording.location import decode
from graphstep.recording.operation import Operation, Ref, ValueKey, value_key
from graphstep.recording.recorder import Recorder

if TYPE_CHECKING:
    from torch.autograd.graph import Node


def build(
    outputs: Sequence[torch.Tensor],
    recorder: Recorder,
    inputs: Mapping[str, torch.Tensor],
    *,
    leaf_names: Mapping[int, str] | None = None,
    constants: Mapping[int, str] | None = None,
    labels: Mapping[tuple[int, int, int, int], str] | None = None,
    order: Order = "evaluation",
) -> TraceGraph:
    """Number what the gradient of `outputs` passes through, and keep it with its values.

    `inputs` are the named leaves in order; leaves that they do not name (a module's parameters,
    tensors from a closure) follow, named by `leaf_names` (by id) or `leaf_1`, `leaf_2` …
    `constants` names tensors without a gradient by id; `labels` the spans of a typed expression.
    Raises InputError where no output depends on any tensor that requires a gradient.
    """
    reached = walk_back(outputs)
    if not reached.leaves:
        raise InputError(_nothing_to_differentiate(inputs))
    named = _name_leaves(reached, inputs, leaf_names or {}, recorder.first_seen)
    keys = [value_key(output) for output in outputs]
    joined, evaluated = _join(reached, recorder)
    numbers = number(
        reached.parents, [k for k in keys if k is not None], list(named), evaluated, order
    )
    applications = _applications(reached, joined, numbers)
    refs = dict(recorder.values)
    for output, key in zip(outputs, keys, strict=True):
        if key is not None:
            refs.setdefault(key, recorder.watch(output))
    if any(isinstance(key, tuple) and key not in refs for key in numbers):
        for key, tensor in saved_tensors(reached):
            refs.setdefault(key, Ref(tensor))
    leaves = {numbers[key]: leaf for key, (_, leaf) in named.items()}
    values: dict[int, Value] = {}
    for key, (name, leaf) in named.items():
        reason = ""
        if key not in reached.leaves:
            reason = no_path_reason(
                recorder.watch(leaf), [recorder.watch(o) for o in outputs], recorder.operations
            )
        i = numbers[key]
        values[i] = _value(i, refs.get(key) or Ref(leaf), "input", label=name, no_path=reason)
    for application in applications:
        for output_number, i in application.results.items():
            values[i] = _value(
                i,
                refs.get((application.node, output_number)),
                application.name,
                operation=joined.get(application.node),
                metadata=output_metadata(application.node, output_number),
            )
    by_number = {numbers[key]: ref for key, ref in refs.items() if key in numbers}
    values = label_values(values, applications, labels)
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
        {i: found for i, ref in by_number.items() if (found := tensor_hooks(ref.tensor))},
    )


def _name_leaves(
    reached: Reached,
    inputs: Mapping[str, torch.Tensor],
    leaf_names: Mapping[int, str],
    first_seen: Mapping[ValueKey, int],
) -> dict[int, tuple[str, torch.Tensor]]:
    """Return id → (name, leaf): the named inputs, the parameters, then others by first use."""
    named = {id(leaf): (name, leaf) for name, leaf in inputs.items() if leaf.requires_grad}
    order = {key: place for place, key in enumerate(leaf_names)}
    others = [key for key in reversed(reached.leaves) if key not in named]
    seen = {key: place for place, key in enumerate(first_seen)}
    others.sort(key=lambda key: (order.get(key, len(order)), seen.get(key, 0)))
    unnamed = 0
    for key in others:
        name = leaf_names.get(key)
        if name is None:
            unnamed += 1
            name = f"leaf_{unnamed}"
        named[key] = (name, reached.leaves[key])
    return named


def _join(reached: Reached, recorder: Recorder) -> tuple[dict[Node, Operation], dict[Node, float]]:
    """Match nodes with recorded operations, and say when each node ran, as far as seen."""
    joined: dict[Node, Operation] = {}
    evaluated: dict[Node, float] = {}
    for operation in recorder.operations:
        for key in operation.result_keys:
            if isinstance(key, tuple) and key[0] in reached.parents:
                joined.setdefault(key[0], operation)
                evaluated.setdefault(key[0], float(operation.index))
    for key, index in recorder.first_seen.items():
        if isinstance(key, tuple) and key[0] in reached.parents:
            evaluated.setdefault(key[0], index - 0.5)
    return joined, evaluated


def _applications(
    reached: Reached, joined: Mapping[Node, Operation], numbers: Mapping[ValueKey, int]
) -> tuple[Application, ...]:
    results: dict[Node, dict[int, int]] = {}
    for key, i in numbers.items():
        if isinstance(key, tuple):
            results.setdefault(key[0], {})[key[1]] = i
    made = []
    for node, own in results.items():
        keys = reached.parents[node]
        operation = joined.get(node)
        slots: tuple[Slot | None, ...] | None = None
        name = node_name(node)
        if operation is not None:
            slots = match(operation, node, keys)
            if slots is not None:
                name = base_name(operation.function)
        parents = tuple(None if key is None else numbers[key] for key in keys)
        if slots is None:
            operation, slots = None, ()
        by_slot = {
            slot: parent
            for slot, parent in zip(slots, parents, strict=False)
            if slot is not None and parent is not None
        }
        made.append(Application(node, name, operation, parents, slots, own, by_slot))
    return tuple(sorted(made, key=lambda application: application.first))


def _value(
    i: int,
    ref: Ref | None,
    op: str,
    *,
    label: str | None = None,
    no_path: str = "",
    operation: Operation | None = None,
    metadata: tuple[tuple[int, ...], torch.dtype, str] | None = None,
) -> Value:
    tensor = None if ref is None else ref.tensor.detach()
    if tensor is not None:
        metadata = tuple(tensor.shape), tensor.dtype, str(tensor.device)
    shape, dtype, device = metadata or (None, None, None)
    return Value(
        i=i,
        name=f"v_{i}",
        label=label,
        op=op,
        value=tensor,
        shape=shape,
        dtype=None if dtype is None else dtype_name(dtype),
        device=device,
        module="" if operation is None else operation.module,
        source=None if operation is None else decode(operation.raw_place),
        no_path=no_path,
    )


def _nothing_to_differentiate(inputs: Mapping[str, torch.Tensor]) -> str:
    if not inputs:
        return "the output depends on no tensor that requires a gradient"
    names = ", ".join(inputs)
    return f"the output depends on no input that can carry a gradient (inputs: {names})"
