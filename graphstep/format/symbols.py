"""The names v_i, v̄_i, v̇_i and ∂v_j/∂v_i in Unicode, ASCII, LaTeX and MathML."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import normalize

from graphstep.format.numbers import minus

Style = Literal["unicode", "ascii", "latex", "mathml"]
Mark = Literal["value", "adjoint", "tangent"]

_ASCII_PARTIAL = re.compile(r"\bdv_(-?\d+)/dv_(-?\d+)")
_ASCII_NAME = re.compile(r"\bv_(-?\d+)\b")
_SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNICODE_MARKS: dict[Mark, str] = {"value": "v", "adjoint": "v\u0304", "tangent": "v\u0307"}
_ASCII_MARKS = {"value": "v", "adjoint": "vbar", "tangent": "vdot"}
_LATEX_MARKS = {"value": "v", "adjoint": r"\bar v", "tangent": r"\dot v"}
_MATHML_MARKS: dict[Mark, str] = {
    "value": "<mi>v</mi>",
    "adjoint": '<mover accent="true"><mi>v</mi><mo>¯</mo></mover>',
    "tangent": '<mover accent="true"><mi>v</mi><mo>˙</mo></mover>',
}
_LETTER_MARKS: dict[Style, dict[Mark, str]] = {
    "unicode": {"value": "{}", "adjoint": "{}\u0304", "tangent": "{}\u0307"},
    "ascii": {"value": "{}", "adjoint": "{}bar", "tangent": "{}dot"},
    "latex": {"value": "{}", "adjoint": r"\bar {}", "tangent": r"\dot {}"},
    "mathml": {mark: _MATHML_MARKS[mark].replace(">v<", ">{}<") for mark in _UNICODE_MARKS},
}


def symbol(i: int, mark: Mark = "value", style: Style = "unicode") -> str:
    r"""Return the name of v_i, of its adjoint, or of its tangent.

    >>> symbol(-1), symbol(3, "adjoint", "latex"), symbol(3, "tangent", "ascii")
    ('v₋₁', '\\bar v_{3}', 'vdot_3')
    """
    if style == "latex":
        return f"{_LATEX_MARKS[mark]}_{{{i}}}"
    if style == "mathml":
        return f"<msub>{_MATHML_MARKS[mark]}<mn>{minus(str(i))}</mn></msub>"
    if style == "ascii":
        return f"{_ASCII_MARKS[mark]}_{i}"
    return f"{_UNICODE_MARKS[mark]}{str(i).translate(_SUBSCRIPTS)}"


def letter(name: str, number: int = 0, mark: Mark = "value", style: Style = "unicode") -> str:
    r"""Return the name of an operand or a result of a rule: x̄, v₁; number 0 has no subscript.

    >>> letter("x", 0, "adjoint"), letter("v", 1), letter("x", 0, "tangent", "latex")
    ('x̄', 'v₁', '\\dot x')
    """
    marked = normalize("NFC", _LETTER_MARKS[style][mark].format(name))
    if not number:
        return marked
    match style:
        case "latex":
            return f"{marked}_{{{number}}}"
        case "mathml":
            return f"<msub>{marked}<mn>{number}</mn></msub>"
        case "ascii":
            return f"{marked}_{number}"
    return f"{marked}{str(number).translate(_SUBSCRIPTS)}"


def partial_symbol(child: int, parent: int, style: Style = "unicode") -> str:
    """Return the name of the local partial of v_child by v_parent: ∂v₃/∂v₂."""
    return partial_of(symbol(child, style=style), symbol(parent, style=style), style)


def partial_of(above: str, below: str, style: Style = "unicode") -> str:
    """Return the name of the partial of one by the other, both typeset in `style`."""
    if style == "latex":
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    if style == "mathml":
        above, below = (f"<mrow><mo>∂</mo>{name}</mrow>" for name in (above, below))
        return f"<mfrac>{above}{below}</mfrac>"
    sign = "d" if style == "ascii" else "∂"
    return f"{sign}{above}/{sign}{below}"


def with_signs(text: str) -> str:
    """Return a sentence with its ASCII names as Unicode ones.

    >>> with_signs("dv_4/dv_-1 is 0")
    '∂v₄/∂v₋₁ is 0'
    """
    text = _ASCII_PARTIAL.sub(lambda m: partial_symbol(int(m[1]), int(m[2])), text)
    return _ASCII_NAME.sub(lambda m: symbol(int(m[1])), text)


def superscript(text: str) -> str | None:
    """Return an integer as superscript digits, or None where it has none."""
    return text.translate(_SUPERSCRIPTS) if text.lstrip("-").isdigit() else None
