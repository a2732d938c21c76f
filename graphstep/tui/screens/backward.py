"""One more backward, over the steps: what it added to every `.grad`, or why torch refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from graphstep.output.labels import cell_width, visible
from graphstep.steps.equation import Equation
from graphstep.tui.backwards import Backwards, Outcome
from graphstep.tui.messages import BackwardDone
from graphstep.tui.screens.dialog_keys import BACKWARD, SCROLL, foot

LONG = 2000


class BackwardScreen(ModalScreen[None]):
    """Run a backward when it opens, and another at each `b`; `told` hears of each `R`."""

    BINDINGS: ClassVar[list[BindingType]] = [*BACKWARD]

    def __init__(self, backwards: Backwards, told: Callable[[], None]) -> None:
        super().__init__()
        self._backwards = backwards
        self._told = told
        self._outcome: Outcome | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="card") as box:
            box.border_title = "backward again"
            box.border_subtitle = foot(
                self, ("backward.again", "again"), ("backward.retain", "retain_graph"),
                SCROLL, ("backward.close", "closes"),
            )  # fmt: skip
            yield Static("", id="backward-text", markup=False)

    def on_mount(self) -> None:
        self.action_again()

    def action_again(self) -> None:
        if not self._busy:
            self._busy = True
            self._show()
            self._run_one()

    @work(thread=True)
    def _run_one(self) -> None:
        self.post_message(BackwardDone(self._backwards.again()))

    def on_backward_done(self, message: BackwardDone) -> None:
        self._busy = False
        self._outcome = message.outcome
        self._show()

    def action_retain(self) -> None:
        self._backwards.retain = not self._backwards.retain
        self._told()
        self._show()

    def action_close(self) -> None:
        self.dismiss()

    def _show(self) -> None:
        head = f"{self._backwards.retain_text}   backwards run: {self._backwards.count}"
        if self._busy:
            head += "   running…"
        lines = [Content.assemble((head, "bold"))]
        if self._outcome is not None:
            lines += outcome_lines(self._outcome)
        self.query_one("#backward-text", Static).update(Content("\n").join(lines))


def outcome_lines(outcome: Outcome) -> Iterator[Content]:
    """Give the lines of an outcome; what the user named is shown as it is, never as markup."""
    if outcome.error is not None:
        yield from _section("torch refuses" if outcome.released else "it was stopped")
        error = outcome.error
        text = f"{type(error).__name__}: {error}".strip()
        yield Content.styled(visible(text, LONG), "$text-error")
        if outcome.released:
            yield from _section("what was released")
            yield Content(
                "The backward before this one freed what these operations had saved for it: "
                f"{visible(outcome.released, LONG)}."
            )
            yield from _section("the way out")
            yield Content(
                "What was freed does not come back: run forward again (q, then the same command) "
                "and press R before b. With retain_graph on the graph is kept, and each backward "
                "adds to .grad. The steps need no graph and stay as they are."
            )
        yield from _section("what stays in .grad")
    else:
        yield Content("")
    yield from equation_lines(outcome.equations)
    if outcome.error is None:
        yield Content("")
        yield Content(_graph_now(outcome.released))


def equation_lines(equations: tuple[Equation, ...]) -> Iterator[Content]:
    """Give an equation a line, their first signs below each other."""
    lefts = [visible(equation.left.text(), 60) for equation in equations]
    wide = max(map(cell_width, lefts), default=0)
    for left, equation in zip(lefts, equations, strict=True):
        *sums, result = (visible(text, LONG) for text in equation.texts())
        content = Content.assemble((left, "bold"), " " * (wide - cell_width(left)), " = ")
        for text in sums:
            content += Content(f"{text} = ")
        yield content + Content.styled(result, "$text-success bold")


def _section(title: str) -> Iterator[Content]:
    yield Content("")
    yield Content.assemble((title, "bold"))


def _graph_now(released: str) -> str:
    if not released:
        return "The graph is still there: another backward adds to .grad."
    return f"The graph is released: {released} lost what they had saved. Another is refused."
