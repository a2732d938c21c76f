"""Files of the older versions of the format still load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.saving.container import packed, unpacked
from tests.saving.test_round_trip import lecture, survey


def test_a_file_of_version_1_still_loads() -> None:
    old = gs.load(Path(__file__).with_name("version_1.graphstep"))
    assert old.table() == lecture().table()
    assert old.svg() == lecture().svg()
    with pytest.raises(gs.InputError, match=r"is a saved trace without the tangents for a$"):
        old.tangent("a")


def older(path: Path) -> Path:
    """Write a file as version 2 had it."""
    text, tensors = unpacked(path.read_bytes())
    data = json.loads(text)
    del data["engine_order"]
    path.write_bytes(packed(json.dumps({**data, "version": 2}).encode(), tensors))
    return path


def test_a_file_of_version_2_still_loads(tmp_path: Path) -> None:
    before = survey()
    old = gs.load(older(before.save(tmp_path / "x.graphstep")))
    assert old.table(mode="tangent") == before.table(mode="tangent")
    with pytest.raises(gs.InputError, match=r"is a saved trace without the engine's order$"):
        old.in_engine_order()
