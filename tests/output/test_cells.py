from __future__ import annotations

import random

import pytest

from graphstep.output.cell_parts import CellBox, CellLayout, CellWire
from graphstep.output.cells import Viewport, cell_layout, cells_of, paint
from graphstep.output.labels import cell_width
from graphstep.output.picture import Frame, Picture, PictureEdge, PictureNode

# Sides of a cell: 1 north, 2 east, 4 south, 8 west.
LAYOUT = CellLayout(
    width=31,
    height=15,
    direction="TB",
    boxes=(
        CellBox(-1, "input", 0, 0, 13, 3, ("v₋₁ = a",)),
        CellBox(0, "input", 18, 0, 12, 3, ("v₀ = b",)),
        CellBox(1, "value", 0, 6, 14, 3, ("v₁ = 3·v₋₁",)),
        CellBox(2, "value", 16, 6, 15, 3, ("v₂ = v₋₁·v₀",)),
        CellBox(3, "output", 7, 12, 16, 3, ("v₃ = v₁ + v₂",)),
    ),
    wires=(
        CellWire(
            (-1, 1, 0), ((3, 3, 5, 5), (3, 4, 5, 5), (3, 5, 1, 1)), (3, 2), (3, 5), "3", (5, 4)
        ),
        CellWire(
            (-1, 2, 0),
            ((9, 3, 3, 3), *((x, 3, 10, 10) for x in range(10, 20)), (20, 3, 12, 12),
             (20, 4, 5, 5), (20, 5, 1, 1)),
            (9, 2), (20, 5), "v₀", (22, 5),
        ),
        CellWire((0, 2, 1), ((26, 3, 5, 5), (26, 4, 5, 5), (26, 5, 1, 1)), (26, 2), (26, 5)),
        CellWire(
            (1, 3, 0),
            ((6, 9, 3, 3), *((x, 9, 10, 10) for x in range(7, 11)), (11, 9, 12, 12),
             (11, 10, 5, 5), (11, 11, 1, 1)),
            (6, 8), (11, 11), "1", (13, 10),
        ),
        CellWire(
            (2, 3, 1), ((18, 9, 5, 5), (18, 10, 5, 5), (18, 11, 1, 1)), (18, 8), (18, 11), "1",
            (20, 10),
        ),
    ),
)  # fmt: skip

AT_REST = """\
┌───────────┐     ┌──────────┐
│ v₋₁ = a   │     │ v₀ = b   │
└──┬─────┬──┘     └───────┬──┘
   │     ╰──────────╮     │
   │ 3              │     │
   ▼                ▼ v₀  ▼
╭────────────╮  ╭─────────────╮
│ v₁ = 3·v₋₁ │  │ v₂ = v₋₁·v₀ │
╰─────┬──────╯  ╰─┬───────────╯
      ╰────╮      │
           │ 1    │ 1
           ▼      ▼
       ╔══════════════╗
       ║ v₃ = v₁ + v₂ ║
       ╚══════════════╝"""

MIDWAY = """\
┌┈┈┈┈┈┈┈┈┈┈┈┐     ┌┄┄┄┄┄┄┄┄┄┄┐
┊ v₋₁ = a   ┊     ┆ v₀ = b … ┆
└┈┈┬┈┈┈┈┈┬┈┈┘     └┄┄┄┄┄┄┄┬┄┄┘
   │     ┗━━━━━━━━━━┓     │
   │ 3              ┃     │
   ▼                ▼ v₀  ▼
┌╌╌╌╌╌╌╌╌╌╌╌╌┐  ┏━━━━━━━━━━━━━┓
╎ v₁ = 3·v₋₁ ╎  ┃▶v₂ = v₋₁·v₀ ┃
└╌╌╌╌╌┬╌╌╌╌╌╌┘  ┗━┯━━━━━━━━━━━┛
      ╰────╮      │
           │ 1    │ 1
           ▼      ▼
       ┏━━━━━━━━━━━━━━┓
       ┃✗v₃ = v₁ + v₂ ┃
       ┗━━━━━━━━━━━━━━┛"""

IN_ASCII = """\
+...........+     ............
: v-1 = a   :     : v0 = b ~ :
+..+.....+..+     ............
   |     ############     |
   | 3              #     |
   v                v v0  v
+~~~~~~~~~~~~+  ###############
: v1 = 3*v-1 :  #>v2 = v-1*v0 #
+~~~~~+~~~~~~+  ###############
      +----+      |
           | 1    | 1
           v      v
       XXXXXXXXXXXXXXXX
       XXv3 = v1 + v2 X
       XXXXXXXXXXXXXXXX"""


def test_the_lecture_at_rest() -> None:
    assert paint(LAYOUT).text == AT_REST


def test_every_state_has_its_own_border(midway: Frame) -> None:
    frame = Frame({0: ("v₀ = b …",)}, midway.node_classes, midway.edge_classes)
    assert paint(LAYOUT, frame).text == MIDWAY
    assert paint(LAYOUT, frame, ascii=True).text == IN_ASCII


