"""A trace keeps what it laid out: another step of the same drawing lays out nothing."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.output import svg as svg_module
from graphstep.output.layout import Engine, render
from graphstep.output.scene import MOST_KEPT


def fresh() -> gs.Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Graphviz was asked to lay out."""
    asked: list[str] = []

    def counted(dot: str, format: str, engine: Engine = "dot") -> bytes:
        asked.append(dot)
        return render(dot, format, engine)

    monkeypatch.setattr(svg_module, "render", counted)
    return asked


def test_another_step_lays_out_nothing_and_is_what_it_was(
    layouts: list[str], tmp_path: Path
) -> None:
    trace = fresh()
    shown = [trace.svg(step) for step in range(len(trace.steps))]
    trace.export(tmp_path / "x.svg", step=4)
    assert (tmp_path / "x.svg").read_text() == shown[4]
    assert trace.svg(4, theme="light", grain="adjoint") == shown[4]
    assert len(layouts) == 1
    assert [fresh().svg(step) for step in range(len(shown))] == shown
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(
    "other",
    [
        {"theme": "dark"},
        {"grain": "contribution"},
        {"precision": 2},
        {"heat": "adjoint"},
        {"direction": "LR"},
        {"values": False},
    ],
    ids=str,
)
def test_what_looks_otherwise_is_laid_out_of_its_own(
    other: dict[str, object], layouts: list[str]
) -> None:
    def shown(trace: gs.Trace) -> str:
        return trace.svg(**other)  # type: ignore[arg-type]  # each is one of svg's own

    trace = gs.trace("sin(a) + a*b", a=1.0, b=2.0)
    plain = trace.svg()
    alone = shown(gs.trace("sin(a) + a*b", a=1.0, b=2.0))
    assert shown(trace) == alone != plain
    assert trace.svg() == plain
    assert shown(trace) == alone
    assert len(layouts) == 3


def test_only_the_last_few_drawings_are_kept(layouts: list[str]) -> None:
    trace = fresh()
    for size in range(10, 11 + MOST_KEPT):
        trace.svg(font_size=size)
    trace.svg(font_size=10 + MOST_KEPT)
    assert len(layouts) == 1 + MOST_KEPT
    trace.svg(font_size=10)
    assert len(layouts) == 2 + MOST_KEPT


def test_what_is_kept_goes_with_the_trace() -> None:
    gc.disable()
    try:
        trace = fresh()
        trace.svg(2)
        seen = weakref.ref(trace), weakref.ref(trace.values[3].value)
        del trace
        assert [ref() for ref in seen] == [None, None]
    finally:
        gc.enable()
