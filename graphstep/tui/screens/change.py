"""Change what runs: the source, its values, dtype, seed or device, without leaving the app."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from graphstep.source.request import Request
from graphstep.tui.widgets.request_form import RequestForm


class ChangeScreen(ModalScreen[None]):
    """Ask for another request, beginning with the present one; the app runs it.

    The screen stays until the new trace is there: what is wrong with it is said here.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="change.close", tooltip="Keep the trace as it is"),
    ]

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request

    def compose(self) -> ComposeResult:
        with Vertical(classes="change") as box:
            box.border_title = "change it"
            box.border_subtitle = "⏎ runs it · tab next line · esc keeps"
            yield RequestForm(self._request, more=True)

    def on_mount(self) -> None:
        first = "source" if self._request.file is None else "values"
        self.query_one(f"#{first}", Input).focus()

    def reach(self, stage: str) -> None:
        """Say that the new trace is at another stage."""
        self.query_one("#problem", Static).update(Content.assemble((f"{stage}…", "bold")))

    def say(self, error: Exception) -> None:
        """Show why there is no new trace."""
        self.query_one(RequestForm).say(error)

    def action_close(self) -> None:
        self.dismiss()
