"""A Comparison in words: the table of ways, the pairs (v, v̇) beside v̄, the swell; and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from graphstep.errors import InputError
from graphstep.format.numbers import decimals_asked, minus, number
from graphstep.format.plain import plain
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.lab.comparison import Comparison
from graphstep.lab.descent_report import columns
from graphstep.lab.ways import Way
from graphstep.output.labels import visible

DECIMALS = 7
FEW = 3
"""A gradient of at most so many numbers is printed, of a longer one the first two."""
MOST_VALUES = 24
NOTE, FORMULA = 60, 44


def comparison_text(found: Comparison) -> str:
    """Return all that a terminal shows of a comparison but its plot."""
    names = ", ".join(map(visible, found.inputs[:FEW]))
    more = f", … ({len(found.inputs)} numbers)" if len(found.inputs) > FEW else ""
    parts = [
        f"Four ways to the derivative of {visible(found.text, 72)} by {names}{more}\n",
        _ways(found.ways),
        f"error: largest distance from {found.reference}; time: without the recording",
    ]
    if len(found.trace.values) <= MOST_VALUES:
        parts.append("\nForward mode carries pairs (v, v̇), reverse mode the adjoints v̄\n")
        parts.append(_duals(found))
    if found.swell:
        parts.append(f"\nThe formula of the derivative by {visible(found.inputs[0])} swells\n")
        parts.append(_swell(found))
    parts.append("")
    parts.append(found.errors.text() if found.errors is not None else found.errors_note)
    return "\n".join(parts)


def to_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data; what is not finite becomes a text."""
    data = {
        "source": found.text,
        "inputs": list(found.inputs),
        "reference": found.reference,
        "ways": [asdict(way) for way in found.ways],
        "errors": None if found.errors is None else asdict(found.errors),
        "errors_note": found.errors_note,
        "swell": [asdict(row) for row in found.swell],
    }
    made: dict[str, Any] = plain(data)
    return made


def _ways(ways: Sequence[Way]) -> str:
    rows = [["way", "derivative", "error", "operations", "time", ""]]
    for way in ways:
        if way.gradient is None:
            rows.append([way.name, "does not apply", "", "", "", visible(way.note, NOTE)])
            continue
        rows.append(
            [
                way.name,
                _gradient(way.gradient),
                "" if way.error is None else "0" if way.error == 0 else f"{way.error:.1e}",
                f"{way.operations:,}",
                _time(way.seconds or 0.0),
                visible(way.note, NOTE),
            ]
        )
    return columns(rows)


def _duals(found: Comparison) -> str:
    trace = found.trace
    timeline = trace.timeline()
    first = next(i for i in trace.recorded.inputs if _label(found, i) == _stem(found.inputs[0]))
    rows = [["", "", "v", f"v̇ ({visible(_stem(found.inputs[0]))}: 1)", "v̄"]]
    for i in trace.values:
        formula = visible(_label(found, i) if i <= 0 else timeline.formula(i), FORMULA)
        try:
            tangent = shown(trace.tangent(first, i))
        except InputError:
            tangent = "no formula"
        adjoint = trace.adjoint(i)
        rows.append(
            [
                symbol(i),
                formula,
                minus(shown(trace.values[i].value)),
                minus(tangent),
                "no path" if adjoint is None else minus(shown(adjoint)),
            ]
        )
    return columns(rows)


def _swell(found: Comparison) -> str:
    rows = [["", "derivative, simplified", "operations", "simplified", "AD: (v, v̇)"]]
    for row in found.swell:
        short = row.simplified if row.simplified is not None else row.derivative
        rows.append(
            [
                visible(row.name, 20),
                visible(short, FORMULA),
                f"{row.operations:,}",
                "too long"
                if row.simplified_operations is None
                else f"{row.simplified_operations:,}",
                f"{row.automatic:,}",
            ]
        )
    return columns(rows)


def _label(found: Comparison, i: int) -> str:
    return found.trace.values[i].shown_name


def _stem(name: str) -> str:
    return name.partition("[")[0]


def _gradient(gradient: Sequence[float]) -> str:
    texts = [minus(number(slope, decimals_asked(DECIMALS))) for slope in gradient]
    if len(texts) > FEW:
        texts = [*texts[:2], "…"]
    return texts[0] if len(gradient) == 1 else f"[{', '.join(texts)}]"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"
