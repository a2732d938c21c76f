"""Groups of a large graph in a real browser: opened and closed in place, while nothing overlaps."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from graphstep.api import Trace, trace
from graphstep.output.deck import page as deck_page
from graphstep.output.deck.page import deck_html
from tests.browser.conftest import FOLDED, Open, clean, names
from tests.output.test_groups import loop

HOSTILE = "</script><img src=x onerror=alert(1)>\"'`&\u202e\u2067<!--"


def group(name: str) -> str:
    return f"g.group[aria-label^='open {name},']"


def test_a_click_opens_a_group_in_its_place(visit: Open, grouped: str) -> None:
    here = visit(grouped)
    assert here.text(".part") == "21 values in 6 groups: click a group to open it, or press o"
    assert here.page.locator("#graph .node").count() == 3
    here.page.locator(group("0")).click()
    assert names(here) == ["0"]
    assert not here.page.locator("#v_6").is_visible()
    assert here.page.locator("#say").text_content() == "opened 0: 5 boxes"
    here.page.locator(group("0.2")).click()
    assert names(here) == ["0", "0.2"]
    here.press("0")
    here.page.locator(".bar[aria-label='close 0']").click()
    assert names(here) == []
    assert here.page.locator("#v_6").is_visible()
    assert clean(here)


def test_keys_open_and_close_groups(visit: Open, grouped: str) -> None:
    here = visit(grouped)
    here.page.locator(group("1")).focus()
    here.press("Enter")
    assert names(here) == ["1"]
    focused = "document.activeElement.getAttribute('aria-label')"
    assert here.page.evaluate(focused) == "close 1"
    here.press(" ")
    assert names(here) == []
    assert here.page.evaluate(focused).startswith("open 1, ")
    here.press("r", "ArrowRight", "o")
    assert names(here) == ["1"]
    here.press("ArrowRight", "o")
    assert names(here) == ["1", "1.2"]
    here.press("c")
    assert names(here) == ["1"]
    here.press("c", "c")
    assert names(here) == []
    assert clean(here)


def test_a_step_within_a_folded_group_lights_it(visit: Open, opened: Trace, grouped: str) -> None:
    at = opened.timeline().find(3, "forward")
    here = visit(grouped, f"#step={at + 1}")
    box = here.page.locator("#v_6")
    assert "current" in (box.get_attribute("class") or "")
    assert box.locator("text.line").nth(3).text_content() == "v 7/10 in, v̄ 0/10 in"
    assert box.locator("text.line").nth(2).text_content() == "v₆ = …"
    here.press("o")
    assert "current" in (here.page.locator(".frame").get_attribute("class") or "")
    assert "current" in (here.page.locator("[id$='-v_3']").get_attribute("class") or "")
    here.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Home", "End")
    assert "current" not in (here.page.locator("[id$='-v_3']").get_attribute("class") or "")


def test_a_link_says_what_is_open_and_the_address_follows(visit: Open, grouped: str) -> None:
    here = visit(grouped, "#step=9&open=1.2")
    assert (names(here), here.text("#number")) == (["0", "0.0"], "9")
    here.press("ArrowRight")
    assert here.page.url.endswith("#step=10&open=1.2")
    here.page.evaluate("location.hash = '#step=3&open=4.999'")
    here.page.wait_for_function("document.getElementById('number').textContent === '3'")
    assert names(here) == ["1"]
    here.press("c")
    here.page.locator(".bar").click()
    here.press("ArrowRight")
    assert here.page.url.endswith("#step=4")
    assert clean(here)


@pytest.mark.full
def test_a_click_in_a_group_leads_to_the_step_of_a_value(visit: Open, grouped: str) -> None:
    here = visit(grouped, "#step=1&open=1.2")
    here.page.locator("#s2-v_2").click()
    assert here.text("#head") == "forward: addmm in 0.0 gives v₂"


@pytest.mark.full
def test_predicting_hides_what_a_group_gives(visit: Open, opened: Trace, grouped: str) -> None:
    at = opened.timeline().find(6, "forward")
    here = visit(grouped, f"#step={at}")
    here.press("p", "ArrowRight")
    line = here.page.locator("#v_6 text.line").nth(2)
    assert line.text_content() == "v₆ = ?"
    here.page.locator("#reveal").click()
    assert (line.text_content() or "").startswith("v₆ = f32[2,3]")


class Hostile(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        part = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        self.held = nn.ModuleDict({HOSTILE.replace(".", ""): part})

    def forward(self, x: Tensor) -> Tensor:
        (part,) = self.held.values()
        result: Tensor = part(x).sum()
        return result


def test_hostile_names_of_groups_are_text(visit: Open) -> None:
    found = trace(Hostile(), torch.ones(2))
    code = replace(found.code, title=HOSTILE)
    here = visit(deck_html(found.timeline(), code, options=FOLDED))
    here.press("o")
    while here.page.locator("#graph .group:not(.open)").count():
        here.page.locator("#graph .group:not(.open)").first.focus()
        here.press("Enter")
    here.press("End", "c", "o")
    assert clean(here)
    assert here.page.locator("img").count() == 0
    assert any("</script><img" in name for name in names(here))
    assert "\u202e" not in here.page.content()


@pytest.mark.parametrize("packed", [True, pytest.param(False, marks=pytest.mark.full)])
def test_a_large_deck_has_all_its_steps(
    visit: Open, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deck_page, "PLAIN", 10_000 if packed else 10_000_000)
    monkeypatch.setattr(deck_page, "MANY_ROWS", 100)
    found = loop(60)
    html = deck_html(found.timeline(), found.code, options=FOLDED)
    assert ("application/octet-stream" in html) == packed
    here = visit(html, "#step=350")
    here.page.wait_for_function("document.getElementById('number').textContent === '350'")
    assert here.page.locator("#trace tr").count() < 200
    for _ in range(3):
        here.press("o")
        box, pane = (
            here.page.locator(s).bounding_box()
            for s in ("#graph .node.current:not(.open, .port)", "#graph")
        )
        assert box is not None
        assert pane is not None
        assert pane["y"] <= box["y"] <= pane["y"] + pane["height"]
    assert here.text("td.more button >> nth=0").startswith("↑ rows 1 to ")
    here.press("End")
    assert here.text("#number") == str(len(found.timeline()))
    assert here.text("td.current").endswith("✓")
    here.page.locator("td.more button").first.click()
    here.page.locator("td[data-step='200']").click()
    assert here.text("#number") == "201"
    assert clean(here)
