"""A question: which entry of a tensor to open."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.steps.around import GAP, Page, Place, moved, page_around, read_place
from graphstep.tui.cursor import Cursor
from graphstep.tui.screens.asking import say
from graphstep.tui.screens.dialog_keys import ENTRY, foot

ROWS = 8
"""So many rows of a tensor are in sight, fewer on a short screen."""
MORE = " …"
AROUND = 9
"""The lines of the screen that the rows leave to the rest."""


class EntryScreen(ModalScreen[Place | None]):
    """Choose an entry of the current value, by its indexes or with the arrow keys; answer with its
    place, or None to stay.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*ENTRY]

    def __init__(self, cursor: Cursor) -> None:
        super().__init__()
        value = cursor.timeline.trace.values[cursor.step.i]
        assert value.value is not None
        assert value.shape is not None
        self._cursor, self._op = cursor, value.op.strip("_")
        self._tensor, self._shape = value.value, tuple(value.shape)
        self.place: Place = (0,) * len(self._shape)
        """The entry that is chosen."""

    def compose(self) -> ComposeResult:
        chosen = ["entry.up,entry.down,entry.left,entry.right"]
        chosen += ["entry.before,entry.after"] * (len(self._shape) > 2)
        with Vertical(classes="question entry") as box:
            name = symbol(self._cursor.step.i)
            box.border_title = f"open one entry of {name} = {self._op} {list(self._shape)}"
            box.border_subtitle = foot(
                self, (",".join(chosen), "choose"), "⏎ opens", ("entry.close", "stays")
            )
            yield Input(_written(self.place), compact=True)
            yield Static("", id="problem")
            yield Static("", id="entries", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).action_select_all()

    def on_resize(self) -> None:
        # The width of the question is known only once it is laid out.
        self.call_after_refresh(self._show)

    def on_input_changed(self, event: Input.Changed) -> None:
        place = read_place(event.value, self._shape)
        if place is not None:
            self.place = place
            self._show()
        else:
            say(self, self._hint())

    def action_move(self, axis: int, by: int) -> None:
        self.place = moved(self._shape, self.place, axis, by)
        line = self.query_one(Input)
        line.value = _written(self.place)
        line.action_select_all()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        place = read_place(event.value, self._shape)
        if place is None:
            say(self, self._hint())
        else:
            self.dismiss(place)

    def action_close(self) -> None:
        self.dismiss(None)

    def _hint(self) -> str:
        last = _written(tuple(size - 1 for size in self._shape))
        return f"an entry is {_written((0,) * len(self._shape))} to {last}"

    def _show(self) -> None:
        shown = self.query_one("#entries", Static)
        labels = len(str(max((1, *self._shape[-2:-1]))))
        height = max(1, min(ROWS, self.app.size.height - AROUND))
        room = shown.size.width - labels - len(MORE)
        page = page_around(self._tensor, self.place, room, height)
        shown.update(page_text(page, self.place, self._shape))
        say(self, self._value_text())

    def _value_text(self) -> str:
        cursor, at = self._cursor, f"[{_written(self.place)}]"
        i = cursor.step.i
        text = f"{symbol(i)}{at} = {minus(number(self._tensor[self.place].item()))}"
        adjoint = cursor.timeline.sum_at(i, cursor.at)
        if adjoint is None or cursor.timeline.adjoint_state(i, cursor.at).kind != "final":
            return text
        arrived = minus(number(adjoint.to_dense()[self.place].item()))
        return f"{text}   {symbol(i, 'adjoint')}{at} = {arrived}"


def page_text(page: Page, place: Place, shape: Place) -> Content:
    """Return the entries of a page with their indexes; a sign is before the one that is chosen."""
    row, column = ((0, *place) if len(place) < 2 else place)[-2:]
    wide = page.width + GAP
    labels = len(str(max((1, *shape[-2:-1]))))
    head = "".join(f"{k}".rjust(wide) for k in page.columns)
    more = MORE if page.columns.stop < shape[-1] else ""
    lines = [Content.styled(" " * labels + head + more, "$text-muted")]
    if page.leading:
        lines.insert(0, Content.styled(f"[{_written(page.leading)}, :, :]", "$text-muted"))
    for k, texts in zip(page.rows, page.texts, strict=True):
        line = Content.styled(
            f"{k}".rjust(labels) if len(shape) > 1 else " " * labels, "$text-muted"
        )
        for j, text in zip(page.columns, texts, strict=True):
            chosen = (k, j) == (row, column)
            sign = ("▶" if chosen else "").rjust(wide - len(text))
            line += Content.assemble(sign, (text, "reverse bold" if chosen else ""))
        lines.append(line)
    if len(shape) > 1 and page.rows.stop < shape[-2]:
        lines.append(Content.styled("…", "$text-muted"))
    return Content("\n").join(lines)


def _written(place: Place) -> str:
    return ", ".join(map(str, place))
