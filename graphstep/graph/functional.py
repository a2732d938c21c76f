"""Functionalise writes through views: the views, the operation, and what puts its result back.

Torch's graph has one node for `y[0].mul_(w)`, CopySlices, from y as it was to y as it is. Here it
is taken apart into the steps without a write that `torch.func.functionalize` gives: select, mul,
select_scatter. The last one keeps torch's node, the others have nodes of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from graphstep.graph.inner import inner_node
from graphstep.graph.put_back import at_once, put_back
from graphstep.recording.internals import changes_metadata
from graphstep.recording.kind import kind_of
from graphstep.recording.node_hooks import node_hooks
from graphstep.recording.operation import Operation, Ref, ValueKey
from graphstep.recording.written import REGAINED, Steps, Write, along

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node

    from graphstep.graph.walk import Reached
    from graphstep.recording.recorder import Recorder

_ATEN = torch.ops.aten
_DRAWS = (
    "normal_", "uniform_", "bernoulli_", "exponential_", "geometric_", "cauchy_", "log_normal_",
    "random_",
)  # fmt: skip
_REPLACES = frozenset({"copy_", "fill_", "zero_", *_DRAWS})
"""What they leave in the view does not depend on what was there."""
_NOTHING: Mapping[str, Any] = {}
_WITHIN = 0.5
"""The steps of one node lie so close in time to the recorded operation that they belong to."""


class Held(NamedTuple):
    """Hold a tensor, and the name of the value that it is; None for a constant."""

    ref: Ref
    key: ValueKey | None


@dataclass(slots=True)
class Functional:
    """Hold what became of the nodes that were taken apart, by node, and their inner values.

    `operations` has what each step does, `times` when it ran, on the scale of operations.
    """

    operations: dict[Node, Operation] = field(default_factory=dict)
    times: dict[Node, float] = field(default_factory=dict)
    values: dict[ValueKey, Ref] = field(default_factory=dict)


def functionalise(reached: Reached, recorder: Recorder, seen: Mapping[Node, float]) -> Functional:
    """Take apart every node that stands for a write through views, or for views regained after.

    The steps replace them in `reached`. `seen` says when each node was first seen, as far as
    known. A node whose views nobody saw, that no operation puts back, or whose terms a hook of the
    user's may change, is left as it is.
    """
    made = Functional()
    for node, keys in list(reached.parents.items()):
        write = recorder.written.get(node)
        if (write is not None or node.name() == REGAINED) and node_hooks([node]).after:
            continue
        if write is not None:
            steps = _Steps(recorder, node, write.operation)
            if _spelled(write, keys, steps):
                steps.hand_over(made, reached, write.operation.index)
        elif node.name() == REGAINED and len(keys) == 1:
            views, below = _regained((node, 0), keys[0], recorder)
            if not views or below is None:
                continue
            steps = _Steps(recorder, node, views[-1])
            found = along(views, below.tensor.detach())
            if found and steps.take(views, Held(below, keys[0]), found)[-1].key is not None:
                # What a write returned was seen with it, any other at its first use.
                time = float(seen.get(node, len(recorder.operations)))
                steps.hand_over(made, reached, time + _WITHIN if time.is_integer() else time)
    return made


def _regained(
    key: ValueKey, below: ValueKey | None, recorder: Recorder
) -> tuple[Steps | None, Ref | None]:
    ref = recorder.values.get(key)
    if ref is None or below is None:
        return None, None
    return recorder.views.regained(ref), recorder.values.get(below)


def _spelled(write: Write, keys: Sequence[ValueKey | None], steps: _Steps) -> bool:
    """Spell a write through views out in steps; False where it cannot be."""
    operation, views, after = write.operation, write.views, write.after
    if views is None or after is None or changes_metadata(operation.function):
        return False
    others = operation.keys[1:]
    if [*filter(None, (write.key, *others))] != [*filter(None, keys)]:
        return False
    before = [write.before.tensor.detach()]
    before += along(views, before[0])
    now = along(views, after.tensor.detach())
    if len(before) != len(views) + 1 or len(now) != len(views):
        return False
    backs = [put_back(view, *before[k : k + 2]) for k, view in enumerate(views)]
    index = at_once(views, before[0].dim())
    start = Held(write.before, write.key)
    partly = index is not None or any(back is not None and back.over for back in backs)
    # A constant in every place still has the tensor below for an operand, of adjoint 0.
    if operation.kind.name in _REPLACES and (partly or any(others)):
        needed = [k for k, back in enumerate(backs) if back is not None and back.over]
        taken = views[: 0 if index is not None else max(needed, default=0)]
        held = steps.take(taken, start, before[1:])
        new = _source(operation, now[-1], steps)
    else:
        held = steps.take(views, start, before[1:])
        args = held[-1].ref, *operation.args[1:]
        new = steps.add(
            operation.function, args, (held[-1].key, *others), now[-1], operation.kwargs
        )
    if new is None:
        return False
    if index is not None:
        function = _ATEN.index_put.default
        key_of = start.key, *(None for _ in views), new.key
        new = steps.add(function, (start.ref, index, new.ref), key_of, after.tensor)
        return new.key is not None
    for k in reversed(range(len(views))):
        back = backs[k]
        if back is None:
            return False
        given = (held[k], new) if back.over else (new,)
        args = *(one.ref for one in given), *back.rest
        result = now[k - 1] if k else after.tensor
        new = steps.add(back.function, args, tuple(one.key for one in given), result, back.named)
    return new.key is not None


def _source(operation: Operation, now: torch.Tensor, steps: _Steps) -> Held | None:
    """Return what a write leaves in a view, broadcast and cast as the view is.

    The order of both is that of torch's backward: `copy_` casts the adjoint and then sums it,
    `fill_` sums first.
    """
    key = operation.keys[1] if len(operation.keys) > 1 else None
    if key is None:
        return Held(steps.ref(now), None)
    new = Held(operation.args[1], key)
    if new.ref.tensor.is_complex() and not now.is_complex():
        return None
    casts = operation.kind.name == "fill_", operation.kind.name != "fill_"
    for cast in casts:
        tensor = new.ref.tensor
        if cast and (tensor.dtype, tensor.device) != (now.dtype, now.device):
            named = {"dtype": now.dtype, "device": now.device}
            made = tensor.detach().to(now.device, now.dtype)
            new = steps.add(_ATEN._to_copy.default, (new.ref,), (new.key,), made, named)
        elif not cast and tensor.shape != now.shape:
            args = new.ref, tuple(now.shape)
            made = tensor.detach().expand(now.shape)
            new = steps.add(_ATEN.expand.default, args, (new.key,), made)
    return new


class _Steps:
    """Gather the steps of one node; `like` is the recorded operation that tells their place."""

    def __init__(self, recorder: Recorder, within: Node, like: Operation) -> None:
        self._recorder = recorder
        self._within = within
        self._like = like
        self._made: list[tuple[Node, Operation]] = []

    def ref(self, tensor: torch.Tensor) -> Ref:
        """Return a Ref that a later write to the same memory finds too."""
        return self._recorder.watch(tensor)

    def add(
        self,
        function: OpOverload,
        args: tuple[Any, ...],
        keys: tuple[ValueKey | None, ...],
        result: torch.Tensor,
        kwargs: Mapping[str, Any] = _NOTHING,
    ) -> Held:
        """Add one step, unless its operands are all constants, and return its result."""
        ref = self.ref(result)
        if all(key is None for key in keys):
            return Held(ref, None)
        kind = kind_of(function)
        node = inner_node(kind.name, self._within)
        step = replace(
            self._like,
            kind=kind,
            args=args,
            kwargs=kwargs,
            keys=keys,
            grad_enabled=True,
            results=(ref,),
            result_keys=((node, 0),),
        )
        self._made.append((node, step))
        return Held(ref, (node, 0))

    def take(self, views: Steps, below: Held, seen: Sequence[torch.Tensor]) -> list[Held]:
        """Add a step for each of the views, which see `seen`, and return what lies below first."""
        held = [below]
        for view, tensor in zip(views, seen, strict=False):
            args = held[-1].ref, *view.args[1:]
            held.append(self.add(view.function, args, (held[-1].key,), tensor, view.kwargs))
        return held

    def hand_over(self, made: Functional, reached: Reached, time: float) -> None:
        """Put the steps in the place of the node, which the last one keeps."""
        last = len(self._made) - 1
        for place, (own, step) in enumerate(self._made):
            node = self._within if place == last else own
            step.result_keys = ((node, 0),)
            reached.parents[node] = step.keys
            made.operations[node] = step
            made.times[node] = time - _WITHIN * (last - place) / len(self._made)
            if place != last:
                made.values[node, 0] = step.results[0]
