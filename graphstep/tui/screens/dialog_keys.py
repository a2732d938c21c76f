"""The keys of what opens over the steps, and the line at its foot that names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from graphstep.tui.looks import LookApp, key_name

CARD = (
    Binding("escape,enter,q", "close", "close", id="card.close", tooltip="Close the card"),
    Binding("h", "heat", "heat", id="card.heat",
            tooltip="Show tensors by light and dark, or as numbers"),
)  # fmt: skip
LEDGER = (
    Binding("left,h", "step(-1)", "back", id="ledger.back", tooltip="Go back one step"),
    Binding("right,l", "step(1)", "next", id="ledger.next", tooltip="Take the next step"),
    Binding("escape,enter,q,L", "close", "close", id="ledger.close", tooltip="Close the ledger"),
)
WHY = (Binding("escape,enter,q,w", "dismiss", "close", id="why.close", tooltip="Close the answer"),)
BACKWARD = (
    Binding("b", "again", "again", id="backward.again", tooltip="Run another backward"),
    Binding("R", "retain", "retain_graph", id="backward.retain",
            tooltip="Keep the graph in the next backward, or not"),
    Binding("escape,enter,q", "close", "close", id="backward.close", tooltip="Close the panel"),
)  # fmt: skip
HELP = (
    Binding("escape,enter,q,question_mark", "close", "close", id="help.close",
            tooltip="Close the help"),
)  # fmt: skip
OPENED = (
    Binding("escape", "leave", "back to the trace", id="opened.close",
            tooltip="Go back to the trace that the operation stands in"),
)  # fmt: skip
GOTO = (Binding("escape", "close", "close", id="goto.close", tooltip="Stay where you are"),)
SEARCH = (
    Binding("escape", "close", "close", id="search.close", tooltip="Stay where you are"),
    Binding("down", "hit(1)", "next hit", id="search.next", tooltip="The next hit"),
    Binding("up", "hit(-1)", "last hit", id="search.previous", tooltip="The hit before"),
)
STOPS = (
    Binding("escape", "close", "close", id="stops.close", tooltip="Back to the steps"),
    Binding("down", "choose(1)", "next", id="stops.below", tooltip="The next breakpoint"),
    Binding("up", "choose(-1)", "last", id="stops.above", tooltip="The one before"),
    Binding("ctrl+d,f8", "clear", "clear", id="stops.clear", priority=True,
            tooltip="Clear the chosen breakpoint"),
)  # fmt: skip
ENTRY = (
    Binding("escape", "close", "close", id="entry.close", tooltip="Open nothing"),
    # Before the line's own keys, which move within its text.
    Binding("up", "move(1, -1)", "up", id="entry.up", tooltip="The entry above"),
    Binding("down", "move(1, 1)", "down", id="entry.down", tooltip="The entry below"),
    Binding("left", "move(0, -1)", "left", id="entry.left", priority=True,
            tooltip="The entry before"),
    Binding("right", "move(0, 1)", "right", id="entry.right", priority=True,
            tooltip="The entry after"),
    Binding("pageup", "move(2, -1)", "slice before", id="entry.before",
            tooltip="The matrix before, along the axes that lead"),
    Binding("pagedown", "move(2, 1)", "slice after", id="entry.after",
            tooltip="The matrix after"),
)  # fmt: skip
EXPORT = (Binding("escape", "close", "close", id="export.close", tooltip="Write nothing"),)

SCROLL = "↑ ↓ scroll"
SILENT = (CARD, LEDGER, WHY, BACKWARD, HELP, OPENED)
"""Where every key is free."""
TYPED = (GOTO, SEARCH, STOPS, ENTRY, EXPORT)
"""Where letters and signs are typed into a line, and can be no keys."""
_KNOWN: Mapping[str | None, Binding] = {
    key.id: key for keys in (*SILENT, *TYPED) for key in keys
}  # fmt: skip


def foot(screen: Screen[Any], *parts: str | tuple[str, str]) -> str:
    """Return the line that says what keys do: texts, and pairs of actions' names and words."""
    app = screen.app
    chosen = app.keys if isinstance(app, LookApp) else {}
    shown = []
    for part in parts:
        if isinstance(part, str):
            shown.append(part)
            continue
        names, words = part
        keys = (chosen.get(name, _KNOWN[name].key) for name in names.split(","))
        first = (key_name(each.split(",")[0]).replace("ctrl+", "^") for each in keys)
        shown.append(" ".join([*first, words]))
    return " · ".join(shown)
