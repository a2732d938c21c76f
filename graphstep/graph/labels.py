"""Label values with the user's own variable names, found where their text assigns them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import Value
from graphstep.recording.location import assigned_names
from graphstep.recording.place import Place

_Span = tuple[int, int, int, int]


def label_values(
    values: Mapping[int, Value],
    applications: Sequence[Application],
    spans: Mapping[_Span, str] | None,
) -> dict[int, Value]:
    """Return the values with labels: `spans` for a typed expression, else read from the files.

    Of the operations that one assigned expression ran (Linear is `t`, then `addmm`), the last
    carries the name; a loop that runs the expression again labels each turn's last.
    """
    labelled = dict(values)
    for place, run in _runs(values, applications):
        names = _names(place, spans)
        if not names:
            continue
        period = _period([application.name for application in run])
        for application in run[period - 1 :: period]:
            if len(names) == 1:
                chosen = dict.fromkeys(application.results.values(), names[0])
            else:
                chosen = {
                    i: names[output]
                    for output, i in application.by_position.items()
                    if output < len(names)
                }
            for i, name in chosen.items():
                labelled[i] = replace(labelled[i], label=name)
    return labelled


def _runs(
    values: Mapping[int, Value], applications: Sequence[Application]
) -> list[tuple[Place, list[Application]]]:
    by_place: dict[Place, list[Application]] = {}
    for application in applications:
        place = values[application.first].source
        if place is not None:
            by_place.setdefault(place, []).append(application)
    return list(by_place.items())


def _names(place: Place, spans: Mapping[_Span, str] | None) -> tuple[str, ...]:
    span = (place.line, place.column, place.end_line, place.end_column)
    if spans is not None:
        return (spans[span],) if span in spans else ()
    return assigned_names(place.file).get(span, ())


def _period(names: Sequence[str]) -> int:
    """Return the length of the shortest pattern that repeats to give `names`."""
    for length in range(1, len(names) // 2 + 1):
        if len(names) % length == 0 and all(
            names[k] == names[k % length] for k in range(len(names))
        ):
            return length
    return len(names)
