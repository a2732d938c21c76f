"""The rule table typeset: what an operation computes, and how its operands' adjoints come about."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import torch

from graphstep.format.formula import Formula, of
from graphstep.format.functions import NAMES
from graphstep.format.latex import latex_text
from graphstep.format.symbols import Style, letter, partial_of
from graphstep.format.term import Letter, Term, Word
from graphstep.output.latex_table import beside_names, latex_table, paragraph
from graphstep.output.table_cells import aligned
from graphstep.recording.internals import operand_names
from graphstep.rules.functions import FUNCTIONS
from graphstep.rules.language import functions, names, parse
from graphstep.rules.row import LINEAR, OPERANDS, Row
from graphstep.rules.table import FAMILIES
from graphstep.rules.torchs_own import torch_formulas

_HEAD = ("operation", "forward", "adjoint of each operand")
_RESULTS = {"v": 0, "v1": 1, "v2": 2, "v3": 3}
_ADJOINTS = {"g": 0, "g1": 1, "g2": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one equation of a row, typeset: `left` is v, ∂v/∂x, x̄ or v̇; nothing is right of none."""

    left: str
    right: str


def write_rules(rows: Sequence[Row], format: str) -> str:
    """Return rows of the table in one of FORMATS."""
    return FORMATS[format](rows)


def write_rule(row: Row, format: str) -> str:
    """Return one row; as text also its place, its tangent and torch's own formulas."""
    return _details(row, _STYLES[format]) if format in _STYLES else write_rules([row], format)


def torch_only(name: str) -> str:
    """Return torch's own formulas of an operation that has no row of ours; empty without any."""
    found = torch_formulas().get(name, ())
    head = f"{name}: no row of ours, torch's own node differentiates it"
    return "\n".join((head, *aligned([("torch", text) for text in found]))) if found else ""


def lines(row: Row, style: Style) -> list[Line]:
    """Return the equations of a row: what it computes, then one for each operand."""
    v = letter("v", style=style)
    made = [Line(v, _typeset(row.forward, style))] if row.forward is not None else []
    for number, (operand, text) in enumerate(zip(_operands(row), row.partials, strict=True)):
        x = of(operand).text(style)
        if text is not None and row.is_elementwise(number):
            left = partial_of(v, x, style)
        else:
            left = of(_marked(operand, "adjoint")).text(style)
        made.append(Line(left, "" if text is None else _typeset(text, style)))
    return made


def family_of(row: Row) -> str:
    """Return the name of the family that a row stands in."""
    return next(family for family, rows in FAMILIES.items() if row in rows)


def _typeset(text: str, style: Style) -> str:
    terms = {name: _term(name) for name in names(text) if name not in NAMES}
    return Formula(parse(text), terms).text(style)


def _term(name: str) -> Term:
    """Return what a name in a rule's scope is written as."""
    if name in _RESULTS:
        return Letter("v", _RESULTS[name])
    if name in _ADJOINTS:
        return Letter("v", _ADJOINTS[name], "adjoint")
    if name == "gs":
        return Word("v\u0304…")
    if name in OPERANDS:
        return Letter(name)
    if name[:1] == "d" and name[1:] in OPERANDS:
        return Letter(name[1:], 0, "tangent")
    return Word(name)


def _marked(term: Letter | Word, mark: str) -> Term:
    if isinstance(term, Letter):
        return Letter(term.name, term.number, "adjoint" if mark == "adjoint" else "tangent")
    return Word(f"adjoint of {term.text}")


def _operands(row: Row) -> list[Letter | Word]:
    """Return a row's operands as its formulas call them; a fifth one goes by its own name."""
    packet = getattr(torch.ops.aten, row.name.split(".")[0], None)
    overloads = () if packet is None else packet.overloads()  # a newer torch's operation
    known = max((operand_names(getattr(packet, o)) for o in overloads), key=len, default=())
    found: list[Letter | Word] = [Letter(name) for name in OPERANDS[: len(row.partials)]]
    found += [Word(name) for name in known[len(found) : len(row.partials)]]
    return found


def _text(rows: Sequence[Row], style: Style) -> str:
    blocks = []
    for family, members in FAMILIES.items():
        cells = [cell for row in members if row in rows for cell in _cells(row, style)]
        if cells:
            blocks.append("\n".join((family, *aligned(cells))))
    return "\n\n".join(blocks)


def _cells(row: Row, style: Style) -> list[tuple[str, str]]:
    shown = [_equation(line) for line in lines(row, style)]
    return [(row.name if k == 0 else "", text) for k, text in enumerate(shown)]


