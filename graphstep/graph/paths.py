"""Say why no gradient reaches an input: unused, an integer on the way, detached, or no_grad."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from graphstep.recording.internals import base_name
from graphstep.recording.location import decode
from graphstep.recording.operation import Operation, Ref
from graphstep.recording.place import Place


class Cut(NamedTuple):
    """Say in a few words why no gradient reaches a value, and where in the text its path ends."""

    reason: str
    place: Place | None = None


def no_path_reasons(
    sources: Mapping[int, Ref], outputs: Sequence[Ref], operations: Sequence[Operation]
) -> dict[int, Cut]:
    """Return what cuts each source off, following the data towards `outputs`.

    The first operation that takes a value with a gradient and gives one without it, among those
    that the outputs were computed from, is where the path ends. Where there is none, it ends
    where numbers left torch: in `item()`, or in a detached tensor that no operation takes, as
    that of `.detach().numpy()`.
    """
    if not sources:
        return {}
    feeding = _feeding(outputs, operations)
    operands = [{id(ref) for ref in operation.operand_refs()} for operation in operations]
    return {i: _cut(source, feeding, operations, operands) for i, source in sources.items()}


def _cut(
    source: Ref,
    feeding: Collection[int],
    operations: Sequence[Operation],
    operands: Sequence[Collection[int]],
) -> Cut:
    tainted = {id(source)}
    uses: list[Operation] = []
    taken: set[int] = set()
    for operation, given in zip(operations, operands, strict=True):
        if tainted.isdisjoint(given):
            continue
        uses.append(operation)
        taken.update(given)
        tainted.update(id(ref) for ref in operation.results)
        if operation.index not in feeding:
            continue
        if not any(isinstance(key, tuple) for key in operation.result_keys):
            return Cut(_ending(operation), decode(operation.raw_place))
    for use in uses:
        if leaves := _leaves_torch(use, taken, operations):
            return Cut(f"not used by the output; {leaves}", decode(use.raw_place))
    return Cut("not used by the output" if uses else "unused")


def _leaves_torch(use: Operation, taken: set[int], operations: Sequence[Operation]) -> str:
    """Say how numbers left torch in an operation, or nothing where they did not."""
    name = base_name(use.function)
    if name == "_local_scalar_dense" and _is_floating(next(use.operand_refs())):
        return "item() took a number out of torch"
    if name == "detach" and taken.isdisjoint(id(ref) for ref in use.results):
        # What torch detaches to save it was asked for where its operand was made.
        saved = use.index > 0 and operations[use.index - 1].raw_place == use.raw_place
        return "" if saved else "detached, as for numpy"
    return ""


def _is_floating(ref: Ref) -> bool:
    return ref.tensor.is_floating_point() or ref.tensor.is_complex()


def _feeding(outputs: Sequence[Ref], operations: Sequence[Operation]) -> set[int]:
    wanted = {id(ref) for ref in outputs}
    feeding: set[int] = set()
    for operation in reversed(operations):
        if any(id(ref) in wanted for ref in operation.results):
            feeding.add(operation.index)
            wanted.update(id(ref) for ref in operation.operand_refs())
    return feeding


def _ending(operation: Operation) -> str:
    name = base_name(operation.function)
    if name == "detach":
        return "detached"
    if not operation.grad_enabled:
        return f"computed under no_grad ({name})"
    kinds = {ref.tensor.dtype for ref in operation.results}
    if not any(dtype.is_floating_point or dtype.is_complex for dtype in kinds):
        dtype = str(next(iter(kinds))).removeprefix("torch.") if kinds else "nothing"
        return f"{name} gives {dtype}, which carries no gradient"
    return f"{name} carries no gradient"
