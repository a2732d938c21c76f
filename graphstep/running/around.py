"""The names by which a function's code knows the modules and tensors around it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor, nn


def names_around(function: Any) -> dict[int, str]:
    """Map id(module or tensor) to the variable that the code of `function` reads it by.

    `layers.0` is the first of a list. Modules are named where there are several with parameters:
    of one alone the parameters are known by their own names.
    """
    modules: dict[int, str] = {}
    tensors: dict[int, str] = {}
    for variable, found in _variables(function):
        for name, item in _items(variable, found):
            if isinstance(item, nn.Module) and any(True for _ in item.parameters()):
                modules.setdefault(id(item), name)
            elif isinstance(item, Tensor):
                tensors.setdefault(id(item), name)
    return {**tensors, **(modules if len(modules) > 1 else {})}


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
    yield variable, found
    if isinstance(found, Mapping):
        yield from ((f"{variable}.{key}", item) for key, item in found.items())
    elif isinstance(found, (list, tuple)):
        yield from ((f"{variable}.{k}", item) for k, item in enumerate(found))
