"""The way that most of a gradient took: its factors multiply to the gradient of a chain."""

from __future__ import annotations

import math

import torch

import graphstep as gs
from graphstep.explain.path import main_path


def test_a_chain_has_one_way_and_its_factors_multiply_to_the_gradient() -> None:
    trace = gs.trace("a = sigmoid(x); b = tanh(a); c = exp(b); log(c)*3", x=0.5)
    path = main_path(trace.recorded, trace.sweep, 0)
    assert [(link.child, link.parent) for link in path] == [(5, 4), (4, 3), (3, 2), (2, 1), (1, 0)]
    x = torch.tensor(0.5, requires_grad=True)
    (x.sigmoid().tanh().exp().log() * 3).backward()
    assert x.grad is not None
    assert math.isclose(math.prod(link.factor for link in path), float(x.grad), rel_tol=1e-6)


def test_the_largest_of_several_terms_is_followed() -> None:
    trace = gs.trace("10*sin(x) + 1e-3*cos(x)", x=0.1)
    path = main_path(trace.recorded, trace.sweep, trace.recorded.find("x"))
    assert [link.op for link in path] == ["add", "mul", "sin"]
    assert path[-1].terms == 2


def test_a_term_that_is_not_finite_is_followed_first() -> None:
    trace = gs.trace("1e30*x + sqrt(x)", x=0.0)
    path = main_path(trace.recorded, trace.sweep, trace.recorded.find("x"))
    assert path[-1].op == "sqrt"
    assert path[-1].passed == math.inf


def test_an_input_that_nothing_uses_has_no_way() -> None:
    trace = gs.trace(lambda x, y: x.exp(), torch.tensor(1.0), torch.tensor(2.0))
    assert main_path(trace.recorded, trace.sweep, trace.recorded.find("y")) == ()


def test_ten_thousand_links_are_walked_and_the_striking_ones_told() -> None:
    def long(x: torch.Tensor) -> torch.Tensor:
        for k in range(10_000):
            x = x * (0.5 if k == 7_000 else 1.0)
        return x

    trace = gs.trace(long, torch.tensor(1.0))
    assert trace.why("x").text().splitlines()[3:] == [
        "  v_10000 → v_9999  mul  1 → 1      ×1",
        "  … 2998 more",
        "  v_7001 → v_7000   mul  1 → 0.5    ×0.5",
        "  … 6999 more",
        "  v_1 → v_0         mul  0.5 → 0.5  ×1",
    ]
