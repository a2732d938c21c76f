"""The lines in which a source and its values are typed, checked as they are typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from graphstep.errors import ExpressionError, GraphstepError, InputError
from graphstep.output.labels import visible
from graphstep.source.request import Request, split_assignments

DTYPES = ("float16", "bfloat16", "float32", "float64")
MORE = ("dtype", "seed", "device")
LONG = 400


class Line(Input):
    """One line to type in; up and down lead to its neighbours."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "run it", key_display="⏎", id="line.run",
                tooltip="Run what is typed"),
        Binding("down", "app.focus_next", "next", key_display="↓", id="line.next",
                tooltip="Go to the next line"),
        Binding("up", "app.focus_previous", "line before", show=False, id="line.before",
                tooltip="Go to the line before"),
    ]  # fmt: skip


class RequestForm(Vertical):
    """Ask for a request, beginning with `request`; `more` asks for dtype, seed and device too."""

    @dataclass
    class Asked(Message):
        """The reader wants this request opened."""

        request: Request

    def __init__(self, request: Request, *, more: bool = False) -> None:
        super().__init__()
        self._first = request
        self._more = more

    def compose(self) -> ComposeResult:
        first = self._first
        with Grid(classes="lines"):
            yield Label("source")
            yield Line(first.source, id="source", compact=True, select_on_focus=False,
                       placeholder="3*a + a*b, or file.py:function")  # fmt: skip
            yield Label("values")
            yield Line(" ".join(first.assignments), id="values", compact=True,
                       select_on_focus=False, placeholder="a=10 b=20")  # fmt: skip
            for name in MORE if self._more else ():
                yield Label(name)
                yield Line(str(getattr(first, name)), id=name, compact=True)
        yield Static("", id="problem", markup=False)

    @property
    def request(self) -> Request:
        """Return what is asked for. Raises InputError for a line that cannot be read."""
        given = split_assignments(self._line("values"))
        # A name without a value yet still wants one.
        kept = tuple(one for one in given if one.partition("=")[2].strip())
        asked = replace(self._first, source=self._line("source"), assignments=kept)
        if not self._more:
            return asked
        dtype, seed = self._line("dtype"), self._line("seed")
        if dtype not in DTYPES:
            raise InputError(f"{dtype!r} is none of {', '.join(DTYPES)}")
        if not (seed.isdecimal() and int(seed) < 2**63):
            raise InputError(f"{seed!r} is no whole number from 0 up")
        return replace(asked, dtype=dtype, seed=int(seed), device=self._line("device") or "cpu")

    def _line(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def put(self, request: Request) -> None:
        """Type a request into the lines, and take what has no line of its own from it."""
        self._first = request
        self.query_one("#source", Input).value = request.source
        self.query_one("#values", Input).value = " ".join(request.assignments)

    def say(self, error: Exception | str) -> None:
        """Show a problem under the lines; one of the source with a caret at its column."""
        self.query_one("#problem", Static).update(self._problem(error))

    def _problem(self, error: Exception | str) -> Content:
        if isinstance(error, ExpressionError):
            lines = [visible(line, LONG) for line in str(error).split("\n")]
            return Content("\n").join(
                [
                    Content.assemble((f"✗ {lines[0]}", "$text-error")),
                    *(Content(line) for line in lines[1:]),
                ]
            )
        text = visible(str(error), LONG) if str(error) else ""
        return Content.assemble((f"✗ {text}", "$text-error")) if text else Content("")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._check()

    def _check(self) -> None:
        problem = self.query_one("#problem", Static)
        if not self._line("source"):
            problem.update("")
            return
        try:
            asked = self.request
            missing = asked.missing()
        except GraphstepError as error:
            self.say(error)
            return
        if missing:
            wants = ", ".join(missing)
            problem.update(
                Content.assemble((visible(f"… wants values for {wants}", LONG), "$text-muted"))
            )
        else:
            problem.update(Content.assemble(("✓ ⏎ runs it", "$text-success")))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._line("source"):
            return
        try:
            asked = self.request
            missing = asked.missing()
            if missing:
                self._ask_for(missing)
            asked.check()
        except GraphstepError as error:
            self.say(error)
            return
        self.say("")
        self.post_message(self.Asked(asked))

    def _ask_for(self, missing: tuple[str, ...]) -> None:
        """Write the names that want values into the line of the values, and go there."""
        values = self.query_one("#values", Input)
        if f"{missing[0]}=" not in values.value:
            given = f"{values.value.strip()} " if values.value.strip() else ""
            values.value = given + " ".join(f"{name}=" for name in missing)
            values.cursor_position = len(given) + len(missing[0]) + 1
        values.focus()
