from __future__ import annotations

import pytest
import torch
from torch import nn

import graphstep as gs
from graphstep.api import Trace
from graphstep.errors import InputError
from graphstep.output.folding import collapsed, expanded, folded_groups, forest_of
from graphstep.output.groups import MOST_PARTS, Group, Part, groups_of, values_in
from graphstep.output.repeats import Repeat, repeats


def network() -> Trace:
    """Four linear layers with tanh between, in two named modules."""
    torch.manual_seed(0)
    half = [nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3), nn.Tanh()) for _ in "ab"]
    return gs.trace(nn.Sequential(*half), torch.ones(2, 3), loss=lambda y: y.sum())


def loop(times: int) -> Trace:
    def run(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        for _ in range(times):
            x = torch.tanh(torch.sin(x) * w)
        return x * w

    return gs.trace(run, torch.tensor(0.5), torch.tensor(1.1))


def _groups(parts: tuple[Part, ...]) -> list[Group]:
    found = [part for part in parts if isinstance(part, Group)]
    return found + [inner for group in found for inner in _groups(group.parts)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abcabcabc", [Repeat(0, 3, 3)]),
        ("xabababy", [Repeat(1, 2, 3)]),
        ("aaaaaa", [Repeat(0, 1, 6)]),
        ("aabaabaabaab", [Repeat(0, 3, 4)]),
        ("abab", []),
        ("ababacdcdcdcd", [Repeat(5, 2, 4)]),
        ("", []),
    ],
)
def test_the_longest_repeat_of_the_shortest_block_is_found(text: str, found: list[Repeat]) -> None:
    assert repeats([ord(letter) for letter in text]) == tuple(found)


def test_values_group_by_module_path() -> None:
    trace = network().recorded
    parts = groups_of(trace)
    assert [part.name if isinstance(part, Group) else part for part in parts] == ["0", "1", 13]
    assert list(values_in(parts)) == [i for i in trace.values if i > 0]
    assert [group.name for group in _groups(parts)] == ["0", "1", "0.0", "0.2", "1.0", "1.2"]


def test_a_loop_groups_by_its_block() -> None:
    parts = groups_of(loop(50).recorded)
    repeat = parts[0]
    assert isinstance(repeat, Group)
    assert (repeat.name, repeat.kind, repeat.first, repeat.last) == (
        "50 × (sin, mul, tanh)", "repeat", 1, 150,
    )  # fmt: skip
    assert parts[1:] == (151,)
    assert [block.name for block in repeat.groups[:2]] == ["block 1 of 50", "block 2 of 50"]
    assert repeat.groups[1].parts == (4, 5, 6)


def test_no_group_opens_into_hundreds_of_boxes() -> None:
    parts = groups_of(loop(1000).recorded)
    found = _groups(parts)
    assert max(len(group.parts) for group in found) <= MOST_PARTS
    assert list(values_in(parts)) == list(range(1, 3002))
    assert found[1].name == "blocks 1–33 of 1,000"


def test_levels_open_from_the_outside() -> None:
    trace = network().recorded
    assert [g.name for g in folded_groups(trace, 0)] == ["0", "1"]
    assert [g.name for g in folded_groups(trace, 1)] == ["0.0", "0.2", "1.0", "1.2"]
    assert folded_groups(trace, 9) == ()
    assert folded_groups(trace, "none") == ()
    assert folded_groups(trace) == ()


def test_auto_opens_what_fits() -> None:
    trace = network().recorded
    assert [g.name for g in folded_groups(trace, max_nodes=5)] == ["0", "1"]
    assert [g.name for g in folded_groups(trace, max_nodes=8)] == ["0.0", "0.2", "1"]


def test_one_group_is_opened_and_closed_in_place() -> None:
    trace = network().recorded
    forest = forest_of(trace)
    folded = folded_groups(trace, 0)
    wider = expanded(folded, 2, forest)
    assert wider is not None
    assert [g.name for g in wider] == ["0.0", "0.2", "1"]
    assert expanded(wider, 13, forest) is None
    assert collapsed(wider, 1, forest) == folded
    assert collapsed(folded, 1, forest) is None
    assert collapsed((), 13, forest) is None
    # A weight is in the group that alone uses it.
    assert [g.name for g in forest.around(trace.find("1.0.weight"))] == ["1", "1.0"]


@pytest.mark.parametrize(
    ("collapse", "most", "said"),
    [
        ("some", None, "cannot collapse to 'some' (must be auto, none or a level from 0)"),
        (-1, None, "cannot collapse to -1 (must be auto, none or a level from 0)"),
        (True, None, "cannot collapse to True (must be auto, none or a level from 0)"),
        ("auto", 0, "no drawing has 0 nodes (must be 1 or more)"),
        ("none", 9, "collapse none draws every value; leave out the limit of nodes"),
    ],
)
def test_what_cannot_be_folded_is_said(collapse: object, most: int | None, said: str) -> None:
    with pytest.raises(InputError) as error:
        folded_groups(network().recorded, collapse, most)  # type: ignore[arg-type]
    assert str(error.value) == said
