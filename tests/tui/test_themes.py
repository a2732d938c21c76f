"""Every text of every theme can be read: the contrast ratio of WCAG 2 is 4.5 at least."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from textual.color import Color
from textual.screen import ModalScreen, Screen
from textual.theme import Theme

import graphstep as gs
from graphstep.tui import StepApp
from graphstep.tui.looks import Look
from graphstep.tui.themes import FRONTS, GROUNDS, THEMES
from tests.tui.opening import LECTURE, open_request, opened, until
from tests.tui.piloting import settled

LEAST = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0, "projector": 7.0}
BARS = {
    "bar-text": "bar",
    "text-disabled": "surface",
}
"""What stands on a ground of its own."""


def contrast(one: Color, other: Color) -> float:
    def luminance(color: Color) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                 for c in color.normalized]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def unreadable(theme: Theme) -> list[str]:
    """Return the pairs of a theme's colours that are too much like each other."""
    colours = theme.to_color_system().generate() | theme.variables
    pairs = [(front, ground) for front in FRONTS for ground in GROUNDS] + list(BARS.items())
    found = []
    for front, ground in pairs:
        ratio = contrast(Color.parse(colours[front]), Color.parse(colours[ground]))
        if ratio < LEAST[theme.name]:
            found.append(f"{front} on {ground}: {ratio:.1f}")
    return found


def test_the_ratio_is_that_of_wcag() -> None:
    white, black, grey = (Color.parse(name) for name in ("#ffffff", "#000000", "#767676"))
    assert contrast(white, black) == pytest.approx(21)
    assert contrast(black, black) == 1
    # The lightest grey that passes on white.
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_text_colour_can_be_read_on_every_ground(theme: Theme) -> None:
    assert unreadable(theme) == []


def test_a_green_that_drowns_on_the_current_row_is_found() -> None:
    planted = replace(
        THEMES["dark"], variables=THEMES["dark"].variables | {"current-row": "#2f7a9a"}
    )
    found = [line.partition(":")[0] for line in unreadable(planted)]
    assert "text-success on current-row" in found
    assert all(line.endswith(" on current-row") for line in found)


def faint(screen: Screen[Any]) -> Iterator[tuple[float, str]]:
    """Give the contrast of every text on the screen, and the text; what lies below it is dimmed."""
    strips = screen._compositor.render_strips()
    if isinstance(screen, ModalScreen):
        shown = screen.children[0].region
        strips = [strip.crop(shown.x, shown.right) for strip in strips[shown.y : shown.bottom]]
    for strip in strips:
        for segment in strip:
            style = segment.style
            text = segment.text.strip(" │┃─━┄╌▶╭╮╰╯┏┓┗┛▁▂▃▄▅▆▇▎▔▕▏█▊")
            if not text or style is None or style.color is None or style.bgcolor is None:
                continue
            assert not style.dim, f"{text!r} is dim: how dim is for the terminal to say"
            front, ground = (Color.from_rich_color(c) for c in (style.color, style.bgcolor))
            yield contrast(front, ground), text


@pytest.mark.parametrize("theme", THEMES)
async def test_every_text_on_the_screens_can_be_read(theme: str) -> None:
    app = StepApp(None, request=LECTURE, opener=open_request, look=Look(theme))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app)
        await settled(pilot)
        seen: list[tuple[float, str, tuple[str, ...]]] = []

        async def look(*keys: str) -> None:
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            seen.extend((ratio, text, keys) for ratio, text in faint(app.screen))

        await look("right", "right")
        await look("r", "right")
        await look("enter")
        await look("escape", "L")
        await look("escape", "question_mark")
        await look("escape", "slash", *"v_")
        await look("down")
        await look("escape", "e")
        await look("tab", "x")
        await look("escape", "ctrl+s")
        await look("escape", "B", *"op mul", "enter")
        await look("escape", "p", "1", "enter")
        await look("escape", "ctrl+o")
        await look("tab", "tab", "down")
        await look("escape", "ctrl+p", *"ne")
        assert min(seen, default=(0.0, "", ())) >= (LEAST[theme], "", ())


@pytest.mark.parametrize("theme", THEMES)
async def test_what_differs_and_what_has_no_path_can_be_read(theme: str) -> None:
    def cut(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a.detach() * b).sum()

    trace = gs.trace(cut, torch.tensor(2.0), torch.tensor([1.0, 2.0]))
    app = StepApp(trace, look=Look(theme))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.has_trace)
        await settled(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert min(faint(app.screen)) >= (LEAST[theme], "")
