from __future__ import annotations

import pytest

from graphstep.output.labels import cell_width, clipped, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("v₋₁ = a", "v₋₁ = a"),
        ("", "\N{NO-BREAK SPACE}"),
        ("  ", "\N{NO-BREAK SPACE}"),
        ("a\nb\tc\x00", "a␊b␉c␀"),
        ("\x7f\x9b31m", "␡�31m"),
        ("\ud800", "�"),
        ("a\u202eb\u2066c\u200fd\u061c", "a�b�c�d�"),
        ("\ue000\u2028\ufffe", "���"),
        ("a" + "\u0301" * 40, "a\u0301\u0301\u0301"),
        ("\u0301a", "◌\u0301a"),
        ("❤\ufe0f\u200d", "❤�"),
        ("x" * 61, "x" * 59 + "…"),
        ("שלום", "שלום"),
    ],
)
def test_every_character_of_a_label_is_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_width_counts_cells_and_not_characters() -> None:
    assert [cell_width(text) for text in ("v̄₁", "v₋₁", "漢字", "")] == [2, 3, 4, 0]


def test_a_clipped_line_never_exceeds_its_limit() -> None:
    assert [clipped("漢字漢字", limit) for limit in (8, 7, 4, 1)] == [
        "漢字漢字",
        "漢字漢…",
        "漢…",
        "…",
    ]


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (40, "v₁ = f32[2,3] [0.5, −1.25, …]"),
        (28, "v₁ = f32[2,3] [0.5, …]"),
        (21, "v₁ = f32[2,3]"),
        (12, "v₁ = f32[2,…"),
    ],
)
def test_a_cut_list_loses_whole_entries(limit: int, text: str) -> None:
    assert clipped("v₁ = f32[2,3] [0.5, −1.25, …]", limit) == text


def test_no_number_of_a_few_is_cut() -> None:
    assert clipped("[1.59, −1.13, 0.13]", 18) == "[1.59, −1.13, …]"
    assert clipped("[1.59, −1.13, 0.13]", 4) == "[1.…"
    assert clipped("[[1, 2], [3, 4]]", 12) == "[[1, 2], [3…"
