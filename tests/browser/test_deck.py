"""The step deck in a real browser: every way to step, and nothing that leaves the page."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from graphstep.api import Trace, trace
from graphstep.output.deck.page import deck_html
from graphstep.steps.words import headline
from tests.browser.conftest import Open, clean, number


def test_keys_step_to_and_fro(visit: Open, deck: str) -> None:
    here = visit(deck)
    assert number(here) == 1
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowLeft"):
        here.press(key)
        seen.append(number(here))
    assert seen == [2, 3, 2, 10, 10, 1, 1]
    here.press("r")
    assert (number(here), here.text("#half")) == (6, "reverse")
    here.press("f")
    assert (number(here), here.text("#half")) == (1, "forward")
    assert clean(here)


@pytest.mark.full
def test_the_words_are_those_of_the_terminal(visit: Open, lecture: Trace) -> None:
    timeline = lecture.timeline("contribution")
    here = visit(deck_html(timeline, lecture.code))
    for at in range(len(timeline)):
        assert here.text("#head") == headline(timeline, at)
        said = here.page.locator("#say").text_content() or ""
        assert said.startswith(f"Step {at + 1} of {len(timeline)}. {headline(timeline, at)}. ")
        assert timeline.caption(at) in said
        here.press("ArrowRight")
    assert clean(here)


def test_what_is_pending_is_never_a_number(visit: Open, lecture: Trace) -> None:
    here = visit(deck_html(lecture.timeline("contribution"), lecture.code))
    for cell in here.page.locator("td:nth-child(2)").all_inner_texts():
        assert cell.endswith("= …")
    lines = here.page.locator("#v_m1 text.line").all_text_contents()
    assert lines == ["v₋₁ = a", "v₋₁ = 10", "v̄₋₁ = …"]
    assert "value-pending" in (here.page.locator("#v_3").get_attribute("class") or "")
    here.press("r")
    while "term 1 of 2" not in here.text("#head"):
        here.press("ArrowRight")
    partial = here.page.locator("#v_m1")
    assert partial.locator("text.line").nth(2).text_content() == "v̄₋₁ = 20 + …"
    assert "adjoint-partial" in (partial.get_attribute("class") or "")
    assert here.text("td.current").endswith("20\xa0partial")
    assert here.text("#check") == "partial: more terms to come"


def test_cases_are_typeset_within_the_policy(visit: Open) -> None:
    opened = trace("relu(a)*b", a=2.0, b=3.0)
    here = visit(deck_html(opened.timeline(), opened.code), "#step=8")
    assert here.page.locator("mtable").count() > 0
    cell = here.page.locator("#equation mtd").first
    assert cell.evaluate("(one) => getComputedStyle(one).textAlign") == "left"
    for _ in opened.timeline():
        here.press("ArrowLeft")
    assert clean(here)


@pytest.mark.full
def test_no_path_is_told_from_pending(visit: Open) -> None:
    opened = trace("a + detach(a*b)", a=2.0, b=3.0)
    here = visit(deck_html(opened.timeline(), opened.code))
    cell = here.page.locator("td.no-path")
    assert cell.inner_text().endswith("= …")
    here.press("End")
    assert "no path: " in cell.inner_text()


def test_a_link_opens_its_step_and_the_address_follows(visit: Open, deck: str) -> None:
    here = visit(deck, "#step=7")
    assert number(here) == 7
    here.press("ArrowRight")
    assert here.page.url.endswith("#step=8")
    here.page.evaluate("location.hash = '#step=2'")
    here.page.wait_for_function("document.getElementById('number').textContent === '2'")
    here.page.evaluate("location.hash = '#step=99'")
    here.page.wait_for_function("document.getElementById('number').textContent === '10'")


def test_the_slider_the_table_and_a_box_lead_to_their_steps(visit: Open, deck: str) -> None:
    here = visit(deck)
    here.page.locator("#slider").fill("4")
    assert number(here) == 5
    here.page.locator("#slider").press("ArrowRight")
    assert number(here) == 6
    here.page.locator("td[data-step='8']").click()
    assert number(here) == 9
    here.page.locator("#v_2").click()
    assert (number(here), here.text("td.current")[-5:]) == (7, "=\xa01\xa0✓")
    here.page.locator("#next").click()
    assert number(here) == 8


def test_space_plays_and_pauses(visit: Open, deck: str) -> None:
    here = visit(deck)
    here.page.clock.install(time=0)
    here.page.clock.pause_at(60_000)
    here.press("Space")
    here.page.clock.run_for(3000)
    assert (number(here), here.page.locator("#play").get_attribute("aria-label")) == (3, "pause")
    here.press("Space")
    here.page.clock.run_for(3000)
    assert (number(here), here.page.locator("#play").get_attribute("aria-label")) == (3, "play")


@pytest.mark.full
def test_notes_and_the_list_of_keys(visit: Open, deck: str) -> None:
    here = visit(deck, "#step=10")
    assert not here.page.locator("#note-box").is_visible()
    here.press("n")
    assert here.text("#note").startswith("v₋₁ is used twice, by v₂ and v₁. Every use sends back")
    here.press("?")
    assert here.page.locator("#keys").is_visible()
    here.press("Escape")
    assert not here.page.locator("#keys").is_visible()


@pytest.mark.full
def test_a_swipe_steps(visit: Open, deck: str) -> None:
    here = visit(deck, has_touch=True)
    swipe = """(right) => {
      const target = document.body;
      const at = (x) => [new Touch({identifier: 1, target, clientX: x, clientY: 90})];
      const send = (name, x) => target.dispatchEvent(new TouchEvent(name, {
        touches: name === "touchend" ? [] : at(x), changedTouches: at(x), bubbles: true}));
      send("touchstart", 300); send("touchend", 300 + right);
    }"""
    seen = []
    for right in (-120, -120, 120, -20):
        here.page.evaluate(swipe, right)
        seen.append(number(here))
    assert seen == [2, 3, 2, 2]


@pytest.mark.full
def test_nothing_moves(visit: Open, deck: str) -> None:
    here = visit(deck)
    places = (
        "[...document.querySelectorAll('#graph .node path, #graph .edge path, "
        "#graph .node polygon')].map((one) => JSON.stringify(one.getBoundingClientRect()))"
    )
    first = here.page.evaluate(places)
    for _ in range(9):
        here.press("ArrowRight")
        assert here.page.evaluate(places) == first
    here.press("+")
    assert here.page.evaluate(places) != first
    here.press("0")
    assert here.page.evaluate(places) == first


@pytest.mark.full
def test_light_and_dark(visit: Open, deck: str, lecture: Trace) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = "rgb(255, 255, 255)", "rgb(22, 24, 29)"
    here = visit(deck, color_scheme="dark")
    assert here.page.evaluate(colour) == dark
    here.press("d")
    assert here.page.evaluate(colour) == light
    forced = visit(deck_html(lecture.timeline(), lecture.code, 6, "dark"), color_scheme="light")
    assert (forced.page.evaluate(colour), number(forced)) == (dark, 7)


@pytest.mark.full
def test_without_a_script_it_shows_the_finished_trace(visit: Open, deck: str) -> None:
    here = visit(deck, java_script_enabled=False)
    assert here.page.locator("td").last.inner_text().endswith("=\xa023\xa0✓")
    assert here.page.locator("#v_m1 text.line").nth(2).text_content() == "v̄₋₁ = 23"
    assert "Without JavaScript" in here.text("noscript")


@pytest.mark.full
def test_a_phone_needs_no_sideways_scrolling(visit: Open, deck: str) -> None:
    def long(x: Tensor, a_name_that_is_rather_long: Tensor) -> Tensor:
        y = torch.softmax(x @ a_name_that_is_rather_long, -1).pow(2)
        return torch.nn.functional.layer_norm(y, [3]).reshape(-1).logsumexp(0)

    opened = trace(long, torch.ones(2, 3), torch.eye(3))
    for html in (deck, deck_html(opened.timeline(), opened.code)):
        here = visit(html, "#step=9", viewport={"width": 390, "height": 844}, has_touch=True)
        for _ in range(3):
            assert here.page.evaluate("document.documentElement.scrollWidth") <= 390
            here.press("ArrowRight")
