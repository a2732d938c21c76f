"""The graph as an image: with the package and without it, in terminals that show images or none."""

from __future__ import annotations

import sys

import pytest
import torch
from PIL import Image, ImageChops
from textual.pilot import Pilot
from textual.widget import Widget

import graphstep as gs
from graphstep.api import Trace
from graphstep.cli.main import main
from graphstep.output.collapse import FoldedView
from graphstep.tui import StepApp
from graphstep.tui.images import Images, ask_terminal, cell_size
from graphstep.tui.imaging import painted, sheet_at
from graphstep.tui.looks import Look
from graphstep.tui.widgets.graph import GraphPane
from graphstep.tui.widgets.image import ImagePane
from graphstep.tui.window import Window, fit
from tests.tui.opening import until
from tests.tui.piloting import app_of, press, settled


class Shows(Widget):
    """Stand for a widget of the package: what it does with an image is not the pane's."""

    image: Image.Image | None = None


SHOWING = Images(Shows)


def pane_of(pilot: Pilot[None]) -> ImagePane:
    return app_of(pilot).step_screen.query_one(ImagePane)


async def drawn(pilot: Pilot[None], *keys: str) -> Image.Image:
    await pilot.press(*keys)
    await pilot.pause()
    await until(pilot, lambda: not any(worker.is_running for worker in pilot.app.workers))
    image = pane_of(pilot).image
    assert image is not None, pane_of(pilot).border_title
    assert pane_of(pilot).query_one(Shows).image is image
    return image


def differ(one: Image.Image, other: Image.Image) -> bool:
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def test_without_the_package_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("graphstep.cli.step.has_terminal", lambda: True)
    for name in [name for name in sys.modules if name.partition(".")[0] == "textual_image"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual_image", None)
    assert main(["step", "a*a", "a=1", "--images"]) == 3
    assert capsys.readouterr().err == (
        "graphstep: images in the terminal need textual-image; "
        "run: pip install 'graphstep[image]'\n"
    )


async def test_a_terminal_that_shows_none_keeps_the_painted_graph_and_is_told_so(
    lecture: Trace,
) -> None:
    images = ask_terminal()
    assert images.widget is None
    app = StepApp(lecture, look=Look(images=images))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert app.step_screen.query_one(GraphPane).display
        assert not app.step_screen.query(ImagePane)
        await press(pilot, "i")
        said = [note.message for note in app._notifications]
        assert said == [
            "this terminal shows no images: the graph stays painted",
            "images need --images, and a terminal that shows them",
        ]


async def test_the_image_follows_the_steps_and_a_key_paints_the_graph_again(
    lecture: Trace,
) -> None:
    app = StepApp(lecture, look=Look(images=SHOWING))
    async with app.run_test(size=(120, 40)) as pilot:
        first = await drawn(pilot)
        graph = app.step_screen.query_one(GraphPane)
        wide, high = cell_size()
        room = pane_of(pilot).content_size
        assert first.size == (room.width * wide, room.height * high)
        second = await drawn(pilot, "right")
        assert differ(first, second)
        assert not differ(first, await drawn(pilot, "left"))
        await press(pilot, "i")
        await settled(pilot)
        assert (graph.display, pane_of(pilot).display) == (True, False)
        await press(pilot, "i", "v", "v")
        assert (graph.display, pane_of(pilot).display) == (False, False)
        light = await drawn(pilot, "v", "ctrl+t", "right")
        assert light.getpixel((0, 0)) == (255, 255, 255)


async def test_a_narrow_screen_shows_one_pane_at_a_time(lecture: Trace) -> None:
    app = StepApp(lecture, look=Look(images=SHOWING))
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        pane, table = pane_of(pilot), app.step_screen.query_one("TraceTable")
        assert (pane.display, table.display) == (False, True)
        await drawn(pilot, "v")
        assert (pane.display, table.display) == (True, False)


def test_an_image_has_exactly_the_size_of_its_pane_and_predicts_nothing(lecture: Trace) -> None:
    timeline = lecture.timeline()
    view = FoldedView(timeline, ())
    size = (400, 300)

    def image(at: int, one: tuple[int, int] = size, predicts: bool = False) -> Image.Image:
        return painted(sheet_at(timeline, at, view, None, one, predicts=predicts), one, Window())

    for one in (size, (900, 200), (90, 60), (3000, 2000)):
        assert image(3, one).size == one
    assert differ(image(3), image(3, predicts=True))
    # At the end every contribution is in, and nothing is asked.
    last = len(timeline) - 1
    assert not differ(image(last), image(last, predicts=True))


def test_a_drawing_that_fits_is_shown_with_all_of_its_frames(lecture: Trace) -> None:
    timeline = lecture.timeline()
    view = FoldedView(timeline, ())
    for size in ((300, 260), (500, 200), (250, 400)):
        sheet = sheet_at(timeline, len(timeline) - 1, view, None, size, dark=True)
        image = painted(sheet, size, Window(scale=min(1.0, fit(sheet.plan.shape, size))))
        ground = Image.new("RGB", size, sheet.colours.background)
        drawn = ImageChops.difference(image, ground).getbbox()
        assert drawn is not None
        assert drawn[0] > 0
        assert drawn[1] > 0
        assert drawn[2] < size[0]
        assert drawn[3] < size[1]


async def test_keys_zoom_and_pan_and_the_current_box_stays_in_sight() -> None:
    def chain(x: torch.Tensor) -> torch.Tensor:
        for _ in range(12):
            x = torch.sin(x)
        return x

    trace = gs.trace(chain, torch.tensor(1.0))
    app = StepApp(trace, look=Look(images=SHOWING))
    async with app.run_test(size=(120, 40)) as pilot:
        first = await drawn(pilot)
        near = await drawn(pilot, "z", "z")
        assert differ(first, near)
        below = await drawn(pilot, "shift+down", "shift+down")
        assert differ(near, below)
        assert not differ(near, await drawn(pilot, "shift+up", "shift+up"))
        rows = [orange_rows(await drawn(pilot, "right")) for _ in range(12)]
        assert all(rows)
        # The window stays while the box moves within it.
        assert len({found[0] for found in rows}) > 1
        await drawn(pilot, *["Z"] * 12)
        whole = orange_rows(await drawn(pilot, "end"))
        assert len(whole) < len(rows[0])


def orange_rows(image: Image.Image) -> list[int]:
    """Return the rows in which the frame of the current box is seen."""
    found = []
    for y in range(image.height):
        row = [image.getpixel((x, y)) for x in range(0, image.width, 2)]
        if any(isinstance(p, tuple) and p[0] > 220 and 120 < p[1] < 200 and p[2] < 90 for p in row):
            found.append(y)
    return found


async def test_folds_are_those_of_the_graph() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    trace = gs.trace(model, torch.ones(1, 2), loss=lambda y: y.sum())
    app = StepApp(trace, look=Look(images=SHOWING))
    async with app.run_test(size=(120, 40)) as pilot:
        await drawn(pilot, "right", "right", "right", "right", "right")
        before = await drawn(pilot)
        assert differ(before, await drawn(pilot, "minus"))
