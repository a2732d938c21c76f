"""Trace the entries of torch's own operator database and hold their adjoints against torch's."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

import graphstep as gs
from graphstep.api import Trace
from graphstep.check.verdict import strided
from graphstep.format.symbols import Style
from graphstep.steps.step import Grain
from tests.full.op_db_reasons import UNEVEN

SAMPLES = 10
"""How many samples of an entry are traced in each dtype."""
LOOKED_AT = 60
"""The samples are spread evenly over an entry's first ones, up to this many."""
LARGE = 500_000
"""A sample whose tensors have more elements than this is passed over."""
DTYPES = (torch.float64, torch.complex128)
GRAINS: tuple[Grain, ...] = ("adjoint", "contribution")
STYLES: tuple[Style, ...] = ("unicode", "ascii", "latex")

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Coverage:
    """Say what passed: how many runs, by which rows of ours and by which nodes of torch's.

    `complex_own` and `complex_torch` are those of the runs on complex tensors.
    """

    runs: int = 0
    own: frozenset[str] = frozenset()
    torch: frozenset[str] = frozenset()
    complex_own: frozenset[str] = frozenset()
    complex_torch: frozenset[str] = frozenset()

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.runs + other.runs,
            self.own | other.own,
            self.torch | other.torch,
            self.complex_own | other.complex_own,
            self.complex_torch | other.complex_torch,
        )

    @property
    def result(self) -> str:
        """Say in a few words whose formulas the passed runs on real tensors went by."""
        return _whose(self.own, self.torch) or "no operation"

    @property
    def complex_result(self) -> str:
        """Say the same of the runs on complex tensors; empty where there are none."""
        return _whose(self.complex_own, self.complex_torch)


def _whose(own: frozenset[str], torch: frozenset[str]) -> str:
    return " + ".join(kind for kind, names in (("own", own), ("torch", torch)) if names)


@cache
def entries() -> dict[str, Any]:
    """Return the differentiable entries of op_db by name and variant: `div.floor_rounding`."""
    with warnings.catch_warnings():
        # What torch's own module calls on its way may be deprecated in newer libraries.
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db

    return {entry_name(entry): entry for entry in op_db if entry.supports_autograd}


def entry_name(entry: Any) -> str:
    """Return the name that tells an entry from every other."""
    variant = entry.variant_test_name
    return f"{entry.name}.{variant}" if variant else str(entry.name)


def examine(
    name: str,
    device: str = "cpu",
    dtypes: Sequence[torch.dtype] = DTYPES,
    count: int = SAMPLES,
) -> Coverage:
    """Trace up to `count` of an entry's samples in each of the dtypes that it differentiates.

    The in-place form, where there is one, runs on every sample too, once on a copy of the input
    and once on a view of a copy. The Coverage names only what the functional form went by.
    Raises AssertionError, with a note that names the sample, for what is not as in torch.
    """
    entry = entries()[name]
    done = Coverage()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        supported = entry.supported_backward_dtypes(device) & entry.supported_dtypes(device)
        for dtype in [dtype for dtype in dtypes if dtype in supported]:
            for number, sample in _samples(entry, device, dtype, count):
                for form, function in _forms(entry, sample):
                    try:
                        found = _examine(
                            function, sample, device, even=device == "cpu" and name not in UNEVEN
                        )
                    except Exception as error:
                        error.add_note(f"{form}, {dtype}, sample {number}: {sample.summary()}")
                        raise
                    if form != "function":
                        found = Coverage(found.runs)
                    elif dtype.is_complex:
                        found = Coverage(found.runs, NONE, NONE, found.own, found.torch)
                    done += found
    return done


