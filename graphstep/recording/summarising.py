"""Record one forward run without keeping its values: a summary of each, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from graphstep.recording.modules import ModulePaths
from graphstep.recording.operation import Operation, RawPlace, Ref, ValueKey, value_key
from graphstep.recording.recorder import Recorder
from graphstep.recording.summary import summarise


class SummaryRecorder(Recorder):
    """Summarise every value once autograd has attached its node, then let go of it.

    Leaves are the user's own and stay referred to; operations keep neither their operands nor
    their results, so that memory is what torch itself needs.
    """

    def __init__(self, locate: Callable[[], RawPlace], modules: ModulePaths) -> None:
        super().__init__(locate, modules)
        self._last: torch.Tensor | None = None

    def last_value(self) -> torch.Tensor | None:
        """Return the last result so far that carries a gradient."""
        return self._last

    def _keep(self, item: Any, keys: list[ValueKey | None]) -> Any:
        if isinstance(item, torch.Tensor) and not isinstance(value_key(item), int):
            self._note_operand(Ref(item))
            return None
        return super()._keep(item, keys)

    def _note(self, ref: Ref) -> ValueKey | None:
        """Summarise a value at first sight, and return its key."""
        key = value_key(ref.tensor)
        if not isinstance(key, tuple):
            return super()._note(ref)
        if key not in self.summaries:
            self.summaries[key] = summarise(ref.tensor)
        return key

    def _refs_of(self, out: Any) -> tuple[Ref, ...]:
        if isinstance(out, torch.Tensor):
            return (Ref(out),)
        return super()._refs_of(out)

    def _settle(self, operation: Operation) -> None:
        super()._settle(operation)
        for ref, key in zip(operation.results, operation.result_keys, strict=True):
            if key is not None:
                self._last = ref.tensor
        operation.results = ()
