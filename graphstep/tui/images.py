"""Images in the terminal: whether it shows any, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphstep.errors import MissingError

if TYPE_CHECKING:
    from textual.widget import Widget

MISSING = "images in the terminal need textual-image; run: pip install 'graphstep[image]'"
NONE_HERE = "this terminal shows no images: the graph stays painted"


@dataclass(frozen=True, slots=True)
class Images:
    """Say that images were asked for; `widget` shows them, None where the terminal shows none."""

    widget: type[Widget] | None


def ask_terminal() -> Images:
    """Ask the terminal which images it shows: kitty's, sixel, or none.

    It answers only as long as no app reads its keys. Raises MissingError where the package that
    asks is not installed.
    """
    try:
        from textual_image import renderable, widget
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "textual_image":
            raise
        raise MissingError(MISSING) from None
    found: dict[Any, type[Widget]] = {
        renderable.SixelImage: widget.SixelImage,
        renderable.TGPImage: widget.TGPImage,
    }
    return Images(found.get(renderable.Image))


def cell_size() -> tuple[int, int]:
    """Return the pixels of a cell, as the terminal said; only where there are images."""
    # No public module of the package hands it out.
    from textual_image._terminal import get_cell_size

    size = get_cell_size()
    return size.width, size.height
