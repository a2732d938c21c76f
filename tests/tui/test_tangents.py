"""The tangents on the screen: beside the values, in the formula pane, and in the card."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.screens.inspect import InspectScreen
from tests.tui.piloting import app_of, formula_text, press, static_text, table_text


@pytest.fixture
def survey() -> Trace:
    """The example of Baydin et al. 2018, Table 2, in the order of its rows."""

    def example(x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        v1, v2, v3 = torch.log(x1), x1 * x2, torch.sin(x2)
        return v1 + v2 - v3

    return gs.trace(example, torch.tensor(2.0), torch.tensor(5.0))


def _column(text: str) -> list[str]:
    return [line.split("│")[1].strip(" ▶") for line in text.splitlines()]


async def test_t_goes_through_the_inputs_and_shows_the_numbers_of_the_survey(
    survey: Trace,
) -> None:
    async with make_app(survey).run_test(size=(180, 40)) as pilot:
        await press(pilot, "end")
        before = table_text(pilot)
        await press(pilot, "t")
        column = _column(table_text(pilot))
        assert column[0] == "tangents: v̇₋₁ = 1 ↓"
        assert [cell.rsplit(" = ", 1)[-1] for cell in column[1:8]] == [
            "1", "0", "0.5", "5", "0", "5.5", "5.5",
        ]  # fmt: skip
        await press(pilot, "t")
        column = _column(table_text(pilot))
        assert column[0] == "tangents: v̇₀ = 1 ↓"
        assert column[7].endswith(" = 1.7163")
        assert survey.tangent("x2").item() == pytest.approx(2 - torch.tensor(5.0).cos().item())
        await press(pilot, "t")
        assert table_text(pilot) == before


async def test_what_is_not_reached_has_no_tangent_yet(survey: Trace) -> None:
    async with make_app(survey).run_test(size=(180, 40)) as pilot:
        await press(pilot, "right", "t")
        assert _column(table_text(pilot))[2:4] == ["v̇₀ = 0", "v̇₁ = …"]


async def test_the_formula_is_the_tangents_in_the_forward_half_alone(survey: Trace) -> None:
    async with make_app(survey).run_test(size=(180, 40)) as pilot:
        await press(pilot, "right", "right", "right", "t")
        lines = [line.strip() for line in formula_text(pilot).split("\n")]
        assert lines[0].startswith("v̇₂ = v̇₋₁·∂v₂/∂v₋₁ + v̇₀·∂v₂/∂v₀")
        assert lines[-1] == "= 5"
        await press(pilot, "end")
        assert formula_text(pilot).startswith("v̄₋₁ = ")


async def test_the_card_has_the_tangent_between_value_and_adjoint(survey: Trace) -> None:
    async with make_app(survey).run_test(size=(180, 40)) as pilot:
        await press(pilot, "right", "right", "t", "enter")
        assert isinstance(pilot.app.screen, InspectScreen)
        text = static_text(pilot, "#card-text")
        heads = [text.index(head) for head in ("value v₁", "tangent v̇₁ for v̇₋₁ = 1", "adjoint v̄₁")]
        assert heads == sorted(heads)
        assert "0.5" in [line.strip() for line in text.split("\n")]


async def test_a_missing_formula_is_one_line_and_the_rest_is_shown() -> None:
    trace = gs.trace(lambda a, b: torch._lazy_clone(a) * b, torch.tensor(1.0), torch.tensor(2.0))
    async with make_app(trace).run_test(size=(180, 40)) as pilot:
        await press(pilot, "right", "right", "t")
        [told] = [notice.message for notice in pilot.app._notifications]
        assert told == "no tangent for v_1: no forward formula for _lazy_clone"
        assert _column(table_text(pilot))[1:4] == ["v̇₋₁ = 1", "v̇₀ = 0", "v̇₁ = no formula"]
        assert formula_text(pilot).startswith("v₁ = ")
        await press(pilot, "enter")
        assert "no forward formula leads here" in static_text(pilot, "#card-text")


async def test_a_saved_trace_has_its_tangents(survey: Trace, tmp_path: Path) -> None:
    saved = gs.load(survey.save(tmp_path / "one.graphstep"))
    async with make_app(saved).run_test(size=(180, 40)) as pilot:
        await press(pilot, "right", "right", "right", "t")
        assert _column(table_text(pilot))[1:4] == ["v̇₋₁ = 1", "v̇₀ = 0", "v̇₁ = v̇₋₁·(1/v₋₁) = 0.5"]
        assert not pilot.app._notifications


async def test_a_saved_trace_without_tangents_refuses_in_one_line() -> None:
    saved = gs.load(Path(__file__).parents[1] / "saving" / "version_1.graphstep")
    async with make_app(saved).run_test(size=(100, 30)) as pilot:
        before = table_text(pilot)
        await press(pilot, "t")
        [told] = [notice.message for notice in pilot.app._notifications]
        assert "is a saved trace" in told
        assert "\n" not in told
        assert table_text(pilot) == before


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (100, 30)])
async def test_a_click_on_a_tangent_goes_to_its_step(survey: Trace, size: tuple[int, int]) -> None:
    async with make_app(survey).run_test(size=size) as pilot:
        await press(pilot, "end", "t", "f")
        head = table_text(pilot).splitlines()[0].split("│")[1].strip()
        assert head.removeprefix("tangents: ") == "v̇₋₁ = 1 ↓"
        table = app_of(pilot).step_screen.query_one("TraceTable")
        await pilot.click(table, offset=(table.size.width // 2, 3))
        await pilot.pause()
        assert app_of(pilot).step_screen.here.at == 1