def _equation(line: Line) -> str:
    return f"{line.left} = {line.right}" if line.right else f"{line.left}: no gradient"


def _details(row: Row, style: Style) -> str:
    head = f"{row.name}: a row of ours, {family_of(row)}"
    cells = []
    for line in lines(row, style):
        cells.append((line.left, f"= {line.right}" if line.right else "no gradient"))
    if row.tangent is not None:
        tangent = of(Letter("v", 0, "tangent")).text(style)
        linear = "the operation itself, of the tangents"
        cells.append(
            (tangent, f"= {linear if row.tangent == LINEAR else _typeset(row.tangent, style)}")
        )
    cells += [("torch", text) for text in torch_formulas().get(row.name, ())]
    return "\n".join((head, *aligned(cells), *_meanings(row)))


def _meanings(row: Row) -> list[str]:
    """Return what each function of ours that a row calls gives, from its docstring."""
    texts = [text for text in (row.forward, *row.partials, row.tangent) if text]
    called = dict.fromkeys(name for text in texts if text != LINEAR for name in functions(text))
    found = []
    for name in called:
        function = FUNCTIONS.get(name)
        if function is None or not (function.__module__ or "").startswith("graphstep."):
            continue
        words = inspect.getdoc(function)
        if words and inspect.isfunction(function):
            given = ", ".join(inspect.signature(function).parameters)
            found += [
                "",
                f"{name}({given})",
                *(f"  {line}".rstrip() for line in words.splitlines()),
            ]
    return found


def _latex(rows: Sequence[Row]) -> str:
    made: list[str] = []
    for family, members in FAMILIES.items():
        chosen = [row for row in members if row in rows]
        if chosen:
            made += [
                *([r"\midrule"] if made else []),
                rf"\multicolumn{{2}}{{l}}{{{latex_text(family)}}} \\",
                r"\midrule",
            ]
        for row in chosen:
            # A name stays with its equations.
            made.append(rf"\multicolumn{{2}}{{l}}{{\texttt{{{latex_text(row.name)}}}}} \\*")
            equations = lines(row, "latex")
            for line in equations:
                right = paragraph([f"= {line.right}"], 26) if line.right else "no gradient"
                end = r"\\" if line is equations[-1] else r"\\*"
                made.append(rf"\quad ${line.left}$ & {right} {end}")
    lefts = [line.left for row in rows for line in lines(row, "latex")]
    return latex_table(beside_names([rf"\quad\quad {left}" for left in lefts]), (), made)


def _mathml(rows: Sequence[Row]) -> str:
    made = ['<table class="graphstep-rules">']
    for family, members in FAMILIES.items():
        chosen = [row for row in members if row in rows]
        if chosen:
            made.append(f'<tbody><tr><th colspan="3" scope="rowgroup">{escape(family)}</th></tr>')
            made += [cells for row in chosen for cells in _mathml_rows(row)]
            made.append("</tbody>")
    return "\n".join((*made, "</table>"))


def _mathml_rows(row: Row) -> Iterable[str]:
    for k, line in enumerate(lines(row, "mathml")):
        name = f"<code>{escape(row.name)}</code>" if k == 0 else ""
        right = "no gradient"
        if line.right:
            right = f'<math displaystyle="true"><mo>=</mo>{line.right}</math>'
        left = f'<math displaystyle="true">{line.left}</math>'
        yield f"<tr><td>{name}</td><td>{left}</td><td>{right}</td></tr>"


def _markdown(rows: Sequence[Row]) -> str:
    def line(cells: Sequence[str]) -> str:
        quoted = (f"`{cell}`".replace("|", "\\|") if cell else "" for cell in cells)
        return f"| {' | '.join(quoted)} |"

    found = [f"| {' | '.join(_HEAD)} |", "| --- | --- | --- |"]
    for row in rows:
        partials = " | ".join("none" if text is None else text for text in row.partials)
        found.append(line((row.name, row.forward or "", partials)))
    return "\n".join(found)


def _json(rows: Sequence[Row]) -> str:
    found = [
        {
            "name": row.name,
            "family": family_of(row),
            "forward": row.forward,
            "partials": row.partials,
            "tangent": row.tangent,
        }
        for row in rows
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)


_STYLES: dict[str, Style] = {"text": "unicode", "ascii": "ascii"}
FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {
    **{name: partial(_text, style=style) for name, style in _STYLES.items()},
    "latex": _latex,
    "mathml": _mathml,
    "markdown": _markdown,
    "json": _json,
}
