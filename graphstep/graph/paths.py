"""Say why no gradient reaches an input: unused, an integer on the way, detached, or no_grad."""

from __future__ import annotations

from collections.abc import Sequence

from graphstep.recording.internals import base_name
from graphstep.recording.operation import Operation, Ref


def no_path_reason(source: Ref, outputs: Sequence[Ref], operations: Sequence[Operation]) -> str:
    """Return the reason in a few words, following the data from `source` towards `outputs`.

    The first operation that takes a value with a gradient and gives one without it, among those
    that the outputs were computed from, is where the path ends.
    """
    feeding = _feeding(outputs, operations)
    tainted = {id(source)}
    used = False
    for operation in operations:
        if not any(id(ref) in tainted for ref in operation.operand_refs()):
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
