"""The ledger of one adjoint, over the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from graphstep.output.labels import visible
from graphstep.steps.ledger import Ledger, ledger
from graphstep.tui.cursor import Cursor
from graphstep.tui.ledger_rows import ledger_text
from graphstep.tui.screens.dialog_keys import LEDGER, SCROLL, foot

LONG = 2000


@dataclass
class LedgerMade(Message):
    """The ledger at a cursor was written."""

    cursor: Cursor
    ledger: Ledger


class LedgerScreen(ModalScreen[Cursor | None]):
    """Show the ledger of the current v̄_i; the arrow keys step on, and the answer is where to."""

    BINDINGS: ClassVar[list[BindingType]] = [*LEDGER]

    def __init__(self, cursor: Cursor, *, steps: bool = True) -> None:
        super().__init__()
        self._cursor = cursor
        self._steps = steps
        self._made: Ledger | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card ledger") as box:
            step = [("ledger.back,ledger.next", "step")] if self._steps else []
            box.border_subtitle = foot(self, *step, SCROLL, ("ledger.close", "closes"))
            yield Static("…", id="ledger-text", markup=False)

    def on_mount(self) -> None:
        self._make(self._cursor)

    @work(thread=True, exit_on_error=False, exclusive=True)
    def _make(self, cursor: Cursor) -> None:
        # A weight that is used thousands of times has as many sums.
        made = ledger(cursor.timeline, cursor.step.i, cursor.at)
        self.post_message(LedgerMade(cursor, made))

    def on_ledger_made(self, message: LedgerMade) -> None:
        if message.cursor != self._cursor:
            return
        self._made = message.ledger
        cursor = self._cursor
        title = f"ledger · {cursor.step.half} · step {cursor.at + 1} of {len(cursor.timeline)}"
        self.query_one(VerticalScroll).border_title = title
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if self._made is not None:
            room = self.query_one("#ledger-text").size.width
            self.query_one("#ledger-text", Static).update(ledger_text(self._made, room))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR:
            error = event.worker.error
            text = visible(f"no ledger: {type(error).__name__}: {error}", LONG)
            self.query_one("#ledger-text", Static).update(Content(text))

    def action_step(self, steps: int) -> None:
        if self._steps:
            self._cursor = self._cursor.by(steps)
            self._make(self._cursor)

    def action_close(self) -> None:
        self.dismiss(self._cursor)
