"""A student's answer: a number, a nested list, or a formula in what is known so far."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.errors import ExpressionError, InputError
from graphstep.expression import parse, run
from graphstep.format.symbols import Mark, symbol
from graphstep.steps.timeline import Timeline

RELATIVE, ABSOLUTE, ROUNDING = 5e-3, 5e-5, 1e-6
"""A number may be rounded as the screen rounds it; a zero allows for the rounding of a formula."""

_NUMBER = r"(?:_?\{([-−]?\d+)\}|_([-−]?\d+)|(\d+)|([₋₀-₉]+))"
_NAME = re.compile(rf"(?<![\w])(v̄|vbar|v){_NUMBER}(?!\w)")
_SIGNS = str.maketrans({"·": "*", "×": "*", "−": "-", "–": "-", "^": "**"})
_SUBSCRIPTS = str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")
_SUPERSCRIPTS = {"²": "**2", "³": "**3", "ᵀ": ".T"}


def read(timeline: Timeline, at: int, text: str) -> Tensor:
    """Return the tensor that an answer stands for, once step `at` is done and no further.

    Values are written v_3, v3 or v₃ (v_-1 for an input), or by their labels; adjoints vbar_3 or
    v̄₃; a sum that is not complete stands for what is in so far. Raises InputError for what
    cannot be read, and for what is not known yet.
    """
    plain, names = _plain(text)
    try:
        program = parse(plain)
    except ExpressionError as error:
        raise InputError(error.problem) from None
    values: dict[str, Tensor] = {}
    for name in program.names:
        found = names.get(name)
        if found is None:
            found = _labelled(timeline, name)
        values[name] = _known(timeline, at, *found)
    if not values:
        # A list of numbers is of the kind of what is asked for, not of torch's default.
        return _evaluated(program.text, {}).to(torch.float64)
    return _evaluated(plain, values)


def close(answer: Tensor, target: Tensor) -> bool:
    """Tell whether an answer is right, but for the rounding of what a student types."""
    mine, right = (strided(one).to("cpu") for one in (answer, target))
    if mine.shape != right.shape:
        return False
    kind = torch.complex128 if mine.is_complex() or right.is_complex() else torch.float64
    mine, right = mine.to(kind), right.to(kind)
    size = right.abs()
    most = float(torch.where(size.isfinite(), size, 0.0).max()) if size.numel() else 0.0
    absolute = min(ABSOLUTE, RELATIVE * most) if most else ROUNDING
    return torch.allclose(mine, right, RELATIVE, absolute, equal_nan=True)


def _evaluated(text: str, values: dict[str, Tensor]) -> Tensor:
    try:
        with torch.no_grad():
            return run(parse(text), values)
    except ExpressionError as error:
        raise InputError(error.problem) from None


def _plain(text: str) -> tuple[str, dict[str, tuple[int, Mark]]]:
    """Return an answer in the expression language, and what its names v_m1, vbar_3 stand for."""
    names: dict[str, tuple[int, Mark]] = {}

    def named(found: re.Match[str]) -> str:
        digits = next(group for group in found.groups()[1:] if group is not None)
        i = int(digits.translate(_SUBSCRIPTS).replace("−", "-"))
        mark: Mark = "value" if found.group(1) == "v" else "adjoint"
        name = f"{'v' if mark == 'value' else 'vbar'}_{i}".replace("-", "m")
        names[name] = i, mark
        return name

    plain = _NAME.sub(named, text).translate(_SIGNS)
    for sign, written in _SUPERSCRIPTS.items():
        plain = plain.replace(sign, written)
    return plain, names


def _labelled(timeline: Timeline, name: str) -> tuple[int, Mark]:
    try:
        return timeline.trace.find(name), "value"
    except InputError:
        raise InputError(f"no value is called {name!r}: write v_3, or vbar_3 for v̄₃") from None


def _known(timeline: Timeline, at: int, i: int, mark: Mark) -> Tensor:
    if i not in timeline.trace.values:
        raise InputError(f"there is no {symbol(i, mark)}")
    if mark == "value":
        state, found = timeline.value_state(i, at), timeline.trace.values[i].value
    else:
        state, found = timeline.adjoint_state(i, at), timeline.sum_at(i, at)
    if state.kind == "pending":
        raise InputError(f"{symbol(i, mark)} is not known yet")
    if found is None:
        why = "has no path" if state.kind == "no path" else "was not recorded"
        raise InputError(f"{symbol(i, mark)} {why}")
    return found.detach()
