"""What opens over the steps: cards, ledgers and questions, each leading back to a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual import work
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from graphstep.errors import GraphstepError
from graphstep.format.symbols import with_signs
from graphstep.steps.search import Index
from graphstep.steps.tangents import Tangents
from graphstep.tui.backwards import Backwards
from graphstep.tui.cursor import Cursor
from graphstep.tui.screens.backward import BackwardScreen
from graphstep.tui.screens.entry import EntryScreen
from graphstep.tui.screens.goto import GotoScreen
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.screens.ledger import LedgerScreen
from graphstep.tui.screens.search import SearchScreen
from graphstep.tui.screens.why import WhyScreen
from graphstep.tui.trail import Trail

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.traced.opened import Opened


@dataclass
class OperationOpened(Message):
    """An operation was written out, or with `problem` why it was not."""

    opened: Opened | None
    problem: str = ""


class AsideScreen(Screen[None]):
    """Have a cursor in a trace's timeline, and open other screens at it."""

    cursor: reactive[Cursor | None] = reactive(None, repaint=False)
    """Where the reader is."""
    tangents: reactive[Tangents | None] = reactive(None, repaint=False)
    """The tangents beside the values, for the input that the reader seeded."""
    retain: reactive[str] = reactive("", repaint=False)
    """Whether backwards retain the graph, in words once the reader has to do with it."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self._trace = trace
        self._backwards = Backwards(trace)
        self._index: Index | None = None
        self.trail = Trail()
        """Where the reader jumped from."""

    @property
    def here(self) -> Cursor:
        """Return where the reader is."""
        return cast(Cursor, self.cursor)

    def pause(self) -> None:
        """Stop what moves the cursor by itself."""

    def move(self, cursor: Cursor) -> None:
        """Go to a step, and stop there."""
        self.pause()
        self.trail = self.trail.jumped(self.here, cursor)
        self.cursor = cursor

    def action_return(self, by: int) -> None:
        """Go back to where the last jump was made from (-1), or forward again (1)."""
        self.pause()
        if self.trail.before if by < 0 else self.trail.after:
            take = self.trail.back if by < 0 else self.trail.forward
            self.cursor, self.trail = take(self.here)
        else:
            self.notify(f"no jump to go {'back' if by < 0 else 'forward'} from", timeout=2)

    def _arrive(self, cursor: Cursor | None) -> None:
        if cursor is not None and cursor != self.cursor:
            self.move(cursor)

    def action_inspect(self) -> None:
        self.inspect(self.here.step.i)

    def inspect(self, i: int) -> None:
        """Open the card of v_i."""
        self.pause()
        self.app.push_screen(InspectScreen(self.here, i, self.tangents))

    def action_ledger(self) -> None:
        self.pause()
        self.app.push_screen(LedgerScreen(self.here), self._arrive)

    def action_why(self) -> None:
        """Say why the gradient of the current value is what it is."""
        self.pause()
        self.app.push_screen(WhyScreen(self._trace, self.here.step.i))

    def action_open(self) -> None:
        """Open the operation at the cursor into its textbook steps."""
        self.pause()
        self._open(self.here.step.i)

    def action_open_entry(self) -> None:
        """Open one entry of the value at the cursor; ask for which."""
        from graphstep.textbook.opened import check_entries  # it brings in every rule

        self.pause()
        i = self.here.step.i
        try:
            check_entries(self._trace.recorded, i)
        except GraphstepError:
            # It says why; a trace that was loaded has words of its own for it.
            self._open(i, ())
            return

        def chosen(entry: tuple[int, ...] | None) -> None:
            if entry is not None:
                self._open(i, entry)

        self.app.push_screen(EntryScreen(self.here), chosen)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, i: int, entry: tuple[int, ...] | None = None) -> None:
        # The products of a large matrix are many.
        try:
            opened = self._trace.open(i, entry)
        # torch compares its kernel's own backward, which a graph that was released has no more.
        except (GraphstepError, RuntimeError) as error:
            self.post_message(OperationOpened(None, str(error)))
        else:
            self.post_message(OperationOpened(opened))

    def on_operation_opened(self, message: OperationOpened) -> None:
        from graphstep.tui.screens.opened import OpenedScreen  # itself a screen of this kind

        if message.opened is None:
            self.notify(with_signs(message.problem), severity="warning", markup=False)
        elif self.app.screen is self:
            self.app.push_screen(OpenedScreen(message.opened, self.here.timeline.grain))

    def action_search(self) -> None:
        self.pause()
        if self._index is None:
            self._index = Index(self._trace.recorded)
        self.app.push_screen(SearchScreen(self.here, self._index), self._arrive)

    def action_goto(self) -> None:
        self.pause()
        self.app.push_screen(GotoScreen(self.here), self._arrive)

    def action_backward(self) -> None:
        self.pause()
        self.app.push_screen(BackwardScreen(self._backwards, self._say_retain))
        self._say_retain()

    def action_retain(self) -> None:
        self._backwards.retain = not self._backwards.retain
        self._say_retain()

    def _say_retain(self) -> None:
        self.retain = self._backwards.retain_text
