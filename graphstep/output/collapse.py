"""Folded drawings: a group of values as one box, its arrows merged and counted, step by step."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from dataclasses import replace

from graphstep.output.drawing import edges_between, picture_of
from graphstep.output.folding import Forest, forest_of
from graphstep.output.group_box import GroupBox, group_box, uses_text
from graphstep.output.groups import Group, values_in
from graphstep.output.picture import EdgeKey, Frame, Picture, PictureEdge, PictureNode
from graphstep.output.stages import Stages
from graphstep.steps.timeline import Timeline

NEVER = sys.maxsize
"""The step that brings in what no step brings in."""


class FoldedView:
    """Draw a timeline with some groups folded; `folded` may be empty, and then nothing is.

    A folded box has the number of its last value for its key. Between two boxes of which one is
    folded runs one arrow with the number of uses that it stands for.
    """

    def __init__(
        self, timeline: Timeline, folded: Iterable[Group], forest: Forest | None = None
    ) -> None:
        self.timeline = timeline
        self.folded = tuple(folded)
        self._stages = Stages(timeline)
        trace = timeline.trace
        self._box_of = {i: i for i in trace.values}
        self._boxes: dict[int, GroupBox] = {}
        self._merged: dict[tuple[int, int], list[EdgeKey]] = {}
        self._complete: dict[tuple[int, int], int] = {}
        if not self.folded:
            return
        known = forest or forest_of(trace)
        hidden = {i: around for i, around in known.homes.items() if around}
        for group in self.folded:
            inputs = [i for i, around in hidden.items() if group in around]
            for i in (*inputs, *values_in(group.parts)):
                self._box_of[i] = group.key
            self._boxes[group.key] = group_box(timeline, group, inputs)
        for child, application in trace.made_by.items():
            for position, parent in enumerate(application.parents):
                if parent is not None:
                    self._merge((parent, child, position))
        for pair, uses in self._merged.items():
            arrivals = [timeline.arrives(child, position) for _, child, position in uses]
            self._complete[pair] = max(NEVER if at is None else at for at in arrivals)

    @property
    def hidden(self) -> dict[int, list[int]]:
        """Map the key of each folded box to the values and inputs that it hides."""
        found: dict[int, list[int]] = {key: [] for key in self._boxes}
        for i, key in self._box_of.items():
            if key in found:
                found[key].append(i)
        return found

    @property
    def visible(self) -> int:
        """Return how many boxes the whole drawing has."""
        return len(set(self._box_of.values()))

    def key_of(self, i: int) -> int:
        """Return the key of the box that shows v_i: its own, or that of the group hiding it."""
        return self._box_of[i]

    def group_at(self, key: int) -> Group | None:
        """Return the folded group that a box stands for, if it stands for one."""
        box = self._boxes.get(key)
        return None if box is None else box.group

    def picture(self, only: Collection[int] | None = None) -> Picture:
        """Return the boxes and arrows; `only` keeps the boxes that show a part of the values."""
        if not self._boxes:
            return picture_of(self.timeline, only)
        keys = self._keys(only)
        open_ones = picture_of(self.timeline, keys - self._boxes.keys())
        last = len(self.timeline) - 1
        nodes = [
            PictureNode(k, "group", box.state(last)[0], box.group.name)
            for k, box in self._boxes.items()
            if k in keys
        ]
        edges = [
            PictureEdge(tail, head, 0, uses_text(len(uses)))
            for (tail, head), uses in self._merged.items()
            if tail in keys and head in keys
        ]
        return replace(
            open_ones,
            nodes=tuple(sorted((*open_ones.nodes, *nodes), key=lambda node: node.key)),
            edges=tuple(sorted((*open_ones.edges, *edges), key=lambda e: (e.tail, e.head))),
        )

    def frame(self, at: int, plain: bool = False, only: Collection[int] | None = None) -> Frame:
        """Return what the picture shows once step `at` is done; see `Stages.frame`."""
        if not self._boxes:
            return self._stages.frame(at, plain, only)
        keys = self._keys(only)
        frame = self._stages.frame(at, plain, keys - self._boxes.keys())
        lines, classes = dict(frame.lines), dict(frame.node_classes)
        lit = {self._box_of[i] for i in self._stages.lit(at).operands}
        current = self._box_of[self.timeline[at].i]
        for k in keys & self._boxes.keys():
            lines[k], classes[k] = self._boxes[k].state(at)
            if not plain and k == current:
                classes[k] += ("current",)
            elif not plain and k in lit:
                classes[k] += ("operand",)
        return replace(
            frame, lines=lines, node_classes=classes, edge_classes=self._edges(frame, at, keys)
        )

    def asking(self, frame: Frame, at: int, only: Collection[int] | None = None) -> Frame:
        """Return a frame that keeps the local partials of contributions still to come to itself."""
        keys, classes = self._keys(only), dict(frame.edge_classes)
        for use in edges_between(self.timeline.trace, keys - self._boxes.keys()):
            _, child, position = use
            if not self.timeline.is_in(child, position, at):
                classes[use] = (*classes.get(use, ()), "asked")
        return replace(frame, edge_classes=classes)

    def _keys(self, only: Collection[int] | None) -> set[int]:
        return set(self._box_of.values()) if only is None else {self._box_of[i] for i in only}

    def _merge(self, use: EdgeKey) -> None:
        tail, head = self._box_of[use[0]], self._box_of[use[1]]
        if tail != head and (tail in self._boxes or head in self._boxes):
            self._merged.setdefault((tail, head), []).append(use)

    def _edges(self, frame: Frame, at: int, keys: set[int]) -> dict[EdgeKey, tuple[str, ...]]:
        classes: dict[EdgeKey, tuple[str, ...]] = {
            (tail, head, 0): ("used",)
            for (tail, head), complete in self._complete.items()
            if complete <= at and tail in keys and head in keys
        }
        for key, named in frame.edge_classes.items():
            tail, head = self._box_of[key[0]], self._box_of[key[1]]
            if (tail, head) not in self._merged:
                if tail != head:
                    classes[key] = named
            elif "current" in named and tail in keys and head in keys:
                classes[tail, head, 0] = named
        return classes
