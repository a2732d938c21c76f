"""What one can choose about a picture: folding, direction, letters, and what boxes say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypedDict

from graphstep.errors import InputError
from graphstep.output.collapse import FoldedView
from graphstep.output.dot import FONT, FONT_SIZE, Direction, check_direction
from graphstep.output.folding import Collapse, Forest, check_collapse, folded_groups, forest_of
from graphstep.output.groups import Group, Part
from graphstep.output.heat import heat_of
from graphstep.output.picture import Cluster, Frame, Picture
from graphstep.output.themes import Theme
from graphstep.steps.timeline import Timeline

SMALLEST, LARGEST = 6.0, 72.0


class PictureChoices(TypedDict, total=False):
    """Name the options of a picture, as `Trace.svg` and `Trace.export` take them."""

    collapse: Collapse
    max_nodes: int | None
    clusters: bool
    partials: bool
    values: bool
    font: str
    font_size: float
    direction: Direction


class Lettering(TypedDict):
    """Name what the writers of DOT, SVG and images take."""

    font: str
    font_size: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """Hold how a picture is drawn; raise InputError for what cannot be.

    `collapse` and `max_nodes` are those of `folded_groups`; `clusters` frames the modules that
    are open; `partials` and `values` say whether arrows and boxes have numbers; `font`,
    `font_size` in points and `direction` (TB or LR) are Graphviz's.
    """

    collapse: Collapse = "auto"
    max_nodes: int | None = None
    clusters: bool = False
    partials: bool = True
    values: bool = True
    font: str = FONT
    font_size: float = FONT_SIZE
    direction: Direction = "TB"

    def __post_init__(self) -> None:
        check_collapse(self.collapse, self.max_nodes)
        check_direction(self.direction)
        if not SMALLEST <= self.font_size <= LARGEST:
            raise InputError(
                f"letters of {self.font_size:g} points cannot be read"
                f" (must be {SMALLEST:g} to {LARGEST:g})"
            )
        if not re.fullmatch(r"\w[\w ,.-]{0,79}", self.font):
            raise InputError(f"{self.font!r} is no name of a font")

    @property
    def lettering(self) -> Lettering:
        return {"font": self.font, "font_size": self.font_size, "direction": self.direction}


USUAL = PictureOptions()


class Scene:
    """Hold the one picture of a timeline, drawn by `options` in `theme`, for all its frames."""

    def __init__(self, timeline: Timeline, theme: Theme, options: PictureOptions = USUAL) -> None:
        self.timeline = timeline
        self.theme = theme
        self._view, self.picture = _drawn_by(timeline, options)
        self.lettering = options.lettering
        self._values = options.values

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
        known = heat_of(self.timeline, heat)
        largest = {
            key: max(known.sizes[i] for i in inside if i in known.sizes)
            for key, inside in self._view.hidden.items()
            if any(i in known.sizes for i in inside)
        }
        sizes = replace(known, sizes={**known.sizes, **largest})
        return sizes.warmed(self.picture), sizes.coloured(frame)

    @property
    def frames(self) -> list[Frame]:
        """What the picture shows after each step."""
        return [self.frame(at) for at in range(len(self.timeline))]


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
