"""A recurrent layer opens into its moments, and what does not open says what does."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

import graphstep as gs
from graphstep.textbook.opened import openable
from tests.textbook.test_opened import X


def test_half_precision_opens_in_float32_as_its_kernel_computes() -> None:
    trace = gs.trace(lambda x: torch.softmax(x, 1).square().sum(), X.bfloat16())
    opened = trace.open("v_1")
    assert opened.trace.values[0].dtype == "float32"
    assert opened.ok, opened.text()


def test_what_does_not_open_says_what_does() -> None:
    trace = gs.trace("softmax(3*x, 0)[0]", x=[1.0, 2.0])
    with pytest.raises(
        gs.InputError,
        match=r"^v_1 \(mul\) has no textbook steps; here these have: v_2 \(_softmax\)$",
    ):
        trace.open("v_1")
    with pytest.raises(
        gs.InputError,
        match=r"^v_1 \(mul\) has no entries that open; here these have: v_2 \(_softmax\)$",
    ):
        trace.open("v_1", (0,))
    with pytest.raises(
        gs.InputError, match=r"^v_2 has shape \[2\], which has no element \[1, 2\]$"
    ):
        trace.open("v_2", (1, 2))


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("bias", [True, False], ids=["biases", "no biases"])
def test_a_layer_of_an_lstm_opens_into_its_moments(reverse: bool, bias: bool) -> None:
    torch.manual_seed(0)
    layer = torch.nn.LSTM(3, 2, bias=bias, bidirectional=reverse)
    trace = gs.trace(lambda x: layer(x)[0].square().sum(), torch.randn(4, 2, 3))
    layers = [i for i, value in trace.values.items() if value.op == "mkldnn_rnn_layer"]
    opened = trace.open(layers[-1])
    assert opened.ok, opened.text()
    gates = [value.label for value in opened.trace.values.values()]
    assert {"i0", "f0", "g0", "o0", "c0", "h0", "h3"} <= set(gates)


def test_what_is_too_large_to_lay_out_has_no_textbook_steps() -> None:
    trace = gs.trace(lambda x: F.conv2d(x, torch.ones(1, 3, 5, 5)).sum(), torch.ones(1, 3, 70, 70))
    with pytest.raises(gs.InputError, match=r"^v_1 \(convolution\) has no textbook steps"):
        trace.open("v_1")
    assert trace.open("v_1", (0, 0, 3, 4)).ok


def test_a_single_number_has_no_variance_to_write_out() -> None:
    for function in (torch.var, torch.std):
        trace = gs.trace(lambda x, f=function: f(x, -1, correction=0), torch.tensor(3.0))
        assert openable(trace.recorded) == []
