"""More places to start from: named ones, and several around the first."""

from __future__ import annotations

import pytest

from graphstep.errors import InputError
from graphstep.lab.objective import objective
from graphstep.lab.starts import starts


def test_more_starts() -> None:
    what = objective("x*x + y", {"x": 1.0, "y": 2.0})
    named, *around = starts(what, ["x=3; y=4", "several"], "float32", 0)
    assert (float(named["x"]), float(named["y"])) == (3, 4)
    assert [float(one["x"]) for one in around] == [-3, -1, 3, 5]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("z=3", "--start 'z=3': 'z' does not move (moving: x)"),
        ("x=[1,2]", "--start 'x=[1,2]': the shape of 'x' is [2], not []"),
    ],
)
def test_a_start_that_does_not_fit(word: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        starts(objective("x*x", {"x": 1.0}), [word], "float32", 0)
    assert str(error.value) == said
