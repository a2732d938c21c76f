"""One entry of a result, written out, agrees with its kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

import graphstep as gs
from graphstep.textbook import opened as module
from graphstep.textbook.entries import ENTRIES
from graphstep.textbook.expansion import Expansion
from graphstep.textbook.opened import openable
from tests.textbook.test_opened import X, _random

ELEMENTS: dict[str, tuple[Callable[..., Tensor], tuple[tuple[int, ...], ...], str]] = {
    "convolution": (
        lambda x, y, z: F.conv2d(x, y, z, stride=2, padding=1, groups=2),
        ((2, 4, 5, 4), (2, 2, 3, 3), (2,)),
        "patch = x[1, 2:4, 3:5, 0:2]; kernel = y[1, :, 0:2, 1:3]; sum(patch*kernel) + z[1]",
    ),
    "dilated convolution": (
        lambda x, y: F.conv1d(x, y, dilation=2),
        ((2, 1, 6), (2, 1, 2)),
        "patch = x[1, 0:1, 2:5:2]; kernel = y[1, :, 0:2]; sum(patch*kernel)",
    ),
    "max_pool": (
        lambda x: F.max_pool2d(x, 2, padding=1),
        ((2, 2, 4, 4),),
        "window = x[1, 1, 3:4, 0:1]; max(flatten(window), 0).values",
    ),
    "mv": (lambda x, y: torch.mv(x, y), ((3, 4), (4,)), "r = x[1]; sum(r*y)"),
    "softmax": (
        lambda x: torch.softmax(x, 1),
        ((2, 3, 4),),
        "r = x[1, :, 0]; e = exp(r - detach(amax(r, 0, keepdim=True))); e[2]/sum(e, 0)",
    ),
    "log_softmax": (
        lambda x: F.log_softmax(x, -1),
        ((2, 3),),
        "r = x[1, :]; c = r - detach(amax(r, 0, keepdim=True)); c[0] - log(sum(exp(c), 0))",
    ),
    "layer_norm": (
        lambda x, y, z: F.layer_norm(x, (4,), y, z),
        ((2, 4), (4,), (4,)),
        "r = x[1, :]; c = r - mean(r, 0, keepdim=True); s = sqrt(mean(c*c, 0) + 1e-05); "
        "c[0]/s*y[0] + z[0]",
    ),
    "baddbmm": (
        lambda x, y, z: torch.baddbmm(x, y, z, beta=2),
        ((4,), (2, 3, 2), (2, 2, 4)),
        "r = y[1, 2]; c = z[1, :, 0]; 2*x[0] + sum(r*c)",
    ),
    "attention": (
        lambda x, y, z: F.scaled_dot_product_attention(x, y, z),
        ((2, 2, 3, 4), (2, 2, 3, 4), (2, 2, 3, 4)),
        "q = x[1, 1, 2]; s = 0.5*matmul(y[1, 1], q); "
        "e = exp(s - detach(amax(s, 0, keepdim=True))); p = e/sum(e, 0, keepdim=True); "
        "c = z[1, 1, :, 0]; sum(p*c)",
    ),
    "causal attention with shared heads": (
        lambda x, y, z: F.scaled_dot_product_attention(x, y, z, is_causal=True, enable_gqa=True),
        ((2, 4, 3, 4), (2, 2, 3, 4), (2, 2, 3, 4)),
        "q = x[1, 3, 1]; s = 0.5*matmul(y[1, 1], q) + hides; "
        "e = exp(s - detach(amax(s, 0, keepdim=True))); p = e/sum(e, 0, keepdim=True); "
        "c = z[1, 1, :, 2]; sum(p*c)",
    ),
}


PLACES = {
    "convolution": (1, 1, 2, 0), "dilated convolution": (1, 1, 2), "max_pool": (1, 1, 2, 0),
    "mv": (1,), "softmax": (1, 2, 0), "log_softmax": (1, 0), "layer_norm": (1, 0),
    "baddbmm": (1, 2, 0), "attention": (1, 1, 2, 0),
    "causal attention with shared heads": (1, 3, 1, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", ELEMENTS)
def test_one_entry_is_written_out(name: str) -> None:
    function, shapes, text = ELEMENTS[name]
    trace = gs.trace(function, *[_random(*shape) for shape in shapes])
    i = max(openable(trace.recorded, entries=True))
    opened = trace.open(i, PLACES[name])
    assert opened.ok, opened.text()
    assert opened.text().splitlines()[0].endswith(f"opens into: {text}")
    assert opened.trace.check().ok


def test_a_wrong_entry_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"_softmax": lambda scope, at: Expansion(f"exp(x[{at[0]}])")}
    monkeypatch.setattr(module, "ENTRIES", {**ENTRIES, **wrong})
    opened = gs.trace("softmax(x, 0)", x=[1.0, 2.0]).open("v_1", (1,))
    assert not opened.verdicts["value"].ok
    assert not opened.verdicts["x"].ok


def test_an_entry_that_sees_nothing_has_no_steps() -> None:
    trace = gs.trace(lambda x: F.conv1d(x, torch.ones(1, 1, 2), padding=3), torch.ones(1, 1, 2))
    with pytest.raises(gs.InputError) as caught:
        trace.open("v_1", (0, 0, 0))
    assert str(caught.value) == "the entry [0, 0, 0] of v_1 (convolution) has no textbook steps"


def test_one_entry_of_a_product_is_a_row_times_a_column() -> None:
    trace = gs.trace("a @ b", a=[[1.0, 2.0], [3.0, 4.0]], b=[[5.0, 6.0], [7.0, 8.0]])
    opened = trace.open("v_1", (1, 0))
    assert opened.ok
    assert opened.text().splitlines() == [
        "v₁[1, 0] opens into: r = x[1]; c = y[:, 0]; sum(r*c)",
        "where x is v₋₁, y is v₀",
        "✓ the value agrees with torch's kernel (max abs error 0)",
        "✓ the adjoint of x agrees with torch's kernel (max abs error 0)",
        "✓ the adjoint of y agrees with torch's kernel (max abs error 0)",
    ]
    assert opened.trace.adjoint("x").tolist() == [[0.0, 0.0], [5.0, 7.0]]  # type: ignore[union-attr]


@pytest.mark.parametrize("index", [(0, 1), (2, 3)])
def test_an_entry_of_addmm_takes_its_share_of_what_is_added(index: tuple[int, int]) -> None:
    trace = gs.trace(lambda x: torch.addmm(x[:, :1], x, x.T @ x, alpha=2).sum(), X)
    i = next(i for i, value in trace.values.items() if value.op == "addmm")
    assert trace.open(i, index).ok
