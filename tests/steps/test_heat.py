"""Maps and strips: every cell is that of its entry, or of the largest of its block."""

from __future__ import annotations

import math

import pytest
import torch

from graphstep.steps.heat import BARS, HIGH, SHADES, Heat, heat_map, strip


def texts(heat: Heat | None) -> list[str]:
    assert heat is not None
    return ["".join(cell.text for cell in row) for row in heat.rows]


def test_a_cell_says_sign_and_size_without_any_colour() -> None:
    found = heat_map(torch.tensor([[4.0, -1.0], [0.0, 2.5]]))
    assert texts(found) == ["+█−░", " 0+▓"]
    assert found is not None
    assert [cell.role for row in found.rows for cell in row] == [
        "positive", "negative", "zero", "positive",
    ]  # fmt: skip
    assert found.legend == "█ is |x| = 4, + − its sign"


def test_what_is_not_finite_is_told_apart_and_spoils_no_shade() -> None:
    found = heat_map(torch.tensor([math.nan, math.inf, -math.inf, 1.0]))
    assert texts(found) == [" ?+∞−∞+█"]
    assert found is not None
    assert found.legend == "█ is |x| = 1, + − its sign, ? NaN"
    assert texts(heat_map(torch.full((2,), math.nan))) == [" ? ?"]


def test_all_zeros_have_no_largest() -> None:
    found = heat_map(torch.zeros(2, 2))
    assert texts(found) == [" 0 0", " 0 0"]
    assert found is not None
    assert found.legend == ""


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (0, 4)])
def test_nothing_to_show_is_no_map(shape: tuple[int, ...]) -> None:
    assert heat_map(torch.zeros(shape)) is None
    assert (strip(torch.zeros(shape)) is None) == (0 in shape)


@pytest.mark.parametrize(("shape", "room"), [((40, 100), 30), ((13, 5), 100), ((3, 7, 50), 24)])
def test_a_cell_of_many_entries_is_the_largest_of_its_block(
    shape: tuple[int, ...], room: int
) -> None:
    torch.manual_seed(0)
    tensor = torch.randn(shape)
    found = heat_map(tensor, room)
    assert found is not None
    rows = texts(found)
    plane = tensor.reshape(-1, *shape[-2:])[0]
    assert len(rows) == min(HIGH, shape[-2])
    assert {len(row) for row in rows} == {2 * min(room // 2, shape[-1])}
    # Every entry at once, in Python's own numbers: the largest of each block by hand.
    bands = [list(map(int, b)) for b in torch.arange(shape[-2]).tensor_split(len(rows))]
    parts = [list(map(int, p)) for p in torch.arange(shape[-1]).tensor_split(len(rows[0]) // 2)]
    blocks = [
        [max((float(plane[y, x]) for y in band for x in part), key=abs) for part in parts]
        for band in bands
    ]
    most = max(abs(entry) for row in blocks for entry in row)
    for row, line in zip(blocks, rows, strict=True):
        for k, entry in enumerate(row):
            level = max(1, math.ceil(abs(entry) / most * len(SHADES)))
            assert line[2 * k : 2 * k + 2] == ("+" if entry > 0 else "−") + SHADES[level - 1]
    assert "each the largest of" in found.legend
    assert found.head == ("[0, :, :]" if len(shape) == 3 else "")


def test_a_nan_hides_in_no_block() -> None:
    tensor = torch.ones(50, 50)
    tensor[17, 31] = math.nan
    assert sum(row.count("?") for row in texts(heat_map(tensor, 20))) == 1
    assert texts(strip(tensor, 20))[0].count("?") == 1


def test_a_vector_goes_on_in_the_next_row() -> None:
    assert texts(heat_map(torch.ones(5), 6)) == ["+█+█+█", "+█+█"]


def test_complex_entries_have_a_size_and_no_sign() -> None:
    found = heat_map(torch.tensor([3 + 4j, 0j]))
    assert texts(found) == [" █ 0"]
    assert found is not None
    assert found.legend == "█ is |x| = 5"


def test_whole_numbers_and_truth_values_have_cells_too() -> None:
    assert texts(heat_map(torch.tensor([8, -2]))) == ["+█−░"]
    assert texts(heat_map(torch.tensor([True, False]))) == ["+█ 0"]


def test_a_strip_has_the_largest_of_each_run_in_their_order() -> None:
    tensor = torch.arange(1.0, 801.0).reshape(8, 100)
    found = strip(tensor, 8)
    assert texts(found) == [BARS]
    assert found is not None
    assert found.legend == "8 runs of up to 100 entries, █ is |x| = 800"
    assert texts(strip(torch.tensor([0.0, -2.0, 1.0]))) == ["0█▄"]
