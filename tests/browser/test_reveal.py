"""The section for reveal.js in reveal.js itself: with each key the next step, and nothing else."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

import graphstep as gs
from tests.browser.conftest import Open, Visit

SEEN = """[...document.querySelectorAll("figure")].flatMap((one, k) => {
  const { visibility, opacity } = getComputedStyle(one);
  return visibility === "visible" && opacity === "1" ? [k] : [];
})"""


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0)


@pytest.fixture
def reveal(tmp_path: Path) -> Path:
    """The folder of a talk, with reveal.js in it."""
    package = importlib.util.find_spec("sphinx_revealjs")
    if package is None or package.origin is None:
        pytest.skip("sphinx-revealjs, which brings reveal.js along, is not installed")
    dist = Path(package.origin).parent / "_static" / "revealjs" / "dist"
    for name in ("reveal.js", "reveal.css"):
        shutil.copy(dist / name, tmp_path / name)
    return tmp_path


def talk(section: str) -> str:
    """Return a talk: a first slide, the section, and a last slide."""
    return (
        '<!DOCTYPE html><meta charset="utf-8"><title>talk</title><link rel="stylesheet"'
        ' href="reveal.css"><style>.fragment { transition: none !important; }</style>'
        f'<div class="reveal"><div class="slides"><section>first</section>{section}'
        '<section>last</section></div></div><script src="reveal.js"></script>'
        '<script>Reveal.initialize({ transition: "none", hash: false });</script>'
    )


def walked(here: Visit, keys: int) -> list[list[int]]:
    """Return which of the figures are in sight after each key."""
    here.page.wait_for_function("Reveal.isReady()")
    here.press("ArrowRight")
    seen = [here.page.evaluate(SEEN)]
    for _ in range(keys - 1):
        here.press("ArrowRight")
        seen.append(here.page.evaluate(SEEN))
    return seen


def test_each_key_shows_the_next_step(visit: Open, trace: gs.Trace, reveal: Path) -> None:
    *drawn, section = trace.export(reveal / "talk.reveal.html", all_steps=True)
    here = visit(talk(section.read_text("utf-8")))
    count = len(drawn)
    assert walked(here, count) == [[k] for k in range(count)]
    sizes = "[...document.querySelectorAll('img')].map((one) => [one.naturalWidth, one.width])"
    assert all(natural > 50 and width > 50 for natural, width in here.page.evaluate(sizes))
    box = here.page.locator("figure").last.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    here.press("ArrowRight")
    assert here.page.evaluate("Reveal.getCurrentSlide().textContent") == "last"
    here.press("ArrowLeft", "ArrowLeft")
    assert here.page.evaluate(SEEN) == [count - 2]
    assert here.complaints == []


def test_the_check_notices_a_step_that_stays(visit: Open, trace: gs.Trace, reveal: Path) -> None:
    *drawn, section = trace.export(reveal / "talk.reveal.html", all_steps=True)
    planted = section.read_text("utf-8").replace("fragment current-visible", "fragment", 1)
    count = len(drawn)
    assert walked(visit(talk(planted)), count) != [[k] for k in range(count)]
