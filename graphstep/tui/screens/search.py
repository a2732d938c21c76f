"""A search: type a part of a name, and choose among the values that have it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from graphstep.output.labels import visible
from graphstep.steps.search import Hit, Index
from graphstep.tui.cursor import Cursor
from graphstep.tui.screens.asking import GoingScreen, say
from graphstep.tui.screens.dialog_keys import SEARCH, foot

MOST = 100
"""So many hits are listed; the rest are counted."""


class SearchScreen(GoingScreen):
    """List the values that fit what is typed; answer with the cursor at one, in the same half."""

    BINDINGS: ClassVar[list[BindingType]] = [*SEARCH]

    def __init__(self, cursor: Cursor, index: Index) -> None:
        super().__init__(cursor)
        self._index = index
        self._hits: tuple[Hit, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="question search") as box:
            box.border_title = "search the values"
            box.border_subtitle = foot(
                self, ("search.previous,search.next", "choose"), "⏎ goes", ("search.close", "stays")
            )
            yield Input(placeholder="name, label, op, module or line; op:add", compact=True)
            yield Static("", id="problem")
            hits = OptionList(id="hits", compact=True, markup=False)
            hits.can_focus = False
            yield hits

    def on_input_changed(self, event: Input.Changed) -> None:
        found, count = self._index.search(event.value, MOST)
        self._hits = tuple(found)
        hits = self.query_one(OptionList)
        hits.clear_options()
        hits.add_options(
            Option(Content(f"{visible(hit.text, 200)}  ({hit.found_by})")) for hit in found
        )
        if found:
            hits.highlighted = 0
        if not event.value.strip():
            said = ""
        elif count > len(found):
            said = f"{count:,} values, the first {len(found)}:"
        else:
            said = "no value has that" if not count else f"{count} value{'s' * (count > 1)}"
        say(self, said)

    def action_hit(self, by: int) -> None:
        hits = self.query_one(OptionList)
        if self._hits:
            at = (hits.highlighted or 0) + by
            hits.highlighted = max(0, min(at, len(self._hits) - 1))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._choose(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def _choose(self, number: int | None) -> None:
        if number is not None and number < len(self._hits):
            self.go(self._hits[number].i)
