"""The ledger of an adjoint: its terms against torch, what is pending, and a planted error."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.api import Trace
from graphstep.check.verdict import compare
from graphstep.steps.ledger import MOST, distance, ledger


@pytest.fixture
def lecture() -> Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


def test_every_term_of_the_lecture_and_the_sum_after_it(lecture: Trace) -> None:
    found = ledger(lecture.timeline(), -1, 9)
    rows = [(e.edge, e.partial, e.number, e.above, e.product, e.total, e.distance, e.rule)
            for e in found.entries]  # fmt: skip
    assert rows == [
        ("v₂ → v₋₁", "v₀", "20", "1", "20", "20", "3", "own"),
        ("v₁ → v₋₁", "3", "3", "1", "3", "23", "0", "own"),
    ]
    assert (found.title, found.state, found.result) == ("v̄₋₁ of a", "final", "23")
    assert (found.torch, found.agrees, found.note, found.start) == ("23", True, "", "")


def test_what_is_pending_gives_nothing_away(lecture: Trace) -> None:
    timeline = lecture.timeline("contribution")
    first = next(step.index for step in timeline if step.i == -1 and step.terms)
    found = ledger(timeline, -1, first)
    assert (found.state, found.result, found.torch, found.agrees) == ("partial", "20", "", None)
    got, due = found.entries
    assert (got.total, got.distance, got.arrived) == ("20", "", True)
    assert (due.partial, due.number, due.product, due.total) == ("3", "", "…", "…")
    before = ledger(timeline, -1, 0)
    assert (before.state, before.note) == ("pending", "not reached yet")
    assert not any(entry.arrived for entry in before.entries)


def test_the_output_starts_from_its_seed(lecture: Trace) -> None:
    assert ledger(lecture.timeline(), 3, 0).start == ""
    found = ledger(lecture.timeline(), 3, 9)
    assert (found.start, found.entries, found.result) == ("1", (), "1")


def test_the_last_sum_is_torchs_for_every_value_of_a_network() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(4, 3)
    trace = gs.trace(layer, torch.randn(5, 4), loss=lambda y: torch.tanh(y).square().sum())
    timeline = trace.timeline()
    for i in trace.values:
        found = ledger(timeline, i, len(timeline) - 1)
        assert found.agrees
        for entry in found.entries[-1:]:
            assert entry.total == found.result
            assert float(entry.distance) < 1e-5


def test_a_sum_over_broadcast_axes_is_said() -> None:
    trace = gs.trace("(x + b).sum()", x=[[1.0, 2.0], [3.0, 4.0]], b=[1.0, 2.0])
    found = ledger(trace.timeline(), 0, len(trace.timeline()) - 1)
    assert [(e.product, e.summed) for e in found.entries] == [("[2, 2]", True)]


def test_a_planted_error_is_seen_as_a_distance(lecture: Trace) -> None:
    verdicts = dict(lecture.verdicts)
    verdicts[-1] = compare(torch.tensor(23.0), torch.tensor(22.0))
    lecture.__dict__["verdicts"] = verdicts
    found = ledger(lecture.timeline(), -1, 9)
    assert (found.agrees, found.torch) == (False, "22")
    assert [entry.distance for entry in found.entries] == ["2", "1"]


def test_of_very_many_terms_the_ends_are_listed_and_all_are_summed() -> None:
    def often(w: Tensor) -> Tensor:
        total = w * 1.0
        for _ in range(MOST + 50):
            total = total + w
        return total

    trace = gs.trace(often, torch.tensor(2.0))
    found = ledger(trace.timeline(), 0, len(trace.timeline()) - 1)
    assert (len(found.entries), found.left_out, found.gap) == (MOST, 51, MOST // 2)
    assert [e.total for e in found.entries][MOST // 2 - 1 : MOST // 2 + 1] == ["100", "152"]
    assert (found.entries[-1].total, found.result) == ("251", "251")


def test_a_value_without_a_path_and_one_behind_a_hook() -> None:
    def cut(a: Tensor, b: Tensor) -> Tensor:
        c = a.detach() * b
        c.register_hook(lambda g: g * 2)
        return c * 3

    trace = gs.trace(cut, torch.tensor(2.0), torch.tensor(3.0))
    timeline = trace.timeline()
    last = len(timeline) - 1
    assert ledger(timeline, -1, last).state == "no path"
    hooked = ledger(timeline, 1, last)
    assert hooked.note == "a hook of the source's own made it from the sum 3"
    assert (hooked.entries[0].total, hooked.result, hooked.agrees) == ("3", "6", True)


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        (torch.tensor([1.0, float("nan")]), torch.tensor([1.5, float("nan")]), 0.5),
        (torch.tensor(float("inf")), torch.tensor(float("inf")), 0.0),
        (torch.tensor([1.0]), torch.tensor([1.0, 2.0]), None),
        (None, torch.tensor(1.0), None),
        (torch.zeros(0), torch.zeros(0), None),
        (torch.tensor(1 + 1j), torch.tensor(1 - 1j), 2.0),
    ],
)
def test_the_distance_is_of_the_entry_that_is_furthest(
    ours: Tensor | None, theirs: Tensor | None, found: float | None
) -> None:
    assert distance(ours, theirs) == found
