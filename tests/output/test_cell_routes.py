from __future__ import annotations

import pytest

from graphstep.output.cell_routes import Block, Chain, Step, routed


def test_an_arrow_between_boxes_above_each_other_is_straight() -> None:
    blocks = [Block("a", 0, 0, 9, 3), Block("b", 1, 1, 9, 3)]
    routes = routed(blocks, [Chain("e", "a", "b", ())])
    assert routes.steps == {"e": (Step(0, 4, 4),)}
    assert routes.tracks == (0,)


def test_parallel_arrows_keep_their_order_and_their_own_places() -> None:
    blocks = [Block("a", 0, 0, 9, 3), Block("b", 1, 0, 9, 3)]
    routes = routed(blocks, [Chain("e", "a", "b", ()), Chain("f", "a", "b", ())])
    assert routes.steps == {"e": (Step(0, 2, 2),), "f": (Step(0, 6, 6),)}


@pytest.mark.parametrize("shift", [20, -20])
def test_arrows_that_turn_together_do_not_cross(shift: int) -> None:
    blocks = [Block("a", 0, 40, 9, 3), Block("b", 1, 40 + shift, 9, 3)]
    routes = routed(blocks, [Chain("e", "a", "b", ()), Chain("f", "a", "b", ())])
    (left,), (right,) = routes.steps["e"], routes.steps["f"]
    assert left.start < right.start
    assert left.stop < right.stop
    # Going right, the right one turns first, and the other way round.
    assert (left.track > right.track) == (shift > 0)
    assert routes.tracks == (2,)


def test_a_long_arrow_passes_beside_the_boxes_between() -> None:
    blocks = [Block("a", 0, 0, 9, 3), Block("b", 1, 0, 9, 3), Block("c", 2, 0, 9, 3)]
    routes = routed(blocks, [Chain("ab", "a", "b", ()), Chain("ac", "a", "c", (6,))])
    first, second = routes.steps["ac"]
    assert first.stop == second.start
    assert first.stop not in range(-1, 10)
