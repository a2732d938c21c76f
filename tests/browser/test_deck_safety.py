"""What a user wrote, or what someone planted in a deck, runs nothing and asks for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from graphstep.api import trace
from graphstep.output.deck.page import deck_html
from tests.browser.conftest import Open, clean, number

HOSTILE = "</script><img src=x onerror=alert(1)>\"'`&\u202e\u2067<!--"


class Hostile(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.held = nn.ParameterDict({HOSTILE.replace(".", ""): nn.Parameter(torch.ones(2))})

    def forward(self, x: Tensor) -> Tensor:
        (weight,) = self.held.values()
        result: Tensor = (weight * x).sum()  # </script><img src=x onerror=alert(2)> \u202e
        return result


def test_hostile_labels_are_text(visit: Open) -> None:
    opened = trace(Hostile(), torch.ones(2))
    timeline = opened.timeline("contribution")
    here = visit(deck_html(timeline, replace(opened.code, title=HOSTILE)))
    for _ in range(len(timeline)):
        here.press("ArrowRight")
    assert clean(here)
    assert here.page.locator("img").count() == 0
    assert here.page.locator("script").count() == 2
    assert "</script><img src=x onerror=alert(1)>" in here.text("h1")
    assert "onerror=alert(2)" in here.text("#source")
    assert "\u202e" not in here.page.content()


@pytest.mark.full
def test_the_checks_notice_a_page_that_asks_or_runs(visit: Open, deck: str) -> None:
    asking = deck.replace("<footer>", '<img src="https://example.invalid/a.png"><footer>')
    running = deck.replace("<footer>", "<script>alert(1)</script><footer>")
    for planted in (asking, running):
        here = visit(planted)
        assert "Content Security Policy" in " ".join(here.complaints)
        assert number(here) == 1
    unguarded = asking.replace("Content-Security-Policy", "X")
    assert visit(unguarded).requests == ["https://example.invalid/a.png"]
