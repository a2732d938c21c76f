"""The step screen: source, graph, trace table and formula, all at one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from graphstep.steps.step import Grain, Half
from graphstep.tui.cursor import Cursor
from graphstep.tui.looks import LookApp
from graphstep.tui.messages import StepChosen, ValueChosen
from graphstep.tui.screens.help import HelpScreen
from graphstep.tui.screens.replaying import ReplayingScreen
from graphstep.tui.screens.step_keys import KEYS
from graphstep.tui.widgets.formula import FormulaPane
from graphstep.tui.widgets.graph import GraphPane
from graphstep.tui.widgets.image import ImagePane
from graphstep.tui.widgets.keys import KeyBar
from graphstep.tui.widgets.predict import PredictPane
from graphstep.tui.widgets.source import SourcePane
from graphstep.tui.widgets.table import TraceTable
from graphstep.tui.widgets.title import TitleBar

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.tui.predicting import Predicting

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps a second."""
VIEWS = ("both", "graph", "table")


class StepScreen(ReplayingScreen):
    """Move a cursor through the timeline; every pane follows it."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    speed: reactive[int] = reactive(1, repaint=False)
    """Which of SPEEDS to play at."""
    playing: reactive[float] = reactive(0.0, repaint=False)
    """Steps a second while playing, else 0."""
    view: reactive[str] = reactive("both", repaint=False)
    """Which of VIEWS to show; a narrow screen has room for one pane."""
    stale: reactive[str] = reactive("", repaint=False)
    """Why the trace is not that of the file as it is now, in words."""

    def __init__(
        self,
        trace: Trace,
        grain: Grain,
        predicting: Predicting | None = None,
        engine_order: bool = False,
    ) -> None:
        super().__init__(trace, grain, predicting, engine_order)
        self._timer: Timer | None = None

    @property
    def heading(self) -> str:
        """What is stepped through."""
        return self._trace.origin.text

    def compose(self) -> ComposeResult:
        origin = self._trace.origin
        yield TitleBar(self.heading).data_bind(
            StepScreen.cursor, StepScreen.playing, StepScreen.retain, StepScreen.stale
        )
        yield SourcePane(origin.language, origin.file).data_bind(StepScreen.cursor)
        graph = GraphPane().data_bind(StepScreen.cursor, StepScreen.predicts)
        with Container(id="body"):
            yield graph
            if (made_with := self._image_widget) is not None:
                pane = ImagePane(made_with, graph)
                yield pane.data_bind(StepScreen.cursor, StepScreen.predicts)
                self.add_class("-images")
            yield TraceTable().data_bind(StepScreen.cursor, StepScreen.tangents)
        yield FormulaPane().data_bind(StepScreen.cursor, StepScreen.tangents)
        yield PredictPane()
        yield KeyBar()

    def watch_cursor(self, before: Cursor | None, cursor: Cursor) -> None:
        # To list what can be pressed is slow, and it changes at the ends only.
        if before is None or before.ends != cursor.ends:
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what cannot work at this step."""
        if not self.allows(action):
            return False
        here = self.here
        forward = action == "next" or action == "last" or parameters == (10,)
        if action in ("next", "last", "jump") and forward and here.at >= here.last:
            return None
        if action in ("back", "first", "jump") and not forward and here.at <= 0:
            return None
        if action == "half" and parameters == ("reverse",):
            return True if here.timeline.reverse_start <= here.last else None
        return True

    def action_next(self) -> None:
        self.move(self.here.by(1))

    def action_back(self) -> None:
        self.move(self.here.by(-1))

    def action_first(self) -> None:
        self.move(self.here.to(0))

    def action_last(self) -> None:
        self.move(self.here.to(self.here.last))

    def action_jump(self, steps: int) -> None:
        self.move(self.here.by(steps))

    def action_half(self, half: Half) -> None:
        self.move(self.here.at_half(half))

    def action_play(self) -> None:
        if self.playing:
            self.pause()
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
        self.pause()
        self.playing = SPEEDS[self.speed]
        self._timer = self.set_interval(1 / self.playing, self._tick)

    def pause(self) -> None:
        self.playing = 0.0
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self.cursor = self.here.by(1)
        if self.here.at >= self.here.last or self.here.at in self.stopping():
            self.pause()

    def action_help(self) -> None:
        self.pause()
        self.app.push_screen(HelpScreen([key for key in KEYS if key.id != "app.interrupt"]))

    def action_leave(self) -> None:
        self.app.exit()

    def action_view(self) -> None:
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]

    def watch_view(self, view: str) -> None:
        for name in VIEWS:
            self.set_class(name == view, f"-view-{name}")

    @property
    def _image_widget(self) -> type[Widget] | None:
        """What shows images here, where they were asked for and the terminal shows any."""
        images = self.app.images if isinstance(self.app, LookApp) else None
        return None if images is None else images.widget

    def action_images(self) -> None:
        if self._image_widget is None:
            self.notify("images need --images, and a terminal that shows them", timeout=3)
        else:
            self.toggle_class("-images")

    def action_fold(self, by: int) -> None:
        if not self.query_one(GraphPane).fold(by):
            self.notify("nothing is folded here" if by > 0 else "no group is open here", timeout=2)
        for image in self.query(ImagePane):
            image.draw()

    @property
    def _image(self) -> ImagePane | None:
        """The pane of the image where it is on the screen."""
        return next((pane for pane in self.query(ImagePane) if pane.display), None)

    def action_zoom(self, by: int) -> None:
        if self._image is not None:
            self._image.zoom(by)
        elif (zoom := self.query_one(GraphPane).zoom(by)) is not None:
            self.notify(f"the graph shows {zoom}", timeout=2)

    def action_pan(self, right: int, down: int) -> None:
        (self._image or self.query_one(GraphPane)).pan(right, down)

    def on_step_chosen(self, message: StepChosen) -> None:
        message.stop()
        if not self.predicts:
            self.move(self.here.to(message.at))

    def on_value_chosen(self, message: ValueChosen) -> None:
        message.stop()
        self.inspect(message.i)
