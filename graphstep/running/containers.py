"""Tensors inside lists, tuples and dicts, each by a name of its own: `batch.x`, `states.0`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor


def tensors_within(
    name: str, item: Any, within: tuple[int, ...] = ()
) -> Iterator[tuple[str, Tensor]]:
    """Yield every tensor of a nest of containers with its name; one that holds itself is left."""
    if isinstance(item, Tensor):
        yield name, item
    elif id(item) not in within:
        for key, part in _parts(item):
            yield from tensors_within(f"{name}.{key}", part, (*within, id(item)))


def with_tensors(
    name: str, item: Any, tensors: Mapping[str, Tensor], within: tuple[int, ...] = ()
) -> Any:
    """Return a nest of containers with the tensors that go by these names in place of its own.

    A container in which nothing changes stays the same object.
    """
    if isinstance(item, Tensor):
        return tensors.get(name, item)
    if id(item) in within:
        return item
    parts = {
        key: with_tensors(f"{name}.{key}", part, tensors, (*within, id(item)))
        for key, part in _parts(item)
    }
    if all(parts[key] is part for key, part in _parts(item)):
        return item
    if isinstance(item, dict):
        return type(item)(parts)
    values = list(parts.values())
    return type(item)(*values) if hasattr(item, "_fields") else type(item)(values)


def _parts(item: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(item, dict):
        yield from item.items()
    elif isinstance(item, tuple) and hasattr(item, "_fields"):
        yield from zip(item._fields, item, strict=True)
    elif isinstance(item, (list, tuple)):
        yield from enumerate(item)
