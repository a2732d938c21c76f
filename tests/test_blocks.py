"""Blocks of code and graphs that already exist are traced too."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs


def leaves() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)


def test_a_block_is_numbered_labelled_and_checked() -> None:
    a, b = leaves()
    with gs.record(inputs={"a": a, "b": b}) as recording:
        z = 3 * a + a * b
        y = 10 / (1 + torch.exp(z))
    trace = recording.trace(y)
    assert trace.recorded.find("z") == 3
    assert trace.check().ok
    assert trace.adjoint("a") == pytest.approx(-0.3324, abs=5e-5)
    assert trace.adjoint("b") == pytest.approx(-0.0665, abs=5e-5)


def test_a_block_gives_several_traces_and_leaves_that_nobody_named() -> None:
    a, b = leaves()
    with gs.record() as recording:
        p, q = a * b, a + b
    assert [v.label for v in recording.trace(p).values.values()] == ["leaf_1", "leaf_2", "p"]
    both = recording.trace(p, q, grad_output=[torch.tensor(2.0), torch.tensor(5.0)])
    assert both.adjoint("leaf_1") == 2.0 * 2 + 5
    assert both.check().ok


def test_an_existing_graph_has_saved_values_and_every_adjoint() -> None:
    a, b = leaves()
    y = 10 / (1 + torch.exp(3 * a + a * b))
    trace = gs.from_output(y, inputs={"a": a, "b": b})
    found = [None if v.value is None else float(v.value) for v in trace.values.values()]
    assert found[:5] == [1.0, 2.0, None, None, None]
    assert found[5] == pytest.approx(148.4132, abs=1e-4)
    assert float(trace.value("v_7")) == pytest.approx(0.06693, abs=1e-5)
    report = trace.check()
    assert report.ok
    assert len(report.by_torch) == 7
    assert report.oracles()["numeric"] == "skipped: a value was not recorded"
    with pytest.raises(gs.InputError, match=r"^the value of v_1 was not recorded$"):
        trace.value("v_1")
    assert "= not recorded" in trace.table()


def test_a_block_is_not_run_again_on_another_device() -> None:
    a, _ = leaves()
    trace = gs.from_output(a * 2, inputs={"a": a})
    with pytest.raises(gs.InputError, match=r"^a recorded block cannot be run again on meta"):
        trace.origin.again(torch.device("meta"))
