"""How states look: one table of looks by class, and the palettes: light, dark, print
(greyscale) and colour-blind (hues that differ in lightness too).

Every look differs in border, dash or weight as well as in colour, so that no state is told
by colour alone. The hues are Okabe and Ito's, which colour-blind readers can tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from graphstep.errors import InputError


@dataclass(frozen=True, slots=True)
class Theme:
    """Give each role of a drawing its colour."""

    name: str
    background: str
    text: str
    muted: str
    line: str
    box: str
    box_input: str
    box_final: str
    box_gradient: str
    box_current: str
    current: str
    operand: str
    wrong: str
    heat_0: str
    heat_1: str
    heat_2: str
    heat_3: str
    heat_4: str
    heat_5: str
    heat_6: str


@dataclass(frozen=True, slots=True)
class Look:
    """Describe a box or arrow: roles of a Theme, a line width in points, and a dash."""

    stroke: str = ""
    fill: str = ""
    text: str = ""
    width: float = 0.0
    dash: str = ""


LIGHT = Theme(
    "light", background="#ffffff", text="#1a1a1a", muted="#5f5f5f", line="#555555",
    box="#ffffff", box_input="#e6f2fb", box_final="#e2f3ec", box_gradient="#c9e2f7",
    box_current="#fff3d6",
    current="#b34700", operand="#0072b2", wrong="#a3246b",
    heat_0="#7dbde8", heat_1="#aed6f1", heat_2="#dceefa", heat_3="#ffffff",
    heat_4="#fdebd3", heat_5="#fbc98c", heat_6="#f5a04c",
)  # fmt: skip
DARK = Theme(
    "dark", background="#16181d", text="#f2f2f2", muted="#a9adb5", line="#9aa0aa",
    box="#1f232b", box_input="#1c3144", box_final="#143a30", box_gradient="#1d4d73",
    box_current="#4a3606",
    current="#ffb02e", operand="#56b4e9", wrong="#f093c3",
    heat_0="#0f5d92", heat_1="#154565", heat_2="#1b3041", heat_3="#1f232b",
    heat_4="#43301c", heat_5="#6b441a", heat_6="#945510",
)  # fmt: skip
PRINT = Theme(
    "print", background="#ffffff", text="#000000", muted="#4d4d4d", line="#333333",
    box="#ffffff", box_input="#ffffff", box_final="#f0f0f0", box_gradient="#e4e4e4",
    box_current="#dcdcdc",
    current="#000000", operand="#000000", wrong="#000000",
    heat_0="#ffffff", heat_1="#f8f8f8", heat_2="#f0f0f0", heat_3="#e6e6e6",
    heat_4="#dadada", heat_5="#cccccc", heat_6="#bcbcbc",
)  # fmt: skip
COLOUR_BLIND = Theme(
    "colour-blind", background="#ffffff", text="#000000", muted="#595959", line="#404040",
    box="#ffffff", box_input="#dcecf7", box_final="#fff2a8", box_gradient="#b5d7f0",
    box_current="#ffd8a8",
    current="#a34100", operand="#0060a0", wrong="#000000",
    heat_0="#4f9fd8", heat_1="#93c6ea", heat_2="#cfe5f6", heat_3="#ffffff",
    heat_4="#fff2a8", heat_5="#f6c667", heat_6="#e8963a",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT, COLOUR_BLIND)}

DASHES = {"solid": "none", "dashed": "6 4", "dotted": "1.5 3.5", "gapped": "9 3 2 3"}

# Later rows win over earlier ones, in the style sheet and in images alike; a row of two classes is
# for what has both.
NODE_LOOKS: tuple[tuple[str, Look], ...] = (
    ("node", Look("line", "box", "text", 1.2, "solid")),
    ("input", Look(fill="box_input")),
    ("value-pending", Look(stroke="muted", fill="background", text="muted", dash="dashed")),
    ("adjoint-partial", Look(width=2.0, dash="dotted")),
    ("adjoint-final", Look(fill="box_final", width=1.8)),
    # What the reverse sweep is for.
    ("adjoint-final input", Look(fill="box_gradient")),
    ("no-path", Look("muted", "background", "muted", 1.2, "gapped")),
    # From vanishing to exploding: a border that grows with the size goes with the colour.
    *((f"heat-{k}", Look(fill=f"heat_{k}", width=1.0 + 0.4 * k)) for k in range(7)),
    ("heat-zero", Look("muted", "background", "muted", 1.2, "dotted")),
    ("port", Look("muted", "background", "muted", 1.0, "dotted")),
    ("operand", Look(stroke="operand", width=2.6)),
    ("current", Look(stroke="current", fill="box_current", text="text", width=4.0)),
    ("disagrees", Look(stroke="wrong", width=4.0)),
)
EDGE_LOOKS: tuple[tuple[str, Look], ...] = (
    ("edge", Look("line", "line", "text", 1.0)),
    ("used", Look(width=2.0)),
    ("current", Look("current", "current", "text", 3.2)),
)
MARKERS = (("current", "▶"), ("disagrees", "✗"))


def theme(name: str) -> Theme:
    """Return the theme called `name`; raise InputError for a name that is none."""
    if name not in THEMES:
        raise InputError(f"unknown theme {name!r} (must be one of {', '.join(THEMES)})")
    return THEMES[name]


def look(looks: Iterable[tuple[str, Look]], classes: Iterable[str]) -> Look:
    """Return the look of something that has `classes`: each row that applies, in order."""
    having = set(classes)
    seen: dict[str, object] = {}
    for name, row in looks:
        if having.issuperset(name.split()):
            given = {part.name: getattr(row, part.name) for part in fields(Look)}
            seen |= {part: value for part, value in given.items() if value}
    return Look(**seen)  # type: ignore[arg-type]  # the fields of Looks, by their own names


def markers(classes: Iterable[str]) -> str:
    """Return the marks that say without colour what is current (▶) and what disagrees (✗)."""
    having = set(classes)
    return "".join(mark for name, mark in MARKERS if name in having)


def style_sheet(theme: Theme) -> str:
    """Return the CSS of `theme`, for an SVG whose root has the classes graphstep and its name."""
    root = f"svg.graphstep.{theme.name}"
    rules = [
        f"{root} .background {{ fill: {theme.background}; stroke: none; }}",
        f"{root} .edge path {{ fill: none; }}",
        f"{root} .node .marker {{ fill: {theme.current}; font-weight: bold; }}",
        f"{root} .edge text {{ stroke: {theme.background}; stroke-width: 3px;"
        " stroke-linejoin: round; paint-order: stroke; }",
    ]
    for name, row in NODE_LOOKS:
        # A second class must not make a row weigh more than the later ones.
        first, *others = name.split()
        chosen = ".node" if name == "node" else f".node.{first}"
        chosen += "".join(f":where(.{other})" for other in others)
        shape = _declared(theme, row, with_fill=True)
        shapes = ", ".join(f"{root} {chosen} {s}" for s in ("path", "polygon", "polyline"))
        rules.append(f"{shapes} {{ {shape} }}")
        if row.text:
            rules.append(f"{root} {chosen} .line {{ fill: {getattr(theme, row.text)}; }}")
    for name, row in EDGE_LOOKS:
        chosen = ".edge" if name == "edge" else f".edge.{name}"
        line = _declared(theme, row, with_fill=False)
        rules.append(f"{root} {chosen} path, {root} {chosen} polygon {{ {line} }}")
        if row.stroke:
            rules.append(f"{root} {chosen} polygon {{ fill: {getattr(theme, row.stroke)}; }}")
            rules.append(f"{root} {chosen} text {{ fill: {getattr(theme, row.text)}; }}")
    frame = f"{root} .cluster"
    rules.append(
        f"{frame} path, {frame} polygon {{ fill: none; stroke: {theme.muted};"
        " stroke-dasharray: 6 4; }"
    )
    rules.append(f"{frame} text {{ fill: {theme.muted}; }}")
    outline = ", ".join(
        f"{root} g.node {shape}.outline" for shape in ("path", "polygon", "polyline")
    )
    rules.append(f"{outline} {{ fill: none; stroke-width: 1; stroke-dasharray: none; }}")
    return "\n".join(rules)


def _declared(theme: Theme, row: Look, with_fill: bool) -> str:
    parts = []
    if row.stroke:
        parts.append(f"stroke: {getattr(theme, row.stroke)};")
    if row.fill and with_fill:
        parts.append(f"fill: {getattr(theme, row.fill)};")
    if row.width:
        parts.append(f"stroke-width: {row.width:g};")
    if row.dash:
        parts.append(f"stroke-dasharray: {DASHES[row.dash]};")
    return " ".join(parts)
