"""How the app looks: the themes by name, and ASCII for terminals that know no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.theme import Theme

from graphstep.tui.ascii import AsciiFilter

CONTRAST = Theme(
    name="high-contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#00ffff",
    success="#00ff00",
    warning="#ffff00",
    error="#ff8080",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    boost="#202020",
    dark=True,
    text_alpha=1.0,
    variables={
        "text": "#ffffff", "text-muted": "#ffffff", "text-success": "#00ff00",
        "text-warning": "#ffff00", "text-error": "#ff8080", "text-primary": "#ffff00",
        "text-accent": "#00ffff", "block-cursor-foreground": "#000000",
    },
)  # fmt: skip
LIGHT = Theme(
    name="light",
    primary="#004578",
    secondary="#0178d4",
    accent="#9a4b00",
    success="#216e39",
    warning="#9a4b00",
    error="#ba3c5b",
    foreground="#1a1a1a",
    background="#fafafa",
    surface="#ececec",
    panel="#dddddd",
    dark=False,
    variables={
        "text": "#1a1a1a", "text-muted": "#5a5a5a", "text-disabled": "#8a8a8a",
        "text-success": "#216e39", "text-warning": "#9a4b00", "text-error": "#ba3c5b",
        "text-primary": "#004578", "text-accent": "#9a4b00",
    },
)  # fmt: skip
PROJECTOR = Theme(
    name="projector",
    primary="#003f8a",
    secondary="#404040",
    accent="#7a1fa2",
    success="#004d22",
    warning="#7a3b00",
    error="#b00020",
    foreground="#000000",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e8e8e8",
    dark=False,
    text_alpha=1.0,
    variables={
        "text": "#000000", "text-muted": "#333333", "text-success": "#004d22",
        "text-warning": "#7a3b00", "text-error": "#b00020",
        "text-primary": "#003f8a", "text-accent": "#7a1fa2",
    },
)  # fmt: skip
"""Black on white, as beamers show best; the style sheet gives its screens room."""

THEMES = MappingProxyType(
    {
        "dark": "textual-dark",
        "light": LIGHT.name,
        "high-contrast": CONTRAST.name,
        "projector": PROJECTOR.name,
    }
)
"""The themes that a reader chooses from, and what Textual calls them."""


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what a reader chose: one of THEMES, ASCII alone, and keys by the names of actions."""

    theme: str = "dark"
    ascii: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)


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
        for theme in (LIGHT, CONTRAST, PROJECTOR):
            self.register_theme(theme)
        self.look(look.theme)
        self.keys = dict(look.keys)
        self.set_keymap(self.keys)

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self._ascii]

    def look(self, theme: str) -> None:
        """Take one of THEMES."""
        self.theme = THEMES[theme]
        for name in THEMES:
            self.set_class(name == theme, f"-{name}")

    def action_theme(self) -> None:
        name = after(self.theme)
        self.look(name)
        self.notify(f"theme: {name}", timeout=2)


def after(theme: str) -> str:
    """Return the name of the theme that follows one that Textual names."""
    names = list(THEMES)
    at = list(THEMES.values()).index(theme) if theme in THEMES.values() else -1
    return names[(at + 1) % len(names)]


def remapped(keys: Iterable[Binding], keymap: Mapping[str, str]) -> list[Binding]:
    """Return bindings with the reader's keys in place of their own."""
    return [key.with_key(keymap[key.id]) if key.id in keymap else key for key in keys if key.id]
