"""The code behind a trace, for views that show it beside its steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Name what was run: `text` is the code to show, `file` the name by which places refer to it.

    Both are empty where there is no code to show.
    """

    title: str
    text: str = ""
    file: str = ""
