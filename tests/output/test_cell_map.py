from __future__ import annotations

from graphstep.output.cell_map import mini_map
from graphstep.output.cell_parts import CellBox, CellLayout
from graphstep.output.cells import Viewport

LAYOUT = CellLayout(
    100,
    40,
    "TB",
    tuple(CellBox(k, "value", 20 * k, 8 * k, 10, 3, ("v",)) for k in range(5)),
    (),
)


def test_the_map_shows_boxes_the_window_and_the_current_value() -> None:
    assert mini_map(LAYOUT, Viewport(0, 0, 50, 20), 3, 10, 5) == (
        "■░░░░     ",
        "░░■░░     ",
        "░░░░■     ",
        "      ◆   ",
        "        · ",
    )


def test_a_window_beyond_the_drawing_is_still_on_the_map() -> None:
    lines = mini_map(LAYOUT, Viewport(500, 500, 5, 5), 0, 6, 3)
    assert {len(line) for line in lines} == {6}
    assert lines[0].startswith("◆")
    assert sum(line.count("░") + line.count("■") for line in lines) == 1
