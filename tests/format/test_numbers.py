"""Numbers, names and tensors as text, literally."""

from __future__ import annotations

import math
import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from graphstep.errors import InputError
from graphstep.format.numbers import minus, number, printed_everywhere, printed_with
from graphstep.format.symbols import Mark, Style, partial_symbol, superscript, symbol
from graphstep.format.tensors import dtype_name, gist, shown, summary


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (230.0, "230"), (230, "230"), (0.0, "0"), (-0.0, "-0"), (0, "0"), (1.5, "1.5"),
        (-0.33238, "-0.3324"), (0.0665, "0.0665"), (0.06648, "0.06648"), (0.00669285, "0.006693"),
        (0.00012345, "0.0001234"), (0.0001, "0.0001"), (0.00001234, "1.234e-5"),
        (1e-5, "1e-5"), (-2.5e-30, "-2.5e-30"), (148.4131591, "148.4132"), (9999999.0, "9999999"),
        (1e7, "1e7"), (1.5e9, "1.5e9"), (12345678.0, "1.235e7"), (1e300, "1e300"),
        (0.99999, "1"), (0.999949, "0.9999"), (1 / 3, "0.3333"), (10.0, "10"), (100000.0, "100000"),
        (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"),
        (True, "True"), (False, "False"), (10**12, "1000000000000"),
        (1 + 2j, "1+2j"), (-0.5 - 0.25j, "-0.5-0.25j"), (0j, "0j"), (-2j, "-0-2j"), (1.5j, "1.5j"),
    ],
)  # fmt: skip
def test_number(value: complex, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e300, 1e300))
def test_a_number_reads_back_to_three_digits(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, rel=6e-4)


@pytest.mark.parametrize(
    ("i", "mark", "style", "text"),
    [
        (-1, "value", "unicode", "v₋₁"),
        (12, "adjoint", "unicode", "v̄₁₂"),
        (0, "tangent", "unicode", "v̇₀"),
        (-1, "value", "ascii", "v_-1"),
        (3, "adjoint", "ascii", "vbar_3"),
        (3, "tangent", "ascii", "vdot_3"),
        (-1, "value", "latex", "v_{-1}"),
        (3, "adjoint", "latex", r"\bar v_{3}"),
        (3, "tangent", "latex", r"\dot v_{3}"),
    ],
)
def test_symbol(i: int, mark: Mark, style: Style, text: str) -> None:
    assert symbol(i, mark, style) == text


def test_partial_symbol() -> None:
    assert partial_symbol(3, -1) == "∂v₃/∂v₋₁"
    assert partial_symbol(3, -1, "ascii") == "dv_3/dv_-1"
    assert partial_symbol(3, -1, "latex") == r"\frac{\partial v_{3}}{\partial v_{-1}}"


def test_superscript() -> None:
    assert [superscript(text) for text in ("2", "-13", "x", "0.5", "")] == [
        "²", "⁻¹³", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (torch.tensor(2.5), "2.5"),
        (torch.tensor([1.0, -2.0]), "[1, -2]"),
        (torch.tensor([[1.0, 2.0], [0.5, -0.0]]), "[[1, 2], [0.5, -0]]"),
        (torch.tensor([True, False]), "[True, False]"),
        (torch.arange(4), "[0, 1, 2, 3]"),
        (torch.zeros(5), "f32[5]"),
        (torch.zeros(2, 3, dtype=torch.float64), "f64[2,3]"),
        (torch.zeros(0, 3), "f32[0,3]"),
        (torch.zeros(9, dtype=torch.bool), "bool[9]"),
        (torch.zeros(9, dtype=torch.int64), "i64[9]"),
        (torch.zeros(9, dtype=torch.bfloat16), "bf16[9]"),
        (torch.zeros(9, dtype=torch.complex64), "c64[9]"),
        (torch.zeros(9, dtype=torch.uint16), "uint16[9]"),
        (torch.zeros(2, device="meta"), "f32[2]@meta"),
        (torch.tensor([float("nan"), float("inf")]), "[nan, inf]"),
        (torch.tensor(1 - 2j), "1-2j"),
        (None, "not recorded"),
    ],
)
def test_shown(tensor: torch.Tensor | None, text: str) -> None:
    assert shown(tensor) == text


def test_few_entries() -> None:
    assert shown(torch.zeros(2), few=1) == "f32[2]"
    assert shown(torch.zeros(5), few=5) == "[0, 0, 0, 0, 0]"
    assert summary(torch.tensor(1.0)) == "f32[]"
    assert dtype_name(torch.float32) == "float32"


def test_minus() -> None:
    assert minus("-1e-5") == "−1e−5"


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (torch.tensor(2.5), "2.5"),
        (torch.tensor([1.0, -2.0]), "[1, -2]"),
        (torch.tensor([1.5856, -1.1295, 0.1337, -111.907]), "f32[4] [1.5856, -1.1295, …]"),
        (torch.arange(6.0).reshape(2, 3), "f32[2,3] [0, 1, 2, …]"),
        (torch.arange(6.0).reshape(2, 3).T, "f32[3,2] [0, 3, 1, …]"),
        (torch.arange(8.0).reshape(8, 1, 1), "f32[8,1,1] [0, 1, 2, …]"),
        (torch.tensor([1 - 2j] * 5), "c64[5] [1-2j, 1-2j, 1-2j, …]"),
        (torch.tensor([1 - 2j] * 5).conj(), "c64[5] [1+2j, 1+2j, 1+2j, …]"),
        (torch.full((5,), float("nan")), "f32[5] [nan, nan, nan, …]"),
        (torch.full((2, 2), -1.23456e-12), "f32[2,2] [-1.235e-12, …]"),
        (torch.zeros(5, dtype=torch.bool), "bool[5] [False, False, False, …]"),
        (torch.zeros((1,) * 12 + (5,)), "f32[1,1,1,1,1,1,1,1,1,1,1,1,5]"),
        (torch.zeros(0, 3), "f32[0,3]"),
        (torch.zeros(9, device="meta"), "f32[9]@meta"),
        (torch.zeros(3, 3).to_sparse(), "f32[3,3]"),
        (None, "not recorded"),
    ],
)
def test_gist(tensor: torch.Tensor | None, text: str) -> None:
    assert gist(tensor) == text


def test_a_gist_by_its_room_and_precision() -> None:
    pi = torch.full((9,), math.pi)
    assert gist(pi, 8) == "f32[9]"
    assert gist(pi, 20) == "f32[9] [3.1416, …]"
    with printed_with(2):
        assert gist(pi) == "f32[9] [3.14, 3.14, 3.14, …]"


def test_a_gist_reads_a_row_and_no_more() -> None:
    row = torch.zeros(1).expand(2**20, 2**20)
    assert gist(row) == "f32[1048576,1048576] [0, 0, 0, …]"


def test_one_asks_for_decimals_here_or_everywhere() -> None:
    def elsewhere() -> str:
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(number(math.pi)))
        thread.start()
        thread.join()
        return found[0]

    with printed_with(2):
        assert (number(math.pi), elsewhere()) == ("3.14", "3.1416")
    with printed_everywhere(3):
        assert (number(math.pi), elsewhere()) == ("3.142", "3.142")
        with printed_with(2):
            assert (number(math.pi), elsewhere()) == ("3.14", "3.142")
    assert (number(math.pi), elsewhere()) == ("3.1416", "3.1416")
    for asked in (printed_with, printed_everywhere):
        with pytest.raises(InputError, match="no precision 18: it is 1 to 17 decimals"):
            asked(18).__enter__()
