"""The names v_i, v̄_i, v̇_i and ∂v_j/∂v_i in Unicode, ASCII, LaTeX and MathML."""

from __future__ import annotations

import re
from typing import Literal

from graphstep.format.numbers import minus

Style = Literal["unicode", "ascii", "latex", "mathml"]
Mark = Literal["value", "adjoint", "tangent"]

_ASCII_PARTIAL = re.compile(r"\bdv_(-?\d+)/dv_(-?\d+)")
_ASCII_NAME = re.compile(r"\bv_(-?\d+)\b")
_SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNICODE_MARKS = {"value": "v", "adjoint": "v\u0304", "tangent": "v\u0307"}
_ASCII_MARKS = {"value": "v", "adjoint": "vbar", "tangent": "vdot"}
_LATEX_MARKS = {"value": "v", "adjoint": r"\bar v", "tangent": r"\dot v"}
_MATHML_MARKS = {
    "value": "<mi>v</mi>",
    "adjoint": '<mover accent="true"><mi>v</mi><mo>¯</mo></mover>',
    "tangent": '<mover accent="true"><mi>v</mi><mo>˙</mo></mover>',
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


def partial_symbol(child: int, parent: int, style: Style = "unicode") -> str:
    """Return the name of the local partial of v_child by v_parent: ∂v₃/∂v₂."""
    if style == "latex":
        above, below = symbol(child, style=style), symbol(parent, style=style)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    if style == "mathml":
        above, below = symbol(child, style=style), symbol(parent, style=style)
        above, below = (f"<mrow><mo>∂</mo>{name}</mrow>" for name in (above, below))
        return f"<mfrac>{above}{below}</mfrac>"
    letter = "d" if style == "ascii" else "∂"
    return f"{letter}{symbol(child, style=style)}/{letter}{symbol(parent, style=style)}"


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
