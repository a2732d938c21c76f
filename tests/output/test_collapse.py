from __future__ import annotations

import hashlib
import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from graphstep.errors import InputError
from graphstep.output.collapse import FoldedView
from graphstep.output.dot import dot_text, engine_for
from graphstep.output.drawing import picture_of
from graphstep.output.export import COLOURLESS
from graphstep.output.folding import folded_groups
from graphstep.output.options import PictureOptions
from tests.output.test_groups import loop, network


def test_a_folded_box_says_what_it_hides() -> None:
    timeline = network().timeline()
    view = FoldedView(timeline, folded_groups(timeline.trace, 0))
    picture = view.picture()
    assert [(node.key, node.kind) for node in picture.nodes] == [
        (6, "group"), (12, "group"), (13, "output"),
    ]  # fmt: skip
    assert picture.nodes[0].lines == (
        "0",
        "6 values and 4 inputs",
        "v₆ = f32[2,3] [0.5692, −0.1559, …]",
        "v 10/10 in, v̄ 10/10 in",
    )
    assert [(e.tail, e.head, e.label) for e in picture.edges] == [(6, 12, ""), (12, 13, "")]
    assert (view.key_of(3), view.key_of(timeline.trace.find("1.0.weight"))) == (6, 12)


def test_every_state_of_a_folded_box_is_told() -> None:
    timeline = network().timeline()
    view = FoldedView(timeline, folded_groups(timeline.trace, 0))
    last = len(timeline) - 1
    seen = []
    for at in range(len(timeline)):
        frame = view.frame(at)
        values = sum(timeline.find(i, "forward") <= at for i in (*range(1, 7), *range(-7, -3)))
        adjoints = sum(timeline.find(i, "reverse") <= at for i in (*range(1, 7), *range(-7, -3)))
        assert frame.lines[6][3] == f"v {values}/10 in, v̄ {adjoints}/10 in"
        value = "…" if timeline.find(6, "forward") > at else "f32[2,3]"
        assert frame.lines[6][2].startswith(f"v₆ = {value}")
        states = [c for c in frame.node_classes[6] if c not in ("current", "operand")]
        if states not in seen:
            seen.append(states)
        assert ("current" in frame.node_classes[6]) == (view.key_of(timeline[at].i) == 6)
    assert seen == [
        ["value-pending", "adjoint-pending"],
        ["value-final", "adjoint-pending"],
        ["value-final", "adjoint-partial"],
        ["value-final", "adjoint-final"],
    ]
    assert set(view.frame(last, True).edge_classes.values()) == {("used",)}


def test_merged_arrows_carry_their_count() -> None:
    timeline = loop(50).timeline()
    view = FoldedView(timeline, folded_groups(timeline.trace, 0))
    labels = {(e.tail, e.head): e.label for e in view.picture().edges}
    assert labels == {(0, 150): "50 uses", (0, 151): "v₁₅₀", (150, 151): ""}
    start = timeline.reverse_start
    assert view.frame(start + 1).edge_classes == {(150, 151, 0): ("current",)}


def test_without_folds_nothing_differs() -> None:
    timeline = loop(3).timeline()
    assert FoldedView(timeline, ()).picture() == picture_of(timeline)


def test_the_same_trace_gives_the_same_bytes() -> None:
    texts = {network().svg(20, collapse=1, clusters=True, theme="colour-blind") for _ in range(2)}
    assert len({hashlib.sha256(text.encode()).digest() for text in texts}) == 1


def test_clusters_frame_modules_in_every_format(tmp_path: Path) -> None:
    trace = network()
    trace.export(tmp_path / "x.dot", clusters=True)
    text = (tmp_path / "x.dot").read_text()
    assert re.findall(r"subgraph (\w+)", text) == [
        "cluster_0", "cluster_0_0", "cluster_0_1", "cluster_1", "cluster_1_0", "cluster_1_1",
    ]  # fmt: skip
    root = ElementTree.fromstring(trace.svg(clusters=True))
    frames = [g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("id") == "cluster_1_0"]
    assert [t.text for g in frames for t in g.iter("{http://www.w3.org/2000/svg}text")] == ["1.0"]
    trace.export(tmp_path / "x.png", clusters=True)
    trace.export(tmp_path / "y.png")
    sizes = [
        struct.unpack(">II", (tmp_path / name).read_bytes()[16:24]) for name in ("x.png", "y.png")
    ]
    assert sizes[0][1] > sizes[1][1]


