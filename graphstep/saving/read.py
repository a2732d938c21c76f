"""From the bytes of a `.graphstep` file back to a trace and its sweep; nothing is believed."""

from __future__ import annotations

import json
import linecache
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import cast

from graphstep.check.verdict import Verdict
from graphstep.graph.trace_graph import TraceGraph
from graphstep.saving.container import unpacked
from graphstep.saving.read_graph import graph_from
from graphstep.saving.read_sweep import (
    engine_order_from,
    sweep_from,
    tangents_from,
    verdicts_from,
)
from graphstep.saving.schema import (
    FORMAT,
    VERSION,
    Damaged,
    StoredSource,
    StoredTrace,
    check,
    upgraded,
)
from graphstep.saving.tensors import StoredTensors
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.tangent import TangentSweep


@dataclass(frozen=True)
class Contents:
    """Hold what a file says: the run, its sweeps, torch's verdicts, and the code to show."""

    graph: TraceGraph
    sweep: ReverseSweep
    verdicts: Mapping[int, Verdict]
    tangents: Mapping[int, TangentSweep]
    engine_order: tuple[int, ...] | None
    title: str
    language: str
    file: str


def contents(content: bytes, path: str) -> Contents:
    """Return what a file of this content says. Raises Damaged for anything that does not fit.

    `path` names the texts of the sources for whoever shows them.
    """
    json_part, tensor_part = unpacked(content)
    data = _parsed(json_part)
    tensors = StoredTensors(tensor_part)
    code, sources = data["code"], data["sources"]
    if code is not None and not 0 <= code < len(sources):
        raise Damaged("its code is not among its sources")
    files = [_name(k, source["file"], path) for k, source in enumerate(sources)]
    graph = graph_from(data, tensors, files)
    found = Contents(
        graph,
        sweep_from(data, graph, tensors),
        verdicts_from(data, tensors),
        tangents_from(data, graph, tensors),
        engine_order_from(data, graph),
        data["title"],
        "" if code is None else sources[code]["text"],
        "" if code is None else files[code],
    )
    _show(files, sources)
    return found


def _parsed(content: bytes) -> StoredTrace:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise Damaged("its JSON cannot be read") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Damaged("it holds no trace of graphstep")
    version = data.get("version")
    if type(version) is int and version > VERSION:
        raise Damaged(
            f"it is of a newer version of the format than {VERSION}: a newer graphstep reads it"
        )
    if type(version) is not int or not 0 < version <= VERSION:
        raise Damaged("its version is none of the format's")
    if version < VERSION:
        data = upgraded(data, version)
    check(data, StoredTrace, "trace")
    return cast(StoredTrace, data)


def _name(k: int, file: str, path: str) -> str:
    """Name a source after the file that it was saved in: nobody reads one from the disk."""
    if file.startswith("<") and file.endswith(">"):
        return file
    return f"{path}/{k}/{PurePath(file).name or 'source'}"


def _show(files: Sequence[str], sources: Sequence[StoredSource]) -> None:
    for file, source in zip(files, sources, strict=True):
        if not file.startswith("<"):
            lines = source["text"].splitlines(keepends=True)
            # An entry without a time of change is never looked up on the disk.
            linecache.cache[file] = len(source["text"]), None, lines, file
