"""The themes of the app: every text of theirs can be read on every ground of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.theme import Theme

FRONTS = (
    "text", "text-muted", "text-success", "text-warning", "text-error", "text-primary",
    "text-accent",
)  # fmt: skip
"""The colours of texts."""
GROUNDS = ("background", "surface", "field", "current-row")
"""The colours on which any of these may stand; `bar-text` stands on `bar`."""

_NAMES = ("dark", "light", "high-contrast", "projector")
"""The projector's is black on white, as beamers show best; the style sheet gives it room."""
_COLOURS: Mapping[str, tuple[str, str, str, str]] = {
    "text": ("#e4e4e4", "#1a1a1a", "#ffffff", "#000000"),
    "text-muted": ("#a8a8a8", "#545454", "#ffffff", "#333333"),
    "text-primary": ("#7cbcf2", "#004578", "#ffff00", "#003f8a"),
    "background": ("#121212", "#fafafa", "#000000", "#ffffff"),
    "surface": ("#1e1e1e", "#ececec", "#000000", "#f4f4f4"),
    "field": ("#282828", "#dfdfdf", "#202020", "#e8e8e8"),
    "current-row": ("#173a5c", "#cfe3f7", "#303030", "#cfe3f7"),
    "bar": ("#005a9e", "#004578", "#ffffff", "#003f8a"),
    "bar-text": ("#ffffff", "#ffffff", "#000000", "#ffffff"),
    "primary": ("#0178d4", "#004578", "#ffff00", "#003f8a"),
    "secondary": ("#3c5a73", "#0178d4", "#ffffff", "#404040"),
    "accent": ("#ffc473", "#8a4300", "#00ffff", "#6a1a8e"),
    "success": ("#8ad4a1", "#1c6434", "#00ff00", "#004d22"),
    "warning": ("#ffc473", "#8a4300", "#ffff00", "#6b3300"),
    "error": ("#ff8f9f", "#a82c4c", "#ffa8a8", "#8e001a"),
}
"""Each colour in the themes of _NAMES."""
_VARIABLES: Mapping[str, str] = {
    "text": "text", "text-muted": "text-muted", "text-disabled": "text-muted",
    "foreground-muted": "text-muted", "text-primary": "text-primary", "text-accent": "accent",
    "text-success": "success", "text-warning": "warning", "text-error": "error",
    "field": "field", "current-row": "current-row", "bar": "bar", "bar-text": "bar-text",
    "block-cursor-background": "current-row", "block-cursor-foreground": "text",
    "block-cursor-blurred-background": "current-row", "block-cursor-blurred-foreground": "text",
    "block-hover-background": "field", "input-selection-background": "current-row",
}  # fmt: skip
"""Which colour each name of the style sheet has: Textual would blend colours of its own."""


def _theme(name: str, of: Mapping[str, str]) -> Theme:
    return Theme(
        name=name, dark=name in ("dark", "high-contrast"), text_alpha=1.0,
        primary=of["primary"], secondary=of["secondary"], accent=of["accent"],
        success=of["success"], warning=of["warning"], error=of["error"],
        foreground=of["text"], background=of["background"], surface=of["surface"],
        panel=of["field"], boost=of["field"],
        variables={name: of[colour] for name, colour in _VARIABLES.items()},
    )  # fmt: skip


THEMES = MappingProxyType(
    {
        name: _theme(name, {colour: row[k] for colour, row in _COLOURS.items()})
        for k, name in enumerate(_NAMES)
    }
)
"""The themes that a reader chooses from, by name."""
