"""Why the gradient of one value is what it is, over the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from graphstep.format.symbols import symbol, with_signs
from graphstep.tui.screens.dialog_keys import SCROLL, WHY, foot
from graphstep.tui.wrapping import wrapped

if TYPE_CHECKING:
    from graphstep.api import Trace


@dataclass
class Answered(Message):
    """The answer is there."""

    text: str


class WhyScreen(ModalScreen[None]):
    """Show where the gradient of v_i became what it is, and the way that most of it took."""

    BINDINGS: ClassVar[list[BindingType]] = [*WHY]

    def __init__(self, trace: Trace, i: int) -> None:
        super().__init__()
        self._trace = trace
        self._i = i

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_title = f"why {symbol(self._i, 'adjoint')}"
            box.border_subtitle = foot(self, SCROLL, ("why.close", "closes"))
            yield Static("…", id="why-text", markup=False)

    def on_mount(self) -> None:
        self._ask()

    @work(thread=True, exclusive=True)
    def _ask(self) -> None:
        # The way through a large graph looks at every tensor on it.
        self.post_message(Answered(with_signs(self._trace.why(self._i).text())))

    def on_answered(self, message: Answered) -> None:
        shown = self.query_one("#why-text", Static)
        lines = [
            part
            for line in message.text.splitlines()
            for part in wrapped(line, shown.size.width, len(line) - len(line.lstrip()) + 2)
        ]
        shown.update(Content("\n".join(lines)))