def test_runs_carry_the_classes_of_a_step(midway: Frame) -> None:
    canvas = paint(LAYOUT, midway)
    runs = {run.text.strip(): run.classes for row in canvas.rows for run in row}
    assert runs["v₂ = v₋₁·v₀"] == ("text", "value", "value-final", "adjoint-final", "current")
    assert runs["┗━━━━━━━━━━┓"] == ("edge", "current")
    assert runs["v₀"] == ("label", "current")
    assert runs["┃▶"] == ("node", "value-final", "adjoint-final", "current")
    assert (canvas.width, canvas.height, len(canvas.rows)) == (31, 15, 15)
    widths = {sum(cell_width(run.text) for run in row) for row in canvas.rows}
    assert widths == {31}


def test_a_viewport_is_that_part_of_the_whole() -> None:
    whole = [line.ljust(31) for line in AT_REST.split("\n")]
    view = Viewport(5, 2, 20, 8)
    part = paint(LAYOUT, None, view)
    expected = "\n".join(line[5:25].rstrip() for line in whole[2:10])
    assert part.text == expected
    beyond = paint(LAYOUT, None, Viewport(-2, -1, 40, 20))
    assert beyond.text.split("\n")[1] == "  " + whole[0].rstrip()


def test_hits_and_boxes_are_in_layout_cells() -> None:
    assert [LAYOUT.node_at(*at) for at in ((0, 0), (12, 2), (13, 2), (22, 14), (23, 14))] == [
        -1, -1, None, 3, None,
    ]  # fmt: skip
    assert LAYOUT.box(2).x == 16
    with pytest.raises(KeyError):
        LAYOUT.box(9)


def test_a_wide_letter_takes_two_cells_and_is_never_halved() -> None:
    assert cells_of("v̄漢1") == ("v̄", "漢", "", "1")
    layout = CellLayout(8, 3, "TB", (CellBox(0, "value", 0, 0, 8, 3, ("漢字",)),), ())
    assert paint(layout).text.split("\n")[1] == "│ 漢字 │"
    for start, shown in ((2, "漢字 │"), (3, " 字 │"), (4, "字 │")):
        assert paint(layout, None, Viewport(start, 1, 8 - start, 1)).text == shown
    assert paint(layout, None, Viewport(0, 1, 3, 1)).text == "│"


def test_hostile_texts_do_not_break_rows(hostile: Picture) -> None:
    layout = cell_layout(hostile)
    for ascii in (False, True):
        canvas = paint(layout, Frame(lines={1: ("\x1b[2J\n", "x")}), ascii=ascii)
        assert {sum(cell_width(run.text) for run in row) for row in canvas.rows} == {layout.width}
        assert "\x1b" not in canvas.text
    assert canvas.text.isascii()


def _boxed(layout: CellLayout) -> set[tuple[int, int]]:
    return {
        (x, y)
        for box in layout.boxes
        for x in range(box.x, box.x + box.width)
        for y in range(box.y, box.y + box.height)
    }


def _random_graph(seed: int) -> Picture:
    chance = random.Random(seed)
    nodes = tuple(
        PictureNode(i, "input" if i < 1 else "value", (f"v{i} = op", "12.5")) for i in range(-1, 15)
    )
    edges = tuple(
        PictureEdge(chance.randrange(max(-1, i - 6), i), i, position, "cos v₁")
        for i in range(1, 15)
        for position in range(chance.choice((1, 2)))
    )
    return Picture(nodes, edges)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_no_arrow_runs_through_a_box_and_none_joins_another(seed: int, direction: str) -> None:
    layout = cell_layout(_random_graph(seed), direction=direction)  # type: ignore[arg-type]
    solid = _boxed(layout)
    assert len(solid) == sum(box.width * box.height for box in layout.boxes)
    used: dict[tuple[int, int], int] = {}
    for wire in layout.wires:
        assert wire.exit in solid
        for x, y, mask, _ in wire.cells:
            assert (x, y) not in solid
            assert 0 <= x < layout.width
            assert 0 <= y < layout.height
            if direction == "TB":
                assert not used.get((x, y), 0) & mask
            used[x, y] = used.get((x, y), 0) | mask


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_the_lecture_fits_its_pane(lecture: Picture, direction: str) -> None:
    layout = cell_layout(lecture, direction=direction)  # type: ignore[arg-type]
    text = paint(layout).text
    assert all(line in text for node in lecture.nodes for line in node.lines)
    assert all(wire.label_at for wire in layout.wires)
    assert text.count("▼" if direction == "TB" else "▶") == 5
    if direction == "TB":
        assert layout.width <= 44
        assert layout.height <= 18


def test_one_line_a_node_makes_a_compact_drawing(lecture: Picture) -> None:
    layout = cell_layout(lecture, line_limit=1)
    assert layout.height == 15
    assert {box.height for box in layout.boxes} == {3}


def test_two_uses_are_two_arrows(square: Picture) -> None:
    layout = cell_layout(square)
    assert len({wire.tip for wire in layout.wires}) == 2
    assert paint(layout).text.count("▼") == 2
    assert paint(layout).text.count("┬") == 2


def test_an_empty_picture_is_an_empty_canvas() -> None:
    assert paint(cell_layout(Picture((), ()))).rows == ()
