"""The terminal painter: a laid-out drawing and one step as rows of styled text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from graphstep.output.cell_glyphs import ASCII, UNICODE, Glyphs, plain
from graphstep.output.cell_layout import cell_layout
from graphstep.output.cell_parts import EAST, SOUTH, CellBox, CellLayout, CellWire
from graphstep.output.labels import character_width, clipped, visible
from graphstep.output.picture import ASKED, Frame
from graphstep.output.themes import markers

__all__ = ["Canvas", "CellLayout", "Run", "Viewport", "cell_layout", "paint"]

Classes = tuple[str, ...]


class Run(NamedTuple):
    """Hold text that is all in one style: `classes` as in a Frame, after node, edge or label."""

    text: str
    classes: Classes


@dataclass(frozen=True, slots=True)
class Viewport:
    """Name the part of a layout to paint, in cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Canvas:
    """Hold the painted rows of one viewport; each row's runs are exactly `width` cells wide."""

    width: int
    height: int
    rows: tuple[tuple[Run, ...], ...]

    @property
    def text(self) -> str:
        """Return the rows as plain text, without the blanks at their ends."""
        return "\n".join("".join(run.text for run in row).rstrip() for row in self.rows)


def paint(
    layout: CellLayout,
    frame: Frame | None = None,
    viewport: Viewport | None = None,
    *,
    ascii: bool = False,
) -> Canvas:
    """Paint one step of `layout`; None shows every value final, in the picture's own lines.

    `viewport` limits the painting to a part (default: all), `ascii` uses `+-|` and no
    character above 0x7E.
    """
    shown = frame or Frame()
    view = viewport or Viewport(0, 0, layout.width, layout.height)
    glyphs = ASCII if ascii else UNICODE
    grid = _Grid(view)
    _paint_wires(grid, layout, shown, glyphs)
    for box in layout.boxes:
        if _overlaps(box, view):
            _paint_box(grid, box, shown, glyphs)
    for wire in layout.wires:
        _paint_ends(grid, wire, layout, shown, glyphs)
    return Canvas(view.width, view.height, tuple(grid.rows()))


class _Grid:
    """Collect cells by layout position, dropping those outside the viewport."""

    def __init__(self, view: Viewport) -> None:
        self.view = view
        self.letters = [[" "] * view.width for _ in range(view.height)]
        self.styles: list[list[Classes]] = [[()] * view.width for _ in range(view.height)]

    def put(self, x: int, y: int, letter: str, classes: Classes) -> None:
        column, row = x - self.view.x, y - self.view.y
        if 0 <= column < self.view.width and 0 <= row < self.view.height:
            self.letters[row][column] = letter
            self.styles[row][column] = classes

    def write(self, x: int, y: int, text: str, classes: Classes) -> None:
        row = y - self.view.y
        if not 0 <= row < self.view.height:
            return
        cells = cells_of(text)
        start = max(0, self.view.x - x)
        stop = min(len(cells), self.view.x + self.view.width - x)
        if start >= stop:
            return
        seen = list(cells[start:stop])
        # A wide character that the edge of the viewport cuts is shown as a blank.
        if seen[0] == "":
            seen[0] = " "
        if stop < len(cells) and cells[stop] == "":
            seen[-1] = " "
        column = x + start - self.view.x
        self.letters[row][column : column + len(seen)] = seen
        self.styles[row][column : column + len(seen)] = [classes] * len(seen)

    def rows(self) -> Iterator[tuple[Run, ...]]:
        for letters, styles in zip(self.letters, self.styles, strict=True):
            runs, column = [], 0
            for classes, same in groupby(styles):
                end = column + len(list(same))
                runs.append(Run("".join(letters[column:end]), classes))
                column = end
            yield tuple(runs)


def _paint_wires(grid: _Grid, layout: CellLayout, frame: Frame, glyphs: Glyphs) -> None:
    current = []
    for wire in layout.wires:
        classes = ("edge", *frame.edge_classes.get(wire.key, ()))
        if "current" in classes:
            current.append((wire, classes))
            continue
        for x, y, _, joined in wire.cells:
            grid.put(x, y, glyphs.light[joined], classes)
    # The current arrows lie on top, unbroken: where they cross others they read as bridges.
    for wire, classes in current:
        for x, y, own, _ in wire.cells:
            grid.put(x, y, glyphs.heavy[own], classes)


def _paint_ends(
    grid: _Grid, wire: CellWire, layout: CellLayout, frame: Frame, glyphs: Glyphs
) -> None:
    classes = ("edge", *frame.edge_classes.get(wire.key, ()))
    down = layout.direction == "TB"
    grid.put(*wire.tip, glyphs.tips[SOUTH if down else EAST], classes)
    if wire.label_at:
        label = ASKED if "asked" in classes else wire.label
        label = plain(label) if glyphs is ASCII else label
        grid.write(*wire.label_at, label, ("label", *classes[1:]))
    border = glyphs.border(layout.box(wire.key[0]).kind, frame.node_classes.get(wire.key[0], ()))
    node = ("node", *frame.node_classes.get(wire.key[0], ()))
    grid.put(*wire.exit, border.exits[0 if down else 1], node)


def _paint_box(grid: _Grid, box: CellBox, frame: Frame, glyphs: Glyphs) -> None:
    states = frame.node_classes.get(box.key, ())
    classes = ("node", *states)
    border = glyphs.border(box.kind, states)
    right, bottom = box.x + box.width - 1, box.y + box.height - 1
    inside = box.width - 2
    corners, level = border.corners, border.level * inside
    grid.write(box.x, box.y, corners[0] + level + corners[1], classes)
    grid.write(box.x, bottom, corners[2] + level + corners[3], classes)
    lines = frame.lines.get(box.key, box.lines)
    text_classes = ("text", box.kind, *states)
    for number in range(box.height - 2):
        y = box.y + 1 + number
        line = clipped(visible(lines[number]), inside - 2) if number < len(lines) else ""
        shown = plain(line) if glyphs is ASCII else line
        padding = " " * (inside - 1 - len(cells_of(shown)))
        grid.put(box.x, y, border.upright, classes)
        grid.write(box.x + 1, y, f" {shown}{padding}", text_classes)
        grid.put(right, y, border.upright, classes)
    # Text leaves a blank at each end: the first mark stands before it, a second one after it.
    for mark, x in zip(markers(states), (box.x + 1, right - 1), strict=False):
        grid.put(x, box.y + 1, plain(mark) if glyphs is ASCII else mark, classes)


def _overlaps(box: CellBox, view: Viewport) -> bool:
    return (
        box.x < view.x + view.width
        and view.x < box.x + box.width
        and box.y < view.y + view.height
        and view.y < box.y + box.height
    )


@lru_cache(maxsize=4096)
def cells_of(text: str) -> tuple[str, ...]:
    """Cut `text` into cells: a mark joins its letter, a wide letter is followed by ""."""
    if text.isascii():
        return tuple(text)
    cells: list[str] = []
    for character in text:
        width = character_width(character)
        if width:
            cells += [character, ""][:width]
        elif cells:
            cells[-1 if cells[-1] else -2] += character
    return tuple(cells)
