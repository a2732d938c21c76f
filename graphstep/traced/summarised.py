"""SummaryTrace: what can be asked of a run whose values were not kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NoReturn, get_args

from torch import Tensor

from graphstep.check.engine import EnginePass
from graphstep.check.summaries import AdjointSummaries, adjoint_summaries
from graphstep.errors import InputError
from graphstep.recording.operation import Keep
from graphstep.recording.summary import Summary, summarise
from graphstep.running.run import Run
from graphstep.steps.step import Grain
from graphstep.steps.timeline import Timeline
from graphstep.sweep.reverse import ReverseSweep, output_seeds
from graphstep.traced.trace import Trace


class SummaryTrace(Trace):
    """Answer for a run recorded with `keep="summary"`: its graph, and what is left of its values.

    Of every value and adjoint there is a Summary, of the inputs also the whole adjoint. What
    needs the values themselves (steps, check, pictures) raises InputError.
    """

    @cached_property
    def summaries(self) -> Mapping[int, Summary]:
        """The Summary of every v_i, by number."""
        found = {i: value.summary for i, value in self.values.items() if value.summary is not None}
        for i, value in self.values.items():
            if i not in found and value.value is not None:
                found[i] = summarise(value.value)
        return dict(sorted(found.items()))

    @property
    def adjoint_summaries(self) -> Mapping[int, Summary]:
        """The Summary of every v̄_i that arrived, from torch's own backward.

        The first time this runs that backward, which releases the graph.
        """
        return self._adjoints.summaries

    def adjoint(self, name: int | str) -> Tensor | None:
        """Return the adjoint of an input; None where no gradient arrives.

        Raises InputError for any other value, of whose adjoint only a summary was kept.
        """
        i = self.recorded.find(name)
        if i not in self._adjoints.gradients:
            self._refuse(f"the adjoint of {self.values[i].name}")
        return self._adjoints.gradients[i]

    def summary(self) -> str:
        """Return every value beside its adjoint in a few numbers, as a plain table."""
        from graphstep.output.summaries import summary_table

        return summary_table(self.recorded, self.summaries, self.adjoint_summaries)

    @cached_property
    def _adjoints(self) -> AdjointSummaries:
        return adjoint_summaries(self.recorded, output_seeds(self.recorded, self._seeds))

    @cached_property
    def sweep(self) -> ReverseSweep:
        """Refuse: a sweep needs the values."""
        self._refuse("the sweep")

    @cached_property
    def engine_pass(self) -> EnginePass:
        """Refuse: only summaries of torch's adjoints are kept."""
        self._refuse("every adjoint")

    def timeline(self, grain: Grain = "adjoint") -> Timeline:
        """Refuse: steps show values."""
        self._refuse("the timeline")

    def _refuse(self, what: str) -> NoReturn:
        raise InputError(
            f"{what} needs the values, and this trace kept summaries only: "
            "trace again with keep='all'"
        )


def check_keep(keep: str) -> None:
    """Raise InputError unless `keep` is `all` or `summary`."""
    if keep not in get_args(Keep):
        raise InputError(f"unknown keep {keep!r} (must be one of {', '.join(get_args(Keep))})")


def traced(run: Run, keep: Keep) -> Trace:
    """Return the Trace that answers for a run of which `keep` was kept."""
    return SummaryTrace(run) if keep == "summary" else Trace(run)
