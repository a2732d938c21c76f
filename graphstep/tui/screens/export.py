"""A question: to which file the graph or the table goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from graphstep.errors import GraphstepError
from graphstep.output.labels import visible
from graphstep.tui.screens.dialog_keys import EXPORT, foot

if TYPE_CHECKING:
    from graphstep.tui.cursor import Cursor

LONG = 300


class ExportScreen(ModalScreen[None]):
    """Ask for a file name, whose ending says the format, and write what is at the cursor.

    `save` writes the trace itself to a file that opens it again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*EXPORT]

    def __init__(self, cursor: Cursor, save: Callable[[Path], Path]) -> None:
        super().__init__()
        self._cursor, self._save = cursor, save
        self._asked = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="question") as box:
            box.border_title = "export to a file"
            box.border_subtitle = foot(self, "⏎ writes", ("export.close", "closes"))
            yield Input(placeholder="graph.svg", compact=True)
            yield Static(Content.assemble((self._hint(), "$text-muted")), id="hint", markup=False)
            yield Static("", id="problem", markup=False)

    def _hint(self) -> str:
        at = self._cursor.at + 1
        return (
            f"svg png pdf: the graph at step {at}\n"
            "html gif reveal.html typ: every step\n"
            "md tex csv txt: the table\n"
            "dot graphml json: the data of the graph\n"
            "graphstep: the trace, to be opened again"
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._say("writing…")
            self._write(event.value.strip())

    @work(thread=True, exit_on_error=False, exclusive=True)
    def _write(self, name: str) -> list[Path]:
        # It brings in what draws, and the first frame does without.
        from graphstep.output.export import DRAWN, WHOLE, ending_of, export

        path, timeline = Path(name).expanduser(), self._cursor.timeline
        ending = ending_of(path)
        if ending == ".graphstep":
            return [self._save(path)]
        if ending in DRAWN:
            return export(timeline, path, step=self._cursor.at)
        return export(timeline, path, all_steps=ending not in WHOLE)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR:
            error = event.worker.error
            known = isinstance(error, GraphstepError)
            self._say(str(error) if known else f"{type(error).__name__}: {error}")
        elif event.state == WorkerState.SUCCESS:
            for path in event.worker.result or ():
                self.notify(visible(str(path), LONG), title="wrote", timeout=4, markup=False)
            self.dismiss()

    def _say(self, text: str) -> None:
        self.query_one("#problem", Static).update(Content(visible(text, LONG) if text else ""))

    def action_close(self) -> None:
        self.dismiss()
