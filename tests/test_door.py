"""The public names load from their modules when they are asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import graphstep


@pytest.mark.parametrize("name", graphstep.__all__)
def test_every_public_name_loads(name: str) -> None:
    assert getattr(graphstep, name) is not None
    assert name in dir(graphstep)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'graphstep' has no attribute 'tarce'$"):
        graphstep.tarce  # noqa: B018 - the look-up is what is tested


def test_type_checkers_and_the_door_find_a_name_in_the_same_module() -> None:
    tree = ast.parse(Path(graphstep.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == graphstep._HOMES
    assert sorted({*typed, "__version__"}) == sorted(graphstep.__all__)
