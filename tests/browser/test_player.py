"""The deck in a notebook: a frame that steps by itself, wherever a notebook puts it."""

from __future__ import annotations

from html import escape

import pytest

from graphstep.api import Trace, trace
from tests.browser.conftest import Open, clean


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


# What VS Code allows an output of a trusted notebook (its notebook webview), less its own hosts.
VSCODE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
    " img-src https: http: data:; font-src https:; connect-src https:; child-src https: data: blob:"
)


def book(*outputs: str, policy: str = "") -> str:
    """Return a page with outputs of a notebook in it, in one document."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    body = "".join(f"<div>{output}</div>" for output in outputs)
    return f"<!DOCTYPE html><meta charset='utf-8'>{meta}<title>book</title>{body}"


def player(trace_shown: Trace, step: int) -> str:
    return trace_shown.player(step)._repr_mimebundle_()["text/html"]


def test_the_player_steps_where_the_policy_is_that_of_vs_code(visit: Open, lecture: Trace) -> None:
    still = {"reduced_motion": "reduce"}
    here = visit(book(player(lecture, 2), policy=VSCODE), **still)
    inside = here.page.frame_locator("iframe")
    inside.locator("#next").click()
    assert inside.locator("#number").inner_text() == "4"
    colour = """Promise.all(document.getAnimations().map((one) => one.finished)).then(
        () => getComputedStyle(document.querySelector('#v_1 path')).fill)"""
    frame = here.page.frames[1]
    without = visit(book(player(lecture, 3)), **still).page.frames[1]
    assert frame.evaluate(colour) == without.evaluate(colour)
    assert clean(here)


def test_the_policy_of_vs_code_is_in_force(visit: Open) -> None:
    outside = '<script src="https://example.invalid/x.js"></script>'
    here = visit(book(outside, policy=VSCODE))
    here.page.wait_for_function("document.readyState === 'complete'")
    assert ["Content Security Policy" in said for said in here.complaints] == [True]


def test_outputs_in_frames_of_their_own_step_apart(visit: Open, lecture: Trace) -> None:
    # As Colab does: each output is a document of its own, and asks for no room but its height.
    frames = [
        f'<iframe width="900" height="700" srcdoc="{escape(book(output))}"></iframe>'
        for output in (player(lecture, 2), player(lecture, 6))
    ]
    here = visit(book(*frames))
    decks = [here.page.frame_locator("iframe").nth(k).frame_locator("iframe") for k in (0, 1)]
    assert [deck.locator("#number").inner_text() for deck in decks] == ["3", "7"]
    decks[0].locator("#next").click()
    decks[0].locator("#next").click()
    decks[1].locator("#back").click()
    assert [deck.locator("#number").inner_text() for deck in decks] == ["5", "6"]
    assert clean(here)


def test_drawings_in_one_document_keep_their_looks_and_their_names(
    visit: Open, lecture: Trace
) -> None:
    other = trace("exp(x)", x=1.0)
    drawn = [lecture.svg(4), other.svg(theme="dark"), lecture.svg(theme="print")]
    looks = """[...document.querySelectorAll("svg")].map((svg) =>
      [...svg.querySelectorAll("path, polygon, text")].map((part) => {
        const { fill, stroke, strokeWidth } = getComputedStyle(part);
        return [fill, stroke, strokeWidth].join();
      }))"""
    together = visit(book(*(svg[svg.index("<svg") :] for svg in drawn)))
    for svg, found in zip(drawn, together.page.evaluate(looks), strict=True):
        alone = visit(book(svg[svg.index("<svg") :]))
        assert alone.page.evaluate(looks) == [found]
    images = together.page.get_by_role("img", name="Computational graph", exact=True)
    assert images.count() == 3
    assert clean(together)
