"""The picture of a timeline and all its frames, drawn one way; and the last few of a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from graphstep.format.numbers import decimals_asked
from graphstep.output.collapse import FoldedView
from graphstep.output.folding import Forest, folded_groups, forest_of
from graphstep.output.groups import Group, Part
from graphstep.output.heat import Heat, heat_of
from graphstep.output.options import USUAL, PictureOptions
from graphstep.output.picture import Cluster, Frame, Picture
from graphstep.output.svg import base_svg
from graphstep.output.svg_frames import Drawing
from graphstep.output.themes import Theme
from graphstep.recording.collection import collection_paused
from graphstep.steps.step import Grain
from graphstep.steps.timeline import Timeline

MOST_KEPT = 4
"""A trace keeps so many scenes: each has the texts of its boxes."""


_Looks: TypeAlias = tuple[Grain, Theme, PictureOptions, int]


class Scene:
    """Hold the one picture of a timeline, drawn by `options` in `theme`, for all its frames.

    As SVG it is laid out when first asked for, and a further frame is a lookup.
    """

    def __init__(self, timeline: Timeline, theme: Theme, options: PictureOptions = USUAL) -> None:
        self.timeline = timeline
        self.theme = theme
        self._view, self.picture = _drawn_by(timeline, options)
        self.lettering = options.lettering
        self._values = options.values
        self._heats: dict[str, Heat] = {}
        self._drawings: dict[str | None, Drawing] = {}

    def frame(self, at: int, plain: bool = False) -> Frame:
        """Return what the picture shows once step `at` is done; see `Stages.frame`."""
        frame = self._view.frame(at, plain)
        if self._values:
            return frame
        return replace(frame, lines={
            key: lines if self._view.group_at(key) is not None else lines[:1]
            for key, lines in frame.lines.items()
        })  # fmt: skip

    def shown(self, step: int | None, heat: str | None = None) -> tuple[Picture, Frame]:
        """Return the picture and one frame: all filled in, or as it stands after `step`.

        `heat` colours boxes by size; a folded one by the largest in it. Raises InputError for
        a heat that there is not.
        """
        last = len(self.timeline) - 1
        frame = self.frame(last, True) if step is None else self.frame(step)
        if heat is None:
            return self.picture, frame
        if heat not in self._heats:
            self._heats[heat] = self._heat_of(heat)
        return self._heats[heat].warmed(self.picture), self._heats[heat].coloured(frame)

    @collection_paused()
    def svg(self, step: int | None = None, heat: str | None = None) -> str:
        """Return what `shown` does as SVG text. Raises as `base_svg` does, too."""
        picture, frame = self.shown(step, heat)
        if heat not in self._drawings:
            self._drawings[heat] = base_svg(picture, self.theme, **self.lettering)
        return self._drawings[heat].frame(frame)

    def _heat_of(self, what: str) -> Heat:
        known = heat_of(self.timeline, what)
        largest = {
            key: max(known.sizes[i] for i in inside if i in known.sizes)
            for key, inside in self._view.hidden.items()
            if any(i in known.sizes for i in inside)
        }
        return replace(known, sizes={**known.sizes, **largest})

    @property
    def frames(self) -> list[Frame]:
        """What the picture shows after each step."""
        return [self.frame(at) for at in range(len(self.timeline))]


class Scenes:
    """Keep the scenes that were last asked for: going through steps lays out nothing again."""

    def __init__(self) -> None:
        self._kept: dict[_Looks, Scene] = {}

    @collection_paused()
    def scene(
        self,
        timeline: Callable[[Grain], Timeline],
        grain: Grain,
        theme: Theme,
        options: PictureOptions,
    ) -> Scene:
        """Return the scene of a timeline, which is asked for only where none is kept."""
        looks = grain, theme, options, decimals_asked()
        found = self._kept.pop(looks, None) or Scene(timeline(grain), theme, options)
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[looks] = found
        return found


def _drawn_by(timeline: Timeline, options: PictureOptions) -> tuple[FoldedView, Picture]:
    folded = folded_groups(timeline.trace, options.collapse, options.max_nodes)
    forest = forest_of(timeline.trace) if folded or options.clusters else None
    view = FoldedView(timeline, folded, forest)
    picture = view.picture()
    if not options.values:
        nodes = (
            node if node.kind == "group" else replace(node, lines=node.lines[:1])
            for node in picture.nodes
        )
        picture = replace(picture, nodes=tuple(nodes))
    if not options.partials:
        edges = (replace(e, label="") if not _counts(view, e.tail, e.head) else e
                 for e in picture.edges)  # fmt: skip
        picture = replace(picture, edges=tuple(edges))
    if options.clusters and forest is not None:
        picture = replace(picture, clusters=_clusters(view, forest))
    return view, picture


def _counts(view: FoldedView, tail: int, head: int) -> bool:
    return view.group_at(tail) is not None or view.group_at(head) is not None


def _clusters(view: FoldedView, forest: Forest) -> tuple[Cluster, ...]:
    folded = set(view.folded)
    inputs: dict[Group, set[int]] = {}
    for i, around in forest.homes.items():
        for group in around:
            inputs.setdefault(group, set()).add(view.key_of(i))

    def framed(parts: tuple[Part, ...]) -> tuple[Cluster, ...]:
        found: list[Cluster] = []
        for group in parts:
            if not isinstance(group, Group) or group in folded:
                continue
            inner = framed(group.parts)
            if group.kind == "stretch":
                found += inner
                continue
            keys = {view.key_of(i) for i in range(group.first, group.last + 1)}
            found.append(Cluster(group.name, frozenset(keys | inputs.get(group, set())), inner))
        return tuple(found)

    return framed(forest.parts)
