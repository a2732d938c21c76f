"""LaTeX tables that fit their page: in columns, or, where these are too wide, in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROWS_A_PAGE = 40
ROOM = 58
"""A line of a plain article, 345 points wide, has room for so many signs of formulas, …"""
BESIDE = 36
"""… and a column of paragraphs beside one of names for so many, wide letters too."""
MOVED_IN = "1.5em"
MOST = rf"\dimexpr\linewidth-{MOVED_IN}\relax"
BETWEEN = 2
"""The space between two columns is about as wide as so many of them."""
_WORDS = ("left", "right", "bar", "dot", "text", "mathrm", "operatorname", "frac", "allowbreak")
_UNSEEN = frozenset(rf"\{word}" for word in (*_WORDS, " ", ",", ";", "!"))
_SPELLED = frozenset({"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min"})
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_LEFT_RIGHT = re.compile(r"\\(?:left|right)(?![A-Za-z])")
_JOINT = re.compile(r"\\[{}]|[{}]|\\[A-Za-z]+|[=+-]")
_BREAKS = frozenset({"=", "+", "-", r"\cdot", r"\allowbreak", r"\ge", r"\le"})


def latex_table(
    columns: str, head: Sequence[str], rows: Sequence[str], *, breaks: bool = False
) -> str:
    """Return lines of a table between rules, with room for fractions; one that breaks where long.

    `head` comes again on each page. With `breaks` the table may break whatever its length, as
    where a row takes several lines.
    """
    kind = "longtable" if breaks or len(rows) > ROWS_A_PAGE else "tabular"
    packages = ("amsmath", *(("array",) * (">" in columns)), "booktabs")
    packages += ("graphicx",) * any(r"\resizebox" in row for row in rows)
    packages += ("longtable",) * (kind == "longtable")
    return "\n".join(
        (
            f"% needs \\usepackage{{{','.join(packages)}}}",
            r"{\renewcommand{\arraystretch}{1.6}%",
            rf"\begin{{{kind}}}{{{columns}}}",
            r"\toprule",
            *head,
            *((r"\endhead",) if kind == "longtable" else ()),
            *rows,
            r"\bottomrule",
            rf"\end{{{kind}}}}}",
        )
    )


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows of formulas have room beside each other on a page of usual margins."""
    widest = (max(map(_width, column), default=0) for column in zip(*rows, strict=True))
    return sum(width + BETWEEN for width in widest) <= ROOM


def paragraph_column(width: str) -> str:
    """Return a column of paragraphs, of which each but the first line is moved in."""
    return rf">{{\raggedright\arraybackslash\hangindent={MOVED_IN}}}p{{{width}}}"


def beside_names(names: Sequence[str]) -> str:
    """Return two columns as wide as the page: one for names, and one of paragraphs."""
    room = 0.6 * max(map(_width, names), default=0) + 2.5
    column = paragraph_column(rf"\dimexpr\linewidth-{room:.1f}em")
    return f"@{{}}l{column}@{{}}"


def paragraph(parts: Sequence[str], room: int = BESIDE) -> str:
    """Return formulas one behind the other; a line may end before each, and within each.

    One with a piece that cannot be broken, and is wider than `room` signs, shrinks to its column.
    """
    return " ".join(_breakable(part, room) for part in parts if part)


def _breakable(formula: str, room: int) -> str:
    if _width(formula) <= room:
        return f"${formula}$"
    # LaTeX breaks no line between a \left and its \right, nor after a comma.
    loose = _LEFT_RIGHT.sub("", formula).replace(", ", r", \allowbreak ")
    if _widest_piece(loose) <= room:
        return f"${loose}$"
    return rf"\resizebox{{\ifdim\width>{MOST}{MOST}\else\width\fi}}{{!}}{{${formula}$}}"


def _widest_piece(formula: str) -> int:
    """Return the signs of the widest part between two places where a line may end."""
    pieces, start, depth = [], 0, 0
    for found in _JOINT.finditer(formula):
        sign = found[0]
        depth += (sign in ("{", r"\begin")) - (sign in ("}", r"\end"))
        if not depth and sign in _BREAKS:
            pieces.append(formula[start : found.start()])
            start = found.start()
    return max(map(_width, (*pieces, formula[start:])))


def _width(formula: str) -> int:
    return sum(sign not in "{}^_ " for sign in _COMMAND.sub(_sign, formula))


def _sign(command: re.Match[str]) -> str:
    word = command[0][1:]
    return "" if command[0] in _UNSEEN else word if word in _SPELLED else "x"
