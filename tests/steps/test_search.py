from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.steps.search import Hit, Index


@pytest.fixture(scope="module")
def index() -> Index:
    layers = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    trace = gs.trace(layers, torch.zeros(4, 2), loss=torch.sum)
    return Index(trace.recorded)


def numbers(index: Index, text: str) -> list[int]:
    return [hit.i for hit in index.search(text, 50)[0]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tanh", [3]),
        ("op:tanh", [3]),
        ("TAN", [3]),
        ("v_2", [2]),
        ("name:v_2", [2]),
        ("v2", [2]),
        ("v₋₁", [-1]),
        ("weight", [-3, -1]),
        ("2.weight", [-1]),
        ("input bias", [-2, 0]),
        ("addmm", [2, 5]),
        ("module:2", [4, 5]),
        ("", []),
        ("zebra", []),
        ("v_", []),
    ],
)
def test_every_word_is_looked_for_in_every_field(index: Index, text: str, found: list[int]) -> None:
    assert numbers(index, text) == found


def test_a_line_is_a_whole_number_and_whole_words_come_first() -> None:
    trace = gs.trace("add = a*b\nadd + a", a=1.0, b=2.0)
    index = Index(trace.recorded)
    assert [(h.i, h.found_by) for h in index.search("2", 9)[0]] == [(2, "line")]
    assert index.search("add", 9)[0][0] == Hit(1, "label", "add: v₁  mul  <expression>:1")


def test_only_so_many_hits_are_listed_and_all_are_counted() -> None:
    def long(x: torch.Tensor) -> torch.Tensor:
        for _ in range(300):
            x = x.sin()
        return x

    hits, count = Index(gs.trace(long, torch.tensor(1.0)).recorded).search("sin", 100)
    assert (len(hits), count) == (100, 300)
