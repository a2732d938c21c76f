"""Numbers as a lecture prints them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from graphstep.errors import InputError

MOST_DECIMALS = 17
DECIMALS = 4
_here: ContextVar[int | None] = ContextVar("decimals", default=None)
_everywhere: list[int] = []


@contextmanager
def printed_with(decimals: int | None) -> Iterator[None]:
    """Print numbers with up to `decimals` decimals for a while; None leaves all as it is.

    Other threads print theirs as before. Raises InputError for less than one decimal, or more
    than a float64 has.
    """
    if decimals is None:
        yield
        return
    token = _here.set(_checked(decimals))
    try:
        yield
    finally:
        _here.reset(token)


@contextmanager
def printed_everywhere(decimals: int | None) -> Iterator[None]:
    """Do the same in every thread, as for a command that has the process to itself."""
    if decimals is None:
        yield
        return
    _everywhere.append(_checked(decimals))
    try:
        yield
    finally:
        _everywhere.pop()


def decimals_asked(usual: int = DECIMALS) -> int:
    """Return how many decimals are to be printed here, `usual` where nothing is said."""
    here = _here.get()
    if here is not None:
        return here
    return _everywhere[-1] if _everywhere else usual


def _checked(decimals: int) -> int:
    if not 1 <= decimals <= MOST_DECIMALS:
        raise InputError(f"no precision {decimals}: it is 1 to {MOST_DECIMALS} decimals")
    return decimals


def number(value: bool | int | float | complex, decimals: int | None = None) -> str:
    """Return a number with up to `decimals` decimals and at least as many significant digits.

    Without `decimals` there are as many as `printed_with` says, four where nothing is said.

    >>> number(230.0), number(-0.33238), number(0.00012345), number(1.5e9)
    ('230', '-0.3324', '0.0001234', '1.5e9')
    """
    if decimals is None:
        decimals = decimals_asked()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, complex):
        if not is_sum(value):
            return f"{number(value.imag, decimals)}j"
        sign = (
            "-" if value.imag < 0 or (value.imag == 0 and math.copysign(1, value.imag) < 0) else "+"
        )
        return f"{number(value.real, decimals)}{sign}{number(abs(value.imag), decimals)}j"
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    return _decimal(value, decimals)


@lru_cache(maxsize=4096)
def _decimal(value: float, decimals: int) -> str:
    """Return a number that is neither zero nor infinite; most are shown more than once."""
    size = abs(value)
    if size >= 10**7 or size < 10**-decimals:
        mantissa, exponent = f"{value:.{decimals - 1}e}".split("e")
        return f"{_strip(mantissa)}e{int(exponent)}"
    digits = decimals if size >= 1 else decimals - math.floor(math.log10(size)) - 1
    # Beyond the digits that tell a float64 from its neighbours there is only noise.
    texts = [f"{value:.{digits}f}", repr(float(value))]
    return _strip(min((text for text in texts if "e" not in text), key=len))


def is_sum(value: complex) -> bool:
    """Tell whether a complex number is written with a real part too."""
    return value.real != 0 or math.copysign(1, value.real) < 0


def minus(text: str) -> str:
    """Return a number's text with the minus sign that screens and slides use."""
    return text.replace("-", "−")


def _strip(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
