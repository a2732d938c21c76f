"""The predict pane: the question of the next step, the line for the answer, and what it was."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from graphstep.errors import InputError
from graphstep.output.labels import visible
from graphstep.steps.predict import Question, judge, next_question
from graphstep.steps.score import Score
from graphstep.tui.cursor import Cursor

LONG = 400
HINT = "a number, a list, or a formula in v_1, v_-1, vbar_3; empty shows the answer"
AGAIN = "try again, or ⏎ on an empty line shows the answer"


class PredictPane(Vertical):
    """Ask step after step; the screen moves the cursor to where a question stands."""

    @dataclass
    class Reached(Message):
        """The steps up to `at` may be shown now; the score is what it came to so far."""

        at: int
        score: Score

    def __init__(self) -> None:
        super().__init__()
        self.score = Score("")
        self.asked: Question | None = None
        self._cursor: Cursor | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="predict-question")
        yield Input(placeholder=HINT, compact=True, id="predict-answer", disabled=True)
        yield Static("", id="predict-verdict")

    def begin(self, cursor: Cursor, source: str) -> None:
        """Ask from a step on, with a new score."""
        self.score = Score(source)
        self._cursor = cursor
        self._say("", "")
        self.query_one(Input).disabled = False
        self._ask(cursor.at)

    def end(self) -> None:
        """Ask no more."""
        self.asked = self._cursor = None
        self.query_one(Input).disabled = True

    def _ask(self, at: int) -> None:
        cursor = self._cursor
        if cursor is None:
            return
        self.asked = next_question(cursor.timeline, at)
        answer = self.query_one(Input)
        answer.value = ""
        answer.display = self.asked is not None
        if self.asked is None:
            text = f"the end: {self.score.text()} · p or esc leaves"
            self.border_title = "predict · done"
            self.screen.set_focus(None)
            self.post_message(self.Reached(cursor.last, self.score))
        else:
            text = self.asked.says
            self.border_title = f"predict · {self.score.right} of {self.score.total} right"
            self.post_message(self.Reached(self.asked.index - 1, self.score))
            answer.focus()
        self.border_subtitle = "⏎ answers · esc leaves" if self.asked is not None else ""
        self.query_one("#predict-question", Static).update(Content(visible(text, LONG)))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        asked, cursor = self.asked, self._cursor
        if asked is None or cursor is None:
            return
        text = event.value.strip()
        if not text:
            self.score = self.score.given_up(asked)
            self._say(f"the answer: {cursor.timeline.caption(asked.index)}", "")
            self._ask(asked.index)
            return
        try:
            found = judge(cursor.timeline, asked, text)
        except InputError as error:
            self._say(f"cannot read it: {error}", "-wrong")
            return
        self.score = self.score.answered(asked, text, found)
        if found.right:
            self._say(f"✓ {found.says}", "-right")
            self._ask(asked.index)
        else:
            self._say(f"✗ {found.kind}: {found.says} · {AGAIN}", "-wrong")
            event.input.select_all()

    def _say(self, text: str, style: str) -> None:
        said = self.query_one("#predict-verdict", Static)
        said.update(Content(visible(text, LONG) if text else ""))
        for name in ("-right", "-wrong"):
            said.set_class(name == style, name)
