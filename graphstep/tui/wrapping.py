"""Lines broken to a width in cells, the further ones of each indented."""

from __future__ import annotations

from graphstep.output.labels import cell_width


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Return a text in lines of at most `width` cells, broken at gaps where there are any.

    All lines but the first are indented.
    """
    if cell_width(text) <= width:
        return [text]
    lines, line, room = [], "", width
    bare = text.lstrip(" ")
    first, *others = bare.split(" ")
    for word in (text[: len(text) - len(bare)] + first, *others):
        if line and cell_width(f"{line} {word}") <= room:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
            room = max(1, width - indent)
        line = word
        while cell_width(line) > room:
            cut = next((n for n in range(len(line), 1, -1) if cell_width(line[:n]) <= room), 1)
            lines.append(line[:cut])
            line, room = line[cut:], max(1, width - indent)
    return [lines[0], *(" " * indent + rest for rest in (*lines[1:], line) if rest)]
