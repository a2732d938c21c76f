"""Predict mode over the steps: nothing moves on before the next step is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from graphstep.errors import InputError
from graphstep.output.files import write_whole
from graphstep.tui.screens.tangents import TangentScreen
from graphstep.tui.widgets.predict import PredictPane

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.tui.predicting import Predicting

ALLOWED = frozenset({"predict", "unpredict", "leave", "view", "pan", "inspect"})
"""What a reader may do while a prediction is due: nothing of it shows a step that is hidden."""


class PredictingScreen(TangentScreen):
    """Have a predict mode, entered at once where `predicting` is given."""

    # The line for the answer is there all the time, and takes keys only while it is shown.
    AUTO_FOCUS = ""

    predicts: reactive[bool] = reactive(False, repaint=False)
    """Whether the next step is hidden until it is predicted."""

    def __init__(self, trace: Trace, predicting: Predicting | None = None) -> None:
        super().__init__(trace)
        self.predicting = predicting
        """What was asked of the predict mode before the screen was there."""

    def on_mount(self) -> None:
        if self.predicting is not None:
            self.call_after_refresh(self.action_predict)

    def allows(self, action: str) -> bool:
        """Tell whether an action of the steps may be taken now."""
        if action == "unpredict":
            return self.predicts
        return not self.predicts or action in ALLOWED

    def action_predict(self) -> None:
        """Start to predict here, at the end from the beginning; again, stop."""
        if self.predicts:
            self.action_unpredict()
            return
        pane = self._pane
        if pane is None:
            return
        self.pause()
        self._set_predicts(True)
        here = self.here
        start = here.to(0) if here.at >= here.last else here
        self.cursor = start
        pane.begin(start, self._trace.origin.text)

    @property
    def _pane(self) -> PredictPane | None:
        """The pane, or None where the screen is being replaced: a key may come after its panes."""
        return next(iter(self.query(PredictPane)), None)

    def action_unpredict(self) -> None:
        pane = self._pane
        if pane is None:
            return
        pane.end()
        self.set_focus(None)
        self._set_predicts(False)
        score = pane.score
        if score.total:
            self.notify(score.text(), title="predicted", timeout=6, markup=False)

    def _set_predicts(self, predicts: bool) -> None:
        self.predicts = predicts
        self.set_class(predicts, "-predicts")
        self.refresh_bindings()

    def on_predict_pane_reached(self, message: PredictPane.Reached) -> None:
        message.stop()
        if not self.predicts:
            return
        self.cursor = self.here.to(message.at)
        file = self.predicting.score if self.predicting is not None else None
        if file is not None and message.score.total:
            try:
                write_whole(file, (message.score.json() + "\n").encode())
            except InputError as error:
                self.notify(str(error), severity="error", markup=False)
