"""What Graphviz may take, of memory and of time; a child that took it makes room for another."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from graphstep.output.layout import Layouter
from graphstep.output.layout_failures import NO_MEMORY, LayoutError
from tests.output.conftest import alive

DOT = "digraph { a -> b }"


VAST = "digraph { dpi=30000; a -> b }"
"""As a PNG of a scale that no memory holds."""
LITTLE = 256 * 2**20


def test_a_child_out_of_memory_is_an_error_and_then_a_new_child() -> None:
    with Layouter(seconds=20, memory=LITTLE) as layouter:
        layouter.render(DOT, "svg")
        first = layouter.pid
        with pytest.raises(LayoutError) as error:
            layouter.render(VAST, "png")
        assert str(error.value) == NO_MEMORY
        assert not alive(first)
        assert b"<svg" in layouter.render(DOT, "svg")
        # A request that the child cannot even read.
        with pytest.raises(LayoutError) as error:
            layouter.render(f"digraph {{ {'a' * (LITTLE // 3)} }}", "svg")
        assert str(error.value) == NO_MEMORY
        assert b"<svg" in layouter.render(DOT, "svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="no dot command is installed")
def test_a_dot_command_out_of_memory_or_time_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layouter, "_ask_child", lambda *_: None)
    with pytest.raises(LayoutError) as error:
        Layouter(seconds=20, memory=LITTLE).render(VAST, "png")
    assert str(error.value) == NO_MEMORY
    edges = "".join(f"{i} -> {j};" for i in range(400) for j in range(i + 1, min(i + 9, 400)))
    with pytest.raises(LayoutError) as error:
        Layouter(seconds=0.2).render(f"digraph {{ {edges} }}", "svg")
    assert str(error.value) == "Graphviz was stopped: the layout took more than 0.2 s"


def test_a_killed_dot_command_is_an_error_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "dot"
    command.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nkill -9 $$\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(Layouter, "_ask_child", lambda *_: None)
    monkeypatch.setattr(shutil, "which", lambda _: str(command))
    with pytest.raises(LayoutError) as error:
        Layouter().render(DOT, "svg")
    assert str(error.value) == "Graphviz crashed while laying out the graph (signal 9)"
    assert not alive(int((tmp_path / "pid").read_text()))


UNFREED = """digraph {
 n0 [label="\n ()"]; n1 [label=AddBackward0]; n2 -> n1; n2 [label=MulBackward0]; n3 -> n2
 n4 [label="\n ()"]; n4 -> n3; n3 [label=AccumulateGrad]; n5 -> n1; n5 [label=MulBackward0]
 n3 -> n5; n6 -> n5; n7 [label="\n ()"]; n7 -> n6; n6 [label=AccumulateGrad]; n1 -> n0
}"""
"""Graphviz 13 to 14 crash when the layout of this graph is given back."""


def test_a_graph_whose_layout_cannot_be_given_back_is_drawn(layouter: Layouter) -> None:
    for _ in range(5):
        assert b"AccumulateGrad" in layouter.render(UNFREED, "svg")


def test_a_child_that_has_kept_much_is_replaced_after_its_reply() -> None:
    edges = "".join(f"{i} -> {i + 1};" for i in range(300))
    with Layouter(kept=2**20) as layouter:
        seen = set()
        for _ in range(12):
            assert b"<svg" in layouter.render(f"digraph {{ {edges} }}", "svg")
            seen.add(layouter.pid)
        assert None in seen
    with Layouter() as layouter:
        assert b"<svg" in layouter.render(DOT, "svg")
        first = layouter.pid
        for _ in range(12):
            layouter.render(f"digraph {{ {edges} }}", "svg")
        assert layouter.pid == first is not None


def test_a_request_right_after_a_stop_has_a_child_of_its_own() -> None:
    with Layouter() as layouter:
        for _ in range(20):
            assert layouter.render("digraph { a }", "svg")
            layouter.stop()
