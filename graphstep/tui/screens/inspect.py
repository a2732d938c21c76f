"""The card of one value, over the steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker, WorkerState, get_current_worker

from graphstep.output.labels import visible
from graphstep.steps.card import Card, Entries, card
from graphstep.steps.tangents import Tangents
from graphstep.tui.card_rows import card_text
from graphstep.tui.cursor import Cursor
from graphstep.tui.messages import CardMade
from graphstep.tui.screens.dialog_keys import CARD, SCROLL, foot

LONG = 2000
OTHER: Mapping[Entries | None, Entries] = {"numbers": "heat", "heat": "numbers"}


class InspectScreen(ModalScreen[None]):
    """Show the card of v_i as it stands at the cursor. Large tensors are counted in a worker."""

    BINDINGS: ClassVar[list[BindingType]] = [*CARD]

    def __init__(self, cursor: Cursor, i: int, tangents: Tangents | None = None) -> None:
        super().__init__()
        self.i = i
        self._cursor = cursor
        self._tangents = tangents
        self._entries: Entries | None = None
        self._room = 0
        self.shown: Card | None = None
        """The card on the screen."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_subtitle = foot(self, SCROLL, ("card.close", "closes"))
            yield Static("…", id="card-text", markup=False)

    def on_resize(self) -> None:
        # The size of the card is known only once it is laid out.
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        room = self.query_one("#card-text").size.width
        if room != self._room:
            self._room = room
            self._make(room, self._entries)

    def action_heat(self) -> None:
        """Show tensors by light and dark where they are numbers now, and the other way round."""
        if self.shown is not None and self.shown.entries in OTHER:
            self._entries = OTHER[self.shown.entries]
            self._make(self._room, self._entries)

    @work(thread=True, exit_on_error=False, exclusive=True)
    def _make(self, room: int, entries: Entries | None) -> None:
        worker, cursor = get_current_worker(), self._cursor
        made = card(cursor.timeline, self.i, cursor.at, room, self._tangents, entries)
        if not worker.is_cancelled:
            self.post_message(CardMade(made))

    def on_card_made(self, message: CardMade) -> None:
        self.shown = message.card
        other = OTHER.get(message.card.entries)
        switch = [("card.heat", str(other))] if other is not None else []
        line = foot(self, *switch, SCROLL, ("card.close", "closes"))
        self.query_one(VerticalScroll).border_subtitle = line
        title = Content(visible(message.card.title, 60))
        self.query_one(VerticalScroll).border_title = title
        self.query_one("#card-text", Static).update(card_text(message.card, self._room))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR:
            error = event.worker.error
            text = visible(f"no card: {type(error).__name__}: {error}", LONG)
            self.query_one("#card-text", Static).update(Content(text))

    def action_close(self) -> None:
        self.dismiss()
