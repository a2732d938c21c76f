"""Numbers as a lecture prints them."""

from __future__ import annotations

import math

DECIMALS = 4


def number(value: bool | int | float | complex, decimals: int = DECIMALS) -> str:
    """Return a number with up to `decimals` decimals and at least as many significant digits.

    >>> number(230.0), number(-0.33238), number(0.00012345), number(1.5e9)
    ('230', '-0.3324', '0.0001234', '1.5e9')
    """
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, complex):
        sign = (
            "-" if value.imag < 0 or (value.imag == 0 and math.copysign(1, value.imag) < 0) else "+"
        )
        return f"{number(value.real, decimals)}{sign}{number(abs(value.imag), decimals)}j"
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    size = abs(value)
    if size >= 10**7 or size < 10**-decimals:
        mantissa, exponent = f"{value:.{decimals - 1}e}".split("e")
        return f"{_strip(mantissa)}e{int(exponent)}"
    digits = decimals if size >= 1 else decimals - math.floor(math.log10(size)) - 1
    return _strip(f"{value:.{digits}f}")


def minus(text: str) -> str:
    """Return a number's text with the minus sign that screens and slides use."""
    return text.replace("-", "−")


def _strip(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
