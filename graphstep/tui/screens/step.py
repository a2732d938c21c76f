"""The step screen: source, graph, trace table and formula, all at one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer

from graphstep.steps.step import Grain, Half
from graphstep.tui.cursor import Cursor
from graphstep.tui.messages import StepChosen, ValueChosen
from graphstep.tui.screens.goto import GotoScreen
from graphstep.tui.screens.help import HelpScreen
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.widgets.formula import FormulaPane
from graphstep.tui.widgets.graph import GraphPane
from graphstep.tui.widgets.source import SourcePane
from graphstep.tui.widgets.table import TraceTable
from graphstep.tui.widgets.title import TitleBar

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.timeline import Timeline

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps a second."""
VIEWS = ("both", "graph", "table")


class StepScreen(Screen[None]):
    """Move a cursor through the timeline; every pane follows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,n,down,j", "next", "next", key_display="→", id="step.next",
                tooltip="Take the next step"),
        Binding("left,h,p,up,k", "back", "back", key_display="←", id="step.back",
                tooltip="Go back one step"),
        Binding("space", "play", "play", key_display="space", id="step.play",
                tooltip="Play the steps; again to pause"),
        Binding("question_mark", "help", "help", key_display="?", id="app.help",
                tooltip="List the keys and the signs"),
        Binding("q", "leave", "quit", id="app.quit", tooltip="Leave graphstep"),
        Binding("ctrl+c", "leave", "quit", show=False, id="app.interrupt",
                tooltip="Leave graphstep"),
        Binding("f", "half('forward')", "forward", id="step.forward",
                tooltip="Jump to the start of the forward half: the values"),
        Binding("r", "half('reverse')", "reverse", id="step.reverse",
                tooltip="Jump to the start of the reverse half: the adjoints"),
        Binding("c", "grain", "grain", id="step.grain",
                tooltip="Change the grain: whole adjoints or single terms"),
        Binding("enter", "inspect", "inspect", key_display="⏎", id="value.inspect",
                tooltip="Inspect the current value: tensors, terms, check"),
        Binding("home", "first", "first", show=False, id="step.first",
                tooltip="Go to the first step"),
        Binding("end", "last", "last", show=False, id="step.last", tooltip="Go to the last step"),
        Binding("pagedown", "jump(10)", "10 on", show=False, id="step.on",
                tooltip="Take ten steps"),
        Binding("pageup", "jump(-10)", "10 back", show=False, id="step.off",
                tooltip="Go back ten steps"),
        Binding("g", "goto", "go to", show=False, id="value.goto",
                tooltip="Go to a value by its number, name or label"),
        Binding("less_than_sign", "speed(-1)", "slower", show=False, key_display="<",
                id="play.slower", tooltip="Play more slowly"),
        Binding("greater_than_sign", "speed(1)", "faster", show=False, key_display=">",
                id="play.faster", tooltip="Play faster"),
        Binding("v", "view", "view", show=False, id="view.next",
                tooltip="Show graph and table, or one of them"),
        Binding("shift+left", "pan(-8, 0)", "pan", show=False, id="graph.left",
                tooltip="Move the graph's window to the left"),
        Binding("shift+right", "pan(8, 0)", "pan", show=False, id="graph.right",
                tooltip="Move the graph's window to the right"),
        Binding("shift+up", "pan(0, -3)", "pan", show=False, id="graph.up",
                tooltip="Move the graph's window up"),
        Binding("shift+down", "pan(0, 3)", "pan", show=False, id="graph.down",
                tooltip="Move the graph's window down"),
    ]  # fmt: skip

    cursor: reactive[Cursor | None] = reactive(None, bindings=True)
    """Where the reader is."""
    speed: reactive[int] = reactive(1)
    """Which of SPEEDS to play at."""
    playing: reactive[float] = reactive(0.0)
    """Steps a second while playing, else 0."""
    view: reactive[str] = reactive("both")
    """Which of VIEWS to show; a narrow screen has room for one pane."""

    def __init__(self, trace: Trace, grain: Grain) -> None:
        super().__init__()
        self._trace = trace
        self._timelines: dict[Grain, Timeline] = {}
        self._came_from: tuple[Cursor, Cursor] | None = None
        self._timer: Timer | None = None
        self.set_reactive(StepScreen.cursor, Cursor(self._timeline(grain)))

    @property
    def here(self) -> Cursor:
        """Return where the reader is."""
        return cast(Cursor, self.cursor)

    def compose(self) -> ComposeResult:
        origin = self._trace.origin
        yield TitleBar(origin.text).data_bind(StepScreen.cursor, StepScreen.playing)
        yield SourcePane(origin.language, origin.file).data_bind(StepScreen.cursor)
        with Container(id="body"):
            yield GraphPane().data_bind(StepScreen.cursor)
            yield TraceTable().data_bind(StepScreen.cursor)
        yield FormulaPane().data_bind(StepScreen.cursor)
        yield Footer(show_command_palette=False, compact=True)

    def _timeline(self, grain: Grain) -> Timeline:
        if grain not in self._timelines:
            self._timelines[grain] = self._trace.timeline(grain)
        return self._timelines[grain]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what cannot work at this step."""
        here = self.here
        forward = action == "next" or action == "last" or parameters == (10,)
        if action in ("next", "last", "jump") and forward and here.at >= here.last:
            return None
        if action in ("back", "first", "jump") and not forward and here.at <= 0:
            return None
        if action == "half" and parameters == ("reverse",):
            return True if here.timeline.reverse_start <= here.last else None
        return True

    def _move(self, cursor: Cursor) -> None:
        self._pause()
        self.cursor = cursor

    def action_next(self) -> None:
        self._move(self.here.by(1))

    def action_back(self) -> None:
        self._move(self.here.by(-1))

    def action_first(self) -> None:
        self._move(self.here.to(0))

    def action_last(self) -> None:
        self._move(self.here.to(self.here.last))

    def action_jump(self, steps: int) -> None:
        self._move(self.here.by(steps))

    def action_half(self, half: Half) -> None:
        self._move(self.here.at_half(half))

    def action_grain(self) -> None:
        """Change the grain, keep the place; changed again at once, it leads back exactly."""
        here = self.here
        if self._came_from is not None and self._came_from[1] == here:
            there = self._came_from[0]
        else:
            other: Grain = "contribution" if here.timeline.grain == "adjoint" else "adjoint"
            there = here.in_grain(self._timeline(other))
        self._came_from = (here, there)
        self._move(there)

    def action_play(self) -> None:
        if self.playing:
            self._pause()
            return
        if self.here.at >= self.here.last:
            self.cursor = self.here.to(0)
        self._play()

    def action_speed(self, change: int) -> None:
        self.speed = max(0, min(self.speed + change, len(SPEEDS) - 1))
        if self.playing:
            self._play()
        else:
            self.notify(f"{SPEEDS[self.speed]:g} steps a second", timeout=2)

    def _play(self) -> None:
        self._pause()
        self.playing = SPEEDS[self.speed]
        self._timer = self.set_interval(1 / self.playing, self._tick)

    def _pause(self) -> None:
        self.playing = 0.0
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self.cursor = self.here.by(1)
        if self.here.at >= self.here.last:
            self._pause()

    def action_inspect(self) -> None:
        self._inspect(self.here.step.i)

    def _inspect(self, i: int) -> None:
        self._pause()
        self.app.push_screen(InspectScreen(self.here, i))

    def action_goto(self) -> None:
        self._pause()
        self.app.push_screen(GotoScreen(self.here), self._arrive)

    def _arrive(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            self._move(cursor)

    def action_help(self) -> None:
        self._pause()
        keys = [b for b in self.BINDINGS if isinstance(b, Binding) and b.id != "app.interrupt"]
        self.app.push_screen(HelpScreen(keys))

    def action_leave(self) -> None:
        self.app.exit()

    def action_view(self) -> None:
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]

    def watch_view(self, view: str) -> None:
        for name in VIEWS:
            self.set_class(name == view, f"-view-{name}")

    def action_pan(self, right: int, down: int) -> None:
        self.query_one(GraphPane).pan(right, down)

    def on_step_chosen(self, message: StepChosen) -> None:
        message.stop()
        self._move(self.here.to(message.at))

    def on_value_chosen(self, message: ValueChosen) -> None:
        message.stop()
        self._inspect(message.i)
