from __future__ import annotations

import math

import pytest
import torch

import graphstep as gs
from graphstep.api import Trace
from graphstep.output.labels import cell_width
from graphstep.steps.finite import flaw
from graphstep.steps.timeline import LARGEST
from graphstep.tui.trace_rows import (
    Piece,
    Pieces,
    fitted,
    forward_cell,
    no_path_cell,
    reverse_cell,
)


def _text(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (40, "z: v₁ = v₋₁·v₀ = 200 ✓ own"),
        (26, "z: v₁ = v₋₁·v₀ = 200 ✓ own"),
        (25, "v₁ = v₋₁·v₀ = 200 ✓ own"),
        (22, "z: v₁ = 200 ✓ own"),
        (16, "v₁ = 200 ✓ own"),
        (12, "v₁ = 200 ✓"),
        (8, "v₁ = … ✓"),
    ],
)
def test_what_matters_least_goes_first(width: int, text: str) -> None:
    marks = (Piece(" ✓", "good"), Piece(" own", "rule"))
    found = _text(fitted(width, "z", "v₁", "v₋₁·v₀", Piece("200", "value"), *marks))
    assert found == text
    assert cell_width(found) <= width


def test_pending_is_three_dots_and_never_zero(lecture: Trace) -> None:
    timeline = lecture.timeline()
    assert _text(forward_cell(timeline, 3, 2, 30)) == "v₂ = …"
    assert _text(reverse_cell(timeline, 9, 8, 30)) == "v̄₋₁ = …"


def test_an_input_keeps_its_name_where_its_entries_are_cut(no_path: Trace) -> None:
    assert _text(forward_cell(no_path.timeline(), 1, 5, 14)) == "v₀ = b = [1, …"


def test_a_reached_adjoint_shows_formula_value_and_check(lecture: Trace) -> None:
    timeline = lecture.timeline()
    assert _text(reverse_cell(timeline, 9, 9, 60)) == "v̄₋₁ = v̄₂·v₀ + v̄₁·3 = 23 ✓ own"
    assert _text(reverse_cell(timeline, 9, 9, 20)) == "v̄₋₁ = v̄₂·v₀ … = 23 ✓"


def test_a_partial_sum_is_called_so(lecture: Trace) -> None:
    timeline = lecture.timeline("contribution")
    index = next(step.index for step in timeline if step.i == -1 and step.terms)
    assert _text(reverse_cell(timeline, index, index, 60)) == "v̄₋₁ = v̄₂·v₀ = 20 partial"


def test_no_path_is_pending_until_the_reverse_half(no_path: Trace) -> None:
    timeline = no_path.timeline()
    assert _text(no_path_cell(timeline, -1, 0, 60)) == "v̄₋₁ = …"
    assert _text(no_path_cell(timeline, -1, 5, 60)).startswith("v̄₋₁ no path: ")
    assert cell_width(_text(no_path_cell(timeline, -1, 5, 14))) <= 14


def test_an_input_without_room_for_its_entries_shows_none_of_them() -> None:
    timeline = gs.trace(torch.nn.Linear(4, 8), torch.zeros(5, 4), loss=torch.sum).timeline()
    texts = ["".join(p.text for p in forward_cell(timeline, 0, 0, width)) for width in (18, 22, 40)]
    assert texts == ["v₋₁ = weight", "v₋₁ = weight = f32[8,…", "v₋₁ = weight = f32[8,4]"]


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (40, "v₁ = v₋₂ @ v₋₁ = [−2.349, 0.9228] ✓"),
        (30, "v₁ = v₋₂ @ v₋₁ = f32[2] ✓"),
        (24, "v₁ = [−2.349, 0.9228] ✓"),
        (16, "v₁ = f32[2] ✓"),
    ],
)
def test_a_few_entries_give_way_to_a_whole_formula_alone(width: int, text: str) -> None:
    value, mark = Piece("[−2.349, 0.9228]", "value"), Piece(" ✓", "good")
    found = _text(fitted(width, "", "v₁", "v₋₂ @ v₋₁", value, mark, brief="f32[2]"))
    assert found == text


def test_a_large_tensor_is_brief_where_its_formula_is_cut() -> None:
    value = Piece("f32[3,11] [0.5, −1.25, …]", "value")
    found = _text(fitted(30, "", "v₁", "log_softmax(v₀, 1)", value, brief="f32[3,11]"))
    assert found == "v₁ = log_softmax(… = f32[3,11]"


def test_a_tensor_with_an_entry_that_is_no_number_is_marked() -> None:
    trace = gs.trace(lambda x: (torch.log(x) * torch.sqrt(x - 1)).sum(), torch.tensor([0.0, 2, 3]))
    timeline = trace.timeline()
    last = len(timeline) - 1
    rows = {timeline[k].i: _text(forward_cell(timeline, k, last, 60)) for k in range(6)}
    assert [rows[i].endswith(" !nan") for i in range(6)] == [False, False, False, True, True, False]
    assert rows[1].endswith(" !inf")
    assert rows[5] == "v₅ = sum(v₄) = nan"
    assert _text(reverse_cell(timeline, last, last, 60)).endswith(" !nan ✓ own")


def test_what_is_too_large_to_look_at_in_a_row_is_not_marked() -> None:
    trace = gs.trace(lambda x: x.log().sum(), torch.zeros(LARGEST + 1))
    timeline = trace.timeline()
    assert timeline.flaw(1) == ""
    assert timeline.flaw(2) == "inf"


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([1.0, 2.0], ""), ([1.0, math.inf], "inf"), ([-math.inf, math.nan], "nan"), ([1, 2], ""),
        ([], ""), ([complex(0, math.inf)], "inf"),
    ],
)  # fmt: skip
def test_nan_goes_before_inf(entries: list[complex], found: str) -> None:
    assert flaw(torch.tensor(entries)) == found
    assert flaw(torch.tensor(entries, device="meta")) == ""
