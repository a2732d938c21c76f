"""The deck in a notebook: a frame that steps by itself, wherever a notebook puts it."""

from __future__ import annotations

import pytest

from graphstep.api import Trace, trace
from tests.browser.conftest import Open, Visit


@pytest.fixture(scope="module")
def lecture() -> Trace:
    return trace("3*a + a*b", a=10.0, b=20.0)


def clean(here: Visit) -> bool:
    return here.complaints == [] and here.requests == []


@pytest.mark.full
def test_a_player_out_of_sight_fits_when_it_comes_into_sight(visit: Open, lecture: Trace) -> None:
    html = lecture.player(2)._repr_mimebundle_()["text/html"]
    here = visit(f"<!DOCTYPE html><title>book</title><div hidden>{html}</div>")
    here.page.wait_for_timeout(300)
    here.page.evaluate("document.querySelector('div').hidden = false")
    graph = here.page.frame_locator("iframe").locator("#graph")
    graph.wait_for()
    here.page.wait_for_timeout(300)
    pane, box = graph.bounding_box(), graph.locator("#v_3").bounding_box()
    assert pane is not None
    assert box is not None
    assert box["y"] + box["height"] > pane["y"] + 0.9 * pane["height"]
    assert clean(here)


@pytest.mark.full
def test_the_player_of_a_notebook_steps_inside_its_frame(visit: Open, lecture: Trace) -> None:
    html = lecture.player(2)._repr_mimebundle_()["text/html"]
    here = visit(f"<!DOCTYPE html><title>book</title>{html}")
    inside = here.page.frame_locator("iframe")
    assert inside.locator("#number").inner_text() == "3"
    inside.locator("#next").click()
    here.press("ArrowRight")
    assert inside.locator("#number").inner_text() == "5"
    assert "230" in inside.locator("#equation").inner_text()
    assert clean(here)
