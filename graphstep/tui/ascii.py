"""The screen in ASCII alone, for terminals that know no more: every line is put in other signs.

A sign that needs more room takes it from a gap behind it, so that what stands in columns and
boxes stays there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from graphstep.output.labels import character_width

MACRON, DOT, PRIME = "\N{COMBINING MACRON}", "\N{COMBINING DOT ABOVE}", "'"
SIGNS: Mapping[str, str] = {
    "·": "*", "×": "x", "−": "-", "±": "+-", "√": "sqrt", "∂": "d", "∇": "D", "Σ": "S", "‖": "|",
    "⟨": "<", "⟩": ">", "≤": "<=", "≥": ">=", "≠": "!=", "¬": "!", "→": ">", "←": "<", "↑": "^",
    "↓": "v", "▶": ">", "▼": "v", "✓": "ok", "✗": "!", "⏎": "Enter", "′": PRIME, "ᵀ": PRIME,
    "σ": "sigma", "π": "pi", "θ": "theta", "μ": "mu", "ε": "eps", "α": "alpha", "▁": "_",
    "▔": "-", "█": "#", "░": ".", "▒": ":", "▓": "%", "▂": ".", "▃": ":", "▄": "-", "▅": "=",
    "▆": "+", "▇": "*", "∞": "i", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip
LEVEL = frozenset("─━┄┅┈┉╌╍═╴╶╸╺╼╾")
UPRIGHT = frozenset("│┃┆┇┊┋╎╏║╵╷╹╻╽╿▌▐▎▊▏▕")


CONSOLES = frozenset({"linux", "vt100", "vt102", "vt220", "ansi", "cons25"})
"""Terminals with a few hundred glyphs, or one byte each."""


def wants_ascii(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Tell whether a terminal of this name, locale and encoding knows ASCII alone.

    The first of LC_ALL, LC_CTYPE and LANG that is set decides; where none is, the encoding does.
    A console has no glyphs for subscripts, whatever its locale.
    """
    if environment.get("TERM") in CONSOLES:
        return True
    name = (encoding or "").lower().replace("-", "").replace("_", "")
    if name and not name.startswith("utf"):
        return True
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((environment[key] for key in names if environment.get(key)), "")
    charset = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
    if locale in ("C", "POSIX"):
        return True
    return bool(charset) and charset != "utf8"


class AsciiFilter(LineFilter):
    """Write each line of the screen in ASCII, as wide as it was."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isascii() for segment in segments):
            return segments
        texts = ascii_texts([segment.text for segment in segments])
        return [
            Segment(text, segment.style, segment.control)
            for text, segment in zip(texts, segments, strict=True)
        ]


def ascii_texts(texts: Sequence[str]) -> list[str]:
    """Return the pieces of a line in ASCII, together as many cells wide as before."""
    characters = [(k, c) for k, text in enumerate(texts) for c in text]
    line = "".join(c for _, c in characters)
    found = [""] * len(texts)
    owed = 0
    for at, (k, character) in enumerate(characters):
        following = line[at + 1 : at + 2]
        if owed and _is_gap(character, following):
            owed -= 1
            continue
        made = _ascii(character, line[at - 1 : at], line[at + 1 : at + 4])
        owed += len(made) - character_width(character)
        found[k] += made
    for k in reversed(range(len(found))):
        kept = max(0, len(found[k]) - owed)
        owed -= len(found[k]) - kept
        found[k] = found[k][:kept]
    return found


def _is_gap(character: str, following: str) -> bool:
    """Tell whether a cell can go: two words never come together, and a frame keeps its corner."""
    if character == " ":
        return following in ("", " ") or following in UPRIGHT
    return character in LEVEL and following == character


def _ascii(character: str, before: str, after: str) -> str:
    """Return what stands for a character; `before` and `after` are its neighbours."""
    mark = after[:1]
    if character.isascii():
        marked = {MACRON: character.upper(), DOT: character + PRIME}
        return marked.get(mark, character)
    if character == "·" and before == " " and mark == " ":
        return "|"
    if character == "…":
        return "..." if after[:2].isspace() and len(after) > 1 else "~"
    if character in SIGNS:
        return SIGNS[character]
    if character in LEVEL:
        return "-"
    if character in UPRIGHT:
        return "|"
    if "─" <= character <= "╿":
        return "+"
    if not character_width(character):
        return ""
    plain = unicodedata.normalize("NFKD", character)
    if plain.endswith(DOT):
        return plain[0] + PRIME
    plain = "".join(c for c in plain.replace("−", "-") if c.isascii())
    if unicodedata.decomposition(character).startswith("<super>"):
        risen = unicodedata.decomposition(before).startswith("<super>") if before else False
        return plain if risen else f"^{plain}"
    return plain if len(plain) == 1 else "?" * character_width(character)
