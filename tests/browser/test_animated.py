"""An animated SVG in a real browser: it plays, and keeps still where less motion is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphstep as gs
from tests.browser.conftest import Open, Visit

IN_SIGHT = """(at) => {
  const moves = document.getAnimations();
  moves.forEach((one) => { one.pause(); one.currentTime = 1000 * at; });
  const groups = [...document.querySelectorAll("g.node, g.edge")];
  const shown = groups.filter((one) => getComputedStyle(one).visibility === "visible");
  return [moves.length, shown.map((one) => [
    one.querySelector("title").textContent, one.getAttribute("class")]).sort()];
}"""


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


@pytest.fixture
def played(trace: gs.Trace, tmp_path: Path) -> str:
    (path,) = trace.export(tmp_path / "x.svg", all_steps=True)
    return page(path.read_text("utf-8"))


def page(svg: str) -> str:
    return f"<!DOCTYPE html><title>x</title>{svg[svg.index('<svg') :]}"


def in_sight(here: Visit, at: float) -> tuple[int, list[list[str]]]:
    """Return how many parts move, and the title and classes of what is in sight at a time."""
    moving, shown = here.page.evaluate(IN_SIGHT, at)
    return moving, shown


def test_each_second_shows_its_step_and_then_it_begins_again(
    visit: Open, trace: gs.Trace, played: str
) -> None:
    here = visit(played)
    for step in range(len(trace.steps)):
        moving, shown = in_sight(here, step + 0.5)
        assert moving > 10
        assert shown == in_sight(visit(page(trace.svg(step))), 0)[1]
    assert in_sight(here, 12 + 0.5) == in_sight(here, 0.5)
    assert (here.complaints, here.requests) == ([], [])


def test_where_less_motion_is_asked_for_the_last_step_stands_still(
    visit: Open, trace: gs.Trace, played: str
) -> None:
    here = visit(played, reduced_motion="reduce")
    last = in_sight(visit(page(trace.svg(len(trace.steps) - 1))), 0)[1]
    for at in (0.5, 4.5):
        assert in_sight(here, at) == (0, last)


def test_a_pointer_on_it_halts_it(visit: Open, played: str) -> None:
    here = visit(played)
    states = "[...new Set(document.getAnimations().map((one) => one.playState))]"
    assert here.page.evaluate(states) == ["running"]
    here.page.locator("svg").hover()
    assert here.page.evaluate(states) == ["paused"]
