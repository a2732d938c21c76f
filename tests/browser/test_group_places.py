"""Whatever groups are open, boxes and arrows of a deck are in their places."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from graphstep.api import Trace
from graphstep.output.deck.page import deck_html
from tests.browser.conftest import FOLDED, Open, Visit, clean, names
from tests.output.test_groups import loop, network


def overlaps(here: Visit) -> list[str]:
    """Return the pairs of boxes and frames beside each other that overlap."""
    found: list[str] = here.page.evaluate("""() => {
      const found = [];
      for (const sheet of inSight()) {
        const parts = sheet.nodes.map((node) => [
          node.id, (isOpen(node) ? sheets[node.opens].frame : node.group).getBoundingClientRect()]);
        for (const [a, one] of parts) for (const [b, other] of parts) {
          if (a < b && one.left + 1 < other.right && other.left + 1 < one.right
            && one.top + 1 < other.bottom && other.top + 1 < one.bottom) found.push(`${a} ${b}`);
        }
      }
      return found;
    }""")
    return found


def loose(here: Visit) -> list[str]:
    """Return the arrows whose ends are not at their boxes."""
    found: list[str] = here.page.evaluate("""() => {
      const far = (node, point) => {
        const part = isOpen(node) ? sheets[node.opens].frame : node.group;
        const box = part.getBoundingClientRect();
        return Math.hypot(
          Math.max(box.left - point.x, 0, point.x - box.right),
          Math.max(box.top - point.y, 0, point.y - box.bottom));
      };
      return inSight().flatMap((sheet) => sheet.edges.filter((edge) => {
        const at = (place) => edge.path.getPointAtLength(place)
          .matrixTransform(edge.path.getScreenCTM());
        const reach = 14 * edge.path.getScreenCTM().a;
        return far(edge.tail, at(0)) > reach
          || far(edge.head, at(edge.path.getTotalLength())) > reach;
      }).map((edge) => edge.id));
    }""")
    return found


@pytest.mark.parametrize(
    "build",
    [pytest.param(network, marks=pytest.mark.full), lambda: loop(40)],
    ids=["modules", "loop"],
)
def test_whatever_is_open_nothing_overlaps_and_every_arrow_ends_at_its_boxes(
    visit: Open, build: Callable[[], Trace]
) -> None:
    found = build()
    here = visit(deck_html(found.timeline(), found.code, options=FOLDED))
    here.page.wait_for_function("Boolean(data)")
    choice = random.Random(3)
    groups = "inSight().flatMap((sheet) => sheet.nodes.map((node) => node.opens)).filter(Boolean)"
    for _ in range(25):
        number = choice.choice(here.page.evaluate(groups))
        here.page.evaluate(f"toggleGroup({number}, false)")
        assert overlaps(here) == []
        assert loose(here) == []
    here.page.evaluate("openOnly([...sheets.keys()].slice(1)), arrange(), fit(), show()")
    assert len(names(here)) == here.page.evaluate("sheets.length - 1")
    assert overlaps(here) == []
    assert loose(here) == []
    assert clean(here)


@pytest.mark.full
def test_the_checks_notice_a_box_that_is_moved(visit: Open, grouped: str) -> None:
    here = visit(grouped, "#step=1&open=1")
    here.page.evaluate("shift(document.getElementById('v_12'), [0, -60])")
    assert overlaps(here) == ["v_12 v_6"]
    assert loose(here) != []


@pytest.mark.full
def test_nothing_moves_when_stepping_with_groups_open(visit: Open, grouped: str) -> None:
    here = visit(grouped, "#step=1&open=1.2.4")
    places = (
        "[...document.querySelectorAll('#graph .node path, #graph .edge path, #graph .ground')]"
        ".map((one) => JSON.stringify(one.getBoundingClientRect()))"
    )
    here.press("0")
    first = here.page.evaluate(places)
    for _ in range(20):
        here.press("ArrowRight")
        assert here.page.evaluate(places) == first
