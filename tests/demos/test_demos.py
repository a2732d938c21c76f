"""Every demo gives the numbers of its page, and every adjoint in it is torch's."""

from __future__ import annotations

import math
import re

import pytest
import torch

import graphstep as gs
from graphstep.api import open_source
from graphstep.demos import DEMOS, FIRST, GROUPS, Demo
from graphstep.demos.networks import Fit

S = 1 / (1 + math.exp(-0.5))
"""The sigmoid at 0.5."""

QUARTIC = 0.2**4 / 4 - 8 * 0.2**3 / 3 + 19 * 0.2**2 / 2 - 12 * 0.2 + 1
SLOPE = (0.2 - 1) * (0.2 - 3) * (0.2 - 4)


def _loss_at_the_start() -> float:
    """The network's loss as plain torch gives it, with the seed that a demo has."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return float(Fit()(torch.linspace(-1, 1, 33)).detach())


EXPECTED: dict[str, tuple[object, dict[str, object]]] = {
    "mse": (0.375, {"p": [-0.25, 0.25, 0, 0.5]}),
    "rmse": (0.6124, {"p": [-0.2041, 0.2041, 0, 0.4082]}),
    "binary": (0.2798, {"p": [-0.3704, 0.4167, -0.5556]}),
    "categorical": (0.3567, {"p": [0, 0, -1.4286]}),
    "scores": (0.4076, {"z": [0.0900, 0.2447, -0.3348]}),
    "usual": (
        [6, 16, 7.3891, 0.9093, -0.4161, 0.6931],
        {"x": 3 + 32 + 7.38906 - 0.41615 - 0.90930 + 0.5},
    ),
    "sum": (4 + math.sin(2), {"x": 4 + math.cos(2)}),
    "product": (4 * math.sin(2), {"x": 1.9726}),
    "composition": (math.log(math.sin(1)), {"x": 1.2842}),
    "sigmoid": (S, {"x": S * (1 - S)}),
    "fused": (S, {"x": S * (1 - S)}),
    "linear": (31, {"x0": 2, "x1": 3}),
    "logistic": (S, {"x0": 2 * S * (1 - S), "x1": -3 * S * (1 - S)}),
    "jacobian": ([2, math.sin(1), 4], {"x0": 2 + math.cos(1), "x1": 5}),
    "wide": ([30, 24], {"x": [26, 16, 14, 14]}),
    "ways": (0.28901376, {"x": 9.0660864}),
    "reverse": (230, {"a": 23, "b": 10}),
    "forward": (11.6521, {"x1": 5.5, "x2": 1.7163}),
    "survey": (11.6521, {"x1": 5.5, "x2": 1.7163}),
    "tensors": (181, {"v": [10, 14, 18], "m": [[4.2, 15, 6]] * 2}),
    "dtypes": ([0.8244, 2.7183], {"x": [2.4731, 5.4366]}),
    "linspace": (torch.linspace(0, 10, 100).exp(), {"x": torch.linspace(0, 10, 100).exp()}),
    "quotient": (0.0669, {"a": -0.3324, "b": -0.0665}),
    "release": (0.0669, {"a": -0.3324, "b": -0.0665}),
    "accumulation": (0.0669, {"a": -0.3324, "b": -0.0665}),
    "tangents": (
        [math.exp(x) for x in (1, 3, 5, 7, 9)],
        {"x": [math.exp(x) for x in (1, 3, 5, 7, 9)]},
    ),
    "parabola": (16, {"x": 8}),
    "quartic": (QUARTIC, {"x": SLOPE}),
    "momentum": (QUARTIC, {"x": SLOPE}),
    "adaptive": (QUARTIC, {"x": SLOPE}),
    "fit": (_loss_at_the_start(), {}),
    "circuit": (-12, {"x": -4, "y": -4, "z": 3}),
    "neuron": (0.7311, {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}),
    "micrograd": (24.70408163265306, {"a": 138.83381924198252, "b": 645.5772594752186}),
    "mazur": (
        0.2983711087600027,
        {
            "v": [[0.08216704056, 0.08266762785], [-0.02260254048, -0.02274024222]],
            "w": [[0.00043856773, 0.00087713547], [0.00049771273, 0.00099542547]],
        },
    ),
    "map": (0.28901376, {"x": 9.0660864}),
    "trap": ([0, 2], {"x": [math.nan, 0.25]}),
    "safe": ([0, 2], {"x": [0, 0.25]}),
    "vanishing": (0.6590, {"h0": 7.675e-06}),
    "dead": (1, {"w": 0, "b": 0}),
}


def opened(demo: Demo) -> gs.Trace:
    return open_source(demo.source, demo.values, dtype=demo.dtype, order=demo.order)


def assert_close(found: torch.Tensor | None, expected: object, dtype: str) -> None:
    assert found is not None
    wanted = torch.as_tensor(expected, dtype=found.dtype)
    few = 0 < float(wanted.abs().max()) < 1e-4
    near, at_zero = (1e-8, 1e-10) if dtype == "float64" else (1e-4, 0.0 if few else 6e-5)
    torch.testing.assert_close(found, wanted, rtol=near, atol=at_zero, equal_nan=True)


def test_every_demo_has_its_numbers_here() -> None:
    assert list(EXPECTED) == list(DEMOS)


@pytest.mark.parametrize("demo", DEMOS.values(), ids=lambda demo: demo.name)
def test_demo(demo: Demo) -> None:
    trace = opened(demo)
    output, gradients = EXPECTED[demo.name]
    assert_close(trace.value(trace.recorded.outputs[-1]), output, demo.dtype)
    for label, gradient in gradients.items():
        assert_close(trace.adjoint(label), gradient, demo.dtype)
    report = trace.check()
    assert report.ok
    assert report.by_torch == ()


@pytest.mark.parametrize("demo", DEMOS.values(), ids=lambda demo: demo.name)
def test_the_numbers_of_a_note_are_those_of_its_demo(demo: Demo) -> None:
    trace = opened(demo)
    there: list[float] = []
    for i in trace.values:
        for tensor in (trace.value(i), trace.adjoint(i)):
            there += [] if tensor is None else tensor.double().abs().flatten().tolist()
    # Those with three decimals or more are results; log 0.7 = -0.36 is the page's own.
    for text in re.findall(r"\d+\.\d{3,}", demo.note):
        digits = len(text.partition(".")[2])
        assert any(round(one, digits) == float(text) for one in there), text


def test_a_demo_belongs_to_one_group() -> None:
    names = [demo.name for group in GROUPS for demo in group.demos]
    assert len(names) == len(set(names)) == len(DEMOS)
    assert FIRST in DEMOS


def test_the_words_of_a_demo_are_what_step_reads() -> None:
    assert DEMOS["reverse"].words == "'3*a + a*b' a=10 b=20"
    assert DEMOS["survey"].words == (
        "'log(x1) + x1*x2 - sin(x2)' x1=2 x2=5 --order level --grain contribution"
    )
    assert DEMOS["map"].words.endswith("x=0.2 --dtype float64")
