"""The names by which a function's code knows the modules and tensors around it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from itertools import islice
from typing import Any

from torch import Tensor, nn

MOST_ITEMS = 1000
"""Of a list or dict around a function so many items are looked at."""


def names_around(function: Any) -> dict[int, str]:
    """Map id(module or tensor) to the name that the code of `function` reads it by.

    `layers.0` is the first of a list, `model.head` a module within another. Where one variable
    alone holds modules, they go by their own names within it, as in `named_parameters`.
    """
    modules: dict[int, tuple[str, nn.Module]] = {}
    names: dict[int, str] = {}
    for variable, found in _variables(function):
        for name, item in _items(variable, found):
            if isinstance(item, nn.Module) and any(True for _ in item.parameters()):
                modules.setdefault(id(item), (name, item))
            elif isinstance(item, Tensor):
                names.setdefault(id(item), name)
    for name, module in modules.values():
        for path, part in module.named_modules(prefix=name if len(modules) > 1 else ""):
            if path:
                names.setdefault(id(part), path)
    return names


def _variables(function: Any) -> Iterator[tuple[str, Any]]:
    """Yield the variables around a function that its code reads, and attributes of its `self`."""
    while isinstance(function, functools.partial):
        function = function.func
    owner = getattr(function, "__self__", None)
    plain = inspect.unwrap(getattr(function, "__func__", function))
    if not inspect.isfunction(plain):
        return
    code = plain.__code__
    for variable, cell in zip(code.co_freevars, plain.__closure__ or (), strict=True):
        try:
            yield variable, cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    for scope in (plain.__globals__, getattr(owner, "__dict__", {})):
        yield from ((name, scope[name]) for name in code.co_names if name in scope)


def _items(variable: str, found: Any) -> Iterator[tuple[str, Any]]:
    """Yield a variable and what it holds; only Python's own containers, which run no other code."""
    yield variable, found
    if type(found) is dict:
        for key, item in islice(found.items(), MOST_ITEMS):
            yield f"{variable}.{key}", item
    elif type(found) in (list, tuple):
        for k, item in enumerate(found[:MOST_ITEMS]):
            yield f"{variable}.{k}", item
