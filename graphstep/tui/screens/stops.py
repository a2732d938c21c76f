"""The breakpoints: a list of them, a line to set one, and a key to clear one."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from graphstep.errors import InputError
from graphstep.output.labels import visible
from graphstep.steps.breakpoints import Breakpoint, breakpoint_of, stops
from graphstep.steps.timeline import Timeline
from graphstep.tui.screens.asking import say
from graphstep.tui.screens.dialog_keys import STOPS, foot

Breakpoints = tuple[Breakpoint, ...]


class StopsScreen(ModalScreen[Breakpoints]):
    """Set and clear breakpoints; answer with those that are left."""

    class Counted(Message):
        """It is known at how many steps each breakpoint stops."""

        def __init__(self, counts: dict[Breakpoint, int]) -> None:
            super().__init__()
            self.counts = counts

    BINDINGS: ClassVar[list[BindingType]] = [*STOPS]

    def __init__(self, timeline: Timeline, breakpoints: Breakpoints) -> None:
        super().__init__()
        self._timeline = timeline
        self._all = breakpoints
        self._counts: dict[Breakpoint, int] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="question stops") as box:
            box.border_title = "breakpoints: where u and play stop"
            box.border_subtitle = foot(
                self, "⏎ sets", ("stops.above,stops.below", "choose"),
                ("stops.clear", "clears"), ("stops.close", "closes"),
            )  # fmt: skip
            yield Input(placeholder="v_3, a label, op mul, shape 2,3, nonfinite", compact=True)
            yield Static("", id="problem")
            listed = OptionList(id="stops", compact=True, markup=False)
            listed.can_focus = False
            yield listed

    def on_mount(self) -> None:
        self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        say(self, "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        try:
            found = breakpoint_of(self._timeline.trace, event.value)
        except InputError as error:
            say(self, str(error))
            return
        event.input.value = ""
        if found not in self._all:
            self._all = (*self._all, found)
            self._list(len(self._all) - 1)

    def action_choose(self, by: int) -> None:
        listed = self.query_one(OptionList)
        if self._all:
            at = (listed.highlighted or 0) + by
            listed.highlighted = max(0, min(at, len(self._all) - 1))

    def action_clear(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._all):
            self._all = (*self._all[:at], *self._all[at + 1 :])
            self._list(min(at, len(self._all) - 1))

    def action_close(self) -> None:
        self.dismiss(self._all)

    def on_stops_screen_counted(self, message: StopsScreen.Counted) -> None:
        self._counts = message.counts
        self._list(self.query_one(OptionList).highlighted or 0, counted=True)

    @work(thread=True, exclusive=True)
    def _count(self, breakpoints: Breakpoints) -> None:
        # To ask every tensor whether it is finite takes a while.
        counts = {one: len(stops(self._timeline, [one])) for one in breakpoints}
        self.post_message(self.Counted(counts))

    def _list(self, at: int = 0, *, counted: bool = False) -> None:
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(Option(Content(self._line(one))) for one in self._all)
        if self._all:
            listed.highlighted = max(0, at)
        if not counted and self._all:
            self._count(self._all)

    def _line(self, one: Breakpoint) -> str:
        count = self._counts.get(one)
        at = "…" if count is None else f"{count:,} step{'s' * (count != 1)}"
        return f"{visible(one.text, 100)}  ({at})"
