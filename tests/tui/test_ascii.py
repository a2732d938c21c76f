"""The screen in ASCII: other signs, the same columns."""

from __future__ import annotations

import random

import pytest

from graphstep.output.labels import cell_width
from graphstep.tui import StepApp
from graphstep.tui.ascii import MACRON, ascii_texts, wants_ascii
from graphstep.tui.looks import Look
from tests.tui.opening import LECTURE, live_app, open_request, opened
from tests.tui.piloting import settled


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("v̄₋₁ = v̄₂·v₀ + v̄₁·3 = 23 ✓ own     │ x", "V-1 = V2*v0 + V1*3 = 23 ok own    | x"),
        ("v̇₃ = v̇₂·∂v₃/∂v₂     ", "v'3 = v'2*dv3/dv2   "),
        ("▶v₁ = v₀² + x⁻¹²   ┃", ">v1 = v0^2 + x^-12 |"),
        ("v₂ = …     │ v̄₂ = … │", "v2 = ...   | V2 = ~ |"),
        ("forward · step 1 of 10 · by adjoint", "forward | step 1 of 10 | by adjoint"),
        ("┏━━┯━━┓ ┌┄┄┐ ╰─╮", "+--+--+ +--+ +-+"),
        ("→ σ(x) ≤ π      ", "> sigma(x) <= pi"),
        ("漢字 naïve é ẋ₁  ", "???? naive e x'1 "),
        ("⏎ inspect  c grain  b back", "Enter inspect c grain b ba"),
    ],
)
def test_a_line_says_the_same_in_as_many_cells(line: str, found: str) -> None:
    made = "".join(ascii_texts([line]))
    assert made == found
    assert len(made) == cell_width(line)


def test_pieces_keep_their_places_and_any_text_its_width() -> None:
    assert ascii_texts(["▶", "v̄₁", " = 2", "", "   "]) == [">", "V1", " = 2", "", "   "]
    chooser = random.Random(3)
    signs = "v̄₁²⁻…✓⏎·─┄│┃╮  a漢\N{COMBINING DOT ABOVE}ẋσ�█"
    for _ in range(500):
        line = "a" + "".join(chooser.choices(signs, k=30))
        cut = chooser.randrange(1, 30)
        made = "".join(ascii_texts([line[:cut], line[cut:]]))
        assert made.isascii()
        assert len(made) == cell_width(line)


@pytest.mark.parametrize(
    ("environment", "encoding", "wanted"),
    [
        ({"LANG": "en_GB.UTF-8"}, "utf-8", False),
        ({"LANG": "C.UTF-8"}, "utf-8", False),
        ({}, "utf-8", False),
        ({"LANG": "en_GB"}, "utf-8", False),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, "utf-8", True),
        ({"LC_CTYPE": "POSIX"}, "utf-8", True),
        ({"LANG": "de_DE.ISO-8859-1@euro"}, "utf-8", True),
        ({"LANG": "en_GB.UTF-8"}, "ascii", True),
        ({}, "cp437", True),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "utf-8", True),
        ({"LANG": "C.UTF-8", "TERM": "xterm"}, "utf-8", False),
    ],
)
def test_the_terminal_says_what_it_knows(
    environment: dict[str, str], encoding: str, wanted: bool
) -> None:
    assert wants_ascii(environment, encoding) is wanted


def lines(app: StepApp) -> list[str]:
    """Return the screen as a terminal gets it."""
    update = app.screen._compositor.render_strips()
    return [strip.text for strip in update]


async def test_every_screen_is_ascii_and_nothing_moves() -> None:
    shown = {}
    for plain in (False, True):
        look = Look(ascii=plain)
        app = StepApp(None, request=LECTURE, opener=open_request, look=look)
        async with app.run_test(size=(100, 30)) as pilot:
            await opened(pilot, app)
            await settled(pilot)
            await pilot.press("r", "right")
            await pilot.pause()
            shown[plain] = lines(app)
            for key in ("question_mark", "e", "ctrl+o"):
                await pilot.press(key)
                await pilot.pause()
                assert all(line.isascii() for line in lines(app)) is plain
                await pilot.press("escape")
    assert all(line.isascii() for line in shown[True])
    assert any("V2 = V3*1 = 1 ok" in line for line in shown[True])
    assert [len(line) for line in shown[True]] == [cell_width(line) for line in shown[False]]
    # The divider of the table stands where it stood.
    assert shown[True][8].rindex("|") == shown[False][8].replace(MACRON, "").rindex("│")


async def test_the_start_page_is_ascii_too() -> None:
    app = live_app(None)
    app._ascii = StepApp(None, look=Look(ascii=True))._ascii
    async with app.run_test() as pilot:
        await pilot.pause()
        assert all(line.isascii() for line in lines(app))
