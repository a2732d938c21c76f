"""What one can choose about a picture: folding, direction, letters, and what boxes say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict

from graphstep.errors import InputError
from graphstep.output.dot import FONT, FONT_SIZE, Direction, check_direction
from graphstep.output.folding import Collapse, check_collapse

SMALLEST, LARGEST = 6.0, 72.0


class PictureChoices(TypedDict, total=False):
    """Name the options of a picture, as `Trace.svg` and `Trace.export` take them."""

    collapse: Collapse
    max_nodes: int | None
    clusters: bool
    partials: bool
    values: bool
    font: str
    font_size: float
    direction: Direction


class Lettering(TypedDict):
    """Name what the writers of DOT, SVG and images take."""

    font: str
    font_size: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """Hold how a picture is drawn; raise InputError for what cannot be.

    `collapse` and `max_nodes` are those of `folded_groups`; `clusters` frames the modules that
    are open; `partials` and `values` say whether arrows and boxes have numbers; `font`,
    `font_size` in points and `direction` (TB or LR) are Graphviz's.
    """

    collapse: Collapse = "auto"
    max_nodes: int | None = None
    clusters: bool = False
    partials: bool = True
    values: bool = True
    font: str = FONT
    font_size: float = FONT_SIZE
    direction: Direction = "TB"

    def __post_init__(self) -> None:
        check_collapse(self.collapse, self.max_nodes)
        check_direction(self.direction)
        if not SMALLEST <= self.font_size <= LARGEST:
            raise InputError(
                f"letters of {self.font_size:g} points cannot be read"
                f" (must be {SMALLEST:g} to {LARGEST:g})"
            )
        if not re.fullmatch(r"\w[\w ,.-]{0,79}", self.font):
            raise InputError(f"{self.font!r} is no name of a font")

    @property
    def lettering(self) -> Lettering:
        return {"font": self.font, "font_size": self.font_size, "direction": self.direction}


USUAL = PictureOptions()
