"""The one door to what torch offers only under names with an underscore.

Every function says what it stands on. When a torch release moves one of these, this file and
its test are what fails, and nothing else needs to change.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.autograd.function import BackwardCFunction
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node

HookTable: TypeAlias = MutableMapping[int, Callable[[torch.Tensor], Any]]
"""The user's hooks on one tensor by their handles' numbers, in the order in which they run."""


class DispatchMode(TorchDispatchMode):
    """See every aten operation below autograd while active (`torch.utils._python_dispatch`).

    Without `_should_skip_dynamo` returning False, the first operation under a mode imports
    `torch._dynamo`, some two seconds that a recording never needs.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False


@contextmanager
def lazy_views_resolved() -> Iterator[None]:
    """Let a kernel resolve the conjugate and negative views that it makes, as it does unwatched.

    Under a dispatch mode torch leaves these keys out, and a kernel that conjugates lazily, as
    complex `linalg.pinv` does, returns wrong numbers (pytorch issue 198118; `torch._C`).
    """
    keys = torch._C.DispatchKey
    with (
        torch._C._SetExcludeDispatchKeyGuard(keys.Conjugate, False),
        torch._C._SetExcludeDispatchKeyGuard(keys.Negative, False),
    ):
        yield


def dual_number(tensor: torch.Tensor, tangent: torch.Tensor, level: int) -> torch.Tensor:
    """Return `forward_ad.make_dual` of the two, without what it imports first (`torch._VF`).

    That is a tenth of a second for the few operations whose forward mode torch writes in Python;
    `load_forward_decompositions` brings them in once one is needed.
    """
    made: torch.Tensor = torch._VF._make_dual(tensor, tangent, level=level)
    return made


def load_forward_decompositions() -> bool:
    """Load forward modes that torch writes in Python, and tell whether they were missing."""
    name = "torch._decomp.decompositions_for_jvp"
    # As torch itself has it: without assertions its own source does not compile.
    if name in sys.modules or not __debug__:
        return False
    importlib.import_module(name)
    return True


@cache
def argument_names(operation: OpOverload) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the positional and the keyword-only argument names of an operation's schema."""
    arguments = operation._schema.arguments
    return (
        tuple(a.name for a in arguments if not a.kwarg_only),
        tuple(a.name for a in arguments if a.kwarg_only),
    )


@cache
def argument_defaults(operation: OpOverload) -> dict[str, Any]:
    """Return the default of each argument that has one, by name."""
    return {a.name: a.default_value for a in operation._schema.arguments if a.has_default_value()}


@cache
def operand_names(operation: OpOverload) -> tuple[str, ...]:
    """Return the positional arguments that hold tensors, scalars or lists of tensors, in order."""
    kinds = ("Tensor", "number", "Scalar", "float", "complex")
    return tuple(
        a.name
        for a in operation._schema.arguments
        if not a.kwarg_only and any(kind in str(a.type) for kind in kinds)
    )


def overload_name(operation: OpOverload) -> str:
    """Return an operation's overload: `aten::mul_.Tensor` → `Tensor`."""
    return operation._overloadname


@cache
def tensor_names(operation: OpOverload) -> tuple[str, ...]:
    """Return the names of the arguments that hold one tensor, in order."""
    return tuple(
        a.name for a in operation._schema.arguments if str(a.type) in ("Tensor", "Optional[Tensor]")
    )


@cache
def tensor_positions(operation: OpOverload) -> frozenset[int]:
    """Return the positions of the arguments that the schema types as one Tensor."""
    return frozenset(
        k for k, a in enumerate(operation._schema.arguments) if str(a.type) == "Tensor"
    )


@cache
def written_arguments(operation: OpOverload) -> tuple[str, ...]:
    """Return the names of the arguments that the operation writes to; mostly none."""
    schema = operation._schema
    if not schema.is_mutable:
        return ()
    return tuple(
        a.name for a in schema.arguments if a.alias_info is not None and a.alias_info.is_write
    )


@cache
def is_view_operation(operation: OpOverload) -> bool:
    """Tell whether what an operation returns is one tensor, a view of what it was given."""
    returned = operation._schema.returns
    if len(returned) != 1 or str(returned[0].type) != "Tensor":
        return False
    alias = returned[0].alias_info
    return alias is not None and not alias.is_write


@cache
def changes_metadata(operation: OpOverload) -> bool:
    """Tell whether an operation writes no numbers, but another shape: `unsqueeze_`, `t_`."""
    return torch.Tag.inplace_view in operation.tags


@cache
def base_name(operation: OpOverload) -> str:
    """Return an operation's name without namespace and overload: `aten::mul_.Tensor` → `mul_`."""
    return operation._schema.name.split("::")[-1]


def output_metadata(node: Node, number: int) -> tuple[tuple[int, ...], torch.dtype, str] | None:
    """Return shape, dtype and device of one output of a node (`_input_metadata`)."""
    metadata = getattr(node, "_input_metadata", None)
    if metadata is None or number >= len(metadata):
        return None
    one = metadata[number]
    return tuple(one.shape), one.dtype, str(one.device)


def hook_table(tensor: torch.Tensor) -> HookTable | None:
    """Return the table that `Tensor.register_hook` fills (`_backward_hooks`); None where empty.

    Autograd reads it anew each time that the tensor's adjoint is there.
    """
    return getattr(tensor, "_backward_hooks", None) or None


def accumulation_table(tensor: torch.Tensor) -> HookTable | None:
    """Return the table of what runs once a leaf's `.grad` is there; None where it is empty."""
    return getattr(tensor, "_post_accumulate_grad_hooks", None) or None


def is_fake(tensor: torch.Tensor) -> bool:
    """Tell whether a tensor has a shape and no numbers, as under `FakeTensorMode`."""
    return isinstance(tensor, FakeTensor)


def below_view(tensor: object) -> torch.Tensor | None:
    """Return the tensor that a view lies in (`_base`), None for what is no view."""
    return tensor._base if isinstance(tensor, torch.Tensor) else None


def is_view_of_leaf(tensor: torch.Tensor) -> bool:
    """Tell whether a leaf is only a view, made under no_grad, of one that takes the gradient."""
    base = below_view(tensor)
    return base is not None and base.requires_grad


def is_python_node(node: Node) -> bool:
    """Tell whether a node's backward is Python code: that of a `torch.autograd.Function`."""
    return isinstance(node, BackwardCFunction)


def saved_values(node: Node) -> dict[str, torch.Tensor]:
    """Return the single tensors that a node saved for its backward (`_saved_self` …), by name.

    A tensor that was released or overwritten since is left out.
    """
    found: dict[str, torch.Tensor] = {}
    for name in dir(node):
        if name.startswith("_saved_"):
            try:
                value = getattr(node, name)
            except RuntimeError:
                continue
            if isinstance(value, torch.Tensor):
                found[name.removeprefix("_saved_")] = value
    return found


def is_released(node: Node) -> bool:
    """Tell whether a node lost the tensors that it had saved (`_saved_…` raises then)."""
    for name in dir(node):
        if name.startswith("_saved_"):
            try:
                getattr(node, name)
            except RuntimeError:
                return True
    return False


def output_count(node: Node) -> int | None:
    """Return how many outputs an autograd node has (`_input_metadata`), None if unknown."""
    metadata = getattr(node, "_input_metadata", None)
    return None if metadata is None else len(metadata)
