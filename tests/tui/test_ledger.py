"""The ledger on the screen: in columns, in blocks where it is narrow, and stepping inside it."""

from __future__ import annotations

import pytest

from graphstep.api import Trace
from graphstep.output.labels import cell_width
from graphstep.steps.ledger import ledger
from graphstep.tui import make_app
from graphstep.tui.ledger_rows import ledger_text
from graphstep.tui.screens.ledger import LedgerScreen
from graphstep.tui.screens.step import StepScreen
from tests.tui.piloting import at, press, static_text

COLUMNS = """\
v̄₋₁ of a: 2 terms, in the order of their arrival

term      local partial  adjoint above  product  sum  off torch  rule
v₂ → v₋₁  v₀ = 20        1              20       20   3          own
v₁ → v₋₁  3              1              3        23   0          own

v̄₋₁ = 23   final
✓ agrees with torch's 23"""
BLOCKS = """\
v₂ → v₋₁   by own rule
  local partial  v₀ = 20
  adjoint above  1
  product        20
  sum            20   3 off torch
"""


def test_a_ledger_is_a_table_where_it_fits(lecture: Trace) -> None:
    found = ledger(lecture.timeline(), -1, 9)
    assert ledger_text(found, 70).plain == COLUMNS
    narrow = ledger_text(found, 50).plain
    assert BLOCKS in narrow
    assert all(cell_width(line) <= 50 for line in narrow.split("\n"))


def test_what_is_pending_is_said_in_words(lecture: Trace) -> None:
    timeline = lecture.timeline("contribution")
    assert ledger_text(ledger(timeline, -1, 0), 70).plain.endswith("v̄₋₁ …: not reached yet")
    first = next(step.index for step in timeline if step.i == -1 and step.terms)
    partial = ledger_text(ledger(timeline, -1, first), 70).plain
    assert partial.endswith("v̄₋₁ = 20   partial: more is to come")
    assert "torch's" not in partial


def test_no_path_and_a_disagreement_are_words_too(no_path: Trace, lecture: Trace) -> None:
    from graphstep.check.verdict import compare

    timeline = no_path.timeline()
    text = ledger_text(ledger(timeline, -1, len(timeline) - 1), 70).plain
    assert text.startswith("v̄₋₁ of a: no term comes in\n\nv̄₋₁ no path: ")
    verdicts = dict(lecture.verdicts)
    verdicts[-1] = compare(lecture.value("a") + 13, lecture.value("a") + 12)
    lecture.__dict__["verdicts"] = verdicts
    text = ledger_text(ledger(lecture.timeline(), -1, 9), 70).plain
    assert text.endswith("✗ differs from torch's 22")


async def test_l_opens_the_ledger_and_its_arrows_step(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(100, 30)) as pilot:
        await press(pilot, "end", "L")
        assert isinstance(pilot.app.screen, LedgerScreen)
        assert static_text(pilot, "#ledger-text") == COLUMNS
        await press(pilot, "left")
        assert static_text(pilot, "#ledger-text").startswith("v̄₀ of b: 1 term\n")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StepScreen)
        assert at(pilot) == 8


@pytest.mark.parametrize("size", [(40, 12), (160, 48)])
async def test_the_ledger_survives_a_resize(lecture: Trace, size: tuple[int, int]) -> None:
    async with make_app(lecture).run_test(size=(100, 30)) as pilot:
        await press(pilot, "end", "L")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        await pilot.pause()
        text = static_text(pilot, "#ledger-text")
        assert ("by own rule" in text) == (size[0] == 40)
