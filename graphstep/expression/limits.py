"""How large an expression, and what it computes, may get."""

from __future__ import annotations

from typing import Final

MAX_LENGTH: Final = 10_000
"""Characters of text."""

MAX_DEPTH: Final = 100
"""Levels of nesting; a flat chain such as a + b + c counts as one level."""

MAX_NODES: Final = 20_000
"""Sub-expressions."""

MAX_EXPONENT: Final = 10_000
"""Absolute value of a literal integer exponent."""

MAX_ELEMENTS: Final = 16_777_216
"""Elements of one tensor."""

MAX_TOTAL_ELEMENTS: Final = 16 * MAX_ELEMENTS
"""Elements of all results of one run together, for every one of them is kept."""

MAX_INTEGER: Final = 2**63 - 1
"""Largest integer that a tensor can hold."""
