"""Find values by name, label, operation, module or line of the source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from graphstep.format.symbols import symbol
from graphstep.graph.trace_graph import TraceGraph
from graphstep.graph.value import Value

_BARE = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-", "_")
FIELDS = ("name", "label", "op", "module", "line")


@dataclass(frozen=True, slots=True)
class Hit:
    """Name a value that was found; `found_by` says in which of FIELDS."""

    i: int
    found_by: str
    text: str


class Index:
    """Hold the words of every value, so that a search while typing is quick."""

    def __init__(self, trace: TraceGraph) -> None:
        self._rows = [(value, _words(value)) for value in trace.values.values()]

    def search(self, text: str, most: int) -> tuple[Sequence[Hit], int]:
        """Return up to `most` hits, whole words first, and how many there are in all.

        Every word of `text` must be part of some field, the case aside; `op:add`, `module:fc` or
        `line:12` looks in that field alone, and a line or a name counts only as a whole.
        """
        wanted = [_wanted(word) for word in text.lower().split()]
        if not wanted:
            return (), 0
        exact: list[Hit] = []
        partly: list[Hit] = []
        for value, words in self._rows:
            found = [_field(words, field, word) for field, word in wanted]
            if not all(found):
                continue
            whole = all(word == words[name] for (_, word), name in zip(wanted, found, strict=True))
            by = ", ".join(dict.fromkeys(found))
            (exact if whole else partly).append(Hit(value.i, by, described(value)))
        hits = [*exact, *partly]
        return hits[:most], len(hits)


def described(value: Value) -> str:
    """Return a value in a line: name, label, operation, module, place."""
    parts = [f"{value.label}: {symbol(value.i)}" if value.label else symbol(value.i)]
    parts.append("input" if value.is_input else value.op.strip("_"))
    if value.module:
        parts.append(f"in {value.module}")
    if value.source is not None:
        parts.append(f"{PurePath(value.source.file).name}:{value.source.line}")
    return "  ".join(parts)


def _words(value: Value) -> dict[str, str]:
    return {
        "name": value.name.lower(),
        "label": (value.label or "").lower(),
        "op": "input" if value.is_input else value.op.strip("_").lower(),
        "module": value.module.lower(),
        "line": "" if value.source is None else str(value.source.line),
    }


def _wanted(word: str) -> tuple[str, str]:
    field, colon, rest = word.partition(":")
    return (field, rest) if colon and field in FIELDS and rest else ("", word)


def bare(name: str) -> str:
    """Return `v3` for `v_3` and for v₃."""
    return name.translate(_BARE)


def _field(words: dict[str, str], field: str, word: str) -> str:
    """Return the first field that holds a word, or nothing."""
    names: Iterable[str] = (field,) if field else FIELDS
    for name in names:
        text = words[name]
        same = text == word or (name == "name" and bare(text) == bare(word))
        if same or (name not in ("line", "name") and word in text):
            return name
    return ""
