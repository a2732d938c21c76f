"""SavedTrace: what can be asked of a trace that was loaded from a `.graphstep` file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import torch
from torch import Tensor

from graphstep.check.engine import EnginePass
from graphstep.check.engine_order import in_order
from graphstep.errors import InputError
from graphstep.running.run import Origin, Run
from graphstep.saving.container import file_bytes
from graphstep.saving.read import Contents, contents
from graphstep.saving.schema import Damaged
from graphstep.sweep.tangent import TangentSweep
from graphstep.sweep.user_code import UserCode
from graphstep.traced.accumulation import Accumulated
from graphstep.traced.trace import Trace

if TYPE_CHECKING:
    from graphstep.check.report import Report
    from graphstep.drift.report import Drift
    from graphstep.traced.opened import Opened

ENDING = ".graphstep"


class SavedTrace(Trace):
    """Answer for a trace that was loaded: its steps, adjoints and pictures, as they were recorded.

    There is nothing to run: what needs torch's graph or the user's code raises InputError.
    """

    def __init__(self, found: Contents, path: str, plain: SavedTrace | None = None) -> None:
        self._found, self._path = found, path
        self._plain = self if plain is None else plain
        origin = Origin(found.title, found.language, found.file, self._on)
        super().__init__(Run(found.graph, origin))
        self.sweep = found.sweep
        self._tangents = dict(found.tangents)
        self.verdicts = found.verdicts
        adjoints = {i: verdict.torch for i, verdict in found.verdicts.items()}
        self.engine_pass = EnginePass(adjoints, UserCode(), order=found.engine_order or ())

    def seeded(self, grad_output: Tensor | Sequence[Tensor | None]) -> Trace:
        """Refuse: another seed needs another sweep."""
        self._refuse()

    def backward(self, *, retain_graph: bool = False) -> tuple[Accumulated, ...]:
        """Refuse: torch's graph is not in the file."""
        self._refuse()

    def tangents(self, seed: str | int | None = None) -> TangentSweep:
        """Return a forward sweep that is in the file. Raises InputError for any other."""
        i = self.recorded.inputs[0] if seed is None else self.recorded.find(seed)
        if i not in self._tangents:
            name = self.values[i].shown_name
            raise InputError(f"{self._path!r} is a saved trace without the tangents for {name}")
        return self._tangents[i]

    def check(self, device: str | None = None) -> Report:
        """Refuse: the verdicts are those of the recorded run."""
        self._refuse()

    def drift(self, against: str = "float64") -> Drift:
        """Refuse: the run to compare with is a new one."""
        self._refuse()

    def in_engine_order(self) -> Trace:
        """Return the trace in the order that is in the file. Raises InputError where none is."""
        order = self._found.engine_order
        if order is None:
            raise InputError(f"{self._path!r} is a saved trace without the engine's order")
        ordered = replace(self._found, sweep=in_order(self._plain.sweep, order))
        return SavedTrace(ordered, self._path, self._plain)

    def in_v_order(self) -> Trace:
        """Return the trace in reverse v order."""
        return self._plain

    def open(self, name: int | str, element: Sequence[int] | None = None) -> Opened:
        """Refuse: the textbook's steps are computed anew."""
        self._refuse()

    @property
    def device(self) -> torch.device:
        """The cpu: whatever it ran on, its tensors are there now."""
        return torch.device("cpu")

    def verdict_text(self) -> str:
        """Say how many adjoints agreed with torch's when they were recorded."""
        count = sum(verdict.ok for verdict in self.verdicts.values())
        total = len(self.verdicts)
        return f"saved trace: {count} of {total} adjoints agreed with torch's when it was recorded"

    def _on(self, device: torch.device) -> Run:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise InputError(
            f"{self._path!r} is a saved trace: it carries torch's numbers as they were recorded "
            "and cannot be run again"
        )


def load(path: str | Path) -> Trace:
    """Return the trace that `Trace.save` wrote; none of the user's code is needed, or run.

    It has the steps, values, adjoints, verdicts and pictures of the recorded run. Raises
    InputError for a file that is not there, is damaged, or is of a newer version.
    """
    try:
        return SavedTrace(contents(file_bytes(Path(path)), str(path)), str(path))
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except Damaged as damage:
        raise InputError(f"cannot use {str(path)!r}: {damage}") from None
