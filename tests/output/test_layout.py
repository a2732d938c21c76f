from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from graphstep.errors import InputError, MissingError
from graphstep.output import layout
from graphstep.output.layout import Layouter
from graphstep.output.layout_failures import LayoutError
from tests.output.conftest import alive

DOT = "digraph { a -> b }"


def test_a_layout_runs_in_a_child_that_ends_with_its_layouter() -> None:
    with Layouter() as layouter:
        assert layouter.pid is None
        assert b"<svg" in layouter.render(DOT, "svg")
        pid = layouter.pid
        assert layouter.render(DOT, "png").startswith(b"\x89PNG")
        assert layouter.pid == pid
    assert not alive(pid)
    assert "pygraphviz" not in sys.modules


def test_an_unknown_format_is_named_with_those_there_are(layouter: Layouter) -> None:
    with pytest.raises(InputError) as error:
        layouter.render(DOT, "webp")
    assert str(error.value) == (
        "unknown format 'webp' (must be one of svg, png, pdf, gif, dot, json0, plain)"
    )
    assert layouter.pid is None


def test_graphviz_own_words_become_the_error(
    layouter: Layouter, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LayoutError) as error:
        layouter.render("digraph {\n a -> ", "svg")
    assert str(error.value) == (
        "Graphviz could not lay out the graph: Error: syntax error in line 2"
    )
    assert b"<svg" in layouter.render(DOT, "svg")
    assert capfd.readouterr() == ("", "")


def test_a_killed_child_is_an_error_and_then_a_new_child(layouter: Layouter) -> None:
    layouter.render(DOT, "svg")
    first = layouter.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    killer = threading.Timer(0.2, os.kill, (first, signal.SIGKILL))
    killer.start()
    with pytest.raises(LayoutError) as error:
        layouter.render(DOT, "svg")
    assert str(error.value) == "Graphviz crashed while laying out the graph (signal 9)"
    assert not alive(first)
    assert b"<svg" in layouter.render(DOT, "svg")
    assert layouter.pid != first


def test_a_child_found_dead_is_replaced_without_a_word(layouter: Layouter) -> None:
    layouter.render(DOT, "svg")
    first = layouter.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert b"<svg" in layouter.render(DOT, "svg")
    assert not alive(first)


def test_a_layout_that_takes_too_long_is_stopped(layouter: Layouter) -> None:
    layouter.render(DOT, "svg")
    first = layouter.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    layouter.seconds = 0.3
    start = time.monotonic()
    with pytest.raises(LayoutError) as error:
        layouter.render(DOT, "svg")
    assert str(error.value) == "Graphviz was stopped: the layout took more than 0.3 s"
    assert time.monotonic() - start < 5
    assert not alive(first)
    layouter.seconds = 20
    assert b"<svg" in layouter.render(DOT, "svg")


def test_threads_share_one_child(layouter: Layouter) -> None:
    answers: dict[int, bytes] = {}

    def ask(number: int) -> None:
        answers[number] = layouter.render(f"digraph {{ n{number} }}", "plain")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"node n{number} ".encode() in answers[number] for number in range(8))


def test_without_pygraphviz_the_dot_command_is_used(
    layouter: Layouter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "dot"
    command.write_text('#!/bin/sh\n/bin/cat >/dev/null\necho "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(Layouter, "_ask_child", lambda *_: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert layouter.render(DOT, "svg", "nop2") == b"-Knop2 -Tsvg\n"


def test_without_any_graphviz_the_missing_tool_is_named(
    layouter: Layouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Layouter, "_ask_child", lambda *_: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MissingError) as error:
        layouter.render(DOT, "svg")
    assert str(error.value) == (
        "cannot draw: neither pygraphviz nor Graphviz's dot command is there;"
        " run: pip install 'pygraphviz>=2.0.4'"
    )
    assert error.value.exit_code == 3


def test_a_file_in_the_working_folder_is_never_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')\n")
    root = Path(layout.__file__).parents[2]
    code = (
        "from graphstep.output.layout import render; print(len(render('digraph {a}', 'svg')) > 9)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_forked_copy_starts_a_child_of_its_own_and_leaves_the_first() -> None:
    code = """
import os, sys
from graphstep.output.layout import _default, render
render("digraph {a}", "svg")
first = _default.pid
if os.fork() == 0:
    render("digraph {b}", "svg")
    sys.exit(_default.pid == first)
assert os.wait()[1] == 0
render("digraph {c}", "svg")
print(_default.pid == first)
"""
    root = Path(layout.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_request_under_way_is_stopped_from_another_thread() -> None:
    edges = "".join(f"{i} -> {j};" for i in range(400) for j in range(i + 1, min(i + 9, 400)))
    with Layouter() as layouter:
        layouter.stop()
        layouter.render("digraph { a }", "plain")
        timer = threading.Timer(0.3, layouter.stop)
        timer.start()
        with pytest.raises(LayoutError, match="crashed while laying out"):
            layouter.render(f"digraph {{ {edges} }}", "svg")
        timer.join()
        assert layouter.render("digraph { a }", "plain")
