"""The graph as an image, in terminals that show images; it follows the cursor as the graph does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PIL import Image as Pillow
from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.worker import get_current_worker

from graphstep.errors import GraphstepError
from graphstep.output.collapse import FoldedView
from graphstep.tui.cursor import Cursor
from graphstep.tui.fitting import part_around
from graphstep.tui.images import cell_size
from graphstep.tui.imaging import Sheet, painted, sheet_at
from graphstep.tui.themes import THEMES
from graphstep.tui.widgets.foldable import Foldable
from graphstep.tui.window import Window, followed, panned, zoomed


@dataclass(frozen=True, slots=True)
class Asked:
    """Say what is drawn: a step, what is folded and left out, the pixels, the colours."""

    cursor: Cursor
    view: FoldedView
    part: frozenset[int] | None
    size: tuple[int, int]
    dark: bool
    predicts: bool


@dataclass
class Drawn(Message):
    """A drawing is there and the window on it, or with `problem` why there is none."""

    asked: Asked
    sheet: Sheet | None
    window: Window
    image: Pillow.Image | None
    problem: str = ""


class ImagePane(Container):
    """Show the graph at the cursor with a widget of the class `made_with`, folded as `graph` is.

    It is drawn in a worker; until it is there the image of the step before stays. The window on
    it stays where the reader put it, as long as the current box is in sight.
    """

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""
    predicts: reactive[bool] = reactive(False)
    """Whether what is still to come is to be predicted, local partials included."""

    def __init__(self, made_with: type[Widget], graph: Foldable) -> None:
        super().__init__()
        self._graph = graph
        # Each of the widgets that show images has an `image`, and Textual's own class has none.
        self._shown: Any = made_with()
        self._part: frozenset[int] | None = None
        self._drawn: tuple[Asked, Sheet] | None = None
        self._window = Window()
        self.image: Pillow.Image | None = None
        """The image on the screen."""

    def compose(self) -> ComposeResult:
        yield self._shown

    def watch_cursor(self) -> None:
        self.draw()

    def watch_predicts(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def on_show(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Ask for the image of the present step, where there is room for one."""
        if self.cursor is None or not self.display or not self.content_size:
            return
        view = self._graph.view_at(self.cursor)
        here = self.cursor
        self._part = part_around(here.timeline, here.at, self._part, view.visible)
        wide, high = cell_size()
        size = (self.content_size.width * wide, self.content_size.height * high)
        dark = THEMES[self.app.theme].dark
        self._draw(Asked(here, view, self._part, size, dark, self.predicts), self._window)

    def zoom(self, by: int) -> None:
        """Look nearer (1) or from farther away (-1)."""
        if self._drawn is not None:
            asked, sheet = self._drawn
            nearer = zoomed(sheet.plan, asked.size, self._window, by)
            self._window = followed(sheet.plan, asked.size, nearer)
            self.draw()

    def pan(self, right: int, down: int) -> None:
        """Move the window by so many cells."""
        if self._drawn is not None:
            asked, sheet = self._drawn
            wide, high = cell_size()
            by = right * wide, down * high
            self._window = panned(sheet.plan, asked.size, self._window, *by)
            self.draw()

    @work(thread=True, exclusive=True, exit_on_error=False, group="image")
    def _draw(self, asked: Asked, window: Window) -> None:
        worker, here = get_current_worker(), asked.cursor
        known = self._drawn
        try:
            if known is not None and known[0] == asked:
                sheet = known[1]
            else:
                sheet = sheet_at(
                    here.timeline, here.at, asked.view, asked.part, asked.size,
                    dark=asked.dark, predicts=asked.predicts,
                )  # fmt: skip
                window = followed(sheet.plan, asked.size, window)
            image = painted(sheet, asked.size, window)
        except GraphstepError as error:
            self.post_message(Drawn(asked, None, window, None, str(error)))
        else:
            if not worker.is_cancelled:
                self.post_message(Drawn(asked, sheet, window, image))

    def on_drawn(self, message: Drawn) -> None:
        message.stop()
        if message.sheet is None:
            self.border_title = message.problem
            return
        self.border_title = "graph"
        self._drawn, self._window = (message.asked, message.sheet), message.window
        self.image = message.image
        self._shown.image = message.image
