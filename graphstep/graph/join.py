"""Join torch's nodes with the operations that the recorder saw, and number their operands."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from torch.autograd.graph import Node

from graphstep.graph.application import Application, match, node_name
from graphstep.graph.functional import Functional, functionalise
from graphstep.graph.walk import Reached
from graphstep.recording.operation import Operation, ValueKey
from graphstep.recording.recorder import Recorder


def join(
    reached: Reached, recorder: Recorder
) -> tuple[dict[Node, Operation], dict[Node, float], Functional]:
    """Return the operation behind each node, when each node ran, as far as seen, and the writes.

    Writes through views are taken apart, in `reached` too.
    """
    parents = reached.parents
    joined: dict[Node, Operation] = {}
    evaluated: dict[Node, float] = {}
    for operation in recorder.operations:
        for key in operation.result_keys:
            if type(key) is tuple and (node := key[0]) in parents:
                known = joined.get(node)
                # A view that was written to is what took it anew, not what wrote.
                if known is None or (known.kind.writes and operation.kind.views):
                    joined[node] = operation
                    evaluated[node] = operation.index
    if len(evaluated) < len(parents):
        for key, index in recorder.first_seen.items():
            if isinstance(key, tuple) and key[0] in parents:
                evaluated.setdefault(key[0], index - 0.5)
    functional = functionalise(reached, recorder, evaluated)
    return joined | functional.operations, evaluated | functional.times, functional


def applications_of(
    reached: Reached,
    joined: Mapping[Node, Operation],
    numbers: Mapping[ValueKey, int],
    apart: Collection[Node] = (),
) -> tuple[Application, ...]:
    """Return every reached node as an Application, in the order of its lowest v_i.

    `numbers` is in the order of the v_i; nodes `apart` stand for one of several steps.
    """
    results: dict[Node, dict[int, int]] = {}
    for key, i in numbers.items():
        if type(key) is tuple:
            node, output = key
            if node in results:
                results[node][output] = i
            else:
                results[node] = {output: i}
    made = []
    for node, own in results.items():
        keys = reached.parents[node]
        parents = tuple([None if key is None else numbers[key] for key in keys])
        operation = joined.get(node)
        is_step = node in apart
        slots = None
        if operation is not None:
            slots = match(operation, operation.kind.name if is_step else node.name(), keys)
        if operation is None or slots is None:
            name, operation, slots = node_name(node), None, ()
        else:
            name = operation.kind.name
        first = next(iter(own.values()))
        step = is_step and operation is not None
        made.append(Application(node, name, operation, parents, slots, own, first, is_step=step))
    return tuple(made)
