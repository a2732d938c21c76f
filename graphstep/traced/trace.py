"""Trace: one recorded run, and everything that one can ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from graphstep.check.engine import EnginePass, engine_pass, node_verdicts
from graphstep.check.run import check_trace
from graphstep.check.verdict import Verdict
from graphstep.errors import InputError
from graphstep.graph.value import Value
from graphstep.running.devices import device_named, is_at
from graphstep.running.run import Run, anew
from graphstep.steps.step import Grain, Step
from graphstep.steps.timeline import Timeline
from graphstep.sweep.reverse import ReverseSweep, output_seeds, reverse_sweep
from graphstep.sweep.tangent import TangentSweep, tangent_sweep
from graphstep.traced.accumulation import Accumulated, backward_again
from graphstep.traced.jacobian import jacobian, row_seeds
from graphstep.traced.views import TraceViews

if TYPE_CHECKING:
    import networkx as nx

    from graphstep.check.report import Report
    from graphstep.drift.report import Drift
    from graphstep.explain import Diagnosis
    from graphstep.traced.opened import Opened


class Trace(TraceViews):
    """Hold one recorded run and answer for it: values, adjoints, steps, checks, pictures.

    `recorded` is the numbered graph itself. Everything that follows from it is computed when
    first asked for, and kept.
    """

    def __init__(self, run: Run) -> None:
        self.recorded = run.graph
        self.origin = run.origin
        self._seeds = run.seeds
        self._tangents: dict[int, TangentSweep] = {}

    @property
    def graph(self) -> nx.MultiDiGraph:
        """The networkx graph: keys are the i of v_i, edge keys the argument positions."""
        return self.recorded.graph

    @property
    def values(self) -> Mapping[int, Value]:
        """Every v_i by number."""
        return self.recorded.values

    def value(self, name: int | str) -> Tensor:
        """Return the tensor of a value given as i, `v_3` or its label."""
        return self.recorded.value(name)

    def adjoint(self, name: int | str) -> Tensor | None:
        """Return v̄_i, of the shape of v_i; None where no gradient arrives."""
        return self.sweep.adjoints[self.recorded.find(name)]

    def tangent(self, seed: str | int, name: int | str | None = None) -> Tensor:
        """Return v̇ of `name` (default: the output) for ẋ = 1 in the input `seed`, 0 elsewhere.

        Raises InputError where an operation on the way has no forward formula.
        """
        target = self.recorded.outputs[-1] if name is None else self.recorded.find(name)
        return self.tangents(seed).tangent(target)

    def tangents(self, seed: str | int | None = None) -> TangentSweep:
        """Return the forward sweep for ẋ = 1 in the input `seed` (default: the first).

        Raises InputError for any other value than an input.
        """
        i = self.recorded.inputs[0] if seed is None else self.recorded.find(seed)
        if i not in self.recorded.inputs:
            names = ", ".join(self.values[k].shown_name for k in self.recorded.inputs)
            raise InputError(f"{seed!r} is no input (the inputs are {names})")
        if i not in self._tangents:
            start = {i: torch.ones_like(self.recorded.value(i))}
            self._tangents[i] = tangent_sweep(self.recorded, start)
        return self._tangents[i]

    def jacobian(self, output: int | str | None = None) -> dict[str, Tensor]:
        """Return ∂y/∂x of one output (default: the last) for every input, by label.

        Each has the output's shape followed by the input's; row by row, one reverse sweep each.
        """
        i = self.recorded.outputs[-1] if output is None else self.recorded.find(output)
        if i not in self.recorded.outputs:
            names = ", ".join(self.values[k].name for k in self.recorded.outputs)
            raise InputError(f"{output!r} is no output (the outputs are {names})")
        return jacobian(self, i)

    def row(self, index: int) -> Trace:
        """Return this trace seeded with 1 in element `index` (flat) of its last output only.

        Its reverse half steps through one row of the Jacobian. Raises InputError where the
        output has no such element.
        """
        i = self.recorded.outputs[-1]
        count = self.recorded.value(i).numel()
        if not 0 <= index < count:
            raise InputError(f"no row {index}: the output has rows 0 to {count - 1}")
        return self.seeded(row_seeds(self.recorded, i, index))

    def seeded(self, grad_output: Tensor | Sequence[Tensor | None]) -> Trace:
        """Return the same recorded run with other adjoints of its outputs to start from."""
        seeds = [grad_output] if isinstance(grad_output, Tensor) else grad_output
        return Trace(Run(self.recorded, self.origin, seeds))

    def backward(self, *, retain_graph: bool = False) -> tuple[Accumulated, ...]:
        """Run torch's own backward on this graph, and return what it added to every `.grad`.

        The gradients stay in the leaves' `.grad`, as after any backward. Without
        `retain_graph` a second call raises torch's RuntimeError, with a note on what the first
        one released.
        """
        _ = self.sweep
        return backward_again(self.recorded, self.sweep.seeds, retain_graph)

    @cached_property
    def sweep(self) -> ReverseSweep:
        """The reverse sweep by our rules. Raises as torch does where its engine refuses."""
        return reverse_sweep(self.recorded, self._seeds, self.engine_pass.user_code)

    @property
    def engine(self) -> Mapping[int, Tensor | None]:
        """Torch's own adjoint of every v_i."""
        return self.engine_pass.adjoints

    @cached_property
    def engine_pass(self) -> EnginePass:
        """What one pass of torch's engine gave, which runs the user's hooks once."""
        return engine_pass(self.recorded, output_seeds(self.recorded, self._seeds))

    @cached_property
    def verdicts(self) -> Mapping[int, Verdict]:
        """Ours against torch's at every node."""
        return node_verdicts(self.recorded, self.sweep, self.engine)

    @property
    def steps(self) -> Sequence[Step]:
        """The timeline, one adjoint a step."""
        return self.timeline()

    def timeline(self, grain: Grain = "adjoint") -> Timeline:
        """Return every step in order, one adjoint or one contribution at a time."""
        return Timeline(self.recorded, self.sweep, grain, self.verdicts)

    def in_engine_order(self) -> Trace:
        """Return this trace with its reverse half in the order in which torch's engine ran.

        It may take one more pass of the engine over the graph; none of the user's code runs in
        it. Raises as torch does where the graph was released, and InputError for a saved trace
        without that order.
        """
        from graphstep.traced.engine_ordered import EngineOrderedTrace

        return EngineOrderedTrace(self)

    def in_v_order(self) -> Trace:
        """Return this trace with its reverse half in reverse v order (Baydin et al. 2018)."""
        return self

    @property
    def device(self) -> torch.device:
        """The device of the output."""
        return self.recorded.output_tensors[-1].device

    def check(self, device: str | None = None) -> Report:
        """Compare ours with torch's at every node, and with two further oracles.

        On another `device` than the trace's own (None) the source runs anew there, with its
        values moved and a copy of its module. Raises MissingError where the device is not there,
        and InputError where what was recorded cannot be run again.
        """
        here = (
            self if device is None or is_at(self.device, device_named(device)) else self.on(device)
        )
        return check_trace(
            here.recorded, here.sweep, here.engine_pass, here.origin.text, str(here.device)
        )

    def on(self, device: str) -> Trace:
        """Return the trace of a fresh run on a device, with the same values and seeds.

        Raises MissingError where the device is not there, and InputError where what was recorded
        cannot be run again.
        """
        return Trace(anew(self.origin, device_named(device), self._seeds))

    def why(self, *names: int | str) -> Diagnosis:
        """Say why the gradients of the named values are what they are: zero, None, nan, small.

        Without a name all inputs are told of. Raises InputError where there is no such value.
        """
        from graphstep.explain import diagnosis

        return diagnosis(self.recorded, self.sweep, self.origin.text, names)

    def drift(self, against: str = "float64") -> Drift:
        """Say how many digits each gradient kept, and which operations lost the others.

        `against` is `float64`, in which the recorded operations run again, or a device, on which
        the source runs anew. Raises InputError where there is no such run to compare with,
        and MissingError where the device is not there.
        """
        from graphstep.traced.drifted import drifted

        return drifted(self, against)

    def open(self, name: int | str, element: Sequence[int] | None = None) -> Opened:
        """Write out the operation that made a value as its textbook steps, a trace of their own.

        `element` opens one entry of it. Raises InputError for what has no textbook steps, and
        names what has.
        """
        from graphstep.traced.opened import opened

        return opened(self, name, element)

    def save(self, path: str | Path) -> Path:
        """Write the trace to a file that `graphstep.load` reads, whole or not at all.

        It holds the numbers, the formulas and the text of the code; loading it needs neither
        that code nor its device. Tangents, and the engine's order, are in it where they were
        asked for, or the run is small. Raises InputError for a place that cannot be used.
        """
        from graphstep.traced.saved import saved, sweep_small

        sweep_small(self)
        return saved(self, self._tangents, Path(path))

    def step(self, grain: Grain = "adjoint") -> None:
        """Open the terminal app on this trace."""
        from graphstep.tui import run

        run(self, grain)

    def __repr__(self) -> str:
        count = sum(1 for i in self.values if i > 0)
        return f"<Trace of {self.origin.text!r}: {len(self.values) - count} inputs, {count} values>"
