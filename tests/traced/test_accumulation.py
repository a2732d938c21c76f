"""The lecture's pages on a second backward: accumulation, and the released graph."""

from __future__ import annotations

import pytest

import graphstep as gs


def lecture() -> gs.Trace:
    return gs.trace("10/(1 + exp(3*a + a*b))", a=1.0, b=2.0)


def test_a_retained_graph_accumulates() -> None:
    trace = lecture()
    assert [str(one) for one in trace.backward(retain_graph=True)] == [
        "a.grad = None + -0.3324 = -0.3324",
        "b.grad = None + -0.06648 = -0.06648",
    ]
    assert [str(one) for one in trace.backward(retain_graph=True)] == [
        "a.grad = -0.3324 + -0.3324 = -0.6648",
        "b.grad = -0.06648 + -0.06648 = -0.133",
    ]
    assert trace.check().ok


def test_a_released_graph_raises_torchs_error_with_our_explanation() -> None:
    trace = lecture()
    trace.backward()
    with pytest.raises(RuntimeError, match="through the graph a second time") as caught:
        trace.backward()
    assert caught.value.__notes__ == [
        "graphstep: the backward before this one freed what these operations had saved for it: "
        "v_1 (mul), v_2 (mul), v_4 (exp), v_6 (reciprocal), v_7 (mul); "
        "backward(retain_graph=True) keeps it, and then .grad accumulates"
    ]
    assert trace.adjoint("a") == pytest.approx(-0.3324, abs=5e-5)
