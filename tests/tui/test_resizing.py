"""Every screen of the app at every size, and back: nothing is lost on the way."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from graphstep.source.request import Request
from tests.tui.opening import live_app, opened
from tests.tui.piloting import at, graph, settled

SIZES = ((80, 24), (40, 12), (1, 1), (200, 60), (40, 60), (200, 12), (79, 23))
SMALLEST = (40, 12)
SCREENS = {
    "steps": (),
    "one pane": ("v",),
    "tangents": ("t",),
    "names": ("Z",),
    "help": ("question_mark",),
    "card": ("enter",),
    "ledger": ("L",),
    "goto": ("g", "1"),
    "search": ("slash", "m"),
    "breakpoints": ("B", *"op mul", "enter"),
    "backward": ("R", "b"),
    "opened": ("o",),
    "change": ("e", "tab", "end", "0"),
    "start page": ("ctrl+o", *"3*a"),
    "export": ("ctrl+s", *"x.svg"),
    "commands": ("ctrl+p",),
    "predict": ("p", "7"),
}
"""The keys that lead from the steps to each screen, and type something there."""


def text(pilot: Pilot[None]) -> str:
    """Return all that the terminal shows."""
    return "\n".join(line.text.rstrip() for line in pilot.app.screen._compositor.render_strips())


async def calm(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await settled(pilot)
    await pilot.pause()


QUICK = ("steps", "change", "predict")


@pytest.mark.parametrize(
    "name", [pytest.param(k, marks=() if k in QUICK else pytest.mark.full) for k in SCREENS]
)
async def test_a_screen_at_every_size(name: str) -> None:
    app = live_app(Request("log_softmax(a*a + b, 0)[1]", ("a=[1,2]", "b=3")))
    async with app.run_test(size=(80, 24), notifications=False) as pilot:
        await opened(pilot, app)
        await pilot.press("r", "right", "right")
        await calm(pilot)
        await pilot.press(*SCREENS[name])
        await calm(pilot)
        screen, focused, before, place = app.screen, app.focused, text(pilot), at(pilot)
        typed = [line.value for line in screen.query(Input)]
        window = graph(pilot).scroll_offset
        for size in (*SIZES, (80, 24)):
            await pilot.resize_terminal(*size)
            await calm(pilot)
            assert (app.screen, app.focused, at(pilot)) == (screen, focused, place)
            assert [line.value for line in screen.query(Input)] == typed
            if size == SMALLEST and focused is not None:
                # What is typed into is in sight, with room to type.
                region = focused.region
                assert 0 <= region.y < region.bottom <= size[1]
                assert not isinstance(focused, Input) or focused.size.width >= 20
            if size == SMALLEST and screen is app.step_screen and name != "predict":
                shown = text(pilot).split("\n")
                assert f"step {place + 1} of" in shown[0]
                assert shown[-1].endswith("? help  q quit")
        # The graph's window followed the current value through the small panes.
        graph(pilot).go(*window)
        await calm(pilot)
        assert text(pilot) == before
