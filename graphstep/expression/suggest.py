"""Near names for the ones that are not known."""

from __future__ import annotations

from collections.abc import Container, Iterable
from difflib import get_close_matches

NEAR_IN_MEANING = {
    "ln": "log",
    "lg": "log10",
    "tg": "tan",
    "power": "pow",
    "concatenate": "cat",
    "average": "mean",
    "heaviside": "where",
    "swish": "silu",
    "logistic": "sigmoid",
}
"""Names that users try, and what torch calls it."""


def near(name: str, known: Iterable[str], prefix: str = "") -> str:
    """Return "; did you mean 'sin'?" for the nearest known name, or nothing."""
    candidates = list(known)
    meant = NEAR_IN_MEANING.get(name)
    if meant in candidates:
        return f"; did you mean '{prefix}{meant}'?"
    found = get_close_matches(name, candidates, n=1, cutoff=0.6)
    return f"; did you mean '{prefix}{found[0]}'?" if found else ""


def as_product(name: str, known: Container[str]) -> str:
    """Return "; a product is written a*b" for the name ab where a and b are known, or nothing."""
    for cut in range(1, len(name)):
        if name[:cut] in known and name[cut:] in known:
            return f"; a product is written {name[:cut]}*{name[cut:]}"
    return ""
