"""The one door to what torch offers only under names with an underscore.

Every function says what it stands on. When a torch release moves one of these, this file and
its test are what fails, and nothing else needs to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node


class DispatchMode(TorchDispatchMode):
    """See every aten operation below autograd while active (`torch.utils._python_dispatch`).

    Without `_should_skip_dynamo` returning False, the first operation under a mode imports
    `torch._dynamo`, some two seconds that a recording never needs.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False


def argument_names(operation: OpOverload) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the positional and the keyword-only argument names of an operation's schema."""
    arguments = operation._schema.arguments
    return (
        tuple(a.name for a in arguments if not a.kwarg_only),
        tuple(a.name for a in arguments if a.kwarg_only),
    )


def argument_defaults(operation: OpOverload) -> dict[str, Any]:
    """Return the default of each argument that has one, by name."""
    return {a.name: a.default_value for a in operation._schema.arguments if a.has_default_value()}


def operand_names(operation: OpOverload) -> tuple[str, ...]:
    """Return the positional arguments that hold tensors, scalars or lists of tensors, in order."""
    kinds = ("Tensor", "number", "Scalar", "float", "complex")
    return tuple(
        a.name
        for a in operation._schema.arguments
        if not a.kwarg_only and any(kind in str(a.type) for kind in kinds)
    )


def written_arguments(operation: OpOverload) -> tuple[str, ...]:
    """Return the names of the arguments that the operation writes to; mostly none."""
    schema = operation._schema
    if not schema.is_mutable:
        return ()
    return tuple(
        a.name for a in schema.arguments if a.alias_info is not None and a.alias_info.is_write
    )


def base_name(operation: OpOverload) -> str:
    """Return an operation's name without namespace and overload: `aten::mul_.Tensor` → `mul_`."""
    return operation._schema.name.split("::")[-1]


def output_count(node: Node) -> int | None:
    """Return how many outputs an autograd node has (`_input_metadata`), None if unknown."""
    metadata = getattr(node, "_input_metadata", None)
    return None if metadata is None else len(metadata)
