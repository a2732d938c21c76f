"""How the app looks: the themes by name, and ASCII for terminals that know no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.notifications import Notify, SeverityLevel

from graphstep.tui.ascii import AsciiFilter
from graphstep.tui.images import NONE_HERE, Images
from graphstep.tui.notices import Notice
from graphstep.tui.themes import THEMES

_NAMES = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "enter": "⏎", "question_mark": "?",
    "less_than_sign": "<", "greater_than_sign": ">", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "escape": "esc", "slash": "/", "plus": "+", "minus": "-",
    "equals_sign": "=", "left_square_bracket": "[", "right_square_bracket": "]",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what a reader chose: one of THEMES, ASCII alone, keys by the names of actions.

    `images` says with what the graph is shown as an image, where that was asked for; without
    `mouse` that is left to the terminal.
    """

    theme: str = "dark"
    ascii: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    images: Images | None = None
    mouse: bool = True


class LookApp(App[None]):
    """Look as `look` says. A theme changes by key, and NO_COLOR leaves greys alone."""

    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "commands", key_display="^p", show=False,
                id="app.commands", tooltip="Find what can be done now by its name"),
        Binding("ctrl+t", "theme", "theme", key_display="^t", show=False, id="app.theme",
                tooltip="Change the theme: dark, light, high-contrast, projector"),
    ]  # fmt: skip

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._ascii = [AsciiFilter()] if look.ascii else []
        for theme in THEMES.values():
            self.register_theme(theme)
        self.look(look.theme)
        self.images = look.images
        self.keys = dict(look.keys)
        self.set_keymap(self.keys)

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self._ascii]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in passing, as Textual's own method does."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Notice(message, title, severity, seconds, markup)))

    def look(self, theme: str) -> None:
        """Take one of THEMES."""
        self.theme = theme
        for name in THEMES:
            self.set_class(name == theme, f"-{name}")

    def tell_of_images(self) -> None:
        """Say once that images were asked for and the terminal shows none."""
        if self.images is not None and self.images.widget is None:
            self.notify(NONE_HERE, severity="warning")
            self.images = None

    def action_theme(self) -> None:
        name = after(self.theme)
        self.look(name)
        self.notify(f"theme: {name}", timeout=2)


def after(theme: str) -> str:
    """Return the name of the theme that follows one."""
    names = list(THEMES)
    return names[(names.index(theme) + 1) % len(names)]


def remapped(keys: Iterable[Binding], keymap: Mapping[str, str]) -> list[Binding]:
    """Return bindings with the reader's keys in place of their own."""
    return [key.with_key(keymap[key.id]) if key.id in keymap else key for key in keys if key.id]


def key_name(key: str) -> str:
    """Return a key as a reader knows it: `→` for right, `?` for question_mark."""
    *held, last = key.split("+")
    return "+".join([*held, _NAMES.get(last, last)])
