"""Functions that mathematics writes with another sign than the name that code calls them by."""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    """Hold how a function's name is written, `subscript` being set lower where there is one."""

    unicode: str
    latex: str
    subscript: str = ""


SIGNS: dict[str, Sign] = {
    "Phi": Sign("Φ", r"\Phi"),
    "phi": Sign("φ", r"\varphi"),
    "digamma": Sign("ψ", r"\psi"),
    "trigamma": Sign("ψ", r"\psi", "1"),
    "zeta": Sign("ζ", r"\zeta"),
    "log2": Sign("log", r"\log", "2"),
    "log10": Sign("log", r"\log", "10"),
    "i0": Sign("I", "I", "0"),
    "i1": Sign("I", "I", "1"),
}
NAMES: dict[str, Sign] = {
    "pi": Sign("π", r"\pi"),
    "alpha": Sign("α", r"\alpha"),
    "beta": Sign("β", r"\beta"),
    "delta": Sign("δ", r"\delta"),
    "eps": Sign("ε", r"\varepsilon"),
    "lambd": Sign("λ", r"\lambda"),
}
"""Constants and settings, where no number stands in their place."""

FENCES: dict[str, tuple[str, str]] = {"abs": ("|", "|")}
"""Functions that are written as signs around their operand."""

OF_A_QUOTIENT = {"floored": "floor", "truncated": "trunc"}
"""Functions of two operands that are known as functions of their quotient."""

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def unicode_name(name: str) -> str:
    """Return a function's name as a screen writes it.

    >>> unicode_name("digamma"), unicode_name("log2"), unicode_name("tanh")
    ('ψ', 'log₂', 'tanh')
    """
    sign = SIGNS.get(name)
    return name if sign is None else sign.unicode + sign.subscript.translate(_DIGITS)


def latex_name(name: str) -> str | None:
    r"""Return a function's sign in LaTeX, or None where it has only its name.

    >>> latex_name("log10"), latex_name("tanh")
    ('\\log_{10}', None)
    """
    sign = SIGNS.get(name)
    if sign is None:
        return None
    return f"{sign.latex}_{{{sign.subscript}}}" if sign.subscript else sign.latex
