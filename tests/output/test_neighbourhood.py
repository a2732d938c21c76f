from __future__ import annotations

import torch

import graphstep as gs
from graphstep.output.drawing import picture_of
from graphstep.output.neighbourhood import neighbourhood
from graphstep.output.stages import Stages


def _chain(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    for _ in range(40):
        x = x * w
    return x


def test_two_arrows_in_each_direction() -> None:
    trace = gs.trace("exp(exp(exp(exp(exp(exp(a))))))", a=0.1).recorded
    assert neighbourhood(trace, 3) == {1, 2, 3, 4, 5}
    assert neighbourhood(trace, 6) == {4, 5, 6}


def test_a_value_used_everywhere_brings_only_itself() -> None:
    trace = gs.trace(_chain, torch.tensor(1.0), torch.tensor(1.0)).recorded
    assert neighbourhood(trace, 20) == {0, 18, 19, 20, 21, 22}


def test_too_few_bring_what_lies_farther_away() -> None:
    trace = gs.trace(_chain, torch.tensor(1.0), torch.tensor(1.0)).recorded
    assert neighbourhood(trace, 20, least=9) == {0, *range(16, 25)}
    assert neighbourhood(trace, 20, least=9, most=7) == {0, *range(17, 23)}
    assert neighbourhood(trace, 40, least=100) == {0, *range(18, 41)}
    small = gs.trace("exp(a)", a=0.1).recorded
    assert neighbourhood(small, 1, least=9) == {0, 1}


def test_of_many_uses_the_nearest_stay() -> None:
    trace = gs.trace(_chain, torch.tensor(1.0), torch.tensor(1.0)).recorded
    assert neighbourhood(trace, 0, most=5) == {0, 1, 2, 3, 4}


def test_a_part_of_a_picture_has_the_arrows_inside_it() -> None:
    timeline = gs.trace("3*a + a*b", a=10.0, b=20.0).timeline()
    whole = picture_of(timeline)
    part = picture_of(timeline, only={-1, 2, 3})
    assert part.nodes == tuple(n for n in whole.nodes if n.key in {-1, 2, 3})
    assert [e.key for e in part.edges] == [(-1, 2, 0), (2, 3, 1)]
    stages = Stages(timeline)
    everything, some = stages.frame(6), stages.frame(6, only={-1, 2})
    assert some.lines == {i: everything.lines[i] for i in (-1, 2)}
    assert some.node_classes == {i: everything.node_classes[i] for i in (-1, 2)}
