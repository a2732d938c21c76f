"""What is kept from one step to the next is what would be written afresh."""

from __future__ import annotations

import random

import pytest
import torch

import graphstep as gs
from graphstep.output import svg_frames
from graphstep.output.collapse import FoldedView
from graphstep.output.drawing import picture_of
from graphstep.output.folding import folded_groups
from graphstep.output.stages import Stages
from graphstep.output.svg import base_svg
from graphstep.output.themes import LIGHT
from graphstep.steps.timeline import Timeline


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    def loss(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        for _ in range(5):
            x = torch.tanh(x * w) + x.detach()
        return x.sum()

    return gs.trace(loss, torch.tensor(0.5), torch.tensor(2.0)).timeline("contribution")


def test_a_frame_is_the_same_whatever_was_asked_before(timeline: Timeline) -> None:
    order = [*range(len(timeline))] * 2
    random.Random(1).shuffle(order)
    stages, view = Stages(timeline), FoldedView(timeline, folded_groups(timeline.trace, 0))
    for at in order:
        assert stages.frame(at) == Stages(timeline).frame(at)
        assert view.frame(at) == FoldedView(timeline, view.folded).frame(at)


def test_a_frame_says_what_the_timeline_says(timeline: Timeline) -> None:
    stages = Stages(timeline)
    for at, step in enumerate(timeline):
        frame = stages.frame(at)
        for i, (_, value, adjoint) in frame.lines.items():
            assert timeline.value_state(i, at).text in value
            assert timeline.adjoint_state(i, at).text in adjoint
            states = (timeline.value_state(i, at).kind, timeline.adjoint_state(i, at).kind)
            assert frame.node_classes[i][0] == f"value-{states[0]}"
            assert frame.node_classes[i][1].removeprefix("adjoint-") == states[1].replace(" ", "-")
        assert [i for i, named in frame.node_classes.items() if "current" in named] == [step.i]
        used = {
            (parent, child, position)
            for child, application in timeline.trace.made_by.items()
            for position, parent in enumerate(application.parents)
            if parent is not None and timeline.is_in(child, position, at)
        }
        assert used <= frame.edge_classes.keys()
        plain = stages.frame(at, plain=True)
        assert set(plain.edge_classes) == used
        assert not any({"current", "operand"} & set(n) for n in plain.node_classes.values())


def test_a_text_is_the_same_whatever_was_written_before(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(svg_frames, "MOST_KEPT", 3)
    stages, picture = Stages(timeline), picture_of(timeline)
    drawing = base_svg(picture, LIGHT)
    order = [*range(0, len(timeline), 3)] * 2
    random.Random(2).shuffle(order)
    for at in order:
        frame = stages.frame(at)
        assert drawing.frame(frame) == base_svg(picture, LIGHT).frame(frame)
