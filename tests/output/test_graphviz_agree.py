"""pygraphviz, a `dot` on PATH and no Graphviz at all give graphs of one structure."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import graphstep as gs
from graphstep.errors import MissingError
from graphstep.output import layout
from graphstep.output.layout import Layouter
from graphstep.output.layout_failures import NO_MEMORY
from tests.output.test_groups import loop, network

DOT = shutil.which("dot")
WHOLE = {"collapse": "none"}
EXAMPLES: dict[str, tuple[Callable[[], gs.Trace], dict[str, Any]]] = {
    "lecture": (lambda: gs.trace("3*a + a*b", a=10.0, b=20.0), {}),
    "square": (lambda: gs.trace("x*x", x=3.0), {"direction": "LR"}),
    "clusters": (network, {"clusters": True}),
    "folded": (network, {"collapse": 0}),
    "copies of a leaf": (lambda: loop(15), WHOLE),
    "placed by graphstep": (lambda: loop(550), WHOLE),
}
QUICK = [name for name in EXAMPLES if name != "placed by graphstep"]


def by_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layouter, "_ask_child", lambda *_: None)
    # A Layouter remembers that there is no pygraphviz: that of the other tests must not.
    monkeypatch.setattr(layout, "_default", Layouter())


def by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    by_command(monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda _: None)


def drawn(svg: str) -> dict[str, tuple[str, ...]]:
    """Map each id to its class and its texts, wherever they are drawn."""
    found = {}
    for element in ElementTree.fromstring(svg).iter():
        name, kind = element.get("id"), element.get("class")
        if name and kind and kind != "graph":
            texts = (part.text or "" for part in element if part.tag.endswith(("text", "title")))
            found[name] = (kind, *texts)
    return found


def written(dot: str) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Return the nodes and the edges that a DOT text of ours names."""
    nodes = set(re.findall(r"^\s*(v_\w+) \[", dot, re.MULTILINE))
    edges = re.findall(r"^\s*(v_\w+) -> (v_\w+) \[.*id=(e_\w+)", dot, re.MULTILINE)
    return nodes, set(edges)


@pytest.mark.skipif(DOT is None, reason="no dot command is installed")
@pytest.mark.parametrize(
    "name", [*QUICK, pytest.param("placed by graphstep", marks=pytest.mark.full)]
)
def test_a_dot_command_draws_what_pygraphviz_draws(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, choices = EXAMPLES[name]
    trace = make()
    middle = len(trace.steps) // 2
    ours = drawn(trace.svg(middle, **choices))
    by_command(monkeypatch)
    theirs = drawn(trace.svg(middle, **choices))
    assert ours == theirs
    nodes, edges = written(trace.dot(**choices))
    assert {n for n in ours if n.startswith("v_")} == nodes
    assert {n for n in ours if n.startswith("e_")} == {edge for *_, edge in edges}


@pytest.mark.skipif(DOT is None, reason="no dot command is installed")
def test_a_dot_command_reads_the_text_as_pygraphviz_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> tuple[dict[str, object], list[tuple[str, str, str, str]]]:
        with Layouter() as layouter:
            laid = json.loads(layouter.render(text, "json0"))
        names = {node["_gvid"]: node["name"] for node in laid["objects"]}
        edges = (
            (names[e["tail"]], names[e["head"]], e["id"], e.get("label", "")) for e in laid["edges"]
        )
        return {node["name"]: node.get("label") for node in laid["objects"]}, sorted(edges)

    text = network().dot(clusters=True)
    ours = read()
    by_command(monkeypatch)
    assert read() == ours
    assert len(ours[1]) == len(written(text)[1])


@pytest.mark.parametrize("format", ["png", "pdf"])
@pytest.mark.skipif(DOT is None, reason="no dot command is installed")
def test_a_dot_command_writes_images_too(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_command(monkeypatch)
    (path,) = network().export(tmp_path / f"x.{format}", clusters=True)
    assert path.read_bytes().startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[format])


def test_without_graphviz_what_draws_nothing_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything() -> dict[str, str]:
        for ending in ("dot", "json", "graphml", "md", "tex", "csv", "txt"):
            trace.export(tmp_path / f"x.{ending}")
        return {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}

    trace = network()
    with_graphviz = everything()
    by_nothing(monkeypatch)
    assert everything() == with_graphviz
    with pytest.raises(MissingError, match="neither pygraphviz nor Graphviz's dot command"):
        trace.svg()


FAKES = {
    "killed": ("os.kill(os.getpid(), 9)", "Graphviz crashed while laying out the graph (signal 9)"),
    "starved": ("raise MemoryError", NO_MEMORY),
}


def _export(folder: Path, body: str) -> subprocess.Popen[str]:
    """Start `graphstep export` where pygraphviz does what `body` says."""
    (folder / "pygraphviz.py").write_text(
        f"import os, time\nopen({str(folder / 'pid')!r}, 'w').write(str(os.getpid()))\n{body}\n"
    )
    words = ["-m", "graphstep", "export", "a*b", "a=1", "b=2", "-o", str(folder / "x.svg")]
    return subprocess.Popen(
        [sys.executable, *words],
        env=os.environ | {"PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _gone(folder: Path) -> bool:
    pid = (folder / "pid").read_text()
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("how", ["killed", pytest.param("starved", marks=pytest.mark.full)])
def test_a_dying_child_of_the_command_line_is_one_line(how: str, tmp_path: Path) -> None:
    body, line = FAKES[how]
    with _export(tmp_path, body) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (2, "", f"graphstep: {line}\n")
    assert _gone(tmp_path)
    assert not (tmp_path / "x.svg").exists()


@pytest.mark.full
def test_a_hung_child_ends_with_an_interrupted_command_line(tmp_path: Path) -> None:
    with _export(tmp_path, "time.sleep(600)") as process:
        deadline = time.monotonic() + 100
        while not (tmp_path / "pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    assert _gone(tmp_path)
