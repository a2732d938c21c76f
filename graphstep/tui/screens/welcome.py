"""The start page: the lecture's demos, the sources of before, and a line for one's own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from graphstep.demos import DEMOS, GROUPS, Demo
from graphstep.output.labels import visible
from graphstep.source.request import Request
from graphstep.tui.widgets.keys import KeyBar
from graphstep.tui.widgets.request_form import RequestForm

LONG = 400

WIDE = max(map(len, DEMOS)), max(len(demo.title) for demo in DEMOS.values())
"""The cells of the names and the titles of the demos."""
LEAST = 30
"""What a demo runs is shown where so many cells are left for it."""


class Offers(OptionList):
    """List what can be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", key_display="⏎", tooltip="Open what is chosen"),
    ]

    # Before its lines are laid out, Textual's list does not know where a page ends.
    def action_page_down(self) -> None:
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]  # Textual's own

    def action_page_up(self) -> None:
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]  # Textual's own


class WelcomeScreen(Screen[None]):
    """Offer the demos and `recent`, and ask for a source; what is chosen goes to the app."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "back", key_display="esc", id="welcome.close",
                tooltip="Go back to the steps"),
        # Before the line's own ctrl+c, which copies.
        Binding("ctrl+c", "leave", "quit", key_display="^c", id="welcome.quit", priority=True,
                tooltip="Leave graphstep"),
    ]  # fmt: skip

    def __init__(self, recent: Sequence[Request] = (), note: str = "") -> None:
        super().__init__()
        self._recent = tuple(recent)
        self._note = note
        self._offers: dict[str, Request] = {}
        self._shows_sources = False

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static(banner(), id="banner", markup=False)
            form = RequestForm(Request(""))
            form.border_title = "your own"
            yield form
            offers = Offers(*self._options(), id="offers", markup=False, compact=True)
            offers.border_title = "or one of these"
            yield offers
        yield KeyBar()

    def _options(self) -> list[Option]:
        options: list[Option] = []
        if self._recent:
            options.append(heading("Recent"))
        for k, request in enumerate(self._recent):
            self._offers[f"recent-{k}"] = request
            options.append(Option(Content(visible(request.words, LONG)), id=f"recent-{k}"))
        for group in GROUPS:
            options.append(heading(group.title))
            for demo in group.demos:
                self._offers[f"demo-{demo.name}"] = request_of(demo)
                line = demo_text(demo, self._shows_sources)
                options.append(Option(line, id=f"demo-{demo.name}"))
        return options

    def on_resize(self, event: Resize) -> None:
        shows = event.size.width >= sum(WIDE) + LEAST
        if shows != self._shows_sources:
            self._shows_sources = shows
            offers = self.query_one(OptionList)
            for demo in DEMOS.values():
                offers.replace_option_prompt(f"demo-{demo.name}", demo_text(demo, shows))

    def on_mount(self) -> None:
        self.query_one("#source", Input).focus()
        if self._note:
            self.query_one(RequestForm).say(self._note)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "close":
            return len(self.app.screen_stack) > 1
        return True

    def reach(self, stage: str) -> None:
        """Say that what was asked for is at another stage."""
        self.query_one("#problem", Static).update(Content.assemble((f"{stage}…", "bold")))

    def say(self, error: Exception) -> None:
        """Show why what was asked for did not open."""
        self.query_one(RequestForm).say(error)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        offers = self.query_one(OptionList)
        if event.widget is offers and offers.highlighted is None:
            offers.action_first()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_list.has_focus and event.option_id is not None:
            self.query_one(RequestForm).put(self._offers[event.option_id])
            demo = DEMOS.get(event.option_id.removeprefix("demo-"))
            event.option_list.border_subtitle = Content(demo.note if demo is not None else "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self.post_message(RequestForm.Asked(self._offers[event.option_id]))

    def action_close(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.app.exit()


def banner() -> Content:
    """Return the name and what it is for."""
    return Content.assemble(
        ("graphstep", "bold $text-primary"),
        ("  3a + ab  →  v₃ = v₁ + v₂  →  v̄₋₁ = v̄₁·3 + v̄₂·v₀\n", "$text-muted"),
        "Step through the values of torch code, and back through their adjoints.",
    )


def heading(title: str) -> Option:
    """Return a line of the list that cannot be chosen."""
    return Option(Content.assemble((title, "bold $text-primary")), disabled=True)


def request_of(demo: Demo) -> Request:
    """Return what a demo runs, with the settings of its page."""
    return Request(demo.source, demo.values, dtype=demo.dtype, order=demo.order, grain=demo.grain)


def demo_text(demo: Demo, shows_source: bool) -> Content:
    """Return a demo as one line: its name, its title, and where there is room what it runs."""
    named = (f"{demo.name:<{WIDE[0]}}", "bold $text-accent")
    if not shows_source:
        return Content.assemble(named, f"  {demo.title}")
    runs = "  ".join([demo.source, *demo.values])
    return Content.assemble(named, f"  {demo.title:<{WIDE[1]}}  ", (runs, "$text-muted"))
