"""The themes of the app: every text of theirs can be read on every ground of theirs."""

from __future__ import annotations

from types import MappingProxyType

from textual.theme import Theme

FRONTS = (
    "text", "text-muted", "text-success", "text-warning", "text-error", "text-primary",
    "text-accent",
)  # fmt: skip
"""The colours of texts."""
GROUNDS = ("background", "surface", "field", "current-row")
"""The colours on which any of these may stand; `bar-text` stands on `bar`."""


def _theme(
    name: str,
    *,
    dark: bool,
    text: str,
    muted: str,
    background: str,
    surface: str,
    field: str,
    current_row: str,
    bar: str,
    bar_text: str,
    primary: str,
    text_primary: str,
    secondary: str,
    accent: str,
    success: str,
    warning: str,
    error: str,
) -> Theme:
    """Return a theme whose texts have exactly these colours: Textual would blend them."""
    return Theme(
        name=name, dark=dark, text_alpha=1.0, primary=primary, secondary=secondary, accent=accent,
        success=success, warning=warning, error=error, foreground=text, background=background,
        surface=surface, panel=field, boost=field,
        variables={
            "text": text, "text-muted": muted, "text-disabled": muted, "text-success": success,
            "text-warning": warning, "text-error": error, "text-primary": text_primary,
            "text-accent": accent, "foreground-muted": muted, "field": field,
            "current-row": current_row, "bar": bar, "bar-text": bar_text,
            "block-cursor-background": current_row, "block-cursor-foreground": text,
            "block-cursor-blurred-background": current_row,
            "block-cursor-blurred-foreground": text,
            "block-hover-background": field,
            "input-selection-background": current_row,
        },
    )  # fmt: skip


DARK = _theme(
    "dark", dark=True, text="#e4e4e4", muted="#a8a8a8", background="#121212", surface="#1e1e1e",
    field="#282828", current_row="#173a5c", bar="#005a9e", bar_text="#ffffff", primary="#0178d4",
    text_primary="#7cbcf2", secondary="#3c5a73", accent="#ffc473", success="#8ad4a1",
    warning="#ffc473", error="#ff8f9f",
)  # fmt: skip
LIGHT = _theme(
    "light", dark=False, text="#1a1a1a", muted="#545454", background="#fafafa", surface="#ececec",
    field="#dfdfdf", current_row="#cfe3f7", bar="#004578", bar_text="#ffffff", primary="#004578",
    text_primary="#004578", secondary="#0178d4", accent="#8a4300", success="#1c6434",
    warning="#8a4300", error="#a82c4c",
)  # fmt: skip
CONTRAST = _theme(
    "high-contrast", dark=True, text="#ffffff", muted="#ffffff", background="#000000",
    surface="#000000", field="#202020", current_row="#303030", bar="#ffffff", bar_text="#000000",
    primary="#ffff00", text_primary="#ffff00", secondary="#ffffff", accent="#00ffff",
    success="#00ff00", warning="#ffff00", error="#ffa8a8",
)  # fmt: skip
PROJECTOR = _theme(
    "projector", dark=False, text="#000000", muted="#333333", background="#ffffff",
    surface="#f4f4f4", field="#e8e8e8", current_row="#cfe3f7", bar="#003f8a", bar_text="#ffffff",
    primary="#003f8a", text_primary="#003f8a", secondary="#404040", accent="#6a1a8e",
    success="#004d22", warning="#6b3300", error="#8e001a",
)  # fmt: skip
"""Black on white, as beamers show best; the style sheet gives its screens room."""

THEMES = MappingProxyType({one.name: one for one in (DARK, LIGHT, CONTRAST, PROJECTOR)})
"""The themes that a reader chooses from, by name."""
