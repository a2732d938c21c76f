"""What a deck is on paper: a page a step, or a page and a list of all steps."""

from __future__ import annotations

import io
import re

import pytest
import torch
from pypdf import PdfReader

from graphstep.api import Trace, trace
from graphstep.output.code import Code
from graphstep.output.deck.page import deck_html
from tests.browser.conftest import Open, Visit
from tests.output.test_groups import loop


def printed(here: Visit) -> list[str]:
    """Return the text of every page."""
    pdf = here.page.pdf(print_background=True, prefer_css_page_size=True)
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.full
def test_a_short_deck_has_a_page_a_step(visit: Open, lecture: Trace) -> None:
    deck = deck_html(lecture.timeline(), lecture.code)
    here = visit(deck, "#step=10", color_scheme="dark")
    texts = printed(here)
    assert len(texts) == len(lecture.timeline()) == 10
    for k, text in enumerate(texts, 1):
        assert f"step {k} of 10" in text
        assert "predict" not in text
        assert ("230" in text) == (k >= 5)
    assert here.page.locator("#pages").count() == 0
    assert here.text("#number") == "10"
    long = Code("a long line", "x" * 300, "<text>")
    here = visit(deck_html(lecture.timeline(), long), color_scheme="dark")
    here.page.emulate_media(media="print")
    box = here.page.locator("#graph svg").bounding_box()
    assert box is not None
    assert box["width"] > 300
    colour = "getComputedStyle(document.body).backgroundColor"
    assert here.page.evaluate(colour) == "rgb(255, 255, 255)"


def test_a_long_deck_has_its_step_and_then_a_list_of_all(visit: Open) -> None:
    found = loop(30)
    timeline = found.timeline()
    count = len(timeline)
    assert count > 150
    here = visit(deck_html(timeline, found.code), "#step=180", color_scheme="dark")
    here.page.wait_for_function("Boolean(data)")
    first, *others = printed(here)
    assert f"step 180 of {count}" in first
    listed = " ".join(others)
    rows = re.findall(r"(?:^|\s)(\d+)\s+(?:forward|reverse): ", listed)
    assert [int(row) for row in rows] == list(range(1, count + 1))
    assert listed.count("✓ torch") == sum(step.half == "reverse" for step in timeline)
    assert all("equation" in text for text in others)
    assert 4 <= len(others) <= count / 8
    assert here.page.locator("#pages").count() == 0
    assert here.text("#number") == "180"
    assert (here.complaints, here.requests) == ([], [])


@pytest.mark.full
def test_the_checks_notice_a_step_that_is_left_out(visit: Open) -> None:
    found = loop(30)
    here = visit(deck_html(found.timeline(), found.code))
    here.page.wait_for_function("Boolean(data)")
    here.page.evaluate("""addEventListener("beforeprint", () => {
      document.querySelectorAll(".listing tbody tr")[20].remove();
    })""")
    assert not re.search(r"\s21\s+forward: ", " ".join(printed(here)[1:]))


OVERLAPS = """() => [...document.querySelectorAll(".page")].flatMap((page, k) => {
  const box = (selector) => page.querySelector(selector).getBoundingClientRect();
  const parts = ["header", "#source", "#trace", "footer"].map(box);
  const apart = parts.slice(1).every((part, i) => part.top >= parts[i].bottom - 1);
  const [cell, table, whole] = ["td.current", "#trace", ".page"].map(
    (one) => (one === ".page" ? page : page.querySelector(one)).getBoundingClientRect());
  const inside = cell.top >= table.top && cell.bottom <= table.bottom + 1;
  return apart && inside && parts[3].bottom <= whole.bottom + 1 ? [] : [k + 1];
})"""


def test_on_every_page_nothing_covers_anything(visit: Open) -> None:
    def run(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        first, second = torch.nn.functional.layer_norm(x @ weight, [6]).chunk(2, -1)
        mixed = torch.softmax(first @ second.transpose(-1, -2) / 2.5, -1) @ first
        return (torch.nn.functional.gelu(mixed) * mixed.sigmoid()).logsumexp(0).sum()

    found = trace(run, torch.randn(4, 3), torch.randn(3, 6))
    here = visit(deck_html(found.timeline(), found.code), viewport={"width": 1030, "height": 690})
    here.page.emulate_media(media="print")
    here.page.evaluate("layPages()")
    assert here.page.locator(".page").count() == len(found.timeline())
    assert here.page.evaluate(OVERLAPS) == []
    here.page.evaluate(
        "document.querySelectorAll('#pages [hidden]').forEach((p) => p.hidden = false)"
    )
    assert here.page.evaluate(OVERLAPS) != []