def _samples(entry: Any, device: str, dtype: torch.dtype, count: int) -> Iterator[tuple[int, Any]]:
    torch.manual_seed(0)
    first = islice(entry.sample_inputs(device, dtype, requires_grad=True), LOOKED_AT)
    found = [sample for sample in first if _size(sample) <= LARGE]
    for number in range(0, len(found), max(1, -(-len(found) // count))):
        yield number, found[number]


def _size(sample: Any) -> int:
    return sum(t.numel() for t in _tensors((sample.input, sample.args, sample.kwargs)))


def _forms(entry: Any, sample: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    yield "function", entry.get_op()
    inplace = entry.get_inplace()
    if inplace is None or not entry.supports_inplace_autograd or sample.broadcasts_input:
        return

    def on_copy(x: Tensor, *args: Any, **kwargs: Any) -> Any:
        return inplace(x.clone(), *args, **kwargs)

    def on_view(x: Tensor, *args: Any, **kwargs: Any) -> Any:
        base = x.clone()
        inplace(base[...], *args, **kwargs)
        return base

    for form, function in (("in place", on_copy), ("in place on a view", on_view)):
        if isinstance(sample.input, Tensor) and _runs(function, sample):
            yield form, function


def _runs(function: Callable[..., Any], sample: Any) -> bool:
    """Tell whether torch runs an in-place form: the result may need another dtype or shape."""
    with torch.random.fork_rng():
        try:
            function(sample.input, *sample.args, **sample.kwargs)
        except RuntimeError:
            return False
    return True


def _examine(function: Callable[..., Any], sample: Any, device: str, *, even: bool) -> Coverage:
    leaves: dict[int, Tensor] = {}

    def leaf(item: Any) -> Any:
        if not isinstance(item, Tensor) or not item.requires_grad:
            return item
        return leaves.setdefault(id(item), item.detach().requires_grad_())

    x, args, kwargs = tree_map(leaf, (sample.input, sample.args, sample.kwargs))
    inputs: dict[str, Any] = {f"x{k}": tensor for k, tensor in enumerate(leaves.values(), 1)}
    results: list[list[Tensor]] = []

    def run(**_: Tensor) -> Any:
        result = sample.output_process_fn_grad(function(x, *args, **kwargs))
        results.append(_tensors(result))
        return result

    generator = torch.cuda if device == "cuda" else torch.random
    before = generator.get_rng_state()
    run()
    after = generator.get_rng_state()
    outputs = [t for t in results[0] if t.requires_grad]
    if not outputs:
        return Coverage()
    seeds = [torch.randn_like(t.detach()) for t in outputs]
    generator.set_rng_state(before)
    trace = gs.trace(run, grad_output=seeds, **inputs)
    assert torch.equal(generator.get_rng_state(), after), "another random state afterwards"
    _assert_same_outputs(results[1], results[0], bits=even)
    _assert_adjoints(trace, inputs, outputs, seeds)
    _assert_texts(trace)
    report = trace.check()
    assert report.ok, report.text()
    return Coverage(
        1,
        frozenset(t.application.name for t in trace.sweep.terms if t.rule == "own"),
        frozenset(
            t.application.node.name().rsplit("::", 1)[-1]
            for t in trace.sweep.terms
            if t.rule == "torch"
        ),
    )


def _tensors(result: Any) -> list[Tensor]:
    return [item for item in tree_leaves(result) if isinstance(item, Tensor)]


def _assert_same_outputs(traced: Sequence[Tensor], plain: Sequence[Tensor], *, bits: bool) -> None:
    assert len(traced) == len(plain)
    for one, other in zip(traced, plain, strict=True):
        assert (one.dtype, one.shape, one.layout) == (other.dtype, other.shape, other.layout)
        assert one.layout != torch.strided or one.stride() == other.stride()
        assert one.requires_grad == other.requires_grad
        assert not bits or _bytes(one) == _bytes(other), "the output is not that of a plain run"


def _bytes(tensor: Tensor) -> bytes:
    plain = strided(tensor).resolve_conj().resolve_neg()
    flat = plain.clone(memory_format=torch.contiguous_format).flatten()
    return bytes(flat.view(torch.uint8).tolist())


def _assert_adjoints(
    trace: Trace, inputs: Mapping[str, Tensor], outputs: Sequence[Tensor], seeds: Sequence[Tensor]
) -> None:
    expected = torch.autograd.grad(outputs, list(inputs.values()), seeds, allow_unused=True)
    for (name, tensor), theirs in zip(inputs.items(), expected, strict=True):
        pair = [trace.adjoint(name), theirs]
        ours, torchs = (torch.zeros_like(tensor) if g is None else strided(g) for g in pair)
        torch.testing.assert_close(
            ours, torchs, equal_nan=True, msg=partial("adjoint of {}: {}".format, name)
        )
    for i, verdict in trace.verdicts.items():
        value = trace.values[i]
        assert verdict.ok, f"{value.name} ({value.op}) is off by {verdict.max_abs_error}"


def _assert_texts(trace: Trace) -> None:
    for grain in GRAINS:
        timeline = trace.timeline(grain)
        for step in timeline:
            equation = timeline.equation(step.index)
            assert all(equation.one_line(style) for style in STYLES)
