"""The first place where a run stops being finite is named, in one sentence."""

from __future__ import annotations

import pytest
import torch

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
