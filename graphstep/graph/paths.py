"""Say why no gradient reaches an input: unused, an integer on the way, detached, or no_grad."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from graphstep.recording.internals import base_name
from graphstep.recording.operation import Operation, Ref


def no_path_reasons(
    sources: Mapping[int, Ref], outputs: Sequence[Ref], operations: Sequence[Operation]
) -> dict[int, str]:
    """Return the reason of each source in a few words, following the data towards `outputs`.

    The first operation that takes a value with a gradient and gives one without it, among those
    that the outputs were computed from, is where the path ends.
    """
    if not sources:
        return {}
    feeding = _feeding(outputs, operations)
    operands = [{id(ref) for ref in operation.operand_refs()} for operation in operations]
    return {i: _reason(source, feeding, operations, operands) for i, source in sources.items()}


def _reason(
    source: Ref,
    feeding: Collection[int],
    operations: Sequence[Operation],
    operands: Sequence[Collection[int]],
) -> str:
    tainted = {id(source)}
    used = False
    for operation, given in zip(operations, operands, strict=True):
        if tainted.isdisjoint(given):
            continue
        used = True
        tainted.update(id(ref) for ref in operation.results)
        if operation.index not in feeding:
            continue
        if not any(isinstance(key, tuple) for key in operation.result_keys):
            return _cut(operation)
    return "not used by the output" if used else "unused"


def _feeding(outputs: Sequence[Ref], operations: Sequence[Operation]) -> set[int]:
    wanted = {id(ref) for ref in outputs}
    feeding: set[int] = set()
    for operation in reversed(operations):
        if any(id(ref) in wanted for ref in operation.results):
            feeding.add(operation.index)
            wanted.update(id(ref) for ref in operation.operand_refs())
    return feeding


def _cut(operation: Operation) -> str:
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
