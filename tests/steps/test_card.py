from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.steps.card import card
from graphstep.steps.entries import grid, statistics
from graphstep.steps.histogram import histogram


def test_the_card_of_an_input_has_every_term_and_its_running_sum() -> None:
    timeline = gs.trace("3*a + a*b", a=10.0, b=20.0).timeline()
    found = card(timeline, -1, 9)
    assert found.title == "a: v₋₁"
    assert found.facts == (
        ("operation", "input"),
        ("shape", "[]"),
        ("dtype", "float32"),
        ("device", "cpu"),
    )
    assert [(s.title, s.lines) for s in found.sections] == [
        ("value v₋₁", ("10",)),
        ("adjoint v̄₋₁", ("23", "✓ torch 23, off by 0")),
        (
            "terms of the adjoint, in the order of their arrival",
            (
                "from v₂ (own): v̄₋₁ = v̄₂·∂v₂/∂v₋₁ = v̄₂·v₀ = 1·20 = 20",
                "from v₁ (own): v̄₋₁ = v̄₋₁ + v̄₁·∂v₁/∂v₋₁ = v̄₋₁ + v̄₁·3 = 20 + 1·3 = 23",
            ),
        ),
    ]


def test_what_is_not_reached_stays_pending() -> None:
    timeline = gs.trace("3*a + a*b", a=10.0, b=20.0).timeline("contribution")
    start = card(timeline, -1, -1)
    assert [s.lines for s in start.sections] == [
        ("… (not reached yet)",),
        ("… (not reached yet)",),
        ("from v₂: …", "from v₁: …"),
    ]
    first = next(step.index for step in timeline if step.i == -1 and step.terms)
    assert timeline.arrived(-1, first) == 1
    midway = card(timeline, -1, first)
    assert midway.sections[1].lines == ("20 (partial: not every term is in)",)
    assert midway.sections[2].lines[1] == "from v₁: …"


def test_a_value_without_a_path_says_why() -> None:
    def cut(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return a.detach() * b

    timeline = gs.trace(cut, torch.tensor(2.0), torch.tensor(3.0)).timeline()
    lines = card(timeline, -1, len(timeline) - 1).sections[1].lines
    assert len(lines) == 1
    assert lines[0].startswith("no path: ")


def test_a_place_is_told_without_its_folder() -> None:
    timeline = gs.trace("z = a*b; z + a", a=1.0, b=2.0).timeline()
    facts = dict(card(timeline, 1, 5).facts)
    assert facts["operation"] == "mul"
    assert facts["source"] == "<expression>:1:5"


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (
            torch.tensor([1.0, -2.0, 0.0]),
            "min −2 · max 1 · mean −0.3333 · std 1.2472 · 1 zero · 0 NaN · 0 inf",
        ),
        (torch.tensor([1, 2]), "min 1 · max 2 · mean 1.5 · std 0.5 · 0 zero"),
        (torch.tensor([True, False]), "1 zero"),
        (torch.tensor([float("nan")] * 2), "0 zero · 2 NaN · 0 inf"),
        (
            torch.tensor([float("inf"), 1.0], dtype=torch.bfloat16),
            "min 1 · max 1 · mean 1 · std 0 · 0 zero · 0 NaN · 1 inf",
        ),
        (torch.zeros(0), "no entries"),
        (torch.zeros(2, dtype=torch.complex64), "2 entries"),
    ],
)
def test_statistics_are_of_finite_entries(tensor: torch.Tensor, text: str) -> None:
    assert statistics(tensor) == text


def test_a_grid_is_aligned_and_cut() -> None:
    assert grid(torch.tensor([[1.0, -20.0], [0.5, 3.0]])) == ("  1  −20", "0.5    3")
    assert grid(torch.zeros(9, 9)) == ("  ".join("0" * 8) + "  …",) * 8 + ("…",)
    assert grid(torch.zeros(2, 2, 1)) == ("[0, :, :]", "0", "0")
    assert grid(torch.tensor(1.0)) == ()
    assert grid(torch.zeros(2, 0)) == ()


def test_a_grid_has_as_many_columns_as_there_is_room_for() -> None:
    wide = torch.arange(16.0).reshape(2, 8)
    assert grid(wide, 20) == ("0  1   2   3   4  …", "8  9  10  11  12  …")
    assert grid(wide, 5) == ("0  …", "8  …")
    assert all(len(row) <= 30 for row in grid(wide * 0.123456, 30))


def test_what_an_operation_saved_is_listed_with_its_size() -> None:
    timeline = gs.trace("tanh(x @ w)", x=torch.ones(2, 3), w=torch.ones(3, 4)).timeline()
    saved = [
        section.lines
        for i in (-1, 1, 2)
        for section in card(timeline, i, 3).sections
        if section.title == "saved for the backward"
    ]
    assert saved == [
        ("mat2: f32[3,4], 48 bytes", "self: f32[2,3], 24 bytes"),
        ("result: f32[2,4], 32 bytes",),
    ]


def test_a_sum_over_broadcast_axes_names_them() -> None:
    timeline = gs.trace("(x + b).sum()", x=torch.ones(5, 3, 2), b=torch.ones(3, 1)).timeline()
    last = len(timeline) - 1
    terms = card(timeline, 0, last).sections[2].lines
    assert terms[0].endswith("   summed over the broadcast axes 0, 2")
    assert "summed over" not in card(timeline, -1, last).sections[2].lines[0]


def test_a_large_tensor_has_a_histogram() -> None:
    counted = torch.cat([torch.zeros(70), torch.full((10,), 8.0), torch.tensor([float("nan")])])
    lines = histogram(counted, 60)
    assert lines[0] == f"0 to 1  {'█' * 24} 70"
    assert lines[1] == "1 to 2  0"
    assert lines[7] == f"7 to 8  {'█' * 4} 10"
    assert all(len(line) <= 30 for line in histogram(torch.arange(1000.0), 30))
    assert histogram(torch.ones(100)) == histogram(torch.ones(9, dtype=torch.bool)) == ()
    timeline = gs.trace("x.sum()", x=counted[:80]).timeline()
    assert lines[0] in card(timeline, 0, 0).sections[0].lines
