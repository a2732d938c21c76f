"""Tensors inside lists, tuples and dicts, each by a name of its own: `batch.x`, `states.0`."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from torch import Tensor


def tensors_within(
    name: str, item: Any, within: tuple[int, ...] = ()
) -> Iterator[tuple[str, Tensor]]:
    """Yield every tensor of a nest of containers with its name; one that holds itself is left.

    Two keys may be written alike, and so give the same name.
    """
    if isinstance(item, Tensor):
        yield name, item
    elif id(item) not in within:
        for key, part in _parts(item):
            yield from tensors_within(f"{name}.{_written(key)}", part, (*within, id(item)))


def with_tensors(item: Any, given: Iterator[Tensor], within: tuple[int, ...] = ()) -> Any:
    """Return a nest of containers with the `given` tensors in place of its own.

    They come in the order of `tensors_within`. A container in which nothing changes stays the
    same object.
    """
    if isinstance(item, Tensor):
        return next(given)
    if id(item) in within:
        return item
    before = list(_parts(item))
    after = [with_tensors(part, given, (*within, id(item))) for _, part in before]
    if all(new is old for new, (_, old) in zip(after, before, strict=True)):
        return item
    if isinstance(item, tuple):
        return type(item)(*after) if hasattr(item, "_fields") else type(item)(after)
    made = copy.copy(item)
    if isinstance(made, dict):
        made.update(zip((key for key, _ in before), after, strict=True))
    else:
        made[:] = after
    return made


def _parts(item: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(item, dict):
        yield from item.items()
    elif isinstance(item, tuple) and hasattr(item, "_fields"):
        yield from zip(item._fields, item, strict=True)
    elif isinstance(item, (list, tuple)):
        yield from enumerate(item)


def _written(key: object) -> str:
    """Return a key as part of a name, on one line."""
    return "".join(c if c.isprintable() else "�" for c in str(key))
