"""The help: the keys, and what the signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

SIGNS = (
    ("▶", "the current step"),
    ("…", "pending: not computed yet"),
    ("partial", "some terms of the sum are still to come"),
    ("no path", "no gradient arrives, and why"),
    ("✓ ✗", "the adjoint is, or is not, what torch computes"),
    ("own, torch", "by graphstep's own rule, or by torch's own node"),
    ("v̄", "the adjoint of v: how the output changes with v"),
    ("mouse", "click a row to go there, a node to inspect it; drag the graph"),
)
_NAMES = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "enter": "⏎", "question_mark": "?",
    "less_than_sign": "<", "greater_than_sign": ">", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End",
}  # fmt: skip


class HelpScreen(ModalScreen[None]):
    """List `keys` with what each does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark", "close", "close", id="help.close",
                tooltip="Close the help"),
    ]  # fmt: skip

    def __init__(self, keys: Sequence[Binding]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_title = "graphstep: keys and signs"
            box.border_subtitle = "esc closes · ↑ ↓ scroll"
            yield Static(help_text(self._keys))

    def action_close(self) -> None:
        self.dismiss()


def help_text(keys: Sequence[Binding]) -> Content:
    """Return the keys and the signs, a line each."""
    rows = [(_key_names(key.key), key.tooltip or key.description) for key in keys]
    wide = max(len(names) for names, _ in (*rows, *SIGNS))
    lines = [Content.assemble((f"{names:<{wide}}", "bold"), f"  {what}") for names, what in rows]
    lines.append(Content(""))
    lines += [Content.assemble((f"{sign:<{wide}}", "bold"), f"  {what}") for sign, what in SIGNS]
    return Content("\n").join(lines)


def _key_names(keys: str) -> str:
    shown = []
    for key in keys.split(","):
        *held, last = key.split("+")
        shown.append("+".join([*held, _NAMES.get(last, last)]))
    return " ".join(shown)
