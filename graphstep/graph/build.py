"""Build the TraceGraph: torch's graph walked back, joined with what the recorder saw."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import torch
from torch.autograd.graph import Node

from graphstep.errors import InputError
from graphstep.format.tensors import dtype_name
from graphstep.graph.hidden import add_hidden_leaves
from graphstep.graph.join import applications_of, join
from graphstep.graph.labels import labels_of
from graphstep.graph.leaves import name_leaves, nothing_to_differentiate
from graphstep.graph.numbering import Order, number
from graphstep.graph.paths import Cut, no_path_reasons
from graphstep.graph.refused import refuse_without_numbers
from graphstep.graph.saved import saved_tensors
from graphstep.graph.trace_graph import TraceGraph
from graphstep.graph.value import Metadata, Value
from graphstep.graph.walk import Reached, walk_back
from graphstep.recording.internals import output_metadata
from graphstep.recording.location import decoded
from graphstep.recording.operation import Operation, Ref, ValueKey, value_key
from graphstep.recording.recorder import Recorder

REACHED = Cut("")


def build(
    outputs: Sequence[torch.Tensor],
    recorder: Recorder,
    inputs: Mapping[str, torch.Tensor],
    *,
    parameters: Mapping[str, torch.Tensor] | None = None,
    around: Mapping[int, str] | None = None,
    constants: Mapping[int, str] | None = None,
    labels: Mapping[tuple[int, int, int, int], str] | None = None,
    order: Order = "evaluation",
) -> TraceGraph:
    """Number what the gradient of `outputs` passes through, and keep it with its values.

    `inputs` are the named leaves in order, a module's `parameters` follow, then leaves that
    neither names: tensors from a closure as `around` names them by id, else `leaf_1`, `leaf_2` …
    `constants` names tensors without a gradient by id; `labels` the spans of a typed expression.
    Raises InputError where no output depends on any tensor that requires a gradient.
    """
    reached = walk_back(outputs)
    add_hidden_leaves(reached, recorder)
    if not reached.leaves:
        raise InputError(nothing_to_differentiate(inputs))
    named = name_leaves(reached, inputs, parameters or {}, around or {}, recorder.first_seen)
    keys = [value_key(output) for output in outputs]
    if not recorder.summaries:
        for key, output in zip(keys, outputs, strict=True):
            if isinstance(key, tuple):
                recorder.values.setdefault(key, recorder.watch(output))
    joined, evaluated, functional = join(reached, recorder)
    numbers = number(
        reached.parents, [k for k in keys if k is not None], list(named), evaluated, order
    )
    summaries = recorder.summaries
    # Where operands were not kept nothing can be computed from them: torch's nodes stand alone.
    applications = applications_of(
        reached, {} if summaries else joined, numbers, functional.operations
    )
    refs = _refs(outputs, recorder, reached, joined, numbers)
    refs |= {numbers[key]: ref for key, ref in functional.values.items() if key in numbers}
    refuse_without_numbers(refs)
    leaves = {numbers[key]: leaf for key, (_, leaf) in named.items()}
    reasons = _reasons(
        {key: leaf for key, (_, leaf) in named.items() if key not in reached.leaves},
        outputs,
        recorder,
    )
    values: dict[int, Value] = {}
    for key, (name, leaf) in named.items():
        i = numbers[key]
        own = refs.get(i) or Ref(leaf)
        no_path, cut = reasons.get(key, REACHED)
        values[i] = Value(i, name, "input", own, no_path=no_path, cut=cut)
    ran = [joined.get(application.node) for application in applications]
    places = decoded([None if operation is None else operation.raw_place for operation in ran])
    named_values = labels_of(applications, places, labels)
    summarised = {numbers[key]: one for key, one in summaries.items() if key in numbers}
    for application, operation, place in zip(applications, ran, places, strict=True):
        module = "" if operation is None else operation.module
        for output_number, i in application.results.items():
            ref = refs.get(i)
            unseen = _metadata(application.node, output_number) if ref is None else None
            label, one = named_values.get(i), summarised.get(i)
            values[i] = Value(i, label, application.name, ref, module, place, "", one, unseen)
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
        {numbers[key]: table for key, table in recorder.hooks.items() if key in numbers},
        tuple(recorder.leaves.values()),
    )


def _refs(
    outputs: Sequence[torch.Tensor],
    recorder: Recorder,
    reached: Reached,
    joined: Mapping[Node, Operation],
    numbers: Mapping[ValueKey, int],
) -> dict[int, Ref]:
    """Return the tensors by number, what nobody recorded from what autograd had saved.

    A leaf that was rewritten, as by an optimizer's step, is what the outputs' own graph saw first.
    """
    seen: Mapping[ValueKey, Ref] = recorder.values
    if recorder.rewritten:
        seen = {**seen, **_first_uses(recorder.rewritten, joined.values())}
    refs = {i: ref for key, i in numbers.items() if (ref := seen.get(key)) is not None}
    for output in outputs:
        key = value_key(output)
        if key is not None:
            refs.setdefault(numbers[key], recorder.watch(output))
    if not recorder.summaries and any(i > 0 and i not in refs for i in numbers.values()):
        for found, tensor in saved_tensors(reached):
            if found in numbers:
                refs.setdefault(numbers[found], Ref(tensor))
    return refs


def _first_uses(keys: Collection[int], operations: Iterable[Operation]) -> dict[ValueKey, Ref]:
    found: dict[ValueKey, Ref] = {}
    for operation in operations:
        for key, ref in zip(operation.keys, operation.operand_refs(), strict=False):
            if isinstance(key, int) and key in keys:
                found.setdefault(key, ref)
    return found


def _metadata(node: Node, output_number: int) -> Metadata:
    found = output_metadata(node, output_number)
    if found is None:
        return Metadata(None, None, None)
    shape, dtype, device = found
    return Metadata(shape, dtype_name(dtype), device)


def _reasons(
    unreached: Mapping[int, torch.Tensor], outputs: Sequence[torch.Tensor], recorder: Recorder
) -> dict[int, Cut]:
    if recorder.summaries:
        return dict.fromkeys(unreached, Cut("no gradient leads here"))
    sources = {key: recorder.watch(leaf) for key, leaf in unreached.items()}
    return no_path_reasons(sources, [recorder.watch(o) for o in outputs], recorder.operations)
