"""User text made safe to show: nothing invisible, nothing that reorders, never too long."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

BLANK = "\N{NO-BREAK SPACE}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
MARKS = frozenset({"Mc", "Me", "Mn"})
MOST_MARKS = 3
PLAIN = re.compile("(?:[ -~±²³·¹Α-Ωα-ω…⁰-₎→∂−√∞≠≤≥][\u0304\u0307]?)*")
"""Texts of none but these signs, as nearly all are, have nothing to hide."""


@lru_cache(maxsize=4096)
def visible(text: str, limit: int = 60) -> str:
    r"""Return one line of `text` that shows every character and is at most `limit` cells wide.

    Control characters become their pictures (`\n` is ␊), other invisible, private or
    direction-changing characters and lone surrogates become U+FFFD, piled-up combining
    marks are cut at three, and an empty line becomes a no-break space.
    """
    if not (text.isprintable() and PLAIN.fullmatch(text)):
        text = _without_hidden(text)
    return clipped(text, limit) if text.strip() else BLANK


def clipped(text: str, limit: int) -> str:
    """Cut `text` to `limit` terminal cells, ending in … where anything was cut.

    A list of entries at its end loses whole ones, so that no number loses digits.
    """
    if len(text) <= limit // 2 or cell_width(text) <= limit:
        return text
    if text.endswith("]"):
        fewer = _fewer_entries(text, limit)
        if fewer:
            return fewer
    kept, used = [], 0
    for character in text:
        used += character_width(character)
        if used > limit - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _fewer_entries(text: str, limit: int) -> str:
    """Return `head [1, 2, …]` with as many entries as fit, or the head alone; empty for neither."""
    head, _, entries = text[:-1].rpartition("[")
    parts = entries.split(", ")
    if len(parts) == 1 or "[" in head[-1:] or "]" in entries:
        return ""
    while len(parts) > 1:
        parts.pop()
        shorter = f"{head}[{', '.join(part for part in parts if part != '…')}, …]"
        if cell_width(shorter) <= limit:
            return shorter
    head = head.rstrip()
    return head if head.endswith("]") and cell_width(head) <= limit else ""


def cell_width(text: str) -> int:
    """Return how many terminal cells `text` takes; combining marks take none."""
    return len(text) if text.isascii() else sum(map(character_width, text))


@lru_cache(maxsize=4096)
def character_width(character: str) -> int:
    """Return the terminal cells of one character: 0, 1 or 2."""
    if unicodedata.category(character) in MARKS or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _without_hidden(text: str) -> str:
    # A mark with nothing before it would land on the frame around the text.
    kept = ["\N{DOTTED CIRCLE}"] if _is_mark(text[0]) else []
    marks = 0
    for character in text:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MOST_MARKS:
            kept.append(_seen(character))
    return "".join(kept)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in MARKS


@lru_cache(maxsize=4096)
def _seen(character: str) -> str:
    # A variation selector shows nothing, and terminals disagree on the width it makes.
    if unicodedata.name(character, "").startswith("VARIATION SEL"):
        return ""
    return (
        _stand_in(character) if unicodedata.category(character) in HIDDEN_CATEGORIES else character
    )


def _stand_in(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else REPLACEMENT
