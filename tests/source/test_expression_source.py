"""An expression as a SOURCE: told from a file or module, and run with values that fit."""

from __future__ import annotations

import pytest
import torch

from graphstep.errors import ExpressionError, InputError
from graphstep.source.sources import ExpressionSource, Parameter, resolve

A, B = torch.tensor(10.0), torch.tensor(20.0)


@pytest.mark.parametrize("text", ["3*a + a*b", "a[0:2]*b", "a[:, 1:] + b"])
def test_expressions(text: str) -> None:
    source = resolve(text)
    assert isinstance(source, ExpressionSource)
    assert source.language == source.text == text
    assert source.parameters == (Parameter("a"), Parameter("b"))


def test_expression_runs() -> None:
    source = resolve("3*a + a*b")
    assert source.call({"a": A, "b": B}).item() == 230.0
    assert resolve("pi*a").call({"a": A, "pi": 3.0}).item() == 30.0


def test_expression_values_must_fit() -> None:
    source = resolve("3*a + a*b")
    with pytest.raises(ExpressionError) as caught:
        source.call({"a": A})
    assert str(caught.value) == "no value for 'b': give b=…\n  3*a + a*b\n          ^"
    with pytest.raises(ExpressionError) as caught:
        resolve("alhpa*2").call({"alpha": A})
    assert (
        caught.value.problem == "unknown name 'alhpa' (values given: alpha); did you mean 'alpha'?"
    )
    with pytest.raises(ExpressionError) as caught:
        resolve("3*a + ab").call({"a": A, "b": B})
    assert (
        caught.value.problem == "unknown name 'ab' (values given: a, b); a product is written a*b"
    )
    with pytest.raises(InputError) as other:
        source.call({"a": A, "b": B, "c": B})
    assert str(other.value) == "'c' is not used in the expression (names: a, b)"
    with pytest.raises(InputError) as other:
        resolve("1 + 1").call({"c": B})
    assert str(other.value) == "'c' is not used in the expression (it has no names)"
