"""What a lab experiment differentiates: a source, the tensors that move, and those that stay."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from graphstep.errors import InputError
from graphstep.format.tensors import summary
from graphstep.graph.numbering import Order
from graphstep.running.failures import one_line_errors
from graphstep.running.from_source import seeded, source_run
from graphstep.running.inputs import split_values
from graphstep.running.outputs import outputs_of
from graphstep.source.sources import FunctionSource, Source, resolve
from graphstep.traced.trace import Trace

Position = Mapping[str, Tensor]


@dataclass(frozen=True)
class Objective:
    """Run a source at any position of its moving tensors.

    `start` holds these tensors as given, detached, and `fixed` every other value. With `module`
    the moving tensors are the parameters of a copy of the user's module.
    """

    source: Source
    start: Position
    fixed: Mapping[str, Any]
    seed: int
    order: Order
    module: nn.Module | None = None

    def leaves(self, position: Position) -> dict[str, Tensor]:
        """Return fresh leaves with the numbers of `position`, without a gradient yet."""
        return {name: t.detach().clone().requires_grad_() for name, t in position.items()}

    def value(self, leaves: Position) -> Tensor:
        """Return the output at `leaves`, each time with torch's random numbers anew.

        Raises InputError, one line, for whatever the user's code raises, and where the output
        is no tensor that a gradient leads back from.
        """
        with one_line_errors(self.source.text), _lightly_seeded(self.seed):
            if self.module is None:
                result = self.source.call({**self.fixed, **leaves})
            else:
                result = torch.func.functional_call(self.module, dict(leaves), (), dict(self.fixed))
            return outputs_of(result)[-1] if torch.is_grad_enabled() else _first(result)

    def number(self, leaves: Position) -> Tensor:
        """Return the output, which must be one real number. Raises InputError for any other."""
        output = self.value(leaves)
        if output.numel() != 1 or output.is_complex():
            raise InputError(
                f"descent lowers one real number, and the output is {summary(output)}: "
                "put sum(…) or mean(…) around it"
            )
        return output.reshape(())

    def record(self, position: Position, gradients: Mapping[str, Tensor | None]) -> Trace:
        """Return the trace at `position`, its leaves holding `gradients` in their `.grad`."""
        source, values = self.source, dict(self.fixed)
        if self.module is None:
            leaves = self.leaves(position)
            values |= leaves
        else:
            module = copy.deepcopy(self.module)
            leaves = dict(module.named_parameters())
            with torch.no_grad():
                for name, leaf in leaves.items():
                    leaf.copy_(position[name])
            assert isinstance(source, FunctionSource)
            source = replace(source, target=module)
        for name, leaf in leaves.items():
            old = gradients.get(name)
            leaf.grad = None if old is None else old.clone()
        with one_line_errors(source.text):
            trace = Trace(source_run(source, values, None, self.order, None, seed=self.seed))
            _ = trace.sweep
        return trace


def objective(
    what: str | Callable[..., Any],
    values: Mapping[str, Any],
    moving: Sequence[str] = (),
    seed: int = 0,
    order: Order = "evaluation",
) -> Objective:
    """Return the objective of an expression, a function or a module with its values.

    `moving` names the values that move (default: all floating ones; of a module, its
    parameters, which `moving` cannot narrow). Raises InputError where nothing can move.
    """
    if isinstance(what, str) and what.strip().endswith(".graphstep"):
        raise InputError(f"{what.strip()} holds one run, and this needs its source to run again")
    source = resolve(what, seed) if isinstance(what, str) else _function_source(what)
    target = getattr(source, "target", None)
    if isinstance(target, nn.Module):
        if moving:
            raise InputError(f"{source.text} is a module, whose parameters move: name none of them")
        fixed = {n: _tensor(v) for n, v in values.items()}
        module = _in_dtype_of(copy.deepcopy(target), fixed.values())
        start = {n: p.detach() for n, p in module.named_parameters() if p.requires_grad}
        if not start:
            raise InputError(f"{source.text} has no parameter that requires a gradient")
        return Objective(source, start, fixed, seed, order, module)
    inputs, constants = split_values(values, None, as_inputs=True)
    for name in moving:
        if name not in inputs:
            given = ", ".join(inputs) or "none"
            raise InputError(f"no floating input {name!r} (there are: {given})")
    chosen = [name for name in inputs if not moving or name in moving]
    start = {name: inputs[name].detach().clone() for name in chosen}
    rest = {n: t.detach() for n, t in {**inputs, **constants}.items() if n not in start}
    if not start:
        raise InputError("nothing moves: give a floating value, as in x=9")
    complex_ones = [name for name, t in start.items() if t.is_complex()]
    if complex_ones:
        raise InputError(f"{complex_ones[0]} is complex: the lab takes real values only")
    return Objective(source, start, {**values, **rest}, seed, order)


@contextmanager
def _lightly_seeded(seed: int) -> Iterator[None]:
    """Do as `seeded` does, in a hundredth of the time where only the cpu is in use.

    A plot asks for f thousands of times.
    """
    if torch.cuda.is_initialized():
        with seeded(seed):
            yield
        return
    generator = torch.default_generator
    state = generator.get_state()
    generator.manual_seed(seed)
    try:
        yield
    finally:
        generator.set_state(state)


def _function_source(what: Callable[..., Any]) -> FunctionSource:
    name = getattr(what, "__qualname__", type(what).__name__)
    if not callable(what):
        raise InputError(f"{name} cannot be called")
    code = getattr(getattr(what, "forward", what), "__code__", None)
    path = Path(code.co_filename) if code is not None else None
    file = path if path is not None and path.is_file() else None
    return FunctionSource(name, name, what, Path.cwd(), file)


def _tensor(value: Any) -> Any:
    if isinstance(value, (float, list)):
        return torch.tensor(value)
    return value


def _in_dtype_of(module: nn.Module, values: Iterable[Any]) -> nn.Module:
    """Return the module in the floating dtype that all of its values have, if they have one."""
    dtypes = {v.dtype for v in values if isinstance(v, Tensor) and v.is_floating_point()}
    return module.to(dtypes.pop()) if len(dtypes) == 1 else module


def _first(result: Any) -> Tensor:
    if not isinstance(result, Tensor):
        raise InputError(f"the result is a {type(result).__name__}, not a tensor")
    return result
