"""Words and numbers for LaTeX: nothing in them is a command, and pdflatex knows every sign."""

from __future__ import annotations

import re

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "…": r"\ldots{}",
    "\N{NO-BREAK SPACE}": "~",
} | {sign: f"\\{sign}" for sign in "#$%&_{}"}
_SIGNS = {
    "−": "-", "×": r"\times", "·": r"\cdot", "√": r"\surd", "∂": r"\partial", "∇": r"\nabla",
    "∞": r"\infty", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to", "∈": r"\in",
    "ᵀ": r"{}^{\top}", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda",
    "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda",
    "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma",
    "τ": r"\tau", "\u03c5": r"\upsilon", "φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi",
    "ω": r"\omega", "v\u0304…": r"\bar v \ldots",
}  # fmt: skip
_LAST_KNOWN = "\u017f"
"""pdflatex sets Latin letters with their accents; beyond them it stops at most signs."""
_POWER_OF_TEN = re.compile(r"([0-9])e(-?[0-9]+)")
_WORD = re.compile(r"(?<![\\\w])[^\W\d]\w*(?::[0-9]+)?")
_UPRIGHT = re.compile(r"[A-Za-z0-9_.,=()\[\]+-]*")
_PROSE = re.compile(r"[A-Za-z]+( [A-Za-z]+)+")


def latex_text(text: str) -> str:
    r"""Escape user text for LaTeX, for a place outside of formulas.

    >>> latex_text("a_b → β"), latex_text("中")
    ('a\\_b \\ensuremath{\\to} \\ensuremath{\\beta}', 'U+4E2D')
    """
    return "".join(map(_escaped, text))


def latex_word(text: str) -> str:
    r"""Return a name or a word as a part of a formula.

    >>> latex_word("x1"), latex_word("θ"), latex_word("größe")
    ('\\mathrm{x1}', '\\theta', '\\text{größe}')
    """
    if text in _SIGNS:
        return _SIGNS[text]
    return rf"\{'mathrm' if _UPRIGHT.fullmatch(text) else 'text'}{{{latex_text(text)}}}"


def latex_number(text: str) -> str:
    r"""Return the text of a number, a tensor's entries or its summary as a part of a formula.

    >>> latex_number("-1.5e-7"), latex_number("f32[2] [1, inf]")
    ('-1.5 \\cdot 10^{-7}', '\\mathrm{f32}[2]\\ \\allowbreak [1, \\infty]')
    """
    if _PROSE.fullmatch(text):
        return rf"\text{{{text}}}"
    text = _POWER_OF_TEN.sub(r"\1 \\cdot 10^{\2}", text).replace("] [", r"]\ \allowbreak [")
    words = _WORD.sub(lambda found: _named(found[0]), text)
    return words.replace("…", r"\ldots").replace("−", "-")


def _named(word: str) -> str:
    if word in ("inf", "cdot", "ldots"):
        return r"\infty" if word == "inf" else word
    return latex_word(word)


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[character]}}}"
    known = character.isprintable() and character <= _LAST_KNOWN
    return character if known else f"U+{ord(character):04X}"
