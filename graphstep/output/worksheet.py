"""What a worksheet leaves open: the rows and the drawing of a trace, with blanks to fill in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, get_args

from graphstep.errors import InputError
from graphstep.format.symbols import Style, symbol
from graphstep.output.picture import Frame, Picture, PictureNode
from graphstep.output.scene import Scene
from graphstep.steps.step import Step
from graphstep.steps.timeline import Timeline

Blank = Literal["adjoints", "values", "partials"]
BLANKS: tuple[Blank, ...] = get_args(Blank)
LINE = "_" * 8


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Hold one row: `name` = each of `given` = `numbers` = `result`; None is to be filled in."""

    forward: bool
    name: str
    given: tuple[str | None, ...]
    numbers: str
    result: str | None


def check_blanks(blanks: Collection[str]) -> None:
    """Raise InputError unless every one is something that can be left open."""
    for blank in blanks:
        if blank not in BLANKS:
            raise InputError(f"no blank {blank!r} (there are {', '.join(BLANKS)})")


def sheet_rows(timeline: Timeline, style: Style, blanks: Collection[str]) -> list[SheetRow]:
    """Return the rows in the order of computation, with what `blanks` names left open.

    Without blanks they are the answers, numbers put in and all. Inputs and seeds are given.
    """
    rows = [_row(timeline, step, style, blanks) for step in timeline]
    for i in reversed(timeline.trace.values):
        if timeline.sweep.adjoints[i] is None:
            name = symbol(i, "adjoint", style)
            said = r"\text{no path}" if style == "latex" else "no path"
            rows.append(SheetRow(False, name, (), "", None if "adjoints" in blanks else said))
    return rows


def _row(timeline: Timeline, step: Step, style: Style, blanks: Collection[str]) -> SheetRow:
    equation = timeline.equation(step.index)
    result: str | None = equation.texts(style)[-1]
    lines: list[str | None] = [line.text(style) for line in equation.lines]
    numbers = ""
    if len(lines) > 1:
        last = lines.pop() or ""
        numbers = "" if blanks or last in (lines[-1], result) else last
    forward = step.half == "forward"
    if len(lines) > 1 and "partials" in blanks:
        lines[1:] = [None]
    asked = "values" if forward else "adjoints"
    if asked in blanks and step.kind not in ("input", "seed"):
        result = None
    kept = tuple(dict.fromkeys(lines))
    return SheetRow(forward, equation.left.text(style), kept, numbers, result)


def sheet_picture(scene: Scene, blanks: Collection[str]) -> tuple[Picture, Frame]:
    """Return the drawing with what `blanks` names left open; its boxes have room for both."""
    picture, full = scene.shown(None)
    timeline = scene.timeline
    folded = {node.key for node in picture.nodes if node.kind == "group"}
    lines, classes = dict(full.lines), dict(full.node_classes)
    for i, (first, *numbers) in full.lines.items():
        if not numbers:
            continue
        if i in folded:
            # A folded box tells what its last value is.
            counted, last, arrived = numbers
            if "values" in blanks:
                last = f"{symbol(i)} = {LINE}"
            lines[i] = (first, counted, last, arrived)
            continue
        value, adjoint = numbers
        known = timeline.sweep.seeds.keys() if not timeline.sweep.incoming[i] else ()
        if "values" in blanks and i > 0:
            value = f"{symbol(i)} = {LINE}"
        if "adjoints" in blanks and i not in known:
            adjoint = f"{symbol(i, 'adjoint')} = {LINE}"
            classes[i] = ("value-final", "adjoint-pending")
        lines[i] = (first, value, adjoint)
    if "partials" in blanks:
        edges = [
            edge if {edge.tail, edge.head} & folded else replace(edge, label=edge.label and LINE)
            for edge in picture.edges
        ]
        picture = replace(picture, edges=tuple(edges))
    nodes = tuple(_roomy(node) for node in picture.nodes)
    edge_classes = {} if blanks else full.edge_classes
    return replace(picture, nodes=nodes), Frame(lines, classes, edge_classes)


def _roomy(node: PictureNode) -> PictureNode:
    if node.kind == "group" or len(node.lines) == 1:
        return node
    room = f"v = {LINE}"
    first, *numbers = node.lines
    return replace(node, lines=(first, *(max(line, room, key=len) for line in numbers)))
