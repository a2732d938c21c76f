"""The first place where a run stops being finite is named, in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.explain import first_non_finite


@pytest.mark.parametrize(
    ("source", "x", "sentence"),
    [
        ("exp(x)*2", 1.0, None),
        ("log(x)*2", -1.0, "v_1 becomes nan in log"),
        ("2*x", float("inf"), "v_0 is given as inf"),
        ("sqrt(x)", 0.0, "the term from v_1 (sqrt) to v_0 is inf"),
        (
            "where(x > 0, sqrt(x), x)",
            0.0,
            "the term from v_1 (sqrt) to v_0 is nan: a zero adjoint times an infinite local "
            "partial dv_1/dv_0",
        ),
    ],
)
def test_the_source_is_named_and_not_the_first_to_see_it(
    source: str, x: float, sentence: str | None
) -> None:
    trace = gs.trace(source, x=x)
    found = first_non_finite(trace.recorded, trace.sweep)
    assert (None if found is None else found.sentence) == sentence
    report = trace.check()
    assert report.ok
    assert report.to_json()["non_finite"] == sentence
    assert (f"  ! {sentence}\n" in report.text()) == (sentence is not None)


def test_only_the_earliest_of_several_is_named() -> None:
    trace = gs.trace(lambda x: (torch.log(x) * torch.sqrt(x)).sum(), x=[-1.0, 2.0])
    found = first_non_finite(trace.recorded, trace.sweep)
    assert found is not None
    assert (found.i, found.where, found.sentence) == (1, "value", "v_1 becomes nan in log")


LATER = torch.ones(3, 3, dtype=torch.bool).triu(1)


def masked(scores: Tensor, mask: Tensor = LATER) -> Tensor:
    return scores.masked_fill(mask, -math.inf)


def whole_row(x: Tensor) -> Tensor:
    mask = LATER.clone()
    mask[1] = True
    return masked(x, mask).softmax(-1).square().sum()


def added(x: Tensor) -> Tensor:
    bias = masked(torch.zeros(3, 3))
    bias[1] = -math.inf
    return (x + bias).log_softmax(-1)[1].sum()


def elsewhere(x: Tensor) -> Tensor:
    return masked(x).softmax(-1).sum() + (x.sum() * 0).sqrt()


def scaled(x: Tensor) -> Tensor:
    return (masked(x) * x.sum()).softmax(-1)[:, 0].sum()


def subtracted(x: Tensor) -> Tensor:
    return (masked(x) - masked(x)).sum() * x.sum()


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda x: masked(x).softmax(-1).square().sum(), None),
        (lambda x: masked(x).log_softmax(-1)[:, 0].sum(), None),
        (
            whole_row,
            "v_2 becomes nan in _softmax: a whole row of v_1 is -inf, as where a mask hides all",
        ),
        (
            added,
            "v_2 becomes nan in _log_softmax: a whole row of v_1 is -inf, as where a mask hides "
            "all",
        ),
        (elsewhere, "the term from v_6 (sqrt) to v_5 is inf"),
        (
            scaled,
            "the term from v_3 (mul) to v_2 is nan: a zero adjoint times an infinite local "
            "partial dv_3/dv_2",
        ),
        (subtracted, "v_3 becomes nan in sub, out of the inf in v_1"),
        (lambda x: ((x * 1000).exp() * 0).sum(), "v_2 becomes inf in exp"),
    ],
    ids=["mask", "log", "whole row", "added", "elsewhere", "scaled", "subtracted", "overflow"],
)
def test_an_inf_that_a_mask_wrote_is_no_cause(
    function: Callable[[Tensor], Tensor], sentence: str | None
) -> None:
    trace = gs.trace(function, torch.linspace(0.1, 0.9, 9).reshape(3, 3))
    found = first_non_finite(trace.recorded, trace.sweep)
    assert (None if found is None else found.sentence) == sentence
    (answer,) = trace.why().answers
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert (answer.kind == "fine") == bool(gradient.isfinite().all())
    if answer.kind != "fine":
        assert [cause.sentence for cause in answer.causes] == [sentence]


def test_a_constant_that_holds_nan_is_named() -> None:
    target = torch.tensor([1.0, math.nan])
    trace = gs.trace(lambda x: (x - target).sum(), x=[1.0, 2.0])
    (answer,) = trace.why().answers
    assert answer.kind == "fine"  # x - nan has the slope 1
    found = first_non_finite(trace.recorded, trace.sweep)
    assert found is not None
    assert found.sentence == "v_1 becomes nan in sub, which was given nan in target"
    trace = gs.trace(lambda x: (x * math.nan).sum(), x=[1.0, 2.0])
    found = first_non_finite(trace.recorded, trace.sweep)
    assert found is not None
    assert found.sentence == "v_1 becomes nan in mul, which was given nan in a constant"
    with gs.record(inputs={"target": target, "x": (x := torch.ones(2, requires_grad=True))}) as r:
        loss = (x - target).square().sum()
    assert r.trace(loss).why().answers[0].causes[0].sentence == (
        "v_1 becomes nan in sub, which was given nan in target"
    )


def test_an_overflow_of_half_precision_says_where_its_numbers_end() -> None:
    trace = gs.trace(lambda x: ((x.half() * 300) ** 2).float().sum(), x=[1.0])
    found = first_non_finite(trace.recorded, trace.sweep)
    assert found is not None
    assert found.sentence == "v_3 becomes inf in pow, as float16 ends at 65504"
    trace = gs.trace(lambda x: ((x.half() * 60000) * 0.001).float().sum() * 60000.0, x=[1.0])
    (cause,) = trace.why("x").answers[0].causes
    assert cause.sentence == "the term from v_2 (mul) to v_1 is inf, as float16 ends at 65504"
