"""The looks of boxes as a browser paints them are those that images are drawn with."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from graphstep.output.themes import NODE_LOOKS, THEMES, look, style_sheet
from tests.browser.conftest import Open

STATES = (
    "input", "value-pending", "adjoint-partial", "adjoint-final", "no-path", "heat-5", "operand",
    "current", "disagrees",
)  # fmt: skip
PAINTED = """[...document.querySelectorAll("path")].map((one) => {
  const { fill, stroke, strokeWidth } = getComputedStyle(one);
  const hex = (colour) => "#" + colour.match(/\\d+/g).map(
    (part) => Number(part).toString(16).padStart(2, "0")).join("");
  return [hex(fill), hex(stroke), parseFloat(strokeWidth)];
})"""


@pytest.mark.parametrize("name", THEMES)
def test_a_box_of_any_states_looks_the_same_in_both(visit: Open, name: str) -> None:
    theme = THEMES[name]
    some = [
        ("node", *found)
        for found in chain.from_iterable(combinations(STATES, count) for count in range(4))
    ]
    boxes = "".join(f'<g class="{" ".join(found)}"><path d="M0 0"/></g>' for found in some)
    style = f"<style>{style_sheet(theme)}</style>"
    page = f'<!DOCTYPE html><title>x</title><svg class="graphstep {name}">{style}{boxes}</svg>'
    looks = [look(NODE_LOOKS, found) for found in some]
    known = [[getattr(theme, o.fill), getattr(theme, o.stroke), o.width] for o in looks]
    assert visit(page).page.evaluate(PAINTED) == known
    assert len({tuple(paint) for paint in known}) > 8
