"""The order of torch's engine is in a file where it is known, and leads back from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.cli.main import main
from tests.saving.test_round_trip import hooked, mlp, survey


def engines_table(trace: gs.Trace) -> str:
    return trace.in_engine_order().table(grain="contribution")


@pytest.mark.parametrize("make", [survey, mlp, hooked], ids=lambda make: make.__name__)
def test_the_engine_s_order_is_the_same_afterwards(
    make: Callable[[], gs.Trace], tmp_path: Path
) -> None:
    before = make()
    after = gs.load(before.save(tmp_path / "x.graphstep"))
    assert engines_table(after) == engines_table(before)
    ordered = after.in_engine_order()
    assert ordered.in_v_order() is after
    assert ordered.table() != after.table() or make is hooked
    # It is kept from file to file, in whichever order the trace is at the time.
    for trace in (after, ordered):
        again = gs.load(trace.save(tmp_path / "again.graphstep"))
        assert again.table() == before.table()
        assert engines_table(again) == engines_table(before)


def test_the_engine_s_order_of_a_large_run_is_kept_where_it_was_asked_for(tmp_path: Path) -> None:
    large = gs.trace(lambda a, b: (a.sin() * b).sum(), torch.ones(200, 200), torch.ones(200, 200))
    plain = gs.load(large.save(tmp_path / "x.graphstep"))
    with pytest.raises(gs.InputError, match=r"is a saved trace without the engine's order$"):
        plain.in_engine_order()
    known = large.table(mode="tangent", seed="b")
    ordered = gs.load(large.in_engine_order().save(tmp_path / "y.graphstep"))
    assert engines_table(ordered) == engines_table(large)
    assert ordered.table(mode="tangent", seed="b") == known


def test_a_saved_trace_is_shown_in_the_engine_s_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(survey().save(tmp_path / "x.graphstep"))
    for command in ("table", "step"):
        assert main([command, saved, "--engine-order"]) == 0
        assert survey().in_engine_order().table() in capsys.readouterr().out
