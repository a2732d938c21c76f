from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from graphstep.output.layout import Layouter
from graphstep.output.picture import Frame, NodeKind, Picture, PictureEdge, PictureNode

HOSTILE = '<b>&"\\N\\G]]></svg><script>'


def _node(key: int, kind: NodeKind, *lines: str) -> PictureNode:
    return PictureNode(key, kind, lines)


@pytest.fixture
def lecture() -> Picture:
    """y = 3a + ab: five values, five uses."""
    return Picture(
        (
            _node(-1, "input", "v₋₁ = a", "10  v̄ 23 (partial)"),
            _node(0, "input", "v₀ = b", "20  v̄ 10"),
            _node(1, "value", "v₁ = 3·v₋₁", "30  v̄ 1"),
            _node(2, "value", "v₂ = v₋₁·v₀", "200  v̄ 1"),
            _node(3, "output", "v₃ = v₁ + v₂", "230  v̄ 1"),
        ),
        (
            PictureEdge(-1, 1, 0, "3"),
            PictureEdge(-1, 2, 0, "v₀"),
            PictureEdge(0, 2, 1, "v₋₁"),
            PictureEdge(1, 3, 0, "1"),
            PictureEdge(2, 3, 1, "1"),
        ),
        "3*a + a*b",
    )


@pytest.fixture
def midway() -> Frame:
    """A step in the middle of the lecture's reverse sweep."""
    return Frame(
        lines={-1: ("v₋₁ = a", "10  v̄ 3 (partial)"), 0: ("v₀ = b", "20  v̄ …")},
        node_classes={
            -1: ("value-final", "adjoint-partial", "operand"),
            0: ("value-pending", "adjoint-pending"),
            1: ("value-final", "no-path"),
            2: ("value-final", "adjoint-final", "current"),
            3: ("adjoint-final", "disagrees"),
        },
        edge_classes={(-1, 2, 0): ("current",), (2, 3, 1): ("used",)},
        caption="v̄₋₁ += v̄₂·v₀",
    )


@pytest.fixture
def square() -> Picture:
    """x*x: two uses of one value by one operation."""
    return Picture(
        (_node(0, "input", "v₀ = x", "3"), _node(1, "output", "v₁ = v₀·v₀", "9")),
        (PictureEdge(0, 1, 0, "v₀"), PictureEdge(0, 1, 1, "v₀")),
    )


@pytest.fixture
def hostile() -> Picture:
    """Labels that try to be markup, escapes, controls, nothing at all, or endless."""
    return Picture(
        (
            _node(0, "input", "", HOSTILE, "&lt;\u202eabc\x00\n\ud800"),
            _node(1, "value", ""),
            _node(2, "output", "L" * 300, '"', "\\"),
            _node(3, "input", "<b>"),
        ),
        (PictureEdge(0, 1, 0, HOSTILE), PictureEdge(1, 2, 0, ""), PictureEdge(3, 2, 1, "<i>")),
        HOSTILE,
    )


@pytest.fixture
def layouter() -> Iterator[Layouter]:
    with Layouter(seconds=20) as one:
        yield one


def alive(pid: int | None) -> bool:
    """Tell whether a process runs."""
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
