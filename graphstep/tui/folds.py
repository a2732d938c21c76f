"""Folds: which groups of a trace the graph pane shows as one box, and how near it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from graphstep.format.symbols import symbol
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.collapse import FoldedView
from graphstep.output.folding import Forest, collapsed, expanded, forest_of, opened
from graphstep.output.groups import Group
from graphstep.steps.timeline import Timeline

Zoom = Literal["names", "formulas", "numbers"]
ZOOMS: tuple[Zoom, ...] = ("names", "formulas", "numbers")
LINES: Mapping[Zoom, int] = {"names": 1, "formulas": 1, "numbers": 4}
OVERVIEW = 60
"""Names alone show the whole graph, folded to so many boxes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Say what is folded, and which zoom was chosen; None leaves that to what fits."""

    folded: tuple[Group, ...] = ()
    zoom: Zoom | None = None


AS_IT_IS = Shown()


class Folds:
    """Fold and open the groups of one trace; its forest is made when first needed."""

    def __init__(self, trace: TraceGraph) -> None:
        self.trace = trace
        self.shown = Shown()
        self._known: Forest | None = None
        self._views: dict[tuple[int, tuple[Group, ...]], FoldedView] = {}

    @property
    def _forest(self) -> Forest:
        if self._known is None:
            self._known = forest_of(self.trace)
        return self._known

    def expand(self, i: int) -> bool:
        """Open the folded box that shows v_i; tell whether there was one."""
        return self._fold(expanded(self.view_folds(), i, self._forest))

    def collapse(self, i: int) -> bool:
        """Fold the innermost open group around v_i; tell whether there was one."""
        return self._fold(collapsed(self.view_folds(), i, self._forest))

    def zoom(self, change: int, now: Zoom) -> None:
        """Look nearer (1) or from farther away (-1) than at the zoom there is `now`."""
        at = ZOOMS.index(self.shown.zoom or now) + change
        self.shown = replace(self.shown, zoom=ZOOMS[max(0, min(at, len(ZOOMS) - 1))])

    def view_folds(self) -> tuple[Group, ...]:
        """Return the groups that are folded on the screen, those of the overview included."""
        folded = self.shown.folded
        if self.shown.zoom == "names" and not folded and len(self.trace) > OVERVIEW:
            return opened(self.trace, self._forest, None, OVERVIEW)
        return folded

    def view(self, timeline: Timeline) -> FoldedView:
        """Return what draws a timeline of the trace as it is folded now."""
        folded = self.view_folds()
        key = (id(timeline), folded)
        if key not in self._views:
            self._views = {k: v for k, v in self._views.items() if k[1] == folded}
            self._views[key] = FoldedView(timeline, folded, self._forest if folded else None)
        return self._views[key]

    def _fold(self, folded: tuple[Group, ...] | None) -> bool:
        if folded is None:
            return False
        self.shown = replace(self.shown, folded=folded)
        return True


def name_of(view: FoldedView, key: int) -> str:
    """Return the one line of a box at the zoom that shows names."""
    group = view.group_at(key)
    if group is not None:
        return group.name
    label = view.timeline.trace.values[key].label
    return f"{symbol(key)} {label}" if label else symbol(key)
