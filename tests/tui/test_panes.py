from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.api import Trace
from graphstep.recording.place import Place
from graphstep.steps.words import check_text, headline
from graphstep.tui import make_app
from graphstep.tui.widgets.source import SourcePane, source_text

CODE = ["def f(x):", "\ty = x.sin()", "    return [y]", ""]


def _lit(place: Place, lines: list[str], width: int, height: int) -> str:
    content = source_text(place, lines, width, height, lit=True)
    return "".join(
        content.plain[s.start : s.end] for s in content.spans if "reverse" in str(s.style)
    )


def test_the_exact_columns_are_lit() -> None:
    place = Place("/home/someone/net.py", 2, 5, 2, 12)
    shown = source_text(place, CODE, 40, 3, lit=True)
    assert [line.rstrip() for line in shown.plain.split("\n")] == [
        " 1 def f(x):" + " " * 22 + "net.py",
        "▶2     y = x.sin()",
        " 3     return [y]",
    ]
    assert _lit(place, CODE, 40, 3) == "x.sin()"


def test_a_place_of_several_lines_is_lit_on_each() -> None:
    place = Place("net.py", 1, 4, 3, 12)
    assert _lit(place, CODE, 40, 4) == "f(x):y = x.sin()return ["


def test_a_long_line_scrolls_to_the_lit_part() -> None:
    place = Place("<expression>", 1, 300, 1, 305)
    text = "a + " * 75 + "b*c*d" + " + e" * 20
    shown = source_text(place, [text], 40, 1, lit=True)
    assert shown.cell_length <= 40
    assert _lit(place, [text], 40, 1) == "b*c*d"
    assert shown.plain.startswith(" …")


@pytest.mark.parametrize("place", [Place("x.py", 9, 0, 9, 3), Place("x.py", 2, 50, 2, 60)])
def test_a_place_outside_the_text_is_no_error(place: Place) -> None:
    assert source_text(place, CODE, 30, 3, lit=True).plain


def test_every_kind_of_step_is_said_in_words(lecture: Trace) -> None:
    timeline = lecture.timeline()
    said = [headline(timeline, at) for at in (0, 2, 5, 6, 9)]
    assert said == [
        "forward: the input a",
        "forward: mul gives v₁",
        "reverse: the sweep starts at the output v₃",
        "reverse: the adjoint of v₂, one term",
        "reverse: the adjoint of v₋₁ (a), 2 terms",
    ]
    terms = lecture.timeline("contribution")
    assert headline(terms, len(terms) - 1) == "reverse: the gradient of the input a"
    assert headline(terms, 6).startswith("reverse: term 1 of 1 for v")


def test_torchs_number_stands_beside_ours(lecture: Trace) -> None:
    timeline = lecture.timeline()
    assert check_text(timeline, 0) == ("", True)
    assert check_text(timeline, 5) == ("✓ torch 1", True)
    assert check_text(timeline, 9) == ("✓ torch 23 · own rule", True)


def test_labels_are_in_the_words_of_a_step() -> None:
    timeline = gs.trace("z = a*b; z + a", a=1.0, b=2.0).timeline()
    assert headline(timeline, 2) == "forward: mul gives v₁ (z)"


async def test_what_uses_an_input_is_lit_while_its_term_comes_in(lecture: Trace) -> None:
    app = make_app(lecture, "contribution")
    async with app.run_test() as pilot:
        screen = app.step_screen
        pane = screen.query_one(SourcePane)
        lit = []
        for step in screen.here.timeline:
            content = pane.render()
            lit += [
                (step.kind, content.plain[s.start : s.end])
                for s in content.spans
                if "rev" in str(s.style)
            ]
            await pilot.press("right")
        lit = [(kind, text) for kind, text in lit if text]
        assert lit[:4] == [
            ("value", "3*a"),
            ("value", "a*b"),
            ("value", "3*a + a*b"),
            ("seed", "3*a + a*b"),
        ]
        assert sorted(text for kind, text in lit if kind == "contribution") == [
            "3*a", "3*a", "a*b", "a*b", "a*b",
        ]  # fmt: skip


def test_a_hook_is_said_in_words() -> None:
    def hooked(x: torch.Tensor) -> torch.Tensor:
        z = x * 2
        z.register_hook(lambda g: g * 10)
        return (z * z).sum()

    timeline = gs.trace(hooked, torch.tensor([1.0, 2.0])).timeline()
    at = next(step.index for step in timeline if step.kind == "hook")
    assert headline(timeline, at) == "reverse: a hook changes the adjoint of v₁ (z)"
    assert check_text(timeline, at - 1) == ("partial: a hook is to come", True)
    assert check_text(timeline, at)[0].startswith("✓ torch ")
