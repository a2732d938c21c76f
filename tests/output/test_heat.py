"""Heat: a box says how large its adjoint is, and has the class of that size."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.cli.main import main
from graphstep.errors import InputError
from graphstep.output.heat import heat_class

EXPLODING = "; ".join(["h1 = w*x", *(f"h{k} = w*h{k - 1}" for k in range(2, 6)), "h5"])


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (0.0, "heat-zero"),
        (1e-30, "heat-0"),
        (9e-6, "heat-0"),
        (1e-5, "heat-1"),
        (0.05, "heat-2"),
        (1.0, "heat-3"),
        (99.0, "heat-4"),
        (1e4, "heat-5"),
        (1e5, "heat-6"),
        (float("inf"), "heat-6"),
        (float("nan"), "heat-6"),
    ],
)
def test_seven_classes_on_a_log_scale(size: float, name: str) -> None:
    assert heat_class(size) == name


def test_an_exploding_chain_warms_up_from_the_output_back() -> None:
    svg = gs.trace(EXPLODING, x=1.0, w=30.0).svg(heat="adjoint")
    heats = re.findall(r'class="node (\w+)[^"]* heat-(\d)"', svg)
    assert heats[-1] == ("output", "3")
    assert ("input", "6") in heats
    assert "max |v̄| = 810000" in svg
    assert "coloured by the largest |v̄| of each value" in svg


def test_a_dead_relu_is_said() -> None:
    svg = gs.trace("relu(w*x)", x=1.0, w=-2.0).svg(heat="adjoint")
    assert svg.count("max |v̄| = 0, dead") >= 3
    assert "heat-zero" in svg


def test_only_complete_adjoints_are_coloured() -> None:
    trace = gs.trace("3*a + a*b", a=10.0, b=20.0)
    plain = re.compile(r'class="node [^"]*heat-')
    assert not plain.search(trace.svg(0, heat="adjoint"))
    assert plain.search(trace.svg(6, heat="adjoint"))
    assert "max |v̄|" not in trace.svg()


def test_an_unknown_heat() -> None:
    with pytest.raises(InputError, match=r"unknown heat 'value' \(must be one of adjoint\)"):
        gs.trace("a*a", a=1.0).svg(heat="value")


def test_export_colours_images_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["export", EXPLODING, "x=1", "w=30", "--heat", "adjoint", "-o"]
    assert main([*words, str(tmp_path / "hot.svg"), "--theme", "print"]) == 0
    ElementTree.parse(tmp_path / "hot.svg")
    assert main([*words, str(tmp_path / "hot.png"), "--step", "7"]) == 0
    assert (tmp_path / "hot.png").read_bytes().startswith(b"\x89PNG")
    capsys.readouterr()
    assert main([*words, str(tmp_path / "hot.md")]) == 2
    assert capsys.readouterr().err == (
        "graphstep: heat colours one drawing, as .svg, .png, .pdf, not .md\n"
    )
    assert main([*words, str(tmp_path / "hot.svg"), "--all-steps"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: heat colours one drawing, as .svg, .png, .pdf, not all steps\n"
    )