def test_a_drawing_too_large_for_graphviz_has_places_of_its_own() -> None:
    timeline = loop(600).timeline()
    picture = picture_of(timeline)
    assert engine_for(picture) == "nop2"
    text = dot_text(picture)
    places = re.findall(r'\tv_\d+ \[.*pos="([\d.]+,[\d.]+)"', text)
    assert len(places) == len(set(places)) == 1801 + 1
    assert text == dot_text(picture)
    with pytest.raises(InputError, match=r"^clusters are drawn around at most 1,500 boxes and"):
        loop(600).svg(collapse="none", clusters=True)


def test_a_large_trace_is_folded_unless_asked_not_to() -> None:
    trace = loop(600)
    assert len(re.findall(r'<g id="v_\d+" ', trace.svg())) <= 100
    assert len(re.findall(r'<g id="v_\d+" ', trace.svg(max_nodes=20))) <= 20
    assert len(re.findall(r'<g id="v_\d+" ', trace.svg(collapse="none"))) == 1802


def test_what_boxes_and_arrows_say_is_chosen() -> None:
    trace = loop(2)
    assert "v₀ = 1.1<" in trace.svg(4)
    assert "cos" in trace.svg(4)
    bare = trace.svg(4, values=False, partials=False)
    assert "v₀ = 1.1<" not in bare
    assert "cos" not in bare
    written = trace.svg(font="Courier", font_size=20, direction="LR")
    assert 'font-family="Courier' in written
    assert 'font-size="20.00"' in written


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"font_size": 3}, "letters of 3 points cannot be read (must be 6 to 72)"),
        ({"font": 'x" onload="'}, "'x\" onload=\"' is no name of a font"),
        ({"direction": "RL"}, "unknown direction 'RL' (must be one of TB, LR)"),
    ],
)
def test_choices_that_cannot_be_are_said(choice: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        PictureOptions(**choice)  # type: ignore[arg-type]
    assert str(error.value) == said


def test_a_table_has_no_picture_to_choose_for(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        loop(2).export(tmp_path / "x.md", clusters=True)
    assert str(error.value) == ".md draws no such picture; leave out how it is drawn"


@pytest.mark.parametrize("ending", COLOURLESS)
def test_what_has_no_colours_takes_no_theme(tmp_path: Path, ending: str) -> None:
    with pytest.raises(InputError) as error:
        loop(2).export(tmp_path / f"x{ending}", theme="dark")
    assert str(error.value) == f"{ending} has no colours; leave out the theme"
    assert list(tmp_path.iterdir()) == []


def test_heat_of_a_folded_box_is_the_largest_in_it() -> None:
    trace = network()
    largest = max(
        float(a.abs().max()) for i in (*range(1, 7), *range(-7, -3))
        if (a := trace.adjoint(i)) is not None
    )  # fmt: skip
    said = re.findall(r"max \|v̄\| = ([\d.]+)", trace.svg(heat="adjoint", collapse=0))
    assert any(abs(float(text) - largest) < 0.05 * largest for text in said)


def test_dot_text_is_folded_as_the_drawing_is() -> None:
    trace = network()
    assert trace.dot(collapse=0).count("class=group") == 2
    assert trace.dot().count("class=group") == 0
    assert "subgraph cluster_0" in trace.dot(clusters=True)
    assert "rankdir=LR" in trace.dot(direction="LR")
    long = loop(150)
    assert re.findall(r"id=(v_\w+)", long.dot()) == re.findall(r'<g id="(v_\w+)"', long.svg())
    assert long.dot(collapse="none").count("class=value") == 450
