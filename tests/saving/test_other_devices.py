"""A trace that was saved on a device that is not there is shown as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import graphstep as gs
from graphstep.saving.container import JSON, TENSORS, packed


def test_a_trace_of_cuda_opens_on_a_machine_without_one(tmp_path: Path) -> None:
    trace = gs.trace("3*a + a*b", a=10.0, b=20.0)
    with zipfile.ZipFile(trace.save(tmp_path / "here.graphstep")) as archive:
        text, tensors = archive.read(JSON), archive.read(TENSORS)
    there = tmp_path / "there.graphstep"
    moved = text.replace(b'"device":"cpu"', b'"device":"cuda:0"')
    moved = moved.replace(b'"device": "cpu"', b'"device": "cuda:0"')
    assert moved != text
    there.write_bytes(packed(moved, tensors))
    loaded = gs.load(there)
    assert {value.device for value in loaded.values.values()} == {"cuda:0"}
    assert loaded.table() == trace.table()
    assert [step.i for step in loaded.steps] == [step.i for step in trace.steps]
    again = gs.load(loaded.save(tmp_path / "again.graphstep"))
    assert {value.device for value in again.values.values()} == {"cuda:0"}
