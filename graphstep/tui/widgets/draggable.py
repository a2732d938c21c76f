"""A view whose window on something larger is moved by keys, or by dragging it with the mouse."""

from __future__ import annotations

from textual.events import MouseDown, MouseMove, MouseUp
from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView


class Draggable(ScrollView, can_focus=False):
    """Scroll without animation, by cells."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._dragged_from: Offset | None = None
        self.dragged = False
        """Whether the mouse moved while its button was down: then it was no click."""
        self._roomy: tuple[object, Size] | None = None

    @property
    def room(self) -> Size:
        """Return the cells that the scrollbars leave."""
        # Every painted line asks for it, and Textual looks through the whole screen for it.
        bars = self.show_vertical_scrollbar, self.show_horizontal_scrollbar
        key = (self.outer_size, bars, self.styles.gutter)
        if self._roomy is None or self._roomy[0] != key:
            self._roomy = key, self.scrollable_content_region.size
        return self._roomy[1]

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        # What scrolls while a bar is hidden does not tell it.
        if shown:
            self.vertical_scrollbar.position = self.scroll_y

    def watch_show_horizontal_scrollbar(self, shown: bool) -> None:
        if shown:
            self.horizontal_scrollbar.position = self.scroll_x

    def extend(self, size: Size) -> None:
        """Take another size of what the window is on.

        Only scrollbars that come or go lay out the screen anew, which a step would wait for.
        """
        self.set_reactive(Draggable.virtual_size, size)
        self._scroll_update(size)

    def go(self, x: float, y: float) -> None:
        """Scroll to a place at once."""
        self.scroll_to(x, y, animate=False, immediate=True, force=True)

    def into_sight(self, part: Region) -> None:
        """Scroll to the middle of a part, unless all of it is in sight."""
        self.go(
            _followed(int(self.scroll_x), self.room.width, part.x, part.width),
            _followed(int(self.scroll_y), self.room.height, part.y, part.height),
        )

    def pan(self, right: int, down: int) -> None:
        """Scroll by so many cells."""
        self.go(self.scroll_x + right, self.scroll_y + down)

    def on_mouse_down(self, event: MouseDown) -> None:
        self._dragged_from, self.dragged = event.screen_offset, False
        self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._dragged_from is None:
            return
        moved = self._dragged_from - event.screen_offset
        if moved != Offset(0, 0):
            self.dragged, self._dragged_from = True, event.screen_offset
            self.pan(moved.x, moved.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        self._dragged_from = None
        self.release_mouse()


def _followed(scroll: int, room: int, start: int, length: int) -> int:
    """Return the scroll offset that has the span in sight, unchanged where it already is."""
    if scroll <= start and start + length <= scroll + room:
        return scroll
    return max(0, start - max(0, (room - length) // 2))
