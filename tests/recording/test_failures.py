"""When the user's code raises: its own exception, with a note on operation, shapes and place."""

from __future__ import annotations

import contextlib
import re

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.api import open_source
from graphstep.errors import InputError


def test_a_failing_operation_is_named() -> None:
    def function(x: Tensor, y: Tensor) -> Tensor:
        z = x * 2
        return z @ y

    with pytest.raises(RuntimeError, match="cannot be multiplied") as caught:
        gs.trace(function, torch.ones(2, 3), torch.ones(4, 5))
    (note,) = caught.value.__notes__
    line = function.__code__.co_firstlineno + 2
    assert note == (
        f"graphstep: failed in mm(f32[2,3], f32[4,5]) at {__file__}:{line}:16, after 1 operation"
    )


def test_a_failure_between_operations_says_how_far_it_came() -> None:
    def function(x: Tensor) -> Tensor:
        _ = x * 2 + 1
        raise KeyError("weights")

    with pytest.raises(KeyError, match="weights") as caught:
        gs.trace(function, x=1.0)
    assert caught.value.__notes__ == ["graphstep: the run stopped after 2 operations"]


def test_the_traceback_leads_to_the_users_line() -> None:
    def function(x: Tensor) -> Tensor:
        return x[5]

    with pytest.raises(IndexError) as caught:
        gs.trace(function, torch.ones(2))
    assert any(str(entry.path) == __file__ and "x[5]" in str(entry.statement)
               for entry in caught.traceback)  # fmt: skip


def test_a_function_that_catches_its_own_failure_goes_on() -> None:
    def function(x: Tensor, y: Tensor) -> Tensor:
        try:
            return x @ y
        except RuntimeError:
            return x.sum() * y.sum()

    trace = gs.trace(function, torch.ones(2, 3), torch.ones(4, 5))
    assert trace.check().ok


def test_a_failure_after_one_that_was_caught_is_not_blamed_on_it() -> None:
    def function(x: Tensor, y: Tensor) -> Tensor:
        with contextlib.suppress(RuntimeError):
            x @ y
        raise ValueError("later")

    with pytest.raises(ValueError, match="later") as caught:
        gs.trace(function, torch.ones(2, 3), torch.ones(4, 5))
    assert caught.value.__notes__ == ["graphstep: the run stopped after 0 operations"]


def test_a_typed_shape_mismatch_is_one_line() -> None:
    with pytest.raises(InputError) as caught:
        open_source("a @ b", ["a=ones(2,3)", "b=ones(4,5)"])
    assert "\n" not in str(caught.value).split("\n  ")[0]
    assert re.search(r"2x3 and 4x5", str(caught.value))
