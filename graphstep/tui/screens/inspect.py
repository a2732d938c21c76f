"""The card of one value, over the steps."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from graphstep.output.labels import visible
from graphstep.steps.card import Card, card
from graphstep.steps.tangents import Tangents
from graphstep.tui.cursor import Cursor
from graphstep.tui.messages import CardMade

LONG = 2000
INDENT = "  "


class InspectScreen(ModalScreen[None]):
    """Show the card of v_i as it stands at the cursor. Large tensors are counted in a worker."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "close", id="card.close", tooltip="Close the card"),
    ]

    def __init__(self, cursor: Cursor, i: int, tangents: Tangents | None = None) -> None:
        super().__init__()
        self.i = i
        self._cursor = cursor
        self._tangents = tangents

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_subtitle = "esc closes · ↑ ↓ scroll"
            yield Static("…", id="card-text", markup=False)

    def on_mount(self) -> None:
        # The size of the card is known only once it is laid out.
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self._make(self.query_one("#card-text").size.width - len(INDENT) - 1)

    @work(thread=True, exit_on_error=False)
    def _make(self, room: int) -> None:
        made = card(self._cursor.timeline, self.i, self._cursor.at, room, self._tangents)
        self.post_message(CardMade(made))

    def on_card_made(self, message: CardMade) -> None:
        title = Content(visible(message.card.title, 60))
        self.query_one(VerticalScroll).border_title = title
        self.query_one("#card-text", Static).update(card_text(message.card))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR:
            error = event.worker.error
            text = visible(f"no card: {type(error).__name__}: {error}", LONG)
            self.query_one("#card-text", Static).update(Content(text))

    def action_close(self) -> None:
        self.dismiss()


def card_text(shown: Card) -> Content:
    """Return a card as lines; what the user named is shown as it is, never as markup."""
    wide = max(len(word) for word, _ in shown.facts)
    lines = [
        Content.assemble((f"{word:<{wide}}  ", "$text-muted"), visible(text, LONG))
        for word, text in shown.facts
    ]
    for section in shown.sections:
        lines += [Content(""), Content.assemble((section.title, "bold"))]
        lines += [Content(f"{INDENT}{visible(line, LONG)}") for line in section.lines]
    return Content("\n").join(lines)
