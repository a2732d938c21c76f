"""The first frame: the source and the keys, while torch loads and the source runs."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from graphstep.output.labels import clipped, visible
from graphstep.source.request import Request
from graphstep.tui.screens.step_keys import KEYS
from graphstep.tui.widgets.keys import KeyBar

FRAMES = "|/-\\"
LONG = 4000
NOW = frozenset({"leave", "help"})
"""What can be done before there is a trace."""


class OpeningScreen(Screen[None]):
    """Show what is opened, how far it is, and which keys there will be."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request

    def compose(self) -> ComposeResult:
        yield Static(self._title(), id="opening-title", markup=False)
        yield Static(code_text(self._request.code), id="opening-source", markup=False)
        with Vertical(id="opening-body"):
            yield Stages()
        yield KeyBar()

    def _title(self) -> Content:
        request = self._request
        words = visible("  ".join([request.source, *request.assignments]), 500)
        return Content.assemble(" ", (words, "bold"))

    def reach(self, stage: str) -> None:
        """Say that another stage has begun."""
        self.query_one(Stages).reach(stage)

    def on_screen_suspend(self) -> None:
        self.query_one(Stages).stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True if action in NOW else None

    def action_leave(self) -> None:
        self.app.exit()

    def action_help(self) -> None:
        from graphstep.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen([key for key in KEYS if key.id != "app.interrupt"]))


class Stages(Widget):
    """List the stages so far, each with its time; the last one is under way."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: list[tuple[str, float]] = [("starting", monotonic())]

    def on_mount(self) -> None:
        self._timer = self.set_interval(0.1, self.refresh)

    def stop(self) -> None:
        self._timer.stop()

    def reach(self, stage: str) -> None:
        self._begun.append((stage, monotonic()))
        self.refresh(layout=True)

    def render(self) -> Content:
        now = monotonic()
        ends = [*(begun for _, begun in self._begun[1:]), now]
        lines = []
        for (stage, begun), end in zip(self._begun, ends, strict=True):
            under_way = end is now
            sign = FRAMES[int((now - begun) * 10) % len(FRAMES)] if under_way else "✓"
            style = "bold" if under_way else "$text-muted"
            text = f"{sign} {stage}{'…' if under_way else ''}"
            lines.append(
                Content.assemble((f"{clipped(text, 34):<34}", style), f"{end - begun:5.1f} s")
            )
        return Content("\n").join(lines)


def code_text(code: str) -> Content:
    """Return the first lines of what is to run, as they are."""
    lines = [visible(line.replace("\t", "    "), LONG) for line in code.splitlines()[:7]]
    return Content("\n").join([Content(f" {line}") for line in lines])
