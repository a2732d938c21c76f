"""The formula pane: the step in symbols, with numbers put in, its result, and torch's number."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.output.labels import cell_width, clipped, visible
from graphstep.steps.timeline import Timeline
from graphstep.tui.cursor import Cursor

LONG = 2000


class FormulaPane(Widget):
    """Show the equation of the current step, one line a stage."""

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""

    def watch_cursor(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            title = visible(headline(cursor.timeline, cursor.at), 70)
            self.border_title = Content(title)

    def render(self) -> Content:
        if self.cursor is None:
            return Content("")
        timeline, at = self.cursor.timeline, self.cursor.at
        left = timeline.equation(at).left.text()
        stages = [visible(text, LONG) for text in timeline.texts(at)]
        mark, good = check_text(timeline, at)
        width, height = self.size.width, max(1, self.size.height)
        if len(stages) > height:
            # The numbers and the result say more than the bare chain rule.
            stages = stages[len(stages) - height :]
        indent = " " * cell_width(left)
        lines = []
        for k, stage in enumerate(stages):
            last = k == len(stages) - 1
            head = left if k == 0 else indent
            room = width - cell_width(head) - 3
            if last and mark:
                room = max(cell_width(stage) if room > 0 else 1, room - cell_width(mark) - 3)
            style = "$text-success bold" if last else ""
            line = Content.assemble((head, "bold"), " = ", (clipped(stage, max(1, room)), style))
            if last and mark:
                line += Content.assemble(
                    "   ", (mark, "$text-success" if good else "$text-error bold")
                )
            lines.append(line)
        return Content("\n").join(lines)


def headline(timeline: Timeline, at: int) -> str:
    """Return what happens at a step, in words."""
    step = timeline[at]
    value = timeline.trace.values[step.i]
    name = f"{symbol(step.i)} ({value.label})" if value.label else symbol(step.i)
    if step.half == "forward":
        if step.kind == "input":
            return f"forward: the input {value.label or value.name}"
        where = f" in {value.module}" if value.module else ""
        return f"forward: {value.op.strip('_')}{where} gives {name}"
    total = len(timeline.sweep.incoming[step.i])
    match step.kind:
        case "seed":
            return f"reverse: the sweep starts at the output {name}"
        case "hook":
            return f"reverse: a hook changes the adjoint of {name}"
        case "contribution":
            return f"reverse: term {step.before + 1} of {total} for {name}"
        case "gradient":
            return f"reverse: the gradient of the input {value.label or value.name}"
    terms = "one term" if total == 1 else f"{total} terms"
    return f"reverse: the adjoint of {name}, {terms}"


def check_text(timeline: Timeline, at: int) -> tuple[str, bool]:
    """Return the check of a step against torch in a few words, and whether it agrees."""
    step = timeline[at]
    if step.half == "forward":
        return "", True
    if timeline.adjoint_state(step.i, at).kind == "partial":
        hooked = timeline.arrived(step.i, at) >= len(timeline.sweep.incoming[step.i])
        return f"partial: {'a hook is' if hooked else 'more terms'} to come", True
    verdict = timeline.verdicts.get(step.i)
    if verdict is None:
        return "", True
    rules = {term.rule for term in timeline.sweep.incoming[step.i]}
    by = " · by torch's own node" if "torch" in rules else " · own rule" if rules else ""
    torchs = "has no gradient" if verdict.torch is None else minus(shown(verdict.torch))
    if verdict.ok:
        return f"✓ torch {torchs}{by}", True
    return f"✗ torch {torchs}, off by {number(verdict.max_abs_error)}{by}", False
