from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import torch
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

import graphstep as gs
from graphstep.api import Trace
from graphstep.source.request import Request
from graphstep.tui import StepApp, make_app
from graphstep.tui.looks import Look
from tests.traced.test_accumulation import lecture as lecture_quotient
from tests.tui.network import network
from tests.tui.opening import LECTURE, open_request, opened, until
from tests.tui.piloting import app_of, settled

Compare = Callable[..., bool]
SIZES = [(80, 24), (160, 48)]


THEMED = [((80, 24), "dark"), ((160, 48), "light")]
"""Both sizes and both themes, without every pair of them."""


def keys(*pressed: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press(*pressed)
        await app_of(pilot).workers.wait_for_complete()
        await pilot.pause()

    return press


@pytest.mark.parametrize("size", SIZES)
def test_the_lecture_at_its_end(
    snap_compare: Compare, lecture: Trace, size: tuple[int, int]
) -> None:
    assert snap_compare(make_app(lecture), terminal_size=size, run_before=keys("end"))


@pytest.mark.parametrize("size", SIZES)
def test_a_network_amid_its_reverse_half(snap_compare: Compare, size: tuple[int, int]) -> None:
    x, w, b = (torch.linspace(-1, 1, n) for n in (4, 6, 3))
    trace = gs.trace(network, x.reshape(2, 2), w.reshape(2, 3), b)
    pressed = keys("r", "right", "right")
    assert snap_compare(make_app(trace), terminal_size=size, run_before=pressed)


def test_a_partial_sum_by_terms(snap_compare: Compare, lecture: Trace) -> None:
    pressed = keys("r", *["right"] * 3)
    assert snap_compare(make_app(lecture, "contribution"), run_before=pressed)


def test_the_card_of_an_input(snap_compare: Compare, lecture: Trace) -> None:
    assert snap_compare(make_app(lecture), run_before=keys("end", "enter"))


def test_the_smallest_screen(snap_compare: Compare, lecture: Trace) -> None:
    assert snap_compare(make_app(lecture), terminal_size=(40, 12), run_before=keys("end"))


def test_a_backward_that_accumulates(snap_compare: Compare) -> None:
    assert snap_compare(make_app(lecture_quotient()), run_before=keys("R", "b", "b"))


def test_a_backward_that_torch_refuses(snap_compare: Compare) -> None:
    trace = lecture_quotient()
    trace.backward()
    assert snap_compare(make_app(trace), terminal_size=(120, 36), run_before=keys("b"))


@pytest.mark.parametrize("size", SIZES)
def test_the_ledger_of_an_input(
    snap_compare: Compare, lecture: Trace, size: tuple[int, int]
) -> None:
    assert snap_compare(make_app(lecture), terminal_size=size, run_before=keys("end", "L"))


def answers(*texts: str) -> Callable[[Pilot[None]], object]:
    async def predict(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("p")
        for text in texts:
            await pilot.press(*text, "enter")
        await settled(pilot)
        await pilot.pause()
        # The cursor in the line for the answer blinks.
        pilot.app.set_focus(None)
        await pilot.pause()

    return predict


@pytest.mark.parametrize("size", SIZES)
def test_a_prediction_that_forgot_the_sum(
    snap_compare: Compare, lecture: Trace, size: tuple[int, int]
) -> None:
    asked = answers("30", "200", "230", "1", "1", "10", "20")
    assert snap_compare(make_app(lecture), terminal_size=size, run_before=asked)


def test_a_search(snap_compare: Compare) -> None:
    x, w, b = (torch.linspace(-1, 1, n) for n in (4, 6, 3))
    trace = gs.trace(network, x.reshape(2, 2), w.reshape(2, 3), b)

    async def search(pilot: Pilot[None]) -> None:
        await keys("slash", *"mm")(pilot)
        pilot.app.set_focus(None)

    assert snap_compare(make_app(trace), run_before=search)


def live(look: str, request: Request | None = LECTURE) -> StepApp:
    """Return the app as the command line starts it, with nothing that was opened before."""
    return StepApp(None, request=request, opener=open_request, look=Look(look))


def in_the_live_app(
    *pressed: str, wait: Callable[[StepApp], bool] | None = None
) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        if app.request is not None:
            await opened(pilot, app)
            await settled(pilot)
        await pilot.pause()
        await pilot.press(*pressed)
        if wait is not None:
            await until(pilot, lambda: wait(app))
        await app.workers.wait_for_complete()
        await pilot.pause()
        # The cursor in a line blinks.
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await pilot.pause()

    return press


@pytest.mark.parametrize(("size", "look"), [*THEMED, ((80, 24), "light")])
def test_the_start_page(snap_compare: Compare, size: tuple[int, int], look: str) -> None:
    typed = in_the_live_app(*"3*a + a*b")
    assert snap_compare(live(look, None), terminal_size=size, run_before=typed)


@pytest.mark.parametrize(("size", "look"), THEMED)
def test_an_edit_that_cannot_run(snap_compare: Compare, size: tuple[int, int], look: str) -> None:
    typed = in_the_live_app("e", "end", *" + ")
    assert snap_compare(live(look), terminal_size=size, run_before=typed)


@pytest.mark.parametrize(("size", "look"), THEMED)
def test_the_palette(snap_compare: Compare, size: tuple[int, int], look: str) -> None:
    def listed(app: StepApp) -> bool:
        return bool(app.screen.query_one(CommandList).option_count)

    asked = in_the_live_app("ctrl+p", *"rev", wait=listed)
    assert snap_compare(live(look), terminal_size=size, run_before=asked)


@pytest.mark.parametrize(("size", "look"), THEMED)
def test_an_export_to_a_file_of_no_format(
    snap_compare: Compare, size: tuple[int, int], look: str
) -> None:
    asked = in_the_live_app("ctrl+s", *"graph.xyz", "enter")
    assert snap_compare(live(look), terminal_size=size, run_before=asked)


@pytest.mark.parametrize("look", ["light", "high-contrast", "projector"])
def test_the_lecture_in_other_themes(snap_compare: Compare, look: str) -> None:
    asked = in_the_live_app("end", "left")
    assert snap_compare(live(look), terminal_size=(100, 30), run_before=asked)


@pytest.mark.parametrize(("size", "look"), THEMED)
def test_the_card_of_a_weight_by_light_and_dark(
    snap_compare: Compare, size: tuple[int, int], look: str
) -> None:
    x = torch.linspace(-1, 1, 15).reshape(3, 5)
    w = torch.linspace(-2, 2, 80).reshape(5, 16).roll(7)
    trace = gs.trace(lambda x, w: (x @ w).tanh().sum(), x, w)
    pressed = keys("end", "left", "t", "enter")
    app = StepApp(trace, look=Look(look))
    assert snap_compare(app, terminal_size=size, run_before=pressed)


def test_the_engines_order(snap_compare: Compare) -> None:
    trace = gs.trace("sin(a)*b + c", a=1.0, b=2.0, c=3.0)
    assert snap_compare(make_app(trace), terminal_size=(100, 30), run_before=keys("end", "E"))


def test_the_search_in_light(snap_compare: Compare) -> None:
    asked = in_the_live_app("slash", *"mul", "down")
    assert snap_compare(live("light"), terminal_size=(160, 48), run_before=asked)
