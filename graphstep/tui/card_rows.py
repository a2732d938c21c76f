"""The lines of a card: facts, tensors side by side, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from textual.content import Content

from graphstep.output.labels import clipped, visible
from graphstep.steps.card import GAP, INDENT, Card, Section
from graphstep.steps.heat import Heat, Role
from graphstep.tui.wrapping import wrapped

LONG = 2000
BAR = re.compile("(█+)")
APART = 4
"""Cells between two facts of a line."""
LOOKS: Mapping[Role, str] = {
    "positive": "$text-accent",
    "negative": "$text-primary",
    "zero": "$text-muted",
    "size": "$text-accent",
    "not finite": "$text-error bold",
}
"""The colours say again what the signs of a cell say."""


def card_text(shown: Card, width: int) -> Content:
    """Return a card within `width` cells; what the user named is never read as markup."""
    lines = list(_facts(shown.facts, width))
    if shown.columns > 1:
        beside, below = shown.sections[: shown.columns], shown.sections[shown.columns :]
        room = (width - GAP * (shown.columns - 1)) // shown.columns
        lines += [Content(""), *_beside([list(_section(one, room)) for one in beside], room)]
    else:
        below = shown.sections
    for section in below:
        lines += [Content(""), *_section(section, width)]
    return Content("\n").join(lines)


def _facts(facts: Sequence[tuple[str, str]], width: int) -> Iterator[Content]:
    """Give the facts, as many on a line as fit; a long one has lines of its own."""
    line = Content("")
    for word, text in facts:
        if word == "source":
            # The pane above has the whole line.
            text = clipped(visible(text, LONG), width - len(word) - 2)
        fact = Content.assemble((f"{word}  ", "$text-muted"), visible(text, LONG))
        joined = line + " " * APART + fact if line else fact
        if joined.cell_length <= width:
            line = joined
            continue
        if line:
            yield line
        line = Content("")
        if fact.cell_length <= width:
            line = fact
            continue
        first, *others = wrapped(f"{word}  {visible(text, LONG)}", width, len(word) + 2)
        yield Content.assemble((word, "$text-muted"), first[len(word) :])
        yield from map(Content, others)
    if line:
        yield line


def _section(section: Section, width: int) -> Iterator[Content]:
    room = width - INDENT
    for line in wrapped(visible(section.title, LONG), width):
        yield Content.styled(line, "bold")
    for part in section.parts:
        if isinstance(part, Heat):
            yield from _heat(part, room)
            continue
        first, *others = wrapped(visible(part, LONG), room, INDENT)
        # A bar of a histogram is a lot of light for one number.
        words, bar, count = BAR.split(first, 1) if "█" in first else (first, "", "")
        yield Content.assemble(" " * INDENT + words, (bar, "$text-muted"), count)
        yield from (Content(" " * INDENT + row) for row in others)


def _heat(heat: Heat, room: int) -> Iterator[Content]:
    indent = " " * INDENT
    if heat.head:
        yield Content(f"{indent}{heat.head}")
    for row in heat.rows:
        yield Content.assemble(indent, *((cell.text, LOOKS[cell.role]) for cell in row))
    for line in wrapped(heat.legend, room) if heat.legend else ():
        yield Content.assemble(indent, (line, "$text-muted"))


def _beside(columns: Sequence[list[Content]], room: int) -> Iterator[Content]:
    for row in zip_longest(*columns, fillvalue=Content("")):
        cells = [cell + " " * (room + GAP - cell.cell_length) for cell in row[:-1]]
        yield Content.assemble(*cells, row[-1])
