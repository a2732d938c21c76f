from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from graphstep.errors import InputError
from graphstep.output import svg as svg_module
from graphstep.output.dot import dot_text
from graphstep.output.picture import Frame, Picture, PictureEdge, PictureNode
from graphstep.output.svg import base_svg, svg_text
from graphstep.output.themes import DARK, LIGHT, PRINT, Theme, theme

SVG = "{http://www.w3.org/2000/svg}"
MOVING = re.compile(r' (?:x|y|d|points|width|height|viewBox|transform)="[^"]*"')


def _group(root: ElementTree.Element, name: str) -> ElementTree.Element:
    (group,) = (group for group in root.iter(f"{SVG}g") if group.get("id") == name)
    return group


def _lines(group: ElementTree.Element) -> list[str | None]:
    return [text.text for text in group.findall(f"{SVG}text") if text.get("class") == "line"]


def test_a_frame_shows_its_texts_classes_and_marks(lecture: Picture, midway: Frame) -> None:
    text = base_svg(lecture, LIGHT).frame(midway)
    root = ElementTree.fromstring(text)
    assert root.get("class") == "graphstep light"
    assert root.findtext(f"{SVG}title") == "3*a + a*b"
    assert root.findtext(f"{SVG}desc") == "v̄₋₁ += v̄₂·v₀"
    leaf, current = _group(root, "v_m1"), _group(root, "v_2")
    assert leaf.get("class") == "node input value-final adjoint-partial operand"
    assert _lines(leaf) == ["v₋₁ = a", "10  v̄ 3 (partial)"]
    assert leaf.findtext(f"{SVG}title") == "v₋₁ = a, 10  v̄ 3 (partial)"
    assert _lines(current) == ["v₂ = v₋₁·v₀", "200  v̄ 1"]
    marks = [t.text for t in current.findall(f"{SVG}text") if t.get("class") == "marker"]
    assert marks == ["▶"]
    edge = _group(root, "e_m1_2_0")
    assert edge.get("class") == "edge current"
    assert edge.findtext(f"{SVG}title") == "v_-1 → v_2: v₀"
    assert edge.findtext(f"{SVG}text") == "v₀"
    assert "ns0" not in text


def test_nothing_moves_between_frames(lecture: Picture, midway: Frame) -> None:
    drawing = base_svg(lecture, DARK)
    shown = [drawing.frame(frame) for frame in (None, midway, Frame(lines={2: ()}))]
    geometries = [MOVING.findall(text) for text in shown]
    assert geometries[0] == geometries[1] == geometries[2]
    assert len(geometries[0]) > 30
    assert len(set(shown)) == 3


def test_themes_change_colours_and_never_places(lecture: Picture) -> None:
    shown = [base_svg(lecture, one).frame() for one in (LIGHT, DARK, PRINT)]
    assert len({tuple(MOVING.findall(text)) for text in shown}) == 1
    painted = ElementTree.fromstring(shown[0]).iter()
    assert not any(e.get("fill") or e.get("stroke") for e in painted)
    assert "https://" not in shown[0]
    assert re.findall(r"http://[^\"]*", shown[0]) == ["http://www.w3.org/2000/svg"]


def test_print_is_grey_throughout() -> None:
    colours = re.findall(r"#(..)(..)(..)", repr(PRINT))
    assert colours
    assert all(red == green == blue for red, green, blue in colours)


@pytest.mark.parametrize("one", [LIGHT, DARK, PRINT], ids=lambda one: one.name)
def test_text_contrast_is_readable(one: Theme) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: str, b: str) -> float:
        low, high = sorted((luminance(a), luminance(b)))
        return (high + 0.05) / (low + 0.05)

    final = (one.box_final, one.box_gradient)
    for box in (one.background, one.box, one.box_input, *final, one.box_current):
        assert contrast(one.text, box) >= 7
        assert contrast(one.current, box) >= 3
    assert contrast(one.muted, one.background) >= 4.5
    assert contrast(one.line, one.background) >= 3


def test_hostile_labels_stay_text(hostile: Picture) -> None:
    text = svg_text(hostile)
    root = ElementTree.fromstring(text)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "g", "polygon", "path", "text",
    }  # fmt: skip
    assert _lines(_group(root, "v_0")) == [
        "\N{NO-BREAK SPACE}", '<b>&"\\N\\G]]></svg><script>', "&lt;�abc␀␊�",
    ]  # fmt: skip
    assert _lines(_group(root, "v_2")) == ["L" * 59 + "…", '"', "\\"]
    assert _lines(_group(root, "v_3")) == ["<b>"]
    assert _group(root, "e_0_1_0").findtext(f"{SVG}text") == '<b>&"\\N\\G]]></svg><script>'
    assert "<script" not in text
    frame = Frame(node_classes={0: ('"><script>',)}, lines={0: ("\ue0000\ue001", "\x1b[2J")})
    again = ElementTree.fromstring(base_svg(hostile, LIGHT).frame(frame))
    assert _group(again, "v_0").get("class") == "node input ---script-"
    assert _lines(_group(again, "v_0"))[:2] == ["�0�", "␛[2J"]


def test_two_processes_write_the_same_bytes(lecture: Picture, midway: Frame) -> None:
    code = (
        "import hashlib; from graphstep.output.svg import svg_text;"
        "from graphstep.output.picture import *;"
        f"print(hashlib.sha256(svg_text({lecture!r}, {midway!r}).encode()).hexdigest())"
    )
    root = Path(svg_module.__file__).parents[2]
    said = [
        subprocess.run(
            [sys.executable, "-P", "-c", code],
            env=os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    here = hashlib.sha256(svg_text(lecture, midway).encode()).hexdigest()
    assert said == [here, here]


def test_an_empty_picture_is_a_valid_drawing() -> None:
    assert ElementTree.fromstring(svg_text(Picture((), ()))).tag == f"{SVG}svg"


def test_an_unknown_theme_is_named() -> None:
    with pytest.raises(InputError) as error:
        theme("sepia")
    assert (
        str(error.value)
        == "unknown theme 'sepia' (must be one of light, dark, print, colour-blind)"
    )


def test_an_arrow_shows_the_same_text_in_the_dot_and_the_svg() -> None:
    label = "v̄₉ − exp(v₉)·total(v̄₉, 1)"
    nodes = (PictureNode(0, "input", ("a",)), PictureNode(1, "output", ("b",)))
    picture = Picture(nodes, (PictureEdge(0, 1, 0, label),))
    assert f" {label} " in dot_text(picture)
    assert label in svg_text(picture)
