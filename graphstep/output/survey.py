"""Trace tables as the survey prints them: the primal beside the tangents or the adjoints.

Baydin et al. 2018, Table 2 (forward | tangent, top to bottom) and Table 3 (forward | reverse, the
adjoints to be read from the bottom up).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphstep.errors import InputError
from graphstep.format.symbols import Style, symbol
from graphstep.format.tensors import gist
from graphstep.output.rows import MODES, Mode
from graphstep.steps.equation import Equation
from graphstep.steps.step import Step
from graphstep.steps.tangents import tangent_equation
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep


@dataclass(frozen=True, slots=True)
class Half:
    """Hold one side of a row: `name` = `first` = `second` = `result`; empty parts are left out.

    `first` and `second` are formula and numbers of a value or tangent, and the chain rule and
    its formula of an adjoint.
    """

    name: str = ""
    first: str = ""
    second: str = ""
    result: str = ""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        return self.name, self.first, self.second, self.result


NOTHING = Half()
Pair = tuple[Half, Half]


def survey_rows(
    timeline: Timeline, mode: Mode, style: Style, tangents: TangentSweep | None = None
) -> list[Pair]:
    """Return the rows from top to bottom: what stands on the left, and on the right.

    Where steps are contributions each stands beside the operation that hands it on, as in
    Table 3, and an input's finished adjoint beside the input; where they are whole adjoints,
    each stands beside its value. Raises InputError for an unknown mode.
    """
    if mode not in MODES:
        raise InputError(f"unknown mode {mode!r} (must be one of {', '.join(MODES)})")
    beside = _beside(timeline, style)
    if mode == "forward":
        beside = {}
    if mode == "tangent" and tangents is not None:
        beside = {
            i: [_forward(tangent_equation(timeline.trace, tangents, i), style)]
            for i in timeline.trace.values
        }
    rows: list[Pair] = []
    for i in timeline.trace.values:
        left = _forward(timeline.equation(timeline.find(i, "forward")), style)
        rights = beside.get(i) or [NOTHING]
        rows += [(left if k == 0 else NOTHING, right) for k, right in enumerate(rights)]
    return rows + list(_outputs(timeline, mode, style, tangents))


def titles(mode: Mode) -> tuple[str, str]:
    """Return what stands above the two sides."""
    right = {"forward": "", "tangent": "Forward tangent trace ↓"}
    return "Forward primal trace ↓", right.get(mode, "Reverse adjoint trace ↑")


def _beside(timeline: Timeline, style: Style) -> dict[int, list[Half]]:
    """Return what stands beside each v_i, from top to bottom: the last step is the topmost."""
    found: dict[int, list[Half]] = {}
    for step in reversed(timeline):
        if step.half == "forward" or step.kind == "seed":
            continue
        equation = timeline.equation(step.index)
        found.setdefault(_place(step), []).append(_reverse(equation, style))
    for i in timeline.trace.values:
        if timeline.sweep.adjoints[i] is None:
            found[i] = [Half(symbol(i, "adjoint", style), result=_word("no path", style))]
    return found


def _place(step: Step) -> int:
    return step.terms[0].application.first if step.kind == "contribution" else step.i


def _outputs(
    timeline: Timeline, mode: Mode, style: Style, tangents: TangentSweep | None
) -> Iterator[Pair]:
    """Give a row `y = v_5` for each output, and what it starts with or ends in beside it."""
    trace = timeline.trace
    many = len(trace.outputs) > 1
    for number, i in enumerate(dict.fromkeys(trace.outputs), 1):
        which = number if many else None
        value = timeline.equation(timeline.find(i, "forward"))
        left = Half(_output(which, style), symbol(i, style=style), "", value.texts(style)[-1])
        right = NOTHING
        if mode == "tangent" and tangents is not None:
            result = tangent_equation(trace, tangents, i).texts(style)[-1]
            right = Half(_output(which, style, dot=True), symbol(i, "tangent", style), "", result)
        elif mode != "forward":
            start = Equation(value.left, (), gist(timeline.sweep.seeds[i])).texts(style)[-1]
            right = Half(symbol(i, "adjoint", style), _word("seed", style), "", start)
        yield left, right


def _forward(equation: Equation, style: Style) -> Half:
    *lines, result = equation.texts(style)
    first, second = (*lines[-2:], "", "")[:2]
    return Half(equation.left.text(style), first, second, result)


def _reverse(equation: Equation, style: Style) -> Half:
    result = equation.texts(style)[-1]
    lines = [line.text(style) for line in equation.lines[:2]]
    first, second = (*lines, "", "")[:2]
    return Half(equation.left.text(style), first, second if second != first else "", result)


def _output(number: int | None, style: Style, dot: bool = False) -> str:
    """Return y, y_2 for one of several outputs, with a dot for its tangent."""
    if style == "mathml":
        letter = '<mover accent="true"><mi>y</mi><mo>˙</mo></mover>' if dot else "<mi>y</mi>"
        return letter if number is None else f"<msub>{letter}<mn>{number}</mn></msub>"
    dotted = {"unicode": "y\u0307", "ascii": "ydot", "latex": r"\dot y", "mathml": ""}
    letter = dotted[style] if dot else "y"
    if number is None:
        return letter
    return f"{letter}_{{{number}}}" if style == "latex" else f"{letter}_{number}"


def _word(text: str, style: Style) -> str:
    if style == "latex":
        return rf"\text{{{text}}}"
    return f"<mtext>{text}</mtext>" if style == "mathml" else text
