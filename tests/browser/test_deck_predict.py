"""Predict mode: a result stays hidden until it is answered, wherever it would show."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open, clean, number


def test_predicting_hides_a_result_until_it_is_answered(visit: Open, deck: str) -> None:
    here = visit(deck, "#step=3")
    here.press("p", "ArrowRight")
    for selector in ("#equation", "td.current", "#say", "#note"):
        assert "200" not in here.page.locator(selector).inner_text()
    assert here.page.locator("#v_2 text.line").nth(1).text_content() == "v₂ = ?"
    answer = here.page.locator("#answer")
    answer.fill("30")
    answer.press("Enter")
    assert here.text("#judged").startswith("✗ not 30")
    assert "200" not in here.text("#equation")
    answer.fill("200.5")
    answer.press("Enter")
    assert here.text("#check") == "✓ right"
    assert "200" in here.text("#equation")
    here.press("ArrowRight")
    assert (number(here), "230" in here.text("#equation")) == (5, False)
    here.press("ArrowRight")
    assert (number(here), "230" in here.text("#equation")) == (5, True)
    here.press("ArrowLeft", "ArrowRight")
    assert "230" in here.text("#equation")
    assert clean(here)


@pytest.mark.full
def test_predicting_hides_the_partials_that_are_to_come(visit: Open, deck: str) -> None:
    here = visit(deck, "#step=9")
    label = here.page.locator("#e_m1_1_0 text")
    assert (label.text_content() or "").strip() == "3"
    here.press("p")
    assert (label.text_content() or "").strip() == "?"
    here.press("ArrowRight")
    assert (label.text_content() or "").strip() == "?"
    here.page.locator("#reveal").click()
    assert (label.text_content() or "").strip() == "3"
    here.press("p", "Home")
    assert (label.text_content() or "").strip() == "3"
