"""The characters that boxes and arrows are painted with, in Unicode and in ASCII."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graphstep.output.cell_parts import EAST, SOUTH
from graphstep.output.labels import character_width
from graphstep.output.picture import NodeKind


@dataclass(frozen=True, slots=True)
class Border:
    """Hold a box's characters: corners (top two, bottom two), sides, and exits down and right."""

    corners: str
    level: str
    upright: str
    exits: str


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Hold one character set; `light` and `heavy` are indexed by the sides a line joins."""

    light: str
    heavy: str
    tips: Mapping[int, str]
    kinds: Mapping[NodeKind, Border]
    states: tuple[tuple[str, Border], ...]

    def border(self, kind: NodeKind, states: Collection[str]) -> Border:
        """Return the border of a box: its state's where it has one, else its kind's."""
        for state, border in self.states:
            if state in states:
                return border
        return self.kinds[kind]


# Sides: 1 north, 2 east, 4 south, 8 west.
UNICODE = Glyphs(
    light=" ╵╶╰╷│╭├╴╯─┴╮┤┬┼",
    heavy=" ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋",
    tips={SOUTH: "▼", EAST: "▶"},
    kinds={
        "input": Border("┌┐└┘", "─", "│", "┬├"),
        "value": Border("╭╮╰╯", "─", "│", "┬├"),
        "output": Border("╔╗╚╝", "═", "║", "╤╟"),
        "group": Border("╓╖╙╜", "─", "║", "┬╟"),
    },
    states=(
        ("current", Border("┏┓┗┛", "━", "┃", "┯┠")),
        ("disagrees", Border("┏┓┗┛", "━", "┃", "┯┠")),
        ("value-pending", Border("┌┐└┘", "┄", "┆", "┬├")),
        ("no-path", Border("┌┐└┘", "╌", "╎", "┬├")),
        ("adjoint-partial", Border("┌┐└┘", "┈", "┊", "┬├")),
    ),
)
ASCII = Glyphs(
    light=" |-+||++-+-+++++",
    heavy=" ###############",
    tips={SOUTH: "v", EAST: ">"},
    kinds={
        "input": Border("++++", "-", "|", "++"),
        "value": Border("++++", "-", "|", "++"),
        "output": Border("++++", "=", "|", "++"),
        "group": Border("++++", "-", "!", "++"),
    },
    states=(
        ("current", Border("####", "#", "#", "##")),
        ("disagrees", Border("XXXX", "X", "X", "XX")),
        ("value-pending", Border("....", ".", ":", "..")),
        ("no-path", Border("++++", "~", ":", "++")),
        ("adjoint-partial", Border("++++", ".", ":", "++")),
    ),
)
# One ASCII character each, so that widths stay as they were laid out.
STAND_INS = str.maketrans({"…": "~", "·": "*", "×": "*", "−": "-", "▶": ">", "✗": "X", "¬": "!"})


def plain(text: str) -> str:
    """Return `text` in as many cells with ASCII only: v₋₁ is v-1, v̄ is v, others are ?."""
    return "".join(map(_plain_character, text.translate(STAND_INS)))


def _plain_character(character: str) -> str:
    width = character_width(character)
    if character.isascii() or not width:
        return character if width and character.isprintable() else ""
    near = unicodedata.normalize("NFKD", character).translate(STAND_INS)
    letters = "".join(c for c in near if not unicodedata.combining(c))
    return letters if letters.isascii() and len(letters) == width else "?" * width
