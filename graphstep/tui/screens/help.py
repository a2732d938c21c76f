"""The help: the keys, and what the signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from graphstep.tui.looks import key_name, remapped
from graphstep.tui.screens.dialog_keys import HELP, SCROLL, foot
from graphstep.tui.wrapping import wrapped

NARROW = 28
"""Where fewer cells are left beside the names of the keys, what they do goes below."""
INDENT = 4
SIGNS = (
    ("▶", "the current step"),
    ("…", "pending: not computed yet"),
    ("partial", "some terms of the sum are still to come"),
    ("no path", "no gradient arrives, and why"),
    ("✓ ✗", "the adjoint is, or is not, what torch computes"),
    ("!nan !inf", "an entry is NaN, or infinite"),
    ("own, torch", "by graphstep's own rule, or by torch's own node"),
    ("v̄", "the adjoint of v: how the output changes with v"),
    ("mouse", "click a row to go there, a node to inspect it; drag the graph"),
)
SUBJECTS = {
    "step": "Steps", "play": "Steps", "value": "Values", "backward": "Backward",
    "graph": "Graph pane", "view": "Panes", "app": "App", "copy": "App",
}  # fmt: skip
"""What the keys of an id belong to."""


class HelpScreen(ModalScreen[None]):
    """List `keys` with what each does."""

    BINDINGS: ClassVar[list[BindingType]] = [*HELP]

    def __init__(self, keys: Sequence[Binding]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_title = "graphstep: keys and signs"
            box.border_subtitle = foot(self, SCROLL, ("help.close", "closes"))
            yield Static(help_text(self._all_keys(), self.app.size.width), id="help-text")

    def on_resize(self) -> None:
        # The width of the card is known only once it is laid out.
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        text = self.query_one("#help-text", Static)
        text.update(help_text(self._all_keys(), text.size.width))

    def _all_keys(self) -> list[Binding]:
        """Return the keys of the screen and those of the app, as the reader has them now."""
        app = self.app
        bases = reversed(type(app).__mro__)
        all_keys = [key for base in bases for key in vars(base).get("BINDINGS", ())]
        own = [key for key in all_keys if isinstance(key, Binding) and key.id]
        known = [key for key in own if app.check_action(*parse(key.action)[1:]) is not False]
        return remapped([*self._keys, *known], getattr(app, "keys", {}))

    def action_close(self) -> None:
        self.dismiss()


def help_text(keys: Sequence[Binding], width: int) -> Content:
    """Return the keys, by the pane or subject that they belong to, and the signs.

    Each has a line of its own, or where `width` is too small for it an indented one more.
    """
    rows = [(_subject(key), _key_names(key.key), key.tooltip or key.description) for key in keys]
    wide = max(len(names) for names in (*(row[1] for row in rows), *(sign for sign, _ in SIGNS)))
    lines: list[Content] = []
    for subject in dict.fromkeys(row[0] for row in rows):
        lines.append(Content.assemble((subject, "bold $text-primary")))
        for of, names, what in rows:
            lines += _lines(names, what, wide, width) if of == subject else ()
    lines.append(Content.assemble(("Signs", "bold $text-primary")))
    for sign, what in SIGNS:
        lines += _lines(sign, what, wide, width)
    return Content("\n").join(lines)


def _lines(names: str, what: str, wide: int, width: int) -> list[Content]:
    if width - wide < NARROW:
        indent = " " * INDENT
        return [
            Content.styled(names, "bold"),
            *(Content(indent + line) for line in wrapped(what, max(1, width - INDENT))),
        ]
    first, *others = wrapped(f"{names:<{wide}}  {what}", width, wide + 2)
    return [Content.assemble((first[:wide], "bold"), first[wide:]), *map(Content, others)]


def _subject(key: Binding) -> str:
    name = (key.id or "app").partition(".")[0]
    return SUBJECTS.get(name, name.capitalize())


def _key_names(keys: str) -> str:
    return " ".join(map(key_name, keys.split(",")))
