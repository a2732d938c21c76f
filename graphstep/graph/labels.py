"""Label values with the user's own variable names, found where their text assigns them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphstep.graph.application import Application
from graphstep.recording.location import assigned_names
from graphstep.recording.place import Place

_Span = tuple[int, int, int, int]
_Names = Mapping[_Span, tuple[str, ...]]


def labels_of(
    applications: Sequence[Application],
    places: Sequence[Place | None],
    spans: Mapping[_Span, str] | None,
) -> dict[int, str]:
    """Return the label of every value that has one, by number.

    `places` says where in the text each application was asked for; names come
    from `spans` for a typed expression, else from the files. Of the operations that one
    assigned expression ran (Linear is `t`, then `addmm`), the last carries the name; a loop
    that runs the expression again labels each turn's last.
    """
    runs: dict[int, tuple[Place, list[Application]]] = {}
    for application, place in zip(applications, places, strict=True):
        if place is None:
            continue
        # Places of one instruction are one object, which is quicker to tell than equal ones.
        if (run := runs.get(id(place))) is not None:
            run[1].append(application)
        else:
            runs[id(place)] = (place, [application])
    labels: dict[int, str] = {}
    files: dict[str, _Names] = {}
    for place, there in runs.values():
        names = _names(place, spans, files)
        if not names:
            continue
        period = _period([application.name for application in there])
        for application in there[period - 1 :: period]:
            if len(names) == 1:
                for i in application.results.values():
                    labels[i] = names[0]
                continue
            for output, i in application.by_position.items():
                if output < len(names):
                    labels[i] = names[output]
    return labels


def _names(
    place: Place, spans: Mapping[_Span, str] | None, files: dict[str, _Names]
) -> tuple[str, ...]:
    """Return the names of a place; `files` keeps those of each file that was asked for."""
    span = (place.line, place.column, place.end_line, place.end_column)
    if spans is not None:
        return (spans[span],) if span in spans else ()
    if place.file not in files:
        files[place.file] = assigned_names(place.file)
    return files[place.file].get(span, ())


def _period(names: Sequence[str]) -> int:
    """Return the length of the shortest pattern that repeats to give `names`."""
    for length in range(1, len(names) // 2 + 1):
        if len(names) % length == 0 and all(
            names[k] == names[k % length] for k in range(len(names))
        ):
            return length
    return len(names)
