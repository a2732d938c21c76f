"""What to write in place of the mathematics that people type and Python does not take."""

from __future__ import annotations

import re
from keyword import iskeyword

from graphstep.expression.catalogue import FUNCTIONS

MISSING_TIMES = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)(?=([^\W\d]\w*))")
SIDE_BY_SIDE = re.compile(r"\b([^\W\d]\w*)\s+(?=([^\W\d]\w*|\d+\.?\d*))")
RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
BARS = re.compile(r"\|([^|]+)\|")
ON_THE_LINE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def advised(code: str) -> tuple[str, int]:
    """Return how to write what is wrong in a piece of code, and its column; or nothing, and 0."""
    if found := MISSING_TIMES.search(code):
        return f"write '*' between factors, as in {found[1]}*{found[2]}", found.end()
    if found := RAISED.search(code):
        return f"write **{found[0].translate(ON_THE_LINE)} for {found[0]}", found.start()
    if found := BARS.search(code):
        return f"write abs({found[1].strip()}) for {found[0]}", found.start()
    for found in SIDE_BY_SIDE.finditer(code):
        first, second = found[1], found[2]
        if iskeyword(first) or iskeyword(second):
            continue
        if first in FUNCTIONS:
            return f"write {first}({second}) for {first} {second}", found.start()
        return f"write '*' between factors, as in {first}*{second}", found.end()
    return "", 0
