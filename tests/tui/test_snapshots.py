from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import torch
from textual.pilot import Pilot

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from tests.test_accumulation import lecture as lecture_quotient
from tests.tui.network import network
from tests.tui.piloting import app_of, settled

Compare = Callable[..., bool]
SIZES = [(80, 24), (160, 48)]


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
